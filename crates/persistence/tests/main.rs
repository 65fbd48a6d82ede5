//! The storage contract: what every database under this crate must do. Each test runs on SQLite and on PostgreSQL, on
//! a fresh copy of a migrated template.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop right there"
)]

/// Makes tests of functions over a [`store::Store`]: `sqlite::name` and `postgres::name` for each.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $( #[test] fn $name() { super::$name(&crate::store::Store::sqlite()) } )+
        }
        mod postgres {
            $( #[test] fn $name() { super::$name(&crate::store::Store::postgres()) } )+
        }
    };
}

mod audit_log;
mod builders;
mod connecting;
mod custom_objects;
mod due_events;
mod filters;
mod mails;
mod migrations;
mod ownership_changes;
mod paging;
mod plans;
mod policy_changes;
mod races;
mod record_access;
mod record_lists;
mod record_plans;
mod record_world;
mod record_writes;
mod round_trips;
mod rules;
mod seats;
mod store;
mod tombstones;
mod transactions;
mod values;
