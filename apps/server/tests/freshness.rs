//! A change that was answered with 2xx counts for everything that is asked right after it.
//!
//! `VESTIBULE_CASES=100` tries more orgs, `VESTIBULE_SEED=7` one of them.

use std::collections::BTreeSet;

use serde_json::json;
use vestibule_access_control::{PolicyFacts, PolicyUpdate, Snapshot};

use crate::harness::{Client, TestOrg, TestServer, both_databases};
use crate::model::{Dice, Fate, Model, Mutation, Question, Seeded, World};

const FATES: [Fate; 5] = [
    Fate::Active,
    Fate::Active,
    Fate::Active,
    Fate::Invited,
    Fate::Revoked,
];

/// Orgs per database.
const CASES: u64 = 2;

/// How often each change happens to an org.
const ROUNDS: usize = 3;

/// How many of the changes have to change an answer, in percent: otherwise little was tried.
const EFFECTIVE: usize = 40;

/// Questions after each change, beside those whose answer it changed.
const QUESTIONS: usize = 100;

/// Asks what changed first, and then something else: decisions, and a list, a record or who reaches one.
fn check(world: &World, server: &TestServer, org: &str, changed: Vec<Question>, dice: &mut Dice) {
    let model: &Model = &world.model;
    let (changed, all) = (dice.some(changed, 800), model.questions(world.now()));
    let asked: Vec<Question> = changed
        .iter()
        .cloned()
        .chain(dice.some(all.clone(), QUESTIONS))
        .collect();
    world.check_decisions(server, org, &asked, dice);
    for question in changed.into_iter().take(1).chain(dice.some(all, 1)) {
        let (person, record) = (model.person(&question.subject), model.record(&question.record));
        match (dice.below(3), person, model.object(&question.object), record) {
            (0, Some(person), Some(object), _) => world.check_lists(person, object, dice),
            (1, Some(person), _, Some(record)) => world.check_record(person, record),
            (_, _, _, Some(record)) => world.check_people(record, dice),
            _ => {}
        }
    }
}

/// A service that decides by itself, and reads what has changed since it last asked.
struct Follower {
    client: Client,
    snapshot: Snapshot,
}

impl Follower {
    fn new(org: &TestOrg) -> Self {
        let body = json!({ "name": "follower", "kind": "service", "scopes": ["policy_export"] });
        let secret = org.admin.post("/api-tokens", body).expect(201).text("secret");
        let client = org.admin.with_token(&secret);
        let snapshot = Self::exported(&client);
        Follower { client, snapshot }
    }

    fn exported(client: &Client) -> Snapshot {
        let facts: PolicyFacts = serde_json::from_value(client.get("/policy").expect(200).body).unwrap();
        Snapshot::build(facts).unwrap()
    }

    /// Catches up, and has then what somebody has who reads everything.
    fn check(&mut self) {
        let since = format!("/policy?since={}", self.snapshot.version());
        let update: PolicyUpdate = serde_json::from_value(self.client.get(&since).expect(200).body).unwrap();
        self.snapshot = self.snapshot.follow(update).unwrap();
        assert_eq!(self.snapshot.facts(), Self::exported(&self.client).facts());
    }
}

/// The changes of a test, and for each whether it changed an answer.
type Performed = Vec<(Mutation, bool)>;

fn one_org(server: &TestServer, seed: u64, performed: &mut Performed) {
    let seeded = Seeded::new(seed);
    let mut dice = Dice::new(seed);
    let org = server.org(&format!("org-{seed}"));
    let mut world = World::new(&org, server.clock.clone());
    world.populate(&mut dice, &FATES);
    let mut follower = Follower::new(&org);
    let mut before = world.model.answers(world.now());
    for _ in 0..ROUNDS {
        let mut mutations = Mutation::ALL;
        dice.shuffle(&mut mutations);
        for mutation in mutations {
            seeded.step(mutation);
            if !mutation.perform(&mut world, &mut dice) {
                continue;
            }
            let after = world.model.answers(world.now());
            let changed = world.model.changed_since(&before, &after, world.now());
            performed.push((mutation, !changed.is_empty()));
            check(&world, server, &org.id, changed, &mut dice);
            follower.check();
            before = after;
        }
    }
}

both_databases! {
    fn every_change_counts_for_the_very_next_question(server) {
        let mut performed = Performed::new();
        let seeds = Seeded::seeds(CASES);
        for seed in &seeds {
            one_org(server, *seed, &mut performed);
        }
        if seeds.len() > 1 {
            let kinds: BTreeSet<Mutation> = performed.iter().map(|(mutation, _)| *mutation).collect();
            assert_eq!(kinds, BTreeSet::from(Mutation::ALL), "some change never happened");
            let effective = performed.iter().filter(|(_, changed)| *changed).count();
            assert!(effective * 100 >= performed.len() * EFFECTIVE, "{effective} of {}", performed.len());
        }
    }
}
