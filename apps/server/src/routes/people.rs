//! `/people`: the names of people, for pickers and labels.

use actix_web::HttpResponse;
use vestibule_persistence::users::UserSort;

use crate::answer::Answer;
use crate::dto::people::{PeopleNamesFilter, PersonName};
use crate::list::{BY_LAST_NAME, SortKeys};
use crate::paging::{Page, PageParams};
use crate::problem::{Problem, ProblemBody};
use crate::query::QueryParams;
use crate::request::Request;
use crate::use_cases::list_people::list_people;

/// Nothing by which a list could tell more than it shows.
const SORT: SortKeys<UserSort> = SortKeys {
    words: &["last_name", "first_name"],
    of: UserSort::from_word,
    default: BY_LAST_NAME,
};

/// List people of both kinds by name, as far as the caller sees them.
///
/// Those who administer people or access, or read the audit log, see everybody. Other standard users see everybody in
/// good standing, without emails. Guests see themselves, their sponsor, their peers and reports.
#[utoipa::path(
    get, path = "/api/v1/people", tag = "people", params(PeopleNamesFilter, PageParams),
    responses((status = 200, body = Page<PersonName>), (status = "4XX", body = ProblemBody)),
)]
pub async fn list(
    request: Request,
    QueryParams(filter, page): QueryParams<PeopleNamesFilter, PageParams>,
) -> Result<HttpResponse, Problem> {
    let listing = request.listing(&page, &filter, &SORT)?;
    let ids = filter.ids()?;
    request
        .read(move |tx, caller| Answer::ok(&list_people(tx, caller, &filter, ids.as_deref(), &listing)?))
        .await
}
