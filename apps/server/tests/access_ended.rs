//! How access ended, told to whoever shows the right password or the session's token, and to nobody else.

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, PASSWORD, Reply, TestOrg, TestServer, both_databases};

fn guest(server: &TestServer, org: &TestOrg, name: &str, sponsor: &str, days: i64) -> (String, Client) {
    let mut invitation = org.invitation(server, name, days);
    invitation["sponsor_id"] = json!(sponsor);
    let id = org.admin.post("/guests", invitation).expect(201).id();
    (id, server.claim(&org.guest_email(name)))
}

fn attempt(server: &TestServer, email: &str, password: &str) -> Reply {
    let body = json!({ "org": "acme", "email": email, "password": password });
    server.client().post("/sessions", body)
}

fn contact(org: &TestOrg, name: &str) -> Value {
    let users = org.admin.all(&format!("/users?q={name}"));
    let user = users.iter().find(|user| user["first_name"] == name).unwrap();
    json!({ "first_name": name, "last_name": user["last_name"], "email": user["email"] })
}

fn told(reply: &Reply) -> Option<&Value> {
    reply.body.get("access_ended")
}

both_databases! {
    fn the_right_password_tells_a_guest_how_access_ended_and_whom_to_ask(server) {
        let org = server.org("acme");
        let sponsor = org.user("Sponsor")["id"].as_str().unwrap().to_owned();
        let (revoked, _) = guest(server, &org, "Revoked", &sponsor, 30);
        guest(server, &org, "Expired", &sponsor, 3);
        guest(server, &org, "Fine", &sponsor, 30);
        org.admin.post(&format!("/guests/{revoked}/revoke"), json!({ "reason": "secret" })).expect(200);
        let revoked_at = org.admin.get(&format!("/guests/{revoked}")).expect(200).text("revoked_at");
        server.advance(Duration::days(5));
        server.tick();

        let of = |name: &str| attempt(server, &org.guest_email(name), PASSWORD).refused(403, "access_ended");
        let ada = contact(&org, "Sponsor");
        assert_eq!(told(&of("Revoked")), Some(&json!({
            "reason": "revoked", "org_name": "acme Inc.", "ended_at": revoked_at, "sponsor": ada,
        })));
        assert_eq!(told(&of("Expired")), Some(&json!({
            "reason": "expired", "org_name": "acme Inc.", "ended_at": "2026-06-14T00:00:00.000000Z", "sponsor": ada,
        })));
        org.admin.patch("/org", json!({ "guest_access": false })).expect(200);
        assert_eq!(told(&of("Fine")), Some(&json!({
            "reason": "suspended", "org_name": "acme Inc.", "ended_at": null, "sponsor": ada,
        })));
        assert_eq!(told(&of("Expired")).unwrap()["reason"], "expired", "the first reason that holds");

        // A sponsor who is gone is nobody to ask.
        org.admin.post(&format!("/users/{sponsor}/deactivate"), json!({})).expect(200);
        assert_eq!(told(&of("Expired")).unwrap()["sponsor"], Value::Null);
        org.admin.delete(&format!("/users/{sponsor}")).expect(204);
        assert_eq!(told(&of("Expired")).unwrap()["sponsor"], Value::Null);
    }

    fn a_standard_user_learns_when_the_account_was_switched_off(server) {
        let org = server.org("acme");
        org.signed_in(server, "Gone", &[]);
        let id = org.admin.all("/users?q=gone")[0]["id"].as_str().unwrap().to_owned();
        let off = org.admin.post(&format!("/users/{id}/deactivate"), json!({})).expect(200);
        let refused = attempt(server, &org.user_email("Gone"), PASSWORD).refused(403, "access_ended");
        assert_eq!(told(&refused), Some(&json!({
            "reason": "suspended", "org_name": "acme Inc.", "ended_at": off.body["deactivated_at"], "sponsor": null,
        })));
    }

    fn without_the_right_password_nothing_is_told(server) {
        let org = server.org("acme");
        let admin = org.admin_id.clone();
        let (revoked, _) = guest(server, &org, "Revoked", &admin, 30);
        org.admin.post(&format!("/guests/{revoked}/revoke"), json!({})).expect(200);
        // Somebody who never claimed has no password to know.
        org.guest(server, "Waiting", 30);
        for email in [org.guest_email("Revoked"), org.guest_email("Waiting"), "nobody@nowhere.example".to_owned()] {
            let refused = attempt(server, &email, "wrong").refused(401, "sign_in_refused");
            assert_eq!(told(&refused), None, "{email}");
        }
        // Nor while too many attempts have locked the account.
        for _ in 0..10 {
            attempt(server, &org.guest_email("Revoked"), "wrong");
        }
        let locked = attempt(server, &org.guest_email("Revoked"), PASSWORD).refused(401, "sign_in_refused");
        assert_eq!(told(&locked), None);
    }

    fn the_token_of_a_session_tells_its_guest_how_access_ended(server) {
        let org = server.org("acme");
        let admin = org.admin_id.clone();
        let (_, session) = guest(server, &org, "Ada", &admin, 1);
        org.admin.patch("/org", json!({ "session_hours": 720 })).expect(200);
        let later = server.sign_in(&org, &org.guest_email("Ada"));
        org.admin.patch("/org", json!({ "guest_access": false })).expect(200);
        let suspended = session.get("/me").refused(401, "credential_ended");
        assert_eq!(told(&suspended).unwrap()["reason"], "suspended");
        assert_eq!(told(&suspended).unwrap()["org_name"], "acme Inc.");
        org.admin.patch("/org", json!({ "guest_access": true })).expect(200);
        session.get("/me").expect(200);

        server.advance(Duration::days(2));
        for client in [&session, &later] {
            let expired = client.get("/session").refused(401, "credential_ended");
            let ended = told(&expired).unwrap();
            assert_eq!((&ended["reason"], &ended["ended_at"]), (&json!("expired"), &json!("2026-06-12T00:00:00.000000Z")));
            assert_eq!(ended["sponsor"]["email"], org.admin_email.as_str());
        }
        // Once the session is tidied away there is nothing to recognize anybody by.
        server.tick();
        assert_eq!(told(&session.get("/session").refused(401, "credential_ended")), None);
    }

    fn tokens_that_prove_nothing_are_told_nothing(server) {
        let org = server.org("acme");
        let admin = org.admin_id.clone();
        let (id, session) = guest(server, &org, "Ada", &admin, 30);
        let token = session.post("/api-tokens", json!({ "name": "t", "kind": "user" })).expect(201).text("secret");
        let by_token = server.client().with_token(&token);
        let standard = org.signed_in(server, "Bob", &[]);
        org.admin.patch("/org", json!({ "guest_access": false })).expect(200);
        // An API token may be in anybody's hands.
        assert_eq!(told(&by_token.get("/me").refused(401, "credential_ended")), None);
        let mut forged = session.token().to_owned();
        let last = forged.pop().unwrap();
        forged.push(if last == 'A' { 'B' } else { 'A' });
        let refused = server.client().with_token(&forged).get("/me");
        assert_eq!((refused.status, told(&refused)), (401, None));
        org.admin.patch("/org", json!({ "guest_access": true })).expect(200);

        // Ended by a revocation, a session is gone; ended by its own end, it is none of a guest whose access ended.
        let hour = Duration::hours(13);
        server.advance(hour);
        assert_eq!(told(&session.get("/me").refused(401, "credential_ended")), None);
        assert_eq!(told(&standard.get("/me").refused(401, "credential_ended")), None);
        let again = server.sign_in(&org, &org.guest_email("Ada"));
        org.admin.post(&format!("/guests/{id}/revoke"), json!({})).expect(200);
        assert_eq!(told(&again.get("/me").refused(401, "credential_ended")), None);
    }
}
