//! Explanations, scopes, and who reaches a record.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::Duration;
use vestibule_persistence::ids::ObjectId;
use vestibule_server::clock::Clock;

use crate::authzen::service;
use crate::harness::{Client, Reply, TestServer, both_databases};
use crate::record_world::{ANYONE, NEVER, NONE, OWN, TEAM, World, deal, field};

const EXPLAIN: &str = "/access/explain";
const SCOPE: &str = "/access/scope";

fn about(who: &str, action: &str, record: &str) -> Value {
    json!({ "subject_id": who, "action": action, "object": "deal", "record_id": record })
}

fn of_owners(who: &str, action: &str, owners: &[&str]) -> Value {
    json!({ "subject_id": who, "action": action, "object": "deal", "owner_ids": owners })
}

#[track_caller]
fn explain(client: &Client, question: &Value) -> Value {
    client.post(EXPLAIN, question.clone()).expect(200).body
}

fn steps(explanation: &Value) -> Vec<(&str, bool)> {
    let steps = explanation["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| (step["code"].as_str().unwrap(), step["ok"].as_bool().unwrap()))
        .collect()
}

fn kinds(explanation: &Value) -> Vec<Vec<&str>> {
    let suggestions = explanation["suggestions"].as_array().unwrap();
    suggestions
        .iter()
        .map(|suggestion| {
            let changes = suggestion["changes"].as_array().unwrap();
            changes
                .iter()
                .map(|change| change["kind"].as_str().unwrap())
                .collect()
        })
        .collect()
}

/// What two answers have in common when nobody can tell them apart.
fn told(reply: &Reply) -> Value {
    let mut body = reply.body.clone();
    body.as_object_mut()
        .unwrap()
        .retain(|key, _| key != "instance" && key != "request_id");
    body
}

/// The path of a person of either kind.
fn person_path(world: &World<'_>, id: &str) -> String {
    let guest = world.org.admin.get(&format!("/guests/{id}")).status == 200;
    format!("/{}/{id}", if guest { "guests" } else { "users" })
}

/// Does what a suggestion says, the way an administrator would.
fn carry_out(world: &World<'_>, suggestion: &Value, record: &str) {
    let (server, admin) = (world.server, &world.org.admin);
    for change in suggestion["changes"].as_array().unwrap() {
        let id = |member: &str| change[member].as_str().unwrap();
        match id("kind") {
            "raise_level" => {
                let path = format!("/profiles/{}/permissions/{}", id("profile_id"), id("object"));
                let present = admin.get(&path).expect(200).body;
                let mut levels: serde_json::Map<String, Value> = ["view", "edit", "delete", "create"]
                    .map(|a| (a.to_owned(), present[a].clone()))
                    .into_iter()
                    .collect();
                levels.insert(id("action").to_owned(), json!(id("level")));
                admin.put(&path, Value::Object(levels)).expect(200);
            }
            "move_subject" => {
                let path = person_path(world, id("user_id"));
                admin
                    .patch(&path, json!({ "role_id": id("role_id") }))
                    .expect(200);
            }
            "make_owner" => {
                admin
                    .patch(&deal(record), json!({ "fields": { "co_owner": id("user_id") } }))
                    .expect(200);
            }
            "restore_standing" => {
                let path = person_path(world, id("user_id"));
                match id("reason") {
                    "deactivated" => admin.post(&format!("{path}/activate"), json!({})).expect(200),
                    "revoked" => admin
                        .post(
                            &format!("{path}/reinstate"),
                            json!({ "access_ends_on": server.day(5) }),
                        )
                        .expect(200),
                    "expired" => admin
                        .patch(&path, json!({ "access_ends_on": server.day(5) }))
                        .expect(200),
                    "guest_access_off" => admin.patch("/org", json!({ "guest_access": true })).expect(200),
                    "not_claimed" => {
                        let email = admin.get(&path).expect(200).text("email");
                        let client = server.claim(&email);
                        client.get("/me").expect(200)
                    }
                    unknown => panic!("{unknown}"),
                };
            }
            unknown => panic!("{unknown}"),
        }
    }
}

/// A new org with two roles, a profile with these levels, and somebody in some role on it.
struct Case<'s> {
    world: World<'s>,
    who: String,
    record: String,
}

/// What is wrong with the one who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    Deactivated,
    Revoked,
    Expired,
    NotClaimed,
    GuestsOff,
}

impl<'s> Case<'s> {
    /// `role` is that of the subject and `owner_role` that of the record's owner, which may be nobody.
    fn new(
        server: &'s TestServer,
        slug: &str,
        (role, levels): (Option<&str>, [&str; 4]),
        owner_role: Option<Option<&str>>,
        trouble: Trouble,
    ) -> Self {
        let world = World::named(server, slug);
        let admin = &world.org.admin;
        let role_id = |role: Option<&str>| {
            role.map(|role| {
                if role == "head" {
                    world.head.clone()
                } else {
                    world.rep.clone()
                }
            })
        };
        let profile = world.org.profile("Profile", &[]);
        world.permit(&profile, world.deal, levels);
        let guest = !matches!(trouble, Trouble::None | Trouble::Deactivated);
        let who = if guest {
            let mut invitation = world.org.invitation(server, "Sub", 10);
            invitation["profile_id"] = json!(profile);
            invitation["role_id"] = json!(role_id(role));
            let id = admin.post("/guests", invitation).expect(201).id();
            if trouble != Trouble::NotClaimed {
                server.claim(&world.org.guest_email("Sub"));
            }
            id
        } else {
            let more = json!({ "profile_id": profile, "role_id": role_id(role) });
            world.org.user_with("Sub", more)["id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let owner = owner_role.map(|role| world.owner("Owner", role_id(role).as_deref()));
        let record = world.make(json!({ "name": "x", "owner": owner }));
        match trouble {
            Trouble::None | Trouble::NotClaimed => {}
            Trouble::Deactivated => drop(
                admin
                    .post(&format!("/users/{who}/deactivate"), json!({}))
                    .expect(200),
            ),
            Trouble::Revoked => drop(
                admin
                    .post(&format!("/guests/{who}/revoke"), json!({}))
                    .expect(200),
            ),
            Trouble::Expired => server.advance(Duration::days(11)),
            Trouble::GuestsOff => drop(admin.patch("/org", json!({ "guest_access": false })).expect(200)),
        }
        Case { world, who, record }
    }

    fn explained(&self, action: &str) -> Value {
        explain(&self.world.org.admin, &about(&self.who, action, &self.record))
    }
}

both_databases! {
    fn every_rule_is_explained(server) {
        let world = World::new(server);
        let (hana, rob) = (world.person("Hana", Some(&world.head), TEAM), world.person("Rob", Some(&world.rep), ["own_peers_and_reports", "own", "anyone", "none"]));
        let rita = world.owner("Rita", Some(&world.rep));
        let zoe = world.person("Zoe", None, ["own", "anyone", "none", "none"]);
        let ann = world.person("Ann", None, ANYONE);
        let gone = world.person("Gone", None, ANYONE);
        world.org.admin.post(&format!("/users/{}/deactivate", gone.id), json!({})).expect(200);
        let pdp = service(&world, "pdp");
        let robs = world.make(json!({ "name": "robs", "owner": rob.id }));
        let ritas = world.make(json!({ "name": "ritas", "owner": rita }));
        let hanas = world.make(json!({ "name": "hanas", "owner": hana.id }));
        let nobodys = world.make(json!({ "name": "nobodys", "owner": null }));
        for (who, action, record, rule, outcome) in [
            (&rob.id, "view", &robs, "owned_by_subject", "permitted"),
            (&rob.id, "view", &ritas, "owned_by_peer", "permitted"),
            (&hana.id, "edit", &robs, "owned_by_report", "permitted"),
            (&ann.id, "delete", &nobodys, "owned_by_anyone", "permitted"),
            (&rob.id, "create", &robs, "level_none", "forbidden"),
            (&rob.id, "edit", &ritas, "owners_out_of_reach", "forbidden"),
            (&rob.id, "view", &hanas, "owners_out_of_reach", "hidden"),
            (&rob.id, "view", &nobodys, "unowned_needs_anyone", "hidden"),
            (&rob.id, "delete", &hanas, "view_too_low", "hidden"),
            (&zoe.id, "edit", &robs, "view_too_low", "hidden"),
            (&zoe.id, "delete", &robs, "level_none", "hidden"),
            (&gone.id, "view", &robs, "subject_ended", "hidden"),
        ] {
            for client in [&pdp, &world.org.admin] {
                let told = explain(client, &about(who, action, record));
                assert_eq!((&told["rule"], &told["outcome"]), (&json!(rule), &json!(outcome)), "{told}");
                assert_eq!(told["decision"], outcome == "permitted");
                let all_ok = steps(&told).iter().all(|(_, ok)| *ok);
                assert_eq!(all_ok, outcome == "permitted", "{told}");
                assert!(told["summary"].as_str().unwrap().ends_with('.'));
                assert_eq!(told["suggestions"].as_array().unwrap().is_empty(), outcome == "permitted", "{told}");
            }
        }
        let told = explain(&pdp, &about(&hana.id, "edit", &robs));
        assert_eq!(told["profile"], json!({ "id": hana.profile, "name": "Profile of Hana" }));
        assert_eq!((&told["configured"], &told["effective"]), (&json!("own_and_reports"), &json!("own_and_reports")));
        let role = json!({ "id": world.head, "name": "Head" });
        assert_eq!(told["subject"], json!({ "id": hana.id, "name": "Hana User", "role": role, "standing": "good" }));
        assert_eq!(told["owners"], json!([{
            "user_id": rob.id, "name": "Rob User", "relation": "report", "reached": true,
            "path": [{ "role_id": world.head, "name": "Head" }, { "role_id": world.rep, "name": "Rep" }],
        }]));
        assert_eq!(steps(&told), [("standing", true), ("level", true), ("view_level", true), ("owners", true)]);
        let told = explain(&pdp, &about(&zoe.id, "edit", &robs));
        assert_eq!((&told["configured"], &told["effective"]), (&json!("anyone"), &json!("own")));
        assert_eq!(steps(&told), [("standing", true), ("level", true), ("view_level", false), ("owners", false)]);
        let told = explain(&pdp, &about(&gone.id, "view", &robs));
        assert_eq!(told["subject"]["standing"], "deactivated");
        assert_eq!(steps(&told), [("standing", false), ("level", true), ("owners", true)]);
    }

    fn a_record_may_be_only_thought_of(server) {
        let world = World::new(server);
        let hana = world.person("Hana", Some(&world.head), TEAM);
        let rob = world.owner("Rob", Some(&world.rep));
        let admin = &world.org.admin;
        let told = explain(admin, &of_owners(&hana.id, "view", &[&rob]));
        assert_eq!((&told["rule"], &told["outcome"]), (&json!("owned_by_report"), &json!("permitted")));
        assert_eq!(explain(admin, &of_owners(&hana.id, "view", &[]))["rule"], "unowned_needs_anyone");
        assert_eq!(explain(admin, &of_owners(&hana.id, "view", &[NEVER, &rob]))["decision"], true);
        let refused = explain(admin, &of_owners(&hana.id, "create", &[NEVER]));
        assert_eq!((&refused["outcome"], &refused["rule"]), (&json!("forbidden"), &json!("owners_out_of_reach")));
        let own = json!({ "subject_id": hana.id, "action": "create", "object": "deal" });
        assert_eq!(explain(admin, &own)["rule"], "owned_by_subject", "whoever makes a record owns it");
        let plain: ObjectId = Clock::new_id(server.clock.now()).into();
        world.object(plain, "note", vec![field("text", vestibule_custom_objects::FieldType::Text)]);
        world.permit(&hana.profile, plain, TEAM);
        let note = json!({ "subject_id": hana.id, "action": "create", "object": "note" });
        let told = explain(admin, &note);
        assert_eq!((&told["decision"], &told["rule"]), (&json!(false), &json!("unowned_needs_anyone")));
        assert!(kinds(&told).iter().flatten().all(|kind| *kind == "raise_level"), "it cannot be owned: {told}");
    }

    fn what_is_suggested_helps(server) {
        let (head, rep) = (Some("head"), Some("rep"));
        let cases = [
            ("level", (rep, NONE), Some(rep), Trouble::None, "view"),
            ("edit", (rep, ["own", "own", "none", "own"]), Some(head), Trouble::None, "edit"),
            ("capped", (rep, ["own", "anyone", "anyone", "own"]), Some(rep), Trouble::None, "delete"),
            ("team", (rep, TEAM), Some(rep), Trouble::None, "view"),
            ("roleless", (None, TEAM), Some(rep), Trouble::None, "edit"),
            ("unowned", (head, TEAM), None, Trouble::None, "view"),
            ("stranger", (head, OWN), Some(None), Trouble::None, "view"),
            ("create", (rep, NONE), Some(rep), Trouble::None, "create"),
            ("off", (rep, TEAM), Some(rep), Trouble::Deactivated, "view"),
            ("off-only", (head, TEAM), Some(rep), Trouble::Deactivated, "edit"),
            ("revoked", (head, OWN), Some(rep), Trouble::Revoked, "view"),
            ("expired", (head, TEAM), Some(rep), Trouble::Expired, "view"),
            ("unclaimed", (None, NONE), Some(rep), Trouble::NotClaimed, "edit"),
            ("shut", (head, TEAM), Some(rep), Trouble::GuestsOff, "delete"),
        ];
        for (name, subject, owner, trouble, action) in cases {
            let build = |place: usize| Case::new(server, &format!("{name}-{place}"), subject, owner, trouble);
            let first = build(0);
            let told = first.explained(action);
            assert_eq!(told["decision"], false, "{name}: {told}");
            let count = told["suggestions"].as_array().unwrap().len();
            assert!(count > 0, "{name}: {told}");
            let mut lengths: Vec<usize> = kinds(&told).iter().map(Vec::len).collect();
            lengths.dedup();
            assert!(lengths.is_sorted(), "{name}: the smallest first");
            let mut next = Some(first);
            for place in 0..count {
                let case = next.take().unwrap_or_else(|| build(place));
                let told = case.explained(action);
                let suggestion = &told["suggestions"][place];
                assert!(suggestion["changes"].as_array().unwrap().iter().all(|c| c["detail"].as_str().unwrap().ends_with('.')));
                carry_out(&case.world, suggestion, &case.record);
                assert_eq!(case.explained(action)["decision"], true, "{name} {place}: {suggestion}");
            }
        }
    }

    fn a_record_out_of_sight_is_explained_to_nobody_who_asks_about_themself(server) {
        let world = World::new(server);
        let (rob, hana) = (world.person("Rob", Some(&world.rep), ["own", "none", "none", "anyone"]), world.owner("Hana", Some(&world.head)));
        let own = world.make(json!({ "name": "own", "owner": rob.id, "co_owner": hana }));
        let hidden = world.make(json!({ "name": "hidden", "owner": hana }));
        for action in ["view", "edit", "delete", "create"] {
            let [hidden, never] = [hidden.as_str(), NEVER].map(|record| {
                told(&rob.client.post(EXPLAIN, about(&rob.id, action, record)).refused(404, "not_found"))
            });
            assert_eq!(hidden, never);
        }
        let plain: ObjectId = Clock::new_id(server.clock.now()).into();
        world.object(plain, "note", vec![field("text", vestibule_custom_objects::FieldType::Text)]);
        for path in [EXPLAIN, SCOPE] {
            let [unseen, unknown] = ["note", "spaceship"].map(|object| {
                let mut question = json!({ "subject_id": rob.id, "action": "create", "object": object });
                if path == EXPLAIN {
                    question["owner_ids"] = json!([rob.id]);
                }
                told(&rob.client.post(path, question).refused(404, "not_found"))
            });
            assert_eq!(unseen, unknown);
        }
        // Names of others and of roles are not theirs to read.
        let told = explain(&rob.client, &about(&rob.id, "edit", &own));
        assert_eq!((&told["outcome"], &told["rule"]), (&json!("forbidden"), &json!("level_none")));
        assert_eq!((&told["subject"]["name"], &told["profile"]["name"]), (&json!("Rob User"), &json!("Profile of Rob")));
        assert!(!told.to_string().contains("Hana") && !told.to_string().contains("Head") && !told.to_string().contains("\"Rep\""), "{told}");
        let about_others = explain(&rob.client, &of_owners(&rob.id, "view", &[&hana]));
        assert_eq!((&about_others["decision"], &about_others["owners"][0]["name"]), (&json!(false), &Value::Null));
        assert!(!about_others.to_string().contains("Hana") && !about_others.to_string().contains("Head"), "{about_others}");
    }

    fn asks_who_may(server) {
        let world = World::new(server);
        let (rob, rita) = (world.person("Rob", None, OWN), world.person("Rita", None, OWN));
        let record = world.make(json!({ "name": "own", "owner": rob.id }));
        let scope = |who: &str| json!({ "subject_id": who, "action": "view", "object": "deal" });
        let (own, others) = (about(&rob.id, "view", &record), about(&rita.id, "view", &record));
        server.client().post(EXPLAIN, own.clone()).refused(401, "credential_missing");
        server.client().post(SCOPE, scope(&rob.id)).refused(401, "credential_missing");
        rob.client.post(EXPLAIN, own.clone()).expect(200);
        rob.client.post(SCOPE, scope(&rob.id)).expect(200);
        rob.client.post(EXPLAIN, others.clone()).refused(403, "not_about_oneself");
        rob.client.post(EXPLAIN, about(NEVER, "view", &record)).refused(403, "not_about_oneself");
        rob.client.post(SCOPE, scope(&rita.id)).refused(403, "not_about_oneself");
        let manager = world.org.signed_in(server, "Mia", &["manage_access"]);
        for client in [&manager, &service(&world, "pdp"), &world.org.admin] {
            assert_eq!(explain(client, &own)["decision"], true);
            assert_eq!(explain(client, &others)["outcome"], "hidden");
            client.post(SCOPE, scope(&rita.id)).expect(200);
            for path in [EXPLAIN, SCOPE] {
                let mut question = scope(NEVER);
                if path == EXPLAIN {
                    question["owner_ids"] = json!([]);
                }
                client.post(path, question.clone()).refused(404, "not_found");
                question["subject_id"] = json!(rob.id);
                question["object"] = json!("spaceship");
                client.post(path, question).refused(404, "not_found");
            }
            client.post(EXPLAIN, about(&rob.id, "view", NEVER)).refused(404, "not_found");
        }
        for scope_word in ["scim", "policy_export", "act_as"] {
            let client = service(&world, scope_word);
            client.post(EXPLAIN, own.clone()).refused(403, "scope_missing");
            client.post(SCOPE, scope(&rob.id)).refused(403, "scope_missing");
        }
        let foreign = World::named(server, "globex");
        foreign.org.admin.post(EXPLAIN, own).refused(404, "not_found");
        foreign.org.admin.post(SCOPE, scope(&rob.id)).refused(404, "not_found");
    }

    fn unusable_questions_are_refused_by_field(server) {
        let world = World::new(server);
        let (admin, me) = (&world.org.admin, world.org.admin_id.clone());
        let post = |body: Value| admin.post(EXPLAIN, body);
        post(json!({ "subject_id": me, "action": "view", "object": "deal" })).refused(422, "required").blaming("/record_id");
        let mut both = about(&me, "view", NEVER);
        both["owner_ids"] = json!([]);
        post(both).refused(422, "ambiguous").blaming("/owner_ids");
        post(about("me", "view", NEVER)).refused(400, "invalid_format").blaming("/subject_id");
        post(about(&me, "fly", NEVER)).refused(422, "invalid_value").blaming("/action");
        post(about(&me, "view", "crm-1")).refused(400, "invalid_format").blaming("/record_id");
        let mut more = about(&me, "view", NEVER);
        more["why"] = json!(true);
        post(more).refused(400, "unknown_field").blaming("/why");
        admin.post(SCOPE, json!({ "subject_id": me, "action": "view" })).refused(400, "missing_field").blaming("/object");
        admin.post(SCOPE, json!({ "subject_id": me, "action": "view", "object": "deal", "x": 1 })).refused(400, "unknown_field");
    }

    fn a_scope_is_what_the_list_lists(server) {
        let world = World::new(server);
        let levels = [NONE, OWN, TEAM, ["own_peers_and_reports"; 4], ANYONE];
        let mut people = Vec::new();
        for (place, level) in levels.into_iter().enumerate() {
            for (role, id) in [("Head", Some(&world.head)), ("Rep", Some(&world.rep)), ("None", None)] {
                people.push((world.person(&format!("{role}{place}"), id.map(String::as_str), level), id));
            }
        }
        for (person, _) in &people {
            world.make(json!({ "name": format!("of {}", person.id), "owner": person.id }));
        }
        world.make(json!({ "name": "shared", "owner": people[0].0.id, "co_owner": people[7].0.id }));
        world.make(json!({ "name": "nobodys", "owner": null }));
        let records = world.org.admin.all("/objects/deal/records?limit=200");
        let pdp = service(&world, "pdp");
        let version = || pdp.post(SCOPE, json!({ "subject_id": people[0].0.id, "action": "view", "object": "deal" })).expect(200).body["policy_version"].clone();
        let mut words = BTreeSet::new();
        for (person, _) in &people {
            let body = json!({ "subject_id": person.id, "action": "view", "object": "deal" });
            let scope = pdp.post(SCOPE, body.clone()).expect(200).body;
            words.insert(scope["scope"].as_str().unwrap().to_owned());
            assert_eq!((&scope["subject_id"], &scope["policy_version"]), (&json!(person.id), &version()));
            assert_eq!(scope["includes_unowned"], scope["scope"] == "everyone");
            assert_eq!(scope["owner_ids"].is_null(), scope["scope"] == "everyone");
            let in_scope = |record: &&Value| {
                let owners = record["owners"].as_array().unwrap();
                scope["scope"] == "everyone" || owners.iter().any(|owner| scope["owner_ids"].as_array().unwrap().contains(owner))
            };
            let by_scope: BTreeSet<&str> = records.iter().filter(in_scope).map(|r| r["id"].as_str().unwrap()).collect();
            let listed = person.client.all("/objects/deal/records?limit=200");
            let listed: BTreeSet<&str> = listed.iter().map(|r| r["id"].as_str().unwrap()).collect();
            assert_eq!(by_scope, listed, "{scope}");
            // The same by roles, as a service with many users would do it.
            let by_role = |record: &&Value| {
                let role_of = |owner: &Value| people.iter().find(|(p, _)| owner == &json!(p.id)).and_then(|(_, role)| *role);
                record["owners"].as_array().unwrap().iter().any(|owner| match scope["scope"].as_str().unwrap() {
                    "nobody" => false,
                    "self" => owner == &json!(person.id),
                    "self_and_roles" => owner == &json!(person.id) || role_of(owner).is_some_and(|role| scope["role_ids"].as_array().unwrap().contains(&json!(role))),
                    _ => true,
                }) || scope["includes_unowned"] == true
            };
            let by_roles: BTreeSet<&str> = records.iter().filter(by_role).map(|r| r["id"].as_str().unwrap()).collect();
            assert_eq!(by_roles, listed, "{scope}");
            let own = person.client.post(SCOPE, body);
            if scope["scope"] == "nobody" {
                own.refused(404, "not_found");
            } else {
                let own = own.expect(200).body;
                assert_eq!((&own["scope"], &own["role_ids"], &own["owner_ids"]), (&scope["scope"], &scope["role_ids"], &Value::Null));
            }
        }
        assert_eq!(words.into_iter().collect::<Vec<_>>(), ["everyone", "nobody", "self", "self_and_roles"]);
        let before = version();
        world.org.admin.post("/roles", json!({ "name": "Late" })).expect(201);
        assert!(version().as_u64() > before.as_u64());
    }

    fn the_access_list_of_a_record_is_what_evaluates_to_yes(server) {
        let world = World::new(server);
        let levels = [NONE, ["own", "own", "none", "own"], TEAM, ["own_peers_and_reports"; 4], ["anyone", "own", "none", "none"]];
        let mut people = Vec::new();
        for (place, level) in levels.into_iter().enumerate() {
            for (role, id) in [("Head", Some(&world.head)), ("Rep", Some(&world.rep)), ("None", None)] {
                people.push(world.person(&format!("{role}{place}"), id.map(String::as_str), level).id);
            }
        }
        let guest = world.org.guest(server, "Gil", 5)["id"].as_str().unwrap().to_owned();
        people.push(guest);
        people.push(world.org.admin_id.clone());
        people.sort();
        let record = world.make(json!({ "name": "x", "owner": people[4], "co_owner": people[6] }));
        let unowned = world.make(json!({ "name": "y", "owner": null }));
        let pdp = service(&world, "pdp");
        for record in [&record, &unowned] {
            let evaluates = |who: &str, action: &str| {
                let question = json!({
                    "subject": { "type": "user", "id": who }, "action": { "name": action },
                    "resource": { "type": "deal", "id": record }, "context": { "explain": true },
                });
                let body = pdp.post("//access/v1/evaluation", question).expect(200).body;
                json!({ "allowed": body["decision"], "reason": body["context"]["reason"] })
            };
            let path = format!("{}/access", deal(record));
            for query in ["", "?limit=2", "?limit=3&action=edit", "?action=delete", "?action=view&limit=200"] {
                let action = query.split("action=").nth(1).map(|rest| rest.split('&').next().unwrap());
                let listed = world.org.admin.all(&format!("{path}{query}"));
                let may = |who: &&String, action: &str| evaluates(who, action)["allowed"] == true;
                let expected: Vec<&String> = people.iter().filter(|who| match action {
                    Some(action) => may(who, action),
                    None => ["view", "edit", "delete"].into_iter().any(|action| may(who, action)),
                }).collect();
                let found: Vec<&str> = listed.iter().map(|item| item["user_id"].as_str().unwrap()).collect();
                assert_eq!(found, expected, "{query}");
                for item in &listed {
                    for action in ["view", "edit", "delete"] {
                        assert_eq!(item["actions"][action], evaluates(item["user_id"].as_str().unwrap(), action));
                    }
                    assert!(item["name"].as_str().unwrap().contains(' ') && item["kind"] == "standard", "{item}");
                }
            }
            let counted = world.org.admin.get(&format!("{path}?count=true&limit=1")).expect(200).body;
            let everybody = world.org.admin.all(&path).len();
            assert_eq!((&counted["total"], counted["items"].as_array().unwrap().len()), (&json!(everybody), 1));
        }
    }

    fn the_access_list_of_a_record_is_for_who_manages_access(server) {
        let world = World::new(server);
        let record = world.make(json!({ "name": "x", "owner": null }));
        let path = format!("{}/access", deal(&record));
        let rob = world.person("Rob", None, ANYONE);
        rob.client.get(&path).refused(403, "capability_missing");
        service(&world, "pdp").get(&path).refused(403, "capability_missing");
        let manager = world.org.signed_in(server, "Mia", &["manage_access"]);
        manager.get(&path).expect(200);
        manager.get(&format!("{}/access", deal(NEVER))).refused(404, "not_found");
        manager.get(&format!("/objects/spaceship/records/{record}/access")).refused(404, "not_found");
        manager.get("/objects/deal/records/crm-1/access").refused(404, "not_found");
        for query in ["?action=create", "?action=fly", "?sort=name", "?cursor=x", "?limit=0", "?who=me"] {
            manager.get(&format!("{path}{query}")).expect(400);
        }
        let cursor = manager.get(&format!("{path}?limit=1")).expect(200).text("next_cursor");
        manager.get(&format!("{path}?limit=1&action=view&cursor={cursor}")).refused(400, "invalid_cursor");
        let foreign = World::named(server, "globex");
        foreign.org.admin.get(&path).refused(404, "not_found");
    }
}
