//! Test data that reads like the domain: `org.guest("auditor").ends_in_days(30).save()`.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;
use time::macros::utc_datetime;
use time::{Duration, UtcDateTime};
use uuid::Uuid;
use vestibule_guest_lifecycle::{
    AccessWindow, BuiltInProfile, Capability, CapabilitySet, ClaimLinkTtl, GuestMaxDays, OrgSlug, OrgZone,
    PasswordPolicy, ReminderTimes, SessionHours, UserKind, reminders_for,
};
use vestibule_org_hierarchy::RoleLabel;
use vestibule_persistence::api_tokens::{ApiToken, Scopes, TokenOwner};
use vestibule_persistence::audit::{AuditActor, AuditEvent};
use vestibule_persistence::ids::{LicenseId, OrgId, ProfileId, RoleId, UserId};
use vestibule_persistence::licenses::{self, License};
use vestibule_persistence::one_time_links::{LinkPurpose, OneTimeLink};
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::outbox::{MailKind, OutboxMail};
use vestibule_persistence::profiles::{self, Profile};
use vestibule_persistence::roles::{self, Role};
use vestibule_persistence::sessions::Session;
use vestibule_persistence::users::{
    self, GuestDetails, Notifications, Revocation, SignInMethod, User, UserDetails,
};
use vestibule_persistence::{StoreError, WriteTx};

use crate::store::Store;

/// The moment at which most tests happen.
pub(crate) const NOW: UtcDateTime = utc_datetime!(2026-03-14 10:00);

pub(crate) fn days(days: i64) -> Duration {
    Duration::days(days)
}

/// An id that no other row of this test run has; later ids are greater.
pub(crate) fn fresh<T: From<Uuid>>() -> T {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Uuid::from_u128(0x0192_f0c1_2d3e_7a4b_8c5d << 48 | u128::from(number)).into()
}

/// Thirty-two bytes that stand for a hash of the text.
pub(crate) fn hash(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.resize(32, 0xff);
    bytes
}

pub(crate) fn plain_org(slug: &str) -> Org {
    Org {
        id: fresh(),
        slug: OrgSlug::parse(slug).unwrap(),
        name: format!("Org {slug}"),
        zone: OrgZone::utc(),
        password_policy: PasswordPolicy::default(),
        claim_link_ttl: ClaimLinkTtl::default(),
        guest_max_days: GuestMaxDays::default(),
        session_hours: SessionHours::default(),
        guests_may_use_passwords: true,
        guest_access: true,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// An org in a store, with its two built-in profiles.
pub(crate) struct OrgIn<'s> {
    pub(crate) store: &'s Store,
    pub(crate) id: OrgId,
    pub(crate) admin: ProfileId,
    pub(crate) default: ProfileId,
}

impl Store {
    pub(crate) fn org(&self, slug: &str) -> OrgIn<'_> {
        self.insert_org(&plain_org(slug), fresh(), fresh())
    }

    /// With ids given, so that the same org can stand in two stores.
    pub(crate) fn insert_org(&self, org: &Org, admin: ProfileId, default: ProfileId) -> OrgIn<'_> {
        self.write(org.id, |tx| {
            orgs::insert(tx, org)?;
            for (id, name, built_in) in [
                (admin, "Admin", BuiltInProfile::Admin),
                (default, "Default", BuiltInProfile::Default),
            ] {
                profiles::insert(
                    tx,
                    org.id,
                    &Profile {
                        built_in: Some(built_in),
                        ..plain_profile(id, name)
                    },
                )?;
            }
            Ok(())
        });
        OrgIn {
            store: self,
            id: org.id,
            admin,
            default,
        }
    }
}

pub(crate) fn plain_profile(id: ProfileId, name: &str) -> Profile {
    Profile {
        id,
        name: name.to_owned(),
        built_in: None,
        capabilities: CapabilitySet::EMPTY,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn plain_license(name: &str, seats: u32) -> License {
    License {
        id: fresh(),
        name: name.to_owned(),
        seats,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn plain_role(name: &str, parent_id: Option<RoleId>) -> Role {
    Role {
        id: fresh(),
        parent_id,
        name: name.to_owned(),
        external_id: None,
        label: RoleLabel { enter: 0, exit: 0 },
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

impl<'s> OrgIn<'s> {
    pub(crate) fn guest(&self, name: &str) -> NewUser<'_, 's> {
        let window = AccessWindow::ending_on((NOW + days(30)).date(), &OrgZone::utc());
        self.user(
            name,
            UserDetails::Guest(GuestDetails {
                window,
                revocation: None,
                sponsor_id: None,
                sponsor_missing: false,
                reason: None,
                expiry_due_at: Some(window.ends_at),
                reminders: reminders_for(&window, NOW),
            }),
        )
    }

    pub(crate) fn standard_user(&self, name: &str) -> NewUser<'_, 's> {
        self.user(name, UserDetails::Standard { deactivated_at: None })
    }

    fn user(&self, name: &str, details: UserDetails) -> NewUser<'_, 's> {
        let email = format!("{name}@example.org");
        let user = User {
            id: fresh(),
            first_name: name.to_owned(),
            last_name: "Someone".to_owned(),
            email_canonical: email.to_lowercase(),
            email_hash: hash(&email),
            email,
            profile_id: self.default,
            role_id: None,
            license_id: None,
            external_id: None,
            sign_in: SignInMethod::Password,
            locale: None,
            time_zone: None,
            notifications: Notifications::default(),
            claimed_at: None,
            last_sign_in_at: None,
            access_epoch: 1,
            link_epoch: 1,
            version: 1,
            created_at: NOW,
            updated_at: NOW,
            details,
        };
        NewUser { org: self, user }
    }

    pub(crate) fn role(&self, name: &str, parent: Option<RoleId>) -> RoleId {
        let role = plain_role(name, parent);
        self.store.write(self.id, |tx| roles::insert(tx, self.id, &role));
        role.id
    }

    pub(crate) fn license(&self, name: &str, seats: u32) -> LicenseId {
        let license = plain_license(name, seats);
        self.store
            .write(self.id, |tx| licenses::insert(tx, self.id, &license));
        license.id
    }

    pub(crate) fn profile(&self, name: &str) -> ProfileId {
        let profile = Profile {
            capabilities: [Capability::ManageUsers].into_iter().collect(),
            ..plain_profile(fresh(), name)
        };
        self.store
            .write(self.id, |tx| profiles::insert(tx, self.id, &profile));
        profile.id
    }

    pub(crate) fn session_of(&self, user: &User, token: &str) -> Session {
        Session {
            id: fresh(),
            user_id: user.id,
            token_hash: hash(token),
            access_epoch: user.access_epoch,
            created_at: NOW,
            expires_at: NOW + Duration::hours(12),
        }
    }

    pub(crate) fn token_of(&self, user: &User, secret: &str) -> ApiToken {
        ApiToken {
            id: fresh(),
            owner: TokenOwner::User {
                id: user.id,
                access_epoch: user.access_epoch,
            },
            name: secret.to_owned(),
            scopes: Scopes::READ_WRITE,
            token_hash: hash(secret),
            created_by: Some(user.id),
            created_at: NOW,
            expires_at: Some(NOW + Duration::HOUR),
        }
    }

    pub(crate) fn link_for(&self, user: &User, token: &str) -> OneTimeLink {
        OneTimeLink {
            id: fresh(),
            user_id: user.id,
            purpose: LinkPurpose::Claim,
            token_hash: hash(token),
            access_epoch: user.access_epoch,
            link_epoch: user.link_epoch,
            created_at: NOW,
            expires_at: NOW + Duration::hours(72),
            used_at: None,
        }
    }

    pub(crate) fn mail_to(&self, user: &User) -> OutboxMail {
        OutboxMail {
            id: fresh(),
            org: self.id,
            user_id: user.id,
            kind: MailKind::Invitation,
            payload: json!({"link_epoch": user.link_epoch}),
            created_at: NOW,
            attempts: 0,
        }
    }

    pub(crate) fn event(&self, action: &'static str) -> AuditEvent {
        AuditEvent {
            id: fresh(),
            org: self.id,
            at: NOW,
            actor: AuditActor::System,
            on_behalf_of: None,
            action,
            target_type: None,
            target_id: None,
            changes: json!({}),
            request_id: None,
        }
    }

    pub(crate) fn find(&self, id: UserId) -> Option<User> {
        self.store.read(|tx| users::find(tx, self.id, id))
    }
}

/// A user on the way into an org.
pub(crate) struct NewUser<'o, 's> {
    org: &'o OrgIn<'s>,
    user: User,
}

impl NewUser<'_, '_> {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut User)) -> Self {
        change(&mut self.user);
        self
    }

    pub(crate) fn of_guest(self, change: impl FnOnce(&mut GuestDetails)) -> Self {
        self.with(|user| match &mut user.details {
            UserDetails::Guest(guest) => change(guest),
            UserDetails::Standard { .. } => panic!("{} is no guest", user.email),
        })
    }

    pub(crate) fn ends_in_days(self, ahead: i64) -> Self {
        self.of_guest(|guest| {
            let window = AccessWindow::ending_on((NOW + days(ahead)).date(), &OrgZone::utc());
            guest.window = window;
            guest.expiry_due_at = Some(window.ends_at);
            guest.reminders = reminders_for(&window, NOW);
        })
    }

    pub(crate) fn revoked(self) -> Self {
        self.of_guest(|guest| {
            guest.revocation = Some(Revocation {
                at: NOW,
                by: None,
                reason: None,
            });
            guest.expiry_due_at = None;
            guest.reminders = ReminderTimes::NONE;
        })
    }

    pub(crate) fn sponsored_by(self, sponsor: UserId) -> Self {
        self.of_guest(|guest| guest.sponsor_id = Some(sponsor))
    }

    pub(crate) fn deactivated(self) -> Self {
        self.with(|user| {
            user.details = UserDetails::Standard {
                deactivated_at: Some(NOW),
            }
        })
    }

    pub(crate) fn claimed(self) -> Self {
        self.with(|user| user.claimed_at = Some(NOW))
    }

    pub(crate) fn in_role(self, role: RoleId) -> Self {
        self.with(|user| user.role_id = Some(role))
    }

    pub(crate) fn on_license(self, license: LicenseId) -> Self {
        self.with(|user| user.license_id = Some(license))
    }

    pub(crate) fn on_profile(self, profile: ProfileId) -> Self {
        self.with(|user| user.profile_id = profile)
    }

    pub(crate) fn known_as(self, external_id: &str) -> Self {
        self.with(|user| user.external_id = Some(external_id.to_owned()))
    }

    pub(crate) fn build(self) -> User {
        self.user
    }

    pub(crate) fn save(self) -> User {
        self.try_save().unwrap()
    }

    pub(crate) fn try_save(self) -> Result<User, StoreError> {
        self.org
            .store
            .try_write(self.org.id, |tx| insert_user(tx, self.org.id, &self.user))?;
        Ok(self.user)
    }
}

/// Reserves the email and writes the user, the last sign-in included.
pub(crate) fn insert_user(tx: &mut WriteTx<'_>, org: OrgId, user: &User) -> Result<(), StoreError> {
    users::reserve_email(tx, org, &user.email_hash, user.kind())?;
    users::insert(tx, org, user)?;
    match user.last_sign_in_at {
        Some(at) => users::record_sign_in(tx, org, user.id, at),
        None => Ok(()),
    }
}

pub(crate) fn other_kind(kind: UserKind) -> UserKind {
    match kind {
        UserKind::Standard => UserKind::Guest,
        UserKind::Guest => UserKind::Standard,
    }
}
