//! The calendar of guests as it is asked for and shown.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::instant::CivilDate;

/// Which days.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CalendarParams {
    /// The first day; today when left out.
    pub from: Option<CivilDate>,
    /// The last day, at most 370 days after the first; 90 days after today when left out.
    pub until: Option<CivilDate>,
}

/// On which days the access of guests ends, and how many guests there are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GuestCalendar {
    /// The first day asked for.
    pub from: CivilDate,
    /// The last day asked for.
    pub until: CivilDate,
    /// The organization's time zone, in which days begin and end.
    #[schema(example = "Europe/Vienna")]
    pub time_zone: String,
    /// Today, in that zone.
    pub today: CivilDate,
    /// The days on which anybody's access ends, the earliest first.
    pub days: Vec<CalendarDay>,
    /// How many guests there are, whatever the days.
    pub totals: GuestTotalsBody,
}

/// A day on which somebody's access ends: the last usable one.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct CalendarDay {
    /// The day.
    pub date: CivilDate,
    /// How many active guests it is the last day of.
    pub active: u64,
    /// How many invited guests it is the last day of.
    pub invited: u64,
}

/// How many guests there are in which state, derived at the moment of the answer.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = GuestTotals)]
pub struct GuestTotalsBody {
    /// Active.
    pub active: u64,
    /// Invited: not claimed yet.
    pub invited: u64,
    /// Expired.
    pub expired: u64,
    /// Revoked.
    pub revoked: u64,
    /// Active or invited, with a last day among the seven that begin today.
    pub ends_this_week: u64,
    /// Invited, and the account not claimed yet.
    pub never_claimed: u64,
    /// Active, and never signed in.
    pub never_signed_in: u64,
    /// Active or invited, and their sponsor is gone.
    pub sponsor_missing: u64,
}
