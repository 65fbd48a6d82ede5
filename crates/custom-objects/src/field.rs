use std::fmt;

use vestibule_access_control::ObjectId;

use crate::{FieldKey, FieldType, Options, Value};

/// Numbers a field within its object, from 1; stable and never given to another field, so stored values are kept by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldNumber(i16);

impl FieldNumber {
    /// The number of an object's first field.
    pub const FIRST: Self = Self(1);

    /// The field number for a number that is known to be one, also in constants.
    #[must_use]
    pub const fn new(number: i16) -> Self {
        Self(number)
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> i16 {
        self.0
    }

    pub(crate) fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

impl fmt::Display for FieldNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Describes one field of an object.
///
/// Plain data, to be read; an [`Object`](crate::Object) checks every change to its fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its number within the object.
    pub number: FieldNumber,
    /// Its name in the API.
    pub key: FieldKey,
    /// What people are shown.
    pub label: String,
    /// What to fill in, for people.
    pub help: Option<String>,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether every new record needs a value.
    pub required: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// The value of a new record that doesn't mention the field.
    pub default: Option<Value>,
}

impl Field {
    /// How many characters a value of a unique field has at most.
    pub const MAX_UNIQUE_CHARS: usize = 500;
    /// How many bytes the sort key of such a value has at most: what an index can hold.
    pub const MAX_UNIQUE_KEY_BYTES: usize = 2_000;

    /// The type of its values.
    #[must_use]
    pub const fn field_type(&self) -> FieldType {
        self.kind.field_type()
    }

    /// Whether its value is an owner of the record.
    #[must_use]
    pub const fn represents_ownership(&self) -> bool {
        matches!(
            self.kind,
            FieldKind::User {
                represents_ownership: true
            }
        )
    }
}

/// What a field holds, with what the type alone doesn't say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Any text.
    Text,
    /// An exact decimal.
    Number,
    /// True or false.
    Boolean,
    /// A civil date.
    Date,
    /// An instant.
    DateTime,
    /// One of these options.
    Choice(Options),
    /// Several of these options.
    MultiChoice(Options),
    /// A mail address.
    Email,
    /// An http or https address.
    Url,
    /// A telephone number.
    Phone,
    /// An amount of money.
    Currency,
    /// A percentage.
    Percentage,
    /// A user.
    User {
        /// Whether the user is an owner of the record.
        represents_ownership: bool,
    },
    /// A record.
    Record {
        /// The object it is a record of.
        object: ObjectId,
    },
}

impl FieldKind {
    /// The type alone.
    #[must_use]
    pub const fn field_type(&self) -> FieldType {
        match self {
            Self::Text => FieldType::Text,
            Self::Number => FieldType::Number,
            Self::Boolean => FieldType::Boolean,
            Self::Date => FieldType::Date,
            Self::DateTime => FieldType::DateTime,
            Self::Choice(_) => FieldType::Choice,
            Self::MultiChoice(_) => FieldType::MultiChoice,
            Self::Email => FieldType::Email,
            Self::Url => FieldType::Url,
            Self::Phone => FieldType::Phone,
            Self::Currency => FieldType::Currency,
            Self::Percentage => FieldType::Percentage,
            Self::User { .. } => FieldType::User,
            Self::Record { .. } => FieldType::Record,
        }
    }

    /// What can be chosen, of a choice field.
    #[must_use]
    pub const fn options(&self) -> Option<&Options> {
        match self {
            Self::Choice(options) | Self::MultiChoice(options) => Some(options),
            _ => None,
        }
    }
}
