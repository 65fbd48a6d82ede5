use vestibule_persistence::{StoreError, TransactionError};

use crate::token::NoRandomness;

/// Why the worker could not do its work this time. Nothing is lost: the work stays due.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The database failed; [`StoreError::Busy`] and [`StoreError::Unreachable`] pass.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No token could be made. May pass.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl TransactionError for WorkError {
    fn lost_a_race(&self) -> bool {
        matches!(self, Self::Store(error) if error.lost_a_race())
    }
}
