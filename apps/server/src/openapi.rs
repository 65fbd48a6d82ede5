//! The OpenAPI 3.1 document, generated from the handlers, and a page to browse it.

use actix_web::HttpResponse;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_swagger_ui::SwaggerUi;

use crate::routes::{
    access, api_tokens, audit_events, authzen, claims, guests, health, licenses, me, objects, org,
    password_resets, people, permissions, policy, profiles, records, roles, sessions, users,
};

/// Where the document is served.
pub const PATH: &str = "/api/v1/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Vestibule",
        description = "Who may be in here, until when, and whose records may they touch?",
        license(name = "MIT OR Apache-2.0"),
    ),
    paths(
        sessions::sign_in, sessions::who_am_i, sessions::sign_out,
        me::show, me::update, me::change_password,
        claims::preview, claims::claim,
        password_resets::request, password_resets::reset,
        guests::list, guests::invite, guests::show, guests::update, guests::delete,
        guests::resend, guests::revoke, guests::reinstate, guests::bulk, guests::calendar,
        users::list, users::add, users::show, users::update, users::delete,
        users::resend, users::deactivate, users::activate, users::unlock, users::reports, users::peers,
        people::list,
        roles::list, roles::add, roles::show, roles::update, roles::delete, roles::preview,
        licenses::list, licenses::add, licenses::show, licenses::update, licenses::delete,
        profiles::list, profiles::add, profiles::show, profiles::update, profiles::delete, profiles::copy,
        records::list, records::create, records::show, records::update, records::delete, records::bulk,
        permissions::show_matrix, permissions::set_matrix, permissions::preview_matrix,
        permissions::show, permissions::set, permissions::preview, permissions::bulk,
        objects::list, objects::add, objects::show, objects::update, objects::delete,
        objects::add_field, objects::update_field, objects::remove_field,
        access::of_record, access::explain, access::scope, policy::export,
        authzen::evaluation, authzen::evaluations, authzen::subjects, authzen::resources, authzen::actions,
        authzen::configuration,
        api_tokens::list, api_tokens::create, api_tokens::delete,
        org::show, org::update,
        audit_events::list,
        health::healthz, health::readyz,
    ),
    // Met in query parameters only, from which schemas are not collected.
    components(schemas(crate::dto::user::KindWord)),
    modifiers(&Credentials, &OperationIds),
    security(("bearer" = []), ("session_cookie" = [])),
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API token or a session token: vst_…"))
            .build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-vestibule"));
        components.add_security_scheme("session_cookie", SecurityScheme::ApiKey(cookie));
    }
}

/// Operation ids are unique in the whole document, as OpenAPI asks: `guests_list` and not every resource's `list`.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for path in openapi.paths.paths.values_mut() {
            let methods = [
                &mut path.get,
                &mut path.post,
                &mut path.put,
                &mut path.patch,
                &mut path.delete,
            ];
            for operation in methods.into_iter().flatten() {
                let tag = operation.tags.iter().flatten().next();
                if let (Some(tag), Some(id)) = (tag, &operation.operation_id) {
                    operation.operation_id = Some(format!("{}_{id}", tag.replace('-', "_")));
                }
            }
        }
    }
}

/// The document as pretty JSON, the same for every build of the same code.
pub fn text() -> String {
    let mut text = Document::openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// `GET /api/v1/openapi.json`.
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text())
}

/// `/api/docs/`: Swagger UI, from assets inside the binary.
pub fn browser() -> SwaggerUi {
    SwaggerUi::new("/api/docs/{_:.*}").config(utoipa_swagger_ui::Config::from(PATH))
}
