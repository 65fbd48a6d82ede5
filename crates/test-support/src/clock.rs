//! A clock that moves only when told.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Duration, UtcDateTime};

/// A clock that stands still until a test moves it; clones share the same hands.
///
/// # Examples
///
/// ```
/// use time::{Duration, macros::utc_datetime};
/// use vestibule_test_support::FixedClock;
///
/// let clock = FixedClock::at(utc_datetime!(2026-03-14 22:59:59));
/// let seen_by_the_server = clock.clone();
/// clock.advance(Duration::seconds(1));
/// assert_eq!(seen_by_the_server.now(), utc_datetime!(2026-03-14 23:00));
/// ```
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<Mutex<UtcDateTime>>);

impl FixedClock {
    /// A clock that shows `start`.
    #[must_use]
    pub fn at(start: UtcDateTime) -> Self {
        Self(Arc::new(Mutex::new(start)))
    }

    /// The instant shown now.
    #[must_use]
    pub fn now(&self) -> UtcDateTime {
        *self.hands()
    }

    /// Shows `instant` from now on, earlier or later.
    pub fn set(&self, instant: UtcDateTime) {
        *self.hands() = instant;
    }

    /// Moves by `step` (back when negative) and answers the new instant.
    pub fn advance(&self, step: Duration) -> UtcDateTime {
        let mut hands = self.hands();
        *hands += step;
        *hands
    }

    fn hands(&self) -> MutexGuard<'_, UtcDateTime> {
        // A test that failed while holding the clock has left a whole instant behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::utc_datetime;

    #[test]
    fn it_stands_still_until_it_is_moved() {
        let clock = FixedClock::at(utc_datetime!(2026-01-01 0:00));
        assert_eq!(clock.now(), clock.now());
        assert_eq!(
            clock.advance(Duration::microseconds(1)),
            utc_datetime!(2026-01-01 0:00:00.000001)
        );
        assert_eq!(
            clock.advance(Duration::microseconds(-2)),
            utc_datetime!(2025-12-31 23:59:59.999999)
        );
        clock.set(utc_datetime!(2027-06-01 12:00));
        assert_eq!(clock.now(), utc_datetime!(2027-06-01 12:00));
    }
}
