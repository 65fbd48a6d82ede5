use crate::address::Mailbox;
use crate::error::MailError;
use crate::template::MailKind;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart};
use std::fmt;
use std::time::SystemTime;
use time::{OffsetDateTime, UtcDateTime};
use uuid::Uuid;

/// A mail that is ready to be delivered; text and HTML hold the link, so they are left out of `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// Names this mail for good: file name, `Message-ID`.
    pub outbox_id: Uuid,
    /// Which mail it is.
    pub kind: MailKind,
    /// Who gets it.
    pub to: Mailbox,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML, saying the same.
    pub html: String,
    /// When it says it was written.
    pub date: UtcDateTime,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("outbox_id", &self.outbox_id)
            .field("kind", &self.kind)
            .field("to", &self.to)
            .field("subject", &self.subject)
            .field("date", &self.date)
            .finish_non_exhaustive()
    }
}

impl Message {
    /// The message as it is mailed or filed; the same message from the same sender is the same bytes.
    ///
    /// # Errors
    ///
    /// [`MailError::Permanent`] when a header can't be written.
    pub fn to_eml(&self, from: &Mailbox) -> Result<Vec<u8>, MailError> {
        let body = MultiPart::alternative()
            .boundary(format!("=_{}", self.outbox_id.simple()))
            .singlepart(SinglePart::plain(self.text.clone()))
            .singlepart(SinglePart::html(self.html.clone()));
        let message = lettre::Message::builder()
            .from(from.to_lettre())
            .to(self.to.to_lettre())
            .subject(&self.subject)
            .date(self.mail_date())
            .message_id(Some(format!("<{}@{}>", self.outbox_id, from.address().domain())))
            // RFC 3834: keeps holiday notices and other robots from answering; Exchange asks for its own word.
            .raw_header(fixed_header("Auto-Submitted", "auto-generated")?)
            .raw_header(fixed_header("X-Auto-Response-Suppress", "All")?)
            .multipart(body)
            .map_err(|error| MailError::permanent(format!("the message cannot be written: {error}")))?;
        Ok(message.formatted())
    }

    /// Mail dates begin with 1970; nothing real lies before.
    fn mail_date(&self) -> SystemTime {
        SystemTime::from(OffsetDateTime::from(self.date.max(UtcDateTime::UNIX_EPOCH)))
    }
}

fn fixed_header(name: &'static str, value: &str) -> Result<HeaderValue, MailError> {
    let name = HeaderName::new_from_ascii(name.to_owned())
        .map_err(|_| MailError::permanent("the message has a header that cannot be written"))?;
    Ok(HeaderValue::new(name, value.to_owned()))
}
