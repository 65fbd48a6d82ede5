//! Where a user stands in an org: profile, role, license and seat, sponsor, external id.

use serde_json::{Map, Value, json};
use uuid::Uuid;
use vestibule_guest_lifecycle::{UserKind, check_profile_assignment};
use vestibule_persistence::ids::{LicenseId, ProfileId, RoleId, UserId};
use vestibule_persistence::profiles::{self, Profile};
use vestibule_persistence::{Tx, WriteTx, licenses, roles, users};

use crate::caller::{Caller, may_sign_in};
use crate::error::UseCaseError;

/// A reference to something that is not there, or is of another org, which is the same.
pub fn unknown_reference(pointer: &str, what: &str) -> UseCaseError {
    UseCaseError::invalid(pointer, "unknown_reference", format!("there is no such {what}"))
}

/// Loads a profile that the caller may give to a user of this kind.
///
/// # Errors
/// 422 `unknown_reference` or `profile_not_for_guests`; 403 `admin_only` or `capability_not_held`.
pub fn assignable_profile(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    kind: UserKind,
) -> Result<Profile, UseCaseError> {
    let profile = profiles::find(tx, caller.org.id, id.into())?
        .ok_or_else(|| unknown_reference("/profile_id", "profile"))?;
    check_profile_assignment(&caller.grantor(), &profile.facts(), kind)?;
    Ok(profile)
}

/// Checks that a role exists.
///
/// # Errors
/// 422 `unknown_reference`.
pub fn existing_role(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Option<Uuid>,
) -> Result<Option<RoleId>, UseCaseError> {
    let Some(id) = id else { return Ok(None) };
    match roles::find(tx, caller.org.id, id.into())? {
        Some(role) => Ok(Some(role.id)),
        None => Err(unknown_reference("/role_id", "role")),
    }
}

/// Checks that a license exists and, for somebody who holds a seat, has one free.
///
/// # Errors
/// 422 `unknown_reference`; 409 `no_seats_left`.
pub fn free_seat(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Option<Uuid>,
    user: UserId,
    needs_seat: bool,
) -> Result<Option<LicenseId>, UseCaseError> {
    let Some(id) = id else { return Ok(None) };
    let org = caller.org.id;
    let license =
        licenses::find(tx, org, id.into())?.ok_or_else(|| unknown_reference("/license_id", "license"))?;
    if needs_seat && licenses::used_seats(tx, org, license.id, caller.now, Some(user))? >= license.seats {
        let detail = format!("all {} seats of {} are in use", license.seats, license.name);
        return Err(UseCaseError::conflict("no_seats_left", detail).at("/license_id"));
    }
    Ok(Some(license.id))
}

/// Checks that a sponsor, named at this pointer, is a standard user in good standing.
///
/// # Errors
/// 422 `unknown_reference`.
pub fn standing_sponsor(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    pointer: &str,
    id: Uuid,
) -> Result<UserId, UseCaseError> {
    match users::find(tx, caller.org.id, id.into())? {
        Some(user) if user.kind() == UserKind::Standard && user.deactivated_at().is_none() => Ok(user.id),
        _ => Err(UseCaseError::invalid(
            pointer,
            "unknown_reference",
            "a sponsor is an active standard user of this organization",
        )),
    }
}

/// What a change of one thing looks like in the audit log, field by field; fields that stay are left out.
#[derive(Debug, Default)]
pub struct Changes(Map<String, Value>);

impl Changes {
    /// Nothing so far.
    pub fn new() -> Self {
        Changes::default()
    }

    /// Notes a field if it changes.
    pub fn note<T: Into<Value>>(&mut self, field: &str, before: T, after: T) {
        let (before, after) = (before.into(), after.into());
        if before != after {
            self.0
                .insert(field.to_owned(), json!({ "before": before, "after": after }));
        }
    }

    /// Notes an id if it changes.
    pub fn note_id(&mut self, field: &str, before: Option<impl Into<Uuid>>, after: Option<impl Into<Uuid>>) {
        let text = |id: Option<Uuid>| id.map(|id| id.to_string());
        self.note(field, text(before.map(Into::into)), text(after.map(Into::into)));
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this field changes.
    pub fn touches(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }

    /// The document for the audit event.
    pub fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

/// The profile of a new user who was given none.
///
/// # Errors
/// When the database fails.
pub fn default_profile(tx: &mut Tx<'_>, caller: &Caller<'_>) -> Result<ProfileId, UseCaseError> {
    let built_in = vestibule_guest_lifecycle::BuiltInProfile::Default;
    Ok(profiles::find_built_in(tx, caller.org.id, built_in)?.id)
}

/// Checks that no other user of the org is known by this external id.
///
/// # Errors
/// 409 `external_id_taken`.
pub fn free_external_id(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    external_id: &str,
    user: UserId,
) -> Result<(), UseCaseError> {
    match users::find_by_external_id(tx, caller.org.id, external_id)? {
        Some(other) if other.id != user => Err(UseCaseError::conflict(
            "external_id_taken",
            "this external id is in use here",
        )
        .at("/external_id")),
        _ => Ok(()),
    }
}

/// Checks whom the records of a user who leaves go to.
///
/// # Errors
/// 422 `unknown_reference` when that is no active user of the org, or the one who leaves.
pub fn heir(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    to: Option<Uuid>,
    from: UserId,
) -> Result<Option<UserId>, UseCaseError> {
    let Some(to) = to else { return Ok(None) };
    match users::find(tx, caller.org.id, to.into())? {
        Some(user) if user.id != from && may_sign_in(&caller.org, &user, caller.now) => Ok(Some(user.id)),
        _ => Err(UseCaseError::invalid(
            "?transfer_records_to",
            "unknown_reference",
            "records are handed to another active user of this organization",
        )),
    }
}
