use std::{fmt, str::FromStr};

/// Says what kind of value a field holds, without the details ([`FieldKind`](crate::FieldKind) has them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldType {
    /// Any text of up to 10,000 characters.
    Text,
    /// An exact decimal number of up to 28 digits.
    Number,
    /// True or false.
    Boolean,
    /// A civil date.
    Date,
    /// An instant, in UTC, to the microsecond.
    DateTime,
    /// One of the field's options.
    Choice,
    /// Several of the field's options.
    MultiChoice,
    /// A mail address.
    Email,
    /// An absolute http or https address.
    Url,
    /// A telephone number.
    Phone,
    /// An exact amount of money with at most four decimal places, in no particular currency.
    Currency,
    /// An exact number that is meant as a percentage: 12.5 is 12.5 %.
    Percentage,
    /// A user of the organization.
    User,
    /// A record of one object.
    Record,
}

impl FieldType {
    /// Every type, in the order of their numbers.
    pub const ALL: [Self; 14] = [
        Self::Text,
        Self::Number,
        Self::Boolean,
        Self::Date,
        Self::DateTime,
        Self::Choice,
        Self::MultiChoice,
        Self::Email,
        Self::Url,
        Self::Phone,
        Self::Currency,
        Self::Percentage,
        Self::User,
        Self::Record,
    ];

    /// The stable number for stores: 1 to 14.
    #[must_use]
    pub const fn number(self) -> i16 {
        match self {
            Self::Text => 1,
            Self::Number => 2,
            Self::Boolean => 3,
            Self::Date => 4,
            Self::DateTime => 5,
            Self::Choice => 6,
            Self::MultiChoice => 7,
            Self::Email => 8,
            Self::Url => 9,
            Self::Phone => 10,
            Self::Currency => 11,
            Self::Percentage => 12,
            Self::User => 13,
            Self::Record => 14,
        }
    }

    /// The type with this number, if there is one.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|field_type| field_type.number() == number)
    }

    /// The stable word for the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Choice => "choice",
            Self::MultiChoice => "multi_choice",
            Self::Email => "email",
            Self::Url => "url",
            Self::Phone => "phone",
            Self::Currency => "currency",
            Self::Percentage => "percentage",
            Self::User => "user",
            Self::Record => "record",
        }
    }

    /// Whether a field of this type may promise that no two records have the same value: every type but boolean,
    /// multi_choice, user and record.
    #[must_use]
    pub const fn may_be_unique(self) -> bool {
        !matches!(
            self,
            Self::Boolean | Self::MultiChoice | Self::User | Self::Record
        )
    }

    /// Whether a field of this type may have a default: every type but user and record, whose targets come and go.
    #[must_use]
    pub const fn may_have_default(self) -> bool {
        !matches!(self, Self::User | Self::Record)
    }

    /// Whether values are chosen from the field's options.
    #[must_use]
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::MultiChoice)
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no field type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is no field type")]
pub struct UnknownFieldType {
    word: String,
}

impl FromStr for FieldType {
    type Err = UnknownFieldType;

    fn from_str(word: &str) -> Result<Self, UnknownFieldType> {
        let known = Self::ALL
            .into_iter()
            .find(|field_type| field_type.as_str() == word);
        known.ok_or_else(|| UnknownFieldType {
            word: word.to_owned(),
        })
    }
}
