//! Wrong passwords add up until the user is locked for a while.

use time::{Duration, UtcDateTime};
use vestibule_persistence::ids::{OrgId, UserId};
use vestibule_persistence::{WriteTx, credentials};

use crate::config::SecurityConfig;
use crate::error::UseCaseError;

/// Counts a wrong password; returns until when the user is locked, if this was one too many.
///
/// # Errors
/// When the database fails.
pub fn count_wrong_password(
    tx: &mut WriteTx<'_>,
    limits: &SecurityConfig,
    org: OrgId,
    user: UserId,
    now: UtcDateTime,
) -> Result<Option<UtcDateTime>, UseCaseError> {
    let failures = credentials::count_failure(tx, org, user)?;
    if failures.is_none_or(|failures| failures < limits.lockout_failures) {
        return Ok(None);
    }
    let until = now
        .checked_add(Duration::minutes(limits.lockout_minutes.into()))
        .unwrap_or(now);
    credentials::set_lock(tx, org, user, Some(until))?;
    Ok(Some(until))
}
