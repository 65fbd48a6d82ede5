//! Texts that have to be something: mail addresses, links, telephone numbers.

use email_address::{EmailAddress, Options};

use super::ValueRefused;

/// Longest mail address, in characters.
pub(crate) const MAX_EMAIL: usize = 254;
/// Longest link, in characters.
pub(crate) const MAX_URL: usize = 2_000;

pub(super) fn check_email(text: &str) -> Result<(), ValueRefused> {
    if text.chars().count() > MAX_EMAIL {
        return Err(ValueRefused::too_long(MAX_EMAIL));
    }
    let options = Options::default().without_display_text().without_domain_literal();
    match EmailAddress::parse_with_options(text, options) {
        Ok(_) => Ok(()),
        Err(_) => Err(ValueRefused::new("invalid_email", "must be a mail address")),
    }
}

pub(super) fn check_url(text: &str) -> Result<(), ValueRefused> {
    if text.chars().count() > MAX_URL {
        return Err(ValueRefused::too_long(MAX_URL));
    }
    let refused = ValueRefused::new("invalid_url", "must be an absolute http or https address");
    // The URL standard reads past blanks, line breaks and missing slashes; a link that is kept as given must have none.
    let written = text.split_once("://").is_some_and(|(scheme, rest)| {
        let known = ["http", "https"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        known && !rest.starts_with(['/', '\\']) && !rest.contains(char::is_whitespace)
    });
    let parsed = if written { url::Url::parse(text).ok() } else { None };
    parsed.filter(url::Url::has_host).map(|_| ()).ok_or(refused)
}

pub(super) fn check_phone(text: &str) -> Result<(), ValueRefused> {
    let refused = ValueRefused::new(
        "invalid_phone",
        "must be 3 to 40 characters: digits, spaces, ( ) . - / and a leading +, with at least 3 digits",
    );
    let rest = text.strip_prefix('+').unwrap_or(text);
    let allowed = |letter: char| letter.is_ascii_digit() || " ().-/".contains(letter);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    let fits = text.len() <= 40 && digits >= 3 && rest.chars().all(allowed);
    if fits { Ok(()) } else { Err(refused) }
}
