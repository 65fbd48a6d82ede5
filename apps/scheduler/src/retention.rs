//! What is cleared away once nobody needs it any more.

use time::{Duration, UtcDateTime};
use vestibule_persistence::Database;
use vestibule_persistence::due::{self, Retired};

use crate::error::WorkError;
use crate::report::PassReport;

/// How long a dead link is kept, so that support can tell "too late" from "never was".
const LINKS_KEPT: Duration = Duration::days(7);
/// How long a settled mail is kept, to tell what was sent to whom.
const MAILS_KEPT: Duration = Duration::days(30);

/// Clears away one batch; fewer rows than `limit` mean that these were the last.
pub(crate) fn retire(
    database: &Database,
    what: Retired,
    now: UtcDateTime,
    limit: i64,
) -> Result<u64, WorkError> {
    let kept = match what {
        Retired::Sessions | Retired::ApiTokens | Retired::IdempotencyKeys => Duration::ZERO,
        Retired::Links => LINKS_KEPT,
        Retired::Mails => MAILS_KEPT,
    };
    let rows = database.write_in_turns(|tx| due::retire(tx, what, now - kept, limit))?;
    Ok(rows.try_into().unwrap_or(u64::MAX))
}

/// The same count in its place of a report.
pub(crate) fn counted(what: Retired, rows: u64) -> PassReport {
    let mut did = PassReport::default();
    match what {
        Retired::Sessions => did.retired.sessions = rows,
        Retired::ApiTokens => did.retired.api_tokens = rows,
        Retired::Links => did.retired.links = rows,
        Retired::IdempotencyKeys => did.retired.idempotency_keys = rows,
        Retired::Mails => did.retired.mails = rows,
    }
    did
}
