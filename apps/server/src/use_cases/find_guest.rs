//! Finding the guest that a command is about.

use uuid::Uuid;
use vestibule_guest_lifecycle::{Capability, GuestFacts};
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{Tx, WriteTx};

use crate::caller::Caller;
use crate::error::UseCaseError;

/// Loads a guest for somebody who may manage guests.
///
/// # Errors
/// 403 `capability_missing`; 404 when there is no such guest in the caller's org.
pub fn find_guest(tx: &mut Tx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<User, UseCaseError> {
    caller.require(Capability::ManageGuests)?;
    match users::find(tx, caller.org.id, id.into())? {
        Some(user) if user.guest().is_some() => Ok(user),
        _ => Err(UseCaseError::not_found()),
    }
}

/// Loads a guest to change: with the version that the caller expects, and no more powerful than the caller.
///
/// # Errors
/// As [`find_guest`]; 412 `precondition_failed`, 403 `subject_outranks_actor`.
pub fn guest_to_change(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
) -> Result<(User, GuestFacts), UseCaseError> {
    caller.require(Capability::ManageGuests)?;
    // The person's row is locked before anything of theirs, as the worker does it, so that neither waits for the other.
    let user = users::find_locked(tx, caller.org.id, id.into())?.ok_or_else(UseCaseError::not_found)?;
    let facts = user.guest_facts().ok_or_else(UseCaseError::not_found)?;
    caller.expect_version(user.id, user.version)?;
    caller.require_power_over(tx, &user)?;
    Ok((user, facts))
}
