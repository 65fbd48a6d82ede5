//! Adding, changing and deleting licenses.

use uuid::Uuid;
use vestibule_guest_lifecycle::{Capability, ShortText};
use vestibule_persistence::WriteTx;
use vestibule_persistence::ids::LicenseId;
use vestibule_persistence::licenses::{self, License};

use crate::caller::Caller;
use crate::dto::license::{LicensePatch, NewLicense};
use crate::error::{Fields, UseCaseError};
use crate::use_cases::find_license::license_to_change;
use crate::use_cases::placement::Changes;

/// The most seats that a license can have.
pub const MAX_SEATS: u32 = 1_000_000;

/// Adds a license.
///
/// # Errors
/// 403 `capability_missing`; 422 for refused values; 409 `name_taken`.
pub fn add_license(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &NewLicense,
) -> Result<License, UseCaseError> {
    caller.require(Capability::ManageOrg)?;
    let mut fields = Fields::new();
    let name = fields.check("/name", ShortText::parse(&input.name));
    check_seats(&mut fields, input.seats);
    let (Some(name), true) = (name, fields.is_clean()) else {
        return Err(fields.refused());
    };
    let id: LicenseId = caller.new_id();
    let license = License {
        id,
        name: name.into(),
        seats: input.seats,
        version: 1,
        created_at: caller.now,
        updated_at: caller.now,
    };
    licenses::insert(tx, caller.org.id, &license)?;
    let mut facts = Changes::new();
    facts.note("name", None, Some(license.name.as_str()));
    facts.note("seats", None, Some(license.seats));
    caller.audit(
        tx,
        "license.created",
        Some(("license", id.as_uuid())),
        facts.into_value(),
    );
    Ok(license)
}

/// Changes a license.
///
/// # Errors
/// 403 `capability_missing`; 404; 412; 422 for refused values; 409 `name_taken`, `seats_in_use`.
pub fn update_license(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    patch: &LicensePatch,
) -> Result<License, UseCaseError> {
    let mut license = license_to_change(tx, caller, id)?;
    let mut fields = Fields::new();
    let name = patch
        .name
        .as_ref()
        .and_then(|name| fields.check("/name", ShortText::parse(name)));
    if let Some(seats) = patch.seats {
        check_seats(&mut fields, seats);
    }
    fields.finish()?;
    let mut changes = Changes::new();
    if let Some(name) = name {
        changes.note("name", license.name.as_str(), name.as_str());
        license.name = name.into();
    }
    if let Some(seats) = patch.seats {
        let used = licenses::used_seats(tx, caller.org.id, license.id, caller.now, None)?;
        if seats < license.seats && seats < used {
            let detail = format!("{used} seats of {} are in use", license.name);
            return Err(UseCaseError::conflict("seats_in_use", detail).at("/seats"));
        }
        changes.note("seats", license.seats, seats);
        license.seats = seats;
    }
    if changes.is_empty() {
        return Ok(license);
    }
    licenses::save(tx, caller.org.id, &mut license, caller.now)?;
    caller.audit(
        tx,
        "license.updated",
        Some(("license", license.id.as_uuid())),
        changes.into_value(),
    );
    Ok(license)
}

/// Deletes a license that nobody is on, seated or not.
///
/// # Errors
/// 403 `capability_missing`; 404; 412; 409 `license_in_use`.
pub fn delete_license(tx: &mut WriteTx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<(), UseCaseError> {
    let license = license_to_change(tx, caller, id)?;
    if licenses::is_assigned(tx, caller.org.id, license.id)? {
        let detail = "users are still on this license, those without access included";
        return Err(UseCaseError::conflict("license_in_use", detail));
    }
    licenses::delete(tx, caller.org.id, license.id)?;
    let mut changes = Changes::new();
    changes.note("name", Some(license.name.as_str()), None);
    changes.note("seats", Some(license.seats), None);
    caller.audit(
        tx,
        "license.deleted",
        Some(("license", license.id.as_uuid())),
        changes.into_value(),
    );
    Ok(())
}

fn check_seats(fields: &mut Fields, seats: u32) {
    if seats > MAX_SEATS {
        fields.refuse(
            "/seats",
            "out_of_range",
            format!("must be 0 to {MAX_SEATS} seats"),
        );
    }
}
