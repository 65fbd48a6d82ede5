//! The worker that runs until it is told to stop.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use uuid::Uuid;
use vestibule_mailer::{Delivered, MailError, MemoryTransport, Message, Transport};
use vestibule_persistence::outbox;
use vestibule_scheduler::{Waker, WorkerSettings, mail};

use crate::world::{Place, World, settings};

on_both_databases! {
    it_wakes_when_mail_is_queued_and_ends_when_told,
    it_finishes_the_mail_in_hand_and_gives_the_others_back,
    it_tidies_up_and_tells_about_it,
    it_lives_on_when_the_database_hangs_up,
}

/// Says when a mail has come, and goes on when it is let.
struct Watched {
    mail: MemoryTransport,
    came: UnboundedSender<Uuid>,
    go_on: Option<Mutex<Receiver<()>>>,
}

impl Transport for Watched {
    fn deliver(&self, message: &Message) -> Result<Delivered, MailError> {
        let _ = self.came.send(message.outbox_id);
        if let Some(go_on) = &self.go_on {
            let _ = go_on.lock().unwrap().recv();
        }
        self.mail.deliver(message)
    }

    fn already_delivered(&self, outbox_id: Uuid) -> bool {
        self.mail.already_delivered(outbox_id)
    }
}

fn watched(world: &World) -> (Arc<Watched>, UnboundedReceiver<Uuid>) {
    let (came, arrivals) = unbounded_channel();
    (
        Arc::new(Watched {
            mail: world.mail.clone(),
            came,
            go_on: None,
        }),
        arrivals,
    )
}

fn held_up(world: &World) -> (Arc<Watched>, UnboundedReceiver<Uuid>, Sender<()>) {
    let (came, arrivals) = unbounded_channel();
    let (release, go_on) = channel();
    (
        Arc::new(Watched {
            mail: world.mail.clone(),
            came,
            go_on: Some(Mutex::new(go_on)),
        }),
        arrivals,
        release,
    )
}

/// Sleeps so long that only a waker ends it within a test.
fn sleepy() -> WorkerSettings {
    WorkerSettings {
        max_sleep: Duration::from_secs(3600),
        ..settings()
    }
}

/// Runs a test that ends by itself; one that hangs is cut off.
fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let ended = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), future).await });
    runtime.shutdown_background();
    ended.expect("the worker does what it is waited for");
}

fn queue_reset(world: &World, waker: Option<&Waker>) -> Uuid {
    let mail = mail::password_reset(world.org.id, &world.sponsor, world.clock.now());
    let id = mail.id.as_uuid();
    world.queue(mail);
    if let Some(waker) = waker {
        waker.wake();
    }
    id
}

fn it_wakes_when_mail_is_queued_and_ends_when_told(world: &World) {
    let (transport, mut arrivals) = watched(world);
    let worker = world.worker_on(&world.database, transport, sleepy());
    let waker = worker.waker();
    block_on(async {
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(worker.run(async {
            let _ = stopped.await;
        }));
        for _ in 0..3 {
            let id = queue_reset(world, Some(&waker));
            assert_eq!(arrivals.recv().await, Some(id));
        }
        stop.send(()).unwrap();
        running.await.unwrap();
    });
    assert_eq!(world.mail.messages().len(), 3);
    assert_eq!(
        world.next_mail(),
        None,
        "the last mail was settled before the end"
    );
}

fn it_finishes_the_mail_in_hand_and_gives_the_others_back(world: &World) {
    let ids = [(); 3].map(|()| queue_reset(world, None));
    let (transport, mut arrivals, release) = held_up(world);
    let worker = world.worker_on(&world.database, transport, sleepy());
    block_on(async {
        let (stop, stopped) = oneshot::channel::<()>();
        let (heard, hears) = oneshot::channel::<()>();
        let running = tokio::spawn(worker.run(async {
            let _ = stopped.await;
            // Whoever waits for this is polled after the worker has taken note.
            let _ = heard.send(());
        }));
        arrivals.recv().await.unwrap();
        stop.send(()).unwrap();
        hears.await.unwrap();
        release.send(()).unwrap();
        drop(release);
        running.await.unwrap();
    });
    assert_eq!(world.mail.messages().len(), 1);
    assert_eq!(
        world.next_mail(),
        Some(world.clock.now()),
        "due at once, not after the lease"
    );

    let now = world.clock.now();
    let left = world.write(|tx| outbox::take_due(tx, now, now, Uuid::nil(), 10));
    assert_eq!(left.len(), 2);
    assert!(
        left.iter()
            .all(|mail| mail.attempts == 1 && ids.contains(&mail.id.as_uuid()))
    );
}

fn it_tidies_up_and_tells_about_it(world: &World) {
    let ada = world.guest("Ada Lovelace", time::macros::date!(2026 - 03 - 10));
    world.clock.set(ada.guest().unwrap().window.ends_at);
    let (transport, mut arrivals) = watched(world);
    let worker = world.worker_on(&world.database, transport, sleepy());
    block_on(worker.run(async move {
        for _ in 0..2 {
            arrivals.recv().await.unwrap();
        }
    }));
    assert_eq!(world.events("guest.expired").len(), 1);
    assert_eq!(world.mailed().len(), 2);
}

fn it_lives_on_when_the_database_hangs_up(world: &World) {
    let Place::Postgres(place) = &world.place else {
        return;
    };
    let (transport, mut arrivals) = watched(world);
    let worker = world.worker_on(&world.place.open(), transport, sleepy());
    let waker = worker.waker();
    block_on(async {
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(worker.run(async {
            let _ = stopped.await;
        }));
        for _ in 0..3 {
            place.cut_connections();
            let id = queue_reset(world, Some(&waker));
            assert_eq!(arrivals.recv().await, Some(id));
        }
        stop.send(()).unwrap();
        running.await.unwrap();
    });
    assert_eq!(world.mail.messages().len(), 3);
}
