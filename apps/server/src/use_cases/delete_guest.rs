//! Removing a guest: the person goes, a tombstone stays.

use serde_json::json;
use uuid::Uuid;
use vestibule_guest_lifecycle::command;
use vestibule_persistence::{WriteTx, credentials, users};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::find_guest::guest_to_change;
use crate::use_cases::guest_transition::carry_out;
use crate::use_cases::hand_over_records::hand_over_records;
use crate::use_cases::placement;

/// Deletes a guest and ends whatever access is left.
///
/// # Errors
/// 422 when `transfer_records_to` is no active user of the org; otherwise as every change of a guest.
pub fn delete_guest(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    transfer_records_to: Option<Uuid>,
) -> Result<(), UseCaseError> {
    let (mut user, facts) = guest_to_change(tx, caller, id)?;
    let heir = placement::heir(tx, caller, transfer_records_to, user.id)?;
    let transition = command::delete(&facts, caller.now)?;
    carry_out(tx, caller, &mut user, &transition)?;
    credentials::delete(tx, caller.org.id, user.id)?;
    hand_over_records(tx, caller, user.id, heir)?;
    users::bury(tx, caller.org.id, &user, caller.now)?;
    let changes = json!({
        "status": { "before": facts.status(caller.now).as_str(), "after": "deleted" },
        "transfer_records_to": { "before": null, "after": heir.map(|id| id.to_string()) },
    });
    caller.audit(tx, "guest.deleted", Some(("guest", user.id.as_uuid())), changes);
    Ok(())
}
