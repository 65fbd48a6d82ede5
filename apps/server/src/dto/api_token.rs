//! API tokens as they are written in bodies.

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use time::UtcDateTime;
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_persistence::api_tokens::{ApiToken, TokenOwner};
use vestibule_persistence::users::User;

use crate::instant::Instant;
use crate::use_cases::create_api_token::NewApiToken;

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ApiTokenKind)]
pub enum TokenFor {
    /// A user's, for the user's own rights.
    User,
    /// A service's.
    Service,
}

/// A token to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiTokenRequest {
    /// What to call it, up to 100 characters.
    #[schema(example = "Nightly export")]
    pub name: String,
    /// Whose it will be: the caller's or a service's.
    pub kind: TokenFor,
    /// `read`, `write` for users (both when left out); `pdp`, `act_as`, `scim`, `policy_export`, `events` for services.
    #[schema(example = json!(["read"]))]
    pub scopes: Option<Vec<String>>,
    /// The first moment at which it will no longer count; never when left out.
    pub expires_at: Option<Instant>,
}

/// An API token, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ApiToken)]
pub struct ApiTokenBody {
    /// Its id.
    pub id: Uuid,
    /// What it is called.
    #[schema(example = "Nightly export")]
    pub name: String,
    /// Whose it is.
    pub kind: TokenFor,
    /// What it may be used for.
    #[schema(example = json!(["read"]))]
    pub scopes: Vec<&'static str>,
    /// Whether it still counts: a token is dead from its own end on, and once its user's access has ended.
    pub active: bool,
    /// Who made it.
    #[schema(required = true)]
    pub created_by: Option<Uuid>,
    /// When it was made.
    pub created_at: Instant,
    /// The first moment at which it no longer counts; null when it has no end of its own.
    #[schema(required = true)]
    pub expires_at: Option<Instant>,
}

impl ApiTokenBody {
    /// The token as `caller` sees it at `now`; a user's token is shown to that user only.
    pub fn of(token: &ApiToken, caller: &User, now: UtcDateTime) -> Self {
        let (kind, alive) = match token.owner {
            TokenOwner::User { access_epoch, .. } => (TokenFor::User, access_epoch == caller.access_epoch),
            TokenOwner::Service => (TokenFor::Service, true),
        };
        ApiTokenBody {
            id: token.id.into(),
            name: token.name.clone(),
            kind,
            scopes: token.scopes.words(),
            active: alive && token.expires_at.is_none_or(|end| now < end),
            created_by: token.created_by.map(Into::into),
            created_at: token.created_at.into(),
            expires_at: token.expires_at.map(Instant),
        }
    }
}

/// A new API token with its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NewApiToken)]
pub struct NewApiTokenBody {
    /// The token.
    #[serde(flatten)]
    pub token: ApiTokenBody,
    /// What to send as `Authorization: Bearer`; shown this once.
    #[schema(example = "vst_a_…")]
    pub secret: String,
}

impl NewApiTokenBody {
    /// The new token as its maker sees it.
    pub fn of(new: &NewApiToken, caller: &User, now: UtcDateTime) -> Self {
        NewApiTokenBody {
            token: ApiTokenBody::of(&new.token, caller, now),
            secret: new.secret.expose_secret().to_owned(),
        }
    }
}
