//! Signing out.

use serde_json::json;
use vestibule_persistence::ids::SessionId;
use vestibule_persistence::{WriteTx, sessions};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::open_session::target_word;

/// Ends the session that the request came with.
///
/// # Errors
/// 403 `session_needed` for an API token, which is deleted instead.
pub fn sign_out(tx: &mut WriteTx<'_>, caller: &Caller<'_>) -> Result<(), UseCaseError> {
    let session = session_of(caller)?;
    let user = &caller.subject()?.user;
    sessions::delete(tx, caller.org.id, session)?;
    tx.credentials_changed(caller.org.id);
    caller.audit(
        tx,
        "session.ended",
        Some((target_word(user), user.id.as_uuid())),
        json!({ "session_id": { "before": session.to_string(), "after": null } }),
    );
    Ok(())
}

/// The session that the request came with.
///
/// # Errors
/// 403 `session_needed` for an API token.
pub fn session_of(caller: &Caller<'_>) -> Result<SessionId, UseCaseError> {
    caller.session.ok_or_else(|| {
        UseCaseError::forbidden(
            "session_needed",
            "this needs a session; an API token is not enough",
        )
    })
}
