//! Requests and answers.

use reqwest::blocking::{Client as Http, RequestBuilder};
use reqwest::header::HeaderMap;
use serde_json::Value;

/// Somebody who sends requests, with or without a credential.
#[derive(Clone)]
pub struct Client {
    http: Http,
    base: String,
    token: Option<String>,
}

impl Client {
    pub fn new(base: &str) -> Self {
        let http = Http::builder()
            .no_proxy()
            .timeout(std::time::Duration::from_secs(60))
            .build()
            .unwrap();
        Client {
            http,
            base: base.to_owned(),
            token: None,
        }
    }

    /// The same client with this credential.
    pub fn with_token(&self, token: &str) -> Self {
        Client {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The same credential, presented to another server.
    pub fn at(&self, base: &str) -> Self {
        Client {
            token: self.token.clone(),
            ..Self::new(base)
        }
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    /// A request to `/api/v1{path}` (or to `path` itself when it starts with `//`), to be sent with [`Client::send`].
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = match path.strip_prefix("//") {
            Some(root) => format!("{}/{root}", self.base),
            None => format!("{}/api/v1{path}", self.base),
        };
        let request = self.http.request(method.parse().unwrap(), url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub fn send(request: RequestBuilder) -> Reply {
        let answer = request.send().unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply {
            status,
            headers,
            body,
            text,
        }
    }

    pub fn get(&self, path: &str) -> Reply {
        Self::send(self.request("GET", path))
    }

    pub fn delete(&self, path: &str) -> Reply {
        Self::send(self.request("DELETE", path))
    }

    pub fn post(&self, path: &str, body: Value) -> Reply {
        Self::send(self.request("POST", path).json(&body))
    }

    pub fn put(&self, path: &str, body: Value) -> Reply {
        Self::send(self.request("PUT", path).json(&body))
    }

    pub fn patch(&self, path: &str, body: Value) -> Reply {
        Self::send(self.request("PATCH", path).json(&body))
    }

    /// Sends a body as it is, as JSON.
    pub fn raw(&self, method: &str, path: &str, body: impl Into<reqwest::blocking::Body>) -> Reply {
        Self::send(
            self.request(method, path)
                .header("content-type", "application/json")
                .body(body),
        )
    }

    /// Every item of a list, page by page.
    pub fn all(&self, path: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let page = match &cursor {
                Some(cursor) => self.get(&format!("{path}{joint}cursor={cursor}")),
                None => self.get(path),
            }
            .expect(200);
            items.extend(page.body["items"].as_array().unwrap().iter().cloned());
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Reply {
    /// Goes on when the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        if status >= 400 {
            self.is_a_problem();
        }
        self
    }

    /// Goes on when it is this refusal.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.text
        );
        self.is_a_problem();
        self
    }

    /// Goes on when it blames this field.
    #[track_caller]
    pub fn blaming(self, pointer: &str) -> Self {
        let pointers: Vec<&str> = self.body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["pointer"].as_str().unwrap())
            .collect();
        assert!(pointers.contains(&pointer), "{pointer} not in {pointers:?}");
        self
    }

    /// Every error has the same complete shape.
    #[track_caller]
    fn is_a_problem(&self) {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{}",
            self.text
        );
        for field in ["type", "title", "detail", "instance", "code", "request_id"] {
            assert!(self.body[field].is_string(), "no {field} in {}", self.text);
        }
        assert!(
            !self.body["request_id"].as_str().unwrap().is_empty(),
            "{}",
            self.text
        );
        assert_eq!(self.body["status"], self.status);
        assert!(self.body["errors"].is_array(), "{}", self.text);
        assert_eq!(self.header("x-request-id"), self.body["request_id"].as_str());
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The id of what was answered.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text("id")
    }

    /// A text field of the body.
    #[track_caller]
    pub fn text(&self, field: &str) -> String {
        self.body[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field} in {}", self.text))
            .to_owned()
    }
}
