//! Setting a new password by a mailed link.

use serde_json::json;
use vestibule_persistence::audit::AuditActor;
use vestibule_persistence::one_time_links::{self, LinkPurpose};
use vestibule_persistence::users;
use vestibule_persistence::{Tx, credentials, sessions};

use crate::caller::may_sign_in;
use crate::dto::password::PasswordReset;
use crate::dto::secret::SecretText;
use crate::error::{Class, Refusal, UseCaseError};
use crate::use_cases::new_password::{changed_meanwhile, hash_new_password};
use crate::use_cases::open_link::{OpenLink, find_link, parse_link};
use crate::use_cases::open_session::target_word;
use crate::visitor::Visit;

/// Sets a new password: every session ends, a lock is lifted, every other link dies. It gives nobody access who has
/// none: not an ended guest, not an unclaimed invitation.
///
/// # Errors
/// 410 `reset_link_invalid` for every link that is no good; 422 `password_policy`; 409 `passwords_not_for_guests`,
/// `sign_in_is_sso`, `changed_meanwhile`.
pub fn reset_password(visit: &Visit<'_>, input: &PasswordReset) -> Result<(), UseCaseError> {
    let database = &visit.app.database;
    let seen = database.read(|tx| usable(tx, visit, &input.token))?;
    let hash = hash_new_password(visit.app, &seen.org, &seen.user, &input.password, "/password")?;
    database.write(seen.org.id, |tx| {
        let OpenLink { org, mut user, link } = usable(tx, visit, &input.token)?;
        if org.version != seen.org.version || user.version != seen.user.version {
            return Err(changed_meanwhile());
        }
        if !one_time_links::consume(tx, org.id, link.id, visit.now)? {
            return Err(reset_link_invalid());
        }
        // The user's row goes first: a sign-in under way waits for it, and then finds the new password.
        user.link_epoch += 1;
        users::save(tx, org.id, &mut user, visit.now)?;
        credentials::set_password(tx, org.id, user.id, &hash, visit.now)?;
        sessions::delete_of_user(tx, org.id, user.id, None)?;
        tx.credentials_changed(org.id);
        let target = Some((target_word(&user), user.id.as_uuid()));
        visit.audit(
            tx,
            org.id,
            AuditActor::User(user.id),
            "user.password_reset",
            target,
            json!({}),
        );
        Ok(())
    })
}

fn usable(tx: &mut Tx<'_>, visit: &Visit<'_>, token: &SecretText) -> Result<OpenLink, UseCaseError> {
    let token = parse_link(token, LinkPurpose::PasswordReset).ok_or_else(reset_link_invalid)?;
    find_link(tx, &token, LinkPurpose::PasswordReset)?
        .filter(|open| open.facts().is_open(visit.now) && may_sign_in(&open.org, &open.user, visit.now))
        .ok_or_else(reset_link_invalid)
}

/// The one answer for every reset link that is no good.
fn reset_link_invalid() -> UseCaseError {
    Refusal::new(
        Class::Gone,
        "reset_link_invalid",
        "this link is not valid; ask for a new one",
    )
    .into()
}
