use vestibule_org_hierarchy::{RoleError, RoleId, UserId};

use crate::{ObjectId, ProfileId};

/// Why facts or changes make no snapshot. Nothing is half applied; repeating the call doesn't help, loading every
/// fact anew does where the store's facts are consistent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// The roles make no forest.
    #[error(transparent)]
    Roles(#[from] RoleError),
    /// A user has a role that isn't there.
    #[error("user {user} has the unknown role {role}")]
    UnknownRole {
        /// The user.
        user: UserId,
        /// The role that isn't there.
        role: RoleId,
    },
    /// A user has a profile that isn't there.
    #[error("user {user} has the unknown profile {profile}")]
    UnknownProfile {
        /// The user.
        user: UserId,
        /// The profile that isn't there.
        profile: ProfileId,
    },
    /// A profile has permissions on an object that isn't there.
    #[error("profile {profile} has permissions on the unknown object {object}")]
    UnknownObject {
        /// The profile.
        profile: ProfileId,
        /// The object that isn't there.
        object: ObjectId,
    },
    /// A user is listed twice.
    #[error("user {0} is listed twice")]
    UserTwice(UserId),
    /// A profile is listed twice.
    #[error("profile {0} is listed twice")]
    ProfileTwice(ProfileId),
    /// An object is listed twice.
    #[error("object {0} is listed twice")]
    ObjectTwice(ObjectId),
    /// Two objects have the same key.
    #[error("object key `{0}` is used twice")]
    KeyTwice(String),
    /// There are more profiles than the 65,535 that a snapshot has room for.
    #[error("too many profiles")]
    TooManyProfiles,
    /// There are more users or objects than 32-bit numbers tell apart.
    #[error("too many users or objects")]
    TooMany,
    /// The changes lead to, or start from, a version that doesn't fit the snapshot's.
    #[error("changes from version {from} to {version} don't apply at version {present}")]
    Version {
        /// The version the changes start from.
        from: u64,
        /// The version they lead to.
        version: u64,
        /// The version of the snapshot.
        present: u64,
    },
}
