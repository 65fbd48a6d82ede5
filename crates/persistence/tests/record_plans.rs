//! Every way to find records uses the index it is meant to use, on both databases.

use time::Duration;
use vestibule_access_control::{Action, Level, Reach};
use vestibule_custom_objects::Attribute;
use vestibule_persistence::records::{self, Plan, Record, RecordQuery, RecordRef};
use vestibule_persistence::{Direction, PageRequest, Position, SortValue};

use crate::builders::{NOW, fresh};
use crate::plans::{explain, plan, sorts};
use crate::record_world::World;
use crate::store::{Store, statements_of};

on_both_databases!(
    a_list_without_bounds_comes_in_the_order_of_an_index,
    a_walk_goes_along_an_index_and_looks_owners_up_one_by_one,
    lists_that_start_from_owners_find_their_records_by_owner,
    counts_read_an_index_alone,
    one_record_is_found_by_its_names,
    what_a_leaver_owned_is_found_by_owner,
    records_and_owners_are_checked_against_each_other_by_index,
);

const USERS: usize = 160;

/// As for other queries, but for subqueries, which are no tables: those may be scanned.
fn uses(store: &Store, plan: &str, index: &str) {
    let is_subquery = |line: &&str| {
        let name = line.trim().strip_prefix("SCAN ").unwrap_or_default();
        ["CONSTANT ROW", "c", "o0", "p", "s", "w"].contains(&name)
    };
    let tables: Vec<&str> = plan.lines().filter(|line| !is_subquery(line)).collect();
    crate::plans::uses(store, &tables.join("\n"), index);
}

fn furnished(store: &Store) -> World<'_> {
    let world = World::new(store, "acme", USERS);
    let records: Vec<Record> = (0..6_000)
        .map(|n| {
            let mut record = world.owned(Some(world.users[n % USERS]), None);
            record.created_at = NOW + Duration::seconds(i64::try_from(n).unwrap());
            record.updated_at = record.created_at;
            record.external_id = Some(format!("K{n}"));
            record
        })
        .collect();
    world.insert(&records);
    store.place.sql("ANALYZE");
    world
}

fn pages(attribute: Attribute) -> Vec<PageRequest<Attribute>> {
    let mut pages = Vec::new();
    for direction in [Direction::Ascending, Direction::Descending] {
        let after = Position {
            values: vec![SortValue::instant(NOW + Duration::seconds(3_000))],
            id: fresh(),
        };
        for after in [None, Some(after)] {
            pages.push(PageRequest {
                sort: vec![(attribute, direction)],
                after,
                limit: 50,
            });
        }
    }
    pages
}

fn list(world: &World<'_>, reach: &Reach, page: &PageRequest<Attribute>, by: Plan) -> String {
    let query = RecordQuery { filter: None, page };
    plan(world.store(), "records r", || {
        world
            .store()
            .read(|tx| records::page_with_plan(tx, world.org.id, &world.object, reach, &query, by));
    })
}

fn primary_key(store: &Store, table: &str) -> String {
    match (store.is_postgres(), table) {
        (true, _) => format!("{table}_pkey"),
        // Its primary key is the table itself there.
        (false, "record_owners") => "PRIMARY".to_owned(),
        (false, _) => format!("sqlite_autoindex_{table}_1"),
    }
}

fn a_list_without_bounds_comes_in_the_order_of_an_index(store: &Store) {
    let world = furnished(store);
    let reach = world.everything(Action::View);
    for (attribute, index) in [
        (Attribute::CreatedAt, "records_by_created"),
        (Attribute::UpdatedAt, "records_by_updated"),
        (Attribute::Id, &primary_key(store, "records")),
    ] {
        for page in pages(attribute) {
            let plan = list(&world, &reach, &page, Plan::Everything);
            uses(store, &plan, index);
            assert!(!sorts(&plan), "{plan}");
        }
    }
}

fn a_walk_goes_along_an_index_and_looks_owners_up_one_by_one(store: &Store) {
    let world = furnished(store);
    let reach = world.reach(world.users[0], Level::OwnAndReports, Action::View);
    for (attribute, index) in [
        (Attribute::CreatedAt, "record_owners_by_created"),
        (Attribute::UpdatedAt, "records_by_updated"),
    ] {
        for page in pages(attribute) {
            let plan = list(&world, &reach, &page, Plan::Walk { budget: 200 });
            uses(store, &plan, index);
            uses(store, &plan, &primary_key(store, "users"));
            uses(store, &plan, &primary_key(store, "records"));
            if store.is_postgres() {
                assert!(!sorts(&plan), "{plan}");
            }
        }
    }
}

fn lists_that_start_from_owners_find_their_records_by_owner(store: &Store) {
    let world = furnished(store);
    let peer = world.users[3];
    let team = world.reach(peer, Level::OwnPeersAndReports, Action::View);
    let unknown = world
        .snapshot(Level::OwnPeersAndReports)
        .reach(peer, Action::View, world.object_id(), 0);
    let alone = world.reach(peer, Level::Own, Action::View);
    for attribute in [Attribute::CreatedAt, Attribute::UpdatedAt] {
        for page in pages(attribute) {
            for reach in [&team, &alone] {
                let plan = list(&world, reach, &page, Plan::Owners);
                uses(store, &plan, "record_owners_by_owner");
            }
            let plan = list(&world, &unknown, &page, Plan::Interval);
            uses(store, &plan, "record_owners_by_owner");
            uses(store, &plan, "users_by_role");
            uses(store, &plan, "roles_by_label");
        }
    }
}

fn counts_read_an_index_alone(store: &Store) {
    let world = furnished(store);
    let count = |reach: &Reach, table| {
        plan(store, table, || {
            store.read(|tx| records::count(tx, world.org.id, &world.object, reach, None));
        })
    };
    let tally = count(&world.everything(Action::View), "object_tallies");
    let index = match store.is_postgres() {
        true => "object_tallies_pkey",
        false => "sqlite_autoindex_object_tallies_1",
    };
    uses(store, &tally, index);
    for level in [Level::Own, Level::OwnPeersAndReports] {
        let reach = world.reach(world.users[3], level, Action::View);
        let plan = count(&reach, "record_owners");
        uses(store, &plan, "record_owners_by_owner");
        assert!(!plan.contains("records r"), "{plan}");
    }
}

fn one_record_is_found_by_its_names(store: &Store) {
    let world = furnished(store);
    let reach = world.reach(world.users[0], Level::OwnAndReports, Action::View);
    for (name, index) in [
        (RecordRef::Id(fresh()), primary_key(store, "records")),
        (RecordRef::External("K7"), "records_external_id_key".to_owned()),
    ] {
        let find = plan(store, "records r", || {
            store.read(|tx| records::find(tx, world.org.id, &world.object, &reach, name));
        });
        uses(store, &find, &index);
        uses(store, &find, &primary_key(store, "record_owners"));
        let owners = plan(store, "records r", || {
            store.read(|tx| records::owners_of(tx, world.org.id, world.object.object.id(), name));
        });
        uses(store, &owners, &index);
        uses(store, &owners, &primary_key(store, "record_owners"));
    }
}

fn what_a_leaver_owned_is_found_by_owner(store: &Store) {
    let world = furnished(store);
    let statements = statements_of(|| {
        store.write(world.org.id, |tx| {
            records::hand_over(tx, world.org.id, world.users[0], Some(world.users[1]), NOW)
        });
    });
    let about: Vec<_> = statements
        .iter()
        .filter(|sql| sql.contains("record_owners"))
        .collect();
    assert_eq!(about.len(), 3, "{about:#?}");
    for sql in about {
        uses(store, &explain(store, sql), "record_owners_by_owner");
    }
}

/// What both databases ask before they let a record or an owner go.
fn records_and_owners_are_checked_against_each_other_by_index(store: &Store) {
    furnished(store);
    for (table, columns, index) in [
        (
            "record_owners",
            "object_id = $2 AND record_id = $3",
            primary_key(store, "record_owners"),
        ),
        (
            "record_owners",
            "owner_id = $2",
            "record_owners_by_owner".to_owned(),
        ),
        (
            "record_unique_values",
            "object_id = $2 AND record_id = $3",
            "record_unique_values_by_record".to_owned(),
        ),
    ] {
        let sql = format!("SELECT 1 FROM {table} WHERE org_id = $1 AND {columns}");
        uses(store, &explain(store, &sql), &index);
    }
}
