//! The command line of `vestibule`.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use clap::{Args, Parser, Subcommand};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use vestibule_mailer::Transport;
use vestibule_persistence::Database;
use vestibule_scheduler::assembly::{open_database, open_transport, require_current_schema};
use vestibule_scheduler::{Waker, Worker, WorkerSettings};

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, LogConfig};
use crate::use_cases::create_org::{NewOrg, provision};
use crate::{demo, logging, openapi, problem, serve};

/// Who may be in here, until when, and whose records may they touch?
#[derive(Parser)]
#[command(name = "vestibule", version, about)]
struct Cli {
    /// The configuration file; `vestibule.toml` in this folder when left out, if there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a sample organization on a fresh database, until Ctrl-C.
    Demo(DemoArgs),
    /// Serve.
    Serve,
    /// Bring the database to this version.
    Migrate,
    /// Ask the running server whether it is ready; exit 1 when not.
    Healthcheck,
    /// Print the OpenAPI document.
    Openapi,
    /// Organizations.
    #[command(subcommand)]
    Org(OrgCommand),
}

#[derive(Args)]
struct DemoArgs {
    /// Keep the data in this folder; a temporary one that goes away at the end when left out.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum OrgCommand {
    /// Make an organization with its first Admin.
    Create(OrgCreateArgs),
}

#[derive(Args)]
struct OrgCreateArgs {
    /// Its unique short name: 2 to 40 of a-z, 0-9 and -.
    #[arg(long)]
    slug: String,
    /// Its name.
    #[arg(long)]
    name: String,
    /// Its time zone (IANA name), whose days end access.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// The first Admin's email.
    #[arg(long)]
    admin_email: String,
    /// The first Admin's first name.
    #[arg(long, default_value = "First")]
    admin_first_name: String,
    /// The first Admin's last name.
    #[arg(long, default_value = "Admin")]
    admin_last_name: String,
    /// Read the first Admin's password from standard input; otherwise the account is claimed with a link.
    #[arg(long)]
    admin_password_stdin: bool,
    /// Answer as JSON.
    #[arg(long)]
    json: bool,
}

/// Why a command failed, in words for whoever typed it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);

impl Failure {
    /// The failure that an error is, in its own words.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Failure(error.to_string())
    }
}

/// Database connections when nothing is configured.
const CONNECTIONS: u32 = 10;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "vestibule: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    if let Command::Openapi = cli.command {
        return say(&openapi::text());
    }
    let mut config = Config::load(cli.config.as_deref()).map_err(Failure::of)?;
    if matches!(cli.command, Command::Demo(_)) && config.log == LogConfig::default() {
        // The banner should stay in sight.
        "warn".clone_into(&mut config.log.filter);
    }
    logging::start(&config.log).map_err(Failure::of)?;
    match cli.command {
        Command::Demo(args) => demo::run(config, args.data_dir).map(|()| ExitCode::SUCCESS),
        Command::Serve => serve_until_stopped(&config).map(|()| ExitCode::SUCCESS),
        Command::Migrate => migrate(&config),
        Command::Healthcheck => healthcheck(&config),
        Command::Openapi => Ok(ExitCode::SUCCESS),
        Command::Org(OrgCommand::Create(args)) => create_org(&config, &args),
    }
}

/// Writes to standard output, where a reader may have gone away.
pub fn say(text: &str) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::of)?;
    Ok(ExitCode::SUCCESS)
}

fn migrate(config: &Config) -> Result<ExitCode, Failure> {
    let database = open_database(&config.database, CONNECTIONS).map_err(Failure::of)?;
    let applied = database.migrate().map_err(Failure::of)?;
    if applied.is_empty() {
        say("The database is up to date.\n")
    } else {
        say(&format!("Applied {}.\n", applied.join(", ")))
    }
}

/// Opens the database ready for use: SQLite is brought to this version, PostgreSQL must be already.
fn open(config: &Config) -> Result<Database, Failure> {
    let database = open_database(&config.database, CONNECTIONS).map_err(Failure::of)?;
    require_current_schema(&database).map_err(Failure::of)?;
    Ok(database)
}

fn create_org(config: &Config, args: &OrgCreateArgs) -> Result<ExitCode, Failure> {
    let password = if args.admin_password_stdin {
        Some(read_password()?)
    } else {
        None
    };
    let app = App::new(config, open(config)?, Clock::system(), Waker::default()).map_err(Failure::of)?;
    let new_org = NewOrg {
        slug: &args.slug,
        name: &args.name,
        time_zone: &args.time_zone,
        admin_name: (&args.admin_first_name, &args.admin_last_name),
        admin_email: &args.admin_email,
        admin_password: None,
    };
    let made =
        provision(&app, new_org, password.as_ref()).map_err(|error| Failure(in_words(error.into())))?;
    let claim_url = made.claim_url.as_ref().map(ExposeSecret::expose_secret);
    if args.json {
        let answer = json!({
            "org_id": made.org.id.to_string(),
            "admin_user_id": made.admin.id.to_string(),
            "claim_url": claim_url,
            "api_token": made.api_token.expose_secret(),
        });
        return say(&format!("{answer}\n"));
    }
    let way_in = match claim_url {
        Some(url) => format!("Claim the Admin account here: {url}\n"),
        None => String::new(),
    };
    say(&format!(
        "Made {} ({}).\n{way_in}API token of {}: {}\n",
        made.org.name,
        made.org.slug.as_str(),
        made.admin.email,
        made.api_token.expose_secret()
    ))
}

fn read_password() -> Result<SecretString, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(Failure::of)?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}

fn in_words(problem: problem::Problem) -> String {
    let body = problem.body();
    let fields = body
        .errors
        .iter()
        .map(|e| format!("\n  {}: {}", e.pointer.trim_start_matches('/'), e.detail));
    format!("{}{}", body.detail, fields.collect::<String>())
}

fn healthcheck(config: &Config) -> Result<ExitCode, Failure> {
    use std::io::Read;
    use std::net::TcpStream;
    let limit = Duration::from_secs(5);
    let mut address = config.http.bind;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let mut stream = TcpStream::connect_timeout(&address, limit).map_err(Failure::of)?;
    stream.set_read_timeout(Some(limit)).map_err(Failure::of)?;
    stream
        .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .map_err(Failure::of)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(Failure::of)?;
    match answer.starts_with("HTTP/1.1 200 ") {
        true => say("ready\n"),
        false => Err(Failure(format!(
            "not ready: {}",
            answer.lines().next().unwrap_or_default()
        ))),
    }
}

fn serve_until_stopped(config: &Config) -> Result<(), Failure> {
    let database = open(config)?;
    let clock = Clock::system();
    let worker = if config.embeds_scheduler() {
        let transport = open_transport(&config.mail).map_err(Failure::of)?;
        Some(embedded_worker(
            config,
            database.clone(),
            transport,
            clock.clone(),
        ))
    } else {
        None
    };
    let waker = worker.as_ref().map(Worker::waker).unwrap_or_default();
    let app = Data::new(App::new(config, database, clock, waker).map_err(Failure::of)?);
    run_server(config, app, worker, |address| {
        tracing::info!(%address, "serving");
        Ok(())
    })
}

/// The worker that runs inside the server.
pub fn embedded_worker(
    config: &Config,
    database: Database,
    transport: Arc<dyn Transport>,
    clock: Clock,
) -> Worker {
    Worker::new(
        database,
        transport,
        clock,
        config.http.public_url(),
        WorkerSettings::from(&config.scheduler),
    )
}

/// Runs server and embedded worker until SIGTERM or SIGINT; says so when it listens.
///
/// # Errors
/// When the address is taken or the server fails, in words.
pub fn run_server(
    config: &Config,
    app: Data<App>,
    worker: Option<Worker>,
    listening: impl FnOnce(std::net::SocketAddr) -> Result<(), Failure>,
) -> Result<(), Failure> {
    actix_web::rt::System::new().block_on(async {
        let bound = serve::bind(config, app.clone())
            .map_err(|error| Failure(format!("cannot listen on {}: {error}", config.http.bind)))?;
        listening(bound.address)?;
        let (stop_worker, stopped) = tokio::sync::oneshot::channel::<()>();
        let worker = worker.map(|worker| {
            tokio::spawn(worker.run(async {
                let _ = stopped.await;
            }))
        });
        let result = serve::run_until(bound, app, serve::stop_signal())
            .await
            .map_err(Failure::of);
        drop(stop_worker);
        if let Some(worker) = worker {
            let _ = worker.await;
        }
        result
    })
}
