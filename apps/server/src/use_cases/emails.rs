//! Which emails an org's users may have.

use vestibule_guest_lifecycle::{EmailAddress, UserKind};
use vestibule_persistence::ids::UserId;
use vestibule_persistence::{WriteTx, users};

use crate::caller::Caller;
use crate::error::UseCaseError;

/// An email that was found free and is now reserved for its kind of user.
#[derive(Clone, Debug)]
pub struct ReservedEmail {
    /// As typed, for mail.
    pub typed: String,
    /// As compared.
    pub canonical: String,
    /// The keyed hash that stays.
    pub hash: Vec<u8>,
}

/// Reserves an email for a user of this kind.
///
/// # Errors
/// 409 `email_reserved` when the other kind of user has or had it, 409 `email_taken` when another user has it.
pub fn reserve(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    email: &EmailAddress,
    kind: UserKind,
    user: UserId,
) -> Result<ReservedEmail, UseCaseError> {
    let org = caller.org.id;
    let hash = caller.app.email_hash(org, email.canonical());
    match users::email_reservation(tx, org, &hash)? {
        Some(reserved) if reserved != kind => {
            let detail = match reserved {
                UserKind::Standard => "this email is or was a standard user's; a guest needs another one",
                UserKind::Guest => "this email is or was a guest's; a standard user needs another one",
            };
            return Err(UseCaseError::conflict("email_reserved", detail).at("/email"));
        }
        _ => {}
    }
    match users::find_by_email(tx, org, email.canonical())? {
        Some(other) if other.id != user => {
            return Err(UseCaseError::conflict("email_taken", "this email is in use here").at("/email"));
        }
        _ => {}
    }
    users::reserve_email(tx, org, &hash, kind)?;
    Ok(ReservedEmail {
        typed: email.as_typed().to_owned(),
        canonical: email.canonical().to_owned(),
        hash,
    })
}
