//! API tokens over HTTP.

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, PASSWORD, Reply, TestServer, both_databases};

fn make(client: &Client, kind: &str, scopes: Value) -> Reply {
    let mut body = json!({ "name": "Nightly export", "kind": kind });
    if !scopes.is_null() {
        body["scopes"] = scopes;
    }
    client.post("/api-tokens", body)
}

fn with(server: &TestServer, made: &Reply) -> Client {
    server.client().with_token(&made.text("secret"))
}

fn for_user(client: &Client, method: &str, path: &str, user: &str) -> Reply {
    Client::send(client.request(method, path).header("on-behalf-of", user))
}

both_databases! {
    fn a_token_is_shown_once_and_works_until_it_is_deleted(server) {
        let org = server.org("acme");
        let session = org.signed_in(server, "Sam", &[]);
        let me = session.get("/me").expect(200).id();
        let made = make(&session, "user", Value::Null).expect(201);
        assert!(made.text("secret").starts_with("vst_a_"));
        let mut shown = made.body.clone();
        shown.as_object_mut().unwrap().remove("secret");
        assert_eq!(shown, json!({
            "id": made.id(), "name": "Nightly export", "kind": "user", "scopes": ["read", "write"], "active": true,
            "created_by": me, "created_at": "2026-06-10T12:00:00.000000Z", "expires_at": null,
        }));
        let list = session.get("/api-tokens").expect(200);
        assert_eq!(list.body["items"], json!([shown]));
        assert!(!list.text.contains(&made.text("secret")) && !list.text.contains("secret"));

        let token = with(server, &made);
        assert_eq!(token.get("/me").expect(200).id(), me);
        token.patch("/me", json!({ "locale": "de" })).expect(200);
        session.delete(&format!("/api-tokens/{}", made.id())).expect(204);
        token.get("/me").refused(401, "credential_ended");
        session.delete(&format!("/api-tokens/{}", made.id())).refused(404, "not_found");

        let events = org.admin.all(&format!("/audit-events?target_id={}", made.id()));
        let actions: Vec<&str> = events.iter().map(|e| e["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["api_token.deleted", "api_token.created"]);
        assert!(!json!(events).to_string().contains(&made.text("secret")));
    }

    fn a_repeated_request_gets_the_same_secret(server) {
        let org = server.org("acme");
        let body = json!({ "name": "once", "kind": "user" });
        let request = |name: &str| {
            let mut body = body.clone();
            body["name"] = json!(name);
            let request = org.admin.request("POST", "/api-tokens").header("idempotency-key", "k-1");
            Client::send(request.json(&body))
        };
        let first = request("once").expect(201);
        let second = request("once").expect(201);
        assert_eq!(first.text, second.text);
        request("twice").refused(422, "idempotency_key_reused");
        let named = |name: &str| org.admin.all("/api-tokens").iter().filter(|t| t["name"] == name).count();
        assert_eq!((named("once"), named("twice")), (1, 0));
    }

    fn a_users_token_does_what_its_scopes_say(server) {
        let org = server.org("acme");
        let session = org.signed_in(server, "Sam", &[]);
        let read = with(server, &make(&session, "user", json!(["read"])).expect(201));
        read.get("/me").expect(200);
        read.patch("/me", json!({ "locale": "de" })).refused(403, "scope_missing");
        read.post("/api-tokens", json!({ "name": "x", "kind": "user" })).refused(403, "scope_missing");
        let write = with(server, &make(&session, "user", json!(["write", "write"])).expect(201));
        write.get("/me").refused(403, "scope_missing");
        write.patch("/me", json!({ "locale": "de" })).expect(200);
        // Never more than the user may.
        let both = with(server, &make(&session, "user", json!(["write", "read"])).expect(201));
        both.patch("/org", json!({ "name": "Mine" })).refused(403, "capability_missing");
    }

    fn unusable_values_are_refused_by_field(server) {
        let org = server.org("acme");
        let token = |more: Value| {
            let mut body = json!({ "name": "t", "kind": "user" });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            org.admin.post("/api-tokens", body)
        };
        let cases = [
            (json!({ "name": " " }), 422, "required", "/name"),
            (json!({ "name": "x".repeat(101) }), 422, "too_long", "/name"),
            (json!({ "kind": "robot" }), 422, "invalid_value", "/kind"),
            (json!({ "scopes": [] }), 422, "required", "/scopes"),
            (json!({ "scopes": ["read", "everything"] }), 422, "unknown_scope", "/scopes/1"),
            (json!({ "scopes": ["pdp"] }), 422, "scope_of_other_kind", "/scopes/0"),
            (json!({ "kind": "service", "scopes": ["read"] }), 422, "scope_of_other_kind", "/scopes/0"),
            (json!({ "kind": "service" }), 422, "required", "/scopes"),
            (json!({ "scopes": "read" }), 400, "invalid_type", "/scopes"),
            (json!({ "expires_at": "2026-06-10T12:00:00Z" }), 422, "expiry_in_past", "/expires_at"),
            (json!({ "expires_at": "tomorrow" }), 400, "invalid_format", "/expires_at"),
            (json!({ "user_id": org.admin_id }), 400, "unknown_field", "/user_id"),
        ];
        for (more, status, code, pointer) in cases {
            token(more).refused(status, code).blaming(pointer);
        }
        let two = token(json!({ "name": "", "scopes": ["x"] })).refused(422, "validation_failed");
        two.blaming("/name").blaming("/scopes/0");
        org.admin.post("/api-tokens", json!({ "name": "t" })).refused(400, "missing_field").blaming("/kind");
    }

    fn a_token_ends_when_it_says(server) {
        let org = server.org("acme");
        let body = json!({ "name": "t", "kind": "user", "expires_at": "2026-06-10T15:00:00+02:00" });
        let made = org.admin.post("/api-tokens", body).expect(201);
        assert_eq!(made.body["expires_at"], "2026-06-10T13:00:00.000000Z");
        let token = with(server, &made);
        assert_eq!(token.get("/session").expect(200).body["expires_at"], made.body["expires_at"]);
        server.advance(Duration::hours(1) - Duration::MICROSECOND);
        token.get("/me").expect(200);
        server.advance(Duration::MICROSECOND);
        token.get("/me").refused(401, "credential_ended");
        let listed = org.admin.all("/api-tokens");
        let listed = listed.iter().find(|t| t["id"] == made.id().as_str()).unwrap();
        assert_eq!(listed["active"], false);
    }

    fn a_token_makes_no_stronger_and_no_longer_token(server) {
        let org = server.org("acme");
        let body = json!({
            "name": "t", "kind": "user", "scopes": ["write"], "expires_at": "2026-06-11T12:00:00Z",
        });
        let weak = with(server, &org.admin.post("/api-tokens", body).expect(201));
        make(&weak, "user", json!(["read"])).refused(422, "scope_not_held").blaming("/scopes/0");
        let child = make(&weak, "user", Value::Null).expect(201);
        assert_eq!(child.body["scopes"], json!(["write"]));
        assert_eq!(child.body["expires_at"], "2026-06-11T12:00:00.000000Z");
        let later = json!({ "name": "t", "kind": "user", "expires_at": "2026-06-11T12:00:01Z" });
        weak.post("/api-tokens", later).refused(422, "outlives_credential").blaming("/expires_at");
        let service = make(&weak, "service", json!(["pdp"])).expect(201);
        assert_eq!(service.body["expires_at"], "2026-06-11T12:00:00.000000Z");
    }

    fn a_guests_token_dies_with_the_access_and_stays_dead(server) {
        let org = server.org("acme");
        let revoked = org.guest(server, "Revoked", 30);
        org.guest(server, "Expired", 1);
        let token_of = |name: &str| {
            let session = server.claim(&org.guest_email(name));
            with(server, &make(&session, "user", Value::Null).expect(201))
        };
        let (of_revoked, of_expired) = (token_of("Revoked"), token_of("Expired"));
        of_revoked.get("/me").expect(200);
        let path = format!("/guests/{}", revoked["id"].as_str().unwrap());
        org.admin.post(&format!("{path}/revoke"), json!({})).expect(200);
        of_revoked.get("/me").refused(401, "credential_ended");
        let until = json!({ "access_ends_on": server.day(20) });
        org.admin.post(&format!("{path}/reinstate"), until.clone()).expect(200);
        of_revoked.get("/me").refused(401, "credential_ended");
        server.sign_in(&org, &org.guest_email("Revoked")).get("/me").expect(200);

        // No worker runs when the day comes, nor before the guest is extended.
        server.advance(Duration::days(2));
        of_expired.get("/me").refused(401, "credential_ended");
        let expired = org.admin.all("/guests?status=expired")[0]["id"].as_str().unwrap().to_owned();
        org.admin.patch(&format!("/guests/{expired}"), until).expect(200);
        of_expired.get("/me").refused(401, "credential_ended");
        server.sign_in(&org, &org.guest_email("Expired")).get("/me").expect(200);
        // Guest access as a whole can be switched off and on again without touching anybody's facts.
        let again = server.sign_in(&org, &org.guest_email("Expired"));
        org.admin.patch("/org", json!({ "guest_access": false })).expect(200);
        again.get("/me").refused(401, "credential_ended");
        org.admin.patch("/org", json!({ "guest_access": true })).expect(200);
        again.get("/me").expect(200);
    }

    fn service_tokens_are_for_who_holds_what_they_give(server) {
        let org = server.org("acme");
        let nobody = org.signed_in(server, "Nobody", &["manage_users"]);
        let manager = org.signed_in(server, "Manager", &["manage_org"]);
        let keeper = org.signed_in(server, "Keeper", &["manage_org", "manage_access", "view_audit"]);
        make(&nobody, "service", json!(["pdp"])).refused(403, "capability_missing");
        make(&manager, "service", json!(["pdp"])).refused(403, "capability_missing");
        make(&manager, "service", json!(["events"])).refused(403, "capability_missing");
        make(&keeper, "service", json!(["pdp", "policy_export", "events"])).expect(201);
        for scope in ["act_as", "scim"] {
            make(&keeper, "service", json!([scope])).refused(403, "admin_only");
            make(&org.admin, "service", json!([scope])).expect(201);
        }
        let denied = org.admin.all("/audit-events?action=administration.denied");
        assert!(denied.len() >= 5, "{denied:?}");
    }

    fn everybody_sees_their_own_tokens_and_managers_those_of_services(server) {
        let org = server.org("acme");
        let sam = org.signed_in(server, "Sam", &[]);
        let manager = org.signed_in(server, "Manager", &["manage_org"]);
        let of_sam = make(&sam, "user", Value::Null).expect(201);
        let service = make(&org.admin, "service", json!(["pdp"])).expect(201);
        let ids = |client: &Client| -> Vec<String> {
            client.all("/api-tokens?limit=1").iter().map(|t| t["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ids(&sam), [of_sam.id()]);
        assert_eq!(ids(&manager), [service.id()]);
        assert!(ids(&org.admin).contains(&service.id()) && !ids(&org.admin).contains(&of_sam.id()));
        assert_eq!(sam.get("/api-tokens?count=true").expect(200).body["total"], 1);

        let path = |made: &Reply| format!("/api-tokens/{}", made.id());
        let missing = sam.delete("/api-tokens/0198c0de-0000-7000-8000-000000000001").refused(404, "not_found");
        let hidden = sam.delete(&path(&service)).refused(404, "not_found");
        assert_eq!(missing.body["detail"], hidden.body["detail"]);
        manager.delete(&path(&of_sam)).refused(404, "not_found");
        org.admin.delete(&path(&of_sam)).refused(404, "not_found");
        sam.delete("/api-tokens/rubbish").refused(404, "not_found");
        server.org("other").admin.delete(&path(&service)).refused(404, "not_found");
        with(server, &of_sam).get("/me").expect(200);
        manager.delete(&path(&service)).expect(204);
        sam.delete(&path(&of_sam)).expect(204);
    }

    fn a_deletion_may_be_made_conditional(server) {
        let org = server.org("acme");
        let made = make(&org.admin, "user", Value::Null).expect(201);
        let path = format!("/api-tokens/{}", made.id());
        let delete = |tag: &str| Client::send(org.admin.request("DELETE", &path).header("if-match", tag));
        delete("\"stale\"").refused(412, "precondition_failed");
        delete(made.header("etag").unwrap()).expect(204);
    }

    fn a_service_acts_for_a_user_with_exactly_that_users_rights(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 3);
        server.claim(&org.guest_email("Ada"));
        let guest = guest["id"].as_str().unwrap();
        let acting = with(server, &make(&org.admin, "service", json!(["act_as"])).expect(201));
        let mute = with(server, &make(&org.admin, "service", json!(["pdp"])).expect(201));

        acting.get("/me").refused(403, "user_needed");
        acting.get("/api-tokens").refused(403, "user_needed");
        acting.patch("/org", json!({ "name": "x" })).refused(403, "capability_missing");
        assert_eq!(for_user(&acting, "GET", "/me", guest).expect(200).id(), guest);
        for_user(&acting, "GET", "/audit-events", guest).refused(403, "capability_missing");
        for_user(&acting, "GET", "/audit-events", &org.admin_id).expect(200);
        for_user(&mute, "GET", "/me", guest).refused(403, "scope_missing");
        for_user(&org.admin, "GET", "/me", guest).refused(403, "act_as_not_allowed");
        let session = server.sign_in(&org, &org.admin_email);
        for_user(&session, "GET", "/me", guest).refused(403, "act_as_not_allowed");
        for_user(&acting, "GET", "/me", "somebody").refused(400, "invalid_header");
        let stranger = server.org("other").admin_id;
        for_user(&acting, "GET", "/me", &stranger).refused(403, "subject_ended");

        let rename = acting.request("PATCH", "/me").header("on-behalf-of", guest);
        Client::send(rename.json(&json!({ "first_name": "Augusta" }))).expect(200);
        let event = &org.admin.get("/audit-events?action=guest.updated").expect(200).body["items"][0];
        assert_eq!((&event["actor_kind"], &event["on_behalf_of"]), (&json!("service"), &json!(guest)));

        let token = acting.request("POST", "/api-tokens").header("on-behalf-of", &org.admin_id);
        let body = json!({ "name": "t", "kind": "user" });
        Client::send(token.json(&body)).refused(403, "act_as_not_allowed");
        for_user(&acting, "DELETE", "/session", guest).refused(403, "session_needed");

        server.advance(Duration::days(4));
        for_user(&acting, "GET", "/me", guest).refused(403, "subject_ended");
        for_user(&acting, "GET", "/me", &org.admin_id).expect(200);
    }

    fn a_token_is_no_password_and_no_token_of_another_kind(server) {
        let org = server.org("acme");
        let body = json!({ "org": "acme", "email": org.admin_email, "password": org.admin.token() });
        server.client().post("/sessions", body).refused(401, "sign_in_refused");
        let secret = org.admin.token().strip_prefix("vst_a_").unwrap();
        for kind in ["s", "c", "r"] {
            let forged = server.client().with_token(&format!("vst_{kind}_{secret}"));
            forged.get("/me").expect(401);
        }
        let session = server.sign_in(&org, &org.admin_email);
        let forged = session.token().replace("vst_s_", "vst_a_");
        server.client().with_token(&forged).get("/me").refused(401, "credential_ended");
        let body = json!({ "org": "acme", "email": org.admin_email, "password": PASSWORD });
        server.client().post("/sessions", body).expect(201);
    }
}
