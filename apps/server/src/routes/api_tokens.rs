//! `/api-tokens`: access for programs.

use actix_web::{HttpResponse, web};
use uuid::Uuid;
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::api_tokens::{self, ApiTokenFilter, ApiTokenSort};

use crate::answer::Answer;
use crate::caller::version_tag;
use crate::dto::api_token::{ApiTokenBody, ApiTokenRequest, NewApiTokenBody};
use crate::json_body::JsonBody;
use crate::list::{NEWEST_FIRST, SortKeys};
use crate::paging::{Page, PageParams};
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoParams, NoQuery, QueryParams};
use crate::request::Request;
use crate::use_cases::create_api_token::create_api_token;
use crate::use_cases::delete_api_token::{TOKEN_VERSION, delete_api_token};

const SORT: SortKeys<ApiTokenSort> = SortKeys {
    words: ApiTokenSort::WORDS,
    of: ApiTokenSort::from_word,
    default: NEWEST_FIRST,
};

/// List my API tokens, and those of services for who may manage the organization.
#[utoipa::path(
    get, path = "/api/v1/api-tokens", tag = "api-tokens", params(PageParams),
    responses((status = 200, body = Page<ApiTokenBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(page, _): QueryParams<PageParams, NoParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &(), &SORT)?;
    request
        .read(move |tx, caller| {
            let me = &caller.subject()?.user;
            let filter = ApiTokenFilter {
                of_user: Some(me.id),
                and_services: caller.holds(Capability::ManageOrg),
            };
            let tokens = api_tokens::list(tx, caller.org.id, &filter, listing.request())?;
            let page = listing.page(
                caller,
                tokens,
                |token| token.id.into(),
                ApiTokenSort::value_of,
                |token| ApiTokenBody::of(&token, me, caller.now),
                || Ok(api_tokens::count(tx, caller.org.id, &filter)?),
            )?;
            Answer::ok(&page)
        })
        .await
}

/// Make an API token; its secret is shown this once.
#[utoipa::path(
    post, path = "/api/v1/api-tokens", tag = "api-tokens", request_body = ApiTokenRequest,
    responses((status = 201, body = NewApiTokenBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn create(
    request: Request,
    input: JsonBody<ApiTokenRequest>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let new = create_api_token(tx, caller, &input)?;
            let body = NewApiTokenBody::of(&new, &caller.subject()?.user, caller.now);
            Ok(Answer::made(&body)?.with_etag(version_tag(new.token.id, TOKEN_VERSION)))
        })
        .await
}

/// Delete an API token: it is refused from the next request on.
#[utoipa::path(
    delete, path = "/api/v1/api-tokens/{id}", tag = "api-tokens", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn delete(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .write(move |tx, caller| {
            delete_api_token(tx, caller, *id)?;
            Ok(Answer::no_content())
        })
        .await
}
