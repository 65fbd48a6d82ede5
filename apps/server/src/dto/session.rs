//! Sessions as they are written in bodies.

use std::collections::BTreeMap;

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_persistence::orgs::Org;
use vestibule_persistence::users::User;

use crate::caller::{Caller, Subject};
use crate::dto::permission::Levels;
use crate::dto::secret::SecretText;
use crate::instant::Instant;
use crate::use_cases::open_session::NewSession;

/// Who wants in, and where.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The short name of the organization.
    #[schema(example = "acme")]
    pub org: String,
    /// The email, however it is spelled.
    #[schema(example = "ada@analytical.example")]
    pub email: String,
    /// The password.
    pub password: SecretText,
}

/// A new session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewSession)]
pub struct NewSessionBody {
    /// The session token, for `Authorization: Bearer`; shown this once.
    #[schema(example = "vst_s_…")]
    pub token: String,
    /// The first moment at which the session no longer counts.
    pub expires_at: Instant,
    /// Who signed in.
    pub user: SessionUser,
    /// Where.
    pub org: SessionOrg,
}

impl From<&NewSession> for NewSessionBody {
    fn from(session: &NewSession) -> Self {
        NewSessionBody {
            token: session.token.expose_secret().to_owned(),
            expires_at: session.expires_at.into(),
            user: (&session.user).into(),
            org: (&session.org).into(),
        }
    }
}

/// A user in a few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUser {
    /// The user's id.
    pub id: Uuid,
    /// `standard` or `guest`.
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
    /// Preferred time zone (IANA); the organization's when null.
    #[schema(required = true, example = "Europe/Vienna")]
    pub time_zone: Option<String>,
}

impl From<&User> for SessionUser {
    fn from(user: &User) -> Self {
        SessionUser {
            id: user.id.into(),
            kind: user.kind().as_str(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
            time_zone: user.time_zone.clone(),
        }
    }
}

/// An organization in a few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionOrg {
    /// Its id.
    pub id: Uuid,
    /// Its short name.
    #[schema(example = "acme")]
    pub slug: String,
    /// Its name.
    #[schema(example = "Acme Inc.")]
    pub name: String,
    /// Its time zone (IANA).
    #[schema(example = "Europe/Vienna")]
    pub time_zone: String,
}

impl From<&Org> for SessionOrg {
    fn from(org: &Org) -> Self {
        SessionOrg {
            id: org.id.into(),
            slug: org.slug.as_str().to_owned(),
            name: org.name.clone(),
            time_zone: org.zone.name().to_owned(),
        }
    }
}

/// A profile in a few words.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionProfile {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    #[schema(example = "Default")]
    pub name: String,
    /// `admin` or `default` for those that every organization has.
    #[schema(required = true, example = "default")]
    pub built_in: Option<&'static str>,
}

/// Who the caller is and what they may do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SessionBody {
    /// The first moment at which the session or API token no longer counts; null when it has no end of its own.
    #[schema(required = true)]
    pub expires_at: Option<Instant>,
    /// Whose rights apply.
    pub user: SessionUser,
    /// Where.
    pub org: SessionOrg,
    /// The user's profile.
    pub profile: SessionProfile,
    /// What the user may administer, under the ceiling for guests.
    #[schema(example = json!(["manage_guests"]))]
    pub capabilities: Vec<&'static str>,
    /// Effective permissions by object key; objects on which nothing is permitted are left out.
    pub permissions: BTreeMap<String, Levels>,
}

impl SessionBody {
    /// What the caller may know about their own credential.
    pub fn of(caller: &Caller<'_>, subject: &Subject, permissions: BTreeMap<String, Levels>) -> Self {
        SessionBody {
            expires_at: caller.credential_ends_at.map(Instant),
            user: (&subject.user).into(),
            org: (&caller.org).into(),
            profile: SessionProfile {
                id: subject.profile.id.into(),
                name: subject.profile.name.clone(),
                built_in: subject.profile.built_in.map(|built_in| built_in.as_str()),
            },
            capabilities: subject.capabilities.iter().map(|c| c.as_str()).collect(),
            permissions,
        }
    }
}
