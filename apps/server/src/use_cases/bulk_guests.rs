//! One command for many guests: each on its own, or all or none, or only to see what would happen.

use uuid::Uuid;
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::users::UserSort;
use vestibule_persistence::{Direction, PageRequest, StoreError, WriteTx, user_list};

use crate::caller::Caller;
use crate::dto::bulk::{BulkError, BulkReport, BulkResult, GuestBulk, GuestBulkAction};
use crate::dto::guest::{Deliver, GuestPatch, Revoke};
use crate::error::{Fields, UseCaseError};
use crate::merge_patch::Patch;
use crate::problem::Problem;
use crate::use_cases::claim_links::resend_claim_link;
use crate::use_cases::delete_guest::delete_guest;
use crate::use_cases::find_guest::guest_to_change;
use crate::use_cases::placement;
use crate::use_cases::revoke_guest::revoke_guest;
use crate::use_cases::update_guest::{extend_guest, update_guest};

/// How many guests one request may command.
pub const MAX_ITEMS: usize = 5_000;

/// Runs one command for many guests.
///
/// # Errors
/// 403 `capability_missing`; 422 when neither or both of `ids` and `filter` are given, arguments are missing or nobody
/// could be the new sponsor, or more than [`MAX_ITEMS`] guests are meant. Refusals of single guests are part of the
/// report.
pub fn bulk_guests(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &GuestBulk,
) -> Result<BulkReport, UseCaseError> {
    caller.require(Capability::ManageGuests)?;
    check_arguments(input)?;
    if let (GuestBulkAction::Extend, Some(sponsor)) = (input.action, input.args.sponsor_id) {
        placement::standing_sponsor(tx, caller, "/args/sponsor_id", sponsor)?;
    }
    let ids = targets(tx, caller, input)?;
    let run = tx.savepoint(|tx| {
        let report = run_all(tx, caller, input, &ids)?;
        let undo = input.dry_run || (input.atomic && report.failed > 0);
        if undo {
            Err(Stop::TakenBack(report))
        } else {
            Ok(report)
        }
    });
    match run {
        Ok(report) => Ok(report),
        Err(Stop::TakenBack(report)) => Ok(BulkReport {
            applied: false,
            ..report
        }),
        Err(Stop::Failed(error)) => Err(error),
    }
}

enum Stop {
    /// Nothing of it is kept.
    TakenBack(BulkReport),
    Failed(UseCaseError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Failed(error.into())
    }
}

fn check_arguments(input: &GuestBulk) -> Result<(), UseCaseError> {
    let mut fields = Fields::new();
    let args = &input.args;
    let needed = |fields: &mut Fields, pointer: &str| {
        fields.refuse(pointer, "required", "this action needs it");
    };
    match input.action {
        GuestBulkAction::Extend if args.access_ends_on.is_none() => {
            needed(&mut fields, "/args/access_ends_on");
        }
        GuestBulkAction::SetProfile if args.profile_id.is_none() => needed(&mut fields, "/args/profile_id"),
        GuestBulkAction::SetLicense if args.license_id.is_absent() => {
            needed(&mut fields, "/args/license_id");
        }
        _ => {}
    }
    match (&input.ids, &input.filter) {
        (Some(_), Some(_)) => fields.refuse("/filter", "ambiguous", "give ids or a filter, not both"),
        (None, None) => fields.refuse("/ids", "required", "give ids or a filter"),
        (Some(ids), None) if ids.len() > MAX_ITEMS => fields.refuse("/ids", "too_many_items", too_many()),
        _ => {}
    }
    fields.finish()
}

fn too_many() -> String {
    format!("at most {MAX_ITEMS} guests at once")
}

fn targets(tx: &mut WriteTx<'_>, caller: &Caller<'_>, input: &GuestBulk) -> Result<Vec<Uuid>, UseCaseError> {
    if let Some(ids) = &input.ids {
        let mut seen = std::collections::HashSet::with_capacity(ids.len());
        return Ok(ids.iter().copied().filter(|id| seen.insert(*id)).collect());
    }
    let query = input
        .filter
        .clone()
        .unwrap_or_default()
        .compile()
        .map_err(|problem| {
            UseCaseError::invalid("/filter", "invalid_filter", problem.body().detail.clone())
        })?;
    let filter = query.at(caller.now);
    let limit = i64::try_from(MAX_ITEMS).unwrap_or(i64::MAX).saturating_add(1);
    let page = PageRequest {
        sort: vec![(UserSort::CreatedAt, Direction::Ascending)],
        after: None,
        limit,
    };
    let guests = user_list::list(tx, caller.org.id, &filter, &page)?;
    if guests.len() > MAX_ITEMS {
        return Err(UseCaseError::invalid("/filter", "too_many_items", too_many()));
    }
    Ok(guests.into_iter().map(|guest| guest.id.into()).collect())
}

fn run_all(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &GuestBulk,
    ids: &[Uuid],
) -> Result<BulkReport, Stop> {
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        let outcome = tx.savepoint(|tx| run_one(tx, caller, input, *id));
        results.push(match outcome {
            Ok(()) => BulkResult {
                id: *id,
                status: "ok",
                error: None,
            },
            Err(UseCaseError::Refused(refusal)) => BulkResult {
                id: *id,
                status: "refused",
                error: Some(refused(refusal.into())),
            },
            Err(error) => return Err(Stop::Failed(error)),
        });
    }
    let failed = results.iter().filter(|r| r.error.is_some()).count();
    Ok(BulkReport {
        succeeded: results.len() - failed,
        failed,
        results,
        applied: true,
    })
}

/// Why one item was refused, as a bulk report tells it.
pub fn refused(problem: Problem) -> BulkError {
    let body = problem.body();
    BulkError {
        status: body.status,
        code: body.code.to_string(),
        detail: body.detail.to_string(),
        errors: body.errors.clone(),
    }
}

fn run_one(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    input: &GuestBulk,
    id: Uuid,
) -> Result<(), UseCaseError> {
    let args = &input.args;
    match input.action {
        GuestBulkAction::Revoke => revoke_guest(
            tx,
            caller,
            id,
            &Revoke {
                reason: args.reason.clone(),
            },
        )
        .map(|_| ()),
        GuestBulkAction::Delete => delete_guest(tx, caller, id, args.transfer_records_to),
        GuestBulkAction::Resend => {
            let (mut user, _) = guest_to_change(tx, caller, id)?;
            resend_claim_link(tx, caller, &mut user, Deliver::Email).map(|_| ())
        }
        GuestBulkAction::Extend => {
            extend_guest(tx, caller, id, args.access_ends_on, args.sponsor_id).map(|_| ())
        }
        GuestBulkAction::SetProfile => {
            let patch = GuestPatch {
                profile_id: args.profile_id,
                ..GuestPatch::default()
            };
            update_guest(tx, caller, id, &patch).map(|_| ())
        }
        GuestBulkAction::SetLicense => {
            let license_id = match args.license_id {
                Patch::Absent => Patch::Null,
                given => given,
            };
            let patch = GuestPatch {
                license_id,
                ..GuestPatch::default()
            };
            update_guest(tx, caller, id, &patch).map(|_| ())
        }
    }
}
