//! The commands that change a guest: pure transitions from stored facts to new facts and duties.
//!
//! Each function takes the facts as stored and the time, and gives a [`Transition`] to carry out or a refusal, in
//! which case nothing happens at all. Load the facts under a lock, so that of two racing commands the second one
//! sees what the first has done.

mod admission;
mod ending;
mod term;

use crate::{EndDateRefused, GuestFacts, ReminderTimes};

pub use admission::{claim, invite, resend};
pub use ending::{delete, expire, revoke};
pub use term::{change_end_date, reinstate};

/// Carries the outcome of an allowed command: the facts to store and what else to do in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The guest after the command.
    pub facts: GuestFacts,
    /// What the caller does about it.
    pub effects: Effects,
}

impl Transition {
    /// The outcome of a command that finds nothing to do.
    fn unchanged(guest: &GuestFacts) -> Self {
        Self {
            facts: *guest,
            effects: Effects::default(),
        }
    }
}

/// Says what the caller must do along with storing the new facts, all in one transaction.
///
/// Carry out the seat effects in this order: free, then take. A command that revives an expired guest whose seat
/// was never given back asks for both, so that a full license is decided by what is really taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// End every session and every API token of the guest.
    pub end_credentials: bool,
    /// Void every claim link the guest still has, and password-reset links alike.
    pub void_links: bool,
    /// Queue a mail with a new claim link.
    pub queue_claim_link: bool,
    /// Give back the seat of the guest's license, if they have one. Comes before `take_seat`.
    pub free_seat: bool,
    /// Take a seat of the guest's license, if they have one; with none left, refuse the whole command.
    pub take_seat: bool,
    /// `Some` replaces whatever reminders are scheduled (with [`ReminderTimes::NONE`] it cancels them); `None`
    /// leaves them alone.
    pub reminders: Option<ReminderTimes>,
    /// Write the event that the guest's access has expired: the command met an expiry nobody had recorded yet.
    pub record_expiry: bool,
    /// Whether anything changed. When false there is nothing to store and nothing to do.
    pub changed: bool,
}

/// Why a command on a guest is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The guest was deleted; nothing brings them back.
    #[error("this guest has been deleted")]
    GuestDeleted,
    /// The guest is revoked; reinstate first.
    #[error("this guest is revoked; reinstate them with a new end date")]
    GuestRevoked,
    /// The command is for guests who have not claimed yet.
    #[error("this guest is not waiting to claim an invitation")]
    GuestNotInvited,
    /// Only a revoked guest can be reinstated.
    #[error("this guest is not revoked")]
    GuestNotRevoked,
    /// The organization lets no guests in at the moment.
    #[error("guest access is switched off in this organization")]
    GuestAccessOff,
    /// Nobody answers for the guest, so their access cannot become longer; name a new sponsor.
    #[error("this guest has no sponsor; name a new one to extend their access")]
    SponsorMissing,
    /// The end date is not allowed.
    #[error(transparent)]
    EndDate(#[from] EndDateRefused),
}

impl Refusal {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::GuestDeleted => "guest_deleted",
            Self::GuestRevoked => "guest_revoked",
            Self::GuestNotInvited => "guest_not_invited",
            Self::GuestNotRevoked => "guest_not_revoked",
            Self::GuestAccessOff => "guest_access_off",
            Self::SponsorMissing => "sponsor_missing",
            Self::EndDate(refused) => refused.code(),
        }
    }
}
