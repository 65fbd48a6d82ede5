//! The policy for services that decide themselves: all of it, or what has changed since they last asked.

use vestibule_access_control::{PolicyFacts, PolicyUpdate};
use vestibule_persistence::Tx;
use vestibule_persistence::api_tokens::Scope;
use vestibule_persistence::policy::{self, Catchup};

use crate::caller::Caller;
use crate::error::{Class, Refusal, UseCaseError};

/// Everything that decisions rest on, but for who owns what. No names, no emails.
///
/// # Errors
/// 403 `scope_missing`.
pub fn export_policy(tx: &mut Tx<'_>, caller: &Caller<'_>) -> Result<PolicyFacts, UseCaseError> {
    require_exporter(caller)?;
    Ok(caller.policy(tx)?.facts())
}

/// What has changed since a version: each thing that was touched, as it is now.
///
/// # Errors
/// 403 `scope_missing`; 410 `policy_version_too_old` when that is too long ago to tell, or a version that there never
/// was: everything has to be read again.
pub fn export_policy_changes(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    since: u64,
) -> Result<PolicyUpdate, UseCaseError> {
    require_exporter(caller)?;
    match policy::changes_since(tx, caller.org.id, since)? {
        Catchup::Changes { version, changes } => Ok(PolicyUpdate {
            from: since,
            version,
            changes,
        }),
        Catchup::Reload => {
            let detail = "what has changed since is not known any more: read the whole policy again";
            Err(Refusal::new(Class::Gone, "policy_version_too_old", detail).into())
        }
    }
}

/// A service that acts for a user has that user's rights, and the whole policy is no user's to read.
fn require_exporter(caller: &Caller<'_>) -> Result<(), UseCaseError> {
    let token = caller.service.as_ref().filter(|_| caller.subject.is_none());
    match token.is_some_and(|token| token.scopes.contains(Scope::PolicyExport)) {
        true => Ok(()),
        false => Err(UseCaseError::forbidden(
            "scope_missing",
            "this needs an API token of a service with the scope policy_export",
        )),
    }
}
