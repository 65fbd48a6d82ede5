use std::ops::AddAssign;
use std::time::{Duration, Instant};

use serde::Serialize;

/// What a pass did: counts of what was committed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PassReport {
    /// Guests whose end of access was recorded.
    pub expired: u64,
    /// Reminder mails that were queued, to guests and sponsors.
    pub reminders_queued: u64,
    /// Mails that left.
    pub mails_sent: u64,
    /// Attempts to send a mail that failed, for now or for good.
    pub mails_failed: u64,
    /// Of these, the mails that are not tried again.
    pub mails_given_up: u64,
    /// Mails dropped because their cause no longer held.
    pub mails_unwanted: u64,
    /// Batches of records that long work on their object has been through.
    pub record_batches: u64,
    /// Rows that were cleared away.
    pub retired: RetiredCounts,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// Rows that were cleared away, by table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RetiredCounts {
    /// Sessions past their end.
    pub sessions: u64,
    /// API tokens past their end.
    pub api_tokens: u64,
    /// Claim and reset links, some days past their end.
    pub links: u64,
    /// Stored answers to requests with an `Idempotency-Key`, past their 24 hours.
    pub idempotency_keys: u64,
    /// Mails that were settled some weeks ago.
    pub mails: u64,
}

impl PassReport {
    /// Whether anything was done.
    pub fn did_something(&self) -> bool {
        let idle = Self {
            duration_ms: self.duration_ms,
            ..Self::default()
        };
        *self != idle
    }
}

impl AddAssign for PassReport {
    fn add_assign(&mut self, more: Self) {
        self.expired += more.expired;
        self.reminders_queued += more.reminders_queued;
        self.mails_sent += more.mails_sent;
        self.mails_failed += more.mails_failed;
        self.mails_given_up += more.mails_given_up;
        self.mails_unwanted += more.mails_unwanted;
        self.record_batches += more.record_batches;
        self.retired.sessions += more.retired.sessions;
        self.retired.api_tokens += more.retired.api_tokens;
        self.retired.links += more.retired.links;
        self.retired.idempotency_keys += more.retired.idempotency_keys;
        self.retired.mails += more.retired.mails;
        self.duration_ms += more.duration_ms;
    }
}

/// A pass under way: adds up its batches and, when it takes long, says in the log how far it is.
pub(crate) struct Progress {
    report: PassReport,
    started: Instant,
    told: Instant,
}

/// How long a pass works in silence.
const SILENCE: Duration = Duration::from_secs(5);

impl Progress {
    pub(crate) fn start() -> Self {
        let started = Instant::now();
        Self {
            report: PassReport::default(),
            started,
            told: started,
        }
    }

    pub(crate) fn add(&mut self, batch: PassReport) {
        self.report += batch;
        if self.told.elapsed() >= SILENCE {
            self.told = Instant::now();
            self.tell("still at work");
        }
    }

    pub(crate) fn finish(mut self) -> PassReport {
        self.report.duration_ms = self.elapsed();
        if self.report.did_something() {
            self.tell("done");
        }
        self.report
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn tell(&self, what: &'static str) {
        let PassReport { retired, .. } = &self.report;
        tracing::info!(
            expired = self.report.expired,
            reminders_queued = self.report.reminders_queued,
            mails_sent = self.report.mails_sent,
            mails_failed = self.report.mails_failed,
            mails_unwanted = self.report.mails_unwanted,
            record_batches = self.report.record_batches,
            rows_retired = retired.sessions
                + retired.api_tokens
                + retired.links
                + retired.idempotency_keys
                + retired.mails,
            elapsed_ms = self.elapsed(),
            "scheduler: {what}"
        );
    }
}
