//! What changes alike for standard users and guests: names, email, external id, role and profile.

use uuid::Uuid;
use vestibule_guest_lifecycle::{EmailAddress, PersonName, UserKind, check_own_access_change};
use vestibule_persistence::users::User;
use vestibule_persistence::{WriteTx, one_time_links};

use crate::caller::Caller;
use crate::dto::guest::check_external_id;
use crate::error::{Fields, UseCaseError};
use crate::merge_patch::Patch;
use crate::use_cases::emails;
use crate::use_cases::last_admin::keep_an_admin;
use crate::use_cases::placement::{self, Changes};

/// Refuses any attempt to say what kind of user somebody is.
///
/// # Errors
/// 409 `user_kind_fixed` when `kind` is given at all.
pub fn refuse_kind<T>(kind: &Patch<T>) -> Result<(), UseCaseError> {
    if kind.is_absent() {
        return Ok(());
    }
    Err(UseCaseError::conflict(
        "user_kind_fixed",
        "guests and standard users never convert; delete and add again with a new email",
    )
    .at("/kind"))
}

/// The personal facts of a patch whose fields are sound.
pub struct PersonChange {
    first_name: Option<PersonName>,
    last_name: Option<PersonName>,
    email: Option<EmailAddress>,
    external_id: Option<Option<String>>,
}

impl PersonChange {
    /// Checks the fields, noting what is wrong with them.
    pub fn check(
        fields: &mut Fields,
        first_name: Option<&String>,
        last_name: Option<&String>,
        email: Option<&String>,
        external_id: &Patch<String>,
    ) -> Self {
        let external_id = external_id.clone().into_change();
        PersonChange {
            first_name: first_name.and_then(|text| fields.check("/first_name", PersonName::parse(text))),
            last_name: last_name.and_then(|text| fields.check("/last_name", PersonName::parse(text))),
            email: email.and_then(|text| fields.check("/email", EmailAddress::parse(text))),
            external_id: external_id.map(|text| check_external_id(fields, text.as_deref())),
        }
    }

    /// Changes the user, not yet saved; returns whether mail now goes elsewhere. Links sent before are dead then.
    ///
    /// # Errors
    /// 409 `email_taken`, `email_reserved`, `external_id_taken`.
    pub fn apply(
        self,
        tx: &mut WriteTx<'_>,
        caller: &Caller<'_>,
        user: &mut User,
        changes: &mut Changes,
    ) -> Result<bool, UseCaseError> {
        if let Some(name) = self.first_name {
            changes.note("first_name", user.first_name.as_str(), name.as_str());
            user.first_name = name.into();
        }
        if let Some(name) = self.last_name {
            changes.note("last_name", user.last_name.as_str(), name.as_str());
            user.last_name = name.into();
        }
        if let Some(external_id) = self.external_id {
            if let Some(taken) = &external_id {
                placement::free_external_id(tx, caller, taken, user.id)?;
            }
            changes.note("external_id", user.external_id.clone(), external_id.clone());
            user.external_id = external_id;
        }
        match self.email.filter(|email| email.as_typed() != user.email) {
            Some(email) => change_email(tx, caller, user, &email, changes),
            None => Ok(false),
        }
    }
}

fn change_email(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    email: &EmailAddress,
    changes: &mut Changes,
) -> Result<bool, UseCaseError> {
    let moved = email.canonical() != user.email_canonical;
    let email = emails::reserve(tx, caller, email, user.kind(), user.id)?;
    changes.note("email", user.email.as_str(), email.typed.as_str());
    user.email = email.typed;
    user.email_canonical = email.canonical;
    user.email_hash = email.hash;
    if moved {
        // What was mailed before is for whoever reads the old address.
        user.link_epoch += 1;
        one_time_links::delete_of_user(tx, caller.org.id, user.id)?;
    }
    Ok(moved)
}

/// Gives a user another role or profile, not yet saved.
///
/// # Errors
/// 422 `unknown_reference`, `profile_not_for_guests`; 403 for a grant refused or `own_access_fixed`; 409 `last_admin`.
pub fn change_place(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    role_id: Patch<Uuid>,
    profile_id: Option<Uuid>,
    changes: &mut Changes,
) -> Result<(), UseCaseError> {
    if let Some(role) = role_id.into_change() {
        let role = placement::existing_role(tx, caller, role)?;
        changes.note_id("role_id", user.role_id, role);
        user.role_id = role;
    }
    if let Some(profile) = profile_id.filter(|profile| *profile != user.profile_id.as_uuid()) {
        let profile = placement::assignable_profile(tx, caller, profile, user.kind())?;
        if user.kind() == UserKind::Standard {
            keep_an_admin(tx, caller, user)?;
        }
        changes.note_id("profile_id", Some(user.profile_id), Some(profile.id));
        user.profile_id = profile.id;
    }
    if caller.is(user.id) && (changes.touches("role_id") || changes.touches("profile_id")) {
        check_own_access_change(&caller.grantor())?;
    }
    Ok(())
}
