//! Changing a standard user: the person and their place, all at once or not at all.

use uuid::Uuid;
use vestibule_persistence::WriteTx;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::users::{self, User};

use crate::caller::Caller;
use crate::dto::user::UserPatch;
use crate::error::{Fields, UseCaseError};
use crate::use_cases::add_user::check_sign_in;
use crate::use_cases::change_person::{PersonChange, change_place, refuse_kind};
use crate::use_cases::find_user::user_to_change;
use crate::use_cases::mails;
use crate::use_cases::placement::{self, Changes};

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
    refuse_kind(&patch.kind)?;
    let mut fields = Fields::new();
    let UserPatch {
        first_name,
        last_name,
        email,
        external_id,
        ..
    } = patch;
    let person = PersonChange::check(
        &mut fields,
        first_name.as_ref(),
        last_name.as_ref(),
        email.as_ref(),
        external_id,
    );
    check_sign_in(&mut fields, patch.sign_in);
    fields.finish()?;
    let mut changes = Changes::new();
    let moved = person.apply(tx, caller, &mut user, &mut changes)?;
    change_place(
        tx,
        caller,
        &mut user,
        patch.role_id,
        patch.profile_id,
        &mut changes,
    )?;
    change_license(tx, caller, &mut user, patch, &mut changes)?;
    if changes.is_empty() {
        return Ok(user);
    }
    users::save(tx, caller.org.id, &mut user, caller.now)?;
    tx.policy_changed(caller.org.id, Touched::User(user.id));
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
