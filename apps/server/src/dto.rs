//! Bodies and query strings of the API, converted from and to the domain at the edge.

pub mod api_token;
pub mod audit_event;
pub mod bulk;
pub mod claim;
pub mod guest;
pub mod license;
pub mod me;
pub mod org;
pub mod password;
pub mod profile;
pub mod role;
pub mod secret;
pub mod session;
pub mod user;
