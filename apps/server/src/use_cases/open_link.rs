//! Finding what a mailed link is for.

use time::UtcDateTime;
use vestibule_guest_lifecycle::{ClaimLinkFacts, ClaimRefused, Claimant, StandardUserFacts, check_claim};
use vestibule_persistence::Tx;
use vestibule_persistence::one_time_links::{self, LinkPurpose, OneTimeLink};
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::users::{self, User};

use crate::dto::secret::SecretText;
use crate::error::UseCaseError;
use crate::token::{self, ParsedToken, TokenKind};

/// A link, whose it is, and where.
pub struct OpenLink {
    /// Where.
    pub org: Org,
    /// Whose.
    pub user: User,
    /// The link.
    pub link: OneTimeLink,
}

/// Reads the token of a link of this purpose; nothing when it can't be one.
pub fn parse_link(token: &SecretText, purpose: LinkPurpose) -> Option<ParsedToken> {
    let kind = match purpose {
        LinkPurpose::Claim => TokenKind::Claim,
        LinkPurpose::PasswordReset => TokenKind::Reset,
    };
    token::parse(token.as_sent()).filter(|token| token.kind == kind)
}

/// Loads the link of a token, good or not.
///
/// # Errors
/// When the database fails; `Ok(None)` when there is no such link, or nobody it could be for.
pub fn find_link(
    tx: &mut Tx<'_>,
    token: &ParsedToken,
    purpose: LinkPurpose,
) -> Result<Option<OpenLink>, UseCaseError> {
    let Some(org) = orgs::find(tx, token.org)? else {
        return Ok(None);
    };
    let link = one_time_links::find_by_token(tx, org.id, purpose, &token.hash)?;
    let Some(link) = link.filter(|link| token.matches(&link.token_hash)) else {
        return Ok(None);
    };
    let user = users::find(tx, org.id, link.user_id)?;
    Ok(user.map(|user| OpenLink { org, user, link }))
}

impl OpenLink {
    /// The link as the claim rules see it: void once either epoch of its user has moved on.
    pub fn facts(&self) -> ClaimLinkFacts {
        let current =
            self.link.access_epoch == self.user.access_epoch && self.link.link_epoch == self.user.link_epoch;
        ClaimLinkFacts {
            expires_at: self.link.expires_at,
            used_at: self.link.used_at,
            voided_at: (!current).then_some(self.user.updated_at),
        }
    }

    /// Goes on when this claim link lets its owner claim the account now.
    ///
    /// # Errors
    /// 410 `claim_link_invalid`; 409 `guest_access_off`.
    pub fn check_claimable(&self, now: UtcDateTime) -> Result<(), UseCaseError> {
        let claimant = match self.user.guest_facts() {
            Some(facts) => Claimant::Guest {
                facts,
                guest_access: self.org.guest_access,
            },
            None => Claimant::Standard(StandardUserFacts {
                claimed_at: self.user.claimed_at,
                deactivated_at: self.user.deactivated_at(),
                deleted_at: None,
            }),
        };
        Ok(check_claim(&self.facts(), &claimant, now)?)
    }
}

/// The one answer for every claim link that is no good.
pub fn claim_link_invalid() -> UseCaseError {
    ClaimRefused::ClaimLinkInvalid.into()
}
