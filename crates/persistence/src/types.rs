//! Column types that both databases share: ids, instants and JSON.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{self, HasSqlType, SqlType};
use diesel::sqlite::Sqlite;
use std::io::Write;
use time::UtcDateTime;
use uuid::Uuid;

use crate::connection::MultiBackend;

/// SQL type of ids: `UUID` on PostgreSQL, a 16-byte `BLOB` on SQLite.
#[derive(SqlType, QueryId, Clone, Copy, Debug, Default)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct Id;

/// SQL type of instants: `TIMESTAMPTZ` on PostgreSQL, microseconds since 1970 on SQLite.
#[derive(SqlType, QueryId, Clone, Copy, Debug, Default)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Instant;

/// SQL type of documents: `JSONB` on PostgreSQL, checked `TEXT` on SQLite.
#[derive(SqlType, QueryId, Clone, Copy, Debug, Default)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807))]
#[diesel(sqlite_type(name = "Text"))]
pub struct Json;

/// An id as it is stored.
#[derive(AsExpression, FromSqlRow, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[diesel(sql_type = Id)]
pub(crate) struct DbId(pub(crate) Uuid);

/// An instant as it is stored, in whole microseconds.
#[derive(AsExpression, FromSqlRow, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[diesel(sql_type = Instant)]
pub(crate) struct DbInstant(pub(crate) UtcDateTime);

/// A document as it is stored.
#[derive(AsExpression, FromSqlRow, Clone, Debug, PartialEq)]
#[diesel(sql_type = Json)]
pub(crate) struct DbJson(pub(crate) serde_json::Value);

/// Whether a text can be stored: PostgreSQL holds no NUL, and SQLite refuses it by the same rule. What cannot be stored
/// need not be looked for.
pub(crate) fn storable(text: &str) -> bool {
    !text.contains('\0')
}

fn has_nul(value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::String(text) => !storable(text),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| !storable(key) || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Turns any id of the domain into its stored form.
pub(crate) fn db(id: impl Into<Uuid>) -> DbId {
    DbId(id.into())
}

/// Turns an optional id of the domain into its stored form.
pub(crate) fn db_opt(id: Option<impl Into<Uuid>>) -> Option<DbId> {
    id.map(db)
}

/// Turns an optional instant into its stored form.
pub(crate) fn at_opt(at: Option<UtcDateTime>) -> Option<DbInstant> {
    at.map(DbInstant)
}

macro_rules! through_both_backends {
    ($sql:ident, $rust:ty) => {
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                MultiBackend::lookup_sql_type::<$sql>(lookup)
            }
        }
        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                bytes.from_sql::<$rust, $sql>()
            }
        }
        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value(($sql, self));
                Ok(IsNull::No)
            }
        }
    };
}

through_both_backends!(Id, DbId);
through_both_backends!(Instant, DbInstant);
through_both_backends!(Json, DbJson);

impl ToSql<Id, Pg> for DbId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(self.0.as_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<Id, Pg> for DbId {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(DbId(Uuid::from_slice(value.as_bytes())?))
    }
}

impl ToSql<Id, Sqlite> for DbId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_bytes().as_slice());
        Ok(IsNull::No)
    }
}

impl FromSql<Id, Sqlite> for DbId {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<sql_types::Binary, Sqlite>>::from_sql(value)?;
        Ok(DbId(Uuid::from_slice(&bytes)?))
    }
}

/// PostgreSQL counts microseconds from 2000-01-01T00:00:00Z.
const PG_EPOCH_MICROS: i64 = 946_684_800_000_000;

pub(crate) fn unix_micros(at: UtcDateTime) -> Result<i64, std::num::TryFromIntError> {
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000))
}

fn from_unix_micros(micros: i64) -> Result<UtcDateTime, time::error::ComponentRange> {
    UtcDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000)
}

impl ToSql<Instant, Pg> for DbInstant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = unix_micros(self.0)? - PG_EPOCH_MICROS;
        out.write_all(&micros.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, Pg> for DbInstant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let bytes: [u8; 8] = value.as_bytes().try_into()?;
        let micros = i64::from_be_bytes(bytes)
            .checked_add(PG_EPOCH_MICROS)
            .ok_or("instant out of range")?;
        Ok(DbInstant(from_unix_micros(micros)?))
    }
}

impl ToSql<Instant, Sqlite> for DbInstant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(unix_micros(self.0)?);
        Ok(IsNull::No)
    }
}

impl FromSql<Instant, Sqlite> for DbInstant {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let micros = <i64 as FromSql<sql_types::BigInt, Sqlite>>::from_sql(value)?;
        Ok(DbInstant(from_unix_micros(micros)?))
    }
}

impl ToSql<Json, Pg> for DbJson {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&[1])?;
        serde_json::to_writer(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl FromSql<Json, Pg> for DbJson {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        match value.as_bytes().split_first() {
            Some((1, text)) => Ok(DbJson(serde_json::from_slice(text)?)),
            _ => Err("unknown JSONB version".into()),
        }
    }
}

impl ToSql<Json, Sqlite> for DbJson {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        if has_nul(&self.0) {
            return Err("JSONB holds no NUL, so neither does SQLite".into());
        }
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl FromSql<Json, Sqlite> for DbJson {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<sql_types::Text, Sqlite>>::from_sql(value)?;
        Ok(DbJson(serde_json::from_str(&text)?))
    }
}

/// The instant cut to whole microseconds (towards the past), as both databases keep it: what is written then compares
/// equal to what is read back.
///
/// ```
/// use time::macros::utc_datetime;
/// assert_eq!(vestibule_persistence::truncate_to_micros(utc_datetime!(2026-03-14 10:00:00.123456789)),
///            utc_datetime!(2026-03-14 10:00:00.123456));
/// ```
#[must_use]
pub fn truncate_to_micros(at: UtcDateTime) -> UtcDateTime {
    let micros = at.unix_timestamp_nanos().div_euclid(1_000) * 1_000;
    UtcDateTime::from_unix_timestamp_nanos(micros).unwrap_or(at)
}
