//! A filter as SQL over `records r`, with the meaning of [`Filter::matches`]: every part is true or false, never
//! unknown, so that `not` turns it round.

use time::UtcDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;
use vestibule_custom_objects::{Attribute, FieldType, Filter, Operator};

use super::order::{Source, expression, is_nullable};
use crate::statement::Statement;
use crate::types::{DbInstant, storable};

/// ` AND …`, or nothing.
pub(super) fn and_matching(sql: &mut Statement, filter: Option<&Filter>) {
    if let Some(filter) = filter {
        sql.not_kept().sql(" AND ");
        condition(sql, filter);
    }
}

fn condition(sql: &mut Statement, filter: &Filter) {
    match filter {
        Filter::And(parts) => joined(sql, parts, " AND ", "1 = 1"),
        Filter::Or(parts) => joined(sql, parts, " OR ", "1 = 0"),
        Filter::Not(part) => {
            sql.sql("NOT (");
            condition(sql, part);
            sql.sql(")");
        }
        Filter::Present(attribute) => present(sql, *attribute),
        Filter::Compare { attribute, op, key } => comparison(sql, *attribute, *op, key),
    }
}

fn joined(sql: &mut Statement, parts: &[Filter], word: &str, none: &str) {
    sql.sql("(");
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            sql.sql(word);
        }
        condition(sql, part);
    }
    if parts.is_empty() {
        sql.sql(none);
    }
    sql.sql(")");
}

fn present(sql: &mut Statement, attribute: Attribute) {
    if is_nullable(attribute) {
        expression(sql, attribute, Source::RECORDS);
        sql.sql(" IS NOT NULL");
    } else {
        sql.sql("1 = 1");
    }
}

/// The negation of "is present and …" is also true where there is no value, as `ne` must be.
fn comparison(sql: &mut Statement, attribute: Attribute, op: Operator, key: &str) {
    let op = match op {
        Operator::Ne => {
            sql.sql("NOT ");
            Operator::Eq
        }
        op => op,
    };
    sql.sql("(");
    present(sql, attribute);
    sql.sql(" AND ");
    match attribute {
        Attribute::Id => match Uuid::parse_str(key) {
            Ok(id) => by_value(sql, attribute, op, |sql| {
                sql.id(id);
            }),
            Err(_) => never(sql),
        },
        Attribute::CreatedAt | Attribute::UpdatedAt => match UtcDateTime::parse(key, &Rfc3339) {
            Ok(at) => by_value(sql, attribute, op, |sql| {
                sql.at(DbInstant(at));
            }),
            Err(_) => never(sql),
        },
        Attribute::Field {
            field_type: FieldType::MultiChoice,
            ..
        } if op == Operator::Eq => by_text(sql, attribute, Operator::Co, key),
        Attribute::ExternalId | Attribute::Field { .. } => by_text(sql, attribute, op, key),
    }
    sql.sql(")");
}

fn never(sql: &mut Statement) {
    sql.sql("1 = 0");
}

fn by_value(sql: &mut Statement, attribute: Attribute, op: Operator, value: impl FnOnce(&mut Statement)) {
    let op = match op {
        Operator::Eq => " = ",
        Operator::Gt => " > ",
        Operator::Ge => " >= ",
        Operator::Lt => " < ",
        Operator::Le => " <= ",
        Operator::Ne | Operator::Co | Operator::Sw | Operator::Ew => return never(sql),
    };
    expression(sql, attribute, Source::RECORDS);
    sql.sql(op);
    value(sql);
}

fn by_text(sql: &mut Statement, attribute: Attribute, op: Operator, key: &str) {
    // No stored text holds a NUL, so none equals such a key, and those before the NUL's place order the rest.
    let (op, key) = match (op, key.split_once('\0')) {
        (op, None) => (op, key),
        (Operator::Gt | Operator::Ge, Some((start, _))) => (Operator::Gt, start),
        (Operator::Lt | Operator::Le, Some((start, _))) => (Operator::Le, start),
        (_, Some(_)) => return never(sql),
    };
    debug_assert!(storable(key));
    let text = |sql: &mut Statement| expression(sql, attribute, Source::RECORDS);
    let key_itself = |sql: &mut Statement| {
        sql.words(key);
    };
    match op {
        // Everything holds, starts and ends with nothing.
        Operator::Co | Operator::Sw | Operator::Ew if key.is_empty() => {
            sql.sql("1 = 1");
        }
        Operator::Co => {
            let find = sql.dialect.pick("strpos(", "instr(");
            sql.sql(find);
            text(sql);
            sql.sql(", ").words(key).sql(") > 0");
        }
        Operator::Sw | Operator::Ew => {
            // Counted here: the databases count letters as Rust does.
            let letters = i32::try_from(key.chars().count()).unwrap_or(i32::MAX);
            let (function, from) = match (op, sql.dialect.pick("pg", "sqlite")) {
                (Operator::Sw, "pg") => ("left(", letters.to_string()),
                (Operator::Sw, _) => ("substr(", format!("1, {letters}")),
                (_, "pg") => ("right(", letters.to_string()),
                (_, _) => ("substr(", format!("-{letters}")),
            };
            sql.sql(function);
            text(sql);
            sql.sql(", ").sql(&from).sql(") = ").words(key);
        }
        op => by_value(sql, attribute, op, key_itself),
    }
}
