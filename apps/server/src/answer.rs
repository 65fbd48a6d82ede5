//! What a use case answers over HTTP, as data: so that it can be stored for a repeated request before it is sent.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use serde::Serialize;

use crate::error::UseCaseError;
use crate::etag::{ETag, IfNoneMatch};
use crate::idempotency_key::StoredAnswer;

/// A status, a JSON body and the headers that belong to it.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    body: Option<String>,
    etag: Option<ETag>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, UseCaseError> {
        let body = serde_json::to_string(body).map_err(|e| UseCaseError::Internal(e.to_string()))?;
        Ok(Answer {
            status,
            body: Some(body),
            etag: None,
            headers: Vec::new(),
        })
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn ok(body: &impl Serialize) -> Result<Self, UseCaseError> {
        Self::json(StatusCode::OK, body)
    }

    /// 201 with a body and the address of what was made.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn created(location: &str, body: &impl Serialize) -> Result<Self, UseCaseError> {
        let answer = Self::json(StatusCode::CREATED, body)?;
        Ok(match HeaderValue::from_str(location) {
            Ok(location) => answer.with_header(header::LOCATION, location),
            Err(_) => answer,
        })
    }

    /// 201 with a body, of something that has no address of its own.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn made(body: &impl Serialize) -> Result<Self, UseCaseError> {
        Self::json(StatusCode::CREATED, body)
    }

    /// 202: accepted, done a little later.
    pub fn accepted() -> Self {
        Answer {
            status: StatusCode::ACCEPTED,
            body: None,
            etag: None,
            headers: Vec::new(),
        }
    }

    /// 202 with a body that tells how far it is.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn accepted_with(body: &impl Serialize) -> Result<Self, UseCaseError> {
        Self::json(StatusCode::ACCEPTED, body)
    }

    /// 204.
    pub fn no_content() -> Self {
        Answer {
            status: StatusCode::NO_CONTENT,
            body: None,
            etag: None,
            headers: Vec::new(),
        }
    }

    /// The same answer with the version of its resource, as the body shows it.
    #[must_use]
    pub fn with_etag(mut self, etag: ETag) -> Self {
        self.etag = Some(etag.showing(self.body.as_deref().unwrap_or_default().as_bytes()));
        self
    }

    /// The same answer, its body being its own version: for documents put together from several resources.
    #[must_use]
    pub fn with_content_tag(mut self) -> Self {
        self.etag = self.body.as_ref().map(|body| ETag::of_content(body.as_bytes()));
        self
    }

    /// The same answer with one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// What to keep for a repeated request.
    pub fn to_stored(&self) -> StoredAnswer {
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in self.all_headers() {
            if let Ok(value) = value.to_str() {
                headers.push((name.to_string(), value.to_owned()));
            }
        }
        StoredAnswer {
            status: self.status.as_u16(),
            headers,
            body: self.body.clone().unwrap_or_default(),
        }
    }

    fn all_headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let mut headers = self.headers.clone();
        if let Some(value) = self.etag.as_ref().and_then(ETag::header) {
            headers.push((header::ETAG, value));
        }
        if self.body.is_some() {
            headers.push((header::CONTENT_TYPE, HeaderValue::from_static("application/json")));
        }
        headers
    }

    /// The HTTP answer to a request that read: 304 when the client has this version already.
    pub fn respond_to_read(self, known: &IfNoneMatch) -> HttpResponse {
        match &self.etag {
            Some(etag) if known.has(etag) => {
                let mut answer = HttpResponse::NotModified();
                if let Some(value) = etag.header() {
                    answer.insert_header((header::ETAG, value));
                }
                answer.finish()
            }
            _ => self.respond(),
        }
    }

    /// The HTTP answer.
    pub fn respond(self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        for header in self.all_headers() {
            answer.insert_header(header);
        }
        match self.body {
            Some(body) => answer.body(body),
            None => answer.finish(),
        }
    }
}
