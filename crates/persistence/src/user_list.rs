//! Lists of users: filters, pages and counts.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use time::{Date, UtcDateTime};
use vestibule_guest_lifecycle::{GuestStatus, UserKind};
use vestibule_org_hierarchy::RoleLabel;

use crate::connection::MultiBackend;
use crate::error::StoreError;
use crate::ids::{LicenseId, OrgId, ProfileId, RoleId, UserId};
use crate::listing::{PageRequest, like_contains, name_key};
use crate::schema::users;
use crate::transaction::Tx;
use crate::types::{DbId, DbInstant, Id, db, storable};
use crate::users::{SignInMethod, User, UserSort, kind_number, load_page};

/// A standard user's status, derived like a guest's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandardStatus {
    /// Switched off by an admin.
    Deactivated,
    /// Not claimed yet.
    Invited,
    /// Everything else.
    Active,
}

/// A status to filter by, at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusFilter {
    /// A guest's.
    Guest(GuestStatus, UtcDateTime),
    /// A standard user's.
    Standard(StandardStatus),
}

/// Users that stand in a relation to a place in the role tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleRelation {
    /// Users whose role lies strictly below this label: the reports of its holder.
    Below(RoleLabel),
    /// Users of this role other than this user: the peers.
    PeersOf(RoleId, UserId),
    /// Nobody: the relation of somebody without a role.
    Nobody,
}

/// The people around a place in the role tree, with some who are near for other reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circle {
    /// These people, whatever their role.
    pub people: Vec<UserId>,
    /// Everybody whose role is the one with this label or lies below it.
    pub around: Option<RoleLabel>,
}

/// Which users to list; every part narrows.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Standard users or guests.
    pub kind: Option<UserKind>,
    /// With any of these statuses.
    pub statuses: Vec<StatusFilter>,
    /// On this profile.
    pub profile_id: Option<ProfileId>,
    /// In this role.
    pub role_id: Option<RoleId>,
    /// On this license.
    pub license_id: Option<LicenseId>,
    /// Sponsored by this user.
    pub sponsor_id: Option<UserId>,
    /// Whose sponsor is gone (or not).
    pub sponsor_missing: Option<bool>,
    /// Whose last day is before this date.
    pub ends_before: Option<Date>,
    /// Whose last day is after this date.
    pub ends_after: Option<Date>,
    /// Who signed in at least once (or never).
    pub signed_in: Option<bool>,
    /// Who signs in this way.
    pub sign_in: Option<SignInMethod>,
    /// Known to another system by this id.
    pub external_id: Option<String>,
    /// With exactly this canonical email.
    pub email_canonical: Option<String>,
    /// Whose names or email contain every word of this text.
    pub text: Option<String>,
    /// Whose names alone contain every word of this text.
    pub names: Option<String>,
    /// In this relation to a place in the role tree.
    pub relation: Option<RoleRelation>,
    /// Among these people.
    pub ids: Option<Vec<UserId>>,
    /// Within this circle.
    pub circle: Option<Circle>,
}

type Query<'q> = users::BoxedQuery<'q, MultiBackend>;
type Predicate = Box<dyn BoxableExpression<users::table, MultiBackend, SqlType = Bool>>;

fn has_status(status: StatusFilter) -> Predicate {
    match status {
        StatusFilter::Guest(status, now) => {
            let now = DbInstant(now);
            let ends = users::access_ends_at.assume_not_null();
            let guest = users::kind.eq(kind_number(UserKind::Guest));
            let in_force = guest.and(users::revoked_at.is_null()).and(ends.gt(now));
            match status {
                GuestStatus::Deleted => Box::new(users::deleted_at.is_not_null()),
                GuestStatus::Revoked => Box::new(guest.and(users::revoked_at.is_not_null())),
                GuestStatus::Expired => Box::new(guest.and(users::revoked_at.is_null()).and(ends.le(now))),
                GuestStatus::Invited => Box::new(in_force.and(users::claimed_at.is_null())),
                GuestStatus::Active => Box::new(in_force.and(users::claimed_at.is_not_null())),
            }
        }
        StatusFilter::Standard(status) => {
            let on = users::kind
                .eq(kind_number(UserKind::Standard))
                .and(users::deactivated_at.is_null());
            match status {
                StandardStatus::Deactivated => Box::new(users::deactivated_at.is_not_null()),
                StandardStatus::Invited => Box::new(on.and(users::claimed_at.is_null())),
                StandardStatus::Active => Box::new(on.and(users::claimed_at.is_not_null())),
            }
        }
    }
}

fn has_any_status(statuses: &[StatusFilter]) -> Option<Predicate> {
    let mut statuses = statuses.iter().map(|status| has_status(*status));
    let first = statuses.next()?;
    Some(statuses.fold(first, |any, next| Box::new(any.or(next))))
}

fn matching<'q>(org: OrgId, filter: &UserFilter) -> Query<'q> {
    let query = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::deleted_at.is_null())
        .into_boxed();
    let query = by_place(org, filter, query);
    let query = by_access(filter, query);
    by_text(filter, query)
}

fn by_place<'q>(org: OrgId, filter: &UserFilter, mut query: Query<'q>) -> Query<'q> {
    if let Some(kind) = filter.kind {
        query = query.filter(users::kind.eq(kind_number(kind)));
    }
    if let Some(profile) = filter.profile_id {
        query = query.filter(users::profile_id.eq(db(profile)));
    }
    if let Some(role) = filter.role_id {
        query = query.filter(users::role_id.eq(db(role)));
    }
    if let Some(license) = filter.license_id {
        query = query.filter(users::license_id.eq(db(license)));
    }
    if let Some(ids) = &filter.ids {
        query = query.filter(users::id.eq_any(ids.iter().map(|id| db(*id)).collect::<Vec<_>>()));
    }
    if let Some(circle) = &filter.circle {
        query = query.filter(within(org, circle));
    }
    match filter.relation {
        None => query,
        Some(RoleRelation::Nobody) => query.filter(sql::<Bool>("1 = 0")),
        Some(RoleRelation::PeersOf(role, user)) => query
            .filter(users::role_id.eq(db(role)))
            .filter(users::id.ne(db(user))),
        Some(RoleRelation::Below(label)) => {
            query.filter(has_role_between(org, label.enter.saturating_add(1), label.exit))
        }
    }
}

/// Whose role is one of those that the walk through the tree enters between two numbers, both inclusive.
fn has_role_between(org: OrgId, first: u32, last: u32) -> Predicate {
    Box::new(
        sql::<Bool>("role_id IN (SELECT r.id FROM roles r WHERE r.org_id = ")
            .bind::<Id, _>(db(org))
            .sql(" AND r.enter_label >= ")
            .bind::<Integer, _>(label_number(first))
            .sql(" AND r.enter_label <= ")
            .bind::<Integer, _>(label_number(last))
            .sql(")"),
    )
}

fn within(org: OrgId, circle: &Circle) -> Predicate {
    let people: Vec<DbId> = circle.people.iter().map(|id| db(*id)).collect();
    let named = users::id.eq_any(people);
    match circle.around {
        Some(label) => Box::new(named.or(has_role_between(org, label.enter, label.exit))),
        None => Box::new(named),
    }
}

fn label_number(label: u32) -> i32 {
    i32::try_from(label).unwrap_or(i32::MAX)
}

fn by_access<'q>(filter: &UserFilter, mut query: Query<'q>) -> Query<'q> {
    if let Some(any) = has_any_status(&filter.statuses) {
        query = query.filter(any);
    }
    if let Some(sponsor) = filter.sponsor_id {
        query = query.filter(users::sponsor_id.eq(db(sponsor)));
    }
    if let Some(missing) = filter.sponsor_missing {
        query = query.filter(users::sponsor_missing.eq(missing));
    }
    if let Some(date) = filter.ends_before {
        query = query.filter(users::access_ends_on.lt(date));
    }
    if let Some(date) = filter.ends_after {
        query = query.filter(users::access_ends_on.gt(date));
    }
    match filter.signed_in {
        Some(true) => query = query.filter(users::last_sign_in_at.is_not_null()),
        Some(false) => query = query.filter(users::last_sign_in_at.is_null()),
        None => {}
    }
    if let Some(method) = filter.sign_in {
        query = query.filter(users::sign_in.eq(method.number()));
    }
    query
}

fn by_text<'q>(filter: &UserFilter, mut query: Query<'q>) -> Query<'q> {
    let texts = [
        &filter.external_id,
        &filter.email_canonical,
        &filter.text,
        &filter.names,
    ];
    if !texts.into_iter().flatten().all(|text| storable(text)) {
        return query.filter(sql::<Bool>("1 = 0"));
    }
    if let Some(external) = filter.external_id.clone() {
        query = query.filter(users::external_id.eq(external));
    }
    if let Some(email) = filter.email_canonical.clone() {
        query = query.filter(users::email_canonical.eq(email));
    }
    for word in filter.text.as_deref().unwrap_or_default().split_whitespace() {
        let pattern = like_contains(&name_key(word));
        query = query.filter(
            users::first_name_key
                .like(pattern.clone())
                .escape('\\')
                .or(users::last_name_key.like(pattern.clone()).escape('\\'))
                .or(users::email_canonical
                    .assume_not_null()
                    .like(pattern)
                    .escape('\\')),
        );
    }
    for word in filter.names.as_deref().unwrap_or_default().split_whitespace() {
        let pattern = like_contains(&name_key(word));
        query = query.filter(
            users::first_name_key
                .like(pattern.clone())
                .escape('\\')
                .or(users::last_name_key.like(pattern).escape('\\')),
        );
    }
    query
}

/// Lists a page of the living users that match.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// O(page) where an index serves the sort key and the filter is wide; at worst O(users of the org).
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    filter: &UserFilter,
    page: &PageRequest<UserSort>,
) -> Result<Vec<User>, StoreError> {
    load_page(tx, UserSort::page(matching(org, filter), page))
}

/// Counts the living users that match.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count(tx: &mut Tx<'_>, org: OrgId, filter: &UserFilter) -> Result<i64, StoreError> {
    Ok(matching(org, filter).count().get_result(tx.conn)?)
}
