use serde_json::Value as Json;

use super::Value;
use crate::{Field, FieldType, instant, number};

/// A stored value that doesn't have the form in which values of its field are stored: the store is corrupt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored value of field {field} is no {field_type}")]
pub struct StoredRefused {
    /// The field's key.
    pub field: crate::FieldKey,
    /// What its values should be.
    pub field_type: FieldType,
}

impl Value {
    /// The value as it is stored: numbers as decimal text, so that no JSON library can round them; instants with six
    /// digits; ids hyphenated.
    #[must_use]
    pub fn to_stored(&self) -> Json {
        match self {
            Self::Text(text) | Self::Choice(text) => Json::String(text.clone()),
            Self::Number(number) => Json::String(number::to_text(*number)),
            Self::Boolean(flag) => Json::Bool(*flag),
            Self::Date(date) => Json::String(instant::date_text(*date)),
            Self::DateTime(at) => Json::String(instant::instant_text(*at)),
            Self::Choices(options) => Json::Array(options.iter().cloned().map(Json::String).collect()),
            Self::User(id) => Json::String(id.to_string()),
            Self::Record(id) => Json::String(id.to_string()),
        }
    }

    /// Reads a stored value back. It is not checked against the rules of today: an option that is gone stays readable.
    ///
    /// # Errors
    /// - [`StoredRefused`]: the value was not written by [`Value::to_stored`] for a field of this type.
    pub fn from_stored(field: &Field, stored: &Json) -> Result<Self, StoredRefused> {
        let value = match (field.field_type(), stored) {
            (FieldType::Boolean, Json::Bool(flag)) => Some(Self::Boolean(*flag)),
            (FieldType::MultiChoice, Json::Array(options)) => {
                let texts = options.iter().map(|option| option.as_str().map(str::to_owned));
                texts.collect::<Option<Vec<_>>>().map(Self::Choices)
            }
            (field_type, Json::String(text)) => from_text(field_type, text),
            _ => None,
        };
        value.ok_or_else(|| StoredRefused {
            field: field.key.clone(),
            field_type: field.field_type(),
        })
    }
}

fn from_text(field_type: FieldType, text: &str) -> Option<Value> {
    match field_type {
        FieldType::Text | FieldType::Email | FieldType::Url | FieldType::Phone => {
            Some(Value::Text(text.to_owned()))
        }
        FieldType::Choice => Some(Value::Choice(text.to_owned())),
        FieldType::Number | FieldType::Currency | FieldType::Percentage => {
            let digits = number::is_json_number(text).then(|| number::from_json_number(text));
            digits.flatten().map(Value::Number)
        }
        FieldType::Date => instant::parse_date(text).map(Value::Date),
        FieldType::DateTime => instant::parse_instant(text).map(Value::DateTime),
        FieldType::User => text.parse().ok().map(Value::User),
        FieldType::Record => text.parse().ok().map(Value::Record),
        FieldType::Boolean | FieldType::MultiChoice => None,
    }
}
