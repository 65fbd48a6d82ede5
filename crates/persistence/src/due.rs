//! What the clock makes due: expiries, reminders, and rows that nobody needs any more.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use std::collections::BTreeMap;
use time::UtcDateTime;

use crate::connection::DbConnection;
use crate::error::StoreError;
use crate::ids::{OrgId, UserId};
use crate::schema::{api_tokens, one_time_links, sessions, users};
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, Id, Instant, db};
use crate::users::User;

/// Something a guest's clock makes due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueEvent {
    /// The end of access, to be recorded.
    Expiry,
    /// The reminder 7 × 24 hours ahead.
    WeekReminder,
    /// The reminder 24 hours ahead.
    DayReminder,
}

impl DueEvent {
    fn column(self) -> &'static str {
        match self {
            DueEvent::Expiry => "expiry_due_at",
            DueEvent::WeekReminder => "week_reminder_due_at",
            DueEvent::DayReminder => "day_reminder_due_at",
        }
    }
}

#[derive(QueryableByName)]
struct DueKey {
    #[diesel(sql_type = Id)]
    org_id: DbId,
    #[diesel(sql_type = Id)]
    id: DbId,
}

/// Takes up to `limit` guests for whom the event is due, org by org; on PostgreSQL their rows stay locked until the
/// transaction ends, and rows that another worker holds are passed over.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn take(
    tx: &mut WriteTx<'_>,
    event: DueEvent,
    now: UtcDateTime,
    limit: i64,
) -> Result<Vec<(OrgId, User)>, StoreError> {
    // Not FOR UPDATE: that would also stop everybody who merely refers to one of these users.
    let skip_locked = if matches!(tx.conn, DbConnection::Pg(_)) {
        " FOR NO KEY UPDATE SKIP LOCKED"
    } else {
        ""
    };
    let column = event.column();
    let keys: Vec<DueKey> = diesel::sql_query(format!(
        "SELECT org_id, id FROM users WHERE {column} <= $1 ORDER BY {column} LIMIT $2{skip_locked}"
    ))
    .bind::<Instant, _>(DbInstant(now))
    .bind::<BigInt, _>(limit)
    .load(tx.conn)?;
    let mut due = Vec::with_capacity(keys.len());
    let mut by_org: BTreeMap<OrgId, Vec<UserId>> = BTreeMap::new();
    for key in keys {
        by_org
            .entry(key.org_id.0.into())
            .or_default()
            .push(key.id.0.into());
    }
    for (org, ids) in by_org {
        due.extend(
            crate::users::find_many(tx, org, &ids)?
                .into_iter()
                .map(|user| (org, user)),
        );
    }
    Ok(due)
}

/// Notes that an event has been dealt with. Raises the guest's version: otherwise a [`crate::users::save`] of a
/// guest loaded before would make the event due again. So save first where both are needed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn done(tx: &mut WriteTx<'_>, event: DueEvent, org: OrgId, user: UserId) -> Result<(), StoreError> {
    let never: Option<DbInstant> = None;
    let mine = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::id.eq(db(user)));
    let version = users::version.eq(users::version + 1);
    match event {
        DueEvent::Expiry => diesel::update(mine)
            .set((users::expiry_due_at.eq(never), version))
            .execute(tx.conn),
        DueEvent::WeekReminder => diesel::update(mine)
            .set((users::week_reminder_due_at.eq(never), version))
            .execute(tx.conn),
        DueEvent::DayReminder => diesel::update(mine)
            .set((users::day_reminder_due_at.eq(never), version))
            .execute(tx.conn),
    }?;
    Ok(())
}

/// Tidies up after guests whose access is over and notes their expiry as dealt with: deletes their sessions, API
/// tokens and links, raises both epochs so that none of them ever counts again, and cancels their reminders.
///
/// Whether access is over is for the caller to say; the rows must be locked, as [`take`] does.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn end_access(tx: &mut WriteTx<'_>, org: OrgId, guests: &[UserId]) -> Result<(), StoreError> {
    let never: Option<DbInstant> = None;
    for chunk in guests.chunks(500) {
        let ids: Vec<DbId> = chunk.iter().map(|id| db(*id)).collect();
        diesel::delete(
            sessions::table
                .filter(sessions::org_id.eq(db(org)))
                .filter(sessions::user_id.eq_any(ids.clone())),
        )
        .execute(tx.conn)?;
        diesel::delete(
            api_tokens::table
                .filter(api_tokens::org_id.eq(db(org)))
                .filter(api_tokens::user_id.assume_not_null().eq_any(ids.clone())),
        )
        .execute(tx.conn)?;
        diesel::delete(
            one_time_links::table
                .filter(one_time_links::org_id.eq(db(org)))
                .filter(one_time_links::user_id.eq_any(ids.clone())),
        )
        .execute(tx.conn)?;
        diesel::update(
            users::table
                .filter(users::org_id.eq(db(org)))
                .filter(users::id.eq_any(ids)),
        )
        .set((
            users::access_epoch.eq(users::access_epoch + 1),
            users::link_epoch.eq(users::link_epoch + 1),
            users::expiry_due_at.eq(never),
            users::week_reminder_due_at.eq(never),
            users::day_reminder_due_at.eq(never),
            users::version.eq(users::version + 1),
        ))
        .execute(tx.conn)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Earliest {
    #[diesel(sql_type = Nullable<Instant>)]
    at: Option<DbInstant>,
}

/// The earliest instant at which any guest's clock makes something due; it may have passed already.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when nothing is due or lies ahead.
pub fn next(tx: &mut Tx<'_>) -> Result<Option<UtcDateTime>, StoreError> {
    let mut earliest: Option<UtcDateTime> = None;
    for event in [DueEvent::Expiry, DueEvent::WeekReminder, DueEvent::DayReminder] {
        let column = event.column();
        let found: Earliest = diesel::sql_query(format!(
            "SELECT MIN({column}) AS at FROM users WHERE {column} IS NOT NULL"
        ))
        .get_result(tx.conn)?;
        earliest = match (earliest, found.at) {
            (Some(known), Some(at)) => Some(known.min(at.0)),
            (known, at) => known.or(at.map(|at| at.0)),
        };
    }
    Ok(earliest)
}

/// Rows that time has made worthless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retired {
    /// Sessions past their end.
    Sessions,
    /// API tokens past their end.
    ApiTokens,
    /// Links past their end.
    Links,
    /// Answers past their 24 hours.
    IdempotencyKeys,
    /// Mails settled at or before the instant.
    Mails,
}

impl Retired {
    /// Every kind.
    pub const ALL: [Retired; 5] = [
        Retired::Sessions,
        Retired::ApiTokens,
        Retired::Links,
        Retired::IdempotencyKeys,
        Retired::Mails,
    ];

    fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Retired::Sessions => ("sessions", "expires_at", "org_id, id"),
            Retired::ApiTokens => ("api_tokens", "expires_at", "org_id, id"),
            Retired::Links => ("one_time_links", "expires_at", "org_id, id"),
            Retired::IdempotencyKeys => (
                "idempotency_keys",
                "expires_at",
                "org_id, actor_id, route, key_hash",
            ),
            Retired::Mails => ("outbox", "settled_at", "org_id, id"),
        }
    }
}

/// Deletes up to `limit` rows whose time was at or before the instant; returns how many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn retire(
    tx: &mut WriteTx<'_>,
    what: Retired,
    before: UtcDateTime,
    limit: i64,
) -> Result<usize, StoreError> {
    let (table, column, key) = what.place();
    let skip_locked = if matches!(tx.conn, DbConnection::Pg(_)) {
        " FOR UPDATE SKIP LOCKED"
    } else {
        ""
    };
    Ok(diesel::sql_query(format!(
        "DELETE FROM {table} WHERE ({key}) IN \
         (SELECT {key} FROM {table} WHERE {column} <= $1 LIMIT $2{skip_locked})"
    ))
    .bind::<Instant, _>(DbInstant(before))
    .bind::<BigInt, _>(limit)
    .execute(tx.conn)?)
}
