//! Licenses and the seats in use.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use time::UtcDateTime;

use crate::connection::MultiBackend;
use crate::error::StoreError;
use crate::ids::{LicenseId, OrgId, UserId};
use crate::listing::{PageRequest, SortValue, name_key, sortable};
use crate::schema::{licenses, users};
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, db};

/// A license with a number of seats.
#[derive(Clone, Debug, PartialEq)]
pub struct License {
    /// Its id (UUIDv7).
    pub id: LicenseId,
    /// Its name, unique in the org ignoring case.
    pub name: String,
    /// How many users may hold it at once.
    pub seats: u32,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// When it last changed.
    pub updated_at: UtcDateTime,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = licenses, primary_key(org_id, id), treat_none_as_default_value = false)]
struct LicenseRow {
    org_id: DbId,
    id: DbId,
    name: String,
    name_key: String,
    seats: i32,
    version: i64,
    created_at: DbInstant,
    updated_at: DbInstant,
}

impl LicenseRow {
    fn new(org: OrgId, license: &License) -> Result<Self, StoreError> {
        Ok(LicenseRow {
            org_id: db(org),
            id: db(license.id),
            name: license.name.clone(),
            name_key: name_key(&license.name),
            seats: i32::try_from(license.seats).map_err(|_| StoreError::corrupt("licenses", "seats"))?,
            version: license.version,
            created_at: DbInstant(license.created_at),
            updated_at: DbInstant(license.updated_at),
        })
    }
}

impl TryFrom<LicenseRow> for License {
    type Error = StoreError;
    fn try_from(row: LicenseRow) -> Result<Self, StoreError> {
        Ok(License {
            id: row.id.0.into(),
            name: row.name,
            seats: u32::try_from(row.seats).map_err(|_| StoreError::corrupt("licenses", "seats"))?,
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

fn of_org<'q>(org: OrgId) -> licenses::BoxedQuery<'q, MultiBackend> {
    licenses::table.filter(licenses::org_id.eq(db(org))).into_boxed()
}

/// Loads a license.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such license.
pub fn find(tx: &mut Tx<'_>, org: OrgId, id: LicenseId) -> Result<Option<License>, StoreError> {
    of_org(org)
        .filter(licenses::id.eq(db(id)))
        .select(LicenseRow::as_select())
        .first(tx.conn)
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

/// Counts the seats in use at an instant, leaving one user out where given. Revoked, ended and deleted guests and
/// deactivated users hold none; no stored counter can drift from that.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// O(holders of the license), over an index.
pub fn used_seats(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: LicenseId,
    now: UtcDateTime,
    without: Option<UserId>,
) -> Result<u32, StoreError> {
    let mut query = users::table
        .filter(users::license_id.eq(db(id)))
        .filter(seated(org, now))
        .into_boxed();
    if let Some(user) = without {
        query = query.filter(users::id.ne(db(user)));
    }
    let used: i64 = query.count().get_result(tx.conn)?;
    Ok(u32::try_from(used).unwrap_or(u32::MAX))
}

/// Counts the seats in use on each of these licenses, as [`used_seats`]; licenses without any are left out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn used_seats_of(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: impl IntoIterator<Item = LicenseId>,
    now: UtcDateTime,
) -> Result<HashMap<LicenseId, u32>, StoreError> {
    let ids: Vec<DbId> = ids.into_iter().map(db).collect();
    let rows: Vec<(Option<DbId>, i64)> = users::table
        .filter(users::license_id.eq_any(ids))
        .filter(seated(org, now))
        .group_by(users::license_id)
        .select((users::license_id, count_star()))
        .load(tx.conn)?;
    let seats = |used| u32::try_from(used).unwrap_or(u32::MAX);
    Ok(rows
        .into_iter()
        .filter_map(|(id, used)| Some((id?.0.into(), seats(used))))
        .collect())
}

type Predicate = Box<dyn BoxableExpression<users::table, MultiBackend, SqlType = Bool>>;

/// Who of the org holds a seat of their license at an instant.
fn seated(org: OrgId, now: UtcDateTime) -> Predicate {
    let ends = users::access_ends_at;
    Box::new(
        users::org_id
            .eq(db(org))
            .and(users::deleted_at.is_null())
            .and(users::deactivated_at.is_null())
            .and(users::revoked_at.is_null())
            .and(ends.is_null().or(ends.assume_not_null().gt(DbInstant(now)))),
    )
}

/// Whether any user, seated or not, is on this license.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn is_assigned(tx: &mut Tx<'_>, org: OrgId, id: LicenseId) -> Result<bool, StoreError> {
    let holders: i64 = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::license_id.eq(db(id)))
        .count()
        .get_result(tx.conn)?;
    Ok(holders > 0)
}

sortable! {
    /// What licenses may be sorted by.
    pub enum LicenseSort on licenses {
        /// Name, ignoring case.
        Name = "name" => text name_key,
        /// When the license was made.
        CreatedAt = "created_at" => instant created_at,
    }
}

impl LicenseSort {
    /// The value by which a license stands where it stands.
    #[must_use]
    pub fn value_of(self, license: &License) -> SortValue {
        match self {
            LicenseSort::Name => SortValue::Text(name_key(&license.name)),
            LicenseSort::CreatedAt => SortValue::instant(license.created_at),
        }
    }
}

/// Lists a page of the org's licenses.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    page: &PageRequest<LicenseSort>,
) -> Result<Vec<License>, StoreError> {
    LicenseSort::page(of_org(org), page)
        .select(LicenseRow::as_select())
        .load(tx.conn)?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Counts the org's licenses.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(tx: &mut Tx<'_>, org: OrgId) -> Result<i64, StoreError> {
    Ok(of_org(org).count().get_result(tx.conn)?)
}

/// Writes a new license.
///
/// # Errors
/// [`StoreError::Unique`] with [`crate::UniqueRule::Name`]; [`StoreError::Corrupt`] for more than 2³¹ − 1 seats.
pub fn insert(tx: &mut WriteTx<'_>, org: OrgId, license: &License) -> Result<(), StoreError> {
    diesel::insert_into(licenses::table)
        .values(LicenseRow::new(org, license)?)
        .execute(tx.conn)?;
    Ok(())
}

/// Writes a license's changes and raises its version, in the row and in `license`.
///
/// # Errors
/// [`StoreError::Busy`] when the row changed since it was loaded; otherwise as [`insert`].
pub fn save(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    license: &mut License,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    let loaded = license.version;
    license.version += 1;
    license.updated_at = now;
    let changed = diesel::update(
        licenses::table
            .filter(licenses::org_id.eq(db(org)))
            .filter(licenses::id.eq(db(license.id)))
            .filter(licenses::version.eq(loaded)),
    )
    .set(LicenseRow::new(org, license)?)
    .execute(tx.conn)?;
    if changed == 1 {
        return Ok(());
    }
    license.version = loaded;
    Err(StoreError::Busy)
}

/// Deletes a license that nobody is on.
///
/// # Errors
/// [`StoreError::Reference`] when somebody is.
pub fn delete(tx: &mut WriteTx<'_>, org: OrgId, id: LicenseId) -> Result<(), StoreError> {
    diesel::delete(
        licenses::table
            .filter(licenses::org_id.eq(db(org)))
            .filter(licenses::id.eq(db(id))),
    )
    .execute(tx.conn)?;
    Ok(())
}
