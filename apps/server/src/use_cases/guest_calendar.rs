//! On which days the access of guests ends.

use time::{Date, Duration};
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::Tx;
use vestibule_persistence::guest_calendar::{EndingDay, ending_days, totals};

use crate::caller::Caller;
use crate::dto::guest_calendar::{CalendarDay, CalendarParams, GuestCalendar, GuestTotalsBody};
use crate::error::UseCaseError;
use crate::instant::CivilDate;

/// How far ahead a calendar looks that says no end.
const AHEAD: Duration = Duration::days(90);

/// How many days lie between the first and the last day at most.
const LONGEST: Duration = Duration::days(370);

/// A week that begins today ends this many days later.
const REST_OF_THE_WEEK: Duration = Duration::days(6);

/// Counts the guests by the day on which their access ends, and by their state.
///
/// # Errors
/// 403 `capability_missing`; 400 `invalid_query` for days in the wrong order, or too far apart.
pub fn guest_calendar(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    params: CalendarParams,
) -> Result<GuestCalendar, UseCaseError> {
    caller.require(Capability::ManageGuests)?;
    let (org, now) = (&caller.org, caller.now);
    let today = org.zone.local_date(now);
    let from = params.from.map_or(today, |from| from.0);
    let until = params.until.map_or_else(|| later(today, AHEAD), |until| until.0);
    if until < from || until - from > LONGEST {
        let detail = "expected a day that is not before the first one, and at most 370 days after it";
        return Err(UseCaseError::malformed("?until", "invalid_query", detail));
    }
    let days = ending_days(tx, org.id, now, (from, until))?;
    let totals = totals(tx, org.id, now, (today, later(today, REST_OF_THE_WEEK)))?;
    Ok(GuestCalendar {
        from: CivilDate(from),
        until: CivilDate(until),
        time_zone: org.zone.name().to_owned(),
        today: CivilDate(today),
        days: days.into_iter().map(day).collect(),
        totals: GuestTotalsBody {
            active: number(totals.active),
            invited: number(totals.invited),
            expired: number(totals.expired),
            revoked: number(totals.revoked),
            ends_this_week: number(totals.ending),
            never_claimed: number(totals.invited),
            never_signed_in: number(totals.never_signed_in),
            sponsor_missing: number(totals.sponsor_missing),
        },
    })
}

fn later(date: Date, by: Duration) -> Date {
    date.saturating_add(by)
}

fn day(day: EndingDay) -> CalendarDay {
    CalendarDay {
        date: CivilDate(day.date),
        active: number(day.active),
        invited: number(day.invited),
    }
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
