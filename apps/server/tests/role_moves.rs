//! What moving a role would do, told before it is done.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, Reply, both_databases};
use crate::record_world::{ANYONE, NEVER, OWN, Person, TEAM, World, listed};

fn preview(client: &Client, role: &str, parent: Option<&str>) -> Reply {
    client.post(&format!("/roles/{role}/preview"), json!({ "parent_id": parent }))
}

fn tag(reply: &Reply) -> String {
    reply.header("etag").unwrap().to_owned()
}

fn move_if(client: &Client, role: &str, tag: &str, parent: Option<&str>) -> Reply {
    let request = client
        .request("PATCH", &format!("/roles/{role}"))
        .header("if-match", tag);
    Client::send(request.json(&json!({ "parent_id": parent })))
}

fn add(world: &World<'_>, name: &str, parent: Option<&str>) -> String {
    world
        .org
        .admin
        .post("/roles", json!({ "name": name, "parent_id": parent }))
        .expect(201)
        .id()
}

fn reports(world: &World<'_>, person: &Person) -> u64 {
    let reports = world
        .org
        .admin
        .get(&format!("/users/{}/reports?count=true", person.id))
        .expect(200);
    reports.body["total"].as_u64().unwrap()
}

fn impact(numbers: [u64; 6]) -> Value {
    let [
        users_gaining,
        users_losing,
        records_gained,
        records_lost,
        grants_gained,
        grants_lost,
    ] = numbers;
    json!({
        "users_gaining": users_gaining, "users_losing": users_losing, "records_gained": records_gained,
        "records_lost": records_lost, "grants_gained": grants_gained, "grants_lost": grants_lost,
    })
}

both_databases! {
    fn a_preview_tells_what_the_move_then_does(server) {
        let world = World::new(server);
        let south = add(&world, "South", None);
        let intern = add(&world, "Intern", Some(&world.rep));
        let hana = world.person("Hana", Some(&world.head), TEAM);
        let sami = world.person("Sami", Some(&south), ["own_and_reports", "own", "none", "own"]);
        let rob = world.owner("Rob", Some(&world.rep));
        let ivo = world.owner("Ivo", Some(&intern));
        for (name, owners) in [("1", [Some(&rob), None]), ("2", [Some(&ivo), Some(&hana.id)]), ("3", [Some(&ivo), None]), ("4", [Some(&sami.id), None])] {
            world.make(json!({ "name": name, "owner": owners[0], "co_owner": owners[1] }));
        }
        let before = (listed(&hana.client, ""), listed(&sami.client, ""));

        let admin = &world.org.admin;
        let foreseen = preview(admin, &world.rep, Some(&south)).expect(200);
        let nothing = impact([0; 6]);
        assert_eq!(foreseen.body, json!({
            "role_id": world.rep, "parent_id": south, "people_moved": 2, "users_gaining": 1, "users_losing": 1,
            "most_affected": [
                { "user_id": hana.id, "name": foreseen.body["most_affected"][0]["name"], "reports_before": 2,
                  "reports_after": 0, "gained": 0, "lost": 2 },
                { "user_id": sami.id, "name": foreseen.body["most_affected"][1]["name"], "reports_before": 0,
                  "reports_after": 2, "gained": 2, "lost": 0 },
            ],
            "objects": [{
                "object": "deal", "plural": "deal",
                "actions": {
                    // Hana keeps the deal that is hers too; Sami sees all three, and edits none of them.
                    "view": impact([1, 1, 3, 2, 3, 2]),
                    "edit": impact([0, 1, 0, 2, 0, 2]),
                    "delete": impact([0, 1, 0, 2, 0, 2]),
                    "create": { "users_gaining": 0, "users_losing": 1 },
                },
            }],
        }), "{nothing}");
        assert!(foreseen.body["most_affected"][0]["name"].as_str().unwrap().starts_with("Hana "));
        // Nothing was saved.
        assert_eq!((listed(&hana.client, ""), listed(&sami.client, "")), before);
        assert_eq!(admin.get(&format!("/roles/{}", world.rep)).expect(200).body["parent_id"], world.head.as_str());

        move_if(admin, &world.rep, &tag(&foreseen), Some(&south)).expect(200);
        assert_eq!((reports(&world, &hana), reports(&world, &sami)), (0, 2));
        let names = |client: &Client| listed(client, "").into_iter().collect::<BTreeSet<_>>();
        assert_eq!(names(&hana.client), BTreeSet::from(["2".to_owned()]));
        assert_eq!(names(&sami.client), ["1", "2", "3", "4"].map(str::to_owned).into());
    }

    fn a_move_to_the_top_and_a_move_nowhere(server) {
        let world = World::new(server);
        let hana = world.person("Hana", Some(&world.head), TEAM);
        world.make(json!({ "name": "1", "owner": world.owner("Rob", Some(&world.rep)) }));
        let admin = &world.org.admin;
        let up = preview(admin, &world.rep, None).expect(200).body;
        assert_eq!((&up["parent_id"], &up["users_gaining"], &up["users_losing"]), (&Value::Null, &json!(0), &json!(1)));
        assert_eq!(up["most_affected"][0]["user_id"], hana.id.as_str());
        assert_eq!(up["objects"][0]["actions"]["view"], impact([0, 1, 0, 1, 0, 1]));

        let stays = preview(admin, &world.rep, Some(&world.head)).expect(200).body;
        assert_eq!((&stays["people_moved"], &stays["users_losing"]), (&json!(1), &json!(0)));
        assert_eq!((&stays["most_affected"], &stays["objects"]), (&json!([]), &json!([])));
        // An empty role takes nobody along.
        let empty = add(&world, "Empty", Some(&world.head));
        let nobody = preview(admin, &empty, None).expect(200).body;
        assert_eq!((&nobody["people_moved"], &nobody["users_losing"], &nobody["objects"]), (&json!(0), &json!(0), &json!([])));
    }

    fn only_people_with_access_and_levels_that_rest_on_reports_count(server) {
        let world = World::new(server);
        let gone = world.person("Gone", Some(&world.head), TEAM);
        for (name, levels) in [("Own", OWN), ("Anyone", ANYONE)] {
            world.person(name, Some(&world.head), levels);
        }
        world.make(json!({ "name": "1", "owner": world.owner("Rob", Some(&world.rep)) }));
        let admin = &world.org.admin;
        admin.post(&format!("/users/{}/deactivate", gone.id), json!({})).expect(200);
        let foreseen = preview(admin, &world.rep, None).expect(200).body;
        assert_eq!((&foreseen["users_losing"], &foreseen["objects"]), (&json!(2), &json!([])));
        admin.post(&format!("/users/{}/activate", gone.id), json!({})).expect(200);
        let foreseen = preview(admin, &world.rep, None).expect(200).body;
        assert_eq!((&foreseen["users_losing"], &foreseen["objects"][0]["object"]), (&json!(3), &json!("deal")));
    }

    fn at_most_twenty_people_are_named(server) {
        let world = World::new(server);
        for n in 0..21 {
            world.owner(&format!("Boss{n}"), Some(&world.head));
        }
        world.owner("Rob", Some(&world.rep));
        let foreseen = preview(&world.org.admin, &world.rep, None).expect(200).body;
        assert_eq!((&foreseen["users_losing"], foreseen["most_affected"].as_array().unwrap().len()), (&json!(21), 20));
    }

    fn what_the_move_would_refuse_the_preview_refuses(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        preview(admin, NEVER, None).refused(404, "not_found");
        let foreign = server.org("globex");
        let theirs = foreign.admin.post("/roles", json!({ "name": "F" })).expect(201).id();
        preview(admin, &theirs, None).refused(404, "not_found");
        for parent in [NEVER, &theirs] {
            preview(admin, &world.rep, Some(parent)).refused(422, "unknown_reference").blaming("/parent_id");
        }
        for parent in [&world.head, &world.rep] {
            preview(admin, &world.head, Some(parent)).refused(409, "role_cycle").blaming("/parent_id");
        }
        let mut deep = world.rep.clone();
        for level in 3..=64 {
            deep = add(&world, &format!("{level}"), Some(&deep));
        }
        let other = add(&world, "Other", None);
        preview(admin, &other, Some(&deep)).refused(422, "role_too_deep").blaming("/parent_id");
        let path = format!("/roles/{}/preview", world.rep);
        admin.post(&path, json!({})).refused(400, "missing_field").blaming("/parent_id");
        admin.post(&path, json!({ "parent_id": "top" })).refused(400, "invalid_format").blaming("/parent_id");
        admin.post(&path, json!({ "parent_id": null, "name": "X" })).refused(400, "unknown_field").blaming("/name");
        for capability in ["manage_users", "manage_guests", "view_audit"] {
            let caller = world.org.signed_in(server, capability, &[capability]);
            preview(&caller, &world.rep, None).refused(403, "capability_missing");
        }
    }

    fn a_preview_holds_until_anything_it_rests_on_changes(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let south = add(&world, "South", None);
        let hana = world.person("Hana", Some(&world.head), TEAM);
        let rob = world.owner("Rob", Some(&world.rep));
        let id = world.make(json!({ "name": "1", "owner": rob }));
        let foreseen = || tag(&preview(admin, &world.rep, Some(&south)).expect(200));
        let refused = |tag: &str, parent: Option<&str>| move_if(admin, &world.rep, tag, parent).refused(412, "precondition_failed");

        let first = foreseen();
        assert_eq!(foreseen(), first, "asked again, the same");
        refused(&first, None);
        refused(&first, Some(&world.rep));
        refused("\"never\"", Some(&south));
        // What decides nothing leaves it valid.
        admin.patch(&format!("/objects/deal/records/{id}"), json!({ "fields": { "name": "2" } })).expect(200);
        admin.patch(&format!("/roles/{}", world.rep), json!({ "name": "Reps" })).expect(200);
        assert_eq!(foreseen(), first);
        // Owners, people, permissions, roles: each makes it old.
        let changes: Vec<Box<dyn Fn()>> = vec![
            Box::new(|| { world.make(json!({ "name": "3", "owner": rob })); }),
            Box::new(|| { world.owner("Ria", Some(&world.rep)); }),
            Box::new(|| world.permit(&hana.profile, world.deal, ANYONE)),
            Box::new(|| { add(&world, "Another", None); }),
        ];
        for change in changes {
            let old = foreseen();
            change();
            refused(&old, Some(&south));
            assert_ne!(foreseen(), old);
        }
        // As well as somebody's access that ends by itself.
        let mut invitation = world.org.invitation(server, "Gus", 1);
        invitation["role_id"] = json!(world.head);
        admin.post("/guests", invitation).expect(201);
        server.claim(&world.org.guest_email("Gus"));
        let old = foreseen();
        server.advance(Duration::days(2));
        refused(&old, Some(&south));

        move_if(admin, &world.rep, &foreseen(), Some(&south)).expect(200);
        // And the version of the role itself is as good as ever.
        let shown = tag(&admin.get(&format!("/roles/{}", world.rep)).expect(200));
        move_if(admin, &world.rep, &shown, None).expect(200);
    }
}
