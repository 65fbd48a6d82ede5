//! The outbox: every mail is taken by one worker at a time, and none is lost.

use std::collections::BTreeMap;
use std::sync::{Barrier, Mutex};

use time::{Duration, UtcDateTime};
use uuid::Uuid;
use vestibule_persistence::due::{self, Retired};
use vestibule_persistence::ids::OutboxId;
use vestibule_persistence::outbox::{self, MailKind, OutboxMail, Settled};

use crate::builders::{NOW, OrgIn, fresh};
use crate::store::Store;

on_both_databases!(
    a_mail_comes_back_as_it_was_queued,
    every_kind_of_mail_comes_back,
    a_kind_from_a_newer_program_is_left_alone,
    four_workers_send_each_mail_once,
    a_lease_keeps_others_away_until_it_ends,
    a_lost_lease_settles_nothing,
    a_mail_is_tried_again_when_it_was_said,
    a_mail_that_was_not_tried_is_given_back,
    settled_mails_are_retired,
    a_mail_counts_as_queued_from_its_instant_on,
);

fn take(store: &Store, now: UtcDateTime, lease: Uuid, limit: i64) -> Vec<OutboxMail> {
    store.in_turns(|tx| outbox::take_due(tx, now, now + Duration::MINUTE, lease, limit))
}

fn queue(org: &OrgIn<'_>, mail: &OutboxMail) {
    org.store.write(org.id, |tx| outbox::queue(tx, mail));
}

fn a_mail_comes_back_as_it_was_queued(store: &Store) {
    let org = store.org("acme");
    let mail = org.mail_to(&org.guest("auditor").save());
    assert_eq!(store.read(outbox::next_due), None);
    queue(&org, &mail);
    assert_eq!(store.read(outbox::next_due), Some(NOW));
    assert_eq!(take(store, NOW - Duration::MICROSECOND, fresh(), 10), []);
    let taken = take(store, NOW, fresh(), 10);
    assert_eq!(taken, [OutboxMail { attempts: 1, ..mail }]);
    assert_eq!(store.read(outbox::next_due), Some(NOW + Duration::MINUTE));
}

fn every_kind_of_mail_comes_back(store: &Store) {
    let org = store.org("acme");
    let guest = org.guest("auditor").save();
    let kinds = [
        MailKind::Invitation,
        MailKind::ClaimLinkAgain,
        MailKind::PasswordReset,
        MailKind::EndsInAWeek,
        MailKind::EndsTomorrow,
        MailKind::AccessEnded,
        MailKind::AccessChanged,
    ];
    for (n, kind) in (0..).zip(kinds) {
        let created_at = NOW + Duration::microseconds(n);
        queue(
            &org,
            &OutboxMail {
                kind,
                created_at,
                ..org.mail_to(&guest)
            },
        );
    }
    let taken = take(store, NOW + Duration::HOUR, fresh(), 100);
    assert_eq!(
        taken.into_iter().map(|mail| mail.kind).collect::<Vec<_>>(),
        kinds,
        "oldest first"
    );
}

fn a_kind_from_a_newer_program_is_left_alone(store: &Store) {
    let org = store.org("acme");
    let mail = org.mail_to(&org.guest("auditor").save());
    queue(&org, &mail);
    store.place.sql("UPDATE outbox SET kind = 99");
    assert_eq!(take(store, NOW, fresh(), 10), []);
    assert_eq!(store.read(outbox::next_due), None);
}

fn four_workers_send_each_mail_once(store: &Store) {
    const MAILS: usize = 60;
    let org = store.org("acme");
    let guest = org.guest("auditor").save();
    let mails: Vec<_> = (0..MAILS).map(|_| org.mail_to(&guest)).collect();
    store.write(org.id, |tx| {
        mails.iter().try_for_each(|mail| outbox::queue(tx, mail))
    });
    let (start, sent) = (Barrier::new(4), Mutex::new(BTreeMap::<OutboxId, u32>::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                start.wait();
                loop {
                    let lease = fresh();
                    let taken = take(store, NOW, lease, 7);
                    if taken.is_empty() {
                        // Others may hold the last ones in a transaction; nothing is left for this worker.
                        break;
                    }
                    for mail in taken {
                        *sent.lock().unwrap().entry(mail.id).or_default() += 1;
                        assert!(store.in_turns(|tx| outbox::settle(
                            tx,
                            &mail,
                            lease,
                            Settled::Sent,
                            None,
                            NOW
                        )));
                    }
                }
            });
        }
    });
    let sent = sent.into_inner().unwrap();
    assert_eq!(sent.len(), MAILS);
    assert!(sent.values().all(|times| *times == 1), "{sent:?}");
    assert_eq!(store.read(outbox::next_due), None);
}

/// A worker in the middle of its transaction does not hold the others up: they take the next mails.
#[test]
fn on_postgres_workers_pass_over_what_another_one_is_taking() {
    let store = Store::postgres();
    let org = store.org("acme");
    let guest = org.guest("auditor").save();
    for _ in 0..10 {
        queue(&org, &org.mail_to(&guest));
    }
    store.in_turns(|tx| {
        let mine = outbox::take_due(tx, NOW, NOW + Duration::MINUTE, fresh(), 3)?;
        let others = take(&store, NOW, fresh(), 100);
        assert_eq!((mine.len(), others.len()), (3, 7));
        assert!(
            others
                .iter()
                .all(|other| mine.iter().all(|mail| mail.id != other.id))
        );
        Ok(())
    });
}

fn a_lease_keeps_others_away_until_it_ends(store: &Store) {
    let org = store.org("acme");
    queue(&org, &org.mail_to(&org.guest("auditor").save()));
    let first: Uuid = fresh();
    let mail = take(store, NOW, first, 10).remove(0);
    let end = NOW + Duration::MINUTE;
    assert_eq!(take(store, end - Duration::MICROSECOND, fresh(), 10), []);

    // A worker that needs longer says so.
    let longer = end + Duration::MINUTE;
    assert!(store.in_turns(|tx| outbox::keep(tx, &mail, first, longer)));
    assert_eq!(take(store, end, fresh(), 10), []);
    let again = take(store, longer, fresh(), 10);
    assert_eq!(again, [OutboxMail { attempts: 2, ..mail }]);
}

fn a_lost_lease_settles_nothing(store: &Store) {
    let org = store.org("acme");
    queue(&org, &org.mail_to(&org.guest("auditor").save()));
    let (old, new): (Uuid, Uuid) = (fresh(), fresh());
    let mail = take(store, NOW, old, 10).remove(0);
    let later = NOW + Duration::HOUR;
    let again = take(store, later, new, 10).remove(0);
    let settle = |mail: &OutboxMail, lease| {
        store.in_turns(|tx| outbox::settle(tx, mail, lease, Settled::GivenUp, Some("refused"), later))
    };
    assert!(!settle(&mail, old));
    assert!(!store.in_turns(|tx| outbox::try_again(tx, &mail, old, later, "slow")));
    assert!(!store.in_turns(|tx| outbox::keep(tx, &mail, old, later)));
    store.in_turns(|tx| outbox::give_back(tx, &mail, old, later));
    assert_eq!(
        take(store, later, fresh(), 10),
        [],
        "giving back what one has lost changes nothing"
    );
    assert!(settle(&again, new));
    assert!(!settle(&again, new), "settled is settled");
    let sql = "SELECT last_error AS value FROM outbox";
    assert_eq!(store.place.lines(sql), ["refused"]);
}

fn a_mail_is_tried_again_when_it_was_said(store: &Store) {
    let org = store.org("acme");
    queue(&org, &org.mail_to(&org.guest("auditor").save()));
    let lease: Uuid = fresh();
    let mail = take(store, NOW, lease, 10).remove(0);
    let next = NOW + Duration::seconds(10);
    assert!(store.in_turns(|tx| outbox::try_again(tx, &mail, lease, next, "greylisted")));
    assert_eq!(store.read(outbox::next_due), Some(next));
    assert_eq!(take(store, next - Duration::MICROSECOND, fresh(), 10), []);
    assert_eq!(take(store, next, fresh(), 10)[0].attempts, 2);
}

fn a_mail_that_was_not_tried_is_given_back(store: &Store) {
    let org = store.org("acme");
    queue(&org, &org.mail_to(&org.guest("auditor").save()));
    let lease: Uuid = fresh();
    let mail = take(store, NOW, lease, 10).remove(0);
    store.in_turns(|tx| outbox::give_back(tx, &mail, lease, NOW));
    assert!(!store.in_turns(|tx| outbox::settle(tx, &mail, lease, Settled::Sent, None, NOW)));
    assert_eq!(
        take(store, NOW, fresh(), 10),
        [OutboxMail { attempts: 1, ..mail }]
    );
}

fn settled_mails_are_retired(store: &Store) {
    let org = store.org("acme");
    let guest = org.guest("auditor").save();
    let outcomes = [Settled::Sent, Settled::GivenUp, Settled::Unwanted];
    for _ in 0..4 {
        queue(&org, &org.mail_to(&guest));
    }
    let lease: Uuid = fresh();
    for (mail, outcome) in take(store, NOW, lease, 10).iter().zip(outcomes) {
        assert!(store.in_turns(|tx| outbox::settle(tx, mail, lease, outcome, None, NOW)));
    }
    let retire = |before, limit| store.in_turns(|tx| due::retire(tx, Retired::Mails, before, limit));
    assert_eq!(retire(NOW - Duration::MICROSECOND, 10), 0);
    assert_eq!((retire(NOW, 2), retire(NOW, 2), retire(NOW, 2)), (2, 1, 0));
    assert_eq!(
        take(store, NOW + Duration::HOUR, fresh(), 10).len(),
        1,
        "a pending mail stays"
    );
}

fn a_mail_counts_as_queued_from_its_instant_on(store: &Store) {
    let org = store.org("acme");
    let (guest, other) = (org.guest("auditor").save(), org.guest("other").save());
    // A UUIDv7 begins with the millisecond of its making.
    let millis = u128::try_from(NOW.unix_timestamp_nanos() / 1_000_000).unwrap();
    let id = Uuid::from_u128(millis << 80 | 0x7000_8000_0000_0000_0000).into();
    let mail = OutboxMail {
        id,
        kind: MailKind::PasswordReset,
        ..org.mail_to(&guest)
    };
    queue(&org, &mail);
    let queued = |user, kind, since| store.read(|tx| outbox::was_queued_since(tx, org.id, user, kind, since));
    assert!(queued(guest.id, MailKind::PasswordReset, NOW - Duration::MINUTE));
    assert!(queued(guest.id, MailKind::PasswordReset, NOW));
    assert!(!queued(
        guest.id,
        MailKind::PasswordReset,
        NOW + Duration::MICROSECOND
    ));
    assert!(!queued(guest.id, MailKind::Invitation, NOW));
    assert!(!queued(other.id, MailKind::PasswordReset, NOW));
    let lease: Uuid = fresh();
    for mail in take(store, NOW, lease, 10) {
        store.in_turns(|tx| outbox::settle(tx, &mail, lease, Settled::Sent, None, NOW));
    }
    assert!(queued(guest.id, MailKind::PasswordReset, NOW), "sent or not");
}
