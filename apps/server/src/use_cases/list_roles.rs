//! Lists of roles.

use vestibule_persistence::Tx;
use vestibule_persistence::roles::{self, RoleFilter, RoleSort};

use crate::caller::Caller;
use crate::dto::role::RoleBody;
use crate::error::UseCaseError;
use crate::list::Listing;
use crate::paging::Page;
use crate::use_cases::find_user::READERS;

/// A page of the roles that match, each with the number of its users.
///
/// # Errors
/// 403 `capability_missing`.
pub fn list_roles(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    filter: &RoleFilter,
    listing: &Listing<RoleSort>,
) -> Result<Page<RoleBody>, UseCaseError> {
    caller.require_any(&READERS)?;
    let org = caller.org.id;
    let found = roles::list(tx, org, filter, listing.request())?;
    let users = roles::user_counts(tx, org, found.iter().map(|role| role.id))?;
    listing.page(
        caller,
        found,
        |role| role.id.into(),
        RoleSort::value_of,
        |role| RoleBody::of(&role, users.get(&role.id).copied().unwrap_or(0)),
        || Ok(roles::count(tx, org, filter)?),
    )
}
