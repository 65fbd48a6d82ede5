//! The role forest from outside: chosen cases, random ones against a naive model, and wire forms.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that trips over its own data should fail loudly"
)]

mod forest;
mod model;
#[cfg(feature = "serde")]
mod wire;
