//! What a change to a field needs to know, or to do, about the records there are.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use vestibule_custom_objects::{Field, FieldNumber};

use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId};
use crate::schema::record_unique_values;
use crate::statement::{Dialect, Statement};
use crate::transaction::{Tx, WriteTx};
use crate::types::{db, storable};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// Whether any record holds this option in this choice or multi-choice field.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// O(records of the object).
pub fn uses_option(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: ObjectId,
    field: FieldNumber,
    option: &str,
) -> Result<bool, StoreError> {
    if !storable(option) {
        return Ok(false);
    }
    let number = field.get();
    let mut sql = Statement::new(Dialect::of(tx));
    sql.not_kept()
        .sql("SELECT COUNT(*) AS value FROM (SELECT 1 FROM records r WHERE r.org_id = ");
    sql.id(org).sql(" AND r.object_id = ").id(object).sql(" AND ");
    match sql.dialect {
        // An array contains its elements, and a text itself.
        Dialect::Pg => sql
            .sql(&format!("r.values_doc->'{number}' @> to_jsonb("))
            .words(option)
            .sql("::text)"),
        Dialect::Sqlite => sql
            .sql(&format!(
                "EXISTS (SELECT 1 FROM json_each(r.values_doc, '$.\"{number}\"') j WHERE j.value = "
            ))
            .words(option)
            .sql(")"),
    };
    sql.sql(" LIMIT 1) f");
    Ok(sql.get_result::<Found>(tx.conn)?.value > 0)
}

/// Whether any record holds a longer value in this field than a unique field may hold.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// O(records of the object).
pub fn exceeds_unique(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: ObjectId,
    field: FieldNumber,
) -> Result<bool, StoreError> {
    let number = field.get();
    let (chars, bytes) = (Field::MAX_UNIQUE_CHARS, Field::MAX_UNIQUE_KEY_BYTES);
    let mut sql = Statement::new(Dialect::of(tx));
    sql.not_kept()
        .sql("SELECT COUNT(*) AS value FROM (SELECT 1 FROM records r WHERE r.org_id = ");
    sql.id(org).sql(" AND r.object_id = ").id(object);
    sql.sql(&format!(
        " AND (length(r.values_doc->>'{number}') > {chars} OR octet_length(r.sort_keys->>'{number}') > {bytes}) LIMIT 1) f"
    ));
    Ok(sql.get_result::<Found>(tx.conn)?.value > 0)
}

/// Notes the values of a field that is to be unique from now on.
///
/// # Errors
/// [`StoreError::Unique`] with [`crate::UniqueRule::FieldValue`] when two records have the same value.
///
/// # Complexity
/// O(records of the object), in one statement.
pub fn index_unique(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: ObjectId,
    field: FieldNumber,
) -> Result<(), StoreError> {
    let number = field.get();
    let mut sql = Statement::new(Dialect::of(tx));
    sql.not_kept().sql(&format!(
        "INSERT INTO record_unique_values (org_id, object_id, field, value, record_id) \
         SELECT r.org_id, r.object_id, {number}, r.sort_keys->>'{number}', r.id FROM records r WHERE r.org_id = "
    ));
    sql.id(org).sql(" AND r.object_id = ").id(object);
    sql.sql(&format!(" AND r.sort_keys->>'{number}' IS NOT NULL"));
    sql.execute(tx.conn)?;
    Ok(())
}

/// Forgets the values of a field that need not be unique any more.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn drop_unique(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: ObjectId,
    field: FieldNumber,
) -> Result<(), StoreError> {
    diesel::delete(
        record_unique_values::table
            .filter(record_unique_values::org_id.eq(db(org)))
            .filter(record_unique_values::object_id.eq(db(object)))
            .filter(record_unique_values::field.eq(field.get())),
    )
    .execute(tx.conn)?;
    Ok(())
}
