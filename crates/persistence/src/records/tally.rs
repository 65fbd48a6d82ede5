//! How many records an object has, kept as they come and go.

use diesel::prelude::*;

use super::predicate::Place;
use crate::error::StoreError;
use crate::schema::object_tallies;
use crate::statement::{Dialect, Statement};
use crate::transaction::{Tx, WriteTx};
use crate::types::db;

pub(super) fn tally(tx: &mut Tx<'_>, place: &Place) -> Result<i64, StoreError> {
    let records = object_tallies::table
        .filter(object_tallies::org_id.eq(db(place.org)))
        .filter(object_tallies::object_id.eq(db(place.object)))
        .select(object_tallies::records)
        .first(tx.conn)
        .optional()?;
    Ok(records.unwrap_or(0))
}

/// Notes that `more` records came (or went), or that records changed owners.
pub(super) fn moved(tx: &mut WriteTx<'_>, place: &Place, more: i64) -> Result<(), StoreError> {
    let mut sql = Statement::new(Dialect::of(tx));
    sql.sql("UPDATE object_tallies SET records = records + ")
        .large(more);
    sql.sql(", owners_version = owners_version + 1 WHERE org_id = ")
        .id(place.org);
    sql.sql(" AND object_id = ").id(place.object);
    match sql.execute(tx.conn)? {
        1 => Ok(()),
        _ => Err(StoreError::Reference),
    }
}
