//! Deleting a role; its users and children go where the caller says.

use uuid::Uuid;
use vestibule_guest_lifecycle::check_own_access_change;
use vestibule_org_hierarchy::RoleError;
use vestibule_persistence::ids::RoleId;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::roles::{self, Role};
use vestibule_persistence::{WriteTx, users};

use crate::caller::Caller;
use crate::error::{Class, Refusal, UseCaseError};
use crate::use_cases::placement::{Changes, unknown_reference};
use crate::use_cases::role_tree::{RoleTree, role_to_change};

const MOVE_TO: &str = "?move_to";

/// Deletes a role. `move_to` names the role that takes its users and children; `Some(None)` makes the children roots
/// and leaves the users without a role. A role without either needs none.
///
/// # Errors
/// 403 `capability_missing`, `own_access_fixed`; 404; 412; 409 `role_in_use`, `role_cycle`; 422 `unknown_reference`,
/// `role_too_deep`.
pub fn delete_role(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    move_to: Option<Option<Uuid>>,
) -> Result<(), UseCaseError> {
    let role = role_to_change(tx, caller, id)?;
    let org = caller.org.id;
    let mut tree = RoleTree::load(tx, caller)?;
    let heir = heir(tx, caller, &role, &tree, move_to)?;
    if caller
        .subject
        .as_ref()
        .is_some_and(|own| own.user.role_id == Some(role.id))
    {
        check_own_access_change(&caller.grantor())?;
    }
    tree.forest.remove(role.id, heir).map_err(blame_move_to)?;
    let users = users::move_role_members(tx, org, role.id, heir)?;
    let children = roles::move_children(tx, org, role.id, heir)?;
    roles::delete(tx, org, role.id)?;
    tree.store_labels(tx, caller)?;
    let roles_touched = children.iter().chain([&role.id]).copied().map(Touched::Role);
    for touched in roles_touched.chain(users.iter().copied().map(Touched::User)) {
        tx.policy_changed(org, touched);
    }
    let mut changes = Changes::new();
    changes.note("name", Some(role.name.as_str()), None);
    changes.note_id("parent_id", role.parent_id, None::<Uuid>);
    changes.note("external_id", role.external_id.clone(), None);
    changes.note_id("move_to", None::<Uuid>, heir);
    changes.note("users_moved", 0, users.len());
    changes.note("children_moved", 0, children.len());
    caller.audit(
        tx,
        "role.deleted",
        Some(("role", role.id.as_uuid())),
        changes.into_value(),
    );
    Ok(())
}

/// Who takes the role's users and children; nobody when there are none.
fn heir(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    role: &Role,
    tree: &RoleTree,
    move_to: Option<Option<Uuid>>,
) -> Result<Option<RoleId>, UseCaseError> {
    match move_to {
        Some(Some(id)) if tree.forest.contains(id.into()) => Ok(Some(id.into())),
        Some(Some(_)) => Err(unknown_reference(MOVE_TO, "role")),
        Some(None) => Ok(None),
        None => {
            let users = roles::count_users(tx, caller.org.id, role.id)?;
            let children = tree.forest.children(role.id).count();
            if users == 0 && children == 0 {
                return Ok(None);
            }
            let detail = format!(
                "this role has {users} users and {children} roles below it; say with move_to where they go"
            );
            Err(UseCaseError::conflict("role_in_use", detail).at(MOVE_TO))
        }
    }
}

fn blame_move_to(refused: RoleError) -> UseCaseError {
    let class = match refused {
        RoleError::TooDeep { .. } => Class::Invalid,
        _ => Class::Conflict,
    };
    Refusal::new(class, refused.code(), refused.to_string())
        .at(MOVE_TO)
        .into()
}
