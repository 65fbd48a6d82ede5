//! What is cleared away, and when.

use time::Duration;
use time::macros::date;
use vestibule_persistence::idempotency::{self, IdempotencyScope, StoredAnswer};
use vestibule_scheduler::{PassReport, RetiredCounts, WorkerSettings, mail};

use crate::world::{World, settings};

on_both_databases! {
    sessions_tokens_and_answers_go_when_their_time_is_over,
    links_stay_for_a_week_and_mails_for_thirty_days,
    mail_that_waits_is_never_cleared_away,
    many_rows_go_in_many_batches,
}

fn store_answer(world: &World, expires_at: time::UtcDateTime) {
    let scope = IdempotencyScope {
        org: world.org.id,
        actor: world.sponsor.id.as_uuid(),
        route: "POST /guests".to_owned(),
        key_hash: vec![7; 32],
    };
    let answer = StoredAnswer {
        body_hash: vec![1; 32],
        sealed: vec![2],
    };
    world.write(|tx| idempotency::store(tx, &scope, &answer, world.clock.now(), expires_at));
}

fn retired(world: &World) -> RetiredCounts {
    let report = world.pass();
    assert_eq!(
        PassReport {
            retired: RetiredCounts::default(),
            ..report
        },
        PassReport::default()
    );
    report.retired
}

fn sessions_tokens_and_answers_go_when_their_time_is_over(world: &World) {
    let (now, hour) = (world.clock.now(), Duration::hours(1));
    let short = world.session_of(&world.sponsor, now + hour);
    let long = world.session_of(&world.sponsor, now + hour * 2);
    let limited = world.api_token_of(&world.sponsor, Some(now + hour));
    let unlimited = world.api_token_of(&world.sponsor, None);
    store_answer(world, now + hour);

    world.clock.advance(hour - Duration::MICROSECOND);
    assert_eq!(retired(world), RetiredCounts::default());
    world.clock.advance(Duration::MICROSECOND);
    let gone = RetiredCounts {
        sessions: 1,
        api_tokens: 1,
        idempotency_keys: 1,
        ..RetiredCounts::default()
    };
    assert_eq!(retired(world), gone);
    assert!(!world.has_session(&short) && world.has_session(&long));
    assert!(!world.has_api_token(&limited) && world.has_api_token(&unlimited));
    assert_eq!(retired(world), RetiredCounts::default());
}

fn links_stay_for_a_week_and_mails_for_thirty_days(world: &World) {
    let end = world.clock.now() + Duration::hours(1);
    let link = world.link_of(&world.sponsor, end);
    world.queue(mail::password_reset(
        world.org.id,
        &world.sponsor,
        world.clock.now(),
    ));
    let sent_at = world.clock.now();
    assert_eq!(world.pass().mails_sent, 1);

    world.clock.set(end + Duration::days(7) - Duration::MICROSECOND);
    assert_eq!(retired(world), RetiredCounts::default());
    assert!(world.has_reset_link(&link));
    world.clock.advance(Duration::MICROSECOND);
    assert_eq!(
        retired(world),
        RetiredCounts {
            links: 2,
            ..RetiredCounts::default()
        },
        "the mailed one too"
    );

    world
        .clock
        .set(sent_at + Duration::days(30) - Duration::MICROSECOND);
    assert_eq!(retired(world), RetiredCounts::default());
    world.clock.advance(Duration::MICROSECOND);
    assert_eq!(
        retired(world),
        RetiredCounts {
            mails: 1,
            ..RetiredCounts::default()
        }
    );
}

fn mail_that_waits_is_never_cleared_away(world: &World) {
    let ada = world.invited("Ada Lovelace", date!(2026 - 05 - 20));
    world.queue(mail::invitation(world.org.id, &ada, None, world.clock.now()));
    world.clock.advance(Duration::days(60));
    let report = world.pass();
    assert_eq!((report.mails_sent, report.retired.mails), (1, 0));
}

fn many_rows_go_in_many_batches(world: &World) {
    for _ in 0..25 {
        world.session_of(&world.sponsor, world.clock.now() + Duration::hours(1));
    }
    world.clock.advance(Duration::hours(1));
    let settings = WorkerSettings {
        rows_per_batch: 10,
        ..settings()
    };
    let worker = world.worker_on(&world.database, std::sync::Arc::new(world.mail.clone()), settings);
    assert_eq!(worker.run_once().unwrap().retired.sessions, 25);
}
