//! Finding profiles, alone and in lists, with the number of their users.

use uuid::Uuid;
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::profiles::{self, Profile, ProfileSort};
use vestibule_persistence::{Tx, WriteTx};

use crate::caller::Caller;
use crate::dto::profile::ProfileBody;
use crate::error::UseCaseError;
use crate::list::Listing;
use crate::paging::Page;
use crate::use_cases::find_user::READERS;

/// Loads a profile.
///
/// # Errors
/// 403 `capability_missing`; 404 when there is no such profile in the caller's org.
pub fn find_profile(tx: &mut Tx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<Profile, UseCaseError> {
    caller.require_any(&READERS)?;
    profiles::find(tx, caller.org.id, id.into())?.ok_or_else(UseCaseError::not_found)
}

/// Loads a profile to change, with the version that the caller expects.
///
/// # Errors
/// As [`find_profile`]; 412 `precondition_failed`.
pub fn profile_to_change(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
) -> Result<Profile, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    let profile = find_profile(tx, caller, id)?;
    caller.expect_version(profile.id, profile.version)?;
    Ok(profile)
}

/// A page of the org's profiles, each with the number of its users.
///
/// # Errors
/// 403 `capability_missing`.
pub fn list_profiles(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    listing: &Listing<ProfileSort>,
) -> Result<Page<ProfileBody>, UseCaseError> {
    caller.require_any(&READERS)?;
    let org = caller.org.id;
    let found = profiles::list(tx, org, listing.request())?;
    let users = profiles::user_counts(tx, org, found.iter().map(|profile| profile.id))?;
    listing.page(
        caller,
        found,
        |profile| profile.id.into(),
        ProfileSort::value_of,
        |profile| ProfileBody::of(&profile, users.get(&profile.id).copied().unwrap_or(0)),
        || Ok(profiles::count(tx, org)?),
    )
}
