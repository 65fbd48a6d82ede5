//! The program itself, configured by its environment.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use time::macros::date;
use vestibule_scheduler::mail;
use vestibule_test_support::{PostgresServer, TestSqlite, mails_in};

use crate::world::World;

on_both_databases! {
    one_pass_prints_what_it_did,
    it_runs_until_it_is_told_to_stop,
}

fn program(database: &str, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule-scheduler"));
    command
        .current_dir(folder)
        .env_clear()
        .env("VESTIBULE__DATABASE__URL", database)
        .env("VESTIBULE__HTTP__PUBLIC_URL", "https://guests.example")
        .env("VESTIBULE__MAIL__DIRECTORY", folder.join("mail"))
        .env("VESTIBULE__MAIL__FROM", "no-reply@guests.example")
        .stdin(Stdio::null());
    command
}

fn words(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

fn one_pass_prints_what_it_did(world: &World) {
    let folder = tempfile::tempdir().unwrap();
    // The world's March is long past for the program's clock; the other lives a while yet.
    let ended = world.guest("Ada Lovelace", date!(2026 - 03 - 10));
    let (past, future) = (date!(2000 - 01 - 01), date!(9000 - 01 - 01));
    world.change(&ended, |guest| set_end(world, guest, past));
    let invited = world.invited("Eve Later", date!(2026 - 03 - 20));
    let invited = world.change(&invited, |guest| set_end(world, guest, future));
    world.queue(mail::invitation(
        world.org.id,
        &invited,
        Some(world.sponsor.id),
        world.clock.now(),
    ));

    let output = program(world.place.url(), folder.path())
        .arg("once")
        .output()
        .unwrap();
    let (stdout, stderr) = words(&output);
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
    let mut report: Value = serde_json::from_str(&stdout).unwrap();
    assert!(report["duration_ms"].is_u64());
    report["duration_ms"] = json!(0);
    assert_eq!(
        report,
        json!({
            "expired": 1, "reminders_queued": 0,
            "mails_sent": 3, "mails_failed": 0, "mails_given_up": 0, "mails_unwanted": 0, "record_batches": 0,
            "retired": {"sessions": 0, "api_tokens": 0, "links": 0, "idempotency_keys": 0, "mails": 0},
            "duration_ms": 0,
        })
    );
    let mails = mails_in(&folder.path().join("mail"));
    assert_eq!(mails.len(), 3);
    assert!(mails.iter().any(|file| {
        file.mail
            .text
            .contains("https://guests.example/claim#token=vst_c_")
    }));
    assert!(!stderr.contains("vst_"), "{stderr}");
}

fn set_end(world: &World, guest: &mut vestibule_persistence::users::User, last_day: time::Date) {
    use vestibule_guest_lifecycle::{AccessWindow, ReminderTimes};
    use vestibule_persistence::users::UserDetails;
    if let UserDetails::Guest(details) = &mut guest.details {
        details.window = AccessWindow::ending_on(last_day, &world.org.zone);
        details.expiry_due_at = Some(details.window.ends_at);
        details.reminders = ReminderTimes::NONE;
    }
}

fn it_runs_until_it_is_told_to_stop(world: &World) {
    for signal in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = program(world.place.url(), folder.path())
            .arg("run")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        assert!(
            log.by_ref().any(|line| line.unwrap().contains("working")),
            "it says that it works"
        );
        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-s", signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        assert!(child.wait().unwrap().success());
        let rest: Vec<String> = log.map(Result::unwrap).collect();
        assert!(rest.iter().any(|line| line.contains("stopping")), "{rest:?}");
    }
}

#[test]
fn a_new_sqlite_database_is_made_on_the_way() {
    let place = TestSqlite::new();
    let output = program(place.url(), place.folder()).arg("once").output().unwrap();
    let (stdout, stderr) = words(&output);
    assert!(output.status.success(), "{stderr}");
    assert_eq!(serde_json::from_str::<Value>(&stdout).unwrap()["expired"], 0);
}

#[test]
fn a_postgres_database_that_was_not_migrated_is_refused_in_clear_words() {
    let place = PostgresServer::shared().create_database();
    let folder = tempfile::tempdir().unwrap();
    for command in ["once", "run"] {
        let output = program(place.url(), folder.path()).arg(command).output().unwrap();
        let (stdout, stderr) = words(&output);
        assert_eq!((output.status.code(), stdout.as_str()), (Some(1), ""));
        assert!(stderr.contains("run `vestibule migrate` first"), "{stderr}");
    }
}

#[test]
fn a_setting_that_is_not_known_is_refused() {
    let place = TestSqlite::new();
    let output = program(place.url(), place.folder())
        .arg("once")
        .env("VESTIBULE__MAIL__DIRECTRY", "x")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).1.contains("directry"));
}

#[test]
fn the_file_that_is_named_is_read_and_a_missing_one_is_refused() {
    let place = TestSqlite::new();
    let file = place.folder().join("other.toml");
    std::fs::write(&file, "[mail]\ntransport = \"smtp\"\n").unwrap();
    for arguments in [["once", "--config"], ["--config", "once"]] {
        let mut command = program(place.url(), place.folder());
        let (before, after) = if arguments[0] == "once" {
            (None, Some("once"))
        } else {
            (Some("once"), None)
        };
        command.args(after).arg("--config").arg(&file).args(before);
        let output = command.output().unwrap();
        assert!(words(&output).1.contains("mail.smtp_url"), "{:?}", words(&output));
    }
    let output = program(place.url(), place.folder())
        .args(["once", "--config", "nowhere.toml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
}
