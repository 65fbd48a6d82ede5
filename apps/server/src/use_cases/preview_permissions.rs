//! Who would gain and lose what if a profile's permissions were others: counted over all records, nothing saved.

use std::cmp::Reverse;

use uuid::Uuid;
use vestibule_access_control::{Action, Census, CensusTaker, Level, ObjectPermissions, Snapshot, UserId};
use vestibule_persistence::ids::{ObjectId, ProfileId};
use vestibule_persistence::objects;
use vestibule_persistence::{StoreError, Tx, records, users};

use crate::caller::Caller;
use crate::dto::permission::{
    AffectedUser, MatrixPreview, NewMatrix, ObjectPreview, PreviewBody, ProfileUsers, warnings,
};
use crate::error::UseCaseError;
use crate::etag::ETag;
use crate::use_cases::find_permissions::{cell, cells, object_with_key, profile_to_permit};
use crate::use_cases::foreseen::{Proposal, foreseen_tag, people_on};
use crate::use_cases::set_permissions::{propose_matrix, refuse_admin};

/// How many of the users who win or lose most are named.
const MOST_AFFECTED: usize = 20;

/// How many profiles are counted for in one pass over the records: each takes some 30 bytes for every user of the org.
const PROFILES_AT_ONCE: usize = 8;

/// Tells what setting these permissions would do. The tag, given back in `If-Match`, ties the change to it.
///
/// # Errors
/// 403 `capability_missing`; 404; 409 `profile_not_editable` for Admin.
pub fn preview_permissions(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    key: &str,
    proposed: ObjectPermissions,
) -> Result<(PreviewBody, ETag), UseCaseError> {
    let profile = profile_to_permit(tx, caller, id)?;
    let object = object_with_key(tx, caller, key)?;
    refuse_admin(&profile)?;
    let proposal = Proposal {
        profile: profile.id,
        object,
        present: cell(tx, caller, &profile, object)?,
        proposed,
    };
    let body = PreviewBody {
        profile_id: profile.id.into(),
        users: users_on(tx, caller, profile.id)?,
        preview: foresee(tx, caller, key, &proposal)?,
    };
    Ok((body, foreseen_tag(tx, caller, &[proposal])?))
}

/// Tells what setting all that a profile permits would do, object by object. The tag, given back in `If-Match`, ties the
/// change to it.
///
/// # Errors
/// 403 `capability_missing`; 404; 409 `profile_not_editable` for Admin; 422 `unknown_reference` for an object that there
/// isn't, `repeated` for one that is given twice.
pub fn preview_matrix(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    id: Uuid,
    input: &NewMatrix,
) -> Result<(MatrixPreview, ETag), UseCaseError> {
    let profile = profile_to_permit(tx, caller, id)?;
    refuse_admin(&profile)?;
    let cells = cells(tx, caller, &profile)?;
    let proposals = propose_matrix(&profile, &cells, input)?;
    let mut objects = Vec::new();
    for ((object, _), proposal) in cells.iter().zip(&proposals) {
        if proposal.changes() {
            objects.push(foresee(tx, caller, &object.key, proposal)?);
        }
    }
    let body = MatrixPreview {
        profile_id: profile.id.into(),
        users: users_on(tx, caller, profile.id)?,
        objects,
    };
    Ok((body, foreseen_tag(tx, caller, &proposals)?))
}

/// What one proposal would do.
fn foresee(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    key: &str,
    proposal: &Proposal,
) -> Result<ObjectPreview, UseCaseError> {
    let (before, after) = (&proposal.present.permissions, &proposal.proposed);
    let policy = caller.policy(tx)?;
    let census = take_censuses(tx, caller, proposal.object, &[proposal.profile])?.pop();
    let (actions, affected) = match &census {
        Some(census) => (
            census.impact(before, after).into(),
            most_affected(&policy, census, proposal.profile, before, after),
        ),
        None => Default::default(),
    };
    Ok(ObjectPreview {
        object: key.to_owned(),
        current: (*before).into(),
        proposed: (*after).into(),
        actions,
        most_affected: named(tx, caller, affected)?,
        warnings: warnings(after),
    })
}

fn users_on(tx: &mut Tx<'_>, caller: &Caller<'_>, profile: ProfileId) -> Result<ProfileUsers, UseCaseError> {
    let policy = caller.policy(tx)?;
    let (on_profile, in_good_standing) = people_on(&policy, profile, caller.now_micros());
    Ok(ProfileUsers {
        on_profile,
        in_good_standing,
    })
}

/// Counts the records of an object for the users of these profiles: one census per profile, in their order.
///
/// # Errors
/// When the database fails.
pub fn take_censuses(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    object: ObjectId,
    profiles: &[ProfileId],
) -> Result<Vec<Census>, UseCaseError> {
    let org = caller.org.id;
    let policy = caller.policy(tx)?;
    let stored = objects::find_by_id(tx, org, object)?.ok_or(StoreError::Reference)?;
    let now = caller.now_micros();
    let mut censuses = Vec::with_capacity(profiles.len());
    for some in profiles.chunks(PROFILES_AT_ONCE) {
        let taker = |profile: &ProfileId| CensusTaker::new(&policy, *profile, now);
        let mut takers: Vec<CensusTaker> = some.iter().map(taker).collect();
        records::for_each_owner_set(tx, org, &stored, |_, owners| {
            for taker in &mut takers {
                taker.record(owners);
            }
        })?;
        censuses.extend(takers.into_iter().map(CensusTaker::finish));
    }
    Ok(censuses)
}

/// A user, and the records with which they win or lose an action.
struct Affected {
    user: UserId,
    gained: u64,
    lost: u64,
}

fn most_affected(
    policy: &Snapshot,
    census: &Census,
    profile: ProfileId,
    before: &ObjectPermissions,
    after: &ObjectPermissions,
) -> Vec<Affected> {
    let levels = || {
        let existing = [Action::View, Action::Edit, Action::Delete];
        existing.map(|action| (before.effective(action), after.effective(action)))
    };
    let (gains, losses): (Vec<Level>, Vec<Level>) = {
        let gains = |level: &Level| levels().iter().any(|(from, to)| from < level && level <= to);
        let losses = |level: &Level| levels().iter().any(|(from, to)| to < level && level <= from);
        let all = || Level::ALL.into_iter();
        (all().filter(gains).collect(), all().filter(losses).collect())
    };
    let of = |user: UserId| {
        // The records that a level reaches and the one below does not.
        let added = |level: &Level| {
            let below = level
                .rank()
                .checked_sub(1)
                .and_then(Level::from_rank)
                .unwrap_or(Level::None);
            census.reached(user, *level) - census.reached(user, below)
        };
        Affected {
            user,
            gained: gains.iter().map(added).sum(),
            lost: losses.iter().map(added).sum(),
        }
    };
    let users = policy.users_on(profile).map(of);
    let mut affected: Vec<Affected> = users.filter(|user| user.gained + user.lost > 0).collect();
    affected.sort_by_key(|affected| (Reverse(affected.gained + affected.lost), affected.user));
    affected.truncate(MOST_AFFECTED);
    affected
}

fn named(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    affected: Vec<Affected>,
) -> Result<Vec<AffectedUser>, UseCaseError> {
    let mut named = Vec::with_capacity(affected.len());
    for Affected { user, gained, lost } in affected {
        if let Some(person) = users::find(tx, caller.org.id, user)? {
            named.push(AffectedUser {
                user_id: user.into(),
                name: format!("{} {}", person.first_name, person.last_name),
                gained,
                lost,
            });
        }
    }
    Ok(named)
}
