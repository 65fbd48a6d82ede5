//! One connection type over both databases, and the pools that hold it.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, PgConnection, SqliteConnection};
use std::time::Duration;

use crate::error::ConnectError;

/// A connection to either database; queries are written once against its `MultiBackend`.
#[allow(unreachable_pub, reason = "the derive makes public types around it")]
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

impl DbConnection {
    /// Runs statements that start, end or mark a transaction.
    pub(crate) fn begin(&mut self, on_pg: &str, on_sqlite: &str) -> diesel::QueryResult<()> {
        match self {
            DbConnection::Pg(c) => AnsiTransactionManager::begin_transaction_sql(c, on_pg),
            DbConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, on_sqlite),
        }
    }

    pub(crate) fn savepoint(&mut self) -> diesel::QueryResult<()> {
        match self {
            DbConnection::Pg(c) => AnsiTransactionManager::begin_transaction(c),
            DbConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction(c),
        }
    }

    pub(crate) fn commit(&mut self) -> diesel::QueryResult<()> {
        match self {
            DbConnection::Pg(c) => AnsiTransactionManager::commit_transaction(c),
            DbConnection::Sqlite(c) => AnsiTransactionManager::commit_transaction(c),
        }
    }

    pub(crate) fn rollback(&mut self) -> diesel::QueryResult<()> {
        match self {
            DbConnection::Pg(c) => AnsiTransactionManager::rollback_transaction(c),
            DbConnection::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
        }
    }

    fn transaction_is_broken(&mut self) -> bool {
        match self {
            DbConnection::Pg(c) => AnsiTransactionManager::is_broken_transaction_manager(c),
            DbConnection::Sqlite(c) => AnsiTransactionManager::is_broken_transaction_manager(c),
        }
    }
}

/// Which database a URL names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file on this machine, one writer at a time.
    Sqlite,
    /// A server, any number of writers.
    Postgres,
}

impl DatabaseKind {
    /// Tells the database from the scheme of its URL: `sqlite://…`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// [`ConnectError::UnknownScheme`] for anything else.
    ///
    /// ```
    /// use vestibule_persistence::DatabaseKind;
    /// assert_eq!(DatabaseKind::of_url("sqlite://data/v.db")?, DatabaseKind::Sqlite);
    /// assert!(DatabaseKind::of_url("mysql://x").is_err());
    /// # Ok::<(), vestibule_persistence::ConnectError>(())
    /// ```
    pub fn of_url(url: &str) -> Result<Self, ConnectError> {
        match url.split_once("://") {
            Some(("sqlite", _)) => Ok(DatabaseKind::Sqlite),
            Some(("postgres" | "postgresql", _)) => Ok(DatabaseKind::Postgres),
            _ => Err(ConnectError::UnknownScheme),
        }
    }
}

/// How hard SQLite works to keep the last commits through a power failure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SqliteSynchronous {
    /// Nothing that was committed is lost. The default.
    #[default]
    Full,
    /// Faster; a power failure (not a crash of the program) can lose the last commits.
    Normal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    ReadWrite,
    ReadOnly,
}

/// Makes connections for a pool. The URL decides the database; the connection enum never guesses. No `Debug`: the URL
/// may hold a password.
pub(crate) struct ConnectionManager {
    pub(crate) kind: DatabaseKind,
    pub(crate) url: String,
    pub(crate) access: Access,
    pub(crate) synchronous: SqliteSynchronous,
}

/// A pooled connection that remembers whether the database hung up on it.
pub(crate) struct PooledConnection {
    pub(crate) db: DbConnection,
    pub(crate) broken: bool,
}

impl ConnectionManager {
    pub(crate) fn open(&self) -> Result<DbConnection, ConnectError> {
        match self.kind {
            DatabaseKind::Postgres => {
                let mut conn = PgConnection::establish(&self.url).map_err(refused)?;
                conn.batch_execute(
                    "SET TIME ZONE 'UTC'; SET client_min_messages = warning; \
                     SET idle_in_transaction_session_timeout = '60s'",
                )
                .map_err(ConnectError::Setup)?;
                Ok(DbConnection::Pg(conn))
            }
            DatabaseKind::Sqlite => {
                let path = sqlite_path(&self.url);
                let mut conn = SqliteConnection::establish(path).map_err(ConnectError::Refused)?;
                let synchronous = match self.synchronous {
                    SqliteSynchronous::Full => "FULL",
                    SqliteSynchronous::Normal => "NORMAL",
                };
                conn.batch_execute(&format!(
                    "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; \
                     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; \
                     PRAGMA query_only = {};",
                    if self.access == Access::ReadOnly { "ON" } else { "OFF" }
                ))
                .map_err(ConnectError::Setup)?;
                Ok(DbConnection::Sqlite(conn))
            }
        }
    }
}

/// libpq quotes the part of a URL that it stumbles over, which may be a password with an unescaped `%`, `/` or `@`.
/// Such a message is replaced, because it ends up in logs.
fn refused(error: diesel::ConnectionError) -> ConnectError {
    let text = error.to_string();
    let quotes_the_url = ["URI", "percent-encoded", "connection option"]
        .iter()
        .any(|mark| text.contains(mark))
        || (text.contains("host name") && text.contains('@'));
    ConnectError::Refused(if quotes_the_url {
        let advice = "the url cannot be read; user name and password must be percent-encoded";
        diesel::ConnectionError::InvalidConnectionUrl(advice.to_owned())
    } else {
        error
    })
}

/// The file behind a `sqlite://` URL, relative (`sqlite://data/v.db`) or absolute (`sqlite:///var/lib/v.db`).
pub(crate) fn sqlite_path(url: &str) -> &str {
    url.strip_prefix("sqlite://").unwrap_or(url)
}

impl r2d2::ManageConnection for ConnectionManager {
    type Connection = PooledConnection;
    type Error = ConnectError;

    fn connect(&self) -> Result<PooledConnection, ConnectError> {
        Ok(PooledConnection {
            db: self.open()?,
            broken: false,
        })
    }

    fn is_valid(&self, conn: &mut PooledConnection) -> Result<(), ConnectError> {
        conn.db.batch_execute("SELECT 1").map_err(ConnectError::Setup)
    }

    fn has_broken(&self, conn: &mut PooledConnection) -> bool {
        conn.broken || conn.db.transaction_is_broken()
    }
}

pub(crate) type Pool = r2d2::Pool<ConnectionManager>;

pub(crate) fn pool(manager: ConnectionManager, size: u32) -> Result<Pool, ConnectError> {
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(10))
        .error_handler(Box::new(QuietErrors))
        .build(manager)
        .map_err(|_| ConnectError::Unreachable)
}

/// Connection failures reach the caller of the pool; the log gets them once, as warnings, without the URL.
#[derive(Debug)]
struct QuietErrors;

impl r2d2::HandleError<ConnectError> for QuietErrors {
    fn handle_error(&self, error: ConnectError) {
        tracing::warn!(%error, "database connection");
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, ConnectionManager, DatabaseKind, SqliteSynchronous};

    /// The reason goes to the log, where a password must not.
    #[test]
    fn the_reason_of_a_refusal_never_quotes_the_password() {
        for url in [
            "postgres://ann:hunter2%zz@127.0.0.1:1/db",
            "postgres://ann:hunter2/x@127.0.0.1:1/db",
            "postgres://ann:at@hunter2@127.0.0.1:1/db",
            "postgres://ann:hunter2@[127.0.0.1:1/db",
            "postgres://ann:hunter2@127.0.0.1:1/db?unknown=1",
            "postgres://ann:hunter2@127.0.0.1:1/db",
        ] {
            let manager = ConnectionManager {
                kind: DatabaseKind::Postgres,
                url: url.to_owned(),
                access: Access::ReadWrite,
                synchronous: SqliteSynchronous::Full,
            };
            let Err(error) = manager.open() else {
                panic!("nothing listens at {url}")
            };
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }
}
