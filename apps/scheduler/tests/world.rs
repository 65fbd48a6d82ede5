//! An org with a sponsor and guests, on a database of its own, with a clock that stands still.

use std::sync::{Arc, OnceLock};

use serde_json::Value;
use time::macros::utc_datetime;
use time::{Date, UtcDateTime};
use vestibule_guest_lifecycle::{
    AccessWindow, CapabilitySet, GuestStatus, OrgSlug, OrgZone, PasswordPolicy, Transition, command,
    reminders_for,
};
use vestibule_mailer::{MemoryTransport, Message, Transport};
use vestibule_persistence::api_tokens::{self, ApiToken, Scopes, TokenOwner};
use vestibule_persistence::audit::{self, AuditFilter, StoredAuditEvent};
use vestibule_persistence::ids::{ProfileId, UserId};
use vestibule_persistence::one_time_links::{self, LinkPurpose, OneTimeLink};
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::outbox::{self, OutboxMail};
use vestibule_persistence::profiles::{self, Profile};
use vestibule_persistence::sessions::{self, Session};
use vestibule_persistence::users::{
    self, GuestDetails, Notifications, Revocation, SignInMethod, User, UserDetails,
};
use vestibule_persistence::{Database, DatabaseSettings, SqliteSynchronous, StoreError, Tx, WriteTx, due};
use vestibule_scheduler::clock::Clock;
use vestibule_scheduler::token;
use vestibule_scheduler::{PassReport, Worker, WorkerSettings};
use vestibule_test_support::{FixedClock, PostgresServer, TestDatabase, TestSqlite};

pub(crate) const PUBLIC_URL: &str = "https://guests.example";
pub(crate) const START: UtcDateTime = utc_datetime!(2026-03-02 09:00);

/// Where the database is; dropped after whatever is connected to it.
pub(crate) enum Place {
    Sqlite(TestSqlite),
    Postgres(TestDatabase),
}

impl Place {
    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Sqlite(place) => place.url(),
            Self::Postgres(place) => place.url(),
        }
    }

    pub(crate) fn open(&self) -> Database {
        Database::open(&DatabaseSettings {
            url: self.url().to_owned(),
            max_connections: 8,
            synchronous: SqliteSynchronous::Normal,
        })
        .unwrap()
    }
}

pub(crate) struct World {
    pub(crate) database: Database,
    pub(crate) place: Place,
    pub(crate) clock: FixedClock,
    pub(crate) mail: MemoryTransport,
    pub(crate) org: Org,
    pub(crate) profile: ProfileId,
    pub(crate) sponsor: User,
}

impl World {
    pub(crate) fn sqlite() -> Self {
        let place = Place::Sqlite(TestSqlite::new());
        place.open().migrate().unwrap();
        Self::at(place)
    }

    pub(crate) fn postgres() -> Self {
        static TEMPLATE: OnceLock<TestDatabase> = OnceLock::new();
        let server = PostgresServer::shared();
        let template = TEMPLATE.get_or_init(|| {
            let template = Place::Postgres(server.create_database());
            template.open().migrate().unwrap();
            match template {
                Place::Postgres(database) => database,
                Place::Sqlite(_) => unreachable!(),
            }
        });
        Self::at(Place::Postgres(server.create_database_from(template.name())))
    }

    fn at(place: Place) -> Self {
        let clock = FixedClock::at(START);
        let org = Org {
            id: id(),
            slug: OrgSlug::parse("acme").unwrap(),
            name: "Acme".to_owned(),
            zone: OrgZone::parse("Europe/Berlin").unwrap(),
            password_policy: PasswordPolicy::default(),
            claim_link_ttl: Default::default(),
            guest_max_days: Default::default(),
            session_hours: Default::default(),
            guests_may_use_passwords: true,
            guest_access: true,
            version: 1,
            created_at: START,
            updated_at: START,
        };
        let profile = Profile {
            id: id(),
            name: "Visitors".to_owned(),
            built_in: None,
            capabilities: CapabilitySet::EMPTY,
            version: 1,
            created_at: START,
            updated_at: START,
        };
        let standard = UserDetails::Standard { deactivated_at: None };
        let mut sponsor = person("Grace Hopper", profile.id, standard);
        sponsor.claimed_at = Some(START);
        let world = Self {
            database: place.open(),
            place,
            clock,
            mail: MemoryTransport::new(),
            org,
            profile: profile.id,
            sponsor,
        };
        world.write(|tx| {
            orgs::insert(tx, &world.org)?;
            profiles::insert(tx, world.org.id, &profile)
        });
        world.insert(&world.sponsor);
        world
    }

    pub(crate) fn read<T>(&self, mut work: impl FnMut(&mut Tx<'_>) -> Result<T, StoreError>) -> T {
        self.database.read(|tx| work(tx)).unwrap()
    }

    pub(crate) fn write<T>(&self, mut work: impl FnMut(&mut WriteTx<'_>) -> Result<T, StoreError>) -> T {
        self.database.write_in_turns(|tx| work(tx)).unwrap()
    }

    // The worker

    pub(crate) fn clock(&self) -> Clock {
        let clock = self.clock.clone();
        Clock::from_fn(Arc::new(move || clock.now()))
    }

    /// A worker that sends one mail after the other, so that their order is certain.
    pub(crate) fn worker(&self) -> Worker {
        self.worker_with(Arc::new(self.mail.clone()))
    }

    pub(crate) fn worker_with(&self, transport: Arc<dyn Transport>) -> Worker {
        self.worker_on(&self.database, transport, settings())
    }

    pub(crate) fn worker_on(
        &self,
        database: &Database,
        transport: Arc<dyn Transport>,
        settings: WorkerSettings,
    ) -> Worker {
        let url = PUBLIC_URL.parse().unwrap();
        Worker::new(database.clone(), transport, self.clock(), url, settings)
    }

    pub(crate) fn pass(&self) -> PassReport {
        let report = self.worker().run_once().unwrap();
        PassReport {
            duration_ms: 0,
            ..report
        }
    }

    /// Subjects and readers of all mail so far.
    pub(crate) fn mailed(&self) -> Vec<(String, String)> {
        self.mail
            .messages()
            .iter()
            .map(|m| (m.to.email().to_owned(), m.subject.clone()))
            .collect()
    }

    pub(crate) fn mailed_to(&self, user: &User) -> Vec<Message> {
        self.mail
            .messages()
            .into_iter()
            .filter(|m| m.to.email() == user.email)
            .collect()
    }

    // People

    /// A guest who has claimed, ending on a day of March 2026.
    pub(crate) fn guest(&self, name: &str, ends_on: Date) -> User {
        let mut guest = self.unsaved_guest(name, ends_on);
        guest.claimed_at = Some(self.clock.now());
        self.insert(&guest);
        guest
    }

    /// A guest who has not claimed.
    pub(crate) fn invited(&self, name: &str, ends_on: Date) -> User {
        let guest = self.unsaved_guest(name, ends_on);
        self.insert(&guest);
        guest
    }

    pub(crate) fn unsaved_guest(&self, name: &str, ends_on: Date) -> User {
        let window = AccessWindow::ending_on(ends_on, &self.org.zone);
        let details = GuestDetails {
            window,
            revocation: None,
            sponsor_id: Some(self.sponsor.id),
            sponsor_missing: false,
            reason: None,
            expiry_due_at: Some(window.ends_at),
            reminders: reminders_for(&window, self.clock.now()),
        };
        person(name, self.profile, UserDetails::Guest(details))
    }

    pub(crate) fn insert(&self, user: &User) {
        self.write(|tx| {
            users::reserve_email(tx, self.org.id, &user.email_hash, user.kind())?;
            users::insert(tx, self.org.id, user)
        });
    }

    pub(crate) fn find(&self, user: &User) -> User {
        self.read(|tx| users::find(tx, self.org.id, user.id)).unwrap()
    }

    pub(crate) fn status(&self, guest: &User) -> GuestStatus {
        self.find(guest).guest_facts().unwrap().status(self.clock.now())
    }

    /// Changes a user as a use case would: loads it, saves it.
    pub(crate) fn change(&self, user: &User, change: impl Fn(&mut User)) -> User {
        self.write(|tx| {
            let mut user = users::find(tx, self.org.id, user.id)?.unwrap();
            change(&mut user);
            users::save(tx, self.org.id, &mut user, self.clock.now())?;
            Ok(user)
        })
    }

    pub(crate) fn change_org(&self, change: impl Fn(&mut Org)) {
        self.write(|tx| {
            let mut org = orgs::find(tx, self.org.id)?.unwrap();
            change(&mut org);
            orgs::save(tx, &mut org, self.clock.now())
        });
    }

    /// Moves the last day, as the server does.
    pub(crate) fn move_end(&self, guest: &User, ends_on: Date) -> User {
        let now = self.clock.now();
        self.change(guest, |guest| {
            let facts = guest.guest_facts().unwrap();
            let cap = self.org.guest_max_days;
            let moved = command::change_end_date(&facts, ends_on, false, now, &self.org.zone, cap).unwrap();
            carry_out(guest, &moved);
        })
    }

    /// Revokes, but leaves everything due as it was: the worker must see for itself.
    pub(crate) fn revoke(&self, guest: &User) -> User {
        let at = self.clock.now();
        self.change(guest, |guest| {
            guest.access_epoch += 1;
            guest.link_epoch += 1;
            if let UserDetails::Guest(details) = &mut guest.details {
                details.revocation = Some(Revocation {
                    at,
                    by: None,
                    reason: None,
                });
            }
        })
    }

    pub(crate) fn delete(&self, guest: &User) {
        let guest = self.find(guest);
        self.write(|tx| users::bury(tx, self.org.id, &guest, self.clock.now()));
    }

    // What they sign in and claim with; each answers the hash of its token

    pub(crate) fn session_of(&self, user: &User, expires_at: UtcDateTime) -> Vec<u8> {
        let user = self.find(user);
        let session = Session {
            id: id(),
            user_id: user.id,
            token_hash: hash(),
            access_epoch: user.access_epoch,
            created_at: self.clock.now(),
            expires_at,
        };
        self.write(|tx| sessions::insert(tx, self.org.id, &session));
        session.token_hash
    }

    pub(crate) fn api_token_of(&self, user: &User, expires_at: Option<UtcDateTime>) -> Vec<u8> {
        let user = self.find(user);
        let token = ApiToken {
            id: id(),
            owner: TokenOwner::User {
                id: user.id,
                access_epoch: user.access_epoch,
            },
            name: "script".to_owned(),
            scopes: Scopes::READ_WRITE,
            token_hash: hash(),
            created_by: Some(user.id),
            created_at: self.clock.now(),
            expires_at,
        };
        self.write(|tx| api_tokens::insert(tx, self.org.id, &token));
        token.token_hash
    }

    pub(crate) fn link_of(&self, user: &User, expires_at: UtcDateTime) -> Vec<u8> {
        let user = self.find(user);
        let link = OneTimeLink {
            id: id(),
            user_id: user.id,
            purpose: LinkPurpose::PasswordReset,
            token_hash: hash(),
            access_epoch: user.access_epoch,
            link_epoch: user.link_epoch,
            created_at: self.clock.now(),
            expires_at,
            used_at: None,
        };
        self.write(|tx| one_time_links::insert(tx, self.org.id, &link));
        link.token_hash
    }

    pub(crate) fn has_session(&self, hash: &[u8]) -> bool {
        self.read(|tx| sessions::find_by_token(tx, self.org.id, hash))
            .is_some()
    }

    pub(crate) fn has_api_token(&self, hash: &[u8]) -> bool {
        self.read(|tx| api_tokens::find_by_token(tx, self.org.id, hash))
            .is_some()
    }

    pub(crate) fn has_reset_link(&self, hash: &[u8]) -> bool {
        self.read(|tx| one_time_links::find_by_token(tx, self.org.id, LinkPurpose::PasswordReset, hash))
            .is_some()
    }

    /// The stored link behind the token of a mail's text.
    pub(crate) fn link_in(&self, text: &str, purpose: LinkPurpose) -> OneTimeLink {
        let token = token::parse(&token_in(text)).expect("a token");
        assert_eq!(token.org, self.org.id);
        self.read(|tx| one_time_links::find_by_token(tx, token.org, purpose, &token.hash))
            .expect("the link is known")
    }

    // What is recorded

    pub(crate) fn events(&self, action: &str) -> Vec<StoredAuditEvent> {
        let filter = AuditFilter {
            action: Some(action.to_owned()),
            ..AuditFilter::default()
        };
        self.read(|tx| audit::list(tx, self.org.id, &filter, None, 100_000))
    }

    pub(crate) fn policy_version(&self) -> i64 {
        self.read(|tx| tx.policy_version(self.org.id)).unwrap()
    }

    pub(crate) fn next_due(&self) -> Option<UtcDateTime> {
        self.read(due::next)
    }

    pub(crate) fn next_mail(&self) -> Option<UtcDateTime> {
        self.read(outbox::next_due)
    }

    pub(crate) fn queue(&self, mail: OutboxMail) {
        self.write(|tx| outbox::queue(tx, &mail));
    }

    pub(crate) fn queue_unreadable(&self, user: &User) {
        let mail = vestibule_scheduler::mail::password_reset(self.org.id, user, self.clock.now());
        self.queue(OutboxMail {
            payload: Value::from(["of another kind"].as_slice()),
            ..mail
        });
    }
}

pub(crate) fn settings() -> WorkerSettings {
    WorkerSettings {
        mails_at_once: 1,
        ..WorkerSettings::default()
    }
}

/// Any new id.
pub(crate) fn id<T: From<uuid::Uuid>>() -> T {
    Clock::new_id(START).into()
}

fn hash() -> Vec<u8> {
    [id::<uuid::Uuid>(), id::<uuid::Uuid>()]
        .iter()
        .flat_map(|part| part.into_bytes())
        .collect()
}

fn person(name: &str, profile: ProfileId, details: UserDetails) -> User {
    let (first, last) = name.split_once(' ').unwrap_or((name, "Guest"));
    let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
    User {
        id: id::<UserId>(),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        email: email.clone(),
        email_canonical: email.clone(),
        email_hash: email.into_bytes(),
        profile_id: profile,
        role_id: None,
        license_id: None,
        external_id: None,
        sign_in: SignInMethod::Password,
        locale: None,
        time_zone: None,
        notifications: Notifications::default(),
        claimed_at: None,
        last_sign_in_at: None,
        access_epoch: 1,
        link_epoch: 1,
        version: 1,
        created_at: START,
        updated_at: START,
        details,
    }
}

fn carry_out(guest: &mut User, moved: &Transition) {
    let bump = i64::from(moved.effects.void_links);
    guest.access_epoch += bump;
    guest.link_epoch += bump;
    if let UserDetails::Guest(details) = &mut guest.details {
        details.window = moved.facts.window;
        details.expiry_due_at = Some(moved.facts.window.ends_at);
        if let Some(reminders) = moved.effects.reminders {
            details.reminders = reminders;
        }
    }
}

/// The token in a mail's text.
pub(crate) fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("#token=").expect("a link with a token");
    rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .next()
        .unwrap()
        .to_owned()
}
