//! A SQLite database in a folder of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A SQLite file in a folder that is removed when this value is dropped.
///
/// The file comes to be when something first connects.
///
/// # Examples
///
/// ```
/// use vestibule_test_support::TestSqlite;
///
/// let database = TestSqlite::new();
/// assert!(database.url().starts_with("sqlite:///"));
/// assert!(!database.path().exists());
/// ```
#[derive(Debug)]
pub struct TestSqlite {
    folder: TempDir,
    path: PathBuf,
    url: String,
}

impl Default for TestSqlite {
    fn default() -> Self {
        Self::new()
    }
}

impl TestSqlite {
    /// A place for a database that doesn't exist yet.
    ///
    /// # Panics
    ///
    /// When no temporary folder can be made.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("vestibule-sqlite.")
            .tempdir()
            .expect("a temporary folder");
        let path = folder.path().join("vestibule.db");
        let url = format!("sqlite://{}", path.display());
        Self { folder, path, url }
    }

    /// A copy of the database at `template`, much faster than migrating again.
    ///
    /// Nobody may be writing to the template meanwhile; what its write-ahead log holds is copied too.
    ///
    /// # Panics
    ///
    /// When there is no file at `template`, or it can't be copied.
    #[must_use]
    pub fn from_template(template: &Path) -> Self {
        let copy = Self::new();
        fs::copy(template, &copy.path)
            .unwrap_or_else(|error| panic!("cannot copy the template {}: {error}", template.display()));
        match fs::copy(beside(template, "-wal"), beside(&copy.path, "-wal")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                panic!(
                    "cannot copy the log of the template {}: {error}",
                    template.display()
                )
            }
            _ => copy,
        }
    }

    /// Where to connect: `sqlite://` and the absolute path.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of the database, for other files that should go with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_the_bytes_of_its_template_and_of_its_log() {
        let template = TestSqlite::new();
        fs::write(template.path(), "pages").unwrap();
        fs::write(beside(template.path(), "-wal"), "log").unwrap();
        let copy = TestSqlite::from_template(template.path());
        assert_ne!(copy.path(), template.path());
        assert_eq!(fs::read(copy.path()).unwrap(), b"pages");
        assert_eq!(fs::read(beside(copy.path(), "-wal")).unwrap(), b"log");
    }

    #[test]
    fn a_template_without_a_log_is_copied_too() {
        let template = TestSqlite::new();
        fs::write(template.path(), "pages").unwrap();
        let copy = TestSqlite::from_template(template.path());
        assert!(copy.path().exists());
        assert!(!beside(copy.path(), "-wal").exists());
    }

    #[test]
    fn dropping_removes_the_folder() {
        let database = TestSqlite::new();
        fs::write(database.path(), "pages").unwrap();
        let folder = database.folder().to_owned();
        drop(database);
        assert!(!folder.exists());
    }

    #[test]
    #[should_panic(expected = "cannot copy the template")]
    fn a_missing_template_is_named() {
        let _ = TestSqlite::from_template(Path::new("/nonexistent/template.db"));
    }
}
