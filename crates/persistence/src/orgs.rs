//! Organizations and their settings.

use diesel::prelude::*;
use serde_json::Value;
use time::UtcDateTime;
use vestibule_guest_lifecycle::{ClaimLinkTtl, GuestMaxDays, OrgSlug, OrgZone, PasswordPolicy, SessionHours};

use crate::error::StoreError;
use crate::ids::OrgId;
use crate::schema::{org_versions, orgs};
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, DbJson, db, storable};

/// A tenant.
#[derive(Clone, Debug, PartialEq)]
pub struct Org {
    /// Its id (UUIDv7).
    pub id: OrgId,
    /// Its unique short name.
    pub slug: OrgSlug,
    /// Its name.
    pub name: String,
    /// The zone whose days end access.
    pub zone: OrgZone,
    /// What passwords must look like.
    pub password_policy: PasswordPolicy,
    /// How long a claim link works.
    pub claim_link_ttl: ClaimLinkTtl,
    /// How far ahead a guest's last day may lie.
    pub guest_max_days: GuestMaxDays,
    /// How long a session lasts.
    pub session_hours: SessionHours,
    /// Whether guests may sign in with passwords.
    pub guests_may_use_passwords: bool,
    /// Whether there is guest access at all.
    pub guest_access: bool,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// When its settings last changed.
    pub updated_at: UtcDateTime,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = orgs, treat_none_as_default_value = false)]
struct OrgRow {
    id: DbId,
    slug: String,
    name: String,
    time_zone: String,
    password_policy: DbJson,
    claim_link_ttl_hours: i16,
    guest_max_days: i16,
    session_hours: i16,
    guests_may_use_passwords: bool,
    guest_access: bool,
    version: i64,
    created_at: DbInstant,
    updated_at: DbInstant,
}

fn corrupt(what: &'static str) -> StoreError {
    StoreError::corrupt("orgs", what)
}

fn number<T>(value: T, what: &'static str) -> Result<i16, StoreError>
where
    i16: TryFrom<T>,
{
    i16::try_from(value).map_err(|_| corrupt(what))
}

impl OrgRow {
    fn new(org: &Org) -> Result<Self, StoreError> {
        let policy: Value =
            serde_json::to_value(org.password_policy).map_err(|_| corrupt("password_policy"))?;
        Ok(OrgRow {
            id: db(org.id),
            slug: org.slug.as_str().to_owned(),
            name: org.name.clone(),
            time_zone: org.zone.name().to_owned(),
            password_policy: DbJson(policy),
            claim_link_ttl_hours: number(org.claim_link_ttl.hours(), "claim_link_ttl_hours")?,
            guest_max_days: number(org.guest_max_days.days(), "guest_max_days")?,
            session_hours: number(org.session_hours.hours(), "session_hours")?,
            guests_may_use_passwords: org.guests_may_use_passwords,
            guest_access: org.guest_access,
            version: org.version,
            created_at: DbInstant(org.created_at),
            updated_at: DbInstant(org.updated_at),
        })
    }
}

impl TryFrom<OrgRow> for Org {
    type Error = StoreError;
    fn try_from(row: OrgRow) -> Result<Self, StoreError> {
        Ok(Org {
            id: row.id.0.into(),
            slug: OrgSlug::parse(&row.slug).map_err(|_| corrupt("slug"))?,
            name: row.name,
            zone: OrgZone::parse(&row.time_zone).map_err(|_| corrupt("time_zone"))?,
            password_policy: serde_json::from_value(row.password_policy.0)
                .map_err(|_| corrupt("password_policy"))?,
            claim_link_ttl: ClaimLinkTtl::try_from(i64::from(row.claim_link_ttl_hours))
                .map_err(|_| corrupt("claim_link_ttl_hours"))?,
            guest_max_days: GuestMaxDays::try_from(i64::from(row.guest_max_days))
                .map_err(|_| corrupt("guest_max_days"))?,
            session_hours: SessionHours::try_from(i64::from(row.session_hours))
                .map_err(|_| corrupt("session_hours"))?,
            guests_may_use_passwords: row.guests_may_use_passwords,
            guest_access: row.guest_access,
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

/// Loads an org.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such org.
pub fn find(tx: &mut Tx<'_>, id: OrgId) -> Result<Option<Org>, StoreError> {
    orgs::table
        .filter(orgs::id.eq(db(id)))
        .select(OrgRow::as_select())
        .first(tx.conn)
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

/// Loads the org with this slug.
///
/// # Errors
/// As [`find`].
pub fn find_by_slug(tx: &mut Tx<'_>, slug: &str) -> Result<Option<Org>, StoreError> {
    if !storable(slug) {
        return Ok(None);
    }
    orgs::table
        .filter(orgs::slug.eq(slug))
        .select(OrgRow::as_select())
        .first(tx.conn)
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

/// Lists the ids of all orgs.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn ids(tx: &mut Tx<'_>) -> Result<Vec<OrgId>, StoreError> {
    let ids: Vec<DbId> = orgs::table.order(orgs::id).select(orgs::id).load(tx.conn)?;
    Ok(ids.into_iter().map(|id| id.0.into()).collect())
}

/// Writes a new org and its version counters.
///
/// # Errors
/// [`StoreError::Unique`] with [`crate::UniqueRule::OrgSlug`].
pub fn insert(tx: &mut WriteTx<'_>, org: &Org) -> Result<(), StoreError> {
    diesel::insert_into(orgs::table)
        .values(OrgRow::new(org)?)
        .execute(tx.conn)?;
    diesel::insert_into(org_versions::table)
        .values((
            org_versions::org_id.eq(db(org.id)),
            org_versions::policy_version.eq(1_i64),
            org_versions::audit_seq.eq(0_i64),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Writes an org's settings and raises its version, in the row and in `org`.
///
/// # Errors
/// [`StoreError::Busy`] when the row changed since it was loaded.
pub fn save(tx: &mut WriteTx<'_>, org: &mut Org, now: UtcDateTime) -> Result<(), StoreError> {
    let loaded = org.version;
    org.version += 1;
    org.updated_at = now;
    let changed = diesel::update(
        orgs::table
            .filter(orgs::id.eq(db(org.id)))
            .filter(orgs::version.eq(loaded)),
    )
    .set(OrgRow::new(org)?)
    .execute(tx.conn)?;
    if changed == 1 {
        return Ok(());
    }
    org.version = loaded;
    Err(StoreError::Busy)
}
