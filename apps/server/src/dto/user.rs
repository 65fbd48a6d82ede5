//! Standard users as they are written in bodies and queries, and people of either kind in lists.

use serde::{Deserialize, Serialize};
use time::UtcDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_guest_lifecycle::{EmailAddress, UserKind};
use vestibule_persistence::user_list::{StandardStatus, StatusFilter, UserFilter};
use vestibule_persistence::users::User;

use crate::dto::guest::SignIn;
use crate::instant::{CivilDate, Instant};
use crate::merge_patch::{Patch, not_null};
use crate::problem::Problem;
use crate::query::invalid;

/// A standard user: a person with a standing account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserBody {
    /// The user's id.
    pub id: Uuid,
    /// Always `standard`.
    #[schema(example = "standard")]
    pub kind: &'static str,
    /// First name.
    #[schema(example = "Grace")]
    pub first_name: String,
    /// Last name.
    #[schema(example = "Hopper")]
    pub last_name: String,
    /// The email as it was typed.
    #[schema(example = "grace@acme.example")]
    pub email: String,
    /// `active`, `invited` (not claimed yet) or `deactivated`.
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
    /// How the user signs in.
    pub sign_in: SignIn,
    /// The id that another system knows this user by.
    #[schema(required = true)]
    pub external_id: Option<String>,
    /// When the user claimed the account.
    #[schema(required = true)]
    pub claimed_at: Option<Instant>,
    /// The last sign-in.
    #[schema(required = true)]
    pub last_sign_in_at: Option<Instant>,
    /// Until when the user can't sign in after too many wrong passwords; null when not locked.
    #[schema(required = true)]
    pub locked_until: Option<Instant>,
    /// When the account was switched off.
    #[schema(required = true)]
    pub deactivated_at: Option<Instant>,
    /// When the user was added.
    pub created_at: Instant,
    /// When the user last changed.
    pub updated_at: Instant,
}

impl UserBody {
    /// A standard user as the API shows them, with the end of their lock.
    pub fn of(user: &User, locked_until: Option<UtcDateTime>) -> Self {
        UserBody {
            id: user.id.into(),
            kind: user.kind().as_str(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
            status: standard_status(user),
            role_id: user.role_id.map(Into::into),
            profile_id: user.profile_id.into(),
            license_id: user.license_id.map(Into::into),
            sign_in: user.sign_in.into(),
            external_id: user.external_id.clone(),
            claimed_at: user.claimed_at.map(Instant),
            last_sign_in_at: user.last_sign_in_at.map(Instant),
            locked_until: locked_until.map(Instant),
            deactivated_at: user.deactivated_at().map(Instant),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}

/// The word for a standard user's status.
pub fn standard_status(user: &User) -> &'static str {
    if user.deactivated_at().is_some() {
        "deactivated"
    } else if user.claimed_at.is_none() {
        "invited"
    } else {
        "active"
    }
}

/// A user of either kind, as far as both have the same facts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonBody {
    /// The user's id.
    pub id: Uuid,
    /// `standard` (found under `/users`) or `guest` (found under `/guests`).
    #[schema(example = "standard")]
    pub kind: &'static str,
    /// First name.
    #[schema(example = "Grace")]
    pub first_name: String,
    /// Last name.
    #[schema(example = "Hopper")]
    pub last_name: String,
    /// The email as it was typed.
    #[schema(example = "grace@acme.example")]
    pub email: String,
    /// `invited`, `active`, `deactivated`, `revoked` or `expired`: derived at the moment of the answer.
    #[schema(example = "active")]
    pub status: &'static str,
    /// The role.
    #[schema(required = true)]
    pub role_id: Option<Uuid>,
    /// The profile.
    pub profile_id: Uuid,
    /// The id that another system knows this user by.
    #[schema(required = true)]
    pub external_id: Option<String>,
    /// A guest's last usable day; null for standard users.
    #[schema(required = true)]
    pub access_ends_on: Option<CivilDate>,
    /// When the user was added or invited.
    pub created_at: Instant,
}

impl PersonBody {
    /// The person as seen at `now`.
    pub fn of(user: &User, now: UtcDateTime) -> Self {
        PersonBody {
            id: user.id.into(),
            kind: user.kind().as_str(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
            status: user
                .guest_facts()
                .map_or_else(|| standard_status(user), |facts| facts.status(now).as_str()),
            role_id: user.role_id.map(Into::into),
            profile_id: user.profile_id.into(),
            external_id: user.external_id.clone(),
            access_ends_on: user.guest().map(|guest| guest.window.ends_on.into()),
            created_at: user.created_at.into(),
        }
    }
}

/// A standard user to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// First name, up to 100 characters.
    #[schema(example = "Grace")]
    pub first_name: String,
    /// Last name, up to 100 characters.
    #[schema(example = "Hopper")]
    pub last_name: String,
    /// Where the claim link goes.
    #[schema(example = "grace@acme.example")]
    pub email: String,
    /// The role, if any.
    pub role_id: Option<Uuid>,
    /// The profile; the built-in Default when left out.
    pub profile_id: Option<Uuid>,
    /// The license, if any; needs a free seat.
    pub license_id: Option<Uuid>,
    /// How the user signs in; with a password when left out.
    pub sign_in: Option<SignIn>,
    /// The id that another system knows this user by.
    pub external_id: Option<String>,
}

/// Changes to a standard user, as a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// First name.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "Grace")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "Hopper")]
    pub last_name: Option<String>,
    /// Email; older claim and reset links die, an unclaimed user gets a new claim link.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "grace@acme.example")]
    pub email: Option<String>,
    /// The role; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub role_id: Patch<Uuid>,
    /// The profile.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub profile_id: Option<Uuid>,
    /// The license; null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub license_id: Patch<Uuid>,
    /// How the user signs in.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub sign_in: Option<SignIn>,
    /// The id that another system knows this user by; null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub external_id: Patch<String>,
    /// Never changes: any value is refused with 409 `user_kind_fixed`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub kind: Patch<serde_json::Value>,
}

/// Which standard users.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct UserListFilter {
    /// Statuses, joined by commas: `active,invited,deactivated`.
    pub status: Option<String>,
    /// On this profile.
    pub profile_id: Option<Uuid>,
    /// In this role.
    pub role_id: Option<Uuid>,
    /// On this license.
    pub license_id: Option<Uuid>,
    /// Known to another system by this id.
    pub external_id: Option<String>,
    /// With exactly this email, however it is spelled.
    pub email: Option<String>,
    /// Words that all occur in the names or the email.
    pub q: Option<String>,
    /// Who never signed in (or did).
    pub never_signed_in: Option<bool>,
}

impl UserListFilter {
    /// The same as the database understands it.
    ///
    /// # Errors
    /// 400 `invalid_query` for an unknown status or a malformed email.
    pub fn compile(&self) -> Result<UserFilter, Problem> {
        let words = self.status.iter().flat_map(|list| list.split(','));
        let email = self.email.as_deref().map(EmailAddress::parse).transpose();
        let email = email.map_err(|refused| invalid("email", refused.to_string()))?;
        Ok(UserFilter {
            kind: Some(UserKind::Standard),
            statuses: words.map(status_filter).collect::<Result<_, _>>()?,
            profile_id: self.profile_id.map(Into::into),
            role_id: self.role_id.map(Into::into),
            license_id: self.license_id.map(Into::into),
            external_id: self.external_id.clone(),
            email_canonical: email.map(|email| email.canonical().to_owned()),
            text: self.q.clone(),
            signed_in: self.never_signed_in.map(|never| !never),
            ..UserFilter::default()
        })
    }
}

fn status_filter(word: &str) -> Result<StatusFilter, Problem> {
    let status = match word {
        "active" => StandardStatus::Active,
        "invited" => StandardStatus::Invited,
        "deactivated" => StandardStatus::Deactivated,
        _ => return Err(invalid("status", "expected some of active, invited, deactivated")),
    };
    Ok(StatusFilter::Standard(status))
}

/// Which of the people in a relation to a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct PeopleFilter {
    /// Standard users or guests only.
    pub kind: Option<KindWord>,
    /// Words that all occur in the names or the email.
    pub q: Option<String>,
}

/// The kinds of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KindWord {
    /// A person with a standing account.
    Standard,
    /// A person with access until a day.
    Guest,
}

impl From<KindWord> for UserKind {
    fn from(word: KindWord) -> Self {
        match word {
            KindWord::Standard => UserKind::Standard,
            KindWord::Guest => UserKind::Guest,
        }
    }
}
