#![doc = include_str!("../README.md")]

pub mod api_tokens;
pub mod audit;
mod connection;
pub mod credentials;
mod database;
pub mod due;
mod error;
pub mod idempotency;
pub mod ids;
pub mod licenses;
mod listing;
mod migrations;
pub mod object_permissions;
pub mod object_tasks;
pub mod objects;
pub mod one_time_links;
pub mod orgs;
pub mod outbox;
pub mod policy;
pub mod profiles;
pub mod records;
pub mod roles;
mod schema;
pub mod server_secrets;
pub mod sessions;
mod transaction;
mod types;
pub mod user_list;
pub mod users;

pub use connection::{DatabaseKind, SqliteSynchronous};
pub use database::{Database, DatabaseSettings};
pub use error::{ConnectError, StoreError, UniqueRule};
pub use listing::{Direction, PageRequest, Position, SortValue, name_key};
pub use migrations::SchemaState;
pub use transaction::{TransactionError, Tx, WriteTx};
pub use types::truncate_to_micros;
