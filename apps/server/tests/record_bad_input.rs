//! Records, filters and lookups that nobody should send, and requests that get in each other's way.

use std::io::{Read, Write};

use serde_json::{Value, json};
use vestibule_custom_objects::{FieldDraft, FieldType};
use vestibule_persistence::ids::ObjectId;

use crate::harness::{Client, Racer, Reply, TestServer, at_once, both_databases};
use crate::record_world::{ANYONE, NEVER, NONE, OWN, World, deal, encoded, field};

const RECORDS: &str = "/objects/deal/records";

fn raw_get(server: &TestServer, client: &Client, target: &str) -> String {
    let mut stream = std::net::TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    let head = format!(
        "host: localhost\r\nauthorization: Bearer {}\r\nconnection: close",
        client.token()
    );
    write!(stream, "GET {target} HTTP/1.1\r\n{head}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

both_databases! {
    fn filters_that_make_no_sense_are_refused_with_the_place(server) {
        let world = World::new(server);
        world.make(json!({ "name": "A" }));
        let ask = |filter: &str| world.org.admin.get(&format!("{RECORDS}?filter={}", encoded(filter)));
        for (filter, code) in [
            ("", "invalid_filter"), ("name", "invalid_filter"), ("name eq", "invalid_filter"), ("name is \"A\"", "invalid_filter"),
            ("(name pr", "invalid_filter"), ("name pr)", "invalid_filter"), ("name pr and", "invalid_filter"), ("name eq \"A", "invalid_filter"),
            ("name eq 'A'", "invalid_filter"), ("name pr name pr", "invalid_filter"), ("name eq \"A\"; DROP TABLE records", "invalid_filter"),
            ("colour pr", "unknown_field"), ("colour eq \"red\"", "unknown_field"), ("owners pr", "unknown_field"), ("org_id pr", "unknown_field"),
            ("Name.first pr", "unknown_field"), ("amount eq \"7\"", "filter_type_mismatch"), ("name eq 7", "filter_type_mismatch"),
            ("active eq \"true\"", "filter_type_mismatch"), ("amount co 7", "filter_type_mismatch"), ("closes_on gt \"soon\"", "filter_type_mismatch"),
            ("tags co \"re\"", "filter_type_mismatch"), ("owner eq \"me\"", "filter_type_mismatch"), ("active gt false", "filter_type_mismatch"),
            ("id eq 7", "filter_type_mismatch"), ("created_at gt \"2026\"", "filter_type_mismatch"), ("amount gt null", "filter_type_mismatch"),
        ] {
            let reply = ask(filter);
            let found = reply.body["code"].as_str().unwrap_or_default().to_owned();
            assert!(reply.status == 400 && (found == code || (found == "invalid_filter" && filter.contains('.'))), "{filter}: {}", reply.text);
            reply.blaming("?filter");
        }
        ask("name eq \"' OR 1=1 --\"").expect(200);
        ask("name eq \"%00\"").expect(200);
        world.org.admin.get(&format!("{RECORDS}?filter=name%20eq%20%22%00%22")).refused(400, "invalid_query");
        world.org.admin.get(&format!("{RECORDS}?filter=a&filter=b")).refused(400, "invalid_query").blaming("?filter");
        world.org.admin.get(&format!("{RECORDS}?stage=won")).refused(400, "invalid_query").blaming("?stage");
    }

    fn filters_that_are_too_large_are_refused(server) {
        let world = World::new(server);
        let ask = |filter: &str| world.org.admin.get(&format!("{RECORDS}?filter={}", filter.replace(' ', "+")));
        let terms = |n: usize| vec!["amount eq 1"; n].join(" or ");
        ask(&terms(100)).expect(200);
        ask(&terms(101)).refused(400, "filter_too_large").blaming("?filter");
        ask(&vec!["id pr"; 7_000].join(" or ")).refused(400, "filter_too_large");
        // An address of more than 64 KiB is none, for this client as for the server.
        let many = vec!["id+pr"; 10_000].join("+or+");
        let answer = raw_get(server, &world.org.admin, &format!("/api/v1{RECORDS}?filter={many}"));
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer:.300}");
        let deep = |n: usize| format!("{}amount eq 1{}", "(".repeat(n), ")".repeat(n));
        ask(&deep(15)).expect(200);
        ask(&deep(1_000)).refused(400, "filter_too_large");
        ask(&format!("{}amount eq 1{}", "not (".repeat(700), ")".repeat(700))).refused(400, "filter_too_large");
        ask(&format!("name eq \"{}\"", "x".repeat(5_000))).refused(400, "filter_too_large");
        world.org.admin.get("/org").expect(200);
    }

    fn sorting_by_nothing_that_there_is_is_refused(server) {
        let world = World::new(server);
        for sort in ["colour", "", "name,", "name,name", "-name,name", "--name", "name desc", "org_id", "owners", "values_doc", "name,amount,stage,code"] {
            world.org.admin.get(&format!("{RECORDS}?sort={}", encoded(sort))).refused(400, "invalid_sort").blaming("?sort");
        }
        for query in ["limit=0", "limit=201", "limit=x", "count=maybe", "sort=name&sort=name"] {
            world.org.admin.get(&format!("{RECORDS}?{query}")).refused(400, "invalid_query");
        }
    }

    fn values_of_the_wrong_kind_are_refused_where_they_are(server) {
        let world = World::new(server);
        let refused = |key: &str, value: &str, status: u16, code: &str| {
            let body = format!(r#"{{"fields": {{"name": "N", "{key}": {value}}}}}"#);
            world.org.admin.raw("POST", RECORDS, body).refused(status, code).blaming(&format!("/fields/{key}"));
        };
        for (key, value) in [
            ("amount", "\"7\""), ("amount", "true"), ("amount", "[7]"), ("stage", "7"), ("tags", "\"red\""), ("tags", "[7]"), ("code", "7"),
            ("owner", "7"), ("owner", "[]"), ("parent", "{}"), ("closes_on", "20260101"), ("active", "\"true\""), ("active", "1"),
            ("mail", "false"), ("price", "\"1\""), ("notes", "{\"a\": {\"b\": []}}"),
        ] {
            refused(key, value, 400, "invalid_type");
        }
        for (key, value, code) in [
            ("stage", "\"maybe\"", "unknown_option"), ("stage", "\"Won\"", "unknown_option"), ("tags", "[\"red\", \"red\"]", "option_twice"),
            ("tags", "[\"black\"]", "unknown_option"), ("owner", "\"me\"", "invalid_id"), ("parent", "\"{x}\"", "invalid_id"),
            ("closes_on", "\"2026-02-30\"", "invalid_date"), ("met_at", "\"2026-06-01\"", "invalid_instant"), ("mail", "\"nobody\"", "invalid_email"),
            ("site", "\"javascript:alert(1)\"", "invalid_url"), ("phone", "\"call me\"", "invalid_phone"), ("price", "1.00001", "too_precise"),
            ("notes", "\"\\u0007\"", "invalid_text"), ("notes", "\"\\u0000\"", "invalid_text"),
        ] {
            refused(key, value, 422, code);
        }
        refused("colour", "1", 400, "unknown_field");
        let body = json!({ "fields": { "amount": "x", "stage": "maybe", "colour": 1 } });
        let all = world.org.admin.post(RECORDS, body).refused(400, "validation_failed");
        for pointer in ["/fields/name", "/fields/amount", "/fields/stage", "/fields/colour"] {
            all.clone().blaming(pointer);
        }
        assert_eq!(world.org.admin.all(RECORDS).len(), 0);
    }

    fn required_fields_are_asked_for_and_kept(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        world.post(admin, json!({})).refused(400, "missing_field").blaming("/fields/name");
        world.post(admin, json!({ "name": null })).refused(422, "required").blaming("/fields/name");
        world.post(admin, json!({ "name": "  " })).refused(422, "required").blaming("/fields/name");
        admin.post(RECORDS, json!({})).refused(400, "missing_field").blaming("/fields");
        admin.post(RECORDS, json!({ "fields": [] })).refused(400, "invalid_type").blaming("/fields");
        admin.post(RECORDS, json!({ "fields": null })).refused(400, "invalid_type").blaming("/fields");
        let id = world.make(json!({ "name": "N" }));
        admin.patch(&deal(&id), json!({ "fields": { "name": null } })).refused(422, "required").blaming("/fields/name");
        admin.patch(&deal(&id), json!({ "fields": null })).refused(400, "invalid_type").blaming("/fields");
        admin.patch(&deal(&id), json!({})).expect(200);
    }

    fn numbers_keep_every_digit_or_are_refused(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let post = |number: &str| admin.raw("POST", RECORDS, format!(r#"{{"fields": {{"name": "N", "amount": {number}}}}}"#));
        for (given, kept) in [
            ("0.1000000000000000000000000001", "0.1000000000000000000000000001"), ("12345678901234567890.5", "12345678901234567890.5"),
            ("-9999999999999999999999999999", "-9999999999999999999999999999"), ("9007199254740993", "9007199254740993"),
            ("1e3", "1000"), ("1.500", "1.5"), ("-0", "0"), ("0.3", "0.3"), ("2.5E-2", "0.025"),
        ] {
            let made = post(given).expect(201);
            let written = format!(r#""amount":{kept},"#);
            assert!(made.text.contains(&written), "{given}: {}", made.text);
            assert!(admin.get(&deal(&made.id())).expect(200).text.contains(&written), "{given}");
            let list = admin.get(&format!("{RECORDS}?filter={}", encoded(&format!("amount eq {given}")))).expect(200);
            assert!(list.text.contains(&written), "{given}: {}", list.text);
        }
        for number in ["1234567890123456789012345678901234567890", "0.1234567890123456789012345678901234567890", "1e40", "1e-40", "10000000000000000000000000001"] {
            post(number).refused(422, "out_of_range").blaming("/fields/amount");
        }
        for number in ["NaN", "Infinity", "-Infinity", "01", "1.", ".5", "+1", "0x10", "1_000", "1e"] {
            post(number).refused(400, "invalid_json");
        }
        let body = json!({ "action": "create", "items": [{ "fields": { "name": "B", "amount": 0 } }] });
        let body = body.to_string().replace(r#""amount":0"#, r#""amount":0.1000000000000000000000000001"#);
        let report = admin.raw("POST", &format!("{RECORDS}/bulk"), body).expect(200).body;
        let id = report["results"][0]["id"].as_str().unwrap();
        assert!(admin.get(&deal(id)).expect(200).text.contains("0.1000000000000000000000000001"));
    }

    fn texts_have_bounds(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        world.post(admin, json!({ "name": "N", "notes": "é".repeat(10_000) })).expect(201);
        world.post(admin, json!({ "name": "N", "notes": "x".repeat(10_001) })).refused(422, "too_long").blaming("/fields/notes");
        world.post(admin, json!({ "name": "N", "notes": "x".repeat(1_000_000) })).refused(422, "too_long").blaming("/fields/notes");
        world.post(admin, json!({ "name": "N", "notes": "x".repeat(2_000_000) })).refused(413, "payload_too_large");
        world.post(admin, json!({ "name": "N", "code": "x".repeat(501) })).refused(422, "too_long").blaming("/fields/code");
        world.post(admin, json!({ "name": "N", "code": "x".repeat(500) })).expect(201);
        for external_id in [String::new(), "x".repeat(256), "a\u{7}".to_owned()] {
            let body = json!({ "fields": { "name": "N" }, "external_id": external_id });
            admin.post(RECORDS, body).refused(422, "invalid_text").blaming("/external_id");
        }
    }

    fn keys_are_given_once_and_nothing_is_set_that_is_not_a_field(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let raw = |body: &str| admin.raw("POST", RECORDS, body.to_owned());
        raw(r#"{"fields": {"name": "A", "name": "B"}}"#).refused(400, "duplicate_field").blaming("/fields/name");
        raw(r#"{"fields": {"name": "A"}, "fields": {"name": "B"}}"#).refused(400, "duplicate_field").blaming("/fields");
        raw(r#"{"fields": {"name": "A", "n\u0061me": "B"}}"#).refused(400, "duplicate_field").blaming("/fields/name");
        let id = world.make(json!({ "name": "N" }));
        for (member, value) in [
            ("id", json!(NEVER)), ("org_id", json!(NEVER)), ("object_id", json!(NEVER)), ("created_at", json!("2020-01-01T00:00:00Z")),
            ("updated_at", json!("2020-01-01T00:00:00Z")), ("owners", json!([])), ("version", json!(9)), ("can", json!({})),
        ] {
            let mut body = json!({ "fields": { "name": "N" } });
            body[member] = value.clone();
            let pointer = format!("/{member}");
            admin.post(RECORDS, body.clone()).refused(400, "unknown_field").blaming(&pointer);
            admin.patch(&deal(&id), body).refused(400, "unknown_field").blaming(&pointer);
            let mut fields = json!({ "name": "N" });
            fields[member] = value;
            let pointer = format!("/fields/{member}");
            world.post(admin, fields.clone()).refused(400, "unknown_field").blaming(&pointer);
            admin.patch(&deal(&id), json!({ "fields": fields })).refused(400, "unknown_field").blaming(&pointer);
        }
        world.post(admin, json!({ "name": "N", "a/b~c": 1 })).refused(400, "unknown_field").blaming("/fields/a~1b~0c");
        admin.put(&deal(&id), json!({})).refused(405, "method_not_allowed");
        admin.delete(RECORDS).refused(405, "method_not_allowed");
    }

    fn owners_and_users_named_have_to_be_there(server) {
        let (world, other) = (World::new(server), World::named(server, "other"));
        let admin = &world.org.admin;
        let deleted = world.owner("Gone", None);
        admin.delete(&format!("/users/{deleted}")).expect(204);
        let id = world.make(json!({ "name": "N" }));
        let refusal = |user: &str| {
            let made = world.post(admin, json!({ "name": "N", "owner": user })).refused(422, "unknown_reference").blaming("/fields/owner");
            let set = json!({ "fields": { "contact": user, "co_owner": user } });
            let changed = admin.patch(&deal(&id), set).refused(422, "validation_failed").blaming("/fields/contact").blaming("/fields/co_owner");
            (made.body["detail"].clone(), made.body["errors"].clone(), changed.body["errors"].clone())
        };
        let never = refusal(NEVER);
        for user in [&other.org.admin_id, &deleted, &id] {
            assert_eq!(refusal(user), never, "nobody learns what it is the id of");
        }
        // To somebody of limited reach it looks the same as a person out of reach.
        let ada = world.person("Ada", None, OWN);
        let peer = world.owner("Peer", None);
        for user in [&peer, &deleted, &NEVER.to_owned()] {
            world.post(&ada.client, json!({ "name": "N", "owner": user })).refused(403, "not_permitted");
        }
    }

    fn lookups_name_records_that_the_writer_views(server) {
        let (world, other) = (World::new(server), World::named(server, "other"));
        let ada = world.person("Ada", None, OWN);
        let plain = ObjectId::from_u128(7);
        world.object(plain, "plain", vec![field("name", FieldType::Text), FieldDraft { object: Some(world.deal), ..field("deal", FieldType::Record) }]);
        world.permit(&ada.profile, plain, ANYONE);
        let own = world.make(json!({ "name": "Own", "owner": ada.id }));
        let hidden = world.make(json!({ "name": "Hidden" }));
        let foreign = other.make(json!({ "name": "Foreign" }));
        let deleted = world.make(json!({ "name": "Deleted", "owner": ada.id }));
        ada.client.delete(&deal(&deleted)).expect(204);
        let elsewhere = ada.client.post("/objects/plain/records", json!({ "fields": { "name": "P", "deal": own } })).expect(201).id();
        let refusal = |id: &str| {
            let parent = world.post(&ada.client, json!({ "name": "N", "parent": id })).refused(422, "unknown_reference").blaming("/fields/parent");
            let plain = ada.client.post("/objects/plain/records", json!({ "fields": { "deal": id } })).refused(422, "unknown_reference");
            let patch = ada.client.patch(&deal(&own), json!({ "fields": { "parent": id } })).refused(422, "unknown_reference");
            let items = json!({ "action": "create", "items": [{ "fields": { "name": "N", "parent": id } }] });
            let bulk = ada.client.post(&format!("{RECORDS}/bulk"), items).expect(200);
            assert_eq!(bulk.body["results"][0]["error"]["code"], "unknown_reference");
            [parent, plain, patch].map(|reply| reply.body["errors"].clone())
        };
        let never = refusal(NEVER);
        for id in [&hidden, &foreign, &deleted, &elsewhere] {
            assert_eq!(refusal(id), never);
        }
        // A lookup that is there already stays, also when its target is out of sight, and can be taken away.
        let child = world.make(json!({ "name": "Child", "owner": ada.id, "parent": hidden }));
        let shown = ada.client.patch(&deal(&child), json!({ "fields": { "amount": 1, "parent": hidden } })).expect(200);
        assert_eq!(shown.body["fields"]["parent"], json!(hidden), "an id and nothing more");
        ada.client.patch(&deal(&child), json!({ "fields": { "parent": null } })).expect(200);
    }

    fn lookups_may_go_in_circles_and_lead_nowhere(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let a = world.make(json!({ "name": "A" }));
        let b = world.make(json!({ "name": "B", "parent": a }));
        admin.patch(&deal(&a), json!({ "fields": { "parent": b } })).expect(200);
        admin.patch(&deal(&b), json!({ "fields": { "parent": b } })).expect(200);
        admin.delete(&deal(&b)).expect(204);
        assert_eq!(admin.get(&deal(&a)).expect(200).body["fields"]["parent"], json!(b));
        admin.patch(&deal(&a), json!({ "fields": { "amount": 1 } })).expect(200);
        // What may be done with a record is not inherited along lookups.
        let ada = world.person("Ada", None, OWN);
        let own = world.make(json!({ "name": "Own", "owner": ada.id, "parent": a }));
        admin.patch(&deal(&a), json!({ "fields": { "parent": own } })).expect(200);
        ada.client.get(&deal(&a)).refused(404, "not_found");
    }

    fn records_can_neither_be_grabbed_nor_dumped(server) {
        let world = World::new(server);
        let ada = world.person("Ada", Some(&world.head), ["anyone", "own_and_reports", "none", "none"]);
        let (rep, peer) = (world.owner("Rep", Some(&world.rep)), world.owner("Peer", Some(&world.head)));
        let own = world.make(json!({ "name": "Own", "owner": ada.id }));
        let theirs = world.make(json!({ "name": "Theirs", "owner": peer }));
        let unowned = world.make(json!({ "name": "Unowned", "owner": null }));
        let owner = |id: &str, owner: Value| ada.client.patch(&deal(id), json!({ "fields": { "owner": owner } }));
        let denied = |reply: Reply, word: &str| {
            let refused = reply.refused(403, "not_permitted");
            assert!(refused.text("detail").contains(&format!("({word})")), "{}", refused.text);
        };
        for grabbed in [&theirs, &unowned] {
            denied(owner(grabbed, json!(ada.id)), "out_of_reach");
            let beside = json!({ "fields": { "co_owner": ada.id } });
            denied(ada.client.patch(&deal(grabbed), beside), "out_of_reach");
        }
        denied(owner(&own, json!(peer)), "out_of_reach_afterwards");
        denied(owner(&own, Value::Null), "out_of_reach_afterwards");
        denied(owner(&own, json!(NEVER)), "out_of_reach_afterwards");
        assert_eq!(world.org.admin.get(&deal(&own)).expect(200).body["owners"], json!([ada.id]));
        owner(&own, json!(rep)).expect(200);
        ada.client.patch(&deal(&own), json!({ "fields": { "owner": peer, "co_owner": rep } })).expect(200);
        // A change of nothing is a change that one may make.
        denied(ada.client.patch(&deal(&theirs), json!({})), "out_of_reach");
    }

    fn a_clash_tells_that_a_value_is_taken_and_nothing_else(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let ada = world.person("Ada", None, OWN);
        let hidden = world.make_named("X-1", json!({ "name": "Hidden", "code": "Secret" }));
        let own = world.make(json!({ "name": "Own", "owner": ada.id, "code": "mine" }));
        let silent = |reply: &Reply| {
            assert!(!reply.text.contains(&hidden) && !reply.text.contains("Hidden") && !reply.text.contains(&world.org.admin_id), "{}", reply.text);
        };
        for code in ["Secret", "SECRET"] {
            let made = world.post(&ada.client, json!({ "name": "N", "code": code })).refused(409, "value_not_unique").blaming("/fields/code");
            let changed = ada.client.patch(&deal(&own), json!({ "fields": { "code": code } })).refused(409, "value_not_unique").blaming("/fields/code");
            silent(&made);
            silent(&changed);
            assert_eq!(made.body["errors"], changed.body["errors"]);
        }
        let body = json!({ "fields": { "name": "N" }, "external_id": "X-1" });
        silent(&ada.client.post(RECORDS, body).refused(409, "external_id_taken").blaming("/external_id"));
        silent(&ada.client.patch(&deal(&own), json!({ "external_id": "X-1" })).refused(409, "external_id_taken"));
        // Those who may make or change nothing learn nothing.
        world.permit(&ada.profile, world.deal, ["own", "none", "none", "none"]);
        world.post(&ada.client, json!({ "name": "N", "code": "Secret" })).refused(403, "not_permitted");
        ada.client.patch(&deal(&own), json!({ "fields": { "code": "Secret" } })).refused(403, "not_permitted");
        // A record doesn't clash with itself, and what is given up is free.
        admin.patch(&deal(&own), json!({ "fields": { "code": "MINE" } })).expect(200);
        admin.patch(&deal(&hidden), json!({ "fields": { "code": null }, "external_id": null })).expect(200);
        let body = json!({ "fields": { "name": "N", "code": "secret" }, "external_id": "X-1" });
        let again = admin.post(RECORDS, body.clone()).expect(201).id();
        admin.post(RECORDS, body.clone()).expect(409);
        admin.delete(&deal(&again)).expect(204);
        admin.post(RECORDS, body).expect(201);
        // Another org has values of its own.
        World::named(server, "other").make_named("X-1", json!({ "name": "N", "code": "secret" }));
    }

    fn one_external_id_upserted_by_many_at_once_becomes_one_record(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let racers: Vec<Racer<'_>> = (0..50).map(|n| {
            let racer: Racer<'_> = Box::new(move || {
                let items = json!([{ "external_id": "same", "fields": { "name": format!("N{n}"), "code": "same", "amount": n } }]);
                admin.post(&format!("{RECORDS}/bulk"), json!({ "action": "upsert", "items": items }))
            });
            racer
        }).collect();
        let replies = at_once(racers);
        // A machine with more to do than it can tells some of them to come back later.
        assert!(replies.iter().all(|reply| [200, 503].contains(&reply.status)), "{replies:?}");
        let answered = replies.iter().filter(|reply| reply.status == 200);
        let results: Vec<&Value> = answered.map(|reply| &reply.body["results"][0]).collect();
        assert!(results.iter().all(|result| result["status"] == "ok"), "{results:?}");
        assert_eq!(results.iter().filter(|result| result["created"] == true).count(), 1);
        let page = admin.get(&format!("{RECORDS}?count=true")).expect(200).body;
        assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(1), 1));
        assert!(results.iter().all(|result| result["id"] == page["items"][0]["id"]));
    }

    fn of_many_who_take_one_unique_value_one_gets_it(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let ids: Vec<String> = (0..10).map(|n| world.make(json!({ "name": format!("N{n}") }))).collect();
        let racers: Vec<Racer<'_>> = ids.iter().map(|id| {
            let racer: Racer<'_> = Box::new(move || admin.patch(&deal(id), json!({ "fields": { "code": "one" } })));
            racer
        }).collect();
        let mut statuses: Vec<u16> = at_once(racers).iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409, 409, 409, 409, 409]);
    }

    fn of_many_who_change_one_version_one_does(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let id = world.make(json!({ "name": "N", "amount": 0 }));
        let tag = admin.get(&deal(&id)).expect(200).header("etag").unwrap().to_owned();
        let racers: Vec<Racer<'_>> = (1..=10).map(|n| {
            let (id, tag) = (&id, &tag);
            let racer: Racer<'_> = Box::new(move || {
                let request = admin.request("PATCH", &deal(id)).header("if-match", tag);
                Client::send(request.json(&json!({ "fields": { "amount": n } })))
            });
            racer
        }).collect();
        let mut statuses: Vec<u16> = at_once(racers).iter().map(|reply| reply.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412, 412, 412]);
    }

    fn nobody_keeps_a_record_that_is_given_away_while_they_change_it(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, OWN);
        let admin = &world.org.admin;
        let id = world.make(json!({ "name": "N", "owner": ada.id, "amount": 0 }));
        let path = deal(&id);
        let mut racers: Vec<Racer<'_>> = vec![Box::new(|| admin.patch(&path, json!({ "fields": { "owner": null } })))];
        for n in 1..10 {
            let (path, ada) = (&path, &ada);
            racers.push(Box::new(move || ada.client.patch(path, json!({ "fields": { "amount": n, "owner": ada.id } }))));
        }
        let replies = at_once(racers);
        assert_eq!(replies[0].status, 200);
        assert!(replies[1..].iter().all(|reply| [200, 404].contains(&reply.status)));
        assert_eq!(admin.get(&path).expect(200).body["owners"], json!([]), "given away is given away");
        ada.client.get(&path).refused(404, "not_found");
    }

    fn tokens_that_only_read_change_no_records(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, ANYONE);
        let body = json!({ "name": "t", "kind": "user", "scopes": ["read"] });
        let token = ada.client.post("/api-tokens", body).expect(201).text("secret");
        let reader = server.client().with_token(&token);
        let id = world.make(json!({ "name": "N" }));
        reader.get(&deal(&id)).expect(200);
        reader.get(RECORDS).expect(200);
        world.post(&reader, json!({ "name": "N" })).refused(403, "scope_missing");
        reader.patch(&deal(&id), json!({ "fields": {} })).refused(403, "scope_missing");
        reader.delete(&deal(&id)).refused(403, "scope_missing");
        reader.post(&format!("{RECORDS}/bulk"), json!({ "action": "delete", "items": [{ "id": id }] })).refused(403, "scope_missing");
        server.client().get(RECORDS).refused(401, "credential_missing");
        world.permit(&ada.profile, world.deal, NONE);
        reader.get(&deal(&id)).refused(404, "not_found");
    }
}
