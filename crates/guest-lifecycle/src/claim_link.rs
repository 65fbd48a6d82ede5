//! Who may claim an account with which link.

use time::{Duration, UtcDateTime};

use crate::{ClaimLinkTtl, GuestFacts, GuestStatus};

/// Holds what is stored about one claim link; the token itself is not among it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClaimLinkFacts {
    /// First moment at which the link no longer works.
    pub expires_at: UtcDateTime,
    /// When it was used; a link works once.
    pub used_at: Option<UtcDateTime>,
    /// When a newer link, a revocation or the like made it void.
    pub voided_at: Option<UtcDateTime>,
}

impl ClaimLinkFacts {
    /// Whether the link itself is still good at `now`. Use [`check_claim`] to decide a claim.
    pub fn is_open(&self, now: UtcDateTime) -> bool {
        self.used_at.is_none() && self.voided_at.is_none() && now < self.expires_at
    }
}

/// Holds the stored facts of a standard user that matter for a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StandardUserFacts {
    /// When the user first set a password or signed in through single sign-on.
    pub claimed_at: Option<UtcDateTime>,
    /// When an administrator deactivated the user; `None` while active.
    pub deactivated_at: Option<UtcDateTime>,
    /// When the person was removed, leaving a tombstone.
    pub deleted_at: Option<UtcDateTime>,
}

impl StandardUserFacts {
    /// Whether the user may sign in: claimed, not deactivated, not deleted.
    pub const fn has_access(&self) -> bool {
        self.claimed_at.is_some() && self.is_in_good_standing()
    }

    /// Whether the user is neither deactivated nor deleted, claimed or not.
    ///
    /// A decision point counts a user who has not claimed yet as in good standing: they may sign in elsewhere.
    pub const fn is_in_good_standing(&self) -> bool {
        self.deactivated_at.is_none() && self.deleted_at.is_none()
    }
}

/// Says whose account a claim link belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claimant {
    /// A guest, and whether the organization lets guests in at all.
    Guest {
        /// The guest's stored facts.
        facts: GuestFacts,
        /// The organization's `guest_access` switch.
        guest_access: bool,
    },
    /// A standard user.
    Standard(StandardUserFacts),
}

/// Why a claim is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRefused {
    /// The link is unknown, used, void or expired, or its owner cannot claim (any more).
    ///
    /// One answer for all of them, so that trying links teaches nothing. A new link helps.
    #[error("this link is not valid; ask for a new one")]
    ClaimLinkInvalid,
    /// Link and guest are fine, but the organization lets no guests in at the moment. Retrying later may help.
    #[error("guest access is switched off in this organization")]
    GuestAccessOff,
}

impl ClaimRefused {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ClaimLinkInvalid => "claim_link_invalid",
            Self::GuestAccessOff => "guest_access_off",
        }
    }
}

/// Decides whether `link` lets its owner claim the account at `now`.
///
/// For a token that matches no link, answer [`ClaimRefused::ClaimLinkInvalid`] without asking. Of several
/// simultaneous claims one must win: use up the link with a conditional write in the same transaction.
///
/// # Errors
/// - [`ClaimRefused::ClaimLinkInvalid`]: link used, void or expired; the guest is not `invited`; the standard
///   user has claimed before, is deactivated or deleted.
/// - [`ClaimRefused::GuestAccessOff`]: an invited guest with a good link, while the organization admits none.
///
/// # Examples
/// ```
/// use time::macros::utc_datetime;
/// use vestibule_guest_lifecycle::{ClaimLinkFacts, Claimant, StandardUserFacts, check_claim};
///
/// let now = utc_datetime!(2026-05-01 12:00);
/// let link = ClaimLinkFacts { expires_at: utc_datetime!(2026-05-04 12:00), used_at: None, voided_at: None };
/// let newcomer = Claimant::Standard(StandardUserFacts::default());
/// assert!(check_claim(&link, &newcomer, now).is_ok());
///
/// let used = ClaimLinkFacts { used_at: Some(now), ..link };
/// assert_eq!(check_claim(&used, &newcomer, now).unwrap_err().code(), "claim_link_invalid");
/// ```
pub fn check_claim(link: &ClaimLinkFacts, claimant: &Claimant, now: UtcDateTime) -> Result<(), ClaimRefused> {
    let may_claim = match claimant {
        Claimant::Guest { facts, .. } => facts.status(now) == GuestStatus::Invited,
        Claimant::Standard(facts) => facts.claimed_at.is_none() && facts.is_in_good_standing(),
    };
    if !link.is_open(now) || !may_claim {
        return Err(ClaimRefused::ClaimLinkInvalid);
    }
    match claimant {
        Claimant::Guest {
            guest_access: false, ..
        } => Err(ClaimRefused::GuestAccessOff),
        _ => Ok(()),
    }
}

/// Gives the first moment at which a link minted at `minted_at` no longer works.
///
/// That is `ttl` later, or the end of the guest's access when that comes first; standard users have no
/// `access_ends_at`. Mint when the mail is sent, so that a queued mail does not eat into the time.
///
/// # Examples
/// ```
/// use time::macros::utc_datetime;
/// use vestibule_guest_lifecycle::{ClaimLinkTtl, link_expiry};
///
/// let (minted, ttl) = (utc_datetime!(2026-05-01 12:00), ClaimLinkTtl::default());
/// assert_eq!(link_expiry(minted, ttl, None), utc_datetime!(2026-05-04 12:00));
/// let ends = utc_datetime!(2026-05-02 00:00);
/// assert_eq!(link_expiry(minted, ttl, Some(ends)), ends);
/// ```
pub fn link_expiry(
    minted_at: UtcDateTime,
    ttl: ClaimLinkTtl,
    access_ends_at: Option<UtcDateTime>,
) -> UtcDateTime {
    let by_ttl = minted_at
        .checked_add(Duration::hours(ttl.hours().into()))
        .unwrap_or(minted_at);
    access_ends_at.map_or(by_ttl, |ends_at| by_ttl.min(ends_at))
}
