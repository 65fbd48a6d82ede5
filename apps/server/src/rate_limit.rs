//! A brake on guessing: how often one client address may try a secret.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, ResponseError, web};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::client_address::{client_address, client_network};
use crate::config::SecurityConfig;
use crate::problem::Problem;

/// Checks after which addresses not seen lately are forgotten.
const SWEEP_EVERY: u32 = 4096;

/// Counts attempts per client address; shared by all workers through `web::Data`.
pub struct CredentialLimiter<C: Clock = DefaultClock> {
    limiter: Option<Keyed<C>>,
    clock: C,
    trust_forwarded_for: bool,
    checks: AtomicU32,
}

type Keyed<C> = RateLimiter<IpAddr, DashMapStateStore<IpAddr>, C, NoOpMiddleware<<C as Clock>::Instant>>;

impl CredentialLimiter {
    /// The limit that the configuration asks for; none when it says 0.
    pub fn new(config: &SecurityConfig) -> Self {
        Self::with_clock(config, DefaultClock::default())
    }
}

impl<C: Clock + Clone> CredentialLimiter<C> {
    fn with_clock(config: &SecurityConfig, clock: C) -> Self {
        let quota = NonZeroU32::new(config.credential_attempts_per_minute).map(Quota::per_minute);
        Self {
            limiter: quota.map(|quota| RateLimiter::dashmap_with_clock(quota, clock.clone())),
            clock,
            trust_forwarded_for: config.trust_forwarded_for,
            checks: AtomicU32::new(0),
        }
    }

    /// Counts this request as an attempt.
    ///
    /// # Errors
    ///
    /// 429 `too_many_requests` with `Retry-After` when its client has made too many.
    pub fn check(&self, req: &HttpRequest) -> Result<(), Problem> {
        // Without an address, as in a socket file, there's nothing to tell clients apart by.
        match client_address(req, self.trust_forwarded_for) {
            Some(address) => self.check_address(address),
            None => Ok(()),
        }
    }

    fn check_address(&self, address: IpAddr) -> Result<(), Problem> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            limiter.retain_recent();
        }
        limiter
            .check_key(&client_network(address))
            .map_err(|until| Problem::too_many_requests(until.wait_time_from(self.clock.now())))
    }
}

/// Middleware for `from_fn` around the routes that check a secret: 429 beyond the [`CredentialLimiter`] in the
/// app's data.
///
/// # Errors
///
/// Only what inner middleware fails with.
pub async fn guard<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let refusal = match req.app_data::<web::Data<CredentialLimiter>>() {
        Some(limiter) => limiter.check(req.request()).err(),
        None => Some(Problem::internal("no CredentialLimiter in the app's data")),
    };
    match refusal {
        Some(problem) => Ok(req.into_response(problem.error_response())),
        None => Ok(next.call(req).await?.map_into_boxed_body()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use actix_web::http::header;
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse};
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn config(per_minute: u32) -> SecurityConfig {
        SecurityConfig {
            credential_attempts_per_minute: per_minute,
            ..SecurityConfig::default()
        }
    }

    fn request(address: &str) -> HttpRequest {
        TestRequest::post()
            .peer_addr(address.parse().unwrap())
            .to_http_request()
    }

    #[test]
    fn each_address_has_its_attempts_and_gets_them_back() {
        let clock = FakeRelativeClock::default();
        let limiter = CredentialLimiter::with_clock(&config(2), clock.clone());
        let (one, other) = (request("10.0.0.1:1"), request("10.0.0.2:1"));
        assert!(limiter.check(&one).is_ok() && limiter.check(&one).is_ok());
        let refusal = limiter.check(&one).unwrap_err();
        assert_eq!(refusal.code(), "too_many_requests");
        assert_eq!(
            refusal
                .error_response()
                .headers()
                .get(header::RETRY_AFTER)
                .unwrap(),
            "30"
        );
        assert!(limiter.check(&other).is_ok());
        clock.advance(Duration::from_secs(30));
        assert!(limiter.check(&one).is_ok() && limiter.check(&one).is_err());
    }

    #[test]
    fn zero_means_no_limit() {
        let limiter = CredentialLimiter::new(&config(0));
        assert!((0..10_000).all(|_| limiter.check(&request("10.0.0.1:1")).is_ok()));
    }

    #[test]
    fn addresses_are_forgotten_when_they_have_all_attempts_back() {
        let clock = FakeRelativeClock::default();
        let limiter = CredentialLimiter::with_clock(&config(60), clock.clone());
        for n in 0..SWEEP_EVERY - 1 {
            limiter
                .check_address(std::net::Ipv4Addr::from_bits(n).into())
                .unwrap();
        }
        clock.advance(Duration::from_secs(120));
        limiter
            .check_address(std::net::Ipv4Addr::LOCALHOST.into())
            .unwrap();
        assert_eq!(limiter.limiter.unwrap().len(), 1);
    }

    #[actix_web::test]
    async fn the_guard_answers_429() {
        let app = App::new()
            .app_data(web::Data::new(CredentialLimiter::new(&config(1))))
            .service(
                web::resource("/")
                    .wrap(from_fn(guard))
                    .to(|| async { HttpResponse::Ok().finish() }),
            );
        let app = init_service(app).await;
        let ask = || {
            TestRequest::get()
                .peer_addr("10.0.0.1:1".parse().unwrap())
                .to_request()
        };
        assert_eq!(call_service(&app, ask()).await.status().as_u16(), 200);
        assert_eq!(call_service(&app, ask()).await.status().as_u16(), 429);
    }
}
