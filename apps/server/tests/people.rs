//! The names of people: who sees whom, and whose email.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, TestOrg, TestServer, both_databases};

const NEVER: &str = "0198c0de-0000-7000-8000-000000000001";

fn names(people: &[Value]) -> Vec<&str> {
    people
        .iter()
        .map(|person| person["first_name"].as_str().unwrap())
        .collect()
}

fn seen(client: &Client, query: &str) -> BTreeSet<String> {
    let people = client.all(&format!("/people?{query}"));
    names(&people).into_iter().map(str::to_owned).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// ```text
/// head: Hana ─┬─ rep: Rob, Gus (guest), Gina (guest) ─── intern: Ivo, Gone (deactivated)
///             └─ other: Olga
/// no role: Nora, Expired (guest)
/// ```
/// Hana answers for Gus, the Admin for the other guests.
struct House {
    org: TestOrg,
    ids: std::collections::BTreeMap<&'static str, String>,
}

impl House {
    fn new(server: &TestServer) -> Self {
        let org = server.org("acme");
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
        let mut ids = std::collections::BTreeMap::new();
        let staff = [
            ("Hana", Some(&head)),
            ("Rob", Some(&rep)),
            ("Ivo", Some(&intern)),
            ("Gone", Some(&intern)),
            ("Olga", Some(&other)),
            ("Nora", None),
        ];
        for (name, role) in staff {
            let user = org.user_with(name, json!({ "role_id": role }));
            ids.insert(name, user["id"].as_str().unwrap().to_owned());
        }
        for (name, role, days) in [
            ("Gus", Some(&rep), 30),
            ("Gina", Some(&rep), 30),
            ("Expired", None, 1),
        ] {
            let mut invitation = org.invitation(server, name, days);
            invitation["role_id"] = json!(role);
            if name == "Gus" {
                invitation["sponsor_id"] = json!(ids["Hana"]);
            }
            ids.insert(name, org.admin.post("/guests", invitation).expect(201).id());
        }
        for name in ["Gus", "Expired"] {
            server.claim(&org.guest_email(name));
        }
        org.admin
            .post(&format!("/users/{}/deactivate", ids["Gone"]), json!({}))
            .expect(200);
        server.advance(Duration::days(3));
        House { org, ids }
    }

    fn admin(&self) -> String {
        let admin = self
            .org
            .admin
            .get(&format!("/users/{}", self.org.admin_id))
            .expect(200);
        admin.text("first_name")
    }
}

both_databases! {
    fn those_who_administer_people_or_read_the_log_see_everybody(server) {
        let house = House::new(server);
        let admin = house.admin();
        let mut everybody = vec!["Hana", "Rob", "Ivo", "Gone", "Olga", "Nora", "Gus", "Gina", "Expired", &admin];
        for capability in ["manage_users", "manage_guests", "manage_access", "view_audit"] {
            let caller = house.org.signed_in(server, capability, &[capability]);
            everybody.push(capability);
            assert_eq!(seen(&caller, "limit=3"), set(&everybody), "{capability}");
            let people = caller.all("/people");
            let emails = people.iter().filter(|person| person["email"].is_string()).count();
            assert_eq!(emails, people.len());
            let good: BTreeSet<&str> = people
                .iter()
                .filter(|person| person["good_standing"] == true)
                .map(|person| person["first_name"].as_str().unwrap())
                .collect();
            assert!(good.contains("Hana") && good.contains("Gus"), "{good:?}");
            assert!(!good.contains("Gone") && !good.contains("Expired") && !good.contains("Gina"), "{good:?}");
        }
        let gus = &house.org.admin.all(&format!("/people?ids={}", house.ids["Gus"]))[0];
        assert_eq!(gus, &json!({
            "id": house.ids["Gus"], "kind": "guest", "first_name": "Gus", "last_name": gus["last_name"],
            "good_standing": true, "email": house.org.guest_email("Gus"),
        }));
    }

    fn other_standard_users_see_everybody_in_good_standing_without_emails(server) {
        let house = House::new(server);
        let caller = house.org.signed_in(server, "Caller", &["manage_objects", "manage_org"]);
        let admin = house.admin();
        let good = ["Hana", "Rob", "Ivo", "Olga", "Nora", "Gus", "Caller", &admin];
        assert_eq!(seen(&caller, "limit=2"), set(&good));
        let people = caller.all("/people");
        assert!(people.iter().all(|person| person["email"].is_null() && person["good_standing"] == true));
        // Emails can't be found out by searching or sorting either.
        let email = house.org.user_email("Hana");
        let part = email.split_once('@').unwrap().1;
        assert_eq!(seen(&caller, &format!("q={part}")), set(&[]));
        assert!(seen(&house.org.admin, &format!("q={part}")).contains("Hana"));
        assert_eq!(seen(&caller, "q=HAN"), set(&["Hana"]));
        caller.get("/people?sort=email").refused(400, "invalid_sort").blaming("?sort");
        assert_eq!(seen(&caller, &format!("ids={},{}", house.ids["Gone"], house.ids["Rob"])), set(&["Rob"]));
        assert_eq!(seen(&caller, "kind=guest"), set(&["Gus"]));

        house.org.admin.patch("/org", json!({ "guest_access": false })).expect(200);
        assert_eq!(seen(&caller, "kind=guest"), set(&[]), "no guest is in good standing now");
        let gus = &house.org.admin.all(&format!("/people?ids={}", house.ids["Gus"]))[0];
        assert_eq!(gus["good_standing"], false);
    }

    fn guests_see_themselves_their_sponsor_their_peers_and_reports(server) {
        let house = House::new(server);
        let gus = server.sign_in(&house.org, &house.org.guest_email("Gus"));
        // Hana, who is above, as the sponsor only.
        assert_eq!(seen(&gus, ""), set(&["Gus", "Hana", "Rob", "Gina", "Ivo", "Gone"]));
        let with_email: Vec<Value> = gus.all("/people").into_iter().filter(|person| person["email"].is_string()).collect();
        assert_eq!(names(&with_email).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(["Gus", "Hana"]));
        let all: Vec<String> = house.ids.values().cloned().collect();
        assert_eq!(seen(&gus, &format!("ids={}", all.join(","))), set(&["Gus", "Hana", "Rob", "Gina", "Ivo", "Gone"]));
        assert_eq!(gus.get("/people?count=true&limit=1").expect(200).body["total"], 6);

        // Without a role there are neither peers nor reports, even among the others without one.
        let loner = house.org.guest(server, "Loner", 5);
        assert_eq!(loner["role_id"], Value::Null);
        let loner = server.claim(&house.org.guest_email("Loner"));
        assert_eq!(seen(&loner, ""), set(&["Loner", &house.admin()]));
    }

    fn people_are_sorted_by_name_and_paged(server) {
        let org = server.org("acme");
        for (first, last) in [("Zoe", "Adams"), ("Bea", "adams"), ("Al", "Brown")] {
            let body = json!({ "first_name": first, "last_name": last, "email": format!("{first}@acme.example") });
            org.admin.post("/users", body).expect(201);
        }
        let ids: Vec<String> = org.admin.all("/users?q=acme.example").iter().map(|user| user["id"].as_str().unwrap().to_owned()).collect();
        let query = format!("/people?ids={}&limit=1", ids.join(","));
        let people = org.admin.all(&query);
        let found: Vec<_> = names(&people).into_iter().filter(|name| ["Zoe", "Bea", "Al"].contains(name)).collect();
        assert_eq!(found, ["Bea", "Zoe", "Al"]);
        let people = org.admin.all(&format!("{query}&sort=-first_name"));
        let found: Vec<_> = names(&people).into_iter().filter(|name| ["Zoe", "Bea", "Al"].contains(name)).collect();
        assert_eq!(found, ["Zoe", "Bea", "Al"]);
    }

    fn unknown_deleted_and_foreign_people_are_left_out(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let id = |user: Value| user["id"].as_str().unwrap().to_owned();
        let (bob, gone, foreign) = (id(org.user("Bob")), id(org.user("Gone")), id(other.user("Foreign")));
        org.admin.delete(&format!("/users/{gone}")).expect(204);
        let people = org.admin.all(&format!("/people?ids={bob},{gone},{foreign},{NEVER},{bob}"));
        assert_eq!(names(&people), ["Bob"]);
        assert_eq!(seen(&org.admin, "q=foreign"), set(&[]));

        let many = vec![NEVER; 101].join(",");
        for ids in ["", "bob", &format!("{bob},"), &many] {
            org.admin.get(&format!("/people?ids={ids}")).refused(400, "invalid_query").blaming("?ids");
        }
        org.admin.get(&format!("/people?ids={}", vec![NEVER; 100].join(","))).expect(200);
        org.admin.get("/people?kind=robot").refused(400, "invalid_query").blaming("?kind");
        org.admin.get("/people?role_id=x").refused(400, "invalid_query").blaming("?role_id");
    }
}
