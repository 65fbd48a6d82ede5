use super::{Delivered, Transport};
use crate::address::Mailbox;
use crate::error::{MailError, SettingsError};
use crate::message::Message;
use lettre::Transport as _;
use lettre::address::Envelope;
use lettre::transport::smtp::PoolConfig;
use secrecy::{ExposeSecret, SecretString};
use std::error::Error as _;
use std::fmt;
use std::time::Duration;
use tracing::subscriber::{NoSubscriber, with_default};
use url::{Host, Url};
use uuid::Uuid;

/// How long to wait for a connection and for each answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many connections are kept for the next mail.
const CONNECTIONS: u32 = 4;
/// How much of what a server said is kept.
const LONGEST_REASON: usize = 300;
/// A word with this many letters and digits in a row may be a token.
const TOKEN_LENGTH: usize = 32;

/// Hands messages to an SMTP server, keeping connections open between them.
///
/// A connection that breaks after the message was sent and before the server confirmed it leaves open whether
/// the mail arrived: it counts as [`MailError::Temporary`], and the next attempt carries the same `Message-ID`.
pub struct SmtpTransport {
    relay: lettre::SmtpTransport,
    from: Mailbox,
}

impl fmt::Debug for SmtpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpTransport")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl SmtpTransport {
    /// Delivers to the server behind `url`, without connecting yet.
    ///
    /// | form | encryption | port |
    /// | --- | --- | --- |
    /// | `smtps://user:password@host` | from the start | 465 |
    /// | `smtp://user:password@host?tls=required` | `STARTTLS`, or no mail | 587 |
    /// | `smtp://host?tls=opportunistic` | `STARTTLS` when offered | 587 |
    /// | `smtp://host` | none | 25 |
    ///
    /// User and password are percent-encoded.
    ///
    /// # Errors
    ///
    /// - [`SettingsError::SmtpUrl`]: not one of these forms.
    /// - [`SettingsError::PasswordWithoutTls`]: the password could cross the network unencrypted.
    pub fn new(url: &SecretString, from: Mailbox) -> Result<Self, SettingsError> {
        check_url(url.expose_secret())?;
        let relay = lettre::SmtpTransport::from_url(url.expose_secret())
            .map_err(|_| refused("the server's name, user or password"))?
            .timeout(Some(PATIENCE))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS))
            .build();
        Ok(Self { relay, from })
    }
}

impl Transport for SmtpTransport {
    fn deliver(&self, message: &Message) -> Result<Delivered, MailError> {
        let content = message.to_eml(&self.from)?;
        let recipient = message.to.address().clone();
        let needs_smtputf8 = !AsRef::<str>::as_ref(&recipient).is_ascii();
        let envelope = Envelope::new(Some(self.from.address().clone()), vec![recipient])
            .map_err(|error| MailError::permanent(error.to_string()))?;
        // The SMTP client can log every line it sends, passwords and links included: nobody listens to it here.
        let sent = with_default(NoSubscriber::default(), || {
            self.relay.send_raw(&envelope, &content)
        });
        sent.map(|_| Delivered::Now)
            .map_err(|error| sort(&error, needs_smtputf8))
    }

    fn already_delivered(&self, _outbox_id: Uuid) -> bool {
        false
    }
}

fn check_url(text: &str) -> Result<(), SettingsError> {
    let url = Url::parse(text).map_err(|_| refused("it is not a URL"))?;
    if !matches!(url.scheme(), "smtp" | "smtps") {
        return Err(refused("it starts with `smtp://` or `smtps://`"));
    }
    if url.host().is_none() {
        return Err(refused("it names no server"));
    }
    let mut encrypted = url.scheme() == "smtps";
    for (name, value) in url.query_pairs() {
        match (name.as_ref(), value.as_ref()) {
            ("tls", "required") => encrypted = true,
            ("tls", "opportunistic") => {}
            _ => {
                return Err(refused(
                    "the only option is `tls`, either `required` or `opportunistic`",
                ));
            }
        }
    }
    if url.password().is_none() && !url.username().is_empty() {
        return Err(refused("it has a user and no password"));
    }
    if url.password().is_some() && !encrypted && !is_this_machine(&url) {
        return Err(SettingsError::PasswordWithoutTls);
    }
    Ok(())
}

/// Hosts of `smtp` URLs are kept as text, also when they are addresses.
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Ok(Host::Domain(name)) => name == "localhost",
        Err(_) => false,
    }
}

fn refused(reason: &str) -> SettingsError {
    SettingsError::SmtpUrl {
        reason: reason.to_owned(),
    }
}

/// Only a refusal of this very message is for good; whatever an operator can repair is worth another attempt.
fn sort(error: &lettre::transport::smtp::Error, needs_smtputf8: bool) -> MailError {
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    let said = without_secrets(&source);
    if let Some(code) = error.status() {
        let code = u16::from(code);
        let reason = format!("the mail server answered {code} {said}");
        // RFC 4954: 530, 534, 535 and 538 are about our sign-in, not about the message.
        return if error.is_permanent() && !matches!(code, 530 | 534 | 535 | 538) {
            MailError::permanent(reason)
        } else {
            MailError::temporary(reason)
        };
    }
    if error.is_client() && needs_smtputf8 {
        return MailError::permanent("the mail server takes no addresses outside ASCII (SMTPUTF8)");
    }
    let what = if error.is_timeout() {
        "the mail server did not answer in time"
    } else if error.is_tls() {
        "no encrypted connection to the mail server"
    } else if error.is_client() {
        "the mail server cannot do what the settings ask for"
    } else {
        "no working connection to the mail server"
    };
    MailError::temporary(format!("{what}: {said}"))
}

/// What a server said, without anything that might be quoted from the mail.
fn without_secrets(said: &str) -> String {
    let words: Vec<&str> = said
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .map(|word| if may_be_secret(word) { "[removed]" } else { word })
        .collect();
    words.join(" ").chars().take(LONGEST_REASON).collect()
}

fn may_be_secret(word: &str) -> bool {
    word.contains("://")
        || word.contains("token=")
        || word
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .any(|run| run.len() >= TOKEN_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_quotes_from_a_mail_is_left_out() {
        let token = "c2VjcmV0LXRva2VuLW9mLTI1Ni1iaXRzLWluLWJhc2U2NA";
        for said in [
            format!("5.7.1 blocked link https://guests.example/claim#token={token} in message"),
            format!("blocked link guests.example/claim#token={token} in message"),
            format!("blocked link <{token}> in message"),
            format!("blocked link\r\n\"{token}\" in message"),
        ] {
            let kept = without_secrets(&said);
            assert!(!kept.contains(token), "{kept}");
            assert!(
                kept.contains("blocked link") && kept.contains("in message"),
                "{kept}"
            );
        }
    }

    #[test]
    fn what_helps_an_operator_is_kept_on_one_line_of_bounded_length() {
        let said = "5.1.1 <ada@example.com>: Recipient address rejected\r\n(queue id 4XyZ12AbCd)";
        assert_eq!(
            without_secrets(said),
            "5.1.1 <ada@example.com>: Recipient address rejected (queue id 4XyZ12AbCd)"
        );
        assert_eq!(
            without_secrets(&"no ".repeat(1000)).chars().count(),
            LONGEST_REASON
        );
    }
}
