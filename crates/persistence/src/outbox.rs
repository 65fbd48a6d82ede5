//! Mails to be sent: written with their cause, taken by workers, never lost.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use serde_json::Value;
use time::UtcDateTime;
use uuid::Uuid;

use crate::connection::DbConnection;
use crate::error::StoreError;
use crate::ids::{OrgId, OutboxId, UserId};
use crate::schema::outbox;
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, DbJson, Id, Instant, db};

/// Which mail it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailKind {
    /// The first claim link, to a guest or a standard user.
    Invitation,
    /// Another claim link.
    ClaimLinkAgain,
    /// A password-reset link.
    PasswordReset,
    /// Access ends in a week.
    EndsInAWeek,
    /// Access ends tomorrow.
    EndsTomorrow,
    /// Access has ended.
    AccessEnded,
    /// The last day has changed.
    AccessChanged,
}

impl MailKind {
    const ALL: [(MailKind, i16); 7] = [
        (MailKind::Invitation, 1),
        (MailKind::ClaimLinkAgain, 2),
        (MailKind::PasswordReset, 3),
        (MailKind::EndsInAWeek, 4),
        (MailKind::EndsTomorrow, 5),
        (MailKind::AccessEnded, 6),
        (MailKind::AccessChanged, 7),
    ];

    /// A newer program may have queued kinds that this one does not know: it leaves them to that program.
    const KNOWN: &'static str = "kind BETWEEN 1 AND 7";

    fn number(self) -> i16 {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or(0, |(_, number)| *number)
    }

    fn of(number: i16) -> Result<Self, StoreError> {
        Self::ALL
            .iter()
            .find(|(_, n)| *n == number)
            .map(|(kind, _)| *kind)
            .ok_or(StoreError::corrupt("outbox", "kind"))
    }
}

/// A mail to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxMail {
    /// Its id (UUIDv7): the name of the file, the `Message-ID`.
    pub id: OutboxId,
    /// Of which org.
    pub org: OrgId,
    /// To whom.
    pub user_id: UserId,
    /// Which mail.
    pub kind: MailKind,
    /// What the mail tells that could change before it is sent: dates, names, epochs. Never a token.
    pub payload: Value,
    /// When its cause happened.
    pub created_at: UtcDateTime,
    /// How many times sending was tried, this time included.
    pub attempts: u32,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Handed over.
    Sent,
    /// Refused for good, or tried too often.
    GivenUp,
    /// Its cause no longer holds: a newer link was asked for, the access was revoked.
    Unwanted,
}

/// Queues a mail, to be sent from `mail.created_at` on.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn queue(tx: &mut WriteTx<'_>, mail: &OutboxMail) -> Result<(), StoreError> {
    diesel::insert_into(outbox::table)
        .values((
            outbox::org_id.eq(db(mail.org)),
            outbox::id.eq(db(mail.id)),
            outbox::user_id.eq(db(mail.user_id)),
            outbox::kind.eq(mail.kind.number()),
            outbox::payload.eq(DbJson(mail.payload.clone())),
            outbox::state.eq(1_i16),
            outbox::attempts.eq(0_i32),
            outbox::next_attempt_at.eq(DbInstant(mail.created_at)),
            outbox::created_at.eq(DbInstant(mail.created_at)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct DueKey {
    #[diesel(sql_type = Id)]
    org_id: DbId,
    #[diesel(sql_type = Id)]
    id: DbId,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct OutboxRow {
    org_id: DbId,
    id: DbId,
    user_id: DbId,
    kind: i16,
    payload: DbJson,
    created_at: DbInstant,
    attempts: i32,
}

/// Takes up to `limit` due mails under a lease: until `leased_until` no other worker gets them; after it they are due
/// again, so a worker that dies loses nothing.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn take_due(
    tx: &mut WriteTx<'_>,
    now: UtcDateTime,
    leased_until: UtcDateTime,
    lease: Uuid,
    limit: i64,
) -> Result<Vec<OutboxMail>, StoreError> {
    let skip_locked = if matches!(tx.conn, DbConnection::Pg(_)) {
        " FOR UPDATE SKIP LOCKED"
    } else {
        ""
    };
    let keys: Vec<DueKey> = diesel::sql_query(format!(
        "SELECT org_id, id FROM outbox WHERE state = 1 AND next_attempt_at <= $1 AND {} \
         ORDER BY next_attempt_at LIMIT $2{skip_locked}",
        MailKind::KNOWN
    ))
    .bind::<Instant, _>(DbInstant(now))
    .bind::<BigInt, _>(limit)
    .load(tx.conn)?;
    let mut taken = Vec::with_capacity(keys.len());
    for key in keys {
        let mine = outbox::table
            .filter(outbox::org_id.eq(key.org_id))
            .filter(outbox::id.eq(key.id));
        diesel::update(mine)
            .set((
                outbox::attempts.eq(outbox::attempts + 1),
                outbox::next_attempt_at.eq(DbInstant(leased_until)),
                outbox::lease.eq(DbId(lease)),
            ))
            .execute(tx.conn)?;
        let row: OutboxRow = mine.select(OutboxRow::as_select()).first(tx.conn)?;
        taken.push(OutboxMail {
            id: row.id.0.into(),
            org: row.org_id.0.into(),
            user_id: row.user_id.0.into(),
            kind: MailKind::of(row.kind)?,
            payload: row.payload.0,
            created_at: row.created_at.0,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        });
    }
    Ok(taken)
}

/// Prolongs a lease that is still held; returns whether it was. A worker that took several mails calls it before
/// it sends each one, so that a slow mail does not let another worker send the next ones too.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn keep(
    tx: &mut WriteTx<'_>,
    mail: &OutboxMail,
    lease: Uuid,
    leased_until: UtcDateTime,
) -> Result<bool, StoreError> {
    let changed = diesel::update(held(mail, lease))
        .set(outbox::next_attempt_at.eq(DbInstant(leased_until)))
        .execute(tx.conn)?;
    Ok(changed == 1)
}

/// Puts back a mail that this lease still holds and that was not tried: it is due at once, for anybody.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn give_back(
    tx: &mut WriteTx<'_>,
    mail: &OutboxMail,
    lease: Uuid,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    let nobody: Option<DbId> = None;
    diesel::update(held(mail, lease))
        .set((
            outbox::attempts.eq(outbox::attempts - 1),
            outbox::next_attempt_at.eq(DbInstant(now)),
            outbox::lease.eq(nobody),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Settles a mail that this lease still holds; returns whether it did.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn settle(
    tx: &mut WriteTx<'_>,
    mail: &OutboxMail,
    lease: Uuid,
    outcome: Settled,
    error: Option<&str>,
    now: UtcDateTime,
) -> Result<bool, StoreError> {
    let state: i16 = match outcome {
        Settled::Sent => 2,
        Settled::GivenUp => 3,
        Settled::Unwanted => 4,
    };
    let changed = diesel::update(held(mail, lease))
        .set((
            outbox::state.eq(state),
            outbox::settled_at.eq(DbInstant(now)),
            outbox::last_error.eq(error.map(str::to_owned)),
        ))
        .execute(tx.conn)?;
    Ok(changed == 1)
}

/// Puts a mail that this lease still holds back for another attempt; returns whether it did.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn try_again(
    tx: &mut WriteTx<'_>,
    mail: &OutboxMail,
    lease: Uuid,
    at: UtcDateTime,
    error: &str,
) -> Result<bool, StoreError> {
    let changed = diesel::update(held(mail, lease))
        .set((
            outbox::next_attempt_at.eq(DbInstant(at)),
            outbox::last_error.eq(error.to_owned()),
        ))
        .execute(tx.conn)?;
    Ok(changed == 1)
}

#[diesel::dsl::auto_type]
fn held(mail: &OutboxMail, lease: Uuid) -> _ {
    let org: DbId = db(mail.org);
    let id: DbId = db(mail.id);
    let lease: DbId = DbId(lease);
    outbox::table
        .filter(outbox::org_id.eq(org))
        .filter(outbox::id.eq(id))
        .filter(outbox::state.eq(1_i16))
        .filter(outbox::lease.eq(lease))
}

#[derive(QueryableByName)]
struct Earliest {
    #[diesel(sql_type = Nullable<Instant>)]
    at: Option<DbInstant>,
}

/// When the next pending mail is due.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when none is pending.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<UtcDateTime>, StoreError> {
    let earliest: Earliest = diesel::sql_query(format!(
        "SELECT MIN(next_attempt_at) AS at FROM outbox WHERE state = 1 AND {}",
        MailKind::KNOWN
    ))
    .get_result(tx.conn)?;
    Ok(earliest.at.map(|at| at.0))
}

/// Whether a mail of this kind to this user was queued at or after `since`, sent or not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn was_queued_since(
    tx: &mut Tx<'_>,
    org: OrgId,
    user: UserId,
    kind: MailKind,
    since: UtcDateTime,
) -> Result<bool, StoreError> {
    // Ids begin with the millisecond of their making, so the primary key leads straight to the recent mails.
    let millis = u128::try_from(since.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let first = DbId(Uuid::from_u128(millis << 80));
    let count: i64 = outbox::table
        .filter(outbox::org_id.eq(db(org)))
        .filter(outbox::id.ge(first))
        .filter(outbox::user_id.eq(db(user)))
        .filter(outbox::kind.eq(kind.number()))
        .filter(outbox::created_at.ge(DbInstant(since)))
        .count()
        .get_result(tx.conn)?;
    Ok(count > 0)
}
