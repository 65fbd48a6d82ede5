//! From an outbox row to a mail: reads the rows as they are now, decides whether the mail is still wanted, and mints
//! the token of its link.

use secrecy::ExposeSecret;
use time::{Duration, UtcDateTime};
use vestibule_guest_lifecycle::link_expiry;
use vestibule_mailer::{
    AccessEnded, AccountInvitation, EndReminder, FreshLink, GuestInvitation, LastDay, Link, MailError,
    MailTemplate, Mailbox, NewLastDay, PasswordReset, Person, Reader, WhyEnded,
};
use vestibule_persistence::ids::UserId;
use vestibule_persistence::one_time_links::{self, LinkPurpose, OneTimeLink};
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::outbox::OutboxMail;
use vestibule_persistence::users::{self, GuestDetails, SignInMethod, User};
use vestibule_persistence::{StoreError, WriteTx};

use super::{AccessNotice, Audience, EndCause, LastDayChange, LinkEpochs, MailPayload};
use crate::clock::Clock;
use crate::config::PublicUrl;
use crate::error::WorkError;
use crate::token::{self, TokenKind};

/// How long a password-reset link works.
const RESET_LINK_LIFETIME: Duration = Duration::hours(1);

/// What became of composing a mail.
pub(super) enum Composed {
    /// To be delivered.
    Mail(Box<Mail>),
    /// Its cause no longer holds, for this reason.
    Unwanted(&'static str),
    /// It can't be written, ever.
    Unwritable(String),
}

/// A mail with everything but its layout.
pub(super) struct Mail {
    pub(super) template: MailTemplate,
    pub(super) to: Mailbox,
    pub(super) org_name: String,
}

/// Why there is no mail.
enum NoMail {
    Unwanted(&'static str),
    Unwritable(String),
    Failed(WorkError),
}

impl From<StoreError> for NoMail {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<MailError> for NoMail {
    fn from(error: MailError) -> Self {
        Self::Unwritable(error.to_string())
    }
}

/// Composes a mail in the transaction that its link, if it has one, is written in.
pub(super) fn compose(
    tx: &mut WriteTx<'_>,
    mail: &OutboxMail,
    public_url: &PublicUrl,
    now: UtcDateTime,
) -> Result<Composed, WorkError> {
    match written(tx, mail, public_url, now) {
        Ok(mail) => Ok(Composed::Mail(Box::new(mail))),
        Err(NoMail::Unwanted(reason)) => Ok(Composed::Unwanted(reason)),
        Err(NoMail::Unwritable(reason)) => Ok(Composed::Unwritable(reason)),
        Err(NoMail::Failed(error)) => Err(error),
    }
}

fn written(
    tx: &mut WriteTx<'_>,
    mail: &OutboxMail,
    public_url: &PublicUrl,
    now: UtcDateTime,
) -> Result<Mail, NoMail> {
    let payload: MailPayload = serde_json::from_value(mail.payload.clone())
        .map_err(|error| NoMail::Unwritable(format!("the payload is not understood: {error}")))?;
    let org = orgs::find(tx, mail.org)?.ok_or(NoMail::Unwanted("the org is gone"))?;
    let reader = users::find(tx, mail.org, mail.user_id)?.ok_or(NoMail::Unwanted("the reader is gone"))?;
    let to = Mailbox::new(&reader.full_name(), &reader.email)?;
    let mut desk = Desk {
        tx,
        org: &org,
        reader: &reader,
        public_url,
        now,
    };
    let template = match payload {
        MailPayload::Invitation { invited_by, epochs } => desk.invitation(invited_by, epochs),
        MailPayload::ClaimLinkAgain { epochs } => desk.claim_link_again(epochs),
        MailPayload::PasswordReset { epochs } => desk.password_reset(epochs),
        MailPayload::EndsInAWeek(notice) => desk.end_reminder(&notice).map(MailTemplate::EndsInAWeek),
        MailPayload::EndsTomorrow(notice) => desk.end_reminder(&notice).map(MailTemplate::EndsTomorrow),
        MailPayload::AccessEnded { notice, cause } => desk.access_ended(&notice, cause),
        MailPayload::AccessChanged { notice, change } => desk.access_changed(&notice, change),
    }?;
    Ok(Mail {
        template,
        to,
        org_name: org.name,
    })
}

/// What a mail is written from.
struct Desk<'d, 'tx> {
    tx: &'d mut WriteTx<'tx>,
    org: &'d Org,
    reader: &'d User,
    public_url: &'d PublicUrl,
    now: UtcDateTime,
}

impl Desk<'_, '_> {
    fn invitation(&mut self, invited_by: Option<UserId>, epochs: LinkEpochs) -> Result<MailTemplate, NoMail> {
        let (link, link_lifetime) = self.claim_link(epochs)?;
        let invited_by = self.person(invited_by)?;
        let Some(guest) = self.reader.guest() else {
            return Ok(MailTemplate::ActivateAccount(AccountInvitation {
                invited_by,
                link,
                link_lifetime,
            }));
        };
        let invited_by = match invited_by {
            Some(person) => person,
            // A service has invited, or the inviter has been deleted since.
            None => self
                .person(guest.sponsor_id)?
                .unwrap_or_else(|| Person::new(&self.org.name, "")),
        };
        let last_day = self.last_day(guest);
        Ok(MailTemplate::ActivateGuestAccess(GuestInvitation {
            invited_by,
            link,
            link_lifetime,
            last_day,
        }))
    }

    fn claim_link_again(&mut self, epochs: LinkEpochs) -> Result<MailTemplate, NoMail> {
        let (link, link_lifetime) = self.claim_link(epochs)?;
        let guest = self.reader.guest();
        let last_day = guest.map(|guest| self.last_day(guest));
        let contact = self.person(guest.and_then(|guest| guest.sponsor_id))?;
        Ok(MailTemplate::ClaimLinkAgain(FreshLink {
            link,
            link_lifetime,
            last_day,
            contact,
        }))
    }

    fn password_reset(&mut self, epochs: LinkEpochs) -> Result<MailTemplate, NoMail> {
        self.check_epochs(epochs)?;
        let password = self.reader.sign_in == SignInMethod::Password
            && (self.reader.guest().is_none() || self.org.guests_may_use_passwords);
        if self.reader.claimed_at.is_none() || !password {
            return Err(NoMail::Unwanted("the reader has no password to reset"));
        }
        let expires_at = self.now + RESET_LINK_LIFETIME;
        let link = self.link(LinkPurpose::PasswordReset, epochs, expires_at)?;
        Ok(MailTemplate::PasswordReset(PasswordReset {
            link,
            link_lifetime: RESET_LINK_LIFETIME,
        }))
    }

    fn end_reminder(&mut self, notice: &AccessNotice) -> Result<EndReminder, NoMail> {
        let guest = self.guest(notice)?;
        self.check_still_until(&guest, notice)?;
        let (reader, link) = self.reader_of(&guest, notice)?;
        Ok(EndReminder {
            reader,
            last_day: notice_day(notice),
            link: Some(link),
        })
    }

    fn access_ended(&mut self, notice: &AccessNotice, cause: EndCause) -> Result<MailTemplate, NoMail> {
        let guest = self.guest(notice)?;
        if guest.in_good_standing(self.now) {
            return Err(NoMail::Unwanted("access has been given again"));
        }
        let (reader, link) = self.reader_of(&guest, notice)?;
        let why = match cause {
            EndCause::Expired => WhyEnded::Expired(notice_day(notice)),
            EndCause::Revoked => WhyEnded::Revoked,
        };
        let link = matches!(reader, Reader::Sponsor { .. }).then_some(link);
        Ok(MailTemplate::AccessEnded(AccessEnded { reader, why, link }))
    }

    fn access_changed(
        &mut self,
        notice: &AccessNotice,
        change: LastDayChange,
    ) -> Result<MailTemplate, NoMail> {
        let guest = self.guest(notice)?;
        self.check_still_until(&guest, notice)?;
        let (reader, link) = self.reader_of(&guest, notice)?;
        let news = NewLastDay {
            reader,
            last_day: notice_day(notice),
            link: Some(link),
        };
        Ok(match change {
            LastDayChange::Extended => MailTemplate::AccessExtended(news),
            LastDayChange::Other => MailTemplate::AccessChanged(news),
        })
    }

    /// A claim link for the reader, and how long it works.
    fn claim_link(&mut self, epochs: LinkEpochs) -> Result<(Link, Duration), NoMail> {
        self.check_epochs(epochs)?;
        if self.reader.claimed_at.is_some() {
            return Err(NoMail::Unwanted("the account has been claimed"));
        }
        let access_ends_at = self.reader.guest().map(|guest| guest.window.ends_at);
        let expires_at = link_expiry(self.now, self.org.claim_link_ttl, access_ends_at);
        let link = self.link(LinkPurpose::Claim, epochs, expires_at)?;
        Ok((link, expires_at - self.now))
    }

    /// Whether the reader may still follow the link that was asked for.
    fn check_epochs(&self, epochs: LinkEpochs) -> Result<(), NoMail> {
        if LinkEpochs::of(self.reader) != epochs {
            Err(NoMail::Unwanted(
                "a newer link was asked for, or access has ended",
            ))
        } else if !self.reader.in_good_standing(self.now) {
            Err(NoMail::Unwanted("the reader has no access"))
        } else if self.reader.guest().is_some() && !self.org.guest_access {
            Err(NoMail::Unwanted("guest access is switched off"))
        } else {
            Ok(())
        }
    }

    fn link(
        &mut self,
        purpose: LinkPurpose,
        epochs: LinkEpochs,
        expires_at: UtcDateTime,
    ) -> Result<Link, NoMail> {
        let (kind, page) = match purpose {
            LinkPurpose::Claim => (TokenKind::Claim, "/claim"),
            LinkPurpose::PasswordReset => (TokenKind::Reset, "/reset"),
        };
        let (token, token_hash) =
            token::mint(kind, self.org.id).map_err(|error| NoMail::Failed(error.into()))?;
        let url = self
            .public_url
            .join(&format!("{page}#token={}", token.expose_secret()));
        let link = OneTimeLink {
            id: Clock::new_id(self.now).into(),
            user_id: self.reader.id,
            purpose,
            token_hash,
            access_epoch: epochs.access_epoch,
            link_epoch: epochs.link_epoch,
            created_at: self.now,
            expires_at,
            used_at: None,
        };
        one_time_links::insert(self.tx, self.org.id, &link)?;
        Ok(Link::new(&url)?)
    }

    fn guest(&mut self, notice: &AccessNotice) -> Result<User, NoMail> {
        if notice.guest_id == self.reader.id {
            return Ok(self.reader.clone());
        }
        users::find(self.tx, self.org.id, notice.guest_id)?.ok_or(NoMail::Unwanted("the guest is gone"))
    }

    /// Whether the guest's access still lasts until the day that the mail names.
    fn check_still_until(&self, guest: &User, notice: &AccessNotice) -> Result<(), NoMail> {
        let same_day = guest
            .guest()
            .is_some_and(|details| details.window.ends_on == notice.ends_on);
        if !guest.in_good_standing(self.now) {
            Err(NoMail::Unwanted("access has ended"))
        } else if !same_day {
            Err(NoMail::Unwanted("the last day has moved"))
        } else {
            Ok(())
        }
    }

    /// Who reads, and where their mail leads.
    fn reader_of(&mut self, guest: &User, notice: &AccessNotice) -> Result<(Reader, Link), NoMail> {
        Ok(match notice.audience {
            Audience::Guest => {
                let sponsor = self.person(guest.guest().and_then(|details| details.sponsor_id))?;
                (Reader::Guest { sponsor }, Link::new(&self.public_url.join("/"))?)
            }
            Audience::Sponsor(_) if self.reader.deactivated_at().is_some() => {
                return Err(NoMail::Unwanted("the sponsor is deactivated"));
            }
            Audience::Sponsor(_) => {
                let link = Link::new(&self.public_url.join(&format!("/guests/{}", guest.id)))?;
                (Reader::Sponsor { guest: named(guest) }, link)
            }
        })
    }

    fn person(&mut self, id: Option<UserId>) -> Result<Option<Person>, NoMail> {
        let Some(id) = id else { return Ok(None) };
        Ok(users::find(self.tx, self.org.id, id)?.map(|user| named(&user)))
    }

    fn last_day(&self, guest: &GuestDetails) -> LastDay {
        LastDay::new(guest.window.ends_on, self.org.zone.name())
    }
}

fn named(user: &User) -> Person {
    Person::new(&user.full_name(), &user.email)
}

fn notice_day(notice: &AccessNotice) -> LastDay {
    LastDay::new(notice.ends_on, &notice.zone)
}
