use proptest::prelude::*;
use time::{
    Date, Duration, UtcDateTime,
    macros::{date, utc_datetime},
};
use vestibule_guest_lifecycle::OrgZone;

pub(crate) fn zone(name: &str) -> OrgZone {
    OrgZone::parse(name).unwrap()
}

fn day_starts(name: &str, date: Date) -> UtcDateTime {
    zone(name).start_of_day(date)
}

#[test]
fn a_zone_is_found_in_any_case_and_keeps_its_usual_capitals() {
    assert_eq!(zone("america/NEW_york").name(), "America/New_York");
    assert_eq!(zone("utc").name(), "UTC");
    assert_eq!(zone("utc"), OrgZone::utc());
}

#[test]
fn an_alias_is_accepted_under_its_own_name() {
    assert_eq!(zone("Asia/Calcutta").name(), "Asia/Calcutta");
}

#[test]
fn what_names_no_place_is_refused() {
    for name in [
        "",
        " ",
        "UTC ",
        "Mars/Olympus",
        "+02:00",
        "EST5EDT4,M3",
        "Factory",
        "Etc/Unknown",
        "Europe/Madrid\0",
    ] {
        let refused = OrgZone::parse(name).unwrap_err();
        assert_eq!(refused.code(), "time_zone_unknown", "{name:?}");
    }
    assert_eq!(OrgZone::parse(&"x".repeat(100_000)).unwrap_err().name.len(), 64);
}

#[test]
fn the_day_changes_first_in_kiritimati_and_last_in_pago_pago() {
    let now = utc_datetime!(2026-03-10 10:30);
    assert_eq!(zone("Pacific/Kiritimati").local_date(now), date!(2026 - 03 - 11));
    assert_eq!(zone("Pacific/Pago_Pago").local_date(now), date!(2026 - 03 - 09));
    assert_eq!(
        day_starts("Pacific/Kiritimati", date!(2026 - 03 - 11)),
        utc_datetime!(2026-03-10 10:00)
    );
    assert_eq!(
        day_starts("Pacific/Pago_Pago", date!(2026 - 03 - 11)),
        utc_datetime!(2026-03-11 11:00)
    );
}

#[test]
fn a_day_without_midnight_starts_at_one_o_clock() {
    assert_eq!(
        day_starts("America/Sao_Paulo", date!(2018 - 11 - 04)),
        utc_datetime!(2018-11-04 03:00)
    );
    assert_eq!(
        day_starts("Africa/Cairo", date!(2023 - 04 - 28)),
        utc_datetime!(2023-04-27 22:00)
    );
    assert_eq!(
        day_starts("Asia/Beirut", date!(2022 - 03 - 27)),
        utc_datetime!(2022-03-26 22:00)
    );
    assert_eq!(
        day_starts("America/Asuncion", date!(2023 - 10 - 01)),
        utc_datetime!(2023-10-01 04:00)
    );
}

#[test]
fn a_gap_around_midnight_starts_the_day_at_half_past_twelve() {
    // In Toronto in 1919 the clocks went from 23:30 on 30 March to 00:30 on 31 March.
    assert_eq!(
        day_starts("America/Toronto", date!(1919 - 03 - 31)),
        utc_datetime!(1919-03-31 04:30)
    );
}

#[test]
fn a_skipped_day_starts_where_the_next_one_does() {
    // Samoa went from 29 to 31 December 2011.
    let next = utc_datetime!(2011-12-30 10:00);
    assert_eq!(day_starts("Pacific/Apia", date!(2011 - 12 - 30)), next);
    assert_eq!(day_starts("Pacific/Apia", date!(2011 - 12 - 31)), next);
    assert_eq!(zone("Pacific/Apia").local_date(next), date!(2011 - 12 - 31));
    assert_eq!(
        zone("Pacific/Apia").local_date(next - Duration::MICROSECOND),
        date!(2011 - 12 - 29)
    );
}

#[test]
fn a_repeated_midnight_counts_the_first_time() {
    // Havana goes back from 01:00 to 00:00, so midnight comes at UTC-4 and again at UTC-5.
    assert_eq!(
        day_starts("America/Havana", date!(2023 - 11 - 05)),
        utc_datetime!(2023-11-05 04:00)
    );
    // St. John's went back from 00:01 to 23:01 of the day before.
    assert_eq!(
        day_starts("America/St_Johns", date!(2010 - 11 - 07)),
        utc_datetime!(2010-11-07 02:30)
    );
}

#[test]
fn midnight_after_a_repeated_hour_before_it_counts_the_only_time_it_comes() {
    // Asuncion went back from 00:00 to 23:00: 26 March 2023 begins once the second 23:59 is over.
    assert_eq!(
        day_starts("America/Asuncion", date!(2023 - 03 - 26)),
        utc_datetime!(2023-03-26 04:00)
    );
}

#[test]
fn the_ends_of_the_calendar_do_not_panic() {
    for name in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let zone = zone(name);
        for date in [Date::MIN, Date::MAX] {
            zone.start_of_day(date);
        }
        for instant in [UtcDateTime::MIN, UtcDateTime::MAX] {
            zone.local_date(instant);
        }
    }
}

/// Walks the clock minute by minute until it shows `date` or later.
fn first_minute_not_before(zone: &OrgZone, date: Date) -> UtcDateTime {
    let mut instant = date.midnight().as_utc() - Duration::hours(40);
    while zone.local_date(instant) < date {
        instant += Duration::MINUTE;
    }
    instant
}

fn all_zone_names() -> Vec<String> {
    let names: Vec<String> = jiff::tz::TimeZoneDatabase::bundled()
        .available()
        .map(|name| name.to_string())
        .collect();
    assert!(names.len() > 400, "the zone data is compiled in");
    names
        .into_iter()
        .filter(|name| OrgZone::parse(name).is_ok())
        .collect()
}

proptest! {
    #[test]
    fn a_day_starts_at_the_first_minute_whose_date_is_not_before_it(
        name in proptest::sample::select(all_zone_names()),
        day in 0i64..(90 * 365),
    ) {
        let zone = zone(&name);
        let date = date!(1975 - 01 - 01) + Duration::days(day);
        prop_assert_eq!(zone.start_of_day(date), first_minute_not_before(&zone, date));
    }
}

#[test]
fn every_zone_starts_each_change_of_its_clocks_correctly() {
    // Every day on which some zone of this list changed its clocks around midnight since 2000.
    for name in [
        "Africa/Cairo",
        "America/Havana",
        "America/St_Johns",
        "Asia/Amman",
        "Asia/Beirut",
        "Pacific/Apia",
    ] {
        let zone = zone(name);
        let mut date = date!(2000 - 01 - 01);
        while date < date!(2030 - 01 - 01) {
            let start = zone.start_of_day(date);
            assert!(zone.local_date(start) >= date, "{name} {date}");
            assert!(zone.local_date(start - Duration::SECOND) < date, "{name} {date}");
            date = date.next_day().unwrap();
        }
    }
}
