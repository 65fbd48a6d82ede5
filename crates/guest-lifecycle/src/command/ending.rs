//! How access ends: revocation, deletion, and the tidy-up after the end date.

use time::UtcDateTime;

use super::{Effects, Refusal, Transition};
use crate::{GuestFacts, GuestStatus, ReminderTimes};

/// Ends access now. The person, their settings and what they own stay.
///
/// Revoking a revoked guest is allowed and changes nothing.
///
/// # Errors
/// - [`Refusal::GuestDeleted`]: the guest is deleted.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, GuestFacts, GuestStatus, OrgZone, command};
///
/// let guest = GuestFacts::invited(AccessWindow::ending_on(date!(2026-05-31), &OrgZone::utc()));
/// let now = utc_datetime!(2026-05-01 12:00);
/// let revoked = command::revoke(&guest, now)?;
/// assert_eq!(revoked.facts.status(now), GuestStatus::Revoked);
/// assert!(!command::revoke(&revoked.facts, now)?.effects.changed);
///
/// let deleted = command::delete(&guest, now)?.facts;
/// assert_eq!(command::revoke(&deleted, now).unwrap_err().code(), "guest_deleted");
/// # Ok::<(), command::Refusal>(())
/// ```
pub fn revoke(guest: &GuestFacts, now: UtcDateTime) -> Result<Transition, Refusal> {
    match guest.status(now) {
        GuestStatus::Deleted => Err(Refusal::GuestDeleted),
        GuestStatus::Revoked => Ok(Transition::unchanged(guest)),
        _ => {
            let ended = ended(guest, now);
            Ok(Transition {
                facts: GuestFacts {
                    revoked_at: Some(now),
                    ..ended.facts
                },
                ..ended
            })
        }
    }
}

/// Removes the person for good, from any other status.
///
/// What becomes of the records they own is the caller's part.
///
/// # Errors
/// - [`Refusal::GuestDeleted`]: the guest is deleted already.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, GuestFacts, OrgZone, command};
///
/// let guest = GuestFacts::invited(AccessWindow::ending_on(date!(2026-05-31), &OrgZone::utc()));
/// let now = utc_datetime!(2026-05-01 12:00);
/// let deleted = command::delete(&guest, now)?;
/// assert!(deleted.effects.free_seat);
/// assert_eq!(command::delete(&deleted.facts, now).unwrap_err().code(), "guest_deleted");
/// # Ok::<(), command::Refusal>(())
/// ```
pub fn delete(guest: &GuestFacts, now: UtcDateTime) -> Result<Transition, Refusal> {
    if guest.deleted_at.is_some() {
        return Err(Refusal::GuestDeleted);
    }
    let ended = ended(guest, now);
    Ok(Transition {
        facts: GuestFacts {
            deleted_at: Some(now),
            ..ended.facts
        },
        ..ended
    })
}

/// Tidies up after a window that has ended; the clock itself, not this command, ends the access.
///
/// Any number of schedulers may call it any number of times: with nothing (left) to tidy up it changes nothing,
/// which is also the answer for a guest extended, revoked or deleted in the meantime. It is never refused.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, GuestFacts, OrgZone, command};
///
/// let guest = GuestFacts::invited(AccessWindow::ending_on(date!(2026-05-31), &OrgZone::utc()));
/// assert!(!command::expire(&guest, utc_datetime!(2026-05-31 23:59)).effects.changed);
///
/// let now = utc_datetime!(2026-06-01 00:00);
/// let expired = command::expire(&guest, now);
/// assert!(expired.effects.record_expiry && expired.effects.free_seat);
/// assert!(!command::expire(&expired.facts, now).effects.changed);
/// ```
pub fn expire(guest: &GuestFacts, now: UtcDateTime) -> Transition {
    if guest.expiry_is_due(now) {
        ended(guest, now)
    } else {
        Transition::unchanged(guest)
    }
}

/// The duties when access ends, whatever ended it, with a due expiry recorded on the way.
fn ended(guest: &GuestFacts, now: UtcDateTime) -> Transition {
    let record_expiry = guest.expiry_is_due(now);
    let effects = Effects {
        end_credentials: true,
        void_links: true,
        free_seat: guest.seat_is_booked(),
        reminders: Some(ReminderTimes::NONE),
        record_expiry,
        changed: true,
        ..Effects::default()
    };
    let expiry_recorded_at = if record_expiry {
        Some(now)
    } else {
        guest.expiry_recorded_at
    };
    Transition {
        facts: GuestFacts {
            expiry_recorded_at,
            ..*guest
        },
        effects,
    }
}
