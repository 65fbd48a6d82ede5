use crate::error::MailError;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// A link that a mail carries, with the token in it: it prints as `[REDACTED]`.
///
/// # Examples
///
/// ```
/// use vestibule_mailer::Link;
///
/// let link = Link::new("https://guests.example/claim#token=s3cret")?;
/// assert!(!format!("{link:?}").contains("s3cret"));
/// assert!(Link::new("javascript:alert(1)").is_err());
/// # Ok::<(), vestibule_mailer::MailError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Link(SecretString);

impl Link {
    /// Takes an absolute `http` or `https` URL.
    ///
    /// # Errors
    ///
    /// [`MailError::Permanent`] when it is anything else.
    pub fn new(url: &str) -> Result<Self, MailError> {
        match Url::parse(url) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(Self(String::from(url).into())),
            _ => Err(MailError::permanent(
                "the link of the mail is not an http or https URL",
            )),
        }
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}
