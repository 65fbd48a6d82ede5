//! What questions about access speak of, looked up for all of them together: users, objects, and who owns the records.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;
use vestibule_access_control::{Action, ObjectId, Snapshot};
use vestibule_persistence::ids::UserId;
use vestibule_persistence::records::{self, RecordRef};
use vestibule_persistence::{Tx, users};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::asker::Asker;
use crate::use_cases::find_object::Knowledge;

/// How many hyphens and digits an id has. Shorter ways of writing one are somebody's `external_id`.
const ID_LENGTH: usize = 36;

/// A resource as it is named in a question.
#[derive(Clone, Debug)]
pub struct NamedResource<'q> {
    /// The key of its object.
    pub object: &'q str,
    /// The id of the record, or its `external_id`.
    pub id: &'q str,
    /// The owners that the asker names, when they name any.
    pub owners: Option<Vec<&'q str>>,
}

/// The owners by whom a resource is decided about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owners<'f> {
    /// Those of a record that is stored here.
    Stored(&'f [UserId]),
    /// Those that the asker names: of a record that is kept elsewhere, or proposed.
    Named(Vec<UserId>),
    /// Whoever makes the record, as nobody is proposed.
    Maker,
}

impl Owners<'_> {
    /// The owners, when it is about this subject.
    pub fn for_subject<'s>(&'s self, subject: &'s UserId) -> &'s [UserId] {
        match self {
            Owners::Stored(owners) => owners,
            Owners::Named(owners) => owners,
            Owners::Maker => std::slice::from_ref(subject),
        }
    }
}

/// What some questions speak of, at one version of the policy and one instant.
pub struct AccessFacts {
    asker: Asker,
    policy: Snapshot,
    now: i64,
    /// What somebody who asks about themself gets to know; others ask about every object.
    knowledge: Option<Knowledge>,
    users: HashMap<String, UserId>,
    records: HashMap<ObjectId, HashMap<String, Vec<UserId>>>,
}

impl AccessFacts {
    /// Nothing looked up yet.
    ///
    /// # Errors
    /// 403 `scope_missing`.
    pub fn of(tx: &mut Tx<'_>, caller: &Caller<'_>) -> Result<Self, UseCaseError> {
        let asker = Asker::of(caller)?;
        let knowledge = match asker {
            Asker::Oneself(_) => Some(Knowledge::of(tx, caller)?),
            Asker::AccessManager | Asker::DecisionClient => None,
        };
        Ok(AccessFacts {
            asker,
            knowledge,
            policy: caller.policy(tx)?,
            now: caller.now_micros(),
            users: HashMap::new(),
            records: HashMap::new(),
        })
    }

    /// Who asks.
    pub fn asker(&self) -> Asker {
        self.asker
    }

    /// The policy that decides.
    pub fn policy(&self) -> &Snapshot {
        &self.policy
    }

    /// The instant at which the questions count, in microseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Looks up subjects, each by its type and id, and goes on when the asker may ask about all of them.
    ///
    /// # Errors
    /// 403 `not_about_oneself`.
    pub fn look_up_subjects<'q>(
        &mut self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        subjects: impl Iterator<Item = (&'q str, &'q str)> + Clone,
    ) -> Result<(), UseCaseError> {
        let users = subjects.clone().filter(|(kind, _)| *kind == "user");
        self.look_up_users(tx, caller, users.map(|(_, id)| id))?;
        for (kind, id) in subjects {
            self.asker.require_about(self.subject(kind, id))?;
        }
        Ok(())
    }

    fn look_up_users<'q>(
        &mut self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        names: impl Iterator<Item = &'q str>,
    ) -> Result<(), UseCaseError> {
        let mut elsewhere = HashSet::new();
        for name in names {
            let known = parse_id(name)
                .map(UserId::from)
                .filter(|id| self.policy.user_index(*id).is_some());
            match known {
                Some(id) => {
                    self.users.insert(name.to_owned(), id);
                }
                None if !self.users.contains_key(name) => {
                    elsewhere.insert(name);
                }
                None => {}
            }
        }
        if !elsewhere.is_empty() {
            let elsewhere: Vec<&str> = elsewhere.into_iter().collect();
            self.users
                .extend(users::ids_by_external_id(tx, caller.org.id, &elsewhere)?);
        }
        Ok(())
    }

    /// Looks up who owns these resources, and who the owners are that the asker names.
    ///
    /// # Errors
    /// When the database fails.
    pub fn look_up_resources<'r, 'q: 'r>(
        &mut self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        resources: impl Iterator<Item = &'r NamedResource<'q>> + Clone,
    ) -> Result<(), UseCaseError> {
        let named = resources.clone().filter_map(|resource| resource.owners.as_ref());
        self.look_up_owners(tx, caller, named.flatten().copied())?;
        let mut by_object: HashMap<ObjectId, HashSet<&str>> = HashMap::new();
        for resource in resources {
            if let Some(object) = self.policy.object_by_key(resource.object) {
                by_object.entry(object).or_default().insert(resource.id);
            }
        }
        for (object, names) in by_object {
            self.look_up_records(tx, caller, object, &names)?;
        }
        Ok(())
    }

    /// Somebody who asks about themself names owners by the ids given here: what others are called elsewhere is not
    /// theirs to find out.
    fn look_up_owners<'q>(
        &mut self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        names: impl Iterator<Item = &'q str>,
    ) -> Result<(), UseCaseError> {
        if self.asker.asks_about_everybody() {
            return self.look_up_users(tx, caller, names);
        }
        for name in names {
            if let Some(id) = parse_id(name) {
                self.users.insert(name.to_owned(), id.into());
            }
        }
        Ok(())
    }

    fn look_up_records(
        &mut self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        object: ObjectId,
        names: &HashSet<&str>,
    ) -> Result<(), UseCaseError> {
        let ids = names
            .iter()
            .filter_map(|name| parse_id(name).map(|id| (*name, RecordRef::Id(id.into()))));
        self.find_records(tx, caller, object, ids.collect())?;
        let found = self.records.entry(object).or_default();
        let others = names.iter().filter(|name| !found.contains_key(**name));
        let others = others.map(|name| (*name, RecordRef::External(name))).collect();
        self.find_records(tx, caller, object, others)
    }

    fn find_records(
        &mut self,
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        object: ObjectId,
        wanted: Vec<(&str, RecordRef<'_>)>,
    ) -> Result<(), UseCaseError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let (names, refs): (Vec<&str>, Vec<RecordRef<'_>>) = wanted.into_iter().unzip();
        let owned = records::owners_of_many(tx, caller.org.id, object, &refs)?;
        let found = names.into_iter().zip(owned);
        let found = found.filter_map(|(name, owned)| Some((name.to_owned(), owned?.1)));
        self.records.entry(object).or_default().extend(found);
        Ok(())
    }

    /// A subject that was looked up; none of another type, and none that nobody knows.
    pub fn subject(&self, kind: &str, id: &str) -> Option<UserId> {
        (kind == "user").then(|| self.users.get(id).copied()).flatten()
    }

    /// The object with this key; for somebody who asks about themself only one that they get to know.
    pub fn object(&self, key: &str) -> Option<ObjectId> {
        let object = self.policy.object_by_key(key)?;
        let known = self
            .knowledge
            .as_ref()
            .is_none_or(|knowledge| knowledge.covers(object));
        known.then_some(object)
    }

    /// The owners by whom it is decided whether the action is permitted with a resource that was looked up; none when
    /// there is no such resource.
    ///
    /// Stored owners count before those that the asker names. These count for a record to be made, and for one that is
    /// kept elsewhere when a service with the scope `pdp` says so.
    pub fn owners(
        &self,
        action: Action,
        object: ObjectId,
        resource: &NamedResource<'_>,
    ) -> Option<Owners<'_>> {
        if let Some(stored) = self.stored(object, resource.id) {
            return Some(Owners::Stored(stored));
        }
        let ownable = self.policy.object(object).is_some_and(|object| object.ownable);
        let proposed = action == Action::Create;
        match &resource.owners {
            Some(names) if proposed || self.asker == Asker::DecisionClient => {
                let names = names.iter().filter(|_| ownable);
                Some(Owners::Named(
                    names.filter_map(|name| self.users.get(*name).copied()).collect(),
                ))
            }
            _ if proposed && ownable => Some(Owners::Maker),
            _ if proposed => Some(Owners::Named(Vec::new())),
            _ => None,
        }
    }

    /// The owners of a record that is stored here; for somebody who asks about themself only of one that they view.
    fn stored(&self, object: ObjectId, id: &str) -> Option<&[UserId]> {
        let owners = self.records.get(&object)?.get(id)?;
        (!self.hides(object, owners)).then_some(owners.as_slice())
    }

    /// Whether the asker learns nothing of a record with these owners: who asks about themself, of one that they don't
    /// view.
    pub fn hides(&self, object: ObjectId, owners: &[UserId]) -> bool {
        match self.asker {
            Asker::Oneself(me) => {
                let decision = self.policy.decide(me, Action::View, object, owners, self.now);
                !decision.is_permit()
            }
            Asker::AccessManager | Asker::DecisionClient => false,
        }
    }
}

/// The id that a text is, when it is written in full.
pub fn parse_id(text: &str) -> Option<Uuid> {
    (text.len() == ID_LENGTH)
        .then(|| Uuid::parse_str(text).ok())
        .flatten()
}
