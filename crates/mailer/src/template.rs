use crate::address::{Mailbox, one_line};
use crate::error::MailError;
use crate::letter::Letter;
use crate::link::Link;
use crate::message::Message;
use std::fmt;
use time::{Date, Duration, UtcDateTime};
use uuid::Uuid;

/// Every mail Vestibule sends, each with what it needs to be written.
///
/// The reader's name and address, the org and the date come with [`MailTemplate::render`].
///
/// # Examples
///
/// ```
/// use time::{Duration, macros::{date, utc_datetime}};
/// use uuid::Uuid;
/// use vestibule_mailer::{GuestInvitation, LastDay, Link, MailTemplate, Mailbox, Person};
///
/// let invitation = MailTemplate::ActivateGuestAccess(GuestInvitation {
///     invited_by: Person::new("Grace Hopper", "grace@acme.example"),
///     link: Link::new("https://guests.example/claim#token=s3cret")?,
///     link_lifetime: Duration::hours(72),
///     last_day: LastDay::new(date!(2026-03-14), "Europe/Berlin"),
/// });
/// let to = Mailbox::new("Ada Lovelace", "ada@example.com")?;
/// let message = invitation.render(Uuid::nil(), to, "Acme", utc_datetime!(2026-03-01 9:00))?;
///
/// assert_eq!(message.subject, "Welcome to Acme – activate your guest access");
/// assert!(message.text.contains("14 March 2026"));
/// assert!(message.text.contains("https://guests.example/claim#token=s3cret"));
/// assert!(!format!("{message:?} {invitation:?}").contains("s3cret"));
/// # Ok::<(), vestibule_mailer::MailError>(())
/// ```
#[derive(Debug, Clone)]
pub enum MailTemplate {
    /// The invitation of a guest.
    ActivateGuestAccess(GuestInvitation),
    /// The invitation of a standard user.
    ActivateAccount(AccountInvitation),
    /// A fresh link for someone who was invited before; the earlier ones are dead.
    ClaimLinkAgain(FreshLink),
    /// Seven days before the end.
    EndsInAWeek(EndReminder),
    /// Twenty-four hours before the end.
    EndsTomorrow(EndReminder),
    /// The access is over.
    AccessEnded(AccessEnded),
    /// The last day moved later.
    AccessExtended(NewLastDay),
    /// The last day changed in another way: earlier, or after a reinstatement.
    AccessChanged(NewLastDay),
    /// A link to choose a new password.
    PasswordReset(PasswordReset),
}

/// Which mail it is, as a word that an outbox can store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// `activate_guest_access`
    ActivateGuestAccess,
    /// `activate_account`
    ActivateAccount,
    /// `claim_link_again`
    ClaimLinkAgain,
    /// `ends_in_a_week`
    EndsInAWeek,
    /// `ends_tomorrow`
    EndsTomorrow,
    /// `access_ended`
    AccessEnded,
    /// `access_extended`
    AccessExtended,
    /// `access_changed`
    AccessChanged,
    /// `password_reset`
    PasswordReset,
}

impl MailKind {
    /// Every kind, in the order of [`MailTemplate`].
    pub const ALL: [Self; 9] = [
        Self::ActivateGuestAccess,
        Self::ActivateAccount,
        Self::ClaimLinkAgain,
        Self::EndsInAWeek,
        Self::EndsTomorrow,
        Self::AccessEnded,
        Self::AccessExtended,
        Self::AccessChanged,
        Self::PasswordReset,
    ];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ActivateGuestAccess => "activate_guest_access",
            Self::ActivateAccount => "activate_account",
            Self::ClaimLinkAgain => "claim_link_again",
            Self::EndsInAWeek => "ends_in_a_week",
            Self::EndsTomorrow => "ends_tomorrow",
            Self::AccessEnded => "access_ended",
            Self::AccessExtended => "access_extended",
            Self::AccessChanged => "access_changed",
            Self::PasswordReset => "password_reset",
        }
    }

    /// The kind behind a stored word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for MailKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Someone a mail speaks about, shown as `Name (email)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    name: String,
    email: String,
}

impl Person {
    /// Takes name and email as people typed them; either may be empty.
    #[must_use]
    pub fn new(name: &str, email: &str) -> Self {
        Self {
            name: one_line(name),
            email: one_line(email),
        }
    }

    /// The name, or the email of someone without one.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.name.is_empty() {
            &self.email
        } else {
            &self.name
        }
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() || self.email.is_empty() {
            write!(f, "{}{}", self.name, self.email)
        } else {
            write!(f, "{} ({})", self.name, self.email)
        }
    }
}

/// The last usable day, inclusive, in the org's zone; shown like `14 March 2026`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDay {
    pub(crate) date: Date,
    pub(crate) zone: String,
}

impl LastDay {
    /// A day and the IANA name of the zone it is meant in.
    #[must_use]
    pub fn new(date: Date, zone: &str) -> Self {
        Self {
            date,
            zone: one_line(zone),
        }
    }
}

/// Who reads a mail about a guest's access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// The guest.
    Guest {
        /// Whom the guest can ask, when there is someone.
        sponsor: Option<Person>,
    },
    /// The guest's sponsor.
    Sponsor {
        /// Whose access it is.
        guest: Person,
    },
}

/// What the invitation of a guest says.
#[derive(Debug, Clone)]
pub struct GuestInvitation {
    /// Who invited them.
    pub invited_by: Person,
    /// The claim link.
    pub link: Link,
    /// How long the link works.
    pub link_lifetime: Duration,
    /// How long the access lasts.
    pub last_day: LastDay,
}

/// What the invitation of a standard user says.
#[derive(Debug, Clone)]
pub struct AccountInvitation {
    /// Who made the account; nobody when the org was made on the command line.
    pub invited_by: Option<Person>,
    /// The claim link.
    pub link: Link,
    /// How long the link works.
    pub link_lifetime: Duration,
}

/// What a claim link sent again says.
#[derive(Debug, Clone)]
pub struct FreshLink {
    /// The new claim link.
    pub link: Link,
    /// How long the link works.
    pub link_lifetime: Duration,
    /// A guest's last day; `None` for a standard user.
    pub last_day: Option<LastDay>,
    /// Whom to ask, when there is someone.
    pub contact: Option<Person>,
}

/// What a reminder says.
#[derive(Debug, Clone)]
pub struct EndReminder {
    /// Who reads it.
    pub reader: Reader,
    /// How long the access lasts.
    pub last_day: LastDay,
    /// Where to go: a guest signs in there, a sponsor finds the guest there.
    pub link: Option<Link>,
}

/// What the mail after the end says.
#[derive(Debug, Clone)]
pub struct AccessEnded {
    /// Who reads it.
    pub reader: Reader,
    /// What ended it.
    pub why: WhyEnded,
    /// Where a sponsor finds the guest; usually `None` for guests, who can no longer sign in.
    pub link: Option<Link>,
}

/// What ended an access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyEnded {
    /// Its last day has passed.
    Expired(LastDay),
    /// An administrator ended it.
    Revoked,
}

/// What the mail about a new last day says.
#[derive(Debug, Clone)]
pub struct NewLastDay {
    /// Who reads it.
    pub reader: Reader,
    /// How long the access lasts from now on.
    pub last_day: LastDay,
    /// Where to go: a guest signs in there, a sponsor finds the guest there.
    pub link: Option<Link>,
}

/// What the mail for a forgotten password says.
#[derive(Debug, Clone)]
pub struct PasswordReset {
    /// The reset link.
    pub link: Link,
    /// How long the link works.
    pub link_lifetime: Duration,
}

impl MailTemplate {
    /// Which mail it is.
    #[must_use]
    pub fn kind(&self) -> MailKind {
        match self {
            Self::ActivateGuestAccess(_) => MailKind::ActivateGuestAccess,
            Self::ActivateAccount(_) => MailKind::ActivateAccount,
            Self::ClaimLinkAgain(_) => MailKind::ClaimLinkAgain,
            Self::EndsInAWeek(_) => MailKind::EndsInAWeek,
            Self::EndsTomorrow(_) => MailKind::EndsTomorrow,
            Self::AccessEnded(_) => MailKind::AccessEnded,
            Self::AccessExtended(_) => MailKind::AccessExtended,
            Self::AccessChanged(_) => MailKind::AccessChanged,
            Self::PasswordReset(_) => MailKind::PasswordReset,
        }
    }

    /// Writes the mail, as text and as HTML with the same words.
    ///
    /// `outbox_id` names the message for good: the same id is never two mails. `org` is the org's name,
    /// `date` the instant that the mail says it was written.
    ///
    /// # Errors
    ///
    /// [`MailError::Permanent`] when the mail can't be written; trying again doesn't help.
    pub fn render(
        &self,
        outbox_id: Uuid,
        to: Mailbox,
        org: &str,
        date: UtcDateTime,
    ) -> Result<Message, MailError> {
        let letter = Letter::write(self, &to, &one_line(org));
        let (text, html) = letter.render()?;
        Ok(Message {
            outbox_id,
            kind: self.kind(),
            to,
            subject: letter.subject,
            text,
            html,
            date,
        })
    }
}
