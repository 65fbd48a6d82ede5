//! Work on every record of an object that is too long for one transaction: done in batches, in the order of record ids,
//! by whoever has time. What it is for holds at the end, all at once.
//!
//! While owners are derived anew, the old flags decide and the rows of the object's present generation hold. Writes of
//! records keep the rows of both generations in step (see [`crate::objects::PendingOwnership`]), so it does not matter
//! whether a batch has come to a record before or after a write did.

mod batch;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use time::UtcDateTime;
use vestibule_custom_objects::FieldNumber;

use crate::error::StoreError;
use crate::ids::{ObjectId, ObjectTaskId, OrgId};
use crate::objects::PendingOwnership;
use crate::policy::Touched;
use crate::schema::{object_fields, object_tallies, object_tasks, objects};
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, DbJson, db};
use batch::Batch;

/// Work on every record of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Derives every record's owners anew and then lets other fields tell them. One at a time per object.
    Reown {
        /// The fields that tell the owners from then on.
        fields: Vec<FieldNumber>,
        /// A field that goes as soon as it tells no owners any more.
        removing: Option<FieldNumber>,
    },
    /// Removes the values of a field that the object no longer has.
    Erase(FieldNumber),
    /// Removes what an earlier meaning of ownership has left behind. A finished [`Task::Reown`] turns into it.
    ClearGeneration {
        /// The generation that no longer holds.
        generation: i16,
        /// A field whose values go too.
        erase: Option<FieldNumber>,
    },
}

const REOWN: i16 = 1;
const ERASE: i16 = 2;
const CLEAR: i16 = 3;

/// A task that waits or is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskRef {
    /// Of which org.
    pub org: OrgId,
    /// On which object's records.
    pub object: ObjectId,
    /// Which task.
    pub id: ObjectTaskId,
}

/// How far a task is after a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Records that the task has been through.
    pub done: i64,
    /// Records that there were when it began.
    pub total: i64,
    /// Whether what it is for holds now.
    pub finished: bool,
    /// Whether this batch let other fields tell the owners.
    pub ownership_changed: bool,
}

/// The particulars of a task, by what they mean to its kind.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Detail {
    /// The generation to be made or to be cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    generation: Option<i16>,
    /// The fields to be flagged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fields: Vec<i16>,
    /// The field to be erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erase: Option<i16>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = object_tasks, treat_none_as_default_value = false)]
pub(crate) struct TaskRow {
    org_id: DbId,
    pub(crate) object_id: DbId,
    id: DbId,
    kind: i16,
    detail: DbJson,
    after_record: Option<DbId>,
    done: i64,
    total: i64,
    created_at: DbInstant,
}

fn corrupt(what: &'static str) -> StoreError {
    StoreError::corrupt("object_tasks", what)
}

fn stored(detail: &Detail) -> Result<DbJson, StoreError> {
    serde_json::to_value(detail)
        .map(DbJson)
        .map_err(|_| corrupt("detail"))
}

impl TaskRow {
    fn detail(&self) -> Result<Detail, StoreError> {
        serde_json::from_value(self.detail.0.clone()).map_err(|_| corrupt("detail"))
    }

    /// What this task will have done, if it derives owners anew.
    pub(crate) fn pending_ownership(&self) -> Result<PendingOwnership, StoreError> {
        let detail = self.detail()?;
        Ok(PendingOwnership {
            generation: detail.generation.ok_or(corrupt("generation"))?,
            fields: detail.fields.into_iter().map(FieldNumber::new).collect(),
            removing: detail.erase.map(FieldNumber::new),
            done: self.done.min(self.total),
            total: self.total,
        })
    }
}

/// Loads the ownership changes under way on these objects.
pub(crate) fn ownership_changes(
    tx: &mut Tx<'_>,
    org: OrgId,
    of: &[DbId],
) -> Result<Vec<TaskRow>, StoreError> {
    Ok(object_tasks::table
        .filter(object_tasks::org_id.eq(db(org)))
        .filter(object_tasks::object_id.eq_any(of))
        .filter(object_tasks::kind.eq(REOWN))
        .select(TaskRow::as_select())
        .load(tx.conn)?)
}

/// Loads the ownership change under way on an object.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when none is.
pub fn running_reown(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: ObjectId,
) -> Result<Option<PendingOwnership>, StoreError> {
    let running = ownership_changes(tx, org, &[db(object)])?;
    running.first().map(TaskRow::pending_ownership).transpose()
}

/// Puts a task down, to be advanced. Raises the object's version when ownership is going to change.
///
/// # Errors
/// - [`StoreError::Unique`] with [`crate::UniqueRule::OwnershipChange`] while another ownership change is under way.
/// - [`StoreError::Reference`] for an unknown object.
pub fn start(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: ObjectId,
    id: ObjectTaskId,
    task: &Task,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    let (kind, detail) = match task {
        Task::Reown { fields, removing } => {
            let generation = generation_of(tx, org, object)?;
            let detail = Detail {
                generation: Some(generation.checked_add(1).ok_or(corrupt("generation"))?),
                fields: fields.iter().map(|field| field.get()).collect(),
                erase: removing.map(FieldNumber::get),
            };
            raise_version(tx, org, object, generation, now)?;
            (REOWN, detail)
        }
        Task::Erase(field) => (
            ERASE,
            Detail {
                erase: Some(field.get()),
                ..Detail::default()
            },
        ),
        Task::ClearGeneration { generation, erase } => (
            CLEAR,
            Detail {
                generation: Some(*generation),
                erase: erase.map(FieldNumber::get),
                ..Detail::default()
            },
        ),
    };
    let total = object_tallies::table
        .filter(object_tallies::org_id.eq(db(org)))
        .filter(object_tallies::object_id.eq(db(object)))
        .select(object_tallies::records)
        .first(tx.conn)
        .optional()?
        .ok_or(StoreError::Reference)?;
    diesel::insert_into(object_tasks::table)
        .values(TaskRow {
            org_id: db(org),
            object_id: db(object),
            id: db(id),
            kind,
            detail: stored(&detail)?,
            after_record: None,
            done: 0,
            total,
            created_at: DbInstant(now),
        })
        .execute(tx.conn)?;
    Ok(())
}

/// Lists tasks of any org, oldest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn oldest(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<TaskRef>, StoreError> {
    let rows: Vec<(DbId, DbId, DbId)> = object_tasks::table
        .order(object_tasks::created_at)
        .limit(limit)
        .select((object_tasks::org_id, object_tasks::object_id, object_tasks::id))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(org, object, id)| TaskRef {
            org: org.0.into(),
            object: object.0.into(),
            id: id.0.into(),
        })
        .collect())
}

/// Since when the oldest task of any org waits.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is none.
pub fn next(tx: &mut Tx<'_>) -> Result<Option<UtcDateTime>, StoreError> {
    let oldest: Option<DbInstant> = object_tasks::table
        .order(object_tasks::created_at)
        .select(object_tasks::created_at)
        .first(tx.conn)
        .optional()?;
    Ok(oldest.map(|at| at.0))
}

/// Takes a task through its next `batch` records; takes the org's turn for it, because no record may change meanwhile.
/// A batch as large as the object finishes at once, with nothing left to clear.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such task any more.
pub fn advance(
    tx: &mut WriteTx<'_>,
    task: TaskRef,
    batch: i64,
    now: UtcDateTime,
) -> Result<Option<Advance>, StoreError> {
    tx.lock_org(task.org)?;
    let Some(row) = mine(task)
        .select(TaskRow::as_select())
        .first(tx.conn)
        .optional()?
    else {
        return Ok(None);
    };
    let detail = row.detail()?;
    let batch_size = batch.max(1);
    let batch = Batch::next(tx, task, row.after_record, batch_size)?;
    match row.kind {
        REOWN => {
            let generation = detail.generation.ok_or(corrupt("generation"))?;
            batch.derive_owners(tx, generation, &detail.fields)?;
        }
        ERASE | CLEAR => batch.clear(tx, detail.generation, detail.erase)?,
        _ => return Err(corrupt("kind")),
    }
    let done = if batch.is_last() {
        row.total
    } else {
        row.done + batch_size
    };
    let progress = Advance {
        done: done.min(row.total),
        total: row.total,
        finished: batch.is_last(),
        ownership_changed: batch.is_last() && row.kind == REOWN,
    };
    if !batch.is_last() {
        diesel::update(mine(task))
            .set((
                object_tasks::after_record.eq(batch.end()),
                object_tasks::done.eq(done),
            ))
            .execute(tx.conn)?;
    } else if row.kind == REOWN {
        let left = finish_reown(tx, task, &detail, now)?;
        if batch.is_whole() {
            batch.clear(tx, left.generation, left.erase)?;
            diesel::delete(mine(task)).execute(tx.conn)?;
        } else {
            clear_later(tx, task, &left)?;
        }
    } else {
        diesel::delete(mine(task)).execute(tx.conn)?;
    }
    Ok(Some(progress))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn mine(task: TaskRef) -> _ {
    let (org, object, id): (DbId, DbId, DbId) = (db(task.org), db(task.object), db(task.id));
    object_tasks::table
        .filter(object_tasks::org_id.eq(org))
        .filter(object_tasks::object_id.eq(object))
        .filter(object_tasks::id.eq(id))
}

/// Lets the new meaning hold; returns what is left to clear.
fn finish_reown(
    tx: &mut WriteTx<'_>,
    task: TaskRef,
    detail: &Detail,
    now: UtcDateTime,
) -> Result<Detail, StoreError> {
    let (org, object) = (task.org, task.object);
    let before = generation_of(tx, org, object)?;
    raise_version(
        tx,
        org,
        object,
        detail.generation.ok_or(corrupt("generation"))?,
        now,
    )?;
    let fields = object_fields::table
        .filter(object_fields::org_id.eq(db(org)))
        .filter(object_fields::object_id.eq(db(object)));
    diesel::update(fields.filter(object_fields::number.ne_all(&detail.fields)))
        .set(object_fields::represents_ownership.eq(false))
        .execute(tx.conn)?;
    diesel::update(fields.filter(object_fields::number.eq_any(&detail.fields)))
        .set(object_fields::represents_ownership.eq(true))
        .execute(tx.conn)?;
    if let Some(field) = detail.erase {
        diesel::delete(fields.filter(object_fields::number.eq(field))).execute(tx.conn)?;
    }
    diesel::update(
        object_tallies::table
            .filter(object_tallies::org_id.eq(db(org)))
            .filter(object_tallies::object_id.eq(db(object))),
    )
    .set(object_tallies::owners_version.eq(object_tallies::owners_version + 1))
    .execute(tx.conn)?;
    Ok(Detail {
        generation: Some(before),
        erase: detail.erase,
        ..Detail::default()
    })
}

fn clear_later(tx: &mut WriteTx<'_>, task: TaskRef, left: &Detail) -> Result<(), StoreError> {
    let from_the_start: Option<DbId> = None;
    diesel::update(mine(task))
        .set((
            object_tasks::kind.eq(CLEAR),
            object_tasks::detail.eq(stored(left)?),
            object_tasks::after_record.eq(from_the_start),
            object_tasks::done.eq(0_i64),
        ))
        .execute(tx.conn)?;
    Ok(())
}

fn generation_of(tx: &mut Tx<'_>, org: OrgId, object: ObjectId) -> Result<i16, StoreError> {
    objects::table
        .filter(objects::org_id.eq(db(org)))
        .filter(objects::id.eq(db(object)))
        .select(objects::ownership_generation)
        .first(tx.conn)
        .optional()?
        .ok_or(StoreError::Reference)
}

fn raise_version(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: ObjectId,
    generation: i16,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    diesel::update(
        objects::table
            .filter(objects::org_id.eq(db(org)))
            .filter(objects::id.eq(db(object))),
    )
    .set((
        objects::ownership_generation.eq(generation),
        objects::version.eq(objects::version + 1),
        objects::updated_at.eq(DbInstant(now)),
    ))
    .execute(tx.conn)?;
    tx.policy_changed(org, Touched::Object(object));
    Ok(())
}
