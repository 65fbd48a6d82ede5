//! Signing in with a password.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use time::UtcDateTime;
use vestibule_guest_lifecycle::{EmailAddress, GuestStatus, UserKind};
use vestibule_persistence::audit::AuditActor;
use vestibule_persistence::credentials::{self, Credential};
use vestibule_persistence::ids::{OrgId, UserId};
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::users::{self, SignInMethod, User};
use vestibule_persistence::{Tx, WriteTx};

use crate::dto::session::SignInRequest;
use crate::error::{Class, Refusal, UseCaseError};
use crate::instant::Instant;
use crate::passwords::PasswordError;
use crate::use_cases::count_wrong_password::count_wrong_password;
use crate::use_cases::ended_access::ended_access;
use crate::use_cases::open_session::{NewSession, open_session, target_word};
use crate::visitor::Visit;

/// Why somebody is not let in. Only the last one is told apart by the answer, and only to who knows the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    UnknownEmail,
    NoPassword,
    NotClaimed,
    Locked,
    WrongPassword,
    Ended(&'static str),
}

impl Refused {
    /// The word for the audit log.
    fn reason(self) -> &'static str {
        match self {
            Refused::UnknownEmail => "unknown_email",
            Refused::NoPassword => "no_password",
            Refused::NotClaimed => "not_claimed",
            Refused::Locked => "locked",
            Refused::WrongPassword => "wrong_password",
            Refused::Ended(reason) => reason,
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Ended(_) => Refusal::new(Class::Forbidden, "access_ended", "your access has ended"),
            _ => Refusal::new(
                Class::Unauthenticated,
                "sign_in_refused",
                "organization, email or password are wrong, or there were too many attempts",
            ),
        }
    }
}

/// Lets somebody in who knows their password.
///
/// # Errors
/// 401 `sign_in_refused`, the same for everything that is wrong; 403 `access_ended` for the right password of
/// somebody who has no access any more.
pub fn sign_in(visit: &Visit<'_>, input: &SignInRequest) -> Result<NewSession, UseCaseError> {
    let password = input.password.as_password();
    let known = visit.app.database.read(|tx| look_up(tx, input))?;
    let stored = known.as_ref().and_then(|known| known.user.as_ref()?.1.clone());

    // Outside of any transaction, and whoever it is: this takes time on purpose.
    let passwords = &visit.app.passwords;
    let matches = passwords
        .verify(&password, stored.as_ref().map(|hash| hash.expose_secret()))
        .map_err(slip)?;
    let rehash = match &stored {
        Some(hash) if matches && passwords.is_outdated(hash.expose_secret()) => {
            Some(SecretString::from(passwords.hash(&password).map_err(slip)?))
        }
        _ => None,
    };

    let Some(known) = known else {
        return Err(Refusal::from(Refused::UnknownEmail).into());
    };
    let attempt = Attempt {
        known,
        matches,
        rehash,
    };
    visit
        .app
        .database
        .write_in_turns(|tx| attempt.settle(tx, visit))?
        .map_err(Into::into)
}

fn slip(error: PasswordError) -> UseCaseError {
    UseCaseError::Internal(error.to_string())
}

/// The org that was named, and whose email it was, with the hash to compare with.
struct Known {
    org: OrgId,
    user: Option<(UserId, Option<SecretString>)>,
}

fn look_up(tx: &mut Tx<'_>, input: &SignInRequest) -> Result<Option<Known>, UseCaseError> {
    let Some(org) = orgs::find_by_slug(tx, &input.org)? else {
        return Ok(None);
    };
    let user = match EmailAddress::parse(&input.email) {
        Ok(email) => users::find_by_email(tx, org.id, email.canonical())?,
        Err(_) => None,
    };
    let user = match user {
        Some(user) => {
            let credential = credentials::find(tx, org.id, user.id)?;
            Some((user.id, credential.map(|credential| credential.password_hash)))
        }
        None => None,
    };
    Ok(Some(Known { org: org.id, user }))
}

/// A sign-in whose password was compared.
struct Attempt {
    known: Known,
    matches: bool,
    rehash: Option<SecretString>,
}

impl Attempt {
    /// Decides by what the database says now: a revocation that came in between wins.
    fn settle(
        &self,
        tx: &mut WriteTx<'_>,
        visit: &Visit<'_>,
    ) -> Result<Result<NewSession, Refusal>, UseCaseError> {
        let Some(org) = orgs::find(tx, self.known.org)? else {
            return Ok(Err(Refused::UnknownEmail.into()));
        };
        let user = match &self.known.user {
            Some((id, _)) => users::find_locked(tx, org.id, *id)?,
            None => None,
        };
        let Some(user) = user else {
            return refuse(tx, visit, &org, None, Refused::UnknownEmail);
        };
        let credential = credentials::find(tx, org.id, user.id)?;
        match self.judge(&org, &user, credential.as_ref(), visit.now) {
            Err(refused) => refuse(tx, visit, &org, Some(&user), refused),
            Ok(credential) => {
                if let Some(hash) = &self.rehash {
                    credentials::set_password(tx, org.id, user.id, hash, credential.changed_at)?;
                } else if credential.failed_attempts > 0 || credential.locked_until.is_some() {
                    credentials::set_lock(tx, org.id, user.id, None)?;
                }
                open_session(tx, visit, org, user).map(Ok)
            }
        }
    }

    fn judge<'c>(
        &self,
        org: &Org,
        user: &User,
        credential: Option<&'c Credential>,
        now: UtcDateTime,
    ) -> Result<&'c Credential, Refused> {
        let credential = credential.filter(|_| user.sign_in == SignInMethod::Password);
        let credential = credential.ok_or(Refused::NoPassword)?;
        if user.claimed_at.is_none() {
            return Err(Refused::NotClaimed);
        }
        if credential.is_locked(now) {
            return Err(Refused::Locked);
        }
        let compared = self.known.user.as_ref().and_then(|(_, hash)| hash.as_ref());
        let unchanged =
            compared.is_some_and(|hash| hash.expose_secret() == credential.password_hash.expose_secret());
        if !self.matches || !unchanged {
            return Err(Refused::WrongPassword);
        }
        match ended(org, user, now) {
            Some(reason) => Err(Refused::Ended(reason)),
            None => Ok(credential),
        }
    }
}

/// Why a claimed user may not sign in with a password now.
fn ended(org: &Org, user: &User, now: UtcDateTime) -> Option<&'static str> {
    let status = match (user.kind(), user.guest_facts()) {
        (UserKind::Guest, Some(facts)) => facts.status(now),
        _ => return user.deactivated_at().map(|_| "deactivated"),
    };
    match status {
        GuestStatus::Active if !org.guest_access => Some("guest_access_off"),
        GuestStatus::Active if !org.guests_may_use_passwords => Some("passwords_not_for_guests"),
        GuestStatus::Active => None,
        ended => Some(ended.as_str()),
    }
}

fn refuse<T>(
    tx: &mut WriteTx<'_>,
    visit: &Visit<'_>,
    org: &Org,
    user: Option<&User>,
    refused: Refused,
) -> Result<Result<T, Refusal>, UseCaseError> {
    let locked_until = match (refused, user) {
        (Refused::WrongPassword, Some(user)) => {
            count_wrong_password(tx, &visit.app.security, org.id, user.id, visit.now)?
        }
        _ => None,
    };
    visit.audit(
        tx,
        org.id,
        AuditActor::System,
        "session.refused",
        user.map(|user| (target_word(user), user.id.as_uuid())),
        told(refused, locked_until),
    );
    let refusal = Refusal::from(refused);
    Ok(Err(match (refused, user) {
        (Refused::Ended(_), Some(user)) => refusal.telling(ended_access(tx, org, user, visit.now)?),
        _ => refusal,
    }))
}

fn told(refused: Refused, locked_until: Option<UtcDateTime>) -> Value {
    match locked_until {
        Some(until) => json!({ "reason": refused.reason(), "locked_until": Instant(until).to_string() }),
        None => json!({ "reason": refused.reason() }),
    }
}
