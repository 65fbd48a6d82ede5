//! The same levels for several profiles and objects: all of them or none, or only to see who gains and loses.

use std::collections::HashSet;
use std::hash::Hash;

use uuid::Uuid;
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::ids::{ObjectId, ProfileId};
use vestibule_persistence::profiles::Profile;
use vestibule_persistence::{Tx, WriteTx};

use crate::caller::Caller;
use crate::dto::permission::{ActionImpacts, PermissionBulk, PermissionBulkReport, PermissionBulkResult};
use crate::error::{Fields, UseCaseError};
use crate::etag::{ETag, IfMatch};
use crate::use_cases::bulk_guests::refused;
use crate::use_cases::find_permissions::{cell, object_with_key, profile_to_permit};
use crate::use_cases::foreseen::{Proposal, foreseen_tag};
use crate::use_cases::preview_permissions::take_censuses;
use crate::use_cases::set_permissions::{Setting, expect, refuse_admin};

/// How many profiles, and how many objects, one request may be about.
pub const MAX_EACH: usize = 50;

/// One profile and object, and what would become of them.
struct Planned {
    profile_id: Uuid,
    key: String,
    outcome: Result<(Profile, Proposal), UseCaseError>,
}

/// Sets levels for several profiles and objects. Unless every single change is allowed nothing is written.
///
/// # Errors
/// 403 `capability_missing`; 412 when a dry run's tag is given in `If-Match` and it would come out otherwise now;
/// 422 when nothing is said, or more than [`MAX_EACH`] profiles or objects. Other refusals are part of the report.
pub fn set_permissions_in_bulk(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &PermissionBulk,
) -> Result<PermissionBulkReport, UseCaseError> {
    let planned = plan(tx, caller, input)?;
    if caller.if_match != IfMatch::unconditional() {
        expect(caller, &foreseen_tag(tx, caller, &proposals(&planned))?)?;
    }
    let applied = planned.iter().all(|planned| planned.outcome.is_ok());
    if applied {
        let mut settings: Vec<(ProfileId, Setting<'_>)> = Vec::new();
        for planned in &planned {
            let Ok((profile, proposal)) = &planned.outcome else {
                continue;
            };
            if settings.last().is_none_or(|(id, _)| *id != profile.id) {
                settings.push((profile.id, Setting::of(profile)));
            }
            if let Some((_, setting)) = settings.last_mut() {
                setting.set(tx, caller, &planned.key, proposal)?;
            }
        }
        for (_, setting) in settings {
            setting.record(tx, caller);
        }
    }
    Ok(PermissionBulkReport {
        results: planned
            .into_iter()
            .map(|planned| result(planned, None))
            .collect::<Result<_, _>>()?,
        applied,
        totals: None,
    })
}

/// Tells what [`set_permissions_in_bulk`] would do, with who gains and loses. The tag ties the change to it.
///
/// # Errors
/// As there.
pub fn foresee_permissions_in_bulk(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    input: &PermissionBulk,
) -> Result<(PermissionBulkReport, ETag), UseCaseError> {
    let planned = plan(tx, caller, input)?;
    let proposals = proposals(&planned);
    let tag = foreseen_tag(tx, caller, &proposals)?;
    let foreseen = foresee(tx, caller, &proposals)?;
    let mut totals = ActionImpacts::default();
    let mut results = Vec::with_capacity(planned.len());
    for planned in planned {
        let impact = match &planned.outcome {
            Ok((_, proposal)) => foreseen
                .iter()
                .find(|(profile, object, _)| (*profile, *object) == (proposal.profile, proposal.object))
                .map(|(_, _, impact)| *impact),
            Err(_) => None,
        };
        if let Some(impact) = &impact {
            totals.add(impact);
        }
        results.push(result(planned, impact)?);
    }
    let report = PermissionBulkReport {
        results,
        applied: false,
        totals: Some(totals),
    };
    Ok((report, tag))
}

fn check(input: &PermissionBulk) -> Result<(), UseCaseError> {
    let mut fields = Fields::new();
    let mut bounded = |pointer: &str, count: usize, what: &str| match count {
        0 => fields.refuse(pointer, "required", format!("name at least one {what}")),
        1..=MAX_EACH => {}
        _ => fields.refuse(
            pointer,
            "too_many_items",
            format!("at most {MAX_EACH} {what}s at once"),
        ),
    };
    bounded("/profiles", input.profiles.len(), "profile");
    bounded("/objects", input.objects.len(), "object");
    if input.permissions.is_empty() {
        fields.refuse("/permissions", "required", "give a level for at least one action");
    }
    fields.finish()
}

fn plan(tx: &mut Tx<'_>, caller: &Caller<'_>, input: &PermissionBulk) -> Result<Vec<Planned>, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    check(input)?;
    let objects = distinct(&input.objects);
    let mut planned = Vec::with_capacity(input.profiles.len() * objects.len());
    for profile_id in distinct(&input.profiles) {
        for key in &objects {
            let outcome = match propose(tx, caller, input, profile_id, key) {
                Err(error) if error.refusal().is_none() => return Err(error),
                outcome => outcome,
            };
            planned.push(Planned {
                profile_id,
                key: key.clone(),
                outcome,
            });
        }
    }
    Ok(planned)
}

fn propose(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    input: &PermissionBulk,
    profile_id: Uuid,
    key: &str,
) -> Result<(Profile, Proposal), UseCaseError> {
    let profile = profile_to_permit(tx, caller, profile_id)?;
    let object = object_with_key(tx, caller, key)?;
    refuse_admin(&profile)?;
    let present = cell(tx, caller, &profile, object)?;
    let proposal = Proposal {
        profile: profile.id,
        object,
        present,
        proposed: input.permissions.on(present.permissions),
    };
    Ok((profile, proposal))
}

fn distinct<T: Clone + Eq + Hash>(given: &[T]) -> Vec<T> {
    let mut seen = HashSet::with_capacity(given.len());
    given.iter().filter(|one| seen.insert(*one)).cloned().collect()
}

fn proposals(planned: &[Planned]) -> Vec<Proposal> {
    let outcomes = planned.iter().filter_map(|planned| planned.outcome.as_ref().ok());
    outcomes.map(|(_, proposal)| *proposal).collect()
}

/// What each proposal would do; goes through the records of each object once.
fn foresee(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    proposals: &[Proposal],
) -> Result<Vec<(ProfileId, ObjectId, ActionImpacts)>, UseCaseError> {
    let objects: Vec<ObjectId> = proposals.iter().map(|proposal| proposal.object).collect();
    let mut foreseen = Vec::with_capacity(proposals.len());
    for object in distinct(&objects) {
        let (changing, still): (Vec<&Proposal>, Vec<&Proposal>) = proposals
            .iter()
            .filter(|proposal| proposal.object == object)
            .partition(|proposal| proposal.changes());
        let nothing = |proposal: &Proposal| (proposal.profile, object, ActionImpacts::default());
        foreseen.extend(still.into_iter().map(nothing));
        if changing.is_empty() {
            continue;
        }
        let profiles: Vec<ProfileId> = changing.iter().map(|proposal| proposal.profile).collect();
        let censuses = take_censuses(tx, caller, object, &profiles)?;
        for (proposal, census) in changing.into_iter().zip(&censuses) {
            let impact = census.impact(&proposal.present.permissions, &proposal.proposed);
            foreseen.push((proposal.profile, object, impact.into()));
        }
    }
    Ok(foreseen)
}

fn result(planned: Planned, impact: Option<ActionImpacts>) -> Result<PermissionBulkResult, UseCaseError> {
    let Planned {
        profile_id,
        key,
        outcome,
    } = planned;
    let result = PermissionBulkResult {
        profile_id,
        object: key,
        status: "refused",
        before: None,
        after: None,
        impact,
        error: None,
    };
    match outcome {
        Ok((_, proposal)) => Ok(PermissionBulkResult {
            status: if proposal.changes() {
                "changed"
            } else {
                "unchanged"
            },
            before: Some(proposal.present.permissions.into()),
            after: Some(proposal.proposed.into()),
            ..result
        }),
        Err(UseCaseError::Refused(refusal)) => Ok(PermissionBulkResult {
            error: Some(refused(refusal.into())),
            ..result
        }),
        Err(error) => Err(error),
    }
}
