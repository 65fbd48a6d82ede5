//! Finding licenses, alone and in lists, with the seats in use.

use uuid::Uuid;
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::licenses::{self, License, LicenseSort};
use vestibule_persistence::{Tx, WriteTx};

use crate::caller::Caller;
use crate::dto::license::LicenseBody;
use crate::error::UseCaseError;
use crate::list::Listing;
use crate::paging::Page;

/// Who may read licenses: whoever assigns or sells them.
const READERS: [Capability; 4] = [
    Capability::ManageUsers,
    Capability::ManageGuests,
    Capability::ManageAccess,
    Capability::ManageOrg,
];

/// Loads a license.
///
/// # Errors
/// 403 `capability_missing`; 404 when there is no such license in the caller's org.
pub fn find_license(tx: &mut Tx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<License, UseCaseError> {
    caller.require_any(&READERS)?;
    licenses::find(tx, caller.org.id, id.into())?.ok_or_else(UseCaseError::not_found)
}

/// Loads a license to change, with the version that the caller expects.
///
/// # Errors
/// As [`find_license`]; 412 `precondition_failed`.
pub fn license_to_change(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
) -> Result<License, UseCaseError> {
    caller.require(Capability::ManageOrg)?;
    let license = find_license(tx, caller, id)?;
    caller.expect_version(license.id, license.version)?;
    Ok(license)
}

/// A page of the org's licenses, each with the seats in use.
///
/// # Errors
/// 403 `capability_missing`.
pub fn list_licenses(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    listing: &Listing<LicenseSort>,
) -> Result<Page<LicenseBody>, UseCaseError> {
    caller.require_any(&READERS)?;
    let org = caller.org.id;
    let found = licenses::list(tx, org, listing.request())?;
    let used = licenses::used_seats_of(tx, org, found.iter().map(|license| license.id), caller.now)?;
    listing.page(
        caller,
        found,
        |license| license.id.into(),
        LicenseSort::value_of,
        |license| LicenseBody::of(&license, used.get(&license.id).copied().unwrap_or(0)),
        || Ok(licenses::count(tx, org)?),
    )
}
