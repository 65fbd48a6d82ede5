//! What a deleted user owned goes to an heir, or to nobody.

use diesel::prelude::*;
use time::UtcDateTime;
use vestibule_custom_objects::FieldNumber;

use super::predicate::Place;
use super::tally::moved;
use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId, UserId};
use crate::objects::{self, StoredObject};
use crate::statement::{Dialect, Statement};
use crate::transaction::WriteTx;
use crate::types::DbInstant;

/// Hands every record that a user owns to another user, or to nobody: the ownership fields that name the one then name
/// the other, or lose their value. While an ownership change runs, fields that are to mean ownership count too. Returns
/// how many records changed, by object; objects without any are left out.
///
/// # Errors
/// [`StoreError::Reference`] when there is no such heir; otherwise when the database fails.
///
/// # Complexity
/// O(records owned); O(records of the object) for an object whose ownership is just being changed. A fixed number of
/// statements for each object.
pub fn hand_over(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    from: UserId,
    to: Option<UserId>,
    now: UtcDateTime,
) -> Result<Vec<(ObjectId, u64)>, StoreError> {
    let mut changed = Vec::new();
    if to == Some(from) {
        return Ok(changed);
    }
    for object in objects::all(tx, org)? {
        let fields = owning_fields(&object);
        if fields.is_empty() {
            continue;
        }
        let records = rename(tx, org, &object, &fields, from, to, now)?;
        if records == 0 {
            continue;
        }
        let place = Place::of(org, &object);
        if let Some(to) = to {
            add_edges(tx, &place, &object, from, to)?;
        }
        remove_edges(tx, &place, from)?;
        moved(tx, &place, 0)?;
        changed.push((object.object.id(), u64::try_from(records).unwrap_or(u64::MAX)));
    }
    Ok(changed)
}

/// The fields that mean ownership now, and those that will.
fn owning_fields(object: &StoredObject) -> Vec<FieldNumber> {
    let now = object.object.ownership_fields().map(|field| field.number);
    let to_be = object
        .pending_ownership
        .iter()
        .flat_map(|pending| pending.fields.iter().copied());
    let mut fields: Vec<FieldNumber> = now.chain(to_be).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

fn rename(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: &StoredObject,
    fields: &[FieldNumber],
    from: UserId,
    to: Option<UserId>,
    now: UtcDateTime,
) -> Result<usize, StoreError> {
    let place = Place::of(org, object);
    let mut sql = Statement::new(Dialect::of(tx));
    sql.not_kept().sql("UPDATE records SET values_doc = ");
    renamed(&mut sql, "values_doc", fields, from, to);
    sql.sql(", sort_keys = ");
    renamed(&mut sql, "sort_keys", fields, from, to);
    sql.sql(", version = version + 1, updated_at = ")
        .at(DbInstant(now));
    sql.sql(" WHERE ");
    place.records(&mut sql, "records");
    if object.pending_ownership.is_none() {
        sql.sql(" AND id IN (SELECT e.record_id FROM record_owners e WHERE ");
        place.owners(&mut sql, "e");
        sql.sql(" AND e.owner_id = ").id(from).sql(")");
    }
    sql.sql(" AND (1 = 0");
    for field in fields {
        sql.sql(" OR ");
        names(&mut sql, *field, from);
    }
    sql.sql(")");
    Ok(sql.execute(tx.conn)?)
}

fn names(sql: &mut Statement, field: FieldNumber, user: UserId) {
    sql.sql(&format!("sort_keys->>'{}' = ", field.get()))
        .words(user.to_string());
}

/// The document with `to` wherever one of the fields names `from`. Where a field doesn't, the path leads nowhere: that
/// keeps the expression as long as there are fields, not twice as long for each.
fn renamed(sql: &mut Statement, document: &str, fields: &[FieldNumber], from: UserId, to: Option<UserId>) {
    let path = |sql: &mut Statement, field: FieldNumber, there: String, nowhere: &str| {
        sql.sql("CASE WHEN ");
        names(sql, field, from);
        sql.sql(&format!(" THEN {there} ELSE {nowhere} END"));
    };
    match (sql.dialect, to) {
        (Dialect::Pg, None) => {
            sql.sql(document);
            for field in fields {
                sql.sql(" - ");
                path(sql, *field, format!("'{}'", field.get()), "''");
            }
        }
        (Dialect::Pg, Some(to)) => {
            sql.sql(&"jsonb_set(".repeat(fields.len())).sql(document);
            for field in fields {
                sql.sql(", ");
                path(
                    sql,
                    *field,
                    format!("'{{{}}}'::text[]", field.get()),
                    "'{-}'::text[]",
                );
                sql.sql(", to_jsonb(")
                    .words(to.to_string())
                    .sql("::text), FALSE)");
            }
        }
        (Dialect::Sqlite, None) => {
            sql.sql("json_remove(").sql(document);
            for field in fields {
                sql.sql(", ");
                path(sql, *field, format!("'$.\"{}\"'", field.get()), "'$.\"-\"'");
            }
            sql.sql(")");
        }
        (Dialect::Sqlite, Some(to)) => {
            sql.sql("json_replace(").sql(document);
            for field in fields {
                sql.sql(", ");
                path(sql, *field, format!("'$.\"{}\"'", field.get()), "'$.\"-\"'");
                sql.sql(", ").words(to.to_string());
            }
            sql.sql(")");
        }
    }
}

/// The heir owns what the other one owns, also in a generation that is being made.
fn add_edges(
    tx: &mut WriteTx<'_>,
    place: &Place,
    object: &StoredObject,
    from: UserId,
    to: UserId,
) -> Result<(), StoreError> {
    let mut sql = Statement::new(Dialect::of(tx));
    sql.sql(
        "INSERT INTO record_owners (org_id, object_id, generation, record_id, owner_id, created_at) \
         SELECT e.org_id, e.object_id, e.generation, e.record_id, ",
    );
    sql.id(to).sql(", e.created_at FROM record_owners e WHERE ");
    place.records(&mut sql, "e");
    sql.sql(" AND e.owner_id = ")
        .id(from)
        .sql(" AND e.generation >= ")
        .small(object.generation);
    sql.sql(
        " AND NOT EXISTS (SELECT 1 FROM record_owners h WHERE h.org_id = e.org_id AND h.object_id = e.object_id \
         AND h.record_id = e.record_id AND h.generation = e.generation AND h.owner_id = ",
    );
    sql.id(to).sql(")");
    sql.execute(tx.conn)?;
    Ok(())
}

fn remove_edges(tx: &mut WriteTx<'_>, place: &Place, from: UserId) -> Result<(), StoreError> {
    let mut sql = Statement::new(Dialect::of(tx));
    sql.sql("DELETE FROM record_owners WHERE ");
    place.records(&mut sql, "record_owners");
    sql.sql(" AND owner_id = ").id(from);
    sql.execute(tx.conn)?;
    Ok(())
}
