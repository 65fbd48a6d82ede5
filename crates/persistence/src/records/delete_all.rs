//! The end of all records of an object.

use diesel::prelude::*;

use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId};
use crate::schema::{object_tallies, record_owners, record_unique_values, records};
use crate::transaction::WriteTx;
use crate::types::db;

/// Deletes every record of an object that is about to be deleted itself; nobody's permissions are asked.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// O(records of the object), in a handful of statements.
pub fn delete_all(tx: &mut WriteTx<'_>, org: OrgId, object: ObjectId) -> Result<(), StoreError> {
    diesel::delete(
        record_owners::table
            .filter(record_owners::org_id.eq(db(org)))
            .filter(record_owners::object_id.eq(db(object))),
    )
    .execute(tx.conn)?;
    diesel::delete(
        record_unique_values::table
            .filter(record_unique_values::org_id.eq(db(org)))
            .filter(record_unique_values::object_id.eq(db(object))),
    )
    .execute(tx.conn)?;
    diesel::delete(
        records::table
            .filter(records::org_id.eq(db(org)))
            .filter(records::object_id.eq(db(object))),
    )
    .execute(tx.conn)?;
    diesel::update(
        object_tallies::table
            .filter(object_tallies::org_id.eq(db(org)))
            .filter(object_tallies::object_id.eq(db(object))),
    )
    .set((
        object_tallies::records.eq(0_i64),
        object_tallies::owners_version.eq(object_tallies::owners_version + 1),
    ))
    .execute(tx.conn)?;
    Ok(())
}
