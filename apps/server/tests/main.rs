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

mod access;
mod api_tokens;
mod audit_events;
mod authzen;
mod bad_input;
mod claims;
mod command_line;
mod every_route;
mod freshness;
mod guests;
mod health;
mod licenses;
mod logs;
mod me;
mod model;
mod objects;
mod one_definition;
mod org;
mod password_resets;
mod permissions;
mod policy_export;
mod profiles;
mod record_bad_input;
mod record_lists;
mod record_world;
mod records;
mod roles;
mod route_table;
mod sessions;
mod two_servers;
mod users;
