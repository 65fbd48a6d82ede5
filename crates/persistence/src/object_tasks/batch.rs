//! One batch of a task: what happens to a range of records, in few statements and without reading any value.

use diesel::prelude::*;
use diesel::sql_types::SmallInt;
use uuid::Uuid;

use super::TaskRef;
use crate::connection::DbConnection;
use crate::error::StoreError;
use crate::schema::{record_owners, record_unique_values, records};
use crate::transaction::WriteTx;
use crate::types::{DbId, Id, db};

/// Records of an object after one id, up to another.
pub(super) struct Batch {
    org: DbId,
    object: DbId,
    after: DbId,
    /// Without an end, everything that is left.
    upto: Option<DbId>,
    whole: bool,
}

impl Batch {
    /// The next `size` records, or the last ones.
    pub(super) fn next(
        tx: &mut WriteTx<'_>,
        task: TaskRef,
        after: Option<DbId>,
        size: i64,
    ) -> Result<Self, StoreError> {
        let (org, object) = (db(task.org), db(task.object));
        let from = after.unwrap_or(DbId(Uuid::nil()));
        // The last one of the batch, and one that tells whether there are more.
        let ends: Vec<DbId> = records::table
            .filter(records::org_id.eq(org))
            .filter(records::object_id.eq(object))
            .filter(records::id.gt(from))
            .order(records::id)
            .offset(size - 1)
            .limit(2)
            .select(records::id)
            .load(tx.conn)?;
        let upto = match ends.as_slice() {
            [end, _] => Some(*end),
            _ => None,
        };
        Ok(Batch {
            org,
            object,
            after: from,
            upto,
            whole: after.is_none() && upto.is_none(),
        })
    }

    /// Whether no record comes after this batch.
    pub(super) fn is_last(&self) -> bool {
        self.upto.is_none()
    }

    /// Whether it is all of the object.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    pub(super) fn end(&self) -> Option<DbId> {
        self.upto
    }

    fn bound(&self) -> DbId {
        self.upto.unwrap_or(DbId(Uuid::max()))
    }

    /// Adds the owners that these fields tell. What writes of records have added meanwhile is the same.
    pub(super) fn derive_owners(
        &self,
        tx: &mut WriteTx<'_>,
        generation: i16,
        fields: &[i16],
    ) -> Result<(), StoreError> {
        for field in fields {
            // Deleted users own nothing, and a value that names nobody tells no owner.
            let named = match tx.conn {
                DbConnection::Pg(_) => format!("(r.values_doc->>'{field}')::uuid"),
                DbConnection::Sqlite(_) => format!("unhex(replace(r.values_doc->>'{field}', '-', ''))"),
            };
            diesel::sql_query(format!(
                "INSERT INTO record_owners (generation, org_id, object_id, record_id, owner_id, created_at) \
                 SELECT $1, r.org_id, r.object_id, r.id, u.id, r.created_at \
                 FROM records r JOIN users u ON u.org_id = r.org_id AND u.id = {named} AND u.deleted_at IS NULL \
                 WHERE r.org_id = $2 AND r.object_id = $3 AND r.id > $4 AND r.id <= $5 \
                 ON CONFLICT DO NOTHING"
            ))
            .bind::<SmallInt, _>(generation)
            .bind::<Id, _>(self.org)
            .bind::<Id, _>(self.object)
            .bind::<Id, _>(self.after)
            .bind::<Id, _>(self.bound())
            .execute(tx.conn)?;
        }
        Ok(())
    }

    /// Removes the owners of a generation and the values of a field.
    pub(super) fn clear(
        &self,
        tx: &mut WriteTx<'_>,
        generation: Option<i16>,
        field: Option<i16>,
    ) -> Result<(), StoreError> {
        if let Some(generation) = generation {
            diesel::delete(
                record_owners::table
                    .filter(record_owners::org_id.eq(self.org))
                    .filter(record_owners::object_id.eq(self.object))
                    .filter(record_owners::record_id.gt(self.after))
                    .filter(record_owners::record_id.le(self.bound()))
                    .filter(record_owners::generation.eq(generation)),
            )
            .execute(tx.conn)?;
        }
        if let Some(field) = field {
            self.erase(tx, field)?;
        }
        Ok(())
    }

    fn erase(&self, tx: &mut WriteTx<'_>, field: i16) -> Result<(), StoreError> {
        let without = |document: &str| match tx.conn {
            DbConnection::Pg(_) => format!("{document} - '{field}'"),
            DbConnection::Sqlite(_) => format!("json_remove({document}, '$.\"{field}\"')"),
        };
        let (values, keys) = (without("values_doc"), without("sort_keys"));
        diesel::sql_query(format!(
            "UPDATE records SET values_doc = {values}, sort_keys = {keys} \
             WHERE org_id = $1 AND object_id = $2 AND id > $3 AND id <= $4 \
             AND (values_doc->>'{field}' IS NOT NULL OR sort_keys->>'{field}' IS NOT NULL)"
        ))
        .bind::<Id, _>(self.org)
        .bind::<Id, _>(self.object)
        .bind::<Id, _>(self.after)
        .bind::<Id, _>(self.bound())
        .execute(tx.conn)?;
        diesel::delete(
            record_unique_values::table
                .filter(record_unique_values::org_id.eq(self.org))
                .filter(record_unique_values::object_id.eq(self.object))
                .filter(record_unique_values::record_id.gt(self.after))
                .filter(record_unique_values::record_id.le(self.bound()))
                .filter(record_unique_values::field.eq(field)),
        )
        .execute(tx.conn)?;
        Ok(())
    }
}
