//! Instants and dates as they are written in bodies and queries.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcDateTime, UtcOffset};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

const WRITTEN_INSTANT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
const WRITTEN_DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// An instant: written as RFC 3339 in UTC with microseconds, read with any offset and truncated to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub UtcDateTime);

/// A civil date without a zone, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate(pub Date);

/// The text is no RFC 3339 instant of the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 instant such as 2026-03-31T09:30:00Z")]
pub struct NotAnInstant;

/// The text is no date of the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a date such as 2026-03-31")]
pub struct NotADate;

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let instant = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| NotAnInstant)?;
        let instant = instant.checked_to_offset(UtcOffset::UTC).ok_or(NotAnInstant)?;
        if !(1..=9999).contains(&instant.year()) {
            return Err(NotAnInstant);
        }
        Ok(Self(instant.to_utc().truncate_to_microsecond()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(WRITTEN_INSTANT).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for CivilDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        match Date::parse(text, WRITTEN_DATE) {
            Ok(date) if text.len() == 10 && (1..=9999).contains(&date.year()) => Ok(Self(date)),
            _ => Err(NotADate),
        }
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(WRITTEN_DATE).map_err(|_| fmt::Error)?)
    }
}

impl From<UtcDateTime> for Instant {
    fn from(instant: UtcDateTime) -> Self {
        Self(instant)
    }
}

impl From<Date> for CivilDate {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

macro_rules! written_as_text {
    ($type:ident, $name:literal, $format:ident, $what:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }

        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::$format)))
                    .into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                $name.into()
            }
        }
    };
}

written_as_text!(Instant, "Instant", DateTime, "an RFC 3339 instant");
written_as_text!(CivilDate, "CivilDate", Date, "a date");

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::{date, utc_datetime};

    use super::*;

    fn instant(text: &str) -> Result<Instant, serde_json::Error> {
        serde_json::from_value(json!(text))
    }

    fn civil_date(text: &str) -> Result<CivilDate, serde_json::Error> {
        serde_json::from_value(json!(text))
    }

    #[test]
    fn instants_are_written_in_utc_with_microseconds() {
        let written = |instant| serde_json::to_value(Instant(instant)).unwrap();
        assert_eq!(
            written(utc_datetime!(2026-03-01 9:05)),
            "2026-03-01T09:05:00.000000Z"
        );
        assert_eq!(
            written(utc_datetime!(2026-03-01 9:05:07.000_001)),
            "2026-03-01T09:05:07.000001Z"
        );
    }

    #[test]
    fn instants_are_read_with_any_offset_and_truncated() {
        assert_eq!(
            instant("2026-03-01T09:05:00Z").unwrap().0,
            utc_datetime!(2026-03-01 9:05)
        );
        assert_eq!(
            instant("2026-03-01T00:05:00+14:00").unwrap().0,
            utc_datetime!(2026-02-28 10:05)
        );
        let fine = instant("2026-03-01T09:05:00.1234567Z").unwrap();
        assert_eq!(fine.0, utc_datetime!(2026-03-01 9:05:00.123_456));
    }

    #[test]
    fn other_texts_are_refused() {
        let no_instants = [
            "",
            "now",
            "2026-03-01",
            "2026-03-01T09:05:00",
            "2026-02-30T09:05:00Z",
            "2026-03-01T25:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "0000-06-01T00:00:00Z",
            "1767225600",
        ];
        for text in no_instants {
            assert!(instant(text).is_err(), "{text}");
        }
        for text in [
            "",
            "2026-02-29",
            "2026-3-1",
            "20260301",
            "2026-03-01T00:00:00Z",
            "+2026-03-01",
            "0000-01-01",
            "-001-01-01",
        ] {
            assert!(civil_date(text).is_err(), "{text}");
        }
        assert!(serde_json::from_value::<Instant>(json!(1)).is_err());
    }

    #[test]
    fn dates_are_read_and_written_alike() {
        let leap_day = CivilDate(date!(2028 - 02 - 29));
        assert_eq!(serde_json::to_value(leap_day).unwrap(), "2028-02-29");
        assert_eq!(civil_date("2028-02-29").unwrap(), leap_day);
    }

    #[test]
    fn a_wrong_text_in_a_body_is_a_bad_request() {
        let problem = crate::json_body::parse::<CivilDate>(b"\"tomorrow\"").unwrap_err();
        assert_eq!(
            (problem.status().as_u16(), problem.code()),
            (400, "invalid_format")
        );
        let problem = crate::json_body::parse::<Instant>(b"17").unwrap_err();
        assert_eq!((problem.status().as_u16(), problem.code()), (400, "invalid_type"));
    }

    #[test]
    fn schemas_name_their_formats() {
        assert_eq!(
            serde_json::to_value(Instant::schema()).unwrap(),
            json!({"type": "string", "format": "date-time"})
        );
        assert_eq!(
            serde_json::to_value(CivilDate::schema()).unwrap(),
            json!({"type": "string", "format": "date"})
        );
    }
}
