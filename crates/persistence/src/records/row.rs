//! A record and its stored form.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use time::UtcDateTime;
use vestibule_custom_objects::{Object, Values};

use crate::error::StoreError;
use crate::ids::RecordId;
use crate::types::{DbId, DbInstant, DbJson, Id, Instant, Json};

/// A record of a custom object. Its owners are what `Object::owners_of` finds in its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id (UUIDv7).
    pub id: RecordId,
    /// The id that another system knows it by.
    pub external_id: Option<String>,
    /// What its fields hold.
    pub values: Values,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// When it last changed.
    pub updated_at: UtcDateTime,
}

/// A record by either of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordRef<'a> {
    /// By its own id.
    Id(RecordId),
    /// By the id that another system knows it by.
    External(&'a str),
}

/// What [`RecordRow`] is read from.
pub(super) const COLUMNS: &str = "r.id, r.external_id, r.values_doc, r.version, r.created_at, r.updated_at";

#[derive(QueryableByName)]
pub(super) struct RecordRow {
    #[diesel(sql_type = Id)]
    pub(super) id: DbId,
    #[diesel(sql_type = Nullable<Text>)]
    external_id: Option<String>,
    #[diesel(sql_type = Json)]
    values_doc: DbJson,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Instant)]
    created_at: DbInstant,
    #[diesel(sql_type = Instant)]
    updated_at: DbInstant,
}

impl RecordRow {
    /// Values of fields that the object has no more are passed over.
    pub(super) fn into_record(self, object: &Object) -> Result<Record, StoreError> {
        let values = Values::from_stored(object, &self.values_doc.0)
            .map_err(|_| StoreError::corrupt("records", "values_doc"))?;
        Ok(Record {
            id: self.id.0.into(),
            external_id: self.external_id,
            values,
            version: self.version,
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
        })
    }
}
