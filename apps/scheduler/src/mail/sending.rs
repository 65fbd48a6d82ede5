//! From the outbox to the transport.
//!
//! A mail is taken under a lease, composed in a transaction of its own, delivered outside any transaction and then
//! settled. Wherever a worker dies, the lease runs out and another worker goes on: a transport that knows what it
//! has delivered then delivers nothing twice.

use std::sync::Mutex;
use std::sync::PoisonError;

use time::{Duration, UtcDateTime};
use uuid::Uuid;
use vestibule_persistence::outbox::{self, OutboxMail, Settled};

use super::backoff;
use super::compose::{self, Composed, Mail};
use crate::clock::Clock;
use crate::error::WorkError;
use crate::report::PassReport;
use crate::worker::Worker;

/// How long a worker may be silent about a mail before another one takes it.
const LEASE: Duration = Duration::seconds(60);

/// Sends one batch of due mails, several at a time; `None` when nothing is due.
pub(crate) fn send_batch(worker: &Worker) -> Result<Option<PassReport>, WorkError> {
    let now = worker.clock.now();
    let lease = Clock::new_id(now);
    let limit = worker.settings.mails_per_batch;
    let taken: Vec<OutboxMail> = worker
        .database
        .write_in_turns(|tx| outbox::take_due(tx, now, now + LEASE, lease, limit))?;
    if taken.is_empty() {
        return Ok(None);
    }
    let threads = worker.settings.mails_at_once.clamp(1, taken.len());
    let waiting = Mutex::new(taken.into_iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let postman = || -> Result<PassReport, WorkError> {
        let mut did = PassReport::default();
        while let Some(mail) = next() {
            did += Errand {
                worker,
                lease,
                mail: &mail,
            }
            .run()?;
        }
        Ok(did)
    };
    let outcomes: Vec<Result<PassReport, WorkError>> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(postman)).collect();
        let mine = postman();
        let others = others.into_iter().map(|thread| match thread.join() {
            Ok(outcome) => outcome,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        std::iter::once(mine).chain(others).collect()
    });
    let mut did = PassReport::default();
    for outcome in outcomes {
        did += outcome?;
    }
    Ok(Some(did))
}

/// One mail's way out.
struct Errand<'w> {
    worker: &'w Worker,
    lease: Uuid,
    mail: &'w OutboxMail,
}

impl Errand<'_> {
    fn run(&self) -> Result<PassReport, WorkError> {
        if self.worker.is_stopping() {
            let now = self.worker.clock.now();
            self.worker
                .database
                .write_in_turns(|tx| outbox::give_back(tx, self.mail, self.lease, now))?;
            return Ok(PassReport::default());
        }
        if self.worker.transport.already_delivered(self.mail.id.as_uuid()) {
            return self.settle(Settled::Sent, None);
        }
        let now = self.worker.clock.now();
        match self.compose(now)? {
            None => Ok(PassReport::default()),
            Some(Composed::Unwanted(reason)) => {
                tracing::info!(mail = %self.mail.id, kind = ?self.mail.kind, reason, "mail no longer wanted");
                self.settle(Settled::Unwanted, Some(reason))
            }
            Some(Composed::Unwritable(reason)) => self.give_up(&reason),
            Some(Composed::Mail(mail)) => self.deliver(&mail, now),
        }
    }

    /// Prolongs the lease and composes; `None` when another worker has taken the mail over.
    fn compose(&self, now: UtcDateTime) -> Result<Option<Composed>, WorkError> {
        self.worker.database.write_in_turns(|tx| {
            if outbox::keep(tx, self.mail, self.lease, now + LEASE)? {
                compose::compose(tx, self.mail, &self.worker.public_url, now).map(Some)
            } else {
                Ok(None)
            }
        })
    }

    fn deliver(&self, mail: &Mail, now: UtcDateTime) -> Result<PassReport, WorkError> {
        let delivered = mail
            .template
            .render(self.mail.id.as_uuid(), mail.to.clone(), &mail.org_name, now)
            .and_then(|message| self.worker.transport.deliver(&message));
        match delivered {
            Ok(_) => self.settle(Settled::Sent, None),
            Err(error) if error.is_temporary() => self.try_again(&error.to_string()),
            Err(error) => self.give_up(&error.to_string()),
        }
    }

    fn try_again(&self, reason: &str) -> Result<PassReport, WorkError> {
        let Some(wait) = backoff::wait_after(self.mail.attempts, backoff::dice()) else {
            return self.give_up(reason);
        };
        let at = self.worker.clock.now() + wait;
        tracing::warn!(
            mail = %self.mail.id, kind = ?self.mail.kind, attempt = self.mail.attempts,
            wait_seconds = wait.whole_seconds(), reason, "mail not sent this time"
        );
        let held = self
            .worker
            .database
            .write_in_turns(|tx| outbox::try_again(tx, self.mail, self.lease, at, reason))?;
        Ok(PassReport {
            mails_failed: held.into(),
            ..PassReport::default()
        })
    }

    fn give_up(&self, reason: &str) -> Result<PassReport, WorkError> {
        tracing::error!(
            mail = %self.mail.id, org = %self.mail.org, user = %self.mail.user_id, kind = ?self.mail.kind,
            attempt = self.mail.attempts, reason, "mail given up"
        );
        self.settle(Settled::GivenUp, Some(reason))
    }

    /// Counts only what this lease still held: otherwise another worker has counted it.
    fn settle(&self, outcome: Settled, reason: Option<&str>) -> Result<PassReport, WorkError> {
        let now = self.worker.clock.now();
        let held = self
            .worker
            .database
            .write_in_turns(|tx| outbox::settle(tx, self.mail, self.lease, outcome, reason, now))?;
        let mut did = PassReport::default();
        if held {
            match outcome {
                Settled::Sent => did.mails_sent = 1,
                Settled::Unwanted => did.mails_unwanted = 1,
                Settled::GivenUp => (did.mails_failed, did.mails_given_up) = (1, 1),
            }
        }
        Ok(did)
    }
}
