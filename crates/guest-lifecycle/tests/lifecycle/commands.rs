use time::{
    Duration, UtcDateTime,
    macros::{date, utc_datetime},
};
use vestibule_guest_lifecycle::{
    Effects, GuestFacts, GuestMaxDays, GuestStatus, OrgZone, Refusal, ReminderTimes, command,
};

const NOW: UtcDateTime = utc_datetime!(2026-05-01 12:00);

fn active_until_end_of_may() -> GuestFacts {
    let invited = command::invite(
        date!(2026 - 05 - 31),
        NOW,
        &OrgZone::utc(),
        GuestMaxDays::MAX,
        true,
    )
    .unwrap();
    command::claim(&invited.facts, NOW, true).unwrap().facts
}

fn change(
    guest: &GuestFacts,
    end: time::Date,
    sponsor_missing: bool,
    now: UtcDateTime,
) -> Result<command::Transition, Refusal> {
    command::change_end_date(
        guest,
        end,
        sponsor_missing,
        now,
        &OrgZone::utc(),
        GuestMaxDays::MAX,
    )
}

#[test]
fn the_stronger_status_wins() {
    let end = active_until_end_of_may().window.ends_at;
    let invited = GuestFacts {
        claimed_at: None,
        ..active_until_end_of_may()
    };
    let claimed = active_until_end_of_may();
    let revoked = GuestFacts {
        revoked_at: Some(NOW),
        ..claimed
    };
    let deleted = GuestFacts {
        deleted_at: Some(NOW),
        ..revoked
    };
    let before_and_after = |guest: GuestFacts| (guest.status(end - Duration::MICROSECOND), guest.status(end));
    assert_eq!(
        before_and_after(invited),
        (GuestStatus::Invited, GuestStatus::Expired)
    );
    assert_eq!(
        before_and_after(claimed),
        (GuestStatus::Active, GuestStatus::Expired)
    );
    assert_eq!(
        before_and_after(revoked),
        (GuestStatus::Revoked, GuestStatus::Revoked)
    );
    assert_eq!(
        before_and_after(deleted),
        (GuestStatus::Deleted, GuestStatus::Deleted)
    );
}

#[test]
fn every_status_reads_back_from_its_word() {
    for status in GuestStatus::ALL {
        assert_eq!(status.as_str().parse(), Ok(status));
    }
    assert!("pending".parse::<GuestStatus>().is_err());
}

#[test]
fn an_invitation_plans_both_reminders() {
    let invited = command::invite(
        date!(2026 - 05 - 31),
        NOW,
        &OrgZone::utc(),
        GuestMaxDays::MAX,
        true,
    )
    .unwrap();
    let expected = Effects {
        take_seat: true,
        queue_claim_link: true,
        reminders: Some(ReminderTimes {
            week: Some(utc_datetime!(2026-05-25 00:00)),
            day: Some(utc_datetime!(2026-05-31 00:00)),
        }),
        changed: true,
        ..Effects::default()
    };
    assert_eq!(invited.effects, expected);
}

#[test]
fn an_end_date_counts_from_today_and_not_from_the_old_end() {
    let guest = active_until_end_of_may();
    assert!(change(&guest, date!(2026 - 07 - 30), false, NOW).is_ok());
    assert_eq!(
        change(&guest, date!(2026 - 07 - 31), false, NOW)
            .unwrap_err()
            .code(),
        "end_date_beyond_cap"
    );
    assert_eq!(
        change(&guest, date!(2026 - 04 - 30), false, NOW)
            .unwrap_err()
            .code(),
        "end_date_in_past"
    );
}

#[test]
fn setting_the_same_date_twice_changes_nothing_the_second_time() {
    let first = change(&active_until_end_of_may(), date!(2026 - 06 - 30), false, NOW).unwrap();
    let second = change(&first.facts, date!(2026 - 06 - 30), false, NOW + Duration::HOUR).unwrap();
    assert_eq!(second.facts, first.facts);
    assert_eq!(second.effects, Effects::default());
}

#[test]
fn setting_the_same_date_is_harmless_also_without_a_sponsor_or_beyond_a_lowered_cap() {
    let guest = active_until_end_of_may();
    let week = GuestMaxDays::new(7).unwrap();
    let again =
        command::change_end_date(&guest, date!(2026 - 05 - 31), true, NOW, &OrgZone::utc(), week).unwrap();
    assert!(!again.effects.changed);
}

#[test]
fn setting_the_same_date_in_another_zone_moves_the_instant() {
    let guest = active_until_end_of_may();
    let pago = OrgZone::parse("Pacific/Pago_Pago").unwrap();
    let moved = command::change_end_date(
        &guest,
        date!(2026 - 05 - 31),
        false,
        NOW,
        &pago,
        GuestMaxDays::MAX,
    )
    .unwrap();
    assert!(moved.effects.changed);
    assert_eq!(
        moved.facts.window.ends_at - guest.window.ends_at,
        Duration::hours(11)
    );
}

#[test]
fn without_a_sponsor_access_can_be_shortened_but_not_extended() {
    let guest = active_until_end_of_may();
    assert!(change(&guest, date!(2026 - 05 - 30), true, NOW).is_ok());
    assert_eq!(
        change(&guest, date!(2026 - 06 - 01), true, NOW),
        Err(Refusal::SponsorMissing)
    );
    // Reviving is extending, and so is coming back for longer after a revocation.
    assert_eq!(
        change(&guest, date!(2026 - 06 - 01), true, guest.window.ends_at),
        Err(Refusal::SponsorMissing)
    );
    let revoked = command::revoke(&guest, NOW).unwrap().facts;
    let reinstate =
        |end| command::reinstate(&revoked, end, true, NOW, &OrgZone::utc(), GuestMaxDays::MAX, true);
    assert_eq!(reinstate(date!(2026 - 06 - 01)), Err(Refusal::SponsorMissing));
    assert!(reinstate(date!(2026 - 05 - 31)).is_ok());
}

#[test]
fn reviving_before_the_tidy_up_does_the_tidy_up() {
    let guest = active_until_end_of_may();
    let now = guest.window.ends_at;
    let effects = change(&guest, date!(2026 - 06 - 10), false, now).unwrap().effects;
    assert!(effects.end_credentials && effects.void_links && effects.record_expiry);
    assert!(effects.free_seat && effects.take_seat);
}

#[test]
fn reviving_after_the_tidy_up_takes_a_seat_and_records_nothing_again() {
    let guest = active_until_end_of_may();
    let now = guest.window.ends_at;
    let tidy = command::expire(&guest, now).facts;
    let revived = change(&tidy, date!(2026 - 06 - 10), false, now).unwrap();
    assert!(revived.effects.end_credentials && revived.effects.void_links && revived.effects.take_seat);
    assert!(!revived.effects.record_expiry && !revived.effects.free_seat);
    // The new window has an expiry of its own.
    assert!(
        command::expire(&revived.facts, revived.facts.window.ends_at)
            .effects
            .record_expiry
    );
}

#[test]
fn a_guest_whose_expiry_a_faster_clock_has_recorded_is_revived_and_not_merely_extended() {
    let guest = active_until_end_of_may();
    let tidy = command::expire(&guest, guest.window.ends_at).facts;
    let slower = guest.window.ends_at - Duration::SECOND;
    let revived = change(&tidy, date!(2026 - 06 - 10), false, slower).unwrap();
    assert!(revived.effects.end_credentials && revived.effects.take_seat && !revived.effects.free_seat);
    assert_eq!(revived.facts.expiry_recorded_at, None);
}

#[test]
fn revoking_or_deleting_an_expired_guest_records_the_expiry_first() {
    let guest = active_until_end_of_may();
    let now = guest.window.ends_at;
    for transition in [
        command::revoke(&guest, now).unwrap(),
        command::delete(&guest, now).unwrap(),
    ] {
        assert!(transition.effects.record_expiry && transition.effects.free_seat);
        assert_eq!(transition.facts.expiry_recorded_at, Some(now));
    }
    let tidy = command::expire(&guest, now).facts;
    for transition in [
        command::revoke(&tidy, now).unwrap(),
        command::delete(&tidy, now).unwrap(),
    ] {
        assert!(!transition.effects.record_expiry && !transition.effects.free_seat);
    }
}

#[test]
fn an_expiry_is_recorded_once_and_only_when_due() {
    let guest = active_until_end_of_may();
    let now = guest.window.ends_at;
    assert!(
        !command::expire(&guest, now - Duration::MICROSECOND)
            .effects
            .changed
    );
    let tidy = command::expire(&guest, now);
    assert!(tidy.effects.record_expiry && tidy.effects.end_credentials && tidy.effects.void_links);
    assert_eq!(tidy.effects.reminders, Some(ReminderTimes::NONE));
    assert_eq!(command::expire(&tidy.facts, now).effects, Effects::default());
    for ended in [
        command::revoke(&guest, NOW).unwrap(),
        command::delete(&guest, NOW).unwrap(),
    ] {
        assert_eq!(command::expire(&ended.facts, now).effects, Effects::default());
    }
}

#[test]
fn a_revocation_keeps_the_claim_and_its_first_moment() {
    let guest = active_until_end_of_may();
    let revoked = command::revoke(&guest, NOW).unwrap().facts;
    assert_eq!(revoked.claimed_at, guest.claimed_at);
    let again = command::revoke(&revoked, NOW + Duration::HOUR).unwrap();
    assert_eq!(again.facts.revoked_at, Some(NOW));
    assert!(!again.effects.changed);
}

#[test]
fn reinstating_gives_access_again_but_no_session() {
    let revoked = command::revoke(&active_until_end_of_may(), NOW).unwrap().facts;
    let back = command::reinstate(
        &revoked,
        date!(2026 - 05 - 20),
        false,
        NOW,
        &OrgZone::utc(),
        GuestMaxDays::MAX,
        true,
    )
    .unwrap();
    assert_eq!(back.facts.status(NOW), GuestStatus::Active);
    assert!(back.effects.end_credentials && back.effects.void_links && back.effects.take_seat);
    assert!(!back.effects.free_seat && !back.effects.record_expiry);
}
