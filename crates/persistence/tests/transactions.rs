//! What a transaction promises: one moment to readers, one after the other to writers, all or nothing to both.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use vestibule_persistence::audit::{self, AuditFilter};
use vestibule_persistence::licenses::{self, License};
use vestibule_persistence::policy::Touched;
use vestibule_persistence::{StoreError, orgs, roles, users};

use crate::builders::{NOW, OrgIn, plain_role};
use crate::store::Store;

on_both_databases!(
    a_reader_sees_one_moment_while_a_writer_commits,
    writers_of_one_org_run_one_after_the_other,
    writers_of_two_orgs_both_get_through,
    a_failed_transaction_leaves_nothing,
    a_panic_leaves_nothing_and_no_broken_connection,
    a_savepoint_takes_back_its_writes_and_events,
    savepoints_nest,
    a_lost_race_runs_again_and_wins,
    a_race_that_is_lost_every_time_ends_in_busy,
    other_errors_do_not_run_again,
);

fn actions(org: &OrgIn<'_>) -> Vec<String> {
    let mut events = org
        .store
        .read(|tx| audit::list(tx, org.id, &AuditFilter::default(), None, 1_000));
    events.reverse();
    events.into_iter().map(|event| event.action).collect()
}

fn a_reader_sees_one_moment_while_a_writer_commits(store: &Store) {
    let org = store.org("acme");
    let name = |tx: &mut vestibule_persistence::Tx<'_>| orgs::find(tx, org.id).map(|org| org.unwrap().name);
    let (before, after) = store.read(|tx| {
        let before = name(tx)?;
        store.write(org.id, |tx| {
            let mut loaded = orgs::find(tx, org.id)?.unwrap();
            loaded.name = "Renamed".to_owned();
            orgs::save(tx, &mut loaded, NOW)?;
            roles::insert(tx, org.id, &plain_role("New", None))?;
            tx.policy_changed(org.id, Touched::Everything);
            Ok(())
        });
        assert_eq!(roles::parents(tx, org.id)?, []);
        assert_eq!(tx.policy_version(org.id)?, Some(1));
        Ok((before, name(tx)?))
    });
    assert_eq!((before.as_str(), after.as_str()), ("Org acme", "Org acme"));
    assert_eq!(store.read(name), "Renamed");
    assert_eq!(store.read(|tx| tx.policy_version(org.id)), Some(2));
}

fn seats(store: &Store, org: &OrgIn<'_>, id: vestibule_persistence::ids::LicenseId) -> License {
    store.read(|tx| licenses::find(tx, org.id, id)).unwrap()
}

fn writers_of_one_org_run_one_after_the_other(store: &Store) {
    const THREADS: usize = 8;
    const ROUNDS: usize = 10;
    let org = store.org("acme");
    let id = org.license("Basic", 0);
    let (start, inside, runs) = (Barrier::new(THREADS), AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                start.wait();
                for _ in 0..ROUNDS {
                    store.write(org.id, |tx| {
                        assert!(!inside.swap(true, Ordering::SeqCst), "two writers at once");
                        runs.fetch_add(1, Ordering::SeqCst);
                        let mut license = licenses::find(tx, org.id, id)?.unwrap();
                        std::thread::yield_now();
                        license.seats += 1;
                        licenses::save(tx, org.id, &mut license, NOW)?;
                        inside.store(false, Ordering::SeqCst);
                        Ok(())
                    });
                }
            });
        }
    });
    assert_eq!(
        seats(store, &org, id).seats,
        u32::try_from(THREADS * ROUNDS).unwrap()
    );
    assert_eq!(
        runs.into_inner(),
        THREADS * ROUNDS,
        "taking turns means that nobody has to run again"
    );
}

fn writers_of_two_orgs_both_get_through(store: &Store) {
    let (one, two) = (store.org("one"), store.org("two"));
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        for org in [&one, &two] {
            let (store, start) = (&store, &start);
            scope.spawn(move || {
                start.wait();
                for _ in 0..20 {
                    store.write(org.id, |tx| {
                        tx.audit(org.event("test.turn"));
                        Ok(())
                    });
                }
            });
        }
    });
    assert_eq!((actions(&one).len(), actions(&two).len()), (20, 20));
}

/// While one writer of an org is at work, another one waits for the very same row.
#[test]
fn on_postgres_the_second_writer_waits_for_a_lock() {
    let store = Store::postgres();
    let org = store.org("acme");
    let id = org.license("Basic", 0);
    let waiting = "SELECT count(*)::text AS value FROM pg_stat_activity \
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    std::thread::scope(|scope| {
        store.write(org.id, |tx| {
            let mut license = licenses::find(tx, org.id, id)?.unwrap();
            scope.spawn(|| {
                store.write(org.id, |tx| {
                    let mut license = licenses::find(tx, org.id, id)?.unwrap();
                    assert_eq!(license.seats, 41, "it sees what the first one committed");
                    license.seats += 1;
                    licenses::save(tx, org.id, &mut license, NOW)
                });
            });
            while store.place.lines(waiting) != ["1"] {
                std::thread::yield_now();
            }
            license.seats = 41;
            licenses::save(tx, org.id, &mut license, NOW)
        });
    });
    assert_eq!(seats(&store, &org, id).seats, 42);
}

/// Signing in inserts rows that refer to the org: that must not wait for an admin's long transaction.
#[test]
fn on_postgres_a_sign_in_does_not_wait_for_the_orgs_turn() {
    let store = Store::postgres();
    let org = store.org("acme");
    let ann = org.standard_user("ann").save();
    store.write(org.id, |tx| {
        let mut loaded = users::find(tx, org.id, ann.id)?.unwrap();
        users::save(tx, org.id, &mut loaded, NOW)?;
        store.in_turns(|tx| {
            vestibule_persistence::sessions::insert(tx, org.id, &org.session_of(&ann, "token"))
        });
        Ok(())
    });
}

fn a_failed_transaction_leaves_nothing(store: &Store) {
    let org = store.org("acme");
    let failed: Result<(), StoreError> = store.try_write(org.id, |tx| {
        roles::insert(tx, org.id, &plain_role("Head", None))?;
        tx.audit(org.event("test.failed"));
        tx.policy_changed(org.id, Touched::Everything);
        Err(StoreError::Reference)
    });
    assert!(matches!(failed, Err(StoreError::Reference)));
    assert_eq!(store.read(|tx| roles::parents(tx, org.id)), []);
    assert_eq!(actions(&org), Vec::<String>::new());
    assert_eq!(store.read(|tx| tx.policy_version(org.id)), Some(1));
}

fn a_panic_leaves_nothing_and_no_broken_connection(store: &Store) {
    let org = store.org("acme");
    for _ in 0..10 {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            store.write::<()>(org.id, |tx| {
                roles::insert(tx, org.id, &plain_role("Head", None))?;
                std::panic::resume_unwind(Box::new("no message, no hook"))
            });
        }));
        assert!(panicked.is_err());
        // Nothing is locked any more, for others neither.
        let update = "UPDATE orgs SET name = 'Renamed'";
        store.place.sql(&if store.is_postgres() {
            format!("SET lock_timeout = '9s'; {update}")
        } else {
            update.to_owned()
        });
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            store.read::<()>(|tx| {
                orgs::ids(tx)?;
                std::panic::resume_unwind(Box::new("no message, no hook"))
            });
        }));
        assert!(panicked.is_err());
    }
    assert_eq!(store.read(|tx| roles::parents(tx, org.id)), []);
    org.role("Head", None);
}

fn a_savepoint_takes_back_its_writes_and_events(store: &Store) {
    let org = store.org("acme");
    let other = store.org("other");
    store.write(org.id, |tx| {
        roles::insert(tx, org.id, &plain_role("Kept", None))?;
        tx.audit(org.event("test.before"));
        let failed: Result<(), StoreError> = tx.savepoint(|tx| {
            roles::insert(tx, org.id, &plain_role("Gone", None))?;
            tx.audit(org.event("test.taken_back"));
            tx.policy_changed(other.id, Touched::Everything);
            Err(StoreError::Reference)
        });
        assert!(matches!(failed, Err(StoreError::Reference)));
        // A failing statement spoils only the savepoint, also on PostgreSQL.
        let refused: Result<(), StoreError> =
            tx.savepoint(|tx| roles::insert(tx, org.id, &plain_role("Gone", Some(org.id.as_uuid().into()))));
        assert!(matches!(refused, Err(StoreError::Reference)));
        tx.savepoint(|tx| {
            roles::insert(tx, org.id, &plain_role("Kept too", None))?;
            tx.audit(org.event("test.kept"));
            tx.policy_changed(org.id, Touched::Everything);
            Ok::<_, StoreError>(())
        })?;
        tx.audit(org.event("test.after"));
        Ok(())
    });
    assert_eq!(store.read(|tx| roles::parents(tx, org.id)).len(), 2);
    assert_eq!(actions(&org), ["test.before", "test.kept", "test.after"]);
    assert_eq!(store.read(|tx| tx.policy_version(org.id)), Some(2));
    assert_eq!(store.read(|tx| tx.policy_version(other.id)), Some(1));
}

fn savepoints_nest(store: &Store) {
    let org = store.org("acme");
    store.write(org.id, |tx| {
        let outer: Result<(), StoreError> = tx.savepoint(|tx| {
            tx.savepoint(|tx| {
                roles::insert(tx, org.id, &plain_role("Inner", None))?;
                tx.audit(org.event("test.inner"));
                Ok::<_, StoreError>(())
            })?;
            tx.audit(org.event("test.outer"));
            Err(StoreError::Reference)
        });
        assert!(outer.is_err());
        Ok(())
    });
    assert_eq!(store.read(|tx| roles::parents(tx, org.id)), []);
    assert_eq!(actions(&org), Vec::<String>::new());
}

fn a_lost_race_runs_again_and_wins(store: &Store) {
    let org = store.org("acme");
    let old = org.guest("auditor").save();
    store.write(org.id, |tx| users::save(tx, org.id, &mut old.clone(), NOW));
    let mut runs = 0;
    store.write(org.id, |tx| {
        runs += 1;
        let mut guest = if runs == 1 {
            old.clone()
        } else {
            users::find(tx, org.id, old.id)?.unwrap()
        };
        guest.first_name = format!("run {runs}");
        tx.audit(org.event("test.saved"));
        users::save(tx, org.id, &mut guest, NOW)
    });
    assert_eq!(runs, 2);
    assert_eq!(org.find(old.id).unwrap().first_name, "run 2");
    assert_eq!(actions(&org), ["test.saved"], "the lost run has left no event");
}

fn a_race_that_is_lost_every_time_ends_in_busy(store: &Store) {
    let org = store.org("acme");
    let old = org.guest("auditor").save();
    store.write(org.id, |tx| users::save(tx, org.id, &mut old.clone(), NOW));
    let mut runs = 0;
    let result = store.try_write(org.id, |tx| {
        runs += 1;
        users::save(tx, org.id, &mut old.clone(), NOW)
    });
    assert!(matches!(result, Err(StoreError::Busy)));
    assert_eq!(runs, 6);
}

fn other_errors_do_not_run_again(store: &Store) {
    let org = store.org("acme");
    let mut runs = 0;
    let result = store.try_write(org.id, |tx| {
        runs += 1;
        orgs::insert(tx, &crate::builders::plain_org("acme"))
    });
    assert!(matches!(result, Err(StoreError::Unique(_))));
    assert_eq!(runs, 1);
}
