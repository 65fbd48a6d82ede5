//! Changing an organization's settings.

use serde_json::json;
use vestibule_guest_lifecycle::{
    Capability, ClaimLinkTtl, GuestMaxDays, OrgZone, PasswordPolicy, SessionHours, ShortText,
};
use vestibule_persistence::WriteTx;
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::policy::Touched;

use crate::caller::Caller;
use crate::dto::org::{OrgPatch, PasswordPolicyBody, PasswordPolicyPatch};
use crate::error::{Fields, UseCaseError};
use crate::merge_patch::Patch;
use crate::use_cases::placement::Changes;

/// Changes settings. A new time zone moves no end date that is set already; shorter limits bind from now on.
///
/// # Errors
/// 403 `capability_missing`; 409 `slug_fixed`; 412 `precondition_failed`; 422 for refused values and
/// `sso_not_configured`.
pub fn update_org(tx: &mut WriteTx<'_>, caller: &Caller<'_>, patch: &OrgPatch) -> Result<Org, UseCaseError> {
    caller.require(Capability::ManageOrg)?;
    let mut org = caller.org.clone();
    caller.expect_version(org.id, org.version)?;
    if patch.slug.as_ref().is_some_and(|slug| slug != org.slug.as_str()) {
        let detail = "the short name of an organization never changes";
        return Err(UseCaseError::conflict("slug_fixed", detail).at("/slug"));
    }
    let before = org.clone();
    apply(&mut org, patch)?;
    let changes = changes(&before, &org);
    if changes.is_empty() {
        return Ok(org);
    }
    orgs::save(tx, &mut org, caller.now)?;
    if org.guest_access != before.guest_access {
        tx.policy_changed(org.id, Touched::GuestAccess);
    }
    caller.audit(
        tx,
        "org.updated",
        Some(("org", org.id.as_uuid())),
        changes.into_value(),
    );
    Ok(org)
}

fn apply(org: &mut Org, patch: &OrgPatch) -> Result<(), UseCaseError> {
    let mut fields = Fields::new();
    if let Some(name) = &patch.name
        && let Some(name) = fields.check("/name", ShortText::parse(name))
    {
        org.name = name.into();
    }
    if let Some(zone) = &patch.time_zone
        && let Some(zone) = fields.check("/time_zone", OrgZone::parse(zone))
    {
        org.zone = zone;
    }
    if let Some(policy) = &patch.password_policy
        && let Some(policy) = merged(&mut fields, org.password_policy, policy)
    {
        org.password_policy = policy;
    }
    if let Some(hours) = patch.claim_link_ttl_hours
        && let Some(ttl) = fields.check("/claim_link_ttl_hours", ClaimLinkTtl::new(hours))
    {
        org.claim_link_ttl = ttl;
    }
    if let Some(days) = patch.guest_max_days
        && let Some(days) = fields.check("/guest_max_days", GuestMaxDays::new(days))
    {
        org.guest_max_days = days;
    }
    if let Some(hours) = patch.session_hours
        && let Some(hours) = fields.check("/session_hours", SessionHours::new(hours))
    {
        org.session_hours = hours;
    }
    if matches!(patch.sso, Patch::Value(_)) {
        fields.refuse(
            "/sso",
            "sso_not_configured",
            "single sign-on is not available here yet",
        );
    }
    org.guests_may_use_passwords = patch
        .guests_may_use_passwords
        .unwrap_or(org.guests_may_use_passwords);
    org.guest_access = patch.guest_access.unwrap_or(org.guest_access);
    fields.finish()
}

fn merged(
    fields: &mut Fields,
    present: PasswordPolicy,
    patch: &PasswordPolicyPatch,
) -> Option<PasswordPolicy> {
    let min_length = patch.min_length.unwrap_or(present.min_length().into());
    let mut policy = fields.check("/password_policy/min_length", PasswordPolicy::new(min_length))?;
    policy.require_upper = patch.require_upper.unwrap_or(present.require_upper);
    policy.require_lower = patch.require_lower.unwrap_or(present.require_lower);
    policy.require_digit = patch.require_digit.unwrap_or(present.require_digit);
    policy.require_symbol = patch.require_symbol.unwrap_or(present.require_symbol);
    policy.forbid_common = patch.forbid_common.unwrap_or(present.forbid_common);
    Some(policy)
}

fn changes(before: &Org, after: &Org) -> Changes {
    let mut changes = Changes::new();
    let policy = |org: &Org| json!(PasswordPolicyBody::from(org.password_policy));
    changes.note("name", before.name.as_str(), after.name.as_str());
    changes.note("time_zone", before.zone.name(), after.zone.name());
    changes.note("password_policy", policy(before), policy(after));
    changes.note(
        "claim_link_ttl_hours",
        before.claim_link_ttl.hours(),
        after.claim_link_ttl.hours(),
    );
    changes.note(
        "guest_max_days",
        before.guest_max_days.days(),
        after.guest_max_days.days(),
    );
    changes.note(
        "session_hours",
        before.session_hours.hours(),
        after.session_hours.hours(),
    );
    changes.note(
        "guests_may_use_passwords",
        before.guests_may_use_passwords,
        after.guests_may_use_passwords,
    );
    changes.note("guest_access", before.guest_access, after.guest_access);
    changes
}
