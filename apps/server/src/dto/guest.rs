//! Guests as they are written in bodies and queries.

use serde::{Deserialize, Serialize};
use time::UtcDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_guest_lifecycle::{EmailAddress, GuestStatus, UserKind};
use vestibule_persistence::orgs::Org;
use vestibule_persistence::user_list::{StatusFilter, UserFilter};
use vestibule_persistence::users::{SignInMethod, User};

use crate::error::Fields;
use crate::instant::{CivilDate, Instant};
use crate::merge_patch::{Patch, not_null};
use crate::problem::Problem;

/// How a user signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// With a password kept here.
    Password,
    /// Through the org's identity provider.
    Sso,
}

impl From<SignInMethod> for SignIn {
    fn from(method: SignInMethod) -> Self {
        match method {
            SignInMethod::Password => SignIn::Password,
            SignInMethod::Sso => SignIn::Sso,
        }
    }
}

impl From<SignIn> for SignInMethod {
    fn from(method: SignIn) -> Self {
        match method {
            SignIn::Password => SignInMethod::Password,
            SignIn::Sso => SignInMethod::Sso,
        }
    }
}

/// A guest.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Guest)]
pub struct GuestBody {
    /// The guest's id.
    pub id: Uuid,
    /// Always `guest`.
    #[schema(example = "guest")]
    pub kind: &'static str,
    /// First name.
    #[schema(example = "Ada")]
    pub first_name: String,
    /// Last name.
    #[schema(example = "Lovelace")]
    pub last_name: String,
    /// The email as it was typed.
    #[schema(example = "ada@analytical.example")]
    pub email: String,
    /// `invited`, `active`, `expired` or `revoked`: derived at the moment of the answer.
    #[schema(example = "active")]
    pub status: &'static str,
    /// The role, if any.
    #[schema(required = true)]
    pub role_id: Option<Uuid>,
    /// The profile.
    pub profile_id: Uuid,
    /// The license, if any.
    #[schema(required = true)]
    pub license_id: Option<Uuid>,
    /// The last usable day, in the org's time zone.
    pub access_ends_on: CivilDate,
    /// The first moment without access.
    pub access_ends_at: Instant,
    /// Calendar days left, today included; 0 when access has ended.
    #[schema(example = 21)]
    pub days_left: u32,
    /// When the guest claimed the account.
    #[schema(required = true)]
    pub claimed_at: Option<Instant>,
    /// The last sign-in.
    #[schema(required = true)]
    pub last_sign_in_at: Option<Instant>,
    /// Until when the guest can't sign in after too many wrong passwords; null when not locked.
    #[schema(required = true)]
    pub locked_until: Option<Instant>,
    /// When access was revoked.
    #[schema(required = true)]
    pub revoked_at: Option<Instant>,
    /// Who revoked it.
    #[schema(required = true)]
    pub revoked_by: Option<Uuid>,
    /// Why it was revoked.
    #[schema(required = true)]
    pub revoke_reason: Option<String>,
    /// The standard user who answers for this guest.
    #[schema(required = true)]
    pub sponsor_id: Option<Uuid>,
    /// Whether that user is gone or deactivated.
    pub sponsor_missing: bool,
    /// Why this person needs access.
    #[schema(required = true)]
    pub reason: Option<String>,
    /// How the guest signs in.
    pub sign_in: SignIn,
    /// The id that another system knows this guest by.
    #[schema(required = true)]
    pub external_id: Option<String>,
    /// When the guest was invited.
    pub created_at: Instant,
    /// When the guest last changed.
    pub updated_at: Instant,
}

impl GuestBody {
    /// The guest as seen at `now`, with the end of their lock; nothing when the user is no guest.
    pub fn of(user: &User, locked_until: Option<UtcDateTime>, org: &Org, now: UtcDateTime) -> Option<Self> {
        let (guest, facts) = (user.guest()?, user.guest_facts()?);
        let revocation = guest.revocation.as_ref();
        let has_ended = matches!(facts.status(now), GuestStatus::Revoked | GuestStatus::Expired);
        Some(GuestBody {
            id: user.id.into(),
            kind: UserKind::Guest.as_str(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
            status: facts.status(now).as_str(),
            role_id: user.role_id.map(Into::into),
            profile_id: user.profile_id.into(),
            license_id: user.license_id.map(Into::into),
            access_ends_on: guest.window.ends_on.into(),
            access_ends_at: guest.window.ends_at.into(),
            days_left: if has_ended {
                0
            } else {
                guest.window.days_left(now, &org.zone)
            },
            claimed_at: user.claimed_at.map(Instant),
            last_sign_in_at: user.last_sign_in_at.map(Instant),
            locked_until: locked_until.map(Instant),
            revoked_at: revocation.map(|r| Instant(r.at)),
            revoked_by: revocation.and_then(|r| r.by).map(Into::into),
            revoke_reason: revocation.and_then(|r| r.reason.clone()),
            sponsor_id: guest.sponsor_id.map(Into::into),
            sponsor_missing: guest.sponsor_missing,
            reason: guest.reason.clone(),
            sign_in: user.sign_in.into(),
            external_id: user.external_id.clone(),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        })
    }
}

/// A person to invite.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestInvitation {
    /// First name, up to 100 characters.
    #[schema(example = "Ada")]
    pub first_name: String,
    /// Last name, up to 100 characters.
    #[schema(example = "Lovelace")]
    pub last_name: String,
    /// Where the claim link goes.
    #[schema(example = "ada@analytical.example")]
    pub email: String,
    /// The role, if any.
    pub role_id: Option<Uuid>,
    /// The profile; never Admin.
    pub profile_id: Uuid,
    /// The license, if any; needs a free seat.
    pub license_id: Option<Uuid>,
    /// The last usable day: from today to the org's cap, at most 90 days ahead.
    pub access_ends_on: CivilDate,
    /// Who answers for this guest; the caller when left out.
    pub sponsor_id: Option<Uuid>,
    /// Why this person needs access, up to 2,000 characters.
    pub reason: Option<String>,
    /// How the guest signs in; with a password when left out.
    pub sign_in: Option<SignIn>,
    /// The id that another system knows this guest by.
    pub external_id: Option<String>,
}

/// Changes to a guest, as a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestPatch {
    /// First name.
    #[serde(default, deserialize_with = "not_null")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, deserialize_with = "not_null")]
    pub last_name: Option<String>,
    /// Email; older claim links die, an unclaimed guest gets a new one.
    #[serde(default, deserialize_with = "not_null")]
    pub email: Option<String>,
    /// The role; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub role_id: Patch<Uuid>,
    /// The profile; never Admin.
    #[serde(default, deserialize_with = "not_null")]
    pub profile_id: Option<Uuid>,
    /// The license; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub license_id: Patch<Uuid>,
    /// The new last usable day: extends, shortens, or revives an expired guest.
    #[serde(default, deserialize_with = "not_null")]
    pub access_ends_on: Option<CivilDate>,
    /// Who answers for this guest from now on.
    #[serde(default, deserialize_with = "not_null")]
    pub sponsor_id: Option<Uuid>,
    /// Why this person needs access; null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub reason: Patch<String>,
    /// How the guest signs in.
    #[serde(default, deserialize_with = "not_null")]
    pub sign_in: Option<SignIn>,
    /// The id that another system knows this guest by; null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub external_id: Patch<String>,
    /// Never changes: any value is refused with 409 `user_kind_fixed`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub kind: Patch<serde_json::Value>,
}

/// Why access is revoked.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// Up to 2,000 characters; kept with the guest and in the audit log.
    pub reason: Option<String>,
}

/// Until when a revoked guest gets access again.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reinstate {
    /// The last usable day.
    pub access_ends_on: CivilDate,
    /// A new sponsor; needed when the old one is gone.
    pub sponsor_id: Option<Uuid>,
}

/// Which guests.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct GuestFilter {
    /// Statuses, joined by commas: `invited,active,expired,revoked`.
    pub status: Option<String>,
    /// On this profile.
    pub profile_id: Option<Uuid>,
    /// In this role.
    pub role_id: Option<Uuid>,
    /// On this license.
    pub license_id: Option<Uuid>,
    /// Sponsored by this user.
    pub sponsor_id: Option<Uuid>,
    /// Whose sponsor is gone (or not).
    pub sponsor_missing: Option<bool>,
    /// Whose last day is before this date.
    pub ends_before: Option<CivilDate>,
    /// Whose last day is after this date.
    pub ends_after: Option<CivilDate>,
    /// Who never signed in (or did).
    pub never_signed_in: Option<bool>,
    /// Who signs in this way.
    pub sign_in: Option<SignIn>,
    /// Known to another system by this id.
    pub external_id: Option<String>,
    /// With exactly this email, however it is spelled.
    pub email: Option<String>,
    /// Words that all occur in the names or the email.
    pub q: Option<String>,
}

impl GuestFilter {
    /// Checks the filter, once; [`GuestQuery::at`] then gives what the database understands.
    ///
    /// # Errors
    /// 400 `invalid_query` for an unknown status or a malformed email.
    pub fn compile(&self) -> Result<GuestQuery, Problem> {
        let mut statuses = Vec::new();
        for word in self.status.iter().flat_map(|list| list.split(',')) {
            let status: GuestStatus = word
                .parse()
                .ok()
                .filter(|status| *status != GuestStatus::Deleted)
                .ok_or_else(|| {
                    crate::query::invalid("status", "expected some of invited, active, expired, revoked")
                })?;
            statuses.push(status);
        }
        let email = match &self.email {
            Some(text) => {
                Some(EmailAddress::parse(text).map_err(|e| crate::query::invalid("email", e.to_string()))?)
            }
            None => None,
        };
        let timeless = UserFilter {
            kind: Some(UserKind::Guest),
            statuses: Vec::new(),
            profile_id: self.profile_id.map(Into::into),
            role_id: self.role_id.map(Into::into),
            license_id: self.license_id.map(Into::into),
            sponsor_id: self.sponsor_id.map(Into::into),
            sponsor_missing: self.sponsor_missing,
            ends_before: self.ends_before.map(|d| d.0),
            ends_after: self.ends_after.map(|d| d.0),
            signed_in: self.never_signed_in.map(|never| !never),
            sign_in: self.sign_in.map(Into::into),
            external_id: self.external_id.clone(),
            email_canonical: email.map(|e| e.canonical().to_owned()),
            text: self.q.clone(),
            ..UserFilter::default()
        };
        Ok(GuestQuery { timeless, statuses })
    }
}

/// A checked filter. A status is a matter of the moment, so the moment is said last.
#[derive(Clone, Debug)]
pub struct GuestQuery {
    timeless: UserFilter,
    statuses: Vec<GuestStatus>,
}

impl GuestQuery {
    /// What the database is asked at an instant.
    pub fn at(&self, now: UtcDateTime) -> UserFilter {
        let statuses = self
            .statuses
            .iter()
            .map(|status| StatusFilter::Guest(*status, now));
        UserFilter {
            statuses: statuses.collect(),
            ..self.timeless.clone()
        }
    }
}

/// Whom a deleted guest's records go to.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DeleteParams {
    /// An active user of the org; without one the records become unowned.
    pub transfer_records_to: Option<Uuid>,
}

/// How a claim link reaches the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deliver {
    /// By mail.
    #[default]
    Email,
    /// In the answer, for handing it over in person. Recorded in the audit log.
    Response,
}

/// How to deliver a new claim link.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimLinkRequest {
    /// By mail when left out.
    #[serde(default)]
    pub deliver: Deliver,
}

/// A claim link, shown this once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ClaimLink {
    /// The link; whoever has it can claim the account.
    pub url: String,
    /// Until when it works.
    pub expires_at: Instant,
}

/// Checks an external id: 1 to 255 characters without control characters.
pub fn check_external_id(fields: &mut Fields, value: Option<&str>) -> Option<String> {
    let value = value?;
    if value.is_empty() || value.chars().count() > 255 || value.chars().any(char::is_control) {
        fields.refuse(
            "/external_id",
            "invalid_text",
            "an external id has 1 to 255 characters, none of them a control character",
        );
        return None;
    }
    Some(value.to_owned())
}
