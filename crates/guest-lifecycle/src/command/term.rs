//! How long a guest stays: another end date, and reinstatement with one.

use time::{Date, UtcDateTime};

use super::{Effects, Refusal, Transition};
use crate::{AccessWindow, GuestFacts, GuestMaxDays, GuestStatus, OrgZone, check_end_date, reminders_for};

/// Moves the end of access to `end_date`, later or earlier; a later one also revives an expired guest.
///
/// The date is absolute, so a repeated request changes nothing more: setting the window a guest already has is
/// allowed and does nothing, also when the cap has been lowered since or the sponsor is gone.
/// A revived guest starts with no sessions, tokens or links; one who never claimed needs a resend.
/// `sponsor_missing` says how it stands after the same request, which may name a new sponsor.
///
/// # Errors
/// - [`Refusal::GuestDeleted`]: the guest is deleted.
/// - [`Refusal::GuestRevoked`]: the guest is revoked; reinstate instead.
/// - [`Refusal::EndDate`]: not in today ..= today + `max_days`, in `zone`.
/// - [`Refusal::SponsorMissing`]: access would last longer than before and nobody answers for the guest.
///   Shortening needs no sponsor.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, GuestFacts, GuestMaxDays, OrgZone, command};
///
/// let (now, zone, cap) = (utc_datetime!(2026-05-01 12:00), OrgZone::utc(), GuestMaxDays::default());
/// let guest = GuestFacts::invited(AccessWindow::ending_on(date!(2026-05-31), &zone));
///
/// let shorter = command::change_end_date(&guest, date!(2026-05-10), true, now, &zone, cap)?;
/// assert_eq!(shorter.facts.window.ends_at, utc_datetime!(2026-05-11 00:00));
///
/// let longer = command::change_end_date(&guest, date!(2026-06-10), true, now, &zone, cap).unwrap_err();
/// assert_eq!(longer.code(), "sponsor_missing");
/// # Ok::<(), command::Refusal>(())
/// ```
pub fn change_end_date(
    guest: &GuestFacts,
    end_date: Date,
    sponsor_missing: bool,
    now: UtcDateTime,
    zone: &OrgZone,
    max_days: GuestMaxDays,
) -> Result<Transition, Refusal> {
    let revived = match guest.status(now) {
        GuestStatus::Deleted => return Err(Refusal::GuestDeleted),
        GuestStatus::Revoked => return Err(Refusal::GuestRevoked),
        GuestStatus::Expired => true,
        // A node whose clock is a little ahead may already have tidied up what this one still sees as running.
        GuestStatus::Invited | GuestStatus::Active => guest.expiry_recorded_at.is_some(),
    };
    if !revived && AccessWindow::ending_on(end_date, zone) == guest.window {
        return Ok(Transition::unchanged(guest));
    }
    let window = allowed_window(guest, end_date, sponsor_missing, now, zone, max_days)?;
    let effects = Effects {
        end_credentials: revived,
        void_links: revived,
        free_seat: revived && guest.seat_is_booked(),
        take_seat: revived,
        reminders: Some(reminders_for(&window, now)),
        record_expiry: guest.expiry_is_due(now),
        changed: true,
        ..Effects::default()
    };
    Ok(Transition {
        facts: GuestFacts {
            window,
            expiry_recorded_at: None,
            ..*guest
        },
        effects,
    })
}

/// Lets a revoked guest back in, until a new end date; their old sessions, tokens and links stay dead.
///
/// A guest who had claimed is active again at once, one who had not needs a resend. `sponsor_missing` says how it
/// stands after the same request.
///
/// # Errors
/// - [`Refusal::GuestDeleted`]: the guest is deleted.
/// - [`Refusal::GuestNotRevoked`]: in any other status; change the end date instead.
/// - [`Refusal::GuestAccessOff`]: the organization admits no guests (`guest_access` is false).
/// - [`Refusal::EndDate`]: not in today ..= today + `max_days`, in `zone`.
/// - [`Refusal::SponsorMissing`]: the new end is later than the old one and nobody answers for the guest.
///   Otherwise revoking and reinstating would be a way around the rule for extensions.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, GuestFacts, GuestMaxDays, OrgZone, command};
///
/// let (now, zone, cap) = (utc_datetime!(2026-05-01 12:00), OrgZone::utc(), GuestMaxDays::default());
/// let guest = GuestFacts::invited(AccessWindow::ending_on(date!(2026-05-31), &zone));
/// let revoked = command::revoke(&guest, now)?.facts;
///
/// let back = command::reinstate(&revoked, date!(2026-06-30), false, now, &zone, cap, true)?;
/// assert!(back.facts.holds_seat(now) && back.effects.take_seat);
///
/// let twice = command::reinstate(&back.facts, date!(2026-06-30), false, now, &zone, cap, true).unwrap_err();
/// assert_eq!(twice.code(), "guest_not_revoked");
/// # Ok::<(), command::Refusal>(())
/// ```
pub fn reinstate(
    guest: &GuestFacts,
    end_date: Date,
    sponsor_missing: bool,
    now: UtcDateTime,
    zone: &OrgZone,
    max_days: GuestMaxDays,
    guest_access: bool,
) -> Result<Transition, Refusal> {
    match guest.status(now) {
        GuestStatus::Revoked => {}
        GuestStatus::Deleted => return Err(Refusal::GuestDeleted),
        _ => return Err(Refusal::GuestNotRevoked),
    }
    if !guest_access {
        return Err(Refusal::GuestAccessOff);
    }
    let window = allowed_window(guest, end_date, sponsor_missing, now, zone, max_days)?;
    let effects = Effects {
        end_credentials: true,
        void_links: true,
        take_seat: true,
        reminders: Some(reminders_for(&window, now)),
        changed: true,
        ..Effects::default()
    };
    let facts = GuestFacts {
        window,
        revoked_at: None,
        expiry_recorded_at: None,
        ..*guest
    };
    Ok(Transition { facts, effects })
}

/// The window for a new end date, if the date is allowed and a longer access has somebody to answer for it.
fn allowed_window(
    guest: &GuestFacts,
    end_date: Date,
    sponsor_missing: bool,
    now: UtcDateTime,
    zone: &OrgZone,
    max_days: GuestMaxDays,
) -> Result<AccessWindow, Refusal> {
    let window = check_end_date(end_date, now, zone, max_days)?;
    if sponsor_missing && window.ends_at > guest.window.ends_at {
        return Err(Refusal::SponsorMissing);
    }
    Ok(window)
}
