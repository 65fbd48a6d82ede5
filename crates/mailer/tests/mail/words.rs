//! What the mails say, read back by another mail library.

use crate::{TOKEN, WRITTEN, ada, every_mail, from, id, message};
use mail_parser::{MessageParser, MimeHeaders};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use vestibule_mailer::{MailKind, MailTemplate, Mailbox, Reader};
use vestibule_test_support::ParsedMail;

fn parsed(template: &MailTemplate) -> ParsedMail {
    let message = template.render(id(7), ada(), "Acme", WRITTEN).unwrap();
    ParsedMail::parse(&message.to_eml(&from()).unwrap())
}

#[test]
fn the_invitation_has_its_subject_the_link_and_the_last_day_in_both_versions() {
    let mail = ParsedMail::parse(&message(7).to_eml(&from()).unwrap());
    assert_eq!(mail.subject, "Welcome to Acme – activate your guest access");
    assert_eq!(
        mail.link(),
        Some(format!("https://guests.example/claim#token={TOKEN}").as_str())
    );
    assert_eq!(mail.token(), Some(TOKEN));
    for body in [&mail.text, &mail.html] {
        for phrase in [
            "Hello Ada Lovelace,",
            "Grace Hopper has invited you to Acme as a guest.",
            "Grace Hopper (grace@acme.example)",
            "14 March 2026 (Europe/Berlin time)",
            "3 days",
            "https://guests.example/claim#token=",
        ] {
            assert!(body.contains(phrase), "{phrase} in {body}");
        }
    }
}

#[test]
fn headers_name_the_message_for_good_and_ask_robots_not_to_answer() {
    let mail = ParsedMail::parse(&message(7).to_eml(&from()).unwrap());
    assert_eq!(mail.message_id.unwrap(), format!("{}@vestibule.example", id(7)));
    let mail = ParsedMail::parse(&message(7).to_eml(&from()).unwrap());
    assert_eq!(mail.header("Auto-Submitted"), ["auto-generated"]);
    assert_eq!(mail.header("Date"), ["Sun, 01 Mar 2026 09:30:00 +0000"]);
    assert_eq!(mail.header("From").len(), 1);
    assert_eq!(
        (mail.from.as_str(), mail.from_name.as_deref()),
        ("no-reply@vestibule.example", Some("Vestibule"))
    );
    assert_eq!(
        (mail.to.as_str(), mail.to_name.as_deref()),
        ("ada@example.com", Some("Ada Lovelace"))
    );
}

#[test]
fn the_same_message_is_the_same_bytes() {
    assert_eq!(
        message(7).to_eml(&from()).unwrap(),
        message(7).to_eml(&from()).unwrap()
    );
}

#[test]
fn text_comes_first_and_html_second_as_alternatives() {
    let raw = message(7).to_eml(&from()).unwrap();
    let mail = MessageParser::default().parse(&raw).unwrap();
    assert!(mail.is_content_type("multipart", "alternative"));
    let types: Vec<_> = mail.parts[1..]
        .iter()
        .map(|part| part.content_type().unwrap().subtype().unwrap().to_owned())
        .collect();
    assert_eq!(types, ["plain", "html"]);
    let lines = raw.split(|&byte| byte == b'\n').map(<[u8]>::len).max().unwrap();
    assert!(lines <= 999, "{lines} bytes in one line");
}

#[test]
fn every_kind_is_written_and_its_word_reads_back() {
    let written: std::collections::HashSet<_> = every_mail().iter().map(MailTemplate::kind).collect();
    assert_eq!(written.len(), MailKind::ALL.len());
    for kind in MailKind::ALL {
        assert_eq!(MailKind::from_word(kind.as_str()), Some(kind));
    }
    assert_eq!(MailKind::from_word("unknown"), None);
}

#[test]
fn text_and_html_say_the_same() {
    for template in every_mail() {
        let mail = parsed(&template);
        let html: String = mail_parser::decoders::html::html_to_text(&mail.html);
        let words: Vec<&str> = html.split_whitespace().collect();
        let html = words.join(" ");
        for line in mail.text.lines().filter(|line| !line.is_empty()) {
            let line = line.strip_suffix(':').unwrap_or(line);
            for part in line.splitn(2, ": ") {
                assert!(html.contains(part), "{part:?} is missing in {html}");
            }
        }
    }
}

#[test]
fn html_needs_nothing_from_elsewhere_and_no_tables_or_style_sheets() {
    for template in every_mail() {
        let html = parsed(&template).html;
        for unwanted in [
            "<table", "<img", "<style", "<script", "<link", "src=", "url(", "@import",
        ] {
            assert!(!html.contains(unwanted), "{unwanted}");
        }
        assert!(html.starts_with("<!doctype html>\n<html lang=\"en\""));
        for wanted in [
            "<h1",
            "<main",
            "<title>",
            "charset=\"utf-8\"",
            "name=\"viewport\"",
            "color-scheme",
        ] {
            assert!(html.contains(wanted), "{wanted}");
        }
        let opened =
            html.matches("<p ").count() + html.matches("<dt ").count() + html.matches("<dd ").count();
        let closed =
            html.matches("</p>").count() + html.matches("</dt>").count() + html.matches("</dd>").count();
        assert_eq!(opened, closed);
    }
}

#[test]
fn someone_without_a_name_is_greeted_all_the_same() {
    let nameless = Mailbox::new("", "ada@example.com").unwrap();
    let message = crate::invitation()
        .render(id(7), nameless, "Acme", WRITTEN)
        .unwrap();
    assert!(message.text.starts_with("Hello,\n"));
}

#[test]
fn names_and_addresses_outside_ascii_arrive_as_written() {
    let to = Mailbox::new("Jörg 山田", "jörg@bücher.example").unwrap();
    let message = crate::invitation()
        .render(id(7), to, "Åcmé GmbH", WRITTEN)
        .unwrap();
    let mail = ParsedMail::parse(&message.to_eml(&from()).unwrap());
    assert_eq!(mail.subject, "Welcome to Åcmé GmbH – activate your guest access");
    assert_eq!(mail.to_name.as_deref(), Some("Jörg 山田"));
    assert_eq!(mail.to, "jörg@xn--bcher-kva.example");
    assert!(mail.text.starts_with("Hello Jörg 山田,"));
}

#[test]
fn debug_shows_neither_link_nor_token() {
    let shown = format!("{:?} {:?} {:?}", message(7), crate::invitation(), every_mail());
    assert!(!shown.contains(TOKEN));
    assert!(!shown.contains("https://"));
}

fn reader(template: &MailTemplate) -> Mailbox {
    let sponsored = match template {
        MailTemplate::EndsInAWeek(mail) | MailTemplate::EndsTomorrow(mail) => &mail.reader,
        MailTemplate::AccessEnded(mail) => &mail.reader,
        MailTemplate::AccessExtended(mail) | MailTemplate::AccessChanged(mail) => &mail.reader,
        _ => return ada(),
    };
    match sponsored {
        Reader::Guest { .. } => ada(),
        Reader::Sponsor { .. } => Mailbox::new("Grace Hopper", "grace@acme.example").unwrap(),
    }
}

/// Every mail as text, to be read by people and to show up in diffs.
#[test]
fn the_words_are_the_ones_in_the_golden_file() {
    let mut text = String::new();
    for template in every_mail() {
        let message = template
            .render(id(7), reader(&template), "Acme", WRITTEN)
            .unwrap();
        writeln!(
            text,
            "=== {}\nSubject: {}\n\n{}",
            message.kind, message.subject, message.text
        )
        .unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/golden.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == golden,
        "the mails changed: run with UPDATE_GOLDEN=1 and read the diff\n{text}"
    );
}
