//! A mail server that is away, comes back, or refuses.

use std::sync::Arc;

use secrecy::SecretString;
use time::Duration;
use vestibule_mailer::{Mailbox, SmtpTransport};
use vestibule_persistence::one_time_links::LinkPurpose;
use vestibule_scheduler::{PassReport, Worker, mail};
use vestibule_test_support::{ParsedMail, SmtpBehaviour, SmtpServer};

use crate::world::World;

on_both_databases! {
    mail_waits_for_a_server_that_is_away_a_little_longer_each_time,
    a_mail_that_the_server_refuses_for_good_is_given_up,
    a_server_that_stays_away_for_days_makes_the_worker_give_up,
    an_unconfirmed_mail_is_sent_again_under_the_same_name_and_both_links_work,
}

fn worker(world: &World, server: &SmtpServer) -> Worker {
    let from = Mailbox::parse("no-reply@guests.example").unwrap();
    let url = SecretString::from(server.url());
    world.worker_with(Arc::new(SmtpTransport::new(&url, from).unwrap()))
}

fn pass(worker: &Worker) -> PassReport {
    PassReport {
        duration_ms: 0,
        ..worker.run_once().unwrap()
    }
}

fn queue_reset(world: &World) -> uuid::Uuid {
    let mail = mail::password_reset(world.org.id, &world.sponsor, world.clock.now());
    let id = mail.id.as_uuid();
    world.queue(mail);
    id
}

const FAILED: PassReport = PassReport {
    mails_failed: 1,
    expired: 0,
    reminders_queued: 0,
    mails_sent: 0,
    mails_given_up: 0,
    mails_unwanted: 0,
    record_batches: 0,
    retired: vestibule_scheduler::RetiredCounts {
        sessions: 0,
        api_tokens: 0,
        links: 0,
        idempotency_keys: 0,
        mails: 0,
    },
    duration_ms: 0,
};

fn mail_waits_for_a_server_that_is_away_a_little_longer_each_time(world: &World) {
    let server = SmtpServer::start();
    let worker = worker(world, &server);
    let id = queue_reset(world);
    let ways_to_be_away = [
        SmtpBehaviour::HangUp,
        SmtpBehaviour::RefuseRecipients(450),
        SmtpBehaviour::RefuseData(452),
        SmtpBehaviour::HangUp,
    ];
    let mut expected = Duration::seconds(30);
    for behaviour in ways_to_be_away {
        server.behave(behaviour);
        assert_eq!(pass(&worker), FAILED);
        assert_eq!(pass(&worker), PassReport::default(), "not again at once");
        let wait = world.next_mail().unwrap() - world.clock.now();
        assert!(
            (expected..=expected * 1.25).contains(&wait),
            "{wait} instead of {expected}"
        );
        world.clock.advance(wait);
        expected *= 2;
    }
    server.behave(SmtpBehaviour::Accept);
    assert_eq!(
        pass(&worker),
        PassReport {
            mails_sent: 1,
            ..PassReport::default()
        }
    );

    let received = server.wait_for(1);
    assert_eq!(received.len(), 1);
    let parsed = ParsedMail::parse(&received[0].raw);
    assert_eq!(parsed.message_id, Some(format!("{id}@guests.example")));
    let link = world.link_in(&parsed.text, LinkPurpose::PasswordReset);
    assert_eq!(
        link.expires_at,
        world.clock.now() + Duration::hours(1),
        "the wait takes nothing from the link"
    );
}

fn a_mail_that_the_server_refuses_for_good_is_given_up(world: &World) {
    let server = SmtpServer::start();
    server.behave(SmtpBehaviour::RefuseRecipients(550));
    queue_reset(world);
    assert_eq!(
        pass(&worker(world, &server)),
        PassReport {
            mails_given_up: 1,
            ..FAILED
        }
    );
    assert_eq!(world.next_mail(), None);
    server.behave(SmtpBehaviour::Accept);
    world.clock.advance(Duration::days(1));
    assert_eq!(pass(&worker(world, &server)).mails_sent, 0);
}

fn a_server_that_stays_away_for_days_makes_the_worker_give_up(world: &World) {
    let server = SmtpServer::start();
    server.behave(SmtpBehaviour::HangUp);
    let worker = worker(world, &server);
    let queued_at = world.clock.now();
    queue_reset(world);
    let mut attempts = 0;
    while let Some(at) = world.next_mail() {
        world.clock.set(at);
        assert_eq!(pass(&worker).mails_failed, 1);
        attempts += 1;
    }
    assert_eq!(attempts, 21);
    let days = world.clock.now() - queued_at;
    assert!(
        (Duration::hours(66)..Duration::hours(84)).contains(&days),
        "{days}"
    );
}

fn an_unconfirmed_mail_is_sent_again_under_the_same_name_and_both_links_work(world: &World) {
    let server = SmtpServer::start();
    server.behave(SmtpBehaviour::HangUpAfterData);
    let worker = worker(world, &server);
    queue_reset(world);
    assert_eq!(pass(&worker), FAILED);
    server.behave(SmtpBehaviour::Accept);
    world.clock.advance(Duration::minutes(1));
    assert_eq!(pass(&worker).mails_sent, 1);

    let mails: Vec<_> = server
        .wait_for(2)
        .iter()
        .map(|mail| ParsedMail::parse(&mail.raw))
        .collect();
    assert_eq!(mails[0].message_id, mails[1].message_id);
    let links = [&mails[0], &mails[1]].map(|mail| world.link_in(&mail.text, LinkPurpose::PasswordReset));
    assert!(
        links[0].id != links[1].id
            && links
                .iter()
                .all(|link| link.link_epoch == world.sponsor.link_epoch)
    );
}
