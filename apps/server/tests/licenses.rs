//! Licenses over HTTP: seats and who holds them.

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, Racer, TestOrg, at_once, both_databases};

const NEVER: &str = "0198c0de-0000-7000-8000-000000000001";

fn add(org: &TestOrg, name: &str, seats: u32) -> String {
    org.admin
        .post("/licenses", json!({ "name": name, "seats": seats }))
        .expect(201)
        .id()
}

fn path(id: &str) -> String {
    format!("/licenses/{id}")
}

both_databases! {
    fn a_license_is_added_shown_changed_and_deleted(server) {
        let org = server.org("acme");
        let made = org.admin.post("/licenses", json!({ "name": " Field ", "seats": 3 })).expect(201);
        assert_eq!(made.header("location"), Some(format!("/api/v1{}", path(&made.id())).as_str()));
        assert_eq!(made.body["name"], "Field");
        assert_eq!((&made.body["seats"], &made.body["used"]), (&json!(3), &json!(0)));
        let shown = org.admin.get(&path(&made.id())).expect(200);
        assert_eq!((&shown.body, shown.header("etag")), (&made.body, made.header("etag")));
        let changed = org.admin.patch(&path(&made.id()), json!({ "name": "Desk", "seats": 0 })).expect(200);
        assert_eq!((&changed.body["name"], &changed.body["seats"]), (&json!("Desk"), &json!(0)));
        org.admin.delete(&path(&made.id())).expect(204);
        org.admin.get(&path(&made.id())).refused(404, "not_found");
        let events = org.admin.all(&format!("/audit-events?target_id={}", made.id()));
        let mut told: Vec<_> = events.iter().map(|e| (e["seq"].as_i64().unwrap(), e["action"].as_str().unwrap())).collect();
        told.sort_unstable();
        let told: Vec<_> = told.into_iter().map(|(_, action)| action).collect();
        assert_eq!(told, ["license.created", "license.updated", "license.deleted"]);
    }

    fn unusable_licenses_are_refused(server) {
        let org = server.org("acme");
        let license = add(&org, "Field", 3);
        let post = |name: Value, seats: Value| org.admin.post("/licenses", json!({ "name": name, "seats": seats }));
        post(json!(""), json!(1_000_001)).refused(422, "validation_failed").blaming("/seats").blaming("/name");
        post(json!("A"), json!(1_000_001)).refused(422, "out_of_range").blaming("/seats");
        post(json!("A"), json!(-1)).refused(422, "invalid_value").blaming("/seats");
        post(json!("A"), json!(1.5)).refused(400, "invalid_type").blaming("/seats");
        post(json!("A"), json!("3")).refused(400, "invalid_type").blaming("/seats");
        post(json!(" FIELD"), json!(1)).refused(409, "name_taken").blaming("/name");
        post(json!("A"), json!(1_000_000)).expect(201);
        org.admin.post("/licenses", json!({ "name": "B" })).refused(400, "missing_field").blaming("/seats");
        let patch = |body: Value| org.admin.patch(&path(&license), body);
        patch(json!({ "name": "a" })).refused(409, "name_taken").blaming("/name");
        patch(json!({ "seats": 1_000_001 })).refused(422, "out_of_range").blaming("/seats");
        patch(json!({ "seats": null })).refused(400, "invalid_type").blaming("/seats");
        patch(json!({ "used": 1 })).refused(400, "unknown_field").blaming("/used");
        patch(json!({ "name": "FIELD" })).expect(200);
        // Another org has names of its own.
        add(&server.org("globex"), "Field", 1);
    }

    fn seats_in_use_are_those_of_people_with_access(server) {
        let org = server.org("acme");
        let license = add(&org, "Field", 9);
        let user = |name: &str| org.user_with(name, json!({ "license_id": license }));
        let guest = |name: &str, days: i64| {
            let mut body = org.invitation(server, name, days);
            body["license_id"] = json!(license);
            org.admin.post("/guests", body).expect(201).id()
        };
        let used = || {
            let listed = org.admin.all("/licenses")[0]["used"].clone();
            assert_eq!(org.admin.get(&path(&license)).expect(200).body["used"], listed);
            listed
        };
        user("Bob");
        let off = user("Off");
        guest("Ada", 9);
        guest("Exp", 1);
        let revoked = guest("Rev", 9);
        assert_eq!(used(), 5);
        let known = org.admin.get(&path(&license)).header("etag").unwrap().to_owned();
        server.advance(Duration::days(2));
        assert_eq!(used(), 4, "a guest whose day has come holds no seat, no worker needed");
        let cached = org.admin.request("GET", &path(&license)).header("if-none-match", known);
        assert_eq!(Client::send(cached).status, 200, "nor does a cached answer hide it");
        org.admin.post(&format!("/guests/{revoked}/revoke"), json!({})).expect(200);
        org.admin.post(&format!("/users/{}/deactivate", off["id"].as_str().unwrap()), json!({})).expect(200);
        assert_eq!(used(), 2);

        org.admin.patch(&path(&license), json!({ "seats": 1 })).refused(409, "seats_in_use").blaming("/seats");
        org.admin.patch(&path(&license), json!({ "seats": 2 })).expect(200);
        org.admin.delete(&path(&license)).refused(409, "license_in_use");
        for person in org.admin.all("/users").iter().chain(&org.admin.all("/guests")) {
            let id = person["id"].as_str().unwrap();
            let family = if person["kind"] == "guest" { "guests" } else { "users" };
            if person["license_id"] == license.as_str() {
                let without = json!({ "license_id": null });
                org.admin.patch(&format!("/{family}/{id}"), without).expect(200);
            }
        }
        org.admin.delete(&path(&license)).expect(204);
    }

    fn a_seat_is_not_taken_away_while_somebody_takes_it(server) {
        for round in 0..4 {
            let org = server.org(&format!("org-{round}"));
            let license = add(&org, "Field", 1);
            let bob = org.user("Bob")["id"].as_str().unwrap().to_owned();
            let take: Racer<'_> = Box::new(|| org.admin.patch(&format!("/users/{bob}"), json!({ "license_id": license })));
            let lower: Racer<'_> = Box::new(|| org.admin.patch(&path(&license), json!({ "seats": 0 })));
            let replies = at_once(vec![take, lower]);
            assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1, "{replies:?}");
        }
    }

    fn licenses_are_listed_in_order_page_by_page(server) {
        let org = server.org("acme");
        for name in ["b", "C", "a"] {
            add(&org, name, 1);
        }
        let names = |query: &str| -> Vec<String> {
            let items = org.admin.all(&format!("/licenses?limit=2&{query}"));
            items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(""), ["a", "b", "C"]);
        assert_eq!(names("sort=-name"), ["C", "b", "a"]);
        assert_eq!(names("sort=-created_at").len(), 3);
        assert_eq!(org.admin.get("/licenses?limit=1&count=true").expect(200).body["total"], 3);
        org.admin.get("/licenses?sort=used").refused(400, "invalid_sort").blaming("?sort");
        org.admin.get("/licenses?q=a").refused(400, "invalid_query").blaming("?q");
        org.admin.get("/licenses?cursor=abc").refused(400, "invalid_cursor").blaming("?cursor");
    }

    fn capabilities_decide_who_reads_and_who_changes_licenses(server) {
        let org = server.org("acme");
        let license = add(&org, "Field", 1);
        for (name, capability, reads) in [
            ("Ann", "manage_users", true),
            ("Ben", "manage_guests", true),
            ("Cid", "manage_access", true),
            ("Dee", "view_audit", false),
        ] {
            let client = org.signed_in(server, name, &[capability]);
            for seen in ["/licenses", &path(&license)] {
                match reads {
                    true => client.get(seen).expect(200),
                    false => client.get(seen).refused(403, "capability_missing"),
                };
            }
            client.post("/licenses", json!({ "name": "X", "seats": 1 })).refused(403, "capability_missing");
            client.patch(&path(&license), json!({ "seats": 5 })).refused(403, "capability_missing");
            client.delete(&path(&license)).refused(403, "capability_missing");
        }
        let manager = org.signed_in(server, "Eli", &["manage_org"]);
        manager.get("/licenses").expect(200);
        manager.patch(&path(&license), json!({ "seats": 5 })).expect(200);
    }

    fn licenses_of_another_org_do_not_exist_here_and_stale_versions_are_refused(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let foreign = add(&other, "F", 1);
        for id in [foreign.as_str(), NEVER, "7"] {
            org.admin.get(&path(id)).refused(404, "not_found");
            org.admin.patch(&path(id), json!({ "seats": 2 })).refused(404, "not_found");
            org.admin.delete(&path(id)).refused(404, "not_found");
        }
        let stale = other.admin.get(&path(&foreign)).expect(200).header("etag").unwrap().to_owned();
        other.admin.patch(&path(&foreign), json!({ "seats": 2 })).expect(200);
        let with = |method: &str| {
            let request = other.admin.request(method, &path(&foreign)).header("if-match", &stale);
            Client::send(if method == "PATCH" { request.json(&json!({ "seats": 9 })) } else { request })
        };
        with("PATCH").refused(412, "precondition_failed");
        with("DELETE").refused(412, "precondition_failed");
    }

    fn a_repeated_request_adds_one_license(server) {
        let org = server.org("acme");
        let post = || {
            let body = json!({ "name": "Field", "seats": 1 });
            Client::send(org.admin.request("POST", "/licenses").header("idempotency-key", "k").json(&body))
        };
        assert_eq!(post().expect(201).body, post().expect(201).body);
        assert_eq!(org.admin.all("/licenses").len(), 1);
    }
}
