use crate::address::Mailbox;
use crate::error::SettingsError;
use crate::transport::{FileTransport, LogTransport, SmtpTransport, Transport};
use secrecy::SecretString;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

/// Where mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TransportKind {
    /// One `.eml` a message in a folder.
    #[default]
    File,
    /// An SMTP server.
    Smtp,
    /// Recipient and subject in the log; for trying things out, the mail itself is lost.
    Log,
}

impl FromStr for TransportKind {
    type Err = SettingsError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "file" => Ok(Self::File),
            "smtp" => Ok(Self::Smtp),
            "log" => Ok(Self::Log),
            _ => Err(SettingsError::UnknownTransport),
        }
    }
}

/// The `mail` section of the configuration.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Where mail goes.
    pub transport: TransportKind,
    /// The folder of [`TransportKind::File`].
    pub directory: PathBuf,
    /// The server of [`TransportKind::Smtp`]; see [`SmtpTransport::new`] for its form.
    pub smtp_url: Option<SecretString>,
    /// The sender: `address` or `Name <address>`.
    pub from: String,
}

/// Builds the transport that the settings describe.
///
/// # Errors
///
/// A [`SettingsError`] that says which setting to change. An SMTP server that is away is not an error here.
///
/// # Examples
///
/// ```
/// use vestibule_mailer::{MailSettings, SettingsError, TransportKind, build_transport};
///
/// let mut settings = MailSettings {
///     transport: TransportKind::Smtp,
///     directory: "mail".into(),
///     smtp_url: Some("smtp://mail.example:587?tls=required".into()),
///     from: "Vestibule <no-reply@example.com>".into(),
/// };
/// assert!(build_transport(&settings).is_ok());
///
/// settings.smtp_url = Some("smtp://user:password@mail.example".into());
/// assert!(matches!(build_transport(&settings), Err(SettingsError::PasswordWithoutTls)));
/// ```
pub fn build_transport(settings: &MailSettings) -> Result<Arc<dyn Transport>, SettingsError> {
    let from = Mailbox::parse(&settings.from)?;
    Ok(match settings.transport {
        TransportKind::File => Arc::new(FileTransport::new(&settings.directory, from)?),
        TransportKind::Smtp => {
            let url = settings.smtp_url.as_ref().ok_or(SettingsError::SmtpUrlMissing)?;
            Arc::new(SmtpTransport::new(url, from)?)
        }
        TransportKind::Log => Arc::new(LogTransport::new()),
    })
}
