//! Versions of resources in `ETag`, `If-Match` and `If-None-Match` (RFC 9110 §8.8.3, §13.1).

use std::fmt;
use std::future::{Ready, ready};

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::problem::Problem;

/// The strong entity tag of one version of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// The tag of the version that a row's counter says.
    pub fn new(resource: Uuid, version: u64) -> Self {
        Self(format!("{}-{version}", resource.simple()))
    }

    /// The tag of a document that is put together from several resources.
    pub fn of_content(content: &[u8]) -> Self {
        let digest = Sha256::digest(content)
            .iter()
            .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        Self(digest)
    }

    /// The tag of something foreseen rather than stored: it stands for all that the content names.
    pub fn of_preview(content: &[u8]) -> Self {
        Self(format!("preview-{}", Self::of_content(content).0))
    }

    /// The same version as it shows now. What is derived (a status, a count) changes without a new version:
    /// `If-None-Match` has to notice that, `If-Match` must not.
    #[must_use]
    pub fn showing(self, content: &[u8]) -> Self {
        let looks: String = Self::of_content(content).0.chars().take(16).collect();
        Self(format!("{}.{looks}", self.0))
    }

    /// The value of the `ETag` header.
    pub fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.to_string()).ok()
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// The tags a conditional header names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Absent,
    Any,
    Listed(Vec<Tag>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Tag {
    weak: bool,
    opaque: String,
}

/// Extractor of `If-Match`: go on only if the resource still has one of these versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Tags);

impl IfMatch {
    /// No condition, as for callers that come through no HTTP request.
    pub fn unconditional() -> Self {
        Self(Tags::Absent)
    }

    /// Compares with the present version, strongly: a weak tag never matches.
    ///
    /// # Errors
    ///
    /// 412 `precondition_failed` when the header is there and doesn't name `present`.
    pub fn check(&self, present: &ETag) -> Result<(), Problem> {
        let holds = match &self.0 {
            Tags::Absent | Tags::Any => true,
            Tags::Listed(tags) => tags
                .iter()
                .any(|tag| !tag.weak && version(&tag.opaque) == version(&present.0)),
        };
        if holds {
            Ok(())
        } else {
            Err(Problem::precondition_failed())
        }
    }
}

/// A tag without how the version showed.
fn version(opaque: &str) -> &str {
    opaque.split_once('.').map_or(opaque, |(version, _)| version)
}

/// Extractor of `If-None-Match`: the client has these versions already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfNoneMatch(Tags);

impl IfNoneMatch {
    /// Whether the client has `present` already, so that 304 is enough. Compares weakly.
    pub fn has(&self, present: &ETag) -> bool {
        match &self.0 {
            Tags::Absent => false,
            Tags::Any => true,
            Tags::Listed(tags) => tags.iter().any(|tag| tag.opaque == present.0),
        }
    }

    /// The answer to a GET: 200 with `body`, or 304 without when the client has it already.
    pub fn answer(&self, present: &ETag, body: &impl Serialize) -> HttpResponse {
        let fresh = self.has(present);
        let mut answer = if fresh {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        if let Some(value) = present.header() {
            answer.insert_header((header::ETAG, value));
        }
        if fresh { answer.finish() } else { answer.json(body) }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(tags(req, header::IF_MATCH).map(Self))
    }
}

impl FromRequest for IfNoneMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(tags(req, header::IF_NONE_MATCH).map(Self))
    }
}

fn tags(req: &HttpRequest, name: HeaderName) -> Result<Tags, Problem> {
    let refused = || {
        Problem::bad_request(
            "invalid_header",
            format!("{name} has to be * or a list of entity tags"),
        )
    };
    let mut listed = Vec::new();
    let mut lines = 0_usize;
    for line in req.headers().get_all(&name) {
        lines += 1;
        let text = line.to_str().map_err(|_| refused())?.trim();
        match text {
            "*" if lines == 1 => {}
            _ => listed.extend(list(text).ok_or_else(refused)?),
        }
    }
    match (lines, listed.is_empty()) {
        (0, _) => Ok(Tags::Absent),
        (1, true) => Ok(Tags::Any),
        (_, true) => Err(refused()),
        _ => Ok(Tags::Listed(listed)),
    }
}

/// Reads a comma-separated list of at least one tag. A comma may stand inside of the quotes.
fn list(mut text: &str) -> Option<Vec<Tag>> {
    let mut tags = Vec::new();
    loop {
        text = text.trim_start_matches([' ', '\t', ',']);
        if text.is_empty() {
            return (!tags.is_empty()).then_some(tags);
        }
        let (weak, rest) = text.strip_prefix("W/").map_or((false, text), |rest| (true, rest));
        let (opaque, rest) = rest.strip_prefix('"')?.split_once('"')?;
        if opaque.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
            return None;
        }
        tags.push(Tag {
            weak,
            opaque: opaque.to_owned(),
        });
        text = rest.trim_start_matches([' ', '\t']);
        if !text.is_empty() && !text.starts_with(',') {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn present() -> ETag {
        ETag::new(Uuid::from_u128(1), 7)
    }

    async fn if_match(value: &str) -> Result<IfMatch, Problem> {
        let req = TestRequest::patch()
            .insert_header((header::IF_MATCH, value))
            .to_http_request();
        IfMatch::extract(&req).await
    }

    #[test]
    fn versions_and_resources_have_different_tags() {
        assert_eq!(present().to_string(), "\"00000000000000000000000000000001-7\"");
        assert_ne!(present(), ETag::new(Uuid::from_u128(1), 8));
        assert_ne!(present(), ETag::new(Uuid::from_u128(2), 7));
    }

    #[actix_web::test]
    async fn the_present_version_any_or_no_condition_pass() {
        let own = present();
        assert!(IfMatch::unconditional().check(&own).is_ok());
        for value in [
            "*".to_owned(),
            own.to_string(),
            format!("\"a,b\" , {own}"),
            format!("{own},"),
        ] {
            assert!(if_match(&value).await.unwrap().check(&own).is_ok(), "{value}");
        }
        let req = TestRequest::patch().to_http_request();
        assert!(IfMatch::extract(&req).await.unwrap().check(&own).is_ok());
    }

    #[actix_web::test]
    async fn what_is_derived_matters_to_readers_and_not_to_writers() {
        let (before, after) = (present().showing(b"active"), present().showing(b"expired"));
        let writer = if_match(&before.to_string()).await.unwrap();
        assert!(writer.check(&present()).is_ok() && writer.check(&after).is_ok());
        let header = (header::IF_NONE_MATCH, before.to_string());
        let reader = TestRequest::get().insert_header(header).to_http_request();
        let reader = IfNoneMatch::extract(&reader).await.unwrap();
        assert!(reader.has(&before) && !reader.has(&after));
    }

    #[actix_web::test]
    async fn a_stale_or_weak_tag_fails() {
        let own = present();
        for value in [
            "\"x\"".to_owned(),
            format!("W/{own}"),
            ETag::new(Uuid::from_u128(1), 6).to_string(),
        ] {
            let problem = if_match(&value).await.unwrap().check(&own).unwrap_err();
            assert_eq!(
                (problem.status().as_u16(), problem.code()),
                (412, "precondition_failed"),
                "{value}"
            );
        }
    }

    #[actix_web::test]
    async fn what_is_no_list_of_tags_is_a_bad_request() {
        for value in [
            "",
            "x",
            "\"x",
            "*, \"x\"",
            "\"a\" \"b\"",
            "\"a b\"",
            "w/\"a\"",
            ",",
        ] {
            assert_eq!(
                if_match(value).await.unwrap_err().code(),
                "invalid_header",
                "{value}"
            );
        }
        let two = TestRequest::patch()
            .append_header((header::IF_MATCH, "*"))
            .append_header((header::IF_MATCH, "\"x\""))
            .to_http_request();
        assert!(IfMatch::extract(&two).await.unwrap().check(&present()).is_err());
    }

    #[actix_web::test]
    async fn a_client_that_has_the_version_gets_304() {
        for (value, status) in [
            (present().to_string(), 304),
            (format!("W/{}", present()), 304),
            ("\"x\"".into(), 200),
        ] {
            let req = TestRequest::get()
                .insert_header((header::IF_NONE_MATCH, value))
                .to_http_request();
            let answer = IfNoneMatch::extract(&req)
                .await
                .unwrap()
                .answer(&present(), &"body");
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(
                answer.headers().get(header::ETAG).unwrap(),
                present().to_string().as_str()
            );
        }
    }
}
