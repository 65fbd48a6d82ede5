//! Decisions from outside: chosen cases, random ones against an oracle, the golden matrix, and wire forms.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that trips over its own data should fail loudly"
)]

mod censuses;
mod decisions;
mod golden;
mod oracle;
#[cfg(feature = "serde")]
mod policy_export;
mod policy_world;
mod reasons;
mod role_moves;
mod snapshots;
#[cfg(feature = "serde")]
mod wire;
mod world;
