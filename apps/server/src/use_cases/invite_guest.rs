//! Inviting a guest: the person, a seat and a claim link, or nothing at all.

use serde_json::json;
use vestibule_guest_lifecycle::{Capability, EmailAddress, LongText, PersonName, UserKind, command};
use vestibule_persistence::WriteTx;
use vestibule_persistence::ids::UserId;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::users::{self, GuestDetails, Notifications, SignInMethod, User, UserDetails};

use crate::caller::Caller;
use crate::dto::guest::{GuestInvitation, SignIn, check_external_id};
use crate::error::{Fields, UseCaseError};
use crate::use_cases::{emails, mails, placement};

/// Invites a guest and queues the mail with the claim link.
///
/// # Errors
/// 403 `capability_missing` or a grant refused; 422 for refused values, `profile_not_for_guests`, end dates out of
/// range, unknown references; 409 `email_taken`, `email_reserved`, `no_seats_left`, `guest_access_off`.
pub fn invite_guest(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &GuestInvitation,
) -> Result<User, UseCaseError> {
    caller.require(Capability::ManageGuests)?;
    let (org, now) = (&caller.org, caller.now);

    let mut fields = Fields::new();
    let first_name = fields.check("/first_name", PersonName::parse(&input.first_name));
    let last_name = fields.check("/last_name", PersonName::parse(&input.last_name));
    let email = fields.check("/email", EmailAddress::parse(&input.email));
    let reason = optional_text(&mut fields, "/reason", input.reason.as_deref());
    let external_id = check_external_id(&mut fields, input.external_id.as_deref());
    check_sign_in(&mut fields, caller, input.sign_in.unwrap_or(SignIn::Password));
    let ends_on = input.access_ends_on.0;
    let invited = command::invite(ends_on, now, &org.zone, org.guest_max_days, org.guest_access);
    let transition = match invited {
        Err(command::Refusal::EndDate(refused)) => {
            fields.check::<(), _>("/access_ends_on", Err(refused));
            None
        }
        other => Some(other?),
    };
    let (Some(first_name), Some(last_name), Some(email), Some(transition), true) =
        (first_name, last_name, email, transition, fields.is_clean())
    else {
        return Err(fields.refused());
    };

    let id: UserId = caller.new_id();
    let profile = placement::assignable_profile(tx, caller, input.profile_id, UserKind::Guest)?;
    let role_id = placement::existing_role(tx, caller, input.role_id)?;
    let license_id = placement::free_seat(tx, caller, input.license_id, id, true)?;
    let sponsor_id = sponsor(tx, caller, input)?;
    if let Some(external_id) = &external_id {
        placement::free_external_id(tx, caller, external_id, id)?;
    }
    let email = emails::reserve(tx, caller, &email, UserKind::Guest, id)?;

    let window = transition.facts.window;
    let guest = User {
        id,
        first_name: first_name.into(),
        last_name: last_name.into(),
        email: email.typed,
        email_canonical: email.canonical,
        email_hash: email.hash,
        profile_id: profile.id,
        role_id,
        license_id,
        external_id,
        sign_in: SignInMethod::Password,
        locale: None,
        time_zone: None,
        notifications: Notifications::default(),
        claimed_at: None,
        last_sign_in_at: None,
        access_epoch: 1,
        link_epoch: 1,
        version: 1,
        created_at: now,
        updated_at: now,
        details: UserDetails::Guest(GuestDetails {
            window,
            revocation: None,
            sponsor_id: Some(sponsor_id),
            sponsor_missing: false,
            reason,
            expiry_due_at: Some(window.ends_at),
            reminders: transition.effects.reminders.unwrap_or_default(),
        }),
    };
    users::insert(tx, org.id, &guest)?;
    tx.policy_changed(org.id, Touched::User(id));
    let facts = json!({
        "access_ends_on": { "before": null, "after": ends_on.to_string() },
        "profile_id": { "before": null, "after": profile.id.to_string() },
        "role_id": { "before": null, "after": role_id.map(|id| id.to_string()) },
        "license_id": { "before": null, "after": license_id.map(|id| id.to_string()) },
        "sponsor_id": { "before": null, "after": sponsor_id.to_string() },
    });
    caller.audit(tx, "guest.invited", Some(("guest", id.as_uuid())), facts);
    mails::invitation(tx, caller, &guest)?;
    Ok(guest)
}

fn sponsor(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &GuestInvitation,
) -> Result<UserId, UseCaseError> {
    match (input.sponsor_id, &caller.subject) {
        (Some(id), _) => placement::standing_sponsor(tx, caller, "/sponsor_id", id),
        (None, Some(subject)) if subject.user.kind() == UserKind::Standard => Ok(subject.user.id),
        (None, _) => Err(UseCaseError::invalid(
            "/sponsor_id",
            "required",
            "this guest needs a sponsor",
        )),
    }
}

/// Checks a free text that may be missing or empty.
pub fn optional_text(fields: &mut Fields, pointer: &str, text: Option<&str>) -> Option<String> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    fields.check(pointer, LongText::parse(text)).map(Into::into)
}

/// Checks the way a guest is to sign in against what the org offers.
pub fn check_sign_in(fields: &mut Fields, caller: &Caller<'_>, sign_in: SignIn) {
    match sign_in {
        SignIn::Sso => fields.refuse(
            "/sign_in",
            "sso_not_configured",
            "this organization has no single sign-on",
        ),
        SignIn::Password if !caller.org.guests_may_use_passwords => fields.refuse(
            "/sign_in",
            "passwords_not_for_guests",
            "guests of this organization do not sign in with passwords",
        ),
        SignIn::Password => {}
    }
}
