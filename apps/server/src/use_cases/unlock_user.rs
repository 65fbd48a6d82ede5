//! Letting a user sign in again before the lock after too many wrong passwords ends by itself.

use serde_json::json;
use uuid::Uuid;
use vestibule_persistence::users::User;
use vestibule_persistence::{WriteTx, credentials};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::instant::Instant;
use crate::use_cases::find_user::user_to_change;

/// Lifts a standard user's lock and forgets their wrong passwords. Unlocking a user who is not locked changes nothing.
///
/// # Errors
/// 403 `subject_outranks_actor`, 404, 412 as every change of a user.
pub fn unlock_user(tx: &mut WriteTx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<User, UseCaseError> {
    let user = user_to_change(tx, caller, id)?;
    let credential = credentials::find(tx, caller.org.id, user.id)?;
    let Some(locked) = credential.filter(|c| c.locked_until.is_some() || c.failed_attempts > 0) else {
        return Ok(user);
    };
    credentials::set_lock(tx, caller.org.id, user.id, None)?;
    let until = locked.locked_until.map(|at| Instant(at).to_string());
    let changes = json!({
        "locked_until": { "before": until, "after": null },
        "failed_attempts": { "before": locked.failed_attempts, "after": 0 },
    });
    caller.audit(tx, "user.unlocked", Some(("user", user.id.as_uuid())), changes);
    Ok(user)
}
