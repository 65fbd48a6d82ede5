//! What people can do: one file per use case, callable from any door.

pub mod bulk_guests;
pub mod claim_links;
pub mod create_org;
pub mod delete_guest;
pub mod emails;
pub mod find_guest;
pub mod guest_transition;
pub mod invite_guest;
pub mod mails;
pub mod placement;
pub mod revoke_guest;
pub mod update_guest;
