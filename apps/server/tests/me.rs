//! One's own account over HTTP.

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, PASSWORD, TestOrg, TestServer, both_databases};

const NEW_PASSWORD: &str = "seven green umbrellas on a hill";

fn guest(server: &TestServer, org: &TestOrg) -> Client {
    org.guest(server, "Ada", 21);
    server.claim(&org.guest_email("Ada"))
}

fn standard(server: &TestServer, org: &TestOrg) -> Client {
    org.signed_in(server, "Sam", &[])
}

fn change(client: &Client, current: &str, new: &str) -> crate::harness::Reply {
    client.put("/me/password", json!({ "current": current, "new": new }))
}

both_databases! {
    fn a_guest_sees_until_when_and_who_answers_for_them(server) {
        let org = server.org("acme");
        let me = guest(server, &org).get("/me").expect(200);
        assert_eq!(me.body["kind"], "guest");
        assert_eq!(me.body["email"], org.guest_email("Ada"));
        assert_eq!(me.body["access_ends_on"], "2026-07-01");
        assert_eq!(me.body["access_ends_at"], "2026-07-02T00:00:00.000000Z");
        assert_eq!(me.body["days_left"], 22);
        assert_eq!(me.body["sponsor"], json!({
            "first_name": "Grace", "last_name": "Hopper", "email": org.admin_email,
        }));
        assert_eq!(me.body["notifications"], json!({ "access_reminders": true, "sponsored_guests": true }));
        assert_eq!((&me.body["locale"], &me.body["time_zone"]), (&Value::Null, &Value::Null));
        assert!(me.header("etag").is_some());

        let me = standard(server, &org).get("/me").expect(200);
        assert_eq!(me.body["kind"], "standard");
        for field in ["access_ends_on", "access_ends_at", "days_left", "sponsor"] {
            assert_eq!(me.body[field], Value::Null, "{field}");
        }
    }

    fn everybody_is_told_their_place_by_name(server) {
        let org = server.org("acme");
        let made = |path: &str, body: Value| {
            let made = org.admin.post(path, body).expect(201);
            json!({ "id": made.id(), "name": made.text("name") })
        };
        let role = made("/roles", json!({ "name": "Rep" }));
        let license = made("/licenses", json!({ "name": "Full", "seats": 5 }));
        let profile = made("/profiles", json!({ "name": "Partner", "capabilities": [] }));
        let placed = json!({ "role_id": role["id"], "license_id": license["id"], "profile_id": profile["id"] });
        org.user_with("Sam", placed.clone());
        let mut ada = org.invitation(server, "Ada", 21);
        ada.as_object_mut().unwrap().extend(placed.as_object().unwrap().clone());
        org.admin.post("/guests", ada).expect(201);
        for client in [server.claim(&org.user_email("Sam")), server.claim(&org.guest_email("Ada"))] {
            let me = client.get("/me").expect(200).body;
            assert_eq!((&me["role"], &me["profile"], &me["license"]), (&role, &profile, &license));
            let changed = client.patch("/me", json!({ "time_zone": "Asia/Tokyo" })).expect(200).body;
            assert_eq!((&changed["role"], &changed["profile"], &changed["license"]), (&role, &profile, &license));
        }
        let me = org.signed_in(server, "Bob", &[]).get("/me").expect(200).body;
        assert_eq!(me["profile"]["name"], "Profile of Bob");
        for none in ["role", "license"] {
            assert_eq!(me.get(none), Some(&Value::Null), "{none}");
        }
    }

    fn everybody_manages_their_personal_settings(server) {
        let org = server.org("acme");
        for client in [guest(server, &org), standard(server, &org)] {
            let changed = client.patch("/me", json!({
                "first_name": " Zo\u{EB} ", "last_name": "van Dyk", "locale": "nl-BE", "time_zone": "europe/brussels",
                "notifications": { "access_reminders": false },
            }));
            let changed = changed.expect(200);
            assert_eq!(changed.body["first_name"], "Zo\u{EB}");
            assert_eq!(changed.body["locale"], "nl-BE");
            assert_eq!(changed.body["time_zone"], "Europe/Brussels");
            assert_eq!(changed.body["notifications"], json!({ "access_reminders": false, "sponsored_guests": true }));
            assert_eq!(client.get("/me").expect(200).body, changed.body);

            let cleared = client.patch("/me", json!({ "locale": null, "time_zone": null })).expect(200);
            assert_eq!((&cleared.body["locale"], &cleared.body["time_zone"]), (&Value::Null, &Value::Null));
            assert_eq!(cleared.body["first_name"], "Zo\u{EB}");
        }
        let events = org.admin.all("/audit-events?action=guest.updated");
        assert_eq!(events.len(), 2);
        assert_eq!(events[1]["changes"]["first_name"], json!({ "before": "Ada", "after": "Zo\u{EB}" }));
    }

    fn a_guest_cannot_change_what_is_for_administrators(server) {
        let org = server.org("acme");
        let client = guest(server, &org);
        let before = client.get("/me").expect(200).body;
        let governed = json!({
            "role_id": org.id, "profile_id": org.admin_profile, "license_id": null, "email": "new@x.example",
            "access_ends_on": server.day(80), "sponsor_id": org.admin_id, "org_id": org.id, "kind": "standard",
            "sign_in": "sso", "status": "active",
        });
        for (field, value) in governed.as_object().unwrap() {
            let reply = client.patch("/me", json!({ field.as_str(): value, "time_zone": "Asia/Tokyo" }));
            let reply = reply.refused(403, "guest_restricted").blaming(&format!("/{field}"));
            assert_eq!(reply.body["errors"].as_array().unwrap().len(), 1);
            assert_eq!(reply.body["errors"][0]["code"], "guest_restricted");
        }
        let all = client.patch("/me", governed.clone()).refused(403, "guest_restricted");
        for field in governed.as_object().unwrap().keys() {
            all.clone().blaming(&format!("/{field}"));
        }
        assert_eq!(client.get("/me").expect(200).body, before);
        // Nor through any other door.
        let id = before["id"].as_str().unwrap();
        client.patch(&format!("/guests/{id}"), json!({ "access_ends_on": server.day(80) })).expect(403);
        client.patch("/org", json!({ "name": "Mine" })).expect(403);
    }

    fn for_a_standard_user_it_is_not_self_service(server) {
        let org = server.org("acme");
        let client = standard(server, &org);
        for field in ["role_id", "profile_id", "license_id", "email", "kind", "org_id", "external_id"] {
            client
                .patch("/me", json!({ field: "x" }))
                .refused(403, "not_self_service")
                .blaming(&format!("/{field}"));
        }
    }

    fn unknown_and_unusable_values_are_refused_by_field(server) {
        let org = server.org("acme");
        let client = guest(server, &org);
        let cases = [
            (json!({ "shoe_size": 43 }), 400, "unknown_field", "/shoe_size"),
            (json!({ "password": "x" }), 400, "unknown_field", "/password"),
            (json!({ "shoe_size": 43, "role_id": null }), 400, "unknown_field", "/shoe_size"),
            (json!({ "first_name": null }), 400, "invalid_type", "/first_name"),
            (json!({ "first_name": 1 }), 400, "invalid_type", "/first_name"),
            (json!({ "first_name": " " }), 422, "required", "/first_name"),
            (json!({ "last_name": "x".repeat(101) }), 422, "too_long", "/last_name"),
            (json!({ "last_name": "a\u{202E}b" }), 422, "invalid_text", "/last_name"),
            (json!({ "last_name": "a\u{0}b" }), 422, "invalid_text", "/last_name"),
            (json!({ "locale": "Deutsch bitte" }), 422, "invalid_locale", "/locale"),
            (json!({ "locale": 5 }), 400, "invalid_type", "/locale"),
            (json!({ "time_zone": "Mars/Olympus" }), 422, "time_zone_unknown", "/time_zone"),
            (json!({ "time_zone": "+02:00" }), 422, "time_zone_unknown", "/time_zone"),
            (json!({ "notifications": { "fax": true } }), 400, "unknown_field", "/notifications/fax"),
            (json!({ "notifications": { "access_reminders": 1 } }), 400, "invalid_type", "/notifications/access_reminders"),
            (json!([]), 400, "invalid_type", ""),
        ];
        let before = client.get("/me").expect(200).body;
        for (body, status, code, pointer) in cases {
            client.patch("/me", body).refused(status, code).blaming(pointer);
        }
        let two = client.patch("/me", json!({ "first_name": "", "time_zone": "x" }));
        two.refused(422, "validation_failed").blaming("/first_name").blaming("/time_zone");
        assert_eq!(client.get("/me").expect(200).body, before);
    }

    fn a_change_may_be_made_conditional(server) {
        let org = server.org("acme");
        let client = guest(server, &org);
        let tag = client.get("/me").expect(200).header("etag").unwrap().to_owned();
        let rename = |name: &str, tag: &str| {
            let request = client.request("PATCH", "/me").header("if-match", tag);
            Client::send(request.json(&json!({ "first_name": name })))
        };
        let first = rename("One", &tag).expect(200);
        assert_ne!(first.header("etag"), Some(tag.as_str()));
        rename("Two", &tag).refused(412, "precondition_failed");
        assert_eq!(client.get("/me").expect(200).body["first_name"], "One");
        // Nothing to change is no new version.
        let same = rename("One", first.header("etag").unwrap()).expect(200);
        assert_eq!(same.header("etag"), first.header("etag"));
        let request = client.request("PUT", "/me/password").header("if-match", &tag);
        let body = json!({ "current": PASSWORD, "new": NEW_PASSWORD });
        Client::send(request.json(&body)).refused(412, "precondition_failed");
    }

    fn a_changed_password_counts_and_ends_the_other_sessions(server) {
        let org = server.org("acme");
        let client = guest(server, &org);
        let other = server.sign_in(&org, &org.guest_email("Ada"));
        let token = client.post("/api-tokens", json!({ "name": "mine", "kind": "user" })).expect(201);
        let token = server.client().with_token(&token.text("secret"));
        change(&client, PASSWORD, NEW_PASSWORD).expect(204);
        client.get("/me").expect(200);
        token.get("/me").expect(200);
        other.get("/me").refused(401, "credential_ended");
        let try_in = |password: &str| {
            let body = json!({ "org": "acme", "email": org.guest_email("Ada"), "password": password });
            server.client().post("/sessions", body)
        };
        try_in(PASSWORD).refused(401, "sign_in_refused");
        try_in(NEW_PASSWORD).expect(201);
        let events = org.admin.get("/audit-events?action=user.password_changed").expect(200);
        assert_eq!(events.body["items"].as_array().unwrap().len(), 1);
        assert_eq!(events.body["items"][0]["changes"], json!({}));
    }

    fn a_changed_password_voids_reset_links(server) {
        let org = server.org("acme");
        let client = guest(server, &org);
        let forgot = json!({ "org": "acme", "email": org.guest_email("Ada") });
        server.advance(Duration::SECOND);
        server.client().post("/password-resets", forgot).expect(202);
        let token = server.mailed_token(&org.guest_email("Ada"));
        change(&client, PASSWORD, NEW_PASSWORD).expect(204);
        let reset = json!({ "token": token, "password": "another seven umbrellas" });
        server.client().put("/password-resets", reset).refused(410, "reset_link_invalid");
    }

    fn a_new_password_obeys_the_policy_and_the_old_one_must_be_known(server) {
        let org = server.org("acme");
        let client = guest(server, &org);
        change(&client, "wrong", NEW_PASSWORD).refused(422, "current_password_wrong").blaming("/current");
        let short = change(&client, PASSWORD, "ada@guests").refused(422, "password_policy").blaming("/new");
        assert_eq!(short.body["errors"][0]["code"], "too_short");
        change(&client, PASSWORD, &"x7 ".repeat(25)).refused(422, "password_policy");
        change(&client, PASSWORD, "aaaaaaaaaaaaaaaaaaaa").refused(422, "password_policy");
        change(&client, PASSWORD, "the address is ada@guests.example").refused(422, "password_policy");
        client.put("/me/password", json!({ "new": NEW_PASSWORD })).refused(400, "missing_field").blaming("/current");
        server.sign_in(&org, &org.guest_email("Ada"));
    }

    fn guessing_the_present_password_locks_like_signing_in(server) {
        let org = server.org("acme");
        let client = guest(server, &org);
        for _ in 0..10 {
            change(&client, "wrong", NEW_PASSWORD).refused(422, "current_password_wrong");
        }
        change(&client, PASSWORD, NEW_PASSWORD).refused(422, "current_password_wrong");
        let body = json!({ "org": "acme", "email": org.guest_email("Ada"), "password": PASSWORD });
        server.client().post("/sessions", body).refused(401, "sign_in_refused");
        client.get("/me").expect(200);
        server.advance(Duration::minutes(15));
        change(&client, PASSWORD, NEW_PASSWORD).expect(204);
        let refused = org.admin.all("/audit-events?action=user.password_change_refused");
        assert_eq!(refused.len(), 11);
    }

    fn changing_the_password_takes_a_session(server) {
        let org = server.org("acme");
        change(&org.admin, PASSWORD, NEW_PASSWORD).refused(403, "session_needed");
        let service = json!({ "name": "s", "kind": "service", "scopes": ["act_as"] });
        let service = org.admin.post("/api-tokens", service).expect(201).text("secret");
        let service = server.client().with_token(&service);
        let acting = |request: reqwest::blocking::RequestBuilder| {
            Client::send(request.header("on-behalf-of", &org.admin_id))
        };
        let body = json!({ "current": PASSWORD, "new": NEW_PASSWORD });
        acting(service.request("PUT", "/me/password").json(&body)).refused(403, "session_needed");
        acting(service.request("PATCH", "/me").json(&json!({ "first_name": "G" }))).expect(200);
        service.get("/me").refused(403, "user_needed");
    }

    fn a_guest_of_an_org_without_guest_passwords_sets_none(server) {
        let org = server.org("acme");
        let client = guest(server, &org);
        org.admin.patch("/org", json!({ "guests_may_use_passwords": false })).expect(200);
        change(&client, PASSWORD, NEW_PASSWORD).refused(409, "passwords_not_for_guests");
    }
}
