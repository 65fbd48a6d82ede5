//! What a profile permits: one cell of the matrix, or all of them.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;
use vestibule_access_control::{ObjectFacts, ObjectPermissions};
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::Tx;
use vestibule_persistence::ids::{ObjectId, ProfileId};
use vestibule_persistence::object_permissions;
use vestibule_persistence::profiles::{self, Profile};

use crate::caller::Caller;
use crate::dto::permission::{CellBody, Levels, MatrixBody, PermissionsBody};
use crate::error::UseCaseError;
use crate::etag::ETag;
use crate::use_cases::find_object::Knowledge;

/// What a profile permits with the records of one object.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The levels, as configured.
    pub permissions: ObjectPermissions,
    /// Grows with every change; 0 when they were never set.
    pub version: i64,
}

impl Cell {
    /// A cell that was never set.
    const EMPTY: Cell = Cell {
        permissions: ObjectPermissions::NONE,
        version: 0,
    };

    /// Every cell of Admin, for good.
    const ADMIN: Cell = Cell {
        permissions: ObjectPermissions::ANYONE,
        version: 0,
    };

    /// The entity tag of this version of the cell.
    pub fn tag(&self, profile: ProfileId, object: ObjectId) -> ETag {
        ETag::of_content(format!("cell {profile} {object} {}", self.version).as_bytes())
    }
}

/// Loads a profile whose permissions the caller may read: their own, or any with `manage_access`.
///
/// # Errors
/// 403 `user_needed`, `capability_missing`; 404.
fn profile_to_read(tx: &mut Tx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<Profile, UseCaseError> {
    let own = &caller.subject()?.profile;
    if own.id == id.into() {
        return Ok(own.clone());
    }
    caller.require(Capability::ManageAccess)?;
    profiles::find(tx, caller.org.id, id.into())?.ok_or_else(UseCaseError::not_found)
}

/// Loads a profile whose permissions the caller may change.
///
/// # Errors
/// 403 `capability_missing`; 404.
pub fn profile_to_permit(tx: &mut Tx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<Profile, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    profiles::find(tx, caller.org.id, id.into())?.ok_or_else(UseCaseError::not_found)
}

/// The object with this key.
///
/// # Errors
/// 404 when there is none.
pub fn object_with_key(tx: &mut Tx<'_>, caller: &Caller<'_>, key: &str) -> Result<ObjectId, UseCaseError> {
    caller
        .policy(tx)?
        .object_by_key(key)
        .ok_or_else(UseCaseError::not_found)
}

/// What a profile permits with the records of an object.
///
/// # Errors
/// When the database fails.
pub fn cell(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    profile: &Profile,
    object: ObjectId,
) -> Result<Cell, UseCaseError> {
    if profile.is_admin() {
        return Ok(Cell::ADMIN);
    }
    let found = object_permissions::find(tx, caller.org.id, profile.id, object)?;
    Ok(found.map_or(Cell::EMPTY, |found| Cell {
        permissions: found.permissions,
        version: found.version,
    }))
}

/// What a profile permits with the records of every object that the caller gets to know, by key.
///
/// # Errors
/// 403 `user_needed`.
pub fn cells(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    profile: &Profile,
) -> Result<Vec<(ObjectFacts, Cell)>, UseCaseError> {
    let knowledge = Knowledge::of(tx, caller)?;
    let found = object_permissions::of_profile(tx, caller.org.id, profile.id)?;
    let set: HashMap<ObjectId, Cell> = found
        .into_iter()
        .map(|cell| {
            (
                cell.object,
                Cell {
                    permissions: cell.permissions,
                    version: cell.version,
                },
            )
        })
        .collect();
    let unset = if profile.is_admin() {
        Cell::ADMIN
    } else {
        Cell::EMPTY
    };
    let mut objects = caller.policy(tx)?.objects();
    objects.retain(|object| knowledge.covers(object.id));
    objects.sort_by(|a, b| a.key.cmp(&b.key));
    let with_cell = |object: ObjectFacts| {
        let cell = set.get(&object.id).copied().unwrap_or(unset);
        (object, cell)
    };
    Ok(objects.into_iter().map(with_cell).collect())
}

/// The entity tag of all that a profile permits.
pub fn matrix_tag(profile: ProfileId, cells: &[(ObjectFacts, Cell)]) -> ETag {
    let mut content = format!("matrix {profile}");
    for (object, cell) in cells {
        content.push_str(&format!(" {} {}", object.id, cell.version));
    }
    ETag::of_content(content.as_bytes())
}

/// Shows what a profile permits with the records of one object.
///
/// # Errors
/// 403 `user_needed`, `capability_missing`; 404 when there is no such profile or object, or none for the caller.
pub fn show_permissions(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    key: &str,
) -> Result<(PermissionsBody, ETag), UseCaseError> {
    let profile = profile_to_read(tx, caller, id)?;
    let object = object_with_key(tx, caller, key)?;
    if !Knowledge::of(tx, caller)?.covers(object) {
        return Err(UseCaseError::not_found());
    }
    let cell = cell(tx, caller, &profile, object)?;
    Ok((
        permissions_body(&profile, key, cell),
        cell.tag(profile.id, object),
    ))
}

/// Shows all that a profile permits.
///
/// # Errors
/// 403 `user_needed`, `capability_missing`; 404.
pub fn show_matrix(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
) -> Result<(MatrixBody, ETag), UseCaseError> {
    let profile = profile_to_read(tx, caller, id)?;
    let cells = cells(tx, caller, &profile)?;
    Ok((matrix_body(&profile, &cells), matrix_tag(profile.id, &cells)))
}

/// The caller's own effective levels by object key, without the objects on which they may do nothing.
///
/// # Errors
/// 403 `user_needed`.
pub fn own_permissions(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
) -> Result<BTreeMap<String, Levels>, UseCaseError> {
    let profile = &caller.subject()?.profile;
    let policy = caller.policy(tx)?;
    let effective = |object: &ObjectFacts| policy.permissions(profile.id, object.id).effective_all();
    let objects = policy.objects().into_iter();
    let levels = objects.map(|object| (effective(&object), object.key));
    let granted = levels.filter(|(levels, _)| *levels != ObjectPermissions::NONE);
    Ok(granted.map(|(levels, key)| (key, levels.into())).collect())
}

/// One cell as the API shows it.
pub fn permissions_body(profile: &Profile, key: &str, cell: Cell) -> PermissionsBody {
    PermissionsBody {
        profile_id: profile.id.into(),
        cell: cell_body(key, cell),
    }
}

/// All cells as the API shows them.
pub fn matrix_body(profile: &Profile, cells: &[(ObjectFacts, Cell)]) -> MatrixBody {
    MatrixBody {
        profile_id: profile.id.into(),
        permissions: cells
            .iter()
            .map(|(object, cell)| cell_body(&object.key, *cell))
            .collect(),
    }
}

fn cell_body(key: &str, cell: Cell) -> CellBody {
    CellBody {
        object: key.to_owned(),
        configured: cell.permissions.into(),
    }
}
