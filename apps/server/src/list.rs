//! From a list's query parameters to a page of the database, and back to a page of the API.

use serde::Serialize;
use uuid::Uuid;
use vestibule_persistence::{Direction, PageRequest, Position, SortValue};

use crate::app::App;
use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::paging::{ListIdentity, Page, PageParams, Sort, SortKey};
use crate::problem::Problem;
use crate::request::Request;

/// The sort keys of a list: the published words, what they mean, and the order when none is asked for.
pub struct SortKeys<S> {
    /// The published words.
    pub words: &'static [&'static str],
    /// The key of a word.
    pub of: fn(&str) -> Option<S>,
    /// The order when none is asked for.
    pub default: &'static [SortKey],
}

/// The newest first.
pub const NEWEST_FIRST: &[SortKey] = &[SortKey {
    key: "created_at",
    descending: true,
}];

/// By name, from A to Z.
pub const BY_NAME: &[SortKey] = &[ascending("name")];

/// People by last name, then first name, from A to Z.
pub const BY_LAST_NAME: &[SortKey] = &[ascending("last_name"), ascending("first_name")];

const fn ascending(key: &'static str) -> SortKey {
    SortKey {
        key,
        descending: false,
    }
}

/// A list that was asked for: where to start, in which order, how much.
pub struct Listing<S> {
    identity: ListIdentity,
    request: PageRequest<S>,
    limit: usize,
    count: bool,
}

impl Request {
    /// Reads the list parameters, tied to this route, this org and these filters.
    ///
    /// # Errors
    /// 400 `invalid_sort` or `invalid_cursor`.
    pub fn listing<S: Copy>(
        &self,
        params: &PageParams,
        filters: &impl Serialize,
        keys: &SortKeys<S>,
    ) -> Result<Listing<S>, Problem> {
        let sort = Sort::parse(params.sort.as_deref(), keys.words, keys.default)?;
        let identity = ListIdentity::new(self.org(), self.route(), filters, &sort);
        let mut order = Vec::with_capacity(sort.keys().len());
        for key in sort.keys() {
            let direction = if key.descending {
                Direction::Descending
            } else {
                Direction::Ascending
            };
            order.extend((keys.of)(key.key).map(|k| (k, direction)));
        }
        Listing::of(self.app(), params, identity, order)
    }
}

fn position(values: &[serde_json::Value]) -> Result<Position, Problem> {
    let refused =
        || Problem::bad_request("invalid_cursor", "this cursor is of another version").at("?cursor");
    serde_json::from_value(values.first().cloned().unwrap_or_default()).map_err(|_| refused())
}

impl<S: Copy> Listing<S> {
    /// The list of this identity in this order, from where its parameters say.
    ///
    /// # Errors
    /// 400 `invalid_cursor`.
    pub fn of(
        app: &App,
        params: &PageParams,
        identity: ListIdentity,
        order: Vec<(S, Direction)>,
    ) -> Result<Self, Problem> {
        let after = match &params.cursor {
            Some(cursor) => Some(position(&app.cursors.open(&identity, cursor)?)?),
            None => None,
        };
        let limit = params.limit.get();
        Ok(Listing {
            identity,
            // One row more than the page holds tells whether another page follows.
            request: PageRequest {
                sort: order,
                after,
                limit: i64::from(limit) + 1,
            },
            limit: usize::from(limit),
            count: params.count,
        })
    }

    /// What to ask of the database.
    pub fn request(&self) -> &PageRequest<S> {
        &self.request
    }

    /// Makes the page of the rows that the database gave, counting all of them only when that was asked for.
    ///
    /// # Errors
    /// When the count fails.
    pub fn page<T, U>(
        &self,
        caller: &Caller<'_>,
        mut rows: Vec<T>,
        place: impl Fn(&T) -> Uuid,
        value: impl Fn(S, &T) -> SortValue,
        convert: impl FnMut(T) -> U,
        count: impl FnOnce() -> Result<i64, UseCaseError>,
    ) -> Result<Page<U>, UseCaseError> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next_cursor = match rows.last() {
            Some(last) if more => {
                let values = self
                    .request
                    .sort
                    .iter()
                    .map(|(key, _)| value(*key, last))
                    .collect();
                let position = serde_json::to_value(Position {
                    values,
                    id: place(last),
                })
                .map_err(|e| UseCaseError::Internal(e.to_string()))?;
                Some(caller.app.cursors.seal(&self.identity, &[position]))
            }
            _ => None,
        };
        let total = if self.count {
            Some(u64::try_from(count()?).unwrap_or(0))
        } else {
            None
        };
        Ok(Page {
            items: rows.into_iter().map(convert).collect(),
            next_cursor,
            total,
        })
    }
}
