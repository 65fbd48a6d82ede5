//! Instants and civil dates as text. Fixed widths, so that the order of the texts is the order in time.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcDateTime};

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

fn year_is_kept(year: i32) -> bool {
    (1..=9999).contains(&year)
}

/// The date that `YYYY-MM-DD` names, in the years 1 to 9999.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let date = Date::parse(text, DATE).ok()?;
    // Libraries also read signs and more digits.
    let plain = text.len() == 10 && text.starts_with(|first: char| first.is_ascii_digit());
    (plain && year_is_kept(date.year())).then_some(date)
}

/// The instant that RFC 3339 text with an offset names, without what is finer than a microsecond, in the years 1 to
/// 9999 of UTC.
pub(crate) fn parse_instant(text: &str) -> Option<UtcDateTime> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_utc()?;
    let at = at.replace_nanosecond(at.microsecond() * 1_000).ok()?;
    year_is_kept(at.year()).then_some(at)
}

/// The date as `YYYY-MM-DD`.
pub(crate) fn date_text(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

/// The instant as RFC 3339 in UTC, always with six digits of the second's fraction.
pub(crate) fn instant_text(at: UtcDateTime) -> String {
    let (date, time) = (date_text(at.date()), at.time());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    format!(
        "{date}T{hour:02}:{minute:02}:{second:02}.{:06}Z",
        time.microsecond()
    )
}
