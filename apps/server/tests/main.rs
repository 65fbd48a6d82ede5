//! The HTTP interface, tested from outside on both databases.

mod harness;

mod api_tokens;
mod audit_events;
mod claims;
mod guests;
mod health;
mod licenses;
mod me;
mod org;
mod password_resets;
mod profiles;
mod roles;
mod sessions;
mod users;
