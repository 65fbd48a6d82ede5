//! The organization as it is written in bodies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_guest_lifecycle::PasswordPolicy;
use vestibule_persistence::orgs::Org;

use crate::instant::Instant;
use crate::merge_patch::{Patch, not_null};

/// An organization and its settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Org)]
pub struct OrgBody {
    /// Its id.
    pub id: Uuid,
    /// Its unique short name, which never changes.
    #[schema(example = "acme")]
    pub slug: String,
    /// Its name.
    #[schema(example = "Acme Inc.")]
    pub name: String,
    /// The zone (IANA) whose days end guests' access.
    #[schema(example = "Europe/Vienna")]
    pub time_zone: String,
    /// What passwords have to be like.
    pub password_policy: PasswordPolicyBody,
    /// How long a claim link works, in hours.
    #[schema(example = 72, minimum = 1, maximum = 168)]
    pub claim_link_ttl_hours: u16,
    /// How many days ahead a guest's last day may lie.
    #[schema(example = 90, minimum = 1, maximum = 90)]
    pub guest_max_days: u16,
    /// How long a session lasts, in hours.
    #[schema(example = 12, minimum = 1, maximum = 720)]
    pub session_hours: u16,
    /// Whether guests may sign in with passwords.
    pub guests_may_use_passwords: bool,
    /// Whether guests are let in at all.
    pub guest_access: bool,
    /// The identity provider for single sign-on; none is configured yet.
    #[schema(required = true, value_type = Option<Object>)]
    pub sso: Option<serde_json::Value>,
    /// When it was made.
    pub created_at: Instant,
    /// When its settings last changed.
    pub updated_at: Instant,
}

impl From<&Org> for OrgBody {
    fn from(org: &Org) -> Self {
        OrgBody {
            id: org.id.into(),
            slug: org.slug.as_str().to_owned(),
            name: org.name.clone(),
            time_zone: org.zone.name().to_owned(),
            password_policy: org.password_policy.into(),
            claim_link_ttl_hours: org.claim_link_ttl.hours(),
            guest_max_days: org.guest_max_days.days(),
            session_hours: org.session_hours.hours(),
            guests_may_use_passwords: org.guests_may_use_passwords,
            guest_access: org.guest_access,
            sso: None,
            created_at: org.created_at.into(),
            updated_at: org.updated_at.into(),
        }
    }
}

/// What passwords have to be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PasswordPolicy)]
pub struct PasswordPolicyBody {
    /// The smallest number of characters.
    #[schema(example = 15, minimum = 8, maximum = 64)]
    pub min_length: u8,
    /// Whether an upper-case letter is needed.
    pub require_upper: bool,
    /// Whether a lower-case letter is needed.
    pub require_lower: bool,
    /// Whether a digit is needed.
    pub require_digit: bool,
    /// Whether a character is needed that is neither a letter nor a digit.
    pub require_symbol: bool,
    /// Whether common and easily guessed passwords are refused.
    pub forbid_common: bool,
}

impl From<PasswordPolicy> for PasswordPolicyBody {
    fn from(policy: PasswordPolicy) -> Self {
        PasswordPolicyBody {
            min_length: policy.min_length(),
            require_upper: policy.require_upper,
            require_lower: policy.require_lower,
            require_digit: policy.require_digit,
            require_symbol: policy.require_symbol,
            forbid_common: policy.forbid_common,
        }
    }
}

/// Changes to an organization's settings, as a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgPatch {
    /// The name.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "Acme Inc.")]
    pub name: Option<String>,
    /// Never changes: another value is refused with 409 `slug_fixed`.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "acme")]
    pub slug: Option<String>,
    /// The zone (IANA) whose days end guests' access; end dates that are set already keep their instants.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "Europe/Vienna")]
    pub time_zone: Option<String>,
    /// What new passwords have to be like.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub password_policy: Option<PasswordPolicyPatch>,
    /// How long new claim links work, in hours: 1 to 168.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = 72)]
    pub claim_link_ttl_hours: Option<i64>,
    /// How many days ahead a guest's last day may lie: 1 to 90.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = 90)]
    pub guest_max_days: Option<i64>,
    /// How long new sessions last, in hours: 1 to 720.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = 12)]
    pub session_hours: Option<i64>,
    /// Whether guests may sign in with passwords.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub guests_may_use_passwords: Option<bool>,
    /// Whether guests are let in at all; false shuts every guest out at once.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub guest_access: Option<bool>,
    /// Single sign-on cannot be configured yet: anything but null is refused with 422 `sso_not_configured`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub sso: Patch<serde_json::Value>,
}

/// Changes to what passwords have to be like; what is left out stays.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicyPatch {
    /// The smallest number of characters: 8 to 64.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = 15)]
    pub min_length: Option<i64>,
    /// Whether an upper-case letter is needed.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub require_upper: Option<bool>,
    /// Whether a lower-case letter is needed.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub require_lower: Option<bool>,
    /// Whether a digit is needed.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub require_digit: Option<bool>,
    /// Whether a character is needed that is neither a letter nor a digit.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub require_symbol: Option<bool>,
    /// Whether common and easily guessed passwords are refused.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub forbid_common: Option<bool>,
}
