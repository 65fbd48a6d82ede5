//! The Vestibule scheduler.
