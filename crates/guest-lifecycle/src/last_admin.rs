//! No organization is left without somebody who can administer it.

/// Tells that an operation would leave the organization without an Admin who can sign in.
///
/// Retrying helps once another Admin is active and has claimed their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this would leave the organization without an active Admin")]
pub struct LastAdmin;

impl LastAdmin {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        "last_admin"
    }
}

/// Refuses an operation after which no active, claimed standard user would be on the built-in Admin profile.
///
/// `remaining_active_claimed_standard_admins` is the count as it would be *after* the operation, taken in the
/// transaction that makes the change and under a lock, so that two racing operations cannot both see the other's
/// Admin. Guests, deactivated users and unclaimed invitations never count.
///
/// # Errors
/// - [`LastAdmin`]: the count is zero.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::check_last_admin;
///
/// assert!(check_last_admin(1).is_ok());
/// assert_eq!(check_last_admin(0).unwrap_err().code(), "last_admin");
/// ```
pub fn check_last_admin(remaining_active_claimed_standard_admins: u64) -> Result<(), LastAdmin> {
    if remaining_active_claimed_standard_admins == 0 {
        Err(LastAdmin)
    } else {
        Ok(())
    }
}
