//! Every filter of the list of users says what a naive look at each user says.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use time::{Date, Duration, UtcDateTime};
use uuid::Uuid;
use vestibule_guest_lifecycle::{GuestStatus, UserKind};
use vestibule_org_hierarchy::{Person, Relation, RoleForest};
use vestibule_persistence::ids::{RoleId, UserId};
use vestibule_persistence::user_list::{
    self, Circle, RoleRelation, StandardStatus, StatusFilter, UserFilter,
};
use vestibule_persistence::users::{SignInMethod, User};
use vestibule_persistence::{PageRequest, name_key, roles};

use crate::builders::{NOW, OrgIn, days, fresh, insert_user, plain_org, plain_role};
use crate::store::Store;

const WORDS: [&str; 14] = [
    "ann",
    "Ann",
    "ANNA",
    "Äpfel",
    "äpf",
    "%",
    "_",
    "\\",
    "100%",
    "a_b",
    "a\\b",
    "O'Brien",
    "\u{1f98a}",
    "x",
];

#[derive(Clone, Debug)]
struct Row {
    guest: bool,
    names: (&'static str, &'static str),
    email: &'static str,
    role: Option<usize>,
    profile: usize,
    license: Option<usize>,
    external: bool,
    sso: bool,
    claimed: bool,
    signed_in: bool,
    off: bool,
    ends: i64,
    sponsor: Option<usize>,
    sponsor_missing: bool,
}

/// A filter in terms of the rows it is asked about.
#[derive(Clone, Debug, Default)]
struct Ask {
    kind: Option<UserKind>,
    statuses: Vec<Status>,
    profile: Option<usize>,
    role: Option<usize>,
    license: Option<usize>,
    sponsor: Option<usize>,
    sponsor_missing: Option<bool>,
    ends_before: Option<i64>,
    ends_after: Option<i64>,
    signed_in: Option<bool>,
    sso: Option<bool>,
    external: Option<usize>,
    email: Option<usize>,
    text: Option<Vec<&'static str>>,
    relation: Option<Place>,
    names: Option<Vec<&'static str>>,
    ids: Option<Vec<usize>>,
    /// People, and a role with those below.
    circle: Option<(Vec<usize>, Option<usize>)>,
}

#[derive(Clone, Copy, Debug)]
enum Status {
    Guest(GuestStatus, UtcDateTime),
    Standard(StandardStatus),
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Below(usize),
    PeersOf(usize),
    Nobody,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let words = || select(&WORDS[..]);
    let who = (
        any::<bool>(),
        (words(), words()),
        words(),
        option::of(0..8_usize),
        0..2_usize,
    );
    let what = (
        option::of(0..2_usize),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    let standing = (
        prop::bool::weighted(0.3),
        -3..4_i64,
        option::of(0..3_usize),
        any::<bool>(),
    );
    let row = (who, what, standing).prop_map(|(who, what, standing)| Row {
        guest: who.0,
        names: who.1,
        email: who.2,
        role: who.3,
        profile: who.4,
        license: what.0,
        external: what.1,
        sso: what.2,
        claimed: what.3,
        signed_in: what.4,
        off: standing.0,
        ends: standing.1,
        sponsor: standing.2,
        sponsor_missing: standing.3,
    });
    vec(row, 3..20)
}

/// For each role the one above it, always an earlier one: any forest can be had.
fn parents() -> impl Strategy<Value = Vec<Option<usize>>> {
    vec(option::weighted(0.8, any::<prop::sample::Index>()), 8).prop_map(|above| {
        above
            .into_iter()
            .enumerate()
            .map(|(n, above)| above.filter(|_| n > 0).map(|above| above.index(n)))
            .collect()
    })
}

fn asks() -> impl Strategy<Value = Ask> {
    let instants = (-4..5_i64).prop_flat_map(|day| {
        let midnight = NOW.date().midnight().as_utc() + days(day);
        select(vec![midnight - Duration::MICROSECOND, midnight, NOW])
    });
    let status = prop_oneof![
        (select(&GuestStatus::ALL[..]), instants).prop_map(|(status, at)| Status::Guest(status, at)),
        select(
            &[
                StandardStatus::Deactivated,
                StandardStatus::Invited,
                StandardStatus::Active
            ][..]
        )
        .prop_map(Status::Standard),
    ];
    let place = prop_oneof![
        5 => (0..8_usize).prop_map(Place::Below),
        5 => (0..20_usize).prop_map(Place::PeersOf),
        1 => Just(Place::Nobody),
    ];
    // Mostly one or two parts at a time, or nothing would ever match.
    fn seldom<T: std::fmt::Debug + Clone>(
        inner: impl Strategy<Value = T> + 'static,
    ) -> impl Strategy<Value = Option<T>> {
        option::weighted(0.12, inner)
    }
    let kind = seldom(select(&[UserKind::Standard, UserKind::Guest][..]));
    let statuses = prop_oneof![2 => Just(Vec::new()), 1 => vec(status, 1..4)];
    let who = (
        kind,
        statuses,
        seldom(0..2_usize),
        seldom(0..8_usize),
        seldom(0..2_usize),
        seldom(0..3_usize),
    );
    let when = (
        seldom(any::<bool>()),
        seldom(-3..4_i64),
        seldom(-3..4_i64),
        seldom(any::<bool>()),
    );
    let known = (
        seldom(any::<bool>()),
        seldom(0..20_usize),
        seldom(0..20_usize),
        option::weighted(0.3, vec(select(&WORDS[..]), 0..3)),
        option::weighted(0.3, place),
    );
    let near = (
        seldom(vec(select(&WORDS[..]), 0..3)),
        seldom(vec(0..20_usize, 0..5)),
        seldom((vec(0..20_usize, 0..3), option::of(0..8_usize))),
    );
    (who, when, known, near).prop_map(|(who, when, known, near)| Ask {
        kind: who.0,
        statuses: who.1,
        profile: who.2,
        role: who.3,
        license: who.4,
        sponsor: who.5,
        sponsor_missing: when.0,
        ends_before: when.1,
        ends_after: when.2,
        signed_in: when.3,
        sso: known.0,
        external: known.1,
        email: known.2,
        text: known.3,
        relation: known.4,
        names: near.0,
        ids: near.1,
        circle: near.2,
    })
}

/// One case: users in an org, with the ids that rows and filters speak of by number.
struct Case {
    users: Vec<User>,
    roles: Vec<RoleId>,
    profiles: [vestibule_persistence::ids::ProfileId; 2],
    licenses: Vec<vestibule_persistence::ids::LicenseId>,
    sponsors: Vec<UserId>,
    forest: RoleForest,
}

fn date(day: i64) -> Date {
    (NOW + days(day)).date()
}

fn case(org: &OrgIn<'_>, rows: &[Row], parents: &[Option<usize>]) -> Case {
    let roles: Vec<RoleId> = parents.iter().map(|_| fresh()).collect();
    let forest = RoleForest::build(
        roles
            .iter()
            .zip(parents)
            .map(|(role, parent)| (*role, parent.map(|parent| roles[parent]))),
    )
    .unwrap();
    let profiles = [org.admin, org.default];
    let licenses: Vec<_> = (0..2).map(|_| fresh()).collect();
    let sponsors: Vec<User> = (0..3)
        .map(|n| org.standard_user(&format!("sponsor{n}")).build())
        .collect();
    let mut users = sponsors.clone();
    for (n, row) in rows.iter().enumerate() {
        let name = format!("{}{n}", row.email);
        let user = if row.guest {
            let guest = org.guest(&name).ends_in_days(row.ends).of_guest(|guest| {
                guest.sponsor_id = row.sponsor.map(|n| sponsors[n].id);
                guest.sponsor_missing = row.sponsor_missing;
            });
            if row.off { guest.revoked() } else { guest }
        } else if row.off {
            org.standard_user(&name).deactivated()
        } else {
            org.standard_user(&name)
        };
        users.push(
            user.with(|user| {
                user.first_name = row.names.0.to_owned();
                user.last_name = row.names.1.to_owned();
                user.role_id = row.role.map(|n| roles[n]);
                user.profile_id = profiles[row.profile];
                user.license_id = row.license.map(|n| licenses[n]);
                user.external_id = row.external.then(|| format!("ext-{n}"));
                user.sign_in = if row.sso {
                    SignInMethod::Sso
                } else {
                    SignInMethod::Password
                };
                user.claimed_at = row.claimed.then_some(NOW);
                user.last_sign_in_at = row.signed_in.then_some(NOW);
            })
            .build(),
        );
    }
    Case {
        users,
        roles,
        profiles,
        licenses,
        sponsors: sponsors.iter().map(|user| user.id).collect(),
        forest,
    }
}

impl Case {
    fn write(&self, org: &OrgIn<'_>) {
        org.store.write(org.id, |tx| {
            // Parents come before their children in any walk of the forest.
            let mut by_label: Vec<_> = self.forest.labels().collect();
            by_label.sort_by_key(|(_, label)| label.enter);
            for (id, label) in by_label {
                let parent = self.forest.parent(id);
                roles::insert(
                    tx,
                    org.id,
                    &roles::Role {
                        id,
                        label,
                        ..plain_role("Role", parent)
                    },
                )?;
            }
            for (n, id) in self.licenses.iter().enumerate() {
                let license = crate::builders::plain_license(&format!("License {n}"), 1);
                vestibule_persistence::licenses::insert(
                    tx,
                    org.id,
                    &vestibule_persistence::licenses::License { id: *id, ..license },
                )?;
            }
            self.users
                .iter()
                .try_for_each(|user| insert_user(tx, org.id, user))
        });
    }

    fn filter(&self, ask: &Ask) -> UserFilter {
        let nth = |n: usize| &self.users[n % self.users.len()];
        UserFilter {
            kind: ask.kind,
            statuses: ask
                .statuses
                .iter()
                .map(|status| match *status {
                    Status::Guest(status, at) => StatusFilter::Guest(status, at),
                    Status::Standard(status) => StatusFilter::Standard(status),
                })
                .collect(),
            profile_id: ask.profile.map(|n| self.profiles[n]),
            role_id: ask.role.map(|n| self.roles[n]),
            license_id: ask.license.map(|n| self.licenses[n]),
            sponsor_id: ask.sponsor.map(|n| self.sponsors[n]),
            sponsor_missing: ask.sponsor_missing,
            ends_before: ask.ends_before.map(date),
            ends_after: ask.ends_after.map(date),
            signed_in: ask.signed_in,
            sign_in: ask.sso.map(|sso| {
                if sso {
                    SignInMethod::Sso
                } else {
                    SignInMethod::Password
                }
            }),
            external_id: ask
                .external
                .map(|n| nth(n).external_id.clone().unwrap_or("none".to_owned())),
            email_canonical: ask.email.map(|n| nth(n).email_canonical.clone()),
            text: ask.text.as_ref().map(|words| words.join(" ")),
            relation: ask.relation.map(|place| match place {
                Place::Below(n) => RoleRelation::Below(self.forest.label(self.roles[n]).unwrap()),
                Place::PeersOf(n) => {
                    let user = nth(n);
                    user.role_id
                        .map_or(RoleRelation::Nobody, |role| RoleRelation::PeersOf(role, user.id))
                }
                Place::Nobody => RoleRelation::Nobody,
            }),
            names: ask.names.as_ref().map(|words| words.join(" ")),
            ids: ask
                .ids
                .as_ref()
                .map(|ids| ids.iter().map(|n| nth(*n).id).collect()),
            circle: ask.circle.as_ref().map(|(people, role)| Circle {
                people: people.iter().map(|n| nth(*n).id).collect(),
                around: role.map(|n| self.forest.label(self.roles[n]).unwrap()),
            }),
        }
    }

    fn person(&self, user: &User) -> Person {
        Person::new(user.id, user.role_id.and_then(|role| self.forest.label(role)))
    }

    /// What the filter means, one user at a time and without SQL.
    fn matches(&self, ask: &Ask, user: &User) -> bool {
        let nth = |n: usize| &self.users[n % self.users.len()];
        let guest = user.guest();
        let status = |status: &Status| match *status {
            Status::Guest(status, at) => user.guest_facts().is_some_and(|facts| facts.status(at) == status),
            Status::Standard(status) => {
                user.kind() == UserKind::Standard
                    && status
                        == match (user.deactivated_at(), user.claimed_at) {
                            (Some(_), _) => StandardStatus::Deactivated,
                            (None, None) => StandardStatus::Invited,
                            (None, Some(_)) => StandardStatus::Active,
                        }
            }
        };
        let names = [
            name_key(&user.first_name),
            name_key(&user.last_name),
            user.email_canonical.clone(),
        ];
        let says = |word: &&str| names.iter().any(|name| name.contains(&word.to_lowercase()));
        let is_called = |word: &&str| names[..2].iter().any(|name| name.contains(&word.to_lowercase()));
        // Somebody at that role, who is not one of these users.
        let relation_to = |role: usize| {
            let holder = Person::new(UserId::from_u128(0), self.forest.label(self.roles[role]));
            Relation::of(self.person(user), holder)
        };
        ask.kind.is_none_or(|kind| user.kind() == kind)
            && (ask.statuses.is_empty() || ask.statuses.iter().any(status))
            && ask.profile.is_none_or(|n| user.profile_id == self.profiles[n])
            && ask.role.is_none_or(|n| user.role_id == Some(self.roles[n]))
            && ask
                .license
                .is_none_or(|n| user.license_id == Some(self.licenses[n]))
            && ask
                .sponsor
                .is_none_or(|n| guest.is_some_and(|g| g.sponsor_id == Some(self.sponsors[n])))
            && ask
                .sponsor_missing
                .is_none_or(|missing| guest.is_some_and(|g| g.sponsor_missing) == missing)
            && ask
                .ends_before
                .is_none_or(|day| guest.is_some_and(|g| g.window.ends_on < date(day)))
            && ask
                .ends_after
                .is_none_or(|day| guest.is_some_and(|g| g.window.ends_on > date(day)))
            && ask
                .signed_in
                .is_none_or(|once| user.last_sign_in_at.is_some() == once)
            && ask
                .sso
                .is_none_or(|sso| (user.sign_in == SignInMethod::Sso) == sso)
            && ask
                .external
                .is_none_or(|n| nth(n).external_id.is_some() && user.external_id == nth(n).external_id)
            && ask.email.is_none_or(|n| user.id == nth(n).id)
            && ask.text.as_ref().is_none_or(|words| words.iter().all(says))
            && ask.names.as_ref().is_none_or(|words| words.iter().all(is_called))
            && ask
                .ids
                .as_ref()
                .is_none_or(|ids| ids.iter().any(|n| nth(*n).id == user.id))
            && ask.circle.as_ref().is_none_or(|(people, role)| {
                people.iter().any(|n| nth(*n).id == user.id)
                    || role.is_some_and(|n| matches!(relation_to(n), Relation::Report | Relation::Peer))
            })
            && match ask.relation {
                None => true,
                Some(Place::Nobody) => false,
                Some(Place::PeersOf(n)) => {
                    Relation::of(self.person(user), self.person(nth(n))) == Relation::Peer
                }
                Some(Place::Below(n)) => relation_to(n) == Relation::Report,
            }
    }
}

#[test]
fn every_filter_means_what_a_naive_one_means() {
    let stores = Store::both();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        max_shrink_iters: 300,
        ..ProptestConfig::default()
    });
    runner
        .run(
            &(rows(), parents(), vec(asks(), 1..20)),
            |(rows, parents, asks)| {
                let id: Uuid = fresh();
                let org = vestibule_persistence::orgs::Org {
                    id: id.into(),
                    ..plain_org(&format!("o{}", id.simple()))
                };
                let (admin, default) = (fresh(), fresh());
                let orgs = [&stores[0], &stores[1]].map(|store| store.insert_org(&org, admin, default));
                let case = case(&orgs[0], &rows, &parents);
                orgs.iter().for_each(|org| case.write(org));
                for ask in &asks {
                    let filter = case.filter(ask);
                    let expected: Vec<UserId> = case
                        .users
                        .iter()
                        .filter(|user| case.matches(ask, user))
                        .map(|user| user.id)
                        .collect();
                    for store in &stores {
                        let listed = store.read(|tx| {
                            let list = user_list::list(tx, org.id, &filter, &PageRequest::everything())?;
                            assert_eq!(
                                user_list::count(tx, org.id, &filter)?,
                                i64::try_from(list.len()).unwrap()
                            );
                            Ok(list.into_iter().map(|user| user.id).collect::<Vec<_>>())
                        });
                        prop_assert_eq!(&listed, &expected, "{:?} on {:?}", ask, store.database.kind());
                    }
                }
                Ok(())
            },
        )
        .unwrap();
}

#[test]
fn wildcards_in_a_search_stand_for_themselves() {
    for store in Store::both() {
        let org = store.org("acme");
        for name in ["100%", "100 percent", "a_b", "axb", "back\\slash", "O'Brien"] {
            let email = name.replace(|c: char| !c.is_alphanumeric(), "-");
            org.guest(&email)
                .with(|user| user.first_name = name.to_owned())
                .save();
        }
        let found = |text: &str| {
            let filter = UserFilter {
                text: Some(text.to_owned()),
                ..UserFilter::default()
            };
            let list = store.read(|tx| user_list::list(tx, org.id, &filter, &PageRequest::everything()));
            list.into_iter().map(|user| user.first_name).collect::<Vec<_>>()
        };
        assert_eq!(found("0%"), ["100%"]);
        assert_eq!(found("A_B"), ["a_b"]);
        assert_eq!(found("\\"), ["back\\slash"]);
        assert_eq!(
            found("o'b SOMEONE"),
            ["O'Brien"],
            "every word counts, wherever it stands"
        );
        assert_eq!(found("  ").len(), 6);
    }
}
