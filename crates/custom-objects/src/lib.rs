#![doc = include_str!("../README.md")]

mod draft;
mod field;
mod field_type;
mod filter;
mod fold;
mod instant;
mod key;
mod number;
mod object;
mod options;
mod sort;
mod value;
mod values;

pub use draft::{FieldReason, FieldRefused, GivenValues};
pub use field::{Field, FieldKind, FieldNumber};
pub use field_type::{FieldType, UnknownFieldType};
pub use filter::{Attribute, Filter, FilterRefused, Operator};
pub use key::{FieldKey, KeyRefused, ObjectKey};
pub use object::{FieldChange, FieldChanged, FieldDraft, Object, ObjectReason, ObjectRefused, Switched};
pub use options::{Options, OptionsRefused};
pub use sort::{SortRefused, parse_sort};
pub use value::{StoredRefused, Value, ValueRefused};
pub use values::Values;
