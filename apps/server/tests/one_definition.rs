//! Lists, counts, searches, single decisions, access lists and writes all mean the same: in random orgs each of them
//! says what the rules say as they read.
//!
//! `VESTIBULE_CASES=100` tries more orgs, `VESTIBULE_SEED=7` one of them.

use crate::harness::{TestServer, both_databases};
use crate::model::{Dice, Fate, Question, Seeded, World};

const FATES: [Fate; 6] = [
    Fate::Active,
    Fate::Invited,
    Fate::Active,
    Fate::Revoked,
    Fate::Expired,
    Fate::Active,
];

/// Orgs per database.
const CASES: u64 = 6;

/// Of the pairs of a subject and an object: what is listed for them takes many requests.
const LISTS: usize = 16;

/// Of the records: who may do what with them takes many requests.
const RECORDS: usize = 8;

/// Changes of permissions whose effect is foretold.
const PREVIEWS: usize = 5;

/// Writes that are tried.
const ATTEMPTS: usize = 30;

fn one_org(server: &TestServer, seed: u64) {
    let _seeded = Seeded::new(seed);
    let mut dice = Dice::new(seed);
    let org = server.org(&format!("org-{seed}"));
    let mut world = World::new(&org, server.clock.clone());
    world.populate(&mut dice, &FATES);

    world.check_decisions(server, &org.id, &world.model.questions(world.now()), &mut dice);
    let people = world.model.people.iter();
    let pairs = people.flat_map(|person| world.model.objects.iter().map(move |object| (person, object)));
    for (person, object) in dice.some(pairs.collect(), LISTS) {
        world.check_lists(person, object, &mut dice);
    }
    for record in dice.some(world.model.records.iter().collect(), RECORDS) {
        world.check_people(record, &mut dice);
        for person in dice.some(world.model.people.iter().collect(), 4) {
            world.check_record(person, record);
        }
    }
    for person in &world.model.people {
        world.check_objects(person);
        world.check_own_evaluations(person, &mut dice);
    }
    for _ in 0..PREVIEWS {
        world.check_preview(&mut dice);
    }
    for question in dice.some(world.model.questions(world.now()), 20) {
        world.check_explanation(&question);
    }

    for _ in 0..ATTEMPTS {
        world.attempt(&mut dice);
    }
    let questions: Vec<Question> = world.model.questions(world.now());
    world.check_decisions(server, &org.id, &questions, &mut dice);
}

both_databases! {
    fn whatever_tells_who_reaches_what_agrees_with_the_rules_as_they_read(server) {
        for seed in Seeded::seeds(CASES) {
            one_org(server, seed);
        }
    }
}
