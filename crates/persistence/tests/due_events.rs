//! What the clock makes due, and what time has made worthless.

use std::collections::BTreeMap;
use std::sync::{Barrier, Mutex};

use time::Duration;
use vestibule_guest_lifecycle::ReminderTimes;
use vestibule_persistence::api_tokens::{self, ApiToken};
use vestibule_persistence::due::{self, DueEvent, Retired};
use vestibule_persistence::idempotency::{self, IdempotencyScope, StoredAnswer};
use vestibule_persistence::ids::UserId;
use vestibule_persistence::users::User;
use vestibule_persistence::{StoreError, one_time_links, sessions, users};

use crate::builders::{NOW, OrgIn, days, fresh, hash};
use crate::store::Store;

on_both_databases!(
    each_event_is_due_at_its_instant_until_it_is_done,
    four_workers_get_each_guest_once,
    an_old_picture_of_a_guest_cannot_make_an_event_due_again,
    ended_access_leaves_nothing_that_lets_in,
    rows_past_their_time_are_retired_and_no_others,
);

const EVENTS: [DueEvent; 3] = [DueEvent::Expiry, DueEvent::WeekReminder, DueEvent::DayReminder];

fn each_event_is_due_at_its_instant_until_it_is_done(store: &Store) {
    let (one, two) = (store.org("one"), store.org("two"));
    assert_eq!(store.read(due::next), None);
    let at = |minutes| NOW + Duration::minutes(minutes);
    let guests = [&one, &two].map(|org| {
        org.guest("auditor")
            .of_guest(|guest| {
                guest.expiry_due_at = Some(at(3));
                guest.reminders = ReminderTimes {
                    week: Some(at(1)),
                    day: Some(at(2)),
                };
            })
            .save()
    });
    one.standard_user("ann").save();
    for (event, minute) in [
        (DueEvent::WeekReminder, 1),
        (DueEvent::DayReminder, 2),
        (DueEvent::Expiry, 3),
    ] {
        assert_eq!(store.read(due::next), Some(at(minute)));
        let early = at(minute) - Duration::MICROSECOND;
        assert_eq!(store.in_turns(|tx| due::take(tx, event, early, 10)), []);
        assert_eq!(store.in_turns(|tx| due::take(tx, event, at(minute), 1)).len(), 1);
        let mut taken = store.in_turns(|tx| {
            let taken = due::take(tx, event, at(minute), 10)?;
            taken
                .iter()
                .try_for_each(|(org, user)| due::done(tx, event, *org, user.id))?;
            Ok(taken)
        });
        taken.sort_by_key(|(_, user)| user.id);
        let ids: Vec<_> = taken.iter().map(|(org, user)| (*org, user.id)).collect();
        assert_eq!(ids, [(one.id, guests[0].id), (two.id, guests[1].id)]);
        assert_eq!(store.in_turns(|tx| due::take(tx, event, at(minute), 10)), []);
    }
    assert_eq!(store.read(due::next), None);
    let guest = one.find(guests[0].id).unwrap();
    assert_eq!(guest.guest().unwrap().reminders, ReminderTimes::NONE);
    assert_eq!(
        guest.guest_facts().unwrap().expiry_recorded_at,
        Some(guest.guest().unwrap().window.ends_at)
    );
}

fn four_workers_get_each_guest_once(store: &Store) {
    const GUESTS: usize = 60;
    let orgs = [store.org("one"), store.org("two")];
    let guests: Vec<User> = (0..GUESTS)
        .map(|n| orgs[n % 2].guest(&format!("g{n}")).build())
        .collect();
    for (n, org) in orgs.iter().enumerate() {
        store.write(org.id, |tx| {
            guests
                .iter()
                .skip(n)
                .step_by(2)
                .try_for_each(|guest| users::insert(tx, org.id, guest))
        });
    }
    let now = NOW + days(100);
    for event in EVENTS {
        let (start, seen) = (Barrier::new(4), Mutex::new(BTreeMap::<UserId, u32>::new()));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    loop {
                        let taken = store.in_turns(|tx| {
                            let taken = due::take(tx, event, now, 7)?;
                            taken
                                .iter()
                                .try_for_each(|(org, user)| due::done(tx, event, *org, user.id))?;
                            Ok(taken)
                        });
                        if taken.is_empty() {
                            break;
                        }
                        for (_, user) in taken {
                            *seen.lock().unwrap().entry(user.id).or_default() += 1;
                        }
                    }
                });
            }
        });
        let seen = seen.into_inner().unwrap();
        assert_eq!(seen.len(), GUESTS, "{event:?}");
        assert!(seen.values().all(|times| *times == 1), "{event:?}: {seen:?}");
    }
}

#[test]
fn on_postgres_workers_pass_over_a_guest_whom_a_request_has_locked() {
    let store = Store::postgres();
    let org = store.org("acme");
    let [locked, other] = ["locked", "other"].map(|name| org.guest(name).save());
    let now = NOW + days(100);
    store.in_turns(|tx| {
        assert_eq!(users::find_locked(tx, org.id, locked.id)?, Some(locked.clone()));
        assert_eq!(users::find_locked(tx, org.id, fresh())?, None);
        let taken = store.in_turns(|tx| due::take(tx, DueEvent::Expiry, now, 10));
        assert_eq!(
            taken.into_iter().map(|(_, user)| user.id).collect::<Vec<_>>(),
            [other.id]
        );
        Ok(())
    });
}

#[test]
fn on_postgres_workers_pass_over_guests_that_another_one_holds() {
    let store = Store::postgres();
    let org = store.org("acme");
    let guests: Vec<User> = (0..10).map(|n| org.guest(&format!("g{n}")).save()).collect();
    let now = NOW + days(100);
    store.in_turns(|tx| {
        let mine = due::take(tx, DueEvent::Expiry, now, 3)?;
        let others = store.in_turns(|tx| due::take(tx, DueEvent::Expiry, now, 100));
        assert_eq!((mine.len(), others.len()), (3, 7));
        // A sign-in of a guest who is held only refers to the row: it need not wait.
        store.in_turns(|tx| sessions::insert(tx, org.id, &org.session_of(&mine[0].1, "token")));
        Ok(())
    });
    assert_eq!(guests.len(), 10);
}

fn an_old_picture_of_a_guest_cannot_make_an_event_due_again(store: &Store) {
    let org = store.org("acme");
    for event in EVENTS {
        let mut guest = org.guest(&format!("{event:?}")).save();
        store.in_turns(|tx| due::done(tx, event, org.id, guest.id));
        let result = store.try_write(org.id, |tx| users::save(tx, org.id, &mut guest.clone(), NOW));
        assert!(matches!(result, Err(StoreError::Busy)), "{event:?}: {result:?}");
        guest = org.find(guest.id).unwrap();
        store.write(org.id, |tx| users::save(tx, org.id, &mut guest, NOW));
    }
}

fn add_token(org: &OrgIn<'_>, user: &User, secret: &str) -> ApiToken {
    let token = org.token_of(user, secret);
    org.store
        .write(org.id, |tx| api_tokens::insert(tx, org.id, &token));
    token
}

fn ended_access_leaves_nothing_that_lets_in(store: &Store) {
    let org = store.org("acme");
    let [gone, stays] = ["gone", "stays"].map(|name| {
        let guest = org.guest(name).claimed().save();
        let (session, link) = (org.session_of(&guest, name), org.link_for(&guest, name));
        store.in_turns(|tx| {
            sessions::insert(tx, org.id, &session)?;
            one_time_links::insert(tx, org.id, &link)
        });
        add_token(&org, &guest, name);
        guest
    });
    let others = store.org("other");
    store.in_turns(|tx| due::end_access(tx, others.id, &[stays.id]));
    store.in_turns(|tx| due::end_access(tx, org.id, &[gone.id]));
    for (name, left) in [("gone", false), ("stays", true)] {
        let purpose = one_time_links::LinkPurpose::Claim;
        assert_eq!(
            store
                .read(|tx| sessions::find_by_token(tx, org.id, &hash(name)))
                .is_some(),
            left
        );
        assert_eq!(
            store
                .read(|tx| api_tokens::find_by_token(tx, org.id, &hash(name)))
                .is_some(),
            left
        );
        let link = store.read(|tx| one_time_links::find_by_token(tx, org.id, purpose, &hash(name)));
        assert_eq!(link.is_some(), left);
    }
    let after = org.find(gone.id).unwrap();
    assert_eq!(
        (after.access_epoch, after.link_epoch),
        (gone.access_epoch + 1, gone.link_epoch + 1)
    );
    assert_eq!(after.guest().unwrap().expiry_due_at, None);
    assert_eq!(after.guest().unwrap().reminders, ReminderTimes::NONE);
    assert_eq!(org.find(stays.id), Some(stays));
}

fn rows_past_their_time_are_retired_and_no_others(store: &Store) {
    let org = store.org("acme");
    let ann = org.standard_user("ann").save();
    let end = NOW + Duration::HOUR;
    for name in ["a", "b", "c"] {
        let mut session = org.session_of(&ann, name);
        let mut link = org.link_for(&ann, name);
        (session.expires_at, link.expires_at) = (end, end);
        let scope = IdempotencyScope {
            org: org.id,
            actor: ann.id.into(),
            route: "POST /x".to_owned(),
            key_hash: hash(name),
        };
        let answer = StoredAnswer {
            body_hash: hash(name),
            sealed: vec![1],
        };
        store.in_turns(|tx| {
            sessions::insert(tx, org.id, &session)?;
            one_time_links::insert(tx, org.id, &link)?;
            idempotency::store(tx, &scope, &answer, NOW, end)
        });
        add_token(&org, &ann, name);
    }
    let forever = ApiToken {
        expires_at: None,
        ..add_token(&org, &ann, "forever")
    };
    store.write(org.id, |tx| {
        api_tokens::delete(tx, org.id, forever.id)?;
        api_tokens::insert(tx, org.id, &forever)
    });
    for what in [
        Retired::Sessions,
        Retired::ApiTokens,
        Retired::Links,
        Retired::IdempotencyKeys,
    ] {
        let retire = |before, limit| store.in_turns(|tx| due::retire(tx, what, before, limit));
        assert_eq!(retire(end - Duration::MICROSECOND, 10), 0, "{what:?}");
        assert_eq!(
            (retire(end, 2), retire(end, 2), retire(end, 2)),
            (2, 1, 0),
            "{what:?}"
        );
    }
    assert!(
        store
            .read(|tx| api_tokens::find(tx, org.id, forever.id))
            .is_some()
    );
}
