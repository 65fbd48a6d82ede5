//! Log output: text for people or JSON for machines, on standard error.

use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogConfig, LogFormat};

/// Why logging can't start.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter isn't made of `target=level` directives.
    #[error("configuration refused: `log.filter` {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging was started before.
    #[error("logging was started before: {0}")]
    Started(#[from] tracing_subscriber::util::TryInitError),
}

/// Starts logging for the whole process, panics included. To be called once, before anything else.
///
/// # Errors
///
/// - [`LoggingError::Filter`]: fix the configuration.
/// - [`LoggingError::Started`]: it was called twice.
pub fn start(config: &LogConfig) -> Result<(), LoggingError> {
    subscriber(config, std::io::stderr)?.try_init()?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

fn subscriber<W>(
    config: &LogConfig,
    writer: W,
) -> Result<Box<dyn tracing::Subscriber + Send + Sync>, LoggingError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().parse(&config.filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer);
    Ok(match config.format {
        LogFormat::Text => Box::new(builder.with_ansi(false).finish()),
        LogFormat::Json => Box::new(builder.json().flatten_event(true).with_span_list(false).finish()),
    })
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload_as_str().unwrap_or("no message");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, message, "panic");
}

/// What tests log, kept to be read back.
#[cfg(test)]
pub(crate) mod captured {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex, OnceLock};

    /// A log output that remembers.
    #[derive(Clone, Default)]
    pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Lines {
        pub(crate) fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The JSON lines of all tests of this process, from the first call on. Tests find theirs by request id.
    ///
    /// `tracing` remembers per log statement whether anybody listens, and with a single subscriber it asks only
    /// the thread that comes by first. One for all threads, never dropped, keeps that from silencing a test.
    pub(crate) fn everything() -> &'static Lines {
        static LINES: OnceLock<Lines> = OnceLock::new();
        LINES.get_or_init(|| {
            let lines = Lines::default();
            let writer = lines.clone();
            let subscriber = tracing_subscriber::fmt()
                .json()
                .with_writer(move || writer.clone())
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
            tracing::callsite::rebuild_interest_cache();
            lines
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::captured::{Lines, everything};
    use super::*;

    fn logged(format: LogFormat, filter: &str) -> String {
        everything();
        let lines = Lines::default();
        let writer = lines.clone();
        let config = LogConfig {
            format,
            filter: filter.to_owned(),
        };
        let guard = subscriber(&config, move || writer.clone()).unwrap().set_default();
        tracing::info_span!("request", request_id = "r1")
            .in_scope(|| tracing::info!(status = 200, "answered"));
        tracing::debug!("detail");
        drop(guard);
        lines.text()
    }

    #[test]
    fn json_is_one_flat_object_a_line_with_its_span() {
        let line: serde_json::Value = serde_json::from_str(&logged(LogFormat::Json, "info")).unwrap();
        assert_eq!(
            (&line["status"], &line["message"]),
            (&200.into(), &"answered".into())
        );
        assert_eq!(line["span"]["request_id"], "r1");
    }

    #[test]
    fn text_is_a_line_for_people() {
        let text = logged(LogFormat::Text, "info");
        assert!(text.contains("answered") && text.contains("r1"), "{text}");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn the_filter_chooses_what_is_logged() {
        assert_eq!(logged(LogFormat::Text, "debug").lines().count(), 2);
        assert_eq!(logged(LogFormat::Text, "off"), "");
    }

    #[test]
    fn a_filter_that_is_none_is_refused() {
        let config = LogConfig {
            filter: "info=shout".to_owned(),
            ..LogConfig::default()
        };
        assert!(
            subscriber(&config, io::sink)
                .err()
                .unwrap()
                .to_string()
                .contains("log.filter")
        );
    }
}
