//! From what the operator configured to the parts that a program runs on.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use vestibule_mailer::{MailSettings, SettingsError, Transport, TransportKind, build_transport};
use vestibule_persistence::{ConnectError, Database, DatabaseKind, DatabaseSettings, SchemaState};

use crate::config::{DatabaseConfig, MailConfig, MailTransport, SchedulerConfig, SqliteSynchronous};
use crate::worker::WorkerSettings;

/// Why a program can't work on its database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It can't be opened or read.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// Migrations wait to be applied.
    #[error("the database schema is older than this program: run `vestibule migrate` first")]
    SchemaBehind,
    /// A newer program has migrated it.
    #[error("the database schema is newer than this program: use a program of the same version or newer")]
    SchemaAhead,
}

/// Opens the configured database and applies no migrations. `connections` counts when nothing is configured.
///
/// # Errors
///
/// [`ConnectError`]; [`ConnectError::Unreachable`] may pass.
pub fn open_database(config: &DatabaseConfig, connections: u32) -> Result<Database, ConnectError> {
    Database::open(&DatabaseSettings {
        url: config.url.expose_secret().to_owned(),
        max_connections: config.max_connections.unwrap_or(connections),
        synchronous: match config.sqlite_synchronous {
            SqliteSynchronous::Full => vestibule_persistence::SqliteSynchronous::Full,
            SqliteSynchronous::Normal => vestibule_persistence::SqliteSynchronous::Normal,
        },
    })
}

/// Makes sure that the schema is this program's: SQLite is migrated, PostgreSQL has to be.
///
/// # Errors
///
/// [`DatabaseError`], whose text tells an operator what to do.
pub fn require_current_schema(database: &Database) -> Result<(), DatabaseError> {
    if database.kind() == DatabaseKind::Sqlite && database.schema_state()? == SchemaState::Behind {
        database.migrate()?;
    }
    match database.schema_state()? {
        SchemaState::Current => Ok(()),
        SchemaState::Behind => Err(DatabaseError::SchemaBehind),
        SchemaState::Ahead => Err(DatabaseError::SchemaAhead),
    }
}

/// Opens the configured way for mail to leave.
///
/// # Errors
///
/// [`SettingsError`], which names the setting to change. A mail server that is away is no error here.
pub fn open_transport(config: &MailConfig) -> Result<Arc<dyn Transport>, SettingsError> {
    build_transport(&MailSettings {
        transport: match config.transport {
            MailTransport::File => TransportKind::File,
            MailTransport::Smtp => TransportKind::Smtp,
            MailTransport::Log => TransportKind::Log,
        },
        directory: PathBuf::clone(&config.directory),
        smtp_url: config.smtp_url.clone(),
        from: config.from.clone(),
    })
}

impl From<&SchedulerConfig> for WorkerSettings {
    fn from(config: &SchedulerConfig) -> Self {
        Self {
            max_sleep: Duration::from_secs(config.max_sleep_seconds),
            ..Self::default()
        }
    }
}
