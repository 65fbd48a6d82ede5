//! Everything that tells who reaches what, held against the rules as they read.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_access_control::{ObjectId, Snapshot, UserId};
use vestibule_persistence::policy;
use vestibule_server::error::UseCaseError;

use super::dice::Dice;
use super::facts::{Action, Level, Model, Object, Person, Profile, Question, Record};
use super::world::{World, random_levels};
use crate::harness::{Client, Reply, TestServer};

/// How many questions one request asks.
const QUESTIONS_AT_ONCE: usize = 1_000;

type Ids = BTreeSet<String>;

impl World {
    /// The decision point, and the snapshot that it decides by, give the answers of the rules.
    pub fn check_decisions(&self, server: &TestServer, org: &str, questions: &[Question], dice: &mut Dice) {
        self.check_snapshot(server, org, questions);
        self.check_evaluations(questions, dice);
    }

    /// The snapshot that the server decides by is the one of what is stored, and gives the answers of the rules.
    fn check_snapshot(&self, server: &TestServer, org: &str, questions: &[Question]) {
        let org = uuid(org).into();
        let kept_and_stored = server.database().read(|tx| {
            let kept = server.app.policies.of(tx, org)?;
            let stored = policy::load(tx, org)?.unwrap();
            Ok::<_, UseCaseError>((kept, stored))
        });
        let (kept, stored) = kept_and_stored.unwrap();
        let rebuilt = Snapshot::build(stored).unwrap();
        assert_eq!(
            kept.facts(),
            rebuilt.facts(),
            "the snapshot in use is not that of the stored policy"
        );
        let micros = i64::try_from(self.now().unix_timestamp_nanos() / 1_000).unwrap();
        for question in questions {
            let Some(record) = self.model.record(&question.record) else {
                continue;
            };
            let object: ObjectId = match self.model.object(&question.object) {
                Some(object) => uuid(&object.id).into(),
                None => continue,
            };
            let owners: Vec<UserId> = self
                .model
                .owners_of(record)
                .iter()
                .map(|id| uuid(id).into())
                .collect();
            let (subject, action) = (
                uuid(&question.subject).into(),
                question.action.word().parse().unwrap(),
            );
            let decided = kept.decide(subject, action, object, &owners, micros);
            let expected = self.model.answer(question, self.now());
            assert_eq!(
                decided.is_permit(),
                expected,
                "Snapshot::decide, {}",
                self.about(question)
            );
        }
    }

    /// `POST /access/v1/evaluations` gives the answers of the rules.
    pub fn check_evaluations(&self, questions: &[Question], dice: &mut Dice) {
        for some in questions.chunks(QUESTIONS_AT_ONCE) {
            let asked: Vec<Value> = some
                .iter()
                .map(|question| self.evaluation(question, dice))
                .collect();
            let answer = self
                .clients
                .pdp
                .post("//access/v1/evaluations", json!({ "evaluations": asked }))
                .expect(200);
            let decisions = answer.body["evaluations"].as_array().unwrap();
            assert_eq!(decisions.len(), some.len());
            for (question, decision) in some.iter().zip(decisions) {
                let expected = self.model.answer(question, self.now());
                assert_eq!(
                    decision["decision"],
                    expected,
                    "AuthZEN evaluation, {}",
                    self.about(question)
                );
            }
        }
    }

    /// A question as a decision point is asked it: by ids, or by those that other systems use.
    fn evaluation(&self, question: &Question, dice: &mut Dice) -> Value {
        let mut name = |id: &str, external: Option<&String>| match external {
            Some(external) if dice.chance(50) => external.clone(),
            _ => id.to_owned(),
        };
        let person = self.model.person(&question.subject);
        let record = self.model.record(&question.record);
        json!({
            "subject": { "type": "user", "id": name(&question.subject, person.and_then(|p| p.external_id.as_ref())) },
            "action": { "name": question.action.word() },
            "resource": {
                "type": question.object,
                "id": name(&question.record, record.and_then(|r| r.external_id.as_ref())),
            },
        })
    }

    fn about(&self, question: &Question) -> String {
        let person = self.model.person(&question.subject);
        let record = self.model.record(&question.record);
        let owners = record.map(|record| self.model.owners_of(record));
        format!("{question:#?}\n{person:#?}\n{record:#?}\nowners: {owners:#?}")
    }

    fn viewed<'w>(&'w self, person: &Person, object: &Object) -> Vec<&'w Record> {
        self.reached(person, Action::View, object)
    }

    fn reached<'w>(&'w self, person: &Person, action: Action, object: &Object) -> Vec<&'w Record> {
        let now = self.now();
        let records = self.model.records_of(&object.key);
        records
            .filter(|record| self.model.may_on(&person.id, action, record, now))
            .collect()
    }

    /// Every list of an object's records shows a subject exactly those that they view: plain, filtered, counted,
    /// sorted, page by page; and so do the searches and the scope that a decision point gives.
    pub fn check_lists(&self, person: &Person, object: &Object, dice: &mut Dice) {
        self.check_search_for_records(person, object, dice);
        self.check_scopes(person, object);
        let path = format!("/objects/{}/records", object.key);
        if !self.model.in_good_standing(person, self.now()) {
            self.send_as(&person.id, "GET", &path, None)
                .refused(403, "subject_ended");
            return;
        }
        let viewed = self.viewed(person, object);
        let least = i64::try_from(dice.below(6)).unwrap();
        let large: Vec<&Record> = viewed
            .iter()
            .filter(|record| record.amount.is_some_and(|amount| amount >= least))
            .copied()
            .collect();
        let sort = ["-created_at", "amount", "-amount,contact", "updated_at", "-id"];
        let sort = *dice.pick(&sort).unwrap();
        let limit = dice.between(4, 12);
        self.check_list(
            person,
            object,
            &format!("{path}?sort={sort}&limit={limit}"),
            &viewed,
        );
        self.check_list(person, object, &format!("{path}?sort={sort}&limit=200"), &viewed);
        let always = "filter=created_at gt \"2000-01-01T00:00:00Z\" or amount pr";
        self.check_list(person, object, &format!("{path}?{always}&limit={limit}"), &viewed);
        let amount = format!("filter=amount ge {least}");
        self.check_list(
            person,
            object,
            &format!("{path}?{amount}&sort={sort}&limit={limit}"),
            &large,
        );
    }

    fn check_list(&self, person: &Person, object: &Object, path: &str, expected: &[&Record]) {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self
                .send_as(&person.id, "GET", &format!("{path}&count=true{cursor}"), None)
                .expect(200);
            assert_eq!(
                page.body["total"],
                expected.len(),
                "total of {path} for {person:#?}"
            );
            found.extend(page.body["items"].as_array().unwrap().iter().cloned());
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let ids: Ids = found.iter().map(|item| text(item, "id")).collect();
        assert_eq!(ids.len(), found.len(), "{path} shows something twice");
        let expected: Ids = expected.iter().map(|record| record.id.clone()).collect();
        assert_eq!(ids, expected, "{path} for {person:#?}");
        for item in &found {
            self.check_shown(person, object, item);
        }
    }

    /// A record is shown with its owners and with what the subject may do with it.
    fn check_shown(&self, person: &Person, object: &Object, shown: &Value) {
        let record = self.model.record(shown["id"].as_str().unwrap()).unwrap();
        let may = |action| self.model.may_on(&person.id, action, record, self.now());
        let can = json!({ "edit": may(Action::Edit), "delete": may(Action::Delete) });
        assert_eq!(shown["can"], can, "{record:#?} for {person:#?}");
        let owners: Vec<&str> = shown["owners"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap())
            .collect();
        // A field may still name somebody who was deleted while it did not represent ownership.
        let living: Vec<&str> = owners
            .iter()
            .filter(|id| self.model.person(id).is_some())
            .copied()
            .collect();
        assert_eq!(living, self.model.owners_of(record), "{record:#?} of {object:#?}");
    }

    /// A single record is shown to who views it, and is not there for anybody else.
    pub fn check_record(&self, person: &Person, record: &Record) {
        self.check_search_for_actions(person, record);
        let path = format!("/objects/{}/records/{}", record.object, record.id);
        let shown = self.send_as(&person.id, "GET", &path, None);
        if !self.model.in_good_standing(person, self.now()) {
            shown.refused(403, "subject_ended");
        } else if self.model.may_on(&person.id, Action::View, record, self.now()) {
            self.check_shown(
                person,
                self.model.object(&record.object).unwrap(),
                &shown.expect(200).body,
            );
        } else {
            shown.refused(404, "not_found");
        }
    }

    fn check_search_for_actions(&self, person: &Person, record: &Record) {
        let search = json!({
            "subject": { "type": "user", "id": person.id },
            "resource": { "type": record.object, "id": record.id },
        });
        let found = self
            .clients
            .pdp
            .post("//access/v1/search/action", search)
            .expect(200)
            .body;
        let found: Ids = found["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|action| text(action, "name"))
            .collect();
        let may = |action: &Action| self.model.may_on(&person.id, *action, record, self.now());
        let expected: Ids = Action::ALL
            .into_iter()
            .filter(may)
            .map(|action| action.word().to_owned())
            .collect();
        assert_eq!(found, expected, "actions of {person:#?} on {record:#?}");
    }

    fn check_search_for_records(&self, person: &Person, object: &Object, dice: &mut Dice) {
        for action in [Action::View, Action::Edit, Action::Delete] {
            let search = json!({
                "subject": { "type": "user", "id": person.id },
                "action": { "name": action.word() },
                "resource": { "type": object.key },
            });
            let expected: Ids = self
                .reached(person, action, object)
                .iter()
                .map(|record| record.id.clone())
                .collect();
            let found = self.search("resource", search, dice);
            assert_eq!(
                found,
                expected,
                "search for records to {} for {person:#?}",
                action.word()
            );
        }
    }

    /// Who may do what with a record: as a decision point finds it, and as the record's own access list tells it.
    pub fn check_people(&self, record: &Record, dice: &mut Dice) {
        let may = |action| -> Ids {
            let people = self.model.people.iter().map(|person| person.id.clone());
            people
                .filter(|id| self.model.may_on(id, action, record, self.now()))
                .collect()
        };
        for action in Action::ALL {
            let search = json!({
                "subject": { "type": "user" },
                "action": { "name": action.word() },
                "resource": { "type": record.object, "id": record.id },
            });
            let found = self.search("subject", search, dice);
            assert_eq!(
                found,
                may(action),
                "search for who may {} {record:#?}",
                action.word()
            );
        }
        let path = format!(
            "/objects/{}/records/{}/access?limit={}",
            record.object,
            record.id,
            dice.between(4, 12)
        );
        let items = self.clients.admin.all(&path);
        for action in [Action::View, Action::Edit, Action::Delete] {
            let allowed = items
                .iter()
                .filter(|item| item["actions"][action.word()]["allowed"] == true);
            let allowed: Ids = allowed.map(|item| text(item, "user_id")).collect();
            assert_eq!(
                allowed,
                may(action),
                "access list: who may {} {record:#?}",
                action.word()
            );
        }
        let listed: Ids = items.iter().map(|item| text(item, "user_id")).collect();
        assert_eq!(
            listed,
            may(Action::View),
            "nothing is permitted with what may not be viewed"
        );
        assert_eq!(listed.len(), items.len(), "somebody is listed twice");
    }

    fn search(&self, what: &str, mut search: Value, dice: &mut Dice) -> Ids {
        let mut found = Vec::new();
        search["page"] = json!({ "limit": dice.between(4, 12) });
        loop {
            let page = self
                .clients
                .pdp
                .post(&format!("//access/v1/search/{what}"), search.clone())
                .expect(200)
                .body;
            found.extend(
                page["results"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|result| text(result, "id")),
            );
            match page["page"]["next_token"].as_str() {
                Some("") | None => break,
                Some(token) => search["page"]["token"] = json!(token),
            }
        }
        let ids: Ids = found.iter().cloned().collect();
        assert_eq!(ids.len(), found.len(), "a search found something twice");
        ids
    }

    /// The scope that a service filters its own store by selects the records of the rules.
    fn check_scopes(&self, person: &Person, object: &Object) {
        for action in [Action::View, Action::Edit, Action::Delete] {
            let body = json!({ "subject_id": person.id, "action": action.word(), "object": object.key });
            let scope = self.clients.pdp.post("/access/scope", body).expect(200).body;
            let named = |list: &str, id: &str| scope[list].as_array().unwrap().contains(&json!(id));
            let selected = |record: &&Record| {
                let owners = self.model.owners_of(record);
                let role_named = |owner: &str| {
                    let role = self.model.person(owner).and_then(|owner| owner.role.as_deref());
                    role.is_some_and(|role| named("role_ids", role))
                };
                let by_rule = match scope["scope"].as_str().unwrap() {
                    "everyone" => true,
                    "nobody" => false,
                    "self" => owners.contains(&person.id),
                    "self_and_roles" => owners
                        .iter()
                        .any(|owner| *owner == person.id || role_named(owner)),
                    unknown => panic!("{unknown}"),
                };
                if scope["owner_ids"].is_array() {
                    assert_eq!(
                        owners.iter().any(|owner| named("owner_ids", owner)),
                        by_rule,
                        "{scope}"
                    );
                }
                assert!(
                    !owners.is_empty() || by_rule == (scope["includes_unowned"] == true),
                    "{scope}"
                );
                by_rule
            };
            let selected: Ids = self
                .model
                .records_of(&object.key)
                .filter(selected)
                .map(|record| record.id.clone())
                .collect();
            let expected: Ids = self
                .reached(person, action, object)
                .iter()
                .map(|record| record.id.clone())
                .collect();
            assert_eq!(selected, expected, "{scope} for {person:#?}");
        }
    }

    /// Somebody who asks about themself gets the same answers, and of a record that they don't view those of a record
    /// that there isn't.
    pub fn check_own_evaluations(&self, person: &Person, dice: &mut Dice) {
        if !self.model.in_good_standing(person, self.now()) {
            return;
        }
        let questions = self
            .model
            .questions(self.now())
            .into_iter()
            .filter(|question| question.subject == person.id);
        for question in dice.some(questions.collect(), 10) {
            let record = self.model.record(&question.record).unwrap();
            let hidden = Question {
                record: Uuid::max().to_string(),
                ..question.clone()
            };
            let viewed = self.model.may_on(&person.id, Action::View, record, self.now());
            let expected = self
                .model
                .answer(if viewed { &question } else { &hidden }, self.now());
            let body = self.evaluation(&question, dice);
            let answer = self
                .send_as(&person.id, "POST", "//access/v1/evaluation", Some(body))
                .expect(200);
            assert_eq!(
                answer.body["decision"],
                expected,
                "asked about oneself, {}",
                self.about(&question)
            );
        }
    }

    /// Somebody is told of the objects in which they reach something, and what levels count for them.
    pub fn check_objects(&self, person: &Person) {
        if !self.model.in_good_standing(person, self.now()) {
            return;
        }
        let objects = self
            .send_as(&person.id, "GET", "/objects?limit=200", None)
            .expect(200)
            .body;
        let session = self.send_as(&person.id, "GET", "/session", None).expect(200).body;
        let shown: Ids = objects["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|object| text(object, "key"))
            .collect();
        let keys = self.model.objects.iter().map(|object| object.key.clone());
        let known: Ids = keys.filter(|key| self.model.knows(person, key)).collect();
        assert_eq!(shown, known, "objects for {person:#?}");
        for object in &self.model.objects {
            let told = &session["permissions"][&object.key];
            for action in Action::ALL {
                let level = self.model.effective(person, action, &object.key);
                let expected = if known.contains(&object.key) {
                    json!(level.word())
                } else {
                    Value::Null
                };
                assert_eq!(
                    told[action.word()],
                    expected,
                    "{} on {} for {person:#?}",
                    action.word(),
                    object.key
                );
            }
        }
    }

    /// A preview foretells who would gain and lose what, to the last record.
    pub fn check_preview(&self, dice: &mut Dice) {
        let editable: Vec<&Profile> = self
            .model
            .profiles
            .iter()
            .filter(|profile| !profile.admin)
            .collect();
        let (profile, object) = (
            *dice.pick(&editable).unwrap(),
            dice.pick(&self.model.objects).unwrap(),
        );
        let levels = random_levels(dice);
        let [view, edit, delete, create] = levels.map(Level::word);
        let body = json!({ "view": view, "edit": edit, "delete": delete, "create": create });
        let path = format!("/profiles/{}/permissions/{}/preview", profile.id, object.key);
        let preview = self.clients.admin.post(&path, body).expect(200).body;

        let mut changed = self.model.clone();
        let place = changed
            .profiles
            .iter()
            .position(|known| known.id == profile.id)
            .unwrap();
        changed.profiles[place].levels.insert(object.key.clone(), levels);
        for action in [Action::View, Action::Edit, Action::Delete] {
            let reached = |model: &Model| -> BTreeSet<(String, String)> {
                let answers = model
                    .answers(self.now())
                    .into_iter()
                    .filter(|(question, permitted)| {
                        *permitted && question.action == action && question.object == object.key
                    });
                answers
                    .map(|(question, _)| (question.subject, question.record))
                    .collect()
            };
            let (before, after) = (reached(&self.model), reached(&changed));
            let counted = |more: &BTreeSet<(String, String)>, less: &BTreeSet<(String, String)>| {
                let pairs: Vec<_> = more.difference(less).collect();
                let users: BTreeSet<&String> = pairs.iter().map(|(user, _)| user).collect();
                let records: BTreeSet<&String> = pairs.iter().map(|(_, record)| record).collect();
                (users.len(), records.len(), pairs.len())
            };
            let (gained, lost) = (counted(&after, &before), counted(&before, &after));
            let expected = json!({
                "users_gaining": gained.0, "users_losing": lost.0,
                "records_gained": gained.1, "records_lost": lost.1,
                "grants_gained": gained.2, "grants_lost": lost.2,
            });
            assert_eq!(
                preview["actions"][action.word()],
                expected,
                "{} in {preview}",
                action.word()
            );
        }
    }

    /// The explained decision is the decision.
    pub fn check_explanation(&self, question: &Question) {
        let body = json!({
            "subject_id": question.subject,
            "action": question.action.word(),
            "object": question.object,
            "record_id": question.record,
        });
        let explained: Reply = Client::send(self.clients.pdp.request("POST", "/access/explain").json(&body));
        let expected = self.model.answer(question, self.now());
        assert_eq!(
            explained.expect(200).body["decision"],
            expected,
            "explained, {}",
            self.about(question)
        );
    }
}

fn text(value: &Value, member: &str) -> String {
    value[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member} in {value}"))
        .to_owned()
}

fn uuid(id: &str) -> Uuid {
    id.parse().unwrap()
}
