//! From the values in a request to the values of a record, with what is wrong with them told field by field.

use vestibule_custom_objects::{FieldRefused, Values};

use crate::dto::record::FieldValues;
use crate::error::{Class, FieldRefusal, Refusal, UseCaseError};
use crate::use_cases::record_door::RecordDoor;

/// The values of a new record: as given, with defaults, the subject being the owner where no ownership field is
/// mentioned.
///
/// # Errors
/// 400 `unknown_field`, `missing_field`, `invalid_type`; 422 for refused values; every field at fault is told.
pub fn proposed(door: &RecordDoor, given: &FieldValues) -> Result<Values, UseCaseError> {
    let values = door.object.object.new_values(given, door.subject());
    values.map_err(|problems| refused(&problems))
}

/// The values of a record after a merge patch.
///
/// # Errors
/// As [`proposed`].
pub fn changed(door: &RecordDoor, before: &Values, given: &FieldValues) -> Result<Values, UseCaseError> {
    let values = door.object.object.changed_values(before, given);
    values.map_err(|problems| refused(&problems))
}

/// What isn't even understood decides the status, whatever else is wrong.
fn refused(problems: &[FieldRefused]) -> UseCaseError {
    let class = if problems.iter().any(FieldRefused::is_malformed) {
        Class::Malformed
    } else {
        Class::Invalid
    };
    let (code, detail) = match problems {
        [only] => (only.code(), only.to_string()),
        _ => ("validation_failed", "some values are not accepted".to_owned()),
    };
    let fields = problems.iter().map(|problem| FieldRefusal {
        pointer: problem.pointer(),
        code: problem.code(),
        detail: problem.to_string(),
    });
    UseCaseError::Refused(Refusal {
        fields: fields.collect(),
        ..Refusal::new(class, code, detail)
    })
}
