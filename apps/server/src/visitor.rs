//! Requests that show no credential: signing in, claiming, resetting a password.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev, web};
use serde_json::Value;
use time::UtcDateTime;
use uuid::Uuid;
use vestibule_persistence::WriteTx;
use vestibule_persistence::audit::{AuditActor, AuditEvent};
use vestibule_persistence::ids::OrgId;

use crate::answer::Answer;
use crate::app::{App, blocking};
use crate::clock::Clock;
use crate::error::UseCaseError;
use crate::problem::Problem;
use crate::request::request_id;

/// Extractor of a request by somebody unknown, ready to run a use case.
pub struct Visitor {
    app: web::Data<App>,
    request_id: String,
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let app = req.app_data::<web::Data<App>>().cloned();
        let app = app.ok_or_else(|| Problem::internal("no App in the app's data"));
        let request_id = request_id(req);
        ready(app.map(|app| Visitor { app, request_id }))
    }
}

impl Visitor {
    /// Runs a use case on the blocking pool; it opens its own transactions.
    ///
    /// # Errors
    /// What the use case refuses.
    pub async fn run<F>(self, work: F) -> Result<HttpResponse, Problem>
    where
        F: FnOnce(&Visit<'_>) -> Result<Answer, UseCaseError> + Send + 'static,
    {
        let answer = blocking(move || work(&Visit::new(&self.app, &self.request_id))).await?;
        Ok(answer.respond())
    }
}

/// One request by somebody unknown, at one instant.
pub struct Visit<'a> {
    /// What every request shares.
    pub app: &'a App,
    /// The instant at which the request counts.
    pub now: UtcDateTime,
    /// The id of the request.
    pub request_id: &'a str,
}

impl<'a> Visit<'a> {
    /// A visit that begins now.
    pub fn new(app: &'a App, request_id: &'a str) -> Self {
        Visit {
            app,
            now: app.clock.now(),
            request_id,
        }
    }

    /// A new id of this instant.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        Clock::new_id(self.now).into()
    }

    /// Records what happened.
    pub fn audit(
        &self,
        tx: &mut WriteTx<'_>,
        org: OrgId,
        actor: AuditActor,
        action: &'static str,
        target: Option<(&'static str, Uuid)>,
        changes: Value,
    ) {
        tx.audit(AuditEvent {
            id: self.new_id(),
            org,
            at: self.now,
            actor,
            on_behalf_of: None,
            action,
            target_type: target.map(|(kind, _)| kind),
            target_id: target.map(|(_, id)| id),
            changes,
            request_id: Some(self.request_id.to_owned()),
        });
    }
}
