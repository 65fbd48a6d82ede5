use super::{Delivered, Transport};
use crate::error::MailError;
use crate::message::Message;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Keeps every message, for tests; clones share the same messages.
///
/// # Examples
///
/// ```
/// use vestibule_mailer::{MailError, MemoryTransport};
///
/// let mail = MemoryTransport::new();
/// mail.fail_next(MailError::Temporary { reason: "away".into() });
/// assert!(mail.messages().is_empty());
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryTransport(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    messages: Vec<Message>,
    failures: VecDeque<MailError>,
}

impl MemoryTransport {
    /// Starts empty.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything delivered so far, in order.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.lock().messages.clone()
    }

    /// Makes one more delivery fail; several calls make several fail, in this order.
    pub fn fail_next(&self, error: MailError) {
        self.lock().failures.push_back(error);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Every change is a single push or pop, so a panic elsewhere leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for MemoryTransport {
    fn deliver(&self, message: &Message) -> Result<Delivered, MailError> {
        let mut inner = self.lock();
        if let Some(error) = inner.failures.pop_front() {
            return Err(error);
        }
        if inner
            .messages
            .iter()
            .any(|known| known.outbox_id == message.outbox_id)
        {
            return Ok(Delivered::Before);
        }
        inner.messages.push(message.clone());
        Ok(Delivered::Now)
    }

    fn already_delivered(&self, outbox_id: Uuid) -> bool {
        self.lock()
            .messages
            .iter()
            .any(|known| known.outbox_id == outbox_id)
    }
}
