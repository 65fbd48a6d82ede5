//! One command for many records of an object: each on its own, or all or none, or only to see what would happen.

use serde_json::json;
use uuid::Uuid;
use vestibule_persistence::ids::RecordId;
use vestibule_persistence::records::{self, Record, RecordRef};
use vestibule_persistence::{StoreError, WriteTx};

use crate::caller::Caller;
use crate::dto::bulk::BulkError;
use crate::dto::record::{
    NewRecord, RecordBulk, RecordBulkAction, RecordBulkItem, RecordBulkReport, RecordBulkResult, RecordPatch,
};
use crate::error::{Refusal, UseCaseError};
use crate::merge_patch::Patch;
use crate::problem::Problem;
use crate::use_cases::create_record::{draft, insert};
use crate::use_cases::delete_record::remove;
use crate::use_cases::record_door::RecordDoor;
use crate::use_cases::record_references::References;
use crate::use_cases::update_record::change;

/// How many records one request may command.
pub const MAX_ITEMS: usize = 1_000;

/// How many records whose owners changed the audit event names.
const NAMED: usize = 100;

/// Runs one command for many records, by the rules of single requests.
///
/// # Errors
/// 404 for an object that the caller doesn't get to know; 422 `too_many_items`. Refusals of single records are part of
/// the report.
pub fn bulk_records(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    key: &str,
    input: &RecordBulk,
) -> Result<RecordBulkReport, UseCaseError> {
    let door = RecordDoor::open(tx, caller, key)?;
    door.expect_known()?;
    if input.items.len() > MAX_ITEMS {
        let detail = format!("at most {MAX_ITEMS} records at once");
        return Err(UseCaseError::invalid("/items", "too_many_items", detail));
    }
    let run = tx.savepoint(|tx| {
        let report = run_all(tx, caller, &door, input)?;
        if input.dry_run || (input.atomic && report.failed > 0) {
            Err(Stop::TakenBack(report))
        } else {
            Ok(report)
        }
    });
    match run {
        Ok(report) => Ok(report),
        Err(Stop::TakenBack(report)) => Ok(RecordBulkReport {
            applied: false,
            ..report
        }),
        Err(Stop::Failed(error)) => Err(error),
    }
}

enum Stop {
    /// Nothing of it is kept.
    TakenBack(RecordBulkReport),
    Failed(UseCaseError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Failed(error.into())
    }
}

impl From<UseCaseError> for Stop {
    fn from(error: UseCaseError) -> Self {
        Stop::Failed(error)
    }
}

/// What became of one record.
struct Done {
    id: RecordId,
    what: What,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Created,
    Updated { owners_changed: bool },
    Deleted,
}

fn run_all(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    door: &RecordDoor,
    input: &RecordBulk,
) -> Result<RecordBulkReport, UseCaseError> {
    if input.action == RecordBulkAction::Create
        && let Some(made) = make_all(tx, caller, door, &input.items)?
    {
        return Ok(report(tx, caller, door, made.into_iter().map(Ok).collect()));
    }
    let mut outcomes = Vec::with_capacity(input.items.len());
    for item in &input.items {
        match tx.savepoint(|tx| run_one(tx, caller, door, input.action, item)) {
            Ok(done) => outcomes.push(Ok(done)),
            Err(UseCaseError::Refused(refusal)) => outcomes.push(Err(refusal)),
            Err(error) => return Err(error),
        }
    }
    Ok(report(tx, caller, door, outcomes))
}

/// Makes all records with a few statements, if nothing is refused. Otherwise makes none of them, and each is to be made
/// on its own, which tells what is wrong with which.
fn make_all(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    door: &RecordDoor,
    items: &[RecordBulkItem],
) -> Result<Option<Vec<Done>>, UseCaseError> {
    let drafts: Result<Vec<Record>, _> = items
        .iter()
        .map(|item| draft(caller, door, &new_record(item)?))
        .collect();
    let Some(drafts) = unless_refused(drafts)? else {
        return Ok(None);
    };
    let values = drafts.iter().map(|record| (None, &record.values));
    let references = References::of(tx, door, values)?;
    let permitted = drafts.iter().map(|record| {
        let permit = door.permit_create(record)?;
        references.check(door, None, &record.values)?;
        Ok((permit, record))
    });
    let permitted: Result<Vec<_>, UseCaseError> = permitted.collect();
    let Some(permitted) = unless_refused(permitted)? else {
        return Ok(None);
    };
    match tx.savepoint(|tx| records::insert_many(tx, door.org(), &door.object, permitted)) {
        Ok(()) => {
            let done = |record: &Record| Done {
                id: record.id,
                what: What::Created,
            };
            Ok(Some(drafts.iter().map(done).collect()))
        }
        Err(StoreError::Unique(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn unless_refused<T>(result: Result<T, UseCaseError>) -> Result<Option<T>, UseCaseError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(UseCaseError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn run_one(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    door: &RecordDoor,
    action: RecordBulkAction,
    item: &RecordBulkItem,
) -> Result<Done, UseCaseError> {
    match action {
        RecordBulkAction::Create => create(tx, caller, door, item),
        RecordBulkAction::Upsert => upsert(tx, caller, door, item),
        RecordBulkAction::Update => {
            let before = addressed(tx, door, item)?;
            // Beside an id, the external id is part of the change; alone it says which record is meant.
            let external_id = match item.id {
                Some(_) => item.external_id.clone(),
                None => Patch::Absent,
            };
            let fields = item.fields.clone();
            update(tx, caller, door, &before, &RecordPatch { fields, external_id })
        }
        RecordBulkAction::Delete => {
            if item.fields.is_some() {
                return Err(UseCaseError::malformed(
                    "/fields",
                    "unknown_field",
                    "a deletion takes no values",
                ));
            }
            let record = addressed(tx, door, item)?;
            remove(tx, door, &record)?;
            Ok(Done {
                id: record.id,
                what: What::Deleted,
            })
        }
    }
}

fn create(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    door: &RecordDoor,
    item: &RecordBulkItem,
) -> Result<Done, UseCaseError> {
    let record = draft(caller, door, &new_record(item)?)?;
    insert(tx, door, &record)?;
    Ok(Done {
        id: record.id,
        what: What::Created,
    })
}

/// A record out of reach is as good as none: making another one is refused as for anybody who doesn't know of it.
fn upsert(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    door: &RecordDoor,
    item: &RecordBulkItem,
) -> Result<Done, UseCaseError> {
    let new = new_record(item)?;
    let Some(external_id) = &new.external_id else {
        let detail = "which record is meant is said by its external id";
        return Err(UseCaseError::malformed("/external_id", "missing_field", detail));
    };
    match door.find(tx, RecordRef::External(external_id))? {
        Some(before) => {
            let patch = RecordPatch {
                fields: Some(new.fields),
                external_id: Patch::Absent,
            };
            update(tx, caller, door, &before, &patch)
        }
        None => create(tx, caller, door, item),
    }
}

fn update(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    door: &RecordDoor,
    before: &Record,
    patch: &RecordPatch,
) -> Result<Done, UseCaseError> {
    let after = change(tx, caller, door, before, patch)?;
    let owners_changed = door.owner_ids(before) != door.owner_ids(&after);
    Ok(Done {
        id: after.id,
        what: What::Updated { owners_changed },
    })
}

/// The record that an item names, as far as the caller views it.
fn addressed(tx: &mut WriteTx<'_>, door: &RecordDoor, item: &RecordBulkItem) -> Result<Record, UseCaseError> {
    match (item.id, &item.external_id) {
        (Some(id), _) => door.record(tx, id),
        (None, Patch::Value(external_id)) => {
            let found = door.find(tx, RecordRef::External(external_id))?;
            found.ok_or_else(UseCaseError::not_found)
        }
        (None, _) => {
            let detail = "which record is meant is said by its id or its external id";
            Err(UseCaseError::malformed("/id", "missing_field", detail))
        }
    }
}

/// An item as the body of a request for one new record.
fn new_record(item: &RecordBulkItem) -> Result<NewRecord, UseCaseError> {
    if item.id.is_some() {
        return Err(UseCaseError::malformed(
            "/id",
            "unknown_field",
            "a new record gets its id here",
        ));
    }
    let Some(fields) = item.fields.clone() else {
        return Err(UseCaseError::malformed(
            "/fields",
            "missing_field",
            "a field is missing",
        ));
    };
    Ok(NewRecord {
        fields,
        external_id: item.external_id.clone().apply(None),
    })
}

/// Puts the outcomes together and records them as one event.
fn report(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    door: &RecordDoor,
    outcomes: Vec<Result<Done, Refusal>>,
) -> RecordBulkReport {
    let done: Vec<&Done> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().ok())
        .collect();
    if !done.is_empty() {
        let count = |matches: fn(What) -> bool| done.iter().filter(|done| matches(done.what)).count();
        let moved = done
            .iter()
            .filter(|done| done.what == What::Updated { owners_changed: true });
        let changes = json!({
            "object": door.object.object.key().as_str(),
            "created": count(|what| what == What::Created),
            "updated": count(|what| matches!(what, What::Updated { .. })),
            "deleted": count(|what| what == What::Deleted),
            "owners_changed": moved.take(NAMED).map(|done| done.id.to_string()).collect::<Vec<_>>(),
        });
        let object = Uuid::from(door.object.object.id());
        caller.audit(tx, "records.bulk", Some(("object", object)), changes);
    }
    let (succeeded, total) = (done.len(), outcomes.len());
    let results = outcomes.into_iter().enumerate();
    RecordBulkReport {
        results: results.map(|(index, outcome)| result(index, outcome)).collect(),
        succeeded,
        failed: total - succeeded,
        applied: true,
    }
}

fn result(index: usize, outcome: Result<Done, Refusal>) -> RecordBulkResult {
    match outcome {
        Ok(done) => RecordBulkResult {
            index,
            status: "ok",
            id: Some(done.id.into()),
            created: (done.what != What::Deleted).then_some(done.what == What::Created),
            error: None,
        },
        Err(refusal) => {
            let problem: Problem = refusal.into();
            let body = problem.body();
            RecordBulkResult {
                index,
                status: "refused",
                id: None,
                created: None,
                error: Some(BulkError {
                    status: body.status,
                    code: body.code.to_string(),
                    detail: body.detail.to_string(),
                    errors: body.errors.clone(),
                }),
            }
        }
    }
}
