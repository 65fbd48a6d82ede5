//! `/guests`: people with access until a day.

use actix_web::{HttpResponse, web};
use uuid::Uuid;
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::users::{User, UserSort};
use vestibule_persistence::{Tx, WriteTx, user_list};

use crate::answer::Answer;
use crate::caller::{Caller, version_tag};
use crate::dto::bulk::{BulkReport, GuestBulk};
use crate::dto::guest::{
    ClaimLink, ClaimLinkRequest, DeleteParams, GuestBody, GuestFilter, GuestInvitation, GuestPatch,
    Reinstate, Revoke,
};
use crate::dto::guest_calendar::{CalendarParams, GuestCalendar};
use crate::error::UseCaseError;
use crate::json_body::{JsonBody, OptionalBody};
use crate::list::{NEWEST_FIRST, SortKeys};
use crate::paging::{Page, PageParams};
use crate::problem::{Problem, ProblemBody};
use crate::query::{NoQuery, QueryParams};
use crate::request::Request;
use crate::use_cases::bulk_guests::bulk_guests;
use crate::use_cases::claim_links::{MintedLink, claim_url, resend_claim_link};
use crate::use_cases::delete_guest::delete_guest;
use crate::use_cases::find_guest::{find_guest, guest_to_change};
use crate::use_cases::find_user::locks;
use crate::use_cases::guest_calendar::guest_calendar;
use crate::use_cases::invite_guest::invite_guest;
use crate::use_cases::revoke_guest::{reinstate_guest, revoke_guest};
use crate::use_cases::update_guest::update_guest;

const SORT: SortKeys<UserSort> = SortKeys {
    words: UserSort::WORDS,
    of: UserSort::from_word,
    default: NEWEST_FIRST,
};

fn body(tx: &mut Tx<'_>, caller: &Caller<'_>, user: &User) -> Result<GuestBody, UseCaseError> {
    let locks = locks(tx, caller, [user])?;
    GuestBody::of(user, locks.get(&user.id).copied(), &caller.org, caller.now)
        .ok_or_else(UseCaseError::not_found)
}

fn answer(tx: &mut Tx<'_>, caller: &Caller<'_>, user: &User) -> Result<Answer, UseCaseError> {
    Ok(Answer::ok(&body(tx, caller, user)?)?.with_etag(version_tag(user.id, user.version)))
}

/// List guests.
#[utoipa::path(
    get, path = "/api/v1/guests", tag = "guests", params(GuestFilter, PageParams),
    responses((status = 200, body = Page<GuestBody>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(filter, page): QueryParams<GuestFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &filter, &SORT)?;
    let query = filter.compile()?;
    request
        .read(move |tx, caller| {
            caller.require(Capability::ManageGuests)?;
            let filter = query.at(caller.now);
            let guests = user_list::list(tx, caller.org.id, &filter, listing.request())?;
            let locks = locks(tx, caller, &guests)?;
            let page = listing.page(
                caller,
                guests,
                |user| user.id.into(),
                UserSort::value_of,
                |user| GuestBody::of(&user, locks.get(&user.id).copied(), &caller.org, caller.now),
                || Ok(user_list::count(tx, caller.org.id, &filter)?),
            )?;
            Answer::ok(&page)
        })
        .await
}

/// Invite a guest; the claim link goes out by mail.
#[utoipa::path(
    post, path = "/api/v1/guests", tag = "guests", request_body = GuestInvitation,
    responses((status = 201, body = GuestBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn invite(
    request: Request,
    input: JsonBody<GuestInvitation>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            let guest = invite_guest(tx, caller, &input)?;
            let location = format!("/api/v1/guests/{}", guest.id);
            let answer = Answer::created(&location, &body(tx, caller, &guest)?)?;
            Ok(answer.with_etag(version_tag(guest.id, guest.version)))
        })
        .await
}

/// Tell on which days the access of guests ends, and how many guests there are.
#[utoipa::path(
    get, path = "/api/v1/guests/calendar", tag = "guests", params(CalendarParams),
    responses((status = 200, body = GuestCalendar), (status = "4XX", body = ProblemBody)),
)]
pub async fn calendar(
    request: Request,
    QueryParams(params, _): QueryParams<CalendarParams>,
) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| Answer::ok(&guest_calendar(tx, caller, params)?))
        .await
}

/// Show a guest.
#[utoipa::path(
    get, path = "/api/v1/guests/{id}", tag = "guests", params(("id" = Uuid, Path)),
    responses((status = 200, body = GuestBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn show(request: Request, id: web::Path<Uuid>, _: NoQuery) -> Result<HttpResponse, Problem> {
    request
        .read(move |tx, caller| {
            let guest = find_guest(tx, caller, *id)?;
            answer(tx, caller, &guest)
        })
        .await
}

/// Change a guest: the person, their place, their last day.
#[utoipa::path(
    patch, path = "/api/v1/guests/{id}", tag = "guests", params(("id" = Uuid, Path)),
    request_body = GuestPatch,
    responses((status = 200, body = GuestBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn update(
    request: Request,
    id: web::Path<Uuid>,
    patch: JsonBody<GuestPatch>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let patch = patch.into_inner();
    request
        .write(move |tx, caller| {
            let guest = update_guest(tx, caller, *id, &patch)?;
            answer(tx, caller, &guest)
        })
        .await
}

/// Delete a guest; a tombstone stays.
#[utoipa::path(
    delete, path = "/api/v1/guests/{id}", tag = "guests", params(("id" = Uuid, Path), DeleteParams),
    responses((status = 204), (status = "4XX", body = ProblemBody)),
)]
pub async fn delete(
    request: Request,
    id: web::Path<Uuid>,
    QueryParams(params, _): QueryParams<DeleteParams>,
) -> Result<HttpResponse, Problem> {
    request
        .write(move |tx, caller| {
            delete_guest(tx, caller, *id, params.transfer_records_to)?;
            Ok(Answer::no_content())
        })
        .await
}

/// Send a new claim link; every earlier one dies.
#[utoipa::path(
    post, path = "/api/v1/guests/{id}/claim-links", tag = "guests", params(("id" = Uuid, Path)),
    request_body = ClaimLinkRequest,
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
            let (mut guest, _) = guest_to_change(tx, caller, *id)?;
            let minted = resend_claim_link(tx, caller, &mut guest, input.deliver)?;
            delivered(caller, minted)
        })
        .await
}

/// The answer to a request for a claim link.
pub fn delivered(caller: &Caller<'_>, minted: Option<MintedLink>) -> Result<Answer, UseCaseError> {
    match minted {
        None => Ok(Answer::accepted()),
        Some(link) => Answer::made(&ClaimLink {
            url: claim_url(caller.app, &link.token),
            expires_at: link.expires_at.into(),
        }),
    }
}

/// End a guest's access at once.
#[utoipa::path(
    post, path = "/api/v1/guests/{id}/revoke", tag = "guests", params(("id" = Uuid, Path)),
    request_body = Revoke,
    responses((status = 200, body = GuestBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn revoke(
    request: Request,
    id: web::Path<Uuid>,
    input: OptionalBody<Revoke>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    run(request, sha256, move |tx, caller| {
        revoke_guest(tx, caller, *id, &input)
    })
    .await
}

/// Give a revoked guest access again.
#[utoipa::path(
    post, path = "/api/v1/guests/{id}/reinstate", tag = "guests", params(("id" = Uuid, Path)),
    request_body = Reinstate,
    responses((status = 200, body = GuestBody), (status = "4XX", body = ProblemBody)),
)]
pub async fn reinstate(
    request: Request,
    id: web::Path<Uuid>,
    input: JsonBody<Reinstate>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    run(request, sha256, move |tx, caller| {
        reinstate_guest(tx, caller, *id, &input)
    })
    .await
}

async fn run<F>(request: Request, sha256: [u8; 32], command: F) -> Result<HttpResponse, Problem>
where
    F: Fn(&mut WriteTx<'_>, &Caller<'_>) -> Result<User, UseCaseError> + Send + 'static,
{
    request
        .write_once(sha256, move |tx, caller| {
            let guest = command(tx, caller)?;
            answer(tx, caller, &guest)
        })
        .await
}

/// Run one command for many guests.
#[utoipa::path(
    post, path = "/api/v1/guests/bulk", tag = "guests", request_body = GuestBulk,
    responses((status = 200, body = BulkReport), (status = "4XX", body = ProblemBody)),
)]
pub async fn bulk(request: Request, input: JsonBody<GuestBulk>, _: NoQuery) -> Result<HttpResponse, Problem> {
    let (input, sha256) = input.into_parts();
    request
        .write_once(sha256, move |tx, caller| {
            Answer::ok(&bulk_guests(tx, caller, &input)?)
        })
        .await
}
