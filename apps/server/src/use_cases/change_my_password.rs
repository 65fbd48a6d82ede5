//! Changing one's own password, knowing the present one.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use vestibule_persistence::orgs::Org;
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{Tx, WriteTx, credentials, sessions};

use crate::caller::Caller;
use crate::dto::password::PasswordChange;
use crate::error::UseCaseError;
use crate::request::Steps;
use crate::use_cases::count_wrong_password::count_wrong_password;
use crate::use_cases::new_password::{changed_meanwhile, check_passwords_allowed, hash_new_password};
use crate::use_cases::open_session::target_word;
use crate::use_cases::sign_out::session_of;

/// Changes the caller's password and ends all their other sessions; password-reset links die too.
///
/// # Errors
/// 403 `session_needed` for an API token; 422 `current_password_wrong`, also while the user is locked, or
/// `password_policy`; 409 `passwords_not_for_guests`, `sign_in_is_sso`, `changed_meanwhile`; 412.
pub fn change_my_password(steps: &Steps<'_>, input: &PasswordChange) -> Result<(), UseCaseError> {
    let app = steps.app();
    let before = steps.read(present)?;
    let compared = before.hash.as_ref().map(|hash| hash.expose_secret());
    let matches = app
        .passwords
        .verify(&input.current.as_password(), compared)
        .map_err(|error| UseCaseError::Internal(error.to_string()))?;
    if !matches || before.locked {
        steps.write(|tx, caller| count(tx, caller, before.locked))?;
        return Err(UseCaseError::invalid(
            "/current",
            "current_password_wrong",
            "this is not the present password, or there were too many attempts",
        ));
    }
    let hash = hash_new_password(app, &before.org, &before.user, &input.new, "/new")?;
    steps.write(|tx, caller| replace(tx, caller, &before, &hash))
}

/// What the change rests on.
struct Before {
    org: Org,
    user: User,
    hash: Option<SecretString>,
    locked: bool,
}

fn present(tx: &mut Tx<'_>, caller: &Caller<'_>) -> Result<Before, UseCaseError> {
    session_of(caller)?;
    let user = caller.subject()?.user.clone();
    caller.expect_version(user.id, user.version)?;
    check_passwords_allowed(&caller.org, &user)?;
    let credential = credentials::find(tx, caller.org.id, user.id)?;
    let locked = credential
        .as_ref()
        .is_some_and(|credential| credential.is_locked(caller.now));
    Ok(Before {
        org: caller.org.clone(),
        user,
        hash: credential.map(|credential| credential.password_hash),
        locked,
    })
}

fn count(tx: &mut WriteTx<'_>, caller: &Caller<'_>, locked: bool) -> Result<(), UseCaseError> {
    let user = &caller.subject()?.user;
    if !locked {
        count_wrong_password(tx, &caller.app.security, caller.org.id, user.id, caller.now)?;
    }
    let reason = if locked { "locked" } else { "wrong_password" };
    let target = Some((target_word(user), user.id.as_uuid()));
    caller.audit(
        tx,
        "user.password_change_refused",
        target,
        json!({ "reason": reason }),
    );
    Ok(())
}

fn replace(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    before: &Before,
    hash: &SecretString,
) -> Result<(), UseCaseError> {
    let org = caller.org.id;
    let session = session_of(caller)?;
    let mut user = caller.subject()?.user.clone();
    let now = credentials::find(tx, org, user.id)?;
    let (Some(now), Some(seen)) = (now, &before.hash) else {
        return Err(changed_meanwhile());
    };
    if now.is_locked(caller.now) || now.password_hash.expose_secret() != seen.expose_secret() {
        return Err(changed_meanwhile());
    }
    // The user's row goes first: a sign-in under way waits for it, and then finds the new password.
    user.link_epoch += 1;
    users::save(tx, org, &mut user, caller.now)?;
    credentials::set_password(tx, org, user.id, hash, caller.now)?;
    sessions::delete_of_user(tx, org, user.id, Some(session))?;
    tx.credentials_changed(org);
    caller.audit(
        tx,
        "user.password_changed",
        Some((target_word(&user), user.id.as_uuid())),
        json!({}),
    );
    Ok(())
}
