//! Ways for a message to leave.

mod file;
mod log;
mod memory;
mod smtp;

pub use file::FileTransport;
pub use log::LogTransport;
pub use memory::MemoryTransport;
pub use smtp::SmtpTransport;

use crate::error::MailError;
use crate::message::Message;
use uuid::Uuid;

/// How a delivery went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// The message was handed over by this call.
    Now,
    /// A message with this outbox id was there before; nothing was done.
    Before,
}

/// A way for a message to leave; blocks until it has left, so call it from a thread that may wait.
pub trait Transport: Send + Sync {
    /// Hands the message over.
    ///
    /// # Errors
    ///
    /// - [`MailError::Temporary`]: try again, later each time.
    /// - [`MailError::Permanent`]: give up on this message.
    fn deliver(&self, message: &Message) -> Result<Delivered, MailError>;

    /// Whether a message with this outbox id is known to have left; `false` also when that can't be known.
    fn already_delivered(&self, outbox_id: Uuid) -> bool;
}
