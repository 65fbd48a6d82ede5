//! `/objects`: kinds of records, and their fields.

use actix_web::{HttpResponse, web};
use vestibule_persistence::Tx;
use vestibule_persistence::objects::{ObjectSort, StoredObject};

use crate::answer::Answer;
use crate::caller::{Caller, version_tag};
use crate::dto::object::{DeleteObjectParams, FieldPatch, NewField, NewObject, ObjectBody, ObjectPatch};
use crate::error::UseCaseError;
use crate::json_body::JsonBody;
use crate::list::SortKeys;
use crate::paging::{Page, PageParams, SortKey};
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoQuery, QueryParams};
use crate::request::Request;
use crate::use_cases::add_object::{add_field as add_one_field, add_object};
use crate::use_cases::change_ownership::Holds;
use crate::use_cases::find_object::{Knowledge, find_object, list_objects};
use crate::use_cases::update_field::{remove_field as remove_one_field, update_field as update_one_field};
use crate::use_cases::update_object::{delete_object, update_object};

const SORT: SortKeys<ObjectSort> = SortKeys {
    words: ObjectSort::WORDS,
    of: ObjectSort::from_word,
    default: &[SortKey {
        key: "key",
        descending: false,
    }],
};

fn body(tx: &mut Tx<'_>, caller: &Caller<'_>, stored: &StoredObject) -> Result<ObjectBody, UseCaseError> {
    Ok(Knowledge::of(tx, caller)?.body(stored))
}

fn answer(tx: &mut Tx<'_>, caller: &Caller<'_>, stored: &StoredObject) -> Result<Answer, UseCaseError> {
    Ok(tagged(Answer::ok(&body(tx, caller, stored)?)?, stored))
}

fn created(tx: &mut Tx<'_>, caller: &Caller<'_>, stored: &StoredObject) -> Result<Answer, UseCaseError> {
    let location = format!("/api/v1/objects/{}", stored.object.key());
    Ok(tagged(
        Answer::created(&location, &body(tx, caller, stored)?)?,
        stored,
    ))
}

fn tagged(answer: Answer, stored: &StoredObject) -> Answer {
    answer.with_etag(version_tag(stored.object.id(), stored.version))
}

/// List objects: all of them for who administers objects or permissions, else those with records in reach.
#[utoipa::path(
    get, path = "/api/v1/objects", tag = "objects", params(PageParams),
    responses((status = 200, body = Page<ObjectBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(page, _): QueryParams<PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &(), &SORT)?;
    request
        .read(move |tx, caller| Answer::ok(&list_objects(tx, caller, &listing)?))
        .await
}

/// Make an object. Nobody but Admin reaches its records until permissions say so.
#[utoipa::path(
    post, path = "/api/v1/objects", tag = "objects", request_body = NewObject,
    responses((status = 201, body = ObjectBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn add(request: Request, input: JsonBody<NewObject>, _: NoQuery) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let stored = add_object(tx, caller, &input)?;
            created(tx, caller, &stored)
        })
        .await
}

/// Show an object.
#[utoipa::path(
    get, path = "/api/v1/objects/{key}", tag = "objects", params(("key" = String, Path)),
    responses((status = 200, body = ObjectBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(request: Request, key: web::Path<String>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| {
            let stored = find_object(tx, caller, &key)?;
            answer(tx, caller, &stored)
        })
        .await
}

/// Change an object: what it is called, and the order of its fields.
#[utoipa::path(
    patch, path = "/api/v1/objects/{key}", tag = "objects", params(("key" = String, Path)),
    request_body = ObjectPatch,
    responses((status = 200, body = ObjectBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(
    request: Request,
    key: web::Path<String>,
    patch: JsonBody<ObjectPatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let patch = patch.into_inner();
    request
        .write(move |tx, caller| {
            let stored = update_object(tx, caller, &key, &patch)?;
            answer(tx, caller, &stored)
        })
        .await
}

/// Delete an object that no other object looks up, and its records if that is said.
#[utoipa::path(
    delete, path = "/api/v1/objects/{key}", tag = "objects",
    params(("key" = String, Path), DeleteObjectParams),
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn delete(
    request: Request,
    key: web::Path<String>,
    QueryParams(params, _): QueryParams<DeleteObjectParams>,
) -> Result<HttpResponse, Problem> {
    request
        .write(move |tx, caller| {
            delete_object(tx, caller, &key, params)?;
            Ok(Answer::no_content())
        })
        .await
}

/// Add a field.
#[utoipa::path(
    post, path = "/api/v1/objects/{key}/fields", tag = "objects", params(("key" = String, Path)),
    request_body = NewField,
    responses((status = 201, body = ObjectBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn add_field(
    request: Request,
    key: web::Path<String>,
    input: JsonBody<NewField>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let stored = add_one_field(tx, caller, &key, &input)?;
            created(tx, caller, &stored)
        })
        .await
}

/// Change a field.
///
/// Another meaning of ownership is worked out for every record. On a large object that takes a while: 202, and the old
/// meaning holds until `ownership_change` is null again.
#[utoipa::path(
    patch, path = "/api/v1/objects/{key}/fields/{field}", tag = "objects",
    params(("key" = String, Path), ("field" = String, Path)), request_body = FieldPatch,
    responses(
        (status = 200, body = ObjectBody),
        (status = 202, body = ObjectBody, description = "The owners of all records are being worked out anew"),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn update_field(
    request: Request,
    path: web::Path<(String, String)>,
    patch: JsonBody<FieldPatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let ((key, field), patch) = (path.into_inner(), patch.into_inner());
    request
        .write(move |tx, caller| {
            let (stored, holds) = update_one_field(tx, caller, &key, &field, &patch)?;
            match holds {
                Holds::Now => answer(tx, caller, &stored),
                Holds::Later => Ok(tagged(
                    Answer::accepted_with(&body(tx, caller, &stored)?)?,
                    &stored,
                )),
            }
        })
        .await
}

/// Remove a field, with what the records hold of it.
///
/// One of several ownership fields of a large object goes once the owners of all records are worked out anew: 202.
#[utoipa::path(
    delete, path = "/api/v1/objects/{key}/fields/{field}", tag = "objects",
    params(("key" = String, Path), ("field" = String, Path)),
    responses(
        (status = 204),
        (status = 202, body = ObjectBody, description = "The owners of all records are being worked out anew"),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn remove_field(
    request: Request,
    path: web::Path<(String, String)>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (key, field) = path.into_inner();
    request
        .write(move |tx, caller| {
            let (stored, holds) = remove_one_field(tx, caller, &key, &field)?;
            match holds {
                Holds::Now => Ok(Answer::no_content()),
                Holds::Later => Ok(tagged(
                    Answer::accepted_with(&body(tx, caller, &stored)?)?,
                    &stored,
                )),
            }
        })
        .await
}
