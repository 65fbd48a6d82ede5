//! How many invitations, sign-ins and reads a second, beside what the HTTP stack itself can do on the same machine in
//! the same run (`/healthz`, which touches no database). Quote the ratios, not the numbers.
//!
//! `just bench`, or `just bench 2000` for that many requests of each kind, or `just bench 2000 1000000` with lists of up
//! to that many records (20,000 otherwise).

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark may stop at any surprise"
)]

mod decisions;
mod records;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use actix_web::web::Data;
use reqwest::blocking::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use vestibule_persistence::{Database, DatabaseSettings, SqliteSynchronous};
use vestibule_scheduler::Waker;
use vestibule_server::app::App;
use vestibule_server::clock::Clock;
use vestibule_server::config::Config;
use vestibule_server::serve;
use vestibule_server::use_cases::create_org::{NewOrg, Provisioned, provision};
use vestibule_test_support::{PostgresServer, TestSqlite};

const THREADS: usize = 8;
const PASSWORD: &str = "correct horse battery staple";

fn main() {
    let mut numbers = std::env::args().filter_map(|arg| arg.parse().ok());
    let requests = numbers.next().unwrap_or(1_000);
    let most_records = numbers.next().unwrap_or(20_000);
    println!("{THREADS} clients, {requests} requests of each kind; a second, and as a share of /healthz\n");
    let sqlite = TestSqlite::new();
    measure("SQLite", sqlite.url(), requests, most_records);
    let postgres = PostgresServer::shared().create_database();
    measure("PostgreSQL", postgres.url(), requests, most_records);
}

/// A server under measurement, and its Admin.
struct Bench {
    app: Data<App>,
    made: Provisioned,
    client: Client,
    base: String,
    token: String,
    url: String,
    requests: usize,
}

impl Bench {
    fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        self.ask_as(&self.token, method, path)
    }

    fn ask_as(&self, token: &str, method: &str, path: &str) -> RequestBuilder {
        self.client
            .request(method.parse().unwrap(), format!("{}{path}", self.base))
            .bearer_auth(token)
    }
}

fn measure(name: &str, url: &str, requests: usize, most_records: usize) {
    let mut config = Config::default();
    config.http.bind = "127.0.0.1:0".parse().unwrap();
    config.security.credential_attempts_per_minute = 0;
    let database = Database::open(&DatabaseSettings {
        url: url.to_owned(),
        max_connections: 10,
        synchronous: SqliteSynchronous::Full,
    })
    .unwrap();
    database.migrate().unwrap();
    let app = Data::new(App::new(&config, database, Clock::system(), Waker::default()).unwrap());
    let org = NewOrg {
        slug: "bench",
        name: "Bench",
        time_zone: "UTC",
        admin_name: ("Grace", "Hopper"),
        admin_email: "admin@bench.example",
        admin_password: None,
    };
    let made = provision(&app, org, Some(&SecretString::from(PASSWORD))).unwrap();
    let (sender, receiver) = std::sync::mpsc::channel();
    let served = app.clone();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let bound = serve::bind(&config, served).unwrap();
            sender.send((bound.address, bound.handle)).unwrap();
            bound.server.await.unwrap();
        });
    });
    let (address, handle) = receiver.recv().unwrap();
    let bench = Bench {
        token: made.api_token.expose_secret().to_owned(),
        app,
        made,
        client: Client::builder().no_proxy().build().unwrap(),
        base: format!("http://{address}"),
        url: url.to_owned(),
        requests,
    };
    println!("{name}");
    guests(&bench);
    let world = records::World::new(&bench);
    records::writes(&bench, &world);
    decisions::over_http(&bench, &world);
    records::lists(&bench, &world, 20_000);
    if most_records > 20_000 {
        records::lists(&bench, &world, most_records);
    }
    println!();
    drop(handle.stop(false));
    thread.join().unwrap();
}

/// What the guest desk does all day.
fn guests(bench: &Bench) {
    let Bench {
        client,
        base,
        requests,
        ..
    } = bench;
    let requests = *requests;
    let admin = |method: &str, path: &str| bench.ask(method, path);
    let profiles: serde_json::Value = admin("GET", "/api/v1/profiles").send().unwrap().json().unwrap();
    let profile = profiles["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["built_in"] == "default")
        .unwrap();
    let day = (Clock::system().now() + time::Duration::days(30))
        .date()
        .to_string();
    let ceiling = rate(requests, 200, |_| client.get(format!("{base}/healthz")));
    report("/healthz, the ceiling", ceiling, ceiling);
    report(
        "GET /me",
        rate(requests, 200, |_| admin("GET", "/api/v1/me")),
        ceiling,
    );
    report(
        "invite a guest",
        rate(requests, 201, |n| {
            admin("POST", "/api/v1/guests").json(&json!({
                "first_name": "Guest", "last_name": "Number", "email": format!("guest{n}@bench.example"),
                "profile_id": profile["id"], "access_ends_on": day,
            }))
        }),
        ceiling,
    );
    report(
        "list 50 guests",
        rate(requests, 200, |_| admin("GET", "/api/v1/guests")),
        ceiling,
    );
    // A bcrypt of cost 12 takes a good part of a second of one core: that is its purpose, and the limit here.
    let sign_ins = (requests / 50).max(THREADS);
    report(
        "sign in (bcrypt cost 12)",
        rate(sign_ins, 201, |_| {
            client
                .post(format!("{base}/api/v1/sessions"))
                .json(&json!({ "org": "bench", "email": "admin@bench.example", "password": PASSWORD }))
        }),
        ceiling,
    );
}

/// Requests a second from all clients together.
fn rate(requests: usize, expected: u16, request: impl Fn(usize) -> RequestBuilder + Sync) -> f64 {
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= requests {
                        break;
                    }
                    let answer = request(n).send().unwrap();
                    assert_eq!(answer.status().as_u16(), expected, "{}", answer.text().unwrap());
                    // Reading the body frees the connection for the next request.
                    drop(answer.bytes());
                }
            });
        }
    });
    #[allow(clippy::cast_precision_loss, reason = "counts are small")]
    let rate = requests as f64 / started.elapsed().as_secs_f64();
    rate
}

fn report(what: &str, rate: f64, ceiling: f64) {
    println!("  {what:26} {rate:>9.0}   {:>6.3}", rate / ceiling);
}
