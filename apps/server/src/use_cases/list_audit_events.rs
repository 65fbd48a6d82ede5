//! Reading the audit log.

use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::Tx;
use vestibule_persistence::audit::{self, AuditFilter, StoredAuditEvent};

use crate::caller::Caller;
use crate::error::UseCaseError;

/// Events, newest first, and how many there are.
pub struct AuditPage {
    /// The events of this page.
    pub events: Vec<StoredAuditEvent>,
    /// Whether older ones follow.
    pub more: bool,
    /// The number of events on all pages, when it was asked for.
    pub total: Option<u64>,
}

/// Lists events older than the sequence number `before`.
///
/// # Errors
/// 403 `capability_missing`.
pub fn list_audit_events(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    filter: &AuditFilter,
    before: Option<i64>,
    limit: u16,
    count: bool,
) -> Result<AuditPage, UseCaseError> {
    caller.require(Capability::ViewAudit)?;
    let org = caller.org.id;
    // One event more than the page holds tells whether another page follows.
    let mut events = audit::list(tx, org, filter, before, i64::from(limit) + 1)?;
    let more = events.len() > usize::from(limit);
    events.truncate(limit.into());
    let total = match count {
        true => Some(u64::try_from(audit::count(tx, org, filter)?).unwrap_or(0)),
        false => None,
    };
    Ok(AuditPage { events, more, total })
}
