//! Adding a standard user: the person, a seat and a claim link, or nothing at all.

use uuid::Uuid;
use vestibule_guest_lifecycle::{Capability, EmailAddress, PersonName, UserKind};
use vestibule_persistence::WriteTx;
use vestibule_persistence::ids::UserId;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::users::{self, Notifications, SignInMethod, User, UserDetails};

use crate::caller::Caller;
use crate::dto::guest::{SignIn, check_external_id};
use crate::dto::user::NewUser;
use crate::error::{Fields, UseCaseError};
use crate::use_cases::placement::{self, Changes};
use crate::use_cases::{emails, mails};

/// Adds a standard user and queues the mail with the claim link.
///
/// # Errors
/// 403 `capability_missing` or a grant refused; 422 for refused values, unknown references, `sso_not_configured`;
/// 409 `email_taken`, `email_reserved`, `external_id_taken`, `no_seats_left`.
pub fn add_user(tx: &mut WriteTx<'_>, caller: &Caller<'_>, input: &NewUser) -> Result<User, UseCaseError> {
    caller.require(Capability::ManageUsers)?;
    let mut fields = Fields::new();
    let first_name = fields.check("/first_name", PersonName::parse(&input.first_name));
    let last_name = fields.check("/last_name", PersonName::parse(&input.last_name));
    let email = fields.check("/email", EmailAddress::parse(&input.email));
    let external_id = check_external_id(&mut fields, input.external_id.as_deref());
    check_sign_in(&mut fields, input.sign_in);
    let (Some(first_name), Some(last_name), Some(email), true) =
        (first_name, last_name, email, fields.is_clean())
    else {
        return Err(fields.refused());
    };

    let id: UserId = caller.new_id();
    let profile_id: Uuid = match input.profile_id {
        Some(id) => id,
        None => placement::default_profile(tx, caller)?.into(),
    };
    let profile = placement::assignable_profile(tx, caller, profile_id, UserKind::Standard)?;
    let role_id = placement::existing_role(tx, caller, input.role_id)?;
    let license_id = placement::free_seat(tx, caller, input.license_id, id, true)?;
    if let Some(external_id) = &external_id {
        placement::free_external_id(tx, caller, external_id, id)?;
    }
    let email = emails::reserve(tx, caller, &email, UserKind::Standard, id)?;

    let user = User {
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
        created_at: caller.now,
        updated_at: caller.now,
        details: UserDetails::Standard { deactivated_at: None },
    };
    users::insert(tx, caller.org.id, &user)?;
    tx.policy_changed(caller.org.id, Touched::User(id));
    caller.audit(
        tx,
        "user.created",
        Some(("user", id.as_uuid())),
        facts(&user).into_value(),
    );
    mails::invitation(tx, caller, &user)?;
    Ok(user)
}

fn facts(user: &User) -> Changes {
    let mut facts = Changes::new();
    facts.note_id("profile_id", None::<Uuid>, Some(user.profile_id));
    facts.note_id("role_id", None::<Uuid>, user.role_id);
    facts.note_id("license_id", None::<Uuid>, user.license_id);
    facts.note("external_id", None, user.external_id.clone());
    facts
}

/// Refuses the way to sign in that the org does not offer.
pub fn check_sign_in(fields: &mut Fields, sign_in: Option<SignIn>) {
    if sign_in == Some(SignIn::Sso) {
        fields.refuse(
            "/sign_in",
            "sso_not_configured",
            "this organization has no single sign-on",
        );
    }
}
