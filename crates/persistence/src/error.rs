//! What can go wrong between this crate and a database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is neither `sqlite://` nor `postgres://`.
    #[error("database url must start with sqlite:// or postgres://")]
    UnknownScheme,
    /// The database refused the connection. May pass; retry.
    #[error("database refused the connection: {0}")]
    Refused(diesel::ConnectionError),
    /// The connection came up but could not be set up.
    #[error("database connection could not be set up: {0}")]
    Setup(DieselError),
    /// No connection within the time limit; the log has the reasons. May pass; retry.
    #[error("database not reachable")]
    Unreachable,
    /// The folder of the SQLite file could not be made.
    #[error("database folder could not be made: {0}")]
    Folder(std::io::Error),
    /// Migrations failed.
    #[error("migration failed: {0}")]
    Migration(String),
    /// The database was written by a newer version of this program.
    #[error("database schema is newer than this program")]
    SchemaTooNew,
}

/// Which uniqueness rule a write ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueRule {
    /// Two orgs with one slug.
    OrgSlug,
    /// Two living users of an org with one email.
    UserEmail,
    /// Two things of one type with one `external_id`.
    ExternalId,
    /// Two profiles or licenses of an org with one name.
    Name,
    /// Two objects of an org with one key.
    ObjectKey,
    /// Two fields of an object with one key.
    FieldKey,
    /// Two records of an object with one value of a unique field.
    FieldValue,
    /// Two changes of ownership of one object at once.
    OwnershipChange,
    /// Any other unique key.
    Other,
}

/// Why a query or a commit failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A uniqueness rule refused the write. Retrying the same write does not help.
    #[error("unique rule {0:?} refused the write")]
    Unique(UniqueRule),
    /// A row that the write refers to is not there (any more), or other rows still refer to the one to be deleted.
    #[error("a referenced row does not exist, or a row is still referred to")]
    Reference,
    /// The transaction lost a race each time it was run: the database was too busy, or a row kept changing after it was
    /// loaded. Retrying later helps.
    #[error("database is busy")]
    Busy,
    /// No connection. Retrying later helps.
    #[error("database is not reachable")]
    Unreachable,
    /// A stored row does not make sense: somebody wrote around this program.
    #[error("corrupt row in {table}: {what}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// What was wrong; never row contents.
        what: &'static str,
    },
    /// Anything else.
    #[error("database error: {0}")]
    Database(DieselError),
}

impl StoreError {
    /// A stored row that cannot be what it claims.
    pub(crate) fn corrupt(table: &'static str, what: &'static str) -> Self {
        StoreError::Corrupt { table, what }
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                let rule = match info.constraint_name() {
                    Some(name) => unique_rule(name),
                    None => unique_rule(info.message()),
                };
                StoreError::Unique(rule)
            }
            DieselError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => StoreError::Reference,
            DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => StoreError::Busy,
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            ) => StoreError::Unreachable,
            DieselError::DatabaseError(_, info) if is_contention(info.message()) => StoreError::Busy,
            DieselError::DatabaseError(_, info) if is_hang_up(info.message()) => StoreError::Unreachable,
            _ => StoreError::Database(error),
        }
    }
}

/// SQLite's busy and PostgreSQL's deadlock have no kind of their own in Diesel.
fn is_contention(message: &str) -> bool {
    message.contains("database is locked")
        || message.contains("database table is locked")
        || message.contains("deadlock detected")
}

fn is_hang_up(message: &str) -> bool {
    message.contains("server closed the connection")
        || message.contains("terminating connection")
        || message.contains("no connection to the server")
}

/// PostgreSQL names the constraint, SQLite the columns or the index.
fn unique_rule(text: &str) -> UniqueRule {
    if text.contains("orgs_slug_key") || text.contains("orgs.slug") {
        UniqueRule::OrgSlug
    } else if text.contains("users_email_key") || text.contains("users.email_canonical") {
        UniqueRule::UserEmail
    } else if text.contains("objects_key_key") || text.contains("objects.key") {
        UniqueRule::ObjectKey
    } else if text.contains("object_fields_key_key") || text.contains("object_fields.key") {
        UniqueRule::FieldKey
    } else if text.contains("record_unique_values") {
        UniqueRule::FieldValue
    } else if text.contains("object_tasks_one_ownership_change")
        || text.ends_with("object_tasks.org_id, object_tasks.object_id")
    {
        UniqueRule::OwnershipChange
    } else if text.contains("external_id") {
        UniqueRule::ExternalId
    } else if text.contains("name_key") {
        UniqueRule::Name
    } else {
        UniqueRule::Other
    }
}
