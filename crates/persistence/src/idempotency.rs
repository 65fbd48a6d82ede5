//! First answers to POSTs that carried an `Idempotency-Key`.

use diesel::prelude::*;
use time::UtcDateTime;
use uuid::Uuid;

use crate::connection::DbConnection;
use crate::error::StoreError;
use crate::ids::OrgId;
use crate::schema::idempotency_keys;
use crate::transaction::WriteTx;
use crate::types::{DbId, DbInstant, db};

/// Which request an answer belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyScope {
    /// The org.
    pub org: OrgId,
    /// The user or service token that asked.
    pub actor: Uuid,
    /// Method and path.
    pub route: String,
    /// SHA-256 of the key; the key itself is not stored.
    pub key_hash: Vec<u8>,
}

/// A stored answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    /// SHA-256 of the body that was sent.
    pub body_hash: Vec<u8>,
    /// The answer, sealed under the key.
    pub sealed: Vec<u8>,
}

#[derive(diesel::QueryableByName)]
struct Locked {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    locked: bool,
}

/// Takes this scope for the rest of the transaction; `false` when another request holds it right now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn take(tx: &mut WriteTx<'_>, scope: &IdempotencyScope) -> Result<bool, StoreError> {
    if !matches!(tx.conn, DbConnection::Pg(_)) {
        return Ok(true);
    }
    let name = format!(
        "{}/{}/{}/{:02x?}",
        scope.org, scope.actor, scope.route, scope.key_hash
    );
    let answer: Locked =
        diesel::sql_query("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 7816235)) AS locked")
            .bind::<diesel::sql_types::Text, _>(name)
            .get_result(tx.conn)?;
    Ok(answer.locked)
}

/// Loads the answer stored for this scope, if it has not expired.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find(
    tx: &mut WriteTx<'_>,
    scope: &IdempotencyScope,
    now: UtcDateTime,
) -> Result<Option<StoredAnswer>, StoreError> {
    let row: Option<(Vec<u8>, Vec<u8>, DbInstant)> = idempotency_keys::table
        .filter(idempotency_keys::org_id.eq(db(scope.org)))
        .filter(idempotency_keys::actor_id.eq(DbId(scope.actor)))
        .filter(idempotency_keys::route.eq(&scope.route))
        .filter(idempotency_keys::key_hash.eq(&scope.key_hash))
        .select((
            idempotency_keys::body_hash,
            idempotency_keys::answer,
            idempotency_keys::expires_at,
        ))
        .first(tx.conn)
        .optional()?;
    Ok(row
        .filter(|(_, _, expires_at)| now < expires_at.0)
        .map(|(body_hash, sealed, _)| StoredAnswer { body_hash, sealed }))
}

/// Stores an answer in the transaction of the change that it answers, in place of an expired one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn store(
    tx: &mut WriteTx<'_>,
    scope: &IdempotencyScope,
    answer: &StoredAnswer,
    now: UtcDateTime,
    expires_at: UtcDateTime,
) -> Result<(), StoreError> {
    diesel::delete(
        idempotency_keys::table
            .filter(idempotency_keys::org_id.eq(db(scope.org)))
            .filter(idempotency_keys::actor_id.eq(DbId(scope.actor)))
            .filter(idempotency_keys::route.eq(&scope.route))
            .filter(idempotency_keys::key_hash.eq(&scope.key_hash)),
    )
    .execute(tx.conn)?;
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::org_id.eq(db(scope.org)),
            idempotency_keys::actor_id.eq(DbId(scope.actor)),
            idempotency_keys::route.eq(&scope.route),
            idempotency_keys::key_hash.eq(&scope.key_hash),
            idempotency_keys::body_hash.eq(&answer.body_hash),
            idempotency_keys::answer.eq(&answer.sealed),
            idempotency_keys::created_at.eq(DbInstant(now)),
            idempotency_keys::expires_at.eq(DbInstant(expires_at)),
        ))
        .execute(tx.conn)?;
    Ok(())
}
