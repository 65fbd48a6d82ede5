//! Renaming a role, or moving it with everything below it.

use uuid::Uuid;
use vestibule_guest_lifecycle::{Capability, ShortText};
use vestibule_persistence::WriteTx;
use vestibule_persistence::ids::RoleId;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::roles::{self, Role};

use crate::caller::Caller;
use crate::dto::guest::check_external_id;
use crate::dto::role::RolePatch;
use crate::error::{Fields, UseCaseError};
use crate::use_cases::foreseen::role_move_tag;
use crate::use_cases::placement::{Changes, unknown_reference};
use crate::use_cases::preview_role_move::foresee;
use crate::use_cases::role_tree::{RoleTree, find_role};
use crate::use_cases::set_permissions::expect;

/// Changes a role. `If-Match` may name the version of the role, or the preview of this very move, which holds as long as
/// it would still come out the same.
///
/// # Errors
/// 403 `capability_missing`; 404; 412; 409 `role_cycle`, `external_id_taken`; 422 for refused values,
/// `unknown_reference`, `role_too_deep`.
pub fn update_role(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    patch: &RolePatch,
) -> Result<Role, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    let mut role = find_role(tx, caller, id)?;
    let parent_id = patch.parent_id.map(RoleId::from).apply(role.parent_id);
    expect_role(tx, caller, &role, parent_id)?;
    let mut changes = Changes::new();
    change_words(&mut role, patch, &mut changes)?;
    let mut tree = None;
    if parent_id != role.parent_id {
        tree = Some(moved(tx, caller, &role, parent_id)?);
        changes.note_id("parent_id", role.parent_id, parent_id);
        role.parent_id = parent_id;
    }
    if changes.is_empty() {
        return Ok(role);
    }
    roles::save(tx, caller.org.id, &mut role, caller.now)?;
    if let Some(tree) = tree {
        tree.store_labels(tx, caller)?;
        tx.policy_changed(caller.org.id, Touched::Role(role.id));
    }
    caller.audit(
        tx,
        "role.updated",
        Some(("role", role.id.as_uuid())),
        changes.into_value(),
    );
    Ok(role)
}

/// Goes on when the caller expects this version of the role, or what moving it would do now, or nothing.
fn expect_role(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    role: &Role,
    parent_id: Option<RoleId>,
) -> Result<(), UseCaseError> {
    let version = caller.expect_version(role.id, role.version);
    if version.is_ok() {
        return Ok(());
    }
    match foresee(tx, caller, role.id, parent_id) {
        Ok(foreseen) => expect(caller, &role_move_tag(tx, caller, role.id, parent_id, &foreseen)?),
        // There is no preview of a move that is refused.
        Err(UseCaseError::Refused(_)) => version,
        Err(failed) => Err(failed),
    }
}

fn moved(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    role: &Role,
    parent_id: Option<RoleId>,
) -> Result<RoleTree, UseCaseError> {
    let mut tree = RoleTree::load(tx, caller)?;
    if parent_id.is_some_and(|parent| !tree.forest.contains(parent)) {
        return Err(unknown_reference("/parent_id", "role"));
    }
    tree.forest
        .move_role(role.id, parent_id)
        .map_err(|refused| UseCaseError::from(refused).at("/parent_id"))?;
    Ok(tree)
}

fn change_words(role: &mut Role, patch: &RolePatch, changes: &mut Changes) -> Result<(), UseCaseError> {
    let mut fields = Fields::new();
    let name = patch
        .name
        .as_ref()
        .and_then(|name| fields.check("/name", ShortText::parse(name)));
    let external_id = patch.external_id.clone().into_change();
    let external_id = external_id.map(|text| check_external_id(&mut fields, text.as_deref()));
    fields.finish()?;
    if let Some(name) = name {
        changes.note("name", role.name.as_str(), name.as_str());
        role.name = name.into();
    }
    if let Some(external_id) = external_id {
        changes.note("external_id", role.external_id.clone(), external_id.clone());
        role.external_id = external_id;
    }
    Ok(())
}
