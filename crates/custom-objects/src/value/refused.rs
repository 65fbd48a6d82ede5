use std::borrow::Cow;

use crate::FieldType;

/// Why a value is refused. Retrying does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct ValueRefused {
    /// The stable word: `invalid_type`, `required`, `too_long`, `too_precise`, `out_of_range`, `unknown_option`,
    /// `option_twice`, or `invalid_` with `text`, `date`, `instant`, `id`, `email`, `url`, `phone`.
    pub code: &'static str,
    /// For people.
    pub detail: Cow<'static, str>,
    /// Whether the JSON type is wrong (malformed: 400) rather than the value (422).
    pub wrong_type: bool,
}

impl ValueRefused {
    pub(crate) const fn new(code: &'static str, detail: &'static str) -> Self {
        Self {
            code,
            detail: Cow::Borrowed(detail),
            wrong_type: false,
        }
    }

    pub(crate) const fn required() -> Self {
        Self::new("required", "a value is required")
    }

    pub(crate) fn too_long(max: usize) -> Self {
        let detail = Cow::Owned(format!("must be at most {max} characters"));
        Self {
            code: "too_long",
            detail,
            wrong_type: false,
        }
    }

    pub(crate) const fn invalid_text() -> Self {
        Self::new("invalid_text", "contains characters that are not allowed")
    }

    /// The JSON type is not the one in which values of `field_type` are written.
    pub(crate) const fn wrong_type(field_type: FieldType) -> Self {
        let detail = match field_type {
            FieldType::Number | FieldType::Currency | FieldType::Percentage => "must be a number or null",
            FieldType::Boolean => "must be true, false or null",
            FieldType::MultiChoice => "must be an array of strings or null",
            _ => "must be a string or null",
        };
        Self {
            code: "invalid_type",
            detail: Cow::Borrowed(detail),
            wrong_type: true,
        }
    }
}
