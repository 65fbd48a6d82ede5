//! How somebody's access ended, told to that person alone.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_persistence::users::User;

use crate::instant::Instant;

/// How somebody's access ended, and whom to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccessEnded {
    /// Why.
    pub reason: AccessEndReason,
    /// The organization's name.
    #[schema(example = "Acme Inc.")]
    pub org_name: String,
    /// When; null where nothing tells.
    #[schema(required = true)]
    pub ended_at: Option<Instant>,
    /// Who answers for the guest; null when there is nobody, or nobody with access.
    #[schema(required = true)]
    pub sponsor: Option<SponsorContact>,
}

/// Why somebody's access ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessEndReason {
    /// The last day has passed.
    Expired,
    /// Somebody ended it.
    Revoked,
    /// It is switched off: of this account, or of all guests.
    Suspended,
}

/// A sponsor in a few words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SponsorContact {
    /// First name.
    #[schema(example = "Grace")]
    pub first_name: String,
    /// Last name.
    #[schema(example = "Hopper")]
    pub last_name: String,
    /// The email as it was typed.
    #[schema(example = "grace@acme.example")]
    pub email: String,
}

impl From<User> for SponsorContact {
    fn from(sponsor: User) -> Self {
        SponsorContact {
            first_name: sponsor.first_name,
            last_name: sponsor.last_name,
            email: sponsor.email,
        }
    }
}
