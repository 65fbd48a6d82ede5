//! Claim and password-reset links.

use diesel::prelude::*;
use time::UtcDateTime;

use crate::error::StoreError;
use crate::ids::{LinkId, OrgId, UserId};
use crate::schema::one_time_links;
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, at_opt, db};

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// Claiming an account.
    Claim,
    /// Setting a new password.
    PasswordReset,
}

impl LinkPurpose {
    fn number(self) -> i16 {
        match self {
            LinkPurpose::Claim => 1,
            LinkPurpose::PasswordReset => 2,
        }
    }
}

/// A link that works once, while both its epochs are still its user's.
#[derive(Clone, Debug, PartialEq)]
pub struct OneTimeLink {
    /// Its id (UUIDv7).
    pub id: LinkId,
    /// Whose it is.
    pub user_id: UserId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// SHA-256 of the token's secret part.
    pub token_hash: Vec<u8>,
    /// The user's access epoch when it was minted.
    pub access_epoch: i64,
    /// The user's link epoch when it was minted.
    pub link_epoch: i64,
    /// When it was minted.
    pub created_at: UtcDateTime,
    /// The first moment at which it no longer works.
    pub expires_at: UtcDateTime,
    /// When it was used.
    pub used_at: Option<UtcDateTime>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = one_time_links, treat_none_as_default_value = false)]
struct LinkRow {
    org_id: DbId,
    id: DbId,
    user_id: DbId,
    purpose: i16,
    token_hash: Vec<u8>,
    access_epoch: i64,
    link_epoch: i64,
    created_at: DbInstant,
    expires_at: DbInstant,
    used_at: Option<DbInstant>,
}

/// Loads the link of this purpose with this token hash, usable or not.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is none.
pub fn find_by_token(
    tx: &mut Tx<'_>,
    org: OrgId,
    purpose: LinkPurpose,
    hash: &[u8],
) -> Result<Option<OneTimeLink>, StoreError> {
    let row: Option<LinkRow> = one_time_links::table
        .filter(one_time_links::org_id.eq(db(org)))
        .filter(one_time_links::token_hash.eq(hash))
        .filter(one_time_links::purpose.eq(purpose.number()))
        .select(LinkRow::as_select())
        .first(tx.conn)
        .optional()?;
    Ok(row.map(|row| OneTimeLink {
        id: row.id.0.into(),
        user_id: row.user_id.0.into(),
        purpose,
        token_hash: row.token_hash,
        access_epoch: row.access_epoch,
        link_epoch: row.link_epoch,
        created_at: row.created_at.0,
        expires_at: row.expires_at.0,
        used_at: row.used_at.map(|at| at.0),
    }))
}

/// Writes a new link.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(tx: &mut WriteTx<'_>, org: OrgId, link: &OneTimeLink) -> Result<(), StoreError> {
    let row = LinkRow {
        org_id: db(org),
        id: db(link.id),
        user_id: db(link.user_id),
        purpose: link.purpose.number(),
        token_hash: link.token_hash.clone(),
        access_epoch: link.access_epoch,
        link_epoch: link.link_epoch,
        created_at: DbInstant(link.created_at),
        expires_at: DbInstant(link.expires_at),
        used_at: at_opt(link.used_at),
    };
    diesel::insert_into(one_time_links::table)
        .values(row)
        .execute(tx.conn)?;
    Ok(())
}

/// Marks a link used, if nobody has; returns whether this call did. Of many at once exactly one wins.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn consume(tx: &mut WriteTx<'_>, org: OrgId, id: LinkId, now: UtcDateTime) -> Result<bool, StoreError> {
    let changed = diesel::update(
        one_time_links::table
            .filter(one_time_links::org_id.eq(db(org)))
            .filter(one_time_links::id.eq(db(id)))
            .filter(one_time_links::used_at.is_null()),
    )
    .set(one_time_links::used_at.eq(DbInstant(now)))
    .execute(tx.conn)?;
    Ok(changed == 1)
}

/// Deletes a user's links of every purpose; returns how many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn delete_of_user(tx: &mut WriteTx<'_>, org: OrgId, user: UserId) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        one_time_links::table
            .filter(one_time_links::org_id.eq(db(org)))
            .filter(one_time_links::user_id.eq(db(user))),
    )
    .execute(tx.conn)?)
}
