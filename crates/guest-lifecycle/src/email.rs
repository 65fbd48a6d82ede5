//! Mail addresses: as typed for mail, in one canonical form for comparison.

use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, MixedScript, general_security_profile::IdentifierType};

/// Longest address in bytes (RFC 5321, section 4.5.3.1.3, less the angle brackets).
const MAX_BYTES: usize = 254;
/// Longest local part in bytes (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;

/// Holds a mail address that is safe to send to and safe to compare.
///
/// Two values are equal when their canonical forms are: `Ana@EXAMPLE.com` equals `ana@example.com`, and
/// `ana+guest@example.com` is another address. Look-alikes are refused rather than folded: letters that only
/// *become* ASCII under compatibility mapping (`ſ`, full-width letters, full-width `＠`), invisible characters and
/// mixed scripts.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::EmailAddress;
///
/// let email = EmailAddress::parse("  Zoë+Guest@Bücher.Example ")?;
/// assert_eq!(email.as_typed(), "Zoë+Guest@Bücher.Example");
/// assert_eq!(email.canonical(), "zoë+guest@xn--bcher-kva.example");
///
/// let look_alike = EmailAddress::parse("аna@example.com").unwrap_err(); // the first letter is Cyrillic
/// assert_eq!(look_alike.code(), "invalid_email");
/// # Ok::<(), vestibule_guest_lifecycle::EmailRefused>(())
/// ```
#[derive(Clone, Debug)]
pub struct EmailAddress {
    typed: String,
    canonical: String,
    /// Byte position of the `@` in `canonical`.
    at: usize,
}

/// Why a text is refused as a mail address. Retrying does not help; another spelling does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailRefused {
    /// Nothing but white space.
    #[error("an email address is required")]
    Required,
    /// More than 254 bytes, or more than 64 before the `@`.
    #[error("the email address is longer than {MAX_BYTES} bytes, or than {MAX_LOCAL_BYTES} before the @")]
    TooLong,
    /// White space, control or invisible characters inside.
    #[error("the email address contains a space or an invisible character")]
    InvisibleCharacter,
    /// Not exactly one `@`.
    #[error("an email address has exactly one @")]
    NotOneAt,
    /// The part before the `@` is empty, quoted, has misplaced dots or a character that isn't allowed there.
    #[error("the part before the @ is not valid")]
    InvalidLocalPart,
    /// The part after the `@` is no domain name of at least two labels.
    #[error("the part after the @ is not a valid domain")]
    InvalidDomain,
    /// Letters of different scripts in one part, or letters that imitate others.
    #[error("the email address mixes alphabets or uses look-alike letters")]
    LookAlike,
}

impl EmailRefused {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong => "too_long",
            _ => "invalid_email",
        }
    }
}

impl EmailAddress {
    /// Accepts one bare mail address, such as `ana@example.com`.
    ///
    /// White space around it is dropped. Quoted local parts (`"a b"@…`), display names and IP addresses in place
    /// of the domain are refused, and so is a domain without a dot.
    ///
    /// # Errors
    /// - [`EmailRefused::Required`]: nothing left after trimming.
    /// - [`EmailRefused::TooLong`]: more than 254 bytes, or 64 in the local part, as typed or in canonical form.
    /// - [`EmailRefused::InvisibleCharacter`]: control character, NUL or white space inside.
    /// - [`EmailRefused::NotOneAt`]: none or several `@`; a full-width `＠` is none.
    /// - [`EmailRefused::InvalidLocalPart`], [`EmailRefused::InvalidDomain`]: not well-formed.
    /// - [`EmailRefused::LookAlike`]: mixed scripts, compatibility letters.
    pub fn parse(raw: &str) -> Result<Self, EmailRefused> {
        let typed = raw.trim();
        if typed.is_empty() {
            return Err(EmailRefused::Required);
        }
        if typed.len() > MAX_BYTES {
            return Err(EmailRefused::TooLong);
        }
        if typed.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(EmailRefused::InvisibleCharacter);
        }
        let (local, domain) = typed.split_once('@').ok_or(EmailRefused::NotOneAt)?;
        if domain.contains('@') {
            return Err(EmailRefused::NotOneAt);
        }
        let canonical_local = canonical_local(local)?;
        let canonical_domain = canonical_domain(domain)?;
        let at = canonical_local.len();
        let canonical = format!("{canonical_local}@{canonical_domain}");
        if local.len().max(at) > MAX_LOCAL_BYTES || canonical.len() > MAX_BYTES {
            return Err(EmailRefused::TooLong);
        }
        Ok(Self {
            typed: typed.to_owned(),
            canonical,
            at,
        })
    }

    /// The address as it was typed, without surrounding white space: what mail is sent to.
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// The one spelling that is stored for comparison: NFC, lower case, domain in its IDNA ASCII form.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The part before the `@`, in canonical form.
    pub fn local_part(&self) -> &str {
        self.canonical.get(..self.at).unwrap_or_default()
    }

    /// The part after the `@`, in canonical form.
    pub fn domain(&self) -> &str {
        self.canonical.get(self.at + 1..).unwrap_or_default()
    }
}

fn canonical_local(local: &str) -> Result<String, EmailRefused> {
    let composed: String = local.nfc().collect();
    let dots_in_place = composed.split('.').all(|atom| !atom.is_empty());
    if !dots_in_place
        || !composed
            .chars()
            .all(|c| c == '.' || !c.is_ascii() || is_atom_char(c))
    {
        return Err(EmailRefused::InvalidLocalPart);
    }
    // Some letters compose in lower case only (the Greek ΐ), hence NFC once more.
    let canonical: String = composed.to_lowercase().nfc().collect();
    if looks_alike(&composed) || looks_alike(&canonical) {
        return Err(EmailRefused::LookAlike);
    }
    Ok(canonical)
}

/// Whether a text could pass for another: characters not recommended for identifiers, or more than one script
/// (UTS 39, section 5.1).
fn looks_alike(text: &str) -> bool {
    !text.chars().all(is_plain) || !text.is_single_script()
}

/// Whether a character is ASCII or recommended for identifiers (UTS 39, section 3.1). That leaves out all that
/// changes under compatibility mapping (NFKC), joiners and other invisible characters, and punctuation such as the
/// Unicode hyphen that imitates the ASCII one.
fn is_plain(c: char) -> bool {
    c.is_ascii() || c.identifier_type() == Some(IdentifierType::Recommended)
}

/// The characters of an unquoted local part (RFC 5322 `atext`).
fn is_atom_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

fn canonical_domain(domain: &str) -> Result<String, EmailRefused> {
    let ascii = Uts46::new()
        .to_ascii(
            domain.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::Check,
            DnsLength::Verify,
        )
        .map_err(|_| EmailRefused::InvalidDomain)?;
    // A top-level domain is never all digits, so this also refuses IPv4 addresses.
    let (_, top) = ascii.rsplit_once('.').ok_or(EmailRefused::InvalidDomain)?;
    if top.bytes().all(|b| b.is_ascii_digit()) {
        return Err(EmailRefused::InvalidDomain);
    }
    // What IDNA folds away silently (soft hyphens, joiners) would still be in the address as typed.
    if !domain.nfkc().all(is_plain) {
        return Err(EmailRefused::LookAlike);
    }
    let (unicode, readable) = idna::domain_to_unicode(&ascii);
    if readable.is_err() {
        return Err(EmailRefused::InvalidDomain);
    }
    if unicode.split('.').any(looks_alike) {
        return Err(EmailRefused::LookAlike);
    }
    Ok(ascii.into_owned())
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for EmailAddress {}

impl Hash for EmailAddress {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl FromStr for EmailAddress {
    type Err = EmailRefused;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        Self::parse(raw)
    }
}
