//! Objects: their fields, and what may be changed about them.

mod change;
mod draft;
mod refused;

pub use change::{FieldChanged, Switched};
pub use draft::{FieldChange, FieldDraft};
pub use refused::{ObjectReason, ObjectRefused};

use std::collections::BTreeSet;

use vestibule_access_control::{ObjectId, UserId};

use crate::{Field, FieldKey, FieldNumber, ObjectKey, Value, Values};

/// Describes one kind of record that an organization made up: its names and fields.
///
/// Every change goes through a method that checks it, and a refused change leaves the object as it was.
/// Ids are given from outside; what records already hold is not looked at here.
///
/// # Examples
/// ```
/// use vestibule_custom_objects::{FieldDraft, FieldType, Object};
/// use vestibule_access_control::ObjectId;
///
/// let owner = FieldDraft { represents_ownership: true, ..FieldDraft::new("owner", "Owner", FieldType::User) };
/// let amount = FieldDraft::new("amount", "Amount", FieldType::Currency);
/// let mut deal = Object::new(ObjectId::from_u128(1), "deal", "Deal", "Deals", vec![owner, amount]).unwrap();
/// assert!(deal.is_ownable());
///
/// let refused = deal.remove_field("owner").unwrap_err();
/// assert_eq!(refused.code(), "last_ownership_field");
///
/// let twice = FieldDraft::new("amount", "Amount again", FieldType::Number);
/// let problems = deal.add_field(twice).unwrap_err();
/// assert_eq!((problems[0].code(), problems[0].pointer().as_str()), ("field_key_taken", "/key"));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    id: ObjectId,
    key: ObjectKey,
    singular: String,
    plural: String,
    fields: Vec<Field>,
    next_field: FieldNumber,
}

impl Object {
    /// How many fields an object has at most.
    pub const MAX_FIELDS: usize = 100;
    /// How many of them are user fields at most.
    pub const MAX_USER_FIELDS: usize = 10;

    /// An object as it was stored; `fields` in the order in which people are shown them. `None` if no sequence of
    /// changes leads there: two fields with one number or key, or a number that is yet to be given.
    #[must_use]
    pub fn from_stored(
        id: ObjectId,
        key: ObjectKey,
        singular: String,
        plural: String,
        fields: Vec<Field>,
        next_field: FieldNumber,
    ) -> Option<Self> {
        let numbers: BTreeSet<_> = fields.iter().map(|field| field.number).collect();
        let keys: BTreeSet<_> = fields.iter().map(|field| &field.key).collect();
        let distinct = numbers.len() == fields.len() && keys.len() == fields.len();
        let given = numbers
            .iter()
            .all(|number| (FieldNumber::FIRST..next_field).contains(number));
        (distinct && given).then_some(Self {
            id,
            key,
            singular,
            plural,
            fields,
            next_field,
        })
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> ObjectId {
        self.id
    }

    /// Its name in the API.
    #[must_use]
    pub const fn key(&self) -> &ObjectKey {
        &self.key
    }

    /// What people call one record.
    #[must_use]
    pub fn singular(&self) -> &str {
        &self.singular
    }

    /// What people call several records.
    #[must_use]
    pub fn plural(&self) -> &str {
        &self.plural
    }

    /// Its fields in the order in which people are shown them.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The number that the next field will get.
    #[must_use]
    pub const fn next_field(&self) -> FieldNumber {
        self.next_field
    }

    /// The field with this key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key.as_str() == key)
    }

    /// The field with this number.
    #[must_use]
    pub fn field_numbered(&self, number: FieldNumber) -> Option<&Field> {
        self.fields.iter().find(|field| field.number == number)
    }

    /// The fields whose values own the record, in the order in which people are shown them.
    pub fn ownership_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.represents_ownership())
    }

    /// Whether records of this object can have owners at all.
    #[must_use]
    pub fn is_ownable(&self) -> bool {
        self.ownership_fields().next().is_some()
    }

    /// The owners of a record with these values: the union over the ownership fields, each once, by id. None of them:
    /// the record is unowned.
    #[must_use]
    pub fn owners_of(&self, values: &Values) -> Vec<UserId> {
        let owners: BTreeSet<_> = self
            .ownership_fields()
            .filter_map(|field| match values.get(field.number) {
                Some(Value::User(owner)) => Some(*owner),
                _ => None,
            })
            .collect();
        owners.into_iter().collect()
    }

    fn place_of(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.key.as_str() == key)
    }

    fn has_key(&self, key: &FieldKey) -> bool {
        self.place_of(key.as_str()).is_some()
    }
}
