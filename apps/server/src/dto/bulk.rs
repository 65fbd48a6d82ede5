//! Many guests at once.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::dto::guest::GuestFilter;
use crate::instant::CivilDate;
use crate::problem::FieldProblem;

/// What to do with many guests.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestBulk {
    /// The command.
    pub action: GuestBulkAction,
    /// The guests, by id, at most 5,000; or `filter`.
    pub ids: Option<Vec<Uuid>>,
    /// The guests that match, at most 5,000; or `ids`.
    pub filter: Option<GuestFilter>,
    /// What the command needs.
    #[serde(default)]
    pub args: GuestBulkArgs,
    /// All or none; otherwise each guest on its own.
    #[serde(default)]
    pub atomic: bool,
    /// Tell what would happen, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// A command for many guests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GuestBulkAction {
    /// Change the last day: needs `access_ends_on`, takes `sponsor_id`.
    Extend,
    /// End access at once; takes `reason`.
    Revoke,
    /// Delete; takes `transfer_records_to`.
    Delete,
    /// Send new claim links.
    Resend,
    /// Put on another profile: needs `profile_id`.
    SetProfile,
    /// Put on another license: needs `license_id`, which may be null.
    SetLicense,
}

/// What a command for many guests needs.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestBulkArgs {
    /// For `extend`.
    pub access_ends_on: Option<CivilDate>,
    /// For `extend`: who answers from now on for those guests whose sponsor is missing. The others keep theirs.
    pub sponsor_id: Option<Uuid>,
    /// For `revoke`.
    pub reason: Option<String>,
    /// For `delete`.
    pub transfer_records_to: Option<Uuid>,
    /// For `set_profile`.
    pub profile_id: Option<Uuid>,
    /// For `set_license`; null takes the license away.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub license_id: crate::merge_patch::Patch<Uuid>,
}

/// What became of each guest.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkReport {
    /// One result per guest, in the order given.
    pub results: Vec<BulkResult>,
    /// How many commands succeeded (or would).
    pub succeeded: usize,
    /// How many were refused (or would be).
    pub failed: usize,
    /// Whether anything was written: not in a dry run, not when an atomic request had a refusal.
    pub applied: bool,
}

/// What became of one guest.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkResult {
    /// The guest.
    pub id: Uuid,
    /// `ok` or `refused`.
    #[schema(example = "ok")]
    pub status: &'static str,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<BulkError>,
}

/// Why a command was refused for one item.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BulkError {
    /// The HTTP status the same command would get alone.
    pub status: u16,
    /// The stable word.
    pub code: String,
    /// One sentence.
    pub detail: String,
    /// The fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}
