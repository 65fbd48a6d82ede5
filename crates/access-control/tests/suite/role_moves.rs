//! Moving a role in thought against moving it and asking for every user and every record.

use proptest::prelude::*;
use proptest::sample::Index;
use vestibule_access_control::{
    Account, Action, ActionImpact, Level, ObjectFacts, ObjectGrant, ObjectId, ObjectPermissions,
    PolicyChange, PolicyFacts, ProfileFacts, RoleError, RoleFacts, RoleId, RoleMove, Snapshot, UserFacts,
    UserId,
};

use crate::policy_world::{Model, OBJECTS, USERS, any_model, object, profile, user};

const NOW: i64 = 2;

fn any_records() -> impl Strategy<Value = Vec<Vec<UserId>>> {
    // One number more than there are users: an owner who is gone.
    prop::collection::vec(prop::collection::vec((0..=USERS).prop_map(user), 0..4), 0..25)
}

/// The model with a role elsewhere, and the snapshot of it.
fn moved(model: &Model, snapshot: &Snapshot, role: RoleId, parent: Option<RoleId>) -> (Model, Snapshot) {
    let mut model = model.clone();
    let change = PolicyChange::Role(RoleFacts { id: role, parent });
    model.change(change.clone());
    (model, snapshot.apply(2, vec![change]).unwrap())
}

fn reports(model: &Model, manager: UserId) -> u64 {
    let others = model.users.keys().filter(|other| **other != manager);
    let is_report = |other: &&UserId| model.level_needed(manager, &[**other]) == Level::OwnAndReports;
    others.filter(is_report).count() as u64
}

/// What changes for an action, by asking both snapshots for every user and record: users gaining and losing, records
/// gained and lost, pairs gained and lost.
fn counted(
    before: &Snapshot,
    after: &Snapshot,
    action: Action,
    on: ObjectId,
    records: &[Vec<UserId>],
) -> [u64; 6] {
    let may = |snapshot: &Snapshot, user, owners: &[UserId]| {
        snapshot.decide(user, action, on, owners, NOW).is_permit()
    };
    let users: Vec<UserId> = before.users_after(None).collect();
    let side = |from: &Snapshot, to: &Snapshot| {
        let wins = |user: &UserId, owners: &Vec<UserId>| !may(from, *user, owners) && may(to, *user, owners);
        let winners = users
            .iter()
            .filter(|user| records.iter().any(|owners| wins(user, owners)));
        let pairs = |owners: &Vec<UserId>| users.iter().filter(|user| wins(user, owners)).count();
        let different = records.iter().filter(|owners| pairs(owners) > 0).count();
        let pairs: usize = records.iter().map(pairs).sum();
        [winners.count() as u64, different as u64, pairs as u64]
    };
    let ([gaining, gained, pairs_gained], [losing, lost, pairs_lost]) =
        (side(before, after), side(after, before));
    [gaining, losing, gained, lost, pairs_gained, pairs_lost]
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
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_move_in_thought_counts_what_moving_and_asking_for_everything_counts(
        model in any_model(),
        role in any::<Index>(),
        parent in any::<Option<Index>>(),
        records in any_records(),
    ) {
        prop_assume!(!model.roles.is_empty());
        let roles: Vec<RoleId> = model.roles.keys().copied().collect();
        let (role, parent) = (*role.get(&roles), parent.map(|parent| *parent.get(&roles)));
        let before = Snapshot::build(model.facts(1)).unwrap();
        let foreseen = match RoleMove::foresee(&before, role, parent, NOW) {
            Ok(foreseen) => foreseen,
            Err(refused) => {
                let is_cycle = matches!(refused, RoleError::Cycle { .. });
                prop_assert!(is_cycle, "{:?}", refused);
                return Ok(());
            }
        };
        let (after_model, after) = moved(&model, &before, role, parent);

        let mut changed: Vec<(UserId, u64, u64)> = Vec::new();
        for user in model.users.keys() {
            let good = before.subject(*user, NOW).standing == vestibule_access_control::Standing::Good;
            let (was, is) = (reports(&model, *user), reports(&after_model, *user));
            if good && was != is {
                changed.push((*user, was, is));
            }
        }
        let mut told: Vec<_> = foreseen.users().iter().map(|moved| (moved.user, moved.before, moved.after)).collect();
        told.sort_unstable();
        prop_assert_eq!(told, changed);

        for on in (0..OBJECTS).map(object) {
            let mut census = foreseen.census(on);
            records.iter().for_each(|owners| census.record(owners));
            let impacts = census.finish();
            prop_assert_eq!(impacts.iter().map(|impact| impact.action).collect::<Vec<_>>(), Action::ALL.to_vec());
            if !foreseen.concerns(on) {
                prop_assert!(impacts.iter().all(ActionImpact::is_nothing));
            }
            for impact in &impacts {
                if impact.action == Action::Create {
                    let rests = |manager: &&(UserId, u64, u64)| {
                        let level = model.level(manager.0, Action::Create, on, NOW);
                        (Level::OwnAndReports..=Level::OwnPeersAndReports).contains(&level)
                    };
                    let concerned: Vec<_> = foreseen.users().iter().map(|moved| (moved.user, moved.before, moved.after)).collect();
                    let gaining = concerned.iter().filter(rests).filter(|(_, was, is)| is > was).count() as u64;
                    let losing = concerned.iter().filter(rests).filter(|(_, was, is)| is < was).count() as u64;
                    prop_assert_eq!(numbers(impact), [gaining, losing, 0, 0, 0, 0]);
                } else {
                    prop_assert_eq!(numbers(impact), counted(&before, &after, impact.action, on, &records), "{}", impact.action);
                }
            }
        }
    }
}

/// ```text
/// ceo ─┬─ north: Nora, Nils ── rep: Rob, Ria
///      └─ south: Sami
/// ```
/// Everybody has one profile, with this level for everything.
fn house(level: Level) -> Snapshot {
    let role = |id, parent: Option<u128>| RoleFacts {
        id: RoleId::from_u128(id),
        parent: parent.map(RoleId::from_u128),
    };
    let user = |id, role| UserFacts {
        id: UserId::from_u128(id),
        role: Some(RoleId::from_u128(role)),
        profile: profile(0),
        account: Account::Standard { deactivated: false },
    };
    let permissions = ObjectPermissions::all(level);
    let grant = ObjectGrant {
        object: object(0),
        permissions,
    };
    Snapshot::build(PolicyFacts {
        version: 1,
        guest_access: true,
        roles: vec![
            role(1, None),
            role(2, Some(1)),
            role(3, Some(1)),
            role(4, Some(2)),
        ],
        profiles: vec![ProfileFacts {
            id: profile(0),
            admin: false,
            permissions: vec![grant],
        }],
        objects: vec![ObjectFacts {
            id: object(0),
            key: "deal".to_owned(),
            ownable: true,
        }],
        users: vec![
            user(NORA, 2),
            user(NILS, 2),
            user(SAMI, 3),
            user(ROB, 4),
            user(RIA, 4),
        ],
    })
    .unwrap()
}

const NORA: u128 = 1;
const NILS: u128 = 2;
const SAMI: u128 = 3;
const ROB: u128 = 4;
const RIA: u128 = 5;

fn view(level: Level, records: &[&[u128]]) -> [u64; 6] {
    let snapshot = house(level);
    let south = Some(RoleId::from_u128(3));
    let foreseen = RoleMove::foresee(&snapshot, RoleId::from_u128(4), south, NOW).unwrap();
    assert_eq!((foreseen.people_moved(), foreseen.users().len()), (2, 3));
    let mut census = foreseen.census(object(0));
    for owners in records {
        let owners: Vec<UserId> = owners.iter().map(|owner| UserId::from_u128(*owner)).collect();
        census.record(&owners);
    }
    numbers(&census.finish()[0])
}

#[test]
fn a_record_changes_hands_unless_somebody_who_stays_owns_it_too() {
    use Level::{Anyone, Own, OwnAndReports, OwnPeersAndReports};
    assert_eq!(view(OwnAndReports, &[&[ROB], &[ROB, RIA]]), [1, 2, 2, 2, 2, 4]);
    assert_eq!(view(Own, &[&[ROB]]), [0; 6], "reports don't matter");
    assert_eq!(view(Anyone, &[&[ROB]]), [0; 6]);
    assert_eq!(
        view(OwnAndReports, &[&[SAMI], &[], &[NORA]]),
        [0; 6],
        "nobody of theirs moves"
    );
    // Nora keeps what she owns; for Nils it matters whether his level reaches peers.
    assert_eq!(view(OwnAndReports, &[&[ROB, NORA]]), [1, 1, 1, 1, 1, 1]);
    assert_eq!(view(OwnPeersAndReports, &[&[ROB, NORA]]), [1, 0, 1, 0, 1, 0]);
    // Nora loses the other record all the same.
    assert_eq!(view(OwnAndReports, &[&[ROB, NORA], &[ROB]]), [1, 2, 2, 2, 2, 3]);
}

#[test]
fn the_same_place_changes_nothing_and_a_refused_move_is_refused() {
    let snapshot = house(Level::OwnAndReports);
    let [north, rep] = [2, 4].map(RoleId::from_u128);
    let stays = RoleMove::foresee(&snapshot, rep, Some(north), NOW).unwrap();
    assert_eq!((stays.people_moved(), stays.users().len()), (2, 0));
    assert!(!stays.concerns(object(0)));
    let refused = |role, parent| {
        RoleMove::foresee(&snapshot, role, parent, NOW)
            .unwrap_err()
            .code()
    };
    assert_eq!(refused(north, Some(rep)), "role_cycle");
    assert_eq!(refused(north, Some(RoleId::from_u128(9))), "role_unknown");
    assert_eq!(refused(RoleId::from_u128(9), None), "role_unknown");
}
