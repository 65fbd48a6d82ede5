//! Civil dates in the time zone of an organization.

use std::fmt;

use jiff::{Timestamp, civil, tz};
use time::{Date, Duration, UtcDateTime};

/// Converts between instants and civil dates in an organization's time zone.
///
/// The zone data (IANA) is compiled in: nothing is read from the machine, so every node answers alike.
/// Two zones are equal when their names are.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::OrgZone;
///
/// let zone = OrgZone::parse("pacific/kiritimati")?;
/// assert_eq!(zone.name(), "Pacific/Kiritimati");
/// assert_eq!(zone.local_date(utc_datetime!(2026-01-01 10:00)), date!(2026-01-02));
/// assert_eq!(zone.start_of_day(date!(2026-01-02)), utc_datetime!(2026-01-01 10:00));
///
/// assert_eq!(OrgZone::parse("Mars/Olympus").unwrap_err().code(), "time_zone_unknown");
/// # Ok::<(), vestibule_guest_lifecycle::TimeZoneUnknown>(())
/// ```
#[derive(Clone)]
pub struct OrgZone {
    name: String,
    zone: tz::TimeZone,
}

/// Tells that a text is not the name of an IANA time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a known time zone")]
pub struct TimeZoneUnknown {
    /// The name as given, cut to 64 characters.
    pub name: String,
}

impl TimeZoneUnknown {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        "time_zone_unknown"
    }
}

impl OrgZone {
    /// Finds the zone of an IANA name such as `Europe/Madrid`, ignoring ASCII case.
    ///
    /// Aliases (`Asia/Calcutta`) are accepted and keep their own name. Fixed offsets such as `+02:00` are not
    /// names and are refused.
    ///
    /// # Errors
    /// - [`TimeZoneUnknown`]: no such name in the compiled-in data.
    pub fn parse(name: &str) -> Result<Self, TimeZoneUnknown> {
        let unknown = || TimeZoneUnknown {
            name: name.chars().take(64).collect(),
        };
        let zone = tz::TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
        // "Factory" and "Etc/Unknown" are placeholders for "not configured", not places.
        match zone.iana_name().map(str::to_owned) {
            Some(name) if !zone.is_unknown() && name != "Factory" => Ok(Self { name, zone }),
            _ => Err(unknown()),
        }
    }

    /// The zone of Coordinated Universal Time.
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            zone: tz::TimeZone::UTC,
        }
    }

    /// The name with its usual capitals.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The civil date that the clocks of this zone show at `now`.
    pub fn local_date(&self, now: UtcDateTime) -> Date {
        self.offset_date(now).unwrap_or_else(|| now.date())
    }

    /// The first instant of `date` in this zone.
    ///
    /// - When midnight is skipped, the first instant that does exist: 01:00, or 00:30 where clocks jump from
    ///   23:30 to 00:30, or the start of the next day where a whole day is skipped.
    /// - When midnight occurs twice, the earlier of the two.
    ///
    /// For dates at the very ends of the calendar, where the instant cannot be represented, midnight UTC.
    pub fn start_of_day(&self, date: Date) -> UtcDateTime {
        self.first_instant(date)
            .unwrap_or_else(|| date.midnight().as_utc())
    }

    fn offset_date(&self, now: UtcDateTime) -> Option<Date> {
        let timestamp = Timestamp::from_second(now.unix_timestamp()).ok()?;
        let offset = Duration::seconds(self.zone.to_offset(timestamp).seconds().into());
        now.checked_add(offset).map(UtcDateTime::date)
    }

    fn first_instant(&self, date: Date) -> Option<UtcDateTime> {
        let midnight = civil_midnight(date)?;
        let instant = match self.zone.to_ambiguous_timestamp(midnight).offset() {
            tz::AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(midnight).ok()?,
            tz::AmbiguousOffset::Fold { before, .. } => before.to_timestamp(midnight).ok()?,
            tz::AmbiguousOffset::Gap { after, .. } => {
                // Read with the offset after the gap, the missing midnight lies just before the jump, so the
                // next transition is the jump itself: the first instant with a date that is not before `date`.
                let before_jump = after.to_timestamp(midnight).ok()?;
                self.zone.following(before_jump).next()?.timestamp()
            }
        };
        UtcDateTime::from_unix_timestamp(instant.as_second()).ok()
    }
}

fn civil_midnight(date: Date) -> Option<civil::DateTime> {
    let year = i16::try_from(date.year()).ok()?;
    let month = i8::try_from(u8::from(date.month())).ok()?;
    let day = i8::try_from(date.day()).ok()?;
    Some(civil::Date::new(year, month, day).ok()?.at(0, 0, 0, 0))
}

impl PartialEq for OrgZone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for OrgZone {}

impl fmt::Debug for OrgZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrgZone({})", self.name)
    }
}
