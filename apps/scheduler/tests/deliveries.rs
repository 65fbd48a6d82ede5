//! From the outbox to the transport: once each, whatever happens to workers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use time::Duration;
use time::macros::date;
use uuid::Uuid;
use vestibule_mailer::{
    Delivered, FileTransport, MailError, MailKind, Mailbox, MemoryTransport, Message, Transport,
};
use vestibule_persistence::ids::OutboxId;
use vestibule_persistence::one_time_links::LinkPurpose;
use vestibule_persistence::outbox;
use vestibule_persistence::users::UserDetails;
use vestibule_scheduler::mail::{self, Audience, EndCause, LastDayChange};
use vestibule_scheduler::{PassReport, WorkerSettings};
use vestibule_test_support::mails_in;

use crate::world::{World, settings};

on_both_databases! {
    workers_side_by_side_send_each_mail_once,
    a_worker_that_dies_after_delivering_leaves_nothing_to_send_twice,
    a_worker_that_dies_before_delivering_loses_nothing,
    a_slow_worker_does_not_send_what_another_has_taken_over,
    a_mail_that_cannot_be_understood_is_given_up_and_holds_nothing_up,
    a_reader_without_a_usable_address_is_given_up,
    a_mail_that_was_overtaken_by_events_is_dropped,
    a_change_is_told_in_the_words_that_fit,
}

/// A transport that does something first, and may then not deliver at all.
struct Hooked<F> {
    inner: Arc<dyn Transport>,
    calls: AtomicUsize,
    hook: F,
}

impl<F: Fn(usize, &dyn Transport, &Message)> Hooked<F> {
    fn around(inner: Arc<dyn Transport>, hook: F) -> Arc<Self> {
        Arc::new(Self {
            inner,
            calls: AtomicUsize::new(0),
            hook,
        })
    }
}

impl<F: Fn(usize, &dyn Transport, &Message) + Send + Sync> Transport for Hooked<F> {
    fn deliver(&self, message: &Message) -> Result<Delivered, MailError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        (self.hook)(call, self.inner.as_ref(), message);
        self.inner.deliver(message)
    }

    fn already_delivered(&self, outbox_id: Uuid) -> bool {
        self.inner.already_delivered(outbox_id)
    }
}

/// Never knows what it has delivered, as a mail server.
#[derive(Default)]
struct Forgetful(Mutex<Vec<Uuid>>);

impl Transport for Forgetful {
    fn deliver(&self, message: &Message) -> Result<Delivered, MailError> {
        self.0.lock().unwrap().push(message.outbox_id);
        Ok(Delivered::Now)
    }

    fn already_delivered(&self, _outbox_id: Uuid) -> bool {
        false
    }
}

fn folder_of_mails() -> (tempfile::TempDir, Arc<FileTransport>) {
    let folder = tempfile::tempdir().unwrap();
    let from = Mailbox::parse("Vestibule <no-reply@guests.example>").unwrap();
    let transport = Arc::new(FileTransport::new(folder.path(), from).unwrap());
    (folder, transport)
}

fn workers_side_by_side_send_each_mail_once(world: &World) {
    let queued: Vec<Uuid> = (0..60)
        .map(|_| {
            let mail = mail::password_reset(world.org.id, &world.sponsor, world.clock.now());
            let id = mail.id.as_uuid();
            world.queue(mail);
            id
        })
        .collect();
    let delivered = Mutex::new(Vec::new());
    let delivered = Arc::new(delivered);
    let seen = Arc::clone(&delivered);
    let transport = Hooked::around(Arc::new(world.mail.clone()), move |_, _, m: &Message| {
        seen.lock().unwrap().push(m.outbox_id)
    });
    let settings = WorkerSettings {
        mails_per_batch: 5,
        mails_at_once: 3,
        ..settings()
    };
    let mut sent = 0;
    while world.next_mail().is_some() {
        sent += thread::scope(|scope| {
            let workers: Vec<_> = (0..4)
                .map(|_| {
                    let worker = world.worker_on(&world.database, transport.clone(), settings);
                    scope.spawn(move || worker.run_once().unwrap().mails_sent)
                })
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap())
                .sum::<u64>()
        });
    }
    let mut delivered = delivered.lock().unwrap().clone();
    delivered.sort_unstable();
    let mut queued = queued;
    queued.sort_unstable();
    assert_eq!(delivered, queued);
    assert_eq!(sent, 60);
}

fn a_worker_that_dies_after_delivering_leaves_nothing_to_send_twice(world: &World) {
    let ada = world.invited("Ada Lovelace", date!(2026 - 03 - 20));
    world.queue(mail::invitation(world.org.id, &ada, None, world.clock.now()));
    let (folder, files) = folder_of_mails();
    let deadly = Hooked::around(files.clone(), |_, files, message: &Message| {
        files.deliver(message).unwrap();
        panic!("the worker dies here");
    });
    let dying = world.worker_with(deadly);
    assert!(catch_unwind(AssertUnwindSafe(|| dying.run_once())).is_err());
    assert_eq!(mails_in(folder.path()).len(), 1);

    let next = world.worker_with(files);
    assert_eq!(
        next.run_once().unwrap().mails_sent,
        0,
        "the lease of the dead worker holds"
    );
    world.clock.advance(Duration::seconds(60));
    assert_eq!(next.run_once().unwrap().mails_sent, 1);
    assert_eq!(world.next_mail(), None);

    let mails = mails_in(folder.path());
    assert_eq!(mails.len(), 1);
    let link = world.link_in(&mails[0].mail.text, LinkPurpose::Claim);
    assert_eq!(link.user_id, ada.id);

    world.clock.set(link.expires_at + Duration::days(8));
    assert_eq!(
        world.pass().retired.links,
        1,
        "no second link was made for a mail that had left"
    );
}

fn a_worker_that_dies_before_delivering_loses_nothing(world: &World) {
    let ada = world.invited("Ada Lovelace", date!(2026 - 03 - 20));
    world.queue(mail::invitation(world.org.id, &ada, None, world.clock.now()));
    let (folder, files) = folder_of_mails();
    let deadly = Hooked::around(files.clone(), |_, _, _: &Message| panic!("the worker dies here"));
    let dying = world.worker_with(deadly);
    assert!(catch_unwind(AssertUnwindSafe(|| dying.run_once())).is_err());
    assert!(mails_in(folder.path()).is_empty());

    world.clock.advance(Duration::seconds(60));
    assert_eq!(world.worker_with(files).run_once().unwrap().mails_sent, 1);
    let mails = mails_in(folder.path());
    assert_eq!(mails.len(), 1);
    let link = world.link_in(&mails[0].mail.text, LinkPurpose::Claim);
    assert_eq!(
        link.created_at,
        world.clock.now(),
        "made for the mail that was really sent"
    );
}

fn a_slow_worker_does_not_send_what_another_has_taken_over(world: &World) {
    for _ in 0..3 {
        world.queue(mail::password_reset(
            world.org.id,
            &world.sponsor,
            world.clock.now(),
        ));
    }
    let server = Arc::new(Forgetful::default());
    let other = Mutex::new(Some(world.worker_with(server.clone())));
    let clock = world.clock.clone();
    let slow = Hooked::around(server.clone(), move |call, _, _: &Message| {
        if call == 0 {
            clock.advance(Duration::minutes(2));
            let report = other.lock().unwrap().take().unwrap().run_once().unwrap();
            assert_eq!(report.mails_sent, 3, "the lease of the slow worker is over");
        }
    });
    let report = world.worker_with(slow.clone()).run_once().unwrap();
    assert_eq!(report.mails_sent, 0);
    assert_eq!(
        slow.calls.load(Ordering::SeqCst),
        1,
        "only the mail that was under way"
    );
    let delivered = server.0.lock().unwrap().clone();
    assert_eq!(
        delivered.len(),
        4,
        "that mail twice: at least once is what a mail server gets"
    );
    assert_eq!(world.next_mail(), None);
}

fn a_mail_that_cannot_be_understood_is_given_up_and_holds_nothing_up(world: &World) {
    world.queue_unreadable(&world.sponsor);
    world.queue(mail::password_reset(
        world.org.id,
        &world.sponsor,
        world.clock.now(),
    ));
    let report = world.pass();
    assert_eq!(
        report,
        PassReport {
            mails_sent: 1,
            mails_failed: 1,
            mails_given_up: 1,
            ..PassReport::default()
        }
    );
    assert_eq!(world.next_mail(), None);
}

fn a_reader_without_a_usable_address_is_given_up(world: &World) {
    world.change(&world.sponsor, |sponsor| sponsor.email = "nobody".to_owned());
    world.queue(mail::password_reset(
        world.org.id,
        &world.sponsor,
        world.clock.now(),
    ));
    assert_eq!(world.pass().mails_given_up, 1);
}

fn a_mail_that_was_overtaken_by_events_is_dropped(world: &World) {
    let (ada, now) = (
        world.guest("Ada Lovelace", date!(2026 - 03 - 20)),
        world.clock.now(),
    );
    let window = ada.guest().unwrap().window;
    let org = &world.org;
    let sponsor = Audience::Sponsor(world.sponsor.id);
    // Access was given again, the last day has moved once more.
    world.queue(mail::access_ended(
        org,
        ada.id,
        window,
        Audience::Guest,
        EndCause::Revoked,
        now,
    ));
    world.queue(mail::access_changed(
        org,
        ada.id,
        window,
        sponsor,
        LastDayChange::Extended,
        now,
    ));
    world.move_end(&ada, date!(2026 - 03 - 25));
    assert_eq!(
        world.pass(),
        PassReport {
            mails_unwanted: 2,
            ..PassReport::default()
        }
    );

    // The guest is deleted, the sponsor deactivated.
    let eve = world.guest("Eve Gone", date!(2026 - 03 - 20));
    world.queue(mail::access_ended(
        org,
        eve.id,
        window,
        sponsor,
        EndCause::Revoked,
        now,
    ));
    world.delete(&eve);
    let bob = world.revoke(&world.guest("Bob Revoked", date!(2026 - 03 - 20)));
    world.queue(mail::access_ended(
        org,
        bob.id,
        window,
        sponsor,
        EndCause::Revoked,
        now,
    ));
    world.change(&world.sponsor, |sponsor| {
        sponsor.details = UserDetails::Standard {
            deactivated_at: Some(now),
        };
    });
    assert_eq!(
        world.pass(),
        PassReport {
            mails_unwanted: 2,
            ..PassReport::default()
        }
    );
    assert!(world.mailed().is_empty());
}

fn a_change_is_told_in_the_words_that_fit(world: &World) {
    let (ada, now, org) = (
        world.guest("Ada Lovelace", date!(2026 - 03 - 20)),
        world.clock.now(),
        &world.org,
    );
    let window = ada.guest().unwrap().window;
    let sponsor = Audience::Sponsor(world.sponsor.id);
    world.queue(mail::access_changed(
        org,
        ada.id,
        window,
        Audience::Guest,
        LastDayChange::Extended,
        now,
    ));
    world.queue(mail::access_changed(
        org,
        ada.id,
        window,
        sponsor,
        LastDayChange::Other,
        now,
    ));
    assert_eq!(world.pass().mails_sent, 2);
    world.revoke(&ada);
    world.queue(mail::access_ended(
        org,
        ada.id,
        window,
        Audience::Guest,
        EndCause::Revoked,
        now,
    ));
    assert_eq!(world.pass().mails_sent, 1);
    let messages = world.mail.messages();
    let kinds: Vec<_> = messages.iter().map(|m| m.kind).collect();
    assert_eq!(
        kinds,
        [
            MailKind::AccessExtended,
            MailKind::AccessChanged,
            MailKind::AccessEnded
        ]
    );
    assert!(
        messages[2].text.contains("An administrator of Acme ended it."),
        "{}",
        messages[2].text
    );
}

/// Not a promise of the worker but of what it stands on: an id names a mail for good.
#[test]
fn a_transport_knows_a_mail_by_its_outbox_id() {
    let world = World::sqlite();
    let transport = MemoryTransport::new();
    let mail = mail::password_reset(world.org.id, &world.sponsor, world.clock.now());
    let id: OutboxId = mail.id;
    world.write(|tx| outbox::queue(tx, &mail));
    world.worker_with(Arc::new(transport.clone())).run_once().unwrap();
    assert!(transport.already_delivered(id.as_uuid()));
}
