//! Whether the users and records that a record names are there: a living user of the org, a record that whoever writes
//! the lookup views. Anything else is one and the same `unknown_reference`.

use std::collections::{BTreeMap, BTreeSet};

use vestibule_custom_objects::{Field, FieldKind, Value, Values};
use vestibule_persistence::Tx;
use vestibule_persistence::ids::{ObjectId, RecordId};

use crate::error::{Fields, UseCaseError};
use crate::use_cases::record_door::RecordDoor;

/// The records that were found by looking up what one or many drafts name.
#[derive(Default)]
pub struct References(BTreeMap<ObjectId, BTreeSet<RecordId>>);

impl References {
    /// Looks up every record that these values name and the values before didn't, with one query per object.
    ///
    /// # Errors
    /// When the database fails.
    pub fn of<'v>(
        tx: &mut Tx<'_>,
        door: &RecordDoor,
        drafts: impl IntoIterator<Item = (Option<&'v Values>, &'v Values)>,
    ) -> Result<Self, UseCaseError> {
        let mut wanted: BTreeMap<ObjectId, BTreeSet<RecordId>> = BTreeMap::new();
        for (before, after) in drafts {
            for (field, value) in fresh(door, before, after) {
                if let (FieldKind::Record { object }, Value::Record(id)) = (&field.kind, value) {
                    wanted.entry(*object).or_default().insert(*id);
                }
            }
        }
        let mut found: BTreeMap<ObjectId, BTreeSet<RecordId>> = BTreeMap::new();
        for (object, ids) in wanted {
            let ids: Vec<RecordId> = ids.into_iter().collect();
            let there: &mut BTreeSet<RecordId> = found.entry(object).or_default();
            door.for_each_viewed(tx, object, &ids, |_, record| {
                there.insert(record.id);
            })?;
        }
        Ok(References(found))
    }

    /// Goes on when everything is there that these values name and the values before didn't. What was named before may
    /// be gone meanwhile: that is no reason to refuse a change of something else.
    ///
    /// # Errors
    /// 422 `unknown_reference` at every field at fault.
    pub fn check(
        &self,
        door: &RecordDoor,
        before: Option<&Values>,
        after: &Values,
    ) -> Result<(), UseCaseError> {
        let mut fields = Fields::new();
        for (field, value) in fresh(door, before, after) {
            if !self.is_there(door, field, value) {
                let what = if matches!(value, Value::User(_)) {
                    "user"
                } else {
                    "record"
                };
                let pointer = format!("/fields/{}", field.key);
                fields.refuse(&pointer, "unknown_reference", format!("there is no such {what}"));
            }
        }
        fields.finish()
    }

    fn is_there(&self, door: &RecordDoor, field: &Field, value: &Value) -> bool {
        match (&field.kind, value) {
            (_, Value::User(id)) => door.policy().user_index(*id).is_some(),
            (FieldKind::Record { object }, Value::Record(id)) => {
                self.0.get(object).is_some_and(|found| found.contains(id))
            }
            _ => true,
        }
    }
}

/// The values that differ from before, with their fields.
fn fresh<'d>(
    door: &'d RecordDoor,
    before: Option<&'d Values>,
    after: &'d Values,
) -> impl Iterator<Item = (&'d Field, &'d Value)> {
    door.object.object.fields().iter().filter_map(move |field| {
        let value = after.get(field.number)?;
        let stays = before.and_then(|before| before.get(field.number)) == Some(value);
        (!stays).then_some((field, value))
    })
}
