//! Setting what a profile permits: one cell of the matrix, or all of them.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use uuid::Uuid;
use vestibule_access_control::{Action, ObjectFacts, ObjectPermissions};
use vestibule_guest_lifecycle::GrantRefused;
use vestibule_persistence::WriteTx;
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
    let proposal = Proposal {
        profile: profile.id,
        object,
        present,
        proposed,
    };
    if caller.if_match.check(&present.tag(profile.id, object)).is_err() {
        expect(caller, &foreseen_tag(tx, caller, &[proposal])?)?;
    }
    refuse_admin(&profile)?;
    let mut setting = Setting::of(&profile);
    let cell = setting.set(tx, caller, key, &proposal)?;
    setting.record(tx, caller);
    Ok((
        permissions_body(&profile, key, cell),
        cell.tag(profile.id, object),
    ))
}

/// Sets all that a profile permits; nothing on objects that are left out. `If-Match` may name the version of the matrix,
/// or the preview of this very change, which holds as long as it would still come out the same.
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
    let proposals = propose_matrix(&profile, &cells, input);
    if caller.if_match.check(&matrix_tag(profile.id, &cells)).is_err() {
        // What is refused below was never foreseen either.
        let proposals = proposals.as_deref().unwrap_or_default();
        expect(caller, &foreseen_tag(tx, caller, proposals)?)?;
    }
    refuse_admin(&profile)?;
    let mut setting = Setting::of(&profile);
    for ((object, cell), proposal) in cells.iter_mut().zip(&proposals?) {
        *cell = setting.set(tx, caller, &object.key, proposal)?;
    }
    setting.record(tx, caller);
    Ok((matrix_body(&profile, &cells), matrix_tag(profile.id, &cells)))
}

/// What a whole matrix proposes: one for each of the profile's cells, in their order.
///
/// # Errors
/// 422 `unknown_reference`, `repeated`.
pub fn propose_matrix(
    profile: &Profile,
    cells: &[(ObjectFacts, Cell)],
    input: &NewMatrix,
) -> Result<Vec<Proposal>, UseCaseError> {
    let mut fields = Fields::new();
    let mut levels: HashMap<&str, ObjectPermissions> = HashMap::with_capacity(input.permissions.len());
    for (place, given) in input.permissions.iter().enumerate() {
        let pointer = format!("/permissions/{place}/object");
        if !cells.iter().any(|(object, _)| object.key == given.object) {
            fields.refuse(&pointer, "unknown_reference", "there is no such object");
        } else if levels.insert(given.object.as_str(), given.levels()).is_some() {
            fields.refuse(&pointer, "repeated", "this object is given twice");
        }
    }
    fields.finish()?;
    let propose = |(object, present): &(ObjectFacts, Cell)| Proposal {
        profile: profile.id,
        object: object.id,
        present: *present,
        proposed: levels.get(object.key.as_str()).copied().unwrap_or_default(),
    };
    Ok(cells.iter().map(propose).collect())
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
        proposal: &Proposal,
    ) -> Result<Cell, UseCaseError> {
        if !proposal.changes() {
            return Ok(proposal.present);
        }
        let (before, proposed) = (proposal.present.permissions, proposal.proposed);
        let (org, profile) = (caller.org.id, self.profile.id);
        let version = object_permissions::set(tx, org, profile, proposal.object, proposed, caller.now)?;
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
