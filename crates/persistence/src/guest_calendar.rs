//! When the access of an org's guests ends, counted by the database.

use diesel::dsl::{count, count_star};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use time::{Date, UtcDateTime};
use vestibule_guest_lifecycle::UserKind;

use crate::error::StoreError;
use crate::ids::OrgId;
use crate::schema::users;
use crate::statement::{Dialect, Statement};
use crate::transaction::Tx;
use crate::types::{DbInstant, db};
use crate::users::kind_number;

/// A day on which somebody's access ends: the last usable one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndingDay {
    /// The day.
    pub date: Date,
    /// How many active guests it is the last day of.
    pub active: i64,
    /// How many invited guests it is the last day of.
    pub invited: i64,
}

/// How many guests there are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, QueryableByName)]
pub struct GuestTotals {
    /// Active.
    #[diesel(sql_type = BigInt)]
    pub active: i64,
    /// Invited: not claimed yet.
    #[diesel(sql_type = BigInt)]
    pub invited: i64,
    /// Expired.
    #[diesel(sql_type = BigInt)]
    pub expired: i64,
    /// Revoked.
    #[diesel(sql_type = BigInt)]
    pub revoked: i64,
    /// Active or invited, with a last day among those asked about.
    #[diesel(sql_type = BigInt)]
    pub ending: i64,
    /// Active, and never signed in.
    #[diesel(sql_type = BigInt)]
    pub never_signed_in: i64,
    /// Active or invited, and their sponsor is gone.
    #[diesel(sql_type = BigInt)]
    pub sponsor_missing: i64,
}

/// The days from one to another, both inclusive, on which the access of a guest ends who is active or invited at this
/// instant; the earliest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// O(guests of the org who are not deleted and whose access lies ahead).
pub fn ending_days(
    tx: &mut Tx<'_>,
    org: OrgId,
    now: UtcDateTime,
    (from, until): (Date, Date),
) -> Result<Vec<EndingDay>, StoreError> {
    let rows: Vec<(Option<Date>, i64, i64)> = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::deleted_at.is_null())
        .filter(users::kind.eq(kind_number(UserKind::Guest)))
        .filter(users::revoked_at.is_null())
        .filter(users::access_ends_at.gt(DbInstant(now)))
        .filter(users::access_ends_on.ge(from))
        .filter(users::access_ends_on.le(until))
        .group_by(users::access_ends_on)
        .order(users::access_ends_on)
        .select((users::access_ends_on, count_star(), count(users::claimed_at)))
        .load(tx.conn)?;
    let day = |(date, all, active): (Option<Date>, i64, i64)| {
        date.map(|date| EndingDay {
            date,
            active,
            invited: all - active,
        })
    };
    Ok(rows.into_iter().filter_map(day).collect())
}

/// Counts the guests of an org by their state at this instant, and those who end between two days, both inclusive.
///
/// # Errors
/// [`StoreError`] when the database fails.
///
/// # Complexity
/// O(guests of the org), in one pass.
pub fn totals(
    tx: &mut Tx<'_>,
    org: OrgId,
    now: UtcDateTime,
    (from, until): (Date, Date),
) -> Result<GuestTotals, StoreError> {
    let mut sql = Statement::new(Dialect::of(tx));
    sql.sql("SELECT ");
    for (state, name) in [
        ("g.in_force = 1 AND g.claimed = 1", "active"),
        ("g.in_force = 1 AND g.claimed = 0", "invited"),
        ("g.revoked = 0 AND g.in_force = 0", "expired"),
        ("g.revoked = 1", "revoked"),
        ("g.in_force = 1 AND g.ending = 1", "ending"),
        (
            "g.in_force = 1 AND g.claimed = 1 AND g.seen = 0",
            "never_signed_in",
        ),
    ] {
        sql.sql(&format!("COUNT(CASE WHEN {state} THEN 1 END) AS {name}, "));
    }
    sql.sql(
        "COUNT(CASE WHEN g.in_force = 1 AND g.sponsor_missing THEN 1 END) AS sponsor_missing FROM (SELECT ",
    );
    sql.sql("CASE WHEN u.revoked_at IS NULL AND u.access_ends_at > ");
    sql.at(DbInstant(now)).sql(" THEN 1 ELSE 0 END AS in_force, ");
    sql.sql("CASE WHEN u.access_ends_on BETWEEN ");
    sql.day(from)
        .sql(" AND ")
        .day(until)
        .sql(" THEN 1 ELSE 0 END AS ending, ");
    for (column, name) in [
        ("revoked_at", "revoked"),
        ("claimed_at", "claimed"),
        ("last_sign_in_at", "seen"),
    ] {
        sql.sql(&format!(
            "CASE WHEN u.{column} IS NULL THEN 0 ELSE 1 END AS {name}, "
        ));
    }
    sql.sql("u.sponsor_missing FROM users u WHERE u.org_id = ")
        .id(org);
    sql.sql(" AND u.deleted_at IS NULL AND u.kind = ")
        .small(kind_number(UserKind::Guest));
    sql.sql(") g");
    Ok(sql.get_result(tx.conn)?)
}
