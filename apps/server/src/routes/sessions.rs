//! `/sessions`, `/session`: signing in, who am I, signing out.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::answer::Answer;
use crate::app::App;
use crate::dto::session::{NewSessionBody, SessionBody, SignInRequest};
use crate::error::UseCaseError;
use crate::json_body::JsonBody;
use crate::problem::{Problem, ProblemBody};
use crate::query::NoQuery;
use crate::request::Request;
use crate::use_cases::find_permissions::own_permissions;
use crate::use_cases::open_session::NewSession;
use crate::use_cases::sign_in;
use crate::use_cases::sign_out::sign_out as end_session;
use crate::visitor::{Visit, Visitor};

/// Sign in with a password.
///
/// Browsers get the session cookie along with the token.
#[utoipa::path(
    post, path = "/api/v1/sessions", tag = "sessions", security(()), request_body = SignInRequest,
    responses(
        (status = 201, body = NewSessionBody),
        (status = 401, body = ProblemBody, description = "`sign_in_refused`, the same for everything that is wrong"),
        (status = 403, body = ProblemBody, description = "`access_ended`: the right password of a person without access"),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn sign_in(
    visitor: Visitor,
    input: JsonBody<SignInRequest>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    visitor
        .run(move |visit| signed_in(visit, &sign_in::sign_in(visit, &input)?))
        .await
}

/// The answer that carries a new session, as token and as cookie.
///
/// # Errors
/// When the body cannot be written as JSON.
pub fn signed_in(visit: &Visit<'_>, session: &NewSession) -> Result<Answer, UseCaseError> {
    let answer = Answer::made(&NewSessionBody::from(session))?;
    let lasts = (session.expires_at - visit.now).try_into().unwrap_or_default();
    Ok(match visit.app.cookies.set(&session.token, lasts) {
        Some(cookie) => answer.with_header(header::SET_COOKIE, cookie),
        None => answer,
    })
}

/// Show who I am and what I may do.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "sessions",
    responses((status = 200, body = SessionBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn who_am_i(request: Request, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(|tx, caller| {
            let permissions = own_permissions(tx, caller)?;
            let body = SessionBody::of(caller, caller.subject()?, permissions);
            Ok(Answer::ok(&body)?.with_content_tag())
        })
        .await
}

/// Sign out.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "sessions",
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn sign_out(request: Request, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .write(|tx, caller| {
            end_session(tx, caller)?;
            Ok(without_cookie(caller.app, Answer::no_content()))
        })
        .await
}

fn without_cookie(app: &App, answer: Answer) -> Answer {
    match app.cookies.clear() {
        Some(cookie) => answer.with_header(header::SET_COOKIE, cookie),
        None => answer,
    }
}
