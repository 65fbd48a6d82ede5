#![doc = include_str!("../README.md")]

mod address;
mod error;
mod letter;
mod link;
mod message;
mod settings;
mod template;
mod transport;

pub use address::Mailbox;
pub use error::{MailError, SettingsError};
pub use link::Link;
pub use message::Message;
pub use settings::{MailSettings, TransportKind, build_transport};
pub use template::{
    AccessEnded, AccountInvitation, EndReminder, FreshLink, GuestInvitation, LastDay, MailKind, MailTemplate,
    NewLastDay, PasswordReset, Person, Reader, WhyEnded,
};
pub use transport::{Delivered, FileTransport, LogTransport, MemoryTransport, SmtpTransport, Transport};
