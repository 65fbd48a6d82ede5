//! Pages of a list: sort keys, positions and the predicate "everything after this position".

use serde::{Deserialize, Serialize};
use time::UtcDateTime;
use uuid::Uuid;

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// The value of one sort key of one row, as a cursor carries it. Absent values come last in either direction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortValue {
    /// No value.
    Null,
    /// Text, compared by its UTF-8 bytes on both databases.
    Text(String),
    /// An instant, in microseconds since 1970.
    Instant(i64),
}

impl SortValue {
    /// The sort value of an instant.
    #[must_use]
    pub fn instant(at: UtcDateTime) -> Self {
        SortValue::Instant(i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX))
    }

    /// The sort value of an instant that may be missing.
    #[must_use]
    pub fn optional_instant(at: Option<UtcDateTime>) -> Self {
        at.map_or(SortValue::Null, SortValue::instant)
    }

    pub(crate) fn as_instant(&self) -> crate::types::DbInstant {
        let micros = if let SortValue::Instant(micros) = self {
            *micros
        } else {
            0
        };
        let at = UtcDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000);
        crate::types::DbInstant(at.unwrap_or(UtcDateTime::UNIX_EPOCH))
    }

    pub(crate) fn as_text(&self) -> String {
        if let SortValue::Text(text) = self {
            text.clone()
        } else {
            String::new()
        }
    }
}

/// The row after which a page starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// One value per sort key.
    pub values: Vec<SortValue>,
    /// The row's id, which breaks ties.
    pub id: Uuid,
}

/// Which part of a list to load, in which order. The id always breaks ties, so the order is total.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRequest<S> {
    /// Sort keys, most important first; may be empty.
    pub sort: Vec<(S, Direction)>,
    /// Where the previous page ended.
    pub after: Option<Position>,
    /// How many rows at most.
    pub limit: i64,
}

impl<S: Copy> PageRequest<S> {
    /// Everything in one page, for lists that are bounded by nature.
    #[must_use]
    pub fn everything() -> Self {
        PageRequest {
            sort: Vec::new(),
            after: None,
            limit: i64::MAX,
        }
    }

    /// The direction in which ids break ties: that of the last sort key.
    pub(crate) fn tie_break(&self) -> Direction {
        self.sort
            .last()
            .map_or(Direction::Ascending, |(_, direction)| *direction)
    }
}

/// The form in which names are sorted and searched: trimmed and lower case.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Escapes text for use inside a LIKE pattern with `\` as the escape character.
pub(crate) fn like_contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Defines the sort keys of a table: their public words, the ORDER BY of each and the predicate for what follows a
/// position. `key >= value` stands beside the exact test so that the index on the key can be used.
macro_rules! sortable {
    (
        $(#[$meta:meta])*
        pub enum $name:ident on $table:ident {
            $( $(#[$vmeta:meta])* $variant:ident = $word:literal => $kind:ident $column:ident, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $( $(#[$vmeta])* $variant, )* }

        impl $name {
            /// The public words of all keys.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// The key with this public word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )* _ => None }
            }

            /// Orders a query and starts it after the requested position.
            pub(crate) fn page<'q>(
                mut query: crate::schema::$table::BoxedQuery<'q, crate::connection::MultiBackend>,
                request: &crate::listing::PageRequest<Self>,
            ) -> crate::schema::$table::BoxedQuery<'q, crate::connection::MultiBackend> {
                use crate::listing::Direction;
                use crate::schema::$table as t;
                if let Some(position) = &request.after {
                    query = query.filter(Self::beyond(request, position));
                }
                for (key, direction) in &request.sort {
                    query = match (key, direction) {
                        $(
                            (Self::$variant, Direction::Ascending) =>
                                crate::listing::sortable!(@order $kind query, t::$column, asc),
                            (Self::$variant, Direction::Descending) =>
                                crate::listing::sortable!(@order $kind query, t::$column, desc),
                        )*
                    };
                }
                match request.tie_break() {
                    Direction::Ascending => query.then_order_by(t::id.asc()),
                    Direction::Descending => query.then_order_by(t::id.desc()),
                }
                .limit(request.limit)
            }

            fn beyond(
                request: &crate::listing::PageRequest<Self>,
                position: &crate::listing::Position,
            ) -> Box<
                dyn diesel::expression::BoxableExpression<
                    crate::schema::$table::table,
                    crate::connection::MultiBackend,
                    SqlType = diesel::sql_types::Bool,
                >,
            > {
                use crate::listing::{Direction, SortValue};
                use crate::schema::$table as t;
                let last = crate::types::DbId(position.id);
                let mut rest: Box<
                    dyn diesel::expression::BoxableExpression<
                        crate::schema::$table::table,
                        crate::connection::MultiBackend,
                        SqlType = diesel::sql_types::Bool,
                    >,
                > = match request.tie_break() {
                    Direction::Ascending => Box::new(t::id.gt(last)),
                    Direction::Descending => Box::new(t::id.lt(last)),
                };
                for ((key, direction), value) in request.sort.iter().zip(&position.values).rev() {
                    rest = match (key, direction, value) {
                        $(
                            (Self::$variant, direction, value) =>
                                crate::listing::sortable!(@beyond $kind t::$column, direction, value, rest),
                        )*
                    };
                }
                let _ = SortValue::Null;
                rest
            }
        }
    };
    (@order optional_instant $query:ident, $column:path, $way:ident) => {
        $query.then_order_by($column.is_null().asc()).then_order_by($column.$way())
    };
    (@order $kind:ident $query:ident, $column:path, $way:ident) => { $query.then_order_by($column.$way()) };
    (@beyond text $column:path, $direction:ident, $value:ident, $rest:ident) => {
        crate::listing::sortable!(@exact $column, $direction, $value.as_text(), $rest)
    };
    (@beyond instant $column:path, $direction:ident, $value:ident, $rest:ident) => {
        crate::listing::sortable!(@exact $column, $direction, $value.as_instant(), $rest)
    };
    (@beyond optional_text $column:path, $direction:ident, $value:ident, $rest:ident) => {
        crate::listing::sortable!(@exact $column.assume_not_null(), $direction, $value.as_text(), $rest)
    };
    (@beyond present_instant $column:path, $direction:ident, $value:ident, $rest:ident) => {
        crate::listing::sortable!(@exact $column.assume_not_null(), $direction, $value.as_instant(), $rest)
    };
    (@beyond optional_instant $column:path, $direction:ident, $value:ident, $rest:ident) => {
        match ($direction, $value) {
            (_, SortValue::Null) => Box::new($column.is_null().and($rest)),
            (Direction::Ascending, value) => {
                let at = value.as_instant();
                let present = $column.assume_not_null();
                Box::new($column.is_null().or(present.gt(at)).or(present.eq(at).and($rest)))
            }
            (Direction::Descending, value) => {
                let at = value.as_instant();
                let present = $column.assume_not_null();
                Box::new($column.is_null().or(present.lt(at)).or(present.eq(at).and($rest)))
            }
        }
    };
    (@exact $column:expr, $direction:ident, $value:expr, $rest:ident) => {{
        let value = $value;
        match $direction {
            Direction::Ascending => Box::new(
                $column.ge(value.clone()).and($column.gt(value.clone()).or($column.eq(value).and($rest))),
            ),
            Direction::Descending => Box::new(
                $column.le(value.clone()).and($column.lt(value.clone()).or($column.eq(value).and($rest))),
            ),
        }
    }};
}
pub(crate) use sortable;
