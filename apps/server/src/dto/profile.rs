//! Profiles as they are written in bodies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_guest_lifecycle::{BuiltInProfile, Capability, CapabilitySet};
use vestibule_persistence::profiles::Profile;

use crate::instant::Instant;
use crate::merge_patch::not_null;

/// One thing that a profile's users may administer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Capability)]
pub enum CapabilityWord {
    /// Standard users.
    ManageUsers,
    /// Guests.
    ManageGuests,
    /// Roles, profiles and permissions.
    ManageAccess,
    /// Custom objects and their fields.
    ManageObjects,
    /// Settings of the org, and licenses.
    ManageOrg,
    /// Reading the audit log.
    ViewAudit,
}

impl From<CapabilityWord> for Capability {
    fn from(word: CapabilityWord) -> Self {
        match word {
            CapabilityWord::ManageUsers => Capability::ManageUsers,
            CapabilityWord::ManageGuests => Capability::ManageGuests,
            CapabilityWord::ManageAccess => Capability::ManageAccess,
            CapabilityWord::ManageObjects => Capability::ManageObjects,
            CapabilityWord::ManageOrg => Capability::ManageOrg,
            CapabilityWord::ViewAudit => Capability::ViewAudit,
        }
    }
}

impl From<Capability> for CapabilityWord {
    fn from(capability: Capability) -> Self {
        match capability {
            Capability::ManageUsers => CapabilityWord::ManageUsers,
            Capability::ManageGuests => CapabilityWord::ManageGuests,
            Capability::ManageAccess => CapabilityWord::ManageAccess,
            Capability::ManageObjects => CapabilityWord::ManageObjects,
            Capability::ManageOrg => CapabilityWord::ManageOrg,
            Capability::ViewAudit => CapabilityWord::ViewAudit,
        }
    }
}

/// The set of these words; one that occurs twice counts once.
pub fn capability_set(words: &[CapabilityWord]) -> CapabilitySet {
    words.iter().map(|word| Capability::from(*word)).collect()
}

/// The words of a set, in a fixed order.
pub fn capability_words(set: CapabilitySet) -> Vec<CapabilityWord> {
    set.iter().map(Into::into).collect()
}

/// A profile that every org has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BuiltIn {
    /// Every capability; not editable.
    Admin,
    /// What new users get; its capabilities are editable.
    Default,
}

impl From<BuiltInProfile> for BuiltIn {
    fn from(built_in: BuiltInProfile) -> Self {
        match built_in {
            BuiltInProfile::Admin => BuiltIn::Admin,
            BuiltInProfile::Default => BuiltIn::Default,
        }
    }
}

/// A profile: what its users may administer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Profile)]
pub struct ProfileBody {
    /// The profile's id.
    pub id: Uuid,
    /// Its name, unique in the org ignoring case.
    #[schema(example = "Auditor")]
    pub name: String,
    /// Which of the profiles that every org has; null for the org's own.
    #[schema(required = true)]
    pub built_in: Option<BuiltIn>,
    /// What its users may administer. A guest has at most `manage_objects` and `view_audit` of these.
    pub capabilities: Vec<CapabilityWord>,
    /// How many users of both kinds are on it, those without access included.
    #[schema(example = 3)]
    pub user_count: i64,
    /// When the profile was made.
    pub created_at: Instant,
    /// When its name or capabilities last changed.
    pub updated_at: Instant,
}

impl ProfileBody {
    /// The profile as the API shows it.
    pub fn of(profile: &Profile, user_count: i64) -> Self {
        ProfileBody {
            id: profile.id.into(),
            name: profile.name.clone(),
            built_in: profile.built_in.map(Into::into),
            capabilities: capability_words(profile.capabilities),
            user_count,
            created_at: profile.created_at.into(),
            updated_at: profile.updated_at.into(),
        }
    }
}

/// A profile to make.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProfile {
    /// Its name, up to 100 characters, unique in the org ignoring case.
    #[schema(example = "Auditor")]
    pub name: String,
    /// What its users may administer: nothing that the caller does not hold. None when left out.
    #[serde(default)]
    pub capabilities: Vec<CapabilityWord>,
}

/// Changes to a profile, as a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfilePatch {
    /// Its name.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "Auditor")]
    pub name: Option<String>,
    /// What its users may administer, as a whole.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub capabilities: Option<Vec<CapabilityWord>>,
}

/// The name of a copy.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileCopy {
    /// Its name, up to 100 characters, unique in the org ignoring case.
    #[schema(example = "Auditor (external)")]
    pub name: String,
}
