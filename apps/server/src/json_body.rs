//! Request bodies: bounded, JSON, and exactly what the type says.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest, dev};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use sha2::{Digest, Sha256};

use crate::json_walk::{pointer_segment, walk};
use crate::problem::Problem;

/// The bounds of a body, registered with `App::app_data`; the default where none are.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Largest body in bytes, inclusive.
    pub max_bytes: usize,
    /// Time the whole body has to arrive.
    pub timeout: Duration,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            max_bytes: 1024 * 1024,
            timeout: Duration::from_secs(10),
        }
    }
}

/// Registered on a resource whose bodies are large by nature: at least so many bytes are taken there.
#[derive(Debug, Clone, Copy)]
pub struct LargeBodies(pub usize);

/// How much of a body that is too large is still read, so that the client gets to see the refusal.
const DRAINED_BYTES: usize = 32 * 1024 * 1024;

/// Extractor of a JSON body.
///
/// `T` should deny unknown fields, all the way down. Refused are, in this order: another content type (415),
/// size (413) and slowness (408); a text that is missing, not UTF-8 or not JSON (400 `invalid_json`), repeated
/// keys (400 `duplicate_field`), what `T` refuses, and NUL characters (422 `invalid_text`).
///
/// What `T` refuses is 400 with `missing_field`, `unknown_field`, `invalid_type` or `invalid_format` (a text
/// that is no date, no id…), and 422 `invalid_value` for a word or number outside of those that `T` knows.
#[derive(Debug, Clone)]
pub struct JsonBody<T> {
    value: T,
    sha256: [u8; 32],
}

impl<T> JsonBody<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// SHA-256 of the body's bytes as they came, to tell a repeated request from another one.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// Value and SHA-256 of the bytes.
    pub fn into_parts(self) -> (T, [u8; 32]) {
        (self.value, self.sha256)
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let mut limits = req.app_data::<BodyLimits>().copied().unwrap_or_default();
        if let Some(LargeBodies(bytes)) = req.app_data::<LargeBodies>() {
            limits.max_bytes = limits.max_bytes.max(*bytes);
        }
        let format = check_format(req);
        let payload = payload.take();
        Box::pin(async move {
            format?;
            let reading = tokio::time::timeout(limits.timeout, read(payload, limits.max_bytes));
            let bytes = reading.await.map_err(|_| Problem::request_timeout())??;
            Ok(Self {
                value: parse(&bytes)?,
                sha256: Sha256::digest(&bytes).into(),
            })
        })
    }
}

/// Extractor of a JSON body that may be left out, which then stands for the default; otherwise as [`JsonBody`].
#[derive(Debug, Clone)]
pub struct OptionalBody<T>(JsonBody<T>);

impl<T> OptionalBody<T> {
    /// Value and SHA-256 of the bytes.
    pub fn into_parts(self) -> (T, [u8; 32]) {
        self.0.into_parts()
    }
}

/// A body in which nothing can be said.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(req: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        if has_no_body(req) {
            let sha256 = Sha256::digest([]).into();
            return Box::pin(async move {
                Ok(Self(JsonBody {
                    value: T::default(),
                    sha256,
                }))
            });
        }
        let body = JsonBody::from_request(req, payload);
        Box::pin(async move { body.await.map(Self) })
    }
}

fn check_format(req: &HttpRequest) -> Result<(), Problem> {
    let encoded = req
        .headers()
        .get(header::CONTENT_ENCODING)
        .is_some_and(|value| value != "identity");
    if encoded {
        return Err(Problem::unsupported_media_type(
            "request bodies are not to be compressed",
        ));
    }
    let given = req.headers().get(header::CONTENT_TYPE).map(HeaderValue::to_str);
    let given = match given {
        Some(Ok(text)) => text.parse::<mime::Mime>().ok(),
        Some(Err(_)) => None,
        // A request without a body needs no type for it; the missing body is refused below.
        None if has_no_body(req) => return Ok(()),
        None => None,
    };
    let known = given.is_some_and(|kind| match kind.essence_str() {
        "application/json" => true,
        "application/merge-patch+json" => req.method() == Method::PATCH,
        _ => false,
    });
    match known {
        true => Ok(()),
        false => Err(Problem::unsupported_media_type(
            "the body has to be application/json",
        )),
    }
}

fn has_no_body(req: &HttpRequest) -> bool {
    let length = req.headers().get(header::CONTENT_LENGTH);
    length.is_none_or(|length| length == "0") && !req.headers().contains_key(header::TRANSFER_ENCODING)
}

async fn read(mut payload: dev::Payload, max_bytes: usize) -> Result<BytesMut, Problem> {
    let mut bytes = BytesMut::new();
    let mut seen = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| broken_body(&error))?;
        seen = seen.saturating_add(chunk.len());
        if seen <= max_bytes {
            bytes.extend_from_slice(&chunk);
        } else if seen > DRAINED_BYTES.max(max_bytes) {
            break;
        }
    }
    if seen > max_bytes {
        Err(Problem::payload_too_large(max_bytes))
    } else {
        Ok(bytes)
    }
}

fn broken_body(error: &PayloadError) -> Problem {
    tracing::debug!(%error, "the body broke off");
    Problem::bad_request("invalid_body", "the body broke off or is not encoded correctly")
}

/// Parses a whole body; what [`JsonBody`] does once it has the bytes.
///
/// # Errors
///
/// As listed there.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| invalid_json("the body is not UTF-8"))?;
    if text.trim_ascii().is_empty() {
        return Err(invalid_json("the body is missing"));
    }
    let findings = walk(text).map_err(|error| invalid_json(error.to_string()))?;
    if let Some(pointer) = findings.duplicate {
        return Err(Problem::bad_request("duplicate_field", "a field occurs more than once").at(pointer));
    }
    let deserializer = &mut serde_json::Deserializer::from_str(text);
    let value =
        serde_path_to_error::deserialize(deserializer).map_err(|error| match error.inner().is_data() {
            true => refused_by_type(error.path(), &error.inner().to_string()),
            // The text is JSON, as the walk has shown, so this is a place where no such value is looked for.
            false => Problem::bad_request("invalid_type", "a value of another type is expected")
                .at(pointer(error.path())),
        })?;
    match findings.nul {
        Some(pointer) => {
            Err(Problem::unprocessable("invalid_text", "text must not hold the NUL character").at(pointer))
        }
        None => Ok(value),
    }
}

fn invalid_json(detail: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
    Problem::bad_request("invalid_json", detail)
}

/// Sorts serde's message, which is all it tells, into a problem that doesn't repeat the refused value.
fn refused_by_type(path: &Path, message: &str) -> Problem {
    let message = message
        .rfind(" at line ")
        .and_then(|end| message.get(..end))
        .unwrap_or(message);
    let field = message.split('`').nth(1).unwrap_or_default();
    let here = pointer(path);
    let within = |here: &str| {
        let own = format!("/{}", pointer_segment(field));
        if here.ends_with(&own) {
            here.to_owned()
        } else {
            format!("{here}{own}")
        }
    };
    let expected = message
        .rsplit_once("expected ")
        .map(|(_, expected)| format!("expected {expected}"));
    let expected = expected.unwrap_or_else(|| message.to_owned());
    if message.starts_with("missing field") {
        Problem::bad_request("missing_field", "a field is missing")
            .at(format!("{here}/{}", pointer_segment(field)))
    } else if message.starts_with("unknown field") {
        Problem::bad_request("unknown_field", "a field is not known").at(within(&here))
    } else if message.starts_with("duplicate field") {
        Problem::bad_request("duplicate_field", "a field occurs more than once").at(within(&here))
    } else if message.starts_with("invalid type") || message.starts_with("invalid length") {
        Problem::bad_request("invalid_type", expected).at(here)
    } else if message.starts_with("unknown variant") || message.starts_with("invalid value") {
        Problem::unprocessable("invalid_value", expected).at(here)
    } else {
        Problem::bad_request("invalid_format", message.to_owned()).at(here)
    }
}

fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } | Segment::Enum { variant: key } => {
            format!("{pointer}/{}", pointer_segment(key))
        }
        Segment::Unknown => pointer,
    })
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Invitation {
        first_name: String,
        #[serde(default)]
        seats: u8,
        #[serde(default)]
        sign_in: Option<SignIn>,
        #[serde(default)]
        role_id: Option<uuid::Uuid>,
        #[serde(default)]
        tags: Vec<Tag>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum SignIn {
        Password,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Tag {
        name: String,
    }

    fn refusal(text: &str) -> (u16, String, String) {
        let problem = parse::<Invitation>(text.as_bytes()).unwrap_err();
        let pointer = problem
            .body()
            .errors
            .first()
            .map(|error| error.pointer.clone())
            .unwrap_or_default();
        (problem.status().as_u16(), problem.code().to_owned(), pointer)
    }

    #[test]
    fn a_body_that_fits_is_parsed() {
        let text = r#"{"first_name":"Ada","seats":2,"sign_in":"password","tags":[{"name":"x"}]}"#;
        let body: Invitation = parse(text.as_bytes()).unwrap();
        assert_eq!(
            (body.first_name.as_str(), body.seats, body.tags[0].name.as_str()),
            ("Ada", 2, "x")
        );
        assert!(matches!(body.sign_in, Some(SignIn::Password)) && body.role_id.is_none());
    }

    #[test]
    fn refusals_name_their_kind_and_place() {
        let cases = [
            ("", 400, "invalid_json", ""),
            (" \n", 400, "invalid_json", ""),
            ("{", 400, "invalid_json", ""),
            ("[]", 400, "invalid_type", ""),
            (r#""x""#, 400, "invalid_type", ""),
            ("{}", 400, "missing_field", "/first_name"),
            (r#"{"first_name":1}"#, 400, "invalid_type", "/first_name"),
            (r#"{"first_name":null}"#, 400, "invalid_type", "/first_name"),
            (r#"{"first_name":"a","seats":1.5}"#, 400, "invalid_type", "/seats"),
            (
                r#"{"first_name":"a","seats":256}"#,
                422,
                "invalid_value",
                "/seats",
            ),
            (r#"{"first_name":"a","seats":-1}"#, 422, "invalid_value", "/seats"),
            (
                r#"{"first_name":"a","sign_in":"smoke"}"#,
                422,
                "invalid_value",
                "/sign_in",
            ),
            (
                r#"{"first_name":"a","sign_in":7}"#,
                400,
                "invalid_type",
                "/sign_in",
            ),
            (
                r#"{"first_name":"a","role_id":"7"}"#,
                400,
                "invalid_format",
                "/role_id",
            ),
            (
                r#"{"first_name":"a","admin":true}"#,
                400,
                "unknown_field",
                "/admin",
            ),
            (r#"{"first_name":"a","a/b":true}"#, 400, "unknown_field", "/a~1b"),
            (
                r#"{"first_name":"a","first_name":"b"}"#,
                400,
                "duplicate_field",
                "/first_name",
            ),
            (
                r#"{"first_name":"a","tags":[{"name":"x"},{}]}"#,
                400,
                "missing_field",
                "/tags/1/name",
            ),
            (
                r#"{"first_name":"a","tags":[{"name":"x","n":1}]}"#,
                400,
                "unknown_field",
                "/tags/0/n",
            ),
            (r#"{"first_name":"a\u0000"}"#, 422, "invalid_text", "/first_name"),
            (r#"{"first_name":"a\u0000","x":1}"#, 400, "unknown_field", "/x"),
        ];
        for (text, status, code, pointer) in cases {
            assert_eq!(
                refusal(text),
                (status, code.to_owned(), pointer.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_name_that_is_also_its_parents_name_is_pointed_at_correctly() {
        assert_eq!(
            refusal(r#"{"first_name":"a","tags":[{"tags":1,"name":"x"}]}"#).2,
            "/tags/0/tags"
        );
    }

    #[test]
    fn a_refused_value_is_not_repeated() {
        for text in [r#"{"first_name":4711}"#, r#"{"first_name":"a","sign_in":"4711"}"#] {
            let problem = parse::<Invitation>(text.as_bytes()).unwrap_err();
            assert!(!format!("{problem:?}").contains("4711"), "{problem:?}");
        }
    }

    #[test]
    fn bombs_and_broken_text_are_refused() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert_eq!(refusal(&deep).1, "invalid_json");
        let nested = format!(r#"{{"first_name":"a","x":{deep}}}"#);
        assert_eq!(refusal(&nested).1, "invalid_json");
        assert_eq!(
            parse::<Invitation>(b"{\"first_name\":\"\xff\"}")
                .unwrap_err()
                .code(),
            "invalid_json"
        );
    }

    async fn extract(req: TestRequest) -> Result<JsonBody<serde_json::Value>, Problem> {
        let limits = BodyLimits {
            max_bytes: 16,
            timeout: Duration::from_secs(5),
        };
        let (req, mut payload) = req.app_data(limits).to_http_parts();
        JsonBody::from_request(&req, &mut payload).await
    }

    async fn status(req: TestRequest) -> u16 {
        extract(req)
            .await
            .map_or_else(|problem| problem.status().as_u16(), |_| 200)
    }

    #[actix_web::test]
    async fn only_json_is_accepted() {
        let with = |kind: &'static str| {
            TestRequest::post()
                .insert_header((header::CONTENT_TYPE, kind))
                .set_payload("{}")
        };
        assert_eq!(status(with("application/json")).await, 200);
        assert_eq!(status(with("Application/JSON; charset=utf-8")).await, 200);
        assert_eq!(status(with("application/merge-patch+json")).await, 415);
        assert_eq!(
            status(with("application/merge-patch+json").method(Method::PATCH)).await,
            200
        );
        assert_eq!(status(with("text/plain")).await, 415);
        assert_eq!(status(with("application/jsonp")).await, 415);
        assert_eq!(status(with("x")).await, 415);
        let zipped = with("application/json").insert_header((header::CONTENT_ENCODING, "gzip"));
        assert_eq!(status(zipped).await, 415);
        let untyped = TestRequest::post()
            .set_payload("{}")
            .insert_header((header::CONTENT_LENGTH, "2"));
        assert_eq!(status(untyped).await, 415);
        assert_eq!(status(TestRequest::post()).await, 400);
    }

    #[actix_web::test]
    async fn a_body_may_be_left_out_where_it_can_say_nothing_new() {
        let status = async |req: TestRequest| {
            let (req, mut payload) = req.to_http_parts();
            let body = OptionalBody::<Nothing>::from_request(&req, &mut payload).await;
            body.map_or_else(|problem| problem.status().as_u16(), |_| 200)
        };
        let json = |text: &'static str| {
            TestRequest::post()
                .insert_header((header::CONTENT_TYPE, "application/json"))
                .insert_header((header::CONTENT_LENGTH, text.len()))
                .set_payload(text)
        };
        assert_eq!(status(TestRequest::post()).await, 200);
        assert_eq!(status(json("{}")).await, 200);
        assert_eq!(status(json(r#"{"x":1}"#)).await, 400);
        assert_eq!(status(json("{")).await, 400);
    }

    #[actix_web::test]
    async fn a_body_is_bounded_and_hashed() {
        let json = |text: &str| {
            TestRequest::post()
                .insert_header((header::CONTENT_TYPE, "application/json"))
                .set_payload(text.to_owned())
        };
        assert_eq!(status(json("\"01234567890123\"")).await, 200);
        assert_eq!(status(json("\"012345678901234\"")).await, 413);
        let body = extract(json("{}")).await.unwrap();
        assert_eq!(body.sha256(), <[u8; 32]>::from(Sha256::digest(b"{}")));
        assert_eq!(body.into_parts().0, serde_json::json!({}));
    }
}
