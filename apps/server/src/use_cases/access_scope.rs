//! Whose records somebody reaches, for services that filter what they keep themselves.

use uuid::Uuid;
use vestibule_access_control::{OwnerScope, RoleInterval, Snapshot};
use vestibule_persistence::Tx;
use vestibule_persistence::ids::UserId;

use crate::caller::Caller;
use crate::dto::access::{ScopeBody, ScopeRequest, ScopeWord};
use crate::error::UseCaseError;
use crate::use_cases::access_facts::AccessFacts;

/// How many owners are told one by one at most.
const MAX_OWNERS: usize = 1_000;

/// Tells whose records a user reaches with an action.
///
/// # Errors
/// 403 `scope_missing`, `not_about_oneself`; 404 when there is no such user or object, or none that the caller gets to
/// know.
pub fn access_scope(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    input: &ScopeRequest,
) -> Result<ScopeBody, UseCaseError> {
    let facts = AccessFacts::of(tx, caller)?;
    let subject = UserId::from(input.subject_id);
    facts.asker().require_about(Some(subject))?;
    let policy = facts.policy();
    policy.user_index(subject).ok_or_else(UseCaseError::not_found)?;
    let object = facts.object(&input.object).ok_or_else(UseCaseError::not_found)?;
    let reach = policy.reach(subject, input.action.into(), object, facts.now());
    let scope = *reach.scope();
    let (word, role_ids) = match scope {
        OwnerScope::Nobody => (ScopeWord::Nobody, Vec::new()),
        OwnerScope::Myself(_) => (ScopeWord::Myself, Vec::new()),
        OwnerScope::MyselfAnd { roles, .. } => (ScopeWord::SelfAndRoles, roles_in(policy, roles)),
        OwnerScope::Everyone => (ScopeWord::Everyone, Vec::new()),
    };
    let told = scope != OwnerScope::Everyone && facts.asker().asks_about_everybody();
    let owners = told.then(|| policy.members(&scope, MAX_OWNERS)).flatten();
    Ok(ScopeBody {
        scope: word,
        subject_id: input.subject_id,
        role_ids,
        owner_ids: owners.map(|owners| owners.into_iter().map(Uuid::from).collect()),
        includes_unowned: scope == OwnerScope::Everyone,
        policy_version: reach.version(),
    })
}

fn roles_in(policy: &Snapshot, interval: RoleInterval) -> Vec<Uuid> {
    let labels = policy.forest().labels();
    let inside = labels.filter(|(_, label)| interval.contains(*label));
    let mut roles: Vec<Uuid> = inside.map(|(role, _)| role.into()).collect();
    roles.sort_unstable();
    roles
}
