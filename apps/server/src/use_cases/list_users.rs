//! Lists of standard users, and of the people in a relation to a user's role.

use uuid::Uuid;
use vestibule_persistence::user_list::{self, RoleRelation, UserFilter};
use vestibule_persistence::users::{User, UserSort};
use vestibule_persistence::{Tx, roles};

use crate::caller::Caller;
use crate::dto::user::PeopleFilter;
use crate::error::UseCaseError;
use crate::list::Listing;
use crate::paging::Page;
use crate::use_cases::find_user::{READERS, find_person};

/// A page of the users that match.
///
/// # Errors
/// 403 `capability_missing`.
pub fn list_users(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    filter: &UserFilter,
    listing: &Listing<UserSort>,
) -> Result<Page<User>, UseCaseError> {
    caller.require_any(&READERS)?;
    page(tx, caller, filter, listing)
}

/// A page of a user's reports: the users whose role lies below theirs, at any depth, also those without access.
///
/// # Errors
/// 403 `capability_missing`; 404 when there is no such user.
pub fn list_reports(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    filter: &PeopleFilter,
    listing: &Listing<UserSort>,
) -> Result<Page<User>, UseCaseError> {
    let user = find_person(tx, caller, id)?;
    let role = match user.role_id {
        Some(role) => roles::find(tx, caller.org.id, role)?,
        None => None,
    };
    let relation = role.map_or(RoleRelation::Nobody, |role| RoleRelation::Below(role.label));
    page(tx, caller, &related(filter, relation), listing)
}

/// A page of a user's peers: the other users with the same role, also those without access.
///
/// # Errors
/// As [`list_reports`].
pub fn list_peers(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    filter: &PeopleFilter,
    listing: &Listing<UserSort>,
) -> Result<Page<User>, UseCaseError> {
    let user = find_person(tx, caller, id)?;
    let relation = user
        .role_id
        .map_or(RoleRelation::Nobody, |role| RoleRelation::PeersOf(role, user.id));
    page(tx, caller, &related(filter, relation), listing)
}

fn related(filter: &PeopleFilter, relation: RoleRelation) -> UserFilter {
    UserFilter {
        kind: filter.kind.map(Into::into),
        text: filter.q.clone(),
        relation: Some(relation),
        ..UserFilter::default()
    }
}

fn page(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    filter: &UserFilter,
    listing: &Listing<UserSort>,
) -> Result<Page<User>, UseCaseError> {
    let users = user_list::list(tx, caller.org.id, filter, listing.request())?;
    listing.page(
        caller,
        users,
        |user| user.id.into(),
        UserSort::value_of,
        |user| user,
        || Ok(user_list::count(tx, caller.org.id, filter)?),
    )
}
