//! What moving a role would do, as it is asked and shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dto::permission::ActionImpacts;
use crate::merge_patch::nullable;

/// Where a role would go.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleMove)]
pub struct RoleMoveBody {
    /// The role above it, which takes everything below along; null makes it a root.
    #[serde(deserialize_with = "nullable")]
    #[schema(required = true)]
    pub parent_id: Option<Uuid>,
}

/// What would change if a role were moved; nothing is saved.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoleMovePreview {
    /// The role.
    pub role_id: Uuid,
    /// The role that would be above it; null at the top.
    #[schema(required = true)]
    pub parent_id: Option<Uuid>,
    /// How many people are in the role and below it, those without access included.
    #[schema(example = 12)]
    pub people_moved: u64,
    /// How many users with access would get more reports.
    pub users_gaining: u64,
    /// How many users with access would have fewer reports.
    pub users_losing: u64,
    /// Users whose reports would change, at most 20: those next to the role first.
    pub most_affected: Vec<MovedReportsBody>,
    /// The objects with which anybody would gain or lose anything, by key.
    pub objects: Vec<RoleMoveObject>,
}

/// A user whose reports would change.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MovedReports)]
pub struct MovedReportsBody {
    /// The user.
    pub user_id: Uuid,
    /// First and last name.
    #[schema(example = "Ada Lovelace")]
    pub name: String,
    /// How many reports the user has, those without access included.
    pub reports_before: u64,
    /// How many it would be.
    pub reports_after: u64,
    /// How many reports would come.
    pub gained: u64,
    /// How many reports would go.
    pub lost: u64,
}

/// What moving a role would do to the reach of one object's records.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoleMoveObject {
    /// The object's key.
    #[schema(example = "deal")]
    pub object: String,
    /// What several are called.
    #[schema(example = "Deals")]
    pub plural: String,
    /// Who and what would be won and lost, by action.
    pub actions: ActionImpacts,
}
