//! What a user who leaves owns goes to somebody else, or to nobody.

use serde_json::json;
use uuid::Uuid;
use vestibule_persistence::ids::UserId;
use vestibule_persistence::{WriteTx, records};

use crate::caller::Caller;
use crate::error::UseCaseError;

/// Hands every record of a user to an heir; without one the records lose this owner.
///
/// # Errors
/// When the database fails.
pub fn hand_over_records(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    from: UserId,
    to: Option<UserId>,
) -> Result<(), UseCaseError> {
    for (object, count) in records::hand_over(tx, caller.org.id, from, to, caller.now)? {
        let changes = json!({
            "owner": { "before": from.to_string(), "after": to.map(|to| to.to_string()) },
            "records": count,
        });
        caller.audit(
            tx,
            "records.handed_over",
            Some(("object", Uuid::from(object))),
            changes,
        );
    }
    Ok(())
}
