//! Claiming an account: the link is used up, the password set, the person signed in.

use secrecy::SecretString;
use serde_json::json;
use vestibule_guest_lifecycle::command;
use vestibule_persistence::audit::AuditActor;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::users;
use vestibule_persistence::{WriteTx, credentials, one_time_links};

use crate::dto::claim::ClaimRequest;
use crate::error::UseCaseError;
use crate::instant::Instant;
use crate::use_cases::new_password::{changed_meanwhile, hash_new_password};
use crate::use_cases::open_link::{OpenLink, claim_link_invalid};
use crate::use_cases::open_session::{NewSession, open_session, target_word};
use crate::use_cases::preview_claim::claimable;
use crate::visitor::Visit;

/// Claims an account by its link. Of many claims at once exactly one wins; a refused password uses up nothing.
///
/// # Errors
/// 410 `claim_link_invalid` for every link that is no good; 422 `password_policy`; 409 `guest_access_off`,
/// `passwords_not_for_guests`, `sign_in_is_sso`, `changed_meanwhile`.
pub fn claim_account(visit: &Visit<'_>, input: &ClaimRequest) -> Result<NewSession, UseCaseError> {
    let database = &visit.app.database;
    let seen = database.read(|tx| claimable(tx, visit, &input.token))?;
    let hash = hash_new_password(visit.app, &seen.org, &seen.user, &input.password, "/password")?;
    database.write(seen.org.id, |tx| {
        let link = claimable(tx, visit, &input.token)?;
        if link.org.version != seen.org.version || link.user.version != seen.user.version {
            // The password was checked against another policy or another name.
            return Err(changed_meanwhile());
        }
        claim(tx, visit, link, &hash)
    })
}

fn claim(
    tx: &mut WriteTx<'_>,
    visit: &Visit<'_>,
    OpenLink { org, mut user, link }: OpenLink,
    hash: &SecretString,
) -> Result<NewSession, UseCaseError> {
    if !one_time_links::consume(tx, org.id, link.id, visit.now)? {
        return Err(claim_link_invalid());
    }
    user.claimed_at = match user.guest_facts() {
        Some(facts) => {
            command::claim(&facts, visit.now, org.guest_access)?
                .facts
                .claimed_at
        }
        None => Some(visit.now),
    };
    // Every other link dies.
    user.link_epoch += 1;
    users::save(tx, org.id, &mut user, visit.now)?;
    credentials::set_password(tx, org.id, user.id, hash, visit.now)?;
    tx.policy_changed(org.id, Touched::User(user.id));
    let action = if user.guest().is_some() {
        "guest.claimed"
    } else {
        "user.claimed"
    };
    visit.audit(
        tx,
        org.id,
        AuditActor::User(user.id),
        action,
        Some((target_word(&user), user.id.as_uuid())),
        json!({ "claimed_at": { "before": null, "after": Instant(visit.now).to_string() } }),
    );
    open_session(tx, visit, org, user)
}
