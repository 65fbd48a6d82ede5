//! Lists of records over HTTP: complete, in a total order, filtered, counted, page by page.

use serde_json::{Value, json};

use crate::harness::both_databases;
use crate::record_world::{ANYONE, OWN, TEAM, World, deal, encoded, listed, names};

/// Two values of every field that can be sorted by, the smaller one first.
const SORTED: [(&str, &str, &str); 15] = [
    ("name", r#""alpha""#, r#""Beta""#),
    ("amount", "-3", "0.5"),
    ("stage", r#""lost""#, r#""open""#),
    ("tags", r#"["blue"]"#, r#"["green", "blue"]"#),
    ("code", r#""a1""#, r#""B1""#),
    ("closes_on", r#""2025-12-31""#, r#""2026-01-01""#),
    (
        "met_at",
        r#""2026-06-01T09:00:00+02:00""#,
        r#""2026-06-01T08:00:00Z""#,
    ),
    ("active", "false", "true"),
    ("mail", r#""a@example.org""#, r#""B@example.org""#),
    ("site", r#""https://a.example/""#, r#""https://b.example/""#),
    ("phone", r#""+43 1""#, r#""+44 1""#),
    ("price", "9.99", "10"),
    ("rate", "-0.5", "12.5"),
    ("owner", "OWNER_0", "OWNER_1"),
    ("parent", "RECORD_0", "RECORD_1"),
];

both_databases! {
    fn a_list_sorts_by_every_type_of_field_with_absent_values_last(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let mut owners = [world.owner("Ada", None), world.owner("Bob", None)];
        owners.sort();
        let mut parents = [world.make(json!({ "name": "P" })), world.make(json!({ "name": "P" }))];
        parents.sort();
        for (field, small, large) in SORTED {
            let value = |text: &str| -> Value {
                match text.split_at(text.len() - 1) {
                    ("OWNER_", n) => json!(owners[n.parse::<usize>().unwrap()]),
                    ("RECORD_", n) => json!(parents[n.parse::<usize>().unwrap()]),
                    _ => serde_json::from_str(text).unwrap(),
                }
            };
            let make = |value: Value| {
                let mut fields = json!({ "name": "N", "owner": null, "notes": field });
                fields[field] = value;
                world.make(fields)
            };
            let (large, small) = (make(value(large)), make(value(small)));
            let absent = if field == "name" { None } else { Some(make(Value::Null)) };
            for (direction, first, second) in [("", &small, &large), ("-", &large, &small)] {
                let filter = encoded(&format!("notes eq \"{field}\""));
                // One item a page: every boundary is crossed, also those between absent and present.
                let items = admin.all(&format!("/objects/deal/records?sort={direction}{field}&filter={filter}&limit=1"));
                let ids: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
                let expected: Vec<&str> = [Some(first), Some(second), absent.as_ref()].into_iter().flatten().map(String::as_str).collect();
                assert_eq!(ids, expected, "{direction}{field}");
            }
        }
    }

    fn numbers_sort_as_numbers_to_the_last_digit(server) {
        let world = World::new(server);
        let sorted = ["-9999999999999999999999999999", "-10.25", "-10", "-0.0000000000000000000000000001", "0",
            "0.0000000000000000000000000001", "9", "9.5", "10", "12345678901234567890.5", "9999999999999999999999999999"];
        for (n, number) in [7, 2, 9, 0, 4, 10, 1, 3, 8, 6, 5].map(|at: usize| (at, sorted[at])) {
            let body = format!(r#"{{"fields": {{"name": "N{n:02}", "amount": {number}}}}}"#);
            world.org.admin.raw("POST", "/objects/deal/records", body).expect(201);
        }
        let expected: Vec<String> = (0..sorted.len()).map(|n| format!("N{n:02}")).collect();
        assert_eq!(listed(&world.org.admin, "sort=amount&limit=2"), expected);
        let filter = encoded("amount gt 9 and amount le 12345678901234567890.5");
        assert_eq!(listed(&world.org.admin, &format!("sort=amount&filter={filter}")), ["N07", "N08", "N09"]);
    }

    fn a_list_sorts_by_several_keys_and_by_what_every_record_has(server) {
        let world = World::new(server);
        for (name, amount, stage) in [("a", 1, "won"), ("b", 2, "won"), ("c", 1, "open"), ("d", 2, "open")] {
            world.make_named(&format!("x-{amount}-{name}"), json!({ "name": name, "amount": amount, "stage": stage }));
            server.advance(time::Duration::seconds(1));
        }
        let admin = &world.org.admin;
        assert_eq!(listed(admin, "sort=-stage,amount&limit=1"), ["a", "b", "c", "d"]);
        assert_eq!(listed(admin, "sort=amount,-name&limit=1"), ["c", "a", "d", "b"]);
        assert_eq!(listed(admin, "sort=created_at&limit=3"), ["a", "b", "c", "d"]);
        assert_eq!(listed(admin, "limit=3"), ["d", "c", "b", "a"], "the newest first when nothing is said");
        assert_eq!(listed(admin, "sort=-external_id&limit=1"), ["d", "b", "c", "a"]);
        let first = admin.all("/objects/deal/records?sort=created_at").remove(0);
        admin.patch(&deal(first["id"].as_str().unwrap()), json!({ "fields": { "notes": "x" } })).expect(200);
        assert_eq!(listed(admin, "sort=-updated_at&limit=2"), ["a", "d", "c", "b"]);
        let mut by_id = listed(admin, "sort=id&limit=1");
        let mut backwards = listed(admin, "sort=-id&limit=1");
        backwards.reverse();
        assert_eq!(by_id, backwards);
        by_id.sort();
        assert_eq!(by_id, ["a", "b", "c", "d"]);
    }

    fn filters_say_what_they_mean(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        let ada = world.owner("Ada", None);
        let parent = world.make(json!({ "name": "parent" }));
        let body = format!(r#"{{"external_id": "X-1", "fields": {{"name": "Big crane", "amount": 1e2, "stage": "won", "tags": ["red", "blue"],
            "owner": "{ada}", "parent": "{parent}", "closes_on": "2026-07-01", "met_at": "2026-06-01T09:00:00+02:00", "active": true,
            "mail": "Ada@Example.org", "phone": "+43 (1) 234", "price": 99.9, "rate": 5}}}}"#);
        admin.raw("POST", "/objects/deal/records", body).expect(201);
        world.make(json!({ "name": "100% of_it\\", "amount": 7, "active": false, "tags": ["green"] }));
        let both = [r#"name pr and amount pr"#, r#"not (name eq "parent")"#, r#"amount gt 1"#, r#"amount ge 7.0"#, r#"active pr"#, "tags pr"];
        let crane = [
            r#"name eq "BIG CRANE""#, r#"name co "g cr""#, r#"name sw "big""#, r#"name ew "ane""#, "amount eq 100.00", "amount gt 7",
            r#"stage eq "Won""#, r#"tags eq "blue""#, "active eq true", "price lt 100 and price ge 99.9", r#"mail eq "ada@example.org""#,
            r#"closes_on gt "2026-06-30""#, r#"met_at eq "2026-06-01T07:00:00Z""#, r#"external_id eq "X-1""#, r#"phone eq "+431234""#,
            r#"not (amount le 50) AND NOT (amount eq null)"#, r#"(name eq "x" or stage eq "won") and (rate eq 5 or rate eq 6)"#, "stage ne null",
        ];
        let other = [
            r#"name eq "100% of_it\\""#, r#"name co "% of_""#, r#"name ew "\\""#, r#"amount lt 100"#, "active eq false",
            r#"tags eq "green""#, r#"tags pr and tags ne "red""#, "amount pr and not (stage pr)", r#"external_id eq null and amount pr"#,
        ];
        let found = |filter: &str| {
            let query = format!("sort=name&count=true&filter={}", encoded(filter));
            let page = admin.get(&format!("/objects/deal/records?{query}")).expect(200).body;
            let names: Vec<String> = names(page["items"].as_array().unwrap()).into_iter().map(str::to_owned).collect();
            assert_eq!(page["total"], names.len(), "{filter}");
            names
        };
        for filter in both {
            assert_eq!(found(filter), ["100% of_it\\", "Big crane"], "{filter}");
        }
        for filter in crane {
            assert_eq!(found(filter), ["Big crane"], "{filter}");
        }
        for filter in other {
            assert_eq!(found(filter), ["100% of_it\\"], "{filter}");
        }
        for filter in [format!("owner eq \"{ada}\""), format!("parent eq \"{parent}\"")] {
            assert_eq!(found(&filter), ["Big crane"], "{filter}");
        }
        for filter in [r#"name co "_00%""#, r#"external_id eq "x-1""#, "amount gt 100", r#"stage eq "wo""#, r#"tags eq "re""#] {
            assert_eq!(found(filter), Vec::<String>::new(), "{filter}");
        }
        assert_eq!(found(r#"stage ne "won""#), ["100% of_it\\", "parent"], "no value is another value");
        assert_eq!(found(&format!("id eq \"{parent}\"")), ["parent"]);
        assert_eq!(listed(admin, "external_id=X-1"), ["Big crane"]);
        assert_eq!(listed(admin, &format!("external_id=X-1&filter={}", encoded("amount lt 5"))), Vec::<String>::new());
        assert_eq!(listed(admin, "external_id=x-1"), Vec::<String>::new());
        // What was stored as one form of letters is found by the other.
        world.make(json!({ "name": "Café" }));
        assert_eq!(found("name eq \"cafe\u{301}\""), ["Café"]);
    }

    fn everybody_lists_and_counts_exactly_what_they_reach(server) {
        let world = World::new(server);
        let hana = world.person("Hana", Some(&world.head), TEAM);
        let reps: Vec<String> = (0..4).map(|n| world.owner(&format!("Rep{n}"), Some(&world.rep))).collect();
        let other = world.owner("Other", None);
        let mut expected = Vec::new();
        for n in 0..30_usize {
            let owner = [Some(&reps[n % 4]), Some(&hana.id), Some(&other), None][n % 4];
            let co_owner = if n % 3 == 0 { Some(&reps[0]) } else { None };
            let name = format!("N{n:02}");
            world.make(json!({ "name": name, "amount": n % 5, "owner": owner, "co_owner": co_owner }));
            if n % 4 < 2 || n % 3 == 0 {
                expected.push(name);
            }
        }
        for limit in [1, 7, 200] {
            assert_eq!(listed(&hana.client, &format!("sort=name&limit={limit}")), expected, "{limit}");
            let mut any_order = listed(&hana.client, &format!("limit={limit}"));
            any_order.sort();
            assert_eq!(any_order, expected, "{limit}");
        }
        let total = |query: &str| hana.client.get(&format!("/objects/deal/records?limit=1&count=true{query}")).expect(200).body["total"].clone();
        assert_eq!(total(""), expected.len());
        let filter = encoded("amount eq 0 or name eq \"N02\"");
        let filtered = listed(&hana.client, &format!("limit=2&sort=name&filter={filter}"));
        assert_eq!(total(&format!("&filter={filter}")), filtered.len());
        assert!(!filtered.contains(&"N02".to_owned()) && filtered.len() > 2, "{filtered:?}");
        world.permit(&hana.profile, world.deal, ANYONE);
        assert_eq!(total(""), 30);
        world.permit(&hana.profile, world.deal, ["none", "anyone", "anyone", "anyone"]);
        let nothing = hana.client.get("/objects/deal/records?count=true").expect(200).body;
        assert_eq!(nothing, json!({ "items": [], "next_cursor": null, "total": 0 }));
    }

    fn pages_stay_in_step_while_records_come_and_go(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, OWN);
        let make = |n: usize| world.make(json!({ "name": format!("N{n:02}"), "owner": ada.id }));
        let ids: Vec<String> = (0..20).map(|n| make(n * 2)).collect();
        let mut seen = Vec::new();
        let mut cursor = String::new();
        for page in 0.. {
            let body = ada.client.get(&format!("/objects/deal/records?sort=name&limit=3{cursor}")).expect(200).body;
            seen.extend(names(body["items"].as_array().unwrap()).into_iter().map(str::to_owned));
            let Some(next) = body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            match page {
                // The record that the cursor stands on goes, one before it comes, one after it comes, one is taken away.
                0 => {
                    ada.client.delete(&deal(&ids[2])).expect(204);
                    make(1);
                    make(9);
                }
                1 => {
                    world.org.admin.patch(&deal(&ids[15]), json!({ "fields": { "owner": null } })).expect(200);
                    ada.client.delete(&deal(&ids[19])).expect(204);
                }
                _ => {}
            }
        }
        let expected: Vec<String> = (0..20).filter(|n| ![15, 19].contains(n)).map(|n| format!("N{:02}", n * 2)).collect();
        let mut with_new = expected;
        with_new.push("N09".to_owned());
        with_new.sort();
        assert_eq!(seen, with_new, "nothing twice, nothing left out that was there all along");
    }

    fn a_cursor_belongs_to_its_list(server) {
        let world = World::new(server);
        let admin = &world.org.admin;
        for n in 0..3 {
            world.make(json!({ "name": format!("N{n}"), "amount": n }));
        }
        let filter = encoded("amount ge 0");
        let page = admin.get(&format!("/objects/deal/records?limit=1&sort=name&filter={filter}")).expect(200).body;
        let cursor = page["next_cursor"].as_str().unwrap();
        let ask = |query: &str| admin.get(&format!("/objects/deal/records?limit=1&cursor={cursor}&{query}"));
        assert_eq!(names(ask(&format!("sort=name&filter={filter}")).expect(200).body["items"].as_array().unwrap()), ["N1"]);
        for query in [
            "sort=name".to_owned(), format!("sort=-name&filter={filter}"), format!("filter={filter}"), format!("sort=name&filter={}", encoded("amount ge 1")),
            format!("sort=name&filter={filter}&external_id=x"),
        ] {
            ask(&query).refused(400, "invalid_cursor").blaming("?cursor");
        }
        admin.get("/objects/deal/records?cursor=AAAA").refused(400, "invalid_cursor");
        let other = World::named(server, "other");
        other.org.admin.get(&format!("/objects/deal/records?limit=1&sort=name&filter={filter}&cursor={cursor}")).refused(400, "invalid_cursor");
    }

    fn a_cursor_shows_nobody_more_than_they_reach(server) {
        let world = World::new(server);
        let ada = world.person("Ada", None, OWN);
        for n in 0..4 {
            world.make(json!({ "name": format!("N{n}"), "owner": if n % 2 == 0 { json!(ada.id) } else { Value::Null } }));
        }
        let page = world.org.admin.get("/objects/deal/records?limit=1&sort=name").expect(200).body;
        let query = format!("limit=1&sort=name&cursor={}", page["next_cursor"].as_str().unwrap());
        assert_eq!(listed(&ada.client, "limit=1&sort=name"), ["N0", "N2"]);
        let rest = ada.client.get(&format!("/objects/deal/records?{query}")).expect(200).body;
        assert_eq!((names(rest["items"].as_array().unwrap()), &rest["next_cursor"]), (vec!["N2"], &Value::Null));
    }

    fn long_texts_are_sorted_and_paged_too(server) {
        let world = World::new(server);
        for end in ["b", "c", "a"] {
            world.make(json!({ "name": end, "notes": format!("{}{end}", "x".repeat(9_999)) }));
        }
        assert_eq!(listed(&world.org.admin, "sort=notes&limit=1"), ["a", "b", "c"]);
    }
}
