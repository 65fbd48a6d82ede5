#![doc = include_str!("../README.md")]

pub mod assembly;
pub mod clock;
pub mod config;
mod error;
mod guests;
pub mod logging;
pub mod mail;
mod object_tasks;
mod report;
mod retention;
pub mod token;
pub mod worker;

pub use error::WorkError;
pub use report::{PassReport, RetiredCounts};
pub use worker::{Waker, Worker, WorkerSettings};
