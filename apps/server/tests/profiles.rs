//! Profiles over HTTP: what people may administer, and who may say so.

use serde_json::{Value, json};

use crate::harness::{Client, both_databases};

const NEVER: &str = "0198c0de-0000-7000-8000-000000000001";

const ALL: [&str; 6] = [
    "manage_users",
    "manage_guests",
    "manage_access",
    "manage_objects",
    "manage_org",
    "view_audit",
];

fn path(id: &str) -> String {
    format!("/profiles/{id}")
}

both_databases! {
    fn a_profile_is_made_shown_changed_and_deleted(server) {
        let org = server.org("acme");
        let body = json!({ "name": " Auditor ", "capabilities": ["view_audit", "manage_org", "view_audit"] });
        let made = org.admin.post("/profiles", body).expect(201);
        assert_eq!(made.header("location"), Some(format!("/api/v1{}", path(&made.id())).as_str()));
        assert_eq!((&made.body["name"], &made.body["built_in"]), (&json!("Auditor"), &Value::Null));
        assert_eq!(made.body["capabilities"], json!(["manage_org", "view_audit"]), "a set, in a fixed order");
        let shown = org.admin.get(&path(&made.id())).expect(200);
        assert_eq!((&shown.body, shown.header("etag")), (&made.body, made.header("etag")));
        let patch = json!({ "name": "Reader", "capabilities": [] });
        let changed = org.admin.patch(&path(&made.id()), patch).expect(200);
        assert_eq!((&changed.body["name"], &changed.body["capabilities"]), (&json!("Reader"), &json!([])));
        org.admin.delete(&path(&made.id())).expect(204);
        org.admin.get(&path(&made.id())).refused(404, "not_found");
        let events = org.admin.all(&format!("/audit-events?target_id={}", made.id()));
        let updated = events.iter().find(|e| e["action"] == "profile.updated").unwrap();
        let before = json!(["manage_org", "view_audit"]);
        assert_eq!(updated["changes"]["capabilities"], json!({ "before": before, "after": [] }));
        assert!(events.iter().any(|e| e["action"] == "profile.created"));
        assert!(events.iter().any(|e| e["action"] == "profile.deleted"));
    }

    fn unusable_profiles_are_refused(server) {
        let org = server.org("acme");
        let post = |body: Value| org.admin.post("/profiles", body);
        post(json!({ "name": " " })).refused(422, "required").blaming("/name");
        post(json!({ "name": "ADMIN" })).refused(409, "name_taken").blaming("/name");
        post(json!({ "name": "P", "capabilities": ["fly"] })).refused(422, "invalid_value").blaming("/capabilities/0");
        post(json!({ "name": "P", "capabilities": "view_audit" })).refused(400, "invalid_type").blaming("/capabilities");
        post(json!({ "name": "P", "built_in": "admin" })).refused(400, "unknown_field").blaming("/built_in");
        post(json!({ "capabilities": [] })).refused(400, "missing_field").blaming("/name");
        let profile = org.profile("P", &[]);
        org.profile("Q", &[]);
        let patch = |body: Value| org.admin.patch(&path(&profile), body);
        patch(json!({ "name": "q" })).refused(409, "name_taken").blaming("/name");
        patch(json!({ "capabilities": null })).refused(400, "invalid_type").blaming("/capabilities");
        patch(json!({ "name": "p" })).expect(200);
        let copy = org.admin.post(&format!("{}/copy", path(&profile)), json!({ "name": "Q" }));
        copy.refused(409, "name_taken").blaming("/name");
        // Another org has names of its own.
        server.org("globex").profile("P", &[]);
    }

    fn built_in_profiles_stay(server) {
        let org = server.org("acme");
        let admin = org.admin.get(&path(&org.admin_profile)).expect(200).body;
        assert_eq!((&admin["built_in"], &admin["capabilities"]), (&json!("admin"), &json!(ALL)));
        assert_eq!(admin["user_count"], 1);
        for patch in [json!({ "name": "Root" }), json!({ "capabilities": [] }), json!({ "capabilities": ALL })] {
            org.admin.patch(&path(&org.admin_profile), patch).refused(409, "profile_not_editable");
        }
        org.admin.delete(&path(&org.admin_profile)).refused(409, "profile_built_in");
        org.admin.delete(&path(&org.default_profile)).refused(409, "profile_built_in");
        let rename = org.admin.patch(&path(&org.default_profile), json!({ "name": "Everybody" }));
        rename.refused(409, "profile_built_in").blaming("/name");
        let patch = json!({ "capabilities": ["view_audit"], "name": "Default" });
        let changed = org.admin.patch(&path(&org.default_profile), patch).expect(200);
        assert_eq!((&changed.body["built_in"], &changed.body["capabilities"]), (&json!("default"), &json!(["view_audit"])));
    }

    fn a_changed_profile_counts_from_the_next_request(server) {
        let org = server.org("acme");
        let client = org.signed_in(server, "Mia", &["manage_users"]);
        client.get("/users").expect(200);
        let profiles = org.admin.all("/profiles");
        let own = profiles.iter().find(|p| p["name"] == "Profile of Mia").unwrap()["id"].as_str().unwrap();
        org.admin.patch(&path(own), json!({ "capabilities": [] })).expect(200);
        client.get("/users").refused(403, "capability_missing");
        org.admin.delete(&path(own)).refused(409, "profile_in_use");
        let mia = client.get("/session").expect(200).body["user"]["id"].as_str().unwrap().to_owned();
        org.admin.patch(&format!("/users/{mia}"), json!({ "profile_id": org.default_profile })).expect(200);
        org.admin.delete(&path(own)).expect(204);
        client.get("/me").expect(200);
    }

    fn nobody_makes_a_profile_of_what_they_do_not_hold(server) {
        let org = server.org("acme");
        let manager = org.signed_in(server, "Mia", &["manage_access", "view_audit"]);
        let strong = org.profile("Strong", &["manage_org", "manage_users"]);
        let post = |capabilities: &[&str]| {
            let name = format!("P {}", capabilities.len());
            manager.post("/profiles", json!({ "name": name, "capabilities": capabilities }))
        };
        post(&["manage_org"]).refused(403, "capability_not_held");
        let own = post(&["manage_access", "view_audit"]).expect(201).id();
        manager.patch(&path(&own), json!({ "capabilities": ALL })).refused(403, "capability_not_held");
        for source in [&strong, &org.admin_profile] {
            let copy = manager.post(&format!("{}/copy", path(source)), json!({ "name": "Copy" }));
            copy.refused(403, "capability_not_held");
        }
        let grow = json!({ "capabilities": ["manage_users"] });
        manager.patch(&path(&org.default_profile), grow).refused(403, "capability_not_held");
        // Keeping and taking away what one does not hold is no grant.
        let fewer = json!({ "capabilities": ["manage_org", "view_audit"] });
        assert_eq!(manager.patch(&path(&strong), fewer.clone()).expect(200).body["capabilities"], fewer["capabilities"]);
        manager.patch(&path(&strong), json!({ "capabilities": [] })).expect(200);
        manager.patch(&path(&strong), fewer).refused(403, "capability_not_held");
    }

    fn a_copy_grants_the_same_and_is_a_profile_of_its_own(server) {
        let org = server.org("acme");
        let copy = org.admin.post(&format!("{}/copy", path(&org.admin_profile)), json!({ "name": "Deputy" })).expect(201);
        assert_eq!((&copy.body["built_in"], &copy.body["capabilities"]), (&Value::Null, &json!(ALL)));
        assert_eq!(copy.header("location"), Some(format!("/api/v1{}", path(&copy.id())).as_str()));
        org.admin.patch(&path(&copy.id()), json!({ "capabilities": ["view_audit"] })).expect(200);
        let admin = org.admin.get(&path(&org.admin_profile)).expect(200).body;
        assert_eq!(admin["capabilities"], json!(ALL));
        let event = &org.admin.all(&format!("/audit-events?target_id={}&action=profile.created", copy.id()))[0];
        assert_eq!(event["changes"]["copy_of"]["after"], org.admin_profile.as_str());
        org.admin.post(&format!("{}/copy", path(NEVER)), json!({ "name": "X" })).refused(404, "not_found");
        org.admin.post(&format!("{}/copy", path(&copy.id())), json!({})).refused(400, "missing_field");
    }

    fn profiles_are_listed_in_order_page_by_page(server) {
        let org = server.org("acme");
        for name in ["zeta", "Beta"] {
            org.profile(name, &[]);
        }
        org.user("Bob");
        let names = |query: &str| -> Vec<String> {
            let items = org.admin.all(&format!("/profiles?limit=3&{query}"));
            items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(""), ["Admin", "Beta", "Default", "zeta"]);
        assert_eq!(names("sort=-name"), ["zeta", "Default", "Beta", "Admin"]);
        let page = org.admin.get("/profiles?count=true").expect(200);
        assert_eq!(page.body["total"], 4);
        let counts: Vec<_> = page.body["items"].as_array().unwrap().iter().map(|p| p["user_count"].clone()).collect();
        assert_eq!(counts, [1, 0, 1, 0]);
        org.admin.get("/profiles?sort=capabilities").refused(400, "invalid_sort").blaming("?sort");
        org.admin.get("/profiles?x=1").refused(400, "invalid_query").blaming("?x");
    }

    fn capabilities_decide_who_reads_and_who_changes_profiles(server) {
        let org = server.org("acme");
        let profile = org.profile("P", &[]);
        for (name, capability, reads) in
            [("Ann", "manage_users", true), ("Ben", "manage_guests", true), ("Cid", "manage_org", false)]
        {
            let client = org.signed_in(server, name, &[capability]);
            for seen in ["/profiles", &path(&profile)] {
                match reads {
                    true => client.get(seen).expect(200),
                    false => client.get(seen).refused(403, "capability_missing"),
                };
            }
            client.post("/profiles", json!({ "name": "X" })).refused(403, "capability_missing");
            client.post(&format!("{}/copy", path(&profile)), json!({ "name": "X" })).refused(403, "capability_missing");
            client.patch(&path(&profile), json!({ "name": "X" })).refused(403, "capability_missing");
            client.delete(&path(&profile)).refused(403, "capability_missing");
        }
    }

    fn profiles_of_another_org_do_not_exist_here_and_stale_versions_are_refused(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let foreign = other.profile("F", &[]);
        for id in [foreign.as_str(), other.admin_profile.as_str(), NEVER, "7"] {
            org.admin.get(&path(id)).refused(404, "not_found");
            org.admin.patch(&path(id), json!({ "name": "X" })).refused(404, "not_found");
            org.admin.delete(&path(id)).refused(404, "not_found");
            org.admin.post(&format!("{}/copy", path(id)), json!({ "name": "X" })).refused(404, "not_found");
        }
        let stale = other.admin.get(&path(&foreign)).expect(200).header("etag").unwrap().to_owned();
        other.admin.patch(&path(&foreign), json!({ "name": "G" })).expect(200);
        let with = |method: &str| {
            let request = other.admin.request(method, &path(&foreign)).header("if-match", &stale);
            Client::send(if method == "PATCH" { request.json(&json!({ "name": "H" })) } else { request })
        };
        with("PATCH").refused(412, "precondition_failed");
        with("DELETE").refused(412, "precondition_failed");
    }

    fn a_repeated_request_makes_one_profile(server) {
        let org = server.org("acme");
        let post = || {
            let request = org.admin.request("POST", "/profiles").header("idempotency-key", "k");
            Client::send(request.json(&json!({ "name": "P" })))
        };
        assert_eq!(post().expect(201).body, post().expect(201).body);
        assert_eq!(org.admin.all("/profiles").len(), 3);
    }
}
