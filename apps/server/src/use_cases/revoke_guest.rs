//! Ending a guest's access at once, and giving it back.

use uuid::Uuid;
use vestibule_guest_lifecycle::command;
use vestibule_persistence::WriteTx;
use vestibule_persistence::audit::AuditActor;
use vestibule_persistence::users::{self, Revocation, User, UserDetails};

use crate::caller::Caller;
use crate::dto::guest::{Reinstate, Revoke};
use crate::error::{Fields, UseCaseError};
use crate::use_cases::find_guest::guest_to_change;
use crate::use_cases::guest_transition::carry_out;
use crate::use_cases::invite_guest::optional_text;
use crate::use_cases::mails;
use crate::use_cases::placement::{self, Changes};

/// Ends a guest's access with this transaction. Revoking a revoked guest changes nothing.
///
/// # Errors
/// 403, 404, 412 as every change of a guest; 422 for an unusable reason.
pub fn revoke_guest(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    input: &Revoke,
) -> Result<User, UseCaseError> {
    let (mut user, facts) = guest_to_change(tx, caller, id)?;
    let mut fields = Fields::new();
    let reason = optional_text(&mut fields, "/reason", input.reason.as_deref());
    fields.finish()?;
    let transition = command::revoke(&facts, caller.now)?;
    if !transition.effects.changed {
        return Ok(user);
    }
    carry_out(tx, caller, &mut user, &transition)?;
    let mut changes = Changes::new();
    changes.note("status", facts.status(caller.now).as_str(), "revoked");
    changes.note("revoke_reason", None, reason.clone());
    if let UserDetails::Guest(guest) = &mut user.details {
        let by = match caller.actor {
            AuditActor::User(id) => Some(id),
            _ => caller.subject.as_ref().map(|s| s.user.id),
        };
        guest.revocation = Some(Revocation {
            at: caller.now,
            by,
            reason,
        });
    }
    users::save(tx, caller.org.id, &mut user, caller.now)?;
    caller.audit(
        tx,
        "guest.revoked",
        Some(("guest", user.id.as_uuid())),
        changes.into_value(),
    );
    if !facts.window.is_over(caller.now) {
        mails::access_ended(tx, caller, &user)?;
    }
    Ok(user)
}

/// Gives a revoked guest access again until a new end date. Old links and sessions stay dead.
///
/// # Errors
/// 409 `guest_not_revoked`, `guest_access_off`, `sponsor_missing`, `no_seats_left`; 422 for the end date; otherwise
/// as every change of a guest.
pub fn reinstate_guest(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    input: &Reinstate,
) -> Result<User, UseCaseError> {
    let (mut user, facts) = guest_to_change(tx, caller, id)?;
    let mut changes = Changes::new();
    if let Some(sponsor) = input.sponsor_id {
        let sponsor = placement::standing_sponsor(tx, caller, "/sponsor_id", sponsor)?;
        if let UserDetails::Guest(guest) = &mut user.details {
            changes.note_id("sponsor_id", guest.sponsor_id, Some(sponsor));
            guest.sponsor_id = Some(sponsor);
            guest.sponsor_missing = false;
        }
    }
    let org = &caller.org;
    let transition = command::reinstate(
        &facts,
        input.access_ends_on.0,
        user.guest().is_some_and(|guest| guest.sponsor_missing),
        caller.now,
        &org.zone,
        org.guest_max_days,
        org.guest_access,
    )?;
    let license = user.license_id.map(Into::into);
    placement::free_seat(tx, caller, license, user.id, transition.effects.take_seat)?;
    carry_out(tx, caller, &mut user, &transition)?;
    let status = transition.facts.status(caller.now).as_str();
    changes.note("status", "revoked", status);
    let dates = (
        facts.window.ends_on.to_string(),
        transition.facts.window.ends_on.to_string(),
    );
    changes.note("access_ends_on", dates.0, dates.1);
    users::save(tx, org.id, &mut user, caller.now)?;
    caller.audit(
        tx,
        "guest.reinstated",
        Some(("guest", user.id.as_uuid())),
        changes.into_value(),
    );
    if user.claimed_at.is_none() {
        mails::claim_link_again(tx, caller, &user)?;
    } else {
        mails::access_changed(tx, caller, &user, facts.window)?;
    }
    Ok(user)
}
