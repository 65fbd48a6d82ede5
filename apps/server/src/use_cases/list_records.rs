//! Lists of records: exactly those that the caller views, filtered, sorted, page by page.

use vestibule_custom_objects::{Attribute, Filter, Operator, parse_sort};
use vestibule_persistence::records::{self, RecordQuery};
use vestibule_persistence::{Direction, Tx};

use crate::caller::Caller;
use crate::dto::record::{RecordBody, RecordFilter, RecordPage};
use crate::error::UseCaseError;
use crate::list::Listing;
use crate::paging::{ListIdentity, PageParams, Sort};
use crate::use_cases::record_door::RecordDoor;
use crate::use_cases::record_names::Mentioned;

/// The newest first.
const DEFAULT_SORT: &str = "-created_at";

/// A page of the records of an object. Somebody who views none gets an empty list; somebody who doesn't even get to
/// know the object is told nothing about its fields either.
///
/// # Errors
/// 404 when there is no such object; 400 `invalid_filter`, `unknown_field`, `filter_type_mismatch`,
/// `filter_too_large`, `invalid_sort`, `invalid_cursor`.
pub fn list_records(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    key: &str,
    route: &str,
    wanted: &RecordFilter,
    params: &PageParams,
) -> Result<RecordPage, UseCaseError> {
    let door = RecordDoor::open(tx, caller, key)?;
    if !door.is_known() {
        return Ok(RecordPage {
            items: Vec::new(),
            next_cursor: None,
            total: params.count.then_some(0),
            names: wanted.names.then(Default::default),
        });
    }
    let object = &door.object.object;
    let filter = compile(&door, wanted)?;
    let listing = listing(caller, &door, route, wanted, params)?;
    let reach = door.list_reach();
    let query = RecordQuery {
        filter: filter.as_ref(),
        page: listing.request(),
    };
    let found = records::page(tx, door.org(), &door.object, &reach, &query)?;
    let rights = door.rights();
    let mut mentioned = Mentioned::default();
    let page = listing.page(
        caller,
        found,
        |record| record.id.into(),
        |attribute, record| records::sort_value(attribute, record, object),
        |record| {
            mentioned.note(object, &record);
            RecordBody::of(object, &record, rights.on(&record))
        },
        || {
            Ok(records::count(
                tx,
                door.org(),
                &door.object,
                &reach,
                filter.as_ref(),
            )?)
        },
    )?;
    let names = match wanted.names {
        true => Some(mentioned.names(tx, &door)?),
        false => None,
    };
    Ok(RecordPage {
        items: page.items,
        next_cursor: page.next_cursor,
        total: page.total,
        names,
    })
}

/// Both ways of filtering, as one condition.
fn compile(door: &RecordDoor, wanted: &RecordFilter) -> Result<Option<Filter>, UseCaseError> {
    let mut all = Vec::new();
    if let Some(external_id) = &wanted.external_id {
        all.push(Filter::Compare {
            attribute: Attribute::ExternalId,
            op: Operator::Eq,
            key: external_id.clone(),
        });
    }
    if let Some(text) = &wanted.filter {
        let filter = Filter::parse(text, &door.object.object);
        all.push(
            filter
                .map_err(|refused| UseCaseError::malformed("?filter", refused.code(), refused.to_string()))?,
        );
    }
    Ok(match all.len() {
        0 => None,
        1 => all.pop(),
        _ => Some(Filter::And(all)),
    })
}

fn listing(
    caller: &Caller<'_>,
    door: &RecordDoor,
    route: &str,
    wanted: &RecordFilter,
    params: &PageParams,
) -> Result<Listing<Attribute>, UseCaseError> {
    let sort = params.sort.as_deref().unwrap_or(DEFAULT_SORT);
    let order = parse_sort(sort, &door.object.object)
        .map_err(|refused| UseCaseError::malformed("?sort", refused.code(), refused.to_string()))?;
    let order = order.into_iter().map(|(attribute, descending)| match descending {
        true => (attribute, Direction::Descending),
        false => (attribute, Direction::Ascending),
    });
    let identity = ListIdentity::new(door.org().into(), route, &(wanted, sort), &Sort::default());
    Listing::of(caller.app, params, identity, order.collect()).map_err(|problem| {
        UseCaseError::malformed("?cursor", "invalid_cursor", problem.body().detail.clone())
    })
}
