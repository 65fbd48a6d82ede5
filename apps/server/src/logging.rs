//! Log output: the scheduler's, and what the tests of this crate read back of it.

pub use vestibule_scheduler::logging::*;

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
