use proptest::prelude::*;
use time::{
    Date, Duration, UtcDateTime,
    macros::{date, utc_datetime},
};
use vestibule_guest_lifecycle::{
    AccessWindow, EndDateRefused, GuestMaxDays, OrgZone, ReminderTimes, check_end_date, reminders_for,
};

use crate::zones::zone;

const CAP: i64 = 90;

fn check(date: Date, now: UtcDateTime, zone: &OrgZone) -> Result<AccessWindow, EndDateRefused> {
    check_end_date(date, now, zone, GuestMaxDays::new(CAP).unwrap())
}

/// Zones at the edges of the calendar and moments around changes of their clocks, in both directions.
fn places_and_moments() -> Vec<(OrgZone, UtcDateTime)> {
    [
        ("Pacific/Kiritimati", utc_datetime!(2026-03-10 09:59:59)),
        ("Pacific/Kiritimati", utc_datetime!(2026-03-10 10:00)),
        ("Pacific/Pago_Pago", utc_datetime!(2026-03-10 10:59:59)),
        ("Pacific/Pago_Pago", utc_datetime!(2026-03-10 11:00)),
        ("Europe/Madrid", utc_datetime!(2026-03-28 23:30)),
        ("Europe/Madrid", utc_datetime!(2026-10-24 22:30)),
        ("America/New_York", utc_datetime!(2026-03-08 06:59)),
        ("America/New_York", utc_datetime!(2026-11-01 05:30)),
        ("Australia/Lord_Howe", utc_datetime!(2026-04-04 15:00)),
        ("America/Sao_Paulo", utc_datetime!(2018-08-06 12:00)),
    ]
    .into_iter()
    .map(|(name, now)| (zone(name), now))
    .collect()
}

#[test]
fn today_and_today_plus_90_are_allowed_everywhere_but_not_yesterday_or_today_plus_91() {
    for (zone, now) in places_and_moments() {
        let today = zone.local_date(now);
        let (first, last) = (today, today + Duration::days(CAP));
        assert_eq!(check(first, now, &zone).unwrap().ends_on, first);
        assert_eq!(check(last, now, &zone).unwrap().ends_on, last);
        assert_eq!(
            check(last + Duration::DAY, now, &zone),
            Err(EndDateRefused::BeyondCap { first, last })
        );
        assert_eq!(
            check(first - Duration::DAY, now, &zone),
            Err(EndDateRefused::InPast { first, last })
        );
    }
}

#[test]
fn a_guest_who_ends_today_still_has_the_rest_of_today_everywhere() {
    for (zone, now) in places_and_moments() {
        let today = zone.local_date(now);
        let window = check(today, now, &zone).unwrap();
        assert!(!window.is_over(now));
        assert_eq!(window.days_left(now, &zone), 1);
        assert_eq!(zone.local_date(window.ends_at), today + Duration::DAY);
        assert_eq!(zone.local_date(window.ends_at - Duration::MICROSECOND), today);
    }
}

#[test]
fn days_left_of_the_last_allowed_date_is_one_more_than_the_cap() {
    for (zone, now) in places_and_moments() {
        let window = check(zone.local_date(now) + Duration::days(CAP), now, &zone).unwrap();
        assert_eq!(window.days_left(now, &zone), 91);
    }
}

#[test]
fn refusals_name_the_first_and_the_last_allowed_date() {
    let now = utc_datetime!(2026-01-01 12:00);
    let kiritimati = zone("Pacific/Kiritimati");
    let past = check(date!(2026 - 01 - 01), now, &kiritimati).unwrap_err();
    assert_eq!(past.code(), "end_date_in_past");
    assert_eq!(
        past.to_string(),
        "the end date must be from 2026-01-02 to 2026-04-02; to end access now, revoke it"
    );
    let beyond = check(date!(2026 - 04 - 03), now, &kiritimati).unwrap_err();
    assert_eq!(beyond.code(), "end_date_beyond_cap");
    assert_eq!(
        beyond.to_string(),
        "the end date must be from 2026-01-02 to 2026-04-02"
    );
}

#[test]
fn a_lowered_cap_is_obeyed() {
    let (now, week) = (utc_datetime!(2026-01-01 12:00), GuestMaxDays::new(7).unwrap());
    assert!(check_end_date(date!(2026 - 01 - 08), now, &OrgZone::utc(), week).is_ok());
    assert!(check_end_date(date!(2026 - 01 - 09), now, &OrgZone::utc(), week).is_err());
}

#[test]
fn absurd_dates_are_refused_without_a_panic() {
    let now = utc_datetime!(2026-01-01 12:00);
    assert_eq!(
        check(Date::MAX, now, &OrgZone::utc()).unwrap_err().code(),
        "end_date_beyond_cap"
    );
    assert_eq!(
        check(Date::MIN, now, &OrgZone::utc()).unwrap_err().code(),
        "end_date_in_past"
    );
    AccessWindow::ending_on(Date::MAX, &zone("Pacific/Pago_Pago"));
    assert!(check_end_date(Date::MAX, UtcDateTime::MAX, &OrgZone::utc(), GuestMaxDays::MAX).is_ok());
}

#[test]
fn the_day_the_clocks_go_forward_is_an_hour_short_and_back_an_hour_long() {
    let madrid = zone("Europe/Madrid");
    let hours = |date: Date| {
        (AccessWindow::ending_on(date, &madrid).ends_at - madrid.start_of_day(date)).whole_hours()
    };
    assert_eq!(hours(date!(2026 - 03 - 29)), 23);
    assert_eq!(hours(date!(2026 - 10 - 25)), 25);
}

#[test]
fn access_until_the_day_before_a_missing_midnight_ends_when_the_clocks_jump() {
    let window = AccessWindow::ending_on(date!(2018 - 11 - 03), &zone("America/Sao_Paulo"));
    assert_eq!(window.ends_at, utc_datetime!(2018-11-04 03:00));
}

#[test]
fn access_until_a_day_that_was_skipped_ends_with_the_day_before_it() {
    let apia = zone("Pacific/Apia");
    let skipped = AccessWindow::ending_on(date!(2011 - 12 - 30), &apia);
    assert_eq!(
        skipped.ends_at,
        AccessWindow::ending_on(date!(2011 - 12 - 29), &apia).ends_at
    );
    assert_eq!(skipped.days_left(utc_datetime!(2011-12-29 12:00), &apia), 1);
}

#[test]
fn another_zone_moves_no_instant_but_counts_its_own_days() {
    let window = AccessWindow::ending_on(date!(2026 - 05 - 10), &OrgZone::utc());
    let now = utc_datetime!(2026-05-10 09:00);
    assert_eq!(window.days_left(now, &OrgZone::utc()), 1);
    // In Kiritimati it is 10 May 23:00, and access goes on until 11 May 14:00.
    assert_eq!(window.days_left(now, &zone("Pacific/Kiritimati")), 2);
}

#[test]
fn days_left_reaches_zero_at_the_very_end_and_stays_there() {
    let window = AccessWindow::ending_on(date!(2026 - 05 - 10), &OrgZone::utc());
    assert_eq!(
        window.days_left(window.ends_at - Duration::MICROSECOND, &OrgZone::utc()),
        1
    );
    assert_eq!(window.days_left(window.ends_at, &OrgZone::utc()), 0);
    assert_eq!(window.days_left(UtcDateTime::MAX, &OrgZone::utc()), 0);
}

#[test]
fn reminders_come_7_and_1_times_24_hours_before_the_end_also_across_a_clock_change() {
    let window = AccessWindow::ending_on(date!(2026 - 03 - 29), &zone("Europe/Madrid"));
    assert_eq!(window.ends_at, utc_datetime!(2026-03-29 22:00));
    let expected = ReminderTimes {
        week: Some(utc_datetime!(2026-03-22 22:00)), // 23:00 in Madrid
        day: Some(utc_datetime!(2026-03-28 22:00)),
    };
    assert_eq!(reminders_for(&window, utc_datetime!(2026-03-01 00:00)), expected);
}

#[test]
fn a_reminder_whose_moment_has_passed_is_left_out() {
    let window = AccessWindow::ending_on(date!(2026 - 05 - 10), &OrgZone::utc());
    let week = window.ends_at - Duration::WEEK;
    let day = window.ends_at - Duration::DAY;
    assert_eq!(
        reminders_for(&window, week),
        ReminderTimes {
            week: Some(week),
            day: Some(day)
        }
    );
    assert_eq!(
        reminders_for(&window, week + Duration::MICROSECOND),
        ReminderTimes {
            week: None,
            day: Some(day)
        }
    );
    assert_eq!(
        reminders_for(&window, day + Duration::MICROSECOND),
        ReminderTimes::NONE
    );
}

proptest! {
    #[test]
    fn an_allowed_end_lies_ahead_on_a_whole_second_and_the_days_left_count_down_to_it(
        place in proptest::sample::select(places_and_moments()),
        seconds in 0i64..(400 * 86_400),
        days in 0i64..=CAP,
    ) {
        let (zone, start) = place;
        let now = start + Duration::seconds(seconds);
        let date = zone.local_date(now) + Duration::days(days);
        let window = check(date, now, &zone).unwrap();
        prop_assert!(window.ends_at > now);
        prop_assert_eq!(window.ends_at.nanosecond(), 0);
        prop_assert_eq!(i64::from(window.days_left(now, &zone)), days + 1);
    }
}
