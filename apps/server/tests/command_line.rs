//! The real binary: making an org, serving, stopping, the demo.

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};
use vestibule_test_support::PostgresServer;

use crate::harness::{Client, Ended, PASSWORD, Served, create_org, run, vestibule};

fn the_story(database: &str) {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();

    let (code, out, _) = create_org(folder, database, "acme", Some("password12"));
    assert_eq!((code, out.as_str()), (1, ""));
    let (code, out, error) = create_org(folder, database, "acme", Some(PASSWORD));
    assert_eq!(code, 0, "{error}");
    let made: Value = serde_json::from_str(&out).unwrap();
    assert!(made["claim_url"].is_null());
    let (code, _, error) = create_org(folder, database, "acme", None);
    assert!(code == 1 && error.contains("slug"), "{error}");
    let (code, out, _) = create_org(folder, database, "claimed-later", None);
    assert_eq!(code, 0);
    let later: Value = serde_json::from_str(&out).unwrap();

    let mut served = Served::start(vestibule(folder, database));
    let client = &served.client;
    let admin = client.with_token(made["api_token"].as_str().unwrap());
    let me = admin.get("/me").expect(200);
    assert_eq!(me.id(), made["admin_user_id"].as_str().unwrap());
    client
        .post(
            "/sessions",
            json!({ "org": "acme", "email": "boss@acme.example", "password": PASSWORD }),
        )
        .expect(201);

    // The token of an Admin who has not claimed works once they have.
    let later_admin = client.with_token(later["api_token"].as_str().unwrap());
    later_admin.get("/me").refused(401, "credential_ended");
    let url = later["claim_url"].as_str().unwrap();
    let token = url.strip_prefix("http://localhost:8080/claim#token=").unwrap();
    client
        .post("/claims", json!({ "token": token, "password": PASSWORD }))
        .expect(201);
    later_admin.get("/me").expect(200);

    assert_eq!(served.process.terminate(), Some(0));
}

#[test]
fn an_org_is_made_and_served_until_sigterm_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    the_story(&format!("sqlite://{}/data/vestibule.db", folder.path().display()));
}

#[test]
fn an_org_is_made_and_served_until_sigterm_on_postgres_once_it_is_migrated() {
    let database = PostgresServer::shared().create_database();
    let folder = tempfile::tempdir().unwrap();
    let (code, _, error) = create_org(folder.path(), database.url(), "acme", Some(PASSWORD));
    assert!(code == 1 && error.contains("vestibule migrate"), "{error}");
    let mut migrate = vestibule(folder.path(), database.url());
    migrate.arg("migrate");
    assert_eq!(run(migrate, "").0, 0);
    the_story(database.url());
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = vestibule(folder.path(), "sqlite://x.db");
    command.arg("migrate").env("VESTIBULE__HTTP__PORT", "1");
    let (code, _, error) = run(command, "");
    assert!(code == 1 && error.contains("port"), "{error}");
}

#[test]
fn the_demo_serves_an_org_with_guests_in_every_status() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = vestibule(folder.path(), "sqlite://unused.db");
    command.env_remove("VESTIBULE__HTTP__PUBLIC_URL");
    let child = command
        .args(["demo", "--data-dir", "demo"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut process = Ended(child);
    let mut out = process.0.stdout.take().unwrap();
    let mut text = String::new();
    let mut chunk = [0; 512];
    while !text.contains("Ctrl-C") {
        let n = out.read(&mut chunk).unwrap();
        assert!(n > 0, "the demo ended: {text}");
        text.push_str(std::str::from_utf8(&chunk[..n]).unwrap());
    }
    let after = |label: &str| {
        text.split_once(label)
            .unwrap()
            .1
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    };
    let admin = Client::new(&after("URL ")).with_token(&after("API token"));
    let guests = admin.all("/guests");
    for status in ["invited", "active", "expired", "revoked"] {
        assert!(guests.iter().any(|g| g["status"] == status), "nobody is {status}");
    }
    let totals = admin.get("/guests/calendar").expect(200).body["totals"].clone();
    for (state, count) in totals.as_object().unwrap() {
        assert!(count.as_u64().unwrap() > 0, "nobody: {state}");
    }
    // The log reads in the order in which it happened.
    let events = admin.all("/audit-events?limit=200");
    let instants: Vec<&str> = events.iter().map(|event| event["at"].as_str().unwrap()).collect();
    assert!(instants.len() > 100 && instants.is_sorted_by(|one, next| one >= next));
    assert_eq!(admin.get("/users?count=true").expect(200).body["total"], 301);
    assert_eq!(admin.get("/roles?count=true").expect(200).body["total"], 40);
    assert_eq!(process.terminate(), Some(0));
}
