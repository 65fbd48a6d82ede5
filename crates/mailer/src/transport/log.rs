use super::{Delivered, Transport};
use crate::error::MailError;
use crate::message::Message;
use uuid::Uuid;

/// Logs recipient and subject and drops the rest: no link or token reaches the log.
///
/// For trying things out only, since nobody can ever read the mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogTransport;

impl LogTransport {
    /// Needs nothing.
    #[must_use]
    pub fn new() -> Self {
        Self
    }
}

impl Transport for LogTransport {
    fn deliver(&self, message: &Message) -> Result<Delivered, MailError> {
        tracing::info!(
            outbox_id = %message.outbox_id,
            kind = message.kind.as_str(),
            to = message.to.email(),
            subject = message.subject,
            "mail"
        );
        Ok(Delivered::Now)
    }

    fn already_delivered(&self, _outbox_id: Uuid) -> bool {
        false
    }
}
