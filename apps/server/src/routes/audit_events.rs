//! `/audit-events`: what happened, newest first.

use actix_web::HttpResponse;

use crate::answer::Answer;
use crate::dto::audit_event::{AuditEventBody, AuditEventFilter};
use crate::paging::{ListIdentity, Page, PageParams, Sort};
use crate::problem::{Problem, ProblemBody};
use crate::query::QueryParams;
use crate::request::Request;
use crate::use_cases::list_audit_events::list_audit_events;

/// List audit events, newest first. There is no other order.
#[utoipa::path(
    get, path = "/api/v1/audit-events", tag = "audit-events", params(AuditEventFilter, PageParams),
    responses((status = 200, body = Page<AuditEventBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(filter, page): QueryParams<AuditEventFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let sort = Sort::parse(page.sort.as_deref(), &[], &[])?;
    let identity = ListIdentity::new(request.org(), request.route(), &filter, &sort);
    let before = match &page.cursor {
        Some(cursor) => Some(sequence_number(&request.app().cursors.open(&identity, cursor)?)?),
        None => None,
    };
    let filter = (&filter).into();
    request
        .read(move |tx, caller| {
            let limit = page.limit.get();
            let found = list_audit_events(tx, caller, &filter, before, limit, page.count)?;
            let last = found.events.last().filter(|_| found.more).map(|event| event.seq);
            let next_cursor = last.map(|seq| caller.app.cursors.seal(&identity, &[seq.into()]));
            let items = found.events.into_iter().map(AuditEventBody::from).collect();
            Answer::ok(&Page {
                items,
                next_cursor,
                total: found.total,
            })
        })
        .await
}

fn sequence_number(position: &[serde_json::Value]) -> Result<i64, Problem> {
    let refused =
        || Problem::bad_request("invalid_cursor", "this cursor is of another version").at("?cursor");
    position
        .first()
        .and_then(serde_json::Value::as_i64)
        .ok_or_else(refused)
}
