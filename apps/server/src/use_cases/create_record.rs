//! Making a record.

use serde_json::json;
use vestibule_persistence::WriteTx;
use vestibule_persistence::records::{self, Record};

use crate::caller::Caller;
use crate::dto::guest::check_external_id;
use crate::dto::record::NewRecord;
use crate::error::{Fields, UseCaseError};
use crate::use_cases::record_clashes::expect_free;
use crate::use_cases::record_door::{RecordDoor, SeenRecord};
use crate::use_cases::record_references::References;
use crate::use_cases::record_values;

/// Makes a record.
///
/// # Errors
/// 404 for an object that the caller doesn't get to know; 400 and 422 for refused values; 403 `not_permitted`;
/// 409 `external_id_taken`, `value_not_unique`.
pub fn create_record(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    input: &NewRecord,
) -> Result<SeenRecord, UseCaseError> {
    let door = RecordDoor::open(tx, caller, key)?;
    door.expect_known()?;
    let record = draft(caller, &door, input)?;
    insert(tx, &door, &record)?;
    let changes = json!({
        "object": door.object.object.key().as_str(),
        "owners": { "before": [], "after": door.owner_ids(&record) },
    });
    caller.audit(tx, "record.created", Some(("record", record.id.into())), changes);
    Ok(SeenRecord { door, record })
}

/// The record as proposed, its values being well-formed.
///
/// # Errors
/// 400 and 422 for refused values.
pub fn draft(caller: &Caller<'_>, door: &RecordDoor, input: &NewRecord) -> Result<Record, UseCaseError> {
    let values = record_values::proposed(door, &input.fields)?;
    let mut fields = Fields::new();
    let external_id = check_external_id(&mut fields, input.external_id.as_deref());
    fields.finish()?;
    Ok(Record {
        id: caller.new_id(),
        external_id,
        values,
        version: 1,
        created_at: caller.now,
        updated_at: caller.now,
    })
}

/// Inserts a record as proposed, if the caller may and nothing clashes. Whether something clashes is told to those only
/// who may.
///
/// # Errors
/// As [`create_record`], without 400 and 404.
pub fn insert(tx: &mut WriteTx<'_>, door: &RecordDoor, record: &Record) -> Result<(), UseCaseError> {
    let permit = door.permit_create(record)?;
    References::of(tx, door, [(None, &record.values)])?.check(door, None, &record.values)?;
    expect_free(tx, door, record)?;
    Ok(records::insert(tx, door.org(), &door.object, permit, record)?)
}
