//! `/me`: one's own account.

use actix_web::HttpResponse;
use vestibule_persistence::Tx;
use vestibule_persistence::users::User;

use crate::answer::Answer;
use crate::caller::{Caller, version_tag};
use crate::dto::me::{MeBody, MePatch};
use crate::dto::password::PasswordChange;
use crate::error::UseCaseError;
use crate::json_body::JsonBody;
use crate::problem::{Problem, ProblemBody};
use crate::query::NoQuery;
use crate::request::Request;
use crate::use_cases::change_my_password::change_my_password;
use crate::use_cases::my_place::my_place;
use crate::use_cases::update_my_settings::update_my_settings;

fn answer(tx: &mut Tx<'_>, caller: &Caller<'_>, user: &User) -> Result<Answer, UseCaseError> {
    let place = my_place(tx, caller)?;
    Ok(Answer::ok(&MeBody::of(caller, user, place))?.with_etag(version_tag(user.id, user.version)))
}

/// Show my account.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "me",
    responses((status = 200, body = MeBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(request: Request, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(|tx, caller| answer(tx, caller, &caller.subject()?.user))
        .await
}

/// Change my personal settings.
///
/// Everything else about an account is for administrators: `guest_restricted` for guests, `not_self_service` for
/// standard users, naming every such field.
#[utoipa::path(
    patch, path = "/api/v1/me", tag = "me", request_body = MePatch,
    responses((status = 200, body = MeBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(request: Request, patch: JsonBody<MePatch>, _: NoQuery) -> Result<HttpResponse, Problem> {
    let patch = patch.into_inner().known()?;
    request
        .write(move |tx, caller| {
            let user = update_my_settings(tx, caller, &patch)?;
            answer(tx, caller, &user)
        })
        .await
}

/// Change my password; every other session of mine ends.
#[utoipa::path(
    put, path = "/api/v1/me/password", tag = "me", request_body = PasswordChange,
    responses(
        (status = 204),
        (status = 422, body = ProblemBody, description = "`current_password_wrong`, `password_policy`"),
        (status = "4XX", body = ProblemBody),
    ),
)]
pub async fn change_password(
    request: Request,
    input: JsonBody<PasswordChange>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let input = input.into_inner();
    request
        .in_steps(move |steps| {
            change_my_password(steps, &input)?;
            Ok(Answer::no_content())
        })
        .await
}
