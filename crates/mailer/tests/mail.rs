//! What readers and mail servers get to see, through the public face alone.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

#[path = "mail/file.rs"]
mod file;
#[path = "mail/injection.rs"]
mod injection;
#[path = "mail/logs.rs"]
mod logs;
#[path = "mail/settings.rs"]
mod settings;
#[path = "mail/smtp.rs"]
mod smtp;
#[path = "mail/words.rs"]
mod words;

use time::macros::{date, utc_datetime};
use time::{Duration, UtcDateTime};
use uuid::Uuid;
use vestibule_mailer::{
    AccessEnded, AccountInvitation, EndReminder, FreshLink, GuestInvitation, LastDay, Link, MailTemplate,
    Mailbox, Message, NewLastDay, PasswordReset, Person, Reader, WhyEnded,
};

pub const TOKEN: &str = "c2VjcmV0LXRva2VuLW9mLTI1Ni1iaXRzLWluLWJhc2U2NA";
pub const WRITTEN: UtcDateTime = utc_datetime!(2026-03-01 9:30);

pub fn from() -> Mailbox {
    Mailbox::parse("Vestibule <no-reply@vestibule.example>").unwrap()
}

pub fn ada() -> Mailbox {
    Mailbox::new("Ada Lovelace", "ada@example.com").unwrap()
}

pub fn grace() -> Person {
    Person::new("Grace Hopper", "grace@acme.example")
}

pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub fn claim_link() -> Link {
    Link::new(&format!("https://guests.example/claim#token={TOKEN}")).unwrap()
}

pub fn last_day() -> LastDay {
    LastDay::new(date!(2026 - 03 - 14), "Europe/Berlin")
}

pub fn invitation() -> MailTemplate {
    MailTemplate::ActivateGuestAccess(GuestInvitation {
        invited_by: grace(),
        link: claim_link(),
        link_lifetime: Duration::hours(72),
        last_day: last_day(),
    })
}

pub fn message(number: u128) -> Message {
    invitation().render(id(number), ada(), "Acme", WRITTEN).unwrap()
}

pub fn message_to(email: &str) -> Message {
    invitation()
        .render(id(1), Mailbox::new("", email).unwrap(), "Acme", WRITTEN)
        .unwrap()
}

/// Every mail, in both versions where there are two.
pub fn every_mail() -> Vec<MailTemplate> {
    let guest = || Reader::Guest {
        sponsor: Some(grace()),
    };
    let sponsor = || Reader::Sponsor {
        guest: Person::new("Ada Lovelace", "ada@example.com"),
    };
    let page = || Some(Link::new("https://guests.example/guests/1").unwrap());
    let sign_in = || Some(Link::new("https://guests.example/sign-in").unwrap());
    let fresh = |last_day| FreshLink {
        link: claim_link(),
        link_lifetime: Duration::hours(24),
        last_day,
        contact: Some(grace()),
    };
    let account = |invited_by| AccountInvitation {
        invited_by,
        link: claim_link(),
        link_lifetime: Duration::hours(36),
    };
    let reminder = |reader, link| EndReminder {
        reader,
        last_day: last_day(),
        link,
    };
    let ended = |reader, why, link| AccessEnded { reader, why, link };
    let new = |reader, link| NewLastDay {
        reader,
        last_day: last_day(),
        link,
    };
    let reset_link = Link::new(&format!("https://guests.example/reset#token={TOKEN}")).unwrap();
    vec![
        invitation(),
        MailTemplate::ActivateAccount(account(Some(grace()))),
        MailTemplate::ActivateAccount(account(None)),
        MailTemplate::ClaimLinkAgain(fresh(Some(last_day()))),
        MailTemplate::ClaimLinkAgain(fresh(None)),
        MailTemplate::EndsInAWeek(reminder(guest(), sign_in())),
        MailTemplate::EndsInAWeek(reminder(sponsor(), page())),
        MailTemplate::EndsTomorrow(reminder(guest(), sign_in())),
        MailTemplate::EndsTomorrow(reminder(sponsor(), page())),
        MailTemplate::AccessEnded(ended(guest(), WhyEnded::Expired(last_day()), None)),
        MailTemplate::AccessEnded(ended(guest(), WhyEnded::Revoked, None)),
        MailTemplate::AccessEnded(ended(sponsor(), WhyEnded::Expired(last_day()), page())),
        MailTemplate::AccessExtended(new(guest(), sign_in())),
        MailTemplate::AccessExtended(new(sponsor(), page())),
        MailTemplate::AccessChanged(new(guest(), sign_in())),
        MailTemplate::AccessChanged(new(sponsor(), page())),
        MailTemplate::PasswordReset(PasswordReset {
            link: reset_link,
            link_lifetime: Duration::minutes(90),
        }),
    ]
}
