//! Opening a database and running transactions on it: the only place that starts one.

use std::path::Path;
use std::time::Duration;

use crate::connection::{
    Access, ConnectionManager, DatabaseKind, DbConnection, Pool, PooledConnection, SqliteSynchronous, pool,
    sqlite_path,
};
use crate::error::{ConnectError, StoreError};
use crate::ids::OrgId;
use crate::migrations::{self, SchemaState};
use crate::transaction::{TransactionError, Tx, WriteTx};

/// How to reach a database and how much of it to use.
#[derive(Clone)]
pub struct DatabaseSettings {
    /// `sqlite://path` or `postgres://…`. May hold a password, so this type has no `Debug`.
    pub url: String,
    /// Upper bound of connections: PostgreSQL's pool, or the readers of SQLite (which has one writer).
    pub max_connections: u32,
    /// SQLite only.
    pub synchronous: SqliteSynchronous,
}

/// A database with its pools. Cheap to clone.
///
/// SQLite gets one writing connection and several that can only read, so writers queue in fairness instead of
/// fighting for the file; PostgreSQL gets one pool.
#[derive(Clone)]
pub struct Database {
    kind: DatabaseKind,
    write: Pool,
    read: Pool,
}

/// How often a transaction that lost a race is run again before the caller hears of it.
const MAX_ATTEMPTS: u32 = 6;

impl Database {
    /// Opens a database; for SQLite makes the folder and the file where they are missing. Applies no migrations.
    ///
    /// # Errors
    /// [`ConnectError`]; [`ConnectError::Unreachable`] and [`ConnectError::Refused`] may pass on retry.
    pub fn open(settings: &DatabaseSettings) -> Result<Self, ConnectError> {
        let kind = DatabaseKind::of_url(&settings.url)?;
        let manager = |access| ConnectionManager {
            kind,
            url: settings.url.clone(),
            access,
            synchronous: settings.synchronous,
        };
        match kind {
            DatabaseKind::Sqlite => {
                if let Some(folder) = Path::new(sqlite_path(&settings.url)).parent() {
                    std::fs::create_dir_all(folder).map_err(ConnectError::Folder)?;
                }
                // Waiting, as the pool does, would not make a wrong path right.
                if let Err(error @ ConnectError::Refused(_)) = manager(Access::ReadWrite).open() {
                    return Err(error);
                }
                let write = pool(manager(Access::ReadWrite), 1)?;
                let read = pool(manager(Access::ReadOnly), settings.max_connections.max(1))?;
                Ok(Database { kind, write, read })
            }
            DatabaseKind::Postgres => {
                let both = pool(manager(Access::ReadWrite), settings.max_connections.max(2))?;
                Ok(Database {
                    kind,
                    write: both.clone(),
                    read: both,
                })
            }
        }
    }

    /// Which database this is.
    #[must_use]
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// Applies the migrations that are missing and returns their versions. Safe to call from several programs.
    ///
    /// # Errors
    /// [`ConnectError::SchemaTooNew`] when a newer program has migrated this database; otherwise what failed.
    pub fn migrate(&self) -> Result<Vec<String>, ConnectError> {
        let mut conn = self.write.get().map_err(|_| ConnectError::Unreachable)?;
        let applied = migrations::apply(&mut conn.db);
        conn.broken = applied.is_err();
        applied
    }

    /// Compares the schema with what this program needs. Only reads, so it may be asked often and of any database.
    ///
    /// # Errors
    /// [`ConnectError::Unreachable`] when there is no connection, [`ConnectError::Migration`] when the database
    /// does not tell.
    pub fn schema_state(&self) -> Result<SchemaState, ConnectError> {
        self.read(|tx| migrations::state(tx.conn))
            .map_err(|error| match error {
                StoreError::Unreachable | StoreError::Busy => ConnectError::Unreachable,
                error => ConnectError::Migration(error.to_string()),
            })
    }

    /// Runs a read-only transaction: everything `work` reads is of one moment.
    ///
    /// # Errors
    /// What `work` returns, or a [`StoreError`] of the transaction itself.
    pub fn read<T, E: TransactionError>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(
            &self.read,
            ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN"),
            |conn| work(&mut Tx::new(conn)),
        )
    }

    /// Runs a transaction that changes one org's facts. Such transactions of one org run one after the other,
    /// so `work` may check a rule and then write by it. `work` runs again when the database asks for a retry.
    ///
    /// # Errors
    /// What `work` returns (nothing is written then), or a [`StoreError`] of the transaction itself.
    pub fn write<T, E: TransactionError>(
        &self,
        org: OrgId,
        mut work: impl FnMut(&mut WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_in_turns(|tx| {
            tx.lock_org(org)?;
            work(tx)
        })
    }

    /// Runs a transaction that writes without taking the org's turn: sign-ins, sessions, the worker's batches.
    /// `work` must lock the rows its decision rests on.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub fn write_in_turns<T, E: TransactionError>(
        &self,
        mut work: impl FnMut(&mut WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(
            &self.write,
            ("BEGIN ISOLATION LEVEL READ COMMITTED", "BEGIN IMMEDIATE"),
            |conn| {
                let mut tx = WriteTx::new(conn);
                let answer = work(&mut tx)?;
                tx.flush()?;
                Ok(answer)
            },
        )
    }

    fn run<T, E: TransactionError>(
        &self,
        pool: &Pool,
        begin: (&str, &str),
        mut work: impl FnMut(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        let mut dead = 0;
        loop {
            let mut conn = pool.get().map_err(|_| E::from(StoreError::Unreachable))?;
            match attempt_once(&mut conn, begin, &mut work) {
                Attempt::Done(answer) => return answer,
                // A restart of the server kills every idle connection at once: each may fail one attempt.
                Attempt::NeverBegan if dead >= pool.max_size() => {
                    return Err(E::from(StoreError::Unreachable));
                }
                Attempt::NeverBegan => dead += 1,
                Attempt::Again(error) if attempt >= MAX_ATTEMPTS => return Err(E::from(error)),
                Attempt::Again(error) => {
                    tracing::debug!(%error, attempt, "transaction runs again");
                    drop(conn);
                    std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt) * 3));
                    attempt += 1;
                }
            }
        }
    }
}

enum Attempt<T, E> {
    Done(Result<T, E>),
    /// The connection had died while idle; the pool drops it.
    NeverBegan,
    /// Nothing has been committed for sure, and the work may be run again.
    Again(StoreError),
}

fn attempt_once<T, E: TransactionError>(
    conn: &mut PooledConnection,
    (on_pg, on_sqlite): (&str, &str),
    work: &mut impl FnMut(&mut DbConnection) -> Result<T, E>,
) -> Attempt<T, E> {
    if let Err(error) = conn.db.begin(on_pg, on_sqlite) {
        return match StoreError::from(error) {
            StoreError::Busy => Attempt::Again(StoreError::Busy),
            error => {
                tracing::debug!(%error, "no transaction on this connection");
                conn.broken = true;
                Attempt::NeverBegan
            }
        };
    }
    match work(&mut conn.db) {
        Ok(answer) => match conn.db.commit() {
            Ok(()) => Attempt::Done(Ok(answer)),
            Err(error) => match StoreError::from(error) {
                StoreError::Busy => Attempt::Again(StoreError::Busy),
                // The commit may or may not have happened: never run it again, never claim success.
                error => {
                    conn.broken = true;
                    Attempt::Done(Err(E::from(error)))
                }
            },
        },
        Err(error) => {
            conn.broken = conn.db.rollback().is_err();
            if error.lost_a_race() {
                Attempt::Again(StoreError::Busy)
            } else {
                Attempt::Done(Err(error))
            }
        }
    }
}
