//! Changing a record: it must be within reach before and after.

use serde_json::json;
use uuid::Uuid;
use vestibule_persistence::WriteTx;
use vestibule_persistence::records::{self, Record};

use crate::caller::Caller;
use crate::dto::guest::check_external_id;
use crate::dto::record::RecordPatch;
use crate::error::{Fields, UseCaseError};
use crate::use_cases::record_clashes::expect_free;
use crate::use_cases::record_door::{RecordDoor, SeenRecord};
use crate::use_cases::record_references::References;
use crate::use_cases::record_values;

/// Changes what the patch mentions of a record.
///
/// # Errors
/// 404 for a record that the caller doesn't view; 412 `precondition_failed`; 400 and 422 for refused values;
/// 403 `not_permitted`; 409 `external_id_taken`, `value_not_unique`.
pub fn update_record(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    id: Uuid,
    patch: &RecordPatch,
) -> Result<SeenRecord, UseCaseError> {
    let door = RecordDoor::open(tx, caller, key)?;
    let before = door.record(tx, id)?;
    caller.expect_version(before.id, before.version)?;
    let record = change(tx, caller, &door, &before, patch)?;
    let (owners_before, owners_after) = (door.owner_ids(&before), door.owner_ids(&record));
    if owners_before != owners_after {
        let changes = json!({
            "object": door.object.object.key().as_str(),
            "owners": { "before": owners_before, "after": owners_after },
        });
        caller.audit(
            tx,
            "record.owners_changed",
            Some(("record", record.id.into())),
            changes,
        );
    }
    Ok(SeenRecord { door, record })
}

/// Changes a record that the caller views, if they may and nothing clashes; gives it as it is then. A change of nothing
/// needs the same permission as any, and leaves no trace.
///
/// # Errors
/// As [`update_record`], without 404 and 412.
pub fn change(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    door: &RecordDoor,
    before: &Record,
    patch: &RecordPatch,
) -> Result<Record, UseCaseError> {
    let mut after = before.clone();
    if let Some(given) = &patch.fields {
        after.values = record_values::changed(door, &before.values, given)?;
    }
    if let Some(external_id) = patch.external_id.clone().into_change() {
        let mut fields = Fields::new();
        after.external_id = check_external_id(&mut fields, external_id.as_deref());
        fields.finish()?;
    }
    let permit = door.permit_edit(before, &after)?;
    if after == *before {
        return Ok(after);
    }
    let drafts = [(Some(&before.values), &after.values)];
    References::of(tx, door, drafts)?.check(door, Some(&before.values), &after.values)?;
    expect_free(tx, door, &after)?;
    records::save(
        tx,
        door.org(),
        &door.object,
        permit,
        before,
        &mut after,
        caller.now,
    )?;
    Ok(after)
}
