//! The org's role tree, loaded to be changed: the tree decides, and its labels are stored with the roles.

use uuid::Uuid;
use vestibule_guest_lifecycle::Capability;
use vestibule_org_hierarchy::{RoleForest, RoleLabel};
use vestibule_persistence::ids::RoleId;
use vestibule_persistence::roles::{self, Role};
use vestibule_persistence::{Tx, WriteTx};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::find_user::READERS;

/// Loads a role for somebody who may read roles.
///
/// # Errors
/// 403 `capability_missing`; 404 when there is no such role in the caller's org.
pub fn find_role(tx: &mut Tx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<Role, UseCaseError> {
    caller.require_any(&READERS)?;
    roles::find(tx, caller.org.id, id.into())?.ok_or_else(UseCaseError::not_found)
}

/// Loads a role to change, with the version that the caller expects.
///
/// # Errors
/// As [`find_role`]; 412 `precondition_failed`.
pub fn role_to_change(tx: &mut WriteTx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<Role, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    let role = find_role(tx, caller, id)?;
    caller.expect_version(role.id, role.version)?;
    Ok(role)
}

/// The tree with the labels that are stored for it.
pub struct RoleTree {
    /// The tree; a refused change leaves it as it was.
    pub forest: RoleForest,
    stored: Vec<(RoleId, RoleLabel)>,
}

impl RoleTree {
    /// Loads the tree. Transactions of one org run one after the other, so it stays true until the commit.
    ///
    /// # Errors
    /// When the database fails or holds no forest.
    pub fn load(tx: &mut WriteTx<'_>, caller: &Caller<'_>) -> Result<Self, UseCaseError> {
        let org = caller.org.id;
        let forest = RoleForest::build(roles::parents(tx, org)?)
            .map_err(|broken| UseCaseError::Internal(format!("the stored roles form no forest: {broken}")))?;
        Ok(RoleTree {
            forest,
            stored: roles::labels(tx, org)?,
        })
    }

    /// Stores the labels that the change of the tree has moved, once the roles themselves are stored.
    ///
    /// # Errors
    /// When the database fails.
    pub fn store_labels(self, tx: &mut WriteTx<'_>, caller: &Caller<'_>) -> Result<(), UseCaseError> {
        roles::relabel(tx, caller.org.id, self.forest.changed_labels(self.stored))?;
        Ok(())
    }
}
