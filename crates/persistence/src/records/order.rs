//! The order of a list: by sort keys, absent values last in either direction, then by id, so that it is total; and
//! what lies beyond a position in it.

use uuid::Uuid;
use vestibule_custom_objects::{Attribute, FieldNumber, Object};

use super::row::Record;
use crate::listing::{Direction, PageRequest, Position, SortValue};
use crate::statement::Statement;

/// Where a query finds the columns that records are ordered by.
#[derive(Clone, Copy)]
pub(super) struct Source {
    pub(super) alias: &'static str,
    pub(super) id: &'static str,
}

impl Source {
    /// `records r`.
    pub(super) const RECORDS: Source = Source { alias: "r", id: "id" };

    /// Something with a `record_id`.
    pub(super) const fn naming_records(alias: &'static str) -> Self {
        Source {
            alias,
            id: "record_id",
        }
    }
}

/// Which index can give a page in its order, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ordered {
    ById,
    ByCreation,
    ByUpdate,
    /// By a field, an external id or several keys: rows must be sorted.
    Otherwise,
}

impl Ordered {
    pub(super) fn of(page: &PageRequest<Attribute>) -> Self {
        match keys(page) {
            [] | [(Attribute::Id, _)] => Ordered::ById,
            [(Attribute::CreatedAt, _)] | [(Attribute::CreatedAt, _), (Attribute::Id, _)]
                if one_direction(page) =>
            {
                Ordered::ByCreation
            }
            [(Attribute::UpdatedAt, _)] | [(Attribute::UpdatedAt, _), (Attribute::Id, _)]
                if one_direction(page) =>
            {
                Ordered::ByUpdate
            }
            _ => Ordered::Otherwise,
        }
    }

    /// The column of the index before the id.
    pub(super) fn column(self) -> Option<&'static str> {
        match self {
            Ordered::ByCreation => Some("created_at"),
            Ordered::ByUpdate => Some("updated_at"),
            Ordered::ById | Ordered::Otherwise => None,
        }
    }
}

/// The keys that matter: none after the id, which no two records share.
fn keys(page: &PageRequest<Attribute>) -> &[(Attribute, Direction)] {
    let last = page.sort.iter().position(|(key, _)| *key == Attribute::Id);
    last.and_then(|last| page.sort.get(..=last)).unwrap_or(&page.sort)
}

/// The direction of the ids, unless they are a key themselves.
fn tie(page: &PageRequest<Attribute>) -> Option<Direction> {
    match keys(page).last() {
        Some((Attribute::Id, _)) => None,
        Some((_, direction)) => Some(*direction),
        None => Some(Direction::Ascending),
    }
}

fn one_direction(page: &PageRequest<Attribute>) -> bool {
    let mut directions = keys(page).iter().map(|(_, direction)| *direction);
    let first = directions.next();
    directions.all(|direction| Some(direction) == first)
}

pub(super) fn is_nullable(attribute: Attribute) -> bool {
    matches!(attribute, Attribute::ExternalId | Attribute::Field { .. })
}

/// The text by which records are compared by a field.
pub(super) fn sort_key(sql: &mut Statement, alias: &str, number: FieldNumber) {
    // PostgreSQL compares texts by the rules of a language unless told otherwise.
    let by_bytes = sql.dialect.pick(r#" COLLATE "C""#, "");
    sql.sql(&format!("({alias}.sort_keys->>'{}'){by_bytes}", number.get()));
}

/// What records are compared by.
pub(super) fn expression(sql: &mut Statement, attribute: Attribute, source: Source) {
    match attribute {
        Attribute::Id => sql.sql(source.alias).sql(".").sql(source.id),
        Attribute::ExternalId => sql.sql(source.alias).sql(".external_id"),
        Attribute::CreatedAt => sql.sql(source.alias).sql(".created_at"),
        Attribute::UpdatedAt => sql.sql(source.alias).sql(".updated_at"),
        Attribute::Field { number, .. } => {
            sort_key(sql, source.alias, number);
            sql
        }
    };
}

const fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => " ASC",
        Direction::Descending => " DESC",
    }
}

/// ` ORDER BY …`
pub(super) fn order_by(sql: &mut Statement, page: &PageRequest<Attribute>, source: Source) {
    sql.sql(" ORDER BY ");
    let tie = tie(page).map(|direction| (Attribute::Id, direction));
    sql.list(
        keys(page).iter().copied().chain(tie),
        |sql, (attribute, direction)| {
            expression(sql, attribute, source);
            sql.sql(word(direction));
            if is_nullable(attribute) {
                sql.sql(" NULLS LAST");
            }
        },
    );
}

/// ` AND …`: only what comes after the page's position.
pub(super) fn beyond(sql: &mut Statement, page: &PageRequest<Attribute>, source: Source) {
    let Some(position) = &page.after else { return };
    sql.sql(" AND ");
    match (Ordered::of(page).column(), position.values.first()) {
        (Some(column), Some(value)) => {
            let Source { alias, id } = source;
            let direction = keys(page).first().map(|(_, direction)| *direction);
            sql.sql(&format!("({alias}.{column}, {alias}.{id})"))
                .sql(after(direction.unwrap_or(Direction::Ascending)))
                .sql("(")
                .at(value.as_instant())
                .sql(", ")
                .id(position.id)
                .sql(")");
        }
        _ => beyond_keys(sql, page, position, source, 0),
    }
}

const fn after(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => " > ",
        Direction::Descending => " < ",
    }
}

/// Beyond the position as told by the keys from the `n`-th on, all earlier ones being equal.
fn beyond_keys(
    sql: &mut Statement,
    page: &PageRequest<Attribute>,
    position: &Position,
    source: Source,
    n: usize,
) {
    let (Some((attribute, direction)), Some(value)) = (keys(page).get(n), position.values.get(n)) else {
        match tie(page) {
            Some(direction) => {
                expression(sql, Attribute::Id, source);
                sql.sql(after(direction)).id(position.id);
            }
            None => {
                sql.sql("1 = 0");
            }
        }
        return;
    };
    sql.sql("(");
    if *value == SortValue::Null {
        expression(sql, *attribute, source);
        sql.sql(" IS NULL");
    } else {
        if is_nullable(*attribute) {
            expression(sql, *attribute, source);
            sql.sql(" IS NULL OR ");
        }
        expression(sql, *attribute, source);
        sql.sql(after(*direction));
        bound(sql, *attribute, value);
        sql.sql(" OR ");
        expression(sql, *attribute, source);
        sql.sql(" = ");
        bound(sql, *attribute, value);
    }
    sql.sql(" AND ");
    beyond_keys(sql, page, position, source, n + 1);
    sql.sql(")");
}

fn bound(sql: &mut Statement, attribute: Attribute, value: &SortValue) {
    match attribute {
        Attribute::Id => sql.id(Uuid::parse_str(&value.as_text()).unwrap_or_default()),
        Attribute::CreatedAt | Attribute::UpdatedAt => sql.at(value.as_instant()),
        Attribute::ExternalId | Attribute::Field { .. } => sql.words(value.as_text()),
    };
}

/// The value by which a record stands where it stands in a list sorted by this attribute.
#[must_use]
pub fn sort_value(attribute: Attribute, record: &Record, object: &Object) -> SortValue {
    let text = |text: Option<String>| text.map_or(SortValue::Null, SortValue::Text);
    match attribute {
        Attribute::Id => SortValue::Text(record.id.to_string()),
        Attribute::ExternalId => text(record.external_id.clone()),
        Attribute::CreatedAt => SortValue::instant(record.created_at),
        Attribute::UpdatedAt => SortValue::instant(record.updated_at),
        Attribute::Field { number, .. } => text(
            object
                .field_numbered(number)
                .and_then(|field| Some(record.values.get(number)?.sort_key(field))),
        ),
    }
}
