//! Making a profile, anew or like another one.

use uuid::Uuid;
use vestibule_access_control::ObjectPermissions;
use vestibule_guest_lifecycle::{
    Capability, CapabilitySet, ProfileFacts, ShortText, check_capability_change,
};
use vestibule_persistence::WriteTx;
use vestibule_persistence::ids::ProfileId;
use vestibule_persistence::object_permissions;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::profiles::{self, Profile};

use crate::caller::Caller;
use crate::dto::profile::{NewProfile, ProfileCopy, capability_set};
use crate::error::{Fields, UseCaseError};
use crate::use_cases::find_profile::find_profile;
use crate::use_cases::placement::Changes;

/// Makes a profile.
///
/// # Errors
/// 403 `capability_missing`, `capability_not_held`; 422 for refused values; 409 `name_taken`.
pub fn add_profile(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &NewProfile,
) -> Result<Profile, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    make(tx, caller, &input.name, capability_set(&input.capabilities), None)
}

/// Makes a profile of the org's own with everything that another one grants. A copy of Admin is no Admin: it has the
/// capabilities, but stays editable and counts as no Admin anywhere.
///
/// # Errors
/// As [`add_profile`]; 404 when there is no such profile.
pub fn copy_profile(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    input: &ProfileCopy,
) -> Result<Profile, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    let source = find_profile(tx, caller, id)?;
    let copy = make(tx, caller, &input.name, source.capabilities, Some(source.id))?;
    copy_permissions(tx, caller, &source, copy.id)?;
    Ok(copy)
}

/// Admin has no cells to copy: what it permits is written down for the copy, on every object there is.
fn copy_permissions(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    source: &Profile,
    copy: ProfileId,
) -> Result<(), UseCaseError> {
    let (org, now) = (caller.org.id, caller.now);
    if !source.is_admin() {
        return Ok(object_permissions::copy(tx, org, source.id, copy, now)?);
    }
    for object in caller.policy(tx)?.objects() {
        object_permissions::set(tx, org, copy, object.id, ObjectPermissions::ANYONE, now)?;
    }
    Ok(())
}

fn make(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    name: &str,
    capabilities: CapabilitySet,
    copy_of: Option<ProfileId>,
) -> Result<Profile, UseCaseError> {
    let mut fields = Fields::new();
    let Some(name) = fields.check("/name", ShortText::parse(name)) else {
        return Err(fields.refused());
    };
    let nothing = ProfileFacts {
        built_in: None,
        capabilities: CapabilitySet::EMPTY,
    };
    check_capability_change(&caller.grantor(), &nothing, capabilities)?;
    let id: ProfileId = caller.new_id();
    let profile = Profile {
        id,
        name: name.into(),
        built_in: None,
        capabilities,
        version: 1,
        created_at: caller.now,
        updated_at: caller.now,
    };
    profiles::insert(tx, caller.org.id, &profile)?;
    tx.policy_changed(caller.org.id, Touched::Profile(id));
    let mut facts = Changes::new();
    facts.note("name", None, Some(profile.name.as_str()));
    facts.note("capabilities", Vec::new(), words(capabilities));
    facts.note_id("copy_of", None::<Uuid>, copy_of);
    caller.audit(
        tx,
        "profile.created",
        Some(("profile", id.as_uuid())),
        facts.into_value(),
    );
    Ok(profile)
}

/// The words of a set of capabilities, as the audit log has them.
pub fn words(capabilities: CapabilitySet) -> Vec<&'static str> {
    capabilities.iter().map(Capability::as_str).collect()
}
