//! Opening a database, and what happens when it goes away.

use std::sync::Barrier;

use vestibule_persistence::{
    ConnectError, Database, DatabaseSettings, SchemaState, SqliteSynchronous, StoreError, orgs, roles,
};
use vestibule_test_support::TestSqlite;

use crate::builders::plain_role;
use crate::store::{Place, Store};

fn open(url: &str) -> Result<Database, ConnectError> {
    Database::open(&DatabaseSettings {
        url: url.to_owned(),
        max_connections: 2,
        synchronous: SqliteSynchronous::Full,
    })
}

#[test]
fn an_unknown_scheme_is_refused_without_telling_the_url() {
    for url in [
        "mysql://ann:hunter2@host/db",
        "vestibule.db",
        "",
        "sqlite:relative.db",
        "SQLITE://x.db",
    ] {
        let error = open(url).err().unwrap();
        assert!(matches!(error, ConnectError::UnknownScheme), "{url}: {error:?}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn an_unreachable_postgres_is_told_as_unreachable() {
    let error = open("postgres://ann:hunter2@127.0.0.1:1/none").err().unwrap();
    assert!(matches!(error, ConnectError::Unreachable), "{error:?}");
}

#[test]
fn sqlite_makes_the_folder_and_the_file() {
    let place = TestSqlite::new();
    let path = place.folder().join("a/b/vestibule.db");
    let database = open(&format!("sqlite://{}", path.display())).unwrap();
    assert_eq!(database.schema_state().unwrap(), SchemaState::Behind);
    assert!(path.is_file());
}

#[test]
fn a_sqlite_file_that_cannot_be_is_refused_at_once() {
    let place = TestSqlite::new();
    let error = open(&format!("sqlite://{}", place.folder().display()))
        .err()
        .unwrap();
    assert!(matches!(error, ConnectError::Refused(_)), "{error:?}");
    std::fs::write(place.path(), "a file").unwrap();
    let error = open(&format!("{}/below/x.db", place.url())).err().unwrap();
    assert!(matches!(error, ConnectError::Folder(_)), "{error:?}");
}

/// Cuts every connection and waits until the server has noticed.
fn cut_connections(store: &Store) {
    let Place::Postgres(place) = &store.place else {
        panic!("PostgreSQL only")
    };
    place.cut_connections();
    let others = "SELECT count(*) FROM pg_stat_activity \
                  WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while place.sql(others) != "0" {
        std::thread::yield_now();
    }
}

#[test]
fn on_postgres_a_restart_kills_every_idle_connection_and_fails_nobody() {
    const CONNECTIONS: usize = 12;
    let mut store = Store::postgres();
    store.database = store.place.open(u32::try_from(CONNECTIONS).unwrap());
    let org = store.org("acme");
    let fill_the_pool = || {
        let all_in_use = Barrier::new(CONNECTIONS);
        std::thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    store.read(|tx| {
                        orgs::ids(tx)?;
                        all_in_use.wait();
                        Ok(())
                    });
                });
            }
        });
    };
    fill_the_pool();
    cut_connections(&store);
    assert_eq!(store.read(orgs::ids), [org.id]);
    fill_the_pool();
    cut_connections(&store);
    org.role("Head", None);
    fill_the_pool();
    cut_connections(&store);
    assert_eq!(store.database.schema_state().unwrap(), SchemaState::Current);
    assert_eq!(store.read(|tx| roles::parents(tx, org.id)).len(), 1);
}

#[test]
fn on_postgres_a_connection_lost_in_a_transaction_is_unreachable_and_leaves_nothing() {
    let store = Store::postgres();
    let org = store.org("acme");
    let mut runs = 0;
    let lost = store.try_write(org.id, |tx| {
        runs += 1;
        roles::insert(tx, org.id, &plain_role("Head", None))?;
        cut_connections(&store);
        roles::insert(tx, org.id, &plain_role("Second", None))
    });
    assert!(matches!(lost, Err(StoreError::Unreachable)), "{lost:?}");
    assert_eq!(runs, 1);

    // Nobody knows whether a lost commit has happened: it is neither claimed to have nor tried again.
    let mut runs = 0;
    let lost = store.try_write(org.id, |tx| {
        runs += 1;
        roles::insert(tx, org.id, &plain_role("Head", None))?;
        cut_connections(&store);
        Ok(())
    });
    assert!(matches!(lost, Err(StoreError::Unreachable)), "{lost:?}");
    assert_eq!(runs, 1);
    assert_eq!(store.read(|tx| roles::parents(tx, org.id)), []);
    org.role("Head", None);
}
