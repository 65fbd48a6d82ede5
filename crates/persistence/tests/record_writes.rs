//! What is derived from records stays in step with them, and nothing is written without the right permit.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use time::Duration;
use vestibule_access_control::Action;
use vestibule_custom_objects::{Value, Values};
use vestibule_persistence::ids::{ObjectTaskId, RecordId, UserId};
use vestibule_persistence::object_tasks::{self, Task};
use vestibule_persistence::records::{self, Record, RecordRef};
use vestibule_persistence::{StoreError, UniqueRule};

use crate::builders::{NOW, fresh};
use crate::record_world::{CODE, LOOKUP, NAME, OWNER, SECOND, STAGE, TAGS, World, fresh_slug};
use crate::store::Store;

on_both_databases!(
    records_come_back_as_they_were_written,
    many_records_are_written_at_once_or_none,
    a_unique_value_is_taken_once_and_free_again_when_it_goes,
    a_field_becomes_unique_unless_two_records_clash,
    an_external_id_is_taken_once,
    a_record_that_changed_meanwhile_is_not_overwritten,
    nothing_is_written_with_a_permit_for_something_else,
    everything_derived_is_right_after_any_writes,
    what_a_leaver_owned_goes_to_the_heir_or_to_nobody,
    a_hand_over_during_an_ownership_change_holds_afterwards,
    an_owner_that_there_is_not_is_refused,
    options_in_use_are_found,
    owners_are_told_of_every_record,
);

fn text(words: &str) -> Option<String> {
    Some(serde_json::to_string(words).unwrap())
}

fn coded(world: &World<'_>, code: &str) -> Record {
    world.record(&[(CODE, text(code))])
}

fn try_insert(world: &World<'_>, record: &Record) -> Result<(), StoreError> {
    let create = world.everything(Action::Create);
    world.store().try_write(world.org.id, |tx| {
        let permit = create.permit(&[]).unwrap();
        records::insert(tx, world.org.id, &world.object, permit, record)
    })
}

fn try_save(world: &World<'_>, before: &Record, after: &mut Record) -> Result<(), StoreError> {
    let edit = world.everything(Action::Edit);
    world.store().try_write(world.org.id, |tx| {
        let permit = edit.permit_change(&[], &[]).unwrap();
        let now = NOW + Duration::HOUR;
        records::save(tx, world.org.id, &world.object, permit, before, after, now)
    })
}

fn delete(world: &World<'_>, record: &Record) {
    let reach = world.everything(Action::Delete);
    world.store().write(world.org.id, |tx| {
        let permit = reach.permit(&[]).unwrap();
        records::delete(tx, world.org.id, &world.object, permit, record)
    });
}

fn records_come_back_as_they_were_written(store: &Store) {
    let world = World::new(store, "acme", 3);
    let user = text(&world.users[1].to_string());
    let mut record = world.record(&[
        (OWNER, user.clone()),
        (NAME, text("Zoë's \"50%\" \\ 🦊")),
        (
            crate::record_world::AMOUNT,
            Some("12345678901234567.000000001".to_owned()),
        ),
        (STAGE, text("Won")),
        (TAGS, Some(r#"["Ice cold", "Hot"]"#.to_owned())),
        (crate::record_world::DUE, text("2026-03-14T10:00:00.123456Z")),
        (LOOKUP, user),
    ]);
    record.external_id = Some("K-1".to_owned());
    record.updated_at = NOW + Duration::MICROSECOND;
    world.insert(std::slice::from_ref(&record));
    assert_eq!(world.all(), [record.clone()]);
    let mut after = Record {
        external_id: None,
        values: Values::new(),
        ..record.clone()
    };
    try_save(&world, &record, &mut after).unwrap();
    assert_eq!((after.version, after.updated_at), (2, NOW + Duration::HOUR));
    assert_eq!(world.all(), [after]);
}

fn many_records_are_written_at_once_or_none(store: &Store) {
    let world = World::new(store, "acme", 3);
    let users = &world.users;
    let many: Vec<Record> = (0..1_234)
        .map(|n| {
            let mut record = world.owned(Some(users[n % 3]), Some(users[(n + n / 3) % 3]));
            let code = coded(&world, &format!("c{n}"));
            record.values.set(CODE, code.values.get(CODE).unwrap().clone());
            record
        })
        .collect();
    world.insert(&many);
    assert_eq!(world.tally().0, 1_234);
    assert_eq!(world.all(), many);
    let more = [coded(&world, "new"), coded(&world, "C7")];
    let create = world.everything(Action::Create);
    let clash = store.try_write(world.org.id, |tx| {
        let new = more
            .iter()
            .map(|new| (create.permit(&[]).unwrap(), new))
            .collect();
        records::insert_many(tx, world.org.id, &world.object, new)
    });
    assert!(
        matches!(clash, Err(StoreError::Unique(UniqueRule::FieldValue))),
        "{clash:?}"
    );
    assert_eq!((world.tally().0, world.all().len()), (1_234, 1_234));
}

fn a_unique_value_is_taken_once_and_free_again_when_it_goes(store: &Store) {
    let world = World::new(store, "acme", 3);
    let taken = |result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::Unique(UniqueRule::FieldValue))),
            "{result:?}"
        );
    };
    let (first, second, other) = (coded(&world, "A-1"), coded(&world, "a-1"), coded(&world, "b"));
    try_insert(&world, &first).unwrap();
    taken(try_insert(&world, &second));
    try_insert(&world, &other).unwrap();
    let mut clashing = Record {
        values: second.values.clone(),
        ..other.clone()
    };
    taken(try_save(&world, &other, &mut clashing));
    let mut same = Record {
        values: second.values.clone(),
        ..first.clone()
    };
    try_save(&world, &first, &mut same).unwrap();
    let mut none = Record {
        values: Values::new(),
        ..same.clone()
    };
    try_save(&world, &same, &mut none).unwrap();
    try_insert(&world, &second).unwrap();
    delete(&world, &second);
    try_insert(&world, &first_again(&world)).unwrap();
    assert_eq!(world.stored("value", "record_unique_values"), ["a-1", "b"]);
}

fn first_again(world: &World<'_>) -> Record {
    coded(world, "A-1")
}

fn a_field_becomes_unique_unless_two_records_clash(store: &Store) {
    let world = World::new(store, "acme", 3);
    let named = |name: &str| world.record(&[(NAME, text(name))]);
    let (one, two) = (named("one"), named("Two"));
    world.insert(&[one, two.clone(), world.record(&[])]);
    let index = || {
        store.try_write(world.org.id, |tx| {
            records::index_unique(tx, world.org.id, world.object_id(), NAME)
        })
    };
    index().unwrap();
    assert_eq!(world.stored("value", "record_unique_values"), ["one", "two"]);
    store.write(world.org.id, |tx| {
        records::drop_unique(tx, world.org.id, world.object_id(), NAME)
    });
    assert!(world.stored("value", "record_unique_values").is_empty());
    world.insert(&[named("TWO")]);
    assert!(matches!(index(), Err(StoreError::Unique(UniqueRule::FieldValue))));
}

fn an_external_id_is_taken_once(store: &Store) {
    let world = World::new(store, "acme", 3);
    let known = |id: &str| Record {
        external_id: Some(id.to_owned()),
        ..world.record(&[])
    };
    let first = known("K");
    try_insert(&world, &first).unwrap();
    let clash = try_insert(&world, &known("K"));
    assert!(
        matches!(clash, Err(StoreError::Unique(UniqueRule::ExternalId))),
        "{clash:?}"
    );
    try_insert(&world, &known("k")).unwrap();
    let owner =
        |id: &str| store.read(|tx| records::external_id_owner(tx, world.org.id, world.object_id(), id));
    assert_eq!(
        (owner("K"), owner("nobody"), owner("\0")),
        (Some(first.id), None, None)
    );
}

fn a_record_that_changed_meanwhile_is_not_overwritten(store: &Store) {
    let world = World::new(store, "acme", 3);
    let loaded = world.record(&[]);
    try_insert(&world, &loaded).unwrap();
    try_save(&world, &loaded, &mut loaded.clone()).unwrap();
    let late = try_save(&world, &loaded, &mut loaded.clone());
    assert!(matches!(late, Err(StoreError::Busy)), "{late:?}");
    let gone = store.try_write(world.org.id, |tx| {
        let permit = world.may(Action::Delete);
        records::delete(tx, world.org.id, &world.object, permit, &loaded)
    });
    assert!(matches!(gone, Err(StoreError::Busy)), "{gone:?}");
    assert_eq!(world.tally().0, 1);
}

fn nothing_is_written_with_a_permit_for_something_else(store: &Store) {
    let world = World::new(store, "acme", 3);
    let elsewhere = World::new(store, "elsewhere", 3);
    let record = world.record(&[]);
    let refused = |result: Result<(), StoreError>| {
        let Err(StoreError::Corrupt { what: "permit", .. }) = result else {
            panic!("{result:?}")
        };
    };
    let may = World::may;
    refused(store.try_write(world.org.id, |tx| {
        records::insert(
            tx,
            world.org.id,
            &world.object,
            may(&world, Action::Delete),
            &record,
        )
    }));
    refused(store.try_write(world.org.id, |tx| {
        records::insert(
            tx,
            world.org.id,
            &world.object,
            may(&elsewhere, Action::Create),
            &record,
        )
    }));
    try_insert(&world, &record).unwrap();
    refused(store.try_write(world.org.id, |tx| {
        let permit = may(&world, Action::View);
        records::save(
            tx,
            world.org.id,
            &world.object,
            permit,
            &record,
            &mut record.clone(),
            NOW,
        )
    }));
    refused(store.try_write(world.org.id, |tx| {
        records::delete(
            tx,
            world.org.id,
            &world.object,
            may(&world, Action::Edit),
            &record,
        )
    }));
    assert_eq!(world.all(), [record]);
}

#[derive(Clone, Debug)]
enum Write {
    Insert(Option<usize>, Option<usize>),
    Save(usize, Option<usize>, Option<usize>),
    Delete(usize),
    HandOver(usize, Option<usize>),
}

fn writes() -> impl Strategy<Value = Write> {
    let user = || option::of(0..5_usize);
    prop_oneof![
        4 => (user(), user()).prop_map(|(a, b)| Write::Insert(a, b)),
        3 => (any::<usize>(), user(), user()).prop_map(|(n, a, b)| Write::Save(n, a, b)),
        1 => any::<usize>().prop_map(Write::Delete),
        1 => (0..5_usize, user()).prop_map(|(from, to)| Write::HandOver(from, to)),
    ]
}

fn write(world: &World<'_>, write: &Write) {
    let user = |n: &Option<usize>| n.map(|n| world.users[n]);
    let all = world.all();
    let pick = |n: &usize| all.get(n % all.len().max(1)).cloned();
    match write {
        Write::Insert(owner, second) => try_insert(world, &world.owned(user(owner), user(second))).unwrap(),
        Write::Save(n, owner, second) => {
            let Some(before) = pick(n) else { return };
            let values = world.owned(user(owner), user(second)).values;
            let mut after = Record {
                values,
                ..before.clone()
            };
            try_save(world, &before, &mut after).unwrap();
        }
        Write::Delete(n) => {
            let Some(record) = pick(n) else { return };
            delete(world, &record);
        }
        Write::HandOver(from, to) => {
            world.store().write(world.org.id, |tx| {
                records::hand_over(tx, world.org.id, world.users[*from], user(to), NOW)
            });
        }
    }
}

fn owner_sets(world: &World<'_>) -> Vec<(RecordId, Vec<UserId>)> {
    let mut sets = Vec::new();
    world.store().read(|tx| {
        sets.clear();
        records::for_each_owner_set(tx, world.org.id, &world.object, |id, owners| {
            sets.push((id, owners.to_vec()));
        })
    });
    sets
}

fn derived(world: &World<'_>) -> Vec<(RecordId, Vec<UserId>)> {
    let owners = |record: &Record| (record.id, world.object.object.owners_of(&record.values));
    world.all().iter().map(owners).collect()
}

fn everything_derived_is_right_after_any_writes(store: &Store) {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 15,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..ProptestConfig::default()
    });
    runner
        .run(&vec(writes(), 1..25), |writes| {
            let world = World::new(store, &fresh_slug(), 5);
            for next in &writes {
                let (before, tally) = (derived(&world), world.tally());
                write(&world, next);
                let (after, now) = (derived(&world), world.tally());
                prop_assert_eq!(owner_sets(&world), after.clone());
                prop_assert_eq!(now.0, i64::try_from(after.len()).unwrap());
                prop_assert!(now.1 > tally.1 || before == after, "{:?} left the version", next);
                if matches!(next, Write::Save(..)) {
                    prop_assert!(
                        now.1 == tally.1 || before != after,
                        "{:?} raised the version",
                        next
                    );
                }
            }
            Ok(())
        })
        .unwrap();
}

fn hand_over(world: &World<'_>, from: UserId, to: Option<UserId>) -> u64 {
    let later = NOW + Duration::HOUR;
    let changed = world.store().write(world.org.id, |tx| {
        records::hand_over(tx, world.org.id, from, to, later)
    });
    match changed[..] {
        [] => 0,
        [(object, records)] => {
            assert_eq!(object, world.object_id());
            records
        }
        _ => panic!("{changed:?}"),
    }
}

fn what_a_leaver_owned_goes_to_the_heir_or_to_nobody(store: &Store) {
    let world = World::new(store, "acme", 4);
    let [leaver, heir, other, _] = world.users[..] else {
        panic!()
    };
    let both = world.owned(Some(leaver), Some(leaver));
    let beside_the_heir = world.owned(Some(leaver), Some(heir));
    let beside_another = world.owned(Some(other), Some(leaver));
    let mut reviewed = world.owned(Some(other), None);
    reviewed.values.set(LOOKUP, Value::User(leaver));
    world.insert(&[both, beside_the_heir, beside_another, reviewed.clone()]);
    assert_eq!(hand_over(&world, leaver, Some(heir)), 3);
    let expected = [vec![heir], vec![heir], vec![heir, other], vec![other]];
    let owners = |sets: Vec<(RecordId, Vec<UserId>)>| -> Vec<Vec<UserId>> {
        sets.into_iter().map(|(_, owners)| owners).collect()
    };
    assert_eq!(owners(owner_sets(&world)), expected);
    assert_eq!(owners(derived(&world)), expected);
    let all = world.all();
    assert_eq!(all[3], reviewed, "a field that doesn't own stays");
    for record in &all[..3] {
        assert_eq!((record.version, record.updated_at), (2, NOW + Duration::HOUR));
    }
    let stored = world.stored("sort_keys", "records").join("");
    assert_eq!(stored.matches(&heir.to_string()).count(), 5);
    assert_eq!(hand_over(&world, leaver, Some(heir)), 0);
    assert_eq!(hand_over(&world, heir, None), 3);
    assert_eq!(
        owners(owner_sets(&world)),
        [vec![], vec![], vec![other], vec![other]]
    );
    assert_eq!(
        owners(derived(&world)),
        [vec![], vec![], vec![other], vec![other]]
    );
    assert_eq!(world.tally().0, 4);
}

/// Some records have been through the change, some not; one is written meanwhile.
fn a_hand_over_during_an_ownership_change_holds_afterwards(store: &Store) {
    let mut world = World::new(store, "acme", 4);
    let [leaver, heir, other, _] = world.users[..] else {
        panic!()
    };
    let records: Vec<Record> = (0..6)
        .map(|n| {
            let mut record = world.owned(Some(if n % 2 == 0 { leaver } else { other }), Some(other));
            record.values.set(LOOKUP, Value::User(leaver));
            record
        })
        .collect();
    world.insert(&records);
    let id: ObjectTaskId = fresh();
    let task = Task::Reown {
        fields: vec![LOOKUP, SECOND],
        removing: None,
    };
    let (org, object) = (world.org.id, world.object_id());
    store.write(org, |tx| object_tasks::start(tx, org, object, id, &task, NOW));
    let task = store.read(|tx| object_tasks::oldest(tx, 1))[0];
    let advance = || {
        store
            .in_turns(|tx| object_tasks::advance(tx, task, 2, NOW))
            .is_some_and(|progress| !progress.finished)
    };
    assert!(advance());
    world.reload();
    assert!(world.object.pending_ownership.is_some());
    let before = world.all();
    for n in [1, 5] {
        let mut after = before[n].clone();
        after.values.set(OWNER, Value::User(leaver));
        try_save(&world, &before[n], &mut after).unwrap();
    }
    try_insert(&world, &world.owned(Some(leaver), Some(heir))).unwrap();
    assert_eq!(owner_sets(&world), derived(&world), "the old meaning holds");
    assert_eq!(hand_over(&world, leaver, Some(heir)), 7);
    assert_eq!(owner_sets(&world), derived(&world));
    delete(&world, &world.all()[0]);
    while advance() {}
    world.reload();
    assert!(world.object.pending_ownership.is_none());
    assert_eq!(owner_sets(&world), derived(&world), "the new meaning holds");
    assert!(
        owner_sets(&world)
            .iter()
            .all(|(_, owners)| owners.contains(&heir))
    );
}

fn an_owner_that_there_is_not_is_refused(store: &Store) {
    let world = World::new(store, "acme", 3);
    let refused = try_insert(&world, &world.owned(Some(fresh()), None));
    assert!(matches!(refused, Err(StoreError::Reference)), "{refused:?}");
    assert_eq!(world.tally().0, 0);
}

fn options_in_use_are_found(store: &Store) {
    let world = World::new(store, "acme", 3);
    world.insert(&[
        world.record(&[(STAGE, text("Won"))]),
        world.record(&[(TAGS, Some(r#"["Ice cold", "Hot"]"#.to_owned()))]),
        world.record(&[]),
    ]);
    let used = |field, option: &str| {
        store.read(|tx| records::uses_option(tx, world.org.id, world.object_id(), field, option))
    };
    assert!(used(STAGE, "Won") && used(TAGS, "Ice cold") && used(TAGS, "Hot"));
    assert!(!used(STAGE, "Lost") && !used(STAGE, "Wo") && !used(TAGS, "Cold") && !used(TAGS, "\0"));
}

fn owners_are_told_of_every_record(store: &Store) {
    let world = World::new(store, "acme", 3);
    let [a, b, _] = world.users[..] else { panic!() };
    let known = Record {
        external_id: Some("K".to_owned()),
        ..world.owned(Some(b), Some(a))
    };
    let unowned = world.owned(None, None);
    world.insert(&[known.clone(), unowned.clone()]);
    let names = [
        RecordRef::External("K"),
        RecordRef::Id(unowned.id),
        RecordRef::Id(fresh()),
        RecordRef::External("\0"),
        RecordRef::Id(known.id),
    ];
    let told = store.read(|tx| records::owners_of_many(tx, world.org.id, world.object.object.id(), &names));
    let owned = Some((known.id, vec![a, b]));
    assert_eq!(
        told,
        [
            owned.clone(),
            Some((unowned.id, vec![])),
            None,
            None,
            owned.clone()
        ]
    );
    for (name, told) in names.into_iter().zip(told) {
        let one = store.read(|tx| records::owners_of(tx, world.org.id, world.object.object.id(), name));
        assert_eq!(one, told);
    }
    assert_eq!(owner_sets(&world), [(known.id, vec![a, b]), (unowned.id, vec![])]);
}
