//! Reading values that somebody gave: JSON to value, against the rules of the field.

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::{Value, ValueRefused, formats};
use crate::{Field, FieldKind, FieldType, Options, instant, number};

/// Longest text, in characters.
const MAX_TEXT: usize = 10_000;
/// Decimal places of an amount of money.
const MAX_CURRENCY_PLACES: u32 = 4;

impl Value {
    /// Reads the value that a client gives for a field; `None` for null, and for an empty list of options.
    ///
    /// Numbers are read from their digits, never through a float. Whether a user or record exists is for the caller to
    /// find out, and so is whether the value of a unique field is taken.
    ///
    /// # Errors
    /// [`ValueRefused`], with `wrong_type` for a JSON type that values of the field never have (null is fine), and
    /// otherwise one of these codes:
    /// - `required`: nothing but blanks for a required text.
    /// - `too_long`: over 10,000 characters of text, 2,000 of a link, 254 of a mail address, 500 of a unique value.
    /// - `invalid_text`: control characters other than line feed and tab.
    /// - `out_of_range`: more than 28 digits before the point, after it, or in all.
    /// - `too_precise`: more than four decimal places of a currency.
    /// - `invalid_date`, `invalid_instant`, `invalid_id`, `invalid_email`, `invalid_url`, `invalid_phone`: the text isn't one.
    /// - `unknown_option`, `option_twice`: not among the options, or named twice.
    ///
    /// # Examples
    /// ```
    /// use vestibule_custom_objects::{Field, FieldKey, FieldKind, FieldNumber, Value};
    ///
    /// let price = Field {
    ///     number: FieldNumber::FIRST,
    ///     key: FieldKey::parse("price")?,
    ///     label: "Price".into(),
    ///     help: None,
    ///     kind: FieldKind::Currency,
    ///     required: false,
    ///     unique: false,
    ///     default: None,
    /// };
    /// let parse = |json: &'static str| Value::parse(&price, serde_json::from_str(json).unwrap());
    ///
    /// assert_eq!(parse("1250.50")?.unwrap().to_json().get(), "1250.5");
    /// assert_eq!(parse("null")?, None);
    /// assert_eq!(parse("0.00001").unwrap_err().code, "too_precise");
    /// assert!(parse("\"1250.50\"").unwrap_err().wrong_type);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(field: &Field, json: &RawValue) -> Result<Option<Self>, ValueRefused> {
        let json = json.get().trim();
        if json == "null" {
            return Ok(None);
        }
        let value = match &field.kind {
            FieldKind::Boolean => Some(Self::Boolean(boolean(json)?)),
            FieldKind::Number | FieldKind::Percentage => {
                Some(Self::Number(decimal(json, field.field_type())?))
            }
            FieldKind::Currency => Some(Self::Number(amount(json)?)),
            FieldKind::MultiChoice(options) => choices(json, options)?,
            _ => Some(from_string(field, string(json, field.field_type())?)?),
        };
        if let Some(value) = value.as_ref().filter(|_| field.unique) {
            check_unique(field, value)?;
        }
        Ok(value)
    }
}

fn boolean(json: &str) -> Result<bool, ValueRefused> {
    match json {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ValueRefused::wrong_type(FieldType::Boolean)),
    }
}

fn decimal(json: &str, field_type: FieldType) -> Result<Decimal, ValueRefused> {
    if !number::is_json_number(json) {
        return Err(ValueRefused::wrong_type(field_type));
    }
    let refused = ValueRefused::new(
        "out_of_range",
        "must have at most 28 digits before and after the point in all",
    );
    number::from_json_number(json).ok_or(refused)
}

fn amount(json: &str) -> Result<Decimal, ValueRefused> {
    let amount = decimal(json, FieldType::Currency)?;
    if amount.normalize().scale() > MAX_CURRENCY_PLACES {
        return Err(ValueRefused::new(
            "too_precise",
            "must have at most 4 decimal places",
        ));
    }
    Ok(amount)
}

fn string(json: &str, field_type: FieldType) -> Result<String, ValueRefused> {
    if !json.starts_with('"') {
        return Err(ValueRefused::wrong_type(field_type));
    }
    // What is a string in form but doesn't decode has half a surrogate pair in it.
    let text: String = serde_json::from_str(json).map_err(|_| ValueRefused::invalid_text())?;
    if is_plain(&text) {
        Ok(text)
    } else {
        Err(ValueRefused::invalid_text())
    }
}

/// Whether the text has no control characters but line feed and tab.
pub(crate) fn is_plain(text: &str) -> bool {
    text.chars()
        .all(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
}

fn choices(json: &str, options: &Options) -> Result<Option<Value>, ValueRefused> {
    let wrong_type = || ValueRefused::wrong_type(FieldType::MultiChoice);
    if !json.starts_with('[') {
        return Err(wrong_type());
    }
    let given: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| wrong_type())?;
    let mut chosen: Vec<String> = Vec::new();
    for option in given {
        let option = string(option.get().trim(), FieldType::MultiChoice)?;
        check_option(&option, options)?;
        if chosen.contains(&option) {
            return Err(ValueRefused::new("option_twice", "must not name an option twice"));
        }
        chosen.push(option);
    }
    Ok(if chosen.is_empty() {
        None
    } else {
        Some(Value::Choices(chosen))
    })
}

fn check_option(option: &str, options: &Options) -> Result<(), ValueRefused> {
    let refused = ValueRefused::new("unknown_option", "must be one of the options of the field");
    if options.contains(option) {
        Ok(())
    } else {
        Err(refused)
    }
}

fn from_string(field: &Field, text: String) -> Result<Value, ValueRefused> {
    match &field.kind {
        FieldKind::Choice(options) => {
            check_option(&text, options)?;
            Ok(Value::Choice(text))
        }
        FieldKind::Date => {
            let refused = ValueRefused::new("invalid_date", "must be a date such as 2026-03-14");
            instant::parse_date(&text).map(Value::Date).ok_or(refused)
        }
        FieldKind::DateTime => {
            let refused = ValueRefused::new(
                "invalid_instant",
                "must be an instant such as 2026-03-14T09:30:00Z",
            );
            instant::parse_instant(&text).map(Value::DateTime).ok_or(refused)
        }
        FieldKind::User { .. } => uuid_text(&text)
            .and_then(|id| id.parse().ok())
            .map(Value::User)
            .ok_or_else(no_id),
        FieldKind::Record { .. } => uuid_text(&text)
            .and_then(|id| id.parse().ok())
            .map(Value::Record)
            .ok_or_else(no_id),
        FieldKind::Email => formats::check_email(&text).map(|()| Value::Text(text)),
        FieldKind::Url => formats::check_url(&text).map(|()| Value::Text(text)),
        FieldKind::Phone => formats::check_phone(&text).map(|()| Value::Text(text)),
        _ => plain_text(field, text),
    }
}

fn no_id() -> ValueRefused {
    ValueRefused::new(
        "invalid_id",
        "must be an id such as 0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3",
    )
}

/// The id in lower case if the text is one in the hyphenated form; UUIDs may be written in others too.
pub(crate) fn uuid_text(text: &str) -> Option<String> {
    let fits = |(at, byte): (usize, u8)| {
        if matches!(at, 8 | 13 | 18 | 23) {
            byte == b'-'
        } else {
            byte.is_ascii_hexdigit()
        }
    };
    (text.len() == 36 && text.bytes().enumerate().all(fits)).then(|| text.to_ascii_lowercase())
}

fn plain_text(field: &Field, text: String) -> Result<Value, ValueRefused> {
    if field.required && text.trim().is_empty() {
        return Err(ValueRefused::required());
    }
    if text.chars().count() > MAX_TEXT {
        return Err(ValueRefused::too_long(MAX_TEXT));
    }
    Ok(Value::Text(text))
}

fn check_unique(field: &Field, value: &Value) -> Result<(), ValueRefused> {
    let long = matches!(value, Value::Text(text) if text.chars().count() > Field::MAX_UNIQUE_CHARS);
    if long || value.sort_key(field).len() > Field::MAX_UNIQUE_KEY_BYTES {
        return Err(ValueRefused::too_long(Field::MAX_UNIQUE_CHARS));
    }
    Ok(())
}
