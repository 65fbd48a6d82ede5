use time::{
    Duration, UtcDateTime,
    macros::{date, utc_datetime},
};
use vestibule_guest_lifecycle::{
    AccessWindow, ClaimLinkFacts, ClaimLinkTtl, ClaimRefused, Claimant, GuestFacts, OrgZone,
    StandardUserFacts, check_claim, command, link_expiry,
};

const NOW: UtcDateTime = utc_datetime!(2026-05-01 12:00);

fn link() -> ClaimLinkFacts {
    ClaimLinkFacts {
        expires_at: NOW + Duration::HOUR,
        used_at: None,
        voided_at: None,
    }
}

fn invited() -> GuestFacts {
    GuestFacts::invited(AccessWindow::ending_on(date!(2026 - 05 - 31), &OrgZone::utc()))
}

fn guest(facts: GuestFacts) -> Claimant {
    Claimant::Guest {
        facts,
        guest_access: true,
    }
}

#[test]
fn a_good_link_lets_an_invited_guest_and_a_new_standard_user_in() {
    assert!(check_claim(&link(), &guest(invited()), NOW).is_ok());
    assert!(check_claim(&link(), &Claimant::Standard(StandardUserFacts::default()), NOW).is_ok());
}

#[test]
fn used_void_and_expired_links_get_one_identical_answer() {
    let bad = [
        ClaimLinkFacts {
            used_at: Some(NOW),
            ..link()
        },
        ClaimLinkFacts {
            voided_at: Some(NOW),
            ..link()
        },
        ClaimLinkFacts {
            expires_at: NOW,
            ..link()
        },
    ];
    for link in bad {
        for claimant in [guest(invited()), Claimant::Standard(StandardUserFacts::default())] {
            assert_eq!(
                check_claim(&link, &claimant, NOW),
                Err(ClaimRefused::ClaimLinkInvalid)
            );
        }
    }
    assert_eq!(ClaimRefused::ClaimLinkInvalid.code(), "claim_link_invalid");
}

#[test]
fn a_good_link_of_somebody_who_cannot_claim_gets_that_same_answer() {
    let ended = [
        command::claim(&invited(), NOW, true).unwrap(),
        command::revoke(&invited(), NOW).unwrap(),
        command::delete(&invited(), NOW).unwrap(),
    ];
    for transition in ended {
        assert_eq!(
            check_claim(&link(), &guest(transition.facts), NOW),
            Err(ClaimRefused::ClaimLinkInvalid)
        );
    }
    let end = invited().window.ends_at;
    let late = ClaimLinkFacts {
        expires_at: end + Duration::HOUR,
        ..link()
    };
    assert!(check_claim(&late, &guest(invited()), end - Duration::MICROSECOND).is_ok());
    assert_eq!(
        check_claim(&late, &guest(invited()), end),
        Err(ClaimRefused::ClaimLinkInvalid)
    );
    for facts in [
        StandardUserFacts {
            claimed_at: Some(NOW),
            ..StandardUserFacts::default()
        },
        StandardUserFacts {
            deactivated_at: Some(NOW),
            ..StandardUserFacts::default()
        },
        StandardUserFacts {
            deleted_at: Some(NOW),
            ..StandardUserFacts::default()
        },
    ] {
        assert_eq!(
            check_claim(&link(), &Claimant::Standard(facts), NOW),
            Err(ClaimRefused::ClaimLinkInvalid)
        );
    }
}

#[test]
fn switched_off_guest_access_is_told_to_holders_of_a_good_link_only() {
    let shut_out = Claimant::Guest {
        facts: invited(),
        guest_access: false,
    };
    assert_eq!(
        check_claim(&link(), &shut_out, NOW).unwrap_err().code(),
        "guest_access_off"
    );
    let used = ClaimLinkFacts {
        used_at: Some(NOW),
        ..link()
    };
    assert_eq!(
        check_claim(&used, &shut_out, NOW),
        Err(ClaimRefused::ClaimLinkInvalid)
    );
}

#[test]
fn a_link_lasts_its_time_or_as_long_as_the_access_whichever_is_shorter() {
    let ttl = ClaimLinkTtl::new(1).unwrap();
    assert_eq!(link_expiry(NOW, ttl, None), NOW + Duration::HOUR);
    assert_eq!(
        link_expiry(NOW, ttl, Some(NOW + Duration::DAY)),
        NOW + Duration::HOUR
    );
    assert_eq!(
        link_expiry(NOW, ttl, Some(NOW + Duration::MINUTE)),
        NOW + Duration::MINUTE
    );
    assert_eq!(link_expiry(UtcDateTime::MAX, ttl, None), UtcDateTime::MAX);
}

#[test]
fn a_standard_user_signs_in_once_claimed_and_stands_well_before_that() {
    let new = StandardUserFacts::default();
    assert!(new.is_in_good_standing() && !new.has_access());
    let claimed = StandardUserFacts {
        claimed_at: Some(NOW),
        ..new
    };
    assert!(claimed.has_access());
    let deactivated = StandardUserFacts {
        deactivated_at: Some(NOW),
        ..claimed
    };
    assert!(!deactivated.has_access() && !deactivated.is_in_good_standing());
}
