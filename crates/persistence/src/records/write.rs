//! Records come, change and go, each with a permit, and everything derived from them in the same transaction: owners,
//! unique values, tallies.

use diesel::prelude::*;
use time::UtcDateTime;
use vestibule_access_control::{Action, Permit};
use vestibule_custom_objects::{FieldNumber, Object, Values};

use super::predicate::Place;
use super::row::Record;
use super::tally::moved;
use crate::error::StoreError;
use crate::ids::{OrgId, RecordId, UserId};
use crate::objects::StoredObject;
use crate::schema::{record_owners, record_unique_values, records};
use crate::statement::{Dialect, Statement};
use crate::transaction::WriteTx;
use crate::types::{DbInstant, DbJson, db};

/// How many rows one statement writes: far below 65,535 values on PostgreSQL and 32,766 on SQLite.
const ROWS_AT_ONCE: usize = 500;

fn permitted(permit: &Permit, action: Action, object: &StoredObject) -> Result<(), StoreError> {
    if permit.action() == action && permit.object() == object.object.id() {
        Ok(())
    } else {
        Err(StoreError::corrupt("records", "permit"))
    }
}

/// The generations of owners that are kept, each with the object as it is meant there: the one that holds and, while
/// an ownership change runs, the one that will.
fn meanings(object: &StoredObject) -> Vec<(i16, Object)> {
    let mut meanings = vec![(object.generation, object.object.clone())];
    if let Some(pending) = &object.pending_ownership {
        let meant = object.object.clone().with_ownership(&pending.fields);
        meanings.push((pending.generation, meant));
    }
    meanings
}

struct Edge {
    generation: i16,
    record: RecordId,
    owner: UserId,
    created_at: UtcDateTime,
}

fn edges<'r>(meanings: &'r [(i16, Object)], record: &'r Record) -> impl Iterator<Item = Edge> + 'r {
    meanings.iter().flat_map(move |(generation, meaning)| {
        meaning
            .owners_of(&record.values)
            .into_iter()
            .map(move |owner| Edge {
                generation: *generation,
                record: record.id,
                owner,
                created_at: record.created_at,
            })
    })
}

fn unique_values<'r>(
    object: &'r Object,
    values: &'r Values,
) -> impl Iterator<Item = (FieldNumber, String)> + 'r {
    let unique = object.fields().iter().filter(|field| field.unique);
    unique.filter_map(|field| Some((field.number, values.get(field.number)?.sort_key(field))))
}

/// Writes a new record.
///
/// # Errors
/// - [`StoreError::Unique`] with [`crate::UniqueRule::FieldValue`] or [`crate::UniqueRule::ExternalId`].
/// - [`StoreError::Reference`] for an owner or an object that there isn't.
/// - [`StoreError::Corrupt`] when the permit is not to create a record of this object.
pub fn insert(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: &StoredObject,
    permit: Permit,
    record: &Record,
) -> Result<(), StoreError> {
    insert_many(tx, org, object, vec![(permit, record)])
}

/// Writes new records, many rows at a time: all of them or none.
///
/// # Errors
/// As [`insert`].
pub fn insert_many<R: std::borrow::Borrow<Record>>(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: &StoredObject,
    new: Vec<(Permit, R)>,
) -> Result<(), StoreError> {
    for (permit, _) in &new {
        permitted(permit, Action::Create, object)?;
    }
    let new: Vec<&Record> = new.iter().map(|(_, record)| record.borrow()).collect();
    if new.is_empty() {
        return Ok(());
    }
    let place = Place::of(org, object);
    for some in new.chunks(ROWS_AT_ONCE) {
        insert_rows(tx, &place, &object.object, some)?;
    }
    let meanings = meanings(object);
    let edges: Vec<Edge> = new.iter().flat_map(|record| edges(&meanings, record)).collect();
    insert_edges(tx, &place, &edges)?;
    let unique: Vec<(RecordId, FieldNumber, String)> = new
        .iter()
        .flat_map(|record| {
            unique_values(&object.object, &record.values).map(|(field, value)| (record.id, field, value))
        })
        .collect();
    insert_unique(tx, &place, &unique)?;
    moved(tx, &place, i64::try_from(new.len()).unwrap_or(i64::MAX))
}

fn insert_rows(
    tx: &mut WriteTx<'_>,
    place: &Place,
    object: &Object,
    rows: &[&Record],
) -> Result<(), StoreError> {
    let mut sql = many(Dialect::of(tx), rows.len());
    sql.sql(
        "INSERT INTO records (org_id, object_id, id, external_id, values_doc, sort_keys, version, created_at, \
         updated_at) VALUES ",
    );
    sql.list(rows, |sql, record| {
        sql.sql("(")
            .id(place.org)
            .sql(", ")
            .id(place.object)
            .sql(", ")
            .id(record.id);
        sql.sql(", ").optional_words(record.external_id.clone());
        sql.sql(", ").document(record.values.to_stored());
        sql.sql(", ").document(record.values.sort_keys(object));
        sql.sql(", ").large(record.version);
        sql.sql(", ").at(DbInstant(record.created_at));
        sql.sql(", ").at(DbInstant(record.updated_at)).sql(")");
    });
    sql.execute(tx.conn)?;
    Ok(())
}

/// One row is written again and again; how many rows a larger statement has, nobody knows.
fn many(dialect: Dialect, rows: usize) -> Statement {
    let mut sql = Statement::new(dialect);
    if rows > 1 {
        sql.not_kept();
    }
    sql
}

fn insert_edges(tx: &mut WriteTx<'_>, place: &Place, edges: &[Edge]) -> Result<(), StoreError> {
    for some in edges.chunks(ROWS_AT_ONCE) {
        let mut sql = many(Dialect::of(tx), some.len());
        sql.sql("INSERT INTO record_owners (org_id, object_id, generation, record_id, owner_id, created_at) VALUES ");
        sql.list(some, |sql, edge| {
            sql.sql("(").id(place.org).sql(", ").id(place.object);
            sql.sql(", ").small(edge.generation).sql(", ").id(edge.record);
            sql.sql(", ").id(edge.owner);
            sql.sql(", ").at(DbInstant(edge.created_at)).sql(")");
        });
        sql.execute(tx.conn)?;
    }
    Ok(())
}

fn insert_unique(
    tx: &mut WriteTx<'_>,
    place: &Place,
    values: &[(RecordId, FieldNumber, String)],
) -> Result<(), StoreError> {
    for some in values.chunks(ROWS_AT_ONCE) {
        let mut sql = many(Dialect::of(tx), some.len());
        sql.sql("INSERT INTO record_unique_values (org_id, object_id, field, value, record_id) VALUES ");
        sql.list(some, |sql, (record, field, value)| {
            sql.sql("(").id(place.org).sql(", ").id(place.object);
            sql.sql(", ").small(field.get()).sql(", ").words(value.as_str());
            sql.sql(", ").id(*record).sql(")");
        });
        sql.execute(tx.conn)?;
    }
    Ok(())
}

/// Writes a record's changes and raises its version, in the row and in `after`.
///
/// # Errors
/// - [`StoreError::Busy`] when the row is not as it was in `before`.
/// - [`StoreError::Corrupt`] when the permit is not to edit records of this object.
/// - Otherwise as [`insert`].
pub fn save(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: &StoredObject,
    permit: Permit,
    before: &Record,
    after: &mut Record,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    permitted(&permit, Action::Edit, object)?;
    if before.id != after.id {
        return Err(StoreError::corrupt("records", "id"));
    }
    let changed = diesel::update(
        records::table
            .filter(records::org_id.eq(db(org)))
            .filter(records::object_id.eq(db(object.object.id())))
            .filter(records::id.eq(db(before.id)))
            .filter(records::version.eq(before.version)),
    )
    .set((
        records::external_id.eq(&after.external_id),
        records::values_doc.eq(DbJson(after.values.to_stored())),
        records::sort_keys.eq(DbJson(after.values.sort_keys(&object.object))),
        records::version.eq(before.version + 1),
        records::updated_at.eq(DbInstant(now)),
    ))
    .execute(tx.conn)?;
    if changed != 1 {
        return Err(StoreError::Busy);
    }
    after.version = before.version + 1;
    after.updated_at = now;
    after.created_at = before.created_at;
    let place = Place::of(org, object);
    change_owners(tx, &place, object, before, after)?;
    change_unique(tx, &place, &object.object, before, after)
}

/// An ownership change may or may not have come to this record already, so its generation is always written anew.
fn change_owners(
    tx: &mut WriteTx<'_>,
    place: &Place,
    object: &StoredObject,
    before: &Record,
    after: &Record,
) -> Result<(), StoreError> {
    for (generation, meaning) in meanings(object) {
        let same = meaning.owners_of(&before.values) == meaning.owners_of(&after.values);
        let holds = generation == object.generation;
        if same && holds {
            continue;
        }
        diesel::delete(
            record_owners::table
                .filter(record_owners::org_id.eq(db(place.org)))
                .filter(record_owners::object_id.eq(db(place.object)))
                .filter(record_owners::record_id.eq(db(after.id)))
                .filter(record_owners::generation.eq(generation)),
        )
        .execute(tx.conn)?;
        let new: Vec<Edge> = edges(&[(generation, meaning)], after).collect();
        insert_edges(tx, place, &new)?;
        if holds {
            moved(tx, place, 0)?;
        }
    }
    Ok(())
}

fn change_unique(
    tx: &mut WriteTx<'_>,
    place: &Place,
    object: &Object,
    before: &Record,
    after: &Record,
) -> Result<(), StoreError> {
    let old: Vec<_> = unique_values(object, &before.values).collect();
    let new: Vec<_> = unique_values(object, &after.values).collect();
    for (field, value) in old.iter().filter(|value| !new.contains(value)) {
        diesel::delete(
            record_unique_values::table
                .filter(record_unique_values::org_id.eq(db(place.org)))
                .filter(record_unique_values::object_id.eq(db(place.object)))
                .filter(record_unique_values::field.eq(field.get()))
                .filter(record_unique_values::value.eq(value))
                .filter(record_unique_values::record_id.eq(db(after.id))),
        )
        .execute(tx.conn)?;
    }
    let added: Vec<_> = new
        .into_iter()
        .filter(|value| !old.contains(value))
        .map(|(field, value)| (after.id, field, value))
        .collect();
    insert_unique(tx, place, &added)
}

/// Deletes a record.
///
/// # Errors
/// - [`StoreError::Busy`] when the row is not as it was loaded.
/// - [`StoreError::Corrupt`] when the permit is not to delete records of this object.
pub fn delete(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: &StoredObject,
    permit: Permit,
    record: &Record,
) -> Result<(), StoreError> {
    permitted(&permit, Action::Delete, object)?;
    let place = Place::of(org, object);
    diesel::delete(
        record_owners::table
            .filter(record_owners::org_id.eq(db(org)))
            .filter(record_owners::object_id.eq(db(place.object)))
            .filter(record_owners::record_id.eq(db(record.id))),
    )
    .execute(tx.conn)?;
    diesel::delete(
        record_unique_values::table
            .filter(record_unique_values::org_id.eq(db(org)))
            .filter(record_unique_values::object_id.eq(db(place.object)))
            .filter(record_unique_values::record_id.eq(db(record.id))),
    )
    .execute(tx.conn)?;
    let gone = diesel::delete(
        records::table
            .filter(records::org_id.eq(db(org)))
            .filter(records::object_id.eq(db(place.object)))
            .filter(records::id.eq(db(record.id)))
            .filter(records::version.eq(record.version)),
    )
    .execute(tx.conn)?;
    if gone != 1 {
        return Err(StoreError::Busy);
    }
    moved(tx, &place, -1)
}
