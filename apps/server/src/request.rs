//! From an HTTP request to a use case and back, with one hop to the blocking pool.

use std::collections::HashSet;
use std::future::{Ready, ready};
use std::sync::{Mutex, PoisonError};

use actix_web::http::Method;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev, web};
use serde_json::json;
use time::{Duration, UtcDateTime};
use uuid::Uuid;
use vestibule_persistence::audit::AuditActor;
use vestibule_persistence::idempotency::{self, IdempotencyScope, StoredAnswer as SealedAnswer};
use vestibule_persistence::ids::UserId;
use vestibule_persistence::{Tx, WriteTx};

use crate::answer::Answer;
use crate::app::{App, blocking};
use crate::caller::{Caller, Presented};
use crate::credential::Credential;
use crate::error::{Class, Refusal, UseCaseError};
use crate::etag::{IfMatch, IfNoneMatch};
use crate::idempotency_key::{IdempotencyKey, StoredAnswer, fingerprint};
use crate::problem::Problem;
use crate::request_id::RequestId;

const ON_BEHALF_OF: HeaderName = HeaderName::from_static("on-behalf-of");

/// A request with a credential, ready to run a use case.
pub struct Request {
    app: web::Data<App>,
    presented: Presented,
    known: IfNoneMatch,
    key: Option<String>,
    route: String,
}

impl FromRequest for Request {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        ready(Self::of(req, payload))
    }
}

impl Request {
    fn of(req: &HttpRequest, payload: &mut dev::Payload) -> Result<Self, Problem> {
        let Some(app) = req.app_data::<web::Data<App>>() else {
            return Err(Problem::internal("no App in the app's data"));
        };
        let credential = Credential::of(req, &app.cookies)?.ok_or_else(crate::credential::missing)?;
        let key = if req.method() == Method::POST {
            IdempotencyKey::from_request(req, payload)
                .into_inner()?
                .as_deref()
                .map(str::to_owned)
        } else {
            None
        };
        Ok(Request {
            app: app.clone(),
            presented: Presented {
                token: credential.token,
                on_behalf_of: on_behalf_of(req)?,
                changes: !req.method().is_safe(),
                request_id: request_id(req),
                if_match: IfMatch::from_request(req, payload).into_inner()?,
            },
            known: IfNoneMatch::from_request(req, payload).into_inner()?,
            key,
            route: format!("{} {}", req.method(), req.path()),
        })
    }

    /// The parts that every request shares.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The org that the credential names. Not proven until a use case runs.
    pub fn org(&self) -> Uuid {
        self.presented.token.org.as_uuid()
    }

    /// Method and path.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// Runs a use case that only reads, in one transaction of one moment.
    ///
    /// # Errors
    /// What the credential or the use case refuses.
    pub async fn read<F>(mut self, work: F) -> Result<HttpResponse, Problem>
    where
        F: Fn(&mut Tx<'_>, &Caller<'_>) -> Result<Answer, UseCaseError> + Send + 'static,
    {
        // Also by POST: a question changes nothing, so a user's token that may read is enough.
        self.presented.changes = false;
        let known = self.known.clone();
        let answer = blocking(move || {
            let now = self.app.clock.now();
            let result = self.app.database.read(|tx| {
                let caller = Caller::recognize(&self.app, tx, &self.presented, now)?;
                work(tx, &caller)
            });
            self.record_if_denied(&result);
            result
        })
        .await?;
        Ok(answer.respond_to_read(&known))
    }

    /// Runs a use case that changes something: all of it in one transaction, its audit events and mails included.
    ///
    /// # Errors
    /// What the credential or the use case refuses; nothing is changed then.
    pub async fn write<F>(self, work: F) -> Result<HttpResponse, Problem>
    where
        F: Fn(&mut WriteTx<'_>, &Caller<'_>) -> Result<Answer, UseCaseError> + Send + 'static,
    {
        self.write_once([0; 32], work).await
    }

    /// As [`Request::write`], for a POST with this body hash: a repeated `Idempotency-Key` gets the first answer.
    ///
    /// # Errors
    /// As [`Request::write`]; 409 `request_in_progress` while the first one runs, 422 `idempotency_key_reused` for
    /// another body.
    pub async fn write_once<F>(self, body_sha256: [u8; 32], work: F) -> Result<HttpResponse, Problem>
    where
        F: Fn(&mut WriteTx<'_>, &Caller<'_>) -> Result<Answer, UseCaseError> + Send + 'static,
    {
        let written = blocking(move || {
            let running = self.running()?;
            let result = self.write_blocking(body_sha256, &work);
            drop(running);
            self.record_if_denied(&result);
            result
        })
        .await?;
        Ok(match written {
            Written::Now(answer) => answer.respond(),
            Written::Before(stored) => stored.replay(),
        })
    }

    /// Runs a use case of several transactions, as when a password is hashed between them, in one hop.
    ///
    /// # Errors
    /// What the credential or the use case refuses.
    pub async fn in_steps<F>(self, work: F) -> Result<HttpResponse, Problem>
    where
        F: FnOnce(&Steps<'_>) -> Result<Answer, UseCaseError> + Send + 'static,
    {
        let answer = blocking(move || {
            let now = self.app.clock.now();
            work(&Steps { request: &self, now })
        });
        Ok(answer.await?.respond())
    }

    fn write_blocking<F>(&self, body_sha256: [u8; 32], work: &F) -> Result<Written, UseCaseError>
    where
        F: Fn(&mut WriteTx<'_>, &Caller<'_>) -> Result<Answer, UseCaseError>,
    {
        let app = &self.app;
        let now = app.clock.now();
        let (written, mail) = app.database.write(self.presented.token.org, |tx| {
            let caller = Caller::recognize(app, tx, &self.presented, now)?;
            let Some(key) = &self.key else {
                return Ok((Written::Now(work(tx, &caller)?), caller.has_queued_mail()));
            };
            let repeated = Repeated::new(&caller, &self.route, key, body_sha256);
            if let Some(stored) = repeated.first_answer(tx, &caller)? {
                return Ok((Written::Before(stored), false));
            }
            let answer = work(tx, &caller)?;
            repeated.keep(tx, &caller, &answer)?;
            Ok::<_, UseCaseError>((Written::Now(answer), caller.has_queued_mail()))
        })?;
        if mail {
            app.waker.wake();
        }
        Ok(written)
    }

    /// Marks this key as running in this process, so that a second request is told at once instead of waiting.
    fn running(&self) -> Result<Option<Running<'_>>, UseCaseError> {
        let Some(key) = &self.key else { return Ok(None) };
        let key = (self.presented.token.hash.clone(), self.route.clone(), key.clone());
        self.app.running.start(key).map(Some).ok_or_else(in_progress)
    }

    /// Denied administration is recorded apart: the transaction that denied it is gone.
    fn record_if_denied<T>(&self, result: &Result<T, UseCaseError>) {
        let Err(UseCaseError::Refused(refusal)) = result else {
            return;
        };
        if refusal.class != Class::Denied {
            return;
        }
        let now = self.app.clock.now();
        let recorded = self.app.database.write_in_turns(|tx| {
            let caller = Caller::recognize(&self.app, tx, &self.presented, now)?;
            let changes = json!({ "route": self.route, "code": refusal.code });
            caller.audit(tx, "administration.denied", None, changes);
            Ok::<_, UseCaseError>(())
        });
        if let Err(error) = recorded {
            tracing::error!(%error, "a denial could not be recorded");
        }
    }
}

/// The transactions of one request, all at the same instant. Each of them recognizes the caller anew.
pub struct Steps<'r> {
    request: &'r Request,
    now: UtcDateTime,
}

impl Steps<'_> {
    /// The parts that every request shares.
    pub fn app(&self) -> &App {
        &self.request.app
    }

    /// Runs one transaction that only reads.
    ///
    /// # Errors
    /// What the credential or the work refuses.
    pub fn read<T>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, &Caller<'_>) -> Result<T, UseCaseError>,
    ) -> Result<T, UseCaseError> {
        let Request { app, presented, .. } = self.request;
        app.database.read(|tx| {
            let caller = Caller::recognize(app, tx, presented, self.now)?;
            work(tx, &caller)
        })
    }

    /// Runs one transaction that changes something.
    ///
    /// # Errors
    /// What the credential or the work refuses; this transaction changes nothing then.
    pub fn write<T>(
        &self,
        mut work: impl FnMut(&mut WriteTx<'_>, &Caller<'_>) -> Result<T, UseCaseError>,
    ) -> Result<T, UseCaseError> {
        let Request { app, presented, .. } = self.request;
        app.database.write(presented.token.org, |tx| {
            let caller = Caller::recognize(app, tx, presented, self.now)?;
            work(tx, &caller)
        })
    }
}

enum Written {
    Now(Answer),
    Before(StoredAnswer),
}

/// The requests with an idempotency key that run right now: credential hash, route and key.
#[derive(Default)]
pub struct RunningRequests(Mutex<HashSet<RunningKey>>);

type RunningKey = (Vec<u8>, String, String);

impl RunningRequests {
    fn start(&self, key: RunningKey) -> Option<Running<'_>> {
        // A poisoned lock only means that some request died: the marks themselves are sound.
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(key.clone()).then(|| Running { all: self, key })
    }
}

struct Running<'r> {
    all: &'r RunningRequests,
    key: RunningKey,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.all
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
    }
}

fn in_progress() -> UseCaseError {
    UseCaseError::conflict(
        "request_in_progress",
        "the first request with this idempotency key is still running",
    )
}

/// A request that may be a repetition.
struct Repeated<'k> {
    scope: IdempotencyScope,
    seal_scope: Vec<u8>,
    key: &'k str,
    body_hash: [u8; 32],
}

/// How long the first answer is kept.
const KEPT_FOR: Duration = Duration::hours(24);

impl<'k> Repeated<'k> {
    fn new(caller: &Caller<'_>, route: &str, key: &'k str, body_sha256: [u8; 32]) -> Self {
        let actor = match (caller.subject.as_ref(), caller.actor) {
            (Some(subject), _) => subject.user.id.as_uuid(),
            (None, AuditActor::Service(id)) => id,
            (None, _) => Uuid::nil(),
        };
        let org = caller.org.id;
        let seal_scope = [
            org.as_uuid().as_bytes().as_slice(),
            actor.as_bytes().as_slice(),
            route.as_bytes(),
        ]
        .concat();
        let (method, path) = route.split_once(' ').unwrap_or(("", route));
        Repeated {
            scope: IdempotencyScope {
                org,
                actor,
                route: route.to_owned(),
                key_hash: caller.app.sealer.stored_key(&seal_scope, key).to_vec(),
            },
            seal_scope,
            key,
            body_hash: fingerprint(method, path, &body_sha256),
        }
    }

    fn first_answer(
        &self,
        tx: &mut WriteTx<'_>,
        caller: &Caller<'_>,
    ) -> Result<Option<StoredAnswer>, UseCaseError> {
        if !idempotency::take(tx, &self.scope)? {
            return Err(in_progress());
        }
        let Some(found) = idempotency::find(tx, &self.scope, caller.now)? else {
            return Ok(None);
        };
        if found.body_hash != self.body_hash {
            return Err(Refusal::new(
                Class::Invalid,
                "idempotency_key_reused",
                "this idempotency key came with another body before",
            )
            .into());
        }
        let opened = caller.app.sealer.open(&self.seal_scope, self.key, &found.sealed);
        opened
            .map(Some)
            .map_err(|error| UseCaseError::Internal(error.to_string()))
    }

    fn keep(&self, tx: &mut WriteTx<'_>, caller: &Caller<'_>, answer: &Answer) -> Result<(), UseCaseError> {
        let sealed = caller
            .app
            .sealer
            .seal(&self.seal_scope, self.key, &answer.to_stored())
            .map_err(|error| UseCaseError::Internal(error.to_string()))?;
        let stored = SealedAnswer {
            body_hash: self.body_hash.to_vec(),
            sealed,
        };
        let until = caller.now.checked_add(KEPT_FOR).unwrap_or(caller.now);
        Ok(idempotency::store(tx, &self.scope, &stored, caller.now, until)?)
    }
}

/// The id that the middleware gave this request.
pub fn request_id(req: &HttpRequest) -> String {
    req.extensions()
        .get::<RequestId>()
        .map(|id| id.as_str().to_owned())
        .unwrap_or_default()
}

fn on_behalf_of(req: &HttpRequest) -> Result<Option<UserId>, Problem> {
    let Some(value) = req.headers().get(ON_BEHALF_OF) else {
        return Ok(None);
    };
    let id = value.to_str().ok().and_then(|text| text.parse::<Uuid>().ok());
    match id {
        Some(id) => Ok(Some(id.into())),
        None => Err(Problem::bad_request(
            "invalid_header",
            "On-Behalf-Of has to be the id of a user",
        )),
    }
}
