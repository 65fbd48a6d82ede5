//! Writes that people try: each ends as the rules say, and what succeeded is written down.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::dice::Dice;
use super::facts::{Action, Person, Record};
use super::world::World;

impl World {
    /// Somebody tries to change, delete or make a record.
    pub fn attempt(&mut self, dice: &mut Dice) {
        let person = dice.pick(&self.model.people).unwrap().clone();
        let record = dice.pick(&self.model.records).cloned();
        match (dice.below(5), record) {
            (0, Some(record)) => self.try_to_change_a_value(&person, &record, dice),
            (1, Some(record)) => self.try_to_change_owners(&person, &record, dice),
            (2, Some(record)) => self.try_to_delete(&person, &record),
            (3, Some(_)) => self.try_many_at_once(&person, dice),
            _ => self.try_to_make(&person, dice),
        }
    }

    /// What a write of an existing record answers.
    fn status(&self, person: &Person, record: &Record, permitted: bool, success: u16) -> (u16, &'static str) {
        if !self.model.in_good_standing(person, self.now()) {
            (403, "subject_ended")
        } else if !self.model.may_on(&person.id, Action::View, record, self.now()) {
            (404, "not_found")
        } else if permitted {
            (success, "")
        } else {
            (403, "not_permitted")
        }
    }

    /// Sends it and says whether it succeeded, which it does exactly when it has to.
    fn send_write(
        &self,
        person: &Person,
        (method, path): (&str, &str),
        body: Option<Value>,
        expected: (u16, &str),
    ) -> Option<Value> {
        let what = format!("{method} {path} {body:?} by {person:#?}");
        let reply = self.send_as(&person.id, method, path, body);
        let code = reply.body["code"].as_str().unwrap_or_default();
        assert_eq!((reply.status, code), expected, "{what}: {}", reply.text);
        (reply.status < 300).then_some(reply.body)
    }

    fn try_to_change_a_value(&mut self, person: &Person, record: &Record, dice: &mut Dice) {
        let amount = i64::try_from(dice.below(6)).unwrap();
        let permitted = self.model.may_on(&person.id, Action::Edit, record, self.now());
        let expected = self.status(person, record, permitted, 200);
        let path = path_of(record);
        let body = json!({ "fields": { "amount": amount } });
        if self
            .send_write(person, ("PATCH", &path), Some(body), expected)
            .is_some()
        {
            self.record_mut(&record.id).amount = Some(amount);
        }
    }

    /// An edit has to be permitted on the record as it was and as it becomes.
    fn try_to_change_owners(&mut self, person: &Person, record: &Record, dice: &mut Dice) {
        let object = self.model.object(&record.object).unwrap().clone();
        let (field, _) = dice.pick(&object.user_fields).unwrap();
        let named = dice
            .pick(&self.model.people)
            .map(|person| person.id.clone())
            .filter(|_| dice.chance(75));
        let mut after = record.users.clone();
        match &named {
            Some(id) => after.insert(field.clone(), id.clone()),
            None => after.remove(field),
        };
        let owners_after = self.model.owners(&record.object, &after);
        let permitted = self.model.may_on(&person.id, Action::Edit, record, self.now())
            && self.model.may(
                &person.id,
                Action::Edit,
                &record.object,
                &owners_after,
                self.now(),
            );
        let expected = self.status(person, record, permitted, 200);
        let body = json!({ "fields": { field.as_str(): named } });
        if self
            .send_write(person, ("PATCH", &path_of(record)), Some(body), expected)
            .is_some()
        {
            self.record_mut(&record.id).users = after;
        }
    }

    fn try_to_delete(&mut self, person: &Person, record: &Record) {
        let permitted = self.model.may_on(&person.id, Action::Delete, record, self.now());
        let expected = self.status(person, record, permitted, 204);
        if self
            .send_write(person, ("DELETE", &path_of(record)), None, expected)
            .is_some()
        {
            self.model.records.retain(|known| known.id != record.id);
        }
    }

    /// Every item of a bulk request is answered as a request of its own.
    fn try_many_at_once(&mut self, person: &Person, dice: &mut Dice) {
        let key = dice.pick(&self.model.records).unwrap().object.clone();
        let records: Vec<Record> = dice.some(self.model.records_of(&key).cloned().collect(), 5);
        let delete = dice.chance(30);
        let (action, word, success) = if delete {
            (Action::Delete, "delete", 204)
        } else {
            (Action::Edit, "update", 200)
        };
        let amount = i64::try_from(dice.below(6)).unwrap();
        let item = |record: &Record| match delete {
            true => json!({ "id": record.id }),
            false => json!({ "id": record.id, "fields": { "amount": amount } }),
        };
        let items: Vec<Value> = records.iter().map(item).collect();
        let body = json!({ "action": word, "items": items });
        let reply = self.send_as(
            &person.id,
            "POST",
            &format!("/objects/{key}/records/bulk"),
            Some(body),
        );
        if !self.model.in_good_standing(person, self.now()) {
            reply.refused(403, "subject_ended");
            return;
        }
        if !self.model.knows(person, &key) {
            reply.refused(404, "not_found");
            return;
        }
        let results = reply.expect(200).body["results"].as_array().unwrap().clone();
        assert_eq!(results.len(), records.len());
        for (record, result) in records.iter().zip(&results) {
            let permitted = self.model.may_on(&person.id, action, record, self.now());
            let (status, code) = self.status(person, record, permitted, success);
            if result["status"] == "ok" {
                assert_eq!(status, success, "{word} {record:#?} by {person:#?}: {result}");
            } else {
                let error = (&result["error"]["status"], &result["error"]["code"]);
                assert_eq!(
                    error,
                    (&json!(status), &json!(code)),
                    "{word} {record:#?} by {person:#?}: {result}"
                );
            }
            if permitted && delete {
                self.model.records.retain(|known| known.id != record.id);
            } else if permitted {
                self.record_mut(&record.id).amount = Some(amount);
            }
        }
    }

    /// Makes a record that names people, nobody, or says nothing about its owners.
    fn try_to_make(&mut self, person: &Person, dice: &mut Dice) {
        let Some(object) = dice.pick(&self.model.objects).cloned() else {
            return;
        };
        let amount = i64::try_from(dice.below(6)).unwrap();
        let mut fields = json!({ "amount": amount });
        let users = if dice.chance(40) {
            let maker = object
                .first_ownership_field()
                .map(|field| (field.to_owned(), person.id.clone()));
            BTreeMap::from_iter(maker)
        } else {
            let users = self.any_users(dice, &object);
            for (key, _) in &object.user_fields {
                fields[key] = json!(users.get(key));
            }
            users
        };
        let owners = self.model.owners(&object.key, &users);
        let expected = if !self.model.in_good_standing(person, self.now()) {
            (403, "subject_ended")
        } else if self
            .model
            .may(&person.id, Action::Create, &object.key, &owners, self.now())
        {
            (201, "")
        } else if self.model.knows(person, &object.key) {
            (403, "not_permitted")
        } else {
            (404, "not_found")
        };
        let path = format!("/objects/{}/records", object.key);
        let body = json!({ "fields": fields });
        if let Some(made) = self.send_write(person, ("POST", &path), Some(body), expected) {
            self.model.records.push(Record {
                id: made["id"].as_str().unwrap().to_owned(),
                external_id: None,
                object: object.key,
                users,
                amount: Some(amount),
            });
        }
    }

    pub fn record_mut(&mut self, id: &str) -> &mut Record {
        self.model
            .records
            .iter_mut()
            .find(|record| record.id == id)
            .unwrap()
    }
}

pub fn path_of(record: &Record) -> String {
    format!("/objects/{}/records/{}", record.object, record.id)
}
