use vestibule_org_hierarchy::{Person, RoleLabel, UserId};

use crate::ProfileId;

/// Whether a user's access stands at the moment of the question. Nothing in the matrix outweighs it.
///
/// Worked out by the caller from stored facts and the clock, for every decision anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Standing {
    /// An active guest, or a standard user who is not deactivated (claimed or not).
    Good,
    /// Denied everything.
    Ended(EndedReason),
}

/// Why a user is denied everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum EndedReason {
    /// A standard user was deactivated.
    Deactivated,
    /// A guest hasn't claimed the invitation yet.
    NotClaimed,
    /// A guest's end date has passed.
    Expired,
    /// A guest was revoked.
    Revoked,
    /// The organization lets no guest in at present.
    GuestAccessOff,
    /// The user was deleted; the only reason that cannot be undone.
    Deleted,
}

impl EndedReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Deactivated,
        Self::NotClaimed,
        Self::Expired,
        Self::Revoked,
        Self::GuestAccessOff,
        Self::Deleted,
    ];

    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deactivated => "deactivated",
            Self::NotClaimed => "not_claimed",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::GuestAccessOff => "guest_access_off",
            Self::Deleted => "deleted",
        }
    }

    /// Whether standing can be given back: true for all but `Deleted`.
    #[must_use]
    pub const fn can_be_undone(self) -> bool {
        !matches!(self, Self::Deleted)
    }
}

/// Who asks: everything about a user that a decision needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Subject {
    /// The user.
    pub id: UserId,
    /// The label of the user's role in the present forest; `None` for a user without a role.
    pub role: Option<RoleLabel>,
    /// The user's profile, whose permissions are asked.
    pub profile: ProfileId,
    /// Whether the user's access stands right now.
    pub standing: Standing,
}

impl Subject {
    /// The subject as a possible owner.
    #[must_use]
    pub const fn person(&self) -> Person {
        Person::new(self.id, self.role)
    }
}
