//! Finding objects, alone and in lists, and who gets to know them.

use vestibule_access_control::{Action, OwnerScope, Snapshot};
use vestibule_custom_objects::{Field, FieldKind};
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::ids::{ObjectId, UserId};
use vestibule_persistence::objects::{self, ObjectSort, StoredObject};
use vestibule_persistence::{Position, Tx, WriteTx};

use crate::caller::Caller;
use crate::dto::object::{FieldBody, ObjectBody, ObjectCan, OwnershipChange};
use crate::error::UseCaseError;
use crate::list::Listing;
use crate::paging::Page;

/// Who may see every object: whoever administers objects, or what people reach.
const READERS: [Capability; 2] = [Capability::ManageObjects, Capability::ManageAccess];

/// What one caller gets to know of the org's objects.
pub struct Knowledge {
    policy: Snapshot,
    subject: UserId,
    is_admin: bool,
    administers: bool,
    now: i64,
}

impl Knowledge {
    /// What this caller gets to know.
    ///
    /// # Errors
    /// 403 `user_needed`.
    pub fn of(tx: &mut Tx<'_>, caller: &Caller<'_>) -> Result<Self, UseCaseError> {
        let subject = caller.subject()?;
        Ok(Knowledge {
            policy: caller.policy(tx)?,
            subject: subject.user.id,
            is_admin: subject.profile.is_admin(),
            administers: READERS.iter().any(|capability| caller.holds(*capability)),
            now: caller.now_micros(),
        })
    }

    /// Whether the caller gets to know an object: administers it, or reaches something with some action.
    pub fn covers(&self, object: ObjectId) -> bool {
        self.administers
            || Action::ALL
                .into_iter()
                .any(|action| self.reaches_something(action, object))
    }

    fn reaches_something(&self, action: Action, object: ObjectId) -> bool {
        let reach = self.policy.reach(self.subject, action, object, self.now);
        *reach.scope() != OwnerScope::Nobody
    }

    fn can(&self, object: ObjectId) -> ObjectCan {
        // On an object that this very transaction makes, nobody but Admin reaches anything.
        let create = match self.policy.object(object) {
            Some(_) => self.reaches_something(Action::Create, object),
            None => self.is_admin,
        };
        ObjectCan { create }
    }

    /// The object as the API shows it to the caller.
    pub fn body(&self, stored: &StoredObject) -> ObjectBody {
        let object = &stored.object;
        let change = stored.pending_ownership.as_ref().map(|pending| OwnershipChange {
            done: pending.done,
            total: pending.total,
            fields: pending
                .fields
                .iter()
                .filter_map(|number| object.field_numbered(*number))
                .map(|field| field.key.to_string())
                .collect(),
        });
        ObjectBody {
            id: object.id().into(),
            key: object.key().to_string(),
            singular: object.singular().to_owned(),
            plural: object.plural().to_owned(),
            fields: object
                .fields()
                .iter()
                .map(|field| self.field(stored, field))
                .collect(),
            ownership_change: change,
            created_at: stored.created_at.into(),
            updated_at: stored.updated_at.into(),
            can: self.can(object.id()),
        }
    }

    fn field(&self, stored: &StoredObject, field: &Field) -> FieldBody {
        let field_type = field.field_type();
        let default = || field.default.as_ref().map(|value| value.to_json());
        FieldBody {
            key: field.key.to_string(),
            label: field.label.clone(),
            field_type: field_type.into(),
            help: field.help.clone(),
            required: field.required,
            unique: field.unique,
            represents_ownership: match field.kind {
                FieldKind::User { represents_ownership } => Some(represents_ownership),
                _ => None,
            },
            options: field.kind.options().map(|options| options.as_slice().to_vec()),
            object: match field.kind {
                FieldKind::Record { object } => self.key_of(stored, object),
                _ => None,
            },
            default: field_type.may_have_default().then(default),
        }
    }

    fn key_of(&self, stored: &StoredObject, id: ObjectId) -> Option<String> {
        if id == stored.object.id() {
            return Some(stored.object.key().to_string());
        }
        self.policy.object(id).map(|object| object.key.clone())
    }
}

/// Loads an object that the caller gets to know.
///
/// # Errors
/// 403 `user_needed`; 404 when there is no such object, or none for the caller.
pub fn find_object(tx: &mut Tx<'_>, caller: &Caller<'_>, key: &str) -> Result<StoredObject, UseCaseError> {
    let knowledge = Knowledge::of(tx, caller)?;
    objects::find(tx, caller.org.id, key)?
        .filter(|stored| knowledge.covers(stored.object.id()))
        .ok_or_else(UseCaseError::not_found)
}

/// Loads an object to change, with the version that the caller expects.
///
/// # Errors
/// 403 `capability_missing`; 404; 412 `precondition_failed`.
pub fn object_to_change(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
) -> Result<StoredObject, UseCaseError> {
    caller.require(Capability::ManageObjects)?;
    let stored = objects::find(tx, caller.org.id, key)?.ok_or_else(UseCaseError::not_found)?;
    caller.expect_version(stored.object.id(), stored.version)?;
    Ok(stored)
}

/// A page of the objects that the caller gets to know.
///
/// # Errors
/// 403 `user_needed`.
pub fn list_objects(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    listing: &Listing<ObjectSort>,
) -> Result<Page<ObjectBody>, UseCaseError> {
    let org = caller.org.id;
    let knowledge = Knowledge::of(tx, caller)?;
    let mut request = listing.request().clone();
    let wanted = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let mut known = Vec::new();
    // An org has few objects, so looking further than the page is cheap.
    loop {
        let found = objects::list(tx, org, &request)?;
        let more = found.len() >= wanted;
        request.after = found.last().map(|last| Position {
            values: request.sort.iter().map(|(key, _)| key.value_of(last)).collect(),
            id: last.object.id().into(),
        });
        known.extend(
            found
                .into_iter()
                .filter(|stored| knowledge.covers(stored.object.id())),
        );
        if !more || known.len() >= wanted {
            break;
        }
    }
    listing.page(
        caller,
        known,
        |stored| stored.object.id().into(),
        ObjectSort::value_of,
        |stored| knowledge.body(&stored),
        || {
            let objects = knowledge.policy.objects();
            let known = objects.iter().filter(|object| knowledge.covers(object.id));
            Ok(i64::try_from(known.count()).unwrap_or(i64::MAX))
        },
    )
}
