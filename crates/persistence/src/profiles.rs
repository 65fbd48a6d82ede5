//! Profiles and their capabilities.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use time::UtcDateTime;
use vestibule_guest_lifecycle::{BuiltInProfile, CapabilitySet, ProfileFacts};

use crate::connection::MultiBackend;
use crate::error::StoreError;
use crate::ids::{OrgId, ProfileId};
use crate::listing::{PageRequest, SortValue, name_key, sortable};
use crate::object_permissions;
use crate::schema::{profiles, users};
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, db};

/// A profile: what its users may administer, and (per object) which records they reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its id (UUIDv7).
    pub id: ProfileId,
    /// Its name, unique in the org ignoring case.
    pub name: String,
    /// Which of the profiles that every org has, if any.
    pub built_in: Option<BuiltInProfile>,
    /// What its users may administer.
    pub capabilities: CapabilitySet,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// When it last changed.
    pub updated_at: UtcDateTime,
}

impl Profile {
    /// Whether this is the built-in Admin profile.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.built_in == Some(BuiltInProfile::Admin)
    }

    /// What the no-escalation rule looks at.
    #[must_use]
    pub fn facts(&self) -> ProfileFacts {
        ProfileFacts {
            built_in: self.built_in,
            capabilities: self.capabilities,
        }
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = profiles, primary_key(org_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct ProfileRow {
    org_id: DbId,
    id: DbId,
    name: String,
    name_key: String,
    built_in: Option<i16>,
    capabilities: i16,
    version: i64,
    created_at: DbInstant,
    updated_at: DbInstant,
}

fn corrupt(what: &'static str) -> StoreError {
    StoreError::corrupt("profiles", what)
}

impl ProfileRow {
    fn new(org: OrgId, profile: &Profile) -> Result<Self, StoreError> {
        Ok(ProfileRow {
            org_id: db(org),
            id: db(profile.id),
            name: profile.name.clone(),
            name_key: name_key(&profile.name),
            built_in: profile.built_in.map(|built_in| match built_in {
                BuiltInProfile::Admin => 1,
                BuiltInProfile::Default => 2,
            }),
            capabilities: i16::try_from(profile.capabilities.bits()).map_err(|_| corrupt("capabilities"))?,
            version: profile.version,
            created_at: DbInstant(profile.created_at),
            updated_at: DbInstant(profile.updated_at),
        })
    }
}

impl TryFrom<ProfileRow> for Profile {
    type Error = StoreError;
    fn try_from(row: ProfileRow) -> Result<Self, StoreError> {
        let bits = u16::try_from(row.capabilities).map_err(|_| corrupt("capabilities"))?;
        Ok(Profile {
            id: row.id.0.into(),
            name: row.name,
            built_in: match row.built_in {
                None => None,
                Some(1) => Some(BuiltInProfile::Admin),
                Some(2) => Some(BuiltInProfile::Default),
                Some(_) => return Err(corrupt("built_in")),
            },
            capabilities: CapabilitySet::from_bits(bits).ok_or(corrupt("capabilities"))?,
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

fn of_org<'q>(org: OrgId) -> profiles::BoxedQuery<'q, MultiBackend> {
    profiles::table.filter(profiles::org_id.eq(db(org))).into_boxed()
}

/// Loads a profile.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such profile.
pub fn find(tx: &mut Tx<'_>, org: OrgId, id: ProfileId) -> Result<Option<Profile>, StoreError> {
    profiles::table
        .filter(profiles::org_id.eq(db(org)))
        .filter(profiles::id.eq(db(id)))
        .select(ProfileRow::as_select())
        .first(tx.conn)
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

/// Loads a built-in profile, which every org has.
///
/// # Errors
/// [`StoreError`] when the database fails; [`StoreError::Corrupt`] when the profile is missing.
pub fn find_built_in(tx: &mut Tx<'_>, org: OrgId, built_in: BuiltInProfile) -> Result<Profile, StoreError> {
    let number: i16 = if built_in == BuiltInProfile::Admin { 1 } else { 2 };
    of_org(org)
        .filter(profiles::built_in.eq(number))
        .select(ProfileRow::as_select())
        .first::<ProfileRow>(tx.conn)
        .optional()?
        .ok_or(corrupt("a built-in profile is missing"))?
        .try_into()
}

sortable! {
    /// What profiles may be sorted by.
    pub enum ProfileSort on profiles {
        /// Name, ignoring case.
        Name = "name" => text name_key,
        /// When the profile was made.
        CreatedAt = "created_at" => instant created_at,
    }
}

impl ProfileSort {
    /// The value by which a profile stands where it stands.
    #[must_use]
    pub fn value_of(self, profile: &Profile) -> SortValue {
        match self {
            ProfileSort::Name => SortValue::Text(name_key(&profile.name)),
            ProfileSort::CreatedAt => SortValue::instant(profile.created_at),
        }
    }
}

/// Lists a page of the org's profiles.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    page: &PageRequest<ProfileSort>,
) -> Result<Vec<Profile>, StoreError> {
    ProfileSort::page(of_org(org), page)
        .select(ProfileRow::as_select())
        .load(tx.conn)?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Counts the org's profiles.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(tx: &mut Tx<'_>, org: OrgId) -> Result<i64, StoreError> {
    Ok(of_org(org).count().get_result(tx.conn)?)
}

/// Counts the living users on a profile.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count_users(tx: &mut Tx<'_>, org: OrgId, id: ProfileId) -> Result<i64, StoreError> {
    Ok(users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::profile_id.eq(db(id)))
        .filter(users::deleted_at.is_null())
        .count()
        .get_result(tx.conn)?)
}

/// Counts the living users on each of these profiles; profiles without any are left out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn user_counts(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: impl IntoIterator<Item = ProfileId>,
) -> Result<HashMap<ProfileId, i64>, StoreError> {
    let ids: Vec<DbId> = ids.into_iter().map(db).collect();
    let rows: Vec<(Option<DbId>, i64)> = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::profile_id.eq_any(ids))
        .filter(users::deleted_at.is_null())
        .group_by(users::profile_id)
        .select((users::profile_id, count_star()))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, users)| Some((id?.0.into(), users)))
        .collect())
}

/// Writes a new profile.
///
/// # Errors
/// [`StoreError::Unique`] with [`crate::UniqueRule::Name`].
pub fn insert(tx: &mut WriteTx<'_>, org: OrgId, profile: &Profile) -> Result<(), StoreError> {
    diesel::insert_into(profiles::table)
        .values(ProfileRow::new(org, profile)?)
        .execute(tx.conn)?;
    Ok(())
}

/// Writes a profile's changes and raises its version, in the row and in `profile`.
///
/// # Errors
/// [`StoreError::Busy`] when the row changed since it was loaded; otherwise as [`insert`].
pub fn save(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    profile: &mut Profile,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    let loaded = profile.version;
    profile.version += 1;
    profile.updated_at = now;
    let changed = diesel::update(
        profiles::table
            .filter(profiles::org_id.eq(db(org)))
            .filter(profiles::id.eq(db(profile.id)))
            .filter(profiles::version.eq(loaded)),
    )
    .set(ProfileRow::new(org, profile)?)
    .execute(tx.conn)?;
    if changed == 1 {
        return Ok(());
    }
    profile.version = loaded;
    Err(StoreError::Busy)
}

/// Deletes a profile that nobody is on, with what it permits.
///
/// # Errors
/// [`StoreError::Reference`] when somebody is.
pub fn delete(tx: &mut WriteTx<'_>, org: OrgId, id: ProfileId) -> Result<(), StoreError> {
    object_permissions::remove_profile(tx, org, id)?;
    diesel::delete(
        profiles::table
            .filter(profiles::org_id.eq(db(org)))
            .filter(profiles::id.eq(db(id))),
    )
    .execute(tx.conn)?;
    Ok(())
}
