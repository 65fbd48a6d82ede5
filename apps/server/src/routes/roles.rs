//! `/roles`: the tree that says whose records somebody reaches.

use actix_web::{HttpResponse, web};
use uuid::Uuid;
use vestibule_persistence::Tx;
use vestibule_persistence::roles::{self, Role, RoleSort};

use crate::answer::Answer;
use crate::caller::{Caller, version_tag};
use crate::dto::role::{NewRole, RoleBody, RoleDeleteParams, RoleListFilter, RolePatch};
use crate::dto::role_move::{RoleMoveBody, RoleMovePreview};
use crate::error::UseCaseError;
use crate::json_body::JsonBody;
use crate::list::{BY_NAME, SortKeys};
use crate::paging::{Page, PageParams};
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoQuery, QueryParams};
use crate::request::Request;
use crate::use_cases::add_role::add_role;
use crate::use_cases::delete_role::delete_role;
use crate::use_cases::list_roles::list_roles;
use crate::use_cases::preview_role_move::preview_role_move;
use crate::use_cases::role_tree::find_role;
use crate::use_cases::update_role::update_role;

const SORT: SortKeys<RoleSort> = SortKeys {
    words: RoleSort::WORDS,
    of: RoleSort::from_word,
    default: BY_NAME,
};

fn body(tx: &mut Tx<'_>, caller: &Caller<'_>, role: &Role) -> Result<RoleBody, UseCaseError> {
    Ok(RoleBody::of(
        role,
        roles::count_users(tx, caller.org.id, role.id)?,
    ))
}

fn answer(tx: &mut Tx<'_>, caller: &Caller<'_>, role: &Role) -> Result<Answer, UseCaseError> {
    Ok(Answer::ok(&body(tx, caller, role)?)?.with_etag(version_tag(role.id, role.version)))
}

/// List roles.
#[utoipa::path(
    get, path = "/api/v1/roles", tag = "roles", params(RoleListFilter, PageParams),
    responses((status = 200, body = Page<RoleBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(filter, page): QueryParams<RoleListFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &filter, &SORT)?;
    let filter = filter.compile();
    request
        .read(move |tx, caller| Answer::ok(&list_roles(tx, caller, &filter, &listing)?))
        .await
}

/// Add a role below another one, or at the top.
#[utoipa::path(
    post, path = "/api/v1/roles", tag = "roles", request_body = NewRole,
    responses((status = 201, body = RoleBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn add(request: Request, input: JsonBody<NewRole>, _: NoQuery) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let role = add_role(tx, caller, &input)?;
            let location = format!("/api/v1/roles/{}", role.id);
            let answer = Answer::created(&location, &body(tx, caller, &role)?)?;
            Ok(answer.with_etag(version_tag(role.id, role.version)))
        })
        .await
}

/// Show a role.
#[utoipa::path(
    get, path = "/api/v1/roles/{id}", tag = "roles", params(("id" = Uuid, Path)),
    responses((status = 200, body = RoleBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| {
            let role = find_role(tx, caller, *id)?;
            answer(tx, caller, &role)
        })
        .await
}

/// Rename a role, or move it with everything below it.
///
/// `If-Match` takes the `ETag` of the role, or that of a preview of this very move.
#[utoipa::path(
    patch, path = "/api/v1/roles/{id}", tag = "roles", params(("id" = Uuid, Path)), request_body = RolePatch,
    responses((status = 200, body = RoleBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(
    request: Request,
    id: web::Path<Uuid>,
    patch: JsonBody<RolePatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let patch = patch.into_inner();
    request
        .write(move |tx, caller| {
            let role = update_role(tx, caller, *id, &patch)?;
            answer(tx, caller, &role)
        })
        .await
}

/// Tell who would gain and lose what if a role were moved; nothing is saved.
///
/// Counts exactly, over all records and the users who have access at present. The `ETag`, given as `If-Match` to the
/// `PATCH` that moves the role, makes that one 412 when it would not do any more what the preview told.
#[utoipa::path(
    post, path = "/api/v1/roles/{id}/preview", tag = "roles", params(("id" = Uuid, Path)),
    request_body = RoleMoveBody,
    responses((status = 200, body = RoleMovePreview), (status = "4XX", body = ProblemBody)),
)]
pub async fn preview(
    request: Request,
    id: web::Path<Uuid>,
    input: JsonBody<RoleMoveBody>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let parent = input.into_inner().parent_id;
    // Nothing changes, so a repeated request may well get a newer answer.
    request
        .read(move |tx, caller| {
            let (body, tag) = preview_role_move(tx, caller, *id, parent)?;
            Ok(Answer::ok(&body)?.with_etag(tag))
        })
        .await
}

/// Delete a role; its users and children go where `move_to` says.
#[utoipa::path(
    delete, path = "/api/v1/roles/{id}", tag = "roles", params(("id" = Uuid, Path), RoleDeleteParams),
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn delete(
    request: Request,
    id: web::Path<Uuid>,
    QueryParams(params, _): QueryParams<RoleDeleteParams>,
) -> Result<HttpResponse, Problem> {
    request
        .write(move |tx, caller| {
            delete_role(tx, caller, *id, params.move_to.map(|to| to.0))?;
            Ok(Answer::no_content())
        })
        .await
}
