//! `/healthz`, `/readyz`: whether the process lives, and whether it should get work.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;
use vestibule_persistence::{Database, SchemaState};

use crate::app::App;
use crate::problem::{Problem, ProblemBody};

/// All is well.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`; anything else is an error answer.
    #[schema(example = "ok")]
    pub status: &'static str,
}

const OK: Health = Health { status: "ok" };

/// Tell whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, body = Health)))]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(OK)
}

/// Tell whether requests are welcome: the database answers, its schema is current, and no stop is under way.
#[utoipa::path(
    get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, body = Health), (status = 503, body = ProblemBody)),
)]
pub async fn readyz(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    if app.is_draining() {
        return Err(not_ready("draining", "this server is about to stop"));
    }
    let database = app.database.clone();
    web::block(move || check(&database))
        .await
        .map_err(Problem::internal)??;
    Ok(HttpResponse::Ok().json(OK))
}

fn check(database: &Database) -> Result<(), Problem> {
    match database.schema_state() {
        Ok(SchemaState::Current) => Ok(()),
        Ok(SchemaState::Behind) => Err(not_ready("schema_behind", "migrations wait to be applied")),
        Ok(SchemaState::Ahead) => Err(not_ready(
            "schema_ahead",
            "a newer program has migrated the database",
        )),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            Err(not_ready("database_unreachable", "the database does not answer"))
        }
    }
}

fn not_ready(code: &'static str, detail: &'static str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
}
