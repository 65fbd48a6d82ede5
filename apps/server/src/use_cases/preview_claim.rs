//! Looking at a claim link without using it.

use vestibule_persistence::one_time_links::LinkPurpose;
use vestibule_persistence::orgs::Org;
use vestibule_persistence::profiles::{self, Profile};
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{StoreError, Tx};

use crate::dto::secret::SecretText;
use crate::error::UseCaseError;
use crate::use_cases::open_link::{OpenLink, claim_link_invalid, find_link, parse_link};
use crate::visitor::Visit;

/// What a claim link is for.
pub struct Preview {
    /// Where the account is.
    pub org: Org,
    /// Whose it is.
    pub user: User,
    /// The profile that it has.
    pub profile: Profile,
    /// Who answers for a guest.
    pub sponsor: Option<User>,
}

/// Tells what a claim link is for, and how the password has to be. The link stays as it is.
///
/// # Errors
/// 410 `claim_link_invalid` for every link that is no good; 409 `guest_access_off`.
pub fn preview_claim(visit: &Visit<'_>, token: &SecretText) -> Result<Preview, UseCaseError> {
    visit.app.database.read(|tx| {
        let OpenLink { org, user, .. } = claimable(tx, visit, token)?;
        let sponsor = match user.guest().and_then(|guest| guest.sponsor_id) {
            Some(sponsor) => users::find(tx, org.id, sponsor)?,
            None => None,
        };
        let profile = profiles::find(tx, org.id, user.profile_id)?.ok_or(StoreError::Reference)?;
        Ok(Preview {
            org,
            user,
            profile,
            sponsor,
        })
    })
}

/// The link of a token that lets its owner claim the account now.
///
/// # Errors
/// As [`preview_claim`].
pub fn claimable(tx: &mut Tx<'_>, visit: &Visit<'_>, token: &SecretText) -> Result<OpenLink, UseCaseError> {
    let token = parse_link(token, LinkPurpose::Claim).ok_or_else(claim_link_invalid)?;
    let link = find_link(tx, &token, LinkPurpose::Claim)?.ok_or_else(claim_link_invalid)?;
    link.check_claimable(visit.now)?;
    Ok(link)
}
