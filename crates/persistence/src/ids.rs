//! The ids of everything that is stored.

pub use vestibule_access_control::{ObjectId, ProfileId, RecordId};
pub use vestibule_org_hierarchy::{OrgId, RoleId, UserId};

use vestibule_org_hierarchy::define_id;

define_id! {
    /// A license.
    pub struct LicenseId;
}
define_id! {
    /// A signed-in session.
    pub struct SessionId;
}
define_id! {
    /// An API token of a user or a service.
    pub struct ApiTokenId;
}
define_id! {
    /// A claim or password-reset link.
    pub struct LinkId;
}
define_id! {
    /// A mail in the outbox.
    pub struct OutboxId;
}
define_id! {
    /// A row of the audit log.
    pub struct AuditEventId;
}
define_id! {
    /// A long piece of work on the records of an object.
    pub struct ObjectTaskId;
}
