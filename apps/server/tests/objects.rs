//! Objects and fields over HTTP: made, changed, removed, with everything that follows for the records there are.

use serde_json::{Value, json};
use uuid::Uuid;
use vestibule_custom_objects::{FieldNumber, Object};
use vestibule_persistence::ids::OrgId;
use vestibule_persistence::objects::{self as stored_objects, StoredObject};
use vestibule_persistence::{StoreError, records};
use vestibule_server::clock::Clock;

use crate::harness::{Client, Reply, TestOrg, TestServer, both_databases};

/// A field of this type with nothing special about it.
fn field(key: &str, field_type: &str) -> Value {
    json!({ "key": key, "label": key, "type": field_type })
}

/// The same with more said about it.
fn field_with(key: &str, field_type: &str, more: Value) -> Value {
    let mut field = field(key, field_type);
    field
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    field
}

/// A deal has a name, a stage, an owner, and a helper who owns nothing.
fn deal() -> Value {
    json!({
        "key": "deal", "singular": "Deal", "plural": "Deals",
        "fields": [
            field("name", "text"),
            field_with("stage", "choice", json!({ "options": ["open", "won", "lost"] })),
            field_with("owner", "user", json!({ "represents_ownership": true })),
            field("helper", "user"),
        ],
    })
}

fn make_deal(org: &TestOrg) -> Reply {
    org.admin.post("/objects", deal()).expect(201)
}

#[track_caller]
fn record(client: &Client, fields: Value) -> String {
    client
        .post("/objects/deal/records", json!({ "fields": fields }))
        .expect(201)
        .id()
}

fn owners(client: &Client, record: &str) -> Value {
    client
        .get(&format!("/objects/deal/records/{record}"))
        .expect(200)
        .body["owners"]
        .clone()
}

fn keys(object: &Value) -> Vec<&str> {
    object["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["key"].as_str().unwrap())
        .collect()
}

fn field_of<'o>(object: &'o Value, key: &str) -> &'o Value {
    object["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["key"] == key)
        .unwrap()
}

/// A guest who may change objects, signed in.
fn guest_with_objects(server: &TestServer, org: &TestOrg) -> Client {
    let profile = org.profile("Guests with objects", &["manage_objects"]);
    let mut invitation = org.invitation(server, "Gus", 30);
    invitation["profile_id"] = json!(profile);
    org.admin.post("/guests", invitation).expect(201);
    server.claim(&org.guest_email("Gus"))
}

fn org_id(org: &TestOrg) -> OrgId {
    org.id.parse::<Uuid>().unwrap().into()
}

/// Makes so many records with these fields, as fast as the API takes them.
fn many(client: &Client, count: usize, fields: &Value) {
    let items = vec![json!({ "fields": fields }); count];
    for some in items.chunks(1_000) {
        let report = client
            .post(
                "/objects/deal/records/bulk",
                json!({ "action": "create", "items": some }),
            )
            .expect(200);
        assert_eq!(report.body["succeeded"], some.len());
    }
}

fn total(client: &Client) -> Value {
    client
        .get("/objects/deal/records?limit=1&count=true")
        .expect(200)
        .body["total"]
        .clone()
}

both_databases! {
    fn an_object_is_made_shown_changed_and_deleted(server) {
        let org = server.org("acme");
        let made = make_deal(&org);
        assert_eq!(made.header("location"), Some("/api/v1/objects/deal"));
        assert_eq!(made.body["ownership_change"], Value::Null);
        assert_eq!(made.body["can"], json!({ "create": true }), "Admin may, and nobody else");
        assert_eq!(keys(&made.body), ["name", "stage", "owner", "helper"]);
        assert_eq!(
            made.body["fields"][0],
            json!({ "key": "name", "label": "name", "type": "text", "help": null, "required": false, "unique": false, "default": null }),
            "what does not apply to a type is left out"
        );
        assert_eq!(made.body["fields"][1]["options"], json!(["open", "won", "lost"]));
        assert_eq!(made.body["fields"][2]["represents_ownership"], true);
        assert_eq!(made.body["fields"][3]["represents_ownership"], false);
        assert!(made.body["fields"][3].get("default").is_none());
        let shown = org.admin.get("/objects/deal").expect(200);
        assert_eq!((&shown.body, shown.header("etag")), (&made.body, made.header("etag")));
        let patch = json!({ "singular": "Sale", "field_order": ["owner", "name", "helper", "stage"], "key": "deal" });
        let changed = org.admin.patch("/objects/deal", patch.clone()).expect(200);
        assert_eq!((&changed.body["singular"], &changed.body["plural"]), (&json!("Sale"), &json!("Deals")));
        assert_eq!(keys(&changed.body), ["owner", "name", "helper", "stage"]);
        assert_ne!(changed.header("etag"), made.header("etag"));
        let same = org.admin.patch("/objects/deal", patch).expect(200);
        assert_eq!(same.header("etag"), changed.header("etag"), "nothing changed");
        org.admin.delete("/objects/deal").expect(204);
        org.admin.get("/objects/deal").refused(404, "not_found");
        org.admin.patch("/objects/deal", json!({})).refused(404, "not_found");
        org.admin.delete("/objects/deal").refused(404, "not_found");
        let events = org.admin.all(&format!("/audit-events?target_id={}", made.id()));
        let mut actions: Vec<_> = events.iter().map(|event| event["action"].as_str().unwrap()).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["object.created", "object.deleted", "object.updated"]);
        let updated = events.iter().find(|event| event["action"] == "object.updated").unwrap();
        assert_eq!(updated["changes"]["singular"], json!({ "before": "Deal", "after": "Sale" }));
    }

    fn every_field_type_is_kept_with_what_belongs_to_it(server) {
        let org = server.org("acme");
        org.admin.post("/objects", json!({ "key": "account", "singular": "Account", "plural": "Accounts" })).expect(201);
        let options = json!({ "options": ["a", "b"] });
        let fields = json!([
            field_with("text", "text", json!({ "default": "x", "help": "Say it", "required": true, "unique": true })),
            field_with("number", "number", json!({ "default": 1.50 })),
            field_with("boolean", "boolean", json!({ "default": false })),
            field_with("date", "date", json!({ "default": "2026-02-28" })),
            field("date_time", "date_time"),
            field_with("choice", "choice", json!({ "options": ["a", "b"], "default": "b" })),
            field_with("multi_choice", "multi_choice", options),
            field("email", "email"), field("url", "url"), field("phone", "phone"),
            field("currency", "currency"), field("percentage", "percentage"), field("user", "user"),
            field_with("record", "record", json!({ "object": "account" })),
            field_with("parent", "record", json!({ "object": "thing" })),
        ]);
        let body = json!({ "key": "thing", "singular": "Thing", "plural": "Things", "fields": fields });
        let made = org.admin.post("/objects", body).expect(201).body;
        let text = field_of(&made, "text");
        assert_eq!((&text["help"], &text["required"], &text["unique"]), (&json!("Say it"), &json!(true), &json!(true)));
        for (key, default) in [("text", json!("x")), ("number", json!(1.5)), ("boolean", json!(false)), ("choice", json!("b")), ("email", Value::Null)] {
            assert_eq!(field_of(&made, key)["default"], default, "{key}");
        }
        assert_eq!(field_of(&made, "record")["object"], "account");
        assert_eq!(field_of(&made, "parent")["object"], "thing", "an object may look up itself");
        for field in made["fields"].as_array().unwrap() {
            let field_type = field["type"].as_str().unwrap();
            let has = |member: &str| field.get(member).is_some();
            assert_eq!(has("options"), field_type.ends_with("choice"), "{field}");
            assert_eq!(has("object"), field_type == "record", "{field}");
            assert_eq!(has("represents_ownership"), field_type == "user", "{field}");
            assert_eq!(has("default"), field_type != "user" && field_type != "record", "{field}");
        }
        assert_eq!(org.admin.get("/objects/thing").expect(200).body, made);
    }

    fn what_is_wrong_with_an_object_is_told_with_its_place(server) {
        let org = server.org("acme");
        make_deal(&org);
        let post = |body: Value| org.admin.post("/objects", body);
        let with = |fields: Value| post(json!({ "key": "thing", "singular": "T", "plural": "Ts", "fields": fields }));
        post(json!({ "key": "deal", "singular": "D", "plural": "Ds" })).refused(409, "object_key_taken").blaming("/key");
        for key in ["Deal", "1st", "", "a-b", "ä", &"x".repeat(41)] {
            post(json!({ "key": key, "singular": "T", "plural": "Ts" })).refused(422, "invalid_key").blaming("/key");
        }
        post(json!({ "key": "thing", "singular": " ", "plural": "Ts" })).refused(422, "required").blaming("/singular");
        post(json!({ "key": "thing", "singular": "T", "plural": "x".repeat(101) })).refused(422, "too_long").blaming("/plural");
        post(json!({ "key": "thing", "singular": "T" })).refused(400, "missing_field").blaming("/plural");
        for unknown in ["id", "org_id", "created_at", "version", "ownership_change", "can"] {
            let mut body = json!({ "key": "thing", "singular": "T", "plural": "Ts" });
            body[unknown] = json!("x");
            post(body).refused(400, "unknown_field").blaming(&format!("/{unknown}"));
        }
        with(json!([field_with("a", "text", json!({ "number": 7 }))])).refused(400, "unknown_field").blaming("/fields/0/number");
        with(json!([field("a", "colour")])).refused(422, "invalid_value").blaming("/fields/0/type");
        with(json!([field("owners", "text")])).refused(422, "invalid_key").blaming("/fields/0/key");
        with(json!([field("a", "text"), field("a", "number")])).refused(409, "field_key_taken").blaming("/fields/1/key");
        with(json!([field("a", "choice")])).refused(422, "options_needed").blaming("/fields/0/options");
        let twice = with(json!([field_with("a", "choice", json!({ "options": ["x", "X"] }))]));
        twice.refused(422, "option_twice").blaming("/fields/0/options");
        with(json!([field_with("a", "text", json!({ "options": ["x"] }))])).refused(422, "options_not_for_type");
        with(json!([field("a", "record")])).refused(422, "object_needed").blaming("/fields/0/object");
        let lost = with(json!([field_with("a", "record", json!({ "object": "nothing" }))]));
        lost.refused(422, "unknown_reference").blaming("/fields/0/object");
        with(json!([field_with("a", "text", json!({ "object": "deal" }))])).refused(422, "object_not_for_type");
        let flagged = with(json!([field_with("a", "text", json!({ "represents_ownership": true }))]));
        flagged.refused(422, "ownership_not_for_type").blaming("/fields/0/represents_ownership");
        with(json!([field_with("a", "boolean", json!({ "unique": true }))])).refused(422, "unique_not_for_type").blaming("/fields/0/unique");
        let wrong_type = with(json!([field_with("a", "number", json!({ "default": "1" }))]));
        wrong_type.refused(400, "invalid_type").blaming("/fields/0/default");
        let wrong_value = with(json!([field_with("a", "choice", json!({ "options": ["x"], "default": "y" }))]));
        wrong_value.refused(422, "unknown_option").blaming("/fields/0/default");
        let default = with(json!([field_with("a", "user", json!({ "default": org.admin_id }))]));
        default.refused(422, "default_not_for_type").blaming("/fields/0/default");
        let several = with(json!([field("A", "text"), field_with("b", "text", json!({ "label": "" }))]));
        several.refused(422, "validation_failed").blaming("/fields/0/key").blaming("/fields/1/label");
        org.admin.get("/objects/thing").refused(404, "not_found");
    }

    fn an_object_has_at_most_a_hundred_fields_of_which_ten_name_users(server) {
        let org = server.org("acme");
        let texts = |count: usize| -> Vec<Value> { (0..count).map(|n| field(&format!("t{n}"), "text")).collect() };
        let users = |count: usize| -> Vec<Value> { (0..count).map(|n| field(&format!("u{n}"), "user")).collect() };
        let body = |key: &str, fields: Vec<Value>| json!({ "key": key, "singular": "T", "plural": "Ts", "fields": fields });
        org.admin.post("/objects", body("big", texts(101))).refused(409, "too_many_fields");
        org.admin.post("/objects", body("big", users(11))).refused(409, "too_many_user_fields").blaming("/fields/10/type");
        let full = [texts(90), users(10)].concat();
        let made = org.admin.post("/objects", body("big", full)).expect(201);
        assert_eq!(keys(&made.body).len(), 100);
        org.admin.post("/objects/big/fields", field("one_more", "text")).refused(409, "too_many_fields");
        org.admin.delete("/objects/big/fields/t0").expect(204);
        org.admin.post("/objects/big/fields", field("one_more", "user")).refused(409, "too_many_user_fields");
        org.admin.post("/objects/big/fields", field("one_more", "text")).expect(201);
    }

    fn an_org_has_at_most_five_hundred_objects(server) {
        let org = server.org("acme");
        let (id, now) = (org_id(&org), server.clock.now());
        let database = server.database();
        let filled = database.write(id, |tx| {
            for n in 0..499 {
                let object = Object::new(Clock::new_id(now).into(), &format!("o{n:03}"), "O", "Os", Vec::new()).unwrap();
                stored_objects::insert(tx, id, &StoredObject::new(object, now))?;
            }
            Ok::<_, StoreError>(())
        });
        filled.unwrap();
        make_deal(&org);
        let refused = org.admin.post("/objects", json!({ "key": "more", "singular": "M", "plural": "Ms" }));
        refused.refused(409, "too_many_objects");
        assert_eq!(org.admin.all("/objects?limit=200").len(), 500);
        server.org("other").admin.post("/objects", deal()).expect(201);
    }

    fn a_field_is_added_changed_and_removed(server) {
        let org = server.org("acme");
        let made = make_deal(&org);
        let old = record(&org.admin, json!({ "name": "Old" }));
        let added = org.admin.post("/objects/deal/fields", field_with("amount", "currency", json!({ "default": 5 }))).expect(201);
        assert_eq!(added.header("location"), Some("/api/v1/objects/deal"));
        assert_eq!(keys(&added.body), ["name", "stage", "owner", "helper", "amount"]);
        assert_ne!(added.header("etag"), made.header("etag"));
        let path = |id: &str| format!("/objects/deal/records/{id}");
        assert_eq!(org.admin.get(&path(&old)).expect(200).body["fields"]["amount"], Value::Null, "the default is for new ones");
        let new = record(&org.admin, json!({ "name": "New" }));
        assert_eq!(org.admin.get(&path(&new)).expect(200).body["fields"]["amount"], 5);
        let patch = json!({ "label": "Amount", "help": "Without tax", "required": true, "default": null });
        let changed = org.admin.patch("/objects/deal/fields/amount", patch.clone()).expect(200);
        let amount = field_of(&changed.body, "amount");
        assert_eq!((&amount["label"], &amount["help"], &amount["required"]), (&json!("Amount"), &json!("Without tax"), &json!(true)));
        assert_eq!(amount["default"], Value::Null);
        let same = org.admin.patch("/objects/deal/fields/amount", patch).expect(200);
        assert_eq!(same.header("etag"), changed.header("etag"), "nothing changed");
        org.admin.post("/objects/deal/records", json!({ "fields": { "name": "X" } })).refused(400, "missing_field");
        org.admin.delete("/objects/deal/fields/amount").expect(204);
        org.admin.delete("/objects/deal/fields/amount").refused(404, "not_found");
        org.admin.patch("/objects/deal/fields/amount", json!({})).refused(404, "not_found");
        assert_eq!(keys(&org.admin.get("/objects/deal").expect(200).body), ["name", "stage", "owner", "helper"]);
        let mut actions: Vec<String> = org.admin.all(&format!("/audit-events?target_id={}", made.id())).iter()
            .map(|event| event["action"].as_str().unwrap().to_owned()).collect();
        actions.sort_unstable();
        assert_eq!(actions, ["field.added", "field.removed", "field.updated", "object.created"]);
    }

    fn what_is_wrong_with_a_field_is_told_with_its_place(server) {
        let org = server.org("acme");
        make_deal(&org);
        let post = |body: Value| org.admin.post("/objects/deal/fields", body);
        post(field("name", "text")).refused(409, "field_key_taken").blaming("/key");
        post(field("Name", "text")).refused(422, "invalid_key").blaming("/key");
        post(field("created_at", "text")).refused(422, "invalid_key").blaming("/key");
        post(json!({ "key": "x", "label": "", "type": "text" })).refused(422, "required").blaming("/label");
        post(field_with("x", "record", json!({ "object": "nothing" }))).refused(422, "unknown_reference").blaming("/object");
        post(field_with("x", "date", json!({ "default": "soon" }))).refused(422, "invalid_date").blaming("/default");
        post(json!({ "label": "X", "type": "text" })).refused(400, "missing_field").blaming("/key");
        post(field_with("x", "text", json!({ "place": 1 }))).refused(400, "unknown_field").blaming("/place");
        let patch = |field: &str, body: Value| org.admin.patch(&format!("/objects/deal/fields/{field}"), body);
        patch("name", json!({ "key": "title" })).refused(409, "key_fixed").blaming("/key");
        patch("name", json!({ "type": "number" })).refused(409, "type_fixed").blaming("/type");
        patch("name", json!({ "object": "deal" })).refused(409, "object_fixed").blaming("/object");
        patch("name", json!({ "key": "name", "type": "text", "object": null })).expect(200);
        patch("name", json!({ "represents_ownership": true })).refused(422, "ownership_not_for_type");
        patch("name", json!({ "options": ["a"] })).refused(422, "options_not_for_type").blaming("/options");
        patch("owner", json!({ "unique": true })).refused(422, "unique_not_for_type").blaming("/unique");
        patch("stage", json!({ "options": [] })).refused(422, "options_needed").blaming("/options");
        patch("stage", json!({ "default": "nothing" })).refused(422, "unknown_option").blaming("/default");
        patch("stage", json!({ "default": 1 })).refused(400, "invalid_type").blaming("/default");
        patch("stage", json!({ "default": "open" })).expect(200);
        patch("stage", json!({ "options": ["won", "lost"] })).refused(422, "unknown_option").blaming("/options");
        patch("name", json!({ "label": null })).refused(400, "invalid_type").blaming("/label");
        patch("name", json!({ "number": 9 })).refused(400, "unknown_field").blaming("/number");
        let object = |body: Value| org.admin.patch("/objects/deal", body);
        object(json!({ "key": "sale" })).refused(409, "key_fixed").blaming("/key");
        object(json!({ "plural": "" })).refused(422, "required").blaming("/plural");
        for order in [json!(["name"]), json!(["name", "name", "owner", "helper"]), json!(["name", "stage", "owner", "Helper"])] {
            object(json!({ "field_order": order })).refused(422, "incomplete_order").blaming("/field_order");
        }
        object(json!({ "fields": [] })).refused(400, "unknown_field").blaming("/fields");
        assert_eq!(org.admin.get("/objects/deal").expect(200).body["plural"], "Deals", "nothing half-written");
    }

    fn an_option_that_records_have_stays(server) {
        let org = server.org("acme");
        make_deal(&org);
        org.admin.post("/objects/deal/fields", field_with("tags", "multi_choice", json!({ "options": ["red", "blue"] }))).expect(201);
        let id = record(&org.admin, json!({ "name": "A", "stage": "won", "tags": ["blue"] }));
        let options = |field: &str, options: Value| {
            org.admin.patch(&format!("/objects/deal/fields/{field}"), json!({ "options": options }))
        };
        let refused = options("stage", json!(["open", "lost"])).refused(409, "option_in_use").blaming("/options");
        assert!(refused.text("detail").contains("won"), "{}", refused.text);
        options("tags", json!(["red"])).refused(409, "option_in_use");
        let changed = options("stage", json!(["lost", "won", "parked"])).expect(200);
        assert_eq!(field_of(&changed.body, "stage")["options"], json!(["lost", "won", "parked"]), "unused ones go");
        options("tags", json!(["blue"])).expect(200);
        org.admin.patch(&format!("/objects/deal/records/{id}"), json!({ "fields": { "stage": "parked" } })).expect(200);
        options("stage", json!(["parked"])).expect(200);
    }

    fn values_that_occur_twice_cannot_become_unique(server) {
        let org = server.org("acme");
        make_deal(&org);
        let first = record(&org.admin, json!({ "name": "Crane" }));
        record(&org.admin, json!({ "name": "crane" }));
        record(&org.admin, json!({}));
        record(&org.admin, json!({}));
        let unique = |on: bool| org.admin.patch("/objects/deal/fields/name", json!({ "unique": on }));
        unique(true).refused(409, "value_not_unique").blaming("/unique");
        assert_eq!(field_of(&org.admin.get("/objects/deal").expect(200).body, "name")["unique"], false);
        org.admin.patch(&format!("/objects/deal/records/{first}"), json!({ "fields": { "name": "Ship" } })).expect(200);
        assert_eq!(field_of(&unique(true).expect(200).body, "name")["unique"], true);
        let again = json!({ "fields": { "name": "SHIP" } });
        org.admin.post("/objects/deal/records", again.clone()).refused(409, "value_not_unique");
        unique(false).expect(200);
        org.admin.post("/objects/deal/records", again).expect(201);
        let long = record(&org.admin, json!({ "name": "x".repeat(9_000) }));
        unique(true).refused(409, "value_too_long").blaming("/unique");
        org.admin.delete(&format!("/objects/deal/records/{long}")).expect(204);
        unique(true).refused(409, "value_not_unique");
    }

    fn a_removed_field_takes_its_values_along(server) {
        let org = server.org("acme");
        let object: Uuid = make_deal(&org).id().parse().unwrap();
        let id = record(&org.admin, json!({ "name": "A", "stage": "won", "helper": org.admin_id }));
        let stage = FieldNumber::new(2);
        let holds = || {
            let uses = server.database().read(|tx| records::uses_option(tx, org_id(&org), object.into(), stage, "won"));
            uses.map_err(|error: StoreError| error).unwrap()
        };
        assert!(holds());
        org.admin.delete("/objects/deal/fields/stage").expect(204);
        assert!(!holds(), "the value is erased");
        let shown = org.admin.get(&format!("/objects/deal/records/{id}")).expect(200);
        assert!(shown.body["fields"].get("stage").is_none());
        assert_eq!(shown.body["fields"]["name"], "A");
        let again = field_with("stage", "choice", json!({ "options": ["won"] }));
        org.admin.post("/objects/deal/fields", again).expect(201);
        let shown = org.admin.get(&format!("/objects/deal/records/{id}")).expect(200);
        assert_eq!(shown.body["fields"]["stage"], Value::Null, "a new field of the same name starts empty");
        org.admin.delete("/objects/deal/fields/helper").expect(204);
        assert_eq!(owners(&org.admin, &id), json!([org.admin_id]), "the owner stays");
    }

    fn another_meaning_of_ownership_holds_at_once_on_a_small_object(server) {
        let org = server.org("acme");
        let object = make_deal(&org).id();
        let (ada, ben) = (org.user("Ada")["id"].clone(), org.user("Ben")["id"].clone());
        let id = record(&org.admin, json!({ "name": "A", "owner": ada, "helper": ben }));
        assert_eq!(owners(&org.admin, &id), json!([ada]));
        let flag = |field: &str, on: bool| {
            org.admin.patch(&format!("/objects/deal/fields/{field}"), json!({ "represents_ownership": on }))
        };
        let both = flag("helper", true).expect(200);
        assert_eq!(both.body["ownership_change"], Value::Null);
        assert_eq!(field_of(&both.body, "helper")["represents_ownership"], true);
        let mut expected = vec![ada.as_str().unwrap(), ben.as_str().unwrap()];
        expected.sort_unstable();
        assert_eq!(owners(&org.admin, &id), json!(expected));
        let shown = org.admin.get("/objects/deal").expect(200);
        assert_eq!(both.header("etag"), shown.header("etag"), "the answer has the version that counts");
        // One of several goes, with its values; the last one does not, until it owns nothing any more.
        org.admin.delete("/objects/deal/fields/owner").expect(204);
        assert_eq!(owners(&org.admin, &id), json!([ben]));
        org.admin.delete("/objects/deal/fields/helper").refused(409, "last_ownership_field");
        flag("helper", false).expect(200);
        assert_eq!(owners(&org.admin, &id), json!([]), "unowned, and still there for who sees everything");
        flag("helper", true).expect(200);
        assert_eq!(owners(&org.admin, &id), json!([ben]));
        let events = org.admin.all(&format!("/audit-events?target_id={object}&action=object.ownership_changed"));
        assert_eq!(events.len(), 4);
        let first = events.iter().find(|event| event["changes"]["ownership_fields"]["after"] == json!(["owner", "helper"]));
        assert_eq!(first.unwrap()["changes"]["ownership_fields"]["before"], json!(["owner"]));
    }

    fn who_owns_what_decides_from_the_same_moment_on(server) {
        let org = server.org("acme");
        make_deal(&org);
        let profile = org.profile("Own", &[]);
        let levels = json!({ "view": "own", "edit": "own", "delete": "none", "create": "own" });
        org.admin.put(&format!("/profiles/{profile}/permissions/deal"), levels).expect(200);
        let ben = org.user_with("Ben", json!({ "profile_id": profile }))["id"].clone();
        let client = server.claim(&org.user_email("Ben"));
        record(&org.admin, json!({ "name": "A", "helper": ben }));
        assert_eq!(total(&client), 0);
        org.admin.patch("/objects/deal/fields/helper", json!({ "represents_ownership": true })).expect(200);
        assert_eq!(total(&client), 1);
        org.admin.delete("/objects/deal/fields/helper").expect(204);
        assert_eq!(total(&client), 0);
    }

    fn on_a_large_object_the_old_meaning_holds_until_the_worker_is_through(server) {
        let org = server.org("acme");
        make_deal(&org);
        let profile = org.profile("Own", &[]);
        let levels = json!({ "view": "own", "edit": "own", "delete": "own", "create": "own" });
        org.admin.put(&format!("/profiles/{profile}/permissions/deal"), levels).expect(200);
        let person = |name: &str| {
            let id = org.user_with(name, json!({ "profile_id": profile }))["id"].clone();
            (id, server.claim(&org.user_email(name)))
        };
        let ((ada, adas), (ben, bens)) = (person("Ada"), person("Ben"));
        many(&org.admin, 2_001, &json!({ "name": "A", "owner": ada, "helper": ben }));
        let flag = |field: &str, on: bool| {
            org.admin.patch(&format!("/objects/deal/fields/{field}"), json!({ "represents_ownership": on }))
        };

        let started = flag("helper", true).expect(202);
        assert_eq!(started.body["ownership_change"], json!({ "done": 0, "total": 2_001, "fields": ["owner", "helper"] }));
        assert_eq!(field_of(&started.body, "helper")["represents_ownership"], false);
        assert_eq!((total(&adas), total(&bens)), (json!(2_001), json!(0)), "the old meaning");
        // While it lasts: no other change of ownership, everything else as ever.
        flag("owner", false).refused(409, "ownership_change_running");
        org.admin.delete("/objects/deal/fields/owner").refused(409, "ownership_change_running");
        org.admin.delete("/objects/deal/fields/helper").refused(409, "ownership_change_running");
        let more = field_with("boss", "user", json!({ "represents_ownership": true }));
        org.admin.post("/objects/deal/fields", more).refused(409, "ownership_change_running");
        org.admin.patch("/objects/deal/fields/name", json!({ "label": "Name" })).expect(200);
        org.admin.post("/objects/deal/fields", field("note", "text")).expect(201);
        record(&org.admin, json!({ "name": "New", "owner": ada, "helper": ben }));
        assert_eq!((total(&adas), total(&bens)), (json!(2_002), json!(0)));

        server.tick();
        let done = org.admin.get("/objects/deal").expect(200);
        assert_eq!(done.body["ownership_change"], Value::Null);
        assert_eq!(field_of(&done.body, "helper")["represents_ownership"], true);
        assert_eq!((total(&adas), total(&bens)), (json!(2_002), json!(2_002)), "the new meaning");

        let going = org.admin.delete("/objects/deal/fields/owner").expect(202);
        assert_eq!(going.body["ownership_change"]["fields"], json!(["helper"]));
        assert!(keys(&going.body).contains(&"owner"), "it says who owns what until it is gone");
        assert_eq!((total(&adas), total(&bens)), (json!(2_002), json!(2_002)));
        server.tick();
        let gone = org.admin.get("/objects/deal").expect(200);
        assert_eq!(keys(&gone.body), ["name", "stage", "helper", "note"]);
        assert_eq!((total(&adas), total(&bens)), (json!(0), json!(2_002)));
        let changed = |holds: &str| {
            let events = org.admin.all("/audit-events?action=object.ownership_changed");
            events.iter().filter(|event| event["changes"]["holds"]["after"] == holds).count()
        };
        assert_eq!((changed("later"), changed("now")), (2, 2), "asked for, and done");
        org.admin.delete("/objects/deal/fields/note").expect(204);
        assert_eq!(keys(&org.admin.get("/objects/deal").expect(200).body), ["name", "stage", "helper"], "at once");
        server.tick();
        let object: Uuid = gone.id().parse().unwrap();
        let waiting = server.database().read(|tx| vestibule_persistence::object_tasks::oldest(tx, 10));
        assert!(waiting.map_err(|error: StoreError| error).unwrap().iter().all(|task| task.object != object.into()));
    }

    fn an_object_that_is_looked_up_or_has_records_is_not_deleted_by_mistake(server) {
        let org = server.org("acme");
        let account = json!({ "key": "account", "singular": "Account", "plural": "Accounts" });
        org.admin.post("/objects", account).expect(201);
        make_deal(&org);
        org.admin.post("/objects/deal/fields", field_with("account", "record", json!({ "object": "account" }))).expect(201);
        org.admin.post("/objects/deal/fields", field_with("parent", "record", json!({ "object": "deal" }))).expect(201);
        let refused = org.admin.delete("/objects/account?delete_records=true").refused(409, "object_referenced");
        assert!(refused.text("detail").contains("deal.account"), "{}", refused.text);
        org.admin.delete("/objects/deal/fields/account").expect(204);
        org.admin.delete("/objects/account").expect(204);

        let profile = org.profile("P", &[]);
        let levels = json!({ "view": "own", "edit": "own", "delete": "none", "create": "own" });
        org.admin.put(&format!("/profiles/{profile}/permissions/deal"), levels).expect(200);
        org.admin.patch("/objects/deal/fields/name", json!({ "unique": true })).expect(200);
        record(&org.admin, json!({ "name": "A", "owner": org.admin_id }));
        let refused = org.admin.delete("/objects/deal").refused(409, "object_has_records");
        assert!(refused.text("detail").contains("delete_records"), "{}", refused.text);
        org.admin.delete("/objects/deal?delete_records=false").refused(409, "object_has_records");
        org.admin.delete("/objects/deal?delete_records=maybe").refused(400, "invalid_query").blaming("?delete_records");
        assert_eq!(total(&org.admin), 1);
        org.admin.delete("/objects/deal?delete_records=true").expect(204);
        org.admin.get("/objects/deal/records").refused(404, "not_found");
        // Made anew it starts from nothing: no records, no values that were unique, nobody who reaches it.
        make_deal(&org);
        assert_eq!(total(&org.admin), 0);
        let cell = org.admin.get(&format!("/profiles/{profile}/permissions/deal")).expect(200);
        assert_eq!(cell.body["view"], "none");
    }

    fn a_new_object_is_closed_to_everybody_but_admin(server) {
        let org = server.org("acme");
        let manager = org.signed_in(server, "Mia", &["manage_objects"]);
        let nobody = org.signed_in(server, "Nik", &[]);
        let made = manager.post("/objects", deal()).expect(201);
        assert_eq!(made.body["can"], json!({ "create": false }), "who makes it has no records in it");
        assert_eq!(manager.get("/objects/deal").expect(200).body["can"], json!({ "create": false }));
        assert_eq!(org.admin.get("/objects/deal").expect(200).body["can"], json!({ "create": true }));
        manager.post("/objects/deal/records", json!({ "fields": {} })).refused(403, "not_permitted");
        record(&org.admin, json!({ "name": "A" }));
        assert_eq!((total(&org.admin), total(&manager), total(&nobody)), (json!(1), json!(0), json!(0)));
        assert_eq!(nobody.all("/objects").len(), 0);
        nobody.get("/objects/deal").refused(404, "not_found");
        let profiles = org.admin.all("/profiles");
        for profile in profiles.iter().filter(|profile| profile["built_in"] != "admin") {
            let path = format!("/profiles/{}/permissions/deal", profile["id"].as_str().unwrap());
            let cell = org.admin.get(&path).expect(200);
            assert_eq!(cell.body["effective"], json!({ "view": "none", "edit": "none", "delete": "none", "create": "none" }));
        }
    }

    fn people_see_the_objects_in_which_they_reach_something(server) {
        let org = server.org("acme");
        for key in ["a", "b", "c", "d", "e"] {
            org.admin.post("/objects", json!({ "key": key, "singular": key, "plural": key })).expect(201);
        }
        let reader = org.signed_in(server, "Ria", &[]);
        let profile = org.admin.all("/profiles").into_iter().find(|p| p["name"] == "Profile of Ria").unwrap()["id"].clone();
        let permit = |object: &str, action: &str, level: &str| {
            let mut levels = json!({ "view": "none", "edit": "none", "delete": "none", "create": "none" });
            levels[action] = json!(level);
            let path = format!("/profiles/{}/permissions/{object}", profile.as_str().unwrap());
            org.admin.put(&path, levels).expect(200);
        };
        permit("b", "view", "own");
        permit("d", "create", "anyone");
        // Without view nothing can be edited or deleted.
        permit("c", "edit", "anyone");
        permit("e", "delete", "anyone");
        let seen = |query: &str| -> Vec<String> {
            reader.all(&format!("/objects?{query}")).iter().map(|o| o["key"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(seen("limit=1"), ["b", "d"], "page by page");
        assert_eq!(seen("sort=-key"), ["d", "b"]);
        assert_eq!(seen("sort=created_at&limit=1").len(), 2);
        assert_eq!(reader.get("/objects?count=true&limit=1").expect(200).body["total"], 2);
        assert_eq!(reader.get("/objects/b").expect(200).body["can"], json!({ "create": false }));
        assert_eq!(reader.get("/objects/d").expect(200).body["can"], json!({ "create": true }));
        for hidden in ["a", "c", "e", "never_was"] {
            reader.get(&format!("/objects/{hidden}")).refused(404, "not_found");
        }
        for capability in ["manage_objects", "manage_access"] {
            let manager = org.signed_in(server, capability, &[capability]);
            assert_eq!(manager.all("/objects?limit=2").len(), 5, "{capability}");
            assert_eq!(manager.get("/objects?count=true").expect(200).body["total"], 5);
            manager.get("/objects/a").expect(200);
        }
        org.admin.get("/objects?sort=plural").refused(400, "invalid_sort").blaming("?sort");
        org.admin.get("/objects?x=1").refused(400, "invalid_query").blaming("?x");
    }

    fn changing_objects_needs_the_capability(server) {
        let org = server.org("acme");
        make_deal(&org);
        let client = org.signed_in(server, "Uma", &["manage_users", "manage_guests", "manage_access", "manage_org", "view_audit"]);
        client.post("/objects", deal()).refused(403, "capability_missing");
        client.patch("/objects/deal", json!({})).refused(403, "capability_missing");
        client.delete("/objects/deal").refused(403, "capability_missing");
        client.post("/objects/deal/fields", field("x", "text")).refused(403, "capability_missing");
        client.patch("/objects/deal/fields/name", json!({})).refused(403, "capability_missing");
        client.delete("/objects/deal/fields/name").refused(403, "capability_missing");
        client.delete("/objects/never_was").refused(403, "capability_missing");
        let token = json!({ "name": "s", "kind": "service", "scopes": ["act_as"] });
        let secret = org.admin.post("/api-tokens", token).expect(201).text("secret");
        let service = server.client().with_token(&secret);
        service.get("/objects").refused(403, "user_needed");
        service.get("/objects/deal").refused(403, "user_needed");
        service.post("/objects", deal()).refused(403, "capability_missing");
    }

    fn a_guest_with_manage_objects_changes_nothing_about_ownership(server) {
        let org = server.org("acme");
        let made = make_deal(&org);
        let guest = guest_with_objects(server, &org);
        let mut owned = deal();
        owned["key"] = json!("task");
        guest.post("/objects", owned).refused(403, "guest_restricted").blaming("/fields/2/represents_ownership");
        let flagged = field_with("boss", "user", json!({ "represents_ownership": true }));
        guest.post("/objects/deal/fields", flagged).refused(403, "guest_restricted").blaming("/represents_ownership");
        let path = |field: &str| format!("/objects/deal/fields/{field}");
        let flag = |field: &str, on: bool| guest.patch(&path(field), json!({ "represents_ownership": on }));
        flag("helper", true).refused(403, "guest_restricted").blaming("/represents_ownership");
        flag("owner", false).refused(403, "guest_restricted").blaming("/represents_ownership");
        let both = json!({ "label": "X", "represents_ownership": true });
        guest.patch(&path("helper"), both).refused(403, "guest_restricted");
        let removal = guest.delete(&path("owner")).refused(403, "guest_restricted");
        assert!(removal.text("detail").contains("owner"), "{}", removal.text);
        guest.delete("/objects/deal").refused(403, "guest_restricted");
        guest.delete("/objects/deal?delete_records=true").refused(403, "guest_restricted");
        let shown = org.admin.get("/objects/deal").expect(200);
        assert_eq!(shown.header("etag"), made.header("etag"), "nothing happened");
        let denied = org.admin.all("/audit-events?action=administration.denied");
        assert_eq!(denied.iter().filter(|event| event["changes"]["code"] == "guest_restricted").count(), 8);
        // Everything else is theirs, fields that stay what they are included.
        flag("owner", true).expect(200);
        flag("helper", false).expect(200);
        guest.patch(&path("owner"), json!({ "label": "Account owner", "required": true })).expect(200);
        guest.post("/objects/deal/fields", field("note", "user")).expect(201);
        guest.delete(&path("helper")).expect(204);
        guest.patch("/objects/deal", json!({ "plural": "All deals" })).expect(200);
        guest.post("/objects", json!({ "key": "task", "singular": "T", "plural": "Ts", "fields": [field("who", "user")] })).expect(201);
    }

    fn objects_of_another_org_do_not_exist_here(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let mut theirs = deal();
        theirs["key"] = json!("secret");
        other.admin.post("/objects", theirs).expect(201);
        make_deal(&other);
        for key in ["secret", "never_was", "deal", "%00", "Deal", "a%2Fb"] {
            let path = format!("/objects/{key}");
            org.admin.get(&path).refused(404, "not_found");
            org.admin.patch(&path, json!({ "plural": "X" })).refused(404, "not_found");
            org.admin.delete(&path).refused(404, "not_found");
            org.admin.post(&format!("{path}/fields"), field("x", "text")).refused(404, "not_found");
            org.admin.patch(&format!("{path}/fields/name"), json!({ "label": "X" })).refused(404, "not_found");
            org.admin.delete(&format!("{path}/fields/name")).refused(404, "not_found");
        }
        let lookup = json!({ "key": "mine", "singular": "M", "plural": "Ms", "fields": [field_with("x", "record", json!({ "object": "secret" }))] });
        org.admin.post("/objects", lookup).refused(422, "unknown_reference");
        assert_eq!(org.admin.all("/objects").len(), 0);
        make_deal(&org);
        assert_eq!(other.admin.get("/objects/deal").expect(200).body["plural"], "Deals");
    }

    fn a_version_that_is_not_the_present_one_is_refused(server) {
        let org = server.org("acme");
        let stale = make_deal(&org).header("etag").unwrap().to_owned();
        org.admin.post("/objects/deal/fields", field("note", "text")).expect(201);
        let with = |method: &str, path: &str, tag: &str| {
            let request = org.admin.request(method, path).header("if-match", tag);
            Client::send(if method == "DELETE" { request } else { request.json(&json!({})) })
        };
        for (method, path) in [
            ("PATCH", "/objects/deal"), ("DELETE", "/objects/deal"),
            ("PATCH", "/objects/deal/fields/note"), ("DELETE", "/objects/deal/fields/note"),
        ] {
            with(method, path, &stale).refused(412, "precondition_failed");
        }
        let fresh = org.admin.get("/objects/deal").expect(200).header("etag").unwrap().to_owned();
        let known = Client::send(org.admin.request("GET", "/objects/deal").header("if-none-match", &fresh));
        assert_eq!(known.status, 304);
        with("PATCH", "/objects/deal/fields/note", &fresh).expect(200);
        with("DELETE", "/objects/deal/fields/note", &fresh).expect(204);
        with("DELETE", "/objects/deal", "*").expect(204);
    }

    fn a_repeated_request_makes_one_object_and_one_field(server) {
        let org = server.org("acme");
        let post = |path: &str, body: &Value| {
            let request = org.admin.request("POST", path).header("idempotency-key", "k");
            Client::send(request.json(body)).expect(201)
        };
        assert_eq!(post("/objects", &deal()).body, post("/objects", &deal()).body);
        let note = field("note", "text");
        assert_eq!(post("/objects/deal/fields", &note).body, post("/objects/deal/fields", &note).body);
        assert_eq!(keys(&org.admin.get("/objects/deal").expect(200).body).len(), 5);
    }
}
