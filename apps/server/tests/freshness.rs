//! A change that was answered with 2xx counts for everything that is asked right after it.
//!
//! `VESTIBULE_CASES=100` tries more orgs, `VESTIBULE_SEED=7` one of them.

use std::collections::BTreeSet;

use crate::harness::{TestServer, both_databases};
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

/// The changes of a test, and for each whether it changed an answer.
type Performed = Vec<(Mutation, bool)>;

fn one_org(server: &TestServer, seed: u64, performed: &mut Performed) {
    let _seeded = Seeded(seed);
    let mut dice = Dice::new(seed);
    let org = server.org(&format!("org-{seed}"));
    let mut world = World::new(&org, server.clock.clone());
    world.populate(&mut dice, &FATES);
    let mut before = world.model.answers(world.now());
    for _ in 0..ROUNDS {
        let mut mutations = Mutation::ALL;
        dice.shuffle(&mut mutations);
        for mutation in mutations {
            if !mutation.perform(&mut world, &mut dice) {
                continue;
            }
            let after = world.model.answers(world.now());
            let changed = world.model.changed_since(&before, &after, world.now());
            println!("{mutation:?} changed {} answers", changed.len());
            performed.push((mutation, !changed.is_empty()));
            check(&world, server, &org.id, changed, &mut dice);
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
