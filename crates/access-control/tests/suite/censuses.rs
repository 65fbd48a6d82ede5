//! A census against asking for every user and every record.

use proptest::prelude::*;
use vestibule_access_control::{
    Account, Action, ActionImpact, CensusTaker, Level, ObjectPermissions, PolicyFacts, ProfileFacts,
    Snapshot, UserFacts, UserId,
};

use crate::policy_world::{Model, PROFILES, USERS, any_model, object, profile, user};
use crate::world::any_permissions;

const NOW: i64 = 2;

fn any_records() -> impl Strategy<Value = Vec<Vec<UserId>>> {
    // One number more than there are users: an owner who is gone.
    prop::collection::vec(prop::collection::vec((0..=USERS).prop_map(user), 0..4), 0..25)
}

/// The users of a profile who are in good standing, that is who could be given anything.
fn candidates(model: &Model, number: u128) -> Vec<UserId> {
    let mut open = model.clone();
    let admin = open.profiles.get_mut(&profile(number)).unwrap();
    admin.admin = true;
    let with = open
        .users
        .values()
        .filter(|user| user.profile == profile(number))
        .map(|user| user.id);
    with.filter(|user| open.level(*user, Action::View, object(0), NOW) == Level::Anyone)
        .collect()
}

fn reaches(model: &Model, user: UserId, level: Level, owners: &[UserId]) -> bool {
    level > Level::None && model.level_needed(user, owners) <= level
}

/// What changes for an action, by asking for every user and record.
fn counted(model: &Model, users: &[UserId], records: &[Vec<UserId>], from: Level, to: Level) -> [u64; 6] {
    let differs = |user: &UserId, owners: &Vec<UserId>, from, to| {
        !reaches(model, *user, from, owners) && reaches(model, *user, to, owners)
    };
    let side = |from, to| {
        let users_affected = users
            .iter()
            .filter(|user| records.iter().any(|owners| differs(user, owners, from, to)));
        let of_record = |owners: &Vec<UserId>| {
            users
                .iter()
                .filter(|user| differs(user, owners, from, to))
                .count()
        };
        let distinct = records.iter().filter(|owners| of_record(owners) > 0).count();
        let pairs: usize = records.iter().map(of_record).sum();
        [users_affected.count() as u64, distinct as u64, pairs as u64]
    };
    let ([users_gaining, gained, pairs_gained], [users_losing, lost, pairs_lost]) =
        (side(from, to), side(to, from));
    [
        users_gaining,
        users_losing,
        gained,
        lost,
        pairs_gained,
        pairs_lost,
    ]
}

fn numbers(impact: &ActionImpact) -> [u64; 6] {
    [
        impact.users_gaining,
        impact.users_losing,
        impact.records_gained,
        impact.records_lost,
        impact.pairs_gained,
        impact.pairs_lost,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_census_counts_what_asking_for_everything_counts(
        model in any_model(),
        number in 0..PROFILES,
        records in any_records(),
        before in any_permissions(),
        after in any_permissions(),
    ) {
        let snapshot = Snapshot::build(model.facts(1)).unwrap();
        let mut taker = CensusTaker::new(&snapshot, profile(number), NOW);
        records.iter().for_each(|owners| taker.record(owners));
        let census = taker.finish();
        let users = candidates(&model, number);
        prop_assert_eq!((census.records(), census.users()), (records.len() as u64, users.len() as u64));
        for user in (0..=USERS).map(user) {
            for level in Level::ALL {
                let reached = records.iter().filter(|owners| reaches(&model, user, level, owners)).count() as u64;
                let expected = if users.contains(&user) { reached } else { 0 };
                prop_assert_eq!(census.reached(user, level), expected, "{} {}", user, level);
            }
        }

        for impact in census.impact(&before, &after) {
            let (from, to) = (before.effective(impact.action), after.effective(impact.action));
            if impact.action == Action::Create {
                let all = users.len() as u64;
                let expected = [if to > from { all } else { 0 }, if to < from { all } else { 0 }, 0, 0, 0, 0];
                prop_assert_eq!(numbers(&impact), expected);
                continue;
            }
            prop_assert_eq!(numbers(&impact), counted(&model, &users, &records, from, to));
            let affected = census.most_affected(from, to, usize::MAX);
            prop_assert!(affected.is_sorted_by(|one, other| one.difference() >= other.difference()));
            prop_assert_eq!(affected.len() as u64, impact.users_gaining + impact.users_losing);
            prop_assert_eq!(&census.most_affected(from, to, 1), &affected[..affected.len().min(1)]);
            for affected in affected {
                prop_assert_eq!(affected.before, census.reached(affected.user, from));
                prop_assert_eq!(affected.after, census.reached(affected.user, to));
            }
        }
    }
}

#[test]
fn lowering_view_costs_edit_too() {
    let facts = PolicyFacts {
        profiles: vec![ProfileFacts {
            id: profile(0),
            admin: false,
            permissions: vec![],
        }],
        users: vec![UserFacts {
            id: user(0),
            role: None,
            profile: profile(0),
            account: Account::Standard { deactivated: false },
        }],
        ..PolicyFacts::default()
    };
    let mut taker = CensusTaker::new(&Snapshot::build(facts).unwrap(), profile(0), NOW);
    taker.record(&[]);
    let edit_stays = ObjectPermissions::ANYONE.with(Action::View, Level::Own);
    let edit = taker.finish().impact(&ObjectPermissions::ANYONE, &edit_stays)[1];
    assert_eq!((edit.action, numbers(&edit)), (Action::Edit, [0, 1, 0, 1, 0, 1]));
}
