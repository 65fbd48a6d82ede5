//! What decisions rest on: everything at once, or what has changed since a version.

mod facts;

use std::collections::BTreeSet;

use diesel::prelude::*;
use uuid::Uuid;
use vestibule_access_control::{PolicyChange, PolicyFacts};

use crate::connection::DbConnection;
use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId, ProfileId, RoleId, UserId};
use crate::schema::policy_changes;
use crate::transaction::Tx;
use crate::types::{DbId, db};

/// How many policy versions the log of changes reaches back. Who is further behind loads everything again.
pub const LOG_KEPT: u64 = 10_000;

/// A transaction that touches more things than this is noted as having touched everything: reading them one by one
/// would take longer than reading all.
const MOST_TOUCHED: usize = 5_000;

/// Rows in one INSERT: few enough for the limits that both databases put on bound values.
const ROWS_AT_ONCE: usize = 1_000;

/// Old rows of the log are cleared away at every version that this divides.
const PRUNED_EVERY: i64 = 256;

/// A fact that decisions rest on and that a transaction has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Touched {
    /// Too much to name.
    Everything,
    /// Whether the org lets guests in.
    GuestAccess,
    /// A role came, went, or moved.
    Role(RoleId),
    /// A profile came or went, or what it permits changed.
    Profile(ProfileId),
    /// An object came or went, or who owns its records is told by other fields.
    Object(ObjectId),
    /// A user came or went, or got another role, profile or standing.
    User(UserId),
}

impl Touched {
    fn stored(self, org: OrgId) -> (i16, Uuid) {
        match self {
            Touched::Everything => (1, org.into()),
            Touched::GuestAccess => (2, org.into()),
            Touched::Role(id) => (3, id.into()),
            Touched::Profile(id) => (4, id.into()),
            Touched::Object(id) => (5, id.into()),
            Touched::User(id) => (6, id.into()),
        }
    }

    fn of_row(kind: i16, id: Uuid) -> Result<Self, StoreError> {
        Ok(match kind {
            1 => Touched::Everything,
            2 => Touched::GuestAccess,
            3 => Touched::Role(id.into()),
            4 => Touched::Profile(id.into()),
            5 => Touched::Object(id.into()),
            6 => Touched::User(id.into()),
            _ => return Err(StoreError::corrupt("policy_changes", "kind")),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = policy_changes, treat_none_as_default_value = false)]
struct ChangeRow {
    org_id: DbId,
    version: i64,
    kind: i16,
    id: DbId,
}

/// Notes what the transaction that makes this version has touched, and now and then forgets what is too long ago.
pub(crate) fn log(
    conn: &mut DbConnection,
    org: OrgId,
    version: i64,
    touched: BTreeSet<Touched>,
) -> Result<(), StoreError> {
    let touched: Vec<Touched> = if touched.len() > MOST_TOUCHED || touched.contains(&Touched::Everything) {
        vec![Touched::Everything]
    } else {
        touched.into_iter().collect()
    };
    for chunk in touched.chunks(ROWS_AT_ONCE) {
        let rows: Vec<ChangeRow> = chunk
            .iter()
            .map(|touched| {
                let (kind, id) = touched.stored(org);
                ChangeRow {
                    org_id: db(org),
                    version,
                    kind,
                    id: DbId(id),
                }
            })
            .collect();
        let insert = diesel::insert_into(policy_changes::table).values(&rows);
        match conn {
            DbConnection::Pg(conn) => insert.execute(conn),
            DbConnection::Sqlite(conn) => insert.execute(conn),
        }?;
    }
    if version % PRUNED_EVERY == 0 {
        let kept = i64::try_from(LOG_KEPT).unwrap_or(i64::MAX);
        diesel::delete(
            policy_changes::table
                .filter(policy_changes::org_id.eq(db(org)))
                .filter(policy_changes::version.le(version - kept)),
        )
        .execute(conn)?;
    }
    Ok(())
}

/// What brings a picture of the policy up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Catchup {
    /// Everything that differs, as it is at `version`; in no particular order.
    Changes {
        /// The version of this transaction.
        version: u64,
        /// Each thing once.
        changes: Vec<PolicyChange>,
    },
    /// Too much has changed, or too long ago: load everything again.
    Reload,
}

fn version_of(tx: &mut Tx<'_>, org: OrgId) -> Result<Option<u64>, StoreError> {
    tx.policy_version(org)?
        .map(|version| {
            u64::try_from(version).map_err(|_| StoreError::corrupt("org_versions", "policy_version"))
        })
        .transpose()
}

/// Loads everything that decisions rest on, at the version of this transaction.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such org.
pub fn load(tx: &mut Tx<'_>, org: OrgId) -> Result<Option<PolicyFacts>, StoreError> {
    let (Some(version), Some(guest_access)) = (version_of(tx, org)?, facts::guest_access(tx, org)?) else {
        return Ok(None);
    };
    Ok(Some(PolicyFacts {
        version,
        guest_access,
        roles: facts::roles(tx, org, None)?,
        profiles: facts::profiles(tx, org, None)?,
        objects: facts::objects(tx, org, None)?,
        users: facts::users(tx, org, None)?,
    }))
}

/// Loads what has changed since the version `from`, as it is in this transaction.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn changes_since(tx: &mut Tx<'_>, org: OrgId, from: u64) -> Result<Catchup, StoreError> {
    let Some(version) = version_of(tx, org)? else {
        return Ok(Catchup::Reload);
    };
    // Greater when the database was set back to a backup.
    if from > version || version - from > LOG_KEPT {
        return Ok(Catchup::Reload);
    }
    let mut changes = Vec::new();
    if from < version {
        let touched = touched_since(tx, org, from)?;
        if touched.len() > MOST_TOUCHED || touched.contains(&Touched::Everything) {
            return Ok(Catchup::Reload);
        }
        changes = facts::changes(tx, org, &touched)?;
    }
    Ok(Catchup::Changes { version, changes })
}

/// Tells at which version a fact that decisions rest on last changed, as far as the log goes: unlike the policy version
/// it does not grow when only credentials ended.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn last_change(tx: &mut Tx<'_>, org: OrgId) -> Result<i64, StoreError> {
    let last: Option<i64> = policy_changes::table
        .filter(policy_changes::org_id.eq(db(org)))
        .select(diesel::dsl::max(policy_changes::version))
        .first(tx.conn)?;
    Ok(last.unwrap_or(0))
}

/// Each thing once; one more than [`MOST_TOUCHED`] stands for any number.
fn touched_since(tx: &mut Tx<'_>, org: OrgId, from: u64) -> Result<BTreeSet<Touched>, StoreError> {
    let from = i64::try_from(from).map_err(|_| StoreError::corrupt("org_versions", "policy_version"))?;
    let most = i64::try_from(MOST_TOUCHED).unwrap_or(i64::MAX);
    let rows: Vec<(i16, DbId)> = policy_changes::table
        .filter(policy_changes::org_id.eq(db(org)))
        .filter(policy_changes::version.gt(from))
        .select((policy_changes::kind, policy_changes::id))
        .distinct()
        .limit(most + 1)
        .load(tx.conn)?;
    rows.into_iter()
        .map(|(kind, id)| Touched::of_row(kind, id.0))
        .collect()
}
