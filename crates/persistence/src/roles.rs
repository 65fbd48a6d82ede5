//! User roles and their place in the forest.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use time::UtcDateTime;
use vestibule_org_hierarchy::RoleLabel;

use crate::connection::MultiBackend;
use crate::error::StoreError;
use crate::ids::{OrgId, RoleId};
use crate::listing::{PageRequest, SortValue, like_contains, name_key, sortable};
use crate::schema::{roles, users};
use crate::statement::{Dialect, Statement};
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, db, db_opt, storable};

/// A role with its stored label.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Its id (UUIDv7).
    pub id: RoleId,
    /// The role above it.
    pub parent_id: Option<RoleId>,
    /// Its name.
    pub name: String,
    /// The id that another system knows this role by.
    pub external_id: Option<String>,
    /// Its interval in the walk through the forest.
    pub label: RoleLabel,
    /// Grows with every change of name or place (not of label); the ETag.
    pub version: i64,
    /// When it was made.
    pub created_at: UtcDateTime,
    /// When it last changed.
    pub updated_at: UtcDateTime,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = roles, treat_none_as_default_value = false)]
struct RoleRow {
    org_id: DbId,
    id: DbId,
    parent_id: Option<DbId>,
    name: String,
    name_key: String,
    external_id: Option<String>,
    enter_label: i32,
    exit_label: i32,
    version: i64,
    created_at: DbInstant,
    updated_at: DbInstant,
}

fn number(label: u32) -> Result<i32, StoreError> {
    i32::try_from(label).map_err(|_| StoreError::corrupt("roles", "label"))
}

fn label(number: i32) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| StoreError::corrupt("roles", "label"))
}

impl RoleRow {
    fn new(org: OrgId, role: &Role) -> Result<Self, StoreError> {
        Ok(RoleRow {
            org_id: db(org),
            id: db(role.id),
            parent_id: db_opt(role.parent_id),
            name: role.name.clone(),
            name_key: name_key(&role.name),
            external_id: role.external_id.clone(),
            enter_label: number(role.label.enter)?,
            exit_label: number(role.label.exit)?,
            version: role.version,
            created_at: DbInstant(role.created_at),
            updated_at: DbInstant(role.updated_at),
        })
    }
}

impl TryFrom<RoleRow> for Role {
    type Error = StoreError;
    fn try_from(row: RoleRow) -> Result<Self, StoreError> {
        Ok(Role {
            id: row.id.0.into(),
            parent_id: row.parent_id.map(|id| id.0.into()),
            name: row.name,
            external_id: row.external_id,
            label: RoleLabel {
                enter: label(row.enter_label)?,
                exit: label(row.exit_label)?,
            },
            version: row.version,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

/// Which roles to list; every part narrows.
#[derive(Clone, Debug, Default)]
pub struct RoleFilter {
    /// Directly below this role, or (`Some(None)`) without a role above.
    pub parent_id: Option<Option<RoleId>>,
    /// Whose name contains this text.
    pub text: Option<String>,
    /// Known to another system by this id.
    pub external_id: Option<String>,
}

fn matching<'q>(org: OrgId, filter: &RoleFilter) -> roles::BoxedQuery<'q, MultiBackend> {
    let mut query = roles::table.filter(roles::org_id.eq(db(org))).into_boxed();
    match filter.parent_id {
        Some(Some(parent)) => query = query.filter(roles::parent_id.eq(db(parent))),
        Some(None) => query = query.filter(roles::parent_id.is_null()),
        None => {}
    }
    let texts = [&filter.text, &filter.external_id];
    if !texts.into_iter().flatten().all(|text| storable(text)) {
        return query.filter(sql::<Bool>("1 = 0"));
    }
    if let Some(text) = &filter.text {
        let pattern = like_contains(&name_key(text));
        query = query.filter(roles::name_key.like(pattern).escape('\\'));
    }
    if let Some(external) = filter.external_id.clone() {
        query = query.filter(roles::external_id.eq(external));
    }
    query
}

/// Loads a role.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such role.
pub fn find(tx: &mut Tx<'_>, org: OrgId, id: RoleId) -> Result<Option<Role>, StoreError> {
    roles::table
        .filter(roles::org_id.eq(db(org)))
        .filter(roles::id.eq(db(id)))
        .select(RoleRow::as_select())
        .first(tx.conn)
        .optional()?
        .map(TryInto::try_into)
        .transpose()
}

/// Loads the names of those of these roles that there are.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn names(tx: &mut Tx<'_>, org: OrgId, ids: &[RoleId]) -> Result<Vec<(RoleId, String)>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let chunk: Vec<DbId> = chunk.iter().map(|id| db(*id)).collect();
        let rows: Vec<(DbId, String)> = roles::table
            .filter(roles::org_id.eq(db(org)))
            .filter(roles::id.eq_any(chunk))
            .select((roles::id, roles::name))
            .load(tx.conn)?;
        found.extend(rows.into_iter().map(|(id, name)| (id.0.into(), name)));
    }
    Ok(found)
}

/// Loads every role's id and parent: what the forest is built from.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn parents(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<(RoleId, Option<RoleId>)>, StoreError> {
    let rows: Vec<(DbId, Option<DbId>)> = roles::table
        .filter(roles::org_id.eq(db(org)))
        .order(roles::id)
        .select((roles::id, roles::parent_id))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, parent)| (id.0.into(), parent.map(|p| p.0.into())))
        .collect())
}

/// Loads every role's stored label.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn labels(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<(RoleId, RoleLabel)>, StoreError> {
    let rows: Vec<(DbId, i32, i32)> = roles::table
        .filter(roles::org_id.eq(db(org)))
        .order(roles::id)
        .select((roles::id, roles::enter_label, roles::exit_label))
        .load(tx.conn)?;
    rows.into_iter()
        .map(|(id, enter, exit)| {
            Ok((
                id.0.into(),
                RoleLabel {
                    enter: label(enter)?,
                    exit: label(exit)?,
                },
            ))
        })
        .collect()
}

sortable! {
    /// What roles may be sorted by.
    pub enum RoleSort on roles {
        /// Name, ignoring case.
        Name = "name" => text name_key,
        /// When the role was made.
        CreatedAt = "created_at" => instant created_at,
    }
}

impl RoleSort {
    /// The value by which a role stands where it stands.
    #[must_use]
    pub fn value_of(self, role: &Role) -> SortValue {
        match self {
            RoleSort::Name => SortValue::Text(name_key(&role.name)),
            RoleSort::CreatedAt => SortValue::instant(role.created_at),
        }
    }
}

/// Lists a page of the roles that match.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    filter: &RoleFilter,
    page: &PageRequest<RoleSort>,
) -> Result<Vec<Role>, StoreError> {
    RoleSort::page(matching(org, filter), page)
        .select(RoleRow::as_select())
        .load(tx.conn)?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Counts the roles that match.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(tx: &mut Tx<'_>, org: OrgId, filter: &RoleFilter) -> Result<i64, StoreError> {
    Ok(matching(org, filter).count().get_result(tx.conn)?)
}

/// Counts the living users in a role.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count_users(tx: &mut Tx<'_>, org: OrgId, id: RoleId) -> Result<i64, StoreError> {
    Ok(users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::role_id.eq(db(id)))
        .filter(users::deleted_at.is_null())
        .count()
        .get_result(tx.conn)?)
}

/// Counts the living users in each of these roles; roles without any are left out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn user_counts(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: impl IntoIterator<Item = RoleId>,
) -> Result<HashMap<RoleId, i64>, StoreError> {
    let ids: Vec<DbId> = ids.into_iter().map(db).collect();
    let rows: Vec<(Option<DbId>, i64)> = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::role_id.eq_any(ids))
        .filter(users::deleted_at.is_null())
        .group_by(users::role_id)
        .select((users::role_id, count_star()))
        .load(tx.conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, users)| Some((id?.0.into(), users)))
        .collect())
}

/// Writes a new role.
///
/// # Errors
/// [`StoreError::Unique`] with [`crate::UniqueRule::ExternalId`]; [`StoreError::Reference`] for an unknown parent.
pub fn insert(tx: &mut WriteTx<'_>, org: OrgId, role: &Role) -> Result<(), StoreError> {
    diesel::insert_into(roles::table)
        .values(RoleRow::new(org, role)?)
        .execute(tx.conn)?;
    Ok(())
}

/// Writes a role's changes and raises its version, in the row and in `role`. Never the label: only [`relabel`] does,
/// so that a role that was loaded before a relabelling cannot put its old place back.
///
/// # Errors
/// [`StoreError::Busy`] when the row changed since it was loaded; otherwise as [`insert`].
pub fn save(tx: &mut WriteTx<'_>, org: OrgId, role: &mut Role, now: UtcDateTime) -> Result<(), StoreError> {
    let loaded = role.version;
    role.version += 1;
    role.updated_at = now;
    let changed = diesel::update(
        roles::table
            .filter(roles::org_id.eq(db(org)))
            .filter(roles::id.eq(db(role.id)))
            .filter(roles::version.eq(loaded)),
    )
    .set((
        roles::parent_id.eq(db_opt(role.parent_id)),
        roles::name.eq(&role.name),
        roles::name_key.eq(name_key(&role.name)),
        roles::external_id.eq(&role.external_id),
        roles::version.eq(role.version),
        roles::updated_at.eq(DbInstant(now)),
    ))
    .execute(tx.conn)?;
    if changed == 1 {
        return Ok(());
    }
    role.version = loaded;
    Err(StoreError::Busy)
}

/// Moves the children of a role to another parent or to the top; returns which.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn move_children(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    from: RoleId,
    to: Option<RoleId>,
) -> Result<Vec<RoleId>, StoreError> {
    let children = roles::table
        .filter(roles::org_id.eq(db(org)))
        .filter(roles::parent_id.eq(db(from)));
    let moved: Vec<DbId> = children.select(roles::id).load(tx.conn)?;
    diesel::update(children)
        .set((
            roles::parent_id.eq(db_opt(to)),
            roles::version.eq(roles::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(moved.into_iter().map(|id| id.0.into()).collect())
}

/// Roles written in one statement.
const ROLES_AT_ONCE: usize = 1_000;

/// Stores new labels; versions stay, because nothing a client sent or sees has changed.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn relabel(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    changed: impl IntoIterator<Item = (RoleId, RoleLabel)>,
) -> Result<(), StoreError> {
    let changed: Vec<(RoleId, RoleLabel)> = changed.into_iter().collect();
    for some in changed.chunks(ROLES_AT_ONCE) {
        let mut rows = Vec::with_capacity(some.len());
        for (id, label) in some {
            rows.push((*id, number(label.enter)?, number(label.exit)?));
        }
        // Nameless columns of VALUES are called column1 and so on by both databases.
        let mut update = Statement::new(Dialect::of(tx));
        update
            .not_kept()
            .sql("UPDATE roles SET enter_label = v.column2, exit_label = v.column3 FROM (VALUES ")
            .list(rows, |row, (id, enter, exit)| {
                row.sql("(")
                    .id(id)
                    .sql(", ")
                    .medium(enter)
                    .sql(", ")
                    .medium(exit)
                    .sql(")");
            })
            .sql(") AS v WHERE roles.org_id = ")
            .id(org)
            .sql(" AND roles.id = v.column1");
        update.execute(tx.conn)?;
    }
    Ok(())
}

/// Deletes a role without users and children.
///
/// # Errors
/// [`StoreError::Reference`] when it has either.
pub fn delete(tx: &mut WriteTx<'_>, org: OrgId, id: RoleId) -> Result<(), StoreError> {
    diesel::delete(
        roles::table
            .filter(roles::org_id.eq(db(org)))
            .filter(roles::id.eq(db(id))),
    )
    .execute(tx.conn)?;
    Ok(())
}
