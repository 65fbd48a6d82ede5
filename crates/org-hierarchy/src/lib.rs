#![doc = include_str!("../README.md")]

mod error;
mod forest;
mod ids;
mod label;
mod relation;

pub use error::RoleError;
pub use forest::{MAX_DEPTH, RoleForest, RoleIndex};
pub use ids::{OrgId, RoleId, UserId};
pub use label::RoleLabel;
pub use relation::{Person, Relation};

/// What [`define_id!`] expands to needs these; not part of the public face.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "serde")]
    pub use serde;
    pub use uuid;
}
