//! New claim links: by mail, or in the answer for handing over in person.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use time::UtcDateTime;
use vestibule_guest_lifecycle::{UserKind, command, link_expiry};
use vestibule_persistence::WriteTx;
use vestibule_persistence::one_time_links::{self, LinkPurpose, OneTimeLink};
use vestibule_persistence::users::{self, User};

use crate::app::App;
use crate::caller::Caller;
use crate::dto::guest::Deliver;
use crate::error::UseCaseError;
use crate::token::{self, TokenKind};
use crate::use_cases::mails;

/// A link that was minted for the answer.
pub struct MintedLink {
    /// The token that goes into the link.
    pub token: SecretString,
    /// Until when it works.
    pub expires_at: UtcDateTime,
}

/// Voids every earlier claim link of a user and delivers a new one; mints it now only when the answer carries it.
///
/// The caller of this function has checked that the user may be administered.
///
/// # Errors
/// 409 `guest_not_invited` or `already_claimed`, `user_deactivated` when there is nothing to claim.
pub fn resend_claim_link(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    user: &mut User,
    deliver: Deliver,
) -> Result<Option<MintedLink>, UseCaseError> {
    check_claimable(caller, user)?;
    user.link_epoch += 1;
    one_time_links::delete_of_user(tx, caller.org.id, user.id)?;
    users::save(tx, caller.org.id, user, caller.now)?;
    let kind = user.kind();
    let (action, word) = match kind {
        UserKind::Guest => ("guest.claim_link_sent", "guest"),
        UserKind::Standard => ("user.claim_link_sent", "user"),
    };
    let minted = match deliver {
        Deliver::Email => {
            mails::claim_link_again(tx, caller, user)?;
            None
        }
        Deliver::Response => Some(mint(tx, caller, user)?),
    };
    let delivered = if minted.is_some() { "response" } else { "email" };
    caller.audit(
        tx,
        action,
        Some((word, user.id.as_uuid())),
        json!({ "deliver": delivered }),
    );
    Ok(minted)
}

fn check_claimable(caller: &Caller<'_>, user: &User) -> Result<(), UseCaseError> {
    match user.guest_facts() {
        Some(facts) => command::resend(&facts, caller.now)
            .map(|_| ())
            .map_err(Into::into),
        None if user.claimed_at.is_some() => Err(UseCaseError::conflict(
            "already_claimed",
            "this account has been claimed",
        )),
        None if user.deactivated_at().is_some() => Err(UseCaseError::conflict(
            "user_deactivated",
            "this user is deactivated",
        )),
        None => Ok(()),
    }
}

/// Mints a claim link for a user now.
///
/// # Errors
/// When the database fails or the system has no randomness.
pub fn mint(tx: &mut WriteTx<'_>, caller: &Caller<'_>, user: &User) -> Result<MintedLink, UseCaseError> {
    let org = &caller.org;
    let (token, hash) =
        token::mint(TokenKind::Claim, org.id).map_err(|error| UseCaseError::Internal(error.to_string()))?;
    let ends_at = user.guest().map(|guest| guest.window.ends_at);
    let expires_at = link_expiry(caller.now, org.claim_link_ttl, ends_at);
    one_time_links::insert(
        tx,
        org.id,
        &OneTimeLink {
            id: caller.new_id(),
            user_id: user.id,
            purpose: LinkPurpose::Claim,
            token_hash: hash,
            access_epoch: user.access_epoch,
            link_epoch: user.link_epoch,
            created_at: caller.now,
            expires_at,
            used_at: None,
        },
    )?;
    Ok(MintedLink { token, expires_at })
}

/// The address of the page where a claim token is used. The token stands in the fragment, which no server logs.
pub fn claim_url(app: &App, token: &SecretString) -> String {
    app.public_url
        .join(&format!("/claim#token={}", token.expose_secret()))
}
