//! How a guest comes in: invitation, another claim link, claim.

use time::{Date, UtcDateTime};

use super::{Effects, Refusal, Transition};
use crate::{ClaimRefused, GuestFacts, GuestMaxDays, GuestStatus, OrgZone, check_end_date, reminders_for};

/// Creates a guest who may claim access until `end_date`.
///
/// Whether the email is free, the profile fit for guests and a seat left is checked by the caller.
///
/// # Errors
/// - [`Refusal::GuestAccessOff`]: the organization admits no guests (`guest_access` is false).
/// - [`Refusal::EndDate`]: not in today ..= today + `max_days`, in `zone`.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{GuestMaxDays, GuestStatus, OrgZone, command};
///
/// let (now, zone, cap) = (utc_datetime!(2026-05-01 12:00), OrgZone::utc(), GuestMaxDays::default());
/// let invited = command::invite(date!(2026-05-31), now, &zone, cap, true)?;
/// assert_eq!(invited.facts.status(now), GuestStatus::Invited);
/// assert!(invited.effects.take_seat && invited.effects.queue_claim_link);
///
/// let refused = command::invite(date!(2026-04-30), now, &zone, cap, true).unwrap_err();
/// assert_eq!(refused.code(), "end_date_in_past");
/// # Ok::<(), command::Refusal>(())
/// ```
pub fn invite(
    end_date: Date,
    now: UtcDateTime,
    zone: &OrgZone,
    max_days: GuestMaxDays,
    guest_access: bool,
) -> Result<Transition, Refusal> {
    if !guest_access {
        return Err(Refusal::GuestAccessOff);
    }
    let window = check_end_date(end_date, now, zone, max_days)?;
    let effects = Effects {
        queue_claim_link: true,
        take_seat: true,
        reminders: Some(reminders_for(&window, now)),
        changed: true,
        ..Effects::default()
    };
    Ok(Transition {
        facts: GuestFacts::invited(window),
        effects,
    })
}

/// Sends an invited guest a new claim link and voids the earlier ones.
///
/// # Errors
/// - [`Refusal::GuestNotInvited`]: claimed already, expired or revoked.
/// - [`Refusal::GuestDeleted`]: the guest is deleted.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, GuestFacts, OrgZone, command};
///
/// let guest = GuestFacts::invited(AccessWindow::ending_on(date!(2026-05-31), &OrgZone::utc()));
/// let resent = command::resend(&guest, utc_datetime!(2026-05-01 12:00))?;
/// assert!(resent.effects.void_links && resent.effects.queue_claim_link);
///
/// let too_late = command::resend(&guest, utc_datetime!(2026-06-01 00:00)).unwrap_err();
/// assert_eq!(too_late.code(), "guest_not_invited");
/// # Ok::<(), command::Refusal>(())
/// ```
pub fn resend(guest: &GuestFacts, now: UtcDateTime) -> Result<Transition, Refusal> {
    match guest.status(now) {
        GuestStatus::Invited => {}
        GuestStatus::Deleted => return Err(Refusal::GuestDeleted),
        _ => return Err(Refusal::GuestNotInvited),
    }
    let effects = Effects {
        void_links: true,
        queue_claim_link: true,
        changed: true,
        ..Effects::default()
    };
    Ok(Transition {
        facts: *guest,
        effects,
    })
}

/// Turns an invited guest into an active one, by a password or through single sign-on.
///
/// For a claim by link ask [`check_claim`](crate::check_claim) first. The caller uses up the link, sets the
/// password or binds the sign-on subject, and signs the guest in.
///
/// # Errors
/// - [`ClaimRefused::ClaimLinkInvalid`]: the guest is not invited (any more).
/// - [`ClaimRefused::GuestAccessOff`]: the organization admits no guests (`guest_access` is false).
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, ClaimRefused, GuestFacts, OrgZone, command};
///
/// let guest = GuestFacts::invited(AccessWindow::ending_on(date!(2026-05-31), &OrgZone::utc()));
/// let now = utc_datetime!(2026-05-01 12:00);
/// let claimed = command::claim(&guest, now, true)?;
/// assert!(claimed.facts.has_access(now));
///
/// assert_eq!(command::claim(&claimed.facts, now, true), Err(ClaimRefused::ClaimLinkInvalid));
/// # Ok::<(), ClaimRefused>(())
/// ```
pub fn claim(guest: &GuestFacts, now: UtcDateTime, guest_access: bool) -> Result<Transition, ClaimRefused> {
    if guest.status(now) != GuestStatus::Invited {
        return Err(ClaimRefused::ClaimLinkInvalid);
    }
    if !guest_access {
        return Err(ClaimRefused::GuestAccessOff);
    }
    let effects = Effects {
        void_links: true,
        changed: true,
        ..Effects::default()
    };
    Ok(Transition {
        facts: GuestFacts {
            claimed_at: Some(now),
            ..*guest
        },
        effects,
    })
}
