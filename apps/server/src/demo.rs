//! `vestibule demo`: a believable organization to look at, ready in a moment.

mod history;
mod people;
mod records;
mod sample;

use std::path::{Path, PathBuf};

use actix_web::web::Data;
use secrecy::{ExposeSecret, SecretString};
use vestibule_scheduler::Waker;
use vestibule_scheduler::assembly::{open_database, open_transport, require_current_schema};

use crate::app::App;
use crate::cli::{Failure, embedded_worker, run_server, say};
use crate::clock::Clock;
use crate::config::Config;

pub use sample::{PASSWORD, Sample, fill};

/// Serves the sample organization until stopped. In a temporary folder it starts anew each time; in `data_dir` the
/// organization is made once and kept.
///
/// # Errors
/// When the folder, the database or the address cannot be used, in words.
pub fn run(mut config: Config, data_dir: Option<PathBuf>) -> Result<(), Failure> {
    let temporary = tempfile::tempdir().map_err(Failure::of)?;
    let folder = data_dir.unwrap_or_else(|| temporary.path().to_owned());
    let url = format!("sqlite://{}", folder.join("vestibule.db").display());
    config.database.url = SecretString::from(url);
    config.mail.transport = crate::config::MailTransport::File;
    config.mail.directory = folder.join("mail");

    let database = open_database(&config.database, 8).map_err(Failure::of)?;
    require_current_schema(&database).map_err(Failure::of)?;
    let clock = Clock::system();
    let transport = open_transport(&config.mail).map_err(Failure::of)?;
    let worker = embedded_worker(&config, database.clone(), transport, clock.clone());
    let waker: Waker = worker.waker();
    let app = Data::new(App::new(&config, database, clock, waker).map_err(Failure::of)?);
    let sample = fill(&app).map_err(|error| Failure(crate::problem::Problem::from(error).to_string()))?;
    let configured = config.http.public_url.as_ref().map(ToString::to_string);
    run_server(&config, app, Some(worker), |address| {
        let base = configured.unwrap_or_else(|| format!("http://{address}"));
        say(&welcome(&base, &folder, sample.as_ref()))?;
        Ok(())
    })
}

fn welcome(base: &str, folder: &Path, sample: Option<&Sample>) -> String {
    let token = match sample {
        Some(sample) => format!("  API token   {}\n", sample.api_token.expose_secret()),
        None => "  API token   printed when this data folder was made; sign in to make another\n".to_owned(),
    };
    format!(
        "\nVestibule is running with the sample organization acme.\n\n\
         \x20 URL         {base}\n\
         \x20 API browser {base}/api/docs/\n\
         \x20 Sign in     org acme, email {}, password {PASSWORD}\n{token}\
         \x20 Mail        {}\n\n\
         Every person of the sample who has claimed an account has the same password.\n\
         Stop with Ctrl-C.\n",
        sample::ADMIN_EMAIL,
        folder.join("mail").display(),
    )
}
