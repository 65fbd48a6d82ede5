//! Of many who try the same thing at once, exactly one gets it.

use std::sync::Barrier;

use vestibule_persistence::idempotency::{self, IdempotencyScope};
use vestibule_persistence::{StoreError, UniqueRule, credentials, one_time_links, users};

use crate::builders::{NOW, fresh, hash};
use crate::store::Store;

on_both_databases!(
    of_fifty_uses_of_a_link_exactly_one_wins,
    of_fifty_users_with_one_email_exactly_one_is_written,
    of_fifty_users_with_one_email_in_turns_exactly_one_is_written,
    wrong_passwords_at_once_add_up,
    an_email_is_reserved_for_whoever_comes_first,
);

const THREADS: usize = 50;

/// What each of fifty threads gets from the same work, started together.
fn at_once<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..THREADS)
            .map(|n| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    start.wait();
                    work(n)
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn of_fifty_uses_of_a_link_exactly_one_wins(store: &Store) {
    let org = store.org("acme");
    let guest = org.guest("auditor").save();
    let link = org.link_for(&guest, "token");
    store.write(org.id, |tx| one_time_links::insert(tx, org.id, &link));
    let wins = at_once(|_| store.in_turns(|tx| one_time_links::consume(tx, org.id, link.id, NOW)));
    assert_eq!(wins.into_iter().filter(|won| *won).count(), 1);
}

fn exactly_one_is_written(results: Vec<Result<(), StoreError>>) {
    let (written, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(written.len(), 1);
    for result in refused {
        assert!(
            matches!(result, Err(StoreError::Unique(UniqueRule::UserEmail))),
            "{result:?}"
        );
    }
}

fn of_fifty_users_with_one_email_exactly_one_is_written(store: &Store) {
    let org = store.org("acme");
    exactly_one_is_written(at_once(|_| {
        let user = org.guest("same").build();
        store
            .database
            .write_in_turns(|tx| users::insert(tx, org.id, &user))
    }));
}

fn of_fifty_users_with_one_email_in_turns_exactly_one_is_written(store: &Store) {
    let org = store.org("acme");
    exactly_one_is_written(at_once(|_| org.guest("same").try_save().map(drop)));
}

fn wrong_passwords_at_once_add_up(store: &Store) {
    let org = store.org("acme");
    let ann = org.standard_user("ann").save();
    store.write(org.id, |tx| {
        credentials::set_password(tx, org.id, ann.id, &"hash".into(), NOW)
    });
    let mut counts = at_once(|_| {
        store
            .in_turns(|tx| credentials::count_failure(tx, org.id, ann.id))
            .unwrap()
    });
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<_>>());
}

fn an_email_is_reserved_for_whoever_comes_first(store: &Store) {
    use vestibule_guest_lifecycle::UserKind;
    let org = store.org("acme");
    let email = hash("ann@example.org");
    at_once(|n| {
        let kind = if n % 2 == 0 {
            UserKind::Guest
        } else {
            UserKind::Standard
        };
        store.in_turns(|tx| users::reserve_email(tx, org.id, &email, kind));
    });
    let first = store
        .read(|tx| users::email_reservation(tx, org.id, &email))
        .unwrap();
    for kind in [UserKind::Guest, UserKind::Standard] {
        store.in_turns(|tx| users::reserve_email(tx, org.id, &email, kind));
        assert_eq!(
            store.read(|tx| users::email_reservation(tx, org.id, &email)),
            Some(first)
        );
    }
    assert_eq!(
        store.read(|tx| users::email_reservation(tx, org.id, &hash("bob@example.org"))),
        None
    );
}

/// SQLite has one writer, so there the second request waits instead.
#[test]
fn on_postgres_a_request_that_is_still_running_is_told_apart() {
    let store = Store::postgres();
    let org = store.org("acme");
    let scope = IdempotencyScope {
        org: org.id,
        actor: fresh(),
        route: "POST /api/v1/guests".to_owned(),
        key_hash: hash("key"),
    };
    let other = IdempotencyScope {
        key_hash: hash("other"),
        ..scope.clone()
    };
    store.in_turns(|tx| {
        assert!(idempotency::take(tx, &scope)?);
        assert!(idempotency::take(tx, &scope)?, "the holder itself may ask again");
        store.in_turns(|tx| {
            assert!(!idempotency::take(tx, &scope)?);
            assert!(idempotency::take(tx, &other)?);
            Ok(())
        });
        Ok(())
    });
    assert!(
        store.in_turns(|tx| idempotency::take(tx, &scope)),
        "it is free again after the transaction"
    );
}
