//! Long work on the records of an object: owners derived anew while records are in use, fields erased.

use std::cell::Cell;
use std::collections::BTreeMap;

use vestibule_access_control::{Action, PolicyChange};
use vestibule_custom_objects::{FieldNumber, Value};
use vestibule_persistence::ids::{RecordId, UserId};
use vestibule_persistence::object_tasks::{self, Advance, Task, TaskRef};
use vestibule_persistence::objects::{self, PendingOwnership, StoredObject};
use vestibule_persistence::policy::{self, Catchup};
use vestibule_persistence::records::{self, Record};
use vestibule_persistence::{StoreError, UniqueRule, users};

use crate::builders::{NOW, fresh};
use crate::record_world::{AMOUNT, CODE, LOOKUP, NAME, OWNER, SECOND, World};
use crate::store::Store;

on_both_databases!(
    a_small_object_changes_hands_at_once,
    the_old_meaning_holds_until_the_last_batch,
    records_change_freely_while_owners_are_derived_anew,
    deleted_users_never_become_owners,
    an_ownership_field_goes_when_it_tells_no_owners_any_more,
    a_removed_field_is_erased_from_every_record,
    one_ownership_change_at_a_time,
    an_object_without_records_is_through_at_once,
    tasks_wait_oldest_first_across_orgs,
    a_task_that_is_gone_advances_no_more,
);

fn quoted(user: UserId) -> Option<String> {
    Some(format!("\"{user}\""))
}

fn deals(store: &Store, records: usize) -> World<'_> {
    let world = World::new(store, "deals", 12);
    let user = |n: usize| world.users[n % world.users.len()];
    let new: Vec<Record> = (0..records)
        .map(|n| {
            world.record(&[
                (OWNER, (n % 4 != 0).then(|| quoted(user(n)).unwrap())),
                (SECOND, (n % 5 == 0).then(|| quoted(user(n + 1)).unwrap())),
                (LOOKUP, (n % 3 != 0).then(|| quoted(user(n + n / 3)).unwrap())),
                (NAME, Some(format!("\"Deal {n}\""))),
                (CODE, Some(format!("\"D-{n}\""))),
            ])
        })
        .collect();
    world.insert(&new);
    world
}

fn stored(world: &World<'_>) -> StoredObject {
    world
        .store()
        .read(|tx| objects::find(tx, world.org.id, "deal"))
        .unwrap()
}

fn start(world: &World<'_>, task: &Task) -> TaskRef {
    try_start(world, task).unwrap()
}

fn try_start(world: &World<'_>, task: &Task) -> Result<TaskRef, StoreError> {
    let at = TaskRef {
        org: world.org.id,
        object: world.object_id(),
        id: fresh(),
    };
    world
        .store()
        .try_write(at.org, |tx| {
            object_tasks::start(tx, at.org, at.object, at.id, task, NOW)
        })
        .map(|()| at)
}

fn advance(world: &World<'_>, task: TaskRef, batch: i64) -> Option<Advance> {
    world
        .store()
        .in_turns(|tx| object_tasks::advance(tx, task, batch, NOW))
}

fn reown(fields: &[FieldNumber]) -> Task {
    Task::Reown {
        fields: fields.to_vec(),
        removing: None,
    }
}

/// The owners that are stored in a generation.
fn owners_in(world: &World<'_>, generation: i16) -> BTreeMap<RecordId, Vec<UserId>> {
    let object = StoredObject {
        generation,
        ..stored(world)
    };
    let mut sets = BTreeMap::new();
    world.store().read(|tx| {
        sets.clear();
        records::for_each_owner_set(tx, world.org.id, &object, |id, owners| {
            sets.insert(id, owners.to_vec());
        })
    });
    sets
}

/// The owners that the values of these fields tell.
fn owners_by(world: &World<'_>, fields: &[FieldNumber]) -> BTreeMap<RecordId, Vec<UserId>> {
    let meaning = world.object.object.clone().with_ownership(fields);
    let living = |id: &UserId| world.org.find(*id).is_some();
    world
        .all()
        .into_iter()
        .map(|record| {
            let owners = meaning.owners_of(&record.values);
            (record.id, owners.into_iter().filter(living).collect())
        })
        .collect()
}

fn flagged(object: &StoredObject) -> Vec<FieldNumber> {
    object
        .object
        .ownership_fields()
        .map(|field| field.number)
        .collect()
}

fn rows_of_generation(world: &World<'_>, generation: i16) -> usize {
    let sql = format!("SELECT 'row' AS value FROM record_owners WHERE generation = {generation}");
    world.store().place.lines(&sql).len()
}

fn a_small_object_changes_hands_at_once(store: &Store) {
    let mut world = deals(store, 20);
    let (before, tally) = (
        stored(&world),
        store.read(|tx| objects::tally(tx, world.org.id, world.object_id())),
    );
    assert_eq!(owners_in(&world, 1), owners_by(&world, &[OWNER, SECOND]));
    let version = store
        .read(|tx| tx.policy_version(world.org.id))
        .unwrap()
        .unsigned_abs();

    let task = start(&world, &reown(&[SECOND, LOOKUP]));
    let through = Advance {
        done: 20,
        total: 20,
        finished: true,
        ownership_changed: true,
    };
    assert_eq!(advance(&world, task, 20), Some(through));

    let after = stored(&world);
    assert_eq!(flagged(&after), [SECOND, LOOKUP]);
    assert_eq!((after.generation, &after.pending_ownership), (2, &None));
    assert!(after.version > before.version);
    world.object = after;
    assert_eq!(owners_in(&world, 2), owners_by(&world, &[SECOND, LOOKUP]));
    assert_eq!(rows_of_generation(&world, 1), 0);
    assert_eq!(
        store.read(|tx| object_tasks::oldest(tx, 10)),
        [],
        "nothing is left to clear"
    );
    let now = store.read(|tx| objects::tally(tx, world.org.id, world.object_id()));
    assert!(now.unwrap().owners_version > tally.unwrap().owners_version);
    match store.read(|tx| policy::changes_since(tx, world.org.id, version)) {
        Catchup::Changes { changes, .. } => {
            assert!(matches!(changes.as_slice(), [PolicyChange::Object(facts)] if facts.ownable));
        }
        Catchup::Reload => panic!("one object has changed"),
    }
}

fn the_old_meaning_holds_until_the_last_batch(store: &Store) {
    let world = deals(store, 10);
    let old = owners_by(&world, &[OWNER, SECOND]);
    let task = start(&world, &reown(&[LOOKUP]));
    for done in [0, 4, 8] {
        let object = stored(&world);
        assert_eq!(flagged(&object), [OWNER, SECOND]);
        assert_eq!(object.generation, 1);
        let pending = PendingOwnership {
            generation: 2,
            fields: vec![LOOKUP],
            removing: None,
            done,
            total: 10,
        };
        assert_eq!(object.pending_ownership, Some(pending.clone()));
        let running = store.read(|tx| object_tasks::running_reown(tx, world.org.id, world.object_id()));
        assert_eq!(running, Some(pending));
        assert_eq!(owners_in(&world, 1), old);
        let through = advance(&world, task, 4).unwrap();
        assert_eq!((through.done, through.finished), ((done + 4).min(10), done == 8));
    }
    let object = stored(&world);
    assert_eq!(
        (flagged(&object), object.generation, object.pending_ownership),
        (vec![LOOKUP], 2, None)
    );
    assert_eq!(owners_in(&world, 2), owners_by(&world, &[LOOKUP]));

    assert_eq!(store.read(|tx| object_tasks::oldest(tx, 10)), [task]);
    let mut batches = 0;
    while advance(&world, task, 4).is_some() {
        batches += 1;
    }
    assert_eq!((batches, rows_of_generation(&world, 1)), (3, 0));
    assert_eq!(owners_in(&world, 2), owners_by(&world, &[LOOKUP]));
}

/// What is written between two batches, to records that the change has come to and to others.
fn records_change_freely_while_owners_are_derived_anew(store: &Store) {
    let mut world = deals(store, 30);
    let task = start(&world, &reown(&[SECOND, LOOKUP]));
    world.object = stored(&world);
    let mut turn = 0;
    while stored(&world).pending_ownership.is_some() {
        let user = |n: usize| world.users[n % world.users.len()];
        // A new one, one changed near the start and one near the end, one deleted.
        world.insert(&[world.record(&[(OWNER, quoted(user(turn))), (LOOKUP, quoted(user(turn + 2)))])]);
        for place in [turn * 2, 29 - turn] {
            let before = world.all().swap_remove(place);
            let mut after = before.clone();
            after.values.remove(OWNER);
            after.values.set(LOOKUP, Value::User(user(turn + place)));
            let permit = Cell::new(Some(world.may(Action::Edit)));
            store.write(world.org.id, |tx| {
                let permit = permit.take().unwrap();
                records::save(tx, world.org.id, &world.object, permit, &before, &mut after, NOW)
            });
        }
        let gone = world.all().swap_remove(turn * 7 % 29);
        let permit = Cell::new(Some(world.may(Action::Delete)));
        store.write(world.org.id, |tx| {
            let permit = permit.take().unwrap();
            records::delete(tx, world.org.id, &world.object, permit, &gone)
        });
        assert_eq!(
            owners_in(&world, 1),
            owners_by(&world, &[OWNER, SECOND]),
            "turn {turn}"
        );
        advance(&world, task, 5).unwrap();
        turn += 1;
    }
    assert!(turn > 5, "{turn}");
    world.object = stored(&world);
    assert_eq!(owners_in(&world, 2), owners_by(&world, &[SECOND, LOOKUP]));
}

fn deleted_users_never_become_owners(store: &Store) {
    let world = deals(store, 12);
    let task = start(&world, &reown(&[OWNER, LOOKUP]));
    advance(&world, task, 6);
    for gone in &world.users[1..4] {
        store.write(world.org.id, |tx| {
            let user = users::find(tx, world.org.id, *gone)?.unwrap();
            records::hand_over(tx, world.org.id, *gone, None, NOW)?;
            users::bury(tx, world.org.id, &user, NOW)
        });
    }
    // Somebody who is named by a field that tells no owners, and who went without a handover.
    let strayed = world.users[5];
    store.write(world.org.id, |tx| {
        let user = users::find(tx, world.org.id, strayed)?.unwrap();
        users::bury(tx, world.org.id, &user, NOW)
    });
    advance(&world, task, 100);
    let owners = owners_in(&world, 2);
    assert_eq!(owners.len(), 12);
    for gone in &world.users[1..4] {
        assert!(owners.values().flatten().all(|owner| owner != gone));
    }
}

fn an_ownership_field_goes_when_it_tells_no_owners_any_more(store: &Store) {
    let mut world = deals(store, 9);
    let removing = Task::Reown {
        fields: vec![OWNER],
        removing: Some(SECOND),
    };
    let task = start(&world, &removing);
    advance(&world, task, 4);
    assert!(stored(&world).object.field_numbered(SECOND).is_some());
    assert_eq!(stored(&world).pending_ownership.unwrap().removing, Some(SECOND));
    advance(&world, task, 4);
    advance(&world, task, 4);
    world.object = stored(&world);
    assert_eq!(world.object.object.field_numbered(SECOND), None);
    assert_eq!(flagged(&world.object), [OWNER]);
    let holding = "SELECT 'row' AS value FROM records WHERE values_doc->>'2' IS NOT NULL OR sort_keys->>'2' IS NOT NULL";
    assert!(!store.place.lines(holding).is_empty());
    while advance(&world, task, 4).is_some() {}
    assert_eq!(store.place.lines(holding), Vec::<String>::new());
    assert_eq!(owners_in(&world, 2), owners_by(&world, &[OWNER]));
    assert_eq!(rows_of_generation(&world, 1), 0);
}

fn a_removed_field_is_erased_from_every_record(store: &Store) {
    let mut world = deals(store, 10);
    let mut object = stored(&world);
    object.object.remove_field("code").unwrap();
    store.write(world.org.id, |tx| {
        objects::save(tx, world.org.id, &mut object.clone(), NOW)
    });
    let task = start(&world, &Task::Erase(CODE));
    let through = advance(&world, task, 7).unwrap();
    assert_eq!((through.done, through.total, through.finished), (7, 10, false));
    let holding = "SELECT 'row' AS value FROM records WHERE values_doc->>'8' IS NOT NULL OR sort_keys->>'8' IS NOT NULL \
                   UNION ALL SELECT 'unique' FROM record_unique_values";
    assert_eq!(store.place.lines(holding).len(), 6);
    assert!(advance(&world, task, 7).unwrap().finished);
    assert_eq!(store.place.lines(holding), Vec::<String>::new());
    assert_eq!(advance(&world, task, 7), None);
    world.object = stored(&world);
    let all = world.all();
    assert!(all.iter().all(|record| record.values.get(NAME).is_some()));
    assert_eq!(owners_in(&world, 1), owners_by(&world, &[OWNER, SECOND]));
    let again = world.record(&[(AMOUNT, Some("1".to_owned()))]);
    world.insert(&[again]);
}

fn one_ownership_change_at_a_time(store: &Store) {
    let world = deals(store, 3);
    let task = start(&world, &reown(&[LOOKUP]));
    assert!(matches!(
        try_start(&world, &reown(&[OWNER])),
        Err(StoreError::Unique(UniqueRule::OwnershipChange))
    ));
    assert!(advance(&world, task, 2).is_some());
    assert!(advance(&world, task, 2).unwrap().finished);
    // What the first one left to clear does not stand in the way of the next one.
    let next = start(&world, &reown(&[OWNER]));
    assert!(advance(&world, next, 3).unwrap().finished);
    assert_eq!(stored(&world).generation, 3);
    assert_eq!(owners_in(&world, 3), owners_by(&world, &[OWNER]));
    while advance(&world, task, 2).is_some() {}
    assert_eq!(
        (rows_of_generation(&world, 1), rows_of_generation(&world, 2)),
        (0, 0)
    );
    assert_eq!(owners_in(&world, 3), owners_by(&world, &[OWNER]));
}

fn an_object_without_records_is_through_at_once(store: &Store) {
    let world = deals(store, 0);
    let task = start(&world, &reown(&[]));
    let through = Advance {
        done: 0,
        total: 0,
        finished: true,
        ownership_changed: true,
    };
    assert_eq!(advance(&world, task, 1), Some(through));
    assert!(!stored(&world).object.is_ownable());
    assert_eq!(advance(&world, task, 1), None);
    assert!(matches!(
        store.try_write(world.org.id, |tx| {
            let task = Task::Erase(NAME);
            object_tasks::start(tx, world.org.id, fresh(), fresh(), &task, NOW)
        }),
        Err(StoreError::Reference)
    ));
}

fn tasks_wait_oldest_first_across_orgs(store: &Store) {
    assert_eq!(store.read(object_tasks::next), None);
    let world = deals(store, 1);
    let other = World::new(store, "other", 1);
    let at = |hours: i64| NOW + time::Duration::hours(hours);
    let mut expected = Vec::new();
    for (world, hours) in [(&world, 2), (&other, 1), (&world, 3)] {
        let task = TaskRef {
            org: world.org.id,
            object: world.object_id(),
            id: fresh(),
        };
        store.write(task.org, |tx| {
            object_tasks::start(tx, task.org, task.object, task.id, &Task::Erase(NAME), at(hours))
        });
        expected.push(task);
    }
    expected.swap(0, 1);
    assert_eq!(store.read(|tx| object_tasks::oldest(tx, 10)), expected);
    assert_eq!(store.read(|tx| object_tasks::oldest(tx, 1)), expected[..1]);
    assert_eq!(store.read(object_tasks::next), Some(at(1)));
}

fn a_task_that_is_gone_advances_no_more(store: &Store) {
    let world = deals(store, 0);
    let task = start(&world, &reown(&[LOOKUP]));
    store.write(world.org.id, |tx| {
        objects::delete(tx, world.org.id, world.object_id())
    });
    assert_eq!(advance(&world, task, 10), None);
}
