//! What the log says, and what it never says.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use time::Duration;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{Client, PASSWORD, both_databases};

/// Everything that was logged in this process, by whichever test.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn capture() -> Self {
        static LOG: std::sync::OnceLock<Log> = std::sync::OnceLock::new();
        let start = || {
            let log = Log::default();
            let filter = "info,vestibule_server=trace,vestibule_persistence=trace,vestibule_scheduler=trace,\
                          vestibule_mailer=trace,actix_server=trace,actix_web=trace";
            let subscriber = tracing_subscriber::fmt()
                .with_env_filter(EnvFilter::new(filter))
                .with_ansi(false)
                .with_writer(log.clone())
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
            log
        };
        LOG.get_or_init(start).clone()
    }

    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        self.clone()
    }
}

both_databases! {
    fn requests_are_logged_by_id_and_nothing_secret_is(server) {
        let log = Log::capture();
        let org = server.org("acme");
        org.guest(server, "Ada", 30);
        let email = org.guest_email("Ada");
        let link = server.mailed_token(&email);
        server.client().post("/claims/preview", json!({ "token": link })).expect(200);
        let session = server.claim(&email);
        let made = session.post("/api-tokens", json!({ "name": "t", "kind": "user" })).expect(201);
        let passwords = ["a password that only this test has", "another one that only this test has"];
        session.put("/me/password", json!({ "current": PASSWORD, "new": passwords[0] })).expect(204);
        let wrong = json!({ "org": "acme", "email": email, "password": "a guess that only this test has" });
        server.client().post("/sessions", wrong).expect(401);
        let malformed = json!({ "org": "acme", "email": email, "password": ["a list that only this test has"] });
        server.client().post("/sessions", malformed).expect(400);
        server.advance(Duration::SECOND);
        server.client().post("/password-resets", json!({ "org": "acme", "email": email })).expect(202);
        let reset = server.mailed_token(&email);
        server.client().put("/password-resets", json!({ "token": reset, "password": passwords[1] })).expect(204);
        let cookie = format!("vestibule={}", session.token());
        let request = server.client().request("GET", "/session").header("cookie", cookie);
        let last = Client::send(request).expect(401);

        let log = log.text();
        assert!(log.contains(last.header("x-request-id").unwrap()), "the log is captured");
        let secrets = [&link, &reset, session.token(), &made.text("secret"), org.admin.token()];
        for secret in secrets.into_iter().chain(passwords) {
            assert!(!log.contains(secret), "{secret}");
        }
        for part in ["only this test has", "$2b$"] {
            assert!(!log.contains(part), "{part}");
        }
    }
}
