//! Both folders of migrations say the same, up and down, however many programs start at once.

use std::collections::BTreeSet;
use std::sync::Barrier;

use diesel::prelude::*;
use diesel::{PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use vestibule_persistence::{ConnectError, SchemaState};

use crate::store::{Place, Store};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

#[test]
fn both_folders_have_the_same_migrations() {
    let [sqlite, postgres] = ["sqlite", "postgres"].map(|name| {
        let folder = format!("{}/../../migrations/{name}", env!("CARGO_MANIFEST_DIR"));
        let entries = std::fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect::<BTreeSet<_>>()
    });
    assert_eq!(sqlite, postgres);
    assert!(!sqlite.is_empty());
}

#[test]
fn migrating_twice_changes_nothing() {
    for place in Store::empty_places() {
        let database = place.open(2);
        assert_eq!(database.schema_state().unwrap(), SchemaState::Behind);
        assert!(tables(&place).is_empty(), "asking has made {:?}", tables(&place));
        assert!(!database.migrate().unwrap().is_empty());
        assert_eq!(database.schema_state().unwrap(), SchemaState::Current);
        let before = schema(&place);
        assert_eq!(database.migrate().unwrap(), Vec::<String>::new());
        assert_eq!(schema(&place), before);
    }
}

#[test]
fn a_newer_schema_is_left_alone() {
    for store in Store::both() {
        store
            .place
            .sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')");
        assert_eq!(store.database.schema_state().unwrap(), SchemaState::Ahead);
        assert!(matches!(
            store.database.migrate(),
            Err(ConnectError::SchemaTooNew)
        ));
        store
            .place
            .sql("DELETE FROM __diesel_schema_migrations WHERE version <> '99990101000000'");
        assert!(matches!(
            store.database.migrate(),
            Err(ConnectError::SchemaTooNew)
        ));
        assert_eq!(
            store.org("acme").find(crate::builders::fresh()),
            None,
            "the connection is still good"
        );
    }
}

#[test]
fn a_failed_migration_leaves_nothing_and_the_next_one_succeeds() {
    for place in Store::empty_places() {
        let database = place.open(2);
        place.sql("CREATE TABLE outbox (in_the_way INTEGER)");
        let failed = database.migrate();
        assert!(matches!(failed, Err(ConnectError::Migration(_))), "{failed:?}");
        assert_eq!(database.schema_state().unwrap(), SchemaState::Behind);
        place.sql("DROP TABLE outbox");
        assert!(!database.migrate().unwrap().is_empty());
    }
}

#[test]
fn down_takes_everything_back_and_up_brings_it_again() {
    for place in Store::empty_places() {
        let database = place.open(2);
        database.migrate().unwrap();
        let before = schema(&place);
        match &place {
            Place::Sqlite(place) => {
                let mut conn = SqliteConnection::establish(place.path().to_str().unwrap()).unwrap();
                conn.revert_all_migrations(SQLITE).unwrap();
            }
            Place::Postgres(place) => {
                let mut conn = PgConnection::establish(place.url()).unwrap();
                conn.revert_all_migrations(POSTGRES).unwrap();
            }
        }
        assert_eq!(tables(&place), BTreeSet::new());
        assert_eq!(functions(&place), Vec::<String>::new());
        assert_eq!(database.schema_state().unwrap(), SchemaState::Behind);
        database.migrate().unwrap();
        assert_eq!(schema(&place), before);
    }
}

#[test]
fn programs_that_start_at_once_migrate_once() {
    const PROGRAMS: usize = 6;
    for place in Store::empty_places() {
        let databases: Vec<_> = (0..PROGRAMS).map(|_| place.open(2)).collect();
        let start = Barrier::new(PROGRAMS);
        let applied: Vec<Vec<String>> = std::thread::scope(|scope| {
            let running: Vec<_> = databases
                .iter()
                .map(|database| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        database.migrate().unwrap()
                    })
                })
                .collect();
            running
                .into_iter()
                .map(|program| program.join().unwrap())
                .collect()
        });
        assert_eq!(applied.iter().filter(|versions| !versions.is_empty()).count(), 1);
        assert_eq!(databases[0].schema_state().unwrap(), SchemaState::Current);
    }
}

#[test]
fn both_databases_have_the_same_tables_columns_keys_and_indexes() {
    let [sqlite, postgres] = Store::both().map(|store| schema(&store.place));
    for (what, (sqlite, postgres)) in sqlite.into_iter().zip(postgres).enumerate() {
        let only = |these: &BTreeSet<String>, those: &BTreeSet<String>| -> Vec<String> {
            these.difference(those).cloned().collect()
        };
        assert_eq!(
            only(&sqlite, &postgres),
            Vec::<String>::new(),
            "only on SQLite ({what})"
        );
        assert_eq!(
            only(&postgres, &sqlite),
            Vec::<String>::new(),
            "only on PostgreSQL ({what})"
        );
        assert!(!sqlite.is_empty());
    }
}

/// Table by table: columns with whether they may be null, foreign keys, indexes, the columns of every unique key.
fn schema(place: &Place) -> [BTreeSet<String>; 4] {
    let statements = match place {
        Place::Sqlite(_) => [
            "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" THEN '' ELSE ' null' END AS value \
             FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'",
            "SELECT t.name || ' ' || group_concat(f.\"from\" || '=' || f.\"table\" || '.' || f.\"to\", ',' ORDER BY f.\"from\") AS value \
             FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' GROUP BY t.name, f.id",
            "SELECT i.name || ' ' || i.tbl_name || ' ' || l.\"unique\" || l.partial || ' ' || \
               (SELECT group_concat(c.name, ',' ORDER BY c.seqno) FROM pragma_index_info(i.name) c) AS value \
             FROM sqlite_schema i JOIN pragma_index_list(i.tbl_name) l ON l.name = i.name \
             WHERE i.type = 'index' AND l.origin = 'c'",
            "SELECT t.name || ' ' || l.origin || ' ' || \
               (SELECT group_concat(c.name, ',' ORDER BY c.seqno) FROM pragma_index_info(l.name) c) AS value \
             FROM sqlite_schema t JOIN pragma_index_list(t.name) l WHERE t.type = 'table' AND l.origin <> 'c' \
               AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\'",
        ],
        Place::Postgres(_) => [
            "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN '' ELSE ' null' END AS value \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'",
            "SELECT k.conrelid::regclass || ' ' || string_agg(a.attname || '=' || k.confrelid::regclass || '.' || b.attname, ',' \
               ORDER BY a.attname) AS value \
             FROM pg_constraint k CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS p (f, t) \
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.f \
             JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = p.t \
             WHERE k.contype = 'f' GROUP BY k.oid, k.conrelid",
            "SELECT i.indexrelid::regclass || ' ' || i.indrelid::regclass || ' ' || i.indisunique::int || \
               (i.indpred IS NOT NULL)::int || ' ' || (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) \
               FROM pg_attribute a WHERE a.attrelid = i.indexrelid) AS value \
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE n.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))",
            "SELECT k.conrelid::regclass || ' ' || CASE k.contype WHEN 'p' THEN 'pk' ELSE 'u' END || ' ' || \
               (SELECT string_agg(a.attname, ',' ORDER BY p.n) FROM unnest(k.conkey) WITH ORDINALITY AS p (f, n) \
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.f) AS value \
             FROM pg_constraint k WHERE k.contype IN ('p', 'u') AND k.connamespace = 'public'::regnamespace \
               AND k.conrelid::regclass::text NOT LIKE '\\_\\_%'",
        ],
    };
    statements.map(|sql| place.lines(sql).into_iter().collect())
}

fn tables(place: &Place) -> BTreeSet<String> {
    let sql = match place {
        Place::Sqlite(_) => {
            "SELECT name AS value FROM sqlite_schema WHERE type = 'table' AND name <> '__diesel_schema_migrations'"
        }
        Place::Postgres(_) => {
            "SELECT tablename::text AS value FROM pg_tables \
             WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations'"
        }
    };
    place.lines(sql).into_iter().collect()
}

fn functions(place: &Place) -> Vec<String> {
    match place {
        Place::Sqlite(_) => place.lines("SELECT name AS value FROM sqlite_schema WHERE type = 'trigger'"),
        Place::Postgres(_) => place.lines(
            "SELECT proname::text AS value FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
             AND proname NOT LIKE 'diesel\\_%'",
        ),
    }
}
