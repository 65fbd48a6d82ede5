//! API tokens of users and services.

use diesel::prelude::*;
use time::UtcDateTime;

use crate::connection::MultiBackend;
use crate::error::StoreError;
use crate::ids::{ApiTokenId, OrgId, UserId};
use crate::listing::{PageRequest, SortValue, name_key, sortable};
use crate::schema::api_tokens;
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, at_opt, db, db_opt};

/// What a token may be used for, as a bit set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(u16);

/// One thing a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A user's token: reading.
    Read,
    /// A user's token: changing.
    Write,
    /// A service: asking for decisions.
    Pdp,
    /// A service: acting for a user.
    ActAs,
    /// A service: SCIM provisioning.
    Scim,
    /// A service: exporting policy.
    PolicyExport,
    /// A service: reading events.
    Events,
}

impl Scope {
    /// Every scope, with its public word and whether it is for users (otherwise for services).
    const ALL: [(Scope, &'static str, bool); 7] = [
        (Scope::Read, "read", true),
        (Scope::Write, "write", true),
        (Scope::Pdp, "pdp", false),
        (Scope::ActAs, "act_as", false),
        (Scope::Scim, "scim", false),
        (Scope::PolicyExport, "policy_export", false),
        (Scope::Events, "events", false),
    ];

    fn bit(self) -> u16 {
        1 << (self as u16)
    }

    /// The scope with this public word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, w, _)| *w == word)
            .map(|(scope, _, _)| *scope)
    }

    /// Whether users' tokens carry it; the others are for services.
    #[must_use]
    pub fn is_for_users(self) -> bool {
        Self::ALL.iter().any(|(scope, _, users)| *scope == self && *users)
    }
}

impl Scopes {
    /// Both scopes of a user's token.
    pub const READ_WRITE: Scopes = Scopes(0b11);

    /// Whether a scope is in the set.
    #[must_use]
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The public words, in a fixed order.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        Scope::ALL
            .iter()
            .filter(|(s, _, _)| self.contains(*s))
            .map(|(_, word, _)| *word)
            .collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Scopes(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenOwner {
    /// A user's: never more than the user may, dead when the user's access epoch moves on.
    User {
        /// The user.
        id: UserId,
        /// The user's access epoch when the token was made.
        access_epoch: i64,
    },
    /// A service's.
    Service,
}

/// An API token, without its secret.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiToken {
    /// Its id (UUIDv7).
    pub id: ApiTokenId,
    /// Whose it is.
    pub owner: TokenOwner,
    /// What its maker called it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// SHA-256 of the secret part.
    pub token_hash: Vec<u8>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// The first moment at which it no longer counts; never when absent.
    pub expires_at: Option<UtcDateTime>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_tokens, treat_none_as_default_value = false)]
struct ApiTokenRow {
    org_id: DbId,
    id: DbId,
    kind: i16,
    user_id: Option<DbId>,
    name: String,
    name_key: String,
    scopes: i16,
    token_hash: Vec<u8>,
    access_epoch: i64,
    created_by: Option<DbId>,
    created_at: DbInstant,
    expires_at: Option<DbInstant>,
}

impl TryFrom<ApiTokenRow> for ApiToken {
    type Error = StoreError;
    fn try_from(row: ApiTokenRow) -> Result<Self, StoreError> {
        let corrupt = |what| StoreError::corrupt("api_tokens", what);
        Ok(ApiToken {
            id: row.id.0.into(),
            owner: match (row.kind, row.user_id) {
                (1, Some(user)) => TokenOwner::User {
                    id: user.0.into(),
                    access_epoch: row.access_epoch,
                },
                (2, None) => TokenOwner::Service,
                _ => return Err(corrupt("owner")),
            },
            name: row.name,
            scopes: Scopes(u16::try_from(row.scopes).map_err(|_| corrupt("scopes"))?),
            token_hash: row.token_hash,
            created_by: row.created_by.map(|id| id.0.into()),
            created_at: row.created_at.0,
            expires_at: row.expires_at.map(|at| at.0),
        })
    }
}

/// Which tokens to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApiTokenFilter {
    /// This user's tokens.
    pub of_user: Option<UserId>,
    /// The tokens of services too.
    pub and_services: bool,
}

fn matching<'q>(org: OrgId, filter: &ApiTokenFilter) -> api_tokens::BoxedQuery<'q, MultiBackend> {
    let query = api_tokens::table
        .filter(api_tokens::org_id.eq(db(org)))
        .into_boxed();
    match (filter.of_user, filter.and_services) {
        (Some(user), true) => query.filter(
            api_tokens::user_id
                .is_null()
                .or(api_tokens::user_id.assume_not_null().eq(db(user))),
        ),
        (Some(user), false) => query.filter(api_tokens::user_id.eq(db(user))),
        (None, _) => query,
    }
}

/// Loads the token with this hash, dead or alive.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is none.
pub fn find_by_token(tx: &mut Tx<'_>, org: OrgId, hash: &[u8]) -> Result<Option<ApiToken>, StoreError> {
    api_tokens::table
        .filter(api_tokens::org_id.eq(db(org)))
        .filter(api_tokens::token_hash.eq(hash))
        .select(ApiTokenRow::as_select())
        .first(tx.conn)
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

/// Loads a token by id.
///
/// # Errors
/// As [`find_by_token`].
pub fn find(tx: &mut Tx<'_>, org: OrgId, id: ApiTokenId) -> Result<Option<ApiToken>, StoreError> {
    api_tokens::table
        .filter(api_tokens::org_id.eq(db(org)))
        .filter(api_tokens::id.eq(db(id)))
        .select(ApiTokenRow::as_select())
        .first(tx.conn)
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

sortable! {
    /// What API tokens may be sorted by.
    pub enum ApiTokenSort on api_tokens {
        /// Name, ignoring case.
        Name = "name" => text name_key,
        /// When the token was made.
        CreatedAt = "created_at" => instant created_at,
    }
}

impl ApiTokenSort {
    /// The value by which a token stands where it stands.
    #[must_use]
    pub fn value_of(self, token: &ApiToken) -> SortValue {
        match self {
            ApiTokenSort::Name => SortValue::Text(name_key(&token.name)),
            ApiTokenSort::CreatedAt => SortValue::instant(token.created_at),
        }
    }
}

/// Lists a page of the tokens that match.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    filter: &ApiTokenFilter,
    page: &PageRequest<ApiTokenSort>,
) -> Result<Vec<ApiToken>, StoreError> {
    ApiTokenSort::page(matching(org, filter), page)
        .select(ApiTokenRow::as_select())
        .load(tx.conn)?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Counts the tokens that match.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(tx: &mut Tx<'_>, org: OrgId, filter: &ApiTokenFilter) -> Result<i64, StoreError> {
    Ok(matching(org, filter).count().get_result(tx.conn)?)
}

/// Writes a new token.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn insert(tx: &mut WriteTx<'_>, org: OrgId, token: &ApiToken) -> Result<(), StoreError> {
    let (kind, user_id, access_epoch) = match token.owner {
        TokenOwner::User { id, access_epoch } => (1, Some(db(id)), access_epoch),
        TokenOwner::Service => (2, None, 0),
    };
    let row = ApiTokenRow {
        org_id: db(org),
        id: db(token.id),
        kind,
        user_id,
        name: token.name.clone(),
        name_key: name_key(&token.name),
        scopes: i16::try_from(token.scopes.0).map_err(|_| StoreError::corrupt("api_tokens", "scopes"))?,
        token_hash: token.token_hash.clone(),
        access_epoch,
        created_by: db_opt(token.created_by),
        created_at: DbInstant(token.created_at),
        expires_at: at_opt(token.expires_at),
    };
    diesel::insert_into(api_tokens::table)
        .values(row)
        .execute(tx.conn)?;
    Ok(())
}

/// Deletes one token.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn delete(tx: &mut WriteTx<'_>, org: OrgId, id: ApiTokenId) -> Result<(), StoreError> {
    diesel::delete(
        api_tokens::table
            .filter(api_tokens::org_id.eq(db(org)))
            .filter(api_tokens::id.eq(db(id))),
    )
    .execute(tx.conn)?;
    Ok(())
}

/// Deletes a user's tokens; returns how many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn delete_of_user(tx: &mut WriteTx<'_>, org: OrgId, user: UserId) -> Result<usize, StoreError> {
    Ok(diesel::delete(
        api_tokens::table
            .filter(api_tokens::org_id.eq(db(org)))
            .filter(api_tokens::user_id.eq(db(user))),
    )
    .execute(tx.conn)?)
}
