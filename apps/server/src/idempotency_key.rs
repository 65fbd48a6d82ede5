//! `Idempotency-Key`: recognizing a repeated POST, and keeping its first answer sealed.
//!
//! What is stored without the client's key opens nothing: the key is kept as a hash, and the answer, which may
//! hold a secret shown once, is encrypted under a key made from both the server's secret and the client's key.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hmac::Mac;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::keyed_hash::keyed;
use crate::problem::Problem;

/// The header that brings the key.
pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

const NONCE_BYTES: usize = 12;

/// Extractor of the header, if it is there: 1 to 255 visible ASCII characters, else 400
/// `invalid_idempotency_key`.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(Option<String>);

impl IdempotencyKey {
    /// The key as the client sent it. Not to be stored or logged.
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "IdempotencyKey(given)"
        } else {
            "IdempotencyKey(none)"
        })
    }
}

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let mut values = req.headers().get_all(HEADER);
        let usable = |value: &HeaderValue| {
            let bytes = value.as_bytes();
            (1..=255).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
        };
        ready(match (values.next(), values.next()) {
            (None, _) => Ok(Self(None)),
            (Some(value), None) if usable(value) => Ok(Self(value.to_str().ok().map(str::to_owned))),
            _ => Err(Problem::bad_request(
                "invalid_idempotency_key",
                "an idempotency key is given once and has 1 to 255 visible ASCII characters",
            )),
        })
    }
}

/// What tells one request from another under the same key: where it went and the SHA-256 of what it said.
///
/// `path` is the path as called, with its ids.
pub fn fingerprint(method: &str, path: &str, body_sha256: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [method.as_bytes(), path.as_bytes(), body_sha256] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// An answer as it is kept for replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Headers that belong to the answer itself, such as `Location`, `ETag` and the content type.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl StoredAnswer {
    /// The answer, once more.
    pub fn replay(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = HttpResponse::build(status);
        for header in self.headers {
            answer.insert_header(header);
        }
        answer.body(self.body)
    }
}

/// The stored answer can't be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The operating system gives no randomness.
    #[error("no randomness to seal an answer with")]
    Randomness,
    /// The sealed bytes were altered, or are of another key, scope or server secret.
    #[error("a stored answer doesn't open")]
    Broken,
}

/// Seals answers under the server's secret.
#[derive(Clone)]
pub struct AnswerSealer([u8; 32]);

impl AnswerSealer {
    /// Seals under `secret`; answers sealed under another one no longer open.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// What is stored in place of the key. `scope` says for whom and where the key counts: org, actor, route.
    pub fn stored_key(&self, scope: &[u8], key: &str) -> [u8; 32] {
        self.derived(b"vestibule idempotency key 1", scope, key)
    }

    /// Encrypts an answer so that it opens only with the same scope and key.
    ///
    /// # Errors
    ///
    /// [`SealError::Randomness`].
    pub fn seal(&self, scope: &[u8], key: &str, answer: &StoredAnswer) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| SealError::Randomness)?;
        let plain = serde_json::to_vec(answer).map_err(|_| SealError::Broken)?;
        let sealed = self
            .cipher(scope, key)
            .encrypt(&Nonce::from(nonce), Payload::from(plain.as_slice()));
        Ok([nonce.as_slice(), &sealed.map_err(|_| SealError::Broken)?].concat())
    }

    /// Decrypts what [`Self::seal`] made.
    ///
    /// # Errors
    ///
    /// [`SealError::Broken`].
    pub fn open(&self, scope: &[u8], key: &str, sealed: &[u8]) -> Result<StoredAnswer, SealError> {
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(SealError::Broken)?;
        let plain = self
            .cipher(scope, key)
            .decrypt(&Nonce::from(*nonce), Payload::from(sealed));
        serde_json::from_slice(&plain.map_err(|_| SealError::Broken)?).map_err(|_| SealError::Broken)
    }

    fn cipher(&self, scope: &[u8], key: &str) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.derived(b"vestibule idempotency seal 1", scope, key).into())
    }

    fn derived(&self, purpose: &[u8], scope: &[u8], key: &str) -> [u8; 32] {
        let mut mac = keyed(&self.0);
        for part in [purpose, scope, key.as_bytes()] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for AnswerSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnswerSealer")
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    async fn key(value: &str) -> Result<IdempotencyKey, Problem> {
        let req = TestRequest::post()
            .insert_header((HEADER, value))
            .to_http_request();
        IdempotencyKey::extract(&req).await
    }

    #[actix_web::test]
    async fn a_key_is_1_to_255_visible_characters() {
        let longest = "k".repeat(255);
        for usable in ["1", "8e03978e-40d5-43dd-bc93-6894a57f9324", &longest] {
            assert_eq!(key(usable).await.unwrap().as_deref(), Some(usable));
        }
        for unusable in ["", "a b", "\u{e9}", &"k".repeat(256)] {
            assert_eq!(
                key(unusable).await.unwrap_err().code(),
                "invalid_idempotency_key",
                "{unusable}"
            );
        }
        let none = TestRequest::post().to_http_request();
        assert_eq!(IdempotencyKey::extract(&none).await.unwrap().as_deref(), None);
        let two = TestRequest::post()
            .append_header((HEADER, "a"))
            .append_header((HEADER, "a"))
            .to_http_request();
        assert!(IdempotencyKey::extract(&two).await.is_err());
    }

    fn answer() -> StoredAnswer {
        StoredAnswer {
            status: 201,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: "{\"secret\":\"vst_a_x\"}".to_owned(),
        }
    }

    #[test]
    fn an_answer_opens_with_the_same_key_and_scope_only() {
        let sealer = AnswerSealer::new([1; 32]);
        let sealed = sealer.seal(b"acme", "k1", &answer()).unwrap();
        assert_eq!(sealer.open(b"acme", "k1", &sealed).unwrap(), answer());
        assert_eq!(sealer.open(b"acme", "k2", &sealed), Err(SealError::Broken));
        assert_eq!(sealer.open(b"acmf", "k1", &sealed), Err(SealError::Broken));
        assert_eq!(
            AnswerSealer::new([2; 32]).open(b"acme", "k1", &sealed),
            Err(SealError::Broken)
        );
        assert!(!String::from_utf8_lossy(&sealed).contains("vst_a_x"));
    }

    #[test]
    fn an_altered_answer_does_not_open() {
        let sealer = AnswerSealer::new([1; 32]);
        let sealed = sealer.seal(b"acme", "k1", &answer()).unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(sealer.open(b"acme", "k1", &altered), Err(SealError::Broken));
        }
        assert_eq!(sealer.open(b"acme", "k1", &sealed[..5]), Err(SealError::Broken));
    }

    #[test]
    fn stored_keys_differ_by_scope_and_never_equal_the_sealing_key() {
        let sealer = AnswerSealer::new([1; 32]);
        assert_eq!(sealer.stored_key(b"acme", "k"), sealer.stored_key(b"acme", "k"));
        assert_ne!(sealer.stored_key(b"acme", "k"), sealer.stored_key(b"acm", "ek"));
        assert_ne!(
            sealer.stored_key(b"", "k"),
            sealer.derived(b"vestibule idempotency seal 1", b"", "k")
        );
    }

    #[test]
    fn requests_are_told_apart_by_method_path_and_body() {
        let first = fingerprint("POST", "/guests", &[1; 32]);
        assert_eq!(first, fingerprint("POST", "/guests", &[1; 32]));
        for other in [
            fingerprint("PUT", "/guests", &[1; 32]),
            fingerprint("POST", "/users", &[1; 32]),
            fingerprint("POST", "/guests", &[2; 32]),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn a_replayed_answer_equals_the_first() {
        let replayed = answer().replay();
        assert_eq!(replayed.status().as_u16(), 201);
        assert_eq!(
            replayed.headers().get("content-type").unwrap(),
            "application/json"
        );
    }
}
