//! Records of custom objects. Field values pass as the JSON text they are, so that no number loses a digit.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_custom_objects::Object;
use vestibule_persistence::records::Record;

use crate::dto::bulk::BulkError;
use crate::instant::Instant;
use crate::merge_patch::{Patch, not_null};

/// Field values as they came, by field key.
pub type FieldValues = vestibule_custom_objects::GivenValues;

/// A record as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Record)]
pub struct RecordBody {
    /// Its id.
    pub id: Uuid,
    /// Its id in another system, unique within the object.
    #[schema(required = true)]
    pub external_id: Option<String>,
    /// A value for every field of the object, in the order they are shown in; null where there is none.
    #[schema(value_type = BTreeMap<String, serde_json::Value>, example = json!({ "name": "Acme deal", "amount": 1250.5 }))]
    pub fields: ShownFields,
    /// The users that the ownership fields name, each once.
    pub owners: Vec<Uuid>,
    /// Made at.
    pub created_at: Instant,
    /// Last changed at.
    pub updated_at: Instant,
    /// What the caller may do with it.
    pub can: RecordCan,
}

/// One page of records.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordPage {
    /// The records, in the order asked for.
    pub items: Vec<RecordBody>,
    /// What to pass as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
    /// The number of records on all pages, when `count=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total: Option<u64>,
    /// What the users and records are called that these records name, by id, when `names=true`. Users who were deleted
    /// and records that the caller doesn't view have no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<BTreeMap<String, String>>)]
    pub names: Option<BTreeMap<Uuid, String>>,
}

/// A record, with what the things are called that it names.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordWithNames)]
pub struct NamedRecordBody {
    /// The record.
    #[serde(flatten)]
    pub record: RecordBody,
    /// What the users and records are called that it names, by id, when `names=true`. Users who were deleted and records
    /// that the caller doesn't view have no name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<BTreeMap<String, String>>)]
    pub names: Option<BTreeMap<Uuid, String>>,
}

/// Whether names come along with a record.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct NamesParams {
    /// Whether to tell what the users and records are called that the record names.
    #[param(value_type = Option<bool>, default = false)]
    pub names: bool,
}

/// What the caller may do with a record that they see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordCan {
    /// Change it, as long as it stays within reach.
    pub edit: bool,
    /// Delete it.
    pub delete: bool,
}

/// The fields of an object with a record's values, in shown order.
#[derive(Debug)]
pub struct ShownFields(Vec<(String, Option<Box<RawValue>>)>);

impl Serialize for ShownFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl RecordBody {
    /// The record as shown to somebody who may do this with it.
    pub fn of(object: &Object, record: &Record, can: RecordCan) -> Self {
        let shown = object.fields().iter().map(|field| {
            let value = record.values.get(field.number);
            (
                field.key.to_string(),
                value.map(vestibule_custom_objects::Value::to_json),
            )
        });
        RecordBody {
            id: record.id.into(),
            external_id: record.external_id.clone(),
            fields: ShownFields(shown.collect()),
            owners: object
                .owners_of(&record.values)
                .into_iter()
                .map(Uuid::from)
                .collect(),
            created_at: Instant(record.created_at),
            updated_at: Instant(record.updated_at),
            can,
        }
    }
}

/// A record to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecord {
    /// Values by field key. A field left out gets its default. Where all ownership fields are left out, the caller
    /// becomes the owner by the first of them; an explicit null proposes a record without that owner.
    #[schema(value_type = BTreeMap<String, serde_json::Value>, example = json!({ "name": "Acme deal", "amount": 1250.5 }))]
    pub fields: FieldValues,
    /// Its id in another system, unique within the object: 1 to 255 characters.
    pub external_id: Option<String>,
}

/// Changes to a record.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPatch {
    /// The values to change, by field key: null empties a field, a field left out stays.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(value_type = BTreeMap<String, serde_json::Value>, nullable = false, required = false)]
    pub fields: Option<FieldValues>,
    /// Its id in another system; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub external_id: Patch<String>,
}

/// Which records a list holds, of those that the caller may view.
#[derive(Clone, Debug, Default, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecordFilter {
    /// A filter in the grammar of SCIM (RFC 7644 §3.4.2.2) over field keys, `id`, `external_id`, `created_at` and
    /// `updated_at`: `stage eq "won" and amount gt 100`.
    pub filter: Option<String>,
    /// The record with this id in another system.
    pub external_id: Option<String>,
    /// Whether to tell what the users and records are called that the records name. May change between pages.
    #[serde(default, skip_serializing)]
    #[param(value_type = Option<bool>, default = false)]
    pub names: bool,
}

/// What to do with many records.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordBulk {
    /// The command.
    pub action: RecordBulkAction,
    /// The records, at most 1,000.
    pub items: Vec<RecordBulkItem>,
    /// All or none; otherwise each record on its own.
    #[serde(default)]
    pub atomic: bool,
    /// Tell what would happen, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// A command for many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordBulkAction {
    /// Make records: `fields`, and `external_id` if wanted.
    Create,
    /// Change the record with this `external_id`, or make it: needs `external_id`.
    Upsert,
    /// Change records, named by `id` (an `external_id` beside it is the new one) or by `external_id`.
    Update,
    /// Delete records, named by `id` or by `external_id`.
    Delete,
}

impl RecordBulkAction {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Upsert => "upsert",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// One of many records.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordBulkItem {
    /// The record.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub id: Option<Uuid>,
    /// Its id in another system.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub external_id: Patch<String>,
    /// Values by field key, as for a single record.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(value_type = BTreeMap<String, serde_json::Value>, nullable = false, required = false)]
    pub fields: Option<FieldValues>,
}

/// What became of each record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordBulkReport {
    /// One result per item, in the order given.
    pub results: Vec<RecordBulkResult>,
    /// How many commands succeeded (or would).
    pub succeeded: usize,
    /// How many were refused (or would be).
    pub failed: usize,
    /// Whether anything was written: not in a dry run, not when an atomic request had a refusal.
    pub applied: bool,
}

/// What became of one record.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RecordBulkResult {
    /// Which item, counted from 0.
    pub index: usize,
    /// `ok` or `refused`.
    #[schema(example = "ok")]
    pub status: &'static str,
    /// The record, when the command succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<Uuid>,
    /// Whether the record was made, when the command succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub created: Option<bool>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<BulkError>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_body::parse;

    #[test]
    fn values_keep_every_digit_on_their_way_in() {
        let text =
            br#"{"fields": {"a": 0.1000000000000000000000000001, "b": 1e40, "c": [1.50, {"d": "x"}]}}"#;
        let patch: RecordPatch = parse(text).unwrap_or_else(|problem| panic!("{problem}"));
        let fields = patch.fields.unwrap();
        let shown: Vec<&str> = fields.values().map(|value| value.get()).collect();
        assert_eq!(
            shown,
            ["0.1000000000000000000000000001", "1e40", r#"[1.50, {"d": "x"}]"#]
        );
    }

    #[test]
    fn refusals_point_into_the_fields() {
        let refusal = |text: &str| {
            let problem = parse::<RecordBulk>(text.as_bytes()).unwrap_err();
            (
                problem.code().to_owned(),
                problem.body().errors[0].pointer.clone(),
            )
        };
        let twice = r#"{"action":"create","items":[{"fields":{"a":1,"a":2}}]}"#;
        assert_eq!(
            refusal(twice),
            ("duplicate_field".to_owned(), "/items/0/fields/a".to_owned())
        );
        let unknown = r#"{"action":"create","items":[{"fields":{}},{"org_id":"x"}]}"#;
        assert_eq!(
            refusal(unknown),
            ("unknown_field".to_owned(), "/items/1/org_id".to_owned())
        );
        let list = r#"{"action":"create","items":[{"fields":[]}]}"#;
        assert_eq!(
            refusal(list),
            ("invalid_type".to_owned(), "/items/0/fields".to_owned())
        );
        let nul = r#"{"action":"create","items":[{"fields":{"a":"\u0000"}}]}"#;
        assert_eq!(
            refusal(nul),
            ("invalid_text".to_owned(), "/items/0/fields/a".to_owned())
        );
    }
}
