//! What an attribute may be compared with, and how.

use super::token::Token;
use super::{Attribute, FilterRefused, Operator};
use crate::value::{is_plain, option_key, text_key, uuid_text};
use crate::{FieldType, instant, number};

impl Attribute {
    /// How values of the attribute are written and compared.
    const fn field_type(self) -> FieldType {
        match self {
            Self::Id => FieldType::Record,
            Self::ExternalId => FieldType::Text,
            Self::CreatedAt | Self::UpdatedAt => FieldType::DateTime,
            Self::Field { field_type, .. } => field_type,
        }
    }
}

/// Refuses an operator that says nothing about values of the attribute.
pub(super) fn check_operator(
    attribute: Attribute,
    op: Operator,
    position: usize,
) -> Result<(), FilterRefused> {
    let parts = matches!(op, Operator::Co | Operator::Sw | Operator::Ew);
    let ordered = matches!(op, Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le);
    let (fits, known) = match attribute.field_type() {
        FieldType::Text | FieldType::Email | FieldType::Url | FieldType::Phone | FieldType::Choice => {
            (true, "")
        }
        FieldType::Boolean | FieldType::User | FieldType::Record | FieldType::MultiChoice => {
            (!parts && !ordered, "eq, ne and pr")
        }
        FieldType::Number
        | FieldType::Currency
        | FieldType::Percentage
        | FieldType::Date
        | FieldType::DateTime => (!parts, "eq, ne, gt, ge, lt, le and pr"),
    };
    if fits {
        Ok(())
    } else {
        Err(mismatch(position, &format!("this field knows {known} only")))
    }
}

/// The key of what the attribute is compared with.
pub(super) fn key(attribute: Attribute, token: &Token<'_>, position: usize) -> Result<String, FilterRefused> {
    let field_type = attribute.field_type();
    let key = match (field_type, token) {
        (FieldType::Boolean, Token::Word("true")) => Some("1".to_owned()),
        (FieldType::Boolean, Token::Word("false")) => Some("0".to_owned()),
        (FieldType::Number | FieldType::Currency | FieldType::Percentage, Token::Number(text)) => {
            number::from_json_number(text).map(number::sort_key)
        }
        (_, Token::Text(text)) => string_key(attribute, text),
        _ => None,
    };
    key.ok_or_else(|| mismatch(position, expected(field_type)))
}

fn string_key(attribute: Attribute, text: &str) -> Option<String> {
    if !is_plain(text) {
        return None;
    }
    match attribute.field_type() {
        FieldType::Text if attribute == Attribute::ExternalId => Some(text.to_owned()),
        FieldType::Date => instant::parse_date(text).map(instant::date_text),
        FieldType::DateTime => instant::parse_instant(text).map(instant::instant_text),
        FieldType::User | FieldType::Record => uuid_text(text),
        FieldType::MultiChoice => Some(option_key(text)),
        // Nothing is left to compare of a telephone number without digits.
        FieldType::Phone => Some(text_key(FieldType::Phone, text)).filter(|key| !key.is_empty()),
        field_type @ (FieldType::Text | FieldType::Email | FieldType::Url | FieldType::Choice) => {
            Some(text_key(field_type, text))
        }
        FieldType::Boolean | FieldType::Number | FieldType::Currency | FieldType::Percentage => None,
    }
}

const fn expected(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Boolean => "this field is compared with true, false or null",
        FieldType::Number | FieldType::Currency | FieldType::Percentage => {
            "this field is compared with a number of at most 28 digits, or null"
        }
        FieldType::Date => "this field is compared with a date such as \"2026-03-14\", or null",
        FieldType::DateTime => {
            "this field is compared with an instant such as \"2026-03-14T09:30:00Z\", or null"
        }
        FieldType::User | FieldType::Record => "this field is compared with an id in quotes, or null",
        FieldType::Phone => "this field is compared with a text that has digits in it, or null",
        _ => "this field is compared with a text in quotes, without control characters, or null",
    }
}

pub(super) fn mismatch(position: usize, detail: &str) -> FilterRefused {
    FilterRefused::TypeMismatch {
        position,
        detail: detail.to_owned(),
    }
}
