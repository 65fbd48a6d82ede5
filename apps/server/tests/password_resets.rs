//! Forgotten passwords over HTTP.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use time::Duration;

use crate::harness::{PASSWORD, Reply, TestServer, both_databases};

const NEW_PASSWORD: &str = "seven green umbrellas on a hill";

/// Asks for a link, a moment later than whatever was asked before.
fn forgot(server: &TestServer, org: &str, email: &str) -> Reply {
    server.advance(Duration::SECOND);
    server
        .client()
        .post("/password-resets", json!({ "org": org, "email": email }))
}

fn reset(server: &TestServer, token: &str, password: &str) -> Reply {
    server.client().put(
        "/password-resets",
        json!({ "token": token, "password": password }),
    )
}

/// What a refusal tells, apart from where and when.
fn gist(reply: &Reply) -> Value {
    let mut body = reply.body.clone();
    body.as_object_mut().unwrap().remove("request_id");
    body
}

both_databases! {
    fn a_forgotten_password_is_replaced_by_a_mailed_link(server) {
        let org = server.org("acme");
        org.guest(server, "Ada", 30);
        let email = org.guest_email("Ada");
        let session = server.claim(&email);
        forgot(server, "acme", &email.to_uppercase()).expect(202);
        let token = server.mailed_token(&email);
        assert!(token.starts_with("vst_r_"));
        reset(server, &token, "short").refused(422, "password_policy").blaming("/password");
        session.get("/me").expect(200);
        let done = reset(server, &token, NEW_PASSWORD).expect(204);
        assert!(done.header("set-cookie").is_none() && done.text.is_empty());
        session.get("/me").refused(401, "credential_ended");
        reset(server, &token, NEW_PASSWORD).refused(410, "reset_link_invalid");
        let try_in = |password: &str| {
            server.client().post("/sessions", json!({ "org": "acme", "email": email, "password": password }))
        };
        try_in(PASSWORD).refused(401, "sign_in_refused");
        try_in(NEW_PASSWORD).expect(201);

        let events = org.admin.get("/audit-events?action=user.password_reset").expect(200);
        assert_eq!(events.body["items"].as_array().unwrap().len(), 1);
        let everything = json!(org.admin.all("/audit-events")).to_string();
        for secret in [NEW_PASSWORD, &token, "vst_", "$2b$"] {
            assert!(!everything.contains(secret), "{secret}");
        }
    }

    fn whoever_is_asked_about_the_answer_is_the_same_and_only_who_can_sign_in_gets_mail(server) {
        let org = server.org("acme");
        org.guest(server, "Invited", 30);
        let revoked = org.guest(server, "Revoked", 30);
        org.guest(server, "Expired", 2);
        org.user("Unclaimed");
        org.signed_in(server, "Gone", &[]);
        for name in ["Revoked", "Expired"] {
            server.claim(&org.guest_email(name));
        }
        org.admin.post(&format!("/guests/{}/revoke", revoked["id"].as_str().unwrap()), json!({})).expect(200);
        let users = org.admin.all("/users");
        let gone = users.iter().find(|u| u["first_name"] == "Gone").unwrap()["id"].as_str().unwrap();
        org.admin.post(&format!("/users/{gone}/deactivate"), json!({})).expect(200);
        server.advance(Duration::days(3));
        server.tick();

        let without = [
            org.guest_email("Invited"), org.guest_email("Revoked"), org.guest_email("Expired"),
            org.user_email("Unclaimed"), org.user_email("Gone"), "stranger@elsewhere.example".to_owned(),
        ];
        let count = |email: &str| server.mails_to(email).iter().filter(|mail| mail.token().is_some()).count();
        let before: Vec<usize> = without.iter().map(|email| count(email)).collect();
        for email in &without {
            let reply = forgot(server, "acme", email).expect(202);
            assert!(reply.text.is_empty());
        }
        assert!(forgot(server, "acme", "no address").expect(202).text.is_empty());
        assert!(forgot(server, "nowhere", &org.admin_email).expect(202).text.is_empty());
        assert!(forgot(server, "acme", &org.admin_email).expect(202).text.is_empty());
        let after: Vec<usize> = without.iter().map(|email| count(email)).collect();
        assert_eq!(before, after);
        assert_eq!(count(&org.admin_email), 1);
        let everything = json!(org.admin.all("/audit-events")).to_string();
        assert!(!everything.contains("stranger@"));
    }

    fn a_stranger_cannot_flood_a_mailbox(server) {
        let org = server.org("acme");
        for _ in 0..5 {
            forgot(server, "acme", &org.admin_email).expect(202);
        }
        assert_eq!(server.mails_to(&org.admin_email).len(), 1);
        server.advance(Duration::minutes(4));
        forgot(server, "acme", &org.admin_email).expect(202);
        assert_eq!(server.mails_to(&org.admin_email).len(), 1);
        server.advance(Duration::minutes(2));
        forgot(server, "acme", &org.admin_email).expect(202);
        assert_eq!(server.mails_to(&org.admin_email).len(), 2);
        std::thread::scope(|scope| {
            server.advance(Duration::minutes(6));
            for _ in 0..10 {
                scope.spawn(|| forgot(server, "acme", &org.admin_email).expect(202));
            }
        });
        assert_eq!(server.mails_to(&org.admin_email).len(), 3);
    }

    fn every_bad_link_gets_the_same_answer_and_revives_nobody(server) {
        let org = server.org("acme");
        let mut bad: Vec<(&str, String)> = vec![
            ("empty", String::new()),
            ("rubbish", "rubbish".to_owned()),
            ("unknown", format!("vst_r_{}", URL_SAFE_NO_PAD.encode([7_u8; 48]))),
        ];
        org.guest(server, "Invited", 30);
        bad.push(("a claim link", server.mailed_token(&org.guest_email("Invited"))));
        let revoked = org.guest(server, "Revoked", 30);
        org.guest(server, "Expired", 0);
        for name in ["Revoked", "Expired"] {
            server.claim(&org.guest_email(name));
            forgot(server, "acme", &org.guest_email(name)).expect(202);
        }
        let of_revoked = server.mailed_token(&org.guest_email("Revoked"));
        let path = format!("/guests/{}", revoked["id"].as_str().unwrap());
        org.admin.post(&format!("{path}/revoke"), json!({})).expect(200);
        bad.push(("of a revoked guest", of_revoked.clone()));
        server.advance(Duration::hours(12) - Duration::minutes(1));
        forgot(server, "acme", &org.guest_email("Expired")).expect(202);
        let of_expired = server.mailed_token(&org.guest_email("Expired"));
        server.advance(Duration::minutes(1));
        bad.push(("of an expired guest", of_expired));

        let first = gist(&reset(server, "rubbish", NEW_PASSWORD).refused(410, "reset_link_invalid"));
        for (what, token) in &bad {
            assert_eq!(gist(&reset(server, token, NEW_PASSWORD)), first, "{what}");
            assert_eq!(gist(&reset(server, token, "x")), first, "{what}");
        }
        for name in ["Revoked", "Expired"] {
            let body = json!({ "org": "acme", "email": org.guest_email(name), "password": NEW_PASSWORD });
            server.client().post("/sessions", body).refused(401, "sign_in_refused");
        }
        // Also not once the guest is back.
        let until = json!({ "access_ends_on": server.day(9) });
        org.admin.post(&format!("{path}/reinstate"), until).expect(200);
        reset(server, &of_revoked, NEW_PASSWORD).refused(410, "reset_link_invalid");
    }

    fn a_link_expires(server) {
        let org = server.org("acme");
        forgot(server, "acme", &org.admin_email).expect(202);
        let token = server.mailed_token(&org.admin_email);
        server.advance(Duration::hours(1));
        reset(server, &token, NEW_PASSWORD).refused(410, "reset_link_invalid");
    }

    fn one_reset_voids_every_other_link(server) {
        let org = server.org("acme");
        forgot(server, "acme", &org.admin_email).expect(202);
        let first = server.mailed_token(&org.admin_email);
        server.advance(Duration::minutes(10));
        forgot(server, "acme", &org.admin_email).expect(202);
        let second = server.mailed_token(&org.admin_email);
        assert_ne!(first, second);
        reset(server, &first, NEW_PASSWORD).expect(204);
        reset(server, &second, NEW_PASSWORD).refused(410, "reset_link_invalid");
    }

    fn a_reset_lifts_a_lock(server) {
        let org = server.org("acme");
        let try_in = |password: &str| {
            let body = json!({ "org": "acme", "email": org.admin_email, "password": password });
            server.client().post("/sessions", body)
        };
        for _ in 0..10 {
            try_in("wrong").expect(401);
        }
        try_in(PASSWORD).refused(401, "sign_in_refused");
        forgot(server, "acme", &org.admin_email).expect(202);
        let token = server.mailed_token(&org.admin_email);
        reset(server, &token, NEW_PASSWORD).expect(204);
        try_in(NEW_PASSWORD).expect(201);
    }

    fn of_many_resets_at_once_exactly_one_wins(server) {
        let org = server.org("acme");
        forgot(server, "acme", &org.admin_email).expect(202);
        let token = server.mailed_token(&org.admin_email);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..20).map(|_| scope.spawn(|| reset(server, &token, NEW_PASSWORD).status)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [204, 410].contains(status)), "{statuses:?}");
    }

    fn a_guest_of_an_org_without_guest_passwords_resets_none(server) {
        let org = server.org("acme");
        org.guest(server, "Ada", 30);
        server.claim(&org.guest_email("Ada"));
        forgot(server, "acme", &org.guest_email("Ada")).expect(202);
        let token = server.mailed_token(&org.guest_email("Ada"));
        org.admin.patch("/org", json!({ "guests_may_use_passwords": false })).expect(200);
        reset(server, &token, NEW_PASSWORD).refused(409, "passwords_not_for_guests");
        server.advance(Duration::minutes(10));
        let before = server.mails_to(&org.guest_email("Ada")).len();
        forgot(server, "acme", &org.guest_email("Ada")).expect(202);
        assert_eq!(server.mails_to(&org.guest_email("Ada")).len(), before);
    }
}
