//! Long work on the records of objects goes on in the background.

use std::sync::Arc;

use vestibule_access_control::{Action, ObjectPermissions, Snapshot};
use vestibule_custom_objects::{FieldDraft, FieldNumber, FieldType, Object, Value, Values};
use vestibule_persistence::ids::{ObjectId, UserId};
use vestibule_persistence::object_tasks::{self, Task, TaskRef};
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::records::{self, Record};
use vestibule_persistence::{object_permissions, policy};
use vestibule_scheduler::{PassReport, WorkerSettings};

use crate::world::{World, id, settings};

on_both_databases! {
    a_change_of_ownership_is_brought_through,
    work_goes_on_where_it_stopped,
    many_tasks_are_all_done,
}

const REVIEWER: FieldNumber = FieldNumber::new(2);

/// An object whose records all name the sponsor as their reviewer, who does not own them yet.
fn object_with_records(world: &World, key: &str, count: usize) -> ObjectId {
    let owner = FieldDraft {
        represents_ownership: true,
        ..FieldDraft::new("owner", "Owner", FieldType::User)
    };
    let reviewer = FieldDraft::new("reviewer", "Reviewer", FieldType::User);
    let object = Object::new(id(), key, "Deal", "Deals", vec![owner, reviewer]).unwrap();
    let (org, now) = (world.org.id, world.clock.now());
    let stored = StoredObject::new(object, now);
    let object = stored.object.id();
    world.write(|tx| {
        objects::insert(tx, org, &stored)?;
        object_permissions::set(tx, org, world.profile, object, ObjectPermissions::ANYONE, now)
    });
    let facts = world.read(|tx| policy::load(tx, org)).unwrap();
    let reach = Snapshot::build(facts)
        .unwrap()
        .reach(world.sponsor.id, Action::Create, object, 0);
    world.write(|tx| {
        let record = || {
            let mut values = Values::new();
            values.set(REVIEWER, Value::User(world.sponsor.id));
            Record {
                id: id(),
                external_id: None,
                values,
                version: 1,
                created_at: now,
                updated_at: now,
            }
        };
        let new = (0..count)
            .map(|_| (reach.permit(&[]).unwrap(), record()))
            .collect();
        records::insert_many(tx, org, &stored, new)
    });
    object
}

fn start(world: &World, object: ObjectId, task: &Task) -> TaskRef {
    let task_ref = TaskRef {
        org: world.org.id,
        object,
        id: id(),
    };
    world.write(|tx| object_tasks::start(tx, task_ref.org, object, task_ref.id, task, world.clock.now()));
    task_ref
}

fn reviewers_own() -> Task {
    Task::Reown {
        fields: vec![REVIEWER],
        removing: None,
    }
}

fn pass(world: &World, records_per_batch: i64) -> PassReport {
    let settings = WorkerSettings {
        records_per_batch,
        ..settings()
    };
    let worker = world.worker_on(&world.database, Arc::new(world.mail.clone()), settings);
    PassReport {
        duration_ms: 0,
        ..worker.run_once().unwrap()
    }
}

fn batches(record_batches: u64) -> PassReport {
    PassReport {
        record_batches,
        ..PassReport::default()
    }
}

fn owners(world: &World, object: ObjectId) -> Vec<Vec<UserId>> {
    let mut sets = Vec::new();
    world.read(|tx| {
        let object = objects::find_by_id(tx, world.org.id, object)?.unwrap();
        assert_eq!(object.pending_ownership, None);
        records::for_each_owner_set(tx, world.org.id, &object, |_, owners| sets.push(owners.to_vec()))
    });
    sets
}

fn a_change_of_ownership_is_brought_through(world: &World) {
    let object = object_with_records(world, "deal", 3);
    assert_eq!(owners(world, object), [vec![], vec![], vec![]]);
    start(world, object, &reviewers_own());
    assert_eq!(pass(world, 100), batches(1));
    assert_eq!(owners(world, object), vec![vec![world.sponsor.id]; 3]);
    assert_eq!(pass(world, 100), PassReport::default(), "nothing is left to do");
}

fn work_goes_on_where_it_stopped(world: &World) {
    let object = object_with_records(world, "deal", 10);
    let task = start(world, object, &reviewers_own());
    world.write(|tx| object_tasks::advance(tx, task, 4, world.clock.now()));
    // Two batches of what is left, and three to clear up behind the change.
    assert_eq!(pass(world, 4), batches(5));
    assert_eq!(owners(world, object), vec![vec![world.sponsor.id]; 10]);
}

fn many_tasks_are_all_done(world: &World) {
    for n in 0..20 {
        let object = object_with_records(world, &format!("deal_{n}"), 1);
        start(world, object, &Task::Erase(REVIEWER));
    }
    assert_eq!(pass(world, 4), batches(20));
    assert_eq!(world.read(|tx| object_tasks::oldest(tx, 100)), []);
}
