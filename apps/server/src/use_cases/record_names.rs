//! What to call the people and records that some records name.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use vestibule_custom_objects::{FieldKind, FieldType, Object, Value};
use vestibule_persistence::ids::{ObjectId, RecordId, UserId};
use vestibule_persistence::records::Record;
use vestibule_persistence::{Tx, users};

use crate::error::UseCaseError;
use crate::use_cases::record_door::RecordDoor;

/// The people and records that some records name.
#[derive(Default)]
pub struct Mentioned {
    users: BTreeSet<UserId>,
    records: BTreeMap<ObjectId, BTreeSet<RecordId>>,
}

impl Mentioned {
    /// Notes what a record of this object names.
    pub fn note(&mut self, object: &Object, record: &Record) {
        for field in object.fields() {
            match (&field.kind, record.values.get(field.number)) {
                (_, Some(Value::User(id))) => {
                    self.users.insert(*id);
                }
                (FieldKind::Record { object }, Some(Value::Record(id))) => {
                    self.records.entry(*object).or_default().insert(*id);
                }
                _ => {}
            }
        }
    }

    /// The names by id: of the people who live, and of the records that the subject views and that have one. One query
    /// for all people, and one for the records of each object.
    ///
    /// # Errors
    /// When the database fails.
    pub fn names(self, tx: &mut Tx<'_>, door: &RecordDoor) -> Result<BTreeMap<Uuid, String>, UseCaseError> {
        let ids: Vec<UserId> = self.users.into_iter().collect();
        let people = users::names(tx, door.org(), &ids)?;
        let mut names: BTreeMap<Uuid, String> = people
            .into_iter()
            .map(|(id, first, last)| (id.into(), format!("{first} {last}")))
            .collect();
        for (object, ids) in self.records {
            let ids: Vec<RecordId> = ids.into_iter().collect();
            door.for_each_viewed(tx, object, &ids, |object, record| {
                names.extend(label(object, record).map(|label| (record.id.into(), label)));
            })?;
        }
        Ok(names)
    }
}

/// What a record is called: the value of its first text field, else its id in another system.
fn label(object: &Object, record: &Record) -> Option<String> {
    let mut fields = object.fields().iter();
    let first = fields.find(|field| field.field_type() == FieldType::Text);
    match first.and_then(|first| record.values.get(first.number)) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => record.external_id.clone(),
    }
}
