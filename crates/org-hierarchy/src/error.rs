use crate::{MAX_DEPTH, RoleId};

/// Why a role forest, or a change to one, was refused. A refused change leaves the forest as it was.
///
/// No refusal goes away by repeating the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoleError {
    /// The change names a role, as itself or as a parent, that the forest doesn't have.
    #[error("role {role} is unknown")]
    Unknown {
        /// The role that was named.
        role: RoleId,
    },
    /// A role with this id is already there.
    #[error("role {role} already exists")]
    Exists {
        /// The role that was named twice.
        role: RoleId,
    },
    /// The role would be its own ancestor.
    #[error("role {role} would be its own ancestor")]
    Cycle {
        /// A role on the cycle.
        role: RoleId,
    },
    /// A role would be more than [`MAX_DEPTH`] levels deep, counting the root as level 1.
    #[error("role {role} would be deeper than {MAX_DEPTH} levels")]
    TooDeep {
        /// The role that would be too deep, or whose subtree would be.
        role: RoleId,
    },
}

impl RoleError {
    /// The stable word for this refusal: `role_unknown`, `role_exists`, `role_cycle` or `role_too_deep`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "role_unknown",
            Self::Exists { .. } => "role_exists",
            Self::Cycle { .. } => "role_cycle",
            Self::TooDeep { .. } => "role_too_deep",
        }
    }

    /// The role the refusal is about.
    #[must_use]
    pub const fn role(&self) -> RoleId {
        match self {
            Self::Unknown { role }
            | Self::Exists { role }
            | Self::Cycle { role }
            | Self::TooDeep { role } => *role,
        }
    }
}
