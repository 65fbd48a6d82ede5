//! A real server on a throwaway database, a clock that stands still, and clients that read like curl.

mod client;
mod process;
mod race;
mod server;

pub use client::{Client, Reply};
pub use process::{Ended, Served, create_org, run, vestibule};
pub use race::{Racer, at_once};
pub use server::{PASSWORD, TestOrg, TestServer};

/// Runs each test on SQLite and on PostgreSQL: `both_databases! { fn name(server) { … } }`.
macro_rules! both_databases {
    ($(fn $name:ident($server:ident) $body:block)*) => {
        mod sqlite {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[test]
                fn $name() {
                    super::cases::$name(&$crate::harness::TestServer::sqlite());
                }
            )*
        }
        mod postgres {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[test]
                fn $name() {
                    super::cases::$name(&$crate::harness::TestServer::postgres());
                }
            )*
        }
        mod cases {
            #[allow(unused_imports)]
            use super::*;
            $(
                pub fn $name($server: &$crate::harness::TestServer) $body
            )*
        }
    };
}
pub(crate) use both_databases;
