use proptest::prelude::*;
use vestibule_guest_lifecycle::{
    BuiltInProfile, Capability, CapabilitySet, GrantRefused, Grantor, ProfileFacts, UserKind,
    check_capability_change, check_last_admin, check_own_access_change, check_power_over,
    check_profile_assignment, effective_capabilities,
};

const ADMIN: Grantor = Grantor {
    is_admin: true,
    capabilities: CapabilitySet::ALL,
};
const ADMIN_PROFILE: ProfileFacts = ProfileFacts {
    built_in: Some(BuiltInProfile::Admin),
    capabilities: CapabilitySet::ALL,
};

fn set(capabilities: &[Capability]) -> CapabilitySet {
    capabilities.iter().copied().collect()
}

fn actor(capabilities: &[Capability]) -> Grantor {
    Grantor {
        is_admin: false,
        capabilities: set(capabilities),
    }
}

fn profile(capabilities: &[Capability]) -> ProfileFacts {
    ProfileFacts {
        built_in: None,
        capabilities: set(capabilities),
    }
}

#[test]
fn the_admin_profile_is_never_given_to_a_guest() {
    for grantor in [ADMIN, actor(&Capability::ALL), actor(&[])] {
        let refused = check_profile_assignment(&grantor, &ADMIN_PROFILE, UserKind::Guest).unwrap_err();
        assert_eq!(refused.code(), "profile_not_for_guests");
    }
}

#[test]
fn the_admin_profile_is_assigned_by_admins_only_however_much_another_holds() {
    assert!(check_profile_assignment(&ADMIN, &ADMIN_PROFILE, UserKind::Standard).is_ok());
    let mighty = actor(&Capability::ALL);
    let refused = check_profile_assignment(&mighty, &ADMIN_PROFILE, UserKind::Standard).unwrap_err();
    assert_eq!(refused, GrantRefused::AdminOnly);
    assert_eq!(refused.code(), "admin_only");
}

#[test]
fn assigning_a_profile_needs_every_capability_in_it_and_names_those_that_lack() {
    let grantor = actor(&[Capability::ManageUsers, Capability::ManageGuests]);
    let powerful = profile(&[
        Capability::ManageUsers,
        Capability::ManageOrg,
        Capability::ViewAudit,
    ]);
    for kind in UserKind::ALL {
        let refused = check_profile_assignment(&grantor, &powerful, kind).unwrap_err();
        assert_eq!(refused.code(), "capability_not_held");
        assert_eq!(
            refused.to_string(),
            "you cannot grant what you do not hold: manage_org, view_audit"
        );
    }
    assert!(
        check_profile_assignment(&grantor, &profile(&[Capability::ManageUsers]), UserKind::Standard).is_ok()
    );
}

#[test]
fn the_default_profile_follows_the_same_rule_as_any_other() {
    let default = ProfileFacts {
        built_in: Some(BuiltInProfile::Default),
        ..profile(&[Capability::ViewAudit])
    };
    assert!(check_profile_assignment(&actor(&[]), &default, UserKind::Guest).is_err());
    assert!(check_profile_assignment(&actor(&[Capability::ViewAudit]), &default, UserKind::Guest).is_ok());
    assert!(check_capability_change(&ADMIN, &default, CapabilitySet::EMPTY).is_ok());
}

#[test]
fn nobody_but_an_admin_changes_their_own_profile_or_role() {
    assert!(check_own_access_change(&ADMIN).is_ok());
    assert_eq!(
        check_own_access_change(&actor(&Capability::ALL)),
        Err(GrantRefused::OwnAccessFixed)
    );
}

#[test]
fn nobody_edits_the_admin_profile() {
    for grantor in [ADMIN, actor(&Capability::ALL)] {
        let refused = check_capability_change(&grantor, &ADMIN_PROFILE, CapabilitySet::EMPTY).unwrap_err();
        assert_eq!(refused.code(), "profile_not_editable");
    }
}

#[test]
fn adding_a_capability_needs_holding_it_and_keeping_or_removing_one_does_not() {
    let grantor = actor(&[Capability::ManageAccess]);
    let before = profile(&[Capability::ManageOrg, Capability::ViewAudit]);
    let keeps = set(&[Capability::ManageOrg, Capability::ManageAccess]);
    assert!(check_capability_change(&grantor, &before, keeps).is_ok());
    let adds = before.capabilities.union(set(&[Capability::ManageUsers]));
    assert_eq!(
        check_capability_change(&grantor, &before, adds),
        Err(GrantRefused::CapabilityNotHeld {
            missing: set(&[Capability::ManageUsers])
        })
    );
}

#[test]
fn nobody_administers_a_person_who_holds_more() {
    let grantor = actor(&[Capability::ManageUsers]);
    assert!(check_power_over(&grantor, false, set(&[Capability::ManageUsers])).is_ok());
    let refused = check_power_over(&grantor, false, set(&[Capability::ViewAudit])).unwrap_err();
    assert_eq!(refused.code(), "subject_outranks_actor");
    // Holding everything is still not being an Admin.
    assert!(check_power_over(&actor(&Capability::ALL), true, CapabilitySet::ALL).is_err());
    assert!(check_power_over(&ADMIN, true, CapabilitySet::ALL).is_ok());
}

#[test]
fn the_last_admin_stays() {
    assert_eq!(check_last_admin(0).unwrap_err().code(), "last_admin");
    assert!(check_last_admin(1).is_ok());
}

fn capabilities() -> impl Strategy<Value = CapabilitySet> {
    (0u16..64).prop_map(|bits| CapabilitySet::from_bits(bits).unwrap())
}

proptest! {
    #[test]
    fn no_chain_of_allowed_grants_gives_anyone_more_than_the_grantor_held(
        held in capabilities(),
        before in capabilities(),
        after in capabilities(),
        guest in any::<bool>(),
    ) {
        let grantor = Grantor { is_admin: false, capabilities: held };
        let profile = ProfileFacts { built_in: None, capabilities: before };
        let kind = if guest { UserKind::Guest } else { UserKind::Standard };
        if check_profile_assignment(&grantor, &profile, kind).is_ok() {
            prop_assert!(held.is_superset_of(effective_capabilities(kind, before)));
        }
        let allowed = check_capability_change(&grantor, &profile, after).is_ok();
        prop_assert_eq!(allowed, before.union(held).is_superset_of(after));
    }

    #[test]
    fn a_guest_never_exceeds_the_ceiling(of_profile in capabilities()) {
        let effective = effective_capabilities(UserKind::Guest, of_profile);
        prop_assert!(CapabilitySet::GUEST_CEILING.is_superset_of(effective));
        prop_assert!(of_profile.is_superset_of(effective));
    }
}
