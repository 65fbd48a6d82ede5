//! Asking for a password-reset link: the answer never tells whether there is anybody to get one.

use serde_json::json;
use time::Duration;
use vestibule_guest_lifecycle::EmailAddress;
use vestibule_persistence::audit::AuditActor;
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::outbox::{self, MailKind};
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{Tx, WriteTx};
use vestibule_scheduler::mail;

use crate::caller::may_sign_in;
use crate::dto::password::PasswordResetRequest;
use crate::error::UseCaseError;
use crate::use_cases::new_password::check_passwords_allowed;
use crate::use_cases::open_session::target_word;
use crate::visitor::Visit;

/// A user gets at most one such mail in this time, however often somebody asks.
const PAUSE: Duration = Duration::minutes(5);

/// Queues a password-reset mail for a user who could sign in with a password now, and for nobody else.
///
/// # Errors
/// When the database fails.
pub fn request_password_reset(visit: &Visit<'_>, input: &PasswordResetRequest) -> Result<(), UseCaseError> {
    let database = &visit.app.database;
    let Some(org) = database.read(|tx| Ok::<_, UseCaseError>(orgs::find_by_slug(tx, &input.org)?))? else {
        return Ok(());
    };
    // Known or not, one transaction with one audit event: the time tells nothing either.
    let queued = database.write_in_turns(|tx| {
        let user = user_of(tx, &org, &input.email)?;
        let wanted = match &user {
            Some(user) => is_wanted(tx, visit, &org, user)?,
            None => false,
        };
        note(tx, visit, &org, user.as_ref(), wanted);
        match user.filter(|_| wanted) {
            Some(user) => outbox::queue(tx, &mail::password_reset(org.id, &user, visit.now))?,
            None => return Ok(false),
        }
        Ok::<_, UseCaseError>(true)
    })?;
    if queued {
        visit.app.waker.wake();
    }
    Ok(())
}

/// The user, locked, so that of requests at once the second one sees the mail of the first.
fn user_of(tx: &mut WriteTx<'_>, org: &Org, email: &str) -> Result<Option<User>, UseCaseError> {
    let Ok(email) = EmailAddress::parse(email) else {
        return Ok(None);
    };
    match users::find_by_email(tx, org.id, email.canonical())? {
        Some(user) => Ok(users::find_locked(tx, org.id, user.id)?),
        None => Ok(None),
    }
}

fn is_wanted(tx: &mut Tx<'_>, visit: &Visit<'_>, org: &Org, user: &User) -> Result<bool, UseCaseError> {
    if !may_sign_in(org, user, visit.now) || check_passwords_allowed(org, user).is_err() {
        return Ok(false);
    }
    let since = visit.now.checked_sub(PAUSE).unwrap_or(visit.now);
    Ok(!outbox::was_queued_since(
        tx,
        org.id,
        user.id,
        MailKind::PasswordReset,
        since,
    )?)
}

fn note(tx: &mut WriteTx<'_>, visit: &Visit<'_>, org: &Org, user: Option<&User>, queued: bool) {
    let target = user.map(|user| (target_word(user), user.id.as_uuid()));
    let changes = json!({ "mail_queued": queued });
    visit.audit(
        tx,
        org.id,
        AuditActor::System,
        "user.password_reset_requested",
        target,
        changes,
    );
}
