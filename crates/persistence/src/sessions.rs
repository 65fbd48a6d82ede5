//! Signed-in sessions.

use diesel::prelude::*;
use time::UtcDateTime;

use crate::error::StoreError;
use crate::ids::{OrgId, SessionId, UserId};
use crate::schema::sessions;
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, db};

/// A session. It lives while it has not expired and its epoch is still its user's.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Its id (UUIDv7).
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// SHA-256 of the token's secret part.
    pub token_hash: Vec<u8>,
    /// The user's access epoch at sign-in.
    pub access_epoch: i64,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// The first moment at which it no longer counts.
    pub expires_at: UtcDateTime,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    org_id: DbId,
    id: DbId,
    user_id: DbId,
    token_hash: Vec<u8>,
    access_epoch: i64,
    created_at: DbInstant,
    expires_at: DbInstant,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Session {
            id: row.id.0.into(),
            user_id: row.user_id.0.into(),
            token_hash: row.token_hash,
            access_epoch: row.access_epoch,
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        }
    }
}

/// Loads the session with this token hash, dead or alive.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is none.
pub fn find_by_token(tx: &mut Tx<'_>, org: OrgId, hash: &[u8]) -> Result<Option<Session>, StoreError> {
    let row: Option<SessionRow> = sessions::table
        .filter(sessions::org_id.eq(db(org)))
        .filter(sessions::token_hash.eq(hash))
        .select(SessionRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(Into::into))
}

/// Writes a new session.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(tx: &mut WriteTx<'_>, org: OrgId, session: &Session) -> Result<(), StoreError> {
    let row = SessionRow {
        org_id: db(org),
        id: db(session.id),
        user_id: db(session.user_id),
        token_hash: session.token_hash.clone(),
        access_epoch: session.access_epoch,
        created_at: DbInstant(session.created_at),
        expires_at: DbInstant(session.expires_at),
    };
    diesel::insert_into(sessions::table)
        .values(row)
        .execute(tx.conn)?;
    Ok(())
}

/// Ends one session; returns whether it was there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn delete(tx: &mut WriteTx<'_>, org: OrgId, id: SessionId) -> Result<bool, StoreError> {
    let deleted = diesel::delete(
        sessions::table
            .filter(sessions::org_id.eq(db(org)))
            .filter(sessions::id.eq(db(id))),
    )
    .execute(tx.conn)?;
    Ok(deleted > 0)
}

/// Ends a user's sessions, except one; returns how many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn delete_of_user(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    user: UserId,
    except: Option<SessionId>,
) -> Result<usize, StoreError> {
    let mine = sessions::table
        .filter(sessions::org_id.eq(db(org)))
        .filter(sessions::user_id.eq(db(user)));
    Ok(match except {
        Some(kept) => diesel::delete(mine.filter(sessions::id.ne(db(kept)))).execute(tx.conn)?,
        None => diesel::delete(mine).execute(tx.conn)?,
    })
}
