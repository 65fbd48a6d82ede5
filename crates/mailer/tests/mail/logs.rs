//! What reaches the log, at its most talkative.

use crate::{TOKEN, from, message};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use vestibule_mailer::{LogTransport, SmtpTransport, Transport};
use vestibule_test_support::SmtpServer;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn logged(act: impl FnOnce()) -> String {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || {
        act();
        tracing::info!("the log was on");
    });
    let bytes = log.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("the log was on"));
    text
}

#[test]
fn the_log_transport_tells_recipient_and_subject_and_no_link() {
    let text = logged(|| {
        LogTransport::new().deliver(&message(1)).unwrap();
    });
    assert!(text.contains("ada@example.com"));
    assert!(text.contains("Welcome to Acme"));
    assert!(!text.contains(TOKEN) && !text.contains("https://"), "{text}");
}

#[test]
fn the_smtp_client_tells_the_log_nothing_of_the_mail() {
    let server = SmtpServer::start();
    let text = logged(|| {
        SmtpTransport::new(&server.url().into(), from())
            .unwrap()
            .deliver(&message(1))
            .unwrap();
    });
    assert_eq!(server.messages().len(), 1);
    assert!(
        !text.contains(TOKEN) && !text.contains("https://") && !text.contains("RCPT"),
        "{text}"
    );
}
