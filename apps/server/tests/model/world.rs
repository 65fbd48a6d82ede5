//! A random org: made over HTTP, and written down as it is made.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::{Date, Duration, UtcDateTime};
use vestibule_test_support::FixedClock;

use super::dice::Dice;
use super::facts::{
    Account, Action, Level, Levels, Model, Object, Person, Profile, Record, Role, first_moment_without,
};
use crate::harness::{Client, PASSWORD, Reply, TestOrg};

/// How far a guest has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Invited,
    Active,
    Revoked,
    Expired,
}

/// Who asks and changes, all at one server.
#[derive(Clone)]
pub struct Clients {
    /// The Admin's API token.
    pub admin: Client,
    /// A service token with the scope `act_as`.
    pub acting: Client,
    /// A service token with the scope `pdp`.
    pub pdp: Client,
}

impl Clients {
    /// The same ones at another server.
    pub fn at(&self, base: &str) -> Self {
        Clients {
            admin: self.admin.at(base),
            acting: self.acting.at(base),
            pdp: self.pdp.at(base),
        }
    }
}

/// An org with the clients that its questions are asked by.
pub struct World {
    pub model: Model,
    pub admin_id: String,
    pub clock: FixedClock,
    pub clients: Clients,
    serial: usize,
}

impl World {
    /// An org as it is provisioned: its Admin and the built-in profiles. The clock shows what the server's shows.
    pub fn new(org: &TestOrg, clock: FixedClock) -> Self {
        let service = |scope: &str| {
            let body = json!({ "name": scope, "kind": "service", "scopes": [scope] });
            let secret = org.admin.post("/api-tokens", body).expect(201).text("secret");
            org.admin.with_token(&secret)
        };
        let profile = |id: &str, admin| Profile {
            id: id.to_owned(),
            admin,
            built_in: true,
            levels: BTreeMap::new(),
        };
        let admin = Person {
            id: org.admin_id.clone(),
            external_id: None,
            role: None,
            profile: org.admin_profile.clone(),
            claimed: true,
            account: Account::Standard { deactivated: false },
        };
        World {
            model: Model {
                guest_access: true,
                profiles: vec![
                    profile(&org.admin_profile, true),
                    profile(&org.default_profile, false),
                ],
                people: vec![admin],
                ..Model::default()
            },
            admin_id: org.admin_id.clone(),
            clock,
            clients: Clients {
                admin: org.admin.clone(),
                acting: service("act_as"),
                pdp: service("pdp"),
            },
            serial: 0,
        }
    }

    /// Fills an org with everything: guests in these states among others, one object without ownership fields, one
    /// with one and one with several, records with none to several owners.
    pub fn populate(&mut self, dice: &mut Dice, fates: &[Fate]) {
        for _ in 0..dice.between(3, 6) {
            self.add_role(dice);
        }
        for _ in 0..dice.between(2, 3) {
            self.add_profile();
        }
        for _ in 0..dice.between(5, 7) {
            self.add_user(dice);
        }
        for fate in fates {
            self.add_guest(dice, *fate);
        }
        self.let_the_expired_expire(fates);
        for ownership_fields in [0, 1, dice.between(2, 3)] {
            self.add_object(dice, ownership_fields);
        }
        for profile in 0..self.model.profiles.len() {
            for object in 0..self.model.objects.len() {
                let key = self.model.objects[object].key.clone();
                self.set_levels(profile, &key, random_levels(dice));
            }
        }
        for object in self.model.objects.clone() {
            let records = dice.between(6, 12);
            self.add_records(dice, &object, records);
        }
        let standard = self.model.people.iter().filter(|person| self.may_go(person));
        let someone = standard.map(|person| person.id.clone()).next_back();
        self.set_deactivated(&someone.unwrap(), true);
    }

    pub fn now(&self) -> UtcDateTime {
        self.clock.now()
    }

    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// Sends a request on behalf of a user.
    pub fn send_as(&self, user: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let request = self
            .clients
            .acting
            .request(method, path)
            .header("on-behalf-of", user);
        Client::send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
    }

    pub fn serial(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    /// Whether a standard user can be deactivated or deleted without the org losing its last Admin.
    pub fn may_go(&self, person: &Person) -> bool {
        person.id != self.admin_id && matches!(person.account, Account::Standard { .. })
    }

    pub fn person_mut(&mut self, id: &str) -> &mut Person {
        self.model
            .people
            .iter_mut()
            .find(|person| person.id == id)
            .unwrap()
    }

    /// `users` or `guests`: where a person is administered.
    pub fn path_of(&self, id: &str) -> String {
        match self.model.person(id).unwrap().account {
            Account::Standard { .. } => format!("/users/{id}"),
            Account::Guest { .. } => format!("/guests/{id}"),
        }
    }

    pub fn add_role(&mut self, dice: &mut Dice) {
        let parent = match dice.chance(20) {
            true => None,
            false => dice.pick(&self.model.roles).map(|role| role.id.clone()),
        };
        let body = json!({ "name": format!("Role {}", self.serial()), "parent_id": parent });
        let id = self.clients.admin.post("/roles", body).expect(201).id();
        self.model.roles.push(Role { id, parent });
    }

    pub fn add_profile(&mut self) {
        let body = json!({ "name": format!("Profile {}", self.serial()) });
        let id = self.clients.admin.post("/profiles", body).expect(201).id();
        self.model.profiles.push(Profile {
            id,
            admin: false,
            built_in: false,
            levels: BTreeMap::new(),
        });
    }

    /// Sets what a profile may do with an object's records. What the Admin profile may is fixed.
    pub fn set_levels(&mut self, profile: usize, object: &str, levels: Levels) {
        let profile = &mut self.model.profiles[profile];
        if profile.admin {
            return;
        }
        let [view, edit, delete, create] = levels.map(Level::word);
        let body = json!({ "view": view, "edit": edit, "delete": delete, "create": create });
        self.clients
            .admin
            .put(&format!("/profiles/{}/permissions/{object}", profile.id), body)
            .expect(200);
        profile.levels.insert(object.to_owned(), levels);
    }

    /// A role for somebody; now and then none.
    pub fn any_role(&self, dice: &mut Dice) -> Option<String> {
        let role = dice.pick(&self.model.roles).map(|role| role.id.clone());
        role.filter(|_| dice.chance(85))
    }

    /// A profile for somebody; for standard users now and then Admin.
    pub fn any_profile(&self, dice: &mut Dice, guest: bool) -> String {
        let admin = !guest && dice.chance(8);
        let fitting: Vec<&Profile> = self
            .model
            .profiles
            .iter()
            .filter(|profile| profile.admin == admin)
            .collect();
        dice.pick(&fitting).unwrap().id.clone()
    }

    /// What a person to be added is like.
    fn somebody(&mut self, dice: &mut Dice, account: Account) -> (Person, Value) {
        let number = self.serial();
        let guest = matches!(account, Account::Guest { .. });
        let person = Person {
            id: String::new(),
            external_id: dice.chance(30).then(|| format!("person-{number}")),
            role: self.any_role(dice),
            profile: self.any_profile(dice, guest),
            claimed: false,
            account,
        };
        let body = json!({
            "first_name": format!("P{number}"),
            "last_name": "Person",
            "email": format!("p{number}@people.example"),
            "role_id": person.role,
            "profile_id": person.profile,
            "external_id": person.external_id,
        });
        (person, body)
    }

    pub fn add_user(&mut self, dice: &mut Dice) {
        let (mut person, body) = self.somebody(dice, Account::Standard { deactivated: false });
        person.id = self.clients.admin.post("/users", body).expect(201).id();
        let id = person.id.clone();
        self.model.people.push(person);
        // Who hasn't claimed yet has access all the same, but can't be handed what others own.
        if dice.chance(30) {
            self.claim(&id);
        }
    }

    pub fn add_guest(&mut self, dice: &mut Dice, fate: Fate) {
        let days = if fate == Fate::Expired {
            0
        } else {
            dice.between(10, 80)
        };
        let last_day = self.today() + Duration::days(i64::try_from(days).unwrap());
        let (mut person, mut body) = self.somebody(
            dice,
            Account::Guest {
                revoked: false,
                last_day,
            },
        );
        body["access_ends_on"] = json!(last_day.to_string());
        person.id = self.clients.admin.post("/guests", body).expect(201).id();
        let id = person.id.clone();
        self.model.people.push(person);
        if fate != Fate::Invited {
            self.claim(&id);
        }
        if fate == Fate::Revoked {
            self.revoke(&id);
        }
    }

    fn let_the_expired_expire(&mut self, fates: &[Fate]) {
        if fates.contains(&Fate::Expired) {
            self.clock.set(first_moment_without(self.today()));
        }
    }

    pub fn claim(&mut self, id: &str) {
        let link = self.clients.admin.post(
            &format!("{}/claim-links", self.path_of(id)),
            json!({ "deliver": "response" }),
        );
        let url = link.expect(201).text("url");
        let (_, token) = url.split_once("#token=").unwrap();
        let claim = self
            .clients
            .admin
            .post("/claims", json!({ "token": token, "password": PASSWORD }));
        claim.expect(201);
        self.person_mut(id).claimed = true;
    }

    pub fn revoke(&mut self, id: &str) {
        self.clients
            .admin
            .post(&format!("/guests/{id}/revoke"), json!({}))
            .expect(200);
        let Account::Guest { last_day, .. } = self.person_mut(id).account else {
            panic!("{id} is no guest");
        };
        self.person_mut(id).account = Account::Guest {
            revoked: true,
            last_day,
        };
    }

    pub fn set_deactivated(&mut self, id: &str, deactivated: bool) {
        let verb = if deactivated { "deactivate" } else { "activate" };
        self.clients
            .admin
            .post(&format!("/users/{id}/{verb}"), json!({}))
            .expect(200);
        self.person_mut(id).account = Account::Standard { deactivated };
    }

    /// Adds an object with a user field that means nothing, and so many that represent ownership.
    pub fn add_object(&mut self, dice: &mut Dice, ownership_fields: usize) {
        let key = format!("object_{}", self.serial());
        let mut user_fields = vec![("contact".to_owned(), false)];
        user_fields.extend((0..ownership_fields).map(|n| (format!("owner_{n}"), true)));
        dice.shuffle(&mut user_fields);
        let mut fields = vec![json!({ "key": "amount", "label": "Amount", "type": "number" })];
        fields.extend(user_fields.iter().map(
            |(key, owns)| json!({ "key": key, "label": key, "type": "user", "represents_ownership": owns }),
        ));
        let body = json!({ "key": key, "singular": key, "plural": key, "fields": fields });
        let id = self.clients.admin.post("/objects", body).expect(201).id();
        self.model.objects.push(Object { id, key, user_fields });
    }

    /// Values for the user fields of a record; for each a person or nobody.
    pub fn any_users(&self, dice: &mut Dice, object: &Object) -> BTreeMap<String, String> {
        let mut users = BTreeMap::new();
        for (key, _) in &object.user_fields {
            if dice.chance(65) {
                let person = dice.pick(&self.model.people).unwrap();
                users.insert(key.clone(), person.id.clone());
            }
        }
        users
    }

    pub fn add_records(&mut self, dice: &mut Dice, object: &Object, count: usize) {
        let mut records = Vec::new();
        for _ in 0..count {
            let number = self.serial();
            records.push(Record {
                id: String::new(),
                external_id: dice.chance(30).then(|| format!("record-{number}")),
                object: object.key.clone(),
                users: self.any_users(dice, object),
                amount: dice.chance(80).then(|| i64::try_from(dice.below(6)).unwrap()),
            });
        }
        let items: Vec<Value> = records
            .iter()
            .map(|record| json!({ "fields": fields(object, record), "external_id": record.external_id }))
            .collect();
        let body = json!({ "action": "create", "items": items, "atomic": true });
        let report = self
            .clients
            .admin
            .post(&format!("/objects/{}/records/bulk", object.key), body)
            .expect(200)
            .body;
        assert_eq!(report["applied"], true, "{report}");
        for (record, result) in records.iter_mut().zip(report["results"].as_array().unwrap()) {
            record.id = result["id"].as_str().unwrap().to_owned();
        }
        self.model.records.extend(records);
    }
}

/// All values of a record as a body gives them: the empty ones are said to be empty.
pub fn fields(object: &Object, record: &Record) -> Value {
    let mut fields = json!({ "amount": record.amount });
    for (key, _) in &object.user_fields {
        fields[key] = json!(record.users.get(key));
    }
    fields
}

/// A level for each action: more often one that asks who reports to whom.
pub fn random_levels(dice: &mut Dice) -> Levels {
    let often = [
        Level::None,
        Level::Own,
        Level::OwnAndReports,
        Level::OwnAndReports,
        Level::OwnPeersAndReports,
        Level::OwnPeersAndReports,
        Level::Anyone,
    ];
    Action::ALL.map(|_| *dice.pick(&often).unwrap())
}
