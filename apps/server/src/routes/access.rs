//! `/access` and who reaches a record: what decisions rest on, for people and for services that filter by themselves.

use actix_web::{HttpResponse, web};
use uuid::Uuid;
use vestibule_persistence::ids::UserId;

use crate::answer::Answer;
use crate::dto::access::{
    AccessBody, AccessFilter, ExplainRequest, ExplanationBody, ScopeBody, ScopeRequest,
};
use crate::json_body::JsonBody;
use crate::paging::{ListIdentity, Page, PageParams, Sort};
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoQuery, QueryParams};
use crate::request::Request;
use crate::use_cases::access_scope::access_scope;
use crate::use_cases::explain_access::explain_access;
use crate::use_cases::who_can_access::{Part, who_can_access};

/// Explain a decision: every step, and the smallest changes that would turn a no into a yes.
#[utoipa::path(
    post, path = "/api/v1/access/explain", tag = "access", request_body = ExplainRequest,
    responses((status = 200, body = ExplanationBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn explain(
    request: Request,
    input: JsonBody<ExplainRequest>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    request
        .read(move |tx, caller| Answer::ok(&explain_access(tx, caller, &input)?))
        .await
}

/// Tell whose records somebody reaches.
#[utoipa::path(
    post, path = "/api/v1/access/scope", tag = "access", request_body = ScopeRequest,
    responses((status = 200, body = ScopeBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn scope(
    request: Request,
    input: JsonBody<ScopeRequest>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    request
        .read(move |tx, caller| Answer::ok(&access_scope(tx, caller, &input)?))
        .await
}

/// List the users who reach a record, by id. There is no other order.
#[utoipa::path(
    get, path = "/api/v1/objects/{key}/records/{id}/access", tag = "access",
    params(("key" = String, Path), ("id" = Uuid, Path), AccessFilter, PageParams),
    responses((status = 200, body = Page<AccessBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn of_record(
    request: Request,
    path: web::Path<(String, Uuid)>,
    QueryParams(filter, page): QueryParams<AccessFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let sort = Sort::parse(page.sort.as_deref(), &[], &[])?;
    let identity = ListIdentity::new(request.org(), request.route(), &filter, &sort);
    let after = match &page.cursor {
        Some(cursor) => Some(place(&request.app().cursors.open(&identity, cursor)?)?),
        None => None,
    };
    let part = Part {
        action: filter.action.map(Into::into),
        after,
        limit: page.limit.get().into(),
        count: page.count,
    };
    request
        .read(move |tx, caller| {
            let (key, id) = &*path;
            let found = who_can_access(tx, caller, key, *id, &part)?;
            let last = found.last.map(|user| user.to_string().into());
            Answer::ok(&Page {
                items: found.items,
                next_cursor: last.map(|last| caller.app.cursors.seal(&identity, &[last])),
                total: found.total,
            })
        })
        .await
}

fn place(values: &[serde_json::Value]) -> Result<UserId, Problem> {
    let id = values
        .first()
        .and_then(serde_json::Value::as_str)
        .and_then(|id| id.parse::<Uuid>().ok());
    id.map(UserId::from).ok_or_else(|| {
        Problem::bad_request("invalid_cursor", "this cursor is of another version").at("?cursor")
    })
}
