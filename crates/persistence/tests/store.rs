//! A fresh, migrated database for one test, with a way around the crate under test.

use std::cell::RefCell;
use std::sync::OnceLock;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use uuid::Uuid;
use vestibule_persistence::ids::OrgId;
use vestibule_persistence::{
    Database, DatabaseKind, DatabaseSettings, SqliteSynchronous, StoreError, Tx, WriteTx,
};
use vestibule_test_support::{PostgresServer, TestDatabase, TestSqlite};

/// A database of its own. The connections go first, then the place they lead to.
pub(crate) struct Store {
    pub(crate) database: Database,
    pub(crate) place: Place,
}

pub(crate) enum Place {
    Sqlite(TestSqlite),
    Postgres(TestDatabase),
}

impl Place {
    pub(crate) fn url(&self) -> &str {
        match self {
            Place::Sqlite(place) => place.url(),
            Place::Postgres(place) => place.url(),
        }
    }

    pub(crate) fn open(&self, max_connections: u32) -> Database {
        Database::open(&DatabaseSettings {
            url: self.url().to_owned(),
            max_connections,
            synchronous: SqliteSynchronous::Normal,
        })
        .unwrap()
    }

    fn connection(&self) -> Raw {
        match self {
            Place::Sqlite(place) => {
                let mut conn = SqliteConnection::establish(place.path().to_str().unwrap()).unwrap();
                conn.batch_execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 10000")
                    .unwrap();
                Raw::Sqlite(conn)
            }
            Place::Postgres(place) => Raw::Postgres(PgConnection::establish(place.url()).unwrap()),
        }
    }

    /// Runs statements around the crate, as somebody with a database console would.
    pub(crate) fn try_sql(&self, sql: &str) -> QueryResult<()> {
        match self.connection() {
            Raw::Sqlite(mut conn) => conn.batch_execute(sql),
            Raw::Postgres(mut conn) => conn.batch_execute(sql),
        }
    }

    pub(crate) fn sql(&self, sql: &str) {
        self.try_sql(sql).unwrap();
    }

    /// The column `value` of a query, as text.
    pub(crate) fn column(&self, sql: &str) -> Vec<Option<String>> {
        let rows: Vec<Row> = match self.connection() {
            Raw::Sqlite(mut conn) => diesel::sql_query(sql).load(&mut conn),
            Raw::Postgres(mut conn) => diesel::sql_query(sql).load(&mut conn),
        }
        .unwrap();
        rows.into_iter().map(|row| row.value).collect()
    }

    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        self.column(sql).into_iter().flatten().collect()
    }

    /// An id as this database writes it.
    pub(crate) fn id(&self, id: impl Into<Uuid>) -> String {
        let id: Uuid = id.into();
        match self {
            Place::Sqlite(_) => format!("x'{}'", id.simple()),
            Place::Postgres(_) => format!("'{id}'::uuid"),
        }
    }
}

enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

#[derive(QueryableByName)]
struct SqlitePlan {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct PostgresPlan {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

impl Store {
    pub(crate) fn sqlite() -> Self {
        static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let place = TestSqlite::new();
            let path = place.path().to_owned();
            let place = Place::Sqlite(place);
            place.open(1).migrate().unwrap();
            place.sql("PRAGMA wal_checkpoint(TRUNCATE)");
            std::fs::read(path).unwrap()
        });
        let place = TestSqlite::new();
        std::fs::write(place.path(), template).unwrap();
        Store::at(Place::Sqlite(place))
    }

    pub(crate) fn postgres() -> Self {
        static TEMPLATE: OnceLock<TestDatabase> = OnceLock::new();
        let server = PostgresServer::shared();
        let template = TEMPLATE.get_or_init(|| {
            let place = Place::Postgres(server.create_database());
            place.open(2).migrate().unwrap();
            match place {
                Place::Postgres(template) => template,
                Place::Sqlite(_) => unreachable!(),
            }
        });
        Store::at(Place::Postgres(server.create_database_from(template.name())))
    }

    /// A place for a database without a schema.
    pub(crate) fn empty_places() -> [Place; 2] {
        [
            Place::Sqlite(TestSqlite::new()),
            Place::Postgres(PostgresServer::shared().create_database()),
        ]
    }

    pub(crate) fn both() -> [Self; 2] {
        [Store::sqlite(), Store::postgres()]
    }

    fn at(place: Place) -> Self {
        hear_queries();
        Store {
            database: place.open(8),
            place,
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.database.kind() == DatabaseKind::Postgres
    }

    /// How the database would run a statement whose values it does not know.
    pub(crate) fn explain(&self, sql: &str) -> Vec<String> {
        match self.place.connection() {
            Raw::Sqlite(mut conn) => {
                let rows: Vec<SqlitePlan> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
                    .load(&mut conn)
                    .unwrap();
                rows.into_iter().map(|row| row.detail).collect()
            }
            Raw::Postgres(mut conn) => {
                let parameters = (1..100).take_while(|n| sql.contains(&format!("${n}"))).count();
                let nulls = vec!["NULL"; parameters].join(", ");
                let execute = if nulls.is_empty() {
                    "q".to_owned()
                } else {
                    format!("q ({nulls})")
                };
                conn.batch_execute(&format!(
                    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; PREPARE q AS {sql}"
                ))
                .unwrap();
                let rows: Vec<PostgresPlan> = diesel::sql_query(format!("EXPLAIN EXECUTE {execute}"))
                    .load(&mut conn)
                    .unwrap();
                rows.into_iter().map(|row| row.line).collect()
            }
        }
    }

    pub(crate) fn read<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError>) -> T {
        self.database.read(|tx| work(tx)).unwrap()
    }

    pub(crate) fn write<T>(
        &self,
        org: OrgId,
        work: impl FnMut(&mut WriteTx<'_>) -> Result<T, StoreError>,
    ) -> T {
        self.try_write(org, work).unwrap()
    }

    pub(crate) fn try_write<T>(
        &self,
        org: OrgId,
        mut work: impl FnMut(&mut WriteTx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.database.write(org, |tx| work(tx))
    }

    /// A transaction that takes no org's turn.
    pub(crate) fn in_turns<T>(&self, mut work: impl FnMut(&mut WriteTx<'_>) -> Result<T, StoreError>) -> T {
        self.database.write_in_turns(|tx| work(tx)).unwrap()
    }
}

thread_local! {
    static HEARD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

struct Listener;

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            HEARD.with_borrow_mut(|heard| {
                if let Some(heard) = heard {
                    let query = query.to_string();
                    heard.push(query.split(" -- binds").next().unwrap_or_default().to_owned());
                }
            });
        }
    }
}

fn hear_queries() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        diesel::connection::set_default_instrumentation(|| Some(Box::new(Listener))).unwrap();
    });
}

/// The statements that this thread sends while `work` runs.
pub(crate) fn statements_of(work: impl FnOnce()) -> Vec<String> {
    HEARD.set(Some(Vec::new()));
    work();
    HEARD.take().unwrap_or_default()
}
