//! The HTTP interface, tested from outside on both databases.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test that panics has found something"
)]

mod harness;

mod api_tokens;
mod audit_events;
mod bad_input;
mod claims;
mod command_line;
mod every_route;
mod guests;
mod health;
mod licenses;
mod logs;
mod me;
mod org;
mod password_resets;
mod profiles;
mod roles;
mod sessions;
mod users;
