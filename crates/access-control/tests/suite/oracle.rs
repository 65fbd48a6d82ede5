//! The rules once more, written as they read and with no labels: every decision and scope must agree with them.

use proptest::prelude::*;
use vestibule_access_control::{
    Action, Decision, Denial, Level, ObjectPermissions, Outcome, OwnerScope, Person, Standing, Subject,
    compile, decide, decide_create, decide_edit,
};

use crate::world::{World, any_case, any_permissions, any_standing, any_world};

fn reports_to(world: &World, owner: usize, subject: usize) -> bool {
    let (Some(below), Some(above)) = (world.people[owner], world.people[subject]) else {
        return false;
    };
    let mut role = world.parents[below];
    while let Some(parent) = role {
        if parent == above {
            return true;
        }
        role = world.parents[parent];
    }
    false
}

fn is_peer(world: &World, owner: usize, subject: usize) -> bool {
    owner != subject && world.people[owner].is_some() && world.people[owner] == world.people[subject]
}

fn level_reaches(world: &World, level: Level, subject: usize, owners: &[usize]) -> bool {
    match level {
        Level::None => false,
        Level::Own => owners.contains(&subject),
        Level::OwnAndReports => owners
            .iter()
            .any(|owner| *owner == subject || reports_to(world, *owner, subject)),
        Level::OwnPeersAndReports => owners.iter().any(|owner| {
            *owner == subject || reports_to(world, *owner, subject) || is_peer(world, *owner, subject)
        }),
        Level::Anyone => true,
    }
}

fn may(
    world: &World,
    standing: Standing,
    action: Action,
    permissions: &ObjectPermissions,
    subject: usize,
    owners: &[usize],
) -> bool {
    let reached = |level| level_reaches(world, level, subject, owners);
    standing == Standing::Good
        && match action {
            Action::View => reached(permissions.view),
            Action::Edit => reached(permissions.edit) && reached(permissions.view),
            Action::Delete => reached(permissions.delete) && reached(permissions.view),
            Action::Create => reached(permissions.create),
        }
}

/// The predicate that a database would evaluate, from the scope's plain data alone.
fn selected(scope: OwnerScope, owners: &[Person]) -> bool {
    match scope {
        OwnerScope::Nobody => false,
        OwnerScope::Everyone => true,
        OwnerScope::Myself(me) => owners.iter().any(|owner| owner.id == me),
        OwnerScope::MyselfAnd { me, roles } => owners.iter().any(|owner| {
            let enters = owner.role.map(|role| role.enter);
            owner.id == me
                || enters.is_some_and(|enter| (roles.first_enter..=roles.last_enter).contains(&enter))
        }),
    }
}

fn people_selected(scope: OwnerScope, everybody: &[Person]) -> usize {
    everybody
        .iter()
        .filter(|person| selected(scope, &[**person]))
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_decision_agrees_with_the_rules_as_they_read(
        (world, subject, owners) in any_case(),
        permissions in any_permissions(),
        standing in any_standing(),
    ) {
        let forest = world.forest();
        let asked = world.subject(&forest, subject, standing);
        let people = world.persons(&forest, &owners);
        for action in Action::ALL {
            let expected = may(&world, standing, action, &permissions, subject, &owners);
            prop_assert_eq!(decide(&asked, action, &permissions, &people).is_permit(), expected, "{}", action);
        }
        let create = decide(&asked, Action::Create, &permissions, &people);
        prop_assert_eq!(decide_create(&asked, &permissions, &people), create);
    }

    #[test]
    fn a_list_holds_exactly_the_records_that_a_check_permits(
        (world, subject, owners) in any_case(),
        permissions in any_permissions(),
        standing in any_standing(),
    ) {
        let forest = world.forest();
        let asked = world.subject(&forest, subject, standing);
        let people = world.persons(&forest, &owners);
        for action in Action::ALL {
            let listed = selected(compile(&asked, action, &permissions), &people);
            prop_assert_eq!(decide(&asked, action, &permissions, &people).is_permit(), listed, "{}", action);
        }
    }

    #[test]
    fn an_edit_must_hold_before_and_after(
        (world, subject, before) in any_case(),
        after in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
        permissions in any_permissions(),
        standing in any_standing(),
    ) {
        let after: Vec<usize> = after.iter().map(|index| index.index(world.people.len())).collect();
        let forest = world.forest();
        let asked = world.subject(&forest, subject, standing);
        let (was, becomes) = (world.persons(&forest, &before), world.persons(&forest, &after));
        let holds = |owners: &[usize]| may(&world, standing, Action::Edit, &permissions, subject, owners);
        let decision = decide_edit(&asked, &permissions, &was, &becomes);
        prop_assert_eq!(decision.is_permit(), holds(&before) && holds(&after));
        prop_assert_eq!(decision == Decision::Deny(Denial::OutOfReachAfterwards), holds(&before) && !holds(&after));

        let viewable = may(&world, standing, Action::View, &permissions, subject, &before);
        let outcome = Outcome::of_edit(&asked, &permissions, &was, &becomes);
        prop_assert_eq!(outcome == Outcome::Hidden, !viewable, "what it would become reveals nothing");
        prop_assert_eq!(outcome.is_permitted(), decision.is_permit());
    }

    #[test]
    fn what_cannot_be_viewed_is_hidden_whatever_is_tried(
        (world, subject, owners) in any_case(),
        permissions in any_permissions(),
        standing in any_standing(),
    ) {
        let forest = world.forest();
        let asked = world.subject(&forest, subject, standing);
        let people = world.persons(&forest, &owners);
        let viewable = may(&world, standing, Action::View, &permissions, subject, &owners);
        for action in [Action::View, Action::Edit, Action::Delete] {
            let outcome = Outcome::of(&asked, action, &permissions, &people);
            prop_assert_eq!(outcome == Outcome::Hidden, !viewable);
            let permitted = may(&world, standing, action, &permissions, subject, &owners);
            prop_assert_eq!(outcome.is_permitted(), permitted);
        }
        let same = Outcome::of(&asked, Action::Edit, &permissions, &people);
        prop_assert_eq!(Outcome::of_edit(&asked, &permissions, &people, &people), same);
        let created = Outcome::of_create(&asked, &permissions, &people);
        prop_assert!(created != Outcome::Hidden);
        prop_assert_eq!(created, Outcome::of(&asked, Action::Create, &permissions, &people));
    }

    #[test]
    fn a_higher_level_never_reaches_less(world in any_world(), subject in any::<prop::sample::Index>()) {
        let forest = world.forest();
        let asked: Subject = world.subject(&forest, subject.index(world.people.len()), Standing::Good);
        let everybody = world.persons(&forest, &(0..world.people.len()).collect::<Vec<_>>());
        let reach = Level::ALL.map(|level| {
            people_selected(compile(&asked, Action::View, &ObjectPermissions::all(level)), &everybody)
        });
        prop_assert!(reach.is_sorted(), "{:?}", reach);
        prop_assert_eq!((reach[0], reach[1], reach[4]), (0, 1, everybody.len()));
    }
}
