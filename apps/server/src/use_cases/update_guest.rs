//! Changing a guest: the person, their place, their last day, all at once or not at all.

use uuid::Uuid;
use vestibule_guest_lifecycle::{GuestFacts, GuestStatus, command};
use vestibule_persistence::WriteTx;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::users::{self, User, UserDetails};

use crate::caller::Caller;
use crate::dto::guest::GuestPatch;
use crate::error::{Fields, UseCaseError};
use crate::instant::CivilDate;
use crate::merge_patch::Patch;
use crate::use_cases::change_person::{PersonChange, change_place, refuse_kind};
use crate::use_cases::find_guest::guest_to_change;
use crate::use_cases::guest_transition::carry_out;
use crate::use_cases::invite_guest::{check_sign_in, optional_text};
use crate::use_cases::mails;
use crate::use_cases::placement::{self, Changes};

/// Changes a guest.
///
/// # Errors
/// As inviting; 409 `user_kind_fixed`, `guest_revoked`, `sponsor_missing`; 412 `precondition_failed`.
pub fn update_guest(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    patch: &GuestPatch,
) -> Result<User, UseCaseError> {
    let (user, facts) = guest_to_change(tx, caller, id)?;
    change(tx, caller, user, &facts, patch)
}

/// Changes a guest's last day. A guest whose sponsor is missing gets this one, if one is given; others keep theirs.
///
/// # Errors
/// As [`update_guest`].
pub fn extend_guest(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    access_ends_on: Option<CivilDate>,
    new_sponsor: Option<Uuid>,
) -> Result<User, UseCaseError> {
    let (user, facts) = guest_to_change(tx, caller, id)?;
    let sponsor_missing = user.guest().is_some_and(|guest| guest.sponsor_missing);
    let patch = GuestPatch {
        access_ends_on,
        sponsor_id: new_sponsor.filter(|_| sponsor_missing),
        ..GuestPatch::default()
    };
    change(tx, caller, user, &facts, &patch)
}

fn change(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    mut user: User,
    facts: &GuestFacts,
    patch: &GuestPatch,
) -> Result<User, UseCaseError> {
    refuse_kind(&patch.kind)?;
    let mut fields = Fields::new();
    let GuestPatch {
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
    let reason = patch.reason.clone().into_change();
    let reason = reason.map(|text| optional_text(&mut fields, "/reason", text.as_deref()));
    if let Some(sign_in) = patch.sign_in {
        check_sign_in(&mut fields, caller, sign_in);
    }
    fields.finish()?;
    let mut changes = Changes::new();
    let moved = person.apply(tx, caller, &mut user, &mut changes)?;
    if let (Some(reason), UserDetails::Guest(guest)) = (reason, &mut user.details) {
        changes.note("reason", guest.reason.clone(), reason.clone());
        guest.reason = reason;
    }
    change_place(
        tx,
        caller,
        &mut user,
        patch.role_id,
        patch.profile_id,
        &mut changes,
    )?;
    change_sponsor(tx, caller, &mut user, patch, &mut changes)?;
    let revived = change_end_date(tx, caller, &mut user, facts, patch, &mut changes)?;
    change_license(tx, caller, &mut user, facts, patch, revived, &mut changes)?;
    if changes.is_empty() {
        return Ok(user);
    }
    users::save(tx, caller.org.id, &mut user, caller.now)?;
    tx.policy_changed(caller.org.id, Touched::User(user.id));
    tell(tx, caller, &user, facts, moved, &changes)?;
    let action = if changes.touches("access_ends_on") {
        "guest.access_changed"
    } else {
        "guest.updated"
    };
    caller.audit(
        tx,
        action,
        Some(("guest", user.id.as_uuid())),
        changes.into_value(),
    );
    Ok(user)
}

fn tell(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &User,
    before: &GuestFacts,
    moved: bool,
    changes: &Changes,
) -> Result<(), UseCaseError> {
    let invited = user
        .guest_facts()
        .is_some_and(|f| f.status(caller.now) == GuestStatus::Invited);
    if invited && (moved || before.window.is_over(caller.now)) {
        // The old link went to another address, or died with the old end date.
        mails::claim_link_again(tx, caller, user)?;
    } else if changes.touches("access_ends_on") {
        mails::access_changed(tx, caller, user, before.window)?;
    }
    Ok(())
}

fn change_sponsor(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    patch: &GuestPatch,
    changes: &mut Changes,
) -> Result<(), UseCaseError> {
    let Some(sponsor) = patch.sponsor_id else {
        return Ok(());
    };
    let sponsor = placement::standing_sponsor(tx, caller, "/sponsor_id", sponsor)?;
    if let UserDetails::Guest(guest) = &mut user.details {
        changes.note_id("sponsor_id", guest.sponsor_id, Some(sponsor));
        changes.note("sponsor_missing", guest.sponsor_missing, false);
        guest.sponsor_id = Some(sponsor);
        guest.sponsor_missing = false;
    }
    Ok(())
}

/// Returns whether an expired guest was revived.
fn change_end_date(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    facts: &GuestFacts,
    patch: &GuestPatch,
    changes: &mut Changes,
) -> Result<bool, UseCaseError> {
    let Some(date) = patch.access_ends_on else {
        return Ok(false);
    };
    let org = &caller.org;
    let sponsor_missing = user.guest().is_some_and(|guest| guest.sponsor_missing);
    let transition = command::change_end_date(
        facts,
        date.0,
        sponsor_missing,
        caller.now,
        &org.zone,
        org.guest_max_days,
    )?;
    if !transition.effects.changed {
        return Ok(false);
    }
    changes.note(
        "access_ends_on",
        facts.window.ends_on.to_string(),
        date.0.to_string(),
    );
    changes.note(
        "access_ends_at",
        at(facts.window.ends_at),
        at(transition.facts.window.ends_at),
    );
    carry_out(tx, caller, user, &transition)?;
    Ok(transition.effects.take_seat)
}

fn at(instant: time::UtcDateTime) -> String {
    crate::instant::Instant(instant).to_string()
}

fn change_license(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    facts: &GuestFacts,
    patch: &GuestPatch,
    revived: bool,
    changes: &mut Changes,
) -> Result<(), UseCaseError> {
    let license = match patch.license_id {
        Patch::Absent if revived => user.license_id.map(Into::into),
        Patch::Absent => return Ok(()),
        Patch::Null => None,
        Patch::Value(id) => Some(id),
    };
    let needs_seat = revived || facts.holds_seat(caller.now);
    let license = placement::free_seat(tx, caller, license, user.id, needs_seat)?;
    changes.note_id("license_id", user.license_id, license);
    user.license_id = license;
    Ok(())
}
