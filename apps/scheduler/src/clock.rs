//! The only place of the apps that reads the system's time.

use std::fmt;
use std::sync::Arc;

use time::UtcDateTime;
use uuid::{NoContext, Timestamp, Uuid};

/// A source of the present instant that is cheap to clone and may be replaced in tests.
///
/// Not for measuring durations: the system clock may be set back; use `std::time::Instant` there.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> UtcDateTime + Send + Sync>);

impl Clock {
    /// The clock of the operating system.
    pub fn system() -> Self {
        Self(Arc::new(system_time))
    }

    /// A clock that answers whatever `source` says, for tests and for replaying the past.
    pub fn from_fn(source: Arc<dyn Fn() -> UtcDateTime + Send + Sync>) -> Self {
        Self(source)
    }

    /// The present instant in UTC, truncated to the microseconds that a database keeps.
    pub fn now(&self) -> UtcDateTime {
        (self.0)().truncate_to_microsecond()
    }

    /// A new UUIDv7 that carries `now` to the millisecond; the rest is random.
    ///
    /// Ids of one millisecond have no order among themselves. An instant before 1970 counts as 1970.
    pub fn new_id(now: UtcDateTime) -> Uuid {
        let seconds = u64::try_from(now.unix_timestamp()).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.nanosecond()))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock that everything else is given"
)]
fn system_time() -> UtcDateTime {
    UtcDateTime::now()
}

#[cfg(test)]
mod tests {
    use time::macros::utc_datetime;

    use super::*;

    #[test]
    fn a_replaced_clock_is_truncated_to_microseconds() {
        let clock = Clock::from_fn(Arc::new(|| utc_datetime!(2026-03-01 10:00:00.123_456_789)));
        assert_eq!(clock.now(), utc_datetime!(2026-03-01 10:00:00.123_456));
    }

    #[test]
    fn the_system_clock_does_not_stand_in_the_past() {
        assert!(Clock::system().now() > utc_datetime!(2026-01-01 0:00));
    }

    #[test]
    fn ids_carry_their_instant_and_sort_by_it() {
        let earlier = Clock::new_id(utc_datetime!(2026-03-01 10:00:00.001));
        let later = Clock::new_id(utc_datetime!(2026-03-01 10:00:00.002));
        assert!(earlier < later);
        assert_eq!(earlier.get_version_num(), 7);
        let (seconds, nanos) = earlier.get_timestamp().unwrap().to_unix();
        assert_eq!(
            i64::try_from(seconds).unwrap(),
            utc_datetime!(2026-03-01 10:00).unix_timestamp()
        );
        assert_eq!(nanos, 1_000_000);
    }

    #[test]
    fn ids_of_one_instant_differ() {
        let now = utc_datetime!(2026-03-01 10:00);
        assert_ne!(Clock::new_id(now), Clock::new_id(now));
    }
}
