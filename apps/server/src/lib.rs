//! The Vestibule server.
