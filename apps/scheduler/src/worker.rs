//! When to work, and how the parts of the work go together.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use time::UtcDateTime;
use tokio::sync::Notify;
use vestibule_mailer::Transport;
use vestibule_persistence::due::{self, DueEvent, Retired};
use vestibule_persistence::{Database, StoreError, object_tasks as tasks, outbox};

use crate::clock::Clock;
use crate::config::PublicUrl;
use crate::error::WorkError;
use crate::mail::sending;
use crate::report::{PassReport, Progress};
use crate::{guests, object_tasks, retention};

/// How much a worker does at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerSettings {
    /// The longest sleep between two looks at what is due.
    pub max_sleep: Duration,
    /// Guests a transaction; their rows are locked meanwhile.
    pub guests_per_batch: i64,
    /// Records a transaction that works on many; the org's other changes wait meanwhile.
    pub records_per_batch: i64,
    /// Mails taken together.
    pub mails_per_batch: i64,
    /// Mails under way at the same time.
    pub mails_at_once: usize,
    /// Rows cleared away in a transaction.
    pub rows_per_batch: i64,
    /// How often [`Worker::run`] clears away.
    pub retire_every: Duration,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            max_sleep: Duration::from_secs(5),
            guests_per_batch: 250,
            records_per_batch: 1000,
            mails_per_batch: 32,
            mails_at_once: 4,
            rows_per_batch: 1000,
            retire_every: Duration::from_secs(600),
        }
    }
}

/// Ends a worker's sleep early; to be called after a commit that queued mail, moved an end date nearer or put down work
/// on an object's records.
///
/// Never needed for anything to happen, only for it to happen at once. Clones wake the same worker.
#[derive(Clone, Debug, Default)]
pub struct Waker(Arc<Alarms>);

#[derive(Debug, Default)]
struct Alarms {
    guests: Notify,
    mail: Notify,
    objects: Notify,
}

impl Waker {
    /// Ends the worker's sleep; while it works, its next one.
    pub fn wake(&self) {
        self.0.guests.notify_one();
        self.0.mail.notify_one();
        self.0.objects.notify_one();
    }
}

/// Does everything that time makes due: tidies up after guests, reminds, sends mail, clears away. Also whatever takes
/// longer than a request may.
///
/// Any number of workers may share a database; each thing is done once. A worker that is late or dead changes
/// nothing about who has access.
pub struct Worker {
    pub(crate) database: Database,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Clock,
    pub(crate) public_url: PublicUrl,
    pub(crate) settings: WorkerSettings,
    waker: Waker,
    stopping: AtomicBool,
}

/// What works and sleeps on its own, so that a mass expiry doesn't hold up mail, nor slow mail the expiry, nor a million
/// records either of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    Guests,
    Mail,
    Objects,
}

impl Worker {
    /// A worker that does nothing before it is told to. Mailed links start with `public_url`.
    pub fn new(
        database: Database,
        transport: Arc<dyn Transport>,
        clock: Clock,
        public_url: PublicUrl,
        settings: WorkerSettings,
    ) -> Self {
        Self {
            database,
            transport,
            clock,
            public_url,
            settings,
            waker: Waker::default(),
            stopping: AtomicBool::new(false),
        }
    }

    /// What wakes this worker.
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Makes one full pass: works until nothing is due. Blocks, so call it where waiting is allowed.
    ///
    /// A part that fails does not keep the others from being done.
    ///
    /// # Errors
    ///
    /// The first failure, [`WorkError::Store`] or [`WorkError::Randomness`]. What failed stays due: a retry helps
    /// once the cause has passed.
    pub fn run_once(&self) -> Result<PassReport, WorkError> {
        let mut progress = Progress::start();
        let outcomes = [
            self.tend_guests(&mut progress),
            self.send_mails(&mut progress),
            self.work_on_objects(&mut progress),
            self.retire(&mut progress),
        ];
        let report = progress.finish();
        for outcome in outcomes {
            outcome?;
        }
        Ok(report)
    }

    /// Works until `shutdown` is ready, then finishes the batches in hand and returns. Needs a Tokio runtime with
    /// timers; all work happens on its blocking threads.
    ///
    /// Sleeps until the next thing is due, at most `max_sleep`. Failures are logged and tried again, later each time.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let worker = Arc::new(self);
        let lanes = async {
            tokio::join!(
                worker.live(Lane::Guests),
                worker.live(Lane::Mail),
                worker.live(Lane::Objects)
            )
        };
        tokio::pin!(lanes);
        tokio::select! {
            _ = &mut lanes => {}
            () = shutdown => {
                worker.stopping.store(true, Ordering::Relaxed);
                worker.waker.wake();
                lanes.await;
            }
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    async fn live(self: &Arc<Self>, lane: Lane) {
        let mut failures = 0;
        let mut retired_at: Option<Instant> = None;
        while !self.is_stopping() {
            let retire = lane == Lane::Guests
                && retired_at.is_none_or(|at| at.elapsed() >= self.settings.retire_every);
            let worker = Arc::clone(self);
            let turn = tokio::task::spawn_blocking(move || worker.turn(lane, retire)).await;
            let sleep = match turn {
                Ok(Ok(next)) => {
                    failures = 0;
                    if retire {
                        retired_at = Some(Instant::now());
                    }
                    self.sleep_until(next)
                }
                Ok(Err(error)) => {
                    failures += 1;
                    tracing::warn!(?lane, %error, failures, "scheduler: could not work this time");
                    self.sleep_after(failures)
                }
                Err(error) => {
                    failures += 1;
                    tracing::error!(?lane, %error, failures, "scheduler: a pass broke off");
                    self.sleep_after(failures)
                }
            };
            let alarm = match lane {
                Lane::Guests => &self.waker.0.guests,
                Lane::Mail => &self.waker.0.mail,
                Lane::Objects => &self.waker.0.objects,
            };
            tokio::select! {
                () = alarm.notified() => {}
                () = tokio::time::sleep(sleep) => {}
            }
        }
    }

    /// One look at what is due in a lane, the work if there is any, and when to look again.
    fn turn(&self, lane: Lane, retire: bool) -> Result<Option<UtcDateTime>, WorkError> {
        let mut progress = Progress::start();
        let due = self.next(lane)?.is_some_and(|at| at <= self.clock.now());
        let done = match lane {
            Lane::Guests if due => self.tend_guests(&mut progress),
            Lane::Mail if due => self.send_mails(&mut progress),
            Lane::Objects if due => self.work_on_objects(&mut progress),
            _ => Ok(()),
        };
        let retired = if retire {
            self.retire(&mut progress)
        } else {
            Ok(())
        };
        let did = progress.finish();
        if lane == Lane::Guests && did.did_something() {
            self.waker.0.mail.notify_one();
        }
        done.and(retired)?;
        self.next(lane)
    }

    fn next(&self, lane: Lane) -> Result<Option<UtcDateTime>, WorkError> {
        Ok(self.database.read::<_, StoreError>(|tx| match lane {
            Lane::Guests => due::next(tx),
            Lane::Mail => outbox::next_due(tx),
            Lane::Objects => tasks::next(tx),
        })?)
    }

    /// Until the next thing is due. What is overdue right after a pass is in another worker's hands.
    fn sleep_until(&self, next: Option<UtcDateTime>) -> Duration {
        let ahead = next.map(|at| at - self.clock.now());
        match ahead {
            Some(ahead) if ahead.is_positive() => Duration::try_from(ahead)
                .map_or(self.settings.max_sleep, |ahead| {
                    ahead.min(self.settings.max_sleep)
                }),
            Some(_) => Duration::from_secs(1).min(self.settings.max_sleep),
            None => self.settings.max_sleep,
        }
    }

    fn sleep_after(&self, failures: u32) -> Duration {
        Duration::from_millis(250 << failures.min(7)).min(self.settings.max_sleep)
    }

    fn tend_guests(&self, progress: &mut Progress) -> Result<(), WorkError> {
        let mut failed = None;
        for event in [DueEvent::Expiry, DueEvent::DayReminder, DueEvent::WeekReminder] {
            if let Err(error) = self.tend_all(event, progress) {
                failed.get_or_insert(error);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn tend_all(&self, event: DueEvent, progress: &mut Progress) -> Result<(), WorkError> {
        while !self.is_stopping() {
            let limit = self.settings.guests_per_batch;
            let batch = guests::deal_with(&self.database, event, self.clock.now(), limit)?;
            progress.add(batch.did);
            if batch.taken == 0 {
                break;
            }
        }
        Ok(())
    }

    fn send_mails(&self, progress: &mut Progress) -> Result<(), WorkError> {
        while !self.is_stopping() {
            match sending::send_batch(self)? {
                Some(batch) => progress.add(batch),
                None => break,
            }
        }
        Ok(())
    }

    /// Batch by batch in turns, until no task is left. One that fails is put aside for this pass.
    fn work_on_objects(&self, progress: &mut Progress) -> Result<(), WorkError> {
        let mut failed = None;
        let mut aside = HashSet::new();
        while !self.is_stopping() {
            let limit = object_tasks::TASKS_AT_ONCE + i64::try_from(aside.len()).unwrap_or(i64::MAX);
            let mut waiting = self.database.read(|tx| tasks::oldest(tx, limit))?;
            waiting.retain(|task| !aside.contains(&task.id));
            if waiting.is_empty() {
                break;
            }
            for task in waiting {
                let records = self.settings.records_per_batch;
                match object_tasks::advance(&self.database, task, self.clock.now(), records) {
                    Ok(batch) => progress.add(batch),
                    Err(error) => {
                        aside.insert(task.id);
                        failed.get_or_insert(error);
                    }
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn retire(&self, progress: &mut Progress) -> Result<(), WorkError> {
        for what in Retired::ALL {
            let limit = self.settings.rows_per_batch;
            while !self.is_stopping() {
                let rows = retention::retire(&self.database, what, self.clock.now(), limit)?;
                progress.add(retention::counted(what, rows));
                if rows == 0 {
                    break;
                }
            }
        }
        Ok(())
    }
}
