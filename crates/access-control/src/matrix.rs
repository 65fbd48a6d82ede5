use std::collections::BTreeMap;

use crate::{ObjectId, ObjectPermissions};

/// What one profile may do with the records of every object.
///
/// An object that was never set is at `none` everywhere, so a new object is closed until somebody opens it. The
/// Admin profile reaches everything on every object, future ones included, and cannot be edited.
///
/// # Examples
/// ```
/// use vestibule_access_control::{Level, ObjectId, ObjectPermissions, PermissionMatrix};
///
/// let (deal, invoice) = (ObjectId::from_u128(1), ObjectId::from_u128(2));
/// let mut auditor = PermissionMatrix::new();
/// auditor.set(deal, ObjectPermissions { view: Level::Anyone, ..ObjectPermissions::NONE })?;
///
/// assert_eq!(auditor.on(deal).view, Level::Anyone);
/// assert_eq!(auditor.on(invoice), ObjectPermissions::NONE);
/// assert!(PermissionMatrix::admin().set(deal, ObjectPermissions::NONE).is_err());
/// # Ok::<(), vestibule_access_control::MatrixError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionMatrix {
    cells: Cells,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cells {
    Admin,
    /// INVARIANT: no cell is `ObjectPermissions::NONE`, so equal matrices compare equal.
    Set(BTreeMap<ObjectId, ObjectPermissions>),
}

/// Why a matrix was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MatrixError {
    /// The matrix is that of the Admin profile; repeating the call doesn't help.
    #[error("the permissions of the admin profile cannot be changed")]
    AdminFixed,
}

impl MatrixError {
    /// The stable word, `admin_profile_fixed`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AdminFixed => "admin_profile_fixed",
        }
    }
}

impl PermissionMatrix {
    /// A profile that may do nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            cells: Cells::Set(BTreeMap::new()),
        }
    }

    /// The built-in Admin profile: everything, on every object.
    #[must_use]
    pub const fn admin() -> Self {
        Self { cells: Cells::Admin }
    }

    /// Whether this is the Admin profile's matrix.
    #[must_use]
    pub const fn is_admin(&self) -> bool {
        matches!(self.cells, Cells::Admin)
    }

    /// The permissions on an object; `none` everywhere for one that was never set.
    ///
    /// # Complexity
    /// O(log n), n the number of objects set.
    #[must_use]
    pub fn on(&self, object: ObjectId) -> ObjectPermissions {
        match &self.cells {
            Cells::Admin => ObjectPermissions::ANYONE,
            Cells::Set(cells) => cells.get(&object).copied().unwrap_or_default(),
        }
    }

    /// Replaces the permissions on an object.
    ///
    /// # Errors
    /// - [`MatrixError::AdminFixed`]: this is the Admin profile's matrix.
    pub fn set(&mut self, object: ObjectId, permissions: ObjectPermissions) -> Result<(), MatrixError> {
        match &mut self.cells {
            Cells::Admin => return Err(MatrixError::AdminFixed),
            Cells::Set(cells) if permissions == ObjectPermissions::NONE => drop(cells.remove(&object)),
            Cells::Set(cells) => drop(cells.insert(object, permissions)),
        }
        Ok(())
    }

    /// The objects that were set to anything, with their permissions, ordered by id; nothing for Admin.
    pub fn iter(&self) -> impl Iterator<Item = (ObjectId, ObjectPermissions)> + '_ {
        let cells = match &self.cells {
            Cells::Admin => None,
            Cells::Set(cells) => Some(cells),
        };
        cells
            .into_iter()
            .flatten()
            .map(|(object, permissions)| (*object, *permissions))
    }
}

impl Default for PermissionMatrix {
    fn default() -> Self {
        Self::new()
    }
}

impl FromIterator<(ObjectId, ObjectPermissions)> for PermissionMatrix {
    /// The matrix with these cells; the last one wins where an object is named twice.
    fn from_iter<I: IntoIterator<Item = (ObjectId, ObjectPermissions)>>(cells: I) -> Self {
        let mut cells: BTreeMap<_, _> = cells.into_iter().collect();
        cells.retain(|_, permissions| *permissions != ObjectPermissions::NONE);
        Self {
            cells: Cells::Set(cells),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MatrixError, PermissionMatrix};
    use crate::{Level, ObjectId, ObjectPermissions};

    #[test]
    fn a_new_object_is_closed_to_every_profile_but_admin() {
        let object = ObjectId::from_u128(1);
        assert_eq!(PermissionMatrix::new().on(object), ObjectPermissions::NONE);
        assert_eq!(PermissionMatrix::admin().on(object), ObjectPermissions::ANYONE);
    }

    #[test]
    fn the_admin_matrix_cannot_be_changed() {
        let mut admin = PermissionMatrix::admin();
        let refused = admin
            .set(ObjectId::from_u128(1), ObjectPermissions::NONE)
            .unwrap_err();
        assert_eq!(refused, MatrixError::AdminFixed);
        assert_eq!(refused.code(), "admin_profile_fixed");
        assert_eq!(admin, PermissionMatrix::admin());
    }

    #[test]
    fn setting_an_object_back_to_none_leaves_no_trace() {
        let object = ObjectId::from_u128(1);
        let mut matrix: PermissionMatrix = [(object, ObjectPermissions::all(Level::Own))]
            .into_iter()
            .collect();
        assert_eq!(matrix.iter().count(), 1);
        matrix.set(object, ObjectPermissions::NONE).unwrap();
        assert_eq!(matrix, PermissionMatrix::new());
    }
}
