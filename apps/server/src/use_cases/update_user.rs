//! Changing a standard user: the person and their place, all at once or not at all.

use uuid::Uuid;
use vestibule_guest_lifecycle::{EmailAddress, PersonName, UserKind, check_own_access_change};
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{WriteTx, one_time_links};

use crate::caller::Caller;
use crate::dto::guest::check_external_id;
use crate::dto::user::UserPatch;
use crate::error::{Fields, UseCaseError};
use crate::use_cases::add_user::check_sign_in;
use crate::use_cases::find_user::user_to_change;
use crate::use_cases::last_admin::keep_an_admin;
use crate::use_cases::placement::{self, Changes};
use crate::use_cases::{emails, mails};

/// Changes a standard user.
///
/// # Errors
/// As adding one; 409 `user_kind_fixed`, `last_admin`; 403 `own_access_fixed`, `subject_outranks_actor`; 404; 412.
pub fn update_user(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    patch: &UserPatch,
) -> Result<User, UseCaseError> {
    let mut user = user_to_change(tx, caller, id)?;
    if !patch.kind.is_absent() {
        return Err(UseCaseError::conflict(
            "user_kind_fixed",
            "guests and standard users never convert; delete and add again with a new email",
        )
        .at("/kind"));
    }
    let mut changes = Changes::new();
    let email = change_person(tx, caller, &mut user, patch, &mut changes)?;
    change_place(tx, caller, &mut user, patch, &mut changes)?;
    change_license(tx, caller, &mut user, patch, &mut changes)?;
    let moved = change_email(tx, caller, &mut user, email, &mut changes)?;
    if changes.is_empty() {
        return Ok(user);
    }
    if moved {
        user.link_epoch += 1;
        one_time_links::delete_of_user(tx, caller.org.id, user.id)?;
    }
    users::save(tx, caller.org.id, &mut user, caller.now)?;
    tx.policy_changed(caller.org.id);
    caller.audit(
        tx,
        "user.updated",
        Some(("user", user.id.as_uuid())),
        changes.into_value(),
    );
    if moved && user.claimed_at.is_none() && user.deactivated_at().is_none() {
        mails::claim_link_again(tx, caller, &user)?;
    }
    Ok(user)
}

fn change_person(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    patch: &UserPatch,
    changes: &mut Changes,
) -> Result<Option<EmailAddress>, UseCaseError> {
    let mut fields = Fields::new();
    let name = |fields: &mut Fields, pointer: &str, text: &Option<String>| {
        text.as_ref()
            .and_then(|text| fields.check(pointer, PersonName::parse(text)))
    };
    let first_name = name(&mut fields, "/first_name", &patch.first_name);
    let last_name = name(&mut fields, "/last_name", &patch.last_name);
    let email = patch
        .email
        .as_ref()
        .and_then(|text| fields.check("/email", EmailAddress::parse(text)));
    let external_id = patch.external_id.clone().into_change();
    let external_id = external_id.map(|text| check_external_id(&mut fields, text.as_deref()));
    check_sign_in(&mut fields, patch.sign_in);
    fields.finish()?;
    if let Some(name) = first_name {
        changes.note("first_name", user.first_name.as_str(), name.as_str());
        user.first_name = name.into();
    }
    if let Some(name) = last_name {
        changes.note("last_name", user.last_name.as_str(), name.as_str());
        user.last_name = name.into();
    }
    if let Some(external_id) = external_id {
        if let Some(taken) = &external_id {
            placement::free_external_id(tx, caller, taken, user.id)?;
        }
        changes.note("external_id", user.external_id.clone(), external_id.clone());
        user.external_id = external_id;
    }
    Ok(email)
}

fn change_place(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    patch: &UserPatch,
    changes: &mut Changes,
) -> Result<(), UseCaseError> {
    if let Some(role) = patch.role_id.into_change() {
        let role = placement::existing_role(tx, caller, role)?;
        changes.note_id("role_id", user.role_id, role);
        user.role_id = role;
    }
    if let Some(profile) = patch.profile_id
        && profile != user.profile_id.as_uuid()
    {
        let profile = placement::assignable_profile(tx, caller, profile, UserKind::Standard)?;
        keep_an_admin(tx, caller, user)?;
        changes.note_id("profile_id", Some(user.profile_id), Some(profile.id));
        user.profile_id = profile.id;
    }
    if caller.is(user.id) && (changes.touches("role_id") || changes.touches("profile_id")) {
        check_own_access_change(&caller.grantor())?;
    }
    Ok(())
}

fn change_license(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    patch: &UserPatch,
    changes: &mut Changes,
) -> Result<(), UseCaseError> {
    let Some(license) = patch.license_id.into_change() else {
        return Ok(());
    };
    let needs_seat = user.deactivated_at().is_none();
    let license = placement::free_seat(tx, caller, license, user.id, needs_seat)?;
    changes.note_id("license_id", user.license_id, license);
    user.license_id = license;
    Ok(())
}

/// Returns whether mail now goes elsewhere, so that links sent before are for somebody else.
fn change_email(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    email: Option<EmailAddress>,
    changes: &mut Changes,
) -> Result<bool, UseCaseError> {
    let Some(email) = email.filter(|email| email.as_typed() != user.email) else {
        return Ok(false);
    };
    let moved = email.canonical() != user.email_canonical;
    let email = emails::reserve(tx, caller, &email, UserKind::Standard, user.id)?;
    changes.note("email", user.email.as_str(), email.typed.as_str());
    user.email = email.typed;
    user.email_canonical = email.canonical;
    user.email_hash = email.hash;
    Ok(moved)
}
