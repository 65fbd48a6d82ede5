//! `vestibule-scheduler`: the worker as a program of its own.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};
use vestibule_scheduler::assembly::{open_database, open_transport, require_current_schema};
use vestibule_scheduler::clock::Clock;
use vestibule_scheduler::config::Config;
use vestibule_scheduler::{Worker, WorkerSettings, logging};

/// Tidies up after guests whose access has ended, reminds, sends mail and clears away.
///
/// Any number may run on one PostgreSQL database. Who has access never depends on it.
#[derive(Parser)]
#[command(name = "vestibule-scheduler", version)]
struct Arguments {
    /// The configuration file [default: vestibule.toml, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Work until SIGTERM or SIGINT
    Run,
    /// Do everything that is due now, print what was done as JSON, and exit
    Once,
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Connections that a worker uses at most: one for guests, one for each mail under way, some to spare.
const CONNECTIONS: u32 = 8;

fn main() -> ExitCode {
    match work(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With nowhere left to write to, the exit code has to do.
            let _ = writeln!(io::stderr(), "vestibule-scheduler: {error}");
            ExitCode::FAILURE
        }
    }
}

fn work(arguments: &Arguments) -> Outcome {
    let config = Config::load(arguments.config.as_deref())?;
    logging::start(&config.log)?;
    let database = open_database(&config.database, CONNECTIONS)?;
    require_current_schema(&database)?;
    let worker = Worker::new(
        database,
        open_transport(&config.mail)?,
        Clock::system(),
        config.http.public_url(),
        WorkerSettings::from(&config.scheduler),
    );
    match arguments.command {
        Command::Run => run(worker, Duration::from_secs(config.http.shutdown_timeout_seconds)),
        Command::Once => {
            let report = serde_json::to_string(&worker.run_once()?)?;
            writeln!(io::stdout(), "{report}")?;
            Ok(())
        }
    }
}

/// Works until a signal comes, then lets the batches in hand finish, for `patience` at most: what is broken off then
/// is taken up by the next worker.
fn run(worker: Worker, patience: Duration) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let (mut terminate, mut interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let mut working = tokio::spawn(worker.run(async {
            let _ = stopped.await;
        }));
        tracing::info!("scheduler: working");
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            broken = &mut working => return Ok(broken?),
        }
        tracing::info!("scheduler: stopping");
        let _ = stop.send(());
        if tokio::time::timeout(patience, working).await.is_err() {
            tracing::warn!("scheduler: stopped in the middle of a batch, which another worker will take up");
        }
        Ok(())
    });
    runtime.shutdown_background();
    outcome
}
