//! The organization's settings over HTTP.

use serde_json::{Value, json};

use crate::harness::{Client, both_databases};

both_databases! {
    fn everybody_sees_the_settings(server) {
        let org = server.org_in("acme", "Europe/Vienna");
        org.guest(server, "Ada", 5);
        let guest = server.claim(&org.guest_email("Ada"));
        let shown = guest.get("/org").expect(200);
        assert_eq!(shown.body, json!({
            "id": org.id, "slug": "acme", "name": "acme Inc.", "time_zone": "Europe/Vienna",
            "password_policy": {
                "min_length": 15, "require_upper": false, "require_lower": false, "require_digit": false,
                "require_symbol": false, "forbid_common": true,
            },
            "claim_link_ttl_hours": 72, "guest_max_days": 90, "session_hours": 12,
            "guests_may_use_passwords": true, "guest_access": true, "sso": null,
            "created_at": "2026-06-10T12:00:00.000000Z", "updated_at": "2026-06-10T12:00:00.000000Z",
        }));
        let tag = shown.header("etag").unwrap();
        let again = guest.request("GET", "/org").header("if-none-match", tag);
        assert_eq!(Client::send(again).status, 304);
        server.client().get("/org").refused(401, "credential_missing");
    }

    fn settings_are_changed_one_by_one(server) {
        let org = server.org("acme");
        let changed = org.admin.patch("/org", json!({
            "name": " Acme Ltd ", "time_zone": "asia/tokyo", "password_policy": { "min_length": 8 },
            "claim_link_ttl_hours": 168, "guest_max_days": 1, "session_hours": 720,
        }));
        let changed = changed.expect(200).body;
        assert_eq!((&changed["name"], &changed["time_zone"]), (&json!("Acme Ltd"), &json!("Asia/Tokyo")));
        assert_eq!(changed["password_policy"]["min_length"], 8);
        assert_eq!(changed["password_policy"]["forbid_common"], true);
        let changed = org.admin.patch("/org", json!({ "password_policy": { "require_digit": true } }));
        let changed = changed.expect(200).body;
        assert_eq!(changed["password_policy"]["min_length"], 8);
        assert_eq!(changed["password_policy"]["require_digit"], true);
        assert_eq!(org.admin.get("/org").expect(200).body, changed);

        let events = org.admin.all("/audit-events?action=org.updated");
        assert_eq!(events.len(), 2);
        assert_eq!(events[1]["target_id"], org.id.as_str());
        assert_eq!(events[1]["changes"]["guest_max_days"], json!({ "before": 90, "after": 1 }));
        assert_eq!(events[1]["changes"]["time_zone"], json!({ "before": "UTC", "after": "Asia/Tokyo" }));
        assert_eq!(events[0]["changes"].as_object().unwrap().keys().collect::<Vec<_>>(), ["password_policy"]);
    }

    fn unusable_values_are_refused_by_field_and_change_nothing(server) {
        let org = server.org("acme");
        let before = org.admin.get("/org").expect(200).body;
        let cases = [
            (json!({ "name": "" }), 422, "required", "/name"),
            (json!({ "name": null }), 400, "invalid_type", "/name"),
            (json!({ "time_zone": "Mars/Olympus" }), 422, "time_zone_unknown", "/time_zone"),
            (json!({ "password_policy": { "min_length": 7 } }), 422, "out_of_range", "/password_policy/min_length"),
            (json!({ "password_policy": { "min_length": 65 } }), 422, "out_of_range", "/password_policy/min_length"),
            (json!({ "password_policy": { "max_length": 9 } }), 400, "unknown_field", "/password_policy/max_length"),
            (json!({ "password_policy": null }), 400, "invalid_type", "/password_policy"),
            (json!({ "claim_link_ttl_hours": 0 }), 422, "out_of_range", "/claim_link_ttl_hours"),
            (json!({ "claim_link_ttl_hours": 169 }), 422, "out_of_range", "/claim_link_ttl_hours"),
            (json!({ "guest_max_days": 0 }), 422, "out_of_range", "/guest_max_days"),
            (json!({ "guest_max_days": 91 }), 422, "out_of_range", "/guest_max_days"),
            (json!({ "guest_max_days": -5 }), 422, "out_of_range", "/guest_max_days"),
            (json!({ "guest_max_days": 1.5 }), 400, "invalid_type", "/guest_max_days"),
            (json!({ "session_hours": 0 }), 422, "out_of_range", "/session_hours"),
            (json!({ "session_hours": 721 }), 422, "out_of_range", "/session_hours"),
            (json!({ "guest_access": "no" }), 400, "invalid_type", "/guest_access"),
            (json!({ "slug": "other" }), 409, "slug_fixed", "/slug"),
            (json!({ "id": org.id }), 400, "unknown_field", "/id"),
            (json!({ "sso": { "issuer": "https://id.example" } }), 422, "sso_not_configured", "/sso"),
        ];
        for (body, status, code, pointer) in cases {
            org.admin.patch("/org", body).refused(status, code).blaming(pointer);
        }
        let two = org.admin.patch("/org", json!({ "name": "New", "session_hours": 0, "guest_max_days": 0 }));
        two.refused(422, "validation_failed").blaming("/session_hours").blaming("/guest_max_days");
        org.admin.patch("/org", json!({ "slug": "acme", "sso": null })).expect(200);
        assert_eq!(org.admin.get("/org").expect(200).body, before);
    }

    fn only_who_manages_the_org_changes_it(server) {
        let org = server.org("acme");
        let sam = org.signed_in(server, "Sam", &["manage_users", "manage_guests", "manage_access"]);
        sam.patch("/org", json!({ "name": "Mine" })).refused(403, "capability_missing");
        let manager = org.signed_in(server, "Manager", &["manage_org"]);
        manager.patch("/org", json!({ "name": "Ours" })).expect(200);
        let denied = &org.admin.get("/audit-events?action=administration.denied").expect(200).body["items"][0];
        assert_eq!(denied["changes"]["route"], "PATCH /api/v1/org");
    }

    fn a_change_may_be_made_conditional(server) {
        let org = server.org("acme");
        let tag = org.admin.get("/org").expect(200).header("etag").unwrap().to_owned();
        let rename = |name: &str| {
            let request = org.admin.request("PATCH", "/org").header("if-match", &tag);
            Client::send(request.json(&json!({ "name": name })))
        };
        rename("One").expect(200);
        rename("Two").refused(412, "precondition_failed");
        assert_eq!(org.admin.get("/org").expect(200).body["name"], "One");
    }

    fn a_new_time_zone_moves_no_end_date_that_is_set(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 5);
        let path = format!("/guests/{}", guest["id"].as_str().unwrap());
        org.admin.patch("/org", json!({ "time_zone": "Pacific/Kiritimati" })).expect(200);
        let after = org.admin.get(&path).expect(200).body;
        assert_eq!(after["access_ends_at"], guest["access_ends_at"]);
        assert_eq!(after["access_ends_on"], guest["access_ends_on"]);
    }

    fn settings_of_one_org_are_not_those_of_another(server) {
        let (acme, other) = (server.org("acme"), server.org("other"));
        acme.admin.patch("/org", json!({ "guest_access": false })).expect(200);
        assert_eq!(other.admin.get("/org").expect(200).body["guest_access"], Value::Bool(true));
    }
}
