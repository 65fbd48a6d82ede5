//! What each profile permits with the records of each object, as configured. Every write notes the profile whose
//! permissions it changes, so no caller has to.

use diesel::prelude::*;
use time::UtcDateTime;
use vestibule_access_control::{Level, ObjectPermissions};

use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId, ProfileId};
use crate::policy::Touched;
use crate::schema::object_permissions;
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, db};

/// What one profile permits with the records of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The profile.
    pub profile: ProfileId,
    /// The object.
    pub object: ObjectId,
    /// The levels, as configured.
    pub permissions: ObjectPermissions,
    /// Grows with every change; a cell that was never set has none.
    pub version: i64,
    /// When it last changed.
    pub updated_at: UtcDateTime,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = object_permissions, treat_none_as_default_value = false)]
pub(crate) struct CellRow {
    org_id: DbId,
    pub(crate) profile_id: DbId,
    pub(crate) object_id: DbId,
    #[diesel(embed)]
    pub(crate) levels: LevelColumns,
    version: i64,
    updated_at: DbInstant,
}

/// The four levels as they are stored.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone, Copy)]
#[diesel(table_name = object_permissions)]
pub(crate) struct LevelColumns {
    view_level: i16,
    edit_level: i16,
    delete_level: i16,
    create_level: i16,
}

impl From<ObjectPermissions> for LevelColumns {
    fn from(permissions: ObjectPermissions) -> Self {
        LevelColumns {
            view_level: permissions.view.rank().into(),
            edit_level: permissions.edit.rank().into(),
            delete_level: permissions.delete.rank().into(),
            create_level: permissions.create.rank().into(),
        }
    }
}

impl TryFrom<LevelColumns> for ObjectPermissions {
    type Error = StoreError;
    fn try_from(columns: LevelColumns) -> Result<Self, StoreError> {
        let level = |rank: i16| {
            u8::try_from(rank)
                .ok()
                .and_then(Level::from_rank)
                .ok_or(StoreError::corrupt("object_permissions", "level"))
        };
        Ok(ObjectPermissions {
            view: level(columns.view_level)?,
            edit: level(columns.edit_level)?,
            delete: level(columns.delete_level)?,
            create: level(columns.create_level)?,
        })
    }
}

impl TryFrom<CellRow> for Cell {
    type Error = StoreError;
    fn try_from(row: CellRow) -> Result<Self, StoreError> {
        Ok(Cell {
            profile: row.profile_id.0.into(),
            object: row.object_id.0.into(),
            permissions: row.levels.try_into()?,
            version: row.version,
            updated_at: row.updated_at.0,
        })
    }
}

/// Loads what a profile permits with an object.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when it was never set, which permits nothing (unless the profile
/// is Admin, which has no cells and permits everything).
pub fn find(
    tx: &mut Tx<'_>,
    org: OrgId,
    profile: ProfileId,
    object: ObjectId,
) -> Result<Option<Cell>, StoreError> {
    object_permissions::table
        .filter(object_permissions::org_id.eq(db(org)))
        .filter(object_permissions::profile_id.eq(db(profile)))
        .filter(object_permissions::object_id.eq(db(object)))
        .select(CellRow::as_select())
        .first(tx.conn)
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

/// Lists what a profile permits, by object.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_profile(tx: &mut Tx<'_>, org: OrgId, profile: ProfileId) -> Result<Vec<Cell>, StoreError> {
    object_permissions::table
        .filter(object_permissions::org_id.eq(db(org)))
        .filter(object_permissions::profile_id.eq(db(profile)))
        .order(object_permissions::object_id)
        .select(CellRow::as_select())
        .load(tx.conn)?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Lists what is permitted with an object, by profile.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn of_object(tx: &mut Tx<'_>, org: OrgId, object: ObjectId) -> Result<Vec<Cell>, StoreError> {
    object_permissions::table
        .filter(object_permissions::org_id.eq(db(org)))
        .filter(object_permissions::object_id.eq(db(object)))
        .order(object_permissions::profile_id)
        .select(CellRow::as_select())
        .load(tx.conn)?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Sets what a profile permits with an object; returns the cell's new version. Whether the profile may be edited is for
/// the caller to check: cells of Admin would mean nothing.
///
/// # Errors
/// [`StoreError::Reference`] for an unknown profile or object.
pub fn set(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    profile: ProfileId,
    object: ObjectId,
    permissions: ObjectPermissions,
    now: UtcDateTime,
) -> Result<i64, StoreError> {
    let levels = LevelColumns::from(permissions);
    let version = find(tx, org, profile, object)?.map_or(1, |cell| cell.version + 1);
    if version == 1 {
        diesel::insert_into(object_permissions::table)
            .values(CellRow {
                org_id: db(org),
                profile_id: db(profile),
                object_id: db(object),
                levels,
                version,
                updated_at: DbInstant(now),
            })
            .execute(tx.conn)?;
    } else {
        diesel::update(
            object_permissions::table
                .filter(object_permissions::org_id.eq(db(org)))
                .filter(object_permissions::profile_id.eq(db(profile)))
                .filter(object_permissions::object_id.eq(db(object))),
        )
        .set((
            levels,
            object_permissions::version.eq(version),
            object_permissions::updated_at.eq(DbInstant(now)),
        ))
        .execute(tx.conn)?;
    }
    tx.policy_changed(org, Touched::Profile(profile));
    Ok(version)
}

/// Gives a new profile the permissions of another one. A copy of Admin starts with nothing: Admin has no cells to copy.
///
/// # Errors
/// [`StoreError::Reference`] for an unknown profile.
pub fn copy(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    from: ProfileId,
    to: ProfileId,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    for cell in of_profile(tx, org, from)? {
        set(tx, org, to, cell.object, cell.permissions, now)?;
    }
    Ok(())
}

/// Forgets what a profile permits, before it is deleted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn remove_profile(tx: &mut WriteTx<'_>, org: OrgId, profile: ProfileId) -> Result<(), StoreError> {
    diesel::delete(
        object_permissions::table
            .filter(object_permissions::org_id.eq(db(org)))
            .filter(object_permissions::profile_id.eq(db(profile))),
    )
    .execute(tx.conn)?;
    tx.policy_changed(org, Touched::Profile(profile));
    Ok(())
}

/// Forgets what is permitted with an object, before it is deleted.
pub(crate) fn remove_object(tx: &mut WriteTx<'_>, org: OrgId, object: ObjectId) -> Result<(), StoreError> {
    for cell in of_object(tx, org, object)? {
        tx.policy_changed(org, Touched::Profile(cell.profile));
    }
    diesel::delete(
        object_permissions::table
            .filter(object_permissions::org_id.eq(db(org)))
            .filter(object_permissions::object_id.eq(db(object))),
    )
    .execute(tx.conn)?;
    Ok(())
}
