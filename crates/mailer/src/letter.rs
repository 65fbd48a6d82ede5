//! The words of every mail, in one place; text and HTML are two layouts of the same letter.

use crate::address::Mailbox;
use crate::error::MailError;
use crate::link::Link;
use crate::template::{
    AccessEnded, AccountInvitation, EndReminder, FreshLink, GuestInvitation, LastDay, MailTemplate,
    NewLastDay, PasswordReset, Person, Reader, WhyEnded,
};
use askama::Template;
use time::{Date, Duration};

/// What a mail says, before it has a layout.
pub(crate) struct Letter<'a> {
    pub(crate) subject: String,
    heading: String,
    greeting: String,
    paragraphs: Vec<String>,
    action: Option<Action<'a>>,
    facts: Vec<Fact>,
    notes: Vec<String>,
}

struct Action<'a> {
    label: &'static str,
    link: &'a Link,
}

struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct TextLayout<'a>(&'a Letter<'a>);

#[derive(Template)]
#[template(path = "letter.html")]
struct HtmlLayout<'a>(&'a Letter<'a>);

impl<'a> Letter<'a> {
    pub(crate) fn write(template: &'a MailTemplate, to: &Mailbox, org: &str) -> Self {
        let letter = match template {
            MailTemplate::ActivateGuestAccess(mail) => activate_guest_access(mail, org),
            MailTemplate::ActivateAccount(mail) => activate_account(mail, org),
            MailTemplate::ClaimLinkAgain(mail) => claim_link_again(mail, org),
            MailTemplate::EndsInAWeek(mail) => ends_soon(mail, org, "in 7 days"),
            MailTemplate::EndsTomorrow(mail) => ends_soon(mail, org, "tomorrow"),
            MailTemplate::AccessEnded(mail) => access_ended(mail, org),
            MailTemplate::AccessExtended(mail) => new_last_day(mail, org, "was extended", "to"),
            MailTemplate::AccessChanged(mail) => new_last_day(mail, org, "has a new last day", "–"),
            MailTemplate::PasswordReset(mail) => password_reset(mail, org, to),
        };
        letter.greet(to)
    }

    /// The text and the HTML.
    pub(crate) fn render(&self) -> Result<(String, String), MailError> {
        let refused = |_| MailError::permanent("the mail could not be written");
        Ok((
            TextLayout(self).render().map_err(refused)?,
            HtmlLayout(self).render().map_err(refused)?,
        ))
    }

    fn new(subject: String, heading: String) -> Self {
        Self {
            subject,
            heading,
            greeting: String::new(),
            paragraphs: Vec::new(),
            action: None,
            facts: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn greet(mut self, to: &Mailbox) -> Self {
        self.greeting = if to.name().is_empty() {
            "Hello,".into()
        } else {
            format!("Hello {},", to.name())
        };
        self
    }

    fn say(mut self, paragraph: impl Into<String>) -> Self {
        self.paragraphs.push(paragraph.into());
        self
    }

    fn offer(mut self, label: &'static str, link: impl Into<Option<&'a Link>>) -> Self {
        self.action = link.into().map(|link| Action { label, link });
        self
    }

    fn fact(mut self, name: &'static str, value: Option<String>) -> Self {
        self.facts.extend(value.map(|value| Fact { name, value }));
        self
    }

    fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}

fn activate_guest_access<'a>(mail: &'a GuestInvitation, org: &str) -> Letter<'a> {
    let subject = format!("Welcome to {org} – activate your guest access");
    Letter::new(subject, format!("Welcome to {org}"))
        .say(format!(
            "{} has invited you to {org} as a guest.",
            mail.invited_by.called()
        ))
        .say(format!(
            "Activate your access with the link below. {}",
            until(&mail.last_day)
        ))
        .offer("Activate guest access", &mail.link)
        .fact("Last day", Some(day_and_zone(&mail.last_day)))
        .fact("Invited by", Some(mail.invited_by.to_string()))
        .fact("The link works for", Some(lifetime(mail.link_lifetime)))
        .note(KEEP_TO_YOURSELF)
        .note("If you did not expect this invitation, you can ignore this mail.")
}

fn activate_account<'a>(mail: &'a AccountInvitation, org: &str) -> Letter<'a> {
    let opening = match &mail.invited_by {
        Some(person) => format!("{} has made an account for you at {org}.", person.called()),
        None => format!("An account was made for you at {org}."),
    };
    Letter::new(
        format!("Welcome to {org} – activate your account"),
        format!("Welcome to {org}"),
    )
    .say(opening)
    .say("Activate it with the link below.")
    .offer("Activate account", &mail.link)
    .fact("Made by", mail.invited_by.as_ref().map(Person::to_string))
    .fact("The link works for", Some(lifetime(mail.link_lifetime)))
    .note(KEEP_TO_YOURSELF)
    .note("If you did not expect this mail, you can ignore it.")
}

fn claim_link_again<'a>(mail: &'a FreshLink, org: &str) -> Letter<'a> {
    let (subject, what, label) = match &mail.last_day {
        Some(_) => (
            "activate your guest access to",
            "guest access to",
            "Activate guest access",
        ),
        None => ("activate your account at", "account at", "Activate account"),
    };
    let letter = Letter::new(
        format!("New link to {subject} {org}"),
        format!("Your new link for {org}"),
    )
    .say(format!(
        "Here is a new link to activate your {what} {org}. Earlier links no longer work."
    ));
    let letter = match &mail.last_day {
        Some(day) => letter.say(until(day)).fact("Last day", Some(day_and_zone(day))),
        None => letter,
    };
    letter
        .offer(label, &mail.link)
        .fact("Contact", mail.contact.as_ref().map(Person::to_string))
        .fact("The link works for", Some(lifetime(mail.link_lifetime)))
        .note(KEEP_TO_YOURSELF)
        .note("If you did not expect this mail, you can ignore it.")
}

fn ends_soon<'a>(mail: &'a EndReminder, org: &str, when: &str) -> Letter<'a> {
    // A mail may be read late: the date stays true where "tomorrow" doesn't.
    let day = day(mail.last_day.date);
    let whose = whose(&mail.reader);
    let subject = format!("{whose} guest access to {org} ends {when}: {day} is the last day");
    let letter = Letter::new(subject, format!("Guest access ends {when}"));
    let letter = match &mail.reader {
        Reader::Guest { .. } => letter
            .say(format!(
                "Your guest access to {org} ends soon. {}",
                until(&mail.last_day)
            ))
            .say("If you need it for longer, ask the person who answers for your access before then.")
            .offer("Sign in", &mail.link),
        Reader::Sponsor { guest } => letter
            .say(format!(
                "The guest access of {} to {org} ends soon. {} is the last day.",
                guest.called(),
                day_and_zone(&mail.last_day)
            ))
            .say("If it is still needed, extend it before then; otherwise there is nothing to do.")
            .offer("Review this guest", &mail.link),
    };
    about(letter, &mail.reader).fact("Last day", Some(day_and_zone(&mail.last_day)))
}

fn access_ended<'a>(mail: &'a AccessEnded, org: &str) -> Letter<'a> {
    let whose = whose(&mail.reader);
    let cause = match &mail.why {
        WhyEnded::Expired(last_day) => format!("{} was the last day.", day_and_zone(last_day)),
        WhyEnded::Revoked => format!("An administrator of {org} ended it."),
    };
    let letter = Letter::new(
        format!("{whose} guest access to {org} has ended"),
        "Guest access has ended".into(),
    )
    .say(format!("{whose} guest access to {org} has ended. {cause}"));
    let letter = match &mail.reader {
        Reader::Guest { .. } => letter
            .say("You can no longer sign in. If you need access again, ask the person who answered for it.")
            .offer("Open", &mail.link),
        Reader::Sponsor { .. } => letter
            .say("Nothing the guest made was lost. An administrator can give access again.")
            .offer("Review this guest", &mail.link),
    };
    about(letter, &mail.reader)
}

fn new_last_day<'a>(mail: &'a NewLastDay, org: &str, what: &str, joint: &str) -> Letter<'a> {
    let whose = whose(&mail.reader);
    let subject = format!(
        "{whose} guest access to {org} {what} {joint} {}",
        day(mail.last_day.date)
    );
    let letter = Letter::new(subject, format!("Guest access {what}"));
    let letter = match &mail.reader {
        Reader::Guest { .. } => letter
            .say(format!(
                "Your guest access to {org} {what}. {}",
                until(&mail.last_day)
            ))
            .offer("Sign in", &mail.link),
        Reader::Sponsor { guest } => letter
            .say(format!(
                "The guest access of {} to {org} {what}. {} is the last day.",
                guest.called(),
                day_and_zone(&mail.last_day)
            ))
            .offer("Review this guest", &mail.link),
    };
    about(letter, &mail.reader).fact("Last day", Some(day_and_zone(&mail.last_day)))
}

fn password_reset<'a>(mail: &'a PasswordReset, org: &str, to: &Mailbox) -> Letter<'a> {
    Letter::new(
        format!("Reset your password for {org}"),
        "Reset your password".into(),
    )
    .say(format!(
        "Someone asked to reset the password of {} at {org}.",
        to.email()
    ))
    .say("If that was you, choose a new password with the link below.")
    .offer("Choose a new password", &mail.link)
    .fact("The link works for", Some(lifetime(mail.link_lifetime)))
    .note(KEEP_TO_YOURSELF)
    .note("If it was not you, ignore this mail: your password stays as it is.")
}

const KEEP_TO_YOURSELF: &str =
    "The link is meant for you alone and works once. Please do not forward this mail.";

fn whose(reader: &Reader) -> String {
    match reader {
        Reader::Guest { .. } => "Your".to_owned(),
        Reader::Sponsor { guest } => format!("{}'s", guest.called()),
    }
}

fn about<'a>(letter: Letter<'a>, reader: &Reader) -> Letter<'a> {
    match reader {
        Reader::Guest { sponsor } => letter.fact("Sponsor", sponsor.as_ref().map(Person::to_string)),
        Reader::Sponsor { guest } => letter.fact("Guest", Some(guest.to_string())),
    }
}

fn until(last_day: &LastDay) -> String {
    format!(
        "You can use your access up to and including {}.",
        day_and_zone(last_day)
    )
}

fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), date.month(), date.year())
}

fn day_and_zone(last_day: &LastDay) -> String {
    let day = day(last_day.date);
    if last_day.zone.is_empty() {
        day
    } else {
        format!("{day} ({} time)", last_day.zone)
    }
}

/// The longest unit that says it exactly: `3 days`, `36 hours`, `90 minutes`.
fn lifetime(duration: Duration) -> String {
    let minutes = duration.whole_minutes().max(1);
    let (count, unit) = match minutes {
        _ if minutes % (24 * 60) == 0 && minutes > 24 * 60 => (minutes / (24 * 60), "day"),
        _ if minutes % 60 == 0 => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn lifetimes_are_told_in_the_longest_unit_that_is_exact() {
        for (duration, words) in [
            (Duration::hours(168), "7 days"),
            (Duration::hours(72), "3 days"),
            (Duration::hours(36), "36 hours"),
            (Duration::hours(24), "24 hours"),
            (Duration::hours(1), "1 hour"),
            (Duration::minutes(90), "90 minutes"),
            (Duration::minutes(1), "1 minute"),
            (Duration::ZERO, "1 minute"),
        ] {
            assert_eq!(lifetime(duration), words);
        }
    }

    #[test]
    fn days_are_written_out_with_their_zone() {
        assert_eq!(
            day_and_zone(&LastDay::new(date!(2026 - 03 - 01), "Asia/Tokyo")),
            "1 March 2026 (Asia/Tokyo time)"
        );
        assert_eq!(
            day_and_zone(&LastDay::new(date!(2028 - 12 - 31), "")),
            "31 December 2028"
        );
    }
}
