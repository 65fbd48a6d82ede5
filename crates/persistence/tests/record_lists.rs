//! A list is exactly the records that a single check says yes to, in order, page by page, whatever plan finds them.

use std::cmp::Ordering;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use time::Duration;
use uuid::Uuid;
use vestibule_access_control::{Action, Level, Reach};
use vestibule_custom_objects::{Attribute, Filter, Operator};
use vestibule_persistence::ids::RecordId;
use vestibule_persistence::records::{self, Plan, Record, RecordQuery, RecordRef};
use vestibule_persistence::{Direction, PageRequest, Position, SortValue};

use crate::builders::{NOW, fresh};
use crate::record_world::{
    AMOUNT, CODE, DUE, NAME, OWNER, SECOND, STAGE, TAGS, World, attribute, fresh_slug,
};
use crate::store::Store;

on_both_databases!(
    a_list_is_what_the_checks_say_whatever_the_plan,
    what_stays_is_neither_skipped_nor_repeated_while_others_come_and_go,
    a_record_with_several_owners_in_reach_is_listed_and_counted_once,
    an_unowned_record_is_reached_by_everyones_scope_only,
    a_reach_of_another_object_is_refused,
    a_walk_that_finds_too_little_starts_from_the_owners,
);

const PEOPLE: usize = 12;

/// Names that a locale, a pattern or a careless quote would stumble over.
const NAMES: [&str; 10] = ["Zoë", "zoe", "50%", "a_b", "a'b", "\\", "Öl", "李", "🦊", "ab"];
const AMOUNTS: [&str; 6] = ["-10.5", "-10.25", "0", "9", "10", "1e6"];
const STAGES: [&str; 3] = ["Open", "Won", "Lost"];
const TAG_SETS: [&str; 4] = [
    r#"["Hot"]"#,
    r#"["Cold"]"#,
    r#"["Ice cold", "Hot"]"#,
    r#"["Hot", "Cold"]"#,
];
const DUES: [&str; 2] = ["2026-03-14T10:00:00Z", "2026-03-14T10:00:00.000001Z"];

#[derive(Clone, Debug)]
struct Row {
    id: u64,
    owners: (Option<usize>, Option<usize>),
    name: Option<&'static str>,
    amount: Option<&'static str>,
    stage: Option<&'static str>,
    tags: Option<&'static str>,
    due: Option<&'static str>,
    at: (i64, i64),
    known: Option<&'static str>,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        any::<u64>(),
        (option::of(0..PEOPLE), option::of(0..PEOPLE)),
        (option::of(select(&NAMES[..])), option::of(select(&AMOUNTS[..]))),
        (
            option::of(select(&STAGES[..])),
            option::of(select(&TAG_SETS[..])),
            option::of(select(&DUES[..])),
        ),
        (0..3_i64, 0..3_i64),
        option::of(select(&["X", "x", "y"][..])),
    );
    let row = row.prop_map(
        |(id, owners, (name, amount), (stage, tags, due), at, known)| Row {
            id,
            owners,
            name,
            amount,
            stage,
            tags,
            due,
            at,
            known,
        },
    );
    vec(row, 0..30)
}

fn attributes() -> Vec<Attribute> {
    let fields = [OWNER, SECOND, NAME, AMOUNT, STAGE, TAGS, DUE, CODE].map(attribute);
    let built_in = [
        Attribute::Id,
        Attribute::ExternalId,
        Attribute::CreatedAt,
        Attribute::UpdatedAt,
    ];
    built_in.into_iter().chain(fields).collect()
}

/// A condition whose operand is taken from one of the records, or is one of a few texts.
#[derive(Clone, Debug)]
enum Condition {
    Present(Attribute),
    Compare(Attribute, usize, usize),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
}

fn conditions() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        1 => select(attributes()).prop_map(Condition::Present),
        6 => (select(attributes()), 0..9_usize, 0..40_usize)
            .prop_map(|(attribute, op, operand)| Condition::Compare(attribute, op, operand)),
    ];
    leaf.prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Condition::And),
            vec(inner.clone(), 0..3).prop_map(Condition::Or),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn filter(condition: &Condition, world: &World<'_>, records: &[Record]) -> Filter {
    let all = |parts: &[Condition]| parts.iter().map(|part| filter(part, world, records)).collect();
    match condition {
        Condition::Present(attribute) => Filter::Present(*attribute),
        Condition::And(parts) => Filter::And(all(parts)),
        Condition::Or(parts) => Filter::Or(all(parts)),
        Condition::Not(part) => Filter::Not(Box::new(filter(part, world, records))),
        Condition::Compare(attribute, op, operand) => compare(*attribute, *op, *operand, world, records),
    }
}

fn compare(attribute: Attribute, op: usize, operand: usize, world: &World<'_>, records: &[Record]) -> Filter {
    use Operator::{Co, Eq, Ew, Ge, Gt, Le, Lt, Ne, Sw};
    let is_text = attribute == self::attribute(NAME) || attribute == Attribute::ExternalId;
    let equality_only = matches!(attribute, Attribute::Id) || attribute == self::attribute(TAGS);
    let ops: &[Operator] = match (is_text, equality_only) {
        (true, _) => &[Eq, Ne, Co, Sw, Ew, Gt, Ge, Lt, Le],
        (_, true) => &[Eq, Ne],
        _ => &[Eq, Ne, Gt, Ge, Lt, Le],
    };
    let texts = ["", "%", "_", "'", "\\", "o", "zo", "ë", "b", "a\0", "🦊", "x"];
    let own = records
        .get(operand)
        .and_then(|record| world.key(attribute, record));
    let key = match (own, attribute) {
        (_, attribute) if attribute == self::attribute(TAGS) => {
            ["\u{1f}hot\u{1f}", "\u{1f}cold\u{1f}"][operand % 2].to_owned()
        }
        (Some(own), _) => own,
        (None, Attribute::Id) => Uuid::nil().to_string(),
        (None, Attribute::CreatedAt | Attribute::UpdatedAt) => "2026-03-14T10:00:00.000001Z".to_owned(),
        (None, _) => texts[operand % texts.len()].to_owned(),
    };
    Filter::Compare {
        attribute,
        op: ops[op % ops.len()],
        key,
    }
}

fn sorts() -> impl Strategy<Value = Vec<(Attribute, Direction)>> {
    let directions = || select(&[Direction::Ascending, Direction::Descending][..]);
    let indexed = [Attribute::CreatedAt, Attribute::UpdatedAt, Attribute::Id];
    prop_oneof![
        (select(indexed.to_vec()), directions()).prop_map(|key| vec![key]),
        vec((select(attributes()), directions()), 0..4),
    ]
}

#[derive(Clone, Debug)]
struct Question {
    subject: usize,
    level: Level,
    condition: Option<Condition>,
    sort: Vec<(Attribute, Direction)>,
    sizes: Vec<i64>,
}

fn questions() -> impl Strategy<Value = Question> {
    (
        0..PEOPLE,
        select(&Level::ALL[..]),
        option::of(conditions()),
        sorts(),
        vec(1..8_i64, 1..4),
    )
        .prop_map(|(subject, level, condition, sort, sizes)| Question {
            subject,
            level,
            condition,
            sort,
            sizes,
        })
}

fn made(world: &World<'_>, rows: &[Row]) -> Vec<Record> {
    rows.iter()
        .enumerate()
        .map(|(n, row)| {
            let json = |text: Option<&str>| text.map(|text| serde_json::to_string(text).unwrap());
            let user = |user: Option<usize>| user.map(|user| format!("\"{}\"", world.users[user]));
            let mut record = world.record(&[
                (OWNER, user(row.owners.0)),
                (SECOND, user(row.owners.1)),
                (NAME, json(row.name)),
                (AMOUNT, row.amount.map(str::to_owned)),
                (STAGE, json(row.stage)),
                (TAGS, row.tags.map(str::to_owned)),
                (DUE, json(row.due)),
                (CODE, json(Some(&format!("code {n}")))),
            ]);
            record.id = Uuid::from_u64_pair(row.id, n as u64).into();
            record.external_id = row.known.map(|known| format!("{known}{n}"));
            record.created_at = NOW + Duration::microseconds(row.at.0);
            record.updated_at = NOW + Duration::microseconds(row.at.1);
            record
        })
        .collect()
}

/// The promise, without a database: who is reached, what matches, in which order.
fn expected(
    world: &World<'_>,
    reach: &Reach,
    level: Level,
    filter: Option<&Filter>,
    sort: &[(Attribute, Direction)],
    records: &[Record],
) -> Vec<Record> {
    let snapshot = world.snapshot(level);
    let object = &world.object.object;
    let mut list: Vec<Record> = records
        .iter()
        .filter(|record| {
            let owners = object.owners_of(&record.values);
            let decided = snapshot.decide(reach.subject(), Action::View, object.id(), &owners, 0);
            assert_eq!(
                decided.is_permit(),
                reach.scope().reaches(&snapshot.persons(&owners))
            );
            decided.is_permit() && filter.is_none_or(|f| f.matches(|attribute| world.key(attribute, record)))
        })
        .cloned()
        .collect();
    list.sort_by(|a, b| in_order(world, sort, a, b));
    list
}

fn in_order(world: &World<'_>, sort: &[(Attribute, Direction)], a: &Record, b: &Record) -> Ordering {
    let directed = |direction, ordering: Ordering| match direction {
        Direction::Ascending => ordering,
        Direction::Descending => ordering.reverse(),
    };
    for (attribute, direction) in sort {
        let ordering = match (world.key(*attribute, a), world.key(*attribute, b)) {
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
            (Some(a), Some(b)) => directed(*direction, a.as_bytes().cmp(b.as_bytes())),
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    let tie = sort
        .last()
        .map_or(Direction::Ascending, |(_, direction)| *direction);
    directed(tie, a.id.cmp(&b.id))
}

fn position(world: &World<'_>, sort: &[(Attribute, Direction)], record: &Record) -> Position {
    let value = |attribute| records::sort_value(attribute, record, &world.object.object);
    let position = Position {
        values: sort.iter().map(|(attribute, _)| value(*attribute)).collect(),
        id: record.id.into(),
    };
    // As it travels in a cursor.
    serde_json::from_str(&serde_json::to_string(&position).unwrap()).unwrap()
}

fn walked(
    world: &World<'_>,
    reach: &Reach,
    filter: Option<&Filter>,
    question: &Question,
    plan: Option<Plan>,
) -> Vec<Record> {
    let (mut list, mut after) = (Vec::new(), None);
    for limit in question.sizes.iter().copied().cycle() {
        let page = PageRequest {
            sort: question.sort.clone(),
            after: after.clone(),
            limit,
        };
        let query = RecordQuery { filter, page: &page };
        let (org, object) = (world.org.id, &world.object);
        let found = world.store().read(|tx| match plan {
            Some(plan) => records::page_with_plan(tx, org, object, reach, &query, plan),
            None => records::page(tx, org, object, reach, &query),
        });
        assert!(list.len() < 100, "the walk goes round in circles");
        let full = i64::try_from(found.len()).unwrap() == limit;
        assert!(i64::try_from(found.len()).unwrap() <= limit);
        if let Some(last) = found.last() {
            after = Some(position(world, &question.sort, last));
        }
        list.extend(found);
        if !full {
            break;
        }
    }
    list
}

const PLANS: [Option<Plan>; 7] = [
    None,
    Some(Plan::Owners),
    Some(Plan::Interval),
    Some(Plan::Walk { budget: 1 }),
    Some(Plan::Walk { budget: 7 }),
    Some(Plan::Walk { budget: 1_000 }),
    Some(Plan::Scan),
];

fn ids(records: &[Record]) -> Vec<RecordId> {
    records.iter().map(|record| record.id).collect()
}

fn check(world: &World<'_>, question: &Question, records: &[Record]) -> Result<(), TestCaseError> {
    let (org, object) = (world.org.id, &world.object);
    let filter = question.condition.as_ref().map(|c| filter(c, world, records));
    let subject = world.users[question.subject];
    let reach = world.reach(subject, question.level, Action::View);
    let list = expected(
        world,
        &reach,
        question.level,
        filter.as_ref(),
        &question.sort,
        records,
    );
    for plan in PLANS {
        let walked = walked(world, &reach, filter.as_ref(), question, plan);
        prop_assert_eq!(&walked, &list, "{:?} {:?}", plan, filter);
    }
    let without_members = world
        .snapshot(question.level)
        .reach(subject, Action::View, object.object.id(), 0);
    for reach in [&reach, &without_members] {
        let count = world
            .store()
            .read(|tx| records::count(tx, org, object, reach, filter.as_ref()));
        prop_assert_eq!(count, i64::try_from(list.len()).unwrap());
    }
    let reached = expected(world, &reach, question.level, None, &[], records);
    let after = records.first().map(|record| record.id);
    for after in [None, after] {
        let names = world
            .store()
            .read(|tx| records::reached_ids(tx, org, object, &without_members, after, 1_000));
        let wanted: Vec<_> = reached
            .iter()
            .filter(|record| after.is_none_or(|after| record.id > after))
            .map(|record| (record.id, record.external_id.clone()))
            .collect();
        prop_assert_eq!(names, wanted);
    }
    let all = ids(records);
    let many = world
        .store()
        .read(|tx| records::find_many(tx, org, object, &reach, &all));
    prop_assert_eq!(&many, &reached);
    for record in records {
        let wanted = reached.iter().find(|reached| reached.id == record.id);
        let find = |name| {
            world
                .store()
                .read(|tx| records::find(tx, org, object, &reach, name))
        };
        let found = find(RecordRef::Id(record.id));
        prop_assert_eq!(found.as_ref(), wanted);
        if let Some(known) = &record.external_id {
            let found = find(RecordRef::External(known));
            prop_assert_eq!(found.as_ref(), wanted);
        }
    }
    Ok(())
}

fn a_list_is_what_the_checks_say_whatever_the_plan(store: &Store) {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 25,
        failure_persistence: None,
        max_shrink_iters: 100,
        ..ProptestConfig::default()
    });
    runner
        .run(&(rows(), vec(questions(), 4..8)), |(rows, questions)| {
            let world = World::new(store, &fresh_slug(), PEOPLE);
            let records = made(&world, &rows);
            world.insert(&records);
            questions
                .iter()
                .try_for_each(|question| check(&world, question, &records))
        })
        .unwrap();
}

fn newest() -> Vec<(Attribute, Direction)> {
    vec![(Attribute::CreatedAt, Direction::Descending)]
}

fn what_stays_is_neither_skipped_nor_repeated_while_others_come_and_go(store: &Store) {
    let world = World::new(store, "acme", PEOPLE);
    let aged = |n: i64| Record {
        created_at: NOW + Duration::seconds(n),
        ..world.owned(Some(world.users[usize::try_from(n).unwrap() % PEOPLE]), None)
    };
    let staying: Vec<Record> = (0..30).map(|n| aged(n * 10)).collect();
    let leaving: Vec<Record> = (0..30).map(|n| aged(n * 10 + 5)).collect();
    world.insert(&staying);
    world.insert(&leaving);
    let reach = world.reach(world.users[0], Level::OwnPeersAndReports, Action::View);
    let mut page = PageRequest {
        sort: newest(),
        after: None,
        limit: 4,
    };
    let mut seen = Vec::new();
    let mut leaving = leaving.into_iter();
    for n in 0_i64.. {
        let found = world.page(&reach, &page);
        let Some(last) = found.last() else { break };
        page.after = Some(position(&world, &page.sort, last));
        seen.extend(ids(&found));
        world.insert(&[aged(n * 7 % 300)]);
        if let Some(gone) = leaving.next() {
            let permit = || world.may(Action::Delete);
            store.write(world.org.id, |tx| {
                records::delete(tx, world.org.id, &world.object, permit(), &gone)
            });
        }
    }
    let mut distinct = seen.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), seen.len(), "something came twice");
    let snapshot = world.snapshot(Level::OwnPeersAndReports);
    let reached = |record: &&Record| {
        let owners = world.object.object.owners_of(&record.values);
        reach.scope().reaches(&snapshot.persons(&owners))
    };
    let mut wanted: Vec<RecordId> = staying.iter().filter(reached).map(|record| record.id).collect();
    wanted.reverse();
    assert!(!wanted.is_empty() && wanted.len() < staying.len());
    seen.retain(|id| staying.iter().any(|record| record.id == *id));
    assert_eq!(seen, wanted);
}

fn a_record_with_several_owners_in_reach_is_listed_and_counted_once(store: &Store) {
    let world = World::new(store, "acme", PEOPLE);
    let (head, east) = (world.users[0], world.users[1]);
    let twice = world.owned(Some(head), Some(east));
    let same = world.owned(Some(east), Some(east));
    world.insert(&[twice.clone(), same.clone()]);
    let reach = world.reach(head, Level::OwnAndReports, Action::View);
    for plan in PLANS.into_iter().flatten() {
        let page = PageRequest {
            sort: newest(),
            after: None,
            limit: 2,
        };
        let query = RecordQuery {
            filter: None,
            page: &page,
        };
        let found =
            store.read(|tx| records::page_with_plan(tx, world.org.id, &world.object, &reach, &query, plan));
        assert_eq!(ids(&found), [same.id, twice.id], "{plan:?}");
    }
    let count = store.read(|tx| records::count(tx, world.org.id, &world.object, &reach, None));
    assert_eq!(count, 2);
}

fn an_unowned_record_is_reached_by_everyones_scope_only(store: &Store) {
    let world = World::new(store, "acme", PEOPLE);
    let unowned = world.owned(None, None);
    world.insert(std::slice::from_ref(&unowned));
    for level in Level::ALL {
        let reach = world.reach(world.users[0], level, Action::View);
        let found = world.page(&reach, &PageRequest::everything());
        assert_eq!(found.len(), usize::from(level == Level::Anyone), "{level}");
    }
}

fn a_reach_of_another_object_is_refused(store: &Store) {
    let world = World::new(store, "acme", 2);
    let reach = world
        .snapshot(Level::Anyone)
        .reach(world.users[0], Action::View, fresh(), 0);
    let counted = store
        .database
        .read(|tx| records::count(tx, world.org.id, &world.object, &reach, None));
    assert!(counted.is_err());
}

/// A team whose records are all old, in a list of everybody's newest.
fn a_walk_that_finds_too_little_starts_from_the_owners(store: &Store) {
    let world = World::new(store, "acme", PEOPLE);
    let [mine, other] = [world.users[1], world.users[5]];
    let old: Vec<Record> = (0..5).map(|_| world.owned(Some(mine), None)).collect();
    let new: Vec<Record> = (0..200)
        .map(|n| Record {
            created_at: NOW + Duration::seconds(n),
            ..world.owned(Some(other), None)
        })
        .collect();
    world.insert(&old);
    world.insert(&new);
    let reach = world.reach(mine, Level::OwnAndReports, Action::View);
    let page = PageRequest {
        sort: newest(),
        after: None,
        limit: 3,
    };
    let query = RecordQuery {
        filter: None,
        page: &page,
    };
    let plan = Plan::Walk { budget: 100 };
    let found =
        store.read(|tx| records::page_with_plan(tx, world.org.id, &world.object, &reach, &query, plan));
    assert_eq!(ids(&found), [old[4].id, old[3].id, old[2].id]);
    assert_eq!(
        records::sort_value(Attribute::CreatedAt, &found[0], &world.object.object),
        SortValue::instant(NOW)
    );
}
