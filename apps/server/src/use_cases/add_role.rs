//! Adding a role to the tree.

use uuid::Uuid;
use vestibule_guest_lifecycle::{Capability, ShortText};
use vestibule_org_hierarchy::RoleLabel;
use vestibule_persistence::WriteTx;
use vestibule_persistence::ids::RoleId;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::roles::{self, Role};

use crate::caller::Caller;
use crate::dto::guest::check_external_id;
use crate::dto::role::NewRole;
use crate::error::{Fields, UseCaseError};
use crate::use_cases::placement::{Changes, unknown_reference};
use crate::use_cases::role_tree::RoleTree;

/// Adds a role below another one, or at the top.
///
/// # Errors
/// 403 `capability_missing`; 422 for refused values, `unknown_reference`, `role_too_deep`; 409 `external_id_taken`.
pub fn add_role(tx: &mut WriteTx<'_>, caller: &Caller<'_>, input: &NewRole) -> Result<Role, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    let mut fields = Fields::new();
    let name = fields.check("/name", ShortText::parse(&input.name));
    let external_id = check_external_id(&mut fields, input.external_id.as_deref());
    let (Some(name), true) = (name, fields.is_clean()) else {
        return Err(fields.refused());
    };

    let mut tree = RoleTree::load(tx, caller)?;
    let (id, parent_id): (RoleId, _) = (caller.new_id(), input.parent_id.map(RoleId::from));
    if parent_id.is_some_and(|parent| !tree.forest.contains(parent)) {
        return Err(unknown_reference("/parent_id", "role"));
    }
    tree.forest.add(id, parent_id)?;
    let role = Role {
        id,
        parent_id,
        name: name.into(),
        external_id,
        label: tree.forest.label(id).unwrap_or(RoleLabel { enter: 0, exit: 0 }),
        version: 1,
        created_at: caller.now,
        updated_at: caller.now,
    };
    roles::insert(tx, caller.org.id, &role)?;
    tree.store_labels(tx, caller)?;
    tx.policy_changed(caller.org.id, Touched::Role(id));
    let mut facts = Changes::new();
    facts.note("name", None, Some(role.name.as_str()));
    facts.note_id("parent_id", None::<Uuid>, role.parent_id);
    facts.note("external_id", None, role.external_id.clone());
    caller.audit(
        tx,
        "role.created",
        Some(("role", id.as_uuid())),
        facts.into_value(),
    );
    Ok(role)
}
