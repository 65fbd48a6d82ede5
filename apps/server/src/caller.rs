//! Who makes a request and what they may: looked up anew for every request, inside its transaction.

use std::cell::{Cell, OnceCell};

use serde_json::Value;
use time::UtcDateTime;
use uuid::Uuid;
use vestibule_access_control::Snapshot;
use vestibule_guest_lifecycle::{
    Capability, CapabilitySet, GrantRefused, Grantor, GuestStatus, UserKind, check_power_over,
    effective_capabilities,
};
use vestibule_persistence::api_tokens::{self, ApiToken, Scope, TokenOwner};
use vestibule_persistence::audit::{AuditActor, AuditEvent};
use vestibule_persistence::ids::{SessionId, UserId};
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::outbox::{self, OutboxMail};
use vestibule_persistence::profiles::{self, Profile};
use vestibule_persistence::sessions;
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{Tx, WriteTx};
use vestibule_scheduler::clock::Clock;

use crate::app::App;
use crate::error::{Class, Refusal, UseCaseError};
use crate::etag::{ETag, IfMatch};
use crate::token::{ParsedToken, TokenKind};
use crate::use_cases::ended_access::ended_access;

/// The caller of one request.
pub struct Caller<'a> {
    /// What every request shares.
    pub app: &'a App,
    /// The instant at which the request counts.
    pub now: UtcDateTime,
    /// The org that the credential belongs to.
    pub org: Org,
    /// Who acts, as the audit log tells it.
    pub actor: AuditActor,
    /// The user whose rights apply; none for a service that acts for nobody.
    pub subject: Option<Subject>,
    /// The session, when the credential is one.
    pub session: Option<SessionId>,
    /// The scopes of a service token.
    pub service: Option<ApiToken>,
    /// The API token, when the credential is one of a user.
    pub user_token: Option<ApiToken>,
    /// The first moment at which the credential no longer counts; none for a token without an end of its own.
    pub credential_ends_at: Option<UtcDateTime>,
    /// The id of the request.
    pub request_id: String,
    /// The versions that the caller expects.
    pub if_match: IfMatch,
    mail_queued: Cell<bool>,
    policy: OnceCell<Snapshot>,
}

/// The user whose rights apply.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The user.
    pub user: User,
    /// Their profile.
    pub profile: Profile,
    /// What they may administer: the profile's capabilities, under the ceiling for guests.
    pub capabilities: CapabilitySet,
}

/// What a request brings along to be recognized by.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The session or API token.
    pub token: ParsedToken,
    /// The user that a service acts for.
    pub on_behalf_of: Option<UserId>,
    /// Whether the request changes something.
    pub changes: bool,
    /// The id of the request.
    pub request_id: String,
    /// The versions that the caller expects.
    pub if_match: IfMatch,
}

/// Whether a user may use the service at this instant: claimed, and neither deactivated, revoked nor ended.
pub fn may_sign_in(org: &Org, user: &User, now: UtcDateTime) -> bool {
    match user.guest_facts() {
        Some(facts) => org.guest_access && facts.status(now) == GuestStatus::Active,
        None => user.claimed_at.is_some() && user.deactivated_at().is_none(),
    }
}

fn credential_ended() -> Refusal {
    Refusal::new(
        Class::Unauthenticated,
        "credential_ended",
        "this session or API token is over or was never valid",
    )
}

fn ended() -> UseCaseError {
    credential_ended().into()
}

impl<'a> Caller<'a> {
    /// Recognizes the caller.
    ///
    /// # Errors
    /// 401 `credential_ended` for a credential that is unknown or over, or whose user has no access any more;
    /// 403 `scope_missing`, `act_as_not_allowed`, `subject_ended`.
    pub fn recognize(
        app: &'a App,
        tx: &mut Tx<'_>,
        presented: &Presented,
        now: UtcDateTime,
    ) -> Result<Self, UseCaseError> {
        let org_id = presented.token.org;
        let org = orgs::find(tx, org_id)?.ok_or_else(ended)?;
        let mut caller = Caller {
            app,
            now,
            org,
            actor: AuditActor::System,
            subject: None,
            session: None,
            service: None,
            user_token: None,
            credential_ends_at: None,
            request_id: presented.request_id.clone(),
            if_match: presented.if_match.clone(),
            mail_queued: Cell::new(false),
            policy: OnceCell::new(),
        };
        match presented.token.kind {
            TokenKind::Session => caller.by_session(tx, presented)?,
            TokenKind::Api => caller.by_api_token(tx, presented)?,
            TokenKind::Claim | TokenKind::Reset => return Err(ended()),
        }
        Ok(caller)
    }

    /// A caller that acts as this user without a credential: for the command line and the demo.
    ///
    /// # Errors
    /// When the database fails or there is no such user.
    pub fn local(
        app: &'a App,
        tx: &mut Tx<'_>,
        org: Org,
        user: User,
        now: UtcDateTime,
    ) -> Result<Self, UseCaseError> {
        let mut caller = Caller {
            app,
            now,
            org,
            actor: AuditActor::User(user.id),
            subject: None,
            session: None,
            service: None,
            user_token: None,
            credential_ends_at: None,
            request_id: String::new(),
            if_match: IfMatch::unconditional(),
            mail_queued: Cell::new(false),
            policy: OnceCell::new(),
        };
        caller.act_as(tx, user)?;
        Ok(caller)
    }

    fn by_session(&mut self, tx: &mut Tx<'_>, presented: &Presented) -> Result<(), UseCaseError> {
        let found = sessions::find_by_token(tx, self.org.id, &presented.token.hash)?;
        let session = found
            .filter(|s| presented.token.matches(&s.token_hash))
            .ok_or_else(ended)?;
        let user = users::find(tx, self.org.id, session.user_id)?.ok_or_else(ended)?;
        if session.access_epoch != user.access_epoch {
            return Err(ended());
        }
        let may_sign_in = may_sign_in(&self.org, &user, self.now);
        if user.guest().is_some() && !may_sign_in {
            // Whoever shows the token of a session that nothing else has ended is this guest, who may know.
            return Err(credential_ended()
                .telling(ended_access(tx, &self.org, &user, self.now)?)
                .into());
        }
        if self.now >= session.expires_at || !may_sign_in {
            return Err(ended());
        }
        refuse_acting_for_others(presented)?;
        self.session = Some(session.id);
        self.credential_ends_at = Some(session.expires_at);
        self.actor = AuditActor::User(user.id);
        self.act_as(tx, user)
    }

    fn by_api_token(&mut self, tx: &mut Tx<'_>, presented: &Presented) -> Result<(), UseCaseError> {
        let found = api_tokens::find_by_token(tx, self.org.id, &presented.token.hash)?;
        let token = found
            .filter(|t| presented.token.matches(&t.token_hash))
            .ok_or_else(ended)?;
        if token.expires_at.is_some_and(|end| self.now >= end) {
            return Err(ended());
        }
        self.credential_ends_at = token.expires_at;
        match token.owner {
            TokenOwner::User { id, access_epoch } => {
                let user = users::find(tx, self.org.id, id)?.ok_or_else(ended)?;
                if access_epoch != user.access_epoch || !may_sign_in(&self.org, &user, self.now) {
                    return Err(ended());
                }
                let needed = if presented.changes {
                    Scope::Write
                } else {
                    Scope::Read
                };
                if !token.scopes.contains(needed) {
                    let word = if presented.changes { "write" } else { "read" };
                    return Err(UseCaseError::forbidden(
                        "scope_missing",
                        format!("this API token lacks the scope {word}"),
                    ));
                }
                refuse_acting_for_others(presented)?;
                self.actor = AuditActor::User(user.id);
                self.user_token = Some(token);
                self.act_as(tx, user)
            }
            TokenOwner::Service => {
                self.actor = AuditActor::Service(token.id.as_uuid());
                if let Some(user) = presented.on_behalf_of {
                    self.act_for(tx, &token, user)?;
                }
                self.service = Some(token);
                Ok(())
            }
        }
    }

    fn act_for(&mut self, tx: &mut Tx<'_>, token: &ApiToken, id: UserId) -> Result<(), UseCaseError> {
        if !token.scopes.contains(Scope::ActAs) {
            return Err(UseCaseError::forbidden(
                "scope_missing",
                "this API token lacks the scope act_as",
            ));
        }
        let subject_ended = || {
            UseCaseError::forbidden(
                "subject_ended",
                "the user to act for has no access, or there is none",
            )
        };
        let user = users::find(tx, self.org.id, id)?.ok_or_else(subject_ended)?;
        let good = match user.kind() {
            UserKind::Standard => user.in_good_standing(self.now),
            UserKind::Guest => may_sign_in(&self.org, &user, self.now),
        };
        if !good {
            return Err(subject_ended());
        }
        self.act_as(tx, user)
    }

    fn act_as(&mut self, tx: &mut Tx<'_>, user: User) -> Result<(), UseCaseError> {
        let profile = profiles::find(tx, self.org.id, user.profile_id)?.ok_or_else(ended)?;
        let capabilities = effective_capabilities(user.kind(), profile.capabilities);
        self.subject = Some(Subject {
            user,
            profile,
            capabilities,
        });
        Ok(())
    }

    /// The user whose rights apply.
    ///
    /// # Errors
    /// 403 `user_needed` for a service that acts for nobody.
    pub fn subject(&self) -> Result<&Subject, UseCaseError> {
        self.subject.as_ref().ok_or_else(|| {
            UseCaseError::forbidden(
                "user_needed",
                "this is for users; a service says On-Behalf-Of whom it acts",
            )
        })
    }

    /// Whether the caller may administer something.
    pub fn holds(&self, capability: Capability) -> bool {
        self.subject
            .as_ref()
            .is_some_and(|s| s.capabilities.contains(capability))
    }

    /// Goes on when the caller holds a capability.
    ///
    /// # Errors
    /// 403 `capability_missing`.
    pub fn require(&self, capability: Capability) -> Result<(), UseCaseError> {
        if self.holds(capability) {
            Ok(())
        } else {
            Err(UseCaseError::capability_missing(capability))
        }
    }

    /// Goes on when the caller holds one of several capabilities; the first is the one named otherwise.
    ///
    /// # Errors
    /// 403 `capability_missing`.
    pub fn require_any(&self, capabilities: &[Capability]) -> Result<(), UseCaseError> {
        match capabilities
            .iter()
            .find(|c| self.holds(**c))
            .or(capabilities.first())
        {
            Some(capability) => self.require(*capability),
            None => Ok(()),
        }
    }

    /// The org's policy as this transaction sees it: what every decision about records is made from. It doesn't show
    /// what this very transaction changes.
    ///
    /// # Errors
    /// When the database fails.
    pub fn policy(&self, tx: &mut Tx<'_>) -> Result<Snapshot, UseCaseError> {
        if let Some(policy) = self.policy.get() {
            return Ok(policy.clone());
        }
        let policy = self.app.policies.of(tx, self.org.id)?;
        Ok(self.policy.get_or_init(|| policy).clone())
    }

    /// The instant at which the request counts, in microseconds since 1970: as decisions take it.
    pub fn now_micros(&self) -> i64 {
        i64::try_from(self.now.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX)
    }

    /// What the caller may give to others.
    pub fn grantor(&self) -> Grantor {
        match &self.subject {
            Some(s) => Grantor {
                is_admin: s.profile.is_admin() && s.user.kind() == UserKind::Standard,
                capabilities: s.capabilities,
            },
            None => Grantor {
                is_admin: false,
                capabilities: CapabilitySet::EMPTY,
            },
        }
    }

    /// Goes on when the caller may administer this person: nobody administers a person who holds more.
    ///
    /// # Errors
    /// 403 `subject_outranks_actor`.
    pub fn require_power_over(&self, tx: &mut Tx<'_>, user: &User) -> Result<(), UseCaseError> {
        let profile = profiles::find(tx, self.org.id, user.profile_id)?;
        let (is_admin, held) = profile.map_or((false, CapabilitySet::EMPTY), |p| {
            (p.is_admin(), effective_capabilities(user.kind(), p.capabilities))
        });
        check_power_over(&self.grantor(), is_admin, held).map_err(|refused: GrantRefused| refused.into())
    }

    /// Whether this user is the one whose rights apply.
    pub fn is(&self, user: UserId) -> bool {
        self.subject.as_ref().is_some_and(|s| s.user.id == user)
    }

    /// A new id of this instant.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        Clock::new_id(self.now).into()
    }

    /// Goes on when the resource still has a version that the caller expects.
    ///
    /// # Errors
    /// 412 `precondition_failed`.
    pub fn expect_version(&self, id: impl Into<Uuid>, version: i64) -> Result<(), UseCaseError> {
        self.if_match.check(&version_tag(id, version)).map_err(|_| {
            Refusal::new(
                Class::PreconditionFailed,
                "precondition_failed",
                "the resource has changed meanwhile",
            )
            .into()
        })
    }

    /// Records what the caller did.
    pub fn audit(
        &self,
        tx: &mut WriteTx<'_>,
        action: &'static str,
        target: Option<(&'static str, Uuid)>,
        changes: Value,
    ) {
        tx.audit(self.event(action, target, changes));
    }

    /// The audit event of something the caller did.
    pub fn event(
        &self,
        action: &'static str,
        target: Option<(&'static str, Uuid)>,
        changes: Value,
    ) -> AuditEvent {
        let on_behalf_of = match self.actor {
            AuditActor::Service(_) => self.subject.as_ref().map(|s| s.user.id),
            _ => None,
        };
        AuditEvent {
            id: self.new_id(),
            org: self.org.id,
            at: self.now,
            actor: self.actor,
            on_behalf_of,
            action,
            target_type: target.map(|(kind, _)| kind),
            target_id: target.map(|(_, id)| id),
            changes,
            request_id: Some(self.request_id.clone()),
        }
    }

    /// Queues a mail in the transaction of its cause; the worker is woken after the commit.
    ///
    /// # Errors
    /// When the database fails.
    pub fn queue_mail(&self, tx: &mut WriteTx<'_>, mail: &OutboxMail) -> Result<(), UseCaseError> {
        outbox::queue(tx, mail)?;
        self.mail_queued.set(true);
        Ok(())
    }

    /// Says that there is work for the worker, who is woken after the commit.
    pub fn leave_to_worker(&self) {
        self.mail_queued.set(true);
    }

    /// Whether a mail was queued, or other work left to the worker.
    pub fn has_queued_mail(&self) -> bool {
        self.mail_queued.get()
    }
}

fn refuse_acting_for_others(presented: &Presented) -> Result<(), UseCaseError> {
    match presented.on_behalf_of {
        None => Ok(()),
        Some(_) => Err(UseCaseError::forbidden(
            "act_as_not_allowed",
            "only a service token with the scope act_as acts on behalf of others",
        )),
    }
}

/// The entity tag of a version of a resource.
pub fn version_tag(id: impl Into<Uuid>, version: i64) -> ETag {
    ETag::new(id.into(), u64::try_from(version).unwrap_or(0))
}
