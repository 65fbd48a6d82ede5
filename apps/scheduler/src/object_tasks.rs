//! Long work on the records of objects, a batch a transaction: an object whose owners are derived anew, a field that
//! was removed. The object is in use all the time.

use serde_json::json;
use time::UtcDateTime;
use vestibule_persistence::audit::{AuditActor, AuditEvent};
use vestibule_persistence::object_tasks::{self, TaskRef};
use vestibule_persistence::{Database, StoreError};

use crate::clock::Clock;
use crate::error::WorkError;
use crate::report::PassReport;

/// Tasks looked at together: a long one does not keep the others waiting.
pub(crate) const TASKS_AT_ONCE: i64 = 16;

/// Takes a task through its next batch.
pub(crate) fn advance(
    database: &Database,
    task: TaskRef,
    now: UtcDateTime,
    records: i64,
) -> Result<PassReport, WorkError> {
    let advance = database.write(task.org, |tx| {
        let advance = object_tasks::advance(tx, task, records, now)?;
        if advance.is_some_and(|advance| advance.ownership_changed) {
            tx.audit(ownership_changed(task, now));
        }
        Ok::<_, StoreError>(advance)
    })?;
    Ok(PassReport {
        // Without a task, another worker has done the rest.
        record_batches: advance.is_some().into(),
        ..PassReport::default()
    })
}

/// What was commanded earlier, and is in the audit log with who commanded it, holds from now on.
fn ownership_changed(task: TaskRef, now: UtcDateTime) -> AuditEvent {
    AuditEvent {
        id: Clock::new_id(now).into(),
        org: task.org,
        at: now,
        actor: AuditActor::System,
        on_behalf_of: None,
        action: "object.ownership_changed",
        target_type: Some("object"),
        target_id: Some(task.object.into()),
        changes: json!({ "holds": { "before": "later", "after": "now" } }),
        request_id: None,
    }
}
