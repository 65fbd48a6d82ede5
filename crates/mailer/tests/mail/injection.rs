//! Names that try to be more than names.

use crate::{WRITTEN, claim_link, from, id, last_day};
use time::Duration;
use vestibule_mailer::{GuestInvitation, Link, MailTemplate, Mailbox, Person};
use vestibule_test_support::ParsedMail;

const HOSTILE: [&str; 7] = [
    "Eve\r\nBcc: everyone@example.com",
    "Eve\nSubject: You won\n\nbody",
    "Eve\rX-Evil: 1",
    "Eve\u{2028}X-Evil: 1\u{85}X-Evil: 2\u{0}",
    "\"Eve\" <eve@example.com>, mallory@example.com",
    "<script>alert(1)</script>&<b>\"'",
    "=?utf-8?Q?Eve=0D=0ABcc:_x@example.com?=",
];

fn invitation_by(name: &str) -> MailTemplate {
    MailTemplate::ActivateGuestAccess(GuestInvitation {
        invited_by: Person::new(name, name),
        link: claim_link(),
        link_lifetime: Duration::hours(72),
        last_day: last_day(),
    })
}

#[test]
fn no_name_or_org_adds_a_header_or_a_recipient() {
    for hostile in HOSTILE {
        let to = Mailbox::new(hostile, "ada@example.com").unwrap();
        let message = invitation_by(hostile)
            .render(id(1), to, hostile, WRITTEN)
            .unwrap();
        assert!(!message.subject.contains(['\r', '\n', '\u{2028}', '\u{85}', '\0']));
        let raw = message.to_eml(&from()).unwrap();
        let mail = ParsedMail::parse(&raw);
        for header in ["Bcc", "X-Evil"] {
            assert!(mail.header(header).is_empty(), "{hostile:?} made a {header}");
        }
        for header in ["To", "From", "Subject", "Message-ID"] {
            assert_eq!(mail.header(header).len(), 1, "{hostile:?} made another {header}");
        }
        assert_eq!(mail.to, "ada@example.com", "{hostile:?}");
        let parser = mail_parser::MessageParser::default();
        assert_eq!(
            parser.parse(&raw).unwrap().to().unwrap().iter().count(),
            1,
            "{hostile:?}"
        );
        assert_eq!(mail.to_name.as_deref(), Some(one_line(hostile).as_str()));
        assert!(
            mail.text.starts_with(&format!("Hello {},\n", one_line(hostile))),
            "{}",
            mail.text
        );
    }
}

#[test]
fn html_escapes_what_people_typed_and_text_does_not() {
    let name = "<script>alert(1)</script> & \"Co\"";
    let to = Mailbox::new(name, "ada@example.com").unwrap();
    let message = invitation_by(name).render(id(1), to, name, WRITTEN).unwrap();
    assert!(!message.html.contains("<script>"));
    assert!(!message.html.contains("& "));
    assert!(message.text.contains(name));
    assert!(!message.text.contains("&#"));
    assert!(message.subject.contains(name));
}

#[test]
fn a_link_cannot_leave_its_attribute_or_be_a_program() {
    let link = Link::new("https://guests.example/\"onclick=alert(1)>?a=1&b='2'#token=abc").unwrap();
    let template = MailTemplate::PasswordReset(vestibule_mailer::PasswordReset {
        link,
        link_lifetime: Duration::hours(1),
    });
    let to = Mailbox::new("", "ada@example.com").unwrap();
    let html = template.render(id(1), to, "Acme", WRITTEN).unwrap().html;
    let (_, rest) = html.split_once("<a href=\"").unwrap();
    let (href, _) = rest.split_once('"').unwrap();
    assert!(href.contains("onclick") && href.ends_with("token=abc"), "{href}");
    for refused in [
        "javascript:alert(1)",
        "data:text/html,x",
        "/claim#token=1",
        "guests.example",
        "",
    ] {
        assert!(Link::new(refused).is_err(), "{refused}");
    }
}

#[test]
fn addresses_that_are_none_are_refused_for_good() {
    for email in [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@example.com\r\nRCPT TO:<eve@example.com>",
        "ada@example.com\n",
        "ada\r@example.com",
        "ada@example.com, eve@example.com",
        "ada@exa mple.com",
        "<ada@example.com>",
        "ada@example.com>",
        "ada\u{202e}@example.com",
    ] {
        match Mailbox::new("Ada", email) {
            Ok(mailbox) => assert_eq!(mailbox.email(), email.trim(), "{email:?} was taken"),
            Err(error) => assert!(!error.is_temporary()),
        }
    }
    assert!(Mailbox::new("Ada", "ada@example.com\r\nRCPT TO:<eve@example.com>").is_err());
    assert!(Mailbox::new("Ada", "ada\r@example.com").is_err());
    assert!(Mailbox::new("Ada", "ada@example.com, eve@example.com").is_err());
}

#[test]
fn direction_marks_do_not_turn_what_follows() {
    let person = Person::new("\u{202e}eve\u{202c}", "\u{2066}eve@example.com");
    assert_eq!(person.to_string(), "eve (eve@example.com)");
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n', '\u{2028}', '\u{85}', '\0'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
