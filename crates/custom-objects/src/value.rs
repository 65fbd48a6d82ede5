//! What a field of a record holds.

mod compared;
mod formats;
mod given;
mod refused;
mod stored;

pub(crate) use compared::{option_key, text_key};
pub(crate) use given::{is_plain, uuid_text};
pub use refused::ValueRefused;
pub use stored::StoredRefused;

use rust_decimal::Decimal;
use serde_json::value::RawValue;
use time::{Date, UtcDateTime};
use vestibule_access_control::{RecordId, UserId};

/// Holds the value of one field of one record. No value at all is an `Option`, never a variant.
///
/// Two values that are not equal here may still be compared as equal by filters and unique fields, which ignore case:
/// [`Value::sort_key`] decides that.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of a text, email, url or phone field, as it was given.
    Text(String),
    /// Of a number, currency or percentage field, without trailing zeros.
    Number(Decimal),
    /// Of a boolean field.
    Boolean(bool),
    /// Of a date field, in the years 1 to 9999.
    Date(Date),
    /// Of a date_time field, in whole microseconds, in the years 1 to 9999.
    DateTime(UtcDateTime),
    /// Of a choice field.
    Choice(String),
    /// Of a multi_choice field: distinct, in the order given, at least one.
    Choices(Vec<String>),
    /// Of a user field.
    User(UserId),
    /// Of a record field.
    Record(RecordId),
}

impl Value {
    /// The value as the API gives it: numbers are exact JSON numbers, everything else is as it was given, instants in
    /// UTC.
    #[must_use]
    pub fn to_json(&self) -> Box<RawValue> {
        let text = match self {
            Self::Number(number) => number.normalize().to_string(),
            other => other.to_stored().to_string(),
        };
        RawValue::from_string(text).unwrap_or_else(|_| RawValue::NULL.to_owned())
    }
}
