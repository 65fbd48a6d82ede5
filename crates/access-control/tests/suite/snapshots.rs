//! A snapshot against the plain maps it's made from: every question, and after every change.

use proptest::prelude::*;
use vestibule_access_control::{
    Account, Action, Decision, Denial, EndedReason, ObjectFacts, ObjectId, OwnerScope, PolicyChange,
    PolicyError, PolicyFacts, PolicyUpdate, ProfileFacts, RoleFacts, Snapshot, Standing, UserFacts, UserId,
    compile, decide, decide_edit,
};

use crate::policy_world::{
    Model, OBJECTS, PROFILES, USERS, any_change, any_model, object, profile, role, user,
};

const NOW: i64 = 2;

/// Everybody who may be there, and somebody who never is.
fn everybody() -> Vec<UserId> {
    (0..=USERS).map(user).collect()
}

fn owner_lists() -> Vec<Vec<UserId>> {
    let singles = everybody().into_iter().map(|owner| vec![owner]);
    let pairs = (0..USERS).map(|first| vec![user(first), user((first + 4) % USERS)]);
    [vec![]].into_iter().chain(singles).chain(pairs).collect()
}

/// Asks a snapshot everything, and compares with the rules read off the maps and with the free functions.
fn check(snapshot: &Snapshot, model: &Model) {
    assert_eq!(snapshot.facts(), model.facts(snapshot.version()));
    let present: Vec<UserId> = model.users.keys().copied().collect();
    assert_eq!(snapshot.users_after(None).collect::<Vec<_>>(), present);
    for number in 0..PROFILES {
        let has = |user: &&UserId| model.users[*user].profile == profile(number);
        let expected: Vec<_> = present.iter().filter(has).copied().collect();
        assert_eq!(snapshot.users_on(profile(number)).collect::<Vec<_>>(), expected);
    }
    for asked in (0..OBJECTS).map(object) {
        for action in Action::ALL {
            for subject in everybody() {
                check_scope(snapshot, model, subject, action, asked);
            }
            for owners in owner_lists() {
                check_decisions(snapshot, model, action, asked, &owners);
            }
        }
    }
}

fn check_scope(snapshot: &Snapshot, model: &Model, subject: UserId, action: Action, asked: ObjectId) {
    let who = snapshot.subject(subject, NOW);
    let scope = compile(&who, action, &snapshot.permissions(who.profile, asked));
    let reach = snapshot.list_reach(subject, action, asked, NOW);
    assert_eq!(*reach.scope(), scope);
    assert_eq!(
        (reach.subject(), reach.action(), reach.object()),
        (subject, action, asked)
    );
    assert_eq!(reach.version(), snapshot.version());
    let in_scope: Vec<UserId> = model
        .users
        .keys()
        .copied()
        .filter(|owner| scope.contains(snapshot.person(*owner)))
        .collect();
    assert_eq!(reach.people_in_scope(), in_scope.len() as u64);
    assert_eq!(reach.people(), model.users.len() as u64);
    assert_eq!(snapshot.members(&scope, in_scope.len()), Some(in_scope.clone()));
    match scope {
        OwnerScope::Everyone => assert_eq!(reach.members(), None),
        _ => assert_eq!(reach.members(), Some(&in_scope[..])),
    }
    if !in_scope.is_empty() {
        assert_eq!(snapshot.members(&scope, in_scope.len() - 1), None);
    }
}

fn check_decisions(snapshot: &Snapshot, model: &Model, action: Action, asked: ObjectId, owners: &[UserId]) {
    let persons = snapshot.persons(owners);
    let places: Vec<_> = owners
        .iter()
        .filter_map(|owner| snapshot.user_index(*owner))
        .collect();
    let mut can = Vec::new();
    for subject in everybody() {
        let may = model.may(subject, action, asked, owners, NOW);
        let decision = snapshot.decide(subject, action, asked, owners, NOW);
        assert_eq!(decision.is_permit(), may, "{subject} {action} {asked} {owners:?}");

        let who = snapshot.subject(subject, NOW);
        let permissions = snapshot.permissions(who.profile, asked);
        assert_eq!(decision, decide(&who, action, &permissions, &persons));
        assert_eq!(
            snapshot.explain(subject, action, asked, owners, NOW).decision,
            decision
        );
        let reach = snapshot.reach(subject, action, asked, NOW);
        assert_eq!(reach.admits(&persons), decision);
        check_permits(&reach.permit(&persons), action, decision);
        let change = reach.permit_change(&persons, &[]);
        if action == Action::Edit {
            let decided = decide_edit(&who, &permissions, &persons, &[]);
            assert_eq!(
                change.map(|_| Decision::Permit).unwrap_or_else(Decision::Deny),
                decided
            );
        }
        if let (Some(subject), Some(asked)) = (snapshot.user_index(subject), snapshot.object_index(asked)) {
            assert_eq!(snapshot.decide_at(subject, action, asked, &places, NOW), may);
        }
        can.extend(may.then_some(subject));
    }
    can.sort_unstable();
    assert_eq!(
        snapshot.who_can(action, asked, owners, NOW).collect::<Vec<_>>(),
        can
    );
}

fn check_permits(
    permit: &Result<vestibule_access_control::Permit, Denial>,
    action: Action,
    decision: Decision,
) {
    match (permit, decision) {
        (Ok(permit), Decision::Permit) => assert_eq!(permit.action(), action),
        (Err(denial), Decision::Deny(expected)) => assert_eq!(*denial, expected),
        (Err(Denial::OutOfReachAfterwards), Decision::Permit) if action == Action::Edit => {}
        other => panic!("{action}: {other:?}"),
    }
}

/// Changes the model, which forgets permissions on what was removed before anything new is said about it.
fn changed(model: &Model, changes: &[PolicyChange]) -> Model {
    let mut model = model.clone();
    for change in changes {
        if let PolicyChange::ObjectRemoved(object) = change {
            model.forget_permissions_on(*object);
        }
    }
    changes.iter().for_each(|change| model.change(change.clone()));
    model
}

fn one_per_thing(changes: Vec<PolicyChange>) -> Vec<PolicyChange> {
    let mut seen = std::collections::BTreeSet::new();
    let mut kept = changes;
    kept.retain(|change| {
        let thing = match change {
            PolicyChange::Role(RoleFacts { id, .. }) | PolicyChange::RoleRemoved(id) => format!("{id:?}"),
            PolicyChange::Profile(ProfileFacts { id, .. }) | PolicyChange::ProfileRemoved(id) => {
                format!("{id:?}")
            }
            PolicyChange::Object(ObjectFacts { id, .. }) | PolicyChange::ObjectRemoved(id) => {
                format!("{id:?}")
            }
            PolicyChange::User(UserFacts { id, .. }) | PolicyChange::UserRemoved(id) => format!("{id:?}"),
            _ => "guests".to_owned(),
        };
        seen.insert(thing)
    });
    kept
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_snapshot_answers_as_the_rules_read(model in any_model()) {
        check(&Snapshot::build(model.facts(7)).unwrap(), &model);
    }

    #[test]
    fn applying_changes_gives_what_building_anew_gives(
        model in any_model(),
        batches in prop::collection::vec(prop::collection::vec(any_change(), 1..6), 1..8),
    ) {
        let mut model = model;
        let mut snapshot = Snapshot::build(model.facts(0)).unwrap();
        for (version, changes) in (1..).zip(batches) {
            let changes = one_per_thing(changes);
            let next = changed(&model, &changes);
            let backwards = snapshot.apply(version, changes.iter().rev().cloned().collect());
            match (snapshot.apply(version, changes), Snapshot::build(next.facts(version))) {
                (Ok(applied), Ok(built)) => {
                    prop_assert_eq!(applied.facts(), built.facts());
                    prop_assert_eq!(backwards.unwrap().facts(), built.facts());
                    prop_assert!(applied.forest().labels().eq(built.forest().labels()));
                    (snapshot, model) = (applied, next);
                }
                (Err(_), Err(_)) => prop_assert!(backwards.is_err()),
                (applied, built) => panic!("{applied:?} but {built:?}"),
            }
        }
        check(&snapshot, &model);
    }
}

/// Roles 0 → 1 → 2, an open profile, an object, and a user at every role.
fn small() -> Model {
    let mut model = Model::default();
    for id in 0..3_u128 {
        let parent = id.checked_sub(1).map(role);
        model.change(PolicyChange::Role(RoleFacts { id: role(id), parent }));
    }
    model.change(PolicyChange::Profile(ProfileFacts {
        id: profile(0),
        admin: true,
        permissions: vec![],
    }));
    for id in 0..3_u128 {
        model.change(PolicyChange::User(standard(id, Some(id))));
    }
    model
}

fn standard(id: u128, at: Option<u128>) -> UserFacts {
    UserFacts {
        id: user(id),
        role: at.map(role),
        profile: profile(0),
        account: Account::Standard { deactivated: false },
    }
}

fn moved(id: u128, parent: Option<u128>) -> PolicyChange {
    PolicyChange::Role(RoleFacts {
        id: role(id),
        parent: parent.map(role),
    })
}

#[track_caller]
fn accepted(changes: Vec<PolicyChange>) -> Snapshot {
    let model = small();
    let snapshot = Snapshot::build(model.facts(1))
        .unwrap()
        .apply(2, changes.clone())
        .unwrap();
    check(&snapshot, &changed(&model, &changes));
    snapshot
}

#[track_caller]
fn refused(changes: Vec<PolicyChange>) -> PolicyError {
    let before = Snapshot::build(small().facts(1)).unwrap();
    let error = before.apply(2, changes).unwrap_err();
    assert_eq!(
        before.facts(),
        small().facts(1),
        "a refused change leaves no trace"
    );
    error
}

#[test]
fn parent_and_child_swap_in_one_step_that_no_order_of_single_moves_allows() {
    accepted(vec![moved(0, Some(1)), moved(1, None)]);
    accepted(vec![moved(2, None), moved(1, Some(2)), moved(0, Some(1))]);
    assert!(
        matches!(refused(vec![moved(0, Some(1))]), PolicyError::Roles(error) if error.code() == "role_cycle")
    );
}

#[test]
fn a_role_goes_when_its_users_and_children_go_elsewhere_in_the_same_step() {
    let gone = PolicyChange::RoleRemoved(role(1));
    let user_moves = PolicyChange::User(standard(1, None));
    accepted(vec![gone.clone(), user_moves.clone(), moved(2, Some(0))]);
    accepted(vec![
        gone.clone(),
        PolicyChange::UserRemoved(user(1)),
        moved(2, None),
    ]);
    let left = PolicyError::UnknownRole {
        user: user(1),
        role: role(1),
    };
    assert_eq!(refused(vec![gone.clone(), moved(2, Some(0))]), left);
    assert!(
        matches!(refused(vec![gone, user_moves]), PolicyError::Roles(_)),
        "role 2 hangs in the air"
    );
}

#[test]
fn a_profile_goes_only_when_nobody_has_it() {
    let gone = PolicyChange::ProfileRemoved(profile(0));
    let left = refused(vec![gone.clone()]);
    assert!(matches!(left, PolicyError::UnknownProfile { profile: left, .. } if left == profile(0)));
    let other = PolicyChange::Profile(ProfileFacts {
        id: profile(1),
        admin: false,
        permissions: vec![],
    });
    let users = (0..3).map(|id| {
        PolicyChange::User(UserFacts {
            profile: profile(1),
            ..standard(id, None)
        })
    });
    accepted(users.chain([other, gone]).collect());
}

#[test]
fn objects_may_trade_their_keys() {
    let object = |id, key: &str| ObjectFacts {
        id: object(id),
        key: key.to_owned(),
        ownable: true,
    };
    let snapshot = accepted(vec![
        PolicyChange::Object(object(0, "a")),
        PolicyChange::Object(object(1, "b")),
    ]);
    let trade = vec![
        PolicyChange::Object(object(0, "b")),
        PolicyChange::Object(object(1, "a")),
    ];
    let traded = snapshot.apply(3, trade).unwrap();
    assert_eq!(traded.object_by_key("b"), Some(crate::policy_world::object(0)));
    let clash = snapshot
        .apply(3, vec![PolicyChange::Object(object(1, "a"))])
        .unwrap_err();
    assert_eq!(clash, PolicyError::KeyTwice("a".to_owned()));
}

#[test]
fn what_came_and_went_in_between_may_be_removed() {
    accepted(vec![
        PolicyChange::UserRemoved(user(8)),
        PolicyChange::RoleRemoved(role(6)),
        PolicyChange::ProfileRemoved(profile(3)),
        PolicyChange::ObjectRemoved(object(2)),
    ]);
}

#[test]
fn of_a_thing_named_twice_the_last_state_counts() {
    let snapshot = Snapshot::build(small().facts(1)).unwrap();
    let twice = vec![
        PolicyChange::User(standard(1, Some(0))),
        PolicyChange::User(standard(1, None)),
    ];
    let next = snapshot.apply(2, twice).unwrap();
    assert_eq!(next.user(user(1)).unwrap().role, None);
}

#[test]
fn many_users_come_and_go() {
    let mut model = small();
    let mut snapshot = Snapshot::build(model.facts(0)).unwrap();
    for version in 1..40_u64 {
        let id = |step: u128| 3 + (u128::from(version) * 131 + step * 17) % 2_000;
        let changes = (0..90).map(|step| match id(step) {
            gone if gone % 3 == 0 => PolicyChange::UserRemoved(user(gone)),
            here => PolicyChange::User(standard(here, Some(here % 3))),
        });
        let changes: Vec<_> = changes.collect();
        model = changed(&model, &changes);
        snapshot = snapshot.apply(version, changes).unwrap();
    }
    assert_eq!(snapshot.facts(), model.facts(39));
    let below: Vec<_> = model
        .users
        .values()
        .filter(|user| user.role != Some(role(0)))
        .map(|user| user.id)
        .collect();
    let below = snapshot.persons(&below);
    let top = snapshot.person(user(0)).role.unwrap();
    assert!(
        below
            .iter()
            .all(|person| person.role.unwrap().is_strictly_below(top))
    );
    assert!(model.users.keys().all(|id| snapshot.user_index(*id).is_some()));
    assert_eq!(snapshot.user_index(user(5_000)), None);
}

#[test]
fn facts_that_dont_fit_together_are_refused_and_named() {
    let refusal = |change: fn(&mut PolicyFacts)| {
        let mut facts = small().facts(1);
        change(&mut facts);
        Snapshot::build(facts).unwrap_err()
    };
    assert_eq!(
        refusal(|facts| facts.users.push(facts.users[0])),
        PolicyError::UserTwice(user(0))
    );
    assert!(matches!(
        refusal(|facts| facts.roles.push(facts.roles[0])),
        PolicyError::Roles(_)
    ));
    let twice = refusal(|facts| facts.profiles.push(facts.profiles[0].clone()));
    assert_eq!(twice, PolicyError::ProfileTwice(profile(0)));
    let nowhere = refusal(|facts| facts.users[0].role = Some(role(5)));
    assert_eq!(
        nowhere,
        PolicyError::UnknownRole {
            user: user(0),
            role: role(5)
        }
    );
    assert!(matches!(
        refusal(|facts| facts.profiles.clear()),
        PolicyError::UnknownProfile { .. }
    ));
}

#[test]
fn an_update_with_a_gap_before_it_is_refused() {
    let snapshot = Snapshot::build(small().facts(5)).unwrap();
    let update = |from, version| PolicyUpdate {
        from,
        version,
        changes: vec![],
    };
    assert_eq!(
        snapshot.follow(update(3, 9)).unwrap().version(),
        9,
        "an overlap does no harm"
    );
    assert!(matches!(
        snapshot.follow(update(6, 9)),
        Err(PolicyError::Version { present: 5, .. })
    ));
    assert!(matches!(
        snapshot.follow(update(1, 4)),
        Err(PolicyError::Version { present: 5, .. })
    ));
}

#[test]
fn time_alone_ends_a_guests_access_and_the_switch_every_guests() {
    let account = Account::Guest {
        claimed: true,
        revoked: false,
        ends_at: 10,
    };
    let mut model = small();
    model.guest_access = true;
    model.change(PolicyChange::User(UserFacts {
        account,
        ..standard(1, Some(1))
    }));
    let snapshot = Snapshot::build(model.facts(1)).unwrap();
    let standing = |snapshot: &Snapshot, now| snapshot.subject(user(1), now).standing;
    assert_eq!(standing(&snapshot, 9), Standing::Good);
    assert_eq!(standing(&snapshot, 10), Standing::Ended(EndedReason::Expired));
    let closed = snapshot.apply(2, vec![PolicyChange::GuestAccess(false)]).unwrap();
    assert_eq!(standing(&closed, 9), Standing::Ended(EndedReason::GuestAccessOff));
    assert_eq!(
        standing(&snapshot, 9),
        Standing::Good,
        "the earlier version stays as it was"
    );
    assert_eq!(
        snapshot.subject(user(8), 0).standing,
        Standing::Ended(EndedReason::Deleted)
    );
}
