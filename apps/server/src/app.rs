//! What every request shares.

use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::web;
use hmac::Mac;
use secrecy::ExposeSecret;
use vestibule_persistence::ids::OrgId;
use vestibule_persistence::{Database, StoreError, server_secrets};
use vestibule_scheduler::Waker;
use vestibule_scheduler::clock::Clock;
use vestibule_scheduler::config::{Config, PublicUrl, SecurityConfig};

use crate::credential::CookiePolicy;
use crate::error::UseCaseError;
use crate::idempotency_key::AnswerSealer;
use crate::keyed_hash::keyed;
use crate::paging::Cursors;
use crate::passwords::{PasswordError, Passwords, ZxcvbnPasswords};
use crate::policy_cache::PolicyCache;
use crate::problem::Problem;
use crate::request::RunningRequests;

/// The parts that requests work with. Shared by all workers.
pub struct App {
    /// The database.
    pub database: Database,
    /// The clock.
    pub clock: Clock,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Knows the passwords that everybody tries.
    pub common_passwords: ZxcvbnPasswords,
    /// Signs and reads cursors.
    pub cursors: Cursors,
    /// Seals answers for repeated requests.
    pub sealer: AnswerSealer,
    /// How the session cookie looks.
    pub cookies: CookiePolicy,
    /// Where people reach this service.
    pub public_url: PublicUrl,
    /// Lockout and hashing settings.
    pub security: SecurityConfig,
    /// Wakes the embedded worker when there is mail.
    pub waker: Waker,
    /// Every org's policy, at the version that a transaction sees.
    pub policies: PolicyCache,
    /// The requests with an idempotency key that run right now.
    pub running: RunningRequests,
    email_key: [u8; 32],
    draining: AtomicBool,
}

/// Why the app could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password hasher refused its cost.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

impl App {
    /// Puts the app together over an open, migrated database.
    ///
    /// # Errors
    /// [`AppError`] when the database fails or the bcrypt cost is out of range.
    pub fn new(config: &Config, database: Database, clock: Clock, waker: Waker) -> Result<Self, AppError> {
        Ok(App {
            passwords: Passwords::new(config.security.bcrypt_cost)?,
            common_passwords: ZxcvbnPasswords,
            cursors: Cursors::new(&secret(&database, "cursors")?),
            sealer: AnswerSealer::new(secret(&database, "idempotency")?),
            cookies: CookiePolicy::new(&config.http.public_url()),
            public_url: config.http.public_url(),
            security: config.security.clone(),
            email_key: secret(&database, "emails")?,
            policies: PolicyCache::default(),
            running: RunningRequests::default(),
            waker,
            clock,
            database,
            draining: AtomicBool::new(false),
        })
    }

    /// The keyed hash by which an email stays reserved after its user is gone.
    pub fn email_hash(&self, org: OrgId, canonical: &str) -> Vec<u8> {
        let mut mac = keyed(&self.email_key);
        mac.update(org.as_uuid().as_bytes());
        mac.update(canonical.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }

    /// Says that no new work should come: `/readyz` turns to 503.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the server is about to stop.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

fn secret(database: &Database, name: &str) -> Result<[u8; 32], StoreError> {
    let secret = server_secrets::load_or_create(database, name)?;
    let corrupt = StoreError::Corrupt {
        table: "server_secrets",
        what: "length",
    };
    secret.expose_secret().try_into().map_err(|_| corrupt)
}

/// Runs blocking work (database, password hashing) on the pool made for it.
///
/// # Errors
/// What the work answers; 500 when its thread died.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, UseCaseError> + Send + 'static,
) -> Result<T, Problem> {
    let span = tracing::Span::current();
    match web::block(move || span.in_scope(work)).await {
        Ok(result) => result.map_err(Problem::from),
        Err(error) => Err(Problem::internal(error)),
    }
}
