//! Claiming an account over HTTP.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use time::Duration;
use vestibule_persistence::ids::{OrgId, UserId};
use vestibule_persistence::users;

use crate::harness::{PASSWORD, Reply, TestOrg, TestServer, both_databases};

fn claim(server: &TestServer, token: &str, password: &str) -> Reply {
    server
        .client()
        .post("/claims", json!({ "token": token, "password": password }))
}

fn preview(server: &TestServer, token: &str) -> Reply {
    server.client().post("/claims/preview", json!({ "token": token }))
}

/// What a refusal tells, apart from where and when.
fn gist(reply: &Reply) -> Value {
    let mut body = reply.body.clone();
    for field in ["request_id", "instance"] {
        body.as_object_mut().unwrap().remove(field);
    }
    body
}

/// A guest with a link in hand: the path of the guest and the token.
fn invited(server: &TestServer, org: &TestOrg, name: &str) -> (String, String) {
    let guest = org.guest(server, name, 30);
    let path = format!("/guests/{}", guest["id"].as_str().unwrap());
    (path, server.mailed_token(&org.guest_email(name)))
}

/// The same token, pretending to be of another org.
fn moved_to(token: &str, org: &str) -> String {
    let payload = URL_SAFE_NO_PAD
        .decode(token.strip_prefix("vst_c_").unwrap())
        .unwrap();
    let org: uuid::Uuid = org.parse().unwrap();
    let payload = [org.as_bytes().as_slice(), &payload[16..]].concat();
    format!("vst_c_{}", URL_SAFE_NO_PAD.encode(payload))
}

both_databases! {
    fn a_link_is_looked_at_any_number_of_times_and_claimed_once(server) {
        let org = server.org_in("acme", "Europe/Vienna");
        let (path, token) = invited(server, &org, "Ada");
        for _ in 0..3 {
            assert_eq!(preview(server, &token).expect(200).body, json!({
                "org": { "name": "acme Inc.", "slug": "acme" },
                "kind": "guest", "email": org.guest_email("Ada"), "first_name": "Ada", "last_name": "Guest",
                "profile": "Default", "invited_by": "Grace Hopper", "access_ends_on": "2026-07-10", "time_zone": "Europe/Vienna",
                "password_policy": {
                    "min_length": 15, "require_upper": false, "require_lower": false, "require_digit": false,
                    "require_symbol": false, "forbid_common": true,
                },
                "sign_in": "password",
            }));
        }
        let session = claim(server, &token, PASSWORD).expect(201);
        assert_eq!(session.body["user"]["kind"], "guest");
        assert_eq!(session.body["org"]["slug"], "acme");
        assert!(session.header("set-cookie").unwrap().starts_with("vestibule=vst_s_"));
        server.client().with_token(&session.text("token")).get("/me").expect(200);
        let guest = org.admin.get(&path).expect(200).body;
        assert_eq!((&guest["status"], &guest["claimed_at"]), (&json!("active"), &json!("2026-06-10T12:00:00.000000Z")));
        server.sign_in(&org, &org.guest_email("Ada"));
        preview(server, &token).refused(410, "claim_link_invalid");
        claim(server, &token, PASSWORD).refused(410, "claim_link_invalid");

        let events = org.admin.all(&format!("/audit-events?target_id={}", guest["id"].as_str().unwrap()));
        let actions: Vec<&str> = events.iter().map(|e| e["action"].as_str().unwrap()).collect();
        assert!(actions.contains(&"guest.claimed") && actions.contains(&"session.created"), "{actions:?}");
        let claimed = events.iter().find(|e| e["action"] == "guest.claimed").unwrap();
        assert_eq!(claimed["actor_id"], guest["id"]);
        let text = json!(events).to_string();
        for secret in [PASSWORD, &token, "vst_", "$2b$"] {
            assert!(!text.contains(secret), "{secret}");
        }
    }

    fn a_standard_user_claims_too(server) {
        let org = server.org("acme");
        org.user("Sam");
        let token = server.mailed_token(&org.user_email("Sam"));
        let seen = preview(server, &token).expect(200).body;
        assert_eq!((&seen["kind"], &seen["access_ends_on"]), (&json!("standard"), &Value::Null));
        claim(server, &token, PASSWORD).expect(201);
        server.sign_in(&org, &org.user_email("Sam"));
        assert_eq!(org.admin.all("/audit-events?action=user.claimed").len(), 1);
        claim(server, &token, PASSWORD).refused(410, "claim_link_invalid");
    }

    fn every_bad_link_gets_the_same_answer(server) {
        let org = server.org("acme");
        let other = server.org("other");
        let mut bad: Vec<(&str, String)> = vec![
            ("empty", String::new()),
            ("rubbish", "rubbish".to_owned()),
            ("unknown", format!("vst_c_{}", URL_SAFE_NO_PAD.encode([7_u8; 48]))),
            ("short", "vst_c_AAAA".to_owned()),
            ("an API token", org.admin.token().to_owned()),
        ];

        let (_, used) = invited(server, &org, "Used");
        let session = claim(server, &used, PASSWORD).expect(201).text("token");
        bad.push(("used", used));
        bad.push(("a session", session));

        let (_, here) = invited(server, &org, "Here");
        bad.push(("of another org", moved_to(&here, &other.id)));
        bad.push(("of no org", moved_to(&here, "00000000-0000-7000-8000-000000000000")));

        let (again, voided) = invited(server, &org, "Voided");
        server.advance(Duration::SECOND);
        org.admin.post(&format!("{again}/claim-links"), json!({})).expect(202);
        let newer = server.mailed_token(&org.guest_email("Voided"));
        assert_ne!(newer, voided);
        bad.push(("voided by a newer one", voided));

        let (moved, other_address) = invited(server, &org, "Moved");
        org.admin.patch(&moved, json!({ "email": "elsewhere@guests.example" })).expect(200);
        bad.push(("sent to an older address", other_address));

        let (revoked, token) = invited(server, &org, "Revoked");
        org.admin.post(&format!("{revoked}/revoke"), json!({})).expect(200);
        bad.push(("of a revoked guest", token));

        let (reinstated, token) = invited(server, &org, "Reinstated");
        org.admin.post(&format!("{reinstated}/revoke"), json!({})).expect(200);
        let until = json!({ "access_ends_on": server.day(9) });
        org.admin.post(&format!("{reinstated}/reinstate"), until).expect(200);
        bad.push(("from before a revocation", token));

        let (deleted, token) = invited(server, &org, "Deleted");
        org.admin.delete(&deleted).expect(204);
        bad.push(("of a deleted guest", token));

        let user = org.user("Sam");
        let token = server.mailed_token(&org.user_email("Sam"));
        org.admin.post(&format!("/users/{}/deactivate", user["id"].as_str().unwrap()), json!({})).expect(200);
        bad.push(("of a deactivated user", token));

        server.client().post("/password-resets", json!({ "org": "acme", "email": org.admin_email })).expect(202);
        bad.push(("a reset link", server.mailed_token(&org.admin_email)));

        let first = gist(&claim(server, "rubbish", PASSWORD).refused(410, "claim_link_invalid"));
        for (what, token) in &bad {
            assert_eq!(gist(&claim(server, token, PASSWORD)), first, "{what}");
            assert_eq!(gist(&preview(server, token)), first, "{what}");
            // Not even a bad password tells them apart.
            assert_eq!(gist(&claim(server, token, "x")), first, "{what}");
        }
        claim(server, &newer, PASSWORD).expect(201);
        claim(server, &here, PASSWORD).expect(201);
    }

    fn a_link_is_void_once_either_epoch_of_its_user_has_moved_on(server) {
        let org = server.org("acme");
        let org_id = OrgId::from(org.id.parse::<uuid::Uuid>().unwrap());
        let move_on = |name: &str, by: (i64, i64)| {
            let (path, token) = invited(server, &org, name);
            let id = UserId::from(path.strip_prefix("/guests/").unwrap().parse::<uuid::Uuid>().unwrap());
            server
                .database()
                .write(org_id, |tx| {
                    let mut user = users::find(tx, org_id, id)?.unwrap();
                    user.access_epoch += by.0;
                    user.link_epoch += by.1;
                    users::save(tx, org_id, &mut user, server.clock.now())
                })
                .unwrap();
            claim(server, &token, PASSWORD)
        };
        move_on("Neither", (0, 0)).expect(201);
        move_on("Access", (1, 0)).refused(410, "claim_link_invalid");
        move_on("Link", (0, 1)).refused(410, "claim_link_invalid");
    }

    fn a_link_expires_and_never_outlives_the_access_it_opens(server) {
        let org = server.org("acme");
        let (_, token) = invited(server, &org, "Late");
        let today = org.guest(server, "Today", 0);
        let short = server.mailed_token(&org.guest_email("Today"));
        server.advance(Duration::hours(12) - Duration::MICROSECOND);
        preview(server, &short).expect(200);
        server.advance(Duration::MICROSECOND);
        preview(server, &short).refused(410, "claim_link_invalid");
        claim(server, &short, PASSWORD).refused(410, "claim_link_invalid");
        let path = format!("/guests/{}", today["id"].as_str().unwrap());
        assert_eq!(org.admin.get(&path).expect(200).body["status"], "expired");

        server.advance(Duration::hours(60) - Duration::MICROSECOND);
        preview(server, &token).expect(200);
        server.advance(Duration::MICROSECOND);
        claim(server, &token, PASSWORD).refused(410, "claim_link_invalid");
    }

    fn of_fifty_claims_at_once_exactly_one_wins(server) {
        let org = server.org("acme");
        let (_, token) = invited(server, &org, "Ada");
        let barrier = std::sync::Barrier::new(50);
        let replies: Vec<(String, Reply)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..50)
                .map(|n| {
                    let (barrier, token) = (&barrier, &token);
                    scope.spawn(move || {
                        let password = format!("umbrella number {n} is green");
                        barrier.wait();
                        let reply = claim(server, token, &password);
                        (password, reply)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = replies.into_iter().partition(|(_, reply)| reply.status == 201);
        assert_eq!((won.len(), lost.len()), (1, 49));
        for (_, reply) in lost {
            reply.refused(410, "claim_link_invalid");
        }
        let (password, _) = &won[0];
        let body = json!({ "org": "acme", "email": org.guest_email("Ada"), "password": password });
        server.client().post("/sessions", body).expect(201);
        assert_eq!(org.admin.all("/audit-events?action=guest.claimed").len(), 1);
        assert_eq!(org.admin.all("/audit-events?action=session.created").len(), 2);
    }

    fn a_refused_password_does_not_use_up_the_link(server) {
        let org = server.org("acme");
        let (_, token) = invited(server, &org, "Augusta");
        let codes = |password: &str| {
            let reply = claim(server, &token, password).refused(422, "password_policy").blaming("/password");
            let errors = reply.body["errors"].as_array().unwrap().clone();
            errors.iter().map(|e| e["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(codes(""), ["too_short", "too_common"]);
        assert!(codes("14 characters!").contains(&"too_short".to_owned()));
        assert_eq!(codes(&format!("{}x", "seven ".repeat(12))), ["too_long"]);
        assert_eq!(codes(&"\u{E9}\u{FC} ".repeat(15)), ["too_long"]);
        assert_eq!(codes("passwordpassword"), ["too_common"]);
        assert_eq!(codes("umbrellas of AUGUSTA"), ["contains_personal_data"]);
        assert_eq!(codes("augusta@guests.example"), ["contains_personal_data"]);
        claim(server, &token, PASSWORD).expect(201);
    }

    fn composition_rules_hold_alike_at_claim_change_and_reset(server) {
        let org = server.org("acme");
        let session = org.signed_in(server, "Sam", &[]);
        let (_, token) = invited(server, &org, "Augusta");
        server.advance(Duration::SECOND);
        server.client().post("/password-resets", json!({ "org": "acme", "email": org.user_email("Sam") })).expect(202);
        let reset = server.mailed_token(&org.user_email("Sam"));
        org.admin.patch("/org", json!({ "password_policy": {
            "min_length": 20, "require_upper": true, "require_lower": true, "require_digit": true,
            "require_symbol": true,
        } })).expect(200);
        let codes = |reply: Reply| -> Vec<String> {
            let errors = reply.refused(422, "password_policy").body["errors"].as_array().unwrap().clone();
            errors.iter().map(|e| e["code"].as_str().unwrap().to_owned()).collect()
        };
        for (password, missing) in [
            ("7 green umbrellas on hills", vec!["needs_upper"]),
            ("7 GREEN UMBRELLAS ON HILLS", vec!["needs_lower"]),
            ("Seven green umbrellas on hills", vec!["needs_digit"]),
            ("7GreenUmbrellasOnHills", vec!["needs_symbol"]),
            ("7 Green Umbrellas", vec!["too_short"]),
            ("umbrellasgreenhills", vec!["too_short", "needs_upper", "needs_digit", "needs_symbol"]),
        ] {
            let change = json!({ "current": PASSWORD, "new": password });
            let by_reset = json!({ "token": reset, "password": password });
            assert_eq!(codes(claim(server, &token, password)), missing);
            assert_eq!(codes(session.put("/me/password", change)), missing);
            assert_eq!(codes(server.client().put("/password-resets", by_reset)), missing);
        }
        let good = "7 Green Umbrellas on hills";
        claim(server, &token, good).expect(201);
        server.client().put("/password-resets", json!({ "token": reset, "password": good })).expect(204);
        let session = server.client().post("/sessions", json!({
            "org": "acme", "email": org.user_email("Sam"), "password": good,
        }));
        let session = server.client().with_token(&session.expect(201).text("token"));
        session.put("/me/password", json!({ "current": good, "new": "8 Green Umbrellas on hills" })).expect(204);
    }

    fn an_org_without_guest_access_or_guest_passwords_takes_no_claims(server) {
        let org = server.org("acme");
        let (_, token) = invited(server, &org, "Ada");
        org.user("Sam");
        let users = server.mailed_token(&org.user_email("Sam"));
        org.admin.patch("/org", json!({ "guests_may_use_passwords": false })).expect(200);
        claim(server, &token, PASSWORD).refused(409, "passwords_not_for_guests");
        org.admin.patch("/org", json!({ "guest_access": false, "guests_may_use_passwords": true })).expect(200);
        claim(server, &token, PASSWORD).refused(409, "guest_access_off");
        preview(server, &token).refused(409, "guest_access_off");
        claim(server, &users, PASSWORD).expect(201);
        org.admin.patch("/org", json!({ "guest_access": true })).expect(200);
        claim(server, &token, PASSWORD).expect(201);
    }

    fn a_link_handed_over_in_person_works_like_a_mailed_one(server) {
        let org = server.org("acme");
        let (path, mailed) = invited(server, &org, "Ada");
        let reply = org.admin.post(&format!("{path}/claim-links"), json!({ "deliver": "response" })).expect(201);
        let url = reply.text("url");
        let token = url.strip_prefix("http://localhost:8080/claim#token=").unwrap();
        preview(server, &mailed).refused(410, "claim_link_invalid");
        claim(server, token, PASSWORD).expect(201);
    }

    fn a_body_that_is_no_claim_is_refused_by_field(server) {
        server.client().post("/claims", json!({ "token": "x" })).refused(400, "missing_field").blaming("/password");
        let more = json!({ "token": "x", "password": "y", "org": "acme" });
        server.client().post("/claims", more).refused(400, "unknown_field").blaming("/org");
        server.client().post("/claims/preview", json!({})).refused(400, "missing_field").blaming("/token");
        server.client().get("/claims/preview").refused(405, "method_not_allowed");
    }
}
