//! Password hashes and failed attempts, apart from the everyday user.

use std::collections::HashMap;

use diesel::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use time::UtcDateTime;

use crate::error::StoreError;
use crate::ids::{OrgId, UserId};
use crate::schema::credentials;
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, at_opt, db};

/// What a sign-in with a password is checked against.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The bcrypt hash.
    pub password_hash: SecretString,
    /// When the password was set.
    pub changed_at: UtcDateTime,
    /// Wrong passwords since the last right one.
    pub failed_attempts: u32,
    /// Until when even the right password is refused; may have passed.
    pub locked_until: Option<UtcDateTime>,
}

impl Credential {
    /// Whether even the right password is refused at `now`.
    #[must_use]
    pub fn is_locked(&self, now: UtcDateTime) -> bool {
        in_force(self.locked_until, now).is_some()
    }
}

/// A lock's end while it lasts; from that moment on there is no lock.
fn in_force(locked_until: Option<UtcDateTime>, now: UtcDateTime) -> Option<UtcDateTime> {
    locked_until.filter(|until| now < *until)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = credentials, treat_none_as_default_value = false)]
struct CredentialRow {
    org_id: DbId,
    user_id: DbId,
    password_hash: String,
    changed_at: DbInstant,
    failed_attempts: i32,
    locked_until: Option<DbInstant>,
}

/// Loads a user's credential.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when the user has no password.
pub fn find(tx: &mut Tx<'_>, org: OrgId, user: UserId) -> Result<Option<Credential>, StoreError> {
    let row: Option<CredentialRow> = credentials::table
        .filter(credentials::org_id.eq(db(org)))
        .filter(credentials::user_id.eq(db(user)))
        .select(CredentialRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|row| Credential {
        password_hash: row.password_hash.into(),
        changed_at: row.changed_at.0,
        failed_attempts: u32::try_from(row.failed_attempts).unwrap_or(0),
        locked_until: row.locked_until.map(|at| at.0),
    }))
}

/// Tells which of these users are locked at `now`, and until when.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn locks(
    tx: &mut Tx<'_>,
    org: OrgId,
    users: &[UserId],
    now: UtcDateTime,
) -> Result<HashMap<UserId, UtcDateTime>, StoreError> {
    let mut locks = HashMap::new();
    for chunk in users.chunks(500) {
        let chunk: Vec<DbId> = chunk.iter().map(|user| db(*user)).collect();
        let rows: Vec<(DbId, Option<DbInstant>)> = credentials::table
            .filter(credentials::org_id.eq(db(org)))
            .filter(credentials::user_id.eq_any(chunk))
            .filter(credentials::locked_until.is_not_null())
            .select((credentials::user_id, credentials::locked_until))
            .load(tx.conn)?;
        locks.extend(rows.into_iter().filter_map(|(user, until)| {
            let until = in_force(until.map(|at| at.0), now)?;
            Some((user.0.into(), until))
        }));
    }
    Ok(locks)
}

/// Sets a user's password hash; failed attempts are forgotten.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn set_password(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    user: UserId,
    hash: &SecretString,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    delete(tx, org, user)?;
    let row = CredentialRow {
        org_id: db(org),
        user_id: db(user),
        password_hash: hash.expose_secret().to_owned(),
        changed_at: DbInstant(now),
        failed_attempts: 0,
        locked_until: None,
    };
    diesel::insert_into(credentials::table)
        .values(row)
        .execute(tx.conn)?;
    Ok(())
}

/// Counts one more wrong password and returns the new count; the row's lock makes concurrent attempts add up.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when the user has no password.
pub fn count_failure(tx: &mut WriteTx<'_>, org: OrgId, user: UserId) -> Result<Option<u32>, StoreError> {
    let mine = credentials::table
        .filter(credentials::org_id.eq(db(org)))
        .filter(credentials::user_id.eq(db(user)));
    let changed = diesel::update(mine)
        .set(credentials::failed_attempts.eq(credentials::failed_attempts + 1))
        .execute(tx.conn)?;
    if changed == 0 {
        return Ok(None);
    }
    let count: i32 = mine.select(credentials::failed_attempts).first(tx.conn)?;
    Ok(Some(u32::try_from(count).unwrap_or(0)))
}

/// Sets or lifts a lock; the count of failed attempts starts again.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn set_lock(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    user: UserId,
    until: Option<UtcDateTime>,
) -> Result<(), StoreError> {
    diesel::update(
        credentials::table
            .filter(credentials::org_id.eq(db(org)))
            .filter(credentials::user_id.eq(db(user))),
    )
    .set((
        credentials::failed_attempts.eq(0),
        credentials::locked_until.eq(at_opt(until)),
    ))
    .execute(tx.conn)?;
    Ok(())
}

/// Removes a user's credential, if there is one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn delete(tx: &mut WriteTx<'_>, org: OrgId, user: UserId) -> Result<(), StoreError> {
    diesel::delete(
        credentials::table
            .filter(credentials::org_id.eq(db(org)))
            .filter(credentials::user_id.eq(db(user))),
    )
    .execute(tx.conn)?;
    Ok(())
}
