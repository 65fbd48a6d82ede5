//! Where somebody stands in their org, as they themselves are told.

use vestibule_persistence::licenses::{self, License};
use vestibule_persistence::profiles::Profile;
use vestibule_persistence::roles::{self, Role};
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{StoreError, Tx};

use crate::caller::Caller;
use crate::error::UseCaseError;

/// Where the caller stands in their org.
pub struct MyPlace {
    /// The profile.
    pub profile: Profile,
    /// The role, if any.
    pub role: Option<Role>,
    /// The license, if any.
    pub license: Option<License>,
    /// The standard user who answers for a guest, while there is one.
    pub sponsor: Option<User>,
}

/// Finds the caller's place. Changing personal settings leaves it as it is.
///
/// # Errors
/// 403 for a service that acts for nobody.
pub fn my_place(tx: &mut Tx<'_>, caller: &Caller<'_>) -> Result<MyPlace, UseCaseError> {
    let (org, me) = (caller.org.id, caller.subject()?);
    let user = &me.user;
    let sponsor = user.guest().and_then(|guest| guest.sponsor_id);
    let sponsor = found(sponsor, |id| users::find(tx, org, id))?;
    Ok(MyPlace {
        profile: me.profile.clone(),
        role: found(user.role_id, |id| roles::find(tx, org, id))?,
        license: found(user.license_id, |id| licenses::find(tx, org, id))?,
        sponsor: sponsor.filter(|sponsor| sponsor.deactivated_at().is_none()),
    })
}

fn found<I, T>(
    id: Option<I>,
    find: impl FnOnce(I) -> Result<Option<T>, StoreError>,
) -> Result<Option<T>, StoreError> {
    id.map_or(Ok(None), find)
}
