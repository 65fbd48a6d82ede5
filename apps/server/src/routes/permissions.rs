//! `/profiles/{id}/permissions`, `/profiles/{id}/preview`, `/permissions/bulk`: which records people on a profile reach.

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use crate::answer::Answer;
use crate::dto::permission::{
    Levels, MatrixBody, MatrixPreview, NewMatrix, PermissionBulk, PermissionBulkReport, PermissionsBody,
    PreviewBody,
};
use crate::json_body::JsonBody;
use crate::problem::{Problem, ProblemBody};
use crate::query::NoQuery;
use crate::request::Request;
use crate::use_cases::bulk_permissions::{foresee_permissions_in_bulk, set_permissions_in_bulk};
use crate::use_cases::find_permissions::{show_matrix as find_matrix, show_permissions};
use crate::use_cases::preview_permissions::{preview_matrix as foresee_matrix, preview_permissions};
use crate::use_cases::set_permissions::{set_matrix as save_matrix, set_permissions};

/// Show all that a profile permits: one's own profile's, or any with `manage_access`.
#[utoipa::path(
    get, path = "/api/v1/profiles/{id}/permissions", tag = "permissions", params(("id" = Uuid, Path)),
    responses((status = 200, body = MatrixBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show_matrix(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| {
            let (body, tag) = find_matrix(tx, caller, *id)?;
            Ok(Answer::ok(&body)?.with_etag(tag))
        })
        .await
}

/// Set all that a profile permits; nothing on objects that are left out.
///
/// `If-Match` takes the `ETag` of all that is permitted, or that of a preview of this very change: then the answer is 412
/// when the change would not do any more what the preview told.
#[utoipa::path(
    put, path = "/api/v1/profiles/{id}/permissions", tag = "permissions", params(("id" = Uuid, Path)),
    request_body = NewMatrix,
    responses((status = 200, body = MatrixBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn set_matrix(
    request: Request,
    id: web::Path<Uuid>,
    input: JsonBody<NewMatrix>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    request
        .write(move |tx, caller| {
            let (body, tag) = save_matrix(tx, caller, *id, &input)?;
            Ok(Answer::ok(&body)?.with_etag(tag))
        })
        .await
}

/// Tell who would gain and lose what with all of these permissions; nothing is saved.
///
/// Tells of the objects that would get other levels. Counts exactly, over all of their records and the users of the
/// profile who have access at present.
#[utoipa::path(
    post, path = "/api/v1/profiles/{id}/preview", tag = "permissions", params(("id" = Uuid, Path)),
    request_body = NewMatrix,
    responses((status = 200, body = MatrixPreview), (status = "4XX", body = ProblemBody)),
)]
pub async fn preview_matrix(
    request: Request,
    id: web::Path<Uuid>,
    input: JsonBody<NewMatrix>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    // Nothing changes, so a repeated request may well get a newer answer.
    request
        .read(move |tx, caller| {
            let (body, tag) = foresee_matrix(tx, caller, *id, &input)?;
            Ok(Answer::ok(&body)?.with_etag(tag))
        })
        .await
}

/// Show what a profile permits with the records of one object.
#[utoipa::path(
    get, path = "/api/v1/profiles/{id}/permissions/{object_key}", tag = "permissions",
    params(("id" = Uuid, Path), ("object_key" = String, Path)),
    responses((status = 200, body = PermissionsBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(
    request: Request,
    path: web::Path<(Uuid, String)>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (id, key) = path.into_inner();
    request
        .read(move |tx, caller| {
            let (body, tag) = show_permissions(tx, caller, id, &key)?;
            Ok(Answer::ok(&body)?.with_etag(tag))
        })
        .await
}

/// Set what a profile permits with the records of one object.
///
/// `If-Match` takes the `ETag` of these permissions, or that of a preview of this very change: then the answer is 412
/// when the change would not do any more what the preview told.
#[utoipa::path(
    put, path = "/api/v1/profiles/{id}/permissions/{object_key}", tag = "permissions",
    params(("id" = Uuid, Path), ("object_key" = String, Path)), request_body = Levels,
    responses((status = 200, body = PermissionsBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn set(
    request: Request,
    path: web::Path<(Uuid, String)>,
    input: JsonBody<Levels>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let ((id, key), levels) = (path.into_inner(), input.into_inner());
    request
        .write(move |tx, caller| {
            let (body, tag) = set_permissions(tx, caller, id, &key, levels.into())?;
            Ok(Answer::ok(&body)?.with_etag(tag))
        })
        .await
}

/// Tell who would gain and lose what with these permissions; nothing is saved.
///
/// Counts exactly, over all records of the object and the users of the profile who have access at present.
#[utoipa::path(
    post, path = "/api/v1/profiles/{id}/permissions/{object_key}/preview", tag = "permissions",
    params(("id" = Uuid, Path), ("object_key" = String, Path)), request_body = Levels,
    responses((status = 200, body = PreviewBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn preview(
    request: Request,
    path: web::Path<(Uuid, String)>,
    input: JsonBody<Levels>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let ((id, key), levels) = (path.into_inner(), input.into_inner());
    // Nothing changes, so a repeated request may well get a newer answer.
    request
        .read(move |tx, caller| {
            let (body, tag) = preview_permissions(tx, caller, id, &key, levels.into())?;
            Ok(Answer::ok(&body)?.with_etag(tag))
        })
        .await
}

/// Set the same levels for several profiles and objects: all of them, or none when one is refused.
///
/// A dry run tells who would gain and lose. Its `ETag` in the `If-Match` of the real run makes that one 412 when it
/// would not do any more what the dry run told.
#[utoipa::path(
    post, path = "/api/v1/permissions/bulk", tag = "permissions", request_body = PermissionBulk,
    responses((status = 200, body = PermissionBulkReport), (status = "4XX", body = ProblemBody)),
)]
pub async fn bulk(
    request: Request,
    input: JsonBody<PermissionBulk>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    if input.dry_run {
        return request
            .read(move |tx, caller| {
                let (report, tag) = foresee_permissions_in_bulk(tx, caller, &input)?;
                Ok(Answer::ok(&report)?.with_etag(tag))
            })
            .await;
    }
    request
        .write_once(sha256, move |tx, caller| {
            Answer::ok(&set_permissions_in_bulk(tx, caller, &input)?)
        })
        .await
}
