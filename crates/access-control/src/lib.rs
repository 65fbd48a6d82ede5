#![doc = include_str!("../README.md")]

mod action;
mod census;
mod decision;
mod explain;
mod facts;
mod ids;
mod level;
mod matrix;
mod outcome;
mod permissions;
mod policy_error;
mod reach;
mod scope;
mod snapshot;
mod subject;
mod words;

pub use action::Action;
pub use census::{ActionImpact, Census, UserImpact};
pub use decision::{Decision, Denial, decide, decide_create, decide_edit};
pub use explain::{Change, Explanation, OwnerFinding, Question, Rule, Suggestion, explain};
pub use facts::{
    Account, ObjectFacts, ObjectGrant, PolicyChange, PolicyFacts, PolicyUpdate, ProfileFacts, RoleFacts,
    UserFacts,
};
pub use ids::{ObjectId, ProfileId, RecordId};
pub use level::Level;
pub use matrix::{MatrixError, PermissionMatrix};
pub use outcome::Outcome;
pub use permissions::{ObjectPermissions, PermissionWarning};
pub use policy_error::PolicyError;
pub use reach::{Permit, Reach};
pub use scope::{OwnerScope, RoleInterval, compile};
pub use snapshot::{CensusTaker, MovedReports, ObjectIndex, RoleMove, RoleMoveCensus, Snapshot, UserIndex};
pub use subject::{EndedReason, Standing, Subject};
pub use words::UnknownWord;

/// The parts of the role forest that the decisions speak of, so that a caller needs one dependency only.
pub use vestibule_org_hierarchy::{
    OrgId, Person, Relation, RoleError, RoleForest, RoleId, RoleLabel, UserId,
};
