//! Removing a standard user: the person goes, a tombstone stays.

use uuid::Uuid;
use vestibule_persistence::{WriteTx, credentials, users};

use crate::caller::Caller;
use crate::dto::user::standard_status;
use crate::error::UseCaseError;
use crate::use_cases::deactivate_user::end_access;
use crate::use_cases::find_user::user_to_change;
use crate::use_cases::hand_over_records::hand_over_records;
use crate::use_cases::last_admin::keep_an_admin;
use crate::use_cases::placement::{self, Changes};

/// Deletes a standard user and ends their access. Their email stays reserved for standard users; the guests they
/// answer for are flagged. Deleting oneself is allowed.
///
/// # Errors
/// 409 `last_admin`; 422 when `transfer_records_to` is no other active user of the org; 403
/// `subject_outranks_actor`, 404, 412 as every change of a user.
pub fn delete_user(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    transfer_records_to: Option<Uuid>,
) -> Result<(), UseCaseError> {
    let mut user = user_to_change(tx, caller, id)?;
    let heir = placement::heir(tx, caller, transfer_records_to, user.id)?;
    keep_an_admin(tx, caller, &user)?;
    let org = caller.org.id;
    let mut changes = Changes::new();
    changes.note("status", standard_status(&user), "deleted");
    changes.note_id("transfer_records_to", None::<Uuid>, heir);
    end_access(tx, caller, &mut user)?;
    credentials::delete(tx, org, user.id)?;
    changes.note(
        "sponsored_guests_flagged",
        0,
        users::set_sponsor_missing(tx, org, user.id, true)?,
    );
    hand_over_records(tx, caller, user.id, heir)?;
    users::bury(tx, org, &user, caller.now)?;
    caller.audit(
        tx,
        "user.deleted",
        Some(("user", user.id.as_uuid())),
        changes.into_value(),
    );
    Ok(())
}
