//! Switching a standard user's account off, and on again.

use uuid::Uuid;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::users::{self, User, UserDetails};
use vestibule_persistence::{WriteTx, api_tokens, one_time_links, sessions};

use crate::caller::Caller;
use crate::dto::user::standard_status;
use crate::error::UseCaseError;
use crate::use_cases::find_user::user_to_change;
use crate::use_cases::last_admin::keep_an_admin;
use crate::use_cases::mails;
use crate::use_cases::placement::{self, Changes};

/// Ends a standard user's access with this transaction, and their seat. Deactivating a deactivated user changes
/// nothing; deactivating oneself is allowed.
///
/// # Errors
/// 409 `last_admin`; 403 `subject_outranks_actor`, 404, 412 as every change of a user.
pub fn deactivate_user(tx: &mut WriteTx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<User, UseCaseError> {
    let mut user = user_to_change(tx, caller, id)?;
    if user.deactivated_at().is_some() {
        return Ok(user);
    }
    keep_an_admin(tx, caller, &user)?;
    let before = standard_status(&user);
    end_access(tx, caller, &mut user)?;
    user.details = UserDetails::Standard {
        deactivated_at: Some(caller.now),
    };
    let orphans = users::set_sponsor_missing(tx, caller.org.id, user.id, true)?;
    record(tx, caller, &mut user, "user.deactivated", before, (0, orphans))?;
    Ok(user)
}

/// Gives a deactivated user access again, and a seat. Old sessions, tokens and links stay dead; who has not claimed
/// yet gets a new claim link. Activating a user who is not deactivated changes nothing.
///
/// # Errors
/// 409 `no_seats_left`; 403 `subject_outranks_actor`, 404, 412 as every change of a user.
pub fn activate_user(tx: &mut WriteTx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<User, UseCaseError> {
    let mut user = user_to_change(tx, caller, id)?;
    if user.deactivated_at().is_none() {
        return Ok(user);
    }
    placement::free_seat(tx, caller, user.license_id.map(Into::into), user.id, true)?;
    let before = standard_status(&user);
    user.details = UserDetails::Standard { deactivated_at: None };
    let wards = users::set_sponsor_missing(tx, caller.org.id, user.id, false)?;
    record(tx, caller, &mut user, "user.activated", before, (wards, 0))?;
    if user.claimed_at.is_none() {
        mails::claim_link_again(tx, caller, &user)?;
    }
    Ok(user)
}

/// Ends whatever lets a user in, for whoever saves the user next.
///
/// # Errors
/// When the database fails.
pub fn end_access(tx: &mut WriteTx<'_>, caller: &Caller<'_>, user: &mut User) -> Result<(), UseCaseError> {
    let org = caller.org.id;
    user.access_epoch += 1;
    user.link_epoch += 1;
    sessions::delete_of_user(tx, org, user.id, None)?;
    api_tokens::delete_of_user(tx, org, user.id)?;
    one_time_links::delete_of_user(tx, org, user.id)?;
    tx.policy_changed(org, Touched::User(user.id));
    Ok(())
}

fn record(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    action: &'static str,
    before: &str,
    flagged_guests: (usize, usize),
) -> Result<(), UseCaseError> {
    users::save(tx, caller.org.id, user, caller.now)?;
    tx.policy_changed(caller.org.id, Touched::User(user.id));
    let mut changes = Changes::new();
    changes.note("status", before, standard_status(user));
    changes.note("sponsored_guests_flagged", flagged_guests.0, flagged_guests.1);
    caller.audit(
        tx,
        action,
        Some(("user", user.id.as_uuid())),
        changes.into_value(),
    );
    Ok(())
}
