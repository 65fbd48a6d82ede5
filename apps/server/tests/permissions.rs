//! What profiles permit, over HTTP: shown, set, foreseen, for one cell, all of them, or many at once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, Reply, TestOrg, TestServer, both_databases};

const NEVER: &str = "0198c0de-0000-7000-8000-000000000001";

const NOTHING: [&str; 4] = ["none"; 4];
const EVERYTHING: [&str; 4] = ["anyone"; 4];

/// View, edit, delete, create.
fn levels(levels: [&str; 4]) -> Value {
    let [view, edit, delete, create] = levels;
    json!({ "view": view, "edit": edit, "delete": delete, "create": create })
}

fn configured(body: &Value) -> Value {
    json!({ "view": body["view"], "edit": body["edit"], "delete": body["delete"], "create": body["create"] })
}

fn cell(profile: &str, object: &str) -> String {
    format!("/profiles/{profile}/permissions/{object}")
}

/// One entry of a matrix.
fn entry(object: &str, given: [&str; 4]) -> Value {
    let mut entry = levels(given);
    entry["object"] = json!(object);
    entry
}

fn matrix(entries: &[(&str, [&str; 4])]) -> Value {
    let entries: Vec<Value> = entries
        .iter()
        .map(|(object, given)| entry(object, *given))
        .collect();
    json!({ "permissions": entries })
}

fn object(org: &TestOrg, key: &str) {
    let owner = json!({ "key": "owner", "label": "Owner", "type": "user", "represents_ownership": true });
    let other =
        json!({ "key": "co_owner", "label": "Co-owner", "type": "user", "represents_ownership": true });
    let body = json!({ "key": key, "singular": key, "plural": key, "fields": [owner, other] });
    org.admin.post("/objects", body).expect(201);
}

#[track_caller]
fn permit(org: &TestOrg, profile: &str, object: &str, given: [&str; 4]) -> Reply {
    org.admin.put(&cell(profile, object), levels(given)).expect(200)
}

fn put_if(client: &Client, path: &str, tag: &str, body: &Value) -> Reply {
    Client::send(client.request("PUT", path).header("if-match", tag).json(body))
}

fn tag(reply: &Reply) -> String {
    reply.header("etag").unwrap().to_owned()
}

/// Somebody who signed in.
struct Person {
    id: String,
    client: Client,
}

/// People on one profile in a tree of roles, and people elsewhere, with deals of all of them:
///
/// ```text
/// head: Hana        (profile Sales)
/// ├─ rep: Rob, Ria  (profile Sales)
/// │  └─ intern: Ivo (profile Default)
/// └─ other: Olga    (profile Default)
/// no role: Nora     (profile Sales)
/// ```
struct Sales {
    org: TestOrg,
    profile: String,
    people: BTreeMap<&'static str, Person>,
    ids: BTreeMap<&'static str, String>,
}

impl Sales {
    fn new(server: &TestServer) -> Self {
        let org = server.org("acme");
        object(&org, "deal");
        let profile = org.profile("Sales", &[]);
        let role = |name: &str, parent: Option<&str>| {
            org.admin
                .post("/roles", json!({ "name": name, "parent_id": parent }))
                .expect(201)
                .id()
        };
        let head = role("Head", None);
        let rep = role("Rep", Some(&head));
        let intern = role("Intern", Some(&rep));
        let other = role("Other", Some(&head));
        let mut sales = Sales {
            org,
            profile,
            people: BTreeMap::new(),
            ids: BTreeMap::new(),
        };
        for (name, role) in [
            ("Hana", Some(&head)),
            ("Rob", Some(&rep)),
            ("Ria", Some(&rep)),
            ("Nora", None),
        ] {
            let user = sales
                .org
                .user_with(name, json!({ "profile_id": sales.profile, "role_id": role }));
            let id = user["id"].as_str().unwrap().to_owned();
            let client = server.claim(&sales.org.user_email(name));
            sales.ids.insert(name, id.clone());
            sales.people.insert(name, Person { id, client });
        }
        for (name, role) in [("Ivo", &intern), ("Olga", &other)] {
            let user = sales.org.user_with(name, json!({ "role_id": role }));
            sales.ids.insert(name, user["id"].as_str().unwrap().to_owned());
        }
        // Somebody on the profile whose access has ended counts nowhere.
        let gone = sales
            .org
            .user_with("Gone", json!({ "profile_id": sales.profile, "role_id": head }));
        let gone = gone["id"].as_str().unwrap();
        sales
            .org
            .admin
            .post(&format!("/users/{gone}/deactivate"), json!({}))
            .expect(200);
        for (name, deals) in [
            ("Hana", 1),
            ("Rob", 2),
            ("Ria", 3),
            ("Nora", 4),
            ("Ivo", 5),
            ("Olga", 6),
        ] {
            for _ in 0..deals {
                sales.deal(Some(name), None);
            }
        }
        sales.deal(None, None);
        sales.deal(None, None);
        sales.deal(Some("Rob"), Some("Olga"));
        sales.deal(Some("Nora"), Some("Hana"));
        sales.deal(Some("Ria"), Some("Rob"));
        sales
    }

    fn deal(&self, owner: Option<&str>, co_owner: Option<&str>) -> String {
        let id = |name: Option<&str>| name.map(|name| self.ids[name].clone());
        let fields = json!({ "owner": id(owner), "co_owner": id(co_owner) });
        self.org
            .admin
            .post("/objects/deal/records", json!({ "fields": fields }))
            .expect(201)
            .id()
    }

    /// The records on which each person may do each thing, as lists and records themselves tell it.
    fn reached(&self) -> BTreeMap<(&'static str, &'static str), BTreeSet<String>> {
        let mut reached = BTreeMap::new();
        for (name, person) in &self.people {
            let seen = person.client.all("/objects/deal/records?limit=7");
            let which = |can: &dyn Fn(&Value) -> bool| -> BTreeSet<String> {
                seen.iter()
                    .filter(|record| can(record))
                    .map(|record| record["id"].as_str().unwrap().to_owned())
                    .collect()
            };
            reached.insert((*name, "view"), which(&|_| true));
            reached.insert((*name, "edit"), which(&|record| record["can"]["edit"] == true));
            reached.insert(
                (*name, "delete"),
                which(&|record| record["can"]["delete"] == true),
            );
        }
        reached
    }

    fn preview(&self, proposed: [&str; 4]) -> Reply {
        self.org
            .admin
            .post(
                &format!("{}/preview", cell(&self.profile, "deal")),
                levels(proposed),
            )
            .expect(200)
    }
}

/// What a change has done, counted from what everybody reached before and after.
fn counted(
    before: &BTreeMap<(&'static str, &'static str), BTreeSet<String>>,
    after: &BTreeMap<(&'static str, &'static str), BTreeSet<String>>,
    action: &str,
) -> Value {
    let mut users = (0, 0);
    let mut records: (BTreeSet<&String>, BTreeSet<&String>) = Default::default();
    let mut pairs = (0, 0);
    for (key, was) in before.iter().filter(|((_, of), _)| *of == action) {
        let is = &after[key];
        let (gained, lost): (Vec<_>, Vec<_>) = (is.difference(was).collect(), was.difference(is).collect());
        users = (
            users.0 + usize::from(!gained.is_empty()),
            users.1 + usize::from(!lost.is_empty()),
        );
        pairs = (pairs.0 + gained.len(), pairs.1 + lost.len());
        records.0.extend(gained);
        records.1.extend(lost);
    }
    json!({
        "users_gaining": users.0, "users_losing": users.1,
        "records_gained": records.0.len(), "records_lost": records.1.len(),
        "grants_gained": pairs.0, "grants_lost": pairs.1,
    })
}

both_databases! {
    fn a_cell_is_shown_and_set_with_what_counts_of_it(server) {
        let org = server.org("acme");
        object(&org, "deal");
        let profile = org.profile("Sales", &[]);
        let path = cell(&profile, "deal");
        let empty = org.admin.get(&path).expect(200);
        assert_eq!((&empty.body["profile_id"], &empty.body["object"]), (&json!(profile), &json!("deal")));
        assert_eq!(configured(&empty.body), levels(NOTHING));
        assert_eq!((&empty.body["effective"], &empty.body["warnings"]), (&levels(NOTHING), &json!([])));
        let given = ["own", "own_peers_and_reports", "anyone", "own_and_reports"];
        let set = permit(&org, &profile, "deal", given);
        assert_eq!(configured(&set.body), levels(given), "as configured");
        assert_eq!(set.body["effective"], levels(["own", "own", "own", "own_and_reports"]), "as it counts");
        let warnings: Vec<_> = set.body["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect();
        assert_eq!(warnings, ["edit_exceeds_view", "delete_exceeds_view"]);
        assert!(set.body["warnings"][0]["detail"].as_str().unwrap().contains("own_peers_and_reports"));
        let shown = org.admin.get(&path).expect(200);
        assert_eq!((&shown.body, shown.header("etag")), (&set.body, set.header("etag")));
        assert_ne!(tag(&empty), tag(&set));
        let same = permit(&org, &profile, "deal", given);
        assert_eq!(tag(&same), tag(&set), "nothing changed");
        permit(&org, &profile, "deal", ["own", "own", "none", "none"]);
        let events = org.admin.all(&format!("/audit-events?target_id={profile}&action=permissions.changed"));
        assert_eq!(events.len(), 2);
        let first = events.iter().find(|event| event["changes"]["deal"]["view"].is_object()).unwrap();
        assert_eq!(first["changes"]["deal"]["delete"], json!({ "before": "none", "after": "anyone" }));
        let second = events.iter().find(|event| !event["changes"]["deal"]["view"].is_object()).unwrap();
        assert_eq!(second["changes"]["deal"]["delete"], json!({ "before": "anyone", "after": "none" }));
    }

    fn permissions_count_from_the_next_request(server) {
        let sales = Sales::new(server);
        let rob = &sales.people["Rob"].client;
        let total = || rob.get("/objects/deal/records?count=true&limit=1").expect(200).body["total"].clone();
        assert_eq!(total(), 0);
        for (level, records) in [("own", 4), ("own_and_reports", 9), ("own_peers_and_reports", 12), ("anyone", 26), ("none", 0)] {
            permit(&sales.org, &sales.profile, "deal", [level, "none", "none", "none"]);
            assert_eq!(total(), records, "{level}");
        }
    }

    fn the_whole_matrix_is_shown_and_set_at_once(server) {
        let org = server.org("acme");
        for key in ["deal", "account", "task"] {
            object(&org, key);
        }
        let profile = org.profile("Sales", &[]);
        let path = format!("/profiles/{profile}/permissions");
        permit(&org, &profile, "task", EVERYTHING);
        let shown = org.admin.get(&path).expect(200);
        let keys: Vec<_> = shown.body["permissions"].as_array().unwrap().iter().map(|c| c["object"].as_str().unwrap()).collect();
        assert_eq!(keys, ["account", "deal", "task"]);
        assert_eq!(configured(&shown.body["permissions"][2]), levels(EVERYTHING));
        let put = |permissions: Value| org.admin.put(&path, json!({ "permissions": permissions }));
        let given = json!([entry("deal", ["own", "anyone", "none", "own"]), entry("account", ["anyone", "none", "none", "none"])]);
        let set = put(given.clone()).expect(200);
        assert_eq!(set.body["profile_id"], json!(profile));
        assert_eq!(configured(&set.body["permissions"][0]), levels(["anyone", "none", "none", "none"]));
        assert_eq!(set.body["permissions"][1]["effective"]["edit"], "own");
        assert_eq!(set.body["permissions"][1]["warnings"][0]["code"], "edit_exceeds_view");
        assert_eq!(configured(&set.body["permissions"][2]), levels(NOTHING), "left out is none");
        assert_eq!(org.admin.get(&path).expect(200).body, set.body);
        assert_ne!(tag(&shown), tag(&set));
        assert_eq!(tag(&put(given).expect(200)), tag(&set), "nothing changed");
        let events = org.admin.all(&format!("/audit-events?target_id={profile}&action=permissions.changed"));
        assert_eq!(events.len(), 2, "one for all that was set at once");
        let preview = |permissions: Value| org.admin.post(&format!("/profiles/{profile}/preview"), json!({ "permissions": permissions }));
        for ask in [&put as &dyn Fn(Value) -> Reply, &preview] {
            ask(json!([entry("deal", NOTHING), entry("deal", NOTHING)])).refused(422, "repeated").blaming("/permissions/1/object");
            ask(json!([entry("deal", EVERYTHING), entry("nothing", NOTHING)])).refused(422, "unknown_reference").blaming("/permissions/1/object");
            ask(json!([{ "object": "deal", "view": "own" }])).refused(400, "missing_field").blaming("/permissions/0/edit");
            ask(json!([entry("deal", ["own", "all", "own", "own"])])).refused(422, "invalid_value").blaming("/permissions/0/edit");
        }
        put_if(&org.admin, &path, &tag(&shown), &json!({ "permissions": [] })).refused(412, "precondition_failed");
        assert_eq!(org.admin.get(&path).expect(200).body, set.body, "nothing half-written");
        put_if(&org.admin, &path, &tag(&set), &json!({ "permissions": [] })).expect(200);
    }

    fn levels_are_words_and_all_four_are_given(server) {
        let org = server.org("acme");
        object(&org, "deal");
        let profile = org.profile("Sales", &[]);
        for path in [cell(&profile, "deal"), format!("{}/preview", cell(&profile, "deal"))] {
            let method = if path.ends_with("preview") { "POST" } else { "PUT" };
            let send = |body: Value| Client::send(org.admin.request(method, &path).json(&body));
            send(json!({ "view": "own", "edit": "own", "delete": "own" })).refused(400, "missing_field").blaming("/create");
            send(levels(["own", "all", "own", "own"])).refused(422, "invalid_value").blaming("/edit");
            send(json!({ "view": 1, "edit": "own", "delete": "own", "create": "own" })).expect(400);
            let mut more = levels(NOTHING);
            more["effective"] = levels(EVERYTHING);
            send(more).refused(400, "unknown_field").blaming("/effective");
        }
        assert_eq!(configured(&org.admin.get(&cell(&profile, "deal")).expect(200).body), levels(NOTHING));
    }

    fn admin_reaches_everything_for_good(server) {
        let org = server.org("acme");
        object(&org, "deal");
        let admin = &org.admin_profile;
        let shown = org.admin.get(&cell(admin, "deal")).expect(200);
        assert_eq!((configured(&shown.body), &shown.body["effective"]), (levels(EVERYTHING), &levels(EVERYTHING)));
        let matrix = org.admin.get(&format!("/profiles/{admin}/permissions")).expect(200);
        assert_eq!(configured(&matrix.body["permissions"][0]), levels(EVERYTHING));
        org.admin.put(&cell(admin, "deal"), levels(NOTHING)).refused(409, "profile_not_editable");
        org.admin.put(&format!("/profiles/{admin}/permissions"), json!({ "permissions": [] })).refused(409, "profile_not_editable");
        org.admin.post(&format!("{}/preview", cell(admin, "deal")), levels(NOTHING)).refused(409, "profile_not_editable");
        org.admin.post(&format!("/profiles/{admin}/preview"), json!({ "permissions": [] })).refused(409, "profile_not_editable");
        org.admin.post("/objects/deal/records", json!({ "fields": {} })).expect(201);
    }

    fn people_read_their_own_permissions_and_no_others(server) {
        let org = server.org("acme");
        for key in ["deal", "secret"] {
            object(&org, key);
        }
        let client = org.signed_in(server, "Uma", &["manage_users", "manage_guests", "manage_objects", "view_audit"]);
        let plain = org.signed_in(server, "Pia", &[]);
        let profile_of = |name: &str| {
            let profiles = org.admin.all("/profiles");
            let found = profiles.iter().find(|p| p["name"] == format!("Profile of {name}")).unwrap();
            found["id"].as_str().unwrap().to_owned()
        };
        let (umas, pias) = (profile_of("Uma"), profile_of("Pia"));
        permit(&org, &pias, "deal", ["own", "none", "none", "none"]);
        let own = plain.get(&format!("/profiles/{pias}/permissions")).expect(200);
        assert_eq!(own.body["permissions"].as_array().unwrap().len(), 1, "of the objects that they know");
        assert_eq!(own.body["permissions"][0]["object"], "deal");
        plain.get(&cell(&pias, "deal")).expect(200);
        plain.get(&cell(&pias, "secret")).refused(404, "not_found");
        client.get(&cell(&umas, "secret")).expect(200);
        for path in [format!("/profiles/{pias}/permissions"), cell(&pias, "deal"), cell(NEVER, "deal")] {
            client.get(&path).refused(403, "capability_missing");
        }
        for (path, body) in [
            (cell(&umas, "deal"), levels(EVERYTHING)),
            (format!("/profiles/{umas}/permissions"), json!({ "permissions": [] })),
        ] {
            client.put(&path, body).refused(403, "capability_missing");
        }
        client.post(&format!("{}/preview", cell(&umas, "deal")), levels(NOTHING)).refused(403, "capability_missing");
        for who in [&client, &plain] {
            who.post(&format!("/profiles/{umas}/preview"), json!({ "permissions": [] })).refused(403, "capability_missing");
        }
        let bulk = json!({ "profiles": [umas], "objects": ["deal"], "permissions": { "view": "anyone" } });
        client.post("/permissions/bulk", bulk).refused(403, "capability_missing");
        let manager = org.signed_in(server, "Mia", &["manage_access"]);
        assert_eq!(manager.get(&format!("/profiles/{pias}/permissions")).expect(200).body["permissions"].as_array().unwrap().len(), 2);
        manager.put(&cell(&pias, "deal"), levels(["own", "own", "none", "none"])).expect(200);
        let token = json!({ "name": "s", "kind": "service", "scopes": ["act_as"] });
        let secret = org.admin.post("/api-tokens", token).expect(201).text("secret");
        server.client().with_token(&secret).get(&cell(&pias, "deal")).refused(403, "user_needed");
    }

    fn the_session_tells_what_counts_for_the_caller(server) {
        let org = server.org("acme");
        for key in ["account", "deal", "task"] {
            object(&org, key);
        }
        let client = org.signed_in(server, "Pia", &[]);
        assert_eq!(client.get("/session").expect(200).body["permissions"], json!({}));
        let profiles = org.admin.all("/profiles");
        let profile = profiles.iter().find(|p| p["name"] == "Profile of Pia").unwrap()["id"].as_str().unwrap();
        permit(&org, profile, "deal", ["own", "anyone", "none", "own"]);
        permit(&org, profile, "task", ["none", "anyone", "anyone", "none"]);
        let expected = json!({ "deal": levels(["own", "own", "none", "own"]) });
        assert_eq!(client.get("/session").expect(200).body["permissions"], expected);
        let admin = org.admin.get("/session").expect(200);
        assert_eq!(admin.body["permissions"]["account"], levels(EVERYTHING));
        assert_eq!(admin.body["permissions"].as_object().unwrap().len(), 3);
    }

    fn a_copied_profile_permits_the_same(server) {
        let org = server.org("acme");
        for key in ["deal", "task"] {
            object(&org, key);
        }
        let profile = org.profile("Sales", &[]);
        permit(&org, &profile, "deal", ["own", "anyone", "none", "own"]);
        let copied = |source: &str, name: &str| {
            org.admin.post(&format!("/profiles/{source}/copy"), json!({ "name": name })).expect(201).id()
        };
        let copy = copied(&profile, "Sales 2");
        assert_eq!(configured(&org.admin.get(&cell(&copy, "deal")).expect(200).body), levels(["own", "anyone", "none", "own"]));
        assert_eq!(configured(&org.admin.get(&cell(&copy, "task")).expect(200).body), levels(NOTHING));
        permit(&org, &copy, "deal", NOTHING);
        assert_eq!(configured(&org.admin.get(&cell(&profile, "deal")).expect(200).body), levels(["own", "anyone", "none", "own"]));
        let deputy = copied(&org.admin_profile, "Deputy");
        for key in ["deal", "task"] {
            assert_eq!(configured(&org.admin.get(&cell(&deputy, key)).expect(200).body), levels(EVERYTHING));
        }
        permit(&org, &deputy, "deal", NOTHING);
        org.admin.delete(&format!("/profiles/{copy}")).expect(204);
    }

    fn a_preview_tells_exactly_what_then_happens(server) {
        let sales = Sales::new(server);
        let steps = [
            ["own", "none", "none", "own"],
            ["own_and_reports", "own", "own", "own"],
            ["own_peers_and_reports", "own_and_reports", "own", "anyone"],
            ["anyone", "own_peers_and_reports", "own_and_reports", "none"],
            ["own", "anyone", "own_peers_and_reports", "own_and_reports"],
            ["own_peers_and_reports", "own_peers_and_reports", "anyone", "own"],
            EVERYTHING,
            NOTHING,
        ];
        let mut present = NOTHING;
        for proposed in steps {
            let before = sales.reached();
            let preview = sales.preview(proposed);
            assert_eq!(sales.reached(), before, "nothing is saved");
            assert_eq!(configured(&preview.body["current"]), levels(present));
            assert_eq!(configured(&preview.body["proposed"]), levels(proposed));
            assert_eq!(preview.body["warnings"], preview.body["proposed"]["warnings"]);
            assert_eq!(preview.body["users"], json!({ "on_profile": 5, "in_good_standing": 4 }));
            put_if(&sales.org.admin, &cell(&sales.profile, "deal"), &tag(&preview), &levels(proposed)).expect(200);
            let after = sales.reached();
            for action in ["view", "edit", "delete"] {
                let counted = counted(&before, &after, action);
                assert_eq!(preview.body["actions"][action], counted, "{action}: {present:?} to {proposed:?}");
            }
            let rank = |level: &str| ["none", "own", "own_and_reports", "own_peers_and_reports", "anyone"].iter().position(|l| *l == level);
            let (was, is) = (rank(present[3]), rank(proposed[3]));
            let create = json!({ "users_gaining": if is > was { 4 } else { 0 }, "users_losing": if is < was { 4 } else { 0 } });
            assert_eq!(preview.body["actions"]["create"], create);
            let affected: BTreeMap<&str, (u64, u64)> = preview.body["most_affected"].as_array().unwrap().iter()
                .map(|user| (user["user_id"].as_str().unwrap(), (user["gained"].as_u64().unwrap(), user["lost"].as_u64().unwrap())))
                .collect();
            for (name, person) in &sales.people {
                let changed = |gained: bool| {
                    let records: BTreeSet<&String> = ["view", "edit", "delete"].iter().flat_map(|action| {
                        let (was, is) = (&before[&(*name, *action)], &after[&(*name, *action)]);
                        if gained { is.difference(was).collect::<Vec<_>>() } else { was.difference(is).collect() }
                    }).collect();
                    records.len() as u64
                };
                let expected = (changed(true), changed(false));
                assert_eq!(affected.get(person.id.as_str()).copied().unwrap_or_default(), expected, "{name}");
            }
            present = proposed;
        }
        let most = sales.preview(EVERYTHING).body["most_affected"][0].clone();
        assert!(most["name"].as_str().unwrap().ends_with(" User"), "{most}");
    }

    fn what_was_foreseen_is_saved_only_while_it_still_holds(server) {
        let sales = Sales::new(server);
        let (org, path) = (&sales.org, cell(&sales.profile, "deal"));
        let proposed = ["own_and_reports", "own", "none", "own"];
        let save = |tag: &str| put_if(&org.admin, &path, tag, &levels(proposed));
        let foreseen = tag(&sales.preview(proposed));
        assert!(foreseen.starts_with("\"preview-"), "{foreseen}");
        put_if(&org.admin, &path, &foreseen, &levels(EVERYTHING)).refused(412, "precondition_failed");

        // What changes nothing about it does no harm.
        org.admin.post("/sessions", json!({ "org": "acme", "email": org.admin_email, "password": "wrong" })).expect(401);
        sales.people["Nora"].client.delete("/session").expect(204);
        object(org, "task");
        let foreseen_now = tag(&sales.preview(proposed));
        let rob = &sales.ids["Rob"];
        let task = json!({ "fields": { "owner": rob } });
        org.admin.post("/objects/task/records", task).expect(201);
        assert_eq!(tag(&sales.preview(proposed)).split('.').next(), foreseen_now.split('.').next());

        // A record comes, changes owners, goes; a role moves; a permission changes.
        let stale = |what: &str, change: &dyn Fn()| {
            let foreseen = tag(&sales.preview(proposed));
            change();
            let refused = save(&foreseen);
            assert_eq!((refused.status, &refused.body["code"]), (412, &json!("precondition_failed")), "{what}");
        };
        let deal = sales.deal(Some("Rob"), None);
        let record = format!("/objects/deal/records/{deal}");
        stale("a record comes", &|| drop(sales.deal(None, None)));
        stale("a record gets another owner", &|| drop(org.admin.patch(&record, json!({ "fields": { "owner": sales.ids["Olga"] } })).expect(200)));
        stale("a record goes", &|| drop(org.admin.delete(&record).expect(204)));
        stale("somebody moves", &|| drop(org.admin.patch(&format!("/users/{rob}"), json!({ "role_id": null })).expect(200)));
        stale("somebody is deactivated", &|| drop(org.admin.post(&format!("/users/{rob}/deactivate"), json!({})).expect(200)));
        stale("the cell itself changes", &|| drop(permit(org, &sales.profile, "deal", ["own", "none", "none", "none"])));
        assert_eq!(configured(&org.admin.get(&path).expect(200).body), levels(["own", "none", "none", "none"]));
        save(&tag(&sales.preview(proposed))).expect(200);
    }

    fn a_preview_of_all_of_them_tells_of_each_object_that_changes(server) {
        let sales = Sales::new(server);
        let (org, profile) = (&sales.org, &sales.profile);
        for key in ["account", "task", "visit"] {
            object(org, key);
        }
        permit(org, profile, "deal", ["own", "own", "none", "own"]);
        permit(org, profile, "task", ["anyone", "none", "none", "none"]);
        permit(org, profile, "visit", ["own", "own", "own", "own"]);
        let path = format!("/profiles/{profile}/permissions");
        let preview = |body: &Value| org.admin.post(&format!("/profiles/{profile}/preview"), body.clone()).expect(200);
        let (present, before) = (org.admin.get(&path).expect(200), sales.reached());
        let events = || org.admin.all(&format!("/audit-events?target_id={profile}&action=permissions.changed")).len();
        let recorded = events();

        // Deals and accounts change, tasks stay, and visits are left out.
        let to = ["own_and_reports", "anyone", "none", "anyone"];
        let proposed = matrix(&[("task", ["anyone", "none", "none", "none"]), ("deal", to), ("account", EVERYTHING)]);
        let foreseen = preview(&proposed);
        assert_eq!(foreseen.body["profile_id"], json!(profile));
        assert_eq!(foreseen.body["users"], json!({ "on_profile": 5, "in_good_standing": 4 }));
        let objects = foreseen.body["objects"].as_array().unwrap();
        let keys: Vec<_> = objects.iter().map(|object| object["object"].as_str().unwrap()).collect();
        assert_eq!(keys, ["account", "deal", "visit"], "those that change, by key");
        for (object, proposed) in objects.iter().zip([EVERYTHING, to, NOTHING]) {
            let path = format!("{}/preview", cell(profile, object["object"].as_str().unwrap()));
            let mut alone = org.admin.post(&path, levels(proposed)).expect(200).body;
            for of_all in ["profile_id", "users"] {
                assert_eq!(alone.as_object_mut().unwrap().remove(of_all), foreseen.body.get(of_all).cloned());
            }
            assert_eq!(object, &alone, "what its preview alone tells");
        }
        assert_eq!(objects[1]["warnings"][0]["code"], "edit_exceeds_view");
        assert_eq!(sales.reached(), before, "nothing is saved");
        let still = org.admin.get(&path).expect(200);
        assert_eq!((&still.body, tag(&still), events()), (&present.body, tag(&present), recorded));

        put_if(&org.admin, &path, &tag(&foreseen), &proposed).expect(200);
        let after = sales.reached();
        for action in ["view", "edit", "delete"] {
            assert_eq!(objects[1]["actions"][action], counted(&before, &after, action), "{action}");
        }
        assert_eq!(events(), recorded + 1);

        // Now nothing would change, and then one object only: as if it were foreseen alone.
        let nothing = preview(&proposed);
        assert_eq!(nothing.body["objects"], json!([]));
        put_if(&org.admin, &path, &tag(&nothing), &proposed).expect(200);
        put_if(&org.admin, &path, &tag(&nothing), &matrix(&[])).refused(412, "precondition_failed");
        let one = matrix(&[("account", EVERYTHING), ("deal", NOTHING), ("task", ["anyone", "none", "none", "none"])]);
        assert_eq!(preview(&one).body["objects"].as_array().unwrap().len(), 1);
        put_if(&org.admin, &path, &tag(&sales.preview(NOTHING)), &one).expect(200);
    }

    fn all_of_them_are_saved_as_foreseen_only_while_that_still_holds(server) {
        let sales = Sales::new(server);
        let (org, profile) = (&sales.org, &sales.profile);
        for key in ["account", "task"] {
            object(org, key);
        }
        let path = format!("/profiles/{profile}/permissions");
        let task = ["own", "none", "none", "none"];
        permit(org, profile, "task", task);
        let proposed = matrix(&[("account", EVERYTHING), ("deal", ["own_and_reports", "own", "none", "own"]), ("task", task)]);
        let preview = || tag(&org.admin.post(&format!("/profiles/{profile}/preview"), proposed.clone()).expect(200));
        let save = |tag: &str| put_if(&org.admin, &path, tag, &proposed);
        let foreseen = preview();
        assert!(foreseen.starts_with("\"preview-"), "{foreseen}");
        let more = matrix(&[("account", EVERYTHING), ("deal", EVERYTHING), ("task", task)]);
        put_if(&org.admin, &path, &foreseen, &more).refused(412, "precondition_failed");
        // A stale tag is told before what else is wrong, so that one looks again first.
        put_if(&org.admin, &path, &foreseen, &matrix(&[("gone", EVERYTHING)])).refused(412, "precondition_failed");

        let roles = org.admin.all("/roles");
        let role = |name: &str| roles.iter().find(|role| role["name"] == name).unwrap()["id"].as_str().unwrap();
        let stale = |what: &str, change: &dyn Fn()| {
            let (foreseen, present) = (preview(), org.admin.get(&path).expect(200));
            change();
            let refused = save(&foreseen);
            assert_eq!((refused.status, &refused.body["code"]), (412, &json!("precondition_failed")), "{what}");
            (present, org.admin.get(&path).expect(200))
        };
        let unchanged = |what: &str, change: &dyn Fn()| {
            let (before, after) = stale(what, change);
            assert_eq!(tag(&before), tag(&after), "{what}: only a preview notices");
            assert_eq!(before.body, after.body, "{what}: nothing is saved");
        };
        unchanged("a role moves", &|| drop(org.admin.patch(&format!("/roles/{}", role("Other")), json!({ "parent_id": null })).expect(200)));
        let deal = sales.deal(Some("Rob"), None);
        let owner = json!({ "fields": { "owner": sales.ids["Olga"] } });
        unchanged("a record gets another owner", &|| drop(org.admin.patch(&format!("/objects/deal/records/{deal}"), owner.clone()).expect(200)));
        let rob = format!("/users/{}", sales.ids["Rob"]);
        unchanged("somebody's access ends", &|| drop(org.admin.post(&format!("{rob}/deactivate"), json!({})).expect(200)));
        let (_, now) = stale("somebody else sets a level", &|| drop(permit(org, profile, "task", ["own", "own", "none", "none"])));
        assert_eq!(configured(&now.body["permissions"][2]), levels(["own", "own", "none", "none"]), "theirs stays");
        assert_eq!(configured(&now.body["permissions"][0]), levels(NOTHING));

        // What changes nothing about it does no harm: a record of an object that stays as it is.
        permit(org, profile, "task", task);
        let foreseen = preview();
        org.admin.post("/objects/task/records", json!({ "fields": { "owner": sales.ids["Olga"] } })).expect(201);
        let saved = save(&foreseen).expect(200);
        assert_eq!(configured(&saved.body["permissions"][0]), levels(EVERYTHING));
        save(&foreseen).refused(412, "precondition_failed");
        save(&tag(&saved)).expect(200);
    }

    fn access_that_ends_by_itself_makes_a_preview_stale_too(server) {
        let org = server.org("acme");
        object(&org, "deal");
        let profile = org.profile("Auditors", &[]);
        let mut invitation = org.invitation(server, "Gus", 5);
        invitation["profile_id"] = json!(profile);
        org.admin.post("/guests", invitation).expect(201);
        server.claim(&org.guest_email("Gus"));
        let proposed = levels(["anyone", "none", "none", "none"]);
        let preview = org.admin.post(&format!("{}/preview", cell(&profile, "deal")), proposed.clone()).expect(200);
        assert_eq!(preview.body["users"], json!({ "on_profile": 1, "in_good_standing": 1 }));
        server.advance(Duration::days(7));
        put_if(&org.admin, &cell(&profile, "deal"), &tag(&preview), &proposed).refused(412, "precondition_failed");
        let all = matrix(&[("deal", ["anyone", "none", "none", "none"])]);
        put_if(&org.admin, &format!("/profiles/{profile}/permissions"), &tag(&preview), &all).refused(412, "precondition_failed");
        let preview = org.admin.post(&format!("{}/preview", cell(&profile, "deal")), proposed.clone()).expect(200);
        assert_eq!(preview.body["users"], json!({ "on_profile": 1, "in_good_standing": 0 }));
        put_if(&org.admin, &cell(&profile, "deal"), &tag(&preview), &proposed).expect(200);
    }

    fn a_cell_that_somebody_else_has_set_meanwhile_is_not_overwritten(server) {
        let org = server.org("acme");
        object(&org, "deal");
        let profile = org.profile("Sales", &[]);
        let path = cell(&profile, "deal");
        let first = tag(&org.admin.get(&path).expect(200));
        put_if(&org.admin, &path, &first, &levels(["own", "none", "none", "none"])).expect(200);
        put_if(&org.admin, &path, &first, &levels(EVERYTHING)).refused(412, "precondition_failed");
        put_if(&org.admin, &path, "\"never\"", &levels(EVERYTHING)).refused(412, "precondition_failed");
        let second = tag(&org.admin.get(&path).expect(200));
        let known = Client::send(org.admin.request("GET", &path).header("if-none-match", &second));
        assert_eq!(known.status, 304);
        put_if(&org.admin, &path, &second, &levels(EVERYTHING)).expect(200);
    }

    fn many_cells_are_set_at_once(server) {
        let sales = Sales::new(server);
        let org = &sales.org;
        object(org, "task");
        let other = org.profile("Other", &[]);
        permit(org, &other, "task", ["own", "own", "own", "anyone"]);
        let bulk = |dry_run: bool| json!({
            "profiles": [sales.profile, other, sales.profile], "objects": ["deal", "task"],
            "permissions": { "view": "own_and_reports", "edit": "own" }, "dry_run": dry_run,
        });
        let before = sales.reached();
        let dry = org.admin.post("/permissions/bulk", bulk(true)).expect(200);
        assert_eq!(sales.reached(), before, "a dry run changes nothing");
        assert_eq!(dry.body["applied"], false);
        let results = dry.body["results"].as_array().unwrap();
        let named: Vec<_> = results.iter().map(|r| (r["profile_id"].as_str().unwrap(), r["object"].as_str().unwrap())).collect();
        assert_eq!(named, [(sales.profile.as_str(), "deal"), (&sales.profile, "task"), (&other, "deal"), (&other, "task")]);
        assert!(results.iter().all(|result| result["status"] == "changed"));
        assert_eq!(configured(&results[3]["before"]), levels(["own", "own", "own", "anyone"]));
        assert_eq!(configured(&results[3]["after"]), levels(["own_and_reports", "own", "own", "anyone"]), "what is not said stays");

        let real = org.admin.request("POST", "/permissions/bulk").header("if-match", tag(&dry)).json(&bulk(false));
        let real = Client::send(real).expect(200);
        assert_eq!((&real.body["applied"], real.body["results"].as_array().unwrap().len()), (&json!(true), 4));
        for (foreseen, done) in results.iter().zip(real.body["results"].as_array().unwrap()) {
            for member in ["profile_id", "object", "status", "before", "after"] {
                assert_eq!(foreseen[member], done[member]);
            }
        }
        let after = sales.reached();
        for action in ["view", "edit", "delete"] {
            let counted = counted(&before, &after, action);
            assert_eq!(results[0]["impact"][action], counted, "{action}");
            assert_eq!(dry.body["totals"][action], counted, "nobody else is there to gain anything: {action}");
        }
        assert_eq!(configured(&org.admin.get(&cell(&other, "deal")).expect(200).body), levels(["own_and_reports", "own", "none", "none"]));
        let again = org.admin.post("/permissions/bulk", bulk(true)).expect(200);
        assert!(again.body["results"].as_array().unwrap().iter().all(|result| result["status"] == "unchanged"));
        assert_eq!(again.body["totals"]["view"]["grants_gained"], 0);
        let stale = org.admin.request("POST", "/permissions/bulk").header("if-match", tag(&dry)).json(&bulk(false));
        Client::send(stale).refused(412, "precondition_failed");
        let events = org.admin.all(&format!("/audit-events?target_id={}&action=permissions.changed", sales.profile));
        assert_eq!(events.len(), 1);
        assert_eq!(events[0]["changes"].as_object().unwrap().len(), 2);
    }

    fn many_cells_are_set_or_none(server) {
        let (org, stranger) = (server.org("acme"), server.org("globex"));
        object(&org, "deal");
        let profile = org.profile("Sales", &[]);
        for (profiles, objects, code, status) in [
            (json!([profile, org.admin_profile]), json!(["deal"]), "profile_not_editable", 409),
            (json!([profile, NEVER]), json!(["deal"]), "not_found", 404),
            (json!([profile, stranger.default_profile]), json!(["deal"]), "not_found", 404),
            (json!([profile]), json!(["deal", "nothing"]), "not_found", 404),
        ] {
            for dry_run in [true, false] {
                let body = json!({ "profiles": profiles, "objects": objects, "permissions": { "view": "anyone" }, "dry_run": dry_run });
                let report = org.admin.post("/permissions/bulk", body).expect(200).body;
                assert_eq!(report["applied"], false, "{code}");
                assert_eq!(report["results"][0]["status"], "changed", "it would, alone");
                assert_eq!(report["results"][1]["status"], "refused");
                assert_eq!(report["results"][1]["error"]["code"], code);
                assert_eq!(report["results"][1]["error"]["status"], status);
            }
        }
        assert_eq!(configured(&org.admin.get(&cell(&profile, "deal")).expect(200).body), levels(NOTHING));
        let post = |body: Value| org.admin.post("/permissions/bulk", body);
        let view = json!({ "view": "own" });
        post(json!({ "profiles": [], "objects": ["deal"], "permissions": view })).refused(422, "required").blaming("/profiles");
        post(json!({ "profiles": [profile], "objects": [], "permissions": view })).refused(422, "required").blaming("/objects");
        post(json!({ "profiles": [profile], "objects": ["deal"], "permissions": {} })).refused(422, "required").blaming("/permissions");
        let most: Vec<String> = (0..51).map(|n| format!("o{n}")).collect();
        post(json!({ "profiles": [profile], "objects": most, "permissions": view })).refused(422, "too_many_items").blaming("/objects");
        post(json!({ "profiles": [profile], "objects": ["deal"], "permissions": { "view": null } })).refused(400, "invalid_type");
        post(json!({ "profiles": [profile], "objects": ["deal"], "permissions": { "share": "own" } })).refused(400, "unknown_field");
        post(json!({ "profiles": ["x"], "objects": ["deal"], "permissions": view })).expect(400);
    }

    fn profiles_and_objects_of_another_org_do_not_exist_here(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        object(&org, "deal");
        object(&other, "secret");
        let told = |reply: Reply| {
            let mut body = reply.refused(404, "not_found").body;
            body.as_object_mut().unwrap().retain(|key, _| key != "instance" && key != "request_id");
            body
        };
        let ask = |profile: &str, object: &str| {
            let path = cell(profile, object);
            [
                told(org.admin.get(&path)),
                told(org.admin.put(&path, levels(EVERYTHING))),
                told(org.admin.post(&format!("{path}/preview"), levels(EVERYTHING))),
            ]
        };
        let never = ask(NEVER, "deal");
        assert_eq!(ask(&other.default_profile, "deal"), never);
        assert_eq!(ask(&org.default_profile, "secret"), never);
        assert_eq!(ask(&org.default_profile, "never_was"), never);
        assert_eq!(ask("7", "deal"), never);
        for profile in [other.default_profile.as_str(), NEVER, "7"] {
            let path = format!("/profiles/{profile}/permissions");
            told(org.admin.get(&path));
            told(org.admin.put(&path, json!({ "permissions": [] })));
            told(org.admin.post(&format!("/profiles/{profile}/preview"), json!({ "permissions": [] })));
        }
        // Nor are there objects of another org.
        let theirs = matrix(&[("secret", EVERYTHING)]);
        org.admin.post(&format!("/profiles/{}/preview", org.default_profile), theirs).refused(422, "unknown_reference").blaming("/permissions/0/object");
    }
}
