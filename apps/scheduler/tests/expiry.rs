//! The tidy-up after access has ended.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;

use serde_json::json;
use time::Duration;
use time::macros::date;
use vestibule_guest_lifecycle::GuestStatus;
use vestibule_persistence::audit::AuditActor;
use vestibule_persistence::users;
use vestibule_scheduler::{PassReport, WorkerSettings};

use crate::world::{World, settings};

const LAST_DAY: time::Date = date!(2026 - 03 - 10);

on_both_databases! {
    an_ended_guest_is_tidied_up_once,
    nothing_happens_before_the_very_instant,
    who_has_access_does_not_depend_on_it,
    four_workers_at_once_record_each_expiry_once,
    a_guest_revived_in_time_is_left_alone,
    revoked_and_deleted_guests_are_passed_over,
    two_thousand_guests_ending_at_once_are_all_tidied_up,
    a_sponsor_who_does_not_want_mail_or_is_gone_gets_none,
    what_was_loaded_before_the_tidy_up_is_not_saved_over_it,
}

fn end_of(world: &World) -> time::UtcDateTime {
    vestibule_guest_lifecycle::AccessWindow::ending_on(LAST_DAY, &world.org.zone).ends_at
}

fn an_ended_guest_is_tidied_up_once(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let other = world.guest("Someone Else", date!(2026 - 05 - 01));
    let later = end_of(world) + Duration::days(30);
    let hashes = (
        world.session_of(&ada, later),
        world.api_token_of(&ada, None),
        world.link_of(&ada, later),
        world.session_of(&other, later),
    );
    let policy = world.policy_version();
    world.change(&ada, |ada| {
        if let users::UserDetails::Guest(details) = &mut ada.details {
            details.reminders = vestibule_guest_lifecycle::ReminderTimes::NONE;
        }
    });

    world.clock.set(end_of(world));
    let report = world.pass();
    assert_eq!(
        report,
        PassReport {
            expired: 1,
            mails_sent: 2,
            ..PassReport::default()
        }
    );

    assert!(!world.has_session(&hashes.0) && !world.has_api_token(&hashes.1));
    assert!(!world.has_reset_link(&hashes.2));
    assert!(world.has_session(&hashes.3), "another guest's session stays");
    let after = world.find(&ada);
    assert_eq!((after.access_epoch, after.link_epoch), (2, 2));
    assert_eq!(after.guest().unwrap().expiry_due_at, None);
    assert!(world.policy_version() > policy);

    let events = world.events("guest.expired");
    assert_eq!(events.len(), 1);
    assert_eq!(
        (events[0].actor, events[0].at),
        (AuditActor::System, end_of(world))
    );
    assert_eq!(events[0].target_type.as_deref(), Some("guest"));
    assert_eq!(events[0].target_id, Some(ada.id.as_uuid()));
    assert_eq!(
        events[0].changes,
        json!({"status": {"before": "active", "after": "expired"}})
    );
    assert_eq!(
        world.mailed(),
        [
            (
                "ada.lovelace@example.com".to_owned(),
                "Your guest access to Acme has ended".to_owned()
            ),
            (
                "grace.hopper@example.com".to_owned(),
                "Ada Lovelace's guest access to Acme has ended".to_owned()
            ),
        ]
    );

    world.clock.advance(Duration::days(3));
    assert_eq!(world.pass(), PassReport::default());
    assert_eq!(world.events("guest.expired").len(), 1);
}

fn nothing_happens_before_the_very_instant(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    world.clock.set(end_of(world) - Duration::MICROSECOND);
    assert_eq!(world.pass().expired, 0);
    assert_eq!(world.next_due(), Some(end_of(world)));
    assert_eq!(world.find(&ada).access_epoch, 1);
    world.clock.advance(Duration::MICROSECOND);
    assert_eq!(world.pass().expired, 1);
}

fn who_has_access_does_not_depend_on_it(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let grace = world.guest("Another Guest", date!(2026 - 05 - 01));
    world.clock.set(end_of(world) + Duration::days(5));
    let without = (world.status(&ada), world.status(&grace));
    assert_eq!(without, (GuestStatus::Expired, GuestStatus::Active));
    world.pass();
    assert_eq!((world.status(&ada), world.status(&grace)), without);
}

fn four_workers_at_once_record_each_expiry_once(world: &World) {
    let guests: BTreeSet<_> = (0..200)
        .map(|n| world.guest(&format!("Guest {n}"), LAST_DAY).id.as_uuid())
        .collect();
    world.clock.set(end_of(world));
    let settings = WorkerSettings {
        guests_per_batch: 7,
        ..settings()
    };
    let mut expired = 0;
    // A worker that finds every row in other hands ends its pass, so some pass has to see that nothing is left.
    while world.next_due().is_some_and(|at| at <= world.clock.now()) {
        expired += thread::scope(|scope| {
            let workers: Vec<_> = (0..4)
                .map(|_| {
                    let worker = world.worker_on(&world.database, Arc::new(world.mail.clone()), settings);
                    scope.spawn(move || worker.run_once().unwrap())
                })
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap().expired)
                .sum::<u64>()
        });
    }
    assert_eq!(expired, 200);
    let events = world.events("guest.expired");
    assert_eq!(events.len(), 200);
    assert_eq!(
        events
            .iter()
            .filter_map(|event| event.target_id)
            .collect::<BTreeSet<_>>(),
        guests
    );
    while world.next_mail().is_some_and(|at| at <= world.clock.now()) {
        world.pass();
    }
    assert_eq!(world.mail.messages().len(), 400);
}

fn a_guest_revived_in_time_is_left_alone(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    world.clock.set(end_of(world) + Duration::hours(1));
    let ada = world.move_end(&ada, date!(2026 - 03 - 20));
    let session = world.session_of(&ada, world.clock.now() + Duration::days(30));
    assert_eq!(world.pass().expired, 0);
    assert!(world.has_session(&session));
    assert!(world.events("guest.expired").is_empty());

    world.clock.set(ada.guest().unwrap().window.ends_at);
    assert_eq!(world.pass().expired, 1);
    assert!(!world.has_session(&session));
}

fn revoked_and_deleted_guests_are_passed_over(world: &World) {
    let ada = world.revoke(&world.guest("Ada Lovelace", LAST_DAY));
    let eve = world.guest("Eve Gone", LAST_DAY);
    world.delete(&eve);
    world.clock.set(end_of(world));
    assert_eq!(world.pass(), PassReport::default());
    assert_eq!(world.next_due(), None);
    assert_eq!(world.find(&ada).access_epoch, ada.access_epoch);
    assert!(world.events("guest.expired").is_empty() && world.mailed().is_empty());
}

fn two_thousand_guests_ending_at_once_are_all_tidied_up(world: &World) {
    world.change(&world.sponsor, |sponsor| {
        sponsor.notifications.sponsored_guests = false
    });
    let guests: Vec<_> = (0..2000)
        .map(|n| world.unsaved_guest(&format!("Guest {n}"), LAST_DAY))
        .collect();
    world.write(|tx| {
        guests
            .iter()
            .try_for_each(|guest| users::insert(tx, world.org.id, guest))
    });
    world.clock.set(end_of(world));
    let report = world.pass();
    assert_eq!((report.expired, report.mails_sent), (2000, 2000));
    assert_eq!((world.next_due(), world.next_mail()), (None, None));
    assert_eq!(world.events("guest.expired").len(), 2000);
}

fn a_sponsor_who_does_not_want_mail_or_is_gone_gets_none(world: &World) {
    let quiet = world.guest("Ada Lovelace", LAST_DAY);
    world.change(&world.sponsor, |sponsor| {
        sponsor.notifications.sponsored_guests = false
    });
    world.clock.set(end_of(world));
    assert_eq!(world.pass().mails_sent, 1);

    let alone = world.guest("Eve Alone", date!(2026 - 03 - 12));
    world.change(&world.sponsor, |sponsor| {
        sponsor.notifications.sponsored_guests = true;
        sponsor.details = users::UserDetails::Standard {
            deactivated_at: Some(world.clock.now()),
        };
    });
    world.clock.set(alone.guest().unwrap().window.ends_at);
    world.pass();
    assert!(world.mailed_to(&world.sponsor).is_empty());
    assert_eq!(world.mailed_to(&quiet).len(), 1);
}

fn what_was_loaded_before_the_tidy_up_is_not_saved_over_it(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let loaded = world.find(&ada);
    world.clock.set(end_of(world));
    world.pass();
    let saved = world.database.write(world.org.id, |tx| {
        users::save(tx, world.org.id, &mut loaded.clone(), world.clock.now())
    });
    assert!(saved.is_err());
    assert_eq!(world.pass().expired, 0);
}
