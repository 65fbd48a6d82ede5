//! Every route × every kind of caller, against the checked-in table `route_table.txt`.
//!
//! Each caller has an org of its own with one of everything, and sends every route the same request: well-formed, and
//! harmless where it would be let through (changes and deletions expect a version that nothing ever has, so 412 says
//! "you may"). A route without a request here, or without a row in the table, fails. After a deliberate change run
//! `UPDATE_ROUTE_TABLE=1 cargo test -p vestibule-server --test http route_table::sqlite` and read the diff.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::harness::{Client, TestOrg, TestServer, both_databases};

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/route_table.txt");

/// The kinds of callers: the columns of the table.
const CALLERS: [(&str, &str); 17] = [
    ("anon", "without a credential"),
    ("other", "the Admin of another org, with ids of this one"),
    ("guest", "an active guest without capabilities"),
    ("user", "a standard user without capabilities"),
    ("users", "a standard user with manage_users"),
    ("guests", "a standard user with manage_guests"),
    ("access", "a standard user with manage_access"),
    ("objects", "a standard user with manage_objects"),
    ("gobj", "an active guest with manage_objects"),
    ("org", "a standard user with manage_org"),
    ("audit", "a standard user with view_audit"),
    ("admin", "an Admin"),
    ("pdp", "a service token with the scope pdp"),
    (
        "act_as",
        "a service token with the scope act_as, acting for nobody",
    ),
    (
        "behalf",
        "the same, on behalf of a standard user without capabilities",
    ),
    ("scim", "a service token with the scope scim"),
    ("export", "a service token with the scope policy_export"),
];

/// An org with one of everything, and its ids.
struct World {
    org: TestOrg,
    guest: String,
    user: String,
    role: String,
    license: String,
    profile: String,
    token: String,
    record: String,
}

impl World {
    fn new(server: &TestServer, slug: &str) -> Self {
        let org = server.org(slug);
        let object = json!({
            "key": "deal", "singular": "Deal", "plural": "Deals",
            "fields": [
                { "key": "name", "label": "Name", "type": "text" },
                { "key": "owner", "label": "Owner", "type": "user", "represents_ownership": true },
            ],
        });
        org.admin.post("/objects", object).expect(201);
        let record = org
            .admin
            .post("/objects/deal/records", json!({ "fields": { "name": "One" } }))
            .expect(201);
        let made = |path: &str, body: Value| org.admin.post(path, body).expect(201).id();
        World {
            guest: org.guest(server, "Target", 5)["id"].as_str().unwrap().to_owned(),
            user: org.user("Target")["id"].as_str().unwrap().to_owned(),
            role: made("/roles", json!({ "name": "Role" })),
            license: made("/licenses", json!({ "name": "License", "seats": 9 })),
            profile: made("/profiles", json!({ "name": "Profile" })),
            token: made("/api-tokens", json!({ "name": "token", "kind": "user" })),
            record: record.id(),
            org,
        }
    }

    fn id_in(&self, path: &str) -> &str {
        match path.trim_start_matches("/api/v1").split('/').nth(1).unwrap() {
            "guests" => &self.guest,
            "users" => &self.user,
            "roles" => &self.role,
            "licenses" => &self.license,
            "profiles" => &self.profile,
            "api-tokens" => &self.token,
            "objects" => &self.record,
            family => panic!("no {{id}} for {family}"),
        }
    }

    /// The body and query of a route's request.
    fn request(&self, server: &TestServer, route: &str) -> (Option<Value>, &'static str) {
        let evaluation = json!({
            "subject": { "type": "user", "id": self.user },
            "action": { "name": "view" },
            "resource": { "type": "deal", "id": self.record },
        });
        let levels = json!({ "view": "own", "edit": "own", "delete": "none", "create": "own" });
        let question = json!({ "subject_id": self.user, "action": "view", "object": "deal" });
        let explained =
            json!({ "subject_id": self.user, "action": "view", "object": "deal", "record_id": self.record });
        let person = |email: &str| json!({ "first_name": "New", "last_name": "Person", "email": email });
        let with = |mut body: Value, key: &str, value: Value| {
            body[key] = value;
            body
        };
        let body = match route {
            "POST /api/v1/sessions" => {
                json!({ "org": self.org.slug, "email": "nobody@nowhere.example", "password": "wrong" })
            }
            "POST /api/v1/claims/preview" => json!({ "token": "wrong" }),
            "POST /api/v1/claims" => json!({ "token": "wrong", "password": "correct horse battery staple" }),
            "POST /api/v1/password-resets" => {
                json!({ "org": self.org.slug, "email": "nobody@nowhere.example" })
            }
            "PUT /api/v1/password-resets" => {
                json!({ "token": "wrong", "password": "correct horse battery staple" })
            }
            "PUT /api/v1/me/password" => {
                json!({ "current": "wrong", "new": "correct horse battery staple 2" })
            }
            "POST /api/v1/guests" => {
                let body = with(
                    person("new-guest@guests.example"),
                    "profile_id",
                    json!(self.profile),
                );
                with(body, "access_ends_on", json!(server.day(5)))
            }
            "POST /api/v1/guests/bulk" => json!({ "action": "revoke", "ids": [self.guest], "dry_run": true }),
            "POST /api/v1/guests/{id}/reinstate" => json!({ "access_ends_on": server.day(5) }),
            "POST /api/v1/users" => person("new-user@users.example"),
            "POST /api/v1/roles" => json!({ "name": "Another role" }),
            "POST /api/v1/roles/{id}/preview" => json!({ "parent_id": null }),
            "POST /api/v1/licenses" => json!({ "name": "Another license", "seats": 1 }),
            "POST /api/v1/profiles" => json!({ "name": "Another profile" }),
            "POST /api/v1/profiles/{id}/copy" => json!({ "name": "Copied profile" }),
            "PUT /api/v1/profiles/{id}/permissions" | "POST /api/v1/profiles/{id}/preview" => {
                json!({ "permissions": [] })
            }
            "PUT /api/v1/profiles/{id}/permissions/{object_key}"
            | "POST /api/v1/profiles/{id}/permissions/{object_key}/preview" => levels,
            "POST /api/v1/permissions/bulk" => json!({
                "profiles": [self.profile], "objects": ["deal"], "permissions": { "view": "own" }, "dry_run": true,
            }),
            "POST /api/v1/objects" => {
                json!({ "key": "ticket", "singular": "Ticket", "plural": "Tickets", "fields": [] })
            }
            "POST /api/v1/objects/{key}/fields" => json!({ "key": "note", "label": "Note", "type": "text" }),
            "POST /api/v1/objects/{key}/records" => json!({ "fields": { "name": "Two" } }),
            "POST /api/v1/objects/{key}/records/bulk" => {
                json!({ "action": "create", "items": [{ "fields": { "name": "Three" } }], "dry_run": true })
            }
            "POST /api/v1/access/explain" => explained,
            "POST /api/v1/access/scope" => question,
            "POST /api/v1/api-tokens" => json!({ "name": "another", "kind": "user" }),
            "POST /access/v1/evaluation"
            | "POST /access/v1/search/subject"
            | "POST /access/v1/search/resource"
            | "POST /access/v1/search/action" => evaluation,
            "POST /access/v1/evaluations" => with(evaluation, "evaluations", json!([{}])),
            _ if route.starts_with("GET ") || route.starts_with("DELETE ") => return (None, ""),
            _ if route.starts_with("PATCH ") => json!({}),
            "POST /api/v1/guests/{id}/claim-links"
            | "POST /api/v1/users/{id}/claim-links"
            | "POST /api/v1/guests/{id}/revoke"
            | "POST /api/v1/users/{id}/deactivate"
            | "POST /api/v1/users/{id}/activate"
            | "POST /api/v1/users/{id}/unlock" => json!({}),
            _ => panic!("no request for {route}: give it one here, and a row in route_table.txt"),
        };
        (Some(body), "")
    }
}

/// How a caller of this kind sends requests in this world.
enum Sender {
    Plain(Client),
    Behalf(Client, String),
}

fn sender(server: &TestServer, world: &World, kind: &str) -> Sender {
    let org = &world.org;
    let user = |capabilities: &[&str]| org.signed_in(server, "Caller", capabilities);
    let guest = |capabilities: &[&str]| {
        let profile = org.profile("Profile of the caller", capabilities);
        let mut invitation = org.invitation(server, "Caller", 30);
        invitation["profile_id"] = json!(profile);
        org.admin.post("/guests", invitation).expect(201);
        server.claim(&org.guest_email("Caller"))
    };
    let service = |scope: &str| {
        let body = json!({ "name": scope, "kind": "service", "scopes": [scope] });
        let secret = org.admin.post("/api-tokens", body).expect(201).text("secret");
        server.client().with_token(&secret)
    };
    Sender::Plain(match kind {
        "anon" => server.client(),
        "other" => server.org(&format!("{}-foreign", org.slug)).admin,
        "guest" => guest(&[]),
        "gobj" => guest(&["manage_objects"]),
        "user" => user(&[]),
        "users" => user(&["manage_users"]),
        "guests" => user(&["manage_guests"]),
        "access" => user(&["manage_access"]),
        "objects" => user(&["manage_objects"]),
        "org" => user(&["manage_org"]),
        "audit" => user(&["view_audit"]),
        "admin" => org.admin.clone(),
        "pdp" | "act_as" | "scim" => service(kind),
        "export" => service("policy_export"),
        "behalf" => {
            let id = user(&[]).get("/me").expect(200).id();
            return Sender::Behalf(service("act_as"), id);
        }
        _ => panic!("no caller {kind}"),
    })
}

/// Every route of the served document, in its order; signing out comes last because nothing works after it.
fn routes(client: &Client) -> Vec<(String, String)> {
    let document = client.get("/openapi.json").expect(200).body;
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            routes.push((method.to_uppercase(), path.clone()));
        }
    }
    routes.sort_by_key(|(method, path)| {
        (
            method == "DELETE" && path.ends_with("/session"),
            path.clone(),
            method.clone(),
        )
    });
    routes
}

fn status(server: &TestServer, world: &World, sender: &Sender, method: &str, path: &str) -> u16 {
    let (body, query) = world.request(server, &format!("{method} {path}"));
    let mut filled = path
        .replace("{object_key}", "deal")
        .replace("{key}", "deal")
        .replace("{field}", "name");
    if filled.contains("{id}") {
        filled = filled.replace("{id}", world.id_in(path));
    }
    let (client, behalf) = match sender {
        Sender::Plain(client) => (client, None),
        Sender::Behalf(client, user) => (client, Some(user)),
    };
    let mut request = client.request(method, &format!("/{filled}{query}"));
    if let Some(user) = behalf {
        request = request.header("on-behalf-of", user);
    }
    if ["PUT", "PATCH", "DELETE"].contains(&method) {
        request = request.header("if-match", "\"never\"");
    }
    Client::send(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .status
}

fn table(server: &TestServer) -> String {
    let mut columns = Vec::new();
    for (kind, _) in CALLERS {
        let world = World::new(server, &format!("org-of-{}", kind.replace('_', "-")));
        let sender = sender(server, &world, kind);
        let statuses = |(method, path): &(String, String)| status(server, &world, &sender, method, path);
        columns.push(
            routes(&server.client())
                .iter()
                .map(statuses)
                .collect::<Vec<u16>>(),
        );
    }
    let mut text = String::from(
        "Statuses of one well-formed request per route and kind of caller; 412 where a change was allowed and then met\n\
         its impossible If-Match. Made and checked by route_table.rs.\n\n",
    );
    for (kind, meaning) in CALLERS {
        writeln!(text, "{kind:8} {meaning}").unwrap();
    }
    write!(text, "\n{:62}", "").unwrap();
    for (kind, _) in CALLERS {
        write!(text, " {kind:>7}").unwrap();
    }
    text.push('\n');
    for (row, (method, path)) in routes(&server.client()).iter().enumerate() {
        write!(text, "{:62}", format!("{method} {path}")).unwrap();
        for column in &columns {
            write!(text, " {:>7}", column[row]).unwrap();
        }
        text.push('\n');
    }
    text
}

both_databases! {
    fn every_route_answers_every_kind_of_caller_as_the_table_says(server) {
        let found = table(server);
        if std::env::var_os("UPDATE_ROUTE_TABLE").is_some() {
            std::fs::write(TABLE, &found).unwrap();
        }
        let kept = std::fs::read_to_string(TABLE).unwrap_or_default();
        let changed: Vec<String> = found
            .lines()
            .filter(|line| !kept.lines().any(|known| known == *line))
            .map(str::to_owned)
            .collect();
        assert!(found == kept, "route_table.txt does not have these rows:\n{}", changed.join("\n"));
    }
}
