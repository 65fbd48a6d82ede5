//! Objects, values, drafts, filters and sorts from outside: chosen cases, and random ones against naive models.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that trips over its own data should fail loudly"
)]

mod builders;
mod drafts;
mod filter_model;
mod filters;
mod keys;
mod numbers;
mod objects;
mod sort_keys;
mod sorts;
mod stored;
mod values;
