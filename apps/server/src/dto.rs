//! Bodies and query strings of the API, converted from and to the domain at the edge.

pub mod access;
pub mod access_ended;
pub mod api_token;
pub mod audit_event;
pub mod authzen;
pub mod bulk;
pub mod claim;
pub mod guest;
pub mod guest_calendar;
pub mod license;
pub mod me;
pub mod object;
pub mod org;
pub mod password;
pub mod people;
pub mod permission;
pub mod profile;
pub mod record;
pub mod role;
pub mod role_move;
pub mod secret;
pub mod session;
pub mod user;
