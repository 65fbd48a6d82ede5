//! The SMTP transport against a real server on loopback.

use crate::{TOKEN, from, id, message, message_to};
use std::net::TcpListener;
use vestibule_mailer::{Delivered, MailError, SmtpTransport, Transport};
use vestibule_test_support::{ParsedMail, SmtpBehaviour, SmtpServer, find_token};

fn transport(server: &SmtpServer) -> SmtpTransport {
    SmtpTransport::new(&server.url().into(), from()).unwrap()
}

#[test]
fn a_message_arrives_as_it_was_written() {
    let server = SmtpServer::start();
    assert_eq!(transport(&server).deliver(&message(7)).unwrap(), Delivered::Now);
    let received = &server.wait_for(1)[0];
    assert_eq!(received.from, "no-reply@vestibule.example");
    assert_eq!(received.to, ["ada@example.com"]);
    let mail = ParsedMail::parse(&received.raw);
    assert_eq!(mail.subject, "Welcome to Acme – activate your guest access");
    assert_eq!(mail.message_id.unwrap(), format!("{}@vestibule.example", id(7)));
    assert_eq!(find_token(&received.raw).as_deref(), Some(TOKEN));
}

#[test]
fn connections_are_kept_and_broken_ones_replaced() {
    let server = SmtpServer::start();
    let mail = transport(&server);
    for number in 0..5 {
        mail.deliver(&message(number)).unwrap();
    }
    assert_eq!(server.connections(), 1);
    server.cut_connections();
    mail.deliver(&message(5)).unwrap();
    assert_eq!(server.connections(), 2);
    assert_eq!(server.messages().len(), 6);
}

#[test]
fn many_threads_deliver_through_one_transport() {
    let server = SmtpServer::start();
    let mail = transport(&server);
    std::thread::scope(|scope| {
        for number in 0..16 {
            let mail = &mail;
            scope.spawn(move || mail.deliver(&message(number)).unwrap());
        }
    });
    let mut ids: Vec<_> = server
        .wait_for(16)
        .iter()
        .map(|mail| ParsedMail::parse(&mail.raw).message_id.unwrap())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 16);
}

#[test]
fn a_4xx_answer_is_temporary_and_a_5xx_answer_permanent() {
    let server = SmtpServer::start();
    let mail = transport(&server);
    for (behaviour, temporary) in [
        (SmtpBehaviour::RefuseRecipients(450), true),
        (SmtpBehaviour::RefuseRecipients(550), false),
        (
            SmtpBehaviour::RefuseRecipient("ada@example.com".to_owned(), 553),
            false,
        ),
        (SmtpBehaviour::RefuseData(452), true),
        (SmtpBehaviour::RefuseData(421), true),
        (SmtpBehaviour::RefuseData(554), false),
        // About our sign-in, not about this mail.
        (SmtpBehaviour::RefuseData(530), true),
    ] {
        server.behave(behaviour.clone());
        let error = mail.deliver(&message(7)).unwrap_err();
        assert_eq!(error.is_temporary(), temporary, "{behaviour:?}: {error}");
        assert!(error.to_string().contains("refused by the test"), "{error}");
    }
    assert!(server.messages().is_empty());
    server.behave(SmtpBehaviour::Accept);
    assert_eq!(mail.deliver(&message(7)).unwrap(), Delivered::Now);
}

#[test]
fn one_refused_recipient_stops_nobody_else() {
    let server = SmtpServer::start();
    let mail = transport(&server);
    server.behave(SmtpBehaviour::RefuseRecipient("gone@example.com".to_owned(), 550));
    assert!(matches!(
        mail.deliver(&message_to("gone@example.com")),
        Err(MailError::Permanent { .. })
    ));
    assert_eq!(
        mail.deliver(&message_to("ada@example.com")).unwrap(),
        Delivered::Now
    );
}

#[test]
fn a_server_that_is_not_listening_is_temporary() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mail = SmtpTransport::new(&format!("smtp://127.0.0.1:{port}").into(), from()).unwrap();
    assert!(mail.deliver(&message(7)).unwrap_err().is_temporary());
}

#[test]
fn a_server_that_stops_between_two_mails_is_temporary() {
    let server = SmtpServer::start();
    let mail = transport(&server);
    mail.deliver(&message(1)).unwrap();
    drop(server);
    assert!(mail.deliver(&message(2)).unwrap_err().is_temporary());
}

#[test]
fn a_server_that_hangs_up_is_temporary() {
    let server = SmtpServer::start();
    server.behave(SmtpBehaviour::HangUp);
    assert!(
        transport(&server)
            .deliver(&message(7))
            .unwrap_err()
            .is_temporary()
    );
}

#[test]
fn a_mail_that_was_taken_without_a_word_is_sent_again_under_the_same_id() {
    let server = SmtpServer::start();
    let mail = transport(&server);
    server.behave(SmtpBehaviour::HangUpAfterData);
    assert!(mail.deliver(&message(7)).unwrap_err().is_temporary());
    server.behave(SmtpBehaviour::Accept);
    mail.deliver(&message(7)).unwrap();
    let received = server.wait_for(2);
    assert_eq!(received[0], received[1]);
}

#[test]
fn without_the_required_encryption_nothing_is_sent() {
    let server = SmtpServer::start();
    let mail = SmtpTransport::new(&format!("{}?tls=required", server.url()).into(), from()).unwrap();
    let error = mail.deliver(&message(7)).unwrap_err();
    assert!(error.is_temporary(), "{error}");
    assert!(server.messages().is_empty());
}

#[test]
fn a_domain_outside_ascii_needs_nothing_special() {
    let server = SmtpServer::start();
    transport(&server)
        .deliver(&message_to("ada@bücher.example"))
        .unwrap();
    assert_eq!(server.wait_for(1)[0].to, ["ada@xn--bcher-kva.example"]);
}

#[test]
fn a_local_part_outside_ascii_arrives_where_smtputf8_is_spoken_and_is_permanent_elsewhere() {
    let server = SmtpServer::start_with_smtputf8();
    transport(&server)
        .deliver(&message_to("jörg@example.com"))
        .unwrap();
    let received = &server.wait_for(1)[0];
    assert_eq!(received.to, ["jörg@example.com"]);
    assert_eq!(ParsedMail::parse(&received.raw).to, "jörg@example.com");

    let plain = SmtpServer::start();
    let error = transport(&plain)
        .deliver(&message_to("jörg@example.com"))
        .unwrap_err();
    assert!(!error.is_temporary(), "{error}");
}
