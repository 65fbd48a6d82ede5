//! The policy as services get it that decide themselves.

use serde_json::{Value, json};
use time::Duration;
use vestibule_access_control::{Action, PolicyFacts, PolicyUpdate, Snapshot};
use vestibule_persistence::StoreError;
use vestibule_persistence::policy::Touched;

use crate::authzen::service;
use crate::harness::{Client, both_databases};
use crate::record_world::{ANYONE, OWN, TEAM, World};

fn facts(exporter: &Client) -> PolicyFacts {
    serde_json::from_value(exporter.get("/policy").expect(200).body).unwrap()
}

fn update(exporter: &Client, since: u64) -> PolicyUpdate {
    serde_json::from_value(exporter.get(&format!("/policy?since={since}")).expect(200).body).unwrap()
}

/// Follows the changes from this snapshot on, and finds the same as by reading everything again.
#[track_caller]
fn followed(exporter: &Client, snapshot: &Snapshot) -> Snapshot {
    let next = snapshot.follow(update(exporter, snapshot.version())).unwrap();
    assert_eq!(next.facts(), facts(exporter));
    next
}

both_databases! {
    fn who_follows_the_changes_has_what_is_exported_anew(server) {
        let world = World::new(server);
        let (org, admin) = (&world.org, &world.org.admin);
        let exporter = service(&world, "policy_export");
        let start = Snapshot::build(facts(&exporter)).unwrap();
        let mut snapshot = followed(&exporter, &start);
        assert!(update(&exporter, snapshot.version()).changes.is_empty());

        let hana = world.person("Hana", Some(&world.head), TEAM);
        let rob = world.person("Rob", Some(&world.rep), OWN);
        snapshot = followed(&exporter, &snapshot);
        let guest = org.guest(server, "Gil", 10)["id"].as_str().unwrap().to_owned();
        snapshot = followed(&exporter, &snapshot);
        server.claim(&org.guest_email("Gil"));
        snapshot = followed(&exporter, &snapshot);
        admin.patch(&format!("/guests/{guest}"), json!({ "access_ends_on": server.day(20), "role_id": world.rep })).expect(200);
        admin.post(&format!("/guests/{guest}/revoke"), json!({})).expect(200);
        snapshot = followed(&exporter, &snapshot);
        admin.post(&format!("/guests/{guest}/reinstate"), json!({ "access_ends_on": server.day(3) })).expect(200);
        let middle = admin.post("/roles", json!({ "name": "Middle", "parent_id": world.head })).expect(201).id();
        admin.patch(&format!("/roles/{}", world.rep), json!({ "parent_id": middle })).expect(200);
        snapshot = followed(&exporter, &snapshot);
        admin.patch(&format!("/users/{}", rob.id), json!({ "role_id": null, "profile_id": hana.profile })).expect(200);
        let levels = json!({ "view": "anyone", "edit": "own", "delete": "none", "create": "own_and_reports" });
        admin.put(&format!("/profiles/{}/permissions/deal", hana.profile), levels).expect(200);
        snapshot = followed(&exporter, &snapshot);
        let object = json!({ "key": "note", "singular": "Note", "plural": "Notes", "fields": [{ "key": "text", "label": "Text", "type": "text" }] });
        admin.post("/objects", object).expect(201);
        snapshot = followed(&exporter, &snapshot);
        let field = json!({ "key": "owner", "label": "Owner", "type": "user", "represents_ownership": true });
        admin.post("/objects/note/fields", field).expect(201);
        snapshot = followed(&exporter, &snapshot);
        let note = snapshot.object_by_key("note").unwrap();
        assert!(snapshot.object(note).unwrap().ownable);
        admin.delete("/objects/note").expect(204);
        admin.delete(&format!("/users/{}", rob.id)).expect(204);
        admin.delete(&format!("/profiles/{}", rob.profile)).expect(204);
        admin.delete(&format!("/roles/{middle}?move_to={}", world.head)).expect(204);
        admin.patch("/org", json!({ "guest_access": false })).expect(200);
        snapshot = followed(&exporter, &snapshot);
        // From the very start in one step, and again on top of what is known already.
        assert_eq!(followed(&exporter, &start).facts(), snapshot.facts());
        let again = snapshot.follow(update(&exporter, start.version())).unwrap();
        assert_eq!(again.facts(), snapshot.facts());
        // Records are no policy.
        let version = snapshot.version();
        world.make(json!({ "name": "x", "owner": hana.id }));
        assert_eq!(update(&exporter, version).version, version);
    }

    fn what_is_exported_decides_as_the_server_does(server) {
        let world = World::new(server);
        let hana = world.person("Hana", Some(&world.head), ["own_and_reports", "own", "anyone", "none"]);
        let rob = world.person("Rob", Some(&world.rep), ANYONE);
        let guest = world.org.guest(server, "Gil", 1)["id"].as_str().unwrap().to_owned();
        server.claim(&world.org.guest_email("Gil"));
        world.permit(&world.org.default_profile, world.deal, OWN);
        let snapshot = Snapshot::build(facts(&service(&world, "policy_export"))).unwrap();
        let records: Vec<(String, Vec<String>)> = [vec![&hana.id], vec![&rob.id], vec![&guest], vec![]].into_iter().map(|owners| {
            let id = world.make(json!({ "name": "x", "owner": owners.first() }));
            (id, owners.into_iter().cloned().collect())
        }).collect();
        let pdp = service(&world, "pdp");
        let uuid = |id: &String| id.parse::<uuid::Uuid>().unwrap();
        for days in [0, 3] {
            server.advance(Duration::days(days));
            let now = i64::try_from(server.clock.now().unix_timestamp_nanos() / 1_000).unwrap();
            for who in [&hana.id, &rob.id, &guest, &world.org.admin_id] {
                for (record, owners) in &records {
                    for action in Action::ALL {
                        let question = json!({
                            "subject": { "type": "user", "id": who }, "action": { "name": action.as_str() },
                            "resource": { "type": "deal", "id": record },
                        });
                        let told = pdp.post("//access/v1/evaluation", question).expect(200).body["decision"] == true;
                        let owners: Vec<_> = owners.iter().map(|owner| uuid(owner).into()).collect();
                        let decided = snapshot.decide(uuid(who).into(), action, world.deal, &owners, now);
                        assert_eq!(decided.is_permit(), told, "{who} {action} {record} after {days} days");
                    }
                }
            }
        }
    }

    fn who_is_too_far_behind_reads_everything_again(server) {
        let world = World::new(server);
        let exporter = service(&world, "policy_export");
        let version = facts(&exporter).version;
        let since = |version: u64| exporter.get(&format!("/policy?since={version}"));
        since(version).expect(200);
        since(version + 1).refused(410, "policy_version_too_old");
        since(u64::from(u32::MAX) * 1_000_000).refused(410, "policy_version_too_old");
        let org = world.org.id.parse::<uuid::Uuid>().unwrap().into();
        server.database().write(org, |tx| {
            tx.policy_changed(org, Touched::Everything);
            Ok::<_, StoreError>(())
        }).unwrap();
        since(version).refused(410, "policy_version_too_old");
        let present = facts(&exporter).version;
        assert!(present > version);
        assert_eq!(since(present).expect(200).body, json!({ "from": present, "version": present, "changes": [] }));
        for bad in ["-1", "x", "1.5", ""] {
            exporter.get(&format!("/policy?since={bad}")).refused(400, "invalid_query").blaming("?since");
        }
        exporter.get("/policy?from=1").refused(400, "invalid_query");
    }

    fn the_policy_is_for_services_with_the_scope_for_it(server) {
        let world = World::new(server);
        server.client().get("/policy").refused(401, "credential_missing");
        world.org.admin.get("/policy").refused(403, "scope_missing");
        for scope in ["pdp", "scim", "act_as", "events"] {
            service(&world, scope).get("/policy").refused(403, "scope_missing");
            service(&world, scope).get("/policy?since=1").refused(403, "scope_missing");
        }
        let body = json!({ "name": "both", "kind": "service", "scopes": ["policy_export", "act_as"] });
        let both = server.client().with_token(&world.org.admin.post("/api-tokens", body).expect(201).text("secret"));
        both.get("/policy").expect(200);
        let acting = both.request("GET", "/policy").header("on-behalf-of", &world.org.admin_id);
        Client::send(acting).refused(403, "scope_missing");
    }

    fn the_policy_holds_no_names_and_no_emails(server) {
        let world = World::new(server);
        world.person("Quentin", Some(&world.head), OWN);
        world.org.guest(server, "Xaver", 5);
        let exporter = service(&world, "policy_export");
        let reply = exporter.get("/policy").expect(200);
        for secret in ["Quentin", "Xaver", "example", "Head", "Profile of", "Guest", "acme"] {
            assert!(!reply.text.contains(secret), "{secret}: {}", reply.text);
        }
        let members: Vec<&String> = reply.body.as_object().unwrap().keys().collect();
        assert_eq!(members, ["guest_access", "objects", "profiles", "roles", "users", "version"]);
        let deal = &reply.body["objects"].as_array().unwrap()[0];
        assert_eq!((&deal["key"], &deal["ownable"]), (&json!("deal"), &json!(true)));
        let changes = exporter.get("/policy?since=0");
        assert!(changes.status == 410 || !changes.text.contains("Quentin"));
        // Asked again with its tag, an unchanged policy is not sent.
        let tag = reply.header("etag").unwrap();
        let again = Client::send(exporter.request("GET", "/policy").header("if-none-match", tag));
        assert_eq!((again.status, again.text.as_str(), again.body), (304, "", Value::Null));
    }
}
