//! Single records over HTTP: made, shown, changed, deleted, in bulk, by everybody who may and nobody else.

use serde_json::{Value, json};

use crate::harness::{Client, Reply, both_databases};
use crate::record_world::{ANYONE, NEVER, NONE, OWN, TEAM, World, deal};

/// What two refusals have in common when nobody can tell them apart.
fn told(reply: Reply) -> Value {
    let mut body = reply.body;
    body.as_object_mut()
        .unwrap()
        .retain(|key, _| key != "instance" && key != "request_id");
    body
}

fn can(body: &Value) -> (bool, bool) {
    (
        body["can"]["edit"].as_bool().unwrap(),
        body["can"]["delete"].as_bool().unwrap(),
    )
}

both_databases! {
    fn a_record_is_made_shown_changed_and_deleted(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let ada = world.owner("Ada", None);
        let fields = json!({
            "name": "Harbour crane", "amount": 1250.5, "stage": "open", "tags": ["red", "blue"], "code": "H-1",
            "owner": ada, "closes_on": "2026-07-01", "met_at": "2026-06-01T09:00:00+02:00", "active": true,
            "mail": "a@example.org", "site": "https://example.org/x", "phone": "+43 1 234", "price": 9.99, "rate": 12.5,
        });
        let body = json!({ "external_id": "crm-1", "fields": fields });
        let made = admin.post("/objects/deal/records", body).expect(201);
        let path = deal(&made.id());
        assert_eq!(made.header("location"), Some(format!("/api/v1{path}").as_str()));
        assert_eq!(made.body["external_id"], "crm-1");
        assert_eq!(made.body["owners"], json!([ada]));
        assert_eq!(made.body["fields"]["met_at"], "2026-06-01T07:00:00.000000Z");
        for empty in ["co_owner", "contact", "parent", "notes"] {
            assert_eq!(made.body["fields"][empty], Value::Null, "every field is there");
        }
        for kept in ["name", "amount", "stage", "tags", "code", "closes_on", "active", "mail", "site", "phone", "price", "rate"] {
            assert_eq!(made.body["fields"][kept], fields[kept], "{kept}");
        }
        let order: Vec<&str> = made.text.match_indices("\":").filter_map(|(at, _)| made.text[..at].rsplit('"').next()).collect();
        let place = |key: &str| order.iter().position(|known| *known == key).unwrap();
        assert!(place("name") < place("amount") && place("rate") < place("notes"), "in the order of the object");
        assert_eq!(can(&made.body), (true, true));
        let shown = admin.get(&path).expect(200);
        assert_eq!((&shown.body, shown.header("etag")), (&made.body, made.header("etag")));
        let patch = json!({ "fields": { "stage": "won", "amount": null, "owner": null }, "external_id": null });
        let changed = admin.patch(&path, patch).expect(200);
        assert_eq!(changed.body["fields"]["stage"], "won");
        assert_eq!((&changed.body["fields"]["amount"], &changed.body["external_id"]), (&Value::Null, &Value::Null));
        assert_eq!((&changed.body["owners"], &changed.body["fields"]["name"]), (&json!([]), &json!("Harbour crane")));
        assert_ne!(changed.header("etag"), made.header("etag"));
        let same = admin.patch(&path, json!({ "fields": { "stage": "won" } })).expect(200);
        assert_eq!(same.header("etag"), changed.header("etag"), "nothing changed");
        admin.delete(&path).expect(204);
        admin.get(&path).refused(404, "not_found");
        admin.delete(&path).refused(404, "not_found");
    }

    fn what_happens_to_owners_is_in_the_audit_log_and_what_is_in_records_is_not(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let (ada, bob) = (world.owner("Ada", None), world.owner("Bob", None));
        let id = world.make(json!({ "name": "Secret name", "owner": ada }));
        admin.patch(&deal(&id), json!({ "fields": { "amount": 4711 } })).expect(200);
        admin.patch(&deal(&id), json!({ "fields": { "owner": bob, "notes": "Secret note" } })).expect(200);
        admin.delete(&deal(&id)).expect(204);
        let events = admin.all(&format!("/audit-events?target_id={id}"));
        let actions: Vec<&str> = events.iter().map(|e| e["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["record.deleted", "record.owners_changed", "record.created"]);
        assert_eq!(events[0]["changes"]["owners"], json!({ "before": [bob], "after": [] }));
        assert_eq!(events[1]["changes"]["owners"], json!({ "before": [ada], "after": [bob] }));
        assert_eq!(events[2]["changes"]["owners"], json!({ "before": [], "after": [ada] }));
        let all = admin.get("/audit-events?limit=200").expect(200).text;
        assert!(!all.contains("Secret") && !all.contains("4711"), "{all}");
    }

    fn whoever_makes_a_record_owns_it_unless_owners_are_mentioned(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, ANYONE);
        let own = world.post(&ada.client, json!({ "name": "A" })).expect(201);
        assert_eq!((&own.body["owners"], &own.body["fields"]["owner"]), (&json!([ada.id]), &json!(ada.id)));
        let unowned = world.post(&ada.client, json!({ "name": "B", "owner": null })).expect(201);
        assert_eq!(unowned.body["owners"], json!([]));
        let second = world.post(&ada.client, json!({ "name": "C", "co_owner": ada.id })).expect(201);
        assert_eq!((&second.body["fields"]["owner"], &second.body["owners"]), (&Value::Null, &json!([ada.id])));
        let both = world.post(&ada.client, json!({ "name": "D", "co_owner": ada.id, "owner": ada.id })).expect(201);
        assert_eq!(both.body["owners"], json!([ada.id]), "each once");
    }

    fn each_level_reaches_whom_it_says(server) {
        let world = World::new(server);
        let (rob, ria) = (world.owner("Rob", Some(&world.rep)), world.owner("Ria", Some(&world.rep)));
        let hugo = world.owner("Hugo", Some(&world.head));
        let hana = world.person("Hana", Some(&world.head), NONE);
        let rene = world.person("Rene", Some(&world.rep), NONE);
        let made = |name: &str, owner: Value| world.make(json!({ "name": name, "owner": owner }));
        let owners = [("rob", json!(rob)), ("ria", json!(ria)), ("hugo", json!(hugo)), ("hana", json!(hana.id)),
            ("rene", json!(rene.id)), ("nobody", Value::Null)];
        let ids: Vec<(&str, String)> = owners.iter().map(|(name, owner)| (*name, made(name, owner.clone()))).collect();
        let both = world.make(json!({ "name": "both", "owner": hugo, "co_owner": rob }));
        let seen = |client: &Client| -> Vec<&str> {
            ids.iter().map(|(name, id)| (*name, id)).chain([("both", &both)])
                .filter(|(_, id)| {
                    let reply = client.get(&deal(id));
                    assert!([200, 404].contains(&reply.status), "{}", reply.text);
                    reply.status == 200
                })
                .map(|(name, _)| name).collect()
        };
        let cases: [(&str, &[&str], &[&str]); 5] = [
            ("none", &[], &[]),
            ("own", &["hana"], &["rene"]),
            ("own_and_reports", &["rob", "ria", "hana", "rene", "both"], &["rene"]),
            ("own_peers_and_reports", &["rob", "ria", "hugo", "hana", "rene", "both"], &["rob", "ria", "rene", "both"]),
            ("anyone", &["rob", "ria", "hugo", "hana", "rene", "nobody", "both"], &["rob", "ria", "hugo", "hana", "rene", "nobody", "both"]),
        ];
        for (level, of_hana, of_rene) in cases {
            for (person, expected) in [(&hana, of_hana), (&rene, of_rene)] {
                world.permit(&person.profile, world.deal, [level, "none", "none", "none"]);
                assert_eq!(seen(&person.client), expected, "{level}");
                let listed = person.client.all("/objects/deal/records?sort=id");
                let mut names = crate::record_world::names(&listed);
                names.sort_unstable();
                let mut expected = expected.to_vec();
                expected.sort_unstable();
                assert_eq!(names, expected, "{level}");
            }
        }
    }

    fn a_record_out_of_reach_is_the_same_404_as_one_that_never_was(server) {
        let (world, other) = (World::new(server), World::named(server, "other"));
        let ada = world.person("Ada", None, OWN);
        let hidden = world.make(json!({ "name": "Hidden" }));
        let foreign = other.make(json!({ "name": "Foreign" }));
        let deleted = world.make(json!({ "name": "Deleted", "owner": ada.id }));
        ada.client.delete(&deal(&deleted)).expect(204);
        let patch = json!({ "fields": { "name": "Mine" } });
        let refusals = |id: &str| {
            let path = deal(id);
            let stale = ada.client.request("PATCH", &path).header("if-match", "\"x-1\"").json(&patch);
            [
                ada.client.get(&path), ada.client.patch(&path, patch.clone()), ada.client.delete(&path), Client::send(stale),
                ada.client.patch(&path, json!({ "fields": { "colour": 1 } })),
            ].map(|reply| told(reply.refused(404, "not_found")))
        };
        let never = refusals(NEVER);
        for id in [&hidden, &foreign, &deleted] {
            assert_eq!(refusals(id), never);
        }
        world.org.admin.get(&deal(&foreign)).refused(404, "not_found");
        world.org.admin.get(&deal("not-an-id")).refused(404, "not_found");
        world.org.admin.get(&format!("/objects/no_such_object/records/{hidden}")).refused(404, "not_found");
        assert_eq!(world.org.admin.get(&deal(&hidden)).expect(200).body["fields"]["name"], "Hidden");
    }

    fn seeing_is_not_changing_and_changing_is_not_deleting(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, ["anyone", "own", "none", "none"]);
        let theirs = world.make(json!({ "name": "Theirs" }));
        let own = world.make(json!({ "name": "Own", "owner": ada.id }));
        assert_eq!(can(&ada.client.get(&deal(&theirs)).expect(200).body), (false, false));
        assert_eq!(can(&ada.client.get(&deal(&own)).expect(200).body), (true, false));
        let patch = json!({ "fields": { "amount": 1 } });
        let refused = ada.client.patch(&deal(&theirs), patch.clone()).refused(403, "not_permitted");
        assert!(refused.text("detail").contains("out_of_reach"), "{}", refused.text);
        ada.client.patch(&deal(&own), patch).expect(200);
        let refused = ada.client.delete(&deal(&own)).refused(403, "not_permitted");
        assert!(refused.text("detail").contains("not_granted"), "{}", refused.text);
        world.post(&ada.client, json!({ "name": "New" })).refused(403, "not_permitted");
        let listed = ada.client.all("/objects/deal/records?sort=name");
        assert_eq!(listed.iter().map(can).collect::<Vec<_>>(), [(true, false), (false, false)]);
        // Edit and delete reach no further than view.
        world.permit(&ada.profile, world.deal, ["own", "anyone", "anyone", "none"]);
        ada.client.patch(&deal(&theirs), json!({ "fields": { "amount": 2 } })).refused(404, "not_found");
        ada.client.delete(&deal(&theirs)).refused(404, "not_found");
        ada.client.delete(&deal(&own)).expect(204);
    }

    fn creating_tests_the_owners_on_the_proposed_record(server) {
        let world = World::new(server);
        let bob = world.owner("Bob", Some(&world.rep));
        let peer = world.owner("Peer", Some(&world.head));
        let ada = world.person("Ada", Some(&world.head), ["none", "none", "none", "own_and_reports"]);
        let post = |owner: Value| world.post(&ada.client, json!({ "name": "N", "owner": owner }));
        post(json!(ada.id)).expect(201);
        post(json!(bob)).expect(201);
        post(json!(peer)).refused(403, "not_permitted");
        post(Value::Null).refused(403, "not_permitted");
        world.post(&ada.client, json!({ "name": "N", "owner": peer, "co_owner": bob })).expect(201);
        world.permit(&ada.profile, world.deal, ["none", "none", "none", "anyone"]);
        let made = post(Value::Null).expect(201);
        ada.client.get(&deal(&made.id())).refused(404, "not_found");
        assert_eq!(ada.client.get("/objects/deal/records").expect(200).body["items"], json!([]));
    }

    fn an_object_that_somebody_does_not_get_to_know_takes_no_records_from_them(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, NONE);
        let never = told(ada.client.post("/objects/no_such_object/records", json!({ "fields": {} })).refused(404, "not_found"));
        for fields in [json!({ "name": "N" }), json!({}), json!({ "colour": 1 })] {
            assert_eq!(told(world.post(&ada.client, fields).refused(404, "not_found")), never);
        }
        let body = json!({ "action": "create", "items": [] });
        ada.client.post("/objects/deal/records/bulk", body).refused(404, "not_found");
        // Nor do they learn of its fields.
        let list = ada.client.get("/objects/deal/records?count=true&sort=colour&filter=colour%20pr").expect(200);
        assert_eq!(list.body, json!({ "items": [], "next_cursor": null, "total": 0 }));
        ada.client.get("/objects/no_such_object/records").refused(404, "not_found");
    }

    fn if_match_guards_a_record(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let id = world.make(json!({ "name": "A" }));
        let path = deal(&id);
        let first = admin.get(&path).expect(200).header("etag").unwrap().to_owned();
        let send = |method: &str, tag: &str| {
            let request = admin.request(method, &path).header("if-match", tag);
            Client::send(if method == "PATCH" { request.json(&json!({ "fields": { "amount": 1 } })) } else { request })
        };
        send("PATCH", &first).expect(200);
        send("PATCH", &first).refused(412, "precondition_failed");
        send("DELETE", &first).refused(412, "precondition_failed");
        let now = admin.get(&path).expect(200).header("etag").unwrap().to_owned();
        let known = Client::send(admin.request("GET", &path).header("if-none-match", &now));
        assert_eq!(known.status, 304);
        send("DELETE", &now).expect(204);
    }

    fn a_repeated_post_is_answered_once(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let post = |path: &str, body: &Value| Client::send(admin.request("POST", path).header("idempotency-key", "k-1").json(body));
        let body = json!({ "fields": { "name": "Once", "amount": 0.1 } });
        let first = post("/objects/deal/records", &body).expect(201);
        let again = post("/objects/deal/records", &body).expect(201);
        assert_eq!((&first.text, first.header("location")), (&again.text, again.header("location")));
        post("/objects/deal/records", &json!({ "fields": { "name": "Twice" } })).refused(422, "idempotency_key_reused");
        let bulk = json!({ "action": "create", "items": [{ "fields": { "name": "Bulk" } }] });
        let first = post("/objects/deal/records/bulk", &bulk).expect(200);
        assert_eq!(post("/objects/deal/records/bulk", &bulk).expect(200).text, first.text);
        assert_eq!(admin.get("/objects/deal/records?count=true").expect(200).body["total"], 2);
    }

    fn a_service_has_exactly_the_reach_of_the_user_it_acts_for(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, ["own", "own", "none", "own"]);
        let body = json!({ "name": "svc", "kind": "service", "scopes": ["act_as"] });
        let token = world.org.admin.post("/api-tokens", body).expect(201).text("secret");
        let service = server.client().with_token(&token);
        let own = world.make(json!({ "name": "Own", "owner": ada.id }));
        let theirs = world.make(json!({ "name": "Theirs" }));
        let for_ada = |method: &str, path: &str| service.request(method, path).header("on-behalf-of", &ada.id);
        let list = Client::send(for_ada("GET", "/objects/deal/records?count=true")).expect(200);
        assert_eq!((&list.body["items"][0]["id"], &list.body["total"]), (&json!(own), &json!(1)));
        Client::send(for_ada("GET", &deal(&theirs))).refused(404, "not_found");
        Client::send(for_ada("DELETE", &deal(&own))).refused(403, "not_permitted");
        let made = Client::send(for_ada("POST", "/objects/deal/records").json(&json!({ "fields": { "name": "New" } }))).expect(201);
        assert_eq!(made.body["owners"], json!([ada.id]));
        let event = world.org.admin.all(&format!("/audit-events?target_id={}", made.id())).remove(0);
        assert_eq!(event["on_behalf_of"], json!(ada.id));
        service.get("/objects/deal/records").refused(403, "user_needed");
        world.org.admin.post(&format!("/users/{}/deactivate", ada.id), json!({})).expect(200);
        Client::send(for_ada("GET", "/objects/deal/records")).refused(403, "subject_ended");
        Client::send(for_ada("GET", &deal(&own))).refused(403, "subject_ended");
    }

    fn what_a_deactivated_user_owns_stays_within_their_managers_reach(server) {
        let world = World::new(server);
        let hana = world.person("Hana", Some(&world.head), TEAM);
        let rob = world.person("Rob", Some(&world.rep), OWN);
        let id = world.make(json!({ "name": "A", "owner": rob.id }));
        let token = rob.client.post("/api-tokens", json!({ "name": "t", "kind": "user" })).expect(201).text("secret");
        let program = server.client().with_token(&token);
        program.get(&deal(&id)).expect(200);
        world.org.admin.post(&format!("/users/{}/deactivate", rob.id), json!({})).expect(200);
        program.get(&deal(&id)).refused(401, "credential_ended");
        rob.client.get(&deal(&id)).refused(401, "credential_ended");
        assert_eq!(hana.client.get(&deal(&id)).expect(200).body["owners"], json!([rob.id]));
        // A deactivated user may still be named an owner.
        hana.client.patch(&deal(&id), json!({ "fields": { "co_owner": rob.id } })).expect(200);
    }

    fn a_guest_reaches_records_until_access_ends_and_their_manager_still_does(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        world.person("Hana", Some(&world.head), TEAM);
        let profile = world.org.profile("External", &[]);
        world.permit(&profile, world.deal, ANYONE);
        let guest = |name: &str| {
            let mut body = world.org.invitation(server, name, 5);
            body["profile_id"] = json!(profile);
            body["role_id"] = json!(world.rep);
            let id = admin.post("/guests", body).expect(201).id();
            (id, server.claim(&world.org.guest_email(name)))
        };
        let ((expired, one), (revoked, two)) = (guest("Gus"), guest("Gil"));
        let id = world.post(&one, json!({ "name": "A" })).expect(201).id();
        two.patch(&deal(&id), json!({ "fields": { "co_owner": revoked } })).expect(200);
        admin.post(&format!("/guests/{revoked}/revoke"), json!({})).expect(200);
        two.get(&deal(&id)).refused(401, "credential_ended");
        server.advance(time::Duration::days(6));
        one.get("/objects/deal/records").refused(401, "credential_ended");
        one.patch(&deal(&id), json!({ "fields": { "amount": 1 } })).refused(401, "credential_ended");
        // Hana's session is over too.
        let hana = server.sign_in(&world.org, &world.org.user_email("Hana")).get(&deal(&id)).expect(200);
        let mut owners = [expired, revoked];
        owners.sort();
        assert_eq!(hana.body["owners"], json!(owners));
    }

    fn permissions_and_roles_count_from_the_next_request(server) {
        let world = World::new(server);
        let hana = world.person("Hana", Some(&world.head), NONE);
        let rob = world.owner("Rob", Some(&world.rep));
        let id = world.make(json!({ "name": "A", "owner": rob }));
        hana.client.get(&deal(&id)).refused(404, "not_found");
        world.permit(&hana.profile, world.deal, TEAM);
        hana.client.get(&deal(&id)).expect(200);
        let admin = &world.org.admin;
        admin.patch(&format!("/roles/{}", world.rep), json!({ "parent_id": null })).expect(200);
        hana.client.get(&deal(&id)).refused(404, "not_found");
        admin.patch(&format!("/users/{}", hana.id), json!({ "role_id": null })).expect(200);
        admin.patch(&format!("/roles/{}", world.rep), json!({ "parent_id": world.head })).expect(200);
        hana.client.get(&deal(&id)).refused(404, "not_found");
        admin.patch(&format!("/users/{}", hana.id), json!({ "role_id": world.head })).expect(200);
        hana.client.get(&deal(&id)).expect(200);
        admin.patch(&deal(&id), json!({ "fields": { "owner": null } })).expect(200);
        hana.client.get(&deal(&id)).refused(404, "not_found");
    }

    fn what_somebody_owned_goes_to_the_heir_or_to_nobody(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let (ada, bob, eve) = (world.owner("Ada", None), world.owner("Bob", None), world.person("Eve", None, OWN));
        let gus = world.org.guest(server, "Gus", 5)["id"].as_str().unwrap().to_owned();
        let of_ada = world.make(json!({ "name": "A", "owner": ada, "co_owner": bob }));
        let of_bob = world.make(json!({ "name": "B", "owner": bob }));
        let of_gus = world.make(json!({ "name": "G", "owner": gus, "contact": gus }));
        let before = admin.get(&deal(&of_ada)).expect(200).header("etag").unwrap().to_owned();
        admin.delete(&format!("/users/{ada}?transfer_records_to={}", eve.id)).expect(204);
        let shown = admin.get(&deal(&of_ada)).expect(200);
        let mut owners = [bob.clone(), eve.id.clone()];
        owners.sort();
        assert_eq!((&shown.body["owners"], &shown.body["fields"]["owner"]), (&json!(owners), &json!(eve.id)));
        assert_ne!(shown.header("etag"), Some(before.as_str()));
        eve.client.get(&deal(&of_ada)).expect(200);
        admin.delete(&format!("/users/{bob}")).expect(204);
        assert_eq!(admin.get(&deal(&of_bob)).expect(200).body["owners"], json!([]));
        assert_eq!(admin.get(&deal(&of_ada)).expect(200).body["owners"], json!([eve.id]));
        let bulk = json!({ "action": "delete", "ids": [gus], "args": { "transfer_records_to": eve.id } });
        assert_eq!(admin.post("/guests/bulk", bulk).expect(200).body["succeeded"], 1);
        let shown = admin.get(&deal(&of_gus)).expect(200).body;
        assert_eq!((&shown["owners"], &shown["fields"]["contact"]), (&json!([eve.id]), &json!(gus)), "owners alone are handed over");
        // A change of something else isn't refused because of somebody who is gone.
        admin.patch(&deal(&of_gus), json!({ "fields": { "amount": 1, "contact": gus } })).expect(200);
        assert_eq!(eve.client.all("/objects/deal/records").len(), 2);
        let events = admin.all("/audit-events?action=records.handed_over");
        assert_eq!(events.len(), 3);
        assert_eq!(events[0]["changes"], json!({ "owner": { "before": gus, "after": eve.id }, "records": 1 }));
        assert_eq!(events[0]["target_id"], json!(world.deal.to_string()));
    }

    fn records_of_an_object_without_owners_are_reached_by_those_who_reach_anyones(server) {
        let world = World::new(server);
        let plain = vestibule_persistence::ids::ObjectId::from_u128(7);
        world.object(plain, "plain", vec![crate::record_world::field("name", vestibule_custom_objects::FieldType::Text)]);
        let id = world.org.admin.post("/objects/plain/records", json!({ "fields": { "name": "A" } })).expect(201).id();
        let ada = world.person("Ada", Some(&world.head), NONE);
        let path = format!("/objects/plain/records/{id}");
        world.permit(&ada.profile, plain, ["own_peers_and_reports"; 4]);
        ada.client.get(&path).refused(404, "not_found");
        ada.client.post("/objects/plain/records", json!({ "fields": {} })).refused(403, "not_permitted");
        world.permit(&ada.profile, plain, ANYONE);
        assert_eq!(ada.client.get(&path).expect(200).body["owners"], json!([]));
        ada.client.post("/objects/plain/records", json!({ "fields": {} })).expect(201);
    }

    fn many_records_are_made_changed_and_deleted_at_once(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let bulk = |body: Value| admin.post("/objects/deal/records/bulk", body).expect(200).body;
        let items: Vec<Value> = (0..1000).map(|n| json!({ "external_id": format!("e{n}"), "fields": { "name": format!("N{n:03}"), "code": format!("c{n}") } })).collect();
        let made = bulk(json!({ "action": "create", "items": items }));
        assert_eq!((&made["succeeded"], &made["failed"], &made["applied"]), (&json!(1000), &json!(0), &json!(true)));
        assert_eq!((&made["results"][7]["index"], &made["results"][7]["created"]), (&json!(7), &json!(true)));
        let id = made["results"][7]["id"].as_str().unwrap();
        assert_eq!(admin.get(&deal(id)).expect(200).body["fields"]["name"], "N007");
        let changed = bulk(json!({ "action": "update", "items": [
            { "id": id, "fields": { "amount": 1 }, "external_id": "seven" },
            { "external_id": "e8", "fields": { "amount": 2 } },
            { "external_id": "nothing", "fields": {} },
            { "fields": {} },
        ] }));
        assert_eq!((&changed["succeeded"], &changed["failed"]), (&json!(2), &json!(2)));
        assert_eq!(changed["results"][0], json!({ "index": 0, "status": "ok", "id": id, "created": false }));
        assert_eq!(changed["results"][2]["error"]["code"], "not_found");
        assert_eq!(changed["results"][3]["error"]["errors"][0]["pointer"], "/id");
        assert_eq!(admin.get(&deal(id)).expect(200).body["external_id"], "seven");
        let upserted = bulk(json!({ "action": "upsert", "items": [
            { "external_id": "seven", "fields": { "amount": 3 } },
            { "external_id": "new", "fields": { "name": "New" } },
            { "external_id": "new2", "fields": { "amount": 3 } },
            { "fields": { "name": "X" } },
        ] }));
        let created: Vec<&Value> = upserted["results"].as_array().unwrap().iter().map(|r| &r["created"]).collect();
        assert_eq!(created, [&json!(false), &json!(true), &Value::Null, &Value::Null]);
        assert_eq!(upserted["results"][2]["error"]["code"], "missing_field");
        assert_eq!(upserted["results"][3]["error"]["errors"][0]["pointer"], "/external_id");
        let deleted = bulk(json!({ "action": "delete", "items": [{ "id": id }, { "external_id": "e8" }, { "external_id": "e8" }] }));
        assert_eq!((&deleted["succeeded"], &deleted["results"][2]["error"]["status"]), (&json!(2), &json!(404)));
        assert_eq!(deleted["results"][0], json!({ "index": 0, "status": "ok", "id": id }));
        assert_eq!(admin.get("/objects/deal/records?count=true&limit=1").expect(200).body["total"], 999);
        let events = admin.all("/audit-events?action=records.bulk");
        assert_eq!(events.len(), 4, "one event a request");
        assert_eq!(events[3]["changes"], json!({ "object": "deal", "created": 1000, "updated": 0, "deleted": 0, "owners_changed": [] }));
    }

    fn one_bad_item_spoils_only_itself_or_everything_as_asked(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        world.make(json!({ "name": "There", "code": "taken" }));
        let items = json!([
            { "fields": { "name": "A", "code": "a" } },
            { "fields": { "name": "B", "code": "TAKEN" } },
            { "fields": { "name": "C", "code": "a" } },
            { "fields": { "name": "D", "amount": "x" } },
            { "fields": { "name": "E" }, "external_id": "e" },
            { "fields": { "name": "F" }, "external_id": "e" },
            { "id": NEVER, "fields": { "name": "G" } },
        ]);
        let bulk = |more: Value| {
            let mut body = json!({ "action": "create", "items": items });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            admin.post("/objects/deal/records/bulk", body).expect(200).body
        };
        let total = || admin.get("/objects/deal/records?count=true").expect(200).body["total"].as_i64().unwrap();
        let codes = |report: &Value| -> Vec<String> {
            report["results"].as_array().unwrap().iter().map(|r| r["error"]["code"].as_str().unwrap_or("ok").to_owned()).collect()
        };
        let expected = ["ok", "value_not_unique", "value_not_unique", "invalid_type", "ok", "external_id_taken", "unknown_field"];
        let tried = bulk(json!({ "dry_run": true }));
        assert_eq!((codes(&tried), &tried["applied"], total()), (expected.map(str::to_owned).to_vec(), &json!(false), 1));
        let atomic = bulk(json!({ "atomic": true }));
        assert_eq!((codes(&atomic), &atomic["applied"], total()), (expected.map(str::to_owned).to_vec(), &json!(false), 1));
        assert_eq!(admin.all("/audit-events?action=records.bulk").len(), 0, "nothing happened");
        let each = bulk(json!({}));
        assert_eq!((codes(&each), &each["applied"], total()), (expected.map(str::to_owned).to_vec(), &json!(true), 3));
        assert_eq!(each["results"][1]["error"]["errors"][0]["pointer"], "/fields/code");
        assert_eq!((&each["results"][3]["error"]["status"], &each["results"][1]["error"]["status"]), (&json!(400), &json!(409)));
    }

    fn in_bulk_each_record_is_decided_on_its_own(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, ["anyone", "own", "own", "own"]);
        let own = world.make_named("own", json!({ "name": "Own", "owner": ada.id }));
        let theirs = world.make_named("theirs", json!({ "name": "Theirs" }));
        let bulk = |body: Value| {
            let report = ada.client.post("/objects/deal/records/bulk", body).expect(200).body;
            let results = report["results"].as_array().unwrap().clone();
            results.iter().map(|r| r["error"]["code"].as_str().unwrap_or("ok").to_owned()).collect::<Vec<_>>()
        };
        let items = json!([{ "id": own, "fields": { "amount": 1 } }, { "id": theirs, "fields": { "amount": 1 } }, { "id": own, "fields": { "owner": null } }]);
        assert_eq!(bulk(json!({ "action": "update", "items": items })), ["ok", "not_permitted", "not_permitted"]);
        let items = json!([{ "fields": { "name": "A" } }, { "fields": { "name": "B", "owner": null } }]);
        assert_eq!(bulk(json!({ "action": "create", "items": items })), ["ok", "not_permitted"]);
        world.permit(&ada.profile, world.deal, OWN);
        let items = json!([{ "id": theirs }, { "external_id": "theirs" }, { "id": own }]);
        assert_eq!(bulk(json!({ "action": "delete", "items": items })), ["not_found", "not_found", "ok"]);
        let items = json!([{ "external_id": "theirs", "fields": { "name": "A" } }]);
        assert_eq!(bulk(json!({ "action": "upsert", "items": items })), ["external_id_taken"]);
    }

    fn a_bulk_request_has_bounds(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let bulk = |body: Value| admin.post("/objects/deal/records/bulk", body);
        let many: Vec<Value> = (0..1001).map(|_| json!({ "fields": { "name": "N" } })).collect();
        bulk(json!({ "action": "create", "items": many })).refused(422, "too_many_items").blaming("/items");
        let long: Vec<Value> = (0..400).map(|_| json!({ "fields": { "name": "N", "notes": "x".repeat(10_000) } })).collect();
        assert_eq!(bulk(json!({ "action": "create", "items": long })).expect(200).body["succeeded"], 400, "four megabytes");
        let huge: Vec<Value> = (0..900).map(|_| json!({ "fields": { "notes": "x".repeat(10_000) } })).collect();
        bulk(json!({ "action": "create", "items": huge })).refused(413, "payload_too_large");
        bulk(json!({ "action": "create", "items": [{ "fields": {}, "owners": [] }] })).refused(400, "unknown_field").blaming("/items/0/owners");
        bulk(json!({ "action": "merge", "items": [] })).refused(422, "invalid_value").blaming("/action");
        assert_eq!(bulk(json!({ "action": "create", "items": [] })).expect(200).body["succeeded"], 0);
        assert_eq!(admin.all("/audit-events?action=records.bulk").len(), 1);
    }
}
