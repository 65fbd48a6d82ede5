//! `/password-resets`: a forgotten password.

use actix_web::HttpResponse;

use crate::answer::Answer;
use crate::dto::password::{PasswordReset, PasswordResetRequest};
use crate::json_body::JsonBody;
use crate::problem::{Problem, ProblemBody};
use crate::query::NoQuery;
use crate::use_cases::request_password_reset::request_password_reset;
use crate::use_cases::reset_password::reset_password;
use crate::visitor::Visitor;

/// Ask for a link to set a new password.
///
/// The answer is the same whether there is such a user or not.
#[utoipa::path(
    post, path = "/api/v1/password-resets", tag = "password-resets", security(()),
    request_body = PasswordResetRequest,
    responses((status = 202, description = "If there is such a user, a mail is on its way"),
        (status = "4XX", body = ProblemBody)),
)]
pub async fn request(
    visitor: Visitor,
    input: JsonBody<PasswordResetRequest>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    visitor
        .run(move |visit| {
            request_password_reset(visit, &input)?;
            Ok(Answer::accepted())
        })
        .await
}

/// Set a new password by a mailed link; every session ends.
#[utoipa::path(
    put, path = "/api/v1/password-resets", tag = "password-resets", security(()), request_body = PasswordReset,
    responses(
        (status = 204),
        (status = 410, body = ProblemBody, description = "`reset_link_invalid`, the same for every bad link"),
        (status = 422, body = ProblemBody, description = "`password_policy`; the link is still good"),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn reset(
    visitor: Visitor,
    input: JsonBody<PasswordReset>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    visitor
        .run(move |visit| {
            reset_password(visit, &input)?;
            Ok(Answer::no_content())
        })
        .await
}
