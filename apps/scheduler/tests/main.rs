//! What the worker does, on SQLite and on PostgreSQL, with real transports and the real program.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop right there"
)]

/// Makes tests of functions over a [`world::World`]: `sqlite::name` and `postgres::name` for each.
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $( #[test] fn $name() { super::$name(&crate::world::World::sqlite()) } )+
        }
        mod postgres {
            $( #[test] fn $name() { super::$name(&crate::world::World::postgres()) } )+
        }
    };
}

mod claim_links;
mod deliveries;
mod expiry;
mod object_tasks;
mod program;
mod reminders;
mod retention;
mod running;
mod smtp;
mod world;
