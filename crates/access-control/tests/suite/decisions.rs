use vestibule_access_control::{
    Action, Decision, Denial, EndedReason, Level, ObjectPermissions, OwnerScope, Person, ProfileId,
    RoleInterval, RoleLabel, Standing, Subject, UserId, compile, decide, decide_create,
};

/// A role with one role above it and three below.
const TEAM: RoleLabel = RoleLabel { enter: 1, exit: 4 };
const LEAF: RoleLabel = RoleLabel { enter: 3, exit: 3 };

fn subject(role: Option<RoleLabel>) -> Subject {
    Subject {
        id: UserId::from_u128(1),
        role,
        profile: ProfileId::from_u128(1),
        standing: Standing::Good,
    }
}

fn scope(role: Option<RoleLabel>, level: Level) -> OwnerScope {
    compile(&subject(role), Action::View, &ObjectPermissions::all(level))
}

#[test]
fn the_scope_of_reports_starts_right_below_the_role() {
    let roles = RoleInterval {
        first_enter: 2,
        last_enter: 4,
    };
    let me = subject(None).id;
    assert_eq!(
        scope(Some(TEAM), Level::OwnAndReports),
        OwnerScope::MyselfAnd { me, roles }
    );
    assert_eq!(roles.role_count(), 3);
}

#[test]
fn the_scope_of_peers_and_reports_starts_at_the_role() {
    let roles = RoleInterval {
        first_enter: 1,
        last_enter: 4,
    };
    let me = subject(None).id;
    assert_eq!(
        scope(Some(TEAM), Level::OwnPeersAndReports),
        OwnerScope::MyselfAnd { me, roles }
    );
}

#[test]
fn a_leaf_has_no_reports_and_so_no_interval() {
    assert_eq!(
        scope(Some(LEAF), Level::OwnAndReports),
        OwnerScope::Myself(subject(None).id)
    );
    assert_eq!(RoleInterval::below(LEAF), None);
    assert_eq!(RoleInterval::at_and_below(LEAF).role_count(), 1);
}

#[test]
fn without_a_role_every_level_below_anyone_is_own() {
    for level in [Level::Own, Level::OwnAndReports, Level::OwnPeersAndReports] {
        assert_eq!(
            scope(None, level),
            OwnerScope::Myself(subject(None).id),
            "{level}"
        );
    }
    assert_eq!(scope(None, Level::Anyone), OwnerScope::Everyone);
    assert_eq!(scope(None, Level::None), OwnerScope::Nobody);
}

#[test]
fn ended_standing_outweighs_the_admin_matrix() {
    for reason in EndedReason::ALL {
        let ended = Subject {
            standing: Standing::Ended(reason),
            ..subject(Some(TEAM))
        };
        for action in Action::ALL {
            let decision = decide(&ended, action, &ObjectPermissions::ANYONE, &[ended.person()]);
            assert_eq!(decision, Decision::Deny(Denial::Ended(reason)), "{action}");
        }
    }
}

#[test]
fn a_report_of_a_report_is_reached_through_any_of_several_owners() {
    let deep = Person::new(UserId::from_u128(2), Some(LEAF));
    let manager = Person::new(UserId::from_u128(3), Some(RoleLabel { enter: 0, exit: 9 }));
    let permissions = ObjectPermissions::all(Level::OwnAndReports);
    let asked = subject(Some(TEAM));
    assert!(decide(&asked, Action::Delete, &permissions, &[manager, deep]).is_permit());
    assert_eq!(
        decide(&asked, Action::Delete, &permissions, &[manager]),
        Decision::Deny(Denial::OutOfReach)
    );
}

#[test]
fn an_unowned_record_is_proposed_at_anyone_only() {
    let asked = subject(Some(TEAM));
    for level in Level::ALL {
        let decision = decide_create(&asked, &ObjectPermissions::all(level), &[]);
        assert_eq!(decision.is_permit(), level == Level::Anyone, "{level}");
    }
}

#[test]
fn a_denial_says_whether_anything_was_granted_at_all() {
    let asked = subject(None);
    let denied = |level| decide(&asked, Action::View, &ObjectPermissions::all(level), &[]);
    assert_eq!(denied(Level::None), Decision::Deny(Denial::NotGranted));
    assert_eq!(denied(Level::Own), Decision::Deny(Denial::OutOfReach));
    let unviewable = ObjectPermissions::ANYONE.with(Action::View, Level::None);
    assert_eq!(
        decide(&asked, Action::Edit, &unviewable, &[]),
        Decision::Deny(Denial::NotGranted)
    );
}
