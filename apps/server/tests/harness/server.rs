//! A server of its own for every test.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use time::macros::utc_datetime;
use time::{Date, Duration, UtcDateTime};
use vestibule_mailer::{FileTransport, Mailbox};
use vestibule_persistence::{Database, DatabaseSettings, SqliteSynchronous};
use vestibule_scheduler::{PassReport, Waker, Worker, WorkerSettings};
use vestibule_server::app::App;
use vestibule_server::clock::Clock;
use vestibule_server::config::Config;
use vestibule_server::serve;
use vestibule_server::use_cases::create_org::{NewOrg, provision};
use vestibule_test_support::{FixedClock, ParsedMail, PostgresServer, TestDatabase, TestSqlite, mails_in};

use super::Client;

/// Where every test's clock starts: a Wednesday noon in UTC.
pub const START: UtcDateTime = utc_datetime!(2026-06-10 12:00:00);

/// The password of every Admin and claimed person in the tests.
pub const PASSWORD: &str = "correct horse battery staple";

/// The databases of one test; dropping it drops them.
#[allow(dead_code, reason = "held for their Drop")]
enum Store {
    Sqlite(TestSqlite),
    Postgres(TestDatabase),
}

/// A server with its database, mail folder and clock.
pub struct TestServer {
    pub clock: FixedClock,
    pub app: Data<App>,
    pub base: String,
    worker: Worker,
    mails: PathBuf,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
    _folder: tempfile::TempDir,
    _store: Store,
}

/// An org with its first Admin.
pub struct TestOrg {
    pub id: String,
    pub slug: String,
    pub admin_id: String,
    pub admin_email: String,
    /// The Admin, with an API token.
    pub admin: Client,
    /// The built-in profiles.
    pub admin_profile: String,
    pub default_profile: String,
}

impl TestServer {
    pub fn sqlite() -> Self {
        static TEMPLATE: OnceLock<TestSqlite> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let template = TestSqlite::new();
            open(template.url()).migrate().unwrap();
            template
        });
        let copy = TestSqlite::from_template(template.path());
        let url = copy.url().to_owned();
        Self::start(&url, Store::Sqlite(copy))
    }

    pub fn postgres() -> Self {
        static TEMPLATE: OnceLock<TestDatabase> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let template = PostgresServer::shared().create_database();
            open(template.url()).migrate().unwrap();
            template
        });
        let copy = PostgresServer::shared().create_database_from(template.name());
        let url = copy.url().to_owned();
        Self::start(&url, Store::Postgres(copy))
    }

    fn start(url: &str, store: Store) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mails = folder.path().join("mail");
        let clock = FixedClock::at(START);
        let source = clock.clone();
        let server_clock = Clock::from_fn(Arc::new(move || source.now()));
        let mut config = Config::default();
        config.http.bind = "127.0.0.1:0".parse().unwrap();
        config.http.public_url = Some("http://localhost:8080".parse().unwrap());
        config.http.workers = Some(1);
        config.security.bcrypt_cost = 4;
        config.security.credential_attempts_per_minute = 0;

        let database = open(url);
        let app = App::new(&config, database.clone(), server_clock.clone(), Waker::default()).unwrap();
        let app = Data::new(app);
        let from = Mailbox::parse("Vestibule <no-reply@vestibule.example>").unwrap();
        let transport = Arc::new(FileTransport::new(&mails, from).unwrap());
        let settings = WorkerSettings::default();
        let worker = Worker::new(
            database,
            transport,
            server_clock,
            config.http.public_url(),
            settings,
        );

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
        TestServer {
            clock,
            app,
            base: format!("http://{address}"),
            worker,
            mails,
            handle,
            thread: Some(thread),
            _folder: folder,
            _store: store,
        }
    }

    /// A client without a credential.
    pub fn client(&self) -> Client {
        Client::new(&self.base)
    }

    pub fn database(&self) -> &Database {
        &self.app.database
    }

    /// Lets time pass. Nothing runs by itself: the worker runs in [`TestServer::tick`] only.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// One full pass of the worker.
    pub fn tick(&self) -> PassReport {
        self.worker.run_once().unwrap()
    }

    /// Runs the worker, then reads every mail to this address, oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<ParsedMail> {
        self.tick();
        let mut files = mails_in(&self.mails);
        // Ids of one instant have no order, and the clock stands still: the files tell which came first.
        files.sort_by_key(|file| file.path.metadata().unwrap().modified().unwrap());
        files
            .into_iter()
            .map(|file| file.mail)
            .filter(|mail| mail.to == address)
            .collect()
    }

    /// The token of the newest link that was mailed to this address.
    #[track_caller]
    pub fn mailed_token(&self, address: &str) -> String {
        let mails = self.mails_to(address);
        mails
            .iter()
            .rev()
            .find_map(ParsedMail::token)
            .expect("no link was mailed")
            .to_owned()
    }

    /// A new org in UTC whose Admin has a password and an API token.
    pub fn org(&self, slug: &str) -> TestOrg {
        self.org_in(slug, "UTC")
    }

    /// A new org in this time zone.
    pub fn org_in(&self, slug: &str, time_zone: &str) -> TestOrg {
        let admin_email = format!("admin@{slug}.example");
        let made = provision(
            &self.app,
            NewOrg {
                slug,
                name: &format!("{slug} Inc."),
                time_zone,
                admin_name: ("Grace", "Hopper"),
                admin_email: &admin_email,
                admin_password: None,
            },
            Some(&SecretString::from(PASSWORD)),
        )
        .unwrap();
        let admin = self.client().with_token(made.api_token.expose_secret());
        let profiles = admin.all("/profiles");
        let profile = |built_in: &str| {
            let found = profiles.iter().find(|p| p["built_in"] == built_in).unwrap();
            found["id"].as_str().unwrap().to_owned()
        };
        TestOrg {
            id: made.org.id.to_string(),
            slug: slug.to_owned(),
            admin_id: made.admin.id.to_string(),
            admin_email,
            admin_profile: profile("admin"),
            default_profile: profile("default"),
            admin,
        }
    }

    /// Today in UTC, as the server sees it.
    pub fn today(&self) -> Date {
        self.clock.now().date()
    }

    /// The date so many days from today, as text.
    pub fn day(&self, days: i64) -> String {
        (self.today() + Duration::days(days)).to_string()
    }

    /// Claims an account with the link that was mailed to this address; answers a client with the session.
    #[track_caller]
    pub fn claim(&self, email: &str) -> Client {
        let token = self.mailed_token(email);
        let session = self
            .client()
            .post("/claims", json!({ "token": token, "password": PASSWORD }))
            .expect(201);
        self.client().with_token(&session.text("token"))
    }

    /// Signs in with the password of the tests.
    #[track_caller]
    pub fn sign_in(&self, org: &TestOrg, email: &str) -> Client {
        let body = json!({ "org": org.slug, "email": email, "password": PASSWORD });
        let session = self.client().post("/sessions", body).expect(201);
        self.client().with_token(&session.text("token"))
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl TestOrg {
    /// What inviting a guest takes; change it before sending where a test is about something else.
    pub fn invitation(&self, server: &TestServer, name: &str, days: i64) -> Value {
        json!({
            "first_name": name,
            "last_name": "Guest",
            "email": self.guest_email(name),
            "profile_id": self.default_profile,
            "access_ends_on": server.day(days),
        })
    }

    pub fn guest_email(&self, name: &str) -> String {
        format!("{}@guests.example", name.to_lowercase())
    }

    /// Invites a guest with access for so many days; answers the guest.
    #[track_caller]
    pub fn guest(&self, server: &TestServer, name: &str, days: i64) -> Value {
        self.admin
            .post("/guests", self.invitation(server, name, days))
            .expect(201)
            .body
    }

    /// Adds a standard user on the Default profile who has not claimed yet; answers the user.
    #[track_caller]
    pub fn user(&self, name: &str) -> Value {
        self.user_with(name, json!({}))
    }

    /// Adds a standard user with more said about it.
    #[track_caller]
    pub fn user_with(&self, name: &str, more: Value) -> Value {
        let mut body = json!({
            "first_name": name,
            "last_name": "User",
            "email": self.user_email(name),
        });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        self.admin.post("/users", body).expect(201).body
    }

    pub fn user_email(&self, name: &str) -> String {
        format!("{}@{}.example", name.to_lowercase(), self.slug)
    }

    /// A profile with these capabilities; answers its id.
    #[track_caller]
    pub fn profile(&self, name: &str, capabilities: &[&str]) -> String {
        let body = json!({ "name": name, "capabilities": capabilities });
        self.admin.post("/profiles", body).expect(201).id()
    }

    /// A claimed standard user who holds these capabilities, signed in.
    #[track_caller]
    pub fn signed_in(&self, server: &TestServer, name: &str, capabilities: &[&str]) -> Client {
        let profile = self.profile(&format!("Profile of {name}"), capabilities);
        self.user_with(name, json!({ "profile_id": profile }));
        server.claim(&self.user_email(name))
    }
}

fn open(url: &str) -> Database {
    Database::open(&DatabaseSettings {
        url: url.to_owned(),
        max_connections: 4,
        synchronous: SqliteSynchronous::Normal,
    })
    .unwrap()
}
