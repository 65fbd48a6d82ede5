//! The one shape of error answers: `application/problem+json` of RFC 9457.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use serde::Serialize;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::dto::access_ended::AccessEnded;

/// The media type of every error answer.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// An error answer, ready to be returned from handlers, extractors and middleware.
///
/// `instance` and `request_id` stay empty here: [`crate::request_id::track`] fills them in on the way out.
/// Nothing in it may tell more than the client is allowed to know; internals go to the log instead.
#[derive(Clone)]
pub struct Problem(Box<Inner>);

#[derive(Clone)]
struct Inner {
    status: StatusCode,
    body: ProblemBody,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// What went wrong, for people and machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A URN made from `code`.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "urn:vestibule:problem:not_found")]
    pub kind: Cow<'static, str>,
    /// The status in words.
    #[schema(value_type = String, example = "Not Found")]
    pub title: Cow<'static, str>,
    /// The HTTP status.
    #[schema(example = 404)]
    pub status: u16,
    /// What went wrong this time, in a sentence.
    #[schema(value_type = String)]
    pub detail: Cow<'static, str>,
    /// The path of the request.
    pub instance: String,
    /// A stable word to branch on.
    #[schema(value_type = String, example = "not_found")]
    pub code: Cow<'static, str>,
    /// The id under which the request is logged.
    pub request_id: String,
    /// The values that are to blame, where single ones are.
    pub errors: Vec<FieldProblem>,
    /// How the person's access ended; told only to somebody who has shown the right password or session token, under
    /// `access_ended` and `credential_ended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub access_ended: Option<AccessEnded>,
}

/// One value that is to blame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProblemField)]
pub struct FieldProblem {
    /// A JSON pointer into the body, or `?name` for a query parameter.
    #[schema(example = "/email")]
    pub pointer: String,
    /// A stable word to branch on.
    #[schema(value_type = String)]
    pub code: Cow<'static, str>,
    /// What is wrong with the value, in a sentence.
    #[schema(value_type = String)]
    pub detail: Cow<'static, str>,
}

type Text = Cow<'static, str>;

impl Problem {
    /// A problem of any status; prefer the constructors named after one.
    pub fn new(status: StatusCode, code: impl Into<Text>, detail: impl Into<Text>) -> Self {
        let code = code.into();
        let body = ProblemBody {
            kind: format!("urn:vestibule:problem:{code}").into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            detail: detail.into(),
            instance: String::new(),
            code,
            request_id: String::new(),
            errors: Vec::new(),
            access_ended: None,
        };
        Self(Box::new(Inner {
            status,
            body,
            headers: Vec::new(),
        }))
    }

    /// 400: the request isn't understood.
    pub fn bad_request(code: impl Into<Text>, detail: impl Into<Text>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401: no, bad or ended credential. Carries `WWW-Authenticate: Bearer`.
    pub fn unauthorized(code: impl Into<Text>, detail: impl Into<Text>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// 403: the caller is known, and may not.
    pub fn forbidden(code: impl Into<Text>, detail: impl Into<Text>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    /// 404: the same for what never existed, what is gone, and what belongs to another org.
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "there is nothing here, or nothing that you may see",
        )
    }

    /// 405 with an `Allow` of `allowed`.
    pub fn method_not_allowed(allowed: &[Method]) -> Self {
        let allow = allowed.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let problem = Self::from_status(StatusCode::METHOD_NOT_ALLOWED);
        match HeaderValue::from_str(&allow) {
            Ok(allow) => problem.with_header(header::ALLOW, allow),
            Err(_) => problem,
        }
    }

    /// 408: the client took too long to send its request.
    pub fn request_timeout() -> Self {
        Self::from_status(StatusCode::REQUEST_TIMEOUT)
    }

    /// 409: the request clashes with the present state.
    pub fn conflict(code: impl Into<Text>, detail: impl Into<Text>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 410: what was asked for is used up.
    pub fn gone(code: impl Into<Text>, detail: impl Into<Text>) -> Self {
        Self::new(StatusCode::GONE, code, detail)
    }

    /// 412: `If-Match` names another version.
    pub fn precondition_failed() -> Self {
        Self::from_status(StatusCode::PRECONDITION_FAILED)
    }

    /// 413: the body is larger than `limit` bytes.
    pub fn payload_too_large(limit: usize) -> Self {
        let detail = format!("a request body may hold at most {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", detail)
    }

    /// 415: the body isn't in a format that is understood here.
    pub fn unsupported_media_type(detail: impl Into<Text>) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            detail,
        )
    }

    /// 422: well-formed, but the value is refused.
    pub fn unprocessable(code: impl Into<Text>, detail: impl Into<Text>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// 429 with `Retry-After` in whole seconds, rounded up.
    pub fn too_many_requests(retry_after: Duration) -> Self {
        let seconds = retry_after.as_millis().div_ceil(1000).max(1);
        Self::from_status(StatusCode::TOO_MANY_REQUESTS).with_header(
            header::RETRY_AFTER,
            HeaderValue::from(u64::try_from(seconds).unwrap_or(u64::MAX)),
        )
    }

    /// 500. `cause` goes to the log and not to the client.
    pub fn internal(cause: impl fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::from_status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// 503 with `Retry-After`. `cause` goes to the log and not to the client.
    pub fn unavailable(cause: impl fmt::Display) -> Self {
        tracing::error!(%cause, "unavailable");
        Self::from_status(StatusCode::SERVICE_UNAVAILABLE)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
    }

    /// The problem for a status about which nothing else is known, as when the framework itself refused.
    pub fn from_status(status: StatusCode) -> Self {
        let (code, detail) = match status {
            StatusCode::NOT_FOUND => return Self::not_found(),
            StatusCode::BAD_REQUEST => ("bad_request", "the request isn't understood"),
            StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "this address doesn't know the method"),
            StatusCode::REQUEST_TIMEOUT => ("request_timeout", "the request took too long to arrive"),
            StatusCode::PRECONDITION_FAILED => ("precondition_failed", "the resource has changed meanwhile"),
            StatusCode::PAYLOAD_TOO_LARGE => ("payload_too_large", "the request body is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("unsupported_media_type", "the body's format isn't known"),
            StatusCode::TOO_MANY_REQUESTS => ("too_many_requests", "too many attempts; try again later"),
            StatusCode::SERVICE_UNAVAILABLE => ("unavailable", "the service is busy; try again soon"),
            other if other.is_client_error() => ("refused", "the request is refused"),
            _ => (
                "internal",
                "something went wrong here; the request id finds it in the log",
            ),
        };
        Self::new(status, code, detail)
    }

    /// Adds a value that is to blame.
    #[must_use]
    pub fn with_error(
        mut self,
        pointer: impl Into<String>,
        code: impl Into<Text>,
        detail: impl Into<Text>,
    ) -> Self {
        self.0.body.errors.push(FieldProblem {
            pointer: pointer.into(),
            code: code.into(),
            detail: detail.into(),
        });
        self
    }

    /// Blames the value at `pointer` with the problem's own code and detail.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> Self {
        let (code, detail) = (self.0.body.code.clone(), self.0.body.detail.clone());
        self.with_error(pointer, code, detail)
    }

    /// Tells how access ended.
    #[must_use]
    pub fn with_access_ended(mut self, ended: AccessEnded) -> Self {
        self.0.body.access_ended = Some(ended);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.retain(|(present, _)| *present != name);
        self.0.headers.push((name, value));
        self
    }

    /// The stable word of this problem.
    pub fn code(&self) -> &str {
        &self.0.body.code
    }

    /// The HTTP status of this problem.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The body as it will be sent, `instance` and `request_id` as far as known.
    pub fn body(&self) -> &ProblemBody {
        &self.0.body
    }

    /// Fills in what only the middleware knows.
    #[must_use]
    pub fn completed(mut self, instance: &str, request_id: &str) -> Self {
        self.0.body.instance = instance.to_owned();
        self.0.body.request_id = request_id.to_owned();
        self
    }

    fn json(&self) -> String {
        serde_json::to_string(&self.0.body).unwrap_or_default()
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0.body, f)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}: {}",
            self.0.body.status, self.0.body.code, self.0.body.detail
        )
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut answer = HttpResponse::build(self.0.status);
        for header in &self.0.headers {
            answer.insert_header(header.clone());
        }
        let mut answer = answer.content_type(CONTENT_TYPE).body(self.json());
        answer.extensions_mut().insert(self.clone());
        answer
    }
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        ProblemBody::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        ProblemBody::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ProblemBody::schemas(schemas);
    }
}

/// Completes an error answer, and turns one that the framework made into a problem.
///
/// Other answers pass unchanged, also errors with a body of their own format, as SCIM's.
pub fn complete(answer: ServiceResponse<BoxBody>, request_id: &str) -> ServiceResponse<BoxBody> {
    let stored = answer.response().extensions().get::<Problem>().cloned();
    let problem = match stored {
        Some(problem) => problem,
        None if is_bare_error(&answer) => Problem::from_status(answer.status()),
        None => return answer,
    };
    let body = problem.completed(answer.request().path(), request_id).json();
    answer.map_body(|head, _| {
        head.headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        head.headers_mut().remove(header::CONTENT_LENGTH);
        BoxBody::new(body)
    })
}

fn is_bare_error(answer: &ServiceResponse<BoxBody>) -> bool {
    let status = answer.status();
    let content_type = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .map(HeaderValue::as_bytes);
    (status.is_client_error() || status.is_server_error())
        && content_type.is_none_or(|kind| kind.starts_with(b"text/plain"))
}

/// The handler of addresses that don't exist, for `App::default_service`.
pub async fn unknown_route() -> Problem {
    Problem::not_found()
}

/// Makes a path segment that doesn't parse, such as an id that is no UUID, an ordinary 404.
pub fn path_config() -> web::PathConfig {
    web::PathConfig::default().error_handler(|_, _: &HttpRequest| Problem::not_found().into())
}

impl actix_web::Responder for Problem {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse<BoxBody> {
        self.error_response()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use serde_json::{Value, json};

    use super::*;

    async fn sent(problem: Problem) -> Value {
        let body = to_bytes(problem.error_response().into_body()).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    #[actix_web::test]
    async fn the_body_has_every_field_of_the_contract() {
        let problem = Problem::unprocessable("password_policy", "too short")
            .at("/password")
            .completed("/x", "r1");
        assert_eq!(
            sent(problem).await,
            json!({
                "type": "urn:vestibule:problem:password_policy",
                "title": "Unprocessable Entity",
                "status": 422,
                "detail": "too short",
                "instance": "/x",
                "code": "password_policy",
                "request_id": "r1",
                "errors": [{"pointer": "/password", "code": "password_policy", "detail": "too short"}],
            })
        );
    }

    #[test]
    fn answers_carry_the_headers_their_status_asks_for() {
        let header = |problem: Problem, name: HeaderName| {
            problem
                .error_response()
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let limited = Problem::too_many_requests(Duration::from_millis(1200));
        assert_eq!(header(limited.clone(), header::RETRY_AFTER).unwrap(), "2");
        assert_eq!(header(limited, header::CONTENT_TYPE).unwrap(), CONTENT_TYPE);
        let allow = Problem::method_not_allowed(&[Method::GET, Method::PUT]);
        assert_eq!(header(allow, header::ALLOW).unwrap(), "GET, PUT");
        let refused = Problem::unauthorized("credential_missing", "x");
        assert_eq!(header(refused, header::WWW_AUTHENTICATE).unwrap(), "Bearer");
    }

    #[actix_web::test]
    async fn an_internal_cause_is_not_sent() {
        let body = sent(Problem::internal("secret table is broken")).await;
        assert_eq!(body["code"], "internal");
        assert!(!body.to_string().contains("secret"));
    }

    #[test]
    fn the_schema_is_named_problem() {
        assert_eq!(<Problem as ToSchema>::name(), "Problem");
        let schema = serde_json::to_value(Problem::schema()).unwrap();
        assert!(schema["properties"]["type"].is_object(), "{schema}");
    }
}
