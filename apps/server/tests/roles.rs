//! Roles over HTTP: the tree, its limits, and what becomes of people when it changes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, TestOrg, at_once, both_databases};

const NEVER: &str = "0198c0de-0000-7000-8000-000000000001";

fn add(org: &TestOrg, name: &str, parent: Option<&str>) -> String {
    org.admin
        .post("/roles", json!({ "name": name, "parent_id": parent }))
        .expect(201)
        .id()
}

fn path(id: &str) -> String {
    format!("/roles/{id}")
}

fn names(org: &TestOrg, query: &str) -> Vec<String> {
    let roles = org.admin.all(&format!("/roles?{query}"));
    roles
        .iter()
        .map(|role| role["name"].as_str().unwrap().to_owned())
        .collect()
}

/// A chain of so many roles, each below the one before; answers their ids from the top.
fn chain(org: &TestOrg, name: &str, levels: usize) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for level in 1..=levels {
        let id = add(org, &format!("{name} {level}"), ids.last().map(String::as_str));
        ids.push(id);
    }
    ids
}

/// A sequence of numbers that looks random and is the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

both_databases! {
    fn a_role_is_added_shown_renamed_moved_and_deleted(server) {
        let org = server.org("acme");
        let ceo = add(&org, "CEO", None);
        let body = json!({ "name": " Sales ", "parent_id": ceo, "external_id": "r-1" });
        let made = org.admin.post("/roles", body).expect(201);
        assert_eq!(made.header("location"), Some(format!("/api/v1{}", path(&made.id())).as_str()));
        assert_eq!((&made.body["name"], &made.body["parent_id"]), (&json!("Sales"), &json!(ceo)));
        assert_eq!((&made.body["external_id"], &made.body["user_count"]), (&json!("r-1"), &json!(0)));
        let shown = org.admin.get(&path(&made.id())).expect(200);
        assert_eq!((&shown.body, shown.header("etag")), (&made.body, made.header("etag")));

        let patch = json!({ "name": "Sales North", "parent_id": null, "external_id": null });
        let moved = org.admin.patch(&path(&made.id()), patch).expect(200);
        assert_eq!(moved.body["name"], "Sales North");
        assert_eq!((&moved.body["parent_id"], &moved.body["external_id"]), (&Value::Null, &Value::Null));
        assert_ne!(moved.header("etag"), made.header("etag"));
        org.admin.delete(&path(&made.id())).expect(204);
        org.admin.get(&path(&made.id())).refused(404, "not_found");
        let events = org.admin.all(&format!("/audit-events?target_id={}", made.id()));
        let mut told: Vec<_> = events.iter().map(|e| (e["seq"].as_i64().unwrap(), e["action"].as_str().unwrap())).collect();
        told.sort_unstable();
        let told: Vec<_> = told.into_iter().map(|(_, action)| action).collect();
        assert_eq!(told, ["role.created", "role.updated", "role.deleted"]);
        let updated = events.iter().find(|e| e["action"] == "role.updated").unwrap();
        assert_eq!(updated["changes"]["parent_id"], json!({ "before": ceo, "after": null }));
    }

    fn unusable_roles_are_refused(server) {
        let org = server.org("acme");
        let role = add(&org, "R", None);
        org.admin.patch(&path(&role), json!({ "external_id": "r-1" })).expect(200);
        let post = |body: Value| org.admin.post("/roles", body);
        post(json!({ "name": " ", "external_id": "" })).refused(422, "validation_failed").blaming("/external_id");
        post(json!({ "name": "x".repeat(101) })).refused(422, "too_long").blaming("/name");
        post(json!({ "name": "A\u{202E}b" })).refused(422, "invalid_text").blaming("/name");
        post(json!({ "name": "R", "external_id": "r-1" })).refused(409, "external_id_taken").blaming("/external_id");
        post(json!({ "name": "R", "parent_id": NEVER })).refused(422, "unknown_reference").blaming("/parent_id");
        post(json!({ "name": "R", "parent_id": "top" })).refused(400, "invalid_format").blaming("/parent_id");
        post(json!({ "name": "R", "level": 1 })).refused(400, "unknown_field").blaming("/level");
        post(json!({})).refused(400, "missing_field").blaming("/name");
        let foreign = add(&server.org("globex"), "F", None);
        let gone = add(&org, "Gone", None);
        org.admin.delete(&path(&gone)).expect(204);
        for parent in [NEVER, &foreign, &gone] {
            let move_below = org.admin.patch(&path(&role), json!({ "parent_id": parent }));
            move_below.refused(422, "unknown_reference").blaming("/parent_id");
        }
        org.admin.patch(&path(&role), json!({ "name": null })).refused(400, "invalid_type").blaming("/name");
        // Names may repeat: two teams may both have a Lead.
        post(json!({ "name": "R" })).expect(201);
    }

    fn a_role_never_becomes_its_own_ancestor(server) {
        let org = server.org("acme");
        let roles = chain(&org, "L", 4);
        for below in &roles {
            let moved = org.admin.patch(&path(&roles[0]), json!({ "parent_id": below, "name": "X" }));
            moved.refused(409, "role_cycle").blaming("/parent_id");
        }
        assert_eq!(org.admin.get(&path(&roles[0])).body["name"], "L 1", "a refused change changes nothing");
        org.admin.patch(&path(&roles[2]), json!({ "parent_id": roles[0] })).expect(200);
    }

    fn of_two_moves_that_would_make_a_cycle_together_one_is_refused(server) {
        let org = server.org("acme");
        for round in 0..8 {
            let (a, b) = (add(&org, &format!("A{round}"), None), add(&org, &format!("B{round}"), None));
            let below_a = add(&org, &format!("C{round}"), Some(&a));
            let replies = at_once(vec![
                Box::new(|| org.admin.patch(&path(&a), json!({ "parent_id": b }))),
                Box::new(|| org.admin.patch(&path(&b), json!({ "parent_id": below_a }))),
            ]);
            let refused: Vec<_> = replies.iter().filter(|reply| reply.status != 200).collect();
            assert_eq!(refused.len(), 1, "{replies:?}");
            refused[0].clone().refused(409, "role_cycle");
        }
    }

    fn a_tree_has_64_levels_and_not_one_more(server) {
        let org = server.org("acme");
        let deep = chain(&org, "D", 64);
        let bottom = deep.last().unwrap();
        let below = json!({ "name": "65", "parent_id": bottom });
        org.admin.post("/roles", below).refused(422, "role_too_deep").blaming("/parent_id");
        let pair = chain(&org, "P", 2);
        let level = |n: usize| json!({ "parent_id": deep[n - 1] });
        org.admin.patch(&path(&pair[0]), level(63)).refused(422, "role_too_deep").blaming("/parent_id");
        org.admin.patch(&path(&pair[1]), level(64)).refused(422, "role_too_deep").blaming("/parent_id");
        org.admin.patch(&path(&pair[0]), level(62)).expect(200);
        // Handing children over goes no deeper either.
        let other = chain(&org, "O", 2);
        let delete = org.admin.delete(&format!("{}?move_to={bottom}", path(&other[0])));
        delete.refused(422, "role_too_deep").blaming("?move_to");
        assert_eq!(names(&org, "parent_id=null&q=o").len(), 1);
    }

    fn a_role_in_use_goes_only_when_it_is_said_who_takes_its_people(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let top = add(&org, "Top", None);
        let (team, heir) = (add(&org, "Team", Some(&top)), add(&org, "Heir", None));
        let child = add(&org, "Child", Some(&team));
        let user = org.user_with("Bob", json!({ "role_id": team }))["id"].as_str().unwrap().to_owned();
        let delete = |id: &str, to: &str| org.admin.delete(&format!("{}?move_to={to}", path(id)));
        org.admin.delete(&path(&team)).refused(409, "role_in_use").blaming("?move_to");
        org.admin.delete(&path(&top)).refused(409, "role_in_use").blaming("?move_to");
        delete(&team, &team).refused(409, "role_cycle").blaming("?move_to");
        delete(&team, &child).refused(409, "role_cycle").blaming("?move_to");
        delete(&team, NEVER).refused(422, "unknown_reference").blaming("?move_to");
        delete(&team, &add(&other, "F", None)).refused(422, "unknown_reference").blaming("?move_to");
        delete(&team, "").refused(400, "invalid_query").blaming("?move_to");
        let version = org.admin.get(&format!("/users/{user}")).header("etag").unwrap().to_owned();

        delete(&team, &heir).expect(204);
        let shown = org.admin.get(&format!("/users/{user}")).expect(200);
        assert_eq!(shown.body["role_id"], heir.as_str());
        assert_ne!(shown.header("etag"), Some(version.as_str()), "the user has changed");
        assert_eq!(org.admin.get(&path(&child)).body["parent_id"], heir.as_str());
        assert_eq!(org.admin.get(&path(&heir)).body["user_count"], 1);
        let event = &org.admin.all(&format!("/audit-events?target_id={team}&action=role.deleted"))[0];
        assert_eq!(event["changes"]["users_moved"]["after"], 1);

        delete(&heir, "null").expect(204);
        assert_eq!(org.admin.get(&format!("/users/{user}")).body["role_id"], Value::Null);
        assert_eq!(org.admin.get(&path(&child)).body["parent_id"], Value::Null);
        // Nobody is left in it: nothing has to be said.
        org.admin.delete(&path(&child)).expect(204);
    }

    fn deleting_ones_own_role_is_no_way_to_another_one(server) {
        let org = server.org("acme");
        let (top, own) = (add(&org, "Top", None), add(&org, "Own", None));
        let manager = org.signed_in(server, "Mia", &["manage_access"]);
        let mia = manager.get("/session").expect(200).body["user"]["id"].as_str().unwrap().to_owned();
        org.admin.patch(&format!("/users/{mia}"), json!({ "role_id": own })).expect(200);
        for to in [top.as_str(), "null"] {
            let delete = manager.delete(&format!("{}?move_to={to}", path(&own)));
            delete.refused(403, "own_access_fixed");
        }
        org.admin.delete(&format!("{}?move_to={top}", path(&own))).expect(204);
    }

    fn roles_are_listed_by_place_name_and_external_id(server) {
        let org = server.org("acme");
        let ceo = add(&org, "CEO", None);
        server.advance(Duration::seconds(1));
        let legal = add(&org, "legal", None);
        let sales = add(&org, "Sales", Some(&ceo));
        org.admin.post("/roles", json!({ "name": "Rep_1", "parent_id": sales, "external_id": "x-1" })).expect(201);
        org.user_with("Bob", json!({ "role_id": legal }));
        let gone = org.user_with("Del", json!({ "role_id": legal }));
        org.admin.delete(&format!("/users/{}", gone["id"].as_str().unwrap())).expect(204);
        assert_eq!(names(&org, "limit=1"), ["CEO", "legal", "Rep_1", "Sales"]);
        assert_eq!(names(&org, "sort=-name&limit=3"), ["Sales", "Rep_1", "legal", "CEO"]);
        assert_eq!(names(&org, "sort=created_at")[0], "CEO");
        assert_eq!(names(&org, "parent_id=null"), ["CEO", "legal"]);
        assert_eq!(names(&org, &format!("parent_id={ceo}")), ["Sales"]);
        assert_eq!(names(&org, &format!("parent_id={NEVER}")), [""; 0]);
        assert_eq!(names(&org, "q=LEG"), ["legal"]);
        assert_eq!(names(&org, "q=_"), ["Rep_1"]);
        assert_eq!(names(&org, "external_id=x-1"), ["Rep_1"]);
        let page = org.admin.get("/roles?count=true&limit=1&parent_id=null").expect(200);
        assert_eq!((&page.body["total"], page.body["items"].as_array().unwrap().len()), (&json!(2), 1));
        let counts: Vec<_> = org.admin.all("/roles").iter().map(|role| role["user_count"].as_i64().unwrap()).collect();
        assert_eq!(counts, [0, 1, 0, 0]);
        for (query, pointer) in [("parent_id=top", "?parent_id"), ("level=1", "?level"), ("limit=x", "?limit")] {
            org.admin.get(&format!("/roles?{query}")).refused(400, "invalid_query").blaming(pointer);
        }
        org.admin.get("/roles?sort=parent_id").refused(400, "invalid_sort");
        org.admin.get("/roles?cursor=x").refused(400, "invalid_cursor");
    }

    fn reports_follow_every_change_of_the_tree(server) {
        let org = server.org("acme");
        let mut dice = Dice(7);
        // Role → parent, as a naive model; every role has one user, named like it.
        let mut parents: BTreeMap<String, Option<String>> = BTreeMap::new();
        let mut users: BTreeMap<String, String> = BTreeMap::new();
        let ancestors = |parents: &BTreeMap<String, Option<String>>, role: &str| {
            let mut above = BTreeSet::new();
            let mut next = parents[role].clone();
            while let Some(role) = next {
                next = parents[&role].clone();
                above.insert(role);
            }
            above
        };
        for step in 0..60 {
            let ids: Vec<String> = parents.keys().cloned().collect();
            let any = |dice: &mut Dice| ids.get(dice.below(ids.len() + 1)).cloned();
            match any(&mut dice).filter(|_| step >= 12) {
                None => {
                    let parent = any(&mut dice);
                    let id = add(&org, &format!("R{step}"), parent.as_deref());
                    let user = org.user_with(&format!("U{step}"), json!({ "role_id": id }));
                    users.insert(id.clone(), user["id"].as_str().unwrap().to_owned());
                    parents.insert(id, parent);
                }
                Some(role) if dice.below(6) == 0 => {
                    let heir = any(&mut dice);
                    let to = heir.clone().unwrap_or("null".to_owned());
                    let reply = org.admin.delete(&format!("{}?move_to={to}", path(&role)));
                    let cycle = heir.as_ref().is_some_and(|heir| {
                        *heir == role || ancestors(&parents, heir).contains(&role)
                    });
                    reply.expect(if cycle { 409 } else { 204 });
                    if !cycle {
                        parents.remove(&role);
                        for parent in parents.values_mut().filter(|parent| parent.as_deref() == Some(&role)) {
                            *parent = heir.clone();
                        }
                        // The user went to the heir; a role keeps one user of its own in this model.
                        let user = users.remove(&role).unwrap();
                        org.admin.delete(&format!("/users/{user}")).expect(204);
                    }
                }
                Some(role) => {
                    let parent = any(&mut dice);
                    let reply = org.admin.patch(&path(&role), json!({ "parent_id": parent }));
                    let cycle = parent.as_ref().is_some_and(|parent| {
                        *parent == role || ancestors(&parents, parent).contains(&role)
                    });
                    reply.expect(if cycle { 409 } else { 200 });
                    if !cycle {
                        parents.insert(role, parent);
                    }
                }
            }
            if step % 10 == 9 {
                for (role, user) in &users {
                    let below: BTreeSet<String> = parents
                        .keys()
                        .filter(|other| ancestors(&parents, other).contains(role))
                        .map(|other| users[other].clone())
                        .collect();
                    let reports = org.admin.all(&format!("/users/{user}/reports?limit=200"));
                    let reports: BTreeSet<String> =
                        reports.iter().map(|person| person["id"].as_str().unwrap().to_owned()).collect();
                    assert_eq!(reports, below, "step {step}");
                }
            }
        }
    }

    fn capabilities_decide_who_reads_and_who_changes_roles(server) {
        let org = server.org("acme");
        let role = add(&org, "R", None);
        for (name, capability, reads) in
            [("Ann", "manage_users", true), ("Ben", "manage_guests", true), ("Cid", "manage_org", false)]
        {
            let client = org.signed_in(server, name, &[capability]);
            for seen in ["/roles", &path(&role)] {
                match reads {
                    true => client.get(seen).expect(200),
                    false => client.get(seen).refused(403, "capability_missing"),
                };
            }
            client.post("/roles", json!({ "name": "X" })).refused(403, "capability_missing");
            client.patch(&path(&role), json!({ "name": "X" })).refused(403, "capability_missing");
            client.delete(&path(&role)).refused(403, "capability_missing");
        }
        let manager = org.signed_in(server, "Dee", &["manage_access"]);
        manager.patch(&path(&role), json!({ "name": "X" })).expect(200);
        server.client().get("/roles").expect(401);
    }

    fn a_stale_version_of_a_role_is_not_overwritten(server) {
        let org = server.org("acme");
        let (role, other) = (add(&org, "R", None), add(&org, "A", None));
        let stale = org.admin.get(&path(&role)).header("etag").unwrap().to_owned();
        let with = |method: &str, tag: &str| {
            let request = org.admin.request(method, &path(&role)).header("if-match", tag);
            Client::send(if method == "PATCH" { request.json(&json!({ "name": "Mine" })) } else { request })
        };
        // What happens around a role does not make its version stale: neither users nor other roles' moves.
        org.user_with("Bob", json!({ "role_id": role }));
        org.admin.patch(&path(&other), json!({ "parent_id": role })).expect(200);
        let known = org.admin.request("GET", &path(&role)).header("if-none-match", &stale);
        assert_eq!(Client::send(known).expect(200).body["user_count"], 1, "but it shows to readers");
        with("PATCH", &stale).expect(200);
        with("PATCH", &stale).refused(412, "precondition_failed");
        with("DELETE", &stale).refused(412, "precondition_failed");
    }

    fn roles_of_another_org_do_not_exist_here(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let foreign = add(&other, "F", None);
        for id in [foreign.as_str(), NEVER, "7"] {
            org.admin.get(&path(id)).refused(404, "not_found");
            org.admin.patch(&path(id), json!({ "name": "X" })).refused(404, "not_found");
            org.admin.delete(&format!("{}?move_to=null", path(id))).refused(404, "not_found");
        }
        assert_eq!(names(&org, ""), [""; 0]);
        assert_eq!(other.admin.get(&path(&foreign)).expect(200).body["name"], "F");
    }

    fn a_repeated_request_adds_one_role(server) {
        let org = server.org("acme");
        let post = |body: Value| {
            Client::send(org.admin.request("POST", "/roles").header("idempotency-key", "k").json(&body))
        };
        let first = post(json!({ "name": "R" })).expect(201);
        assert_eq!(post(json!({ "name": "R" })).expect(201).body, first.body);
        post(json!({ "name": "S" })).refused(422, "idempotency_key_reused");
        assert_eq!(names(&org, ""), ["R"]);
    }
}
