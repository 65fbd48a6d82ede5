//! The embedded migrations of both databases.

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::{PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::DbConnection;
use crate::error::ConnectError;

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

/// Applies what is missing and returns the names of what was applied.
pub(crate) fn apply(conn: &mut DbConnection) -> Result<Vec<String>, ConnectError> {
    if state(conn)? == SchemaState::Ahead {
        return Err(ConnectError::SchemaTooNew);
    }
    let applied = match conn {
        DbConnection::Pg(c) => {
            // Two programs that start at once take turns.
            advisory_lock(c, true)?;
            let applied = names(c.run_pending_migrations(POSTGRES));
            advisory_lock(c, false)?;
            applied
        }
        DbConnection::Sqlite(c) => names(c.run_pending_migrations(SQLITE)),
    };
    applied.map_err(ConnectError::Migration)
}

fn names(
    result: diesel::migration::Result<Vec<MigrationVersion<'_>>>,
) -> Result<Vec<String>, String> {
    match result {
        Ok(versions) => Ok(versions.iter().map(ToString::to_string).collect()),
        Err(error) => Err(error.to_string()),
    }
}

fn advisory_lock(conn: &mut PgConnection, take: bool) -> Result<(), ConnectError> {
    use diesel::connection::SimpleConnection;
    let call = if take { "SELECT pg_advisory_lock(7816234)" } else { "SELECT pg_advisory_unlock(7816234)" };
    conn.batch_execute(call).map_err(ConnectError::Setup)
}

/// Compares the schema of a database with the embedded migrations.
pub(crate) fn state(conn: &mut DbConnection) -> Result<SchemaState, ConnectError> {
    let (applied, known) = match conn {
        DbConnection::Pg(c) => (applied_pg(c), known::<diesel::pg::Pg>(&POSTGRES)),
        DbConnection::Sqlite(c) => (applied_sqlite(c), known::<diesel::sqlite::Sqlite>(&SQLITE)),
    };
    let applied = applied.map_err(|e| ConnectError::Migration(e.to_string()))?;
    let known = known.map_err(|e| ConnectError::Migration(e.to_string()))?;
    if applied.iter().any(|version| !known.contains(version)) {
        Ok(SchemaState::Ahead)
    } else if known.iter().any(|version| !applied.contains(version)) {
        Ok(SchemaState::Behind)
    } else {
        Ok(SchemaState::Current)
    }
}

fn applied_pg(conn: &mut PgConnection) -> diesel::migration::Result<Vec<String>> {
    Ok(conn.applied_migrations()?.iter().map(ToString::to_string).collect())
}

fn applied_sqlite(conn: &mut SqliteConnection) -> diesel::migration::Result<Vec<String>> {
    Ok(conn.applied_migrations()?.iter().map(ToString::to_string).collect())
}

fn known<DB: diesel::backend::Backend>(
    source: &EmbeddedMigrations,
) -> diesel::migration::Result<Vec<String>> {
    let migrations: Vec<Box<dyn Migration<DB>>> = source.migrations()?;
    Ok(migrations.iter().map(|m| m.name().version().to_string()).collect())
}
