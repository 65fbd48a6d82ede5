//! The decision point as other services ask it: the AuthZEN Authorization API 1.0.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::Duration;
use vestibule_persistence::ids::ObjectId;
use vestibule_server::clock::Clock;

use crate::harness::{Client, Reply, both_databases};
use crate::record_world::{ANYONE, NEVER, NONE, OWN, Person, TEAM, World, deal};

const EVALUATION: &str = "//access/v1/evaluation";
const EVALUATIONS: &str = "//access/v1/evaluations";

/// A service with this scope.
pub fn service(world: &World<'_>, scope: &str) -> Client {
    let body = json!({ "name": scope, "kind": "service", "scopes": [scope] });
    let secret = world
        .org
        .admin
        .post("/api-tokens", body)
        .expect(201)
        .text("secret");
    world.server.client().with_token(&secret)
}

fn subject(id: &str) -> Value {
    json!({ "type": "user", "id": id })
}

fn resource(id: &str) -> Value {
    json!({ "type": "deal", "id": id })
}

fn question(who: &str, action: &str, what: &str) -> Value {
    json!({ "subject": subject(who), "action": { "name": action }, "resource": resource(what) })
}

/// Like this question, with something else in it.
fn with(question: &Value, member: &str, value: Value) -> Value {
    let mut changed = question.clone();
    changed[member] = value;
    changed
}

/// Like this question, with something left out of it.
fn without(question: &Value, path: &str) -> Value {
    let mut changed = question.clone();
    let (parent, member) = path.rsplit_once('/').unwrap();
    changed
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(member);
    changed
}

#[track_caller]
fn ask(client: &Client, question: &Value) -> bool {
    let reply = client.post(EVALUATION, question.clone()).expect(200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(
        reply.body.as_object().unwrap().len(),
        1,
        "no context unless it is asked for: {}",
        reply.text
    );
    reply.body["decision"].as_bool().unwrap()
}

/// A bad request, in the words of the API: a text.
#[track_caller]
fn bad(reply: Reply) -> String {
    assert_eq!(
        (reply.status, reply.header("content-type")),
        (400, Some("application/json")),
        "{}",
        reply.text
    );
    assert!(reply.header("x-request-id").is_some());
    reply
        .body
        .as_str()
        .unwrap_or_else(|| panic!("no text: {}", reply.text))
        .to_owned()
}

fn decisions(reply: &Reply) -> Vec<bool> {
    let answers = reply.body["evaluations"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", reply.text));
    answers
        .iter()
        .map(|answer| answer["decision"].as_bool().unwrap())
        .collect()
}

/// Everything that a search finds, page by page of this size.
fn search(client: &Client, what: &str, query: &Value, limit: usize) -> Vec<Value> {
    let mut query = with(query, "page", json!({ "limit": limit }));
    let mut found = Vec::new();
    loop {
        let reply = client
            .post(&format!("//access/v1/search/{what}"), query.clone())
            .expect(200);
        assert!(
            reply.text.starts_with("{\"page\":"),
            "the page comes first: {}",
            reply.text
        );
        let results = reply.body["results"].as_array().unwrap();
        assert!(
            results.len() <= limit && reply.body["page"]["count"] == results.len(),
            "{}",
            reply.text
        );
        found.extend(results.iter().cloned());
        match reply.body["page"]["next_token"].as_str().unwrap() {
            "" => return found,
            token => query["page"]["token"] = json!(token),
        }
    }
}

fn ids(found: &[Value]) -> Vec<&str> {
    found
        .iter()
        .map(|entity| entity["id"].as_str().unwrap())
        .collect()
}

/// An org with a head, two reps, somebody without a role, a guest, and deals of everybody.
struct Scene<'s> {
    world: World<'s>,
    pdp: Client,
    head: Person,
    rep: Person,
    peer: Person,
    guest: String,
    guest_client: Client,
    deals: Vec<String>,
    note: ObjectId,
}

impl<'s> Scene<'s> {
    fn new(server: &'s crate::harness::TestServer) -> Self {
        let world = World::new(server);
        let (head_role, rep_role) = (world.head.clone(), world.rep.clone());
        let head = world.person("Hana", Some(&head_role), TEAM);
        let rep = world.person(
            "Rob",
            Some(&rep_role),
            ["own_peers_and_reports", "own", "none", "own"],
        );
        let peer = world.person("Rita", Some(&rep_role), OWN);
        world.person("Zoe", None, NONE);
        let everybody = world.org.profile("Sees all", &[]);
        world.permit(&everybody, world.deal, ["anyone", "own", "own", "anyone"]);
        let mut invitation = world.org.invitation(server, "Gil", 10);
        invitation["profile_id"] = json!(everybody);
        invitation["external_id"] = json!("guest-7");
        let guest = world.org.admin.post("/guests", invitation).expect(201).id();
        let guest_client = server.claim(&world.org.guest_email("Gil"));
        let path = format!("/users/{}", rep.id);
        world
            .org
            .admin
            .patch(&path, json!({ "external_id": "rob@crm" }))
            .expect(200);
        let note: ObjectId = Clock::new_id(server.clock.now()).into();
        world.object(
            note,
            "note",
            vec![crate::record_world::field(
                "text",
                vestibule_custom_objects::FieldType::Text,
            )],
        );
        let mut deals = Vec::new();
        for (name, owner, co_owner) in [
            ("heads", Some(&head.id), None),
            ("reps", Some(&rep.id), None),
            ("peers", Some(&peer.id), None),
            ("guests", Some(&guest), None),
            ("shared", Some(&guest), Some(&rep.id)),
            ("nobodys", None, None),
        ] {
            let fields = json!({ "name": name, "owner": owner, "co_owner": co_owner });
            deals.push(world.make_named(&format!("crm-{name}"), fields));
        }
        let pdp = service(&world, "pdp");
        Scene {
            world,
            pdp,
            head,
            rep,
            peer,
            guest,
            guest_client,
            deals,
            note,
        }
    }

    fn people(&self) -> Vec<String> {
        let users = self.world.org.admin.all("/users");
        let mut people: Vec<String> = users
            .iter()
            .map(|user| user["id"].as_str().unwrap().to_owned())
            .collect();
        people.push(self.guest.clone());
        people.sort();
        people
    }
}

both_databases! {
    fn a_question_gets_a_yes_or_a_no(server) {
        let scene = Scene::new(server);
        let (head, rep) = (&scene.head.id, &scene.rep.id);
        let [heads, reps, peers, ..] = scene.deals.as_slice() else { panic!() };
        for (who, action, what, expected) in [
            (head, "view", reps, true), (head, "delete", peers, true), (rep, "view", peers, true),
            (rep, "view", heads, false), (rep, "edit", reps, true), (rep, "edit", peers, false),
            (rep, "delete", reps, false), (&scene.guest, "view", &scene.deals[5], true),
            (&scene.guest, "edit", &scene.deals[4], true), (&scene.guest, "edit", heads, false),
        ] {
            let question = question(who, action, what);
            for _ in 0..2 {
                assert_eq!(ask(&scene.pdp, &question), expected, "{who} {action} {what}");
            }
            let circumstances = json!({ "time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1" });
            assert_eq!(ask(&scene.pdp, &with(&question, "context", circumstances)), expected);
            let mut more = with(&question, "futureField", json!({ "nested": true }));
            more["subject"]["properties"] = json!({ "department": "Sales", "role": "manager" });
            more["action"]["properties"] = json!({ "method": "GET" });
            more["resource"]["properties"] = json!({ "status": "active", "owner": "bob" });
            more["resource"]["unknown"] = json!(1);
            assert_eq!(ask(&scene.pdp, &more), expected);
        }
    }

    fn what_is_no_question_is_a_bad_request_in_words(server) {
        let scene = Scene::new(server);
        let good = question(&scene.rep.id, "view", &scene.deals[1]);
        for path in ["/subject", "/action", "/resource", "/subject/type", "/subject/id", "/action/name", "/resource/type", "/resource/id"] {
            let text = bad(scene.pdp.post(EVALUATION, without(&good, path)));
            assert!(text.contains(path), "{path}: {text}");
        }
        for (path, wrong) in [
            ("subject", json!("alice")), ("subject", json!(["user", scene.rep.id])), ("subject", Value::Null),
            ("action", json!({ "name": 123 })), ("resource", json!({ "type": "deal", "id": 7 })),
            ("context", json!("now")), ("subject", json!({ "type": "user", "id": scene.rep.id, "properties": [] })),
            ("resource", json!({ "type": "deal", "id": "1", "properties": { "owners": "me" } })),
            ("resource", json!({ "type": "deal", "id": "1", "properties": { "owners": [1] } })),
        ] {
            bad(scene.pdp.post(EVALUATION, with(&good, path, wrong)));
        }
        for text in ["", " ", "{", "[]", "null", "\"x\"", "{} {}", "{\"subject\": {}, \"subject\": {}}"] {
            bad(scene.pdp.raw("POST", EVALUATION, text));
        }
        bad(scene.pdp.raw("POST", EVALUATION, with(&good, "action", json!({ "name": "a\u{0}" })).to_string()));
        for kind in ["text/plain", "application/x-www-form-urlencoded", "nonsense"] {
            let request = scene.pdp.request("POST", EVALUATION).header("content-type", kind);
            bad(Client::send(request.body(good.to_string())));
        }
        bad(Client::send(scene.pdp.request("POST", EVALUATION).body(good.to_string())));
        bad(scene.pdp.post("//access/v1/evaluation?verbose=1", good.clone()));
        let charset = scene.pdp.request("POST", EVALUATION).header("content-type", "application/json; charset=utf-8");
        assert_eq!(Client::send(charset.body(good.to_string())).status, 200);
        scene.pdp.get(EVALUATION).refused(405, "method_not_allowed");
        scene.pdp.post("//access/v1/nothing", good).refused(404, "not_found");
    }

    fn the_id_of_a_request_comes_back(server) {
        let scene = Scene::new(server);
        let send = |body: Value| {
            let request = scene.pdp.request("POST", EVALUATION).header("x-request-id", "bfe9eb29-ab87");
            Client::send(request.json(&body))
        };
        let good = question(&scene.rep.id, "view", &scene.deals[1]);
        assert_eq!(send(good.clone()).expect(200).header("x-request-id"), Some("bfe9eb29-ab87"));
        assert_eq!(send(json!({})).header("x-request-id"), Some("bfe9eb29-ab87"));
        assert!(scene.pdp.post(EVALUATION, good).expect(200).header("x-request-id").is_some());
    }

    fn nobody_and_nothing_that_is_unknown_is_permitted(server) {
        let scene = Scene::new(server);
        let good = question(&scene.guest, "view", &scene.deals[1]);
        assert!(ask(&scene.pdp, &good));
        for (member, unknown) in [
            ("subject", subject(NEVER)), ("subject", subject("nobody")), ("subject", subject("")),
            ("subject", json!({ "type": "spaceship", "id": scene.guest })),
            ("action", json!({ "name": "read" })), ("action", json!({ "name": "View" })),
            ("resource", resource(NEVER)), ("resource", resource("nothing")), ("resource", resource("")),
            ("resource", json!({ "type": "spaceship", "id": scene.deals[1] })),
            ("resource", json!({ "type": "note", "id": scene.deals[1] })),
        ] {
            assert!(!ask(&scene.pdp, &with(&good, member, unknown.clone())), "{unknown}");
        }
        // Of another org nothing is known.
        let other = World::named(server, "globex");
        assert!(!ask(&service(&other, "pdp"), &good));
    }

    fn ids_of_other_systems_are_as_good(server) {
        let scene = Scene::new(server);
        assert!(ask(&scene.pdp, &question("rob@crm", "edit", "crm-reps")));
        assert!(!ask(&scene.pdp, &question("rob@crm", "edit", "crm-peers")));
        assert!(ask(&scene.pdp, &question(&scene.rep.id.to_uppercase(), "edit", &scene.deals[1].to_uppercase())));
        assert!(!ask(&scene.pdp, &question("ROB@CRM", "edit", "crm-reps")), "an external id is what it is");
        assert!(!ask(&scene.pdp, &question(&scene.rep.id.replace('-', ""), "edit", "crm-reps")));
        // An id given here goes before the same text given elsewhere.
        let path = format!("/users/{}", scene.peer.id);
        scene.world.org.admin.patch(&path, json!({ "external_id": scene.head.id })).expect(200);
        assert!(ask(&scene.pdp, &question(&scene.head.id, "view", "crm-heads")));
        scene.world.org.admin.patch(&path, json!({ "external_id": NEVER })).expect(200);
        assert!(ask(&scene.pdp, &question(NEVER, "view", "crm-peers")), "an external id may look like an id");
        scene.world.make_named(NEVER, json!({ "name": "odd", "owner": scene.rep.id }));
        assert!(ask(&scene.pdp, &question("rob@crm", "view", NEVER)));
        // Within a batch all of them work alike.
        let evaluations = json!({ "evaluations": [
            question("rob@crm", "edit", "crm-reps"), question(&scene.rep.id, "edit", &scene.deals[1]),
            question("guest-7", "view", "crm-nobodys"), question("rob@crm", "edit", NEVER), question("rob", "view", "crm-reps"),
        ] });
        let reply = scene.pdp.post(EVALUATIONS, evaluations).expect(200);
        assert_eq!(decisions(&reply), [true, true, true, true, false]);
    }

    fn a_service_says_who_owns_what_it_keeps_itself(server) {
        let scene = Scene::new(server);
        let owned = |who: &str, action: &str, id: &str, owners: Value| {
            let mut question = question(who, action, id);
            question["resource"]["properties"] = json!({ "owners": owners });
            question
        };
        let (head, rep, peer) = (&scene.head.id, &scene.rep.id, &scene.peer.id);
        for (who, owners, expected) in [
            (head, json!([rep]), true), (head, json!(["rob@crm"]), true), (head, json!([NEVER, rep]), true),
            (head, json!(["guest-7"]), false), (head, json!([]), false), (head, json!(["nobody", NEVER]), false),
            (rep, json!([peer]), true), (rep, json!([head]), false), (&scene.guest, json!([]), true),
            (&scene.guest, json!(["nobody"]), true), (rep, Value::Null, false),
        ] {
            assert_eq!(ask(&scene.pdp, &owned(who, "view", "elsewhere-1", owners.clone())), expected, "{who} {owners}");
        }
        // What is stored here is known better.
        assert!(!ask(&scene.pdp, &owned(rep, "view", "crm-heads", json!([rep]))));
        assert!(ask(&scene.pdp, &owned(rep, "view", "crm-reps", json!([head]))));
        assert!(!ask(&scene.pdp, &owned(rep, "create", "crm-heads", json!([rep]))));
        // From others it is not believed.
        let admin = &scene.world.org.admin;
        assert!(!ask(admin, &owned(head, "view", "elsewhere-1", json!([rep]))));
        assert!(!ask(&scene.rep.client, &owned(rep, "view", "elsewhere-1", json!([rep]))));
        // Records of an object without an ownership field have no owners.
        let profile = scene.world.org.profile("Notes", &[]);
        scene.world.permit(&profile, scene.note, ["own", "none", "none", "own"]);
        let path = format!("/users/{rep}");
        admin.patch(&path, json!({ "profile_id": profile })).expect(200);
        let note = |action: &str| with(&owned(rep, action, "n", json!([rep])), "resource", json!({
            "type": "note", "id": "n", "properties": { "owners": [rep] },
        }));
        assert!(!ask(&scene.pdp, &note("view")) && !ask(&scene.pdp, &note("create")));
        scene.world.permit(&profile, scene.note, ANYONE);
        assert!(ask(&scene.pdp, &note("view")) && ask(&scene.pdp, &note("create")));
    }

    fn making_a_record_is_asked_about_with_an_id_that_is_not_in_use(server) {
        let scene = Scene::new(server);
        let proposed = |who: &str, owners: Value| {
            let mut question = question(who, "create", "new-1");
            question["resource"]["properties"] = json!({ "owners": owners });
            question
        };
        let (head, rep, peer) = (&scene.head.id, &scene.rep.id, &scene.peer.id);
        for client in [&scene.pdp, &scene.world.org.admin] {
            assert!(ask(client, &question(rep, "create", "new-1")), "whoever makes it owns it");
            assert!(ask(client, &proposed(rep, json!([rep]))) && !ask(client, &proposed(rep, json!([peer]))));
            assert!(ask(client, &proposed(head, json!([peer]))) && !ask(client, &proposed(head, json!([]))));
            assert!(ask(client, &proposed(&scene.guest, json!([]))));
            assert!(ask(client, &question(rep, "create", "crm-reps")), "its own owners count where it is stored");
            assert!(!ask(client, &question(rep, "create", "crm-peers")));
        }
        assert!(ask(&scene.rep.client, &proposed(rep, json!([rep]))) && !ask(&scene.rep.client, &proposed(rep, json!([peer]))));
        assert!(!ask(&scene.head.client, &proposed(head, json!(["rob@crm"]))), "who is called what elsewhere is not told");
    }

    fn who_asks_about_themself_learns_of_hidden_records_what_everybody_knows(server) {
        let scene = Scene::new(server);
        let rita = &scene.peer;
        for action in ["view", "edit", "delete", "create"] {
            let [hidden, unknown] = ["crm-heads", "crm-unknown"].map(|id| {
                let question = with(&question(&rita.id, action, id), "context", json!({ "explain": true }));
                rita.client.post(EVALUATION, question).expect(200).body
            });
            assert_eq!(hidden, unknown, "{action}");
        }
        let search = |id: &str| rita.client.post("//access/v1/search/action", question(&rita.id, "view", id)).expect(200).body;
        assert_eq!(search("crm-heads"), search("crm-unknown"));
        // An object on which nothing is permitted is none.
        let reason = |object: &str, action: &str| {
            let question = json!({
                "subject": subject(&rita.id), "action": { "name": action }, "resource": { "type": object, "id": "1" },
                "context": { "explain": true },
            });
            rita.client.post(EVALUATION, question).expect(200).body
        };
        for action in ["view", "create"] {
            assert_eq!(reason("note", action), reason("spaceship", action));
        }
    }

    fn reasons_come_when_they_are_asked_for(server) {
        let scene = Scene::new(server);
        let why = |who: &str, action: &str, what: &str| {
            let question = with(&question(who, action, what), "context", json!({ "explain": true, "time": "now" }));
            let body = scene.pdp.post(EVALUATION, question).expect(200).body;
            assert!(body["context"]["reason_user"].as_str().unwrap().ends_with('.'), "{body}");
            (body["decision"].as_bool().unwrap(), body["context"]["reason"].as_str().unwrap().to_owned())
        };
        let (head, rep) = (&scene.head.id, &scene.rep.id);
        for (found, expected) in [
            (why(rep, "view", "crm-reps"), (true, "owned_by_subject")),
            (why(rep, "view", "crm-peers"), (true, "owned_by_peer")),
            (why(head, "view", "crm-reps"), (true, "owned_by_report")),
            (why(&scene.guest, "view", "crm-reps"), (true, "owned_by_anyone")),
            (why(rep, "delete", "crm-reps"), (false, "level_none")),
            (why(rep, "view", "crm-heads"), (false, "owners_out_of_reach")),
            (why(rep, "view", "crm-nobodys"), (false, "unowned_needs_anyone")),
            (why("nobody", "view", "crm-reps"), (false, "unknown_subject")),
            (why(rep, "fly", "crm-reps"), (false, "unknown_action")),
            (why(rep, "view", "nothing"), (false, "unknown_resource")),
        ] {
            assert_eq!((found.0, found.1.as_str()), expected);
        }
        for no in [json!(false), json!("yes"), json!(1), Value::Null] {
            let question = with(&question(rep, "view", "crm-reps"), "context", json!({ "explain": no }));
            assert!(ask(&scene.pdp, &question));
        }
    }

    fn several_questions_are_answered_in_their_order(server) {
        let scene = Scene::new(server);
        let rep = &scene.rep.id;
        let batch = |body: Value| scene.pdp.post(EVALUATIONS, body).expect(200);
        let complete = batch(json!({ "evaluations": [
            question(rep, "view", "crm-peers"), question(rep, "view", "crm-heads"), question(&scene.head.id, "view", "crm-reps"),
        ] }));
        assert_eq!(complete.body, json!({ "evaluations": [{ "decision": true }, { "decision": false }, { "decision": true }] }));
        let defaults = batch(json!({
            "subject": subject(rep), "action": { "name": "edit" }, "resource": resource("crm-reps"),
            "context": { "time": "2025-06-27T18:03-07:00" }, "foo": "bar",
            "options": { "another_option": "value" },
            "evaluations": [
                {}, { "resource": resource("crm-peers") }, { "action": { "name": "view" }, "resource": resource("crm-peers") },
                { "subject": subject(&scene.peer.id), "resource": resource("crm-peers") }, { "context": {}, "foo": 1 },
            ],
        }));
        assert_eq!(decisions(&defaults), [true, false, true, true, true]);
        assert_eq!(defaults.body.as_object().unwrap().len(), 1, "{}", defaults.text);
        // What a question says replaces the whole entity: nothing of the one above is merged into it.
        let above = json!({ "type": "deal", "id": "elsewhere", "properties": { "owners": [rep] } });
        let replaced = batch(json!({
            "subject": subject(rep), "action": { "name": "view" }, "resource": above,
            "evaluations": [{}, { "resource": resource("elsewhere") }, { "resource": { "id": "elsewhere" } }],
        }));
        assert_eq!(decisions(&replaced), [true, false, false]);
        assert_eq!(replaced.body["evaluations"][2], json!({ "decision": false }), "no context unless it is asked for");
        let why = batch(json!({
            "subject": subject(rep), "action": { "name": "view" }, "context": { "explain": true },
            "evaluations": [{ "resource": resource("crm-peers") }, { "resource": resource("crm-peers"), "context": {} }],
        }));
        assert_eq!(why.body["evaluations"][0]["context"]["reason"], "owned_by_peer");
        assert_eq!(why.body["evaluations"][1], json!({ "decision": true }), "its own context replaces the one above");
    }

    fn a_bad_question_among_several_is_a_no_in_its_place(server) {
        let scene = Scene::new(server);
        let rep = &scene.rep.id;
        let good = json!({ "resource": resource("crm-reps") });
        let wrong = [
            json!({}), json!(7), json!([]), Value::Null, json!({ "resource": "crm-reps" }), json!({ "resource": { "type": "deal" } }),
            json!({ "resource": resource("crm-reps"), "subject": "me" }), json!({ "resource": resource("x"), "context": 1 }),
            json!({ "resource": { "type": "deal", "id": "x", "properties": { "owners": 1 } } }),
        ];
        let mut evaluations = vec![good.clone()];
        evaluations.extend(wrong.iter().cloned());
        evaluations.push(good);
        let mut body = json!({ "subject": subject(rep), "action": { "name": "view" }, "evaluations": evaluations });
        let reply = scene.pdp.post(EVALUATIONS, body.clone()).expect(200);
        let mut expected = vec![false; wrong.len() + 2];
        (expected[0], expected[wrong.len() + 1]) = (true, true);
        assert_eq!(decisions(&reply), expected);
        assert!(!reply.text.contains("context"), "no context unless it is asked for: {}", reply.text);
        body["context"] = json!({ "explain": true });
        let reply = scene.pdp.post(EVALUATIONS, body).expect(200);
        assert_eq!(decisions(&reply), expected);
        for (place, item) in wrong.iter().enumerate() {
            let error = &reply.body["evaluations"][place + 1]["context"]["error"];
            assert!(error["status"] == 400 && error["message"].is_string(), "{item}: {error}");
        }
        // What is wrong above them spoils all.
        for body in [
            json!({ "subject": "me", "evaluations": [question(rep, "view", "crm-reps")] }),
            json!({ "subject": { "type": "user" }, "evaluations": [question(rep, "view", "crm-reps")] }),
            json!({ "evaluations": {} }), json!({ "evaluations": "all" }), json!({ "options": 1, "evaluations": [question(rep, "view", "x")] }),
            json!({ "options": { "evaluations_semantic": "sometimes" }, "evaluations": [question(rep, "view", "crm-reps")] }),
            json!({ "options": { "evaluations_semantic": 1 }, "evaluations": [question(rep, "view", "crm-reps")] }),
            json!([question(rep, "view", "crm-reps")]),
        ] {
            bad(scene.pdp.post(EVALUATIONS, body));
        }
    }

    fn several_questions_end_where_their_semantic_says(server) {
        let scene = Scene::new(server);
        let batch = |semantic: &str, records: &[&str]| {
            let item = |record: &&str| if record.is_empty() { json!({}) } else { json!({ "resource": resource(record) }) };
            let reply = scene.pdp.post(EVALUATIONS, json!({
                "subject": subject(&scene.rep.id), "action": { "name": "view" },
                "options": { "evaluations_semantic": semantic },
                "evaluations": records.iter().map(item).collect::<Vec<_>>(),
            }));
            decisions(&reply.expect(200))
        };
        let mixed = ["crm-reps", "crm-peers", "crm-heads", "crm-reps"];
        assert_eq!(batch("execute_all", &mixed), [true, true, false, true]);
        assert_eq!(batch("deny_on_first_deny", &mixed), [true, true, false]);
        assert_eq!(batch("permit_on_first_permit", &mixed), [true]);
        assert_eq!(batch("permit_on_first_permit", &["crm-heads", "nothing", "crm-peers", "crm-reps"]), [false, false, true]);
        assert_eq!(batch("deny_on_first_deny", &["crm-reps", "", "crm-reps"]), [true, false], "a bad question is a no");
        assert_eq!(batch("permit_on_first_permit", &["", "crm-reps", "crm-reps"]), [false, true]);
        assert_eq!(batch("deny_on_first_deny", &["crm-reps", "crm-peers"]), [true, true]);
        assert_eq!(batch("permit_on_first_permit", &["crm-heads", "nothing"]), [false, false]);
    }

    fn without_a_list_of_questions_there_is_one(server) {
        let scene = Scene::new(server);
        let good = question(&scene.rep.id, "view", "crm-reps");
        for body in [good.clone(), with(&good, "evaluations", json!([])), with(&good, "options", json!({}))] {
            assert_eq!(scene.pdp.post(EVALUATIONS, body).expect(200).body, json!({ "decision": true }));
        }
        for path in ["/subject", "/action", "/resource"] {
            bad(scene.pdp.post(EVALUATIONS, without(&good, path)));
            bad(scene.pdp.post(EVALUATIONS, with(&without(&good, path), "evaluations", json!([]))));
        }
    }

    fn a_thousand_questions_are_one_request(server) {
        let scene = Scene::new(server);
        let names = ["crm-reps", "crm-heads", "crm-peers", scene.deals[1].as_str()];
        let questions = |count: usize| -> Vec<Value> {
            let one = |place: usize| {
                let owners: Vec<String> = (0..10).map(|owner| format!("0190a000-0000-7000-8000-{:012}", owner + place)).collect();
                let mut one = question(&scene.rep.id, "view", names.get(place % 5).copied().unwrap_or("elsewhere"));
                one["resource"]["properties"] = json!({ "owners": owners, "note": "x".repeat(500) });
                one
            };
            (0..count).map(one).collect()
        };
        let body = json!({ "evaluations": questions(1_000) });
        assert!(body.to_string().len() > 1024 * 1024, "more than other bodies may hold");
        let found = decisions(&scene.pdp.post(EVALUATIONS, body).expect(200));
        let expected: Vec<bool> = (0..1_000).map(|place| [true, false, true, true, false][place % 5]).collect();
        assert_eq!(found, expected);
        let text = bad(scene.pdp.post(EVALUATIONS, json!({ "evaluations": questions(1_001) })));
        assert!(text.contains("1000"), "{text}");
    }

    fn asks_who_may(server) {
        let scene = Scene::new(server);
        let (rep, peer) = (&scene.rep, &scene.peer);
        let own = question(&rep.id, "view", "crm-reps");
        let others = question(&peer.id, "view", "crm-reps");
        server.client().post(EVALUATION, own.clone()).refused(401, "credential_missing");
        server.client().with_token("vst_a_x").post(EVALUATION, own.clone()).refused(401, "credential_invalid");
        let refused = |client: &Client, question: &Value| {
            client.post(EVALUATION, question.clone()).refused(403, "not_about_oneself");
            let several = json!({ "evaluations": [question] });
            client.post(EVALUATIONS, several).refused(403, "not_about_oneself");
        };
        assert!(ask(&rep.client, &own));
        assert!(ask(&rep.client, &question("rob@crm", "view", "crm-reps")));
        for stranger in [peer.id.as_str(), "guest-7", NEVER, "nobody"] {
            refused(&rep.client, &question(stranger, "view", "crm-reps"));
        }
        refused(&rep.client, &with(&own, "subject", json!({ "type": "spaceship", "id": rep.id })));
        let mixed = json!({ "evaluations": [own, others] });
        rep.client.post(EVALUATIONS, mixed).refused(403, "not_about_oneself");
        assert!(ask(&scene.guest_client, &question(&scene.guest, "view", "crm-reps")));
        assert!(ask(&scene.guest_client, &question("guest-7", "view", "crm-nobodys")));
        refused(&scene.guest_client, &own);

        let manager = scene.world.org.signed_in(server, "Mia", &["manage_access"]);
        assert!(ask(&manager, &own) && !ask(&manager, &others));
        for capability in ["manage_users", "manage_org", "manage_objects"] {
            let other = scene.world.org.signed_in(server, &capability.replace('_', ""), &[capability]);
            refused(&other, &own);
        }
        for scope in ["scim", "policy_export", "act_as"] {
            service(&scene.world, scope).post(EVALUATION, own.clone()).refused(403, "scope_missing");
        }
        // A service that acts for somebody asks as that somebody.
        let acting = |client: &Client, who: &str, question: &Value| {
            let request = client.request("POST", EVALUATION).header("on-behalf-of", who);
            Client::send(request.json(question))
        };
        let act_as = service(&scene.world, "act_as");
        assert_eq!(acting(&act_as, &rep.id, &own).expect(200).body["decision"], true);
        acting(&act_as, &rep.id, &others).refused(403, "not_about_oneself");
        let body = json!({ "name": "both", "kind": "service", "scopes": ["pdp", "act_as"] });
        let secret = scene.world.org.admin.post("/api-tokens", body).expect(201).text("secret");
        let both = server.client().with_token(&secret);
        assert!(ask(&both, &own));
        acting(&both, &rep.id, &others).refused(403, "not_about_oneself");
    }

    fn reading_is_enough_to_ask(server) {
        let scene = Scene::new(server);
        let token = |scopes: Value| {
            let body = json!({ "name": "t", "kind": "user", "scopes": scopes });
            server.client().with_token(&scene.rep.client.post("/api-tokens", body).expect(201).text("secret"))
        };
        let own = question(&scene.rep.id, "view", "crm-reps");
        assert!(ask(&token(json!(["read"])), &own));
        token(json!(["write"])).post(EVALUATION, own).refused(403, "scope_missing");
    }

    fn a_guest_is_denied_from_the_moment_that_access_ends(server) {
        let scene = Scene::new(server);
        let question = question("guest-7", "view", "crm-reps");
        let batch = json!({ "evaluations": [question] });
        assert!(ask(&scene.pdp, &question));
        // The last day is the tenth from now, in UTC: it is noon.
        server.advance(Duration::days(10) + Duration::hours(12) - Duration::MICROSECOND);
        assert!(ask(&scene.pdp, &question));
        let search = json!({ "subject": { "type": "user" }, "action": { "name": "view" }, "resource": resource("crm-nobodys") });
        let found = |limit| search_ids(&scene.pdp, &search, limit);
        assert!(found(2).contains(&scene.guest));
        server.advance(Duration::MICROSECOND);
        assert!(!ask(&scene.pdp, &question), "by time alone: no worker has run");
        assert_eq!(decisions(&scene.pdp.post(EVALUATIONS, batch).expect(200)), [false]);
        assert!(!found(2).contains(&scene.guest));
        scene.guest_client.post(EVALUATION, question.clone()).refused(401, "credential_ended");
        // What a guest owns stays what it is for others.
        assert!(ask(&scene.pdp, &crate::authzen::question(&scene.rep.id, "view", "crm-shared")));
    }

    fn a_revoked_guest_and_a_deactivated_user_are_denied_at_once(server) {
        let scene = Scene::new(server);
        let admin = &scene.world.org.admin;
        assert!(ask(&scene.pdp, &question("guest-7", "view", "crm-reps")));
        admin.post(&format!("/guests/{}/revoke", scene.guest), json!({})).expect(200);
        assert!(!ask(&scene.pdp, &question("guest-7", "view", "crm-reps")));
        assert!(ask(&scene.pdp, &question("rob@crm", "view", "crm-reps")));
        admin.post(&format!("/users/{}/deactivate", scene.rep.id), json!({})).expect(200);
        assert!(!ask(&scene.pdp, &question("rob@crm", "view", "crm-reps")));
        assert!(ask(&scene.pdp, &question(&scene.head.id, "view", "crm-reps")), "a manager still reaches what they own");
        admin.delete(&format!("/users/{}", scene.rep.id)).expect(204);
        assert!(!ask(&scene.pdp, &question(&scene.rep.id, "view", "crm-reps")) && !ask(&scene.pdp, &question("rob@crm", "view", "crm-reps")));
    }

    fn searches_find_exactly_what_evaluates_to_yes(server) {
        let scene = Scene::new(server);
        let (people, actions) = (scene.people(), ["view", "edit", "delete", "create"]);
        for action in actions {
            for record in &scene.deals {
                let query = json!({ "subject": { "type": "user" }, "action": { "name": action }, "resource": resource(record) });
                let expected: Vec<&str> = people.iter().map(String::as_str)
                    .filter(|who| ask(&scene.pdp, &question(who, action, record))).collect();
                for limit in [1, 2, 100] {
                    let found = search(&scene.pdp, "subject", &query, limit);
                    assert_eq!(ids(&found), expected, "{action} {record}, {limit} at once");
                    assert!(found.iter().all(|entity| entity["type"] == "user"));
                }
            }
        }
        for who in &people {
            for action in actions {
                let query = json!({ "subject": subject(who), "action": { "name": action }, "resource": { "type": "deal", "id": "x" } });
                let mut expected: Vec<&str> = scene.deals.iter().map(String::as_str)
                    .filter(|record| action != "create" && ask(&scene.pdp, &question(who, action, record))).collect();
                expected.sort_unstable();
                for limit in [1, 4, 100] {
                    let found = search(&scene.pdp, "resource", &query, limit);
                    assert_eq!(ids(&found), expected, "{who} {action}, {limit} at once");
                    assert!(found.iter().all(|entity| entity["type"] == "deal" && entity["properties"]["external_id"].is_string()));
                }
            }
            for record in &scene.deals {
                let query = json!({ "subject": subject(who), "resource": resource(record) });
                let expected: BTreeSet<&str> = actions.into_iter().filter(|action| ask(&scene.pdp, &question(who, action, record))).collect();
                for limit in [1, 3] {
                    let found = search(&scene.pdp, "action", &query, limit);
                    let names: BTreeSet<&str> = found.iter().map(|action| action["name"].as_str().unwrap()).collect();
                    assert_eq!((&names, names.len()), (&expected, found.len()), "{who} {record}");
                }
            }
        }
    }

    fn searches_know_ids_of_other_systems_and_records_kept_elsewhere(server) {
        let scene = Scene::new(server);
        let elsewhere = json!({ "type": "deal", "id": "elsewhere", "properties": { "owners": ["rob@crm"] } });
        let query = json!({ "subject": { "type": "user" }, "action": { "name": "edit" }, "resource": elsewhere });
        let found = search(&scene.pdp, "subject", &query, 10);
        let rob = json!({ "type": "user", "id": scene.rep.id, "properties": { "external_id": "rob@crm" } });
        assert!(found.contains(&rob), "{found:?}");
        assert!(ids(&found).contains(&scene.head.id.as_str()) && !ids(&found).contains(&scene.peer.id.as_str()));
        let actions = search(&scene.pdp, "action", &json!({ "subject": subject("rob@crm"), "resource": elsewhere }), 10);
        assert_eq!(actions, [json!({ "name": "view" }), json!({ "name": "edit" }), json!({ "name": "create" })]);
        let records = json!({ "subject": subject("rob@crm"), "action": { "name": "edit" }, "resource": { "type": "deal" } });
        assert_eq!(search(&scene.pdp, "resource", &records, 10).len(), 2);
        // For an id that is not in use everybody is found who may make a record of their own.
        let query = json!({ "subject": { "type": "user" }, "action": { "name": "create" }, "resource": resource("new") });
        let makers = search(&scene.pdp, "subject", &query, 2);
        assert!(ids(&makers).contains(&scene.peer.id.as_str()));
        for maker in ids(&makers) {
            assert!(ask(&scene.pdp, &question(maker, "create", "new")));
        }
    }

    fn searches_for_the_unknown_find_nothing(server) {
        let scene = Scene::new(server);
        let full = question(&scene.rep.id, "view", "crm-reps");
        let search = |what: &str, query: &Value| {
            let reply = scene.pdp.post(&format!("//access/v1/search/{what}"), query.clone()).expect(200);
            assert_eq!(reply.body["page"]["next_token"], "");
            reply.body["results"].as_array().unwrap().len()
        };
        for what in ["subject", "resource", "action"] {
            assert!(search(what, &full) > 0, "{what}: ids of what is searched for and unknown members are passed over");
            let about_spaceships = with(&full, if what == "subject" { "subject" } else { "resource" }, json!({ "type": "spaceship", "id": "1" }));
            assert_eq!(search(what, &about_spaceships), 0, "{what}");
        }
        for (what, member, unknown) in [
            ("subject", "resource", resource("nothing")), ("subject", "action", json!({ "name": "fly" })),
            ("resource", "subject", subject("nobody")), ("resource", "action", json!({ "name": "fly" })),
            ("resource", "subject", json!({ "type": "spaceship", "id": scene.rep.id })),
            ("action", "subject", subject("nobody")), ("action", "resource", resource("nothing")),
        ] {
            assert_eq!(search(what, &with(&full, member, unknown.clone())), 0, "{what}: {unknown}");
        }
        // The id of what is searched for is not looked at, whatever it is.
        let odd = with(&full, "subject", json!({ "type": "user", "id": 7 }));
        assert_eq!(search("subject", &odd), search("subject", &full));
    }

    fn what_is_no_search_is_a_bad_request(server) {
        let scene = Scene::new(server);
        let full = question(&scene.rep.id, "view", "crm-reps");
        for (what, needed) in [
            ("subject", &["/subject", "/subject/type", "/action", "/action/name", "/resource", "/resource/type", "/resource/id"][..]),
            ("resource", &["/subject", "/subject/type", "/subject/id", "/action", "/action/name", "/resource", "/resource/type"]),
            ("action", &["/subject", "/subject/type", "/subject/id", "/resource", "/resource/type", "/resource/id"]),
        ] {
            let path = format!("//access/v1/search/{what}");
            for missing in needed {
                bad(scene.pdp.post(&path, without(&full, missing)));
            }
            for page in [
                json!(1), json!({ "limit": -1 }), json!({ "limit": 1.5 }), json!({ "limit": "all" }), json!({ "token": 7 }),
                json!({ "token": "" }), json!({ "token": "a3M9NDU2O3N6PTI=" }), json!([]),
            ] {
                bad(scene.pdp.post(&path, with(&full, "page", page)));
            }
        }
    }

    fn a_token_goes_on_with_its_own_search_only(server) {
        let scene = Scene::new(server);
        let path = "//access/v1/search/resource";
        let query = json!({
            "subject": subject(&scene.guest), "action": { "name": "view" }, "resource": { "type": "deal" },
            "context": { "time": "noon" }, "page": { "limit": 2 },
        });
        let first = scene.pdp.post(path, query.clone()).expect(200).body;
        let token = first["page"]["next_token"].as_str().unwrap();
        assert_ne!(token, "");
        let next = |page: Value| scene.pdp.post(path, with(&query, "page", page));
        let second = next(json!({ "token": token })).expect(200).body;
        assert_eq!(second["results"].as_array().unwrap().len(), 2, "the limit goes on");
        assert_eq!(next(json!({ "token": token, "limit": 2 })).expect(200).body, second);
        bad(next(json!({ "token": token, "limit": 3 })));
        for place in [0, token.len() / 2, token.len() - 1] {
            let mut altered = token.to_owned();
            let other = if &token[place..=place] == "A" { "B" } else { "A" };
            altered.replace_range(place..=place, other);
            bad(next(json!({ "token": altered })));
        }
        let going_on = with(&query, "page", json!({ "token": token }));
        for (member, other) in [
            ("subject", subject("guest-7")), ("subject", subject(&scene.rep.id)), ("action", json!({ "name": "edit" })),
            ("resource", json!({ "type": "note" })), ("context", json!({ "time": "midnight" })), ("context", Value::Null),
        ] {
            bad(scene.pdp.post(path, with(&going_on, member, other)));
        }
        bad(scene.pdp.post("//access/v1/search/action", with(&going_on, "resource", resource("crm-reps"))));
        let mut reordered = String::from("{\"resource\":{\"type\":\"deal\"},\"context\":{\"time\":\"noon\"},\"action\":{\"name\":\"view\"},");
        reordered.push_str(&format!("\"page\":{{\"token\":\"{token}\"}},\"subject\":{{\"id\":\"{}\",\"type\":\"user\"}}}}", scene.guest));
        assert_eq!(scene.pdp.raw("POST", path, reordered).expect(200).body, second, "the order of members means nothing");
        // Nothing asked for, nothing given, and the token goes on from there.
        let none = scene.pdp.post(path, with(&query, "page", json!({ "limit": 0 }))).expect(200).body;
        assert_eq!((&none["results"], none["page"]["next_token"] != ""), (&json!([]), true));
        let all = scene.pdp.post(path, with(&query, "page", json!({ "limit": 1_000_000 }))).expect(200).body;
        assert_eq!((all["results"].as_array().unwrap().len(), &all["page"]["next_token"]), (6, &json!("")));
        let other = World::named(server, "globex");
        let foreign = service(&other, "pdp").post(path, going_on);
        bad(foreign);
    }

    fn who_asks_about_themself_searches_for_their_own(server) {
        let scene = Scene::new(server);
        let (rep, guest) = (&scene.rep, &scene.guest_client);
        let records = |who: &str| json!({ "subject": subject(who), "action": { "name": "view" }, "resource": { "type": "deal" } });
        let mut listed: Vec<String> = rep.client.all("/objects/deal/records").iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect();
        listed.sort();
        assert_eq!(ids(&search(&rep.client, "resource", &records(&rep.id), 2)), listed);
        assert_eq!(search(guest, "resource", &records("guest-7"), 4).len(), 6);
        let path = "//access/v1/search/resource";
        rep.client.post(path, records(&scene.peer.id)).refused(403, "not_about_oneself");
        rep.client.post(path, records("nobody")).refused(403, "not_about_oneself");
        let who = json!({ "subject": subject(&rep.id), "action": { "name": "view" }, "resource": resource("crm-reps") });
        rep.client.post("//access/v1/search/subject", who).refused(403, "not_about_oneself");
        let what = json!({ "subject": subject(&rep.id), "resource": resource("crm-reps") });
        assert_eq!(search(&rep.client, "action", &what, 9).len(), 3);
        server.client().post(path, records(&rep.id)).refused(401, "credential_missing");
        assert_eq!(rep.client.get(&deal(&scene.deals[0])).status, 404);
    }

    fn the_decision_point_tells_where_it_is(server) {
        let found = server.client().get("//.well-known/authzen-configuration").expect(200);
        assert_eq!(found.header("content-type"), Some("application/json"));
        assert_eq!(found.body, json!({
            "policy_decision_point": "http://localhost:8080",
            "access_evaluation_endpoint": "http://localhost:8080/access/v1/evaluation",
            "access_evaluations_endpoint": "http://localhost:8080/access/v1/evaluations",
            "search_subject_endpoint": "http://localhost:8080/access/v1/search/subject",
            "search_resource_endpoint": "http://localhost:8080/access/v1/search/resource",
            "search_action_endpoint": "http://localhost:8080/access/v1/search/action",
        }));
        server.client().get("//.well-known/authzen-configuration/elsewhere").refused(404, "not_found");
    }
}

fn search_ids(client: &Client, query: &Value, limit: usize) -> Vec<String> {
    let found = search(client, "subject", query, limit);
    ids(&found).into_iter().map(str::to_owned).collect()
}
