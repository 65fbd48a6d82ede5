//! Headers that keep browsers from doing more with an answer than intended.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

const ALWAYS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
];

/// Paths whose answers no cache may keep.
const API_PREFIXES: [&str; 3] = ["/api/v1/", "/access/v1/", "/scim/"];

/// Middleware for `from_fn`: no sniffing, no framing, no referrer, and `no-store` on answers of the API.
///
/// A header that the handler set itself is kept.
///
/// # Errors
///
/// Only what inner middleware fails with.
pub async fn add<B: MessageBody>(req: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let api = API_PREFIXES.iter().any(|prefix| req.path().starts_with(prefix));
    match next.call(req).await {
        Ok(mut answer) => {
            set(answer.headers_mut(), api);
            Ok(answer)
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut answer| {
                set(answer.headers_mut(), api);
                answer
            });
            Err(error)
        }
    }
}

fn set(headers: &mut HeaderMap, api: bool) {
    for (name, value) in ALWAYS {
        keep_or_set(headers, name, value);
    }
    if api {
        keep_or_set(headers, header::CACHE_CONTROL, "no-store");
    }
}

fn keep_or_set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};

    use super::*;

    async fn headers_of(path: &str) -> HeaderMap {
        let app = App::new()
            .wrap(from_fn(add))
            .route(
                "/api/v1/own",
                web::get().to(|| async {
                    HttpResponse::Ok()
                        .insert_header((header::CACHE_CONTROL, "max-age=60"))
                        .finish()
                }),
            )
            .default_service(web::to(|| async { HttpResponse::Ok().finish() }));
        let app = init_service(app).await;
        call_service(&app, TestRequest::get().uri(path).to_request())
            .await
            .headers()
            .clone()
    }

    #[actix_web::test]
    async fn every_answer_is_neither_sniffed_nor_framed() {
        let headers = headers_of("/").await;
        assert_eq!(headers.get(header::X_CONTENT_TYPE_OPTIONS).unwrap(), "nosniff");
        assert_eq!(headers.get(header::X_FRAME_OPTIONS).unwrap(), "DENY");
        assert_eq!(headers.get(header::REFERRER_POLICY).unwrap(), "no-referrer");
        assert!(!headers.contains_key(header::CACHE_CONTROL));
    }

    #[actix_web::test]
    async fn an_error_of_inner_middleware_is_covered_too() {
        let failing = from_fn(|_: ServiceRequest, _: Next<actix_web::body::BoxBody>| async {
            Err::<ServiceResponse, Error>(crate::problem::Problem::not_found().into())
        });
        let app = init_service(App::new().wrap(failing).wrap(from_fn(add))).await;
        let req = TestRequest::get().uri("/api/v1/guests").to_request();
        let error = actix_web::test::try_call_service(&app, req).await.unwrap_err();
        let headers = error.error_response().headers().clone();
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
        assert_eq!(headers.get(header::X_FRAME_OPTIONS).unwrap(), "DENY");
    }

    #[actix_web::test]
    async fn answers_of_the_api_are_not_stored_unless_the_handler_says_so() {
        assert_eq!(
            headers_of("/api/v1/guests")
                .await
                .get(header::CACHE_CONTROL)
                .unwrap(),
            "no-store"
        );
        assert_eq!(
            headers_of("/api/v1/own")
                .await
                .get(header::CACHE_CONTROL)
                .unwrap(),
            "max-age=60"
        );
    }
}
