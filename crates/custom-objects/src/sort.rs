use crate::{Attribute, Object};

/// Most fields to sort by at once.
const MAX_KEYS: usize = 3;

/// Why a text names no order of records. Retrying does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SortRefused {
    /// Neither a field of the object nor `id`, `external_id`, `created_at` or `updated_at`.
    #[error("`{name}` is no field to sort by")]
    UnknownField {
        /// What was named.
        name: String,
    },
    /// A field that was named before.
    #[error("`{name}` occurs twice")]
    Twice {
        /// What was named.
        name: String,
    },
    /// More fields than a list is sorted by.
    #[error("at most {MAX_KEYS} fields to sort by")]
    TooMany,
}

impl SortRefused {
    /// The stable word for every refusal of a sort: `invalid_sort`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "invalid_sort"
    }
}

/// Reads an order of records such as `-amount,name`: the most important field first, each with whether it goes from
/// the largest down.
///
/// A multi_choice field sorts by its options in the order they were given.
///
/// # Errors
/// - [`SortRefused::UnknownField`]: nothing of that name, also for an empty text.
/// - [`SortRefused::Twice`], [`SortRefused::TooMany`]: a field twice, or more than three.
///
/// # Examples
/// ```
/// use vestibule_access_control::ObjectId;
/// use vestibule_custom_objects::{Attribute, FieldDraft, FieldType, Object, parse_sort};
///
/// let drafts = vec![FieldDraft::new("amount", "Amount", FieldType::Number)];
/// let deal = Object::new(ObjectId::from_u128(1), "deal", "Deal", "Deals", drafts).unwrap();
/// let order = parse_sort("-amount,created_at", &deal)?;
/// assert_eq!(order[1], (Attribute::CreatedAt, false));
/// assert!(order[0].1, "the largest amount comes first");
/// assert_eq!(parse_sort("colour", &deal).unwrap_err().code(), "invalid_sort");
/// # Ok::<(), vestibule_custom_objects::SortRefused>(())
/// ```
pub fn parse_sort(text: &str, object: &Object) -> Result<Vec<(Attribute, bool)>, SortRefused> {
    let mut order: Vec<(Attribute, bool)> = Vec::new();
    for part in text.split(',') {
        if order.len() == MAX_KEYS {
            return Err(SortRefused::TooMany);
        }
        let (name, descending) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
        let unknown = || SortRefused::UnknownField {
            name: name.to_owned(),
        };
        let attribute = Attribute::named(name, object).ok_or_else(unknown)?;
        if order.iter().any(|(known, _)| *known == attribute) {
            return Err(SortRefused::Twice {
                name: name.to_owned(),
            });
        }
        order.push((attribute, descending));
    }
    Ok(order)
}
