//! Changing a field, and removing one.

use serde_json::{Value, json};
use vestibule_custom_objects::{Field, FieldChange, FieldChanged, Object, Switched};
use vestibule_persistence::object_tasks::Task;
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::{StoreError, Tx, UniqueRule, WriteTx, records};

use crate::caller::Caller;
use crate::dto::object::FieldPatch;
use crate::error::UseCaseError;
use crate::merge_patch::Patch;
use crate::use_cases::add_object::{refuse_guest_ownership, refuse_guest_removal, refuse_running_change};
use crate::use_cases::change_ownership::{Holds, change_ownership, work_through};
use crate::use_cases::find_object::object_to_change;
use crate::use_cases::placement::Changes;
use crate::use_cases::update_object::target;

/// Changes a field. What it means for the records there are happens in the same transaction, except for another
/// meaning of ownership on a large object, which holds [`Holds::Later`].
///
/// # Errors
/// 403 `capability_missing`, `guest_restricted`; 404; 412; 409 `key_fixed`, `type_fixed`, `object_fixed`,
/// `option_in_use`, `value_not_unique`, `value_too_long`, `ownership_change_running`; 422 (or 400) for refused values.
pub fn update_field(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    field: &str,
    patch: &FieldPatch,
) -> Result<(StoredObject, Holds), UseCaseError> {
    let stored = object_to_change(tx, caller, key)?;
    let before = stored
        .object
        .field(field)
        .ok_or_else(UseCaseError::not_found)?
        .clone();
    let change = field_change(tx, caller, patch)?;
    let mut wanted = stored.object.clone();
    let changed = wanted.change_field(field, change)?;
    if !changed.changed {
        return Ok((stored, Holds::Now));
    }
    if changed.ownership.is_some() {
        refuse_guest_ownership(caller, "/represents_ownership")?;
        refuse_running_change(&stored).map_err(|error| error.at("/represents_ownership"))?;
    }
    refuse_options_in_use(tx, caller, &stored, &changed)?;
    let after = wanted.field(field).ok_or_else(UseCaseError::not_found)?.clone();
    let stored = save(tx, caller, stored, &wanted, &before, &after)?;
    index_unique(tx, caller, &stored, &changed)?;
    if changed.ownership.is_none() {
        return Ok((stored, Holds::Now));
    }
    change_ownership(tx, caller, &stored, &wanted, None)
}

/// Removes a field and what the records hold of it. On a large object the values are erased by the worker, and one of
/// several ownership fields goes only once the others alone say who owns what: answers the object then.
///
/// # Errors
/// 403 `capability_missing`, `guest_restricted`; 404; 412; 409 `last_ownership_field`, `ownership_change_running`.
pub fn remove_field(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    field: &str,
) -> Result<(StoredObject, Holds), UseCaseError> {
    let mut stored = object_to_change(tx, caller, key)?;
    let known = stored.object.field(field).ok_or_else(UseCaseError::not_found)?;
    let owning = known.represents_ownership();
    let will_own = stored
        .pending_ownership
        .as_ref()
        .is_some_and(|pending| pending.fields.contains(&known.number));
    if owning || will_own {
        refuse_guest_removal(caller, &format!("the field {field}"))?;
        refuse_running_change(&stored)?;
    }
    let mut wanted = stored.object.clone();
    let removed = wanted.remove_field(field)?;
    let mut facts = Changes::new();
    facts.note("object", None, Some(key));
    facts.note("field", Some(removed.key.as_str()), None);
    facts.note("label", Some(removed.label.as_str()), None);
    facts.note("type", Some(removed.field_type().as_str()), None);
    caller.audit(tx, "field.removed", target(&stored), facts.into_value());
    if owning {
        return change_ownership(tx, caller, &stored, &wanted, Some(removed.number));
    }
    stored.object = wanted;
    objects::save(tx, caller.org.id, &mut stored, caller.now)?;
    // Nobody sees the values any more, so nobody waits for them to be erased.
    work_through(tx, caller, &stored, &Task::Erase(removed.number))?;
    Ok((stored, Holds::Now))
}

/// Saves everything about the change but another meaning of ownership, which takes going through the records.
fn save(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    mut stored: StoredObject,
    wanted: &Object,
    before: &Field,
    after: &Field,
) -> Result<StoredObject, UseCaseError> {
    let mut changes = Changes::new();
    changes.note("label", before.label.as_str(), after.label.as_str());
    changes.note("help", before.help.clone(), after.help.clone());
    changes.note("required", before.required, after.required);
    changes.note("unique", before.unique, after.unique);
    changes.note("options", options(before), options(after));
    changes.note("default", default(before), default(after));
    if changes.is_empty() {
        return Ok(stored);
    }
    stored.object = wanted.clone();
    objects::save(tx, caller.org.id, &mut stored, caller.now)?;
    changes.note("object", None, Some(stored.object.key().as_str()));
    changes.note("field", None, Some(after.key.as_str()));
    caller.audit(tx, "field.updated", target(&stored), changes.into_value());
    Ok(stored)
}

fn options(field: &Field) -> Vec<String> {
    field
        .kind
        .options()
        .map(|options| options.as_slice().to_vec())
        .unwrap_or_default()
}

fn default(field: &Field) -> Value {
    field
        .default
        .as_ref()
        .map_or(Value::Null, |value| json!(value.to_json().get()))
}

/// An option that a record has stays: otherwise the record would hold what the field does not know.
fn refuse_options_in_use(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    stored: &StoredObject,
    changed: &FieldChanged,
) -> Result<(), UseCaseError> {
    let mut in_use = Vec::new();
    for option in &changed.options_removed {
        if records::uses_option(tx, caller.org.id, stored.object.id(), changed.number, option)? {
            in_use.push(format!("“{option}”"));
        }
    }
    if in_use.is_empty() {
        return Ok(());
    }
    let detail = format!("records still have {}; change them first", in_use.join(", "));
    Err(UseCaseError::conflict("option_in_use", detail).at("/options"))
}

fn index_unique(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    stored: &StoredObject,
    changed: &FieldChanged,
) -> Result<(), UseCaseError> {
    let (org, object) = (caller.org.id, stored.object.id());
    match changed.unique {
        None => Ok(()),
        Some(Switched::Off) => Ok(records::drop_unique(tx, org, object, changed.number)?),
        Some(Switched::On) if records::exceeds_unique(tx, org, object, changed.number)? => {
            let most = Field::MAX_UNIQUE_CHARS;
            let detail = format!("records have values of more than {most} characters; shorten them first");
            Err(UseCaseError::conflict("value_too_long", detail).at("/unique"))
        }
        Some(Switched::On) => match records::index_unique(tx, org, object, changed.number) {
            Err(StoreError::Unique(UniqueRule::FieldValue)) => {
                let detail = "several records have the same value, ignoring case; change them first";
                Err(UseCaseError::conflict("value_not_unique", detail).at("/unique"))
            }
            other => Ok(other?),
        },
    }
}

fn field_change(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    patch: &FieldPatch,
) -> Result<FieldChange, UseCaseError> {
    let object = match &patch.object {
        Patch::Absent => None,
        Patch::Null => Some(None),
        Patch::Value(key) => match objects::find(tx, caller.org.id, key)? {
            Some(found) => Some(Some(found.object.id())),
            None => {
                let detail = "the object of a record field cannot be changed";
                return Err(UseCaseError::conflict("object_fixed", detail).at("/object"));
            }
        },
    };
    Ok(FieldChange {
        key: patch.key.clone(),
        field_type: patch.field_type.map(Into::into),
        object,
        label: patch.label.clone(),
        help: patch.help.clone().into_change(),
        required: patch.required,
        unique: patch.unique,
        options: patch.options.clone().map(Some),
        represents_ownership: patch.represents_ownership,
        default: patch.default.clone().into_change(),
    })
}
