//! Carrying out what the guest rules decided: facts, credentials, links, reminders, the record of an expiry.

use serde_json::json;
use vestibule_guest_lifecycle::command::Transition;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::users::{GuestDetails, User, UserDetails};
use vestibule_persistence::{WriteTx, api_tokens, one_time_links, sessions};

use crate::caller::Caller;
use crate::error::UseCaseError;

/// Writes a transition into a loaded guest and does what it demands beside the guest's own row, which the caller saves.
///
/// # Errors
/// When the database fails.
pub fn carry_out(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    transition: &Transition,
) -> Result<(), UseCaseError> {
    let (facts, effects) = (&transition.facts, &transition.effects);
    let org = caller.org.id;
    if effects.record_expiry {
        let target = Some(("guest", user.id.as_uuid()));
        caller.audit(tx, "guest.expired", target, json!({}));
    }
    if effects.end_credentials {
        user.access_epoch += 1;
        sessions::delete_of_user(tx, org, user.id, None)?;
        api_tokens::delete_of_user(tx, org, user.id)?;
    }
    if effects.void_links {
        user.link_epoch += 1;
        one_time_links::delete_of_user(tx, org, user.id)?;
    }
    user.claimed_at = facts.claimed_at;
    if let UserDetails::Guest(guest) = &mut user.details {
        guest.window = facts.window;
        if facts.revoked_at.is_none() {
            guest.revocation = None;
        }
        if let Some(reminders) = effects.reminders {
            guest.reminders = reminders;
        }
        let ahead = facts.revoked_at.is_none() && facts.expiry_recorded_at.is_none();
        guest.expiry_due_at = ahead.then_some(facts.window.ends_at);
    }
    tx.policy_changed(org, Touched::User(user.id));
    Ok(())
}

/// The guest part of a user.
///
/// # Errors
/// 404 for a standard user: guests and standard users are different resources.
pub fn guest_of(user: &User) -> Result<&GuestDetails, UseCaseError> {
    user.guest().ok_or_else(UseCaseError::not_found)
}
