//! Accepting and hashing a new password: the same rules wherever one is set.

use secrecy::{ExposeSecret, SecretString};
use vestibule_guest_lifecycle::{CommonPasswords, PersonalContext, UserKind};
use vestibule_persistence::orgs::Org;
use vestibule_persistence::users::{SignInMethod, User};

use crate::app::App;
use crate::dto::secret::SecretText;
use crate::error::{UseCaseError, password_refused};
use crate::passwords::ZxcvbnPasswords;

impl CommonPasswords for ZxcvbnPasswords {
    fn is_common(&self, candidate: &str) -> bool {
        ZxcvbnPasswords::is_common(self, candidate)
    }
}

/// A password that the policy accepts, hashed. Slow on purpose: never call it inside a transaction.
///
/// # Errors
/// As [`check_passwords_allowed`]; 422 `password_policy` with every violation at `pointer`.
pub fn hash_new_password(
    app: &App,
    org: &Org,
    user: &User,
    password: &SecretText,
    pointer: &str,
) -> Result<SecretString, UseCaseError> {
    check_passwords_allowed(org, user)?;
    let person = PersonalContext {
        email: &user.email,
        first_name: &user.first_name,
        last_name: &user.last_name,
    };
    let password = password.as_password();
    org.password_policy
        .check(password.expose_secret(), &person, &app.common_passwords)
        .map_err(|refused| password_refused(&refused, pointer))?;
    let hash = app
        .passwords
        .hash(&password)
        .map_err(|error| UseCaseError::Internal(error.to_string()))?;
    Ok(SecretString::from(hash))
}

/// Goes on when this user may have a password at all.
///
/// # Errors
/// 409 `passwords_not_for_guests`, `sign_in_is_sso`.
pub fn check_passwords_allowed(org: &Org, user: &User) -> Result<(), UseCaseError> {
    if user.sign_in == SignInMethod::Sso {
        return Err(UseCaseError::conflict(
            "sign_in_is_sso",
            "this account signs in through single sign-on",
        ));
    }
    if user.kind() == UserKind::Guest && !org.guests_may_use_passwords {
        let detail = "guests of this organization do not sign in with passwords";
        return Err(UseCaseError::conflict("passwords_not_for_guests", detail));
    }
    Ok(())
}

/// The refusal when what a password was checked against is no longer so: trying again helps.
pub fn changed_meanwhile() -> UseCaseError {
    UseCaseError::conflict(
        "changed_meanwhile",
        "something about this account has changed meanwhile; try again",
    )
}
