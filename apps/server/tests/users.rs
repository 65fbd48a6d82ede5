//! Standard users over HTTP: adding, changing, switching off and on, deleting, lists, who may do it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{Client, PASSWORD, Racer, Reply, TestOrg, TestServer, at_once, both_databases};

fn path(user: &Value) -> String {
    format!("/users/{}", user["id"].as_str().unwrap())
}

fn names(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["first_name"].as_str().unwrap())
        .collect()
}

/// The first names on all pages, in no order.
fn name_set(client: &Client, path: &str) -> BTreeSet<String> {
    names(&client.all(path)).into_iter().map(str::to_owned).collect()
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

/// A second Admin with an account of their own, signed in.
fn second_admin(server: &TestServer, org: &TestOrg, name: &str) -> (Value, Client) {
    let user = org.user_with(name, json!({ "profile_id": org.admin_profile }));
    let client = server.claim(&org.user_email(name));
    (user, client)
}

/// What the audit log says about something: the actions, oldest first.
fn actions(org: &TestOrg, target: &Value) -> Vec<String> {
    let events = org.admin.all(&format!(
        "/audit-events?target_id={}",
        target["id"].as_str().unwrap()
    ));
    let mut actions: Vec<(i64, String)> = events
        .iter()
        .map(|event| {
            (
                event["seq"].as_i64().unwrap(),
                event["action"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    actions.sort_unstable();
    actions.into_iter().map(|(_, action)| action).collect()
}

fn statuses(replies: &[Reply]) -> Vec<u16> {
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    statuses.sort_unstable();
    statuses
}

both_databases! {
    fn a_new_user_gets_the_default_profile_and_a_claim_link_and_signs_in(server) {
        let org = server.org("acme");
        let body = json!({ "first_name": " Ana ", "last_name": "Ruiz", "email": "Ana@acme.example" });
        let added = org.admin.post("/users", body).expect(201);
        let user = &added.body;
        assert_eq!(added.header("location"), Some(format!("/api/v1{}", path(user)).as_str()));
        assert_eq!(user["kind"], "standard");
        assert_eq!(user["status"], "invited");
        assert_eq!(user["first_name"], "Ana");
        assert_eq!(user["email"], "Ana@acme.example");
        assert_eq!(user["profile_id"], org.default_profile.as_str());
        for empty in ["role_id", "license_id", "external_id", "claimed_at", "last_sign_in_at", "deactivated_at"] {
            assert_eq!(user.get(empty), Some(&Value::Null), "{empty}");
        }
        let shown = org.admin.get(&path(user)).expect(200);
        assert_eq!(&shown.body, user);
        assert_eq!(shown.header("etag"), added.header("etag"));

        assert_eq!(server.mails_to("Ana@acme.example").len(), 1);
        let session = server.claim("Ana@acme.example");
        session.get("/me").expect(200);
        server.sign_in(&org, "ana@ACME.example");
        let shown = org.admin.get(&path(user)).expect(200).body;
        assert_eq!(shown["status"], "active");
        assert!(shown["claimed_at"].is_string() && shown["last_sign_in_at"].is_string());
        assert_eq!(actions(&org, user).first().map(String::as_str), Some("user.created"));
    }

    fn all_unusable_fields_of_a_user_are_told_at_once(server) {
        let org = server.org("acme");
        let bad = json!({
            "first_name": " ", "last_name": "x".repeat(101), "email": "nobody", "sign_in": "sso", "external_id": ""
        });
        let refused = org.admin.post("/users", bad.clone()).refused(422, "validation_failed");
        let pointers = ["/first_name", "/last_name", "/email", "/sign_in", "/external_id"];
        assert_eq!(refused.body["errors"].as_array().unwrap().len(), pointers.len());
        let patched = org.admin.patch(&path(&org.user("Bob")), bad).refused(422, "validation_failed");
        for pointer in pointers {
            patched.clone().blaming(pointer);
            refused.clone().blaming(pointer);
        }
        let good = json!({ "first_name": "A", "last_name": "B", "email": "a@acme.example" });
        let with = |field: &str, value: Value| {
            let mut body = good.clone();
            body[field] = value;
            org.admin.post("/users", body)
        };
        with("sign_in", json!("sso")).refused(422, "sso_not_configured").blaming("/sign_in");
        with("sign_in", json!("smoke")).refused(422, "invalid_value").blaming("/sign_in");
        with("email", json!("p\u{430}ypal@acme.example")).refused(422, "invalid_email").blaming("/email");
        with("first_name", json!("A\u{0}")).refused(422, "invalid_text").blaming("/first_name");
        with("first_name", json!(7)).refused(400, "invalid_type").blaming("/first_name");
        with("first_name", json!(null)).refused(400, "invalid_type").blaming("/first_name");
        with("role_id", json!("seven")).refused(400, "invalid_format").blaming("/role_id");
        with("admin", json!(true)).refused(400, "unknown_field").blaming("/admin");
        with("kind", json!("guest")).refused(400, "unknown_field").blaming("/kind");
        org.admin.post("/users", json!({ "first_name": "A" })).refused(400, "missing_field");
        assert_eq!(org.admin.all("/users").len(), 2, "nobody was added beside Bob");
    }

    fn emails_and_external_ids_are_unique_within_an_org_and_free_in_another(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let bob = org.user_with("Bob", json!({ "external_id": "hr-7" }));
        org.guest(server, "Ada", 5);
        let add = |org: &TestOrg, email: &str, external_id: Option<&str>| {
            org.admin.post("/users", json!({
                "first_name": "A", "last_name": "B", "email": email, "external_id": external_id
            }))
        };
        add(&org, "BOB@acme.example", None).refused(409, "email_taken").blaming("/email");
        add(&org, &org.guest_email("Ada"), None).refused(409, "email_reserved").blaming("/email");
        add(&org, "new@acme.example", Some("hr-7")).refused(409, "external_id_taken").blaming("/external_id");
        add(&other, "bob@acme.example", Some("hr-7")).expect(201);

        let cal = org.user("Cal");
        let patch = |body: Value| org.admin.patch(&path(&cal), body);
        patch(json!({ "email": "bob@ACME.example" })).refused(409, "email_taken").blaming("/email");
        patch(json!({ "email": org.guest_email("Ada") })).refused(409, "email_reserved").blaming("/email");
        patch(json!({ "external_id": "hr-7" })).refused(409, "external_id_taken").blaming("/external_id");
        org.admin.patch(&path(&bob), json!({ "external_id": null })).expect(200);
        assert_eq!(patch(json!({ "external_id": "hr-7" })).expect(200).body["external_id"], "hr-7");
    }

    fn references_have_to_exist_in_the_same_org(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let bob = org.user("Bob");
        let made = |org: &TestOrg| {
            let role = org.admin.post("/roles", json!({ "name": "R" })).expect(201).id();
            let license = org.admin.post("/licenses", json!({ "name": "L", "seats": 5 })).expect(201).id();
            [("role_id", "roles", role), ("license_id", "licenses", license), ("profile_id", "profiles", org.profile("P", &[]))]
        };
        let (own, foreign) = (made(&org), made(&other));
        for (_, family, id) in &own {
            org.admin.delete(&format!("/{family}/{id}")).expect(204);
        }
        let never = "0198c0de-0000-7000-8000-000000000001".to_owned();
        for (field, id) in own
            .iter()
            .chain(&foreign)
            .map(|(field, _, id)| (field, id))
            .chain(["role_id", "license_id", "profile_id"].iter().map(|field| (field, &never)))
        {
            let pointer = format!("/{field}");
            let mut body = json!({ "first_name": "A", "last_name": "B", "email": "a@acme.example" });
            body[*field] = json!(id);
            org.admin.post("/users", body).refused(422, "unknown_reference").blaming(&pointer);
            org.admin.patch(&path(&bob), json!({ *field: id })).refused(422, "unknown_reference").blaming(&pointer);
        }
    }

    fn a_license_gives_no_more_seats_than_it_has(server) {
        let org = server.org("acme");
        let license = org.admin.post("/licenses", json!({ "name": "Field", "seats": 1 })).expect(201).id();
        let licensed = json!({ "license_id": license });
        let bob = org.user_with("Bob", licensed.clone());
        let mut body = json!({ "first_name": "C", "last_name": "D", "email": "c@acme.example" });
        body["license_id"] = json!(license);
        org.admin.post("/users", body.clone()).refused(409, "no_seats_left").blaming("/license_id");
        let cal = org.user("Cal");
        let take = || org.admin.patch(&path(&cal), licensed.clone());
        take().refused(409, "no_seats_left").blaming("/license_id");
        // Keeping a seat takes none.
        org.admin.patch(&path(&bob), licensed.clone()).expect(200);

        let used = || org.admin.get(&format!("/licenses/{license}")).expect(200).body["used"].clone();
        assert_eq!(used(), 1);
        org.admin.post(&format!("{}/deactivate", path(&bob)), json!({})).expect(200);
        assert_eq!(used(), 0);
        take().expect(200);
        org.admin.post(&format!("{}/activate", path(&bob)), json!({})).refused(409, "no_seats_left");
        org.admin.patch(&path(&cal), json!({ "license_id": null })).expect(200);
        org.admin.post(&format!("{}/activate", path(&bob)), json!({})).expect(200);
        assert_eq!(used(), 1);
        org.admin.delete(&path(&bob)).expect(204);
        assert_eq!(used(), 0);
    }

    fn of_two_who_take_the_last_seat_at_once_one_gets_it(server) {
        let org = server.org("acme");
        for round in 0..6 {
            let license = json!({ "name": format!("L{round}"), "seats": 1 });
            let license = org.admin.post("/licenses", license).expect(201).id();
            let users = [org.user(&format!("Bob{round}")), org.user(&format!("Cal{round}"))];
            let racers = users.iter().map(|user| {
                let (admin, license) = (&org.admin, &license);
                Box::new(move || admin.patch(&path(user), json!({ "license_id": license }))) as Racer<'_>
            });
            assert_eq!(statuses(&at_once(racers.collect())), [200, 409]);
        }
    }

    fn nobody_grants_what_they_do_not_hold(server) {
        let org = server.org("acme");
        let auditor = org.profile("Auditor", &["view_audit"]);
        let manager = org.signed_in(server, "Mia", &["manage_users"]);
        let mia = manager.get("/session").expect(200).body["user"]["id"].as_str().unwrap().to_owned();
        let add = |name: &str, profile: Option<&str>| {
            manager.post("/users", json!({
                "first_name": name, "last_name": "X", "email": org.user_email(name), "profile_id": profile
            }))
        };
        let bob = add("Bob", None).expect(201).body;
        add("Cal", Some(&auditor)).refused(403, "capability_not_held");
        add("Cal", Some(&org.admin_profile)).refused(403, "admin_only");
        let promote = |profile: &str| manager.patch(&path(&bob), json!({ "profile_id": profile }));
        promote(&auditor).refused(403, "capability_not_held");
        promote(&org.admin_profile).refused(403, "admin_only");

        // Nobody but an Admin changes their own profile or role, whatever it is.
        let role = org.admin.post("/roles", json!({ "name": "Boss" })).expect(201).id();
        let own = format!("/users/{mia}");
        manager.patch(&own, json!({ "role_id": role })).refused(403, "own_access_fixed");
        manager.patch(&own, json!({ "profile_id": org.default_profile })).refused(403, "own_access_fixed");
        manager.patch(&own, json!({ "first_name": "Maria", "role_id": null })).expect(200);
        org.admin.patch(&format!("/users/{}", org.admin_id), json!({ "role_id": role })).expect(200);

        // The Default profile is no way around it.
        let powerful = json!({ "capabilities": ["manage_org"] });
        org.admin.patch(&format!("/profiles/{}", org.default_profile), powerful).expect(200);
        add("Dan", None).refused(403, "capability_not_held");

        let denied = org.admin.all("/audit-events?action=administration.denied");
        assert!(denied.iter().any(|event| event["changes"]["code"] == "own_access_fixed"));
    }

    fn nobody_administers_a_person_above_them(server) {
        let org = server.org("acme");
        let manager = org.signed_in(server, "Mia", &["manage_users"]);
        let auditor = org.profile("Auditor", &["view_audit"]);
        let eve = org.user_with("Eve", json!({ "profile_id": auditor }));
        let invited = org.user_with("Ida", json!({ "profile_id": org.admin_profile }));
        let admin = json!({ "id": org.admin_id });
        for above in [&eve, &invited, &admin] {
            let own = path(above);
            let outranked = |reply: Reply| {
                reply.refused(403, "subject_outranks_actor");
            };
            outranked(manager.patch(&own, json!({ "email": "mine@acme.example" })));
            outranked(manager.patch(&own, json!({ "profile_id": org.default_profile })));
            for command in ["deactivate", "activate", "unlock"] {
                outranked(manager.post(&format!("{own}/{command}"), json!({})));
            }
            outranked(manager.post(&format!("{own}/claim-links"), json!({ "deliver": "response" })));
            outranked(manager.delete(&own));
        }
        let below = org.user("Bob");
        manager.post(&format!("{}/deactivate", path(&below)), json!({})).expect(200);
        manager.delete(&path(&below)).expect(204);
    }

    fn capabilities_decide_who_reads_and_who_changes_users(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        for (name, capability, reads) in [
            ("Ann", "manage_guests", true),
            ("Ben", "manage_access", true),
            ("Cid", "manage_objects", false),
            ("Dee", "manage_org", false),
            ("Eli", "view_audit", false),
        ] {
            let client = org.signed_in(server, name, &[capability]);
            let own = client.get("/session").expect(200).body["user"]["id"].as_str().unwrap().to_owned();
            client.get(&format!("/users/{own}")).expect(200);
            client.get(&format!("/users/{own}/reports")).expect(200);
            for seen in ["/users".to_owned(), path(&bob), format!("{}/peers", path(&bob))] {
                match reads {
                    true => client.get(&seen).expect(200),
                    false => client.get(&seen).refused(403, "capability_missing"),
                };
            }
            let body = json!({ "first_name": "A", "last_name": "B", "email": "x@acme.example" });
            client.post("/users", body).refused(403, "capability_missing");
            client.patch(&path(&bob), json!({ "first_name": "X" })).refused(403, "capability_missing");
            client.delete(&path(&bob)).refused(403, "capability_missing");
            client.post(&format!("{}/deactivate", path(&bob)), json!({})).refused(403, "capability_missing");
        }
        let guest = org.guest(server, "Ada", 5);
        let client = server.claim(&org.guest_email("Ada"));
        for seen in ["/users".to_owned(), path(&bob), path(&guest), format!("{}/peers", path(&guest))] {
            client.get(&seen).refused(403, "capability_missing");
        }
    }

    fn the_kind_of_a_user_never_changes(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        for kind in [json!("guest"), json!("standard"), json!(null), json!(7)] {
            let refused = org.admin.patch(&path(&bob), json!({ "kind": kind, "first_name": "X" }));
            refused.refused(409, "user_kind_fixed").blaming("/kind");
        }
        assert_eq!(org.admin.get(&path(&bob)).expect(200).body, bob);
    }

    fn a_stale_version_is_not_overwritten(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        let stale = org.admin.get(&path(&bob)).header("etag").unwrap().to_owned();
        org.admin.patch(&path(&bob), json!({ "first_name": "Rob" })).expect(200);
        let with = |method: &str, tag: &str| {
            let request = org.admin.request(method, &path(&bob)).header("if-match", tag);
            Client::send(if method == "PATCH" { request.json(&json!({ "last_name": "X" })) } else { request })
        };
        with("PATCH", &stale).refused(412, "precondition_failed");
        with("DELETE", &stale).refused(412, "precondition_failed");
        let fresh = org.admin.get(&path(&bob)).header("etag").unwrap().to_owned();
        let known = org.admin.request("GET", &path(&bob)).header("if-none-match", &fresh);
        assert_eq!(Client::send(known).status, 304);
        assert_eq!(with("PATCH", &fresh).expect(200).body["last_name"], "X");
        with("DELETE", "*").expect(204);
    }

    fn a_patch_that_says_nothing_new_changes_nothing(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        let before = org.admin.get(&path(&bob)).expect(200);
        for same in [json!({}), json!({ "first_name": "Bob", "role_id": null, "profile_id": org.default_profile })] {
            let after = org.admin.patch(&path(&bob), same).expect(200);
            assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
        }
        assert_eq!(actions(&org, &bob), ["user.created"]);
    }

    fn a_new_email_kills_the_links_that_were_sent_to_the_old_one(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        let old = server.mailed_token(&org.user_email("Bob"));
        org.admin.patch(&path(&bob), json!({ "email": "robert@acme.example" })).expect(200);
        server.client().post("/claims/preview", json!({ "token": old })).refused(410, "claim_link_invalid");
        server.claim("robert@acme.example");
        // Claimed users get no claim link, and sign in with the new address.
        org.admin.patch(&path(&bob), json!({ "email": "bob2@acme.example" })).expect(200);
        assert_eq!(server.mails_to("bob2@acme.example").len(), 0);
        server.sign_in(&org, "bob2@acme.example");
        // The first address is still theirs to come back to.
        org.admin.patch(&path(&bob), json!({ "email": org.user_email("Bob") })).expect(200);
    }

    fn claim_links_for_users_go_by_mail_or_into_the_answer(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        let links = format!("{}/claim-links", path(&bob));
        let first = server.mailed_token(&org.user_email("Bob"));
        // Mails of one instant have no order.
        server.advance(Duration::seconds(1));
        org.admin.post(&links, json!({})).expect(202);
        let preview = |token: &str| server.client().post("/claims/preview", json!({ "token": token }));
        preview(&first).refused(410, "claim_link_invalid");
        let second = server.mailed_token(&org.user_email("Bob"));
        preview(&second).expect(200);
        let shown = org.admin.post(&links, json!({ "deliver": "response" })).expect(201);
        preview(&second).refused(410, "claim_link_invalid");
        let url = shown.text("url");
        let token = url.strip_prefix("http://localhost:8080/claim#token=").unwrap();
        let claim = json!({ "token": token, "password": PASSWORD });
        server.client().post("/claims", claim).expect(201);
        org.admin.post(&links, json!({})).refused(409, "already_claimed");
        let cal = org.user("Cal");
        org.admin.post(&format!("{}/deactivate", path(&cal)), json!({})).expect(200);
        org.admin.post(&format!("{}/claim-links", path(&cal)), json!({})).refused(409, "user_deactivated");
    }

    fn the_last_admin_stays(server) {
        let org = server.org("acme");
        // Neither an invitation nor a copy of the profile makes another Admin.
        org.user_with("Ida", json!({ "profile_id": org.admin_profile }));
        let copy = format!("/profiles/{}/copy", org.admin_profile);
        let copy = org.admin.post(&copy, json!({ "name": "Like Admin" })).expect(201).id();
        org.user_with("Cop", json!({ "profile_id": copy }));
        server.claim(&org.user_email("Cop"));
        let gone = org.user_with("Gone", json!({ "profile_id": org.admin_profile }));
        server.claim(&org.user_email("Gone"));
        org.admin.post(&format!("{}/deactivate", path(&gone)), json!({})).expect(200);

        let own = format!("/users/{}", org.admin_id);
        let demoted = json!({ "profile_id": org.default_profile });
        org.admin.patch(&own, demoted.clone()).refused(409, "last_admin");
        org.admin.post(&format!("{own}/deactivate"), json!({})).refused(409, "last_admin");
        org.admin.delete(&own).refused(409, "last_admin");

        let (second, client) = second_admin(server, &org, "Zoe");
        org.admin.patch(&own, demoted).expect(200);
        client.delete(&path(&second)).refused(409, "last_admin");
        client.patch(&own, json!({ "profile_id": org.admin_profile })).expect(200);
        client.delete(&path(&second)).expect(204);
        client.get("/me").expect(401);
    }

    fn of_two_admins_who_leave_at_once_one_stays(server) {
        let leave = |client: &Client, id: &str, org: &TestOrg, how: usize| {
            let own = format!("/users/{id}");
            match how {
                0 => client.patch(&own, json!({ "profile_id": org.default_profile })),
                1 => client.post(&format!("{own}/deactivate"), json!({})),
                _ => client.delete(&own),
            }
        };
        for (round, (one, two)) in
            [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (2, 0)].into_iter().enumerate()
        {
            let org = server.org(&format!("org-{round}"));
            let (second, client) = second_admin(server, &org, "Zoe");
            let second = second["id"].as_str().unwrap();
            let replies = at_once(vec![
                Box::new(|| leave(&org.admin, &org.admin_id, &org, one)),
                Box::new(|| leave(&client, second, &org, two)),
            ]);
            let refused: Vec<&Reply> = replies.iter().filter(|reply| reply.status >= 400).collect();
            assert_eq!(refused.len(), 1, "{replies:?}");
            refused[0].clone().refused(409, "last_admin");
            let stayed = if replies[0].status == 409 { &org.admin } else { &client };
            let admins = format!("/users?profile_id={}&status=active", org.admin_profile);
            assert_eq!(stayed.all(&admins).len(), 1);
        }
    }

    fn a_deactivated_user_is_out_with_the_next_request(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        let session = server.claim(&org.user_email("Bob"));
        let made = session.post("/api-tokens", json!({ "name": "cli", "kind": "user" })).expect(201);
        let token = server.client().with_token(&made.text("secret"));
        token.get("/me").expect(200);
        let mut invitation = org.invitation(server, "Ada", 20);
        invitation["sponsor_id"] = bob["id"].clone();
        let guest = org.admin.post("/guests", invitation).expect(201).body;
        let guest = format!("/guests/{}", guest["id"].as_str().unwrap());

        let off = format!("{}/deactivate", path(&bob));
        let first = org.admin.post(&off, json!({})).expect(200);
        assert_eq!(first.body["status"], "deactivated");
        for client in [&session, &token] {
            client.get("/me").refused(401, "credential_ended");
        }
        let again = org.admin.post(&off, json!({})).expect(200);
        assert_eq!(again.body, first.body, "deactivating twice changes nothing");
        let body = json!({ "org": org.slug, "email": org.user_email("Bob"), "password": PASSWORD });
        let refused = server.client().post("/sessions", body).status;
        assert!(matches!(refused, 401 | 403), "{refused}");
        assert_eq!(org.admin.get(&guest).body["sponsor_missing"], true);
        let later = json!({ "access_ends_on": server.day(30) });
        org.admin.patch(&guest, later.clone()).refused(409, "sponsor_missing");

        let on = format!("{}/activate", path(&bob));
        assert_eq!(org.admin.post(&on, json!({})).expect(200).body["status"], "active");
        org.admin.post(&on, json!({})).expect(200);
        for client in [&session, &token] {
            client.get("/me").refused(401, "credential_ended");
        }
        server.sign_in(&org, &org.user_email("Bob"));
        assert_eq!(org.admin.get(&guest).body["sponsor_missing"], false);
        org.admin.patch(&guest, later).expect(200);
        let told = actions(&org, &bob);
        assert_eq!(told.iter().filter(|a| *a == "user.deactivated").count(), 1, "{told:?}");
        assert_eq!(told.iter().filter(|a| *a == "user.activated").count(), 1, "{told:?}");
    }

    fn an_unclaimed_user_who_is_activated_again_gets_a_new_link(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        let old = server.mailed_token(&org.user_email("Bob"));
        org.admin.post(&format!("{}/deactivate", path(&bob)), json!({})).expect(200);
        let preview = json!({ "token": old });
        server.client().post("/claims/preview", preview.clone()).refused(410, "claim_link_invalid");
        // Mails of one instant have no order.
        server.advance(Duration::seconds(1));
        let on = org.admin.post(&format!("{}/activate", path(&bob)), json!({})).expect(200);
        assert_eq!(on.body["status"], "invited");
        server.client().post("/claims/preview", preview).refused(410, "claim_link_invalid");
        server.claim(&org.user_email("Bob"));
    }

    fn a_deleted_user_leaves_nothing_but_the_kind_of_their_email(server) {
        let org = server.org("acme");
        let bob = org.user_with("Bob", json!({ "external_id": "hr-7" }));
        let session = server.claim(&org.user_email("Bob"));
        let mut invitation = org.invitation(server, "Ada", 20);
        invitation["sponsor_id"] = bob["id"].clone();
        let guest = org.admin.post("/guests", invitation).expect(201).body;
        org.admin.delete(&path(&bob)).expect(204);
        session.get("/me").refused(401, "credential_ended");
        org.admin.get(&path(&bob)).refused(404, "not_found");
        org.admin.delete(&path(&bob)).refused(404, "not_found");
        assert!(!org.admin.get("/users").text.contains("Bob"));
        let guest = org.admin.get(&format!("/guests/{}", guest["id"].as_str().unwrap())).expect(200).body;
        assert_eq!(guest["sponsor_missing"], true);
        assert_eq!(actions(&org, &bob).last().map(String::as_str), Some("user.deleted"));
        // The address stays one of a standard user's; the external id is free.
        org.user_with("Bob", json!({ "external_id": "hr-7" }));
    }

    fn records_are_handed_to_an_active_user_of_the_org_only(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let bob = org.user("Bob");
        let invited = org.user("Ida");
        let off = org.user("Off");
        server.claim(&org.user_email("Off"));
        org.admin.post(&format!("{}/deactivate", path(&off)), json!({})).expect(200);
        let delete = |heir: &str| org.admin.delete(&format!("{}?transfer_records_to={heir}", path(&bob)));
        let id = |user: &Value| user["id"].as_str().unwrap().to_owned();
        for heir in [id(&bob), id(&invited), id(&off), other.admin_id.clone(), other.id.clone()] {
            delete(&heir).refused(422, "unknown_reference").blaming("?transfer_records_to");
        }
        delete("nobody").refused(400, "invalid_query").blaming("?transfer_records_to");
        org.admin.delete(&format!("{}?hand_over=1", path(&bob))).refused(400, "invalid_query");
        delete(&org.admin_id).expect(204);
    }

    fn a_locked_user_signs_in_again_once_unlocked(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        server.claim(&org.user_email("Bob"));
        let sign_in = |password: &str| {
            let body = json!({ "org": org.slug, "email": org.user_email("Bob"), "password": password });
            server.client().post("/sessions", body)
        };
        for _ in 0..10 {
            sign_in("not the password at all").refused(401, "sign_in_refused");
        }
        sign_in(PASSWORD).refused(401, "sign_in_refused");
        let unlock = format!("{}/unlock", path(&bob));
        org.admin.post(&unlock, json!({})).expect(200);
        sign_in(PASSWORD).expect(201);
        org.admin.post(&unlock, json!({})).expect(200);
        assert_eq!(actions(&org, &bob).iter().filter(|a| *a == "user.unlocked").count(), 1);
    }

    fn a_lock_is_told_until_it_is_lifted_or_over(server) {
        let org = server.org("acme");
        let [bob, eve] = ["Bob", "Eve"].map(|name| {
            let user = org.user(name);
            server.claim(&org.user_email(name));
            user
        });
        let guess = |times: usize| {
            let body = json!({ "org": org.slug, "email": org.user_email("Bob"), "password": "not it" });
            for _ in 0..times {
                server.client().post("/sessions", body.clone()).refused(401, "sign_in_refused");
            }
        };
        let shown = || org.admin.get(&path(&bob)).expect(200);
        let listed = |name: &str| {
            let users = org.admin.all("/users");
            users.into_iter().find(|user| user["first_name"] == name).unwrap()["locked_until"].clone()
        };
        let until = json!("2026-06-10T12:15:00.000000Z");
        guess(9);
        let before = shown();
        assert_eq!(before.body.get("locked_until"), Some(&Value::Null));
        guess(1);
        assert_eq!(shown().body["locked_until"], until);
        assert_eq!((listed("Bob"), listed("Eve")), (until.clone(), Value::Null));
        assert_eq!(org.admin.get(&path(&eve)).expect(200).body["locked_until"], Value::Null);

        // Whoever looks again is told, and whoever was about to change the user is not held up.
        let tag = before.header("etag").unwrap();
        let again = org.admin.request("GET", &path(&bob)).header("if-none-match", tag);
        assert_eq!(Client::send(again).expect(200).body["locked_until"], until);
        let change = org.admin.request("PATCH", &path(&bob)).header("if-match", tag);
        let changed = Client::send(change.json(&json!({ "last_name": "Builder" }))).expect(200);
        assert_eq!(changed.body["locked_until"], until);

        let unlocked = org.admin.post(&format!("{}/unlock", path(&bob)), json!({})).expect(200);
        assert_eq!(unlocked.body["locked_until"], Value::Null);
        assert_eq!((&shown().body["locked_until"], listed("Bob")), (&Value::Null, Value::Null));

        guess(10);
        server.advance(Duration::minutes(15) - Duration::MICROSECOND);
        assert_eq!((&shown().body["locked_until"], &listed("Bob")), (&until, &until));
        server.advance(Duration::MICROSECOND);
        assert_eq!((&shown().body["locked_until"], listed("Bob")), (&Value::Null, Value::Null));
    }

    fn reports_are_below_at_any_depth_and_peers_have_the_same_role(server) {
        let org = server.org("acme");
        let role = |name: &str, parent: Option<&str>| {
            org.admin.post("/roles", json!({ "name": name, "parent_id": parent })).expect(201).id()
        };
        let ceo = role("CEO", None);
        let (sales, legal) = (role("Sales", Some(&ceo)), role("Legal", Some(&ceo)));
        let rep = role("Rep", Some(&sales));
        let user = |name: &str, role: &str| org.user_with(name, json!({ "role_id": role }));
        let guest = |name: &str, role: &str, days: i64| {
            let mut body = org.invitation(server, name, days);
            body["role_id"] = json!(role);
            org.admin.post("/guests", body).expect(201).body
        };
        let (boss, lead, lawyer) = (user("Boss", &ceo), user("Lead", &sales), user("Law", &legal));
        let (rep_one, off) = (user("Rep", &rep), user("Off", &rep));
        org.admin.post(&format!("{}/deactivate", path(&off)), json!({})).expect(200);
        let expired = guest("Exp", &rep, 0);
        let revoked = guest("Rev", &sales, 9);
        let revoke = format!("/guests/{}/revoke", revoked["id"].as_str().unwrap());
        org.admin.post(&revoke, json!({})).expect(200);
        org.admin.delete(&path(&user("Del", &rep))).expect(204);
        server.advance(Duration::days(2));

        let reports = |of: &Value| name_set(&org.admin, &format!("{}/reports", path(of)));
        let peers = |of: &Value| name_set(&org.admin, &format!("{}/peers", path(of)));
        assert_eq!(reports(&boss), set(["Lead", "Law", "Rep", "Off", "Exp", "Rev"]));
        assert_eq!(reports(&lead), set(["Rep", "Off", "Exp"]));
        assert_eq!(reports(&revoked), set(["Rep", "Off", "Exp"]));
        assert_eq!(reports(&rep_one), set([]));
        assert_eq!(peers(&rep_one), set(["Off", "Exp"]));
        assert_eq!(peers(&expired), set(["Rep", "Off"]));
        assert_eq!(peers(&lead), set(["Rev"]));
        assert_eq!(peers(&lawyer), set([]), "the same parent is not the same role");
        // Without a role there are neither, not even among others without one.
        let free = [org.user("Free"), org.user("Fred")];
        assert_eq!((reports(&free[0]), peers(&free[0])), (set([]), set([])));

        let found = org.admin.get(&format!("{}/reports?kind=guest&count=true&sort=first_name", path(&boss))).expect(200);
        assert_eq!(names(found.body["items"].as_array().unwrap()), ["Exp", "Rev"]);
        assert_eq!(found.body["total"], 2);
        let shown: Vec<_> = found.body["items"].as_array().unwrap().iter().map(|i| (&i["kind"], &i["status"])).collect();
        assert_eq!(shown, [(&json!("guest"), &json!("expired")), (&json!("guest"), &json!("revoked"))]);
        assert_eq!(name_set(&org.admin, &format!("{}/reports?q=lead", path(&boss))), set(["Lead"]));
        assert_eq!(name_set(&org.admin, &format!("{}/reports?limit=2", path(&boss))).len(), 6);
        org.admin.get(&format!("{}/reports?kind=visitor", path(&boss))).refused(400, "invalid_query");
        org.admin.get(&format!("{}/reports?sort=access_ends_on", path(&boss))).refused(400, "invalid_sort");
    }

    fn users_are_found_by_every_filter(server) {
        let org = server.org("acme");
        let role = org.admin.post("/roles", json!({ "name": "R" })).expect(201).id();
        let license = org.admin.post("/licenses", json!({ "name": "L", "seats": 5 })).expect(201).id();
        let profile = org.profile("P", &[]);
        org.user_with("Role", json!({ "role_id": role }));
        org.user_with("Lic", json!({ "license_id": license }));
        org.user_with("Prof", json!({ "profile_id": profile }));
        org.user_with("Ext", json!({ "external_id": "hr/7 & co" }));
        org.user("In");
        server.claim(&org.user_email("In"));
        server.sign_in(&org, &org.user_email("In"));
        let off = org.user("Off");
        org.admin.post(&format!("{}/deactivate", path(&off)), json!({})).expect(200);
        org.guest(server, "Guest", 5);
        let found = |query: &str| name_set(&org.admin, &format!("/users?{query}"));
        assert_eq!(found("limit=3"), set(["Grace", "Role", "Lic", "Prof", "Ext", "In", "Off"]));
        assert_eq!(found(&format!("role_id={role}")), set(["Role"]));
        assert_eq!(found(&format!("license_id={license}")), set(["Lic"]));
        assert_eq!(found(&format!("profile_id={profile}")), set(["Prof"]));
        assert_eq!(found("external_id=hr%2F7+%26+co"), set(["Ext"]));
        assert_eq!(found("email=OFF@acme.example"), set(["Off"]));
        assert_eq!(found("status=deactivated"), set(["Off"]));
        assert_eq!(found("status=active,deactivated"), set(["Grace", "In", "Off"]));
        assert_eq!(found("status=invited"), set(["Role", "Lic", "Prof", "Ext"]));
        assert_eq!(found("never_signed_in=false"), set(["In"]));
        assert!(!found("never_signed_in=true").contains("In"));
        assert_eq!(found("q=hop"), set(["Grace"]));
        assert_eq!(found("q=user+ROL"), set(["Role"]));
        assert_eq!(found("q=%25"), set([]), "a percent sign is only itself");
        assert_eq!(found("status=invited&q=li"), set(["Lic"]));
        for (query, pointer) in [
            ("status=lost", "?status"), ("status=active,,", "?status"), ("status=", "?status"),
            ("email=nobody", "?email"), ("role_id=7", "?role_id"), ("never_signed_in=maybe", "?never_signed_in"),
            ("limit=0", "?limit"), ("limit=201", "?limit"), ("colour=red", "?colour"), ("kind=guest", "?kind"),
            ("q=a&q=b", "?q"),
        ] {
            org.admin.get(&format!("/users?{query}")).refused(400, "invalid_query").blaming(pointer);
        }
    }

    fn pages_hold_every_user_once_in_the_order_asked_for(server) {
        let org = server.org("acme");
        for name in ["Eve", "bob", "Dan", "Åsa", "Cal", "Ann"] {
            server.advance(Duration::seconds(1));
            org.user(name);
        }
        let order = |query: &str| -> Vec<String> {
            names(&org.admin.all(&format!("/users?limit=2&{query}"))).into_iter().map(str::to_owned).collect()
        };
        assert_eq!(order("sort=first_name"), ["Ann", "bob", "Cal", "Dan", "Eve", "Grace", "Åsa"]);
        assert_eq!(order("sort=-first_name"), ["Åsa", "Grace", "Eve", "Dan", "Cal", "bob", "Ann"]);
        assert_eq!(order("sort=created_at"), ["Grace", "Eve", "bob", "Dan", "Åsa", "Cal", "Ann"]);
        assert_eq!(order("q=user"), ["Ann", "Cal", "Åsa", "Dan", "bob", "Eve"], "the newest first");
        assert_eq!(order("sort=last_name,-first_name")[0], "Grace");
        // Those who have no such value come last, either way.
        assert_eq!(order("sort=claimed_at")[0], "Grace");
        assert_eq!(order("sort=-claimed_at")[0], "Grace");
        assert_eq!(order("sort=last_sign_in_at").len(), 7);

        let first = org.admin.get("/users?limit=2&sort=email&count=true").expect(200);
        assert_eq!(first.body["total"], 7);
        let cursor = first.text("next_cursor");
        let with = |query: &str| org.admin.get(&format!("/users?cursor={query}"));
        with(&format!("{cursor}&sort=email&limit=3")).expect(200);
        with(&format!("{cursor}&sort=-email")).refused(400, "invalid_cursor").blaming("?cursor");
        with(&format!("{cursor}&sort=email&q=a")).refused(400, "invalid_cursor");
        with(&format!("A{cursor}&sort=email")).refused(400, "invalid_cursor");
        let other = server.org("globex");
        other.admin.get(&format!("/users?sort=email&cursor={cursor}")).refused(400, "invalid_cursor");
        for bad in ["access_ends_on", "access_ends_at", "password", "", "email,email", "-"] {
            org.admin.get(&format!("/users?sort={bad}")).refused(400, "invalid_sort").blaming("?sort");
        }
    }

    fn ids_of_another_org_of_guests_and_of_nobody_are_all_the_same(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        let foreign = other.user("Bob")["id"].as_str().unwrap().to_owned();
        let guest = org.guest(server, "Ada", 5)["id"].as_str().unwrap().to_owned();
        let never = "0198c0de-0000-7000-8000-000000000001";
        let requests: [(&str, &str, Option<Value>); 9] = [
            ("GET", "", None),
            ("PATCH", "", Some(json!({ "first_name": "X" }))),
            ("DELETE", "", None),
            ("POST", "/deactivate", None),
            ("POST", "/activate", None),
            ("POST", "/unlock", None),
            ("POST", "/claim-links", Some(json!({}))),
            ("GET", "/reports", None),
            ("GET", "/peers", None),
        ];
        for (method, tail, body) in requests {
            let ask = |id: &str| {
                let request = org.admin.request(method, &format!("/users/{id}{tail}"));
                Client::send(if let Some(body) = &body { request.json(body) } else { request })
            };
            let told = |id: &str| {
                let mut told = ask(id).refused(404, "not_found").body;
                for own in ["instance", "request_id"] {
                    told.as_object_mut().unwrap().remove(own);
                }
                told
            };
            let nobody = told(never);
            assert_eq!(told(&foreign), nobody, "{method} {tail}");
            assert_eq!(told("7"), nobody, "{method} {tail}");
            match tail {
                "/reports" | "/peers" => drop(ask(&guest).expect(200)),
                _ => assert_eq!(told(&guest), nobody, "{method} {tail}"),
            }
        }
        assert_eq!(other.admin.get(&format!("/users/{foreign}")).expect(200).body["first_name"], "Bob");
    }

    fn a_repeated_request_adds_one_user_and_gets_the_first_answer(server) {
        let org = server.org("acme");
        let post = |key: &str, path: &str, body: Value| {
            Client::send(org.admin.request("POST", path).header("idempotency-key", key).json(&body))
        };
        let body = json!({ "first_name": "A", "last_name": "B", "email": "a@acme.example" });
        let first = post("k1", "/users", body.clone()).expect(201);
        let again = post("k1", "/users", body.clone()).expect(201);
        assert_eq!((&again.body, again.header("etag")), (&first.body, first.header("etag")));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(server.mails_to("a@acme.example").len(), 1);
        post("k2", "/users", body.clone()).refused(409, "email_taken");
        let mut changed = body;
        changed["first_name"] = json!("C");
        post("k1", "/users", changed.clone()).refused(422, "idempotency_key_reused");
        // A refusal is not kept: the same key may try again once the way is free.
        org.admin.delete(&path(&first.body)).expect(204);
        post("k3", "/users", changed).expect(201);
        let bob = org.user("Bob");
        let off = format!("{}/deactivate", path(&bob));
        post("k4", &off, json!({})).expect(200);
        org.admin.post(&format!("{}/activate", path(&bob)), json!({})).expect(200);
        assert_eq!(post("k4", &off, json!({})).expect(200).body["status"], "deactivated", "the first answer");
        assert_eq!(org.admin.get(&path(&bob)).body["status"], "invited", "nothing was done again");
    }

    fn commands_take_no_body_and_refuse_one_that_says_something(server) {
        let org = server.org("acme");
        let bob = org.user("Bob");
        for command in ["deactivate", "activate", "unlock"] {
            let address = format!("{}/{command}", path(&bob));
            Client::send(org.admin.request("POST", &address)).expect(200);
            org.admin.post(&address, json!({})).expect(200);
            org.admin.post(&address, json!({ "reason": "x" })).refused(400, "unknown_field").blaming("/reason");
            org.admin.raw("POST", &address, "{").refused(400, "invalid_json");
        }
        Client::send(org.admin.request("POST", &format!("{}/claim-links", path(&bob)))).expect(202);
        org.admin.get(&format!("{}?verbose=1", path(&bob))).refused(400, "invalid_query");
    }
}
