//! What the people and records are called that records name.

use serde_json::{Value, json};
use vestibule_custom_objects::{FieldDraft, FieldType};
use vestibule_persistence::ids::ObjectId;
use vestibule_server::clock::Clock;

use crate::harness::{Client, both_databases};
use crate::record_world::{ANYONE, OWN, World, deal, field};

fn list(client: &Client, query: &str) -> Value {
    client
        .get(&format!("/objects/deal/records?names=true&{query}"))
        .expect(200)
        .body
}

fn name_of<'n>(body: &'n Value, id: &str) -> Option<&'n str> {
    body["names"].get(id).map(|name| name.as_str().unwrap())
}

both_databases! {
    fn names_come_only_when_they_are_asked_for(server) {
        let world = World::new(server);
        let id = world.make(json!({ "name": "One" }));
        let admin = &world.org.admin;
        for query in ["", "?names=false"] {
            assert_eq!(admin.get(&format!("/objects/deal/records{query}")).expect(200).body.get("names"), None);
            assert_eq!(admin.get(&format!("{}{query}", deal(&id))).expect(200).body.get("names"), None);
        }
        admin.get("/objects/deal/records?names=yes").refused(400, "invalid_query").blaming("?names");
        admin.get(&format!("{}?names=yes", deal(&id))).refused(400, "invalid_query").blaming("?names");
        admin.get(&format!("{}?name=true", deal(&id))).refused(400, "invalid_query").blaming("?name");
        assert_eq!(list(admin, "filter=name eq \"nothing\"")["names"], json!({}));
        // Whoever doesn't get to know the object learns nothing, in the same shape.
        let nobody = world.person("Nobody", None, ["none"; 4]);
        assert_eq!(list(&nobody.client, "")["names"], json!({}));
        assert_eq!(admin.get(&format!("{}?names=true", deal(&id))).expect(200).body["id"], id.as_str());
    }

    fn people_in_any_user_field_are_named_while_they_live(server) {
        let world = World::new(server);
        let (ann, ben, cat) = (world.owner("Ann", None), world.owner("Ben", None), world.owner("Cat", None));
        let id = world.make(json!({ "name": "One", "owner": ann, "co_owner": ben, "contact": cat }));
        let full = |id: &str| {
            let user = world.org.admin.get(&format!("/users/{id}")).expect(200).body;
            format!("{} {}", user["first_name"].as_str().unwrap(), user["last_name"].as_str().unwrap())
        };
        let expected = json!({ &ann: full(&ann), &ben: full(&ben), &cat: full(&cat) });
        let admin = &world.org.admin;
        let shown = admin.get(&format!("{}?names=true", deal(&id))).expect(200).body;
        assert_eq!((&shown["names"], &shown["fields"]["owner"]), (&expected, &json!(ann)));
        assert_eq!(list(admin, "")["names"], expected);
        // Without any power over people, too: whoever sees the record sees whose it is.
        let reader = world.person("Reader", None, ANYONE);
        assert_eq!(list(&reader.client, "")["names"], expected);

        admin.post(&format!("/users/{ben}/deactivate"), json!({})).expect(200);
        admin.delete(&format!("/users/{cat}")).expect(204);
        let body = list(admin, "");
        assert_eq!((name_of(&body, &ben), name_of(&body, &cat)), (Some(full(&ben).as_str()), None));
    }

    fn only_what_is_on_the_page_is_named(server) {
        let world = World::new(server);
        let owners: Vec<String> = ["A", "B", "C"].iter().map(|name| world.owner(name, None)).collect();
        for (owner, name) in owners.iter().zip(["1", "2", "3"]) {
            world.make(json!({ "name": name, "owner": owner }));
        }
        let admin = &world.org.admin;
        let first = list(admin, "sort=name&limit=2");
        assert_eq!(first["names"].as_object().unwrap().len(), 2);
        assert_eq!(name_of(&first, &owners[2]), None);
        // A cursor goes on with and without names.
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = list(admin, &format!("sort=name&limit=2&cursor={cursor}"));
        assert_eq!(second["names"].as_object().unwrap().len(), 1);
        let plain = admin.get(&format!("/objects/deal/records?sort=name&limit=2&cursor={cursor}")).expect(200);
        assert_eq!((plain.body.get("names"), &plain.body["items"]), (None, &second["items"]));
    }

    fn records_are_labelled_by_their_first_text_else_their_external_id(server) {
        let world = World::new(server);
        let object = |key: &str, fields: Vec<FieldDraft>| -> ObjectId {
            let id: ObjectId = Clock::new_id(server.clock.now()).into();
            world.object(id, key, fields);
            id
        };
        let place = object("place", vec![field("floor", FieldType::Number), field("title", FieldType::Text), field("also", FieldType::Text)]);
        let visit = object("visit", vec![FieldDraft { object: Some(place), ..field("place", FieldType::Record) }]);
        let admin = &world.org.admin;
        let make = |key: &str, body: Value| admin.post(&format!("/objects/{key}/records"), body).expect(201).id();
        let titled = make("place", json!({ "external_id": "P-1", "fields": { "title": "Attic", "also": "x" } }));
        let known = make("place", json!({ "external_id": "P-2", "fields": { "also": "x" } }));
        let nameless = make("place", json!({ "fields": { "also": "x" } }));
        for place in [&titled, &known, &nameless] {
            make("visit", json!({ "fields": { "place": place } }));
        }
        let names = admin.get("/objects/visit/records?names=true").expect(200).body["names"].clone();
        assert_eq!(names, json!({ &titled: "Attic", &known: "P-2" }));

        // Where the place itself is out of reach, so is its name.
        let reader = world.person("Reader", None, OWN);
        world.permit(&reader.profile, visit, ANYONE);
        let seen = reader.client.get("/objects/visit/records?names=true").expect(200).body;
        assert_eq!((seen["items"].as_array().unwrap().len(), &seen["names"]), (3, &json!({})));
        world.permit(&reader.profile, place, ANYONE);
        let seen = reader.client.get("/objects/visit/records?names=true").expect(200).body;
        assert_eq!(seen["names"], names);
    }

    fn a_record_out_of_reach_has_no_name(server) {
        let world = World::new(server);
        let reader = world.person("Reader", None, OWN);
        let stranger = world.owner("Stranger", None);
        let (own, hidden) = (
            world.make(json!({ "name": "Mine", "owner": reader.id })),
            world.make(json!({ "name": "Hidden", "owner": stranger })),
        );
        for parent in [&own, &hidden] {
            world.make(json!({ "name": "Child", "owner": reader.id, "parent": parent }));
        }
        let body = list(&reader.client, "");
        assert_eq!(name_of(&body, &own), Some("Mine"));
        assert_eq!(name_of(&body, &hidden), None);
        assert_eq!(name_of(&list(&world.org.admin, ""), &hidden), Some("Hidden"));
        // Gone is gone.
        world.org.admin.delete(&deal(&own)).expect(204);
        assert_eq!(name_of(&list(&reader.client, ""), &own), None);
    }
}
