//! `/claims`: from a mailed link to an account.

use actix_web::HttpResponse;

use crate::answer::Answer;
use crate::dto::claim::{ClaimPreview, ClaimPreviewRequest, ClaimRequest};
use crate::dto::session::NewSessionBody;
use crate::json_body::JsonBody;
use crate::problem::{Problem, ProblemBody};
use crate::query::NoQuery;
use crate::routes::sessions::signed_in;
use crate::use_cases::claim_account::claim_account;
use crate::use_cases::preview_claim::preview_claim;
use crate::visitor::Visitor;

/// Look at a claim link without using it.
#[utoipa::path(
    post, path = "/api/v1/claims/preview", tag = "claims", security(()), request_body = ClaimPreviewRequest,
    responses(
        (status = 200, body = ClaimPreview),
        (status = 410, body = ProblemBody, description = "`claim_link_invalid`, the same for every bad link"),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn preview(
    visitor: Visitor,
    input: JsonBody<ClaimPreviewRequest>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    visitor
        .run(move |visit| {
            let preview = preview_claim(visit, &input.token)?;
            Answer::ok(&ClaimPreview::from(preview))
        })
        .await
}

/// Claim an account: set a password and be signed in.
#[utoipa::path(
    post, path = "/api/v1/claims", tag = "claims", security(()), request_body = ClaimRequest,
    responses(
        (status = 201, body = NewSessionBody),
        (status = 410, body = ProblemBody, description = "`claim_link_invalid`, the same for every bad link"),
        (status = 422, body = ProblemBody, description = "`password_policy`; the link is still good"),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn claim(
    visitor: Visitor,
    input: JsonBody<ClaimRequest>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    visitor
        .run(move |visit| signed_in(visit, &claim_account(visit, &input)?))
        .await
}
