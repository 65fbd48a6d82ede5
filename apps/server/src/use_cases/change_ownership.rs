//! Changing which fields say who owns a record: at once for a small object, by the worker for a large one.

use vestibule_custom_objects::{FieldNumber, Object};
use vestibule_persistence::ids::ObjectTaskId;
use vestibule_persistence::object_tasks::{self, Task, TaskRef};
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::{StoreError, WriteTx};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::add_object::ownership_keys;
use crate::use_cases::placement::Changes;
use crate::use_cases::update_object::target;

/// Up to how many records are gone through in the transaction of the change itself.
pub const RECORDS_AT_ONCE: i64 = 2_000;

/// When a change holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// From this transaction on.
    Now,
    /// Once the worker has gone through all records.
    Later,
}

/// Lets the ownership fields of `wanted` say who owns the object's records, and no others; removes a field along with
/// it. Until that holds, the present fields decide.
///
/// Answers the object as it then is.
///
/// # Errors
/// When the database fails.
pub fn change_ownership(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    present: &StoredObject,
    wanted: &Object,
    removing: Option<FieldNumber>,
) -> Result<(StoredObject, Holds), UseCaseError> {
    let task = Task::Reown {
        fields: wanted.ownership_fields().map(|field| field.number).collect(),
        removing,
    };
    let id = present.object.id();
    let holds = work_through(tx, caller, present, &task)?;
    let mut changes = Changes::new();
    changes.note("object", None, Some(present.object.key().as_str()));
    changes.note(
        "ownership_fields",
        ownership_keys(&present.object),
        ownership_keys(wanted),
    );
    changes.note(
        "holds",
        None,
        Some(if holds == Holds::Now { "now" } else { "later" }),
    );
    caller.audit(
        tx,
        "object.ownership_changed",
        target(present),
        changes.into_value(),
    );
    let changed = objects::find_by_id(tx, caller.org.id, id)?.ok_or(StoreError::Reference)?;
    Ok((changed, holds))
}

/// Goes through all records of an object in this transaction if they are few, or leaves them to the worker.
///
/// # Errors
/// When the database fails.
pub fn work_through(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    stored: &StoredObject,
    task: &Task,
) -> Result<Holds, UseCaseError> {
    let (org, object) = (caller.org.id, stored.object.id());
    let id: ObjectTaskId = caller.new_id();
    object_tasks::start(tx, org, object, id, task, caller.now)?;
    let records = objects::tally(tx, org, object)?.map_or(0, |tally| tally.records);
    if records > RECORDS_AT_ONCE {
        caller.leave_to_worker();
        return Ok(Holds::Later);
    }
    let task = TaskRef { org, object, id };
    let finished = |tx: &mut WriteTx<'_>| -> Result<bool, StoreError> {
        let advance = object_tasks::advance(tx, task, RECORDS_AT_ONCE, caller.now)?;
        Ok(advance.is_none_or(|advance| advance.finished))
    };
    while !finished(tx)? {}
    Ok(Holds::Now)
}
