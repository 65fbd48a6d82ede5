//! Custom objects and their fields. Every write notes the object as touched, so no caller has to.

mod fields;

use std::collections::HashMap;

use diesel::prelude::*;
use time::UtcDateTime;
use vestibule_custom_objects::{FieldNumber, Object, ObjectKey};

use crate::connection::MultiBackend;
use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId};
use crate::listing::{PageRequest, SortValue, sortable};
use crate::object_permissions;
use crate::object_tasks;
use crate::policy::Touched;
use crate::schema::{object_fields, object_tallies, object_tasks as tasks, objects};
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, db, storable};
use fields::FieldRow;

/// An object as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredObject {
    /// Its names and fields. The fields that are flagged now decide, also while ownership is about to change.
    pub object: Object,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// When it last changed.
    pub updated_at: UtcDateTime,
    /// Which rows of the owners hold.
    pub generation: i16,
    /// A change of ownership that is under way.
    pub pending_ownership: Option<PendingOwnership>,
}

impl StoredObject {
    /// An object that is about to be inserted.
    #[must_use]
    pub fn new(object: Object, now: UtcDateTime) -> Self {
        StoredObject {
            object,
            version: 1,
            created_at: now,
            updated_at: now,
            generation: 1,
            pending_ownership: None,
        }
    }
}

/// A change of ownership that is under way. Until it is through, writes of records keep two sets of owners: those that
/// the flagged fields tell, in the object's generation, and those that `fields` tell, in this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingOwnership {
    /// The generation in the making.
    pub generation: i16,
    /// The fields that will tell the owners.
    pub fields: Vec<FieldNumber>,
    /// A field that will be gone.
    pub removing: Option<FieldNumber>,
    /// Records it has been through.
    pub done: i64,
    /// Records there were when it began.
    pub total: i64,
}

/// How many records an object has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Records.
    pub records: i64,
    /// Grows whenever a record comes, goes or changes owners.
    pub owners_version: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = objects, treat_none_as_default_value = false)]
struct ObjectRow {
    org_id: DbId,
    id: DbId,
    key: String,
    singular: String,
    plural: String,
    next_field: i16,
    ownership_generation: i16,
    version: i64,
    created_at: DbInstant,
    updated_at: DbInstant,
}

fn corrupt(what: &'static str) -> StoreError {
    StoreError::corrupt("objects", what)
}

impl ObjectRow {
    fn new(org: OrgId, stored: &StoredObject) -> Self {
        let object = &stored.object;
        ObjectRow {
            org_id: db(org),
            id: db(object.id()),
            key: object.key().as_str().to_owned(),
            singular: object.singular().to_owned(),
            plural: object.plural().to_owned(),
            next_field: object.next_field().get(),
            ownership_generation: stored.generation,
            version: stored.version,
            created_at: DbInstant(stored.created_at),
            updated_at: DbInstant(stored.updated_at),
        }
    }

    fn with_parts(
        self,
        fields: Vec<FieldRow>,
        pending_ownership: Option<PendingOwnership>,
    ) -> Result<StoredObject, StoreError> {
        let fields: Result<Vec<_>, _> = fields.into_iter().map(FieldRow::into_field).collect();
        let object = Object::from_stored(
            self.id.0.into(),
            ObjectKey::parse(&self.key).map_err(|_| corrupt("key"))?,
            self.singular,
            self.plural,
            fields?,
            FieldNumber::new(self.next_field),
        );
        Ok(StoredObject {
            object: object.ok_or(corrupt("fields"))?,
            version: self.version,
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            generation: self.ownership_generation,
            pending_ownership,
        })
    }
}

fn of_org<'q>(org: OrgId) -> objects::BoxedQuery<'q, MultiBackend> {
    objects::table.filter(objects::org_id.eq(db(org))).into_boxed()
}

/// Adds to rows what other tables hold of the objects.
fn assembled(tx: &mut Tx<'_>, org: OrgId, rows: Vec<ObjectRow>) -> Result<Vec<StoredObject>, StoreError> {
    let ids: Vec<DbId> = rows.iter().map(|row| row.id).collect();
    let mut fields: HashMap<DbId, Vec<FieldRow>> = HashMap::new();
    let mut pending: HashMap<DbId, PendingOwnership> = HashMap::new();
    for ids in ids.chunks(500) {
        for row in fields::of_objects(tx, org, ids)? {
            fields.entry(row.object_id).or_default().push(row);
        }
        for row in object_tasks::ownership_changes(tx, org, ids)? {
            pending.insert(row.object_id, row.pending_ownership()?);
        }
    }
    rows.into_iter()
        .map(|row| {
            let id = row.id;
            row.with_parts(fields.remove(&id).unwrap_or_default(), pending.remove(&id))
        })
        .collect()
}

fn one(tx: &mut Tx<'_>, org: OrgId, row: Option<ObjectRow>) -> Result<Option<StoredObject>, StoreError> {
    Ok(assembled(tx, org, row.into_iter().collect())?.pop())
}

/// Loads the object with this key.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such object.
pub fn find(tx: &mut Tx<'_>, org: OrgId, key: &str) -> Result<Option<StoredObject>, StoreError> {
    if !storable(key) {
        return Ok(None);
    }
    let row = objects::table
        .filter(objects::org_id.eq(db(org)))
        .filter(objects::key.eq(key))
        .select(ObjectRow::as_select())
        .first(tx.conn)
        .optional()?;
    one(tx, org, row)
}

/// Loads an object by its id.
///
/// # Errors
/// As [`find`].
pub fn find_by_id(tx: &mut Tx<'_>, org: OrgId, id: ObjectId) -> Result<Option<StoredObject>, StoreError> {
    let row = objects::table
        .filter(objects::org_id.eq(db(org)))
        .filter(objects::id.eq(db(id)))
        .select(ObjectRow::as_select())
        .first(tx.conn)
        .optional()?;
    one(tx, org, row)
}

sortable! {
    /// What objects may be sorted by.
    pub enum ObjectSort on objects {
        /// The key.
        Key = "key" => text key,
        /// When the object was made.
        CreatedAt = "created_at" => instant created_at,
        /// When the object last changed.
        UpdatedAt = "updated_at" => instant updated_at,
    }
}

impl ObjectSort {
    /// The value by which an object stands where it stands.
    #[must_use]
    pub fn value_of(self, stored: &StoredObject) -> SortValue {
        match self {
            ObjectSort::Key => SortValue::Text(stored.object.key().as_str().to_owned()),
            ObjectSort::CreatedAt => SortValue::instant(stored.created_at),
            ObjectSort::UpdatedAt => SortValue::instant(stored.updated_at),
        }
    }
}

/// Lists a page of the org's objects.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    page: &PageRequest<ObjectSort>,
) -> Result<Vec<StoredObject>, StoreError> {
    let rows = ObjectSort::page(of_org(org), page)
        .select(ObjectRow::as_select())
        .load(tx.conn)?;
    assembled(tx, org, rows)
}

/// Counts the org's objects.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(tx: &mut Tx<'_>, org: OrgId) -> Result<i64, StoreError> {
    Ok(of_org(org).count().get_result(tx.conn)?)
}

/// Lists all of the org's objects by key.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn all(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<StoredObject>, StoreError> {
    let rows = of_org(org)
        .order(objects::key)
        .select(ObjectRow::as_select())
        .load(tx.conn)?;
    assembled(tx, org, rows)
}

/// Writes a new object with its fields; it has no records and nobody but Admin reaches any.
///
/// # Errors
/// - [`StoreError::Unique`] with [`crate::UniqueRule::ObjectKey`].
/// - [`StoreError::Reference`] for a field that looks up an unknown object.
pub fn insert(tx: &mut WriteTx<'_>, org: OrgId, stored: &StoredObject) -> Result<(), StoreError> {
    let id = stored.object.id();
    diesel::insert_into(objects::table)
        .values(ObjectRow::new(org, stored))
        .execute(tx.conn)?;
    diesel::insert_into(object_tallies::table)
        .values((
            object_tallies::org_id.eq(db(org)),
            object_tallies::object_id.eq(db(id)),
            object_tallies::records.eq(0_i64),
            object_tallies::owners_version.eq(1_i64),
        ))
        .execute(tx.conn)?;
    fields::write(tx, org, &stored.object, &[])?;
    tx.policy_changed(org, Touched::Object(id));
    Ok(())
}

/// Writes an object's changes and raises its version, in the row and in `stored`: names, order, new, changed and removed
/// fields. Never which of the known fields mean ownership, nor the generation: only a
/// [`Reown`](object_tasks::Task::Reown) changes them, with the owners of every record. So `stored` has the flags that
/// hold when this returns.
///
/// What records hold of a removed field is for the caller to erase, by [`Erase`](object_tasks::Task::Erase).
///
/// # Errors
/// - [`StoreError::Busy`] when the row changed since it was loaded.
/// - [`StoreError::Unique`] with [`crate::UniqueRule::FieldKey`].
/// - [`StoreError::Reference`] when a field that means ownership was removed while there are records.
pub fn save(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    stored: &mut StoredObject,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    let (id, object) = (stored.object.id(), &stored.object);
    let changed = diesel::update(
        objects::table
            .filter(objects::org_id.eq(db(org)))
            .filter(objects::id.eq(db(id)))
            .filter(objects::version.eq(stored.version)),
    )
    .set((
        objects::singular.eq(object.singular()),
        objects::plural.eq(object.plural()),
        objects::next_field.eq(object.next_field().get()),
        objects::version.eq(stored.version + 1),
        objects::updated_at.eq(DbInstant(now)),
    ))
    .execute(tx.conn)?;
    if changed != 1 {
        return Err(StoreError::Busy);
    }
    let known = fields::of_objects(tx, org, &[db(id)])?;
    let removed_owner = known
        .iter()
        .any(|row| row.represents_ownership && object.field_numbered(row.number()).is_none());
    if removed_owner && tally(tx, org, id)?.is_some_and(|tally| tally.records > 0) {
        return Err(StoreError::Reference);
    }
    let owning = fields::write(tx, org, object, &known)?;
    stored.object = stored.object.clone().with_ownership(&owning);
    stored.version += 1;
    stored.updated_at = now;
    tx.policy_changed(org, Touched::Object(id));
    Ok(())
}

/// Deletes an object without records, with its fields, its tasks and what is permitted with it.
///
/// # Errors
/// [`StoreError::Reference`] when it has records, or a field of another object looks it up.
pub fn delete(tx: &mut WriteTx<'_>, org: OrgId, id: ObjectId) -> Result<(), StoreError> {
    object_permissions::remove_object(tx, org, id)?;
    diesel::delete(
        tasks::table
            .filter(tasks::org_id.eq(db(org)))
            .filter(tasks::object_id.eq(db(id))),
    )
    .execute(tx.conn)?;
    diesel::delete(
        object_fields::table
            .filter(object_fields::org_id.eq(db(org)))
            .filter(object_fields::object_id.eq(db(id))),
    )
    .execute(tx.conn)?;
    diesel::delete(
        object_tallies::table
            .filter(object_tallies::org_id.eq(db(org)))
            .filter(object_tallies::object_id.eq(db(id))),
    )
    .execute(tx.conn)?;
    diesel::delete(
        objects::table
            .filter(objects::org_id.eq(db(org)))
            .filter(objects::id.eq(db(id))),
    )
    .execute(tx.conn)?;
    tx.policy_changed(org, Touched::Object(id));
    Ok(())
}

/// Lists the keys of the other objects whose fields look up this one, each once.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn referencing(tx: &mut Tx<'_>, org: OrgId, id: ObjectId) -> Result<Vec<String>, StoreError> {
    Ok(object_fields::table
        .inner_join(
            objects::table.on(objects::org_id
                .eq(object_fields::org_id)
                .and(objects::id.eq(object_fields::object_id))),
        )
        .filter(object_fields::org_id.eq(db(org)))
        .filter(object_fields::target_object_id.assume_not_null().eq(db(id)))
        .filter(object_fields::object_id.ne(db(id)))
        .order(objects::key)
        .select(objects::key)
        .distinct()
        .load(tx.conn)?)
}

/// Tells how often the owners of each object's records have changed: [`Tally::owners_version`] by object.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn owners_versions(tx: &mut Tx<'_>, org: OrgId) -> Result<HashMap<ObjectId, i64>, StoreError> {
    let rows: Vec<(DbId, i64)> = object_tallies::table
        .filter(object_tallies::org_id.eq(db(org)))
        .select((object_tallies::object_id, object_tallies::owners_version))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, version)| (id.0.into(), version))
        .collect())
}

/// Tells how many records an object has.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such object.
pub fn tally(tx: &mut Tx<'_>, org: OrgId, id: ObjectId) -> Result<Option<Tally>, StoreError> {
    let row: Option<(i64, i64)> = object_tallies::table
        .filter(object_tallies::org_id.eq(db(org)))
        .filter(object_tallies::object_id.eq(db(id)))
        .select((object_tallies::records, object_tallies::owners_version))
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|(records, owners_version)| Tally {
        records,
        owners_version,
    }))
}
