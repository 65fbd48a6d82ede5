//! Showing one record.

use std::collections::BTreeMap;

use uuid::Uuid;
use vestibule_persistence::Tx;

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::record_door::{RecordDoor, SeenRecord};
use crate::use_cases::record_names::Mentioned;

/// Loads a record that the caller views.
///
/// # Errors
/// 404, the same for an object or record that never was and for a record out of reach.
pub fn find_record(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    key: &str,
    id: Uuid,
) -> Result<SeenRecord, UseCaseError> {
    let door = RecordDoor::open(tx, caller, key)?;
    let record = door.record(tx, id)?;
    Ok(SeenRecord { door, record })
}

impl SeenRecord {
    /// What the people and records are called that the record names, by id.
    ///
    /// # Errors
    /// When the database fails.
    pub fn names(&self, tx: &mut Tx<'_>) -> Result<BTreeMap<Uuid, String>, UseCaseError> {
        let mut mentioned = Mentioned::default();
        mentioned.note(&self.door.object.object, &self.record);
        mentioned.names(tx, &self.door)
    }
}
