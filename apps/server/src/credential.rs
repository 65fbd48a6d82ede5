//! How a request shows who makes it: a bearer token, or the session cookie of a browser.

use std::future::{Ready, ready};
use std::time::Duration;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, dev, web};
use secrecy::{ExposeSecret, SecretString};

use crate::config::PublicUrl;
use crate::problem::Problem;
use crate::token::{self, ParsedToken, TokenKind};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// How the credential came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// In `Authorization`.
    Bearer,
    /// In the session cookie.
    Cookie,
}

/// Extractor of the credential of a request, a session or an API token. Whether it holds isn't known yet.
///
/// Refused with 401 are `credential_missing` and `credential_invalid`, and with 403 `cross_origin_refused` an
/// unsafe request that another site may have had the browser make. Needs a [`CookiePolicy`] in the app's data.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The token.
    pub token: ParsedToken,
    /// How it came.
    pub carrier: Carrier,
}

/// Name and attributes of the session cookie, and the origin that may send it with unsafe requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookiePolicy {
    name: &'static str,
    secure: bool,
    origin: String,
}

impl CookiePolicy {
    /// `__Host-vestibule` behind `https`, `vestibule` behind plain `http`; `Secure` except on plain-http loopback.
    pub fn new(public_url: &PublicUrl) -> Self {
        let https = public_url.is_https();
        Self {
            name: if https { "__Host-vestibule" } else { "vestibule" },
            secure: https || !public_url.is_loopback(),
            origin: public_url.origin(),
        }
    }

    /// The name of the cookie.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether a request came with the cookie, whatever it holds.
    pub fn came_with(&self, req: &HttpRequest) -> bool {
        cookie(req, self.name).is_some()
    }

    /// The `Set-Cookie` that keeps `token` for `max_age`; nothing for a text that can't stand in a header.
    pub fn set(&self, token: &SecretString, max_age: Duration) -> Option<HeaderValue> {
        self.header(token.expose_secret(), max_age)
    }

    /// The `Set-Cookie` that makes the browser forget.
    pub fn clear(&self) -> Option<HeaderValue> {
        self.header("", Duration::ZERO)
    }

    fn header(&self, value: &str, max_age: Duration) -> Option<HeaderValue> {
        let Self { name, .. } = self;
        let secure = if self.secure { "; Secure" } else { "" };
        let seconds = max_age.as_secs();
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        let mut header = HeaderValue::from_str(&text).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    /// Refuses an unsafe request unless the browser says that a page of ours makes it.
    fn check_origin(&self, req: &HttpRequest) -> Result<(), Problem> {
        let says = |name: HeaderName, value: &str| {
            req.headers()
                .get(name)
                .is_some_and(|given| given.as_bytes() == value.as_bytes())
        };
        let same = says(SEC_FETCH_SITE, "same-origin") || says(header::ORIGIN, &self.origin);
        if req.method().is_safe() || same {
            return Ok(());
        }
        Err(Problem::forbidden(
            "cross_origin_refused",
            "with the session cookie, changes are accepted from this service's own pages only",
        ))
    }
}

impl Credential {
    /// Reads the credential of `req`; nothing when it has none. A bearer token goes before the cookie.
    ///
    /// # Errors
    ///
    /// 401 `credential_invalid` and 403 `cross_origin_refused`.
    pub fn of(req: &HttpRequest, policy: &CookiePolicy) -> Result<Option<Self>, Problem> {
        if let Some(text) = bearer(req)? {
            let usable = |token: &ParsedToken| matches!(token.kind, TokenKind::Session | TokenKind::Api);
            let token = token::parse(text).filter(usable).ok_or_else(invalid)?;
            return Ok(Some(Self {
                token,
                carrier: Carrier::Bearer,
            }));
        }
        let Some(text) = cookie(req, policy.name) else {
            return Ok(None);
        };
        let usable = |token: &ParsedToken| token.kind == TokenKind::Session;
        let token = token::parse(text).filter(usable).ok_or_else(invalid)?;
        policy.check_origin(req)?;
        Ok(Some(Self {
            token,
            carrier: Carrier::Cookie,
        }))
    }
}

impl FromRequest for Credential {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let Some(policy) = req.app_data::<web::Data<CookiePolicy>>() else {
            return ready(Err(Problem::internal("no CookiePolicy in the app's data")));
        };
        ready(Self::of(req, policy).and_then(|credential| credential.ok_or_else(missing)))
    }
}

/// 401: the request shows no credential.
pub fn missing() -> Problem {
    Problem::unauthorized("credential_missing", "this needs a session or an API token")
}

/// 401: what the request shows isn't a credential, or none that is known.
pub fn invalid() -> Problem {
    Problem::unauthorized("credential_invalid", "this isn't a valid session or API token").with_header(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer error=\"invalid_token\""),
    )
}

fn bearer(req: &HttpRequest) -> Result<Option<&str>, Problem> {
    let mut values = req.headers().get_all(header::AUTHORIZATION);
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.to_str().map_err(|_| invalid())?,
        (Some(_), Some(_)) => return Err(invalid()),
    };
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(token.trim_start_matches(' ')))
        }
        _ => Err(invalid()),
    }
}

fn cookie<'r>(req: &'r HttpRequest, name: &str) -> Option<&'r str> {
    let lines = req
        .headers()
        .get_all(header::COOKIE)
        .filter_map(|line| line.to_str().ok());
    let mut pairs = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    // An empty value is what is left of a cleared cookie.
    pairs
        .find(|(given, value)| *given == name && !value.is_empty())
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::test::TestRequest;

    use super::*;

    fn policy(url: &str) -> CookiePolicy {
        CookiePolicy::new(&url.parse().unwrap())
    }

    fn token(kind: TokenKind) -> String {
        token::mint(kind, vestibule_persistence::ids::OrgId::from_u128(1))
            .unwrap()
            .0
            .expose_secret()
            .to_owned()
    }

    fn read(req: TestRequest) -> Result<Option<Credential>, Problem> {
        Credential::of(&req.to_http_request(), &policy("https://example.com"))
    }

    fn with_bearer(value: &str) -> TestRequest {
        TestRequest::post().insert_header((header::AUTHORIZATION, value))
    }

    fn with_cookie(method: Method, token: &str) -> TestRequest {
        let cookies = format!("theme=dark; __Host-vestibule={token}; x=y");
        TestRequest::default()
            .method(method)
            .insert_header((header::COOKIE, cookies))
    }

    #[test]
    fn a_bearer_may_be_a_session_or_api_token_only() {
        for kind in [TokenKind::Session, TokenKind::Api] {
            let credential = read(with_bearer(&format!("bearer {}", token(kind))))
                .unwrap()
                .unwrap();
            assert_eq!(
                (credential.token.kind, credential.carrier),
                (kind, Carrier::Bearer)
            );
        }
        for kind in [TokenKind::Claim, TokenKind::Reset] {
            let problem = read(with_bearer(&format!("Bearer {}", token(kind)))).unwrap_err();
            assert_eq!(
                (problem.status().as_u16(), problem.code()),
                (401, "credential_invalid")
            );
        }
    }

    #[test]
    fn a_malformed_header_is_refused_even_with_a_good_cookie() {
        for value in ["", "Bearer", "Bearer ", "Bearer x", "Basic dTpw", "vst_a_x"] {
            let req = with_cookie(Method::GET, &token(TokenKind::Session));
            let problem = read(req.insert_header((header::AUTHORIZATION, value))).unwrap_err();
            assert_eq!(problem.code(), "credential_invalid", "{value}");
        }
    }

    #[actix_web::test]
    async fn no_credential_is_told_from_a_bad_one() {
        let with_policy = |req: TestRequest| req.app_data(web::Data::new(policy("https://example.com")));
        let req = with_policy(TestRequest::get()).to_http_request();
        let problem = Credential::extract(&req).await.unwrap_err();
        assert_eq!(
            (problem.status().as_u16(), problem.code()),
            (401, "credential_missing")
        );
        let answer = actix_web::ResponseError::error_response(&problem);
        assert_eq!(answer.headers().get(header::WWW_AUTHENTICATE).unwrap(), "Bearer");
        assert!(read(with_cookie(Method::GET, "")).unwrap().is_none());
        assert_eq!(
            read(with_cookie(Method::GET, "x")).unwrap_err().code(),
            "credential_invalid"
        );
        let api_token_in_cookie = with_cookie(Method::GET, &token(TokenKind::Api));
        assert_eq!(
            read(api_token_in_cookie).unwrap_err().code(),
            "credential_invalid"
        );
    }

    #[test]
    fn the_cookie_is_enough_for_reading_and_needs_the_own_origin_for_changes() {
        let session = token(TokenKind::Session);
        assert_eq!(
            read(with_cookie(Method::GET, &session)).unwrap().unwrap().carrier,
            Carrier::Cookie
        );
        let change = || with_cookie(Method::DELETE, &session);
        let own = [
            ("origin", "https://example.com"),
            ("sec-fetch-site", "same-origin"),
        ];
        for (name, value) in own {
            assert!(
                read(change().insert_header((name, value))).unwrap().is_some(),
                "{name}: {value}"
            );
        }
        assert_eq!(read(change()).unwrap_err().code(), "cross_origin_refused");
        let foreign = [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://example.com"),
            ("origin", "https://example.com.evil.example"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "none"),
        ];
        for (name, value) in foreign {
            let problem = read(change().insert_header((name, value))).unwrap_err();
            assert_eq!(
                (problem.status().as_u16(), problem.code()),
                (403, "cross_origin_refused"),
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn the_cookie_is_as_closed_as_the_url_allows() {
        let text = |url: &str| {
            let header = policy(url)
                .set(&SecretString::from("t"), Duration::from_secs(60))
                .unwrap();
            assert!(header.is_sensitive());
            header.to_str().unwrap().to_owned()
        };
        let plain = "vestibule=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60";
        assert_eq!(text("https://example.com"), format!("__Host-{plain}; Secure"));
        assert_eq!(text("http://127.0.0.1:8080"), plain);
        assert_eq!(text("http://intranet"), format!("{plain}; Secure"));
        let cleared = policy("http://localhost").clear().unwrap();
        assert_eq!(cleared, "vestibule=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }
}
