//! Single records within reach, and the facts that decisions rest on: who owns what, never what is in it.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use vestibule_access_control::{OwnerScope, Reach};

use super::predicate::{Place, record_in_scope};
use super::row::{COLUMNS, Record, RecordRef, RecordRow};
use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId, RecordId, UserId};
use crate::objects::StoredObject;
use crate::schema::records;
use crate::statement::{Dialect, Statement};
use crate::transaction::Tx;
use crate::types::{DbId, Id, db, storable};

/// How many names one statement asks for.
const NAMES_AT_ONCE: usize = 500;

/// How many records one step of [`for_each_owner_set`] reads.
const OWNER_SETS_AT_ONCE: i64 = 2_000;

/// Loads a record that is reached.
///
/// # Errors
/// [`StoreError`] when the database fails, or when the reach is about another object; `Ok(None)` when there is no such
/// record or it is not reached, and nothing tells which.
///
/// # Complexity
/// O(owners of the record).
pub fn find(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: &StoredObject,
    reach: &Reach,
    record: RecordRef<'_>,
) -> Result<Option<Record>, StoreError> {
    let place = Place::reached(org, object, reach)?;
    if matches!(record, RecordRef::External(external) if !storable(external)) {
        return Ok(None);
    }
    let mut sql = within_reach(Dialect::of(tx), &place, reach.scope());
    match record {
        RecordRef::Id(id) => sql.sql(" AND r.id = ").id(id),
        RecordRef::External(external) => sql.sql(" AND r.external_id = ").words(external),
    };
    sql.get_result::<RecordRow>(tx.conn)
        .optional()?
        .map(|row| row.into_record(&object.object))
        .transpose()
}

/// Loads those of these records that are reached, in the order of their ids.
///
/// # Errors
/// As [`find`].
pub fn find_many(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: &StoredObject,
    reach: &Reach,
    ids: &[RecordId],
) -> Result<Vec<Record>, StoreError> {
    let place = Place::reached(org, object, reach)?;
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(NAMES_AT_ONCE) {
        let mut sql = within_reach(Dialect::of(tx), &place, reach.scope());
        sql.not_kept().sql(" AND r.id IN (");
        sql.list(some, |sql, id| {
            sql.id(*id);
        });
        sql.sql(")");
        for row in sql.load::<RecordRow>(tx.conn)? {
            found.push(row.into_record(&object.object)?);
        }
    }
    found.sort_by_key(|record| record.id);
    found.dedup_by_key(|record| record.id);
    Ok(found)
}

fn within_reach(dialect: Dialect, place: &Place, scope: &OwnerScope) -> Statement {
    let mut sql = Statement::new(dialect);
    sql.sql("SELECT ").sql(COLUMNS).sql(" FROM records r WHERE ");
    place.records(&mut sql, "r");
    if *scope != OwnerScope::Everyone {
        sql.sql(" AND ");
        record_in_scope(&mut sql, place, scope, "r.id");
    }
    sql
}

#[derive(QueryableByName)]
struct OwnerRow {
    #[diesel(sql_type = Id)]
    id: DbId,
    #[diesel(sql_type = Nullable<Text>)]
    external_id: Option<String>,
    #[diesel(sql_type = Nullable<Id>)]
    owner_id: Option<DbId>,
}

/// A record's id and its owners, by id.
pub type Owned = (RecordId, Vec<UserId>);

/// Who owns a record, by the ownership that is in force. A fact to decide by, not for the eyes of whoever asks.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such record.
pub fn owners_of(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: ObjectId,
    record: RecordRef<'_>,
) -> Result<Option<Owned>, StoreError> {
    Ok(owners_of_many(tx, org, object, &[record])?.pop().flatten())
}

/// As [`owners_of`], of each of these records, in their order; `None` stands for one that there isn't.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn owners_of_many(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: ObjectId,
    of: &[RecordRef<'_>],
) -> Result<Vec<Option<Owned>>, StoreError> {
    let place = Place::in_force(org, object);
    let (mut ids, mut externals) = (Vec::new(), Vec::new());
    for record in of {
        match record {
            RecordRef::Id(id) => ids.push(*id),
            RecordRef::External(external) if storable(external) => externals.push(*external),
            RecordRef::External(_) => {}
        }
    }
    let mut rows = Vec::new();
    for some in ids.chunks(NAMES_AT_ONCE) {
        rows.extend(owner_rows(tx, &place, ("r.id", "::uuid"), some, |sql, id| {
            sql.id(*id);
        })?);
    }
    for some in externals.chunks(NAMES_AT_ONCE) {
        rows.extend(owner_rows(
            tx,
            &place,
            ("r.external_id", "::text"),
            some,
            |sql, external| {
                sql.words(*external);
            },
        )?);
    }
    let mut owners: HashMap<RecordId, Vec<UserId>> = HashMap::new();
    let mut named: HashMap<String, RecordId> = HashMap::new();
    for row in rows {
        let id = row.id.0.into();
        owners
            .entry(id)
            .or_default()
            .extend(row.owner_id.map(|owner| UserId::from(owner.0)));
        named.extend(row.external_id.map(|external| (external, id)));
    }
    for owners in owners.values_mut() {
        owners.sort_unstable();
        owners.dedup();
    }
    let answer = |record: &RecordRef<'_>| {
        let id = match record {
            RecordRef::Id(id) => *id,
            RecordRef::External(external) => *named.get(*external)?,
        };
        Some((id, owners.get(&id)?.clone()))
    };
    Ok(of.iter().map(answer).collect())
}

fn owner_rows<T>(
    tx: &mut Tx<'_>,
    place: &Place,
    (column, cast): (&str, &str),
    names: &[T],
    mut each: impl FnMut(&mut Statement, &T),
) -> Result<Vec<OwnerRow>, StoreError> {
    let mut sql = Statement::new(Dialect::of(tx));
    if names.len() > 1 {
        sql.not_kept();
    }
    sql.sql("SELECT r.id, r.external_id, e.owner_id FROM ");
    match sql.dialect {
        // Without statistics PostgreSQL takes all edges of an object for one row, and compares each record with each of
        // them. Fenced lateral joins look up every record, and its edges, by key.
        Dialect::Pg => {
            sql.sql("(VALUES ").list(names, |sql, name| {
                sql.sql("(");
                each(sql, name);
                sql.sql(cast).sql(")");
            });
            sql.sql(") AS n JOIN LATERAL (SELECT r.id, r.external_id FROM records r WHERE ");
            place.records(&mut sql, "r");
            sql.sql(" AND ")
                .sql(column)
                .sql(" = n.column1 OFFSET 0) r ON TRUE");
            sql.sql(" LEFT JOIN LATERAL (SELECT o.owner_id FROM record_owners o WHERE ");
            place.owners(&mut sql, "o");
            sql.sql(" AND o.record_id = r.id OFFSET 0) e ON TRUE");
        }
        Dialect::Sqlite => {
            sql.sql("records r LEFT JOIN record_owners e ON ");
            place.owners(&mut sql, "e");
            sql.sql(" AND e.record_id = r.id WHERE ");
            place.records(&mut sql, "r");
            sql.sql(" AND ").sql(column).sql(" IN (");
            sql.list(names, each).sql(")");
        }
    }
    Ok(sql.load(tx.conn)?)
}

/// Tells every record's owners, unowned records included, in the order of their ids.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// O(records of the object) time, O(1) memory.
pub fn for_each_owner_set(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: &StoredObject,
    mut each: impl FnMut(RecordId, &[UserId]),
) -> Result<(), StoreError> {
    let place = Place::of(org, object);
    let mut after: Option<RecordId> = None;
    loop {
        let rows = owner_sets(tx, &place, after)?;
        let mut owners = Vec::new();
        let mut records = 0;
        let mut rows = rows.into_iter().peekable();
        while let Some(row) = rows.next() {
            owners.extend(row.owner_id.map(|owner| UserId::from(owner.0)));
            if rows.peek().is_some_and(|next| next.id == row.id) {
                continue;
            }
            let id = row.id.0.into();
            each(id, &owners);
            owners.clear();
            records += 1;
            after = Some(id);
        }
        if records < OWNER_SETS_AT_ONCE {
            return Ok(());
        }
    }
}

fn owner_sets(tx: &mut Tx<'_>, place: &Place, after: Option<RecordId>) -> Result<Vec<OwnerRow>, StoreError> {
    let mut sql = Statement::new(Dialect::of(tx));
    sql.sql("SELECT p.id, NULL AS external_id, e.owner_id FROM (SELECT r.id FROM records r WHERE ");
    place.records(&mut sql, "r");
    if let Some(after) = after {
        sql.sql(" AND r.id > ").id(after);
    }
    sql.sql(" ORDER BY r.id LIMIT ").large(OWNER_SETS_AT_ONCE);
    sql.sql(") p LEFT JOIN record_owners e ON ");
    place.owners(&mut sql, "e");
    sql.sql(" AND e.record_id = p.id ORDER BY p.id, e.owner_id");
    Ok(sql.load(tx.conn)?)
}

/// Which record another system knows by this id, reached or not: to refuse a clash, and for nothing else.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is none.
pub fn external_id_owner(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: ObjectId,
    external_id: &str,
) -> Result<Option<RecordId>, StoreError> {
    if !storable(external_id) {
        return Ok(None);
    }
    let id: Option<DbId> = records::table
        .filter(records::org_id.eq(db(org)))
        .filter(records::object_id.eq(db(object)))
        .filter(records::external_id.eq(external_id))
        .select(records::id)
        .first(tx.conn)
        .optional()?;
    Ok(id.map(|id| id.0.into()))
}
