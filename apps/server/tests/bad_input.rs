//! Bodies and headers that nobody should send are answered well, and never half done.

use serde_json::json;

use crate::harness::{Client, both_databases};

both_databases! {
    fn a_body_of_ten_megabytes_is_too_large(server) {
        let org = server.org("acme");
        let body = format!("{{\"first_name\": \"{}\"}}", "a".repeat(10 * 1024 * 1024));
        org.admin.raw("POST", "/guests", body).refused(413, "payload_too_large");
        org.admin.get("/org").expect(200);
    }

    fn json_nested_ten_thousand_deep_is_refused(server) {
        let org = server.org("acme");
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let body = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
            org.admin.raw("POST", "/guests", body).expect(400);
        }
    }

    fn malformed_bodies_say_what_and_where(server) {
        let org = server.org("acme");
        let post = |body: &str| org.admin.raw("POST", "/guests", body.to_owned());
        post("").expect(400);
        post("{").refused(400, "invalid_json");
        post("{\"first_name\": \"a\", \"first_name\": \"b\"}").refused(400, "duplicate_field").blaming("/first_name");
        post("{\"first_name\": 7}").refused(400, "invalid_type").blaming("/first_name");
        post("[]").expect(400);
        post("null").expect(400);
        post("{\"nothing\": 1}").expect(400);
        post("{} {}").refused(400, "invalid_json");
        org.admin.raw("POST", "/guests", vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}']).expect(400);
        let mut body = org.invitation(server, "Ada", 5);
        body["org_id"] = "x".into();
        org.admin.post("/guests", body.clone()).refused(400, "unknown_field").blaming("/org_id");
        body.as_object_mut().unwrap().remove("org_id");
        body.as_object_mut().unwrap().remove("email");
        org.admin.post("/guests", body.clone()).refused(400, "missing_field").blaming("/email");
        body["email"] = "a@example.org".into();
        body["access_ends_on"] = "tomorrow".into();
        org.admin.post("/guests", body).expect(400).blaming("/access_ends_on");
        assert_eq!(org.admin.all("/guests").len(), 0);
    }

    fn nul_characters_are_refused_wherever_they_stand(server) {
        let org = server.org("acme");
        let mut body = org.invitation(server, "Ada", 5);
        body["reason"] = "a\u{0}b".into();
        org.admin.post("/guests", body).refused(422, "invalid_text").blaming("/reason");
        org.admin.get("/guests?q=%00").refused(400, "invalid_query");
        org.admin.get("/guests/%00").refused(404, "not_found");
        let body = json!({ "org": "acme\u{0}", "email": "a@b.example", "password": "x" });
        server.client().post("/sessions", body).expect(422);
    }

    fn a_body_that_is_not_json_is_an_unsupported_media_type(server) {
        let org = server.org("acme");
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "nonsense"] {
            let request = org.admin.request("POST", "/guests").header("content-type", kind).body("{}");
            Client::send(request).refused(415, "unsupported_media_type");
        }
        let bare = org.admin.request("POST", "/guests").body("{}");
        Client::send(bare).refused(415, "unsupported_media_type");
        let patch = org.admin.request("PATCH", "/org").header("content-type", "application/merge-patch+json");
        Client::send(patch.body("{\"name\": \"Acme Ltd.\"}")).expect(200);
    }

    fn unknown_addresses_and_methods_are_problems_too(server) {
        let org = server.org("acme");
        org.admin.get("/nothing").refused(404, "not_found");
        org.admin.get("//nothing").refused(404, "not_found");
        let wrong = org.admin.delete("/guests").refused(405, "method_not_allowed");
        assert_eq!(wrong.header("allow"), Some("GET, HEAD, POST"));
        org.admin.get("/guests/not-an-id").refused(404, "not_found");
        let head = Client::send(org.admin.request("HEAD", "/org"));
        assert_eq!((head.status, head.text.as_str()), (200, ""));
    }

    fn names_and_reasons_have_limits_and_all_wrong_fields_are_told_at_once(server) {
        let org = server.org("acme");
        let mut body = org.invitation(server, "Ada", 5);
        body["first_name"] = "".into();
        body["last_name"] = "x".repeat(101).into();
        body["email"] = "nobody".into();
        body["reason"] = "x".repeat(2001).into();
        body["access_ends_on"] = server.day(91).into();
        let refused = org.admin.post("/guests", body).refused(422, "validation_failed");
        for field in ["/first_name", "/last_name", "/email", "/reason", "/access_ends_on"] {
            refused.clone().blaming(field);
        }
        let mut body = org.invitation(server, "Ada", 5);
        body["first_name"] = "Evil\u{202E}name".into();
        org.admin.post("/guests", body).refused(422, "invalid_text").blaming("/first_name");
    }

    fn request_ids_are_echoed_or_made(server) {
        let org = server.org("acme");
        let given = org.admin.request("GET", "/org").header("x-request-id", "my-id-7");
        assert_eq!(Client::send(given).header("x-request-id"), Some("my-id-7"));
        let made = org.admin.get("/org");
        assert!(made.header("x-request-id").unwrap().len() >= 32);
        org.admin.request("PATCH", "/org").header("x-request-id", "trace-me").json(&json!({ "name": "A" })).send().unwrap();
        let events = org.admin.all("/audit-events?action=org.updated");
        assert_eq!(events[0]["request_id"], "trace-me");
    }

    fn malformed_credentials_are_refused(server) {
        let org = server.org("acme");
        for bad in ["x", "vst_", "vst_a_", "vst_a_AAAA", &org.admin.token()[..40]] {
            server.client().with_token(bad).get("/me").refused(401, "credential_invalid");
        }
        server.client().get("/me").refused(401, "credential_missing");
        let basic = server.client().request("GET", "/me").header("authorization", "Basic YTpi");
        Client::send(basic).expect(401);
        let mut altered = org.admin.token().to_owned();
        let last = altered.pop().unwrap();
        altered.push(if last == 'A' { 'E' } else { 'A' });
        server.client().with_token(&altered).get("/me").refused(401, "credential_ended");
    }
}
