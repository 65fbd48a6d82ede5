//! Deleting a record. Lookups to it stay as they are: ids that lead nowhere.

use serde_json::json;
use uuid::Uuid;
use vestibule_persistence::WriteTx;
use vestibule_persistence::records::{self, Record};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::record_door::RecordDoor;

/// Deletes a record.
///
/// # Errors
/// 404 for a record that the caller doesn't view; 412 `precondition_failed`; 403 `not_permitted`.
pub fn delete_record(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    id: Uuid,
) -> Result<(), UseCaseError> {
    let door = RecordDoor::open(tx, caller, key)?;
    let record = door.record(tx, id)?;
    caller.expect_version(record.id, record.version)?;
    remove(tx, &door, &record)?;
    let changes = json!({
        "object": door.object.object.key().as_str(),
        "owners": { "before": door.owner_ids(&record), "after": [] },
    });
    caller.audit(tx, "record.deleted", Some(("record", record.id.into())), changes);
    Ok(())
}

/// Deletes a record that the caller views, if they may.
///
/// # Errors
/// 403 `not_permitted`.
pub fn remove(tx: &mut WriteTx<'_>, door: &RecordDoor, record: &Record) -> Result<(), UseCaseError> {
    let permit = door.permit_delete(record)?;
    Ok(records::delete(tx, door.org(), &door.object, permit, record)?)
}
