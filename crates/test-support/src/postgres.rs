//! A real PostgreSQL server that lives as long as the test process.

use std::cmp::Reverse;
use std::env;
use std::fmt;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

/// The environment variable that names an existing server to use instead of starting one.
const EXISTING_SERVER: &str = "VESTIBULE_TEST_POSTGRES_URL";

/// Programs that must lie side by side for a folder to count as a PostgreSQL installation.
const PROGRAMS: [&str; 4] = ["initdb", "postgres", "pg_isready", "psql"];

/// Longest folder name that leaves room for `/vestibule-pg.XXXXXX/.s.PGSQL.5432` in a socket address.
const LONGEST_FOLDER: usize = 60;

/// Why there is no PostgreSQL to test on; the text says what to install or what the server answered.
#[derive(Debug)]
pub struct PostgresError(String);

impl fmt::Display for PostgresError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PostgresError {}

/// A PostgreSQL server for tests, on a socket that only the owner of the test process (and root) can open.
///
/// The server and its folder are gone once the test process has ended, in whatever way it ended.
/// Durability is switched off: don't use it to test what survives a crash of the database.
///
/// # Examples
///
/// ```
/// use vestibule_test_support::PostgresServer;
///
/// let database = PostgresServer::shared().create_database();
/// database.sql("create table guests (name text)");
/// database.sql("insert into guests values ('Ada')");
/// assert_eq!(database.sql("select name from guests"), "Ada");
/// ```
#[derive(Debug)]
pub struct PostgresServer {
    psql: PathBuf,
    url: String,
    // Held, not read: closing it stops the server.
    supervisor: Option<Supervisor>,
}

#[derive(Debug)]
struct Supervisor {
    process: Child,
    alive: Option<ChildStdin>,
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        drop(self.alive.take());
        // The supervisor ends by itself; waiting makes "gone" true when this returns.
        let _ = self.process.wait();
    }
}

impl PostgresServer {
    /// The one server of this test process, started on first use.
    ///
    /// With `VESTIBULE_TEST_POSTGRES_URL` set, that server is used and left running; its user must be
    /// allowed to create databases.
    ///
    /// # Panics
    ///
    /// When there is no PostgreSQL to start or to reach; the message names the package to install.
    #[must_use]
    pub fn shared() -> &'static PostgresServer {
        static SHARED: OnceLock<PostgresServer> = OnceLock::new();
        SHARED.get_or_init(|| {
            let server = match env::var(EXISTING_SERVER) {
                Ok(url) if !url.is_empty() => Self::existing(&url),
                _ => Self::start(),
            };
            server.unwrap_or_else(|error| panic!("{error}"))
        })
    }

    /// Starts a server of its own, for tests that stop it; everything else wants [`PostgresServer::shared`].
    ///
    /// # Errors
    ///
    /// When PostgreSQL isn't installed, or doesn't start. Trying again doesn't help.
    pub fn start() -> Result<Self, PostgresError> {
        Self::start_from(find_folder_with(&PROGRAMS))
    }

    fn start_from(programs: Option<PathBuf>) -> Result<Self, PostgresError> {
        let programs = programs.ok_or_else(|| {
            PostgresError(format!(
                "PostgreSQL is not installed: install the Debian package `postgresql` \
                 (apt-get install postgresql), put {} on the PATH, or name a running server in {EXISTING_SERVER}",
                PROGRAMS.join(", ")
            ))
        })?;
        let (supervisor, folder) = supervise(&programs)?;
        Ok(Self {
            psql: programs.join("psql"),
            url: format!("postgres://postgres@{}/postgres", percent_encoded(&folder)),
            supervisor: Some(supervisor),
        })
    }

    /// Uses a running server that this process neither starts nor stops.
    ///
    /// # Errors
    ///
    /// When `psql` isn't installed or the server can't be reached with this URL.
    pub fn existing(url: &str) -> Result<Self, PostgresError> {
        let programs = find_folder_with(&["psql"]).ok_or_else(|| {
            PostgresError("psql is not installed: install the Debian package `postgresql-client`".to_owned())
        })?;
        let server = Self {
            psql: programs.join("psql"),
            url: url.to_owned(),
            supervisor: None,
        };
        run_sql(&server.psql, &server.url, "select 1")?;
        Ok(server)
    }

    /// The URL of the server's maintenance database, from which databases are created and dropped.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A new, empty database.
    ///
    /// # Panics
    ///
    /// When the server refuses.
    #[must_use]
    pub fn create_database(&self) -> TestDatabase {
        self.create("template0")
    }

    /// A new database that is a copy of `template`, much faster than migrating again.
    ///
    /// No connection to the template may be open: PostgreSQL waits a few seconds for the last ones to close.
    /// Any number of copies may be taken at the same time.
    ///
    /// # Panics
    ///
    /// When the template doesn't exist or is in use.
    #[must_use]
    pub fn create_database_from(&self, template: &str) -> TestDatabase {
        self.create(template)
    }

    fn create(&self, template: &str) -> TestDatabase {
        let name = new_name();
        let encoding = if template == "template0" {
            " encoding 'UTF8' locale 'C'"
        } else {
            ""
        };
        let sql = format!(
            "create database {} template {}{encoding}",
            quoted(&name),
            quoted(template)
        );
        run_sql(&self.psql, &self.url, &sql).unwrap_or_else(|error| panic!("{error}"));
        TestDatabase {
            psql: self.psql.clone(),
            server: self.url.clone(),
            url: with_database(&self.url, &name),
            name,
        }
    }

    /// Stops the server at once, as a crash would; a server from elsewhere is left alone.
    pub fn stop(mut self) {
        drop(self.supervisor.take());
    }
}

/// A database of a [`PostgresServer`], dropped (with whoever is still connected) when this value is.
#[derive(Debug)]
pub struct TestDatabase {
    psql: PathBuf,
    server: String,
    name: String,
    url: String,
}

impl TestDatabase {
    /// Where to connect: `postgres://…`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The name to pass to [`PostgresServer::create_database_from`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs SQL on a connection of its own and returns the rows: one a line, columns separated by `|`.
    ///
    /// # Panics
    ///
    /// When the database answers with an error.
    pub fn sql(&self, sql: &str) -> String {
        run_sql(&self.psql, &self.url, sql).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Cuts every connection to this database, as a restart of the server would.
    pub fn cut_connections(&self) {
        let sql = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'",
            self.name
        );
        run_sql(&self.psql, &self.server, &sql).unwrap_or_else(|error| panic!("{error}"));
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // Best effort: the server may be gone already, and everything goes with it anyway.
        let sql = format!("drop database if exists {} with (force)", quoted(&self.name));
        let _ = run_sql(&self.psql, &self.server, &sql);
    }
}

fn run_sql(psql: &Path, url: &str, sql: &str) -> Result<String, PostgresError> {
    let output = Command::new(psql)
        .args([
            "--no-psqlrc",
            "--quiet",
            "--tuples-only",
            "--no-align",
            "--no-password",
        ])
        .args(["--set", "ON_ERROR_STOP=1", "--dbname", url, "--command", sql])
        .env("PGOPTIONS", "-c client_min_messages=warning")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| PostgresError(format!("cannot run {}: {error}", psql.display())))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout)
            .trim_end_matches('\n')
            .to_owned())
    } else {
        let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(PostgresError(format!("PostgreSQL refused `{sql}`: {reason}")))
    }
}

/// Debian keeps every version in a folder of its own and most programs off the PATH.
fn find_folder_with(programs: &[&str]) -> Option<PathBuf> {
    let mut debian: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    debian.sort_by_key(|(version, _)| Reverse(*version));
    let path = env::var_os("PATH").unwrap_or_default();
    debian
        .into_iter()
        .map(|(_, folder)| folder)
        .chain(env::split_paths(&path))
        .find(|folder| programs.iter().all(|program| folder.join(program).is_file()))
}

fn supervise(programs: &Path) -> Result<(Supervisor, PathBuf), PostgresError> {
    let mut command = unprivileged_shell()?;
    command
        .arg("-c")
        .arg(include_str!("supervisor.sh"))
        .arg("vestibule-postgres")
        .arg(programs)
        .arg(working_folder())
        // The folder of the test may be closed to the user that runs the server.
        .current_dir("/")
        .env("HOME", "/")
        .env("LC_ALL", "C")
        // Ctrl-C reaches the group of the test, not the one that has to tidy up.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    for (name, _) in env::vars_os() {
        if name.as_bytes().starts_with(b"PG") {
            command.env_remove(name);
        }
    }
    let mut process = command
        .spawn()
        .map_err(|error| PostgresError(format!("cannot start a shell for PostgreSQL: {error}")))?;
    let alive = process.stdin.take();
    let mut answer = BufReader::new(process.stdout.take().expect("standard output was piped"));
    let supervisor = Supervisor { process, alive };

    let mut line = String::new();
    let read = answer.read_line(&mut line);
    if let (Ok(_), Some(folder)) = (read, line.trim_end().strip_prefix("ready ")) {
        return Ok((supervisor, PathBuf::from(folder)));
    }
    let mut reason = String::new();
    let _ = answer.read_to_string(&mut reason);
    Err(PostgresError(format!(
        "PostgreSQL did not start: {}",
        reason.trim()
    )))
}

/// A shell as a user PostgreSQL accepts: it refuses to run as root.
fn unprivileged_shell() -> Result<Command, PostgresError> {
    if effective_user() != Some(0) {
        return Ok(Command::new("sh"));
    }
    let user = ["postgres", "nobody"]
        .into_iter()
        .find(|user| succeeds("id", &["-u", user]))
        .ok_or_else(|| {
            PostgresError(
                "PostgreSQL does not run as root, and there is no user `postgres` or `nobody`".to_owned(),
            )
        })?;
    let reuid = format!("--reuid={user}");
    // Told by name, setpriv finds the user's own groups.
    let setpriv = [reuid.as_str(), "--init-groups", "--"];
    let group = primary_group(user);
    let regid = format!("--regid={group}");
    if succeeds("setpriv", &[&[regid.as_str()], &setpriv[..], &["true"]].concat()) {
        let mut command = Command::new("setpriv");
        command.arg(regid).args(setpriv).arg("sh");
        return Ok(command);
    }
    if succeeds("runuser", &["-u", user, "--", "true"]) {
        let mut command = Command::new("runuser");
        command.args(["-u", user, "--", "sh"]);
        return Ok(command);
    }
    Err(PostgresError(
        "PostgreSQL does not run as root: install the Debian package `util-linux` (setpriv, runuser), \
         or run the tests as another user"
            .to_owned(),
    ))
}

fn effective_user() -> Option<u32> {
    printed("id", &["-u"])?.parse().ok()
}

fn primary_group(user: &str) -> String {
    printed("id", &["-g", user]).unwrap_or_else(|| user.to_owned())
}

fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Somewhere any user may write, short enough for the name of a socket.
fn working_folder() -> PathBuf {
    let folder = env::temp_dir();
    let shared = Path::new("/tmp");
    let fits = folder.is_absolute() && folder.as_os_str().len() <= LONGEST_FOLDER;
    if fits && (effective_user() != Some(0) || !shared.is_dir()) {
        folder
    } else {
        shared.to_owned()
    }
}

fn percent_encoded(path: &Path) -> String {
    path.as_os_str()
        .as_bytes()
        .iter()
        .fold(String::new(), |mut text, &byte| {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
            text
        })
}

/// The same server and options, another database.
fn with_database(url: &str, name: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let (location, options) = match rest.split_once('?') {
        Some((location, options)) => (location, format!("?{options}")),
        None => (rest, String::new()),
    };
    let authority = location
        .split_once('/')
        .map_or(location, |(authority, _)| authority);
    format!("{scheme}://{authority}/{name}{options}")
}

/// A name no other test takes, whichever process it runs in.
fn new_name() -> String {
    format!(
        "vestibule_test_{:016x}",
        RandomState::new().hash_one(std::process::id())
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_database_is_empty_and_speaks_utf8() {
        let database = PostgresServer::shared().create_database();
        assert_eq!(
            database.sql("select count(*) from pg_tables where schemaname = 'public'"),
            "0"
        );
        assert_eq!(
            database.sql("select current_setting('server_encoding'), 'é'"),
            "UTF8|é"
        );
        assert_eq!(
            database.sql("select datcollate from pg_database where datname = current_database()"),
            "C"
        );
        assert!(database.url().starts_with("postgres://"));
        assert!(database.url().ends_with(database.name()));
    }

    #[test]
    fn a_copy_has_what_its_template_had_and_changes_on_its_own() {
        let server = PostgresServer::shared();
        let template = server.create_database();
        template.sql("create table guests (name text); insert into guests values ('Ada')");
        let copies: Vec<TestDatabase> = std::thread::scope(|scope| {
            let copies: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| server.create_database_from(template.name())))
                .collect();
            copies.into_iter().map(|copy| copy.join().unwrap()).collect()
        });
        copies[0].sql("insert into guests values ('Grace')");
        assert_eq!(copies[0].sql("select count(*) from guests"), "2");
        assert_eq!(copies[3].sql("select count(*) from guests"), "1");
        assert_eq!(template.sql("select count(*) from guests"), "1");
    }

    #[test]
    fn a_dropped_database_refuses_connections() {
        let server = PostgresServer::shared();
        let database = server.create_database();
        let url = database.url().to_owned();
        drop(database);
        let error = run_sql(&server.psql, &url, "select 1").unwrap_err();
        assert!(error.to_string().contains("does not exist"), "{error}");
    }

    #[test]
    fn cut_connections_end_in_the_middle_of_a_query() {
        let database = PostgresServer::shared().create_database();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| run_sql(&database.psql, &database.url, "select pg_sleep(60)"));
            let others = "select count(*) from pg_stat_activity \
                          where datname = current_database() and pid <> pg_backend_pid()";
            while database.sql(others) == "0" {
                std::thread::yield_now();
            }
            database.cut_connections();
            assert!(waiting.join().unwrap().is_err());
        });
    }

    #[test]
    fn a_server_of_ones_own_is_gone_after_stop() {
        let server = PostgresServer::start().unwrap();
        let folder = socket_folder(&server);
        assert!(folder.is_dir());
        let url = server.url().to_owned();
        let psql = server.psql.clone();
        server.stop();
        assert!(!folder.exists());
        assert!(run_sql(&psql, &url, "select 1").is_err());
    }

    const TO_BE_KILLED: &str = "VESTIBULE_TEST_TO_BE_KILLED";

    #[test]
    #[ignore = "the child of the test below"]
    fn child_that_starts_a_server_and_waits_to_be_killed() {
        if env::var_os(TO_BE_KILLED).is_none() {
            return;
        }
        let server = PostgresServer::start().unwrap();
        println!("\nserver {} {}", socket_folder(&server).display(), server.url());
        let _ = std::io::stdin().read(&mut [0]);
    }

    #[test]
    fn a_killed_test_leaves_neither_server_nor_folder() {
        let mut child = Command::new(env::current_exe().unwrap())
            .args([
                "--exact",
                "postgres::tests::child_that_starts_a_server_and_waits_to_be_killed",
            ])
            .args(["--ignored", "--nocapture"])
            .env(TO_BE_KILLED, "yes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let told = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .find_map(|line| line.unwrap().strip_prefix("server ").map(str::to_owned))
            .unwrap();
        let (folder, url) = told.split_once(' ').unwrap();
        let psql = find_folder_with(&["psql"]).unwrap().join("psql");
        assert_eq!(run_sql(&psql, url, "select 1").unwrap(), "1");
        child.kill().unwrap();
        child.wait().unwrap();
        let begun = std::time::Instant::now();
        while Path::new(folder).exists() {
            assert!(begun.elapsed().as_secs() < 60, "{folder} is still there");
            std::thread::yield_now();
        }
        assert!(run_sql(&psql, url, "select 1").is_err());
    }

    fn socket_folder(server: &PostgresServer) -> PathBuf {
        PathBuf::from(run_sql(&server.psql, &server.url, "show unix_socket_directories").unwrap())
    }

    #[test]
    fn an_existing_server_is_used_and_left_running() {
        let started = PostgresServer::shared();
        let existing = PostgresServer::existing(started.url()).unwrap();
        let used = existing.create_database();
        existing.stop();
        assert_eq!(used.sql("select 1"), "1");
        let others = format!(
            "select count(*) from pg_database where datname = '{}'",
            used.name()
        );
        drop(used);
        assert_eq!(started.create_database().sql(&others), "0");
    }

    #[test]
    fn missing_programs_are_named_with_the_package_that_has_them() {
        let error = PostgresServer::start_from(None).unwrap_err();
        assert!(
            error.to_string().contains("apt-get install postgresql"),
            "{error}"
        );
        assert!(error.to_string().contains(EXISTING_SERVER), "{error}");
        assert_eq!(find_folder_with(&["initdb", "no-such-program"]), None);
    }

    #[test]
    fn a_failed_start_says_why_and_leaves_nothing() {
        let error = supervise(Path::new("/nonexistent")).unwrap_err();
        assert!(error.to_string().contains("initdb failed"), "{error}");
        assert!(error.to_string().contains("/nonexistent"), "{error}");
    }

    #[test]
    fn an_unreachable_server_is_an_error_with_the_reason() {
        let error = PostgresServer::existing("postgres://nobody@127.0.0.1:1/none").unwrap_err();
        assert!(error.to_string().contains("127.0.0.1"), "{error}");
    }

    #[test]
    fn the_database_of_a_url_is_replaced_and_the_rest_kept() {
        for (url, expected) in [
            (
                "postgres://a:b@h:1/old?sslmode=require",
                "postgres://a:b@h:1/new?sslmode=require",
            ),
            ("postgresql://h", "postgresql://h/new"),
            (
                "postgres://postgres@%2Ftmp%2Fx/postgres",
                "postgres://postgres@%2Ftmp%2Fx/new",
            ),
        ] {
            assert_eq!(with_database(url, "new"), expected);
        }
    }
}
