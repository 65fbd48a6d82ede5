//! The access window of a guest: its end, the dates it may end on, and its reminders.

use time::{Date, Duration, UtcDateTime};

use crate::{GuestMaxDays, OrgZone};

/// Says when a guest's access ends, as a date for people and as an instant for checks.
///
/// The two are fixed together when the end date is set. A later change of the organization's zone changes
/// neither: build the value from the stored pair, and use [`AccessWindow::ending_on`] for a new date only.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, OrgZone};
///
/// let zone = OrgZone::parse("Pacific/Pago_Pago")?; // UTC-11
/// let window = AccessWindow::ending_on(date!(2026-05-01), &zone);
/// assert_eq!(window.ends_at, utc_datetime!(2026-05-02 11:00));
/// assert!(!window.is_over(utc_datetime!(2026-05-02 10:59:59.999_999)));
/// assert!(window.is_over(utc_datetime!(2026-05-02 11:00)));
/// # Ok::<(), vestibule_guest_lifecycle::TimeZoneUnknown>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccessWindow {
    /// The last usable day, inclusive, in the organization's zone.
    pub ends_on: Date,
    /// The first moment *without* access.
    pub ends_at: UtcDateTime,
}

impl AccessWindow {
    /// The window whose last usable day is `date`: it ends when the next day starts in `zone`.
    ///
    /// The instant falls on a whole second, hence also on a whole microsecond. Whether the date is allowed is
    /// for [`check_end_date`] to say.
    pub fn ending_on(date: Date, zone: &OrgZone) -> Self {
        let ends_at = match date.next_day() {
            Some(next) => zone.start_of_day(next),
            None => date.midnight().as_utc(),
        };
        Self {
            ends_on: date,
            ends_at,
        }
    }

    /// Whether access has ended at `now`: true from [`ends_at`](Self::ends_at) on.
    pub fn is_over(&self, now: UtcDateTime) -> bool {
        now >= self.ends_at
    }

    /// How many calendar days of `zone` still have access in them, counting today as one; 0 once it has ended.
    ///
    /// On the last usable day this is 1. The count follows the instant: after a change of the organization's
    /// zone it counts the days that people there will really see.
    ///
    /// # Examples
    /// ```
    /// use time::macros::{date, utc_datetime};
    /// use vestibule_guest_lifecycle::{AccessWindow, OrgZone};
    ///
    /// let zone = OrgZone::utc();
    /// let window = AccessWindow::ending_on(date!(2026-05-02), &zone);
    /// assert_eq!(window.days_left(utc_datetime!(2026-05-01 23:59), &zone), 2);
    /// assert_eq!(window.days_left(utc_datetime!(2026-05-02 23:59), &zone), 1);
    /// assert_eq!(window.days_left(utc_datetime!(2026-05-03 00:00), &zone), 0);
    /// ```
    pub fn days_left(&self, now: UtcDateTime, zone: &OrgZone) -> u32 {
        if self.is_over(now) {
            return 0;
        }
        let last_moment = self
            .ends_at
            .checked_sub(Duration::MICROSECOND)
            .unwrap_or(self.ends_at);
        let days = (zone.local_date(last_moment) - zone.local_date(now)).whole_days() + 1;
        u32::try_from(days).unwrap_or(1).max(1)
    }
}

/// Why an end date is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndDateRefused {
    /// The date is before today in the organization's zone. To end access now, revoke instead.
    #[error("the end date must be from {first} to {last}; to end access now, revoke it")]
    InPast {
        /// First allowed date: today.
        first: Date,
        /// Last allowed date.
        last: Date,
    },
    /// The date is further ahead than the organization allows.
    #[error("the end date must be from {first} to {last}")]
    BeyondCap {
        /// First allowed date: today.
        first: Date,
        /// Last allowed date.
        last: Date,
    },
}

impl EndDateRefused {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InPast { .. } => "end_date_in_past",
            Self::BeyondCap { .. } => "end_date_beyond_cap",
        }
    }
}

/// Accepts an end date from today to today + `max_days`, both inclusive, and gives its window.
///
/// *Today* is the date in `zone` at `now`. The days count from today, never from an older end date.
///
/// # Errors
/// - [`EndDateRefused::InPast`]: before today.
/// - [`EndDateRefused::BeyondCap`]: after today + `max_days`; allowed later, when the date has come closer.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{GuestMaxDays, OrgZone, check_end_date};
///
/// let (zone, cap, now) = (OrgZone::utc(), GuestMaxDays::default(), utc_datetime!(2026-01-01 12:00));
/// assert!(check_end_date(date!(2026-04-01), now, &zone, cap).is_ok()); // today + 90
///
/// let refused = check_end_date(date!(2026-04-02), now, &zone, cap).unwrap_err();
/// assert_eq!(refused.code(), "end_date_beyond_cap");
/// assert_eq!(refused.to_string(), "the end date must be from 2026-01-01 to 2026-04-01");
/// ```
pub fn check_end_date(
    date: Date,
    now: UtcDateTime,
    zone: &OrgZone,
    max_days: GuestMaxDays,
) -> Result<AccessWindow, EndDateRefused> {
    let first = zone.local_date(now);
    let last = first
        .checked_add(Duration::days(max_days.days().into()))
        .unwrap_or(Date::MAX);
    if date < first {
        Err(EndDateRefused::InPast { first, last })
    } else if date > last {
        Err(EndDateRefused::BeyondCap { first, last })
    } else {
        Ok(AccessWindow::ending_on(date, zone))
    }
}

/// Says when guest and sponsor are reminded of an approaching end; `None` is a reminder that is not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReminderTimes {
    /// 7 × 24 hours before the end.
    pub week: Option<UtcDateTime>,
    /// 24 hours before the end.
    pub day: Option<UtcDateTime>,
}

impl ReminderTimes {
    /// No reminder at all: what is scheduled is cancelled.
    pub const NONE: Self = Self {
        week: None,
        day: None,
    };
}

/// Plans the reminders of a window that is set at `now`, leaving out those whose moment has already passed.
///
/// The distances are in hours, not in calendar days: across a change of the clocks the local time of a reminder
/// differs from that of the end. A moment that is exactly `now` has not passed.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, OrgZone, reminders_for};
///
/// let window = AccessWindow::ending_on(date!(2026-05-05), &OrgZone::utc());
/// let reminders = reminders_for(&window, utc_datetime!(2026-05-02 09:00));
/// assert_eq!(reminders.week, None); // was due on 29 April
/// assert_eq!(reminders.day, Some(utc_datetime!(2026-05-05 00:00)));
/// ```
pub fn reminders_for(window: &AccessWindow, now: UtcDateTime) -> ReminderTimes {
    let before = |hours| {
        window
            .ends_at
            .checked_sub(Duration::hours(hours))
            .filter(|moment| *moment >= now)
    };
    ReminderTimes {
        week: before(7 * 24),
        day: before(24),
    }
}
