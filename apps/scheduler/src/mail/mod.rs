//! The mails of the product: queued here by whoever causes them, written and sent by the [`Worker`](crate::Worker).
//!
//! Each function makes the row to hand to [`outbox::queue`](vestibule_persistence::outbox::queue) in the
//! transaction of its cause. Nothing is rendered and no token is minted before the mail is sent.

mod backoff;
mod compose;
mod payload;
pub(crate) mod sending;

use time::UtcDateTime;
use vestibule_guest_lifecycle::AccessWindow;
use vestibule_persistence::ids::{OrgId, OutboxId, UserId};
use vestibule_persistence::orgs::Org;
use vestibule_persistence::outbox::OutboxMail;
use vestibule_persistence::users::User;

use crate::clock::Clock;
pub use payload::{AccessNotice, Audience, EndCause, LastDayChange, LinkEpochs, MailPayload};

/// Queues the first claim link of a guest or a standard user; `invited_by` is a user, nobody on the command line.
///
/// `user` is as it is after the change, epochs included: the mail is dropped once they move on.
pub fn invitation(org: OrgId, user: &User, invited_by: Option<UserId>, now: UtcDateTime) -> OutboxMail {
    let epochs = LinkEpochs::of(user);
    queued(org, user.id, &MailPayload::Invitation { invited_by, epochs }, now)
}

/// Queues another claim link. Raise the user's `link_epoch` first, so that earlier links and mails are void.
pub fn claim_link_again(org: OrgId, user: &User, now: UtcDateTime) -> OutboxMail {
    let epochs = LinkEpochs::of(user);
    queued(org, user.id, &MailPayload::ClaimLinkAgain { epochs }, now)
}

/// Queues a link to choose a new password.
pub fn password_reset(org: OrgId, user: &User, now: UtcDateTime) -> OutboxMail {
    let epochs = LinkEpochs::of(user);
    queued(org, user.id, &MailPayload::PasswordReset { epochs }, now)
}

/// Queues the reminder seven days ahead. The worker alone does.
pub fn ends_in_a_week(
    org: &Org,
    guest: UserId,
    window: AccessWindow,
    audience: Audience,
    now: UtcDateTime,
) -> OutboxMail {
    let notice = notice(org, guest, window, audience);
    queued(
        org.id,
        reader(guest, audience),
        &MailPayload::EndsInAWeek(notice),
        now,
    )
}

/// Queues the reminder a day ahead. The worker alone does.
pub fn ends_tomorrow(
    org: &Org,
    guest: UserId,
    window: AccessWindow,
    audience: Audience,
    now: UtcDateTime,
) -> OutboxMail {
    let notice = notice(org, guest, window, audience);
    queued(
        org.id,
        reader(guest, audience),
        &MailPayload::EndsTomorrow(notice),
        now,
    )
}

/// Queues the news that access has ended, to one reader; [`audiences`] tells to whom.
pub fn access_ended(
    org: &Org,
    guest: UserId,
    window: AccessWindow,
    audience: Audience,
    cause: EndCause,
    now: UtcDateTime,
) -> OutboxMail {
    let notice = notice(org, guest, window, audience);
    queued(
        org.id,
        reader(guest, audience),
        &MailPayload::AccessEnded { notice, cause },
        now,
    )
}

/// Queues the news of another last day, to one reader; [`audiences`] tells to whom. `window` is the new one.
pub fn access_changed(
    org: &Org,
    guest: UserId,
    window: AccessWindow,
    audience: Audience,
    change: LastDayChange,
    now: UtcDateTime,
) -> OutboxMail {
    let notice = notice(org, guest, window, audience);
    queued(
        org.id,
        reader(guest, audience),
        &MailPayload::AccessChanged { notice, change },
        now,
    )
}

/// What a mail about a guest's access is about, as far as its readers' choices go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The end comes closer: guests may switch this off.
    Reminder,
    /// Access has ended or its last day has moved: guests are always told.
    Change,
}

/// Who is to be told: the guest, and the sponsor who is there and wants mail about guests.
pub fn audiences(guest: &User, sponsor: Option<&User>, news: News) -> Vec<Audience> {
    let mut told = Vec::with_capacity(2);
    if news == News::Change || guest.notifications.access_reminders {
        told.push(Audience::Guest);
    }
    told.extend(
        sponsor
            .filter(|sponsor| sponsor.deactivated_at().is_none() && sponsor.notifications.sponsored_guests)
            .map(|sponsor| Audience::Sponsor(sponsor.id)),
    );
    told
}

fn notice(org: &Org, guest: UserId, window: AccessWindow, audience: Audience) -> AccessNotice {
    AccessNotice {
        guest_id: guest,
        audience,
        ends_on: window.ends_on,
        zone: org.zone.name().to_owned(),
    }
}

fn reader(guest: UserId, audience: Audience) -> UserId {
    match audience {
        Audience::Guest => guest,
        Audience::Sponsor(sponsor) => sponsor,
    }
}

fn queued(org: OrgId, user_id: UserId, payload: &MailPayload, now: UtcDateTime) -> OutboxMail {
    OutboxMail {
        id: OutboxId::from(Clock::new_id(now)),
        org,
        user_id,
        kind: payload.kind(),
        // A payload has no map with keys that aren't text, which is all that could go wrong.
        payload: serde_json::to_value(payload).unwrap_or_default(),
        created_at: now,
        attempts: 0,
    }
}
