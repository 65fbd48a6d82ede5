use super::Value;
use crate::fold::fold;
use crate::{Field, FieldType, instant, number};

/// Stands before, between and after the options of a multi_choice key; no option contains it.
const SEPARATOR: char = '\u{1f}';

impl Value {
    /// Text by which the value is compared: its byte order is the order of the values of the field, and two values
    /// count as equal exactly if their keys are.
    ///
    /// Texts, options, mail addresses and links are compared in NFC, ignoring case; telephone numbers by their digits
    /// and the leading `+` alone; numbers, dates and instants by what they denote. Several options are compared in the
    /// order given, each between two U+001F.
    ///
    /// # Examples
    /// ```
    /// use vestibule_custom_objects::{Field, FieldKey, FieldKind, FieldNumber, Value};
    ///
    /// let amount = Field {
    ///     number: FieldNumber::FIRST,
    ///     key: FieldKey::parse("amount")?,
    ///     label: "Amount".into(),
    ///     help: None,
    ///     kind: FieldKind::Number,
    ///     required: false,
    ///     unique: false,
    ///     default: None,
    /// };
    /// let key = |number: &str| -> Result<_, Box<dyn std::error::Error>> {
    ///     let value = Value::parse(&amount, serde_json::from_str(number)?)?;
    ///     Ok(value.map(|value| value.sort_key(&amount)))
    /// };
    /// assert!(key("-10.5")? < key("-10.25")? && key("9")? < key("10")?);
    /// assert_eq!(key("1e3")?, key("1000.0")?);
    /// assert_ne!(key("0.1")?, key("0.1000000000000000000000000001")?, "never through a float");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sort_key(&self, field: &Field) -> String {
        match self {
            Self::Text(text) => text_key(field.field_type(), text),
            Self::Choice(option) => fold(option),
            Self::Number(number) => number::sort_key(*number),
            Self::Boolean(flag) => if *flag { "1" } else { "0" }.to_owned(),
            Self::Date(date) => instant::date_text(*date),
            Self::DateTime(at) => instant::instant_text(*at),
            Self::Choices(options) => {
                let mut key = SEPARATOR.to_string();
                for option in options {
                    key.push_str(&fold(option));
                    key.push(SEPARATOR);
                }
                key
            }
            Self::User(id) => id.to_string(),
            Self::Record(id) => id.to_string(),
        }
    }
}

/// The key of a text, or of a part of one, in a field of this type.
pub(crate) fn text_key(field_type: FieldType, text: &str) -> String {
    if field_type == FieldType::Phone {
        let mut digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if text.trim_start().starts_with('+') {
            digits.insert(0, '+');
        }
        digits
    } else {
        fold(text)
    }
}

/// What the key of several options contains if this option is among them.
pub(crate) fn option_key(option: &str) -> String {
    format!("{SEPARATOR}{}{SEPARATOR}", fold(option))
}
