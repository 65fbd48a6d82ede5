//! The audit log over HTTP.

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, PASSWORD, both_databases};

fn seqs(events: &[Value]) -> Vec<i64> {
    events
        .iter()
        .map(|event| event["seq"].as_i64().unwrap())
        .collect()
}

both_databases! {
    fn events_come_newest_first_page_by_page_without_gaps(server) {
        let org = server.org("acme");
        for n in 0..7 {
            org.admin.patch("/org", json!({ "name": format!("Name {n}") })).expect(200);
        }
        let all = org.admin.all("/audit-events?limit=3");
        let count = i64::try_from(all.len()).unwrap();
        assert_eq!(seqs(&all), (1..=count).rev().collect::<Vec<_>>());
        let page = org.admin.get("/audit-events?limit=2&count=true").expect(200);
        assert_eq!(page.body["total"], count);
        assert_eq!(page.body["items"].as_array().unwrap().len(), 2);
        assert_eq!(org.admin.get("/audit-events").expect(200).body["next_cursor"], Value::Null);
        assert!(org.admin.get("/audit-events").expect(200).body.get("total").is_none());

        // What happens meanwhile doesn't shift the pages.
        let cursor = page.text("next_cursor");
        org.admin.patch("/org", json!({ "name": "Meanwhile" })).expect(200);
        let next = org.admin.get(&format!("/audit-events?limit=2&cursor={cursor}")).expect(200);
        assert_eq!(seqs(next.body["items"].as_array().unwrap()), [count - 2, count - 3]);
    }

    fn an_event_tells_who_what_when_and_by_which_request(server) {
        let org = server.org("acme");
        let request = org.admin.request("PATCH", "/org").header("x-request-id", "audit-test-1");
        Client::send(request.json(&json!({ "name": "New" }))).expect(200);
        let event = org.admin.get("/audit-events?limit=1").expect(200).body["items"][0].clone();
        assert_eq!(event, json!({
            "id": event["id"], "seq": event["seq"], "at": "2026-06-10T12:00:00.000000Z",
            "actor_kind": "user", "actor_id": org.admin_id, "on_behalf_of": null,
            "action": "org.updated", "target_type": "org", "target_id": org.id,
            "changes": { "name": { "before": "acme Inc.", "after": "New" } },
            "request_id": "audit-test-1",
        }));
    }

    fn filters_narrow_and_combine(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 30);
        let id = guest["id"].as_str().unwrap();
        server.advance(Duration::hours(1));
        let session = server.claim(&org.guest_email("Ada"));
        server.advance(Duration::hours(1));
        session.patch("/me", json!({ "locale": "de" })).expect(200);
        org.admin.post(&format!("/guests/{id}/revoke"), json!({})).expect(200);

        let actions = |query: &str| -> Vec<String> {
            let events = org.admin.all(&format!("/audit-events?{query}"));
            events.iter().map(|e| e["action"].as_str().unwrap().to_owned()).collect()
        };
        let about = actions(&format!("target_id={id}"));
        assert_eq!(about, ["guest.revoked", "guest.updated", "session.created", "guest.claimed", "guest.invited"]);
        let by = actions(&format!("actor_id={id}"));
        assert_eq!(by, ["guest.updated", "session.created", "guest.claimed"]);
        assert_eq!(actions(&format!("actor_id={}&target_id={id}", org.admin_id)), ["guest.revoked", "guest.invited"]);
        assert_eq!(actions("action=guest.claimed"), ["guest.claimed"]);
        assert!(actions("action=no.such.action").is_empty());
        // From an instant on, and before an instant.
        let at = "2026-06-10T13:00:00Z";
        assert_eq!(
            actions(&format!("target_id={id}&since={at}")),
            ["guest.revoked", "guest.updated", "session.created", "guest.claimed"]
        );
        assert_eq!(actions(&format!("target_id={id}&until={at}")), ["guest.invited"]);
        assert_eq!(
            actions(&format!("target_id={id}&since={at}&until=2026-06-10T14:00:00Z")),
            ["session.created", "guest.claimed"]
        );
        assert!(actions(&format!("since={at}&until={at}")).is_empty());
    }

    fn unknown_and_malformed_parameters_are_refused_by_name(server) {
        let org = server.org("acme");
        for (query, pointer) in [
            ("actor=1", "?actor"),
            ("actor_id=1", "?actor_id"),
            ("target_id=", "?target_id"),
            ("since=yesterday", "?since"),
            ("until=2026-06-10", "?until"),
            ("limit=0", "?limit"),
            ("limit=201", "?limit"),
            ("action=a&action=b", "?action"),
        ] {
            org.admin.get(&format!("/audit-events?{query}")).refused(400, "invalid_query").blaming(pointer);
        }
        org.admin.get("/audit-events?sort=at").refused(400, "invalid_sort");
    }

    fn a_cursor_belongs_to_its_list_and_cannot_be_altered(server) {
        let org = server.org("acme");
        for n in 0..3 {
            org.admin.patch("/org", json!({ "name": format!("Name {n}") })).expect(200);
        }
        let cursor = org.admin.get("/audit-events?limit=1&action=org.updated").expect(200).text("next_cursor");
        org.admin.get(&format!("/audit-events?action=org.updated&cursor={cursor}")).expect(200);
        org.admin.get(&format!("/audit-events?cursor={cursor}")).refused(400, "invalid_cursor");
        let mut altered = cursor.clone().into_bytes();
        altered[2] = if altered[2] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        for bad in [altered.as_str(), "x", ""] {
            org.admin
                .get(&format!("/audit-events?action=org.updated&cursor={bad}"))
                .refused(400, "invalid_cursor")
                .blaming("?cursor");
        }
        let other = server.org("other");
        other.admin.get(&format!("/audit-events?action=org.updated&cursor={cursor}")).refused(400, "invalid_cursor");
    }

    fn only_who_may_view_the_audit_log_sees_it_and_only_their_orgs(server) {
        let org = server.org("acme");
        let other = server.org("other");
        let sam = org.signed_in(server, "Sam", &["manage_org"]);
        sam.get("/audit-events").refused(403, "capability_missing");
        let auditor = org.signed_in(server, "Auditor", &["view_audit"]);
        auditor.get("/audit-events").expect(200);
        assert!(auditor.all(&format!("/audit-events?actor_id={}", other.admin_id)).is_empty());
        assert!(auditor.all(&format!("/audit-events?target_id={}", other.id)).is_empty());
        server.client().get("/audit-events").refused(401, "credential_missing");
    }

    fn nothing_secret_is_ever_recorded(server) {
        let org = server.org("acme");
        org.guest(server, "Ada", 30);
        let email = org.guest_email("Ada");
        let link = server.mailed_token(&email);
        let session = server.claim(&email);
        let made = session.post("/api-tokens", json!({ "name": "t", "kind": "user" })).expect(201);
        let new = "seven green umbrellas on a hill";
        session.put("/me/password", json!({ "current": PASSWORD, "new": new })).expect(204);
        server.advance(Duration::SECOND);
        server.client().post("/password-resets", json!({ "org": "acme", "email": email })).expect(202);
        let reset = server.mailed_token(&email);
        let newer = "eight green umbrellas on a hill";
        server.client().put("/password-resets", json!({ "token": reset, "password": newer })).expect(204);
        let recorded = json!(org.admin.all("/audit-events")).to_string();
        for secret in [PASSWORD, new, newer, &link, &reset, session.token(), &made.text("secret"), "vst_", "$2b$"] {
            assert!(!recorded.contains(secret), "{secret}");
        }
    }

    fn a_refused_change_records_nothing_and_a_denied_one_the_denial(server) {
        let org = server.org("acme");
        let total = || org.admin.get("/audit-events?count=true&limit=1").expect(200).body["total"].as_i64().unwrap();
        let before = total();
        org.admin.patch("/org", json!({ "guest_max_days": 91 })).expect(422);
        org.admin.patch("/org", json!({ "name": "acme Inc." })).expect(200);
        assert_eq!(total(), before);
        let sam = org.signed_in(server, "Sam", &[]);
        let before = total();
        sam.patch("/org", json!({ "name": "x" })).expect(403);
        assert_eq!(total(), before + 1);
    }
}
