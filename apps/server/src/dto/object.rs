//! Custom objects and their fields as they are written in bodies.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_custom_objects::FieldType;

use crate::instant::Instant;
use crate::merge_patch::{Patch, not_null};

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FieldType)]
pub enum FieldTypeWord {
    /// Any text.
    Text,
    /// An exact decimal number.
    Number,
    /// True or false.
    Boolean,
    /// A civil date.
    Date,
    /// An instant.
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
    /// An exact amount of money.
    Currency,
    /// A percentage: 12.5 is 12.5 %.
    Percentage,
    /// A user of the organization, who may be an owner of the record.
    User,
    /// A record of one object.
    Record,
}

macro_rules! same_words {
    ($($word:ident)*) => {
        impl From<FieldTypeWord> for FieldType {
            fn from(word: FieldTypeWord) -> Self {
                match word { $(FieldTypeWord::$word => FieldType::$word,)* }
            }
        }

        impl From<FieldType> for FieldTypeWord {
            fn from(field_type: FieldType) -> Self {
                match field_type { $(FieldType::$word => FieldTypeWord::$word,)* }
            }
        }
    };
}

same_words!(Text Number Boolean Date DateTime Choice MultiChoice Email Url Phone Currency Percentage User Record);

/// A custom object: a kind of record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CustomObject)]
pub struct ObjectBody {
    /// The object's id.
    pub id: Uuid,
    /// Its key in the API, for good.
    #[schema(example = "deal")]
    pub key: String,
    /// What one record is called.
    #[schema(example = "Deal")]
    pub singular: String,
    /// What several records are called.
    #[schema(example = "Deals")]
    pub plural: String,
    /// Its fields, in the order in which people see them.
    pub fields: Vec<FieldBody>,
    /// How far the work is, while it is being worked out anew who owns the records; the old owners count until then.
    #[schema(required = true)]
    pub ownership_change: Option<OwnershipChange>,
    /// When the object was made.
    pub created_at: Instant,
    /// When it or one of its fields last changed.
    pub updated_at: Instant,
    /// What the caller may do.
    pub can: ObjectCan,
}

/// What the caller may do with an object.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ObjectCan {
    /// Whether there is anybody for whom the caller may make records.
    pub create: bool,
}

/// Work on the owners of all records.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnershipChange {
    /// Records done.
    pub done: i64,
    /// Records in all.
    pub total: i64,
    /// The fields that will represent ownership.
    #[schema(example = json!(["owner"]))]
    pub fields: Vec<String>,
}

/// A field of an object.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Field)]
pub struct FieldBody {
    /// Its key in the API, for good.
    #[schema(example = "stage")]
    pub key: String,
    /// What people see.
    #[schema(example = "Stage")]
    pub label: String,
    /// What it holds, for good.
    #[serde(rename = "type")]
    pub field_type: FieldTypeWord,
    /// What to fill in, for people.
    #[schema(required = true)]
    pub help: Option<String>,
    /// Whether every new record needs a value.
    pub required: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// Whether its value is an owner of the record; of user fields only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub represents_ownership: Option<bool>,
    /// What can be chosen; of choice and multi_choice fields only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub options: Option<Vec<String>>,
    /// The key of the object that the record is of; of record fields only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub object: Option<String>,
    /// The value of a new record that doesn't mention the field, or null; not of user and record fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub default: Option<Option<Box<RawValue>>>,
}

/// An object to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewObject {
    /// A lower-case letter and up to 39 lower-case letters, digits and underscores; unique in the org, for good.
    #[schema(example = "deal")]
    pub key: String,
    /// What one record is called, up to 100 characters.
    #[schema(example = "Deal")]
    pub singular: String,
    /// What several records are called, up to 100 characters.
    #[schema(example = "Deals")]
    pub plural: String,
    /// Its fields, at most 100, of which 10 of type `user`.
    #[serde(default)]
    pub fields: Vec<NewField>,
}

/// A field to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewField {
    /// A lower-case letter and up to 39 lower-case letters, digits and underscores; unique in the object, for good.
    #[schema(example = "stage")]
    pub key: String,
    /// What people see, up to 100 characters.
    #[schema(example = "Stage")]
    pub label: String,
    /// What it holds, for good.
    #[serde(rename = "type")]
    pub field_type: FieldTypeWord,
    /// What to fill in, for people.
    pub help: Option<String>,
    /// Whether every new record needs a value.
    #[serde(default)]
    pub required: bool,
    /// Whether no two records may have the same value.
    #[serde(default)]
    pub unique: bool,
    /// Whether its value is an owner of the record; for user fields.
    pub represents_ownership: Option<bool>,
    /// What can be chosen, at most 200 options of up to 100 characters; needed by choice and multi_choice fields.
    #[schema(example = json!(["open", "won", "lost"]))]
    pub options: Option<Vec<String>>,
    /// The key of the object that the record is of; needed by record fields.
    pub object: Option<String>,
    /// The value of a new record that doesn't mention the field.
    #[schema(value_type = Option<serde_json::Value>)]
    pub default: Option<Box<RawValue>>,
}

/// Changes to an object, as a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectPatch {
    /// What one record is called.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub singular: Option<String>,
    /// What several records are called.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub plural: Option<String>,
    /// The keys of all fields, in the order in which people see them.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub field_order: Option<Vec<String>>,
    /// Never changes: another one is refused with 409 `key_fixed`.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub key: Option<String>,
}

/// Changes to a field, as a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldPatch {
    /// What people see.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub label: Option<String>,
    /// What to fill in, for people; null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub help: Patch<String>,
    /// Whether every new record needs a value.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub required: Option<bool>,
    /// Whether no two records may have the same value.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub unique: Option<bool>,
    /// What can be chosen, as a whole; an option that a record has stays.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub options: Option<Vec<String>>,
    /// The value of a new record that doesn't mention the field; null for none.
    #[serde(default)]
    #[schema(value_type = Option<serde_json::Value>)]
    pub default: Patch<Box<RawValue>>,
    /// Whether its value is an owner of the record; for user fields.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub represents_ownership: Option<bool>,
    /// Never changes: another one is refused with 409 `key_fixed`.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub key: Option<String>,
    /// Never changes: another one is refused with 409 `type_fixed`.
    #[serde(rename = "type", default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub field_type: Option<FieldTypeWord>,
    /// Never changes: another one is refused with 409 `object_fixed`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub object: Patch<String>,
}

/// How to delete an object.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeleteObjectParams {
    /// Delete its records too, for good.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    pub delete_records: bool,
}
