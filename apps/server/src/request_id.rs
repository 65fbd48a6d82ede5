//! Follows each request: its id, its log line, and the last touch on its error answer.

use std::future::{Future, Ready, poll_fn, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, web};
use tracing::Instrument;

use crate::clock::Clock;
use crate::problem::{self, Problem};

/// The header that brings and returns the id.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: the client's own when it is 1 to 128 visible ASCII characters, else a UUIDv7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(headers: &HeaderMap, clock: &Clock) -> Self {
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
        let usable =
            |text: &&str| (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        match given.filter(usable) {
            Some(text) => Self(text.into()),
            None => Self(Clock::new_id(clock.now()).to_string().into()),
        }
    }
}

impl FromRequest for RequestId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = req.extensions().get::<Self>().cloned();
        ready(id.ok_or_else(|| Problem::internal("request_id::track isn't installed")))
    }
}

/// Middleware for `from_fn`: gives each request its id and span, writes one access log line, completes error
/// answers, and turns a panic into a 500.
///
/// Wrap it around everything but compression. The id is echoed in [`HEADER`] and may be extracted as
/// [`RequestId`]. The log line names method, route pattern, status and duration; never a query or header.
/// Ids are made from the [`Clock`] in the app's data, or the system's.
///
/// # Errors
///
/// A [`Problem`], complete already, when inner middleware failed or something panicked.
pub async fn track<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let clock = req
        .app_data::<web::Data<Clock>>()
        .map_or_else(Clock::system, |clock| clock.get_ref().clone());
    let id = RequestId::of(req.headers(), &clock);
    let method = req.method().clone();
    let path = req.path().to_owned();
    req.extensions_mut().insert(id.clone());

    let span = tracing::info_span!("request", request_id = id.as_str(), %method);
    async move {
        let started = Instant::now();
        let outcome = match catching_panics(next.call(req)).await {
            Some(Ok(answer)) => Ok(problem::complete(answer.map_into_boxed_body(), id.as_str())),
            Some(Err(error)) => Err(problem_of(&error)),
            None => Err(Problem::from_status(StatusCode::INTERNAL_SERVER_ERROR)),
        };
        let (status, route) = match &outcome {
            Ok(answer) => (answer.status(), answer.request().match_pattern()),
            Err(problem) => (problem.status(), None),
        };
        tracing::info!(
            target: "vestibule::access",
            route = route.as_deref().unwrap_or("-"),
            status = status.as_u16(),
            duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        );
        let echo = HeaderValue::from_str(id.as_str());
        match (outcome, echo) {
            (Ok(mut answer), Ok(echo)) => {
                answer.headers_mut().insert(HEADER, echo);
                Ok(answer)
            }
            (Ok(answer), Err(_)) => Ok(answer),
            (Err(problem), Ok(echo)) => Err(problem
                .completed(&path, id.as_str())
                .with_header(HEADER, echo)
                .into()),
            (Err(problem), Err(_)) => Err(problem.completed(&path, id.as_str()).into()),
        }
    }
    .instrument(span)
    .await
}

fn problem_of(error: &Error) -> Problem {
    match error.as_error::<Problem>() {
        Some(problem) => problem.clone(),
        None => Problem::from_status(error.as_response_error().status_code()),
    }
}

/// The output of `future`, or nothing when it panicked. What it held is dropped, not used again.
async fn catching_panics<F: Future>(future: F) -> Option<F::Output> {
    let mut future = Box::pin(future);
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Some),
            Err(_) => Poll::Ready(None),
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, init_service, try_call_service};
    use actix_web::{App, HttpResponse};
    use serde_json::Value;

    use super::*;
    use crate::logging::captured::everything;

    struct Answer {
        status: u16,
        id: String,
        headers: HeaderMap,
        body: Value,
    }

    async fn failing(_: ServiceRequest, _: Next<BoxBody>) -> Result<ServiceResponse, Error> {
        Err(Problem::conflict("busy", "no").into())
    }

    async fn ask(req: TestRequest) -> Answer {
        let app = App::new()
            .wrap(from_fn(track))
            .app_data(problem::path_config())
            .default_service(web::to(problem::unknown_route))
            .service(
                web::resource("/things/{id}")
                    .route(web::get().to(|id: RequestId, _: web::Path<u32>| async move {
                        HttpResponse::Ok().json(id.as_str())
                    }))
                    .route(
                        web::put().to(|| async { Err::<HttpResponse, _>(Problem::conflict("taken", "no")) }),
                    )
                    .route(web::delete().to(|| async {
                        if Instant::now().elapsed().as_secs() < 1000 {
                            panic!("boom");
                        }
                        HttpResponse::Ok().finish()
                    })),
            )
            .service(
                web::resource("/failing")
                    .wrap(from_fn(failing))
                    .to(problem::unknown_route),
            )
            .route(
                "/own",
                web::get().to(|| async { HttpResponse::BadRequest().json("scim") }),
            )
            .route(
                "/framework",
                web::get().to(|| async { Err::<HttpResponse, _>(actix_web::error::ErrorBadRequest("x")) }),
            );
        let app = init_service(app).await;
        let answer = match try_call_service(&app, req.to_request()).await {
            Ok(answer) => answer.into_parts().1,
            Err(error) => error.as_response_error().error_response(),
        };
        let headers = answer.headers().clone();
        Answer {
            status: answer.status().as_u16(),
            id: headers
                .get(HEADER)
                .map(|id| id.to_str().unwrap().to_owned())
                .unwrap_or_default(),
            headers,
            body: serde_json::from_slice(&actix_web::body::to_bytes(answer.into_body()).await.unwrap())
                .unwrap(),
        }
    }

    fn assert_complete(answer: &Answer, status: u16, code: &str, path: &str) {
        assert_eq!(answer.status, status);
        assert_eq!(
            answer.headers.get(header::CONTENT_TYPE).unwrap(),
            problem::CONTENT_TYPE
        );
        assert_eq!(answer.body["code"], code);
        assert_eq!(answer.body["instance"], path);
        assert_eq!(answer.body["request_id"], answer.id.as_str());
        assert!(!answer.id.is_empty());
    }

    #[actix_web::test]
    async fn a_usable_id_is_echoed_and_known_to_the_handler() {
        let answer = ask(TestRequest::get()
            .uri("/things/1")
            .insert_header((HEADER, "abc-1")))
        .await;
        assert_eq!(
            (answer.id.as_str(), &answer.body),
            ("abc-1", &Value::from("abc-1"))
        );
    }

    #[actix_web::test]
    async fn an_unusable_or_missing_id_is_replaced_by_a_uuid() {
        let long = "x".repeat(129);
        for given in [None, Some(""), Some("a b"), Some(long.as_str())] {
            let mut req = TestRequest::get().uri("/things/1");
            if let Some(given) = given {
                req = req.insert_header((HEADER, given));
            }
            let id: uuid::Uuid = ask(req).await.id.parse().unwrap();
            assert_eq!(id.get_version_num(), 7);
        }
    }

    #[actix_web::test]
    async fn every_error_answer_is_a_complete_problem() {
        assert_complete(
            &ask(TestRequest::get().uri("/nowhere?x=1")).await,
            404,
            "not_found",
            "/nowhere",
        );
        assert_complete(
            &ask(TestRequest::put().uri("/things/1")).await,
            409,
            "taken",
            "/things/1",
        );
        assert_complete(
            &ask(TestRequest::get().uri("/things/one")).await,
            404,
            "not_found",
            "/things/one",
        );
        assert_complete(
            &ask(TestRequest::get().uri("/framework")).await,
            400,
            "bad_request",
            "/framework",
        );
    }

    #[actix_web::test]
    async fn an_error_of_inner_middleware_is_a_complete_problem() {
        assert_complete(
            &ask(TestRequest::get().uri("/failing")).await,
            409,
            "busy",
            "/failing",
        );
    }

    #[actix_web::test]
    async fn a_wrong_method_is_told_the_right_ones() {
        let answer = ask(TestRequest::post().uri("/things/1")).await;
        assert_complete(&answer, 405, "method_not_allowed", "/things/1");
        let allow = answer.headers.get(header::ALLOW).unwrap().to_str().unwrap();
        for method in ["GET", "PUT", "DELETE"] {
            assert!(allow.contains(method), "{allow}");
        }
    }

    #[actix_web::test]
    async fn a_panic_is_a_complete_500() {
        assert_complete(
            &ask(TestRequest::delete().uri("/things/1")).await,
            500,
            "internal",
            "/things/1",
        );
    }

    #[actix_web::test]
    async fn an_error_in_a_format_of_its_own_passes() {
        let answer = ask(TestRequest::get().uri("/own")).await;
        assert_eq!((answer.status, &answer.body), (400, &Value::from("scim")));
    }

    #[actix_web::test]
    async fn the_log_names_the_route_and_neither_query_nor_headers() {
        let lines = everything();
        let req = TestRequest::get()
            .uri("/things/7?token=hunter2")
            .insert_header((HEADER, "rid-9"));
        ask(req.insert_header((header::AUTHORIZATION, "Bearer hunter2"))).await;
        let text: String = lines
            .text()
            .lines()
            .filter(|line| line.contains("rid-9"))
            .collect();
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["target"], "vestibule::access");
        assert_eq!(line["fields"]["route"], "/things/{id}");
        assert_eq!(line["fields"]["status"], 200);
        assert_eq!(line["span"]["request_id"], "rid-9");
        assert_eq!(line["span"]["method"], "GET");
        assert!(line["fields"]["duration_us"].is_u64());
        assert!(!text.contains("hunter2"));
    }
}
