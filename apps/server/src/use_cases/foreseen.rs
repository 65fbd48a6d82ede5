//! What a preview rests on, as an entity tag: whoever saves with it is told when it would no longer come out the same.

use std::fmt::Write;

use vestibule_access_control::{Action, ObjectPermissions, RoleMove, Snapshot, Standing};
use vestibule_persistence::ids::{ObjectId, ProfileId, RoleId};
use vestibule_persistence::{Tx, objects, policy};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::etag::ETag;
use crate::use_cases::find_permissions::Cell;

/// Other permissions for one profile and object.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    /// The profile.
    pub profile: ProfileId,
    /// The object.
    pub object: ObjectId,
    /// What is permitted now.
    pub present: Cell,
    /// What would be permitted.
    pub proposed: ObjectPermissions,
}

impl Proposal {
    /// Whether anything would be another way than it is.
    pub fn changes(&self) -> bool {
        self.present.permissions != self.proposed
    }
}

/// The tag of what moving a role would do. It stays the same until any fact that decisions rest on changes, a record of
/// the objects concerned gets or loses owners, or the access of somebody whose reports change ends by itself.
///
/// # Errors
/// When the database fails.
pub fn role_move_tag(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    role: RoleId,
    parent: Option<RoleId>,
    foreseen: &RoleMove,
) -> Result<ETag, UseCaseError> {
    let org = caller.org.id;
    let parent = parent.map_or_else(|| "the top".to_owned(), |parent| parent.to_string());
    let (change, users) = (policy::last_change(tx, org)?, foreseen.users().len());
    let mut content = format!("policy {change}; {role} to {parent}; {users}");
    let mut versions: Vec<(ObjectId, i64)> = objects::owners_versions(tx, org)?.into_iter().collect();
    versions.retain(|(object, _)| foreseen.concerns(*object));
    versions.sort_unstable();
    for (object, owners) in versions {
        // Writing into a text cannot fail.
        let _ = write!(content, "; {object} {owners}");
    }
    Ok(ETag::of_preview(content.as_bytes()))
}

/// How many users are on a profile: all of them, and those in good standing at this instant.
pub fn people_on(policy: &Snapshot, profile: ProfileId, now: i64) -> (u64, u64) {
    let mut people = (0, 0);
    for user in policy.users_on(profile) {
        people.0 += 1;
        if policy.subject(user, now).standing == Standing::Good {
            people.1 += 1;
        }
    }
    people
}

/// The tag of what these proposals would do. It stays the same until any fact that decisions rest on changes, a record
/// of the objects gets or loses owners, or the access of somebody on the profiles ends by itself; what stays as it is
/// takes no part. So a change has one tag, whether it was foreseen alone, in its matrix or with many others.
///
/// # Errors
/// When the database fails.
pub fn foreseen_tag(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    proposals: &[Proposal],
) -> Result<ETag, UseCaseError> {
    let (org, now) = (caller.org.id, caller.now_micros());
    let policy = caller.policy(tx)?;
    // Not the version itself: that also grows when somebody merely signs out.
    let mut content = format!("policy {}", policy::last_change(tx, org)?);
    for proposal in proposals.iter().filter(|proposal| proposal.changes()) {
        let Proposal {
            profile,
            object,
            present,
            proposed,
        } = proposal;
        let owners = objects::tally(tx, org, *object)?.map_or(0, |tally| tally.owners_version);
        let (_, standing) = people_on(&policy, *profile, now);
        let levels = Action::ALL.map(|action| proposed.configured(action).rank());
        let version = present.version;
        // Writing into a text cannot fail.
        let _ = write!(
            content,
            "; {profile} {object} {version} {levels:?} {owners} {standing}"
        );
    }
    Ok(ETag::of_preview(content.as_bytes()))
}
