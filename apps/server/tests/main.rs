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
mod access_ended;
mod api_tokens;
mod audit_events;
mod authzen;
mod bad_input;
mod claims;
mod command_line;
mod console;
mod every_route;
mod freshness;
mod guest_calendar;
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
mod people;
mod permissions;
mod policy_export;
mod profiles;
mod record_bad_input;
mod record_lists;
mod record_names;
mod record_world;
mod records;
mod role_moves;
mod roles;
mod route_table;
mod sessions;
mod two_servers;
mod users;
