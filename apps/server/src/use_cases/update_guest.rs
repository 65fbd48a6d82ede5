//! Changing a guest: the person, their place, their last day, all at once or not at all.

use uuid::Uuid;
use vestibule_guest_lifecycle::{
    EmailAddress, GuestFacts, GuestStatus, PersonName, UserKind, check_own_access_change, command,
};
use vestibule_persistence::users::{self, User, UserDetails};
use vestibule_persistence::{WriteTx, one_time_links};

use crate::caller::Caller;
use crate::dto::guest::{GuestPatch, check_external_id};
use crate::error::{Fields, UseCaseError};
use crate::merge_patch::Patch;
use crate::use_cases::find_guest::guest_to_change;
use crate::use_cases::guest_transition::carry_out;
use crate::use_cases::invite_guest::{check_sign_in, optional_text};
use crate::use_cases::placement::{self, Changes};
use crate::use_cases::{emails, mails};

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
    let (mut user, facts) = guest_to_change(tx, caller, id)?;
    if !patch.kind.is_absent() {
        return Err(UseCaseError::conflict(
            "user_kind_fixed",
            "guests and standard users never convert; delete and add again with a new email",
        )
        .at("/kind"));
    }
    let mut changes = Changes::new();
    let email_before = user.email_canonical.clone();
    change_person(&mut user, caller, patch, &mut changes)?;
    change_email(tx, caller, &mut user, patch, &mut changes)?;
    change_place(tx, caller, &mut user, patch, &mut changes)?;
    change_sponsor(tx, caller, &mut user, patch, &mut changes)?;
    let revived = change_end_date(tx, caller, &mut user, &facts, patch, &mut changes)?;
    change_license(tx, caller, &mut user, &facts, patch, revived, &mut changes)?;
    if changes.is_empty() {
        return Ok(user);
    }
    if user.email_canonical != email_before {
        user.link_epoch += 1;
        one_time_links::delete_of_user(tx, caller.org.id, user.id)?;
    }
    users::save(tx, caller.org.id, &mut user, caller.now)?;
    tx.policy_changed(caller.org.id);
    tell(tx, caller, &user, &facts, &changes)?;
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
    changes: &Changes,
) -> Result<(), UseCaseError> {
    let invited = user
        .guest_facts()
        .is_some_and(|f| f.status(caller.now) == GuestStatus::Invited);
    if invited && (changes.touches("email") || before.window.is_over(caller.now)) {
        // The old link went to another address, or died with the old end date.
        mails::claim_link_again(tx, caller, user)?;
    } else if changes.touches("access_ends_on") {
        mails::access_changed(tx, caller, user, before.window)?;
    }
    Ok(())
}

fn change_person(
    user: &mut User,
    caller: &Caller<'_>,
    patch: &GuestPatch,
    changes: &mut Changes,
) -> Result<(), UseCaseError> {
    let mut fields = Fields::new();
    let name = |fields: &mut Fields, pointer: &str, text: &Option<String>| {
        text.as_ref()
            .and_then(|text| fields.check(pointer, PersonName::parse(text)))
    };
    let first_name = name(&mut fields, "/first_name", &patch.first_name);
    let last_name = name(&mut fields, "/last_name", &patch.last_name);
    let reason = patch.reason.clone().into_change();
    let reason = reason.map(|text| optional_text(&mut fields, "/reason", text.as_deref()));
    let external_id = patch.external_id.clone().into_change();
    let external_id = external_id.map(|text| check_external_id(&mut fields, text.as_deref()));
    if let Some(sign_in) = patch.sign_in {
        check_sign_in(&mut fields, caller, sign_in);
    }
    if let Some(email) = &patch.email {
        fields.check("/email", EmailAddress::parse(email));
    }
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
        changes.note("external_id", user.external_id.clone(), external_id.clone());
        user.external_id = external_id;
    }
    if let (Some(reason), UserDetails::Guest(guest)) = (reason, &mut user.details) {
        changes.note("reason", guest.reason.clone(), reason.clone());
        guest.reason = reason;
    }
    Ok(())
}

fn change_email(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    patch: &GuestPatch,
    changes: &mut Changes,
) -> Result<(), UseCaseError> {
    let Some(text) = &patch.email else { return Ok(()) };
    let mut fields = Fields::new();
    let Some(email) = fields.check("/email", EmailAddress::parse(text)) else {
        return Err(fields.refused());
    };
    if email.as_typed() == user.email {
        return Ok(());
    }
    let email = emails::reserve(tx, caller, &email, UserKind::Guest, user.id)?;
    changes.note("email", user.email.as_str(), email.typed.as_str());
    user.email = email.typed;
    user.email_canonical = email.canonical;
    user.email_hash = email.hash;
    Ok(())
}

fn change_place(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    patch: &GuestPatch,
    changes: &mut Changes,
) -> Result<(), UseCaseError> {
    if changes.touches("external_id")
        && let Some(external_id) = &user.external_id
    {
        placement::free_external_id(tx, caller, external_id, user.id)?;
    }
    if let Some(role) = patch.role_id.into_change() {
        let role = placement::existing_role(tx, caller, role)?;
        changes.note_id("role_id", user.role_id, role);
        user.role_id = role;
    }
    if let Some(profile) = patch.profile_id {
        let profile = placement::assignable_profile(tx, caller, profile, UserKind::Guest)?;
        changes.note_id("profile_id", Some(user.profile_id), Some(profile.id));
        user.profile_id = profile.id;
    }
    if caller.is(user.id) && (changes.touches("role_id") || changes.touches("profile_id")) {
        check_own_access_change(&caller.grantor())?;
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
    let sponsor = placement::standing_sponsor(tx, caller, sponsor)?;
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
