//! The embedded migrations of both databases.

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::DbConnection;
use crate::error::{ConnectError, StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// How the schema of a database compares with what this program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Nothing to do.
    Current,
    /// Migrations wait to be applied.
    Behind,
    /// A newer program has migrated further.
    Ahead,
}

/// Applies what is missing and returns the versions that were applied. Programs that start at once take turns.
pub(crate) fn apply(conn: &mut DbConnection) -> Result<Vec<String>, ConnectError> {
    match conn {
        DbConnection::Pg(c) => {
            // Not a transaction around everything: some indexes can only be built outside of one.
            c.batch_execute("SELECT pg_advisory_lock(7816234)")
                .map_err(ConnectError::Setup)?;
            let applied = apply_in_turn(conn);
            conn.batch_execute("SELECT pg_advisory_unlock(7816234)")
                .map_err(ConnectError::Setup)?;
            applied
        }
        DbConnection::Sqlite(_) => {
            conn.begin("", "BEGIN IMMEDIATE").map_err(ConnectError::Setup)?;
            let applied = apply_in_turn(conn);
            let ended = if applied.is_ok() {
                conn.commit()
            } else {
                conn.rollback()
            };
            applied.and_then(|versions| ended.map(|()| versions).map_err(ConnectError::Setup))
        }
    }
}

fn apply_in_turn(conn: &mut DbConnection) -> Result<Vec<String>, ConnectError> {
    let state = state(conn).map_err(|error| ConnectError::Migration(error.to_string()))?;
    if state == SchemaState::Ahead {
        return Err(ConnectError::SchemaTooNew);
    }
    let applied = match conn {
        DbConnection::Pg(c) => names(c.run_pending_migrations(POSTGRES)),
        DbConnection::Sqlite(c) => names(c.run_pending_migrations(SQLITE)),
    };
    applied.map_err(ConnectError::Migration)
}

fn names(result: diesel::migration::Result<Vec<MigrationVersion<'_>>>) -> Result<Vec<String>, String> {
    match result {
        Ok(versions) => Ok(versions.iter().map(ToString::to_string).collect()),
        Err(error) => Err(error.to_string()),
    }
}

/// Compares the schema of a database with the embedded migrations; only reads.
pub(crate) fn state(conn: &mut DbConnection) -> Result<SchemaState, StoreError> {
    let known = match conn {
        DbConnection::Pg(_) => known::<diesel::pg::Pg>(&POSTGRES),
        DbConnection::Sqlite(_) => known::<diesel::sqlite::Sqlite>(&SQLITE),
    }
    .map_err(|error| StoreError::Database(diesel::result::Error::QueryBuilderError(error)))?;
    let applied = applied(conn)?;
    Ok(if applied.iter().any(|version| !known.contains(version)) {
        SchemaState::Ahead
    } else if known.iter().any(|version| !applied.contains(version)) {
        SchemaState::Behind
    } else {
        SchemaState::Current
    })
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Bool)]
    exists: bool,
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Diesel's own way to ask makes the table where it is missing, which a reader may not.
fn applied(conn: &mut DbConnection) -> Result<Vec<String>, StoreError> {
    let table = diesel::sql_query(match conn {
        DbConnection::Pg(_) => r#"SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS "exists""#,
        DbConnection::Sqlite(_) => {
            r#"SELECT count(*) > 0 AS "exists" FROM sqlite_schema WHERE name = '__diesel_schema_migrations'"#
        }
    });
    if !table.get_result::<Table>(conn)?.exists {
        return Ok(Vec::new());
    }
    let rows: Vec<Applied> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load(conn)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

fn known<DB: diesel::backend::Backend>(
    source: &EmbeddedMigrations,
) -> diesel::migration::Result<Vec<String>> {
    let migrations: Vec<Box<dyn Migration<DB>>> = source.migrations()?;
    Ok(migrations
        .iter()
        .map(|m| m.name().version().to_string())
        .collect())
}
