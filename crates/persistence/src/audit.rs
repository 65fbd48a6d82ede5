//! The audit log: append-only, written in the transaction of the change it tells of.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::Value;
use time::UtcDateTime;
use uuid::Uuid;

use crate::connection::{DbConnection, MultiBackend};
use crate::error::StoreError;
use crate::ids::{AuditEventId, OrgId, UserId};
use crate::schema::audit_events;
use crate::transaction::Tx;
use crate::types::{DbId, DbInstant, DbJson, db, db_opt, storable};

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditActor {
    /// A person.
    User(UserId),
    /// A service token, by its id.
    Service(Uuid),
    /// The scheduler, the command line, or nobody known (a refused sign-in).
    System,
}

/// A thing that happened, as it is recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEvent {
    /// Its id (UUIDv7).
    pub id: AuditEventId,
    /// In which org.
    pub org: OrgId,
    /// When, UTC.
    pub at: UtcDateTime,
    /// By whom.
    pub actor: AuditActor,
    /// For whom, when a service acted on behalf of a user.
    pub on_behalf_of: Option<UserId>,
    /// What, as a stable word: `guest.invited`.
    pub action: &'static str,
    /// The type of thing it happened to: `guest`.
    pub target_type: Option<&'static str>,
    /// The thing it happened to.
    pub target_id: Option<Uuid>,
    /// Before and after, by field: `{"role_id": {"before": …, "after": …}}`. Never secrets.
    pub changes: Value,
    /// The request that caused it.
    pub request_id: Option<String>,
}

/// A stored event, with its place in the org's sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredAuditEvent {
    /// 1, 2, 3, … without gaps per org.
    pub seq: i64,
    /// Its id.
    pub id: AuditEventId,
    /// When, UTC.
    pub at: UtcDateTime,
    /// By whom.
    pub actor: AuditActor,
    /// For whom.
    pub on_behalf_of: Option<UserId>,
    /// What.
    pub action: String,
    /// The type of its target.
    pub target_type: Option<String>,
    /// Its target.
    pub target_id: Option<Uuid>,
    /// Before and after.
    pub changes: Value,
    /// The request that caused it.
    pub request_id: Option<String>,
}

/// Which events to list; every part narrows.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// By this user or service token.
    pub actor: Option<Uuid>,
    /// About this thing.
    pub target: Option<Uuid>,
    /// Of this action.
    pub action: Option<String>,
    /// At or after.
    pub since: Option<UtcDateTime>,
    /// Before.
    pub until: Option<UtcDateTime>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
struct AuditRow {
    org_id: DbId,
    seq: i64,
    id: DbId,
    at: DbInstant,
    actor_kind: i16,
    actor_id: Option<DbId>,
    on_behalf_of: Option<DbId>,
    action: String,
    target_type: Option<String>,
    target_id: Option<DbId>,
    changes: DbJson,
    request_id: Option<String>,
}

pub(crate) fn insert(conn: &mut DbConnection, seq: i64, event: &AuditEvent) -> Result<(), StoreError> {
    let (actor_kind, actor_id) = match event.actor {
        AuditActor::User(id) => (1, Some(db(id))),
        AuditActor::Service(id) => (2, Some(DbId(id))),
        AuditActor::System => (3, None),
    };
    let row = AuditRow {
        org_id: db(event.org),
        seq,
        id: db(event.id),
        at: DbInstant(event.at),
        actor_kind,
        actor_id,
        on_behalf_of: db_opt(event.on_behalf_of),
        action: event.action.to_owned(),
        target_type: event.target_type.map(str::to_owned),
        target_id: event.target_id.map(DbId),
        changes: DbJson(event.changes.clone()),
        request_id: event.request_id.clone(),
    };
    diesel::insert_into(audit_events::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

impl TryFrom<AuditRow> for StoredAuditEvent {
    type Error = StoreError;
    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        let actor = match (row.actor_kind, row.actor_id) {
            (1, Some(id)) => AuditActor::User(id.0.into()),
            (2, Some(id)) => AuditActor::Service(id.0),
            (3, None) => AuditActor::System,
            _ => return Err(StoreError::corrupt("audit_events", "actor")),
        };
        Ok(StoredAuditEvent {
            seq: row.seq,
            id: row.id.0.into(),
            at: row.at.0,
            actor,
            on_behalf_of: row.on_behalf_of.map(|id| id.0.into()),
            action: row.action,
            target_type: row.target_type,
            target_id: row.target_id.map(|id| id.0),
            changes: row.changes.0,
            request_id: row.request_id,
        })
    }
}

fn matching<'f>(org: OrgId, filter: &'f AuditFilter) -> audit_events::BoxedQuery<'f, MultiBackend> {
    let mut query = audit_events::table
        .filter(audit_events::org_id.eq(db(org)))
        .into_boxed();
    if let Some(actor) = filter.actor {
        query = query.filter(audit_events::actor_id.eq(DbId(actor)));
    }
    if let Some(target) = filter.target {
        query = query.filter(audit_events::target_id.eq(DbId(target)));
    }
    if let Some(action) = &filter.action {
        if !storable(action) {
            return query.filter(sql::<Bool>("1 = 0"));
        }
        query = query.filter(audit_events::action.eq(action));
    }
    if let Some(since) = filter.since {
        query = query.filter(audit_events::at.ge(DbInstant(since)));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_events::at.lt(DbInstant(until)));
    }
    query
}

/// Lists events, newest first, those before sequence number `before` when given.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    filter: &AuditFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<StoredAuditEvent>, StoreError> {
    let mut query = matching(org, filter);
    if let Some(before) = before {
        query = query.filter(audit_events::seq.lt(before));
    }
    query
        .order(audit_events::seq.desc())
        .limit(limit)
        .select(AuditRow::as_select())
        .load(tx.conn)?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Counts the events that [`list`] would go through.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(tx: &mut Tx<'_>, org: OrgId, filter: &AuditFilter) -> Result<i64, StoreError> {
    Ok(matching(org, filter).count().get_result(tx.conn)?)
}
