//! A new session for a user who has just shown who they are.

use secrecy::SecretString;
use serde_json::json;
use time::{Duration, UtcDateTime};
use vestibule_persistence::WriteTx;
use vestibule_persistence::audit::AuditActor;
use vestibule_persistence::orgs::Org;
use vestibule_persistence::sessions::{self, Session};
use vestibule_persistence::users::{self, User};

use crate::error::UseCaseError;
use crate::token::{self, TokenKind};
use crate::visitor::Visit;

/// A session that was just made, with its token.
pub struct NewSession {
    /// The token, known from now on only to whoever gets the answer.
    pub token: SecretString,
    /// The first moment at which the session no longer counts.
    pub expires_at: UtcDateTime,
    /// Whose it is.
    pub user: User,
    /// Where.
    pub org: Org,
}

/// Opens a session: as long as the org says, never beyond the end of a guest's access.
///
/// The caller of this function has checked, in this transaction, that the user may sign in.
///
/// # Errors
/// When the database fails or the system has no randomness.
pub fn open_session(
    tx: &mut WriteTx<'_>,
    visit: &Visit<'_>,
    org: Org,
    user: User,
) -> Result<NewSession, UseCaseError> {
    let (token, token_hash) =
        token::mint(TokenKind::Session, org.id).map_err(|error| UseCaseError::Internal(error.to_string()))?;
    let lasts = Duration::hours(org.session_hours.hours().into());
    let expires_at = visit.now.checked_add(lasts).unwrap_or(visit.now);
    let expires_at = match user.guest() {
        Some(guest) => expires_at.min(guest.window.ends_at),
        None => expires_at,
    };
    let session = Session {
        id: visit.new_id(),
        user_id: user.id,
        token_hash,
        access_epoch: user.access_epoch,
        created_at: visit.now,
        expires_at,
    };
    sessions::insert(tx, org.id, &session)?;
    users::record_sign_in(tx, org.id, user.id, visit.now)?;
    visit.audit(
        tx,
        org.id,
        AuditActor::User(user.id),
        "session.created",
        Some((target_word(&user), user.id.as_uuid())),
        json!({ "session_id": { "before": null, "after": session.id.to_string() } }),
    );
    Ok(NewSession {
        token,
        expires_at,
        user,
        org,
    })
}

/// What the audit log calls a user of this kind.
pub fn target_word(user: &User) -> &'static str {
    if user.guest().is_some() { "guest" } else { "user" }
}
