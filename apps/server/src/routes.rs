//! The whole URL map. Every handler is one room below.

pub mod access;
pub mod api_tokens;
pub mod audit_events;
pub mod authzen;
pub mod claims;
pub mod guests;
pub mod health;
pub mod licenses;
pub mod me;
pub mod objects;
pub mod org;
pub mod password_resets;
pub mod people;
pub mod permissions;
pub mod policy;
pub mod profiles;
pub mod records;
pub mod roles;
pub mod sessions;
pub mod users;

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, Resource, Responder, Route, guard};

use crate::json_body::LargeBodies;
use crate::problem::Problem;
use crate::{openapi, rate_limit};

/// Mounts every route.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(at("/healthz", [get(health::healthz)]))
        .service(at("/readyz", [get(health::readyz)]))
        .service(at("/api/v1/openapi.json", [get(openapi::document)]))
        .service(web::redirect("/api/docs", "/api/docs/"))
        .service(openapi::browser())
        .service(web::scope("/api/v1").configure(api))
        .service(at(
            "/.well-known/authzen-configuration",
            [get(authzen::configuration)],
        ))
        .service(at(
            "/.well-known/authzen-configuration/{path:.*}",
            [get(authzen::configuration_below)],
        ))
        .service(
            web::scope("/access/v1")
                .wrap(from_fn(authzen::plain_refusals))
                .configure(decision_point),
        );
}

#[rustfmt::skip]
fn decision_point(config: &mut ServiceConfig) {
    let large = LargeBodies(authzen::EVALUATIONS_BYTES);
    config
        .service(at("/evaluation", [post(authzen::evaluation)]))
        .service(at("/evaluations", [post(authzen::evaluations)]).app_data(large))
        .service(at("/search/subject", [post(authzen::subjects)]))
        .service(at("/search/resource", [post(authzen::resources)]))
        .service(at("/search/action", [post(authzen::actions)]));
}

#[rustfmt::skip]
fn api(config: &mut ServiceConfig) {
    let guess = || from_fn(rate_limit::guard);
    config
        .service(at("/sessions", [post(sessions::sign_in)]).wrap(guess()))
        .service(at("/session", [get(sessions::who_am_i), delete(sessions::sign_out)]))
        .service(at("/me", [get(me::show), patch(me::update)]))
        .service(at("/me/password", [put(me::change_password)]))
        .service(at("/claims/preview", [post(claims::preview)]).wrap(guess()))
        .service(at("/claims", [post(claims::claim)]).wrap(guess()))
        .service(at("/password-resets", [post(password_resets::request), put(password_resets::reset)]).wrap(guess()))

        .service(at("/guests", [get(guests::list), post(guests::invite)]))
        .service(at("/guests/bulk", [post(guests::bulk)]))
        .service(at("/guests/calendar", [get(guests::calendar)]))
        .service(at("/guests/{id}", [get(guests::show), patch(guests::update), delete(guests::delete)]))
        .service(at("/guests/{id}/claim-links", [post(guests::resend)]))
        .service(at("/guests/{id}/revoke", [post(guests::revoke)]))
        .service(at("/guests/{id}/reinstate", [post(guests::reinstate)]))

        .service(at("/users", [get(users::list), post(users::add)]))
        .service(at("/users/{id}", [get(users::show), patch(users::update), delete(users::delete)]))
        .service(at("/users/{id}/claim-links", [post(users::resend)]))
        .service(at("/users/{id}/deactivate", [post(users::deactivate)]))
        .service(at("/users/{id}/activate", [post(users::activate)]))
        .service(at("/users/{id}/unlock", [post(users::unlock)]))
        .service(at("/users/{id}/reports", [get(users::reports)]))
        .service(at("/users/{id}/peers", [get(users::peers)]))

        .service(at("/people", [get(people::list)]))
        .service(at("/roles", [get(roles::list), post(roles::add)]))
        .service(at("/roles/{id}", [get(roles::show), patch(roles::update), delete(roles::delete)]))
        .service(at("/roles/{id}/preview", [post(roles::preview)]))
        .service(at("/licenses", [get(licenses::list), post(licenses::add)]))
        .service(at("/licenses/{id}", [get(licenses::show), patch(licenses::update), delete(licenses::delete)]))
        .service(at("/profiles", [get(profiles::list), post(profiles::add)]))
        .service(at("/profiles/{id}", [get(profiles::show), patch(profiles::update), delete(profiles::delete)]))
        .service(at("/profiles/{id}/copy", [post(profiles::copy)]))
        .service(at("/profiles/{id}/preview", [post(permissions::preview_matrix)]))
        .service(at("/profiles/{id}/permissions", [get(permissions::show_matrix), put(permissions::set_matrix)]))
        .service(at("/profiles/{id}/permissions/{object_key}", [get(permissions::show), put(permissions::set)]))
        .service(at("/profiles/{id}/permissions/{object_key}/preview", [post(permissions::preview)]))
        .service(at("/permissions/bulk", [post(permissions::bulk)]))

        .service(at("/objects", [get(objects::list), post(objects::add)]))
        .service(at("/objects/{key}", [get(objects::show), patch(objects::update), delete(objects::delete)]))
        .service(at("/objects/{key}/fields", [post(objects::add_field)]))
        .service(at("/objects/{key}/fields/{field}", [patch(objects::update_field), delete(objects::remove_field)]))
        .service(at("/objects/{key}/records", [get(records::list), post(records::create)]))
        .service(at("/objects/{key}/records/bulk", [post(records::bulk)]).app_data(LargeBodies(records::BULK_BYTES)))
        .service(at("/objects/{key}/records/{id}", [get(records::show), patch(records::update), delete(records::delete)]))

        .service(at("/objects/{key}/records/{id}/access", [get(access::of_record)]))
        .service(at("/access/explain", [post(access::explain)]))
        .service(at("/access/scope", [post(access::scope)]))
        .service(at("/policy", [get(policy::export)]))

        .service(at("/api-tokens", [get(api_tokens::list), post(api_tokens::create)]))
        .service(at("/api-tokens/{id}", [delete(api_tokens::delete)]))
        .service(at("/org", [get(org::show), patch(org::update)]))
        .service(at("/audit-events", [get(audit_events::list)]));
}

/// A resource that answers 405 with `Allow` to every other method.
fn at<const N: usize>(path: &str, methods: [(Method, Route); N]) -> Resource {
    let mut allowed: Vec<Method> = methods.iter().map(|(method, _)| method.clone()).collect();
    if let Some(place) = allowed.iter().position(|method| method == Method::GET) {
        allowed.insert(place + 1, Method::HEAD);
    }
    let resource = methods
        .into_iter()
        .fold(web::resource(path), |resource, (_, route)| resource.route(route));
    resource.default_service(web::to(move || {
        let problem = Problem::method_not_allowed(&allowed);
        async move { problem }
    }))
}

macro_rules! methods {
    ($($name:ident $method:ident $route:expr),*) => {$(
        fn $name<F, Args>(handler: F) -> (Method, Route)
        where
            F: Handler<Args>,
            Args: FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            (Method::$method, $route.to(handler))
        }
    )*};
}

methods!(
    get GET web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
    post POST web::post(),
    put PUT web::put(),
    patch PATCH web::patch(),
    delete DELETE web::delete()
);
