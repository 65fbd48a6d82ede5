//! Roles as they are written in bodies and queries.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_persistence::roles::{Role, RoleFilter};

use crate::instant::Instant;
use crate::merge_patch::{Patch, not_null};

/// A role: a place in the tree that says whose records somebody reaches.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleBody {
    /// The role's id.
    pub id: Uuid,
    /// Its name; several roles may have the same.
    #[schema(example = "Sales North")]
    pub name: String,
    /// The role above it; null at the top.
    #[schema(required = true)]
    pub parent_id: Option<Uuid>,
    /// The id that another system knows this role by.
    #[schema(required = true)]
    pub external_id: Option<String>,
    /// How many users of both kinds are in it, those without access included.
    #[schema(example = 7)]
    pub user_count: i64,
    /// When the role was added.
    pub created_at: Instant,
    /// When its name, place or external id last changed.
    pub updated_at: Instant,
}

impl RoleBody {
    /// The role as the API shows it.
    pub fn of(role: &Role, user_count: i64) -> Self {
        RoleBody {
            id: role.id.into(),
            name: role.name.clone(),
            parent_id: role.parent_id.map(Into::into),
            external_id: role.external_id.clone(),
            user_count,
            created_at: role.created_at.into(),
            updated_at: role.updated_at.into(),
        }
    }
}

/// A role to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// Its name, up to 100 characters.
    #[schema(example = "Sales North")]
    pub name: String,
    /// The role above it; none makes it a root. At most 64 levels.
    pub parent_id: Option<Uuid>,
    /// The id that another system knows this role by.
    pub external_id: Option<String>,
}

/// Changes to a role, as a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePatch {
    /// Its name.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, example = "Sales North")]
    pub name: Option<String>,
    /// The role above it, which moves everything below along; null makes it a root.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub parent_id: Patch<Uuid>,
    /// The id that another system knows this role by; null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub external_id: Patch<String>,
}

/// An id in a query, or the word `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct IdOrNull(pub Option<Uuid>);

/// The text is neither an id nor `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an id or null")]
pub struct NotAnIdOrNull;

impl FromStr for IdOrNull {
    type Err = NotAnIdOrNull;

    fn from_str(text: &str) -> Result<Self, NotAnIdOrNull> {
        match text {
            "null" => Ok(IdOrNull(None)),
            id => id.parse().map(|id| IdOrNull(Some(id))).map_err(|_| NotAnIdOrNull),
        }
    }
}

impl<'de> Deserialize<'de> for IdOrNull {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Which roles.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct RoleListFilter {
    /// Directly below this role; `null` for the roots.
    #[param(value_type = Option<String>, example = "null")]
    pub parent_id: Option<IdOrNull>,
    /// Whose name contains this text.
    pub q: Option<String>,
    /// Known to another system by this id.
    pub external_id: Option<String>,
}

impl RoleListFilter {
    /// The same as the database understands it.
    pub fn compile(&self) -> RoleFilter {
        RoleFilter {
            parent_id: self.parent_id.map(|parent| parent.0.map(Into::into)),
            text: self.q.clone(),
            external_id: self.external_id.clone(),
        }
    }
}

/// Where the users and children of a deleted role go.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct RoleDeleteParams {
    /// The role that takes them; `null` makes the children roots and leaves the users without a role. Needed when
    /// the role has either.
    #[param(value_type = Option<String>, example = "null")]
    pub move_to: Option<IdOrNull>,
}
