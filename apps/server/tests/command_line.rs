//! The real binary: making an org, serving, stopping, the demo.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use vestibule_test_support::PostgresServer;

use crate::harness::{Client, PASSWORD};

fn vestibule(folder: &Path, database: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap())
        .env("VESTIBULE__DATABASE__URL", database)
        .env("VESTIBULE__HTTP__BIND", "127.0.0.1:0")
        .env("VESTIBULE__HTTP__PUBLIC_URL", "http://localhost:8080")
        .env("VESTIBULE__SECURITY__BCRYPT_COST", "4")
        .env("VESTIBULE__LOG__FORMAT", "json");
    command
}

fn run(mut command: Command, input: &str) -> (i32, String, String) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn create_org(folder: &Path, database: &str, slug: &str, password: Option<&str>) -> (i32, String, String) {
    let mut command = vestibule(folder, database);
    command.args([
        "org",
        "create",
        "--slug",
        slug,
        "--name",
        "Acme",
        "--admin-email",
        "boss@acme.example",
        "--json",
    ]);
    if password.is_some() {
        command.arg("--admin-password-stdin");
    }
    run(command, &format!("{}\n", password.unwrap_or_default()))
}

/// A process that is ended when the test ends.
struct Ended(Child);

impl Ended {
    /// Asks it to stop, and waits until it has.
    fn terminate(&mut self) -> Option<i32> {
        let status = Command::new("kill")
            .args(["-TERM", &self.0.id().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server that is ended when the test ends.
struct Served {
    process: Ended,
    client: Client,
}

impl Served {
    fn start(mut command: Command) -> Self {
        let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .find_map(|line| {
                let line: Value = serde_json::from_str(&line.unwrap()).ok()?;
                (line["message"] == "serving").then(|| line["address"].as_str().unwrap().to_owned())
            })
            .expect("the server did not start");
        std::thread::spawn(move || lines.for_each(drop));
        Served {
            process: Ended(child),
            client: Client::new(&format!("http://{address}")),
        }
    }
}

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
    assert_eq!(admin.get("/users?count=true").expect(200).body["total"], 301);
    assert_eq!(admin.get("/roles?count=true").expect(200).body["total"], 40);
    assert_eq!(process.terminate(), Some(0));
}
