//! An org with a role tree, people and a custom object, whose records can be reached at every level.

use serde_json::value::RawValue;
use uuid::Uuid;
use vestibule_access_control::{
    Action, Level, ObjectGrant, ObjectPermissions, Permit, PolicyFacts, ProfileFacts, Reach, Snapshot,
};
use vestibule_custom_objects::{Attribute, Field, FieldDraft, FieldNumber, FieldType, Object, Value, Values};
use vestibule_persistence::ids::{ObjectId, ProfileId, RoleId, UserId};
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::records::{self, Record, RecordQuery};
use vestibule_persistence::{PageRequest, SortValue, policy, roles};

use crate::builders::{NOW, OrgIn, fresh};
use crate::store::Store;

pub(crate) const OWNER: FieldNumber = FieldNumber::new(1);
pub(crate) const SECOND: FieldNumber = FieldNumber::new(2);
pub(crate) const NAME: FieldNumber = FieldNumber::new(3);
pub(crate) const AMOUNT: FieldNumber = FieldNumber::new(4);
pub(crate) const STAGE: FieldNumber = FieldNumber::new(5);
pub(crate) const TAGS: FieldNumber = FieldNumber::new(6);
pub(crate) const DUE: FieldNumber = FieldNumber::new(7);
pub(crate) const CODE: FieldNumber = FieldNumber::new(8);
pub(crate) const LOOKUP: FieldNumber = FieldNumber::new(9);

pub(crate) struct World<'s> {
    pub(crate) org: OrgIn<'s>,
    pub(crate) object: StoredObject,
    pub(crate) users: Vec<UserId>,
    facts: PolicyFacts,
}

/// Two owners, and a field of every kind that is compared in a way of its own. Only `code` is unique.
pub(crate) fn deal(id: ObjectId) -> Object {
    let field = FieldDraft::new;
    let options = |options: &[&str]| Some(options.iter().map(|option| (*option).to_owned()).collect());
    let drafts = vec![
        FieldDraft {
            represents_ownership: true,
            ..field("owner", "Owner", FieldType::User)
        },
        FieldDraft {
            represents_ownership: true,
            ..field("second", "Second owner", FieldType::User)
        },
        field("name", "Name", FieldType::Text),
        field("amount", "Amount", FieldType::Number),
        FieldDraft {
            options: options(&["Open", "Won", "Lost"]),
            ..field("stage", "Stage", FieldType::Choice)
        },
        FieldDraft {
            options: options(&["Hot", "Cold", "Ice cold"]),
            ..field("tags", "Tags", FieldType::MultiChoice)
        },
        field("due", "Due", FieldType::DateTime),
        FieldDraft {
            unique: true,
            ..field("code", "Code", FieldType::Text)
        },
        field("lookup", "Reviewer", FieldType::User),
    ];
    Object::new(id, "deal", "Deal", "Deals", drafts).unwrap()
}

pub(crate) fn attribute(number: FieldNumber) -> Attribute {
    let field_type = match number {
        OWNER | SECOND | LOOKUP => FieldType::User,
        AMOUNT => FieldType::Number,
        STAGE => FieldType::Choice,
        TAGS => FieldType::MultiChoice,
        DUE => FieldType::DateTime,
        _ => FieldType::Text,
    };
    Attribute::Field { number, field_type }
}

pub(crate) fn value(field: &Field, json: &str) -> Value {
    Value::parse(field, &RawValue::from_string(json.to_owned()).unwrap())
        .unwrap()
        .unwrap()
}

impl<'s> World<'s> {
    /// Two roots; `users` people dealt out to the roles in turn, every seventh one without a role.
    pub(crate) fn new(store: &'s Store, slug: &str, users: usize) -> Self {
        let org = store.org(slug);
        let head = org.role("Head", None);
        let east = org.role("East", Some(head));
        let places = [
            Some(head),
            Some(east),
            Some(org.role("West", Some(head))),
            Some(org.role("East 1", Some(east))),
            Some(org.role("East 2", Some(east))),
            Some(org.role("Other", None)),
            None,
        ];
        let users = people(&org, users, &places);
        let object = StoredObject::new(deal(fresh()), NOW);
        store.write(org.id, |tx| objects::insert(tx, org.id, &object));
        let facts = store.read(|tx| policy::load(tx, org.id)).unwrap();
        let snapshot = Snapshot::build(facts.clone()).unwrap();
        let labels: Vec<_> = facts
            .roles
            .iter()
            .map(|role| (role.id, snapshot.forest().label(role.id).unwrap()))
            .collect();
        store.write(org.id, |tx| roles::relabel(tx, org.id, labels.clone()));
        World {
            org,
            object,
            users,
            facts,
        }
    }

    pub(crate) fn store(&self) -> &'s Store {
        self.org.store
    }

    pub(crate) fn object_id(&self) -> ObjectId {
        self.object.object.id()
    }

    /// The policy with everybody at one level for everything.
    pub(crate) fn snapshot(&self, level: Level) -> Snapshot {
        let mut facts = self.facts.clone();
        let profile: ProfileId = fresh();
        facts.profiles.push(ProfileFacts {
            id: profile,
            admin: false,
            permissions: vec![ObjectGrant {
                object: self.object_id(),
                permissions: ObjectPermissions::all(level),
            }],
        });
        for user in &mut facts.users {
            user.profile = profile;
        }
        Snapshot::build(facts).unwrap()
    }

    pub(crate) fn reach(&self, subject: UserId, level: Level, action: Action) -> Reach {
        self.snapshot(level)
            .list_reach(subject, action, self.object_id(), 0)
    }

    pub(crate) fn everything(&self, action: Action) -> Reach {
        self.reach(self.users[0], Level::Anyone, action)
    }

    pub(crate) fn may(&self, action: Action) -> Permit {
        let reach = self.everything(action);
        match action {
            Action::Edit => reach.permit_change(&[], &[]).unwrap(),
            _ => reach.permit(&[]).unwrap(),
        }
    }

    pub(crate) fn record(&self, fields: &[(FieldNumber, Option<String>)]) -> Record {
        let mut values = Values::new();
        for (number, json) in fields {
            let field = self.object.object.field_numbered(*number).unwrap();
            if let Some(json) = json {
                values.set(*number, value(field, json));
            }
        }
        Record {
            id: fresh(),
            external_id: None,
            values,
            version: 1,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    /// A record with these owners in its two ownership fields.
    pub(crate) fn owned(&self, owner: Option<UserId>, second: Option<UserId>) -> Record {
        let text = |user: UserId| format!("\"{user}\"");
        self.record(&[(OWNER, owner.map(text)), (SECOND, second.map(text))])
    }

    pub(crate) fn insert(&self, new: &[Record]) {
        let create = self.everything(Action::Create);
        self.store().write(self.org.id, |tx| {
            let new = new
                .iter()
                .map(|record| (create.permit(&[]).unwrap(), record.clone()))
                .collect();
            records::insert_many(tx, self.org.id, &self.object, new)
        });
    }

    pub(crate) fn all(&self) -> Vec<Record> {
        self.page(&self.everything(Action::View), &PageRequest::everything())
    }

    pub(crate) fn page(&self, reach: &Reach, page: &PageRequest<Attribute>) -> Vec<Record> {
        let query = RecordQuery { filter: None, page };
        self.store()
            .read(|tx| records::page(tx, self.org.id, &self.object, reach, &query))
    }

    /// The text by which a record is compared.
    pub(crate) fn key(&self, attribute: Attribute, record: &Record) -> Option<String> {
        let instant = |at| {
            let due = self.object.object.field_numbered(DUE).unwrap();
            Value::DateTime(at).sort_key(due)
        };
        match attribute {
            Attribute::CreatedAt => Some(instant(record.created_at)),
            Attribute::UpdatedAt => Some(instant(record.updated_at)),
            attribute => match records::sort_value(attribute, record, &self.object.object) {
                SortValue::Text(text) => Some(text),
                _ => None,
            },
        }
    }

    /// What `column` holds in the rows of a table, ordered.
    pub(crate) fn stored(&self, column: &str, table: &str) -> Vec<String> {
        let place = &self.store().place;
        let mut lines = place.lines(&format!(
            "SELECT CAST({column} AS TEXT) AS value FROM {table} WHERE org_id = {}",
            place.id(self.org.id)
        ));
        lines.sort();
        lines
    }

    /// The number of records and the version of their owners, as the tally has them.
    pub(crate) fn tally(&self) -> (i64, i64) {
        let tally = self
            .store()
            .read(|tx| objects::tally(tx, self.org.id, self.object_id()))
            .unwrap();
        (tally.records, tally.owners_version)
    }

    pub(crate) fn reload(&mut self) {
        let id = self.object_id();
        let found = self.store().read(|tx| objects::find_by_id(tx, self.org.id, id));
        self.object = found.unwrap();
    }
}

fn people(org: &OrgIn<'_>, count: usize, places: &[Option<RoleId>]) -> Vec<UserId> {
    let users: Vec<_> = (0..count)
        .map(|n| {
            let user = org.standard_user(&format!("user{n}"));
            match places[n % places.len()] {
                Some(role) => user.in_role(role).build(),
                None => user.build(),
            }
        })
        .collect();
    org.store.write(org.id, |tx| {
        users
            .iter()
            .try_for_each(|user| crate::builders::insert_user(tx, org.id, user))
    });
    users.into_iter().map(|user| user.id).collect()
}

/// A slug that no other test of this store has.
pub(crate) fn fresh_slug() -> String {
    let id: Uuid = fresh();
    format!("o{}", id.simple())
}
