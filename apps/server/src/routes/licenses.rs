//! `/licenses`: seats that users hold.

use actix_web::{HttpResponse, web};
use uuid::Uuid;
use vestibule_persistence::Tx;
use vestibule_persistence::licenses::{self, License, LicenseSort};

use crate::answer::Answer;
use crate::caller::{Caller, version_tag};
use crate::dto::license::{LicenseBody, LicensePatch, NewLicense};
use crate::error::UseCaseError;
use crate::json_body::JsonBody;
use crate::list::{BY_NAME, SortKeys};
use crate::paging::{Page, PageParams};
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoQuery, QueryParams};
use crate::request::Request;
use crate::use_cases::change_licenses::{add_license, delete_license, update_license};
use crate::use_cases::find_license::{find_license, list_licenses};

const SORT: SortKeys<LicenseSort> = SortKeys {
    words: LicenseSort::WORDS,
    of: LicenseSort::from_word,
    default: BY_NAME,
};

fn body(tx: &mut Tx<'_>, caller: &Caller<'_>, license: &License) -> Result<LicenseBody, UseCaseError> {
    let used = licenses::used_seats(tx, caller.org.id, license.id, caller.now, None)?;
    Ok(LicenseBody::of(license, used))
}

fn answer(tx: &mut Tx<'_>, caller: &Caller<'_>, license: &License) -> Result<Answer, UseCaseError> {
    Ok(Answer::ok(&body(tx, caller, license)?)?.with_etag(version_tag(license.id, license.version)))
}

/// List licenses.
#[utoipa::path(
    get, path = "/api/v1/licenses", tag = "licenses", params(PageParams),
    responses((status = 200, body = Page<LicenseBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(page, _): QueryParams<PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &(), &SORT)?;
    request
        .read(move |tx, caller| Answer::ok(&list_licenses(tx, caller, &listing)?))
        .await
}

/// Add a license.
#[utoipa::path(
    post, path = "/api/v1/licenses", tag = "licenses", request_body = NewLicense,
    responses((status = 201, body = LicenseBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn add(request: Request, input: JsonBody<NewLicense>, _: NoQuery) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let license = add_license(tx, caller, &input)?;
            let location = format!("/api/v1/licenses/{}", license.id);
            let answer = Answer::created(&location, &body(tx, caller, &license)?)?;
            Ok(answer.with_etag(version_tag(license.id, license.version)))
        })
        .await
}

/// Show a license.
#[utoipa::path(
    get, path = "/api/v1/licenses/{id}", tag = "licenses", params(("id" = Uuid, Path)),
    responses((status = 200, body = LicenseBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| {
            let license = find_license(tx, caller, *id)?;
            answer(tx, caller, &license)
        })
        .await
}

/// Change a license: its name or its seats.
#[utoipa::path(
    patch, path = "/api/v1/licenses/{id}", tag = "licenses", params(("id" = Uuid, Path)),
    request_body = LicensePatch,
    responses((status = 200, body = LicenseBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(
    request: Request,
    id: web::Path<Uuid>,
    patch: JsonBody<LicensePatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let patch = patch.into_inner();
    request
        .write(move |tx, caller| {
            let license = update_license(tx, caller, *id, &patch)?;
            answer(tx, caller, &license)
        })
        .await
}

/// Delete a license that nobody is on.
#[utoipa::path(
    delete, path = "/api/v1/licenses/{id}", tag = "licenses", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn delete(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .write(move |tx, caller| {
            delete_license(tx, caller, *id)?;
            Ok(Answer::no_content())
        })
        .await
}
