//! The console's files and pages, from a small console made up here: whether this build has one is all the same.

use std::sync::Arc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::Bytes;
use vestibule_server::config::Config;
use vestibule_server::console::Console;
use vestibule_server::serve;

use crate::harness::{Client, Reply, TestServer};

const PAGE: &str = r#"<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><meta name="session" content="__SESSION__"><title>Vestibule</title>"#;

/// What browsers send when they open a page.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

const SCRIPT: &str = "//assets/index-BfzQ0a1c.js";

/// A second server of a test server's app, with a console of its own.
struct WithConsole {
    client: Client,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    _server: TestServer,
}

impl WithConsole {
    fn of(files: &[(&str, &str)]) -> Self {
        let server = TestServer::sqlite();
        let files: Vec<(String, Bytes)> = files
            .iter()
            .map(|(name, content)| ((*name).to_owned(), Bytes::from((*content).to_owned())))
            .collect();
        let console = Arc::new(Console::of(files));
        let mut config = Config::default();
        config.http.bind = "127.0.0.1:0".parse().unwrap();
        config.http.workers = Some(1);
        let app = server.app.clone();
        let (sender, receiver) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let bound = serve::bind_with_console(&config, app, console).unwrap();
                sender.send((bound.address, bound.handle)).unwrap();
                bound.server.await.unwrap();
            });
        });
        let (address, handle) = receiver.recv().unwrap();
        WithConsole {
            client: Client::new(&format!("http://{address}")),
            handle,
            thread: Some(thread),
            _server: server,
        }
    }

    fn usual() -> Self {
        Self::of(&[
            ("index.html", PAGE),
            ("favicon.svg", "<svg/>"),
            ("assets/index-BfzQ0a1c.js", "plain"),
            ("assets/index-BfzQ0a1c.js.br", "as brotli"),
            ("assets/index-BfzQ0a1c.js.gz", "as gzip"),
            ("assets/small-AAAAAAAA.css", "a{}"),
        ])
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = self.client.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Client::send(request)
    }

    fn open(&self, path: &str) -> Reply {
        self.ask("GET", path, &[("accept", BROWSER)])
    }
}

impl Drop for WithConsole {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn nonce(page: &Reply) -> String {
    let policy = page.header("content-security-policy").unwrap();
    let (_, rest) = policy.split_once("style-src 'self' 'nonce-").unwrap();
    rest.split_once('\'').unwrap().0.to_owned()
}

#[test]
fn every_deep_link_opens_the_page_under_a_policy_and_a_nonce_of_its_own() {
    let console = WithConsole::usual();
    let mut nonces = std::collections::HashSet::new();
    for path in [
        "//",
        "//guests",
        "//guests/0190a000-0000-7000-8000-000000000000?tab=timeline",
        "//access-control/profiles",
        "//apis",
    ] {
        let page = console.open(path).expect(200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8"),
            "{path}"
        );
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(page.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert!(page.header("permissions-policy").is_some());
        let nonce = nonce(&page);
        assert_eq!(nonce.len(), 24);
        let expected = PAGE
            .replace("__CSP_NONCE__", &nonce)
            .replace("__SESSION__", "none");
        assert_eq!(page.text, expected, "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'self'; "), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(nonces.insert(nonce), "{path}");
    }
}

#[test]
fn the_page_knows_whether_its_browser_came_with_a_session() {
    let console = WithConsole::usual();
    let told = |cookie: &str| {
        let page = console
            .ask("GET", "//", &[("accept", BROWSER), ("cookie", cookie)])
            .expect(200);
        let told = ["none", "perhaps"].into_iter().find(|word| {
            page.text
                .contains(&format!(r#"<meta name="session" content="{word}">"#))
        });
        told.unwrap()
    };
    assert_eq!(told("theme=dark"), "none");
    assert_eq!(told("theme=dark; vestibule=long-gone"), "perhaps");
}

#[test]
fn what_is_no_page_stays_an_ordinary_404() {
    let console = WithConsole::usual();
    for path in [
        "//api",
        "//api/v1/nothing",
        "//api/v2",
        "//access/v1/nothing",
        "//scim/v2/Users",
        "//.well-known/nothing",
        "//metrics",
        "//assets",
        "//assets/gone-BfzQ0a1c",
        "//assets/gone-BfzQ0a1c.js",
        "//index.html",
        "//robots.txt",
        "//guests/export.csv",
    ] {
        console.open(path).refused(404, "not_found");
    }
    for accepted in ["application/json", "*/*", "text/html;q=0"] {
        console
            .ask("GET", "//guests", &[("accept", accepted)])
            .refused(404, "not_found");
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        console
            .ask(method, "//guests", &[("accept", BROWSER)])
            .refused(404, "not_found");
        console.ask(method, SCRIPT, &[]).refused(404, "not_found");
    }
}

#[test]
fn hashed_files_last_and_the_others_are_asked_for_again() {
    let console = WithConsole::usual();
    let script = console.ask("GET", SCRIPT, &[]).expect(200);
    assert_eq!(
        script.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    assert_eq!(
        script.header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    let icon = console.ask("GET", "//favicon.svg", &[]).expect(200);
    assert_eq!(icon.header("cache-control"), Some("no-cache"));
    assert_eq!(icon.header("content-type"), Some("image/svg+xml"));
    let tag = icon.header("etag").unwrap();
    assert!(tag.starts_with('"'), "{tag}");
    let again = console.ask("GET", "//favicon.svg", &[("if-none-match", tag)]);
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    assert_eq!(
        (again.header("etag"), again.header("vary")),
        (Some(tag), Some("Accept-Encoding"))
    );
    console
        .ask("GET", "//favicon.svg", &[("if-none-match", "no tag")])
        .expect(200);
}

#[test]
fn a_file_is_sent_as_it_was_compressed_before() {
    let console = WithConsole::usual();
    let mut tags = std::collections::HashSet::new();
    for (accepted, coding, content) in [
        ("gzip, deflate, br, zstd", "br", "as brotli"),
        ("gzip, br;q=0.5", "gzip", "as gzip"),
        ("gzip, br;q=0", "gzip", "as gzip"),
        ("deflate", "identity", "plain"),
        ("identity", "identity", "plain"),
        ("", "identity", "plain"),
    ] {
        let script = console
            .ask("GET", SCRIPT, &[("accept-encoding", accepted)])
            .expect(200);
        assert_eq!(script.header("content-encoding"), Some(coding), "{accepted}");
        assert_eq!(script.text, content, "{accepted}");
        assert_eq!(script.header("vary"), Some("Accept-Encoding"), "{accepted}");
        tags.insert(script.header("etag").unwrap().to_owned());
    }
    assert_eq!(tags.len(), 3, "each encoding has a tag of its own: {tags:?}");
    let small = console
        .ask(
            "GET",
            "//assets/small-AAAAAAAA.css",
            &[("accept-encoding", "gzip, br")],
        )
        .expect(200);
    assert_eq!(small.text, "a{}");
    console
        .ask("GET", &format!("{SCRIPT}.br"), &[])
        .refused(404, "not_found");
}

#[test]
fn head_says_the_same_without_the_content() {
    let console = WithConsole::usual();
    for path in ["//guests", SCRIPT] {
        let head = console.ask("HEAD", path, &[("accept", BROWSER)]);
        let get = console.open(path);
        assert_eq!((head.status, head.text.as_str()), (200, ""));
        for name in ["content-type", "content-length", "cache-control", "etag"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[test]
fn a_build_without_a_console_says_so() {
    let console = WithConsole::of(&[]);
    let page = console.open("//").expect(200);
    assert_eq!(page.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(page.text.contains("build-console.sh"), "{}", page.text);
    console.open("//guests").refused(404, "not_found");
    console.open("//api/docs/").expect(200);
}

#[test]
fn the_api_browser_is_not_the_consoles_business() {
    let console = WithConsole::usual();
    let page = console.open("//api/docs/").expect(200);
    assert!(page.text.contains("swagger-ui"), "{}", page.text);
    assert_eq!(page.header("content-security-policy"), None);
    console.open("//healthz").expect(200);
}
