//! The facts themselves, in narrow rows: all of them, or those of some ids.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use diesel::prelude::*;
use uuid::Uuid;
use vestibule_access_control::{
    Account, ObjectFacts, ObjectGrant, ObjectPermissions, PolicyChange, ProfileFacts, RoleFacts, UserFacts,
};
use vestibule_guest_lifecycle::UserKind;

use super::Touched;
use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId, ProfileId, RoleId, UserId};
use crate::object_permissions::LevelColumns;
use crate::schema::{object_fields, object_permissions, objects, orgs, profiles, roles, users};
use crate::transaction::Tx;
use crate::types::{DbId, DbInstant, db, unix_micros};

/// Ids in one query, within what SQLite takes.
const IDS_AT_ONCE: usize = 500;

/// The things touched, as they are now; gone where they are gone.
pub(super) fn changes(
    tx: &mut Tx<'_>,
    org: OrgId,
    touched: &BTreeSet<Touched>,
) -> Result<Vec<PolicyChange>, StoreError> {
    let mut changes = Vec::with_capacity(touched.len());
    let mut ids = TouchedIds::default();
    for touched in touched {
        match *touched {
            Touched::Everything => {}
            Touched::GuestAccess => {
                changes.extend(guest_access(tx, org)?.map(PolicyChange::GuestAccess));
            }
            Touched::Role(id) => ids.roles.push(id),
            Touched::Profile(id) => ids.profiles.push(id),
            Touched::Object(id) => ids.objects.push(id),
            Touched::User(id) => ids.users.push(id),
        }
    }
    for ids in ids.roles.chunks(IDS_AT_ONCE) {
        let found = roles(tx, org, Some(ids))?;
        tell(
            ids,
            found,
            |role| role.id,
            PolicyChange::Role,
            PolicyChange::RoleRemoved,
            &mut changes,
        );
    }
    for ids in ids.profiles.chunks(IDS_AT_ONCE) {
        let found = profiles(tx, org, Some(ids))?;
        tell(
            ids,
            found,
            |profile| profile.id,
            PolicyChange::Profile,
            PolicyChange::ProfileRemoved,
            &mut changes,
        );
    }
    for ids in ids.objects.chunks(IDS_AT_ONCE) {
        let found = objects(tx, org, Some(ids))?;
        tell(
            ids,
            found,
            |object| object.id,
            PolicyChange::Object,
            PolicyChange::ObjectRemoved,
            &mut changes,
        );
    }
    for ids in ids.users.chunks(IDS_AT_ONCE) {
        let found = users(tx, org, Some(ids))?;
        tell(
            ids,
            found,
            |user| user.id,
            PolicyChange::User,
            PolicyChange::UserRemoved,
            &mut changes,
        );
    }
    Ok(changes)
}

#[derive(Default)]
struct TouchedIds {
    roles: Vec<RoleId>,
    profiles: Vec<ProfileId>,
    objects: Vec<ObjectId>,
    users: Vec<UserId>,
}

fn tell<I: Copy + Eq + Hash, F>(
    asked: &[I],
    found: Vec<F>,
    id_of: impl Fn(&F) -> I,
    present: impl Fn(F) -> PolicyChange,
    removed: impl Fn(I) -> PolicyChange,
    changes: &mut Vec<PolicyChange>,
) {
    let there: HashSet<I> = found.iter().map(id_of).collect();
    changes.extend(found.into_iter().map(present));
    changes.extend(
        asked
            .iter()
            .filter(|id| !there.contains(id))
            .map(|id| removed(*id)),
    );
}

fn stored<I: Copy + Into<Uuid>>(ids: &[I]) -> Vec<DbId> {
    ids.iter().map(|id| db(*id)).collect()
}

/// `None` when there is no such org.
pub(super) fn guest_access(tx: &mut Tx<'_>, org: OrgId) -> Result<Option<bool>, StoreError> {
    Ok(orgs::table
        .filter(orgs::id.eq(db(org)))
        .select(orgs::guest_access)
        .first(tx.conn)
        .optional()?)
}

pub(super) fn roles(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: Option<&[RoleId]>,
) -> Result<Vec<RoleFacts>, StoreError> {
    let mut query = roles::table.filter(roles::org_id.eq(db(org))).into_boxed();
    if let Some(ids) = ids {
        query = query.filter(roles::id.eq_any(stored(ids)));
    }
    let rows: Vec<(DbId, Option<DbId>)> = query.select((roles::id, roles::parent_id)).load(tx.conn)?;
    let facts = rows.into_iter().map(|(id, parent)| RoleFacts {
        id: id.0.into(),
        parent: parent.map(|parent| parent.0.into()),
    });
    Ok(facts.collect())
}

pub(super) fn profiles(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: Option<&[ProfileId]>,
) -> Result<Vec<ProfileFacts>, StoreError> {
    let mut query = profiles::table.filter(profiles::org_id.eq(db(org))).into_boxed();
    if let Some(ids) = ids {
        query = query.filter(profiles::id.eq_any(stored(ids)));
    }
    let rows: Vec<(DbId, Option<i16>)> = query.select((profiles::id, profiles::built_in)).load(tx.conn)?;
    let mut grants = grants(tx, org, ids)?;
    let facts = rows.into_iter().map(|(id, built_in)| ProfileFacts {
        id: id.0.into(),
        admin: built_in == Some(1),
        permissions: grants.remove(&id).unwrap_or_default(),
    });
    Ok(facts.collect())
}

/// What profiles permit, without the cells that permit nothing.
fn grants(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: Option<&[ProfileId]>,
) -> Result<HashMap<DbId, Vec<ObjectGrant>>, StoreError> {
    use object_permissions as cells;
    let mut query = cells::table.filter(cells::org_id.eq(db(org))).into_boxed();
    if let Some(ids) = ids {
        query = query.filter(cells::profile_id.eq_any(stored(ids)));
    }
    let rows: Vec<(DbId, DbId, LevelColumns)> = query
        .order((cells::profile_id, cells::object_id))
        .select((cells::profile_id, cells::object_id, LevelColumns::as_select()))
        .load(tx.conn)?;
    let mut grants: HashMap<DbId, Vec<ObjectGrant>> = HashMap::new();
    for (profile, object, levels) in rows {
        let permissions: ObjectPermissions = levels.try_into()?;
        if permissions != ObjectPermissions::NONE {
            let object = object.0.into();
            grants
                .entry(profile)
                .or_default()
                .push(ObjectGrant { object, permissions });
        }
    }
    Ok(grants)
}

pub(super) fn objects(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: Option<&[ObjectId]>,
) -> Result<Vec<ObjectFacts>, StoreError> {
    let mut query = objects::table.filter(objects::org_id.eq(db(org))).into_boxed();
    if let Some(ids) = ids {
        query = query.filter(objects::id.eq_any(stored(ids)));
    }
    let rows: Vec<(DbId, String)> = query.select((objects::id, objects::key)).load(tx.conn)?;
    let ownable: Vec<DbId> = object_fields::table
        .filter(object_fields::org_id.eq(db(org)))
        .filter(object_fields::represents_ownership.eq(true))
        .select(object_fields::object_id)
        .distinct()
        .load(tx.conn)?;
    let ownable: HashSet<DbId> = ownable.into_iter().collect();
    let facts = rows.into_iter().map(|(id, key)| ObjectFacts {
        id: id.0.into(),
        key,
        ownable: ownable.contains(&id),
    });
    Ok(facts.collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct UserColumns {
    id: DbId,
    kind: i16,
    role_id: Option<DbId>,
    profile_id: Option<DbId>,
    claimed_at: Option<DbInstant>,
    deactivated_at: Option<DbInstant>,
    revoked_at: Option<DbInstant>,
    access_ends_at: Option<DbInstant>,
}

pub(super) fn users(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: Option<&[UserId]>,
) -> Result<Vec<UserFacts>, StoreError> {
    let mut query = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::deleted_at.is_null())
        .into_boxed();
    if let Some(ids) = ids {
        query = query.filter(users::id.eq_any(stored(ids)));
    }
    let rows: Vec<UserColumns> = query.select(UserColumns::as_select()).load(tx.conn)?;
    rows.into_iter().map(user).collect()
}

fn user(row: UserColumns) -> Result<UserFacts, StoreError> {
    let corrupt = |what| StoreError::corrupt("users", what);
    let account = match crate::users::kind_of(row.kind)? {
        UserKind::Standard => Account::Standard {
            deactivated: row.deactivated_at.is_some(),
        },
        UserKind::Guest => Account::Guest {
            claimed: row.claimed_at.is_some(),
            revoked: row.revoked_at.is_some(),
            ends_at: unix_micros(row.access_ends_at.ok_or(corrupt("access_ends_at"))?.0)
                .map_err(|_| corrupt("access_ends_at"))?,
        },
    };
    Ok(UserFacts {
        id: row.id.0.into(),
        role: row.role_id.map(|id| id.0.into()),
        profile: row.profile_id.ok_or(corrupt("profile_id"))?.0.into(),
        account,
    })
}
