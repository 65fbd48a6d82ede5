//! Conditions on records, in the filter grammar of SCIM.

mod operand;
mod parse;
mod refused;
mod token;

pub use refused::FilterRefused;

use crate::{FieldNumber, FieldType, Object};

/// Names what a filter or a sort looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// The record's id, compared as hyphenated lower-case text.
    Id,
    /// The record's external id, compared exactly, case included.
    ExternalId,
    /// When the record was made; compared as an RFC 3339 instant with six digits.
    CreatedAt,
    /// When the record was last changed; likewise.
    UpdatedAt,
    /// The value of a field, compared by [`Value::sort_key`](crate::Value::sort_key).
    Field {
        /// Which field.
        number: FieldNumber,
        /// Its type.
        field_type: FieldType,
    },
}

impl Attribute {
    /// The attribute that a filter or sort names: `id`, `external_id`, `created_at`, `updated_at`, or the key of a
    /// field.
    #[must_use]
    pub fn named(name: &str, object: &Object) -> Option<Self> {
        match name {
            "id" => Some(Self::Id),
            "external_id" => Some(Self::ExternalId),
            "created_at" => Some(Self::CreatedAt),
            "updated_at" => Some(Self::UpdatedAt),
            key => object.field(key).map(|field| Self::Field {
                number: field.number,
                field_type: field.field_type(),
            }),
        }
    }

    const fn is_multi_choice(self) -> bool {
        matches!(
            self,
            Self::Field {
                field_type: FieldType::MultiChoice,
                ..
            }
        )
    }
}

/// How an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal; for multi_choice: the option is among those chosen.
    Eq,
    /// Not equal, or no value; for multi_choice: the option is not among those chosen.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

/// A condition on a record: what the filter language means, ready for memory or for a database.
///
/// Comparisons work on keys alone ([`Value::sort_key`](crate::Value::sort_key)), byte by byte, so every evaluation
/// gives the same answer. There is no third truth value: a comparison with a missing value is false, except
/// [`Operator::Ne`], which is true then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Filter {
    /// All of them.
    And(Vec<Filter>),
    /// Any of them.
    Or(Vec<Filter>),
    /// The opposite.
    Not(Box<Filter>),
    /// The attribute has a value.
    Present(Attribute),
    /// The attribute compares so with this key. For a multi_choice attribute (`Eq` and `Ne` only) the key is to be
    /// looked for anywhere in the record's key.
    Compare {
        /// What is compared.
        attribute: Attribute,
        /// How.
        op: Operator,
        /// With what.
        key: String,
    },
}

impl Filter {
    /// Whether a record passes, given the key of each of its attributes, or `None` for one without a value.
    ///
    /// The reference for every other evaluation, and all there is to it.
    pub fn matches(&self, get: impl Fn(Attribute) -> Option<String>) -> bool {
        self.holds(&get)
    }

    fn holds(&self, get: &dyn Fn(Attribute) -> Option<String>) -> bool {
        match self {
            Self::And(all) => all.iter().all(|filter| filter.holds(get)),
            Self::Or(any) => any.iter().any(|filter| filter.holds(get)),
            Self::Not(filter) => !filter.holds(get),
            Self::Present(attribute) => get(*attribute).is_some(),
            Self::Compare { attribute, op, key } => {
                get(*attribute).map_or(*op == Operator::Ne, |own| compare(*attribute, *op, &own, key))
            }
        }
    }
}

fn compare(attribute: Attribute, op: Operator, own: &str, key: &str) -> bool {
    let same = if attribute.is_multi_choice() {
        own.contains(key)
    } else {
        own == key
    };
    match op {
        Operator::Eq => same,
        Operator::Ne => !same,
        Operator::Co => own.contains(key),
        Operator::Sw => own.starts_with(key),
        Operator::Ew => own.ends_with(key),
        Operator::Gt => own > key,
        Operator::Ge => own >= key,
        Operator::Lt => own < key,
        Operator::Le => own <= key,
    }
}
