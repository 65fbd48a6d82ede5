//! Settings that work and settings that say what to change.

use crate::message;
use vestibule_mailer::{Delivered, MailSettings, Mailbox, SettingsError, TransportKind, build_transport};

fn settings(transport: TransportKind, smtp_url: Option<&str>) -> MailSettings {
    MailSettings {
        transport,
        directory: "unused".into(),
        smtp_url: smtp_url.map(Into::into),
        from: "Vestibule <no-reply@vestibule.example>".to_owned(),
    }
}

#[test]
fn each_kind_builds_its_transport() {
    let folder = tempfile::tempdir().unwrap();
    let mut file = settings(TransportKind::File, None);
    file.directory = folder.path().join("mail");
    let mail = build_transport(&file).unwrap();
    assert_eq!(mail.deliver(&message(1)).unwrap(), Delivered::Now);
    assert_eq!(vestibule_test_support::mails_in(&file.directory).len(), 1);

    let mail = build_transport(&settings(TransportKind::Log, None)).unwrap();
    assert_eq!(mail.deliver(&message(1)).unwrap(), Delivered::Now);
    assert!(!mail.already_delivered(message(1).outbox_id));

    let server = vestibule_test_support::SmtpServer::start();
    let mail = build_transport(&settings(TransportKind::Smtp, Some(&server.url()))).unwrap();
    assert_eq!(mail.deliver(&message(1)).unwrap(), Delivered::Now);
    assert_eq!(server.messages().len(), 1);
}

#[test]
fn smtp_urls_of_every_documented_form_are_taken() {
    for url in [
        "smtp://mail.example",
        "smtp://mail.example:2525",
        "smtp://127.0.0.1:25",
        "smtp://[::1]:25",
        "smtp://mail.example?tls=opportunistic",
        "smtp://user:p%40ss@mail.example:587?tls=required",
        "smtps://user:p%40ss@mail.example",
        "smtp://user:pass@127.0.0.1:2525",
        "smtp://user:pass@[::1]:2525",
        "smtp://user:pass@localhost",
    ] {
        let outcome = build_transport(&settings(TransportKind::Smtp, Some(url)));
        assert!(outcome.is_ok(), "{url}: {:?}", outcome.err());
    }
}

#[test]
fn other_smtp_urls_are_refused_without_repeating_them() {
    for url in [
        "",
        "mail.example:25",
        "http://hunter2@mail.example",
        "smtp://",
        "smtp://user:hunter2@mail.example",
        "smtp://user:hunter2@mail.example?tls=opportunistic",
        "smtp://mail.example?tls=hunter2",
        "smtp://mail.example?timeout=hunter2",
        "smtp://hunter2@mail.example?tls=required",
    ] {
        let Err(error) = build_transport(&settings(TransportKind::Smtp, Some(url))) else {
            panic!("{url} was taken");
        };
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    }
    let missing = build_transport(&settings(TransportKind::Smtp, None));
    assert!(matches!(missing, Err(SettingsError::SmtpUrlMissing)));
}

#[test]
fn the_sender_is_checked_before_any_mail() {
    for (text, name, email) in [
        ("no-reply@vestibule.example", "", "no-reply@vestibule.example"),
        (
            "Vestibule <no-reply@vestibule.example>",
            "Vestibule",
            "no-reply@vestibule.example",
        ),
        (
            " \"Acme, Inc.\" <no-reply@acme.example> ",
            "Acme, Inc.",
            "no-reply@acme.example",
        ),
        ("Bücher <info@bücher.example>", "Bücher", "info@bücher.example"),
    ] {
        let from = Mailbox::parse(text).unwrap();
        assert_eq!((from.name(), from.email()), (name, email));
    }
    for text in [
        "",
        "Vestibule",
        "Vestibule <>",
        "a@b@",
        "Vestibule no-reply@vestibule.example <",
    ] {
        let mut log = settings(TransportKind::Log, None);
        log.from = text.to_owned();
        assert!(
            matches!(build_transport(&log), Err(SettingsError::Sender)),
            "{text}"
        );
    }
}

#[test]
fn transports_have_the_words_of_the_configuration() {
    assert_eq!("file".parse::<TransportKind>().unwrap(), TransportKind::File);
    assert_eq!("smtp".parse::<TransportKind>().unwrap(), TransportKind::Smtp);
    assert_eq!("log".parse::<TransportKind>().unwrap(), TransportKind::Log);
    assert!("memory".parse::<TransportKind>().is_err());
}
