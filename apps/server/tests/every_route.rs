//! Sweeps over every route of the OpenAPI document: a new route is covered without anybody thinking of it.

use serde_json::{Value, json};

use crate::harness::{Client, both_databases};

/// What may be asked without a credential.
const OPEN: [&str; 7] = [
    "POST /api/v1/sessions",
    "POST /api/v1/claims/preview",
    "POST /api/v1/claims",
    "POST /api/v1/password-resets",
    "PUT /api/v1/password-resets",
    "GET /healthz",
    "GET /readyz",
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
    assert!(routes.len() > 45, "{}", routes.len());
    routes
}

fn send(client: &Client, method: &str, path: &str) -> crate::harness::Reply {
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
            let answer = send(&client, &method, &path.replace("{id}", NEVER));
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
            if OPEN.contains(&format!("{method} {path}").as_str()) || (own && !(path.ends_with("/org") && method == "PATCH")) {
                continue;
            }
            let answer = send(&nobody, &method, &path.replace("{id}", NEVER));
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
            unknown => panic!("no foreign id for {unknown}"),
        };
        let mut ids: std::collections::HashMap<String, String> = std::collections::HashMap::new();
        let mut swept = 0;
        for (method, path, _) in routes(&org.admin) {
            if !path.contains("{id}") {
                continue;
            }
            let family = path.split('/').nth(3).unwrap().to_owned();
            let foreign = ids.entry(family).or_insert_with(|| theirs(&path)).clone();
            let ask = |id: &str| {
                let route = path.replace("{id}", id);
                let body = match path.rsplit('/').next().unwrap() {
                    "reinstate" => json!({ "access_ends_on": server.day(5) }),
                    "copy" => json!({ "name": "Copy" }),
                    _ => json!({}),
                };
                let request = org.admin.request(&method, &format!("/{route}"));
                Client::send(if method == "GET" { request } else { request.json(&body) })
            };
            let (mut one, mut two) = (ask(&foreign).refused(404, "not_found"), ask(NEVER).refused(404, "not_found"));
            for reply in [&mut one, &mut two] {
                reply.body.as_object_mut().unwrap().retain(|key, _| key != "instance" && key != "request_id");
            }
            assert_eq!(one.body, two.body, "{method} {path}");
            swept += 1;
        }
        assert!(swept >= 20, "{swept}");
    }

    fn unknown_query_parameters_are_refused_everywhere(server) {
        let org = server.org("acme");
        for (method, path, _) in routes(&org.admin) {
            if path.ends_with("healthz") || path.ends_with("readyz") {
                continue;
            }
            let asked = format!("/{}?nothing_of_this_name=1", path.replace("{id}", NEVER));
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
