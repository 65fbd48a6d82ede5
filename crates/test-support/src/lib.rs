#![doc = include_str!("../README.md")]
// A test that cannot have its database or its mail server should stop right there, with the reason.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod clock;
mod mail;
mod postgres;
mod smtp;
mod sqlite;

pub use clock::FixedClock;
pub use mail::{MailFile, ParsedMail, find_link, find_token, mails_in};
pub use postgres::{PostgresError, PostgresServer, TestDatabase};
pub use smtp::{ReceivedMail, SmtpBehaviour, SmtpServer};
pub use sqlite::TestSqlite;
