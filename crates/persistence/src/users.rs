//! Users of both kinds: one row each, converted into what their kind may be.

use diesel::prelude::*;
use diesel::sql_types::{Binary, SmallInt};
use serde::{Deserialize, Serialize};
use time::{Date, UtcDateTime};
use vestibule_guest_lifecycle::{AccessWindow, GuestFacts, ReminderTimes, UserKind};

use crate::connection::DbConnection;
use crate::error::StoreError;
use crate::ids::{LicenseId, OrgId, ProfileId, RoleId, UserId};
use crate::listing::{SortValue, name_key, sortable};
use crate::schema::{email_reservations, users};
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbInstant, DbJson, Id, at_opt, db, db_opt, storable};

/// How a user signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInMethod {
    /// With a password kept here.
    Password,
    /// Through the org's identity provider.
    Sso,
}

impl SignInMethod {
    pub(crate) fn number(self) -> i16 {
        match self {
            SignInMethod::Password => 1,
            SignInMethod::Sso => 2,
        }
    }
}

/// Which mails a user wants beside those that must be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notifications {
    /// Mail ahead of the end of one's own access.
    pub access_reminders: bool,
    /// Mail about the guests one answers for.
    pub sponsored_guests: bool,
}

impl Default for Notifications {
    fn default() -> Self {
        Notifications {
            access_reminders: true,
            sponsored_guests: true,
        }
    }
}

/// A living user. Deleted users are tombstones, which only [`find_tombstone`] sees.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Its id (UUIDv7).
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The email as typed.
    pub email: String,
    /// The email as compared.
    pub email_canonical: String,
    /// The keyed hash that stays when the user is deleted.
    pub email_hash: Vec<u8>,
    /// The profile.
    pub profile_id: ProfileId,
    /// The role, if any.
    pub role_id: Option<RoleId>,
    /// The license, if any.
    pub license_id: Option<LicenseId>,
    /// The id that another system knows this user by.
    pub external_id: Option<String>,
    /// How the user signs in.
    pub sign_in: SignInMethod,
    /// Preferred language (BCP 47).
    pub locale: Option<String>,
    /// Preferred time zone (IANA); the org's when absent.
    pub time_zone: Option<String>,
    /// Notification choices.
    pub notifications: Notifications,
    /// When the user first set a password or signed in.
    pub claimed_at: Option<UtcDateTime>,
    /// The last sign-in. Written by [`record_sign_in`] only.
    pub last_sign_in_at: Option<UtcDateTime>,
    /// Sessions, tokens and links of an earlier epoch are dead.
    pub access_epoch: i64,
    /// Links of an earlier epoch are dead.
    pub link_epoch: i64,
    /// Grows with every change; the ETag.
    pub version: i64,
    /// When the user was made.
    pub created_at: UtcDateTime,
    /// When the user last changed.
    pub updated_at: UtcDateTime,
    /// What only its kind has.
    pub details: UserDetails,
}

/// What only one kind of user has.
#[derive(Clone, Debug, PartialEq)]
pub enum UserDetails {
    /// A person with a standing account.
    Standard {
        /// When an admin switched the account off.
        deactivated_at: Option<UtcDateTime>,
    },
    /// A person with access until an end date.
    Guest(GuestDetails),
}

/// What a guest has beyond every user.
#[derive(Clone, Debug, PartialEq)]
pub struct GuestDetails {
    /// Until when access lasts.
    pub window: AccessWindow,
    /// When, by whom and why access was revoked.
    pub revocation: Option<Revocation>,
    /// The standard user who answers for this guest.
    pub sponsor_id: Option<UserId>,
    /// Whether that user is gone or deactivated.
    pub sponsor_missing: bool,
    /// Why this person needs access.
    pub reason: Option<String>,
    /// When the worker still has to record the expiry; absent once recorded.
    pub expiry_due_at: Option<UtcDateTime>,
    /// Reminders still to be sent.
    pub reminders: ReminderTimes,
}

/// A revocation.
#[derive(Clone, Debug, PartialEq)]
pub struct Revocation {
    /// When.
    pub at: UtcDateTime,
    /// By which user; absent when a service did it.
    pub by: Option<UserId>,
    /// Why.
    pub reason: Option<String>,
}

impl User {
    /// Standard or guest.
    #[must_use]
    pub fn kind(&self) -> UserKind {
        match self.details {
            UserDetails::Standard { .. } => UserKind::Standard,
            UserDetails::Guest(_) => UserKind::Guest,
        }
    }

    /// The guest part, when this is a guest.
    #[must_use]
    pub fn guest(&self) -> Option<&GuestDetails> {
        match &self.details {
            UserDetails::Guest(guest) => Some(guest),
            UserDetails::Standard { .. } => None,
        }
    }

    /// The facts that a guest's status derives from, when this is a guest.
    #[must_use]
    pub fn guest_facts(&self) -> Option<GuestFacts> {
        self.guest().map(|guest| GuestFacts {
            claimed_at: self.claimed_at,
            window: guest.window,
            revoked_at: guest.revocation.as_ref().map(|r| r.at),
            deleted_at: None,
            // Nothing left to record means that it has been recorded.
            expiry_recorded_at: guest.expiry_due_at.is_none().then_some(guest.window.ends_at),
        })
    }

    /// When a standard user was deactivated.
    #[must_use]
    pub fn deactivated_at(&self) -> Option<UtcDateTime> {
        match self.details {
            UserDetails::Standard { deactivated_at } => deactivated_at,
            UserDetails::Guest(_) => None,
        }
    }

    /// Whether nothing but the claim stands between this user and signing in: not deactivated, revoked or ended.
    #[must_use]
    pub fn in_good_standing(&self, now: UtcDateTime) -> bool {
        match self.guest_facts() {
            Some(facts) => facts.revoked_at.is_none() && now < facts.window.ends_at,
            None => self.deactivated_at().is_none(),
        }
    }

    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, primary_key(org_id, id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct UserRow {
    org_id: DbId,
    id: DbId,
    kind: i16,
    first_name: String,
    last_name: String,
    first_name_key: String,
    last_name_key: String,
    email: Option<String>,
    email_canonical: Option<String>,
    email_hash: Vec<u8>,
    profile_id: Option<DbId>,
    role_id: Option<DbId>,
    license_id: Option<DbId>,
    external_id: Option<String>,
    sign_in: i16,
    locale: Option<String>,
    time_zone: Option<String>,
    notifications: DbJson,
    claimed_at: Option<DbInstant>,
    deactivated_at: Option<DbInstant>,
    access_epoch: i64,
    link_epoch: i64,
    access_ends_on: Option<Date>,
    access_ends_at: Option<DbInstant>,
    revoked_at: Option<DbInstant>,
    revoked_by: Option<DbId>,
    revoke_reason: Option<String>,
    sponsor_id: Option<DbId>,
    sponsor_missing: bool,
    reason: Option<String>,
    expiry_due_at: Option<DbInstant>,
    week_reminder_due_at: Option<DbInstant>,
    day_reminder_due_at: Option<DbInstant>,
    version: i64,
    created_at: DbInstant,
    updated_at: DbInstant,
}

/// The columns that [`save`] never writes.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct UserExtras {
    last_sign_in_at: Option<DbInstant>,
}

pub(crate) fn kind_number(kind: UserKind) -> i16 {
    match kind {
        UserKind::Standard => 1,
        UserKind::Guest => 2,
    }
}

pub(crate) fn kind_of(number: i16) -> Result<UserKind, StoreError> {
    match number {
        1 => Ok(UserKind::Standard),
        2 => Ok(UserKind::Guest),
        _ => Err(StoreError::corrupt("users", "kind")),
    }
}

impl UserRow {
    fn new(org: OrgId, user: &User) -> Result<Self, StoreError> {
        let guest = user.guest();
        let revocation = guest.and_then(|g| g.revocation.as_ref());
        let notifications = serde_json::to_value(user.notifications)
            .map_err(|_| StoreError::corrupt("users", "notifications"))?;
        Ok(UserRow {
            org_id: db(org),
            id: db(user.id),
            kind: kind_number(user.kind()),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            first_name_key: name_key(&user.first_name),
            last_name_key: name_key(&user.last_name),
            email: Some(user.email.clone()),
            email_canonical: Some(user.email_canonical.clone()),
            email_hash: user.email_hash.clone(),
            profile_id: Some(db(user.profile_id)),
            role_id: db_opt(user.role_id),
            license_id: db_opt(user.license_id),
            external_id: user.external_id.clone(),
            sign_in: user.sign_in.number(),
            locale: user.locale.clone(),
            time_zone: user.time_zone.clone(),
            notifications: DbJson(notifications),
            claimed_at: at_opt(user.claimed_at),
            deactivated_at: at_opt(user.deactivated_at()),
            access_epoch: user.access_epoch,
            link_epoch: user.link_epoch,
            access_ends_on: guest.map(|g| g.window.ends_on),
            access_ends_at: guest.map(|g| DbInstant(g.window.ends_at)),
            revoked_at: revocation.map(|r| DbInstant(r.at)),
            revoked_by: revocation.and_then(|r| db_opt(r.by)),
            revoke_reason: revocation.and_then(|r| r.reason.clone()),
            sponsor_id: guest.and_then(|g| db_opt(g.sponsor_id)),
            sponsor_missing: guest.is_some_and(|g| g.sponsor_missing),
            reason: guest.and_then(|g| g.reason.clone()),
            expiry_due_at: guest.and_then(|g| at_opt(g.expiry_due_at)),
            week_reminder_due_at: guest.and_then(|g| at_opt(g.reminders.week)),
            day_reminder_due_at: guest.and_then(|g| at_opt(g.reminders.day)),
            version: user.version,
            created_at: DbInstant(user.created_at),
            updated_at: DbInstant(user.updated_at),
        })
    }
}

fn into_user((row, extras): (UserRow, UserExtras)) -> Result<User, StoreError> {
    let corrupt = |what| StoreError::corrupt("users", what);
    let details = match kind_of(row.kind)? {
        UserKind::Standard => UserDetails::Standard {
            deactivated_at: row.deactivated_at.map(|at| at.0),
        },
        UserKind::Guest => UserDetails::Guest(GuestDetails {
            window: AccessWindow {
                ends_on: row.access_ends_on.ok_or(corrupt("access_ends_on"))?,
                ends_at: row.access_ends_at.ok_or(corrupt("access_ends_at"))?.0,
            },
            revocation: row.revoked_at.map(|at| Revocation {
                at: at.0,
                by: row.revoked_by.map(|id| id.0.into()),
                reason: row.revoke_reason,
            }),
            sponsor_id: row.sponsor_id.map(|id| id.0.into()),
            sponsor_missing: row.sponsor_missing,
            reason: row.reason,
            expiry_due_at: row.expiry_due_at.map(|at| at.0),
            reminders: ReminderTimes {
                week: row.week_reminder_due_at.map(|at| at.0),
                day: row.day_reminder_due_at.map(|at| at.0),
            },
        }),
    };
    Ok(User {
        id: row.id.0.into(),
        first_name: row.first_name,
        last_name: row.last_name,
        email: row.email.ok_or(corrupt("email"))?,
        email_canonical: row.email_canonical.ok_or(corrupt("email_canonical"))?,
        email_hash: row.email_hash,
        profile_id: row.profile_id.ok_or(corrupt("profile_id"))?.0.into(),
        role_id: row.role_id.map(|id| id.0.into()),
        license_id: row.license_id.map(|id| id.0.into()),
        external_id: row.external_id,
        sign_in: match row.sign_in {
            1 => SignInMethod::Password,
            2 => SignInMethod::Sso,
            _ => return Err(corrupt("sign_in")),
        },
        locale: row.locale,
        time_zone: row.time_zone,
        notifications: serde_json::from_value(row.notifications.0).map_err(|_| corrupt("notifications"))?,
        claimed_at: row.claimed_at.map(|at| at.0),
        last_sign_in_at: extras.last_sign_in_at.map(|at| at.0),
        access_epoch: row.access_epoch,
        link_epoch: row.link_epoch,
        version: row.version,
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
        details,
    })
}

type UserColumns = (
    diesel::dsl::AsSelect<UserRow, crate::connection::MultiBackend>,
    diesel::dsl::AsSelect<UserExtras, crate::connection::MultiBackend>,
);

fn user_columns() -> UserColumns {
    (UserRow::as_select(), UserExtras::as_select())
}

/// Loads a living user of the org.
///
/// # Errors
/// [`StoreError`] when the database fails; `Ok(None)` when there is no such user.
pub fn find(tx: &mut Tx<'_>, org: OrgId, id: UserId) -> Result<Option<User>, StoreError> {
    users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::id.eq(db(id)))
        .filter(users::deleted_at.is_null())
        .select(user_columns())
        .first::<(UserRow, UserExtras)>(tx.conn)
        .optional()?
        .map(into_user)
        .transpose()
}

/// Loads the living user with this canonical email.
///
/// # Errors
/// As [`find`].
pub fn find_by_email(tx: &mut Tx<'_>, org: OrgId, canonical: &str) -> Result<Option<User>, StoreError> {
    if !storable(canonical) {
        return Ok(None);
    }
    users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::email_canonical.eq(canonical))
        .filter(users::deleted_at.is_null())
        .select(user_columns())
        .first::<(UserRow, UserExtras)>(tx.conn)
        .optional()?
        .map(into_user)
        .transpose()
}

/// Loads the living user that another system knows by this id.
///
/// # Errors
/// As [`find`].
pub fn find_by_external_id(
    tx: &mut Tx<'_>,
    org: OrgId,
    external_id: &str,
) -> Result<Option<User>, StoreError> {
    if !storable(external_id) {
        return Ok(None);
    }
    users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::external_id.eq(external_id))
        .filter(users::deleted_at.is_null())
        .select(user_columns())
        .first::<(UserRow, UserExtras)>(tx.conn)
        .optional()?
        .map(into_user)
        .transpose()
}

/// The ids of those living users that another system knows by these ids, each with the latter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn ids_by_external_id(
    tx: &mut Tx<'_>,
    org: OrgId,
    external_ids: &[&str],
) -> Result<Vec<(String, UserId)>, StoreError> {
    let mut found = Vec::new();
    for chunk in external_ids.chunks(500) {
        let chunk = chunk.iter().copied().filter(|external_id| storable(external_id));
        let rows = users::table
            .filter(users::org_id.eq(db(org)))
            .filter(users::external_id.eq_any(chunk.collect::<Vec<_>>()))
            .filter(users::deleted_at.is_null())
            .select((users::external_id.assume_not_null(), users::id))
            .load::<(String, DbId)>(tx.conn)?;
        found.extend(
            rows.into_iter()
                .map(|(external_id, id)| (external_id, id.0.into())),
        );
    }
    Ok(found)
}

/// Loads a living user and keeps everybody else from changing the row until the end of the transaction; for
/// transactions that run without the org's turn.
///
/// # Errors
/// As [`find`].
pub fn find_locked(tx: &mut WriteTx<'_>, org: OrgId, id: UserId) -> Result<Option<User>, StoreError> {
    // SQLite has one writer, and this is it.
    if matches!(tx.conn, DbConnection::Pg(_)) {
        diesel::sql_query("SELECT id FROM users WHERE org_id = $1 AND id = $2 FOR NO KEY UPDATE")
            .bind::<Id, _>(db(org))
            .bind::<Id, _>(db(id))
            .execute(tx.conn)?;
    }
    find(tx, org, id)
}

/// Loads those of the given users that live, in no particular order.
///
/// # Errors
/// As [`find`].
pub fn find_many(tx: &mut Tx<'_>, org: OrgId, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let chunk: Vec<DbId> = chunk.iter().map(|id| db(*id)).collect();
        let rows = users::table
            .filter(users::org_id.eq(db(org)))
            .filter(users::id.eq_any(chunk))
            .filter(users::deleted_at.is_null())
            .select(user_columns())
            .load::<(UserRow, UserExtras)>(tx.conn)?;
        for row in rows {
            found.push(into_user(row)?);
        }
    }
    Ok(found)
}

/// Loads the first and last names of those of the given users that live, in no particular order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn names(
    tx: &mut Tx<'_>,
    org: OrgId,
    ids: &[UserId],
) -> Result<Vec<(UserId, String, String)>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let chunk: Vec<DbId> = chunk.iter().map(|id| db(*id)).collect();
        let rows: Vec<(DbId, String, String)> = users::table
            .filter(users::org_id.eq(db(org)))
            .filter(users::id.eq_any(chunk))
            .filter(users::deleted_at.is_null())
            .select((users::id, users::first_name, users::last_name))
            .load(tx.conn)?;
        found.extend(
            rows.into_iter()
                .map(|(id, first, last)| (id.0.into(), first, last)),
        );
    }
    Ok(found)
}

/// Writes a new user. The email must have been reserved with [`reserve_email`].
///
/// # Errors
/// [`StoreError::Unique`] with [`crate::UniqueRule::UserEmail`] or `ExternalId`; [`StoreError::Reference`].
pub fn insert(tx: &mut WriteTx<'_>, org: OrgId, user: &User) -> Result<(), StoreError> {
    diesel::insert_into(users::table)
        .values(UserRow::new(org, user)?)
        .execute(tx.conn)?;
    Ok(())
}

/// Writes every changeable column of a loaded user and raises its version, in the row and in `user`.
///
/// # Errors
/// [`StoreError::Busy`] when the row changed since it was loaded (the transaction then runs again);
/// otherwise as [`insert`].
pub fn save(tx: &mut WriteTx<'_>, org: OrgId, user: &mut User, now: UtcDateTime) -> Result<(), StoreError> {
    let loaded = user.version;
    user.version += 1;
    user.updated_at = now;
    let changed = diesel::update(
        users::table
            .filter(users::org_id.eq(db(org)))
            .filter(users::id.eq(db(user.id)))
            .filter(users::version.eq(loaded)),
    )
    .set(UserRow::new(org, user)?)
    .execute(tx.conn)?;
    if changed == 1 {
        return Ok(());
    }
    user.version = loaded;
    Err(StoreError::Busy)
}

/// Notes a sign-in, without raising the version.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn record_sign_in(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    id: UserId,
    now: UtcDateTime,
) -> Result<(), StoreError> {
    diesel::update(
        users::table
            .filter(users::org_id.eq(db(org)))
            .filter(users::id.eq(db(id))),
    )
    .set(users::last_sign_in_at.eq(DbInstant(now)))
    .execute(tx.conn)?;
    Ok(())
}

/// Turns a user into a tombstone: the id, the kind, the keyed hash of the email and the end date stay, the person goes.
/// What other tables hold of the user (credential, sessions, tokens, links, mails) is for the caller to remove.
///
/// # Errors
/// [`StoreError::Busy`] when the user is deleted already (the transaction then runs again).
pub fn bury(tx: &mut WriteTx<'_>, org: OrgId, user: &User, now: UtcDateTime) -> Result<(), StoreError> {
    let nothing: Option<String> = None;
    let nobody: Option<DbId> = None;
    let never: Option<DbInstant> = None;
    let changed = diesel::update(
        users::table
            .filter(users::org_id.eq(db(org)))
            .filter(users::id.eq(db(user.id)))
            .filter(users::deleted_at.is_null()),
    )
    .set((
        (
            users::first_name.eq(""),
            users::last_name.eq(""),
            users::first_name_key.eq(""),
            users::last_name_key.eq(""),
            users::email.eq(nothing.clone()),
            users::email_canonical.eq(nothing.clone()),
            users::profile_id.eq(nobody),
            users::role_id.eq(nobody),
            users::license_id.eq(nobody),
            users::external_id.eq(nothing.clone()),
            users::locale.eq(nothing.clone()),
            users::time_zone.eq(nothing.clone()),
            users::notifications.eq(DbJson(serde_json::Value::Object(serde_json::Map::new()))),
            users::claimed_at.eq(never),
            users::last_sign_in_at.eq(never),
            users::deactivated_at.eq(never),
        ),
        (
            users::revoked_at.eq(never),
            users::revoked_by.eq(nobody),
            users::revoke_reason.eq(nothing.clone()),
            users::sponsor_id.eq(nobody),
            users::sponsor_missing.eq(false),
            users::reason.eq(nothing),
            users::expiry_due_at.eq(never),
            users::week_reminder_due_at.eq(never),
            users::day_reminder_due_at.eq(never),
            users::deleted_at.eq(DbInstant(now)),
            users::updated_at.eq(DbInstant(now)),
            users::access_epoch.eq(users::access_epoch + 1),
            users::version.eq(users::version + 1),
        ),
    ))
    .execute(tx.conn)?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Busy)
    }
}

/// Tells whether an id belongs to a deleted user, and of which kind.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn find_tombstone(tx: &mut Tx<'_>, org: OrgId, id: UserId) -> Result<Option<UserKind>, StoreError> {
    users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::id.eq(db(id)))
        .filter(users::deleted_at.is_not_null())
        .select(users::kind)
        .first::<i16>(tx.conn)
        .optional()?
        .map(kind_of)
        .transpose()
}

/// Tells which kind of user an email (by its keyed hash) was ever used by in this org.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn email_reservation(
    tx: &mut Tx<'_>,
    org: OrgId,
    email_hash: &[u8],
) -> Result<Option<UserKind>, StoreError> {
    email_reservations::table
        .filter(email_reservations::org_id.eq(db(org)))
        .filter(email_reservations::email_hash.eq(email_hash))
        .select(email_reservations::kind)
        .first::<i16>(tx.conn)
        .optional()?
        .map(kind_of)
        .transpose()
}

/// Reserves an email for one kind of user, for good. Does nothing where it is reserved already, for whichever kind.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn reserve_email(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    email_hash: &[u8],
    kind: UserKind,
) -> Result<(), StoreError> {
    diesel::sql_query(
        "INSERT INTO email_reservations (org_id, email_hash, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
    )
    .bind::<Id, _>(db(org))
    .bind::<Binary, _>(email_hash)
    .bind::<SmallInt, _>(kind_number(kind))
    .execute(tx.conn)?;
    Ok(())
}

/// Flags or unflags the guests of a sponsor who left or came back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn set_sponsor_missing(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    sponsor: UserId,
    missing: bool,
) -> Result<usize, StoreError> {
    Ok(diesel::update(
        users::table
            .filter(users::org_id.eq(db(org)))
            .filter(users::sponsor_id.eq(db(sponsor)))
            .filter(users::sponsor_missing.ne(missing)),
    )
    .set((
        users::sponsor_missing.eq(missing),
        users::version.eq(users::version + 1),
    ))
    .execute(tx.conn)?)
}

/// Counts the claimed, active standard users on a profile, leaving one user out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn count_active_on_profile_without(
    tx: &mut Tx<'_>,
    org: OrgId,
    profile: ProfileId,
    without: UserId,
) -> Result<u64, StoreError> {
    let count: i64 = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::profile_id.eq(db(profile)))
        .filter(users::kind.eq(kind_number(UserKind::Standard)))
        .filter(users::deleted_at.is_null())
        .filter(users::deactivated_at.is_null())
        .filter(users::claimed_at.is_not_null())
        .filter(users::id.ne(db(without)))
        .count()
        .get_result(tx.conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Moves every user of a role to another role or to none; returns which.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub fn move_role_members(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    from: RoleId,
    to: Option<RoleId>,
) -> Result<Vec<UserId>, StoreError> {
    let members = users::table
        .filter(users::org_id.eq(db(org)))
        .filter(users::role_id.eq(db(from)));
    let moved: Vec<DbId> = members.select(users::id).load(tx.conn)?;
    diesel::update(members)
        .set((
            users::role_id.eq(db_opt(to)),
            users::version.eq(users::version + 1),
        ))
        .execute(tx.conn)?;
    Ok(moved.into_iter().map(|id| id.0.into()).collect())
}

sortable! {
    /// What users may be sorted by.
    pub enum UserSort on users {
        /// When the user was made.
        CreatedAt = "created_at" => instant created_at,
        /// When the user last changed.
        UpdatedAt = "updated_at" => instant updated_at,
        /// First name, ignoring case.
        FirstName = "first_name" => text first_name_key,
        /// Last name, ignoring case.
        LastName = "last_name" => text last_name_key,
        /// Canonical email.
        Email = "email" => optional_text email_canonical,
        /// The end of a guest's access.
        AccessEndsAt = "access_ends_at" => present_instant access_ends_at,
        /// The same as a date.
        AccessEndsOn = "access_ends_on" => present_instant access_ends_at,
        /// When the user claimed the account; those who have not come last.
        ClaimedAt = "claimed_at" => optional_instant claimed_at,
        /// The last sign-in; those who never did come last.
        LastSignInAt = "last_sign_in_at" => optional_instant last_sign_in_at,
    }
}

impl UserSort {
    /// The value by which a user stands where it stands.
    #[must_use]
    pub fn value_of(self, user: &User) -> SortValue {
        match self {
            UserSort::CreatedAt => SortValue::instant(user.created_at),
            UserSort::UpdatedAt => SortValue::instant(user.updated_at),
            UserSort::FirstName => SortValue::Text(name_key(&user.first_name)),
            UserSort::LastName => SortValue::Text(name_key(&user.last_name)),
            UserSort::Email => SortValue::Text(user.email_canonical.clone()),
            UserSort::AccessEndsAt | UserSort::AccessEndsOn => {
                SortValue::optional_instant(user.guest().map(|g| g.window.ends_at))
            }
            UserSort::ClaimedAt => SortValue::optional_instant(user.claimed_at),
            UserSort::LastSignInAt => SortValue::optional_instant(user.last_sign_in_at),
        }
    }
}

pub(crate) fn load_page(
    tx: &mut Tx<'_>,
    query: users::BoxedQuery<'_, crate::connection::MultiBackend>,
) -> Result<Vec<User>, StoreError> {
    query
        .select(user_columns())
        .load(tx.conn)?
        .into_iter()
        .map(into_user)
        .collect()
}
