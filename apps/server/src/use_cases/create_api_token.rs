//! Making API tokens, of users and of services.

use secrecy::SecretString;
use serde_json::json;
use time::UtcDateTime;
use vestibule_guest_lifecycle::{Capability, GrantRefused, ShortText};
use vestibule_persistence::WriteTx;
use vestibule_persistence::api_tokens::{self, ApiToken, Scope, Scopes, TokenOwner};

use crate::caller::Caller;
use crate::dto::api_token::{ApiTokenRequest, TokenFor};
use crate::error::{Fields, UseCaseError};
use crate::instant::Instant;
use crate::token::{self, TokenKind};

/// A token that was just made, with its secret.
pub struct NewApiToken {
    /// The token as it is stored.
    pub token: ApiToken,
    /// What the holder sends.
    pub secret: SecretString,
}

/// Makes a token: the caller's own, which is never more than the caller, or a service's.
///
/// # Errors
/// 422 for refused values, among them `unknown_scope`, `scope_of_other_kind`, `scope_not_held`, `expiry_in_past`,
/// `outlives_credential`; 403 `capability_missing`, `admin_only`, `act_as_not_allowed`, `user_needed`.
pub fn create_api_token(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &ApiTokenRequest,
) -> Result<NewApiToken, UseCaseError> {
    let user = &caller.subject()?.user;
    if caller.service.is_some() {
        let detail = "a service makes no tokens, also not for the user it acts for";
        return Err(UseCaseError::forbidden("act_as_not_allowed", detail));
    }
    if input.kind == TokenFor::Service {
        caller.require(Capability::ManageOrg)?;
    }
    let mut fields = Fields::new();
    let name = fields.check("/name", ShortText::parse(&input.name));
    let scopes = scopes(&mut fields, caller, input);
    let expires_at = expiry(&mut fields, caller, input);
    let Some(name) = name.filter(|_| fields.is_clean()) else {
        return Err(fields.refused());
    };
    if input.kind == TokenFor::Service {
        require_grantable(caller, scopes)?;
    }

    let (secret, token_hash) = token::mint(TokenKind::Api, caller.org.id)
        .map_err(|error| UseCaseError::Internal(error.to_string()))?;
    let token = ApiToken {
        id: caller.new_id(),
        owner: match input.kind {
            TokenFor::User => TokenOwner::User {
                id: user.id,
                access_epoch: user.access_epoch,
            },
            TokenFor::Service => TokenOwner::Service,
        },
        name: name.into(),
        scopes,
        token_hash,
        created_by: Some(user.id),
        created_at: caller.now,
        expires_at,
    };
    api_tokens::insert(tx, caller.org.id, &token)?;
    note(tx, caller, &token);
    Ok(NewApiToken { token, secret })
}

fn scopes(fields: &mut Fields, caller: &Caller<'_>, input: &ApiTokenRequest) -> Scopes {
    let for_user = input.kind == TokenFor::User;
    let Some(words) = &input.scopes else {
        if !for_user {
            fields.refuse(
                "/scopes",
                "required",
                "a service's token needs at least one scope",
            );
        }
        return caller
            .user_token
            .as_ref()
            .map_or(Scopes::READ_WRITE, |own| own.scopes);
    };
    if words.is_empty() {
        fields.refuse("/scopes", "required", "a token needs at least one scope");
    }
    let mut found = Vec::with_capacity(words.len());
    for (index, word) in words.iter().enumerate() {
        let pointer = format!("/scopes/{index}");
        match Scope::from_word(word) {
            None => fields.refuse(&pointer, "unknown_scope", "this is not a scope"),
            Some(scope) if scope.is_for_users() != for_user => {
                let whose = if for_user { "services" } else { "users" };
                fields.refuse(
                    &pointer,
                    "scope_of_other_kind",
                    format!("this scope is for tokens of {whose}"),
                );
            }
            Some(scope)
                if for_user
                    && caller
                        .user_token
                        .as_ref()
                        .is_some_and(|t| !t.scopes.contains(scope)) =>
            {
                fields.refuse(
                    &pointer,
                    "scope_not_held",
                    "the token you use has not got this scope itself",
                );
            }
            Some(scope) => found.push(scope),
        }
    }
    found.into_iter().collect()
}

/// A token made with a token dies no later than that one: a stolen one is not to be prolonged.
fn expiry(fields: &mut Fields, caller: &Caller<'_>, input: &ApiTokenRequest) -> Option<UtcDateTime> {
    let bound = caller.user_token.as_ref().and_then(|own| own.expires_at);
    let Some(Instant(asked)) = input.expires_at else {
        return bound;
    };
    if asked <= caller.now {
        fields.refuse("/expires_at", "expiry_in_past", "this moment has passed");
    } else if bound.is_some_and(|bound| asked > bound) {
        fields.refuse(
            "/expires_at",
            "outlives_credential",
            "the token you use ends before that",
        );
    }
    Some(asked)
}

/// Nobody gives a service what they do not hold: acting for everybody and provisioning users is for Admins.
fn require_grantable(caller: &Caller<'_>, scopes: Scopes) -> Result<(), UseCaseError> {
    let holds = |scope| scopes.contains(scope);
    if (holds(Scope::ActAs) || holds(Scope::Scim)) && !caller.grantor().is_admin {
        return Err(GrantRefused::AdminOnly.into());
    }
    if holds(Scope::Pdp) || holds(Scope::PolicyExport) {
        caller.require(Capability::ManageAccess)?;
    }
    if holds(Scope::Events) {
        caller.require(Capability::ViewAudit)?;
    }
    Ok(())
}

fn note(tx: &mut WriteTx<'_>, caller: &Caller<'_>, token: &ApiToken) {
    let changes = json!({
        "name": { "before": null, "after": token.name },
        "kind": { "before": null, "after": kind_word(token) },
        "scopes": { "before": null, "after": token.scopes.words() },
        "expires_at": { "before": null, "after": token.expires_at.map(|at| Instant(at).to_string()) },
    });
    caller.audit(
        tx,
        "api_token.created",
        Some(("api_token", token.id.as_uuid())),
        changes,
    );
}

/// Whose a token is, in the words of the API.
pub fn kind_word(token: &ApiToken) -> &'static str {
    match token.owner {
        TokenOwner::User { .. } => "user",
        TokenOwner::Service => "service",
    }
}
