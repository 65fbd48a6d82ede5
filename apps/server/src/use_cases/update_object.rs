//! Renaming an object and reordering its fields; deleting it.

use uuid::Uuid;
use vestibule_custom_objects::{FieldKey, ObjectReason, ObjectRefused};
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::{WriteTx, records};

use crate::caller::Caller;
use crate::dto::object::{DeleteObjectParams, ObjectPatch};
use crate::error::UseCaseError;
use crate::use_cases::add_object::refuse_guest_removal;
use crate::use_cases::find_object::object_to_change;
use crate::use_cases::placement::Changes;

/// Changes an object: what it is called, and the order of its fields.
///
/// # Errors
/// 403 `capability_missing`; 404; 412; 409 `key_fixed`; 422 for refused values, `incomplete_order`.
pub fn update_object(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    patch: &ObjectPatch,
) -> Result<StoredObject, UseCaseError> {
    let mut stored = object_to_change(tx, caller, key)?;
    if patch.key.as_deref().is_some_and(|given| given != key) {
        return Err(UseCaseError::conflict("key_fixed", "the key cannot be changed").at("/key"));
    }
    let before = stored.object.clone();
    stored
        .object
        .relabel(patch.singular.as_deref(), patch.plural.as_deref())?;
    if let Some(order) = &patch.field_order {
        let keys: Result<Vec<FieldKey>, _> = order.iter().map(|key| FieldKey::parse(key)).collect();
        let incomplete = ObjectRefused {
            field: None,
            member: None,
            reason: ObjectReason::IncompleteOrder,
        };
        let reordered = keys
            .map_err(|_| incomplete)
            .and_then(|keys| stored.object.reorder(&keys));
        reordered.map_err(|refused| UseCaseError::from(refused).at("/field_order"))?;
    }
    let mut changes = Changes::new();
    changes.note("singular", before.singular(), stored.object.singular());
    changes.note("plural", before.plural(), stored.object.plural());
    let order = |object: &vestibule_custom_objects::Object| -> Vec<String> {
        object
            .fields()
            .iter()
            .map(|field| field.key.to_string())
            .collect()
    };
    changes.note("field_order", order(&before), order(&stored.object));
    if changes.is_empty() {
        return Ok(stored);
    }
    objects::save(tx, caller.org.id, &mut stored, caller.now)?;
    caller.audit(tx, "object.updated", target(&stored), changes.into_value());
    Ok(stored)
}

/// Deletes an object, and its records if that was asked for.
///
/// # Errors
/// 403 `capability_missing`, `guest_restricted`; 404; 412; 409 `object_referenced` while other objects look it up,
/// `object_has_records`.
pub fn delete_object(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    params: DeleteObjectParams,
) -> Result<(), UseCaseError> {
    caller.require(Capability::ManageObjects)?;
    refuse_guest_removal(caller, &format!("the object {key}"))?;
    let stored = object_to_change(tx, caller, key)?;
    let (org, id) = (caller.org.id, stored.object.id());
    let referring = referring_fields(tx, caller, &stored)?;
    if !referring.is_empty() {
        let detail = format!(
            "records of this object are looked up by {}; remove these fields first",
            referring.join(", ")
        );
        return Err(UseCaseError::conflict("object_referenced", detail));
    }
    let count = objects::tally(tx, org, id)?.map_or(0, |tally| tally.records);
    if count > 0 && !params.delete_records {
        let detail = format!("the object has {count} records; say delete_records=true to delete them too");
        return Err(UseCaseError::conflict("object_has_records", detail));
    }
    records::delete_all(tx, org, id)?;
    objects::delete(tx, org, id)?;
    let mut facts = Changes::new();
    facts.note("key", Some(key), None);
    facts.note("singular", Some(stored.object.singular()), None);
    facts.note("plural", Some(stored.object.plural()), None);
    facts.note("records", count, 0);
    caller.audit(tx, "object.deleted", target(&stored), facts.into_value());
    Ok(())
}

/// What the audit log says a change of an object was about.
pub fn target(stored: &StoredObject) -> Option<(&'static str, Uuid)> {
    Some(("object", stored.object.id().into()))
}

/// The fields of other objects that look up this one, as `object.field`.
fn referring_fields(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    stored: &StoredObject,
) -> Result<Vec<String>, UseCaseError> {
    let id = stored.object.id();
    let mut fields = Vec::new();
    for key in objects::referencing(tx, caller.org.id, id)? {
        let Some(other) = objects::find(tx, caller.org.id, &key)? else {
            continue;
        };
        for field in other.object.fields() {
            if matches!(field.kind, vestibule_custom_objects::FieldKind::Record { object } if object == id) {
                fields.push(format!("{key}.{}", field.key));
            }
        }
    }
    Ok(fields)
}
