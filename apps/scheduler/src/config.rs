//! What `vestibule.toml` and `VESTIBULE__SECTION__KEY` may say, for the server and the scheduler alike.
//!
//! The file comes first, the environment overrides it, and an unknown section or key in either is refused.
//! An empty environment variable counts as unset.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use config::{Environment, File, FileFormat};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, de};

/// The file that is read when none is named and this one exists.
pub const DEFAULT_FILE: &str = "vestibule.toml";

/// Everything an operator can set; each value not given has its default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where data is kept.
    pub database: DatabaseConfig,
    /// How the server is reached.
    pub http: HttpConfig,
    /// How mail leaves.
    pub mail: MailConfig,
    /// The worker that tidies up and sends mail.
    pub scheduler: SchedulerConfig,
    /// Cost of passwords and brakes on guessing.
    pub security: SecurityConfig,
    /// What is logged, and how.
    pub log: LogConfig,
}

/// Section `database`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite://path` or `postgres://user:password@host/name`.
    #[serde(deserialize_with = "secret")]
    pub url: SecretString,
    /// Connections held at most; chosen by the kind of database when not given.
    pub max_connections: Option<u32>,
    /// How carefully SQLite writes to disk.
    pub sqlite_synchronous: SqliteSynchronous,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: SecretString::from("sqlite://./data/vestibule.db"),
            max_connections: None,
            sqlite_synchronous: SqliteSynchronous::default(),
        }
    }
}

impl DatabaseConfig {
    /// Whether the URL names an SQLite database; every other valid one is PostgreSQL.
    pub fn is_sqlite(&self) -> bool {
        self.url.expose_secret().starts_with("sqlite://")
    }
}

/// SQLite's `synchronous` setting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SqliteSynchronous {
    /// Every commit reaches the disk before it is answered.
    #[default]
    Full,
    /// Faster; a power failure may lose the last commits, never the database's consistency.
    Normal,
}

/// Section `http`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpConfig {
    /// Address and port to listen on.
    pub bind: SocketAddr,
    /// How people reach the server; mailed links start with it.
    pub public_url: Option<PublicUrl>,
    /// Threads that serve requests; one per core when not given.
    pub workers: Option<usize>,
    /// Size at which a request body is refused with 413.
    pub max_body_bytes: usize,
    /// Time a client has to send its request's head, and again its body.
    pub request_timeout_seconds: u64,
    /// Time requests under way have to finish after SIGTERM.
    pub shutdown_timeout_seconds: u64,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            bind: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            public_url: None,
            workers: None,
            max_body_bytes: 1024 * 1024,
            request_timeout_seconds: 10,
            shutdown_timeout_seconds: 20,
        }
    }
}

impl HttpConfig {
    /// The public URL as given, or else `http://{bind}`.
    pub fn public_url(&self) -> PublicUrl {
        self.public_url
            .clone()
            .unwrap_or_else(|| PublicUrl::plain(self.bind))
    }

    /// [`Self::request_timeout_seconds`] as a duration.
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }
}

/// Section `mail`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// Where messages go.
    pub transport: MailTransport,
    /// Folder of the `file` transport, one `.eml` a message.
    pub directory: PathBuf,
    /// Server of the `smtp` transport, e.g. `smtps://user:password@mail.example.com`.
    #[serde(deserialize_with = "optional_secret")]
    pub smtp_url: Option<SecretString>,
    /// Sender of every message, a name with an address in angle brackets or an address alone.
    pub from: String,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            transport: MailTransport::default(),
            directory: PathBuf::from("./data/mail"),
            smtp_url: None,
            from: "Vestibule <no-reply@localhost.localdomain>".to_owned(),
        }
    }
}

/// Where messages go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// One `.eml` file a message.
    #[default]
    File,
    /// An SMTP server.
    Smtp,
    /// A line in the log, without the message's text.
    Log,
}

/// Section `scheduler`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SchedulerConfig {
    /// Whether the server runs a scheduler inside; not given means yes on SQLite and no on PostgreSQL.
    pub embedded: Option<bool>,
    /// Longest sleep between two looks at the work, 1 to 30.
    pub max_sleep_seconds: u64,
}

impl Default for SchedulerConfig {
    fn default() -> Self {
        Self {
            embedded: None,
            max_sleep_seconds: 5,
        }
    }
}

/// Section `security`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecurityConfig {
    /// Work factor of password hashes, 4 to 31; each step doubles the time of a sign-in.
    pub bcrypt_cost: u32,
    /// Requests to the endpoints that check a secret, per client address; 0 = no limit.
    pub credential_attempts_per_minute: u32,
    /// Wrong passwords in a row after which a user is locked.
    pub lockout_failures: u32,
    /// How long such a lock lasts.
    pub lockout_minutes: u32,
    /// Whether the last address in `X-Forwarded-For` is the client's. Only behind a proxy that sets it.
    pub trust_forwarded_for: bool,
}

impl Default for SecurityConfig {
    fn default() -> Self {
        Self {
            bcrypt_cost: 12,
            credential_attempts_per_minute: 600,
            lockout_failures: 10,
            lockout_minutes: 15,
            trust_forwarded_for: false,
        }
    }
}

/// Section `log`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// Text for people or JSON for machines.
    pub format: LogFormat,
    /// What is logged, as `tracing` filter directives.
    pub filter: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            filter: "info".to_owned(),
        }
    }
}

/// Shape of log lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Why the configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read, or file or environment hold an unknown key or a value of the wrong type.
    #[error("configuration refused: {0}")]
    Source(#[from] config::ConfigError),
    /// A value is of the right type but out of its range.
    #[error("configuration refused: `{key}` {reason}")]
    Value {
        /// Section and key, joined by a dot.
        key: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl Config {
    /// Reads `file`, or else `./vestibule.toml` where that exists, then the environment.
    ///
    /// # Errors
    ///
    /// - [`ConfigError::Source`]: a named file is missing, or something isn't understood.
    /// - [`ConfigError::Value`]: a value is out of its range.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let file = match file {
            Some(path) => File::from(path).format(FileFormat::Toml).required(true),
            None => File::from(Path::new(DEFAULT_FILE))
                .format(FileFormat::Toml)
                .required(false),
        };
        Self::read(
            config::Config::builder()
                .add_source(file)
                .add_source(environment()),
        )
    }

    /// Reads a TOML text and the given environment variables instead of the process's.
    ///
    /// # Errors
    ///
    /// As [`Config::load`].
    pub fn from_texts(toml: &str, variables: HashMap<String, String>) -> Result<Self, ConfigError> {
        let file = File::from_str(toml, FileFormat::Toml);
        let variables = environment().source(Some(variables));
        Self::read(config::Config::builder().add_source(file).add_source(variables))
    }

    /// Whether the server is to run a scheduler of its own.
    pub fn embeds_scheduler(&self) -> bool {
        self.scheduler
            .embedded
            .unwrap_or_else(|| self.database.is_sqlite())
    }

    fn read(builder: config::ConfigBuilder<config::builder::DefaultState>) -> Result<Self, ConfigError> {
        let config: Self = builder.build()?.try_deserialize()?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let url = self.database.url.expose_secret();
        let known = ["sqlite://", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme));
        let smtp_missing = self.mail.transport == MailTransport::Smtp && self.mail.smtp_url.is_none();
        let checks = [
            (known, "database.url", "must start with sqlite:// or postgres://"),
            (
                self.database.max_connections != Some(0),
                "database.max_connections",
                "must be at least 1",
            ),
            (self.http.workers != Some(0), "http.workers", "must be at least 1"),
            (
                self.http.max_body_bytes >= 1024,
                "http.max_body_bytes",
                "must be at least 1024",
            ),
            (
                self.http.request_timeout_seconds >= 1,
                "http.request_timeout_seconds",
                "must be at least 1",
            ),
            (!smtp_missing, "mail.smtp_url", "is needed by the smtp transport"),
            (
                self.mail.from.contains('@'),
                "mail.from",
                "must hold a mail address",
            ),
            (
                (1..=30).contains(&self.scheduler.max_sleep_seconds),
                "scheduler.max_sleep_seconds",
                "must be 1 to 30",
            ),
            (
                (4..=31).contains(&self.security.bcrypt_cost),
                "security.bcrypt_cost",
                "must be 4 to 31",
            ),
            (
                self.security.lockout_failures >= 1,
                "security.lockout_failures",
                "must be at least 1",
            ),
            (
                self.security.lockout_minutes >= 1,
                "security.lockout_minutes",
                "must be at least 1",
            ),
        ];
        match checks.into_iter().find(|(holds, _, _)| !holds) {
            Some((_, key, reason)) => Err(ConfigError::Value { key, reason }),
            None => Ok(()),
        }
    }
}

fn environment() -> Environment {
    Environment::with_prefix("VESTIBULE")
        .prefix_separator("__")
        .separator("__")
        .ignore_empty(true)
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

fn optional_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    secret(deserializer).map(Some)
}

/// An absolute `http` or `https` URL without user, query, fragment or trailing slash.
///
/// Mailed links start with it and browsers' `Origin` headers are compared with it, so it is kept in the
/// form browsers write: lower case, no default port. A name with other than ASCII letters has to be given
/// in its `xn--` form.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl {
    secure: bool,
    host: String,
    port: Option<u16>,
    path: String,
}

/// Why a text isn't a usable public URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    /// It starts with neither `http://` nor `https://`.
    #[error("a public url starts with http:// or https://")]
    Scheme,
    /// The host is missing, not in ASCII, or not a name or address.
    #[error("the host of the public url is not a host name or address")]
    Host,
    /// The port isn't a number of 1 to 65535.
    #[error("the port of the public url is not a port")]
    Port,
    /// The path holds something else than unreserved characters, or there's a query or fragment.
    #[error("a public url has no user, query or fragment, and a path of plain characters only")]
    Rest,
}

impl PublicUrl {
    /// The plain-http URL of a listening address.
    pub fn plain(address: SocketAddr) -> Self {
        let host = match address.ip() {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => format!("[{ip}]"),
        };
        let port = Some(address.port()).filter(|port| *port != 80);
        Self {
            secure: false,
            host,
            port,
            path: String::new(),
        }
    }

    /// Scheme, host and port, as a browser writes them into `Origin`.
    pub fn origin(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        match self.port {
            Some(port) => format!("{scheme}://{}:{port}", self.host),
            None => format!("{scheme}://{}", self.host),
        }
    }

    /// The URL with `path`, which starts with `/`, appended.
    pub fn join(&self, path: &str) -> String {
        format!("{self}{path}")
    }

    /// Whether the scheme is `https`.
    pub fn is_https(&self) -> bool {
        self.secure
    }

    /// Whether the host is this machine, as `localhost` or by a loopback address.
    pub fn is_loopback(&self) -> bool {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        bare == "localhost"
            || bare.ends_with(".localhost")
            || bare
                .parse::<Ipv4Addr>()
                .is_ok_and(|address| address.is_loopback())
            || bare
                .parse::<Ipv6Addr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.trim().to_ascii_lowercase();
        let (secure, default_port, after) = match lower.split_once("://") {
            Some(("http", _)) => (false, 80, 7),
            Some(("https", _)) => (true, 443, 8),
            _ => return Err(PublicUrlError::Scheme),
        };
        // The path keeps its case.
        let rest = text.trim().get(after..).unwrap_or_default();
        let (authority, path) = match rest.find(['/', '?', '#']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if authority.contains('@') {
            return Err(PublicUrlError::Rest);
        }
        let (host, port) = split_port(authority)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
        let path = path.trim_end_matches('/');
        if !path.chars().all(plain) || path.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(PublicUrlError::Rest);
        }
        Ok(Self {
            secure,
            host: canonical_host(host)?,
            port: port.filter(|port| *port != default_port),
            path: path.to_owned(),
        })
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<u16>), PublicUrlError> {
    let host_end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match authority.get(host_end..).and_then(|tail| tail.find(':')) {
        Some(colon) => authority.split_at(host_end + colon),
        None => return Ok((authority, None)),
    };
    let digits = port.trim_start_matches(':');
    let plain = port.len() == digits.len() + 1 && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse::<u16>() {
        Ok(port) if plain && port > 0 => Ok((host, Some(port))),
        _ => Err(PublicUrlError::Port),
    }
}

fn canonical_host(host: &str) -> Result<String, PublicUrlError> {
    if let Some(inner) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        let address: Ipv6Addr = inner.parse().map_err(|_| PublicUrlError::Host)?;
        return Ok(format!("[{address}]"));
    }
    let host = host.to_ascii_lowercase();
    let label_is_plain = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if host.len() > 253 || !host.split('.').all(label_is_plain) {
        return Err(PublicUrlError::Host);
    }
    // A last label of digits makes it an IPv4 address for a browser, which would rewrite short forms.
    let numeric = host
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x"));
    if numeric && host.parse::<Ipv4Addr>().is_err() {
        return Err(PublicUrlError::Host);
    }
    Ok(host)
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path)
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for PublicUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        Config::from_texts(toml, variables)
    }

    fn refusal(toml: &str, variables: &[(&str, &str)]) -> String {
        read(toml, variables).unwrap_err().to_string()
    }

    #[test]
    fn nothing_said_means_the_defaults() {
        let config = read("", &[]).unwrap();
        assert_eq!(
            config.database.url.expose_secret(),
            "sqlite://./data/vestibule.db"
        );
        assert_eq!(config.http.bind.to_string(), "127.0.0.1:8080");
        assert_eq!(config.http.public_url().to_string(), "http://127.0.0.1:8080");
        assert_eq!(config.mail.transport, MailTransport::File);
        assert_eq!(config.security.bcrypt_cost, 12);
        assert_eq!(config.log.format, LogFormat::Text);
        assert!(config.embeds_scheduler());
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let toml = "[http]\nbind = \"0.0.0.0:80\"\nworkers = 3\n[log]\nformat = \"json\"";
        let config = read(
            toml,
            &[
                ("VESTIBULE__HTTP__BIND", "127.0.0.1:9"),
                ("VESTIBULE__HTTP__PUBLIC_URL", "https://example.com/"),
                ("VESTIBULE__SECURITY__TRUST_FORWARDED_FOR", "true"),
                ("VESTIBULE__MAIL__TRANSPORT", "log"),
                ("VESTIBULE__MAIL__FROM", ""),
                ("OTHER", "x"),
            ],
        )
        .unwrap();
        assert_eq!(config.http.bind.port(), 9);
        assert_eq!(config.http.workers, Some(3));
        assert_eq!(config.http.public_url().to_string(), "https://example.com");
        assert_eq!(config.mail.transport, MailTransport::Log);
        assert_eq!(config.log.format, LogFormat::Json);
        assert!(config.security.trust_forwarded_for);
        assert!(
            config.mail.from.contains("no-reply"),
            "an empty variable counts as unset"
        );
    }

    #[test]
    fn unknown_keys_are_refused_by_name() {
        assert!(refusal("[http]\nbnid = 1", &[]).contains("bnid"));
        assert!(refusal("[htpp]\nbind = 1", &[]).contains("htpp"));
        assert!(refusal("", &[("VESTIBULE__HTTP__BNID", "x")]).contains("bnid"));
        assert!(refusal("", &[("VESTIBULE__HTPP__BIND", "x")]).contains("htpp"));
        assert!(refusal("", &[("VESTIBULE__HTTP__BIND__PORT", "1")]).contains("http.bind"));
    }

    #[test]
    fn wrong_types_and_words_are_refused_by_name() {
        assert!(refusal("", &[("VESTIBULE__HTTP__WORKERS", "many")]).contains("http.workers"));
        assert!(refusal("", &[("VESTIBULE__HTTP__BIND", "nowhere")]).contains("http.bind"));
        assert!(refusal("", &[("VESTIBULE__LOG__FORMAT", "xml")]).contains("xml"));
        assert!(refusal("", &[("VESTIBULE__HTTP__PUBLIC_URL", "example.com")]).contains("http.public_url"));
    }

    #[test]
    fn values_out_of_range_are_refused_by_name() {
        let cases = [
            ("VESTIBULE__DATABASE__URL", "mysql://x", "database.url"),
            (
                "VESTIBULE__SCHEDULER__MAX_SLEEP_SECONDS",
                "31",
                "scheduler.max_sleep_seconds",
            ),
            ("VESTIBULE__SECURITY__BCRYPT_COST", "3", "security.bcrypt_cost"),
            ("VESTIBULE__SECURITY__BCRYPT_COST", "32", "security.bcrypt_cost"),
            ("VESTIBULE__MAIL__TRANSPORT", "smtp", "mail.smtp_url"),
        ];
        for (key, value, named) in cases {
            assert!(refusal("", &[(key, value)]).contains(named), "{key}");
        }
    }

    #[test]
    fn a_scheduler_is_embedded_on_sqlite_only_unless_said_otherwise() {
        let postgres = ("VESTIBULE__DATABASE__URL", "postgres://u:p@h/d");
        assert!(!read("", &[postgres]).unwrap().embeds_scheduler());
        assert!(
            read("[scheduler]\nembedded = true", &[postgres])
                .unwrap()
                .embeds_scheduler()
        );
        assert!(
            !read("[scheduler]\nembedded = false", &[])
                .unwrap()
                .embeds_scheduler()
        );
    }

    #[test]
    fn secrets_are_not_printed() {
        let config = read(
            "",
            &[
                ("VESTIBULE__DATABASE__URL", "postgres://u:hunter2@h/d"),
                ("VESTIBULE__MAIL__SMTP_URL", "smtp://u:hunter2@h"),
            ],
        )
        .unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn a_named_file_has_to_exist() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.toml");
        assert!(Config::load(Some(&path)).is_err());
        std::fs::write(&path, "[log]\nfilter = \"debug\"").unwrap();
        assert_eq!(Config::load(Some(&path)).unwrap().log.filter, "debug");
    }

    fn url(text: &str) -> Result<PublicUrl, PublicUrlError> {
        text.parse()
    }

    #[test]
    fn the_public_url_is_kept_in_the_form_browsers_write() {
        let cases = [
            ("https://Access.Example.com/", "https://access.example.com"),
            ("HTTPS://example.com:443", "https://example.com"),
            ("http://example.com:80/Guests/", "http://example.com/Guests"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[0:0:0:0:0:0:0:1]:8080/", "http://[::1]:8080"),
        ];
        for (text, kept) in cases {
            assert_eq!(url(text).unwrap().to_string(), kept, "{text}");
        }
    }

    #[test]
    fn the_origin_of_the_public_url_has_no_path() {
        let url = url("https://example.com:8443/vestibule/").unwrap();
        assert_eq!(url.origin(), "https://example.com:8443");
        assert_eq!(
            url.join("/claim#token=x"),
            "https://example.com:8443/vestibule/claim#token=x"
        );
    }

    #[test]
    fn a_public_url_that_is_not_a_plain_address_is_refused() {
        let cases = [
            ("example.com", PublicUrlError::Scheme),
            ("ftp://example.com", PublicUrlError::Scheme),
            ("https://", PublicUrlError::Host),
            ("https:///path", PublicUrlError::Host),
            ("https://exa mple.com", PublicUrlError::Host),
            ("https://bücher.example", PublicUrlError::Host),
            ("http://127.1", PublicUrlError::Host),
            ("http://[::1", PublicUrlError::Port),
            ("http://[::1]]", PublicUrlError::Host),
            ("https://user@example.com", PublicUrlError::Rest),
            ("https://example.com?x=1", PublicUrlError::Rest),
            ("https://example.com/#top", PublicUrlError::Rest),
            ("https://example.com/a/../b", PublicUrlError::Rest),
            ("https://example.com:0", PublicUrlError::Port),
            ("https://example.com:+80", PublicUrlError::Port),
            ("https://example.com:", PublicUrlError::Port),
            ("https://example.com::80", PublicUrlError::Port),
            ("https://example.com:99999", PublicUrlError::Port),
        ];
        for (text, error) in cases {
            assert_eq!(url(text), Err(error), "{text}");
        }
    }

    #[test]
    fn loopback_is_told_from_other_hosts() {
        for text in [
            "http://localhost:1",
            "http://a.localhost",
            "http://127.9.9.9",
            "http://[::1]:1",
        ] {
            assert!(url(text).unwrap().is_loopback(), "{text}");
        }
        for text in ["http://localhost.example", "http://10.0.0.1", "http://0.0.0.0"] {
            assert!(!url(text).unwrap().is_loopback(), "{text}");
        }
    }
}
