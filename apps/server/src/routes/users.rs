//! `/users`: people with a standing account.

use actix_web::{HttpResponse, web};
use uuid::Uuid;
use vestibule_persistence::users::{User, UserSort};
use vestibule_persistence::{Tx, WriteTx};

use crate::answer::Answer;
use crate::caller::{Caller, version_tag};
use crate::dto::guest::{ClaimLink, ClaimLinkRequest, DeleteParams};
use crate::dto::user::{NewUser, PeopleFilter, PersonBody, UserBody, UserListFilter, UserPatch};
use crate::error::UseCaseError;
use crate::json_body::{JsonBody, Nothing, OptionalBody};
use crate::list::{NEWEST_FIRST, SortKeys};
use crate::paging::{Page, PageParams};
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoQuery, QueryParams};
use crate::request::Request;
use crate::routes::guests::delivered;
use crate::use_cases::add_user::add_user;
use crate::use_cases::claim_links::resend_claim_link;
use crate::use_cases::deactivate_user::{activate_user, deactivate_user};
use crate::use_cases::delete_user::delete_user;
use crate::use_cases::find_user::{find_user, locks, user_to_change};
use crate::use_cases::list_users::{list_peers, list_reports, list_users};
use crate::use_cases::unlock_user::unlock_user;
use crate::use_cases::update_user::update_user;

/// What every user has; guests have more.
const SORT: SortKeys<UserSort> = SortKeys {
    words: &[
        "created_at",
        "updated_at",
        "first_name",
        "last_name",
        "email",
        "claimed_at",
        "last_sign_in_at",
    ],
    of: UserSort::from_word,
    default: NEWEST_FIRST,
};

fn body(tx: &mut Tx<'_>, caller: &Caller<'_>, user: &User) -> Result<UserBody, UseCaseError> {
    let locks = locks(tx, caller, [user])?;
    Ok(UserBody::of(user, locks.get(&user.id).copied()))
}

fn answer(tx: &mut Tx<'_>, caller: &Caller<'_>, user: &User) -> Result<Answer, UseCaseError> {
    Ok(Answer::ok(&body(tx, caller, user)?)?.with_etag(version_tag(user.id, user.version)))
}

/// List standard users.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users", params(UserListFilter, PageParams),
    responses((status = 200, body = Page<UserBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(filter, page): QueryParams<UserListFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &filter, &SORT)?;
    let filter = filter.compile()?;
    request
        .read(move |tx, caller| {
            let users = list_users(tx, caller, &filter, &listing)?;
            let locks = locks(tx, caller, &users.items)?;
            Answer::ok(&users.map(|user| UserBody::of(&user, locks.get(&user.id).copied())))
        })
        .await
}

/// Add a standard user; the claim link goes out by mail.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users", request_body = NewUser,
    responses((status = 201, body = UserBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn add(request: Request, input: JsonBody<NewUser>, _: NoQuery) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let user = add_user(tx, caller, &input)?;
            let location = format!("/api/v1/users/{}", user.id);
            let answer = Answer::created(&location, &body(tx, caller, &user)?)?;
            Ok(answer.with_etag(version_tag(user.id, user.version)))
        })
        .await
}

/// Show a standard user.
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| {
            let user = find_user(tx, caller, *id)?;
            answer(tx, caller, &user)
        })
        .await
}

/// Change a standard user: the person and their place.
#[utoipa::path(
    patch, path = "/api/v1/users/{id}", tag = "users", params(("id" = Uuid, Path)), request_body = UserPatch,
    responses((status = 200, body = UserBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(
    request: Request,
    id: web::Path<Uuid>,
    patch: JsonBody<UserPatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let patch = patch.into_inner();
    request
        .write(move |tx, caller| {
            let user = update_user(tx, caller, *id, &patch)?;
            answer(tx, caller, &user)
        })
        .await
}

/// Delete a standard user; a tombstone stays.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "users", params(("id" = Uuid, Path), DeleteParams),
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn delete(
    request: Request,
    id: web::Path<Uuid>,
    QueryParams(params, _): QueryParams<DeleteParams>,
) -> Result<HttpResponse, Problem> {
    request
        .write(move |tx, caller| {
            delete_user(tx, caller, *id, params.transfer_records_to)?;
            Ok(Answer::no_content())
        })
        .await
}

/// Send a new claim link; every earlier one dies.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/claim-links", tag = "users", params(("id" = Uuid, Path)),
    request_body = Option<ClaimLinkRequest>,
    responses(
        (status = 201, body = ClaimLink, description = "The link itself, shown this once"),
        (status = 202, description = "It goes out by mail"),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn resend(
    request: Request,
    id: web::Path<Uuid>,
    input: OptionalBody<ClaimLinkRequest>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let mut user = user_to_change(tx, caller, *id)?;
            let minted = resend_claim_link(tx, caller, &mut user, input.deliver)?;
            delivered(caller, minted)
        })
        .await
}

/// Switch an account off: access ends at once, the seat is free.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/deactivate", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn deactivate(
    request: Request,
    id: web::Path<Uuid>,
    input: OptionalBody<Nothing>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    run(request, input, move |tx, caller| deactivate_user(tx, caller, *id)).await
}

/// Switch an account on again; takes a seat where there is a license.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/activate", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn activate(
    request: Request,
    id: web::Path<Uuid>,
    input: OptionalBody<Nothing>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    run(request, input, move |tx, caller| activate_user(tx, caller, *id)).await
}

/// Lift the lock after too many wrong passwords.
#[utoipa::path(
    post, path = "/api/v1/users/{id}/unlock", tag = "users", params(("id" = Uuid, Path)),
    responses((status = 200, body = UserBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn unlock(
    request: Request,
    id: web::Path<Uuid>,
    input: OptionalBody<Nothing>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    run(request, input, move |tx, caller| unlock_user(tx, caller, *id)).await
}

async fn run<F>(request: Request, input: OptionalBody<Nothing>, command: F) -> Result<HttpResponse, Problem>
where
    F: Fn(&mut WriteTx<'_>, &Caller<'_>) -> Result<User, UseCaseError> + Send + 'static,
{
    let (Nothing {}, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let user = command(tx, caller)?;
            answer(tx, caller, &user)
        })
        .await
}

/// List a user's reports: the users of both kinds whose role lies below theirs, at any depth.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/reports", tag = "users",
    params(("id" = Uuid, Path), PeopleFilter, PageParams),
    responses((status = 200, body = Page<PersonBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn reports(
    request: Request,
    id: web::Path<Uuid>,
    QueryParams(filter, page): QueryParams<PeopleFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &filter, &SORT)?;
    request
        .read(move |tx, caller| people(caller, list_reports(tx, caller, *id, &filter, &listing)?))
        .await
}

/// List a user's peers: the other users of both kinds with the same role.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/peers", tag = "users",
    params(("id" = Uuid, Path), PeopleFilter, PageParams),
    responses((status = 200, body = Page<PersonBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn peers(
    request: Request,
    id: web::Path<Uuid>,
    QueryParams(filter, page): QueryParams<PeopleFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &filter, &SORT)?;
    request
        .read(move |tx, caller| people(caller, list_peers(tx, caller, *id, &filter, &listing)?))
        .await
}

fn people(caller: &Caller<'_>, page: Page<User>) -> Result<Answer, UseCaseError> {
    Answer::ok(&page.map(|user| PersonBody::of(&user, caller.now)))
}
