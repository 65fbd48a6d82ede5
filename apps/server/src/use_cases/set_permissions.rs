//! Setting what a profile permits: one cell of the matrix, or all of them.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;
use vestibule_access_control::{Action, ObjectFacts, ObjectPermissions};
use vestibule_guest_lifecycle::GrantRefused;
use vestibule_persistence::WriteTx;
use vestibule_persistence::ids::ObjectId;
use vestibule_persistence::object_permissions;
use vestibule_persistence::profiles::Profile;

use crate::caller::Caller;
use crate::dto::permission::{MatrixBody, NewMatrix, PermissionsBody};
use crate::error::{Class, Fields, Refusal, UseCaseError};
use crate::etag::ETag;
use crate::use_cases::find_permissions::{
    Cell, cell, cells, matrix_body, matrix_tag, object_with_key, permissions_body, profile_to_permit,
};
use crate::use_cases::foreseen::{Proposal, foreseen_tag};

/// Sets what a profile permits with the records of one object. `If-Match` may name the version of the cell, or the
/// preview of this very change, which holds as long as it would still come out the same.
///
/// # Errors
/// 403 `capability_missing`; 404; 412; 409 `profile_not_editable` for Admin.
pub fn set_permissions(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    key: &str,
    proposed: ObjectPermissions,
) -> Result<(PermissionsBody, ETag), UseCaseError> {
    let profile = profile_to_permit(tx, caller, id)?;
    let object = object_with_key(tx, caller, key)?;
    let present = cell(tx, caller, &profile, object)?;
    if caller.if_match.check(&present.tag(profile.id, object)).is_err() {
        let proposal = Proposal {
            profile: profile.id,
            object,
            present,
            proposed,
        };
        expect(caller, &foreseen_tag(tx, caller, &[proposal])?)?;
    }
    refuse_admin(&profile)?;
    let mut setting = Setting::of(&profile);
    let cell = setting.set(tx, caller, key, object, present, proposed)?;
    setting.record(tx, caller);
    Ok((
        permissions_body(&profile, key, cell),
        cell.tag(profile.id, object),
    ))
}

/// Sets all that a profile permits; nothing on objects that are left out.
///
/// # Errors
/// 403 `capability_missing`; 404; 412; 409 `profile_not_editable` for Admin; 422 `unknown_reference` for an object that
/// there isn't, `repeated` for one that is given twice.
pub fn set_matrix(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    input: &NewMatrix,
) -> Result<(MatrixBody, ETag), UseCaseError> {
    let profile = profile_to_permit(tx, caller, id)?;
    let mut cells = cells(tx, caller, &profile)?;
    expect(caller, &matrix_tag(profile.id, &cells))?;
    refuse_admin(&profile)?;
    let proposed = proposed_matrix(input, &cells)?;
    let mut setting = Setting::of(&profile);
    for (object, cell) in &mut cells {
        let proposed = proposed.get(object.key.as_str()).copied().unwrap_or_default();
        *cell = setting.set(tx, caller, &object.key, object.id, *cell, proposed)?;
    }
    setting.record(tx, caller);
    Ok((matrix_body(&profile, &cells), matrix_tag(profile.id, &cells)))
}

/// Admin permits everything for good.
///
/// # Errors
/// 409 `profile_not_editable`.
pub fn refuse_admin(profile: &Profile) -> Result<(), UseCaseError> {
    if profile.is_admin() {
        return Err(GrantRefused::ProfileNotEditable.into());
    }
    Ok(())
}

/// Goes on when the caller expects this version, or none.
///
/// # Errors
/// 412 `precondition_failed`.
pub fn expect(caller: &Caller<'_>, present: &ETag) -> Result<(), UseCaseError> {
    caller.if_match.check(present).map_err(|_| {
        let detail = "what this rests on has changed meanwhile";
        Refusal::new(Class::PreconditionFailed, "precondition_failed", detail).into()
    })
}

fn proposed_matrix<'i>(
    input: &'i NewMatrix,
    cells: &[(ObjectFacts, Cell)],
) -> Result<HashMap<&'i str, ObjectPermissions>, UseCaseError> {
    let mut fields = Fields::new();
    let mut proposed = HashMap::with_capacity(input.permissions.len());
    for (place, given) in input.permissions.iter().enumerate() {
        let pointer = format!("/permissions/{place}/object");
        if !cells.iter().any(|(object, _)| object.key == given.object) {
            fields.refuse(&pointer, "unknown_reference", "there is no such object");
        } else if proposed.insert(given.object.as_str(), given.levels()).is_some() {
            fields.refuse(&pointer, "repeated", "this object is given twice");
        }
    }
    fields.finish()?;
    Ok(proposed)
}

/// The cells of one profile that are being set, for one entry in the audit log.
pub struct Setting<'p> {
    profile: &'p Profile,
    changes: Map<String, Value>,
}

impl<'p> Setting<'p> {
    /// None so far.
    pub fn of(profile: &'p Profile) -> Self {
        Setting {
            profile,
            changes: Map::new(),
        }
    }

    /// Sets a cell, if that changes it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set(
        &mut self,
        tx: &mut WriteTx<'_>,
        caller: &Caller<'_>,
        key: &str,
        object: ObjectId,
        present: Cell,
        proposed: ObjectPermissions,
    ) -> Result<Cell, UseCaseError> {
        let before = present.permissions;
        if before == proposed {
            return Ok(present);
        }
        let version =
            object_permissions::set(tx, caller.org.id, self.profile.id, object, proposed, caller.now)?;
        let mut levels = Map::new();
        for action in Action::ALL {
            let (before, after) = (before.configured(action), proposed.configured(action));
            if before != after {
                let change = json!({ "before": before.as_str(), "after": after.as_str() });
                levels.insert(action.as_str().to_owned(), change);
            }
        }
        self.changes.insert(key.to_owned(), Value::Object(levels));
        Ok(Cell {
            permissions: proposed,
            version,
        })
    }

    /// Records what was set.
    pub fn record(self, tx: &mut WriteTx<'_>, caller: &Caller<'_>) {
        if self.changes.is_empty() {
            return;
        }
        let target = Some(("profile", self.profile.id.as_uuid()));
        caller.audit(tx, "permissions.changed", target, Value::Object(self.changes));
    }
}
