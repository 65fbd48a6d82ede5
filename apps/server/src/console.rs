//! The web console: files inside the binary, and one page that every deep link opens.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use actix_web::http::Method;
use actix_web::http::header::{
    self, Accept, AcceptEncoding, ContentEncoding, Encoding, Header, HeaderValue, Quality,
};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::RustEmbed;

use crate::credential::CookiePolicy;
use crate::etag::{ETag, IfNoneMatch};
use crate::problem::Problem;

/// The page into which every deep link leads.
const PAGE: &str = "index.html";

/// Where the page wants its nonce.
const NONCE: &str = "__CSP_NONCE__";

/// Where the page wants to know whether its browser came with a session, whether that holds or not. Without one the
/// console needn't ask who is signed in, which browsers would log as an error for being refused.
const SESSION: &str = "__SESSION__";

/// The bundler names these files after their content, so they never change.
const HASHED: &str = "assets/";

/// What is never a page of the console, with everything below it.
const NOT_PAGES: [&str; 8] = [
    "api",
    "access/v1",
    "scim",
    ".well-known",
    "healthz",
    "readyz",
    "metrics",
    "assets",
];

const NO_CONSOLE: &str = "This build of Vestibule has no console.\n\n\
    ./scripts/build-console.sh builds it, and the next cargo build puts it inside.\n\
    The API works without it; /api/docs/ lets you browse it.\n";

#[derive(RustEmbed)]
#[folder = "../console/dist"]
#[allow_missing = true]
struct Embedded;

/// The console's files, ready to be answered.
pub struct Console {
    page: Option<String>,
    files: HashMap<String, File>,
}

struct File {
    kind: HeaderValue,
    plain: Coded,
    brotli: Option<Coded>,
    gzip: Option<Coded>,
}

/// One encoding of a file, with a tag of its own.
struct Coded {
    content: Bytes,
    tag: ETag,
}

impl Console {
    /// What this binary was built with.
    pub fn embedded() -> Arc<Self> {
        static CONSOLE: LazyLock<Arc<Console>> = LazyLock::new(|| {
            let files = Embedded::iter().filter_map(|name| {
                let content = match Embedded::get(&name)?.data {
                    Cow::Borrowed(content) => Bytes::from_static(content),
                    Cow::Owned(content) => Bytes::from(content),
                };
                Some((name.into_owned(), content))
            });
            Arc::new(Console::of(files))
        });
        CONSOLE.clone()
    }

    /// A console of these files: names relative to its root, a compressed file beside the plain one.
    pub fn of(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let mut coded: HashMap<String, Coded> = files
            .into_iter()
            .map(|(name, content)| (name, Coded::new(content)))
            .collect();
        let page = coded
            .remove(PAGE)
            .map(|page| String::from_utf8_lossy(&page.content).into_owned());
        let names: Vec<String> = coded
            .keys()
            .filter(|name| !is_compressed(name))
            .cloned()
            .collect();
        let files = names.into_iter().filter_map(|name| {
            let file = File {
                kind: HeaderValue::from_static(kind_of(&name)),
                plain: coded.remove(&name)?,
                brotli: coded.remove(&format!("{name}.br")),
                gzip: coded.remove(&format!("{name}.gz")),
            };
            Some((name, file))
        });
        let files = files.collect();
        Self { page, files }
    }

    fn answer(
        &self,
        req: &HttpRequest,
        known: Option<&IfNoneMatch>,
        session: bool,
    ) -> Result<HttpResponse, Problem> {
        if !matches!(*req.method(), Method::GET | Method::HEAD) {
            return Err(Problem::not_found());
        }
        let path = req.path().trim_start_matches('/');
        if let Some(file) = self.files.get(path) {
            return Ok(file.answer(req, known, path.starts_with(HASHED)));
        }
        let opened = path.is_empty() || (is_page(path) && asks_for_html(req));
        match &self.page {
            Some(page) if opened => page_for(page, session),
            None if path.is_empty() => Ok(HttpResponse::Ok()
                .content_type("text/plain; charset=utf-8")
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .body(NO_CONSOLE)),
            _ => Err(Problem::not_found()),
        }
    }
}

impl File {
    fn answer(&self, req: &HttpRequest, known: Option<&IfNoneMatch>, hashed: bool) -> HttpResponse {
        let (coding, coded) = self.chosen(req);
        let fresh = known.is_some_and(|known| known.has(&coded.tag));
        let mut answer = if fresh {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        let lasts = if hashed {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        answer.insert_header((header::CACHE_CONTROL, lasts));
        answer.insert_header((header::VARY, "Accept-Encoding"));
        if let Some(tag) = coded.tag.header() {
            answer.insert_header((header::ETAG, tag));
        }
        if fresh {
            return answer.finish();
        }
        // Also where it is `identity`: a stated encoding is the word to the middleware to leave the content alone.
        answer.insert_header(coding);
        answer.insert_header((header::CONTENT_TYPE, self.kind.clone()));
        answer.body(coded.content.clone())
    }

    fn chosen(&self, req: &HttpRequest) -> (ContentEncoding, &Coded) {
        let mut offered = vec![Encoding::identity()];
        offered.extend(self.brotli.as_ref().map(|_| Encoding::brotli()));
        offered.extend(self.gzip.as_ref().map(|_| Encoding::gzip()));
        let agreed = AcceptEncoding::parse(req)
            .ok()
            .and_then(|accepted| accepted.negotiate(offered.iter()));
        let compressed = match agreed {
            Some(Encoding::Known(ContentEncoding::Brotli)) => {
                self.brotli.as_ref().map(|coded| (ContentEncoding::Brotli, coded))
            }
            Some(Encoding::Known(ContentEncoding::Gzip)) => {
                self.gzip.as_ref().map(|coded| (ContentEncoding::Gzip, coded))
            }
            _ => None,
        };
        compressed.unwrap_or((ContentEncoding::Identity, &self.plain))
    }
}

impl Coded {
    fn new(content: Bytes) -> Self {
        Self {
            tag: ETag::of_content(&content),
            content,
        }
    }
}

/// The handler of every address that no route has: a file or a page of the console, or nothing.
///
/// # Errors
/// 404 for whatever is neither.
pub async fn anything_else(
    req: HttpRequest,
    known: Option<IfNoneMatch>,
    console: Data<Console>,
    cookies: Data<CookiePolicy>,
) -> Result<HttpResponse, Problem> {
    console.answer(&req, known.as_ref(), cookies.came_with(&req))
}

/// The page under the strictest policy that lets it work. The nonce is for the style elements that its components
/// add; scripts are files of this origin and nothing else.
fn page_for(page: &str, session: bool) -> Result<HttpResponse, Problem> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(Problem::internal)?;
    let nonce = STANDARD.encode(random);
    let policy = format!(
        "default-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .insert_header((header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
        .insert_header((
            header::PERMISSIONS_POLICY,
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ))
        .body(
            page.replace(NONCE, &nonce)
                .replace(SESSION, if session { "perhaps" } else { "none" }),
        ))
}

fn is_page(path: &str) -> bool {
    let taken = NOT_PAGES.iter().any(|taken| {
        path.strip_prefix(taken)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let last = path.rsplit('/').next().unwrap_or_default();
    !taken && !last.contains('.')
}

/// Whether HTML is asked for by name, as browsers do when they open a page. Programs take `*/*`, and a wrong address of
/// the API has to be an error for them.
fn asks_for_html(req: &HttpRequest) -> bool {
    let html = |range: &mime::Mime| {
        range.type_() == mime::TEXT && [mime::HTML, mime::STAR].contains(&range.subtype())
    };
    Accept::parse(req).is_ok_and(|accepted| {
        accepted
            .iter()
            .any(|range| range.quality > Quality::ZERO && html(&range.item))
    })
}

fn is_compressed(name: &str) -> bool {
    name.ends_with(".br") || name.ends_with(".gz")
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
