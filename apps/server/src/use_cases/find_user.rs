//! Finding the user that a command or a question is about.

use uuid::Uuid;
use vestibule_guest_lifecycle::{Capability, UserKind};
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{Tx, WriteTx};

use crate::caller::Caller;
use crate::error::UseCaseError;

/// Who may read users, roles and profiles: whoever administers people or what they reach.
pub const READERS: [Capability; 3] = [
    Capability::ManageUsers,
    Capability::ManageGuests,
    Capability::ManageAccess,
];

/// Loads a standard user for somebody who may read users, or for that user.
///
/// # Errors
/// 403 `capability_missing`; 404 when there is no such standard user in the caller's org.
pub fn find_user(tx: &mut Tx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<User, UseCaseError> {
    match find_person(tx, caller, id)? {
        user if user.kind() == UserKind::Standard => Ok(user),
        _ => Err(UseCaseError::not_found()),
    }
}

/// Loads a user of either kind, as [`find_user`].
///
/// # Errors
/// 403 `capability_missing`; 404 when there is no such user in the caller's org.
pub fn find_person(tx: &mut Tx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<User, UseCaseError> {
    // A guest learns nothing about the people of the org, so only a standard user is an exception for oneself.
    let own = caller
        .subject
        .as_ref()
        .is_some_and(|own| own.user.id == id.into() && own.user.kind() == UserKind::Standard);
    if !own {
        caller.require_any(&READERS)?;
    }
    users::find(tx, caller.org.id, id.into())?.ok_or_else(UseCaseError::not_found)
}

/// Loads a standard user to change: with the version that the caller expects, and no more powerful than the caller.
///
/// # Errors
/// 403 `capability_missing` or `subject_outranks_actor`; 404; 412 `precondition_failed`.
pub fn user_to_change(tx: &mut WriteTx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<User, UseCaseError> {
    caller.require(Capability::ManageUsers)?;
    // The person's row is locked before anything of theirs, as the worker does it, so that neither waits for the other.
    let user = users::find_locked(tx, caller.org.id, id.into())?
        .filter(|user| user.kind() == UserKind::Standard)
        .ok_or_else(UseCaseError::not_found)?;
    caller.expect_version(user.id, user.version)?;
    caller.require_power_over(tx, &user)?;
    Ok(user)
}
