//! Sweeps over every route of the OpenAPI document: a new route is covered without anybody thinking of it.

use serde_json::{Value, json};

use crate::harness::{Client, Reply, TestOrg, TestServer, both_databases};

/// What may be asked without a credential.
const OPEN: [&str; 8] = [
    "POST /api/v1/sessions",
    "POST /api/v1/claims/preview",
    "POST /api/v1/claims",
    "POST /api/v1/password-resets",
    "PUT /api/v1/password-resets",
    "GET /healthz",
    "GET /readyz",
    "GET /.well-known/authzen-configuration",
];

const NEVER: &str = "0190a000-0000-7000-8000-000000000000";

fn routes(client: &Client) -> Vec<(String, String, Value)> {
    let document = client.get("/openapi.json").expect(200).body;
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            routes.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    assert!(routes.len() > 70, "{}", routes.len());
    routes
}

/// A path with its parameters filled in: keys of an object and field that no org has unless a test made them.
fn filled(path: &str, id: &str) -> String {
    path.replace("{key}", "deal")
        .replace("{object_key}", "deal")
        .replace("{field}", "name")
        .replace("{id}", id)
}

/// Makes an object with a field and a record; answers the record's id.
fn object_with_a_record(org: &TestOrg, key: &str) -> String {
    let fields = json!([{ "key": "name", "label": "Name", "type": "text" }]);
    let object = json!({ "key": key, "singular": "Deal", "plural": "Deals", "fields": fields });
    org.admin.post("/objects", object).expect(201);
    let record = json!({ "fields": { "name": "One" } });
    org.admin
        .post(&format!("/objects/{key}/records"), record)
        .expect(201)
        .id()
}

/// A body that a route takes, so that nothing but what the path names is wrong.
fn body(server: &TestServer, method: &str, path: &str) -> Value {
    let levels = json!({ "view": "own", "edit": "own", "delete": "none", "create": "own" });
    match path.rsplit('/').next().unwrap() {
        "reinstate" => json!({ "access_ends_on": server.day(5) }),
        "copy" => json!({ "name": "Copy" }),
        "permissions" => json!({ "permissions": [] }),
        "preview" if path.ends_with("/profiles/{id}/preview") => json!({ "permissions": [] }),
        "preview" if path.contains("/roles/") => json!({ "parent_id": null }),
        "{object_key}" | "preview" => levels,
        "fields" => json!({ "key": "note", "label": "Note", "type": "text" }),
        "bulk" => json!({ "action": "create", "items": [] }),
        "records" if method == "POST" => json!({ "fields": {} }),
        _ => json!({}),
    }
}

/// Asks with two names, of which neither is known here, and wants to be told the same.
fn expect_the_same_404(ask: impl Fn(&str) -> Reply, foreign: &str, never: &str, what: &str) {
    let mut replies = [foreign, never].map(|name| ask(name).refused(404, "not_found").body);
    for body in &mut replies {
        body.as_object_mut()
            .unwrap()
            .retain(|key, _| key != "instance" && key != "request_id");
    }
    assert_eq!(replies[0], replies[1], "{what}");
}

fn send(client: &Client, method: &str, path: &str) -> Reply {
    let request = client.request(method, &format!("/{path}"));
    Client::send(if method == "GET" {
        request
    } else {
        request.json(&json!({}))
    })
}

both_databases! {
    fn no_route_but_the_listed_answers_without_a_credential(server) {
        let client = server.client();
        for (method, path, _) in routes(&client) {
            let name = format!("{method} {path}");
            let answer = send(&client, &method, &filled(&path, NEVER));
            if OPEN.contains(&name.as_str()) {
                assert_ne!(answer.body["code"], "credential_missing", "{name}");
            } else {
                assert_eq!((answer.status, &answer.body["code"]), (401, &json!("credential_missing")), "{name}");
            }
        }
    }

    fn a_user_without_capabilities_administers_nothing(server) {
        let org = server.org("acme");
        let nobody = org.signed_in(server, "Nobody", &[]);
        let theirs = ["/session", "/me", "/me/password", "/api-tokens", "/org"];
        for (method, path, _) in routes(&nobody) {
            let own = theirs.iter().any(|own| path.strip_prefix("/api/v1").is_some_and(|p| p.starts_with(own)));
            let name = format!("{method} {path}");
            // Everybody lists the objects that they get to know, and the people they see.
            let open_to_all = ["GET /api/v1/objects", "GET /api/v1/people"].contains(&name.as_str());
            let listed = OPEN.contains(&name.as_str()) || open_to_all;
            if listed || (own && !(path.ends_with("/org") && method == "PATCH")) {
                continue;
            }
            let answer = send(&nobody, &method, &filled(&path, NEVER));
            // A body that lacks fields is refused before anybody asks who sent it.
            assert!([400, 403, 404].contains(&answer.status), "{method} {path}: {}", answer.text);
        }
        for path in ["/guests", "/audit-events", "/users", "/roles", "/profiles", "/licenses"] {
            nobody.get(path).refused(403, "capability_missing");
        }
        nobody.patch("/org", json!({ "name": "Mine" })).refused(403, "capability_missing");
    }

    fn an_id_of_another_org_is_the_same_404_as_an_id_that_never_was(server) {
        let (org, other) = (server.org("acme"), server.org("other"));
        let theirs = |path: &str| match path.split('/').nth(3).unwrap() {
            "guests" => other.guest(server, "Ada", 5)["id"].as_str().unwrap().to_owned(),
            "users" => other.admin_id.clone(),
            "roles" => other.admin.post("/roles", json!({ "name": "R" })).expect(201).id(),
            "licenses" => {
                let name = format!("L{}", other.admin.all("/licenses").len());
                other.admin.post("/licenses", json!({ "name": name, "seats": 1 })).expect(201).id()
            }
            "profiles" => other.default_profile.clone(),
            "api-tokens" => other.admin.get("/api-tokens").expect(200).body["items"][0]["id"].as_str().unwrap().to_owned(),
            // The same key, and yet another object.
            "objects" => object_with_a_record(&other, "deal"),
            unknown => panic!("no foreign id for {unknown}"),
        };
        object_with_a_record(&org, "deal");
        let mut ids: std::collections::HashMap<String, String> = std::collections::HashMap::new();
        let mut swept = 0;
        for (method, path, _) in routes(&org.admin) {
            if !path.contains("{id}") {
                continue;
            }
            let family = path.split('/').nth(3).unwrap().to_owned();
            let foreign = ids.entry(family).or_insert_with(|| theirs(&path)).clone();
            let ask = |id: &str| {
                let request = org.admin.request(&method, &format!("/{}", filled(&path, id)));
                let body = body(server, &method, &path);
                Client::send(if method == "GET" { request } else { request.json(&body) })
            };
            expect_the_same_404(ask, &foreign, NEVER, &format!("{method} {path}"));
            swept += 1;
        }
        assert!(swept >= 20, "{swept}");
    }

    fn a_key_of_another_org_is_the_same_404_as_a_key_that_never_was(server) {
        let (org, other) = (server.org("acme"), server.org("other"));
        let record = object_with_a_record(&other, "theirs");
        let mut swept = 0;
        for (method, path, _) in routes(&org.admin) {
            let family = path.split('/').nth(3).unwrap_or_default();
            let id = if family == "profiles" { &org.default_profile } else { &record };
            let ask = |key: &str| {
                let named = path.replace("{key}", key).replace("{object_key}", key);
                let request = org.admin.request(&method, &format!("/{}", filled(&named, id)));
                let body = body(server, &method, &path);
                Client::send(if method == "GET" { request } else { request.json(&body) })
            };
            if path.contains("key}") {
                expect_the_same_404(ask, "theirs", "never_was", &format!("{method} {path}"));
                swept += 1;
            }
        }
        assert!(swept >= 15, "{swept}");
    }

    fn unknown_query_parameters_are_refused_everywhere(server) {
        let org = server.org("acme");
        for (method, path, _) in routes(&org.admin) {
            if path.ends_with("healthz") || path.ends_with("readyz") {
                continue;
            }
            let asked = format!("/{}?nothing_of_this_name=1", filled(&path, NEVER));
            let answer = Client::send(org.admin.request(&method, &asked).json(&json!({})));
            // Whatever is wrong with the body, the parameter is never simply ignored.
            assert_eq!(answer.status, 400, "{method} {path}: {}", answer.text);
        }
    }

    fn the_checked_in_document_is_the_served_one(server) {
        let served = server.client().get("/openapi.json").expect(200);
        let kept = include_str!("../../../docs/openapi.json");
        assert!(served.text == kept, "docs/openapi.json is out of date: run `just openapi`");
        assert_eq!(served.body["openapi"], "3.1.0");
        assert_eq!(doubtful_parts(&served.body), Vec::<String>::new());
    }

    fn the_api_can_be_browsed_without_loading_anything_from_elsewhere(server) {
        let page = server.client().get("//api/docs/").expect(200);
        assert!(page.text.contains("swagger-ui"), "{}", page.text);
        assert!(!page.text.contains("https://") && !page.text.contains("http://"), "{}", page.text);
        server.client().get("//api/docs/swagger-ui-bundle.js").expect(200);
        // The client follows the redirect.
        server.client().get("//api/docs").expect(200);
    }
}

/// What generators of clients stumble over: operation ids that occur twice, references to schemas that aren't there.
fn doubtful_parts(document: &Value) -> Vec<String> {
    let mut doubtful = Vec::new();
    let mut ids = std::collections::HashSet::new();
    let mut waiting = vec![document];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    match (name.as_str(), member.as_str()) {
                        ("operationId", Some(id)) if !ids.insert(id) => doubtful.push(id.to_owned()),
                        ("$ref", Some(path)) if document.pointer(path.trim_start_matches('#')).is_none() => {
                            doubtful.push(path.to_owned());
                        }
                        _ => waiting.push(member),
                    }
                }
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    doubtful
}
