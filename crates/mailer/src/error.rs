use std::io;
use std::path::PathBuf;

/// Why a mail was not delivered, in words that hold no link, token or password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Not now: the server is away, busy or misconfigured, or the disk is full. Try again, later each time.
    #[error("mail was not taken this time: {reason}")]
    Temporary {
        /// What happened, for the operator.
        reason: String,
    },
    /// Never: this mail cannot be delivered however often it is tried.
    #[error("mail cannot be delivered: {reason}")]
    Permanent {
        /// What happened, for the operator.
        reason: String,
    },
}

impl MailError {
    /// Whether another attempt may succeed.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary { .. })
    }

    pub(crate) fn temporary(reason: impl Into<String>) -> Self {
        Self::Temporary {
            reason: reason.into(),
        }
    }

    pub(crate) fn permanent(reason: impl Into<String>) -> Self {
        Self::Permanent {
            reason: reason.into(),
        }
    }
}

/// Why the mail settings cannot be used; nothing of a URL or password is repeated.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The word for the transport is none of those known.
    #[error("the mail transport is `file`, `smtp` or `log`")]
    UnknownTransport,
    /// The sender is not `address` or `Name <address>`.
    #[error("the mail sender is not an address: write `name@example.com` or `Name <name@example.com>`")]
    Sender,
    /// The SMTP transport was chosen without saying where to deliver.
    #[error("the smtp transport needs an SMTP URL")]
    SmtpUrlMissing,
    /// The SMTP URL is not usable.
    #[error("the SMTP URL is not usable: {reason}")]
    SmtpUrl {
        /// Which part, and what it should be.
        reason: String,
    },
    /// A password would cross the network in the clear.
    #[error("the SMTP URL sends a password without TLS: use `smtps://` or add `?tls=required`")]
    PasswordWithoutTls,
    /// The folder of the file transport cannot be made or written to.
    #[error("cannot write mail to {}: {source}", directory.display())]
    Directory {
        /// The folder.
        directory: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}
