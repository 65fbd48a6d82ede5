//! `/policy`: what decisions rest on, for services that make them themselves.

use actix_web::HttpResponse;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer::Answer;
use crate::caller::version_tag;
use crate::problem::{Problem, ProblemBody};
use crate::query::QueryParams;
use crate::request::Request;
use crate::use_cases::export_policy::{export_policy, export_policy_changes};

/// From where to go on.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Since {
    /// The version that the service has; everything when left out.
    #[param(minimum = 0)]
    pub since: Option<u64>,
}

/// Export the policy, or what of it has changed since a version: ids, roles, levels and standing; no names, no emails.
#[utoipa::path(
    get, path = "/api/v1/policy", tag = "policy", params(Since),
    responses(
        (status = 200, body = Object, description = "`PolicyFacts`, or with `since` a `PolicyUpdate`, of the crate \
            vestibule-access-control."),
        (status = 410, body = ProblemBody, description = "What has changed since is not known any more."),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn export(
    request: Request,
    QueryParams(Since { since }, _): QueryParams<Since>,
) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| match since {
            Some(since) => Answer::ok(&export_policy_changes(tx, caller, since)?),
            None => {
                let facts = export_policy(tx, caller)?;
                let version = i64::try_from(facts.version).unwrap_or(i64::MAX);
                Ok(Answer::ok(&facts)?.with_etag(version_tag(caller.org.id, version)))
            }
        })
        .await
}
