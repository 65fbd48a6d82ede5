//! The reminders ahead of the end, to guest and sponsor.

use time::macros::date;
use time::{Date, Duration, UtcDateTime};
use vestibule_guest_lifecycle::AccessWindow;
use vestibule_mailer::MailError;
use vestibule_mailer::MailKind;
use vestibule_persistence::users::{self, User};
use vestibule_scheduler::PassReport;

use crate::world::World;

const LAST_DAY: Date = date!(2026 - 03 - 20);

on_both_databases! {
    guest_and_sponsor_are_reminded_a_week_and_a_day_ahead,
    each_end_date_has_its_own_reminders,
    a_moment_that_had_passed_when_the_date_was_set_is_not_made_up_for,
    a_worker_that_was_away_for_days_says_only_what_is_still_true,
    everybody_chooses_whether_to_be_reminded,
    nobody_is_reminded_of_an_access_that_is_over_or_switched_off,
    a_reminder_that_was_overtaken_is_not_sent,
    what_was_loaded_before_a_reminder_does_not_bring_it_back,
}

fn end_of(world: &World, last_day: Date) -> UtcDateTime {
    AccessWindow::ending_on(last_day, &world.org.zone).ends_at
}

/// Kinds and readers of what the worker sends at an instant.
fn sent_at(world: &World, at: UtcDateTime) -> Vec<(MailKind, String)> {
    let before = world.mail.messages().len();
    world.clock.set(at);
    world.pass();
    let messages = world.mail.messages();
    messages[before..]
        .iter()
        .map(|m| (m.kind, m.to.email().to_owned()))
        .collect()
}

fn both(kind: MailKind, guest: &User, sponsor: &User) -> Vec<(MailKind, String)> {
    vec![(kind, guest.email.clone()), (kind, sponsor.email.clone())]
}

fn guest_and_sponsor_are_reminded_a_week_and_a_day_ahead(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let end = end_of(world, LAST_DAY);
    let (week, day) = (end - Duration::days(7), end - Duration::days(1));

    assert_eq!(world.next_due(), Some(week));
    assert!(sent_at(world, week - Duration::MICROSECOND).is_empty());
    assert_eq!(
        sent_at(world, week),
        both(MailKind::EndsInAWeek, &ada, &world.sponsor)
    );
    assert!(sent_at(world, day - Duration::MICROSECOND).is_empty());
    assert_eq!(
        sent_at(world, day),
        both(MailKind::EndsTomorrow, &ada, &world.sponsor)
    );
    assert!(sent_at(world, end - Duration::MICROSECOND).is_empty());

    let texts: Vec<_> = world.mail.messages().into_iter().map(|m| m.text).collect();
    assert!(texts[0].contains("20 March 2026 (Europe/Berlin time)") && texts[0].contains("Grace Hopper"));
    assert!(
        texts[1].contains(&format!("https://guests.example/guests/{}", ada.id)),
        "{}",
        texts[1]
    );
}

fn each_end_date_has_its_own_reminders(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let week = end_of(world, LAST_DAY) - Duration::days(7);
    assert_eq!(sent_at(world, week).len(), 2);

    let longer = date!(2026 - 04 - 10);
    let ada = world.move_end(&ada, longer);
    assert_eq!(
        world.move_end(&ada, longer).version,
        ada.version + 1,
        "the same date again"
    );
    let end = end_of(world, longer);
    assert!(sent_at(world, end_of(world, LAST_DAY)).is_empty());
    assert_eq!(sent_at(world, end - Duration::days(7)).len(), 2);
    assert_eq!(sent_at(world, end - Duration::days(1)).len(), 2);
}

fn a_moment_that_had_passed_when_the_date_was_set_is_not_made_up_for(world: &World) {
    let soon = date!(2026 - 03 - 05);
    world.guest("Ada Lovelace", soon);
    assert!(sent_at(world, world.clock.now()).is_empty());
    assert_eq!(sent_at(world, end_of(world, soon) - Duration::days(1)).len(), 2);

    world.clock.advance(Duration::MICROSECOND);
    world.guest("Last Minute", soon);
    assert!(sent_at(world, end_of(world, soon) - Duration::hours(2)).is_empty());
}

fn a_worker_that_was_away_for_days_says_only_what_is_still_true(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let late = end_of(world, LAST_DAY) - Duration::days(4);
    assert_eq!(
        sent_at(world, late),
        both(MailKind::EndsInAWeek, &ada, &world.sponsor)
    );

    let eve = world.guest("Eve Later", date!(2026 - 04 - 10));
    let later = end_of(world, date!(2026 - 04 - 10)) - Duration::hours(5);
    let sent = sent_at(world, later);
    let about_eve: Vec<_> = sent
        .iter()
        .filter(|(kind, _)| *kind != MailKind::AccessEnded)
        .cloned()
        .collect();
    assert_eq!(about_eve, both(MailKind::EndsTomorrow, &eve, &world.sponsor));
}

fn everybody_chooses_whether_to_be_reminded(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let end = end_of(world, LAST_DAY);
    world.change(&ada, |ada| ada.notifications.access_reminders = false);
    assert_eq!(
        sent_at(world, end - Duration::days(7)),
        [(MailKind::EndsInAWeek, world.sponsor.email.clone())]
    );
    world.change(&world.sponsor, |sponsor| {
        sponsor.notifications.sponsored_guests = false
    });
    assert!(sent_at(world, end - Duration::days(1)).is_empty());
    assert_eq!(world.next_due(), Some(end));
}

fn nobody_is_reminded_of_an_access_that_is_over_or_switched_off(world: &World) {
    world.revoke(&world.guest("Ada Lovelace", LAST_DAY));
    let end = end_of(world, LAST_DAY);
    assert!(sent_at(world, end - Duration::days(7)).is_empty());

    world.guest("Eve Later", date!(2026 - 03 - 28));
    world.change_org(|org| org.guest_access = false);
    assert!(sent_at(world, end_of(world, date!(2026 - 03 - 28)) - Duration::days(7)).is_empty());
}

fn a_reminder_that_was_overtaken_is_not_sent(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let week = end_of(world, LAST_DAY) - Duration::days(7);
    world.clock.set(week);
    for _ in 0..2 {
        world.mail.fail_next(MailError::Temporary {
            reason: "away".to_owned(),
        });
    }
    let report = world.pass();
    assert_eq!(
        report,
        PassReport {
            reminders_queued: 2,
            mails_failed: 2,
            ..PassReport::default()
        }
    );

    world.move_end(&ada, date!(2026 - 04 - 10));
    world.clock.advance(Duration::minutes(1));
    assert_eq!(
        world.pass(),
        PassReport {
            mails_unwanted: 2,
            ..PassReport::default()
        }
    );
    assert!(world.mailed().is_empty());
}

fn what_was_loaded_before_a_reminder_does_not_bring_it_back(world: &World) {
    let ada = world.guest("Ada Lovelace", LAST_DAY);
    let loaded = world.find(&ada);
    assert_eq!(
        sent_at(world, end_of(world, LAST_DAY) - Duration::days(7)).len(),
        2
    );
    let saved = world.database.write(world.org.id, |tx| {
        users::save(tx, world.org.id, &mut loaded.clone(), world.clock.now())
    });
    assert!(saved.is_err());
    assert_eq!(world.pass(), PassReport::default());
}
