//! What another record has already, reached or not: to refuse a clash, and for nothing else.

use diesel::prelude::*;
use vestibule_custom_objects::FieldNumber;

use super::row::Record;
use crate::error::StoreError;
use crate::ids::OrgId;
use crate::objects::StoredObject;
use crate::schema::record_unique_values;
use crate::transaction::Tx;
use crate::types::db;

/// The unique fields in which another record has the value of this one.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// One indexed read for each unique field with a value.
pub fn taken_values(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: &StoredObject,
    record: &Record,
) -> Result<Vec<FieldNumber>, StoreError> {
    let mut taken = Vec::new();
    for field in object.object.fields().iter().filter(|field| field.unique) {
        let Some(value) = record.values.get(field.number) else {
            continue;
        };
        let others: i64 = record_unique_values::table
            .filter(record_unique_values::org_id.eq(db(org)))
            .filter(record_unique_values::object_id.eq(db(object.object.id())))
            .filter(record_unique_values::field.eq(field.number.get()))
            .filter(record_unique_values::value.eq(value.sort_key(field)))
            .filter(record_unique_values::record_id.ne(db(record.id)))
            .count()
            .get_result(tx.conn)?;
        if others > 0 {
            taken.push(field.number);
        }
    }
    Ok(taken)
}
