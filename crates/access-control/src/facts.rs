//! The facts that decisions are made from, as plain data: what a store loads, what a policy export carries.

use vestibule_org_hierarchy::{RoleId, UserId};

use crate::{ObjectId, ObjectPermissions, ProfileId};

/// Everything that the decisions of one organization depend on, but for who owns which record.
///
/// Lists are in any order. [`Snapshot::build`](crate::Snapshot::build) checks that they fit together and
/// [`Snapshot::facts`](crate::Snapshot::facts) gives them back ordered by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PolicyFacts {
    /// Grows with every change to any of these facts.
    pub version: u64,
    /// Whether the organization lets guests in at all.
    pub guest_access: bool,
    /// The role forest.
    pub roles: Vec<RoleFacts>,
    /// The profiles with their permissions.
    pub profiles: Vec<ProfileFacts>,
    /// The custom objects.
    pub objects: Vec<ObjectFacts>,
    /// Every user, whatever their standing; not the deleted ones.
    pub users: Vec<UserFacts>,
}

/// A role and the one right above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RoleFacts {
    /// The role.
    pub id: RoleId,
    /// The role right above; none for a root.
    pub parent: Option<RoleId>,
}

/// A profile with what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ProfileFacts {
    /// The profile.
    pub id: ProfileId,
    /// Whether this is the built-in Admin profile, which reaches everything; its `permissions` don't count.
    pub admin: bool,
    /// The permissions on each object; `none` everywhere on an object that isn't listed.
    pub permissions: Vec<ObjectGrant>,
}

/// What a profile may do with the records of one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObjectGrant {
    /// The object.
    pub object: ObjectId,
    /// The levels as configured; in JSON beside `object`, not inside a member of their own.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub permissions: ObjectPermissions,
}

/// A custom object, as far as decisions are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObjectFacts {
    /// The object.
    pub id: ObjectId,
    /// Its key, unique among the objects.
    pub key: String,
    /// Whether it has an ownership field, so that its records can have owners.
    pub ownable: bool,
}

/// A user, as far as decisions are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UserFacts {
    /// The user.
    pub id: UserId,
    /// The user's role, if any.
    pub role: Option<RoleId>,
    /// The user's profile.
    pub profile: ProfileId,
    /// What the user's standing is worked out from.
    pub account: Account,
}

/// The stored facts behind a user's [`Standing`](crate::Standing), which follows from them and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "kind", rename_all = "snake_case")
)]
pub enum Account {
    /// A standard user, claimed or not.
    Standard {
        /// Whether an administrator deactivated the user.
        deactivated: bool,
    },
    /// A guest.
    Guest {
        /// Whether the invitation was claimed.
        claimed: bool,
        /// Whether an administrator revoked access.
        revoked: bool,
        /// The first moment *without* access, in microseconds since 1970-01-01T00:00:00Z.
        ends_at: i64,
    },
}

/// One thing as it is now, whatever it was before: not a difference, so applying it twice does no harm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "kind", content = "value", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum PolicyChange {
    /// Whether the organization lets guests in.
    GuestAccess(bool),
    /// A role is new or hangs elsewhere.
    Role(RoleFacts),
    /// A role is gone.
    RoleRemoved(RoleId),
    /// A profile is new, or has other permissions.
    Profile(ProfileFacts),
    /// A profile is gone.
    ProfileRemoved(ProfileId),
    /// An object is new or changed.
    Object(ObjectFacts),
    /// An object is gone, and every profile's permissions on it.
    ObjectRemoved(ObjectId),
    /// A user is new or changed.
    User(UserFacts),
    /// A user was deleted.
    UserRemoved(UserId),
}

/// Everything that changed between two versions: what a follower of another service's policy is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PolicyUpdate {
    /// The version that the changes start from.
    pub from: u64,
    /// The version that they lead to.
    pub version: u64,
    /// Every thing that differs, as it is at `version`.
    pub changes: Vec<PolicyChange>,
}
