//! Deleting API tokens.

use serde_json::json;
use uuid::Uuid;
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::WriteTx;
use vestibule_persistence::api_tokens::{self, ApiToken, TokenOwner};

use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::create_api_token::kind_word;

/// A token never changes, so it has one version.
pub const TOKEN_VERSION: i64 = 1;

/// Deletes one of the caller's own tokens, or a service's for who may manage the organization.
///
/// # Errors
/// 404 for every other token; 412 `precondition_failed`; 403 `user_needed`.
pub fn delete_api_token(tx: &mut WriteTx<'_>, caller: &Caller<'_>, id: Uuid) -> Result<(), UseCaseError> {
    caller.subject()?;
    let token = api_tokens::find(tx, caller.org.id, id.into())?;
    let token = token
        .filter(|token| is_visible(caller, token))
        .ok_or_else(UseCaseError::not_found)?;
    caller.expect_version(token.id, TOKEN_VERSION)?;
    api_tokens::delete(tx, caller.org.id, token.id)?;
    tx.credentials_changed(caller.org.id);
    let changes = json!({
        "name": { "before": token.name, "after": null },
        "kind": { "before": kind_word(&token), "after": null },
        "scopes": { "before": token.scopes.words(), "after": null },
    });
    caller.audit(
        tx,
        "api_token.deleted",
        Some(("api_token", token.id.as_uuid())),
        changes,
    );
    Ok(())
}

fn is_visible(caller: &Caller<'_>, token: &ApiToken) -> bool {
    match token.owner {
        TokenOwner::User { id, .. } => caller.is(id),
        TokenOwner::Service => caller.holds(Capability::ManageOrg),
    }
}
