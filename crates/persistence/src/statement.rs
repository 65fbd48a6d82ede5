//! A statement put together from text of this program and bound values. Nothing that a user wrote becomes text.

use diesel::RunQueryDsl;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{BigInt, Date as SqlDate, Integer, Nullable, SmallInt, Text, Untyped};
use time::Date;
use uuid::Uuid;

use crate::connection::{DbConnection, MultiBackend};
use crate::transaction::Tx;
use crate::types::{DbId, DbInstant, DbJson, Id, Instant, Json};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Pg,
    Sqlite,
}

impl Dialect {
    pub(crate) fn of(tx: &Tx<'_>) -> Self {
        match tx.conn {
            DbConnection::Pg(_) => Dialect::Pg,
            DbConnection::Sqlite(_) => Dialect::Sqlite,
        }
    }

    pub(crate) fn pick(self, on_pg: &'static str, on_sqlite: &'static str) -> &'static str {
        match self {
            Dialect::Pg => on_pg,
            Dialect::Sqlite => on_sqlite,
        }
    }
}

#[derive(Debug)]
enum Part {
    Sql(String),
    Id(DbId),
    At(DbInstant),
    Day(Date),
    Words(String),
    OptionalWords(Option<String>),
    Document(DbJson),
    Large(i64),
    Medium(i32),
    Small(i16),
}

/// A statement that grows from left to right.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) dialect: Dialect,
    parts: Vec<Part>,
    kept: bool,
}

impl Statement {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Statement {
            dialect,
            parts: Vec::new(),
            kept: true,
        }
    }

    /// Says that the text is one of many, so that connections don't keep it prepared.
    pub(crate) fn not_kept(&mut self) -> &mut Self {
        self.kept = false;
        self
    }

    pub(crate) fn sql(&mut self, text: &str) -> &mut Self {
        match self.parts.last_mut() {
            Some(Part::Sql(last)) => last.push_str(text),
            _ => self.parts.push(Part::Sql(text.to_owned())),
        }
        self
    }

    fn bound(&mut self, part: Part) -> &mut Self {
        self.parts.push(part);
        self
    }

    pub(crate) fn id(&mut self, id: impl Into<Uuid>) -> &mut Self {
        self.bound(Part::Id(DbId(id.into())))
    }

    pub(crate) fn at(&mut self, at: DbInstant) -> &mut Self {
        self.bound(Part::At(at))
    }

    pub(crate) fn day(&mut self, day: Date) -> &mut Self {
        self.bound(Part::Day(day))
    }

    pub(crate) fn words(&mut self, text: impl Into<String>) -> &mut Self {
        self.bound(Part::Words(text.into()))
    }

    pub(crate) fn optional_words(&mut self, text: Option<String>) -> &mut Self {
        self.bound(Part::OptionalWords(text))
    }

    pub(crate) fn document(&mut self, document: serde_json::Value) -> &mut Self {
        self.bound(Part::Document(DbJson(document)))
    }

    pub(crate) fn large(&mut self, number: i64) -> &mut Self {
        self.bound(Part::Large(number))
    }

    pub(crate) fn medium(&mut self, number: i32) -> &mut Self {
        self.bound(Part::Medium(number))
    }

    pub(crate) fn small(&mut self, number: i16) -> &mut Self {
        self.bound(Part::Small(number))
    }

    /// `item, item, …`
    pub(crate) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) -> &mut Self {
        for (n, item) in items.into_iter().enumerate() {
            if n > 0 {
                self.sql(", ");
            }
            each(self, item);
        }
        self
    }
}

impl QueryFragment<MultiBackend> for Statement {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        if !self.kept {
            out.unsafe_to_cache_prepared();
        }
        for part in &self.parts {
            match part {
                Part::Sql(text) => out.push_sql(text),
                Part::Id(id) => out.push_bind_param::<Id, _>(id)?,
                Part::At(at) => out.push_bind_param::<Instant, _>(at)?,
                Part::Day(day) => out.push_bind_param::<SqlDate, _>(day)?,
                Part::Words(text) => out.push_bind_param::<Text, _>(text)?,
                Part::OptionalWords(text) => out.push_bind_param::<Nullable<Text>, _>(text)?,
                Part::Document(document) => out.push_bind_param::<Json, _>(document)?,
                Part::Large(number) => out.push_bind_param::<BigInt, _>(number)?,
                Part::Medium(number) => out.push_bind_param::<Integer, _>(number)?,
                Part::Small(number) => out.push_bind_param::<SmallInt, _>(number)?,
            }
        }
        Ok(())
    }
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement {
    type SqlType = Untyped;
}

impl RunQueryDsl<DbConnection> for Statement {}
