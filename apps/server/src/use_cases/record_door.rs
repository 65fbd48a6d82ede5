//! The door that every use case of records goes through: who asks, for which object, and what they may do with which
//! of its records. Nothing else in the server turns a caller into a [`Reach`] or a [`Permit`].

use uuid::Uuid;
use vestibule_access_control::{Action, Denial, Permit, Person, Reach, Snapshot};
use vestibule_custom_objects::Object;
use vestibule_persistence::Tx;
use vestibule_persistence::ids::{ObjectId, OrgId, RecordId, UserId};
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::records::{self, Record, RecordRef};

use crate::caller::Caller;
use crate::dto::record::{RecordBody, RecordCan};
use crate::error::UseCaseError;
use crate::use_cases::find_object::Knowledge;

/// The records of one object, as far as one subject is concerned, at one instant and one version of the policy.
pub struct RecordDoor {
    /// The object.
    pub object: StoredObject,
    org: OrgId,
    subject: UserId,
    policy: Snapshot,
    now: i64,
    knowledge: Knowledge,
}

impl RecordDoor {
    /// Opens the door to the records of the object with this key.
    ///
    /// # Errors
    /// 404 when there is no such object; 403 `user_needed`.
    pub fn open(tx: &mut Tx<'_>, caller: &Caller<'_>, key: &str) -> Result<Self, UseCaseError> {
        let subject = caller.subject()?.user.id;
        let policy = caller.policy(tx)?;
        let object = objects::find(tx, caller.org.id, key)?.ok_or_else(UseCaseError::not_found)?;
        Ok(RecordDoor {
            object,
            org: caller.org.id,
            subject,
            policy,
            now: caller.now_micros(),
            knowledge: Knowledge::of(tx, caller)?,
        })
    }

    /// The records that the subject reaches with an action.
    pub fn reach(&self, action: Action) -> Reach {
        let object = self.object.object.id();
        self.policy.reach(self.subject, action, object, self.now)
    }

    /// The records that the subject views, prepared for going through all of them.
    pub fn list_reach(&self) -> Reach {
        let object = self.object.object.id();
        self.policy
            .list_reach(self.subject, Action::View, object, self.now)
    }

    /// Whether the subject gets to know the object at all.
    pub fn is_known(&self) -> bool {
        self.knowledge.covers(self.object.object.id())
    }

    /// Goes on when the subject gets to know the object.
    ///
    /// # Errors
    /// 404, as if there were no such object.
    pub fn expect_known(&self) -> Result<(), UseCaseError> {
        if self.is_known() {
            Ok(())
        } else {
            Err(UseCaseError::not_found())
        }
    }

    /// The policy that decides.
    pub fn policy(&self) -> &Snapshot {
        &self.policy
    }

    /// Who asks.
    pub fn subject(&self) -> UserId {
        self.subject
    }

    /// The org.
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// Loads a record that the subject views.
    ///
    /// # Errors
    /// 404, the same for a record that is out of reach and for one that never was.
    pub fn record(&self, tx: &mut Tx<'_>, id: Uuid) -> Result<Record, UseCaseError> {
        let id: RecordId = id.into();
        self.find(tx, RecordRef::Id(id))?
            .ok_or_else(UseCaseError::not_found)
    }

    /// Loads a record if the subject views it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(&self, tx: &mut Tx<'_>, record: RecordRef<'_>) -> Result<Option<Record>, UseCaseError> {
        let reach = self.reach(Action::View);
        Ok(records::find(tx, self.org, &self.object, &reach, record)?)
    }

    /// Goes through those of these records of another object, or of this one, that the subject views; none where there is
    /// no such object.
    ///
    /// # Errors
    /// When the database fails.
    pub fn for_each_viewed(
        &self,
        tx: &mut Tx<'_>,
        object: ObjectId,
        ids: &[RecordId],
        mut each: impl FnMut(&Object, &Record),
    ) -> Result<(), UseCaseError> {
        let other;
        let stored = if object == self.object.object.id() {
            &self.object
        } else {
            match objects::find_by_id(tx, self.org, object)? {
                Some(found) => {
                    other = found;
                    &other
                }
                None => return Ok(()),
            }
        };
        let reach = self.policy.reach(self.subject, Action::View, object, self.now);
        for record in records::find_many(tx, self.org, stored, &reach, ids)? {
            each(&stored.object, &record);
        }
        Ok(())
    }

    /// What the subject may do with records that they view.
    pub fn rights(&self) -> Rights<'_> {
        Rights {
            door: self,
            edit: self.reach(Action::Edit),
            delete: self.reach(Action::Delete),
        }
    }

    /// The permit to make this record.
    ///
    /// # Errors
    /// 403 `not_permitted`.
    pub fn permit_create(&self, record: &Record) -> Result<Permit, UseCaseError> {
        let permit = self.reach(Action::Create).permit(&self.owners(record));
        permit.map_err(|denial| not_permitted("make", denial))
    }

    /// The permit to change a record that the subject views into this one.
    ///
    /// # Errors
    /// 403 `not_permitted`: also when only the record as changed is out of reach.
    pub fn permit_edit(&self, before: &Record, after: &Record) -> Result<Permit, UseCaseError> {
        let permit = self
            .reach(Action::Edit)
            .permit_change(&self.owners(before), &self.owners(after));
        permit.map_err(|denial| not_permitted("edit", denial))
    }

    /// The permit to delete a record that the subject views.
    ///
    /// # Errors
    /// 403 `not_permitted`.
    pub fn permit_delete(&self, record: &Record) -> Result<Permit, UseCaseError> {
        let permit = self.reach(Action::Delete).permit(&self.owners(record));
        permit.map_err(|denial| not_permitted("delete", denial))
    }

    /// The owners of a record, as the audit log has them.
    pub fn owner_ids(&self, record: &Record) -> Vec<String> {
        let owners = self.object.object.owners_of(&record.values);
        owners.iter().map(UserId::to_string).collect()
    }

    fn owners(&self, record: &Record) -> Vec<Person> {
        self.policy.persons(&self.object.object.owners_of(&record.values))
    }
}

/// A record with the door that it was reached through.
pub struct SeenRecord {
    /// The door.
    pub door: RecordDoor,
    /// The record.
    pub record: Record,
}

impl SeenRecord {
    /// The record as the subject is shown it.
    pub fn body(&self) -> RecordBody {
        let can = self.door.rights().on(&self.record);
        RecordBody::of(&self.door.object.object, &self.record, can)
    }
}

/// What the subject of a door may do with records that they view.
pub struct Rights<'d> {
    door: &'d RecordDoor,
    edit: Reach,
    delete: Reach,
}

impl Rights<'_> {
    /// What the subject may do with this record.
    pub fn on(&self, record: &Record) -> RecordCan {
        let owners = self.door.owners(record);
        RecordCan {
            edit: self.edit.admits(&owners).is_permit(),
            delete: self.delete.admits(&owners).is_permit(),
        }
    }
}

fn not_permitted(what: &str, denial: Denial) -> UseCaseError {
    let why = match denial {
        Denial::NotGranted => "your profile doesn't grant it",
        Denial::OutOfReach => "none of its owners is within your reach",
        Denial::OutOfReachAfterwards => "none of its new owners would be within your reach",
        _ => "your access has ended",
    };
    let detail = format!("you may not {what} this record: {why} ({})", denial.as_str());
    UseCaseError::forbidden("not_permitted", detail)
}
