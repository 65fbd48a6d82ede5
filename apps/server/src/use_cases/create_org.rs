//! A new organization: settings, the two built-in profiles and its first Admin.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use time::UtcDateTime;
use vestibule_guest_lifecycle::{
    BuiltInProfile, CapabilitySet, ClaimLinkTtl, EmailAddress, GuestMaxDays, OrgSlug, OrgZone,
    PasswordPolicy, PersonName, PersonalContext, SessionHours, ShortText, UserKind, normalized,
};
use vestibule_persistence::api_tokens::{self, ApiToken, Scopes, TokenOwner};
use vestibule_persistence::audit::{AuditActor, AuditEvent};
use vestibule_persistence::ids::OrgId;
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::profiles::{self, Profile};
use vestibule_persistence::users::{self, Notifications, SignInMethod, User, UserDetails};
use vestibule_persistence::{WriteTx, credentials};
use vestibule_scheduler::clock::Clock;

use crate::app::App;
use crate::caller::Caller;
use crate::error::{Fields, UseCaseError, password_refused};
use crate::token::{self, TokenKind};
use crate::use_cases::claim_links;

/// What a new organization starts with.
pub struct NewOrg<'a> {
    /// Its unique short name.
    pub slug: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its time zone.
    pub time_zone: &'a str,
    /// The first Admin's names.
    pub admin_name: (&'a str, &'a str),
    /// The first Admin's email.
    pub admin_email: &'a str,
    /// The hash of the first Admin's password; without one the account has to be claimed.
    pub admin_password: Option<SecretString>,
}

/// What was made.
pub struct CreatedOrg {
    /// The organization.
    pub org: Org,
    /// Its first Admin.
    pub admin: User,
    /// The built-in Admin profile.
    pub admin_profile: Profile,
}

/// Makes an organization.
///
/// # Errors
/// 422 for refused values; 409 `slug_taken`.
pub fn create_org(
    tx: &mut WriteTx<'_>,
    app: &App,
    now: UtcDateTime,
    input: &NewOrg<'_>,
) -> Result<CreatedOrg, UseCaseError> {
    let mut fields = Fields::new();
    let slug = fields.check("/slug", OrgSlug::parse(input.slug));
    let name = fields.check("/name", ShortText::parse(input.name));
    let zone = fields.check("/time_zone", OrgZone::parse(input.time_zone));
    let first_name = fields.check("/admin_first_name", PersonName::parse(input.admin_name.0));
    let last_name = fields.check("/admin_last_name", PersonName::parse(input.admin_name.1));
    let email = fields.check("/admin_email", EmailAddress::parse(input.admin_email));
    let (Some(slug), Some(name), Some(zone), Some(first_name), Some(last_name), Some(email)) =
        (slug, name, zone, first_name, last_name, email)
    else {
        return Err(fields.refused());
    };
    if orgs::find_by_slug(tx, slug.as_str())?.is_some() {
        return Err(UseCaseError::conflict("slug_taken", "this slug is in use").at("/slug"));
    }
    let org = Org {
        id: Clock::new_id(now).into(),
        slug,
        name: name.into(),
        zone,
        password_policy: PasswordPolicy::default(),
        claim_link_ttl: ClaimLinkTtl::default(),
        guest_max_days: GuestMaxDays::default(),
        session_hours: SessionHours::default(),
        guests_may_use_passwords: true,
        guest_access: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    orgs::insert(tx, &org)?;
    let admin_profile = built_in(
        tx,
        org.id,
        now,
        BuiltInProfile::Admin,
        "Admin",
        CapabilitySet::ALL,
    )?;
    built_in(
        tx,
        org.id,
        now,
        BuiltInProfile::Default,
        "Default",
        CapabilitySet::EMPTY,
    )?;

    let hash = app.email_hash(org.id, email.canonical());
    users::reserve_email(tx, org.id, &hash, UserKind::Standard)?;
    let admin = User {
        id: Clock::new_id(now).into(),
        first_name: first_name.into(),
        last_name: last_name.into(),
        email: email.as_typed().to_owned(),
        email_canonical: email.canonical().to_owned(),
        email_hash: hash,
        profile_id: admin_profile.id,
        role_id: None,
        license_id: None,
        external_id: None,
        sign_in: SignInMethod::Password,
        locale: None,
        time_zone: None,
        notifications: Notifications::default(),
        claimed_at: input.admin_password.as_ref().map(|_| now),
        last_sign_in_at: None,
        access_epoch: 1,
        link_epoch: 1,
        version: 1,
        created_at: now,
        updated_at: now,
        details: UserDetails::Standard { deactivated_at: None },
    };
    users::insert(tx, org.id, &admin)?;
    if let Some(hash) = &input.admin_password {
        credentials::set_password(tx, org.id, admin.id, hash, now)?;
    }
    tx.audit(AuditEvent {
        id: Clock::new_id(now).into(),
        org: org.id,
        at: now,
        actor: AuditActor::System,
        on_behalf_of: None,
        action: "org.created",
        target_type: Some("org"),
        target_id: Some(org.id.as_uuid()),
        changes: json!({ "slug": { "before": null, "after": org.slug.as_str() } }),
        request_id: None,
    });
    Ok(CreatedOrg {
        org,
        admin,
        admin_profile,
    })
}

/// An organization as its first Admin starts with it.
pub struct Provisioned {
    /// The organization.
    pub org: Org,
    /// Its first Admin.
    pub admin: User,
    /// A claim link, when no password was given.
    pub claim_url: Option<SecretString>,
    /// An API token of the Admin; it works once the account is claimed.
    pub api_token: SecretString,
}

/// Makes an organization with a way in for its first Admin: a password, or a claim link; and an API token.
///
/// # Errors
/// As [`create_org`]; 422 `password_policy`.
pub fn provision(
    app: &App,
    input: NewOrg<'_>,
    password: Option<&SecretString>,
) -> Result<Provisioned, UseCaseError> {
    provision_at(app, app.clock.now(), input, password)
}

/// As [`provision`], as if it were done at this instant.
///
/// # Errors
/// As [`provision`].
pub fn provision_at(
    app: &App,
    now: UtcDateTime,
    input: NewOrg<'_>,
    password: Option<&SecretString>,
) -> Result<Provisioned, UseCaseError> {
    let admin_password = match password {
        None => None,
        Some(password) => {
            let personal = PersonalContext {
                email: input.admin_email,
                first_name: input.admin_name.0,
                last_name: input.admin_name.1,
            };
            let candidate = password.expose_secret();
            PasswordPolicy::default()
                .check(candidate, &personal, &app.common_passwords)
                .map_err(|refused| password_refused(&refused, "/admin_password"))?;
            let hash = app.passwords.hash(&normalized(candidate).into());
            Some(
                hash.map_err(|error| UseCaseError::Internal(error.to_string()))?
                    .into(),
            )
        }
    };
    let input = NewOrg {
        admin_password,
        ..input
    };
    app.database.write_in_turns(|tx| {
        let created = create_org(tx, app, now, &input)?;
        let caller = Caller::local(app, tx, created.org.clone(), created.admin.clone(), now)?;
        let claim_url = match created.admin.claimed_at {
            Some(_) => None,
            None => {
                let link = claim_links::mint(tx, &caller, &created.admin)?;
                Some(claim_links::claim_url(app, &link.token).into())
            }
        };
        let api_token = admin_token(tx, &caller, &created.admin)?;
        Ok(Provisioned {
            org: created.org,
            admin: created.admin,
            claim_url,
            api_token,
        })
    })
}

fn admin_token(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    admin: &User,
) -> Result<SecretString, UseCaseError> {
    let (secret, token_hash) = token::mint(TokenKind::Api, caller.org.id)
        .map_err(|error| UseCaseError::Internal(error.to_string()))?;
    let token = ApiToken {
        id: caller.new_id(),
        owner: TokenOwner::User {
            id: admin.id,
            access_epoch: admin.access_epoch,
        },
        name: "Made with the organization".to_owned(),
        scopes: Scopes::READ_WRITE,
        token_hash,
        created_by: Some(admin.id),
        created_at: caller.now,
        expires_at: None,
    };
    api_tokens::insert(tx, caller.org.id, &token)?;
    let target = Some(("api_token", token.id.as_uuid()));
    caller.audit(
        tx,
        "api_token.created",
        target,
        json!({ "name": { "before": null, "after": token.name } }),
    );
    Ok(secret)
}

fn built_in(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    now: UtcDateTime,
    built_in: BuiltInProfile,
    name: &str,
    capabilities: CapabilitySet,
) -> Result<Profile, UseCaseError> {
    let profile = Profile {
        id: Clock::new_id(now).into(),
        name: name.to_owned(),
        built_in: Some(built_in),
        capabilities,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    profiles::insert(tx, org, &profile)?;
    Ok(profile)
}
