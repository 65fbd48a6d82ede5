//! Changing and deleting profiles.

use uuid::Uuid;
use vestibule_guest_lifecycle::{GrantRefused, ShortText, check_capability_change};
use vestibule_persistence::WriteTx;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::profiles::{self, Profile};

use crate::caller::Caller;
use crate::dto::profile::{ProfilePatch, capability_set};
use crate::error::{Fields, UseCaseError};
use crate::use_cases::add_profile::words;
use crate::use_cases::find_profile::profile_to_change;
use crate::use_cases::placement::Changes;

/// Changes a profile: its name, and what its users may administer from the next request on.
///
/// # Errors
/// 403 `capability_missing`, `capability_not_held`; 404; 412; 422 for a refused name; 409 `name_taken`,
/// `profile_not_editable` for Admin, `profile_built_in` for another name of Default.
pub fn update_profile(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    patch: &ProfilePatch,
) -> Result<Profile, UseCaseError> {
    let mut profile = profile_to_change(tx, caller, id)?;
    if profile.is_admin() {
        return Err(GrantRefused::ProfileNotEditable.into());
    }
    let mut fields = Fields::new();
    let name = patch
        .name
        .as_ref()
        .and_then(|name| fields.check("/name", ShortText::parse(name)));
    fields.finish()?;
    let mut changes = Changes::new();
    if let Some(name) = name {
        changes.note("name", profile.name.as_str(), name.as_str());
        if profile.built_in.is_some() && changes.touches("name") {
            let detail = "the name of a built-in profile stays";
            return Err(UseCaseError::conflict("profile_built_in", detail).at("/name"));
        }
        profile.name = name.into();
    }
    if let Some(capabilities) = &patch.capabilities {
        let capabilities = capability_set(capabilities);
        check_capability_change(&caller.grantor(), &profile.facts(), capabilities)?;
        changes.note("capabilities", words(profile.capabilities), words(capabilities));
        profile.capabilities = capabilities;
    }
    if changes.is_empty() {
        return Ok(profile);
    }
    profiles::save(tx, caller.org.id, &mut profile, caller.now)?;
    tx.policy_changed(caller.org.id, Touched::Profile(profile.id));
    caller.audit(
        tx,
        "profile.updated",
        Some(("profile", profile.id.as_uuid())),
        changes.into_value(),
    );
    Ok(profile)
}

/// Deletes a profile of the org's own that nobody is on.
///
/// # Errors
/// 403 `capability_missing`; 404; 412; 409 `profile_built_in`, `profile_in_use`.
pub fn delete_profile(tx: &mut WriteTx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<(), UseCaseError> {
    let profile = profile_to_change(tx, caller, id)?;
    if profile.built_in.is_some() {
        return Err(UseCaseError::conflict(
            "profile_built_in",
            "every organization keeps this profile",
        ));
    }
    let users = profiles::count_users(tx, caller.org.id, profile.id)?;
    if users > 0 {
        let detail = format!("{users} users are still on this profile, those without access included");
        return Err(UseCaseError::conflict("profile_in_use", detail));
    }
    profiles::delete(tx, caller.org.id, profile.id)?;
    tx.policy_changed(caller.org.id, Touched::Profile(profile.id));
    let mut changes = Changes::new();
    changes.note("name", Some(profile.name.as_str()), None);
    changes.note("capabilities", words(profile.capabilities), Vec::new());
    caller.audit(
        tx,
        "profile.deleted",
        Some(("profile", profile.id.as_uuid())),
        changes.into_value(),
    );
    Ok(())
}
