//! Audit events as they are written in bodies and queries.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_persistence::audit::{AuditActor, AuditFilter, StoredAuditEvent};

use crate::instant::Instant;

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub struct AuditEventBody {
    /// Its id.
    pub id: Uuid,
    /// Its place in the organization's log: 1, 2, 3, … without gaps.
    #[schema(example = 4711)]
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// `user`, `service` or `system` (the scheduler, the command line, or nobody known).
    #[schema(example = "user")]
    pub actor_kind: &'static str,
    /// The user or service token that did it; null for the system.
    #[schema(required = true)]
    pub actor_id: Option<Uuid>,
    /// The user for whom a service did it.
    #[schema(required = true)]
    pub on_behalf_of: Option<Uuid>,
    /// What.
    #[schema(example = "guest.invited")]
    pub action: String,
    /// The type of thing it happened to.
    #[schema(required = true, example = "guest")]
    pub target_type: Option<String>,
    /// The thing it happened to.
    #[schema(required = true)]
    pub target_id: Option<Uuid>,
    /// Before and after, by field, and what else there is to tell.
    #[schema(value_type = Object)]
    pub changes: serde_json::Value,
    /// The request that caused it.
    #[schema(required = true)]
    pub request_id: Option<String>,
}

impl From<StoredAuditEvent> for AuditEventBody {
    fn from(event: StoredAuditEvent) -> Self {
        let (actor_kind, actor_id) = match event.actor {
            AuditActor::User(id) => ("user", Some(id.into())),
            AuditActor::Service(id) => ("service", Some(id)),
            AuditActor::System => ("system", None),
        };
        AuditEventBody {
            id: event.id.into(),
            seq: event.seq,
            at: event.at.into(),
            actor_kind,
            actor_id,
            on_behalf_of: event.on_behalf_of.map(Into::into),
            action: event.action,
            target_type: event.target_type,
            target_id: event.target_id,
            changes: event.changes,
            request_id: event.request_id,
        }
    }
}

/// Which events.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct AuditEventFilter {
    /// By this user or service token.
    pub actor_id: Option<Uuid>,
    /// About this thing.
    pub target_id: Option<Uuid>,
    /// Of this action, such as `guest.invited`.
    pub action: Option<String>,
    /// At or after this instant.
    pub since: Option<Instant>,
    /// Before this instant.
    pub until: Option<Instant>,
}

impl From<&AuditEventFilter> for AuditFilter {
    fn from(filter: &AuditEventFilter) -> Self {
        AuditFilter {
            actor: filter.actor_id,
            target: filter.target_id,
            action: filter.action.clone(),
            since: filter.since.map(|since| since.0),
            until: filter.until.map(|until| until.0),
        }
    }
}
