//! When a mail that did not leave is tried again.

use time::Duration;

const FIRST: Duration = Duration::seconds(30);
const LONGEST: Duration = Duration::hours(6);
/// About three days: 30 s, 1 min, 2 min, … 4 h 16 min, then every 6 h.
const MOST_ATTEMPTS: u32 = 21;

/// How long to wait after the attempt with this number (the first is 1); `None` when it was the last.
///
/// `dice` spreads the attempts of mails that failed together over a quarter of the wait.
/// Attempts are counted, not days: a mail that nobody tried for a week is not given up.
pub(super) fn wait_after(attempt: u32, dice: u8) -> Option<Duration> {
    if attempt >= MOST_ATTEMPTS {
        return None;
    }
    let doublings = attempt.saturating_sub(1).min(16);
    let wait = (FIRST * 2_i32.pow(doublings)).min(LONGEST);
    let spread: Duration = wait * i32::from(dice) / 255 / 4;
    Some((wait + spread).min(LONGEST))
}

/// A throw for [`wait_after`]; no randomness means no spread.
pub(super) fn dice() -> u8 {
    let mut throw = [0_u8; 1];
    match getrandom::fill(&mut throw) {
        Ok(()) => throw[0],
        Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_half_a_minute_to_six_hours() {
        let waits: Vec<_> = (1..=12)
            .map(|attempt| wait_after(attempt, 0).unwrap().whole_seconds())
            .collect();
        assert_eq!(
            waits,
            [30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15360, 21600, 21600]
        );
    }

    #[test]
    fn the_spread_is_a_quarter_and_never_more_than_six_hours() {
        assert_eq!(wait_after(1, 255), Some(Duration::milliseconds(37_500)));
        assert_eq!(wait_after(2, 255), Some(Duration::seconds(75)));
        assert_eq!(wait_after(15, 255), Some(Duration::hours(6)));
    }

    #[test]
    fn it_ends_after_about_three_days() {
        let waits: Vec<_> = (1..100).map_while(|attempt| wait_after(attempt, 0)).collect();
        let total: Duration = waits.into_iter().sum();
        assert!(
            (Duration::hours(66)..Duration::hours(78)).contains(&total),
            "{total}"
        );
        assert_eq!(wait_after(u32::MAX, 0), None);
    }
}
