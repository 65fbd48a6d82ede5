//! Signing in and out over HTTP.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use time::Duration;
use uuid::Uuid;
use vestibule_persistence::ids::{OrgId, UserId};
use vestibule_persistence::{StoreError, credentials, users};

use crate::harness::{Client, PASSWORD, Reply, TestOrg, TestServer, both_databases};

fn attempt(server: &TestServer, org: &str, email: &str, password: &str) -> Reply {
    server.client().post(
        "/sessions",
        json!({ "org": org, "email": email, "password": password }),
    )
}

/// What a refusal tells, apart from where and when.
fn gist(reply: &Reply) -> (u16, Value) {
    let mut body = reply.body.clone();
    body.as_object_mut().unwrap().remove("request_id");
    (reply.status, body)
}

/// A guest who has claimed; answers the path of the guest and a client with the session.
fn claimed_guest(server: &TestServer, org: &TestOrg, name: &str, days: i64) -> (String, Client) {
    let guest = org.guest(server, name, days);
    let session = server.claim(&org.guest_email(name));
    (format!("/guests/{}", guest["id"].as_str().unwrap()), session)
}

fn id(text: &str) -> Uuid {
    text.parse().unwrap()
}

fn cookie_of(reply: &Reply) -> String {
    reply
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

both_databases! {
    fn signing_in_opens_a_session_and_signing_out_ends_it(server) {
        let org = server.org("acme");
        let reply = attempt(server, "acme", &org.admin_email, PASSWORD).expect(201);
        assert_eq!(reply.body["expires_at"], "2026-06-11T00:00:00.000000Z");
        assert_eq!(reply.body["org"], json!({
            "id": org.id, "slug": "acme", "name": "acme Inc.", "time_zone": "UTC",
        }));
        assert_eq!(reply.body["user"], json!({
            "id": org.admin_id, "kind": "standard", "first_name": "Grace", "last_name": "Hopper",
            "email": org.admin_email, "time_zone": null,
        }));
        let token = reply.text("token");
        assert!(token.starts_with("vst_s_"));
        let cookie = format!("vestibule={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200");
        assert_eq!(reply.header("set-cookie"), Some(cookie.as_str()));
        assert_eq!(reply.header("cache-control"), Some("no-store"));

        let client = server.client().with_token(&token);
        let me = client.get("/session").expect(200);
        assert_eq!(me.body["user"], reply.body["user"]);
        assert_eq!(me.body["org"], reply.body["org"]);
        assert_eq!(me.body["expires_at"], reply.body["expires_at"]);
        assert_eq!(me.body["profile"]["built_in"], "admin");
        assert_eq!(me.body["permissions"], json!({}));
        let all = ["manage_users", "manage_guests", "manage_access", "manage_objects", "manage_org", "view_audit"];
        assert_eq!(me.body["capabilities"], json!(all));
        assert!(me.header("etag").is_some());

        let out = client.delete("/session").expect(204);
        assert!(out.header("set-cookie").unwrap().starts_with("vestibule=; "));
        assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"));
        client.get("/session").refused(401, "credential_ended");
        client.delete("/session").refused(401, "credential_ended");
    }

    fn a_guest_is_told_no_capability_beyond_the_ceiling(server) {
        let org = server.org("acme");
        let profile = org.profile("Everything", &["manage_users", "manage_org", "manage_objects", "view_audit"]);
        let mut invitation = org.invitation(server, "Ada", 5);
        invitation["profile_id"] = json!(profile);
        org.admin.post("/guests", invitation).expect(201);
        let guest = server.claim(&org.guest_email("Ada"));
        let session = guest.get("/session").expect(200).body;
        assert_eq!(session["capabilities"], json!(["manage_objects", "view_audit"]));
        guest.get("/audit-events").expect(200);
        guest.patch("/org", json!({ "name": "Mine" })).refused(403, "capability_missing");
    }

    fn everything_that_is_wrong_gets_one_identical_refusal(server) {
        let org = server.org("acme");
        org.user("Unclaimed");
        org.guest(server, "Invited", 5);
        let right = attempt(server, "acme", &org.admin_email, PASSWORD).status;
        assert_eq!(right, 201);
        let long = "x".repeat(73);
        let first = gist(&attempt(server, "acme", &org.admin_email, "wrong").refused(401, "sign_in_refused"));
        for (slug, email, password) in [
            ("nowhere", org.admin_email.as_str(), PASSWORD),
            ("ACME", &org.admin_email, PASSWORD),
            ("acme", "nobody@acme.example", PASSWORD),
            ("acme", "no address at all", PASSWORD),
            ("acme", "", PASSWORD),
            ("acme", &org.user_email("Unclaimed"), PASSWORD),
            ("acme", &org.guest_email("Invited"), PASSWORD),
            ("acme", &org.admin_email, ""),
            ("acme", &org.admin_email, "Correct horse battery staple"),
            ("acme", &org.admin_email, "correct horse battery staple "),
            ("acme", &org.admin_email, &long),
        ] {
            assert_eq!(gist(&attempt(server, slug, email, password)), first, "{slug} {email} {password}");
        }
    }

    fn a_password_that_bcrypt_would_cut_short_is_never_the_right_one(server) {
        let org = server.org("acme");
        org.user("Long");
        let password = "seventy-two bytes of a password, all of which count, none of them is cut".to_owned();
        assert_eq!(password.len(), 72);
        let token = server.mailed_token(&org.user_email("Long"));
        server.client().post("/claims", json!({ "token": token, "password": password })).expect(201);
        attempt(server, "acme", &org.user_email("Long"), &password).expect(201);
        let longer = password.clone() + "!";
        attempt(server, "acme", &org.user_email("Long"), &longer).refused(401, "sign_in_refused");
        attempt(server, "acme", &org.user_email("Long"), &password[..71]).refused(401, "sign_in_refused");
    }

    fn spellings_of_an_email_and_of_a_password_that_mean_the_same_are_the_same(server) {
        let org = server.org("acme");
        let user = org.user_with("Zoe", json!({ "email": "Zo\u{EB}@B\u{FC}cher.example" }));
        let links = format!("/users/{}/claim-links", user["id"].as_str().unwrap());
        let url = org.admin.post(&links, json!({ "deliver": "response" })).expect(201).text("url");
        let token = url.split_once('=').unwrap().1;
        let typed = "caf\u{E9} au lait, \u{2460} croissant";
        server.client().post("/claims", json!({ "token": token, "password": typed })).expect(201);
        let other = "cafe\u{301} au lait, 1 croissant";
        attempt(server, "acme", " zoe\u{308}@XN--BCHER-KVA.example ", other).expect(201);
        attempt(server, "acme", "zoe@b\u{FC}cher.example", typed).refused(401, "sign_in_refused");
    }

    fn the_right_password_of_somebody_without_access_is_told_so(server) {
        let org = server.org("acme");
        let (revoked, _) = claimed_guest(server, &org, "Revoked", 30);
        claimed_guest(server, &org, "Expired", 3);
        claimed_guest(server, &org, "Fine", 30);
        org.signed_in(server, "Gone", &[]);
        let users = org.admin.all("/users");
        let gone = users.iter().find(|u| u["first_name"] == "Gone").unwrap()["id"].as_str().unwrap();

        org.admin.post(&format!("{revoked}/revoke"), json!({})).expect(200);
        org.admin.post(&format!("/users/{gone}/deactivate"), json!({})).expect(200);
        server.advance(Duration::days(5));
        let try_in = |email: &str, password: &str| attempt(server, "acme", email, password);
        let first = try_in(&org.guest_email("Revoked"), PASSWORD).refused(403, "access_ended");
        for email in [org.guest_email("Expired"), org.user_email("Gone")] {
            // But for how it ended, which is the person's own.
            let (mut one, mut other) = (gist(&try_in(&email, PASSWORD)), gist(&first));
            for (_, body) in [&mut one, &mut other] {
                body.as_object_mut().unwrap().remove("access_ended").unwrap();
            }
            assert_eq!(one, other);
            try_in(&email, "something else").refused(401, "sign_in_refused");
        }

        try_in(&org.guest_email("Fine"), PASSWORD).expect(201);
        org.admin.patch("/org", json!({ "guest_access": false })).expect(200);
        try_in(&org.guest_email("Fine"), PASSWORD).refused(403, "access_ended");
        org.admin.patch("/org", json!({ "guest_access": true, "guests_may_use_passwords": false })).expect(200);
        try_in(&org.guest_email("Fine"), PASSWORD).refused(403, "access_ended");
        org.admin.patch("/org", json!({ "guests_may_use_passwords": true })).expect(200);
        try_in(&org.guest_email("Fine"), PASSWORD).expect(201);

        let events = org.admin.all("/audit-events?action=session.refused");
        let reasons: Vec<&str> = events.iter().map(|e| e["changes"]["reason"].as_str().unwrap()).collect();
        for reason in ["revoked", "expired", "deactivated", "guest_access_off", "passwords_not_for_guests"] {
            assert!(reasons.contains(&reason), "{reason} not in {reasons:?}");
        }
    }

    fn too_many_wrong_passwords_lock_for_a_while_and_a_right_one_starts_over(server) {
        let org = server.org("acme");
        let try_in = |password: &str| attempt(server, "acme", &org.admin_email, password);
        for _ in 0..9 {
            try_in("wrong").refused(401, "sign_in_refused");
        }
        try_in(PASSWORD).expect(201);
        for _ in 0..9 {
            try_in("wrong").refused(401, "sign_in_refused");
        }
        try_in(PASSWORD).expect(201);

        let wrong: Vec<_> = (0..10).map(|_| gist(&try_in("wrong"))).collect();
        let wrong = wrong[9].clone();
        assert_eq!(gist(&try_in(PASSWORD)), wrong);
        server.advance(Duration::minutes(15) - Duration::MICROSECOND);
        assert_eq!(gist(&try_in(PASSWORD)), wrong);
        server.advance(Duration::MICROSECOND);
        try_in(PASSWORD).expect(201);

        let last = &org.admin.get("/audit-events?action=session.refused&limit=3").expect(200).body["items"];
        assert_eq!(last[0]["changes"], json!({ "reason": "locked" }));
        assert_eq!(last[2]["changes"], json!({
            "reason": "wrong_password", "locked_until": "2026-06-10T12:15:00.000000Z",
        }));
    }

    fn wrong_passwords_at_once_all_count(server) {
        let org = server.org("acme");
        std::thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| attempt(server, "acme", &org.admin_email, "wrong").refused(401, "sign_in_refused"));
            }
        });
        attempt(server, "acme", &org.admin_email, PASSWORD).refused(401, "sign_in_refused");
    }

    fn a_session_lasts_as_long_as_the_org_says_and_never_beyond_a_guests_access(server) {
        let org = server.org("acme");
        org.admin.patch("/org", json!({ "session_hours": 720 })).expect(200);
        let session = attempt(server, "acme", &org.admin_email, PASSWORD).expect(201);
        assert_eq!(session.body["expires_at"], "2026-07-10T12:00:00.000000Z");
        claimed_guest(server, &org, "Ada", 3);
        let session = attempt(server, "acme", &org.guest_email("Ada"), PASSWORD).expect(201);
        assert_eq!(session.body["expires_at"], "2026-06-14T00:00:00.000000Z");

        org.admin.patch("/org", json!({ "session_hours": 1 })).expect(200);
        let client = server.sign_in(&org, &org.admin_email);
        server.advance(Duration::hours(1) - Duration::MICROSECOND);
        client.get("/me").expect(200);
        server.advance(Duration::MICROSECOND);
        client.get("/me").refused(401, "credential_ended");
    }

    fn with_the_cookie_only_our_own_pages_may_change_anything(server) {
        let org = server.org("acme");
        let cookie = cookie_of(&attempt(server, "acme", &org.admin_email, PASSWORD).expect(201));
        let request = |method: &str, path: &str| server.client().request(method, path).header("cookie", &cookie);
        let rename = || request("PATCH", "/me").json(&json!({ "first_name": "Ada" }));
        Client::send(request("GET", "/session")).expect(200);
        Client::send(rename()).refused(403, "cross_origin_refused");
        for (header, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", "http://localhost:8081"),
            ("origin", "https://localhost:8080"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("sec-fetch-site", "none"),
        ] {
            Client::send(rename().header(header, value)).refused(403, "cross_origin_refused");
            Client::send(request("DELETE", "/session").header(header, value)).refused(403, "cross_origin_refused");
        }
        Client::send(rename().header("origin", "http://localhost:8080")).expect(200);
        Client::send(rename().header("sec-fetch-site", "same-origin")).expect(200);
        // A bearer token is no ambient credential, wherever it comes from.
        let session = server.sign_in(&org, &org.admin_email);
        Client::send(session.request("GET", "/me").header("origin", "https://evil.example")).expect(200);
        let renamed = session.request("PATCH", "/me").json(&json!({ "first_name": "Grace" }));
        Client::send(renamed.header("origin", "https://evil.example")).expect(200);
    }

    fn only_a_session_fits_into_the_cookie_and_a_bearer_token_goes_first(server) {
        let org = server.org("acme");
        let with_cookie = |value: &str| {
            let request = server.client().request("GET", "/session");
            Client::send(request.header("cookie", format!("other=1; vestibule={value}")))
        };
        with_cookie(org.admin.token()).refused(401, "credential_invalid");
        with_cookie("rubbish").refused(401, "credential_invalid");
        with_cookie("").refused(401, "credential_missing");
        let session = server.sign_in(&org, &org.admin_email);
        with_cookie(session.token()).expect(200);
        let both = session.request("GET", "/session").header("cookie", "vestibule=rubbish");
        Client::send(both).expect(200);
        let wrong_first = server.client().request("GET", "/session").bearer_auth("vst_s_x");
        Client::send(wrong_first.header("cookie", format!("vestibule={}", session.token())))
            .refused(401, "credential_invalid");
    }

    fn an_api_token_tells_who_it_is_and_cannot_sign_out(server) {
        let org = server.org("acme");
        let session = org.admin.get("/session").expect(200).body;
        assert_eq!(session["user"]["id"], org.admin_id.as_str());
        assert_eq!(session["expires_at"], Value::Null);
        org.admin.delete("/session").refused(403, "session_needed");
        org.admin.get("/session").expect(200);
    }

    fn a_hash_of_another_cost_is_replaced_when_its_owner_signs_in(server) {
        let org = server.org("acme");
        let (org_id, user) = (OrgId::from(id(&org.id)), UserId::from(id(&org.admin_id)));
        let cost_of = || {
            let stored = server.database().read(|tx| credentials::find(tx, org_id, user)).unwrap().unwrap();
            stored.password_hash.expose_secret().split('$').nth(2).unwrap().to_owned()
        };
        let old = SecretString::from(bcrypt::hash(PASSWORD, 5).unwrap());
        server
            .database()
            .write(org_id, |tx| {
                credentials::set_password(tx, org_id, user, &old, server.clock.now())?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        assert_eq!(cost_of(), "05");
        attempt(server, "acme", &org.admin_email, "wrong").expect(401);
        assert_eq!(cost_of(), "05");
        attempt(server, "acme", &org.admin_email, PASSWORD).expect(201);
        assert_eq!(cost_of(), "04");
        attempt(server, "acme", &org.admin_email, PASSWORD).expect(201);
    }

    fn a_revocation_wins_over_every_sign_in_under_way(server) {
        let org = server.org("acme");
        let (guest, _) = claimed_guest(server, &org, "Ada", 30);
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let email = org.guest_email("Ada");
            let threads: Vec<_> = (0..12)
                .map(|_| {
                    let email = email.clone();
                    scope.spawn(move || attempt(server, "acme", &email, PASSWORD))
                })
                .collect();
            org.admin.post(&format!("{guest}/revoke"), json!({})).expect(200);
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for reply in replies {
            match reply.status {
                201 => {
                    let session = server.client().with_token(&reply.text("token"));
                    session.get("/me").refused(401, "credential_ended");
                }
                _ => drop(reply.refused(403, "access_ended")),
            }
        }
    }

    fn the_last_sign_in_is_noted(server) {
        let org = server.org("acme");
        let (guest, _) = claimed_guest(server, &org, "Ada", 30);
        server.advance(Duration::hours(3));
        server.sign_in(&org, &org.guest_email("Ada"));
        let seen = org.admin.get(&guest).expect(200);
        assert_eq!(seen.body["last_sign_in_at"], "2026-06-10T15:00:00.000000Z");
        let before = seen.header("etag").map(str::to_owned);
        attempt(server, "acme", &org.guest_email("Ada"), "wrong").expect(401);
        server.sign_in(&org, &org.guest_email("Ada"));
        let after = org.admin.get(&guest).expect(200);
        assert_eq!(after.header("etag").map(str::to_owned), before, "a sign-in is no new version");
    }

    fn sign_ins_and_refusals_are_recorded_without_secrets_or_strangers_emails(server) {
        let org = server.org("acme");
        attempt(server, "acme", &org.admin_email, "a wrong pass phrase").expect(401);
        attempt(server, "acme", "stranger@elsewhere.example", "a wrong pass phrase").expect(401);
        let session = attempt(server, "acme", &org.admin_email, PASSWORD).expect(201);
        server.client().with_token(&session.text("token")).delete("/session").expect(204);

        let items = org.admin.get("/audit-events?limit=4").expect(200);
        let [ended, created, stranger, wrong] = items.body["items"].as_array().unwrap().as_slice() else {
            panic!("{}", items.text)
        };
        assert_eq!(wrong["action"], "session.refused");
        assert_eq!(wrong["target_id"], org.admin_id.as_str());
        assert_eq!((&wrong["actor_kind"], &wrong["actor_id"]), (&json!("system"), &Value::Null));
        assert_eq!(wrong["changes"], json!({ "reason": "wrong_password" }));
        assert_eq!((&stranger["target_id"], &stranger["actor_id"]), (&Value::Null, &Value::Null));
        assert_eq!(stranger["changes"], json!({ "reason": "unknown_email" }));
        assert_eq!((&created["action"], &ended["action"]), (&json!("session.created"), &json!("session.ended")));
        assert_eq!(created["actor_id"], org.admin_id.as_str());
        assert_eq!(created["target_id"], org.admin_id.as_str());
        assert_eq!(created["request_id"].as_str(), session.header("x-request-id"));
        for secret in ["a wrong pass phrase", "stranger@", PASSWORD, &session.text("token"), "$2b$"] {
            assert!(!items.text.contains(secret), "{secret}");
        }
    }

    fn a_body_that_is_no_sign_in_is_refused_by_field(server) {
        let org = server.org("acme");
        let body = json!({ "org": "acme", "email": org.admin_email, "password": PASSWORD });
        let with = |field: &str, value: Value| {
            let mut body = body.clone();
            body[field] = value;
            server.client().post("/sessions", body)
        };
        with("remember", json!(true)).refused(400, "unknown_field").blaming("/remember");
        with("password", json!(7)).refused(400, "invalid_type").blaming("/password");
        with("password", json!("nul\u{0}")).refused(422, "invalid_text").blaming("/password");
        with("org", json!(null)).refused(400, "invalid_type").blaming("/org");
        server.client().post("/sessions", json!({ "org": "acme" })).refused(400, "missing_field");
        server.client().get("/sessions").refused(405, "method_not_allowed");
        let typed = server.client().request("POST", "/sessions").body(body.to_string());
        Client::send(typed.header("content-type", "text/plain")).refused(415, "unsupported_media_type");
    }

    fn a_deleted_users_session_is_over(server) {
        let org = server.org("acme");
        let client = org.signed_in(server, "Gone", &[]);
        let user_id = client.get("/me").expect(200).id();
        org.admin.delete(&format!("/users/{user_id}")).expect(204);
        client.get("/me").refused(401, "credential_ended");
        attempt(server, "acme", &org.user_email("Gone"), PASSWORD).refused(401, "sign_in_refused");
        let user = UserId::from(id(&user_id));
        let org_id = OrgId::from(id(&org.id));
        assert!(server.database().read(|tx| users::find(tx, org_id, user)).unwrap().is_none());
    }
}
