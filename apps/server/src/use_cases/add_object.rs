//! Making objects, and adding fields to them.

use vestibule_custom_objects::{FieldDraft, Object};
use vestibule_guest_lifecycle::{Capability, UserKind};
use vestibule_persistence::ids::ObjectId;
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::{Tx, WriteTx};

use crate::caller::Caller;
use crate::dto::object::{NewField, NewObject};
use crate::error::{Class, Fields, Refusal, UseCaseError};
use crate::use_cases::find_object::object_to_change;
use crate::use_cases::placement::Changes;

/// How many objects an org has at most.
pub const MAX_OBJECTS: i64 = 500;

/// Makes an object. Nobody but Admin reaches any of its records until permissions say so.
///
/// # Errors
/// 403 `capability_missing`, `guest_restricted` for an ownership field made by a guest; 409 `object_key_taken`,
/// `too_many_objects`, `field_key_taken`, `too_many_fields`, `too_many_user_fields`; 422 (or 400 for a default of
/// another JSON type) for refused values.
pub fn add_object(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &NewObject,
) -> Result<StoredObject, UseCaseError> {
    caller.require(Capability::ManageObjects)?;
    for (place, field) in input.fields.iter().enumerate() {
        if field.represents_ownership == Some(true) {
            refuse_guest_ownership(caller, &format!("/fields/{place}/represents_ownership"))?;
        }
    }
    let org = caller.org.id;
    if objects::count(tx, org)? >= MAX_OBJECTS {
        let detail = format!("an organization has at most {MAX_OBJECTS} objects");
        return Err(UseCaseError::conflict("too_many_objects", detail));
    }
    let id: ObjectId = caller.new_id();
    let mut fields = Fields::new();
    let mut drafts = Vec::with_capacity(input.fields.len());
    for (place, field) in input.fields.iter().enumerate() {
        let itself = (field.object.as_deref() == Some(input.key.as_str())).then_some(id);
        let target = match itself {
            Some(id) => Some(id),
            None => looked_up(tx, caller, &mut fields, field, &format!("/fields/{place}"))?,
        };
        drafts.push(draft(field, target));
    }
    fields.finish()?;
    let object = Object::new(id, &input.key, &input.singular, &input.plural, drafts)?;
    if objects::find(tx, org, object.key().as_str())?.is_some() {
        return Err(UseCaseError::conflict("object_key_taken", "another object has this key").at("/key"));
    }
    let stored = StoredObject::new(object, caller.now);
    objects::insert(tx, org, &stored)?;
    let object = &stored.object;
    let mut facts = Changes::new();
    facts.note("key", None, Some(object.key().as_str()));
    facts.note("singular", None, Some(object.singular()));
    facts.note("plural", None, Some(object.plural()));
    facts.note(
        "fields",
        Vec::new(),
        object.fields().iter().map(|f| f.key.to_string()).collect(),
    );
    facts.note("ownership_fields", Vec::new(), ownership_keys(object));
    caller.audit(
        tx,
        "object.created",
        Some(("object", id.into())),
        facts.into_value(),
    );
    Ok(stored)
}

/// Adds a field to an object, after the others.
///
/// # Errors
/// 403 `capability_missing`, `guest_restricted`; 404; 412; 409 `field_key_taken`, `too_many_fields`,
/// `too_many_user_fields`, `ownership_change_running`; 422 (or 400) for refused values.
pub fn add_field(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    input: &NewField,
) -> Result<StoredObject, UseCaseError> {
    let mut stored = object_to_change(tx, caller, key)?;
    if input.represents_ownership == Some(true) {
        refuse_guest_ownership(caller, "/represents_ownership")?;
        refuse_running_change(&stored)?;
    }
    let mut fields = Fields::new();
    let target = looked_up(tx, caller, &mut fields, input, "")?;
    fields.finish()?;
    // The new field has no values yet, so nobody owns more or less than before, even if it means ownership.
    stored.object.add_field(draft(input, target))?;
    objects::save(tx, caller.org.id, &mut stored, caller.now)?;
    let mut facts = Changes::new();
    facts.note("object", None, Some(key));
    facts.note("field", None, Some(input.key.as_str()));
    if let Some(field) = stored.object.field(&input.key) {
        facts.note("label", None, Some(field.label.as_str()));
        facts.note("type", None, Some(field.field_type().as_str()));
        facts.note("required", false, field.required);
        facts.note("unique", false, field.unique);
        facts.note("represents_ownership", false, field.represents_ownership());
    }
    let target = Some(("object", stored.object.id().into()));
    caller.audit(tx, "field.added", target, facts.into_value());
    Ok(stored)
}

/// Whatever their profile says, a guest changes nothing about who owns records.
///
/// # Errors
/// 403 `guest_restricted`, naming the field.
pub fn refuse_guest_ownership(caller: &Caller<'_>, pointer: &str) -> Result<(), UseCaseError> {
    refuse_guest(
        caller,
        "a guest changes nothing about who owns records".to_owned(),
    )
    .map_err(|error| error.at(pointer))
}

/// The same for a request without a body, in which nothing could be pointed at.
///
/// # Errors
/// 403 `guest_restricted`.
pub fn refuse_guest_removal(caller: &Caller<'_>, removed: &str) -> Result<(), UseCaseError> {
    refuse_guest(
        caller,
        format!("a guest changes nothing about who owns records, so {removed} stays"),
    )
}

fn refuse_guest(caller: &Caller<'_>, detail: String) -> Result<(), UseCaseError> {
    match caller.subject()?.user.kind() {
        UserKind::Standard => Ok(()),
        UserKind::Guest => Err(Refusal::new(Class::Denied, "guest_restricted", detail).into()),
    }
}

/// One ownership change at a time: what the next one would start from is not known before.
///
/// # Errors
/// 409 `ownership_change_running`.
pub fn refuse_running_change(stored: &StoredObject) -> Result<(), UseCaseError> {
    let Some(pending) = &stored.pending_ownership else {
        return Ok(());
    };
    let detail = format!(
        "an earlier change of ownership is still being worked on: {} of {} records are done; try again when it is",
        pending.done, pending.total
    );
    Err(UseCaseError::conflict("ownership_change_running", detail))
}

/// The keys of the fields that mean ownership.
pub fn ownership_keys(object: &Object) -> Vec<String> {
    object
        .ownership_fields()
        .map(|field| field.key.to_string())
        .collect()
}

/// The object that a field looks up.
fn looked_up(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    fields: &mut Fields,
    field: &NewField,
    place: &str,
) -> Result<Option<ObjectId>, UseCaseError> {
    let Some(key) = &field.object else { return Ok(None) };
    let found = objects::find(tx, caller.org.id, key)?;
    if found.is_none() {
        fields.refuse(
            &format!("{place}/object"),
            "unknown_reference",
            "there is no such object",
        );
    }
    Ok(found.map(|stored| stored.object.id()))
}

fn draft(field: &NewField, target: Option<ObjectId>) -> FieldDraft {
    FieldDraft {
        key: field.key.clone(),
        label: field.label.clone(),
        field_type: field.field_type.into(),
        help: field.help.clone(),
        required: field.required,
        unique: field.unique,
        options: field.options.clone(),
        object: target,
        represents_ownership: field.represents_ownership == Some(true),
        default: field.default.clone(),
    }
}
