//! Walking a list page by page gives every row once, in order, the same on both databases.

use std::cmp::Ordering;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use time::{Duration, UtcDateTime};
use uuid::Uuid;
use vestibule_guest_lifecycle::UserKind;
use vestibule_persistence::api_tokens::{self, ApiToken, ApiTokenFilter, ApiTokenSort, Scopes, TokenOwner};
use vestibule_persistence::licenses::{self, LicenseSort};
use vestibule_persistence::profiles::{self, ProfileSort};
use vestibule_persistence::roles::{self, RoleFilter, RoleSort};
use vestibule_persistence::user_list::{self, UserFilter};
use vestibule_persistence::users::{User, UserSort};
use vestibule_persistence::{Direction, PageRequest, Position, SortValue};

use crate::builders::{
    NOW, OrgIn, days, fresh, hash, insert_user, plain_license, plain_org, plain_profile, plain_role,
};
use crate::store::Store;

/// Names that a locale-aware order, a case-blind one and one by bytes would put in different places.
const NAMES: [&str; 16] = [
    "Zoë",
    "zoe",
    "ZOE",
    "Ágata",
    "agata",
    "a b",
    "a-b",
    "ab",
    "Ægir",
    "Öl",
    "öl",
    "李",
    "\u{1f98a}",
    "\u{ffee}",
    "~",
    "",
];

/// Walks a list in pages whose sizes go round, and checks that every page is as long as it should be.
fn walk<S: Copy, T>(
    sort: &[(S, Direction)],
    sizes: &[i64],
    position_of: impl Fn(&T) -> Position,
    load: impl Fn(&PageRequest<S>) -> Vec<T>,
) -> Vec<T> {
    let mut walked = Vec::new();
    let mut after = None;
    for limit in sizes.iter().copied().cycle() {
        let page = load(&PageRequest {
            sort: sort.to_vec(),
            after: after.clone(),
            limit,
        });
        assert!(i64::try_from(page.len()).unwrap() <= limit);
        assert!(walked.len() < 1_000, "the walk goes round in circles");
        let full = i64::try_from(page.len()).unwrap() == limit;
        if let Some(last) = page.last() {
            after = Some(position_of(last));
        }
        walked.extend(page);
        if !full {
            break;
        }
    }
    walked
}

/// The order that is promised: text by bytes, absent values last in either direction, the id as the last word.
fn in_order<S: Copy, T>(
    rows: &mut [T],
    sort: &[(S, Direction)],
    value_of: impl Fn(S, &T) -> SortValue,
    id_of: impl Fn(&T) -> Uuid,
) {
    let directed = |direction: Direction, ordering: Ordering| match direction {
        Direction::Ascending => ordering,
        Direction::Descending => ordering.reverse(),
    };
    rows.sort_by(|a, b| {
        for (key, direction) in sort {
            let ordering = match (value_of(*key, a), value_of(*key, b)) {
                (SortValue::Null, SortValue::Null) => Ordering::Equal,
                (SortValue::Null, _) => Ordering::Greater,
                (_, SortValue::Null) => Ordering::Less,
                (SortValue::Text(a), SortValue::Text(b)) => {
                    directed(*direction, a.as_bytes().cmp(b.as_bytes()))
                }
                (SortValue::Instant(a), SortValue::Instant(b)) => directed(*direction, a.cmp(&b)),
                (a, b) => panic!("{a:?} beside {b:?}"),
            };
            if ordering != Ordering::Equal {
                return ordering;
            }
        }
        directed(
            sort.last()
                .map_or(Direction::Ascending, |(_, direction)| *direction),
            id_of(a).cmp(&id_of(b)),
        )
    });
}

#[derive(Clone, Debug)]
struct Row {
    id: u64,
    names: (&'static str, &'static str),
    created: i64,
    updated: i64,
    claimed: Option<i64>,
    signed_in: Option<i64>,
    ends: i64,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        any::<u64>(),
        (select(&NAMES[..]), select(&NAMES[..])),
        0..3_i64,
        -2..2_i64,
        option::of(-1..3_i64),
        option::of(0..3_i64),
        0..3_i64,
    );
    let row = row.prop_map(|(id, names, created, updated, claimed, signed_in, ends)| Row {
        id,
        names,
        created,
        updated,
        claimed,
        signed_in,
        ends,
    });
    vec(row, 0..25)
}

fn directions() -> impl Strategy<Value = Direction> {
    select(&[Direction::Ascending, Direction::Descending][..])
}

fn sorts() -> impl Strategy<Value = Vec<(UserSort, Direction)>> {
    let keys: Vec<UserSort> = UserSort::WORDS
        .iter()
        .map(|word| UserSort::from_word(word).unwrap())
        .collect();
    vec((select(keys), directions()), 0..3)
}

fn micros(step: i64) -> UtcDateTime {
    NOW + Duration::microseconds(step)
}

fn guest(org: &OrgIn<'_>, n: usize, row: &Row) -> User {
    org.guest(&format!("{n}"))
        .ends_in_days(row.ends)
        .with(|user| {
            // Ids in another order than everything else.
            user.id = Uuid::from_u64_pair(row.id, user.id.as_uuid().as_u64_pair().1).into();
            user.first_name = row.names.0.to_owned();
            user.last_name = row.names.1.to_owned();
            user.email_canonical = format!("{}{n}@example.org", row.names.0.to_lowercase());
            user.created_at = micros(row.created);
            user.updated_at = NOW + days(row.updated * 10_000);
            user.claimed_at = row.claimed.map(micros);
            user.last_sign_in_at = row.signed_in.map(micros);
        })
        .build()
}

fn position(sort: &[(UserSort, Direction)], user: &User) -> Position {
    let values = sort.iter().map(|(key, _)| key.value_of(user)).collect();
    let position = Position {
        values,
        id: user.id.into(),
    };
    // As it travels in a cursor.
    serde_json::from_str(&serde_json::to_string(&position).unwrap()).unwrap()
}

#[test]
fn every_order_of_users_is_walked_completely_and_the_same_on_both_databases() {
    let stores = Store::both();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    });
    let input = (rows(), vec(sorts(), 1..6), vec(1..9_i64, 1..4));
    runner
        .run(&input, |(rows, sorts, sizes)| {
            let id: Uuid = fresh();
            let org = vestibule_persistence::orgs::Org {
                id: id.into(),
                ..plain_org(&format!("o{}", id.simple()))
            };
            let (admin, default) = (fresh(), fresh());
            let orgs = [&stores[0], &stores[1]].map(|store| store.insert_org(&org, admin, default));
            let users: Vec<User> = rows
                .iter()
                .enumerate()
                .map(|(n, row)| guest(&orgs[0], n, row))
                .collect();
            for store in &stores {
                store.write(org.id, |tx| {
                    users.iter().try_for_each(|user| insert_user(tx, org.id, user))
                });
            }
            let filter = UserFilter {
                kind: Some(UserKind::Guest),
                ..UserFilter::default()
            };
            for sort in &sorts {
                let mut expected = users.clone();
                in_order(&mut expected, sort, UserSort::value_of, |user| user.id.into());
                for store in &stores {
                    let walked = walk(
                        sort,
                        &sizes,
                        |user| position(sort, user),
                        |page| store.read(|tx| user_list::list(tx, org.id, &filter, page)),
                    );
                    prop_assert_eq!(&walked, &expected, "{:?} on {:?}", sort, store.database.kind());
                }
            }
            Ok(())
        })
        .unwrap();
}

/// Every single key in both directions, in case chance leaves one out.
#[test]
fn every_sort_key_of_users_is_walked_completely() {
    for store in Store::both() {
        let org = store.org("acme");
        let users: Vec<User> = (0..40_u64)
            .map(|n| {
                let row = Row {
                    id: n.wrapping_mul(0x9e37_79b9_7f4a_7c15),
                    names: (
                        NAMES[usize::try_from(n % 16).unwrap()],
                        NAMES[usize::try_from(n / 3).unwrap()],
                    ),
                    created: i64::try_from(n % 4).unwrap(),
                    updated: i64::try_from(n % 3).unwrap() - 1,
                    claimed: (n % 3 == 0).then_some(i64::try_from(n % 2).unwrap()),
                    signed_in: (n % 4 != 0).then_some(i64::try_from(n % 5).unwrap()),
                    ends: i64::try_from(n % 6).unwrap(),
                };
                guest(&org, usize::try_from(n).unwrap(), &row)
            })
            .collect();
        store.write(org.id, |tx| {
            users.iter().try_for_each(|user| insert_user(tx, org.id, user))
        });
        let filter = UserFilter {
            kind: Some(UserKind::Guest),
            ..UserFilter::default()
        };
        for word in UserSort::WORDS {
            let key = UserSort::from_word(word).unwrap();
            for direction in [Direction::Ascending, Direction::Descending] {
                let sort = [(key, direction)];
                let mut expected = users.clone();
                in_order(&mut expected, &sort, UserSort::value_of, |user| user.id.into());
                for size in [1, 7, 40] {
                    let walked = walk(
                        &sort,
                        &[size],
                        |user| position(&sort, user),
                        |page| store.read(|tx| user_list::list(tx, org.id, &filter, page)),
                    );
                    assert_eq!(walked, expected, "{word} {direction:?} by {size}");
                }
            }
        }
    }
}

/// The other lists share the machinery but have columns of their own.
macro_rules! walks_completely {
    ($name:ident, $sort:ident, $insert:expr, $list:expr) => {
        #[test]
        fn $name() {
            for store in Store::both() {
                let org = store.org("acme");
                for (n, name) in (0..).zip(NAMES.iter().chain(&NAMES[..5])) {
                    let insert: fn(&OrgIn<'_>, &str, UtcDateTime, i64) = $insert;
                    insert(&org, name, micros(n % 3), n);
                }
                let list: fn(&OrgIn<'_>, &PageRequest<$sort>) -> Vec<_> = $list;
                let everything = list(&org, &PageRequest::everything());
                assert!(everything.len() >= NAMES.len());
                let keys: Vec<$sort> = $sort::WORDS
                    .iter()
                    .map(|word| $sort::from_word(word).unwrap())
                    .collect();
                for first in &keys {
                    for second in &keys {
                        for directions in [
                            [Direction::Ascending, Direction::Ascending],
                            [Direction::Ascending, Direction::Descending],
                            [Direction::Descending, Direction::Ascending],
                            [Direction::Descending, Direction::Descending],
                        ] {
                            let sort = [(*first, directions[0]), (*second, directions[1])];
                            let mut expected = everything.clone();
                            in_order(&mut expected, &sort, $sort::value_of, |row| row.id.into());
                            let walked = walk(
                                &sort,
                                &[2, 5],
                                |row| Position {
                                    values: sort.iter().map(|(key, _)| key.value_of(row)).collect(),
                                    id: row.id.into(),
                                },
                                |page| list(&org, page),
                            );
                            assert_eq!(walked, expected, "{sort:?}");
                        }
                    }
                }
            }
        }
    };
}

walks_completely!(
    roles_are_walked_completely,
    RoleSort,
    |org, name, created_at, _| {
        let role = roles::Role {
            created_at,
            ..plain_role(name, None)
        };
        org.store.write(org.id, |tx| roles::insert(tx, org.id, &role));
    },
    |org, page| org
        .store
        .read(|tx| roles::list(tx, org.id, &RoleFilter::default(), page))
);

walks_completely!(
    licenses_are_walked_completely,
    LicenseSort,
    |org, name, created_at, n| {
        let license = licenses::License {
            created_at,
            ..plain_license(&format!("{name} {n}"), 1)
        };
        org.store
            .write(org.id, |tx| licenses::insert(tx, org.id, &license));
    },
    |org, page| org.store.read(|tx| licenses::list(tx, org.id, page))
);

walks_completely!(
    profiles_are_walked_completely,
    ProfileSort,
    |org, name, created_at, n| {
        let profile = profiles::Profile {
            created_at,
            ..plain_profile(fresh(), &format!("{name} {n}"))
        };
        org.store
            .write(org.id, |tx| profiles::insert(tx, org.id, &profile));
    },
    |org, page| org.store.read(|tx| profiles::list(tx, org.id, page))
);

walks_completely!(
    api_tokens_are_walked_completely,
    ApiTokenSort,
    |org, name, created_at, n| {
        let token = ApiToken {
            id: fresh(),
            owner: TokenOwner::Service,
            name: name.to_owned(),
            scopes: Scopes::READ_WRITE,
            token_hash: hash(&n.to_string()),
            created_by: None,
            created_at,
            expires_at: None,
        };
        org.store
            .write(org.id, |tx| api_tokens::insert(tx, org.id, &token));
    },
    |org, page| org
        .store
        .read(|tx| api_tokens::list(tx, org.id, &ApiTokenFilter::default(), page))
);
