//! What no two records of an object may share: external ids and the values of unique fields. A refusal tells that the
//! value is taken, and nothing about the record that has it.

use vestibule_persistence::Tx;
use vestibule_persistence::records::{self, Record};

use crate::error::{Class, FieldRefusal, Refusal, UseCaseError};
use crate::use_cases::record_door::RecordDoor;

/// Goes on when no other record has what this one wants to have.
///
/// # Errors
/// 409 `external_id_taken`; 409 `value_not_unique` at every field at fault.
pub fn expect_free(tx: &mut Tx<'_>, door: &RecordDoor, record: &Record) -> Result<(), UseCaseError> {
    let object = &door.object.object;
    if let Some(external_id) = &record.external_id {
        let owner = records::external_id_owner(tx, door.org(), object.id(), external_id)?;
        if owner.is_some_and(|other| other != record.id) {
            let detail = "another record has this external id";
            return Err(UseCaseError::conflict("external_id_taken", detail).at("/external_id"));
        }
    }
    let taken = records::taken_values(tx, door.org(), &door.object, record)?;
    let keys = taken.iter().filter_map(|number| object.field_numbered(*number));
    let fields: Vec<FieldRefusal> = keys
        .map(|field| FieldRefusal {
            pointer: format!("/fields/{}", field.key),
            code: "value_not_unique",
            detail: "another record has this value".to_owned(),
        })
        .collect();
    if fields.is_empty() {
        return Ok(());
    }
    Err(UseCaseError::Refused(Refusal {
        fields,
        ..Refusal::new(
            Class::Conflict,
            "value_not_unique",
            "another record has this value",
        )
    }))
}
