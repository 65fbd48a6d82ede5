//! `/objects/{key}/records`: what an org keeps about anything, as far as whoever asks reaches it.

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use crate::answer::Answer;
use crate::caller::version_tag;
use crate::dto::record::{
    NamedRecordBody, NamesParams, NewRecord, RecordBody, RecordBulk, RecordBulkReport, RecordFilter,
    RecordPage, RecordPatch,
};
use crate::error::UseCaseError;
use crate::etag::ETag;
use crate::json_body::JsonBody;
use crate::paging::PageParams;
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoQuery, QueryParams};
use crate::request::Request;
use crate::use_cases::bulk_records::bulk_records;
use crate::use_cases::create_record::create_record;
use crate::use_cases::delete_record::delete_record;
use crate::use_cases::find_record::find_record;
use crate::use_cases::list_records::list_records;
use crate::use_cases::record_door::SeenRecord;
use crate::use_cases::update_record::update_record;

/// How many bytes a request for many records may have, whatever is configured for others.
pub const BULK_BYTES: usize = 8 * 1024 * 1024;

fn tag(seen: &SeenRecord) -> ETag {
    version_tag(seen.record.id, seen.record.version)
}

fn answer(seen: &SeenRecord) -> Result<Answer, UseCaseError> {
    Ok(Answer::ok(&seen.body())?.with_etag(tag(seen)))
}

/// List the records of an object that the caller may view.
#[utoipa::path(
    get, path = "/api/v1/objects/{key}/records", tag = "records",
    params(("key" = String, Path), RecordFilter, PageParams),
    responses((status = 200, body = RecordPage), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    key: web::Path<String>,
    QueryParams(filter, page): QueryParams<RecordFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let route = request.route().to_owned();
    request
        .read(move |tx, caller| Answer::ok(&list_records(tx, caller, &key, &route, &filter, &page)?))
        .await
}

/// Make a record.
#[utoipa::path(
    post, path = "/api/v1/objects/{key}/records", tag = "records", params(("key" = String, Path)),
    request_body = NewRecord,
    responses((status = 201, body = RecordBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn create(
    request: Request,
    key: web::Path<String>,
    input: JsonBody<NewRecord>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let made = create_record(tx, caller, &key, &input)?;
            let location = format!("/api/v1/objects/{}/records/{}", key.as_str(), made.record.id);
            Ok(Answer::created(&location, &made.body())?.with_etag(tag(&made)))
        })
        .await
}

/// Show a record.
#[utoipa::path(
    get, path = "/api/v1/objects/{key}/records/{id}", tag = "records",
    params(("key" = String, Path), ("id" = Uuid, Path), NamesParams),
    responses((status = 200, body = NamedRecordBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(
    request: Request,
    path: web::Path<(String, Uuid)>,
    QueryParams(params, _): QueryParams<NamesParams>,
) -> Result<HttpResponse, Problem> {
    let (key, id) = path.into_inner();
    request
        .read(move |tx, caller| {
            let seen = find_record(tx, caller, &key, id)?;
            let names = match params.names {
                true => Some(seen.names(tx)?),
                false => None,
            };
            let record = seen.body();
            Ok(Answer::ok(&NamedRecordBody { record, names })?.with_etag(tag(&seen)))
        })
        .await
}

/// Change a record.
#[utoipa::path(
    patch, path = "/api/v1/objects/{key}/records/{id}", tag = "records",
    params(("key" = String, Path), ("id" = Uuid, Path)), request_body = RecordPatch,
    responses((status = 200, body = RecordBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(
    request: Request,
    path: web::Path<(String, Uuid)>,
    patch: JsonBody<RecordPatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (key, id) = path.into_inner();
    let patch = patch.into_inner();
    request
        .write(move |tx, caller| answer(&update_record(tx, caller, &key, id, &patch)?))
        .await
}

/// Delete a record.
#[utoipa::path(
    delete, path = "/api/v1/objects/{key}/records/{id}", tag = "records",
    params(("key" = String, Path), ("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn delete(
    request: Request,
    path: web::Path<(String, Uuid)>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (key, id) = path.into_inner();
    request
        .write(move |tx, caller| {
            delete_record(tx, caller, &key, id)?;
            Ok(Answer::no_content())
        })
        .await
}

/// Make, change or delete many records at once.
#[utoipa::path(
    post, path = "/api/v1/objects/{key}/records/bulk", tag = "records", params(("key" = String, Path)),
    request_body = RecordBulk,
    responses((status = 200, body = RecordBulkReport), (status = "4XX", body = ProblemBody)),
)]
pub async fn bulk(
    request: Request,
    key: web::Path<String>,
    input: JsonBody<RecordBulk>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            Answer::ok(&bulk_records(tx, caller, &key, &input)?)
        })
        .await
}
