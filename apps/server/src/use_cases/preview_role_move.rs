//! Who would gain and lose what if a role were moved: counted over all records, nothing saved.

use uuid::Uuid;
use vestibule_access_control::{ActionImpact, MovedReports, RoleMove};
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::ids::RoleId;
use vestibule_persistence::{PageRequest, Tx, objects, records, users};

use crate::caller::Caller;
use crate::dto::role_move::{MovedReportsBody, RoleMoveObject, RoleMovePreview};
use crate::error::UseCaseError;
use crate::etag::ETag;
use crate::use_cases::foreseen::role_move_tag;
use crate::use_cases::placement::unknown_reference;
use crate::use_cases::role_tree::find_role;

/// How many of the users whose reports change are named.
const MOST_AFFECTED: usize = 20;

/// Tells what moving a role would do. The tag, given back in `If-Match`, ties the change to it.
///
/// # Errors
/// 403 `capability_missing`; 404; 409 `role_cycle`; 422 `unknown_reference`, `role_too_deep`.
pub fn preview_role_move(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    parent: Option<Uuid>,
) -> Result<(RoleMovePreview, ETag), UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    let role = find_role(tx, caller, id)?.id;
    let parent = parent.map(RoleId::from);
    let foreseen = foresee(tx, caller, role, parent)?;
    let gaining = foreseen.users().iter().filter(|user| user.after > user.before);
    let users_gaining = gaining.count() as u64;
    let preview = RoleMovePreview {
        role_id: role.into(),
        parent_id: parent.map(Into::into),
        people_moved: foreseen.people_moved(),
        users_gaining,
        users_losing: (foreseen.users().len() as u64).saturating_sub(users_gaining),
        most_affected: most_affected(tx, caller, foreseen.users())?,
        objects: affected_objects(tx, caller, &foreseen)?,
    };
    let tag = role_move_tag(tx, caller, role, parent, &foreseen)?;
    Ok((preview, tag))
}

/// The move of a role as the policy of this transaction has it.
///
/// # Errors
/// 409 `role_cycle`; 422 `unknown_reference`, `role_too_deep`.
pub fn foresee(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    role: RoleId,
    parent: Option<RoleId>,
) -> Result<RoleMove, UseCaseError> {
    let policy = caller.policy(tx)?;
    if parent.is_some_and(|parent| !policy.forest().contains(parent)) {
        return Err(unknown_reference("/parent_id", "role"));
    }
    RoleMove::foresee(&policy, role, parent, caller.now_micros())
        .map_err(|refused| UseCaseError::from(refused).at("/parent_id"))
}

fn most_affected(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    all: &[MovedReports],
) -> Result<Vec<MovedReportsBody>, UseCaseError> {
    let some = all.get(..MOST_AFFECTED).unwrap_or(all);
    let ids: Vec<_> = some.iter().map(|moved| moved.user).collect();
    let names = users::names(tx, caller.org.id, &ids)?;
    let body = |moved: &MovedReports| {
        let (_, first, last) = names.iter().find(|(id, _, _)| *id == moved.user)?;
        Some(MovedReportsBody {
            user_id: moved.user.into(),
            name: format!("{first} {last}"),
            reports_before: moved.before,
            reports_after: moved.after,
            gained: moved.after.saturating_sub(moved.before),
            lost: moved.before.saturating_sub(moved.after),
        })
    };
    Ok(some.iter().filter_map(body).collect())
}

fn affected_objects(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    foreseen: &RoleMove,
) -> Result<Vec<RoleMoveObject>, UseCaseError> {
    let org = caller.org.id;
    let mut stored = objects::list(tx, org, &PageRequest::everything())?;
    stored.retain(|stored| foreseen.concerns(stored.object.id()));
    let mut affected = Vec::with_capacity(stored.len());
    for stored in &stored {
        let mut census = foreseen.census(stored.object.id());
        records::for_each_owner_set(tx, org, stored, |_, owners| census.record(owners))?;
        let impacts = census.finish();
        if !impacts.iter().all(ActionImpact::is_nothing) {
            affected.push(RoleMoveObject {
                object: stored.object.key().to_string(),
                plural: stored.object.plural().to_owned(),
                actions: impacts.into(),
            });
        }
    }
    affected.sort_by(|one, other| one.object.cmp(&other.object));
    Ok(affected)
}
