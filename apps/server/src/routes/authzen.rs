//! The decision point: the AuthZEN Authorization API 1.0, and where it tells that it is one.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};

use crate::answer::Answer;
use crate::app::App;
use crate::dto::authzen::{
    ActionQuery, Configuration, DecisionBody, EvaluationQuery, EvaluationsBody, EvaluationsQuery,
    FoundAction, FoundEntity, JsonObject, ResourceQuery, ResultsBody, SubjectQuery,
};
use crate::json_body::JsonBody;
use crate::problem::{Problem, ProblemBody};
use crate::query::NoQuery;
use crate::request::Request;
use crate::use_cases::evaluate_access::{evaluate_many, evaluate_one};
use crate::use_cases::search_access::{search_actions, search_resources, search_subjects};

/// The largest body of [`evaluations`]: a thousand questions, each with ten owners and then some.
pub const EVALUATIONS_BYTES: usize = 8 * 1024 * 1024;

/// Ask whether somebody may do something.
#[utoipa::path(
    post, path = "/access/v1/evaluation", tag = "authzen", request_body = EvaluationQuery,
    responses((status = 200, body = DecisionBody), (status = 400, body = String), (status = "4XX", body = ProblemBody)),
)]
pub async fn evaluation(
    request: Request,
    query: JsonBody<JsonObject<EvaluationQuery>>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let JsonObject(query) = query.into_inner();
    request
        .read(move |tx, caller| Answer::ok(&evaluate_one(tx, caller, &query)?))
        .await
}

/// Ask several such questions at once.
#[utoipa::path(
    post, path = "/access/v1/evaluations", tag = "authzen", request_body = EvaluationsQuery,
    responses((status = 200, body = EvaluationsBody), (status = 400, body = String), (status = "4XX", body = ProblemBody)),
)]
pub async fn evaluations(
    request: Request,
    query: JsonBody<JsonObject<EvaluationsQuery>>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let JsonObject(query) = query.into_inner();
    request
        .read(move |tx, caller| Answer::ok(&evaluate_many(tx, caller, &query)?))
        .await
}

/// Ask who may do something with a record.
#[utoipa::path(
    post, path = "/access/v1/search/subject", tag = "authzen", request_body = SubjectQuery,
    responses(
        (status = 200, body = ResultsBody<FoundEntity>), (status = 400, body = String), (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn subjects(
    request: Request,
    query: JsonBody<JsonObject<SubjectQuery>>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let JsonObject(query) = query.into_inner();
    request
        .read(move |tx, caller| Answer::ok(&search_subjects(tx, caller, &query)?))
        .await
}

/// Ask with which records somebody may do something.
#[utoipa::path(
    post, path = "/access/v1/search/resource", tag = "authzen", request_body = ResourceQuery,
    responses(
        (status = 200, body = ResultsBody<FoundEntity>), (status = 400, body = String), (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn resources(
    request: Request,
    query: JsonBody<JsonObject<ResourceQuery>>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let JsonObject(query) = query.into_inner();
    request
        .read(move |tx, caller| Answer::ok(&search_resources(tx, caller, &query)?))
        .await
}

/// Ask what somebody may do with a record.
#[utoipa::path(
    post, path = "/access/v1/search/action", tag = "authzen", request_body = ActionQuery,
    responses(
        (status = 200, body = ResultsBody<FoundAction>), (status = 400, body = String), (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn actions(
    request: Request,
    query: JsonBody<JsonObject<ActionQuery>>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let JsonObject(query) = query.into_inner();
    request
        .read(move |tx, caller| Answer::ok(&search_actions(tx, caller, &query)?))
        .await
}

/// Learn where to ask.
#[utoipa::path(
    get, path = "/.well-known/authzen-configuration", tag = "authzen", security(()),
    responses((status = 200, body = Configuration)),
)]
pub async fn configuration(app: web::Data<App>, _: NoQuery) -> Result<HttpResponse, Problem> {
    let url = &app.public_url;
    Ok(HttpResponse::Ok().json(Configuration {
        policy_decision_point: url.to_string(),
        access_evaluation_endpoint: url.join("/access/v1/evaluation"),
        access_evaluations_endpoint: url.join("/access/v1/evaluations"),
        search_subject_endpoint: url.join("/access/v1/search/subject"),
        search_resource_endpoint: url.join("/access/v1/search/resource"),
        search_action_endpoint: url.join("/access/v1/search/action"),
    }))
}

/// The same where the public URL has a path: a client looks for `/.well-known/authzen-configuration/{path}` then.
///
/// # Errors
/// 404 for any other path.
pub async fn configuration_below(
    app: web::Data<App>,
    path: web::Path<String>,
    query: NoQuery,
) -> Result<HttpResponse, Problem> {
    let url = &app.public_url;
    if url.join("") == format!("{}/{path}", url.origin()) {
        configuration(app, query).await
    } else {
        Err(Problem::not_found())
    }
}

/// Middleware for `from_fn`: says what the API calls a bad request in its own way, with 400 and a text as the body,
/// whatever it is called elsewhere here. Other errors stay the problems that they are.
///
/// # Errors
/// Only what inner middleware fails with.
pub async fn plain_refusals<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let answer = next.call(req).await?.map_into_boxed_body();
    let problem = answer.response().extensions().get::<Problem>().cloned();
    let bad = |problem: &Problem| {
        matches!(
            problem.status(),
            StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY
        )
    };
    Ok(match problem.filter(bad) {
        Some(problem) => {
            let (req, _) = answer.into_parts();
            ServiceResponse::new(req, HttpResponse::BadRequest().json(sentence(&problem)))
        }
        None => answer,
    })
}

/// The places at fault, and what is wrong.
fn sentence(problem: &Problem) -> String {
    let body = problem.body();
    match body.errors.first() {
        Some(error) if !error.pointer.is_empty() => format!("{}: {}", error.pointer, error.detail),
        _ => body.detail.to_string(),
    }
}
