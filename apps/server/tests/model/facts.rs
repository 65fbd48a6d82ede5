//! An org as plain data, and the rules of access as they read: nothing here uses the crate that decides.

use std::collections::BTreeMap;

use time::{Date, Time, UtcDateTime};

/// What somebody does with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    View,
    Edit,
    Delete,
    Create,
}

impl Action {
    pub const ALL: [Action; 4] = [Action::View, Action::Edit, Action::Delete, Action::Create];

    pub fn word(self) -> &'static str {
        ["view", "edit", "delete", "create"][self as usize]
    }
}

/// Whose records an action reaches, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    None,
    Own,
    OwnAndReports,
    OwnPeersAndReports,
    Anyone,
}

impl Level {
    pub fn word(self) -> &'static str {
        [
            "none",
            "own",
            "own_and_reports",
            "own_peers_and_reports",
            "anyone",
        ][self as usize]
    }
}

/// A level for each action, in the order of [`Action::ALL`].
pub type Levels = [Level; 4];

#[derive(Clone, Debug)]
pub struct Role {
    pub id: String,
    pub parent: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Profile {
    pub id: String,
    pub admin: bool,
    /// Built-in profiles stay.
    pub built_in: bool,
    /// By object; `none` where there is no entry.
    pub levels: BTreeMap<String, Levels>,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub external_id: Option<String>,
    pub role: Option<String>,
    pub profile: String,
    pub claimed: bool,
    pub account: Account,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    Standard { deactivated: bool },
    Guest { revoked: bool, last_day: Date },
}

/// A kind of record. Its fields of type `user`, in the order they are shown, and whether each represents ownership.
#[derive(Clone, Debug)]
pub struct Object {
    pub id: String,
    pub key: String,
    pub user_fields: Vec<(String, bool)>,
}

impl Object {
    pub fn ownable(&self) -> bool {
        self.user_fields.iter().any(|(_, owns)| *owns)
    }

    /// The field that names the maker of a record who says nothing about owners.
    pub fn first_ownership_field(&self) -> Option<&str> {
        let first = self.user_fields.iter().find(|(_, owns)| *owns);
        first.map(|(key, _)| key.as_str())
    }
}

#[derive(Clone, Debug)]
pub struct Record {
    pub id: String,
    pub external_id: Option<String>,
    /// The key of its object.
    pub object: String,
    /// Who is named by which user field.
    pub users: BTreeMap<String, String>,
    pub amount: Option<i64>,
}

/// May this subject do this with this record?
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    pub subject: String,
    pub action: Action,
    pub object: String,
    pub record: String,
}

/// An org.
#[derive(Clone, Debug, Default)]
pub struct Model {
    pub guest_access: bool,
    pub roles: Vec<Role>,
    pub profiles: Vec<Profile>,
    pub people: Vec<Person>,
    pub objects: Vec<Object>,
    pub records: Vec<Record>,
}

impl Model {
    pub fn role(&self, id: &str) -> &Role {
        self.roles.iter().find(|role| role.id == id).unwrap()
    }

    pub fn profile(&self, id: &str) -> &Profile {
        self.profiles.iter().find(|profile| profile.id == id).unwrap()
    }

    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    pub fn object(&self, key: &str) -> Option<&Object> {
        self.objects.iter().find(|object| object.key == key)
    }

    pub fn record(&self, id: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.id == id)
    }

    pub fn records_of<'m>(&'m self, object: &str) -> impl Iterator<Item = &'m Record> + use<'m> {
        let object = object.to_owned();
        self.records.iter().filter(move |record| record.object == object)
    }

    /// A record's owners are the union of its ownership fields' values. Deleted people own nothing.
    pub fn owners(&self, object: &str, users: &BTreeMap<String, String>) -> Vec<String> {
        let fields = self
            .object(object)
            .into_iter()
            .flat_map(|object| &object.user_fields);
        let owners = fields
            .filter(|(_, owns)| *owns)
            .filter_map(|(key, _)| users.get(key));
        let mut owners: Vec<String> = owners.filter(|id| self.person(id).is_some()).cloned().collect();
        owners.sort();
        owners.dedup();
        owners
    }

    pub fn owners_of(&self, record: &Record) -> Vec<String> {
        self.owners(&record.object, &record.users)
    }

    /// Whether somebody has access at all.
    pub fn in_good_standing(&self, person: &Person, now: UtcDateTime) -> bool {
        match person.account {
            Account::Standard { deactivated } => !deactivated,
            Account::Guest { revoked, last_day } => {
                self.guest_access && person.claimed && !revoked && now < first_moment_without(last_day)
            }
        }
    }

    /// Whether the first person's role is a strict descendant of the second one's.
    fn reports_to(&self, person: &Person, manager: &Person) -> bool {
        let (Some(role), Some(goal)) = (&person.role, &manager.role) else {
            return false;
        };
        let mut above = self.role(role).parent.as_ref();
        while let Some(id) = above {
            if id == goal {
                return true;
            }
            above = self.role(id).parent.as_ref();
        }
        false
    }

    fn are_peers(one: &Person, other: &Person) -> bool {
        one.id != other.id && one.role.is_some() && one.role == other.role
    }

    fn configured(&self, person: &Person, action: Action, object: &str) -> Level {
        let profile = self.profile(&person.profile);
        if profile.admin {
            return Level::Anyone;
        }
        let levels = profile.levels.get(object);
        levels.map_or(Level::None, |levels| levels[action as usize])
    }

    /// The level that counts: `edit` and `delete` need `view` too.
    pub fn effective(&self, person: &Person, action: Action, object: &str) -> Level {
        let level = self.configured(person, action, object);
        match action {
            Action::View | Action::Create => level,
            Action::Edit | Action::Delete => level.min(self.configured(person, Action::View, object)),
        }
    }

    fn level_reaches(&self, level: Level, subject: &Person, owner: &Person) -> bool {
        let own = subject.id == owner.id;
        match level {
            Level::None => false,
            Level::Own => own,
            Level::OwnAndReports => own || self.reports_to(owner, subject),
            Level::OwnPeersAndReports => {
                own || Self::are_peers(owner, subject) || self.reports_to(owner, subject)
            }
            Level::Anyone => true,
        }
    }

    /// The decision about a record with these owners.
    pub fn may(
        &self,
        subject: &str,
        action: Action,
        object: &str,
        owners: &[String],
        now: UtcDateTime,
    ) -> bool {
        let (Some(person), Some(_)) = (self.person(subject), self.object(object)) else {
            return false;
        };
        let level = self.effective(person, action, object);
        let mut owners = owners.iter().filter_map(|owner| self.person(owner));
        let reached = level == Level::Anyone || owners.any(|owner| self.level_reaches(level, person, owner));
        self.in_good_standing(person, now) && reached
    }

    pub fn may_on(&self, subject: &str, action: Action, record: &Record, now: UtcDateTime) -> bool {
        self.may(subject, action, &record.object, &self.owners_of(record), now)
    }

    /// What a decision point has to answer: where nothing is stored under the id, only making a record of one's own
    /// can be permitted.
    pub fn answer(&self, question: &Question, now: UtcDateTime) -> bool {
        let Question {
            subject,
            action,
            object,
            record,
        } = question;
        match self.record(record).filter(|known| known.object == *object) {
            Some(record) => self.may_on(subject, *action, record, now),
            None if *action == Action::Create => {
                let owners: &[String] = match self.object(object) {
                    Some(object) if object.ownable() => std::slice::from_ref(subject),
                    _ => &[],
                };
                self.may(subject, *action, object, owners, now)
            }
            None => false,
        }
    }

    /// Every question there is, with what has to be answered.
    pub fn answers(&self, now: UtcDateTime) -> BTreeMap<Question, bool> {
        let mut answers = BTreeMap::new();
        for record in &self.records {
            let owners = self.owners_of(record);
            for person in &self.people {
                for action in Action::ALL {
                    let question = Question {
                        subject: person.id.clone(),
                        action,
                        object: record.object.clone(),
                        record: record.id.clone(),
                    };
                    answers.insert(
                        question,
                        self.may(&person.id, action, &record.object, &owners, now),
                    );
                }
            }
        }
        answers
    }

    /// Every question there is.
    pub fn questions(&self, now: UtcDateTime) -> Vec<Question> {
        self.answers(now).into_keys().collect()
    }

    /// The questions that were answered differently before, those about what is gone since and what came included.
    pub fn changed_since(
        &self,
        before: &BTreeMap<Question, bool>,
        after: &BTreeMap<Question, bool>,
        now: UtcDateTime,
    ) -> Vec<Question> {
        let gone = before.iter().filter(|(question, answer)| {
            !after.contains_key(question) && self.answer(question, now) != **answer
        });
        let others = after
            .iter()
            .filter(|(question, answer)| before.get(question) != Some(answer));
        gone.chain(others).map(|(question, _)| question.clone()).collect()
    }

    /// Whether somebody gets to know that there is such an object: some level of theirs is above `none`.
    pub fn knows(&self, person: &Person, object: &str) -> bool {
        self.object(object).is_some()
            && Action::ALL
                .iter()
                .any(|action| self.effective(person, *action, object) > Level::None)
    }

    /// Whether one role is the other one or below it: it cannot go there.
    pub fn is_within(&self, role: &str, top: &str) -> bool {
        let mut place = Some(role.to_owned());
        while let Some(id) = place {
            if id == top {
                return true;
            }
            place = self.role(&id).parent.clone();
        }
        false
    }
}

/// Access that lasts through this day, in an org whose days are those of UTC.
pub fn first_moment_without(last_day: Date) -> UtcDateTime {
    UtcDateTime::new(last_day.next_day().unwrap(), Time::MIDNIGHT)
}
