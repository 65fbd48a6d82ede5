//! No organization is left without somebody who can administer it.

use vestibule_guest_lifecycle::{BuiltInProfile, UserKind, check_last_admin};
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{WriteTx, profiles};

use crate::caller::Caller;
use crate::error::UseCaseError;

/// Goes on when another active Admin remains after this user, as loaded, stops being one.
///
/// Ask before the change. Transactions of one org run one after the other, so two Admins who leave at once cannot
/// both count on the other.
///
/// # Errors
/// 409 `last_admin`.
pub fn keep_an_admin(tx: &mut WriteTx<'_>, caller: &Caller<'_>, leaving: &User) -> Result<(), UseCaseError> {
    let org = caller.org.id;
    let counts = leaving.kind() == UserKind::Standard
        && leaving.claimed_at.is_some()
        && leaving.deactivated_at().is_none();
    if !counts {
        return Ok(());
    }
    let admin = profiles::find_built_in(tx, org, BuiltInProfile::Admin)?.id;
    if leaving.profile_id == admin {
        check_last_admin(users::count_active_on_profile_without(
            tx, org, admin, leaving.id,
        )?)?;
    }
    Ok(())
}
