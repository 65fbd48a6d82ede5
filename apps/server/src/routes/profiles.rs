//! `/profiles`: what people may administer.

use actix_web::{HttpResponse, web};
use uuid::Uuid;
use vestibule_persistence::Tx;
use vestibule_persistence::profiles::{self, Profile, ProfileSort};

use crate::answer::Answer;
use crate::caller::{Caller, version_tag};
use crate::dto::profile::{NewProfile, ProfileBody, ProfileCopy, ProfilePatch};
use crate::error::UseCaseError;
use crate::json_body::JsonBody;
use crate::list::{BY_NAME, SortKeys};
use crate::paging::{Page, PageParams};
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoQuery, QueryParams};
use crate::request::Request;
use crate::use_cases::add_profile::{add_profile, copy_profile};
use crate::use_cases::find_profile::{find_profile, list_profiles};
use crate::use_cases::update_profile::{delete_profile, update_profile};

const SORT: SortKeys<ProfileSort> = SortKeys {
    words: ProfileSort::WORDS,
    of: ProfileSort::from_word,
    default: BY_NAME,
};

fn body(tx: &mut Tx<'_>, caller: &Caller<'_>, profile: &Profile) -> Result<ProfileBody, UseCaseError> {
    Ok(ProfileBody::of(
        profile,
        profiles::count_users(tx, caller.org.id, profile.id)?,
    ))
}

fn answer(tx: &mut Tx<'_>, caller: &Caller<'_>, profile: &Profile) -> Result<Answer, UseCaseError> {
    Ok(Answer::ok(&body(tx, caller, profile)?)?.with_etag(version_tag(profile.id, profile.version)))
}

fn created(tx: &mut Tx<'_>, caller: &Caller<'_>, profile: &Profile) -> Result<Answer, UseCaseError> {
    let location = format!("/api/v1/profiles/{}", profile.id);
    let answer = Answer::created(&location, &body(tx, caller, profile)?)?;
    Ok(answer.with_etag(version_tag(profile.id, profile.version)))
}

/// List profiles.
#[utoipa::path(
    get, path = "/api/v1/profiles", tag = "profiles", params(PageParams),
    responses((status = 200, body = Page<ProfileBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(page, _): QueryParams<PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &(), &SORT)?;
    request
        .read(move |tx, caller| Answer::ok(&list_profiles(tx, caller, &listing)?))
        .await
}

/// Make a profile.
#[utoipa::path(
    post, path = "/api/v1/profiles", tag = "profiles", request_body = NewProfile,
    responses((status = 201, body = ProfileBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn add(request: Request, input: JsonBody<NewProfile>, _: NoQuery) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let profile = add_profile(tx, caller, &input)?;
            created(tx, caller, &profile)
        })
        .await
}

/// Show a profile.
#[utoipa::path(
    get, path = "/api/v1/profiles/{id}", tag = "profiles", params(("id" = Uuid, Path)),
    responses((status = 200, body = ProfileBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| {
            let profile = find_profile(tx, caller, *id)?;
            answer(tx, caller, &profile)
        })
        .await
}

/// Change a profile: its name, or what its users may administer.
#[utoipa::path(
    patch, path = "/api/v1/profiles/{id}", tag = "profiles", params(("id" = Uuid, Path)),
    request_body = ProfilePatch,
    responses((status = 200, body = ProfileBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(
    request: Request,
    id: web::Path<Uuid>,
    patch: JsonBody<ProfilePatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let patch = patch.into_inner();
    request
        .write(move |tx, caller| {
            let profile = update_profile(tx, caller, *id, &patch)?;
            answer(tx, caller, &profile)
        })
        .await
}

/// Delete a profile that nobody is on.
#[utoipa::path(
    delete, path = "/api/v1/profiles/{id}", tag = "profiles", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn delete(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .write(move |tx, caller| {
            delete_profile(tx, caller, *id)?;
            Ok(Answer::no_content())
        })
        .await
}

/// Make a profile like this one.
#[utoipa::path(
    post, path = "/api/v1/profiles/{id}/copy", tag = "profiles", params(("id" = Uuid, Path)),
    request_body = ProfileCopy,
    responses((status = 201, body = ProfileBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn copy(
    request: Request,
    id: web::Path<Uuid>,
    input: JsonBody<ProfileCopy>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let profile = copy_profile(tx, caller, *id, &input)?;
            created(tx, caller, &profile)
        })
        .await
}
