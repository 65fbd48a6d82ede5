//! The audit log: complete, in order, without gaps, and not to be changed.

use std::sync::Barrier;

use serde_json::json;
use time::Duration;
use uuid::Uuid;
use vestibule_persistence::StoreError;
use vestibule_persistence::audit::{self, AuditActor, AuditEvent, AuditFilter, StoredAuditEvent};

use crate::builders::{NOW, OrgIn, fresh};
use crate::store::Store;

on_both_databases!(
    an_event_comes_back_as_it_was_recorded,
    every_org_counts_for_itself_without_gaps,
    eight_threads_leave_no_gap_and_no_disorder,
    filters_narrow_and_pages_go_back_in_time,
    nobody_changes_or_deletes_an_event,
);

fn list(org: &OrgIn<'_>, filter: &AuditFilter) -> Vec<StoredAuditEvent> {
    let list = org.store.read(|tx| audit::list(tx, org.id, filter, None, 10_000));
    let count = org.store.read(|tx| audit::count(tx, org.id, filter));
    assert_eq!(count, i64::try_from(list.len()).unwrap());
    list
}

fn an_event_comes_back_as_it_was_recorded(store: &Store) {
    let org = store.org("acme");
    let events = [
        AuditEvent {
            actor: AuditActor::User(fresh()),
            on_behalf_of: Some(fresh()),
            target_type: Some("guest"),
            target_id: Some(fresh()),
            changes: json!({"role_id": {"before": null, "after": "Ärzte"}}),
            request_id: Some("req-1".to_owned()),
            ..org.event("guest.invited")
        },
        AuditEvent {
            actor: AuditActor::Service(fresh()),
            ..org.event("guest.revoked")
        },
        AuditEvent {
            at: NOW - Duration::days(40_000),
            ..org.event("guest.expired")
        },
    ];
    store.write(org.id, |tx| {
        events.iter().for_each(|event| tx.audit(event.clone()));
        Ok(())
    });
    let mut stored = list(&org, &AuditFilter::default());
    stored.reverse();
    let expected: Vec<_> = (1..)
        .zip(&events)
        .map(|(seq, event)| StoredAuditEvent {
            seq,
            id: event.id,
            at: event.at,
            actor: event.actor,
            on_behalf_of: event.on_behalf_of,
            action: event.action.to_owned(),
            target_type: event.target_type.map(str::to_owned),
            target_id: event.target_id,
            changes: event.changes.clone(),
            request_id: event.request_id.clone(),
        })
        .collect();
    assert_eq!(stored, expected);
}

fn every_org_counts_for_itself_without_gaps(store: &Store) {
    let (one, two) = (store.org("one"), store.org("two"));
    for _ in 0..3 {
        store.in_turns(|tx| {
            tx.audit(two.event("test.two"));
            tx.audit(one.event("test.one"));
            tx.audit(two.event("test.two"));
            Ok(())
        });
        let failed: Result<(), StoreError> = store.try_write(one.id, |tx| {
            tx.audit(one.event("test.failed"));
            Err(StoreError::Reference)
        });
        assert!(failed.is_err());
    }
    let seqs = |org: &OrgIn<'_>| -> Vec<i64> {
        list(org, &AuditFilter::default())
            .iter()
            .rev()
            .map(|event| event.seq)
            .collect()
    };
    assert_eq!(seqs(&one), [1, 2, 3]);
    assert_eq!(seqs(&two), [1, 2, 3, 4, 5, 6]);
}

fn eight_threads_leave_no_gap_and_no_disorder(store: &Store) {
    const THREADS: i64 = 8;
    const ROUNDS: i64 = 12;
    let org = store.org("acme");
    let start = Barrier::new(usize::try_from(THREADS).unwrap());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (org, start) = (&org, &start);
            scope.spawn(move || {
                let record = |tx: &mut vestibule_persistence::WriteTx<'_>, round: i64| {
                    for part in 0..2 {
                        let changes = json!({"thread": thread, "round": round, "part": part});
                        tx.audit(AuditEvent {
                            changes,
                            ..org.event("test.thread")
                        });
                    }
                    // Every third transaction fails: its numbers are given to somebody else.
                    if round % 3 == 2 {
                        Err(StoreError::Reference)
                    } else {
                        Ok(())
                    }
                };
                start.wait();
                for round in 0..ROUNDS {
                    // Half of them take the org's turn, half do not.
                    let _ = if thread % 2 == 0 {
                        org.store.database.write(org.id, |tx| record(tx, round))
                    } else {
                        org.store.database.write_in_turns(|tx| record(tx, round))
                    };
                }
            });
        }
    });
    let mut events = list(&org, &AuditFilter::default());
    events.reverse();
    let count = THREADS * (ROUNDS - ROUNDS / 3) * 2;
    let seqs: Vec<i64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (1..=count).collect::<Vec<_>>());
    let number = |event: &StoredAuditEvent, key: &str| event.changes[key].as_i64().unwrap();
    for pair in events.chunks(2) {
        assert_eq!(
            number(&pair[0], "thread"),
            number(&pair[1], "thread"),
            "a transaction's events stand together"
        );
        assert_eq!((number(&pair[0], "part"), number(&pair[1], "part")), (0, 1));
    }
    for thread in 0..THREADS {
        let rounds: Vec<i64> = events
            .iter()
            .filter(|event| number(event, "thread") == thread)
            .map(|event| number(event, "round"))
            .collect();
        assert!(rounds.is_sorted(), "thread {thread}: {rounds:?}");
    }
}

fn filters_narrow_and_pages_go_back_in_time(store: &Store) {
    let org = store.org("acme");
    let (ann, service, target): (Uuid, Uuid, Uuid) = (fresh(), fresh(), fresh());
    for n in 0..12_i64 {
        let event = AuditEvent {
            at: NOW + Duration::microseconds(n),
            actor: match n % 3 {
                0 => AuditActor::User(ann.into()),
                1 => AuditActor::Service(service),
                _ => AuditActor::System,
            },
            target_id: (n % 2 == 0).then_some(target),
            ..org.event(if n < 4 { "guest.invited" } else { "guest.claimed" })
        };
        store.in_turns(|tx| {
            tx.audit(event.clone());
            Ok(())
        });
    }
    let seqs =
        |filter: AuditFilter| -> Vec<i64> { list(&org, &filter).iter().map(|event| event.seq).collect() };
    let all = AuditFilter::default;
    assert_eq!(
        seqs(AuditFilter {
            actor: Some(ann),
            ..all()
        }),
        [10, 7, 4, 1]
    );
    assert_eq!(
        seqs(AuditFilter {
            actor: Some(service),
            ..all()
        }),
        [11, 8, 5, 2]
    );
    assert_eq!(
        seqs(AuditFilter {
            actor: Some(ann),
            target: Some(target),
            ..all()
        }),
        [7, 1]
    );
    assert_eq!(
        seqs(AuditFilter {
            action: Some("guest.invited".to_owned()),
            ..all()
        }),
        [4, 3, 2, 1]
    );
    let at = |micros| Some(NOW + Duration::microseconds(micros));
    assert_eq!(
        seqs(AuditFilter {
            since: at(2),
            until: at(5),
            ..all()
        }),
        [5, 4, 3]
    );

    let mut walked = Vec::new();
    let mut before = None;
    loop {
        let page = store.read(|tx| audit::list(tx, org.id, &all(), before, 5));
        let Some(last) = page.last() else { break };
        before = Some(last.seq);
        walked.extend(page.iter().map(|event| event.seq));
    }
    assert_eq!(walked, (1..=12).rev().collect::<Vec<_>>());
}

fn nobody_changes_or_deletes_an_event(store: &Store) {
    let org = store.org("acme");
    store.in_turns(|tx| {
        tx.audit(org.event("test.first"));
        tx.audit(org.event("test.second"));
        Ok(())
    });
    let before = list(&org, &AuditFilter::default());
    let mut attempts = vec![
        "UPDATE audit_events SET action = 'test.other'",
        "UPDATE audit_events SET seq = seq + 10 WHERE seq = 2",
        "DELETE FROM audit_events WHERE seq = 1",
        "DELETE FROM audit_events",
    ];
    if store.is_postgres() {
        attempts.push("TRUNCATE audit_events");
    }
    for sql in attempts {
        let refused = store.place.try_sql(sql).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{sql}: {refused}");
    }
    assert_eq!(list(&org, &AuditFilter::default()), before);
}
