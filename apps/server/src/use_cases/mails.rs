//! The mails that use cases cause, queued in their transactions.

use vestibule_guest_lifecycle::AccessWindow;
use vestibule_persistence::WriteTx;
use vestibule_persistence::users::{self, User};
use vestibule_scheduler::mail::{self, Audience, EndCause, LastDayChange, News};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::guest_transition::guest_of;

/// The first claim link.
///
/// # Errors
/// When the database fails; so for every function here.
pub fn invitation(tx: &mut WriteTx<'_>, caller: &Caller<'_>, user: &User) -> Result<(), UseCaseError> {
    let invited_by = caller.subject.as_ref().map(|subject| subject.user.id);
    let mail = mail::invitation(caller.org.id, user, invited_by, caller.now);
    caller.queue_mail(tx, &mail)
}

/// Another claim link.
///
/// # Errors
/// As [`invitation`].
pub fn claim_link_again(tx: &mut WriteTx<'_>, caller: &Caller<'_>, user: &User) -> Result<(), UseCaseError> {
    caller.queue_mail(tx, &mail::claim_link_again(caller.org.id, user, caller.now))
}

/// The last day has changed from that of `before`: to the guest and the sponsor.
///
/// # Errors
/// As [`invitation`].
pub fn access_changed(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &User,
    before: AccessWindow,
) -> Result<(), UseCaseError> {
    let window = guest_of(user)?.window;
    let longer = window.ends_at > before.ends_at;
    let change = if longer {
        LastDayChange::Extended
    } else {
        LastDayChange::Other
    };
    for audience in told(tx, caller, user)? {
        let mail = mail::access_changed(&caller.org, user.id, window, audience, change, caller.now);
        caller.queue_mail(tx, &mail)?;
    }
    Ok(())
}

/// Access was revoked: to the guest and the sponsor.
///
/// # Errors
/// As [`invitation`].
pub fn access_ended(tx: &mut WriteTx<'_>, caller: &Caller<'_>, user: &User) -> Result<(), UseCaseError> {
    let window = guest_of(user)?.window;
    for audience in told(tx, caller, user)? {
        let mail = mail::access_ended(
            &caller.org,
            user.id,
            window,
            audience,
            EndCause::Revoked,
            caller.now,
        );
        caller.queue_mail(tx, &mail)?;
    }
    Ok(())
}

/// Whom a change concerns, apart from the one who made it.
fn told(tx: &mut WriteTx<'_>, caller: &Caller<'_>, user: &User) -> Result<Vec<Audience>, UseCaseError> {
    let sponsor = match guest_of(user)?.sponsor_id {
        Some(id) if !caller.is(id) => users::find(tx, caller.org.id, id)?,
        _ => None,
    };
    Ok(mail::audiences(user, sponsor.as_ref(), News::Change))
}
