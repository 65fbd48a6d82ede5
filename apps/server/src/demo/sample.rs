//! Filling a database with the sample organization, through the same use cases that people use.

use secrecy::SecretString;
use serde_json::json;
use time::{Duration, UtcDateTime};
use vestibule_guest_lifecycle::{Capability, CapabilitySet, UserKind};
use vestibule_org_hierarchy::{RoleForest, RoleLabel};
use vestibule_persistence::ids::{LicenseId, ProfileId, RoleId, UserId};
use vestibule_persistence::licenses::{self, License};
use vestibule_persistence::orgs;
use vestibule_persistence::policy::Touched;
use vestibule_persistence::profiles::{self, Profile};
use vestibule_persistence::roles::{self, Role};
use vestibule_persistence::users::{self, Notifications, SignInMethod, User, UserDetails};
use vestibule_persistence::{WriteTx, credentials};
use vestibule_scheduler::clock::Clock;

use super::history::History;
use super::people::{ROLES, SUPPORT_ROLES, name};
use super::records::{self, Owners, Unwritten};
use crate::app::App;
use crate::caller::Caller;
use crate::error::UseCaseError;
use crate::use_cases::create_org::{NewOrg, provision_at};

/// The password of everybody in the sample who has claimed an account.
pub const PASSWORD: &str = "correct horse battery staple";

/// The Admin of the sample.
pub(super) const ADMIN_EMAIL: &str = "ada.admin@acme.example";

const STANDARD_USERS: usize = 300;

/// The first of them look after guests.
pub(super) const DESK: usize = 6;

/// How many days ago the organization was made.
const FOUNDED: i64 = 360;

/// How to get into the sample.
pub struct Sample {
    /// An API token of the Admin.
    pub api_token: SecretString,
}

/// Makes the organization acme; nothing when it is there already.
///
/// # Errors
/// When the database fails.
pub fn fill(app: &App) -> Result<Option<Sample>, UseCaseError> {
    if app.database.read(|tx| orgs::find_by_slug(tx, "acme"))?.is_some() {
        return Ok(None);
    }
    let password = SecretString::from(PASSWORD);
    let new_org = NewOrg {
        slug: "acme",
        name: "Acme Corporation",
        time_zone: "Europe/Berlin",
        admin_name: ("Ada", "Admin"),
        admin_email: ADMIN_EMAIL,
        admin_password: None,
    };
    let now = app.clock.now();
    let founded = ago(now, FOUNDED);
    let made = provision_at(app, founded, new_org, Some(&password))?;
    let hash = app
        .passwords
        .hash(&password)
        .map_err(|e| UseCaseError::Internal(e.to_string()))?;
    let hash = SecretString::from(hash);
    let as_admin =
        |tx: &mut WriteTx<'_>, at| Caller::local(app, tx, made.org.clone(), made.admin.clone(), at);
    let (objects, owners) = app.database.write(made.org.id, |tx| {
        let caller = as_admin(tx, founded)?;
        let office = Office {
            profiles: add_profiles(tx, &caller)?,
            licenses: add_licenses(tx, &caller)?,
            roles: add_roles(tx, &caller)?,
        };
        let objects = records::add_objects(tx, &caller, &office.profiles)?;
        let staff = add_staff(tx, &caller, &office, (&hash, now))?;
        let caller = as_admin(tx, now)?;
        let partners = History::of(&caller, &office, &staff, &hash).unfold(tx)?;
        tx.policy_changed(made.org.id, Touched::Everything);
        let (support, sales) = staff.iter().skip(DESK).partition(|user| user.in_support);
        let ids = |people: Vec<&Colleague>| people.iter().map(|user| user.id).collect();
        let owners = Owners {
            sales: ids(sales),
            support: ids(support),
            partners,
        };
        Ok::<_, UseCaseError>((objects, owners))
    })?;
    let mut unwritten = Unwritten::new(&objects, &owners);
    while !unwritten.is_empty() {
        app.database.write(made.org.id, |tx| {
            let caller = as_admin(tx, now)?;
            unwritten.write_batch(tx, &caller)
        })?;
    }
    Ok(Some(Sample {
        api_token: made.api_token,
    }))
}

/// Somebody of the house.
pub(super) struct Colleague {
    pub(super) id: UserId,
    in_support: bool,
}

/// Where people can be placed.
pub(super) struct Office {
    pub(super) profiles: Profiles,
    pub(super) licenses: Licenses,
    roles: Vec<RoleId>,
}

pub(super) struct Profiles {
    pub(super) sales: ProfileId,
    pub(super) support: ProfileId,
    guest_desk: ProfileId,
    pub(super) partner: ProfileId,
    pub(super) auditor: ProfileId,
}

pub(super) struct Licenses {
    full: LicenseId,
    pub(super) guest: LicenseId,
}

fn add_profiles(tx: &mut WriteTx<'_>, caller: &Caller<'_>) -> Result<Profiles, UseCaseError> {
    let mut add = |name: &str, capabilities: &[Capability]| {
        let profile = Profile {
            id: caller.new_id(),
            name: name.to_owned(),
            built_in: None,
            capabilities: capabilities.iter().copied().collect::<CapabilitySet>(),
            version: 1,
            created_at: caller.now,
            updated_at: caller.now,
        };
        profiles::insert(tx, caller.org.id, &profile)?;
        caller.audit(
            tx,
            "profile.created",
            Some(("profile", profile.id.as_uuid())),
            json!({}),
        );
        Ok::<_, UseCaseError>(profile.id)
    };
    Ok(Profiles {
        sales: add("Sales", &[])?,
        support: add("Support", &[])?,
        guest_desk: add("Guest desk", &[Capability::ManageGuests, Capability::ViewAudit])?,
        partner: add("Partner", &[])?,
        auditor: add("Auditor", &[Capability::ViewAudit])?,
    })
}

fn add_licenses(tx: &mut WriteTx<'_>, caller: &Caller<'_>) -> Result<Licenses, UseCaseError> {
    let mut add = |name: &str, seats: u32| {
        let license = License {
            id: caller.new_id(),
            name: name.to_owned(),
            seats,
            version: 1,
            created_at: caller.now,
            updated_at: caller.now,
        };
        licenses::insert(tx, caller.org.id, &license)?;
        caller.audit(
            tx,
            "license.created",
            Some(("license", license.id.as_uuid())),
            json!({}),
        );
        Ok::<_, UseCaseError>(license.id)
    };
    Ok(Licenses {
        full: add("Full", 320)?,
        guest: add("Guest", 25)?,
    })
}

fn add_roles(tx: &mut WriteTx<'_>, caller: &Caller<'_>) -> Result<Vec<RoleId>, UseCaseError> {
    let ids: Vec<RoleId> = ROLES.iter().map(|_| caller.new_id()).collect();
    let parent = |place: Option<usize>| place.and_then(|place| ids.get(place).copied());
    let pairs = ids
        .iter()
        .zip(&ROLES)
        .map(|(id, (_, above))| (*id, parent(*above)));
    let forest = RoleForest::build(pairs)?;
    for (id, (name, above)) in ids.iter().zip(&ROLES) {
        let role = Role {
            id: *id,
            parent_id: parent(*above),
            name: (*name).to_owned(),
            external_id: None,
            label: forest.label(*id).unwrap_or(RoleLabel { enter: 0, exit: 0 }),
            version: 1,
            created_at: caller.now,
            updated_at: caller.now,
        };
        roles::insert(tx, caller.org.id, &role)?;
        caller.audit(tx, "role.created", Some(("role", id.as_uuid())), json!({}));
    }
    Ok(ids)
}

/// The people of the house; the first of them answer for guests.
fn add_staff(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    office: &Office,
    (hash, now): (&SecretString, UtcDateTime),
) -> Result<Vec<Colleague>, UseCaseError> {
    let org = caller.org.id;
    let mut staff = Vec::with_capacity(STANDARD_USERS);
    for n in 0..STANDARD_USERS {
        let (first, last) = name(n);
        let email = format!("{}.{}{}@acme.example", ascii(first), ascii(last), n);
        // The first forty hold one role each, so that every role has somebody; leaves hold most of the rest.
        let place = if n < 40 { (n + 34) % 40 } else { 15 + n % 25 };
        let profile = match n {
            0..DESK => office.profiles.guest_desk,
            _ if SUPPORT_ROLES.contains(&place) => office.profiles.support,
            _ => office.profiles.sales,
        };
        let joined = ago(now, 30 + i64::try_from(n).unwrap_or(0));
        let user = User {
            id: Clock::new_id(joined).into(),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            email_hash: caller.app.email_hash(org, &email),
            email_canonical: email.clone(),
            email,
            profile_id: profile,
            role_id: office.roles.get(place).copied(),
            license_id: (n % 10 != 9).then_some(office.licenses.full),
            external_id: Some(format!("E-{:04}", 1000 + n)),
            sign_in: SignInMethod::Password,
            locale: None,
            time_zone: None,
            notifications: Notifications::default(),
            claimed_at: (n % 25 != 24).then_some(joined),
            last_sign_in_at: None,
            access_epoch: 1,
            link_epoch: 1,
            version: 1,
            created_at: joined,
            updated_at: joined,
            details: UserDetails::Standard { deactivated_at: None },
        };
        users::reserve_email(tx, org, &user.email_hash, UserKind::Standard)?;
        users::insert(tx, org, &user)?;
        if user.claimed_at.is_some() {
            credentials::set_password(tx, org, user.id, hash, joined)?;
            let last_seen = ago(now, 1 + i64::try_from(n % 14).unwrap_or(0));
            users::record_sign_in(tx, org, user.id, last_seen)?;
        }
        staff.push(Colleague {
            id: user.id,
            in_support: profile == office.profiles.support,
        });
    }
    caller.audit(
        tx,
        "users.imported",
        Some(("org", org.as_uuid())),
        json!({ "count": { "before": 0, "after": staff.len() } }),
    );
    Ok(staff)
}

/// The instant so many days before.
pub(super) fn ago(now: UtcDateTime, days: i64) -> UtcDateTime {
    now.checked_sub(Duration::days(days)).unwrap_or(now)
}

/// A name as it stands in a mail address.
pub(super) fn ascii(name: &str) -> String {
    name.chars()
        .filter_map(|c| match c {
            'ö' => Some('o'),
            c if c.is_ascii_alphabetic() => Some(c.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}
