//! The HTTP interface, tested from outside on both databases.

mod harness;

mod guests;
