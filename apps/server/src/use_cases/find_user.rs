//! Finding the user that a command or a question is about.

use std::collections::HashMap;

use time::UtcDateTime;
use uuid::Uuid;
use vestibule_guest_lifecycle::{Capability, UserKind};
use vestibule_persistence::ids::UserId;
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{Tx, WriteTx, credentials};

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

/// Until when these users are locked after too many wrong passwords: those who are, asked of the database at once.
///
/// A lock is a fact of the sign-in, not of the account, and leaves the user's version alone: strangers who guess
/// passwords can't get in the way of somebody's change with `If-Match`. Readers with `If-None-Match` are told
/// nonetheless, as the entity tag also tells how a version shows ([`crate::etag::ETag::showing`]).
///
/// # Errors
/// When the database fails.
pub fn locks<'u>(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    users: impl IntoIterator<Item = &'u User>,
) -> Result<HashMap<UserId, UtcDateTime>, UseCaseError> {
    let ids: Vec<UserId> = users.into_iter().map(|user| user.id).collect();
    Ok(credentials::locks(tx, caller.org.id, &ids, caller.now)?)
}
