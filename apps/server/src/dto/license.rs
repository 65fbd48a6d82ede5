//! Licenses as they are written in bodies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_persistence::licenses::License;

use crate::instant::Instant;
use crate::merge_patch::not_null;

/// A license with a number of seats.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = License)]
pub struct LicenseBody {
    /// The license's id.
    pub id: Uuid,
    /// Its name, unique in the org ignoring case.
    #[schema(example = "Field Service")]
    pub name: String,
    /// How many users may hold it at once.
    #[schema(example = 25)]
    pub seats: u32,
    /// How many hold it now. Deactivated users and guests without access hold none.
    #[schema(example = 19)]
    pub used: u32,
    /// When the license was added.
    pub created_at: Instant,
    /// When its name or seats last changed.
    pub updated_at: Instant,
}

impl LicenseBody {
    /// The license as the API shows it.
    pub fn of(license: &License, used: u32) -> Self {
        LicenseBody {
            id: license.id.into(),
            name: license.name.clone(),
            seats: license.seats,
            used,
            created_at: license.created_at.into(),
            updated_at: license.updated_at.into(),
        }
    }
}

/// A license to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLicense {
    /// Its name, up to 100 characters, unique in the org ignoring case.
    #[schema(example = "Field Service")]
    pub name: String,
    /// How many users may hold it at once.
    #[schema(example = 25, minimum = 0, maximum = 1_000_000)]
    pub seats: u32,
}

/// Changes to a license, as a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LicensePatch {
    /// Its name.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "Field Service")]
    pub name: Option<String>,
    /// How many users may hold it at once; never fewer than hold it now.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = 25, minimum = 0, maximum = 1_000_000)]
    pub seats: Option<u32>,
}
