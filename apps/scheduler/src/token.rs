//! The secrets that sessions, programs and mailed links carry.
//!
//! The org is inside, so that no look-up ever crosses orgs. Only a hash of the secret is stored: whoever reads the
//! database can't sign in with it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use vestibule_persistence::ids::OrgId;

const PREFIX: &str = "vst_";
const ORG_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A signed-in session.
    Session,
    /// An API token.
    Api,
    /// Claiming an account.
    Claim,
    /// Setting a new password.
    Reset,
}

impl TokenKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Session, Self::Api, Self::Claim, Self::Reset];

    fn letter(self) -> &'static str {
        match self {
            Self::Session => "s",
            Self::Api => "a",
            Self::Claim => "c",
            Self::Reset => "r",
        }
    }
}

/// What a token's text says; whether it is known is for the database to tell.
#[derive(Clone, PartialEq, Eq)]
pub struct ParsedToken {
    /// What it is for.
    pub kind: TokenKind,
    /// The org it belongs to.
    pub org: OrgId,
    /// SHA-256 of its secret part: what the database knows it by.
    pub hash: Vec<u8>,
}

impl ParsedToken {
    /// Compares with a stored hash, in a time that doesn't depend on where they differ.
    pub fn matches(&self, stored: &[u8]) -> bool {
        self.hash.as_slice().ct_eq(stored).into()
    }
}

/// Without the hash: it is no secret, but nobody needs it in a log.
impl fmt::Debug for ParsedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParsedToken")
            .field("kind", &self.kind)
            .field("org", &self.org)
            .finish_non_exhaustive()
    }
}

/// The operating system gave no random bytes. A retry may help.
#[derive(Debug, thiserror::Error)]
#[error("no random bytes from the operating system: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

/// Makes a new token: the text to hand out and the hash to store.
///
/// # Errors
///
/// [`NoRandomness`], which hardly ever happens after a machine has started.
///
/// # Examples
///
/// ```
/// use secrecy::ExposeSecret;
/// use vestibule_persistence::ids::OrgId;
/// use vestibule_scheduler::token::{self, TokenKind};
///
/// let (text, hash) = token::mint(TokenKind::Claim, OrgId::from_u128(1))?;
/// assert!(text.expose_secret().starts_with("vst_c_"));
///
/// let parsed = token::parse(text.expose_secret());
/// assert!(parsed.is_some_and(|token| token.kind == TokenKind::Claim && token.matches(&hash)));
/// assert!(token::parse("vst_c_short").is_none());
/// # Ok::<(), token::NoRandomness>(())
/// ```
pub fn mint(kind: TokenKind, org: OrgId) -> Result<(SecretString, Vec<u8>), NoRandomness> {
    let mut secret = [0_u8; SECRET_BYTES];
    getrandom::fill(&mut secret)?;
    let content = [org.as_uuid().as_bytes().as_slice(), &secret].concat();
    let text = format!("{PREFIX}{}_{}", kind.letter(), URL_SAFE_NO_PAD.encode(content));
    Ok((SecretString::from(text), hash(&secret)))
}

/// Reads a token's text; `None` when it is not one.
pub fn parse(text: &str) -> Option<ParsedToken> {
    let (letter, content) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let kind = TokenKind::ALL.into_iter().find(|kind| kind.letter() == letter)?;
    let content: [u8; ORG_BYTES + SECRET_BYTES] = URL_SAFE_NO_PAD.decode(content).ok()?.try_into().ok()?;
    let (org, secret) = content.split_first_chunk::<ORG_BYTES>()?;
    Some(ParsedToken {
        kind,
        org: Uuid::from_bytes(*org).into(),
        hash: hash(secret),
    })
}

fn hash(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn minted(kind: TokenKind) -> (String, Vec<u8>) {
        let (text, hash) = mint(kind, OrgId::from_u128(7)).unwrap();
        (text.expose_secret().to_owned(), hash)
    }

    #[test]
    fn what_was_minted_is_read_back() {
        for (kind, start) in TokenKind::ALL
            .into_iter()
            .zip(["vst_s_", "vst_a_", "vst_c_", "vst_r_"])
        {
            let (text, hash) = minted(kind);
            assert!(text.starts_with(start) && text.len() == 6 + 64, "{text}");
            let parsed = parse(&text).unwrap();
            assert_eq!((parsed.kind, parsed.org), (kind, OrgId::from_u128(7)));
            assert!(parsed.matches(&hash));
        }
    }

    #[test]
    fn no_two_tokens_are_alike() {
        let (first, hash) = minted(TokenKind::Session);
        let (second, _) = minted(TokenKind::Session);
        assert_ne!(first, second);
        assert!(!parse(&second).unwrap().matches(&hash));
        assert!(!parse(&second).unwrap().matches(&[]));
    }

    #[test]
    fn what_is_not_formed_like_a_token_is_none() {
        let (text, _) = minted(TokenKind::Session);
        for bad in [
            String::new(),
            "vst_".to_owned(),
            "vst__".to_owned(),
            "vst_s_".to_owned(),
            text.replacen("vst_s", "vst_x", 1),
            text.replacen("vst_s", "VST_s", 1),
            format!("{text}A"),
            format!("{text}="),
            format!(" {text}"),
            text[..text.len() - 1].to_owned(),
            text.replace("vst_s_", "vst_s_é"),
        ] {
            assert!(parse(&bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn nothing_of_the_secret_is_printed() {
        let (text, hash) = minted(TokenKind::Reset);
        let printed = format!("{:?}", parse(&text).unwrap());
        assert!(!printed.contains(&text[30..]) && !printed.contains(&format!("{hash:?}")));
    }
}
