//! Putting the server together, running it, and stopping it without losing anything.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, HttpServer, web};

use crate::app::App;
use crate::config::Config;
use crate::console::{self, Console};
use crate::json_body::BodyLimits;
use crate::problem::path_config;
use crate::rate_limit::CredentialLimiter;
use crate::{request_id, routes, security_headers};

/// A server that listens but does not run yet; it runs while it is awaited.
pub struct Bound {
    /// The server.
    pub server: Server,
    /// Stops it.
    pub handle: ServerHandle,
    /// Where it listens.
    pub address: SocketAddr,
}

/// Listens on the configured address and prepares the server, with the console of this build. Port 0 takes a free one.
///
/// # Errors
/// When the address is taken or not ours.
pub fn bind(config: &Config, app: web::Data<App>) -> io::Result<Bound> {
    bind_with_console(config, app, Console::embedded())
}

/// The same with another console.
///
/// # Errors
/// When the address is taken or not ours.
pub fn bind_with_console(config: &Config, app: web::Data<App>, console: Arc<Console>) -> io::Result<Bound> {
    let listener = TcpListener::bind(config.http.bind)?;
    let address = listener.local_addr()?;
    let limits = BodyLimits {
        max_bytes: config.http.max_body_bytes,
        timeout: config.http.request_timeout(),
    };
    let limiter = web::Data::new(CredentialLimiter::new(&config.security));
    let cookies = web::Data::new(app.cookies.clone());
    let clock = web::Data::new(app.clock.clone());
    let console = web::Data::from(console);
    let factory = move || {
        ActixApp::new()
            .app_data(app.clone())
            .app_data(limits)
            .app_data(limiter.clone())
            .app_data(cookies.clone())
            .app_data(clock.clone())
            .app_data(console.clone())
            .app_data(path_config())
            .wrap(from_fn(request_id::track))
            .wrap(from_fn(security_headers::add))
            .wrap(Compress::default())
            .configure(routes::configure)
            .default_service(web::to(console::anything_else))
    };
    let mut server = HttpServer::new(factory)
        .client_request_timeout(config.http.request_timeout())
        .shutdown_timeout(config.http.shutdown_timeout_seconds)
        .disable_signals();
    if let Some(workers) = config.http.workers {
        server = server.workers(workers);
    }
    let server = server.listen(listener)?.run();
    Ok(Bound {
        handle: server.handle(),
        server,
        address,
    })
}

/// Waits for SIGTERM or SIGINT.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be received; stop this process by killing it");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// Runs a bound server until `stop` resolves: then it takes no new work, finishes what is under way, and ends.
///
/// # Errors
/// When the server fails.
pub async fn run_until(bound: Bound, app: web::Data<App>, stop: impl Future<Output = ()>) -> io::Result<()> {
    let handle = bound.handle.clone();
    let mut running = std::pin::pin!(bound.server);
    tokio::select! {
        result = &mut running => return result,
        () = stop => {}
    }
    tracing::info!("stopping: finishing what is under way");
    app.drain();
    let stopping = handle.stop(true);
    let (_, result) = tokio::join!(stopping, running);
    result
}
