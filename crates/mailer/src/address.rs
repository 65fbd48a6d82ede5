use crate::error::{MailError, SettingsError};
use lettre::Address;
use std::fmt;

/// A mail address that was checked, with the name to show beside it.
///
/// Two mailboxes are equal when they are written alike; this is not how the product compares emails.
///
/// # Examples
///
/// ```
/// use vestibule_mailer::Mailbox;
///
/// let to = Mailbox::new("Jörg Müller", "joerg@bücher.example")?;
/// assert_eq!(to.to_string(), "Jörg Müller <joerg@bücher.example>");
/// assert!(Mailbox::new("Eve", "eve@example.com\r\nBcc: all@example.com").is_err());
/// # Ok::<(), vestibule_mailer::MailError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    name: String,
    email: String,
    // The domain in its ASCII form, so that only a non-ASCII local part needs a server that knows SMTPUTF8.
    address: Address,
}

impl Mailbox {
    /// Checks `email` and takes `name` as the name to show (empty for none).
    ///
    /// # Errors
    ///
    /// [`MailError::Permanent`] when `email` is not an address.
    pub fn new(name: &str, email: &str) -> Result<Self, MailError> {
        let email = email.trim();
        let address = parse_address(email)
            .ok_or_else(|| MailError::permanent("the recipient's email is not a mail address"))?;
        Ok(Self {
            name: one_line(name),
            email: email.to_owned(),
            address,
        })
    }

    /// Reads `address` or `Name <address>`, as written in settings.
    ///
    /// # Errors
    ///
    /// [`SettingsError::Sender`] when it is neither.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let text = text.trim();
        let (name, email) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, email)) => (name.trim().trim_matches('"'), email),
            None => ("", text),
        };
        Self::new(name, email).map_err(|_| SettingsError::Sender)
    }

    /// The name to show, empty when there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address as it was typed.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The address as it goes over the wire.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn to_lettre(&self) -> lettre::message::Mailbox {
        let name = (!self.name.is_empty()).then(|| self.name.clone());
        lettre::message::Mailbox::new(name, self.address.clone())
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            f.write_str(&self.email)
        } else {
            write!(f, "{} <{}>", self.name, self.email)
        }
    }
}

fn parse_address(email: &str) -> Option<Address> {
    let (local, domain) = email.rsplit_once('@')?;
    if email.chars().any(|c| is_break(c) || is_direction(c)) {
        return None;
    }
    if domain.starts_with('[') {
        return Address::new(local, domain).ok();
    }
    let domain = idna::domain_to_ascii_strict(domain).ok()?;
    Address::new(local, domain).ok()
}

/// The same words on one line, without the characters that turn the direction of what follows.
///
/// INVARIANT: whatever people typed passes through here before it reaches a header or a line of text.
pub(crate) fn one_line(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|&c| !is_direction(c))
        .map(|c| if is_break(c) { ' ' } else { c })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_break(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Overrides, embeddings and isolates of UAX #9: they can make a name read as another one.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
