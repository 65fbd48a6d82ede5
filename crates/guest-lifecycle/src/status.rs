//! What is stored about a guest, and the status that follows from it.

use std::{fmt, str::FromStr};

use time::UtcDateTime;

use crate::{AccessWindow, UnknownWord};

/// Holds the stored facts of a guest from which everything else is derived.
///
/// # Examples
/// ```
/// use time::macros::{date, utc_datetime};
/// use vestibule_guest_lifecycle::{AccessWindow, GuestFacts, GuestStatus, OrgZone};
///
/// let window = AccessWindow::ending_on(date!(2026-05-01), &OrgZone::utc());
/// let guest = GuestFacts { claimed_at: Some(utc_datetime!(2026-04-20 08:00)), ..GuestFacts::invited(window) };
///
/// assert_eq!(guest.status(utc_datetime!(2026-05-01 23:59:59)), GuestStatus::Active);
/// assert_eq!(guest.status(utc_datetime!(2026-05-02 00:00)), GuestStatus::Expired);
/// assert!(!guest.has_access(utc_datetime!(2026-05-02 00:00)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GuestFacts {
    /// When the guest first set a password or signed in through single sign-on.
    pub claimed_at: Option<UtcDateTime>,
    /// When access ends.
    pub window: AccessWindow,
    /// When an administrator ended access early.
    pub revoked_at: Option<UtcDateTime>,
    /// When the person was removed, leaving a tombstone.
    pub deleted_at: Option<UtcDateTime>,
    /// When the end of this very window was tidied up; `None` again with every new window.
    ///
    /// No right hangs on it: it only makes the tidy-up happen once.
    pub expiry_recorded_at: Option<UtcDateTime>,
}

/// Names the one state a guest is in; derived at a moment, never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GuestStatus {
    /// Removed; a tombstone remains.
    Deleted,
    /// Access was ended early by an administrator.
    Revoked,
    /// The end date has passed.
    Expired,
    /// Invited, not yet claimed.
    Invited,
    /// Claimed and inside the window: the only status with access.
    Active,
}

impl GuestStatus {
    /// Every status, the stronger before the weaker: a guest has the first one that applies.
    pub const ALL: [Self; 5] = [
        Self::Deleted,
        Self::Revoked,
        Self::Expired,
        Self::Invited,
        Self::Active,
    ];

    /// The word used in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Invited => "invited",
            Self::Active => "active",
        }
    }
}

impl fmt::Display for GuestStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for GuestStatus {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|s| s.as_str() == word)
            .ok_or_else(|| UnknownWord::new("guest status", word))
    }
}

impl GuestFacts {
    /// The facts of a guest who has just been invited for `window`.
    pub const fn invited(window: AccessWindow) -> Self {
        Self {
            claimed_at: None,
            window,
            revoked_at: None,
            deleted_at: None,
            expiry_recorded_at: None,
        }
    }

    /// The status at `now`: the first that applies of deleted, revoked, expired, invited, active.
    ///
    /// It depends on the clock that is passed and on nothing that a scheduler does.
    pub fn status(&self, now: UtcDateTime) -> GuestStatus {
        if self.deleted_at.is_some() {
            GuestStatus::Deleted
        } else if self.revoked_at.is_some() {
            GuestStatus::Revoked
        } else if self.window.is_over(now) {
            GuestStatus::Expired
        } else if self.claimed_at.is_none() {
            GuestStatus::Invited
        } else {
            GuestStatus::Active
        }
    }

    /// Whether the guest counts against the seats of their license at `now`: invited and active guests do.
    ///
    /// This is the truth by the clock. A stored seat may lag behind it until the expiry is tidied up; commands
    /// say when to book and when to free one.
    pub fn holds_seat(&self, now: UtcDateTime) -> bool {
        matches!(self.status(now), GuestStatus::Invited | GuestStatus::Active)
    }

    /// Whether the guest may do anything at all at `now`: only an active guest may.
    ///
    /// Ask it on every request, not only at sign-in. The organization's own switch for guest access comes on
    /// top of it.
    pub fn has_access(&self, now: UtcDateTime) -> bool {
        self.status(now) == GuestStatus::Active
    }

    /// Whether a seat is still booked: what the commands so far have taken and not given back.
    pub(crate) fn seat_is_booked(&self) -> bool {
        self.deleted_at.is_none() && self.revoked_at.is_none() && self.expiry_recorded_at.is_none()
    }

    /// Whether the window has ended, unrevoked, and nobody has recorded that yet.
    pub(crate) fn expiry_is_due(&self, now: UtcDateTime) -> bool {
        self.status(now) == GuestStatus::Expired && self.expiry_recorded_at.is_none()
    }
}
