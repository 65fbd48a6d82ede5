//! `/org`: the organization's settings.

use actix_web::HttpResponse;
use vestibule_persistence::orgs::Org;

use crate::answer::Answer;
use crate::caller::version_tag;
use crate::dto::org::{OrgBody, OrgPatch};
use crate::error::UseCaseError;
use crate::json_body::JsonBody;
use crate::problem::{Problem, ProblemBody};
use crate::query::NoQuery;
use crate::request::Request;
use crate::use_cases::update_org::update_org;

fn answer(org: &Org) -> Result<Answer, UseCaseError> {
    Ok(Answer::ok(&OrgBody::from(org))?.with_etag(version_tag(org.id, org.version)))
}

/// Show the organization.
#[utoipa::path(
    get, path = "/api/v1/org", tag = "org",
    responses((status = 200, body = OrgBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(request: Request, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(|_, caller| {
            caller.subject()?;
            answer(&caller.org)
        })
        .await
}

/// Change the organization's settings.
#[utoipa::path(
    patch, path = "/api/v1/org", tag = "org", request_body = OrgPatch,
    responses((status = 200, body = OrgBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(
    request: Request,
    patch: JsonBody<OrgPatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let patch = patch.into_inner();
    request
        .write(move |tx, caller| answer(&update_org(tx, caller, &patch)?))
        .await
}
