//! The real binary, run as it is run elsewhere.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::Client;

/// A command of the binary on this database, with settings of the tests and no others.
pub fn vestibule(folder: &Path, database: &str) -> Command {
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

/// Runs a command to its end; answers its exit code, output and errors.
pub fn run(mut command: Command, input: &str) -> (i32, String, String) {
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

/// Makes an org on the command line.
pub fn create_org(
    folder: &Path,
    database: &str,
    slug: &str,
    password: Option<&str>,
) -> (i32, String, String) {
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
pub struct Ended(pub Child);

impl Ended {
    /// Asks it to stop, and waits until it has.
    pub fn terminate(&mut self) -> Option<i32> {
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
pub struct Served {
    pub process: Ended,
    pub client: Client,
}

impl Served {
    /// Starts it and waits until it serves.
    pub fn start(mut command: Command) -> Self {
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
