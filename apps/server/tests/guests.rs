//! Guests over HTTP: inviting, changing, ending, reviving, deleting.

use serde_json::{Value, json};
use time::Duration;
use time::macros::utc_datetime;

use crate::harness::{Client, PASSWORD, both_databases};

fn guest_path(guest: &Value) -> String {
    format!("/guests/{}", guest["id"].as_str().unwrap())
}

/// Runs the same request from 50 threads at once; answers how many got each status.
fn at_once(request: impl Fn() -> u16 + Sync) -> std::collections::BTreeMap<u16, usize> {
    let barrier = std::sync::Barrier::new(50);
    let mut counts = std::collections::BTreeMap::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..50)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    request()
                })
            })
            .collect();
        for thread in threads {
            *counts.entry(thread.join().unwrap()).or_insert(0) += 1;
        }
    });
    counts
}

both_databases! {
    fn a_guest_is_invited_claims_works_and_is_out_when_the_day_has_come(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 21);
        assert_eq!(guest["status"], "invited");
        assert_eq!(guest["days_left"], 22);
        assert_eq!(guest["access_ends_at"], "2026-07-02T00:00:00.000000Z");
        assert_eq!(guest["sponsor_id"], org.admin_id.as_str());

        let mails = server.mails_to(&org.guest_email("Ada"));
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].subject, "Welcome to acme Inc. – activate your guest access");

        let session = server.claim(&org.guest_email("Ada"));
        let path = guest_path(&guest);
        assert_eq!(org.admin.get(&path).expect(200).body["status"], "active");
        session.patch("/me", json!({ "time_zone": "Asia/Tokyo" })).expect(200);
        session
            .patch("/me", json!({ "access_ends_on": server.day(80) }))
            .refused(403, "guest_restricted")
            .blaming("/access_ends_on");

        // The last moment with access, and the first without; no worker runs in between.
        let signed_in = server.sign_in(&org, &org.guest_email("Ada"));
        server.clock.set(utc_datetime!(2026-07-01 23:59:59.999999));
        server.sign_in(&org, &org.guest_email("Ada")).get("/me").expect(200);
        server.clock.set(utc_datetime!(2026-07-02 0:00));
        for client in [&session, &signed_in] {
            let status = client.get("/me").status;
            assert_eq!(status, 401);
        }
        let refused = server.client().post("/sessions", json!({
            "org": "acme", "email": org.guest_email("Ada"), "password": PASSWORD
        }));
        refused.refused(403, "access_ended");
        let guest = org.admin.get(&path).expect(200).body;
        assert_eq!((&guest["status"], &guest["days_left"]), (&json!("expired"), &json!(0)));
    }

    fn end_dates_are_counted_in_the_zone_of_the_org(server) {
        // Noon in UTC is already tomorrow in Kiritimati (+14) and still this morning in Pago Pago (-11).
        for (slug, zone, today, ends_at) in [
            ("kiri", "Pacific/Kiritimati", "2026-06-11", "2026-06-11T10:00:00.000000Z"),
            ("pago", "Pacific/Pago_Pago", "2026-06-10", "2026-06-11T11:00:00.000000Z"),
        ] {
            let org = server.org_in(slug, zone);
            let today: time::Date =
                time::Date::parse(today, &time::format_description::well_known::Iso8601::DATE).unwrap();
            let invite = |name: &str, days: i64| {
                let mut body = org.invitation(server, name, 0);
                body["access_ends_on"] = (today + Duration::days(days)).to_string().into();
                org.admin.post("/guests", body)
            };
            assert_eq!(invite("Today", 0).expect(201).body["access_ends_at"], ends_at);
            invite("Cap", 90).expect(201);
            invite("Beyond", 91).refused(422, "end_date_beyond_cap").blaming("/access_ends_on");
            invite("Past", -1).refused(422, "end_date_in_past").blaming("/access_ends_on");
        }
    }

    fn an_end_date_across_a_clock_change_ends_at_local_midnight(server) {
        server.clock.set(utc_datetime!(2026-10-01 12:00));
        let org = server.org_in("berlin", "Europe/Berlin");
        let mut body = org.invitation(server, "Ada", 0);
        body["access_ends_on"] = json!("2026-10-24");
        let before = org.admin.post("/guests", body).expect(201);
        assert_eq!(before.body["access_ends_at"], "2026-10-24T22:00:00.000000Z");
        let after = org.admin.patch(&guest_path(&before.body), json!({ "access_ends_on": "2026-10-25" }));
        assert_eq!(after.expect(200).body["access_ends_at"], "2026-10-25T23:00:00.000000Z");
    }

    fn an_org_may_lower_the_cap_and_never_raise_it(server) {
        let org = server.org("acme");
        org.admin.patch("/org", json!({ "guest_max_days": 30 })).expect(200);
        org.admin.post("/guests", org.invitation(server, "In", 30)).expect(201);
        org.admin.post("/guests", org.invitation(server, "Out", 31)).refused(422, "end_date_beyond_cap");
        org.admin.patch("/org", json!({ "guest_max_days": 91 })).expect(422).blaming("/guest_max_days");
    }

    fn unusable_emails_are_refused_and_spellings_of_one_address_are_one(server) {
        let org = server.org("acme");
        let long = format!("{}@example.org", "a".repeat(300));
        for bad in [
            "", "nobody", "a@b", "two@@example.org", "sp ace@example.org", "gue\u{17F}t@example.org",
            "guest\u{FF20}example.org", "p\u{430}ypal@example.org", "\"q\"@example.org", long.as_str(),
        ] {
            let mut body = org.invitation(server, "Bad", 5);
            body["email"] = bad.into();
            org.admin.post("/guests", body).expect(422).blaming("/email");
        }
        let mut body = org.invitation(server, "Jo", 5);
        body["email"] = "Jose\u{301}@B\u{FC}cher.example".into();
        let typed = org.admin.post("/guests", body.clone()).expect(201);
        assert_eq!(typed.body["email"], "Jose\u{301}@B\u{FC}cher.example");
        body["email"] = "JOS\u{C9}@xn--bcher-kva.example".into();
        org.admin.post("/guests", body.clone()).refused(409, "email_taken");
        body["email"] = "jos\u{e9}+second@b\u{fc}cher.example".into();
        org.admin.post("/guests", body.clone()).expect(201);
        // A dotted capital I is a letter of its own.
        body["email"] = "\u{130}stanbul@example.org".into();
        org.admin.post("/guests", body.clone()).expect(201);
        body["email"] = "istanbul@example.org".into();
        org.admin.post("/guests", body).expect(201);
    }

    fn an_email_stays_with_its_kind_also_after_deletion(server) {
        let org = server.org("acme");
        let user = org.user("Staff");
        let mut body = org.invitation(server, "Staff", 5);
        body["email"] = org.user_email("Staff").to_uppercase().into();
        org.admin.post("/guests", body.clone()).refused(409, "email_reserved").blaming("/email");
        org.admin.delete(&format!("/users/{}", user["id"].as_str().unwrap())).expect(204);
        org.admin.post("/guests", body).refused(409, "email_reserved");

        let guest = org.guest(server, "Ada", 5);
        org.admin.delete(&guest_path(&guest)).expect(204);
        let as_user = json!({ "first_name": "A", "last_name": "B", "email": org.guest_email("Ada") });
        org.admin.post("/users", as_user).refused(409, "email_reserved");
        // The same kind may come back.
        org.guest(server, "Ada", 5);
    }

    fn the_same_person_is_a_guest_of_many_orgs_and_each_ends_on_its_own(server) {
        let (one, two) = (server.org("one"), server.org("two"));
        let first = one.guest(server, "Ada", 5);
        two.guest(server, "Ada", 50);
        one.admin.post(&format!("{}/revoke", guest_path(&first)), json!({})).expect(200);
        let second = &two.admin.get("/guests").expect(200).body["items"][0];
        assert_eq!(second["status"], "invited");
        assert_ne!(first["id"], second["id"]);
    }

    fn a_guest_never_gets_the_admin_profile_or_more_than_the_inviter_holds(server) {
        let org = server.org("acme");
        let mut body = org.invitation(server, "Ada", 5);
        body["profile_id"] = org.admin_profile.as_str().into();
        org.admin.post("/guests", body.clone()).refused(422, "profile_not_for_guests").blaming("/profile_id");

        let desk = org.signed_in(server, "Desk", &["manage_guests"]);
        body["profile_id"] = org.profile("Auditor", &["view_audit"]).into();
        desk.post("/guests", body.clone()).refused(403, "capability_not_held");
        let guest = org.admin.post("/guests", body).expect(201).body;
        desk.patch(&guest_path(&guest), json!({ "first_name": "X" })).refused(403, "subject_outranks_actor");
        let denied = org.admin.all("/audit-events?action=administration.denied");
        assert_eq!(denied.len(), 2);
    }

    fn references_that_are_gone_or_of_another_org_are_refused_alike(server) {
        let (org, other) = (server.org("acme"), server.org("other"));
        let role = org.admin.post("/roles", json!({ "name": "Gone" })).expect(201).id();
        org.admin.delete(&format!("/roles/{role}")).expect(204);
        let foreign = other.admin.post("/roles", json!({ "name": "Theirs" })).expect(201).id();
        let never = "0190a000-0000-7000-8000-000000000000";
        let license = org
            .admin
            .post("/licenses", json!({ "name": "Gone", "seats": 1 }))
            .expect(201)
            .id();
        org.admin.delete(&format!("/licenses/{license}")).expect(204);
        let profile = org.profile("Gone", &[]);
        org.admin.delete(&format!("/profiles/{profile}")).expect(204);
        let sponsor = org.user("Gone")["id"].as_str().unwrap().to_owned();
        org.admin.delete(&format!("/users/{sponsor}")).expect(204);
        for (field, gone) in [
            ("license_id", license.as_str()),
            ("profile_id", &profile),
            ("sponsor_id", &sponsor),("role_id", role.as_str()), ("role_id", &foreign), ("role_id", never),
                              ("license_id", never), ("sponsor_id", never), ("sponsor_id", &other.admin_id),
                              ("profile_id", never), ("profile_id", &other.default_profile)] {
            let mut body = org.invitation(server, "Ada", 5);
            body[field] = gone.into();
            org.admin.post("/guests", body).refused(422, "unknown_reference").blaming(&format!("/{field}"));
        }
        assert_eq!(org.admin.all("/guests").len(), 0);
    }

    fn seats_are_taken_by_those_who_have_access_and_freed_at_once_by_the_others(server) {
        let org = server.org("acme");
        let license = org.admin.post("/licenses", json!({ "name": "Guest", "seats": 1 })).expect(201).id();
        let with_license = |name: &str, days: i64| {
            let mut body = org.invitation(server, name, days);
            body["license_id"] = license.as_str().into();
            org.admin.post("/guests", body)
        };
        let first = with_license("First", 1).expect(201).body;
        with_license("Second", 5).refused(409, "no_seats_left").blaming("/license_id");
        // The end of access frees the seat without any worker.
        server.advance(Duration::days(2));
        let second = with_license("Second", 5).expect(201).body;
        org.admin
            .patch(&guest_path(&first), json!({ "access_ends_on": server.day(3) }))
            .refused(409, "no_seats_left");
        org.admin.post(&format!("{}/revoke", guest_path(&second)), json!({})).expect(200);
        org.admin.patch(&guest_path(&first), json!({ "access_ends_on": server.day(3) })).expect(200);
        org.admin
            .post(&format!("{}/reinstate", guest_path(&second)), json!({ "access_ends_on": server.day(3) }))
            .refused(409, "no_seats_left");
        org.admin.delete(&guest_path(&first)).expect(204);
        org.admin
            .post(&format!("{}/reinstate", guest_path(&second)), json!({ "access_ends_on": server.day(3) }))
            .expect(200);
    }

    fn revoking_ends_every_credential_with_the_next_request_and_is_idempotent(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 20);
        let session = server.claim(&org.guest_email("Ada"));
        let token = session.post("/api-tokens", json!({ "name": "script", "kind": "user" })).expect(201);
        let by_token = server.client().with_token(&token.text("secret"));
        by_token.get("/me").expect(200);
        let path = guest_path(&guest);
        let revoked = org.admin.post(&format!("{path}/revoke"), json!({ "reason": "done" })).expect(200).body;
        assert_eq!((&revoked["status"], &revoked["revoke_reason"]), (&json!("revoked"), &json!("done")));
        session.get("/me").refused(401, "credential_ended");
        by_token.get("/me").refused(401, "credential_ended");
        let again = org.admin.post(&format!("{path}/revoke"), json!({ "reason": "other" })).expect(200).body;
        assert_eq!(again, revoked);
        org.admin.patch(&path, json!({ "access_ends_on": server.day(5) })).refused(409, "guest_revoked");
        assert_eq!(org.admin.all("/audit-events?action=guest.revoked").len(), 1);

        let back = org
            .admin
            .post(&format!("{path}/reinstate"), json!({ "access_ends_on": server.day(5) }))
            .expect(200);
        assert_eq!(back.body["status"], "active");
        session.get("/me").refused(401, "credential_ended");
        by_token.get("/me").refused(401, "credential_ended");
        server.sign_in(&org, &org.guest_email("Ada")).get("/me").expect(200);
        org.admin
            .post(&format!("{path}/reinstate"), json!({ "access_ends_on": server.day(5) }))
            .refused(409, "guest_not_revoked");
    }

    fn extending_counts_from_today_and_revives_an_expired_guest_whose_old_sessions_stay_dead(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 2);
        let session = server.claim(&org.guest_email("Ada"));
        let path = guest_path(&guest);
        org.admin.patch(&path, json!({ "access_ends_on": server.day(91) })).refused(422, "end_date_beyond_cap");
        org.admin.patch(&path, json!({ "access_ends_on": server.day(-1) })).refused(422, "end_date_in_past");
        org.admin.patch(&path, json!({ "access_ends_on": null })).expect(400).blaming("/access_ends_on");
        let same = org.admin.patch(&path, json!({ "access_ends_on": server.day(2) })).expect(200).body;
        assert_eq!(same["access_ends_on"], guest["access_ends_on"]);

        server.advance(Duration::days(5));
        session.get("/me").refused(401, "credential_ended");
        // No worker has run: the extension itself records the expiry and ends what was left.
        let revived = org.admin.patch(&path, json!({ "access_ends_on": server.day(90) })).expect(200).body;
        assert_eq!(revived["status"], "active");
        session.get("/me").refused(401, "credential_ended");
        server.tick();
        server.tick();
        assert_eq!(org.admin.all("/audit-events?action=guest.expired").len(), 1);
        server.sign_in(&org, &org.guest_email("Ada")).get("/me").expect(200);
    }

    fn shortening_to_today_lets_the_day_finish(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 20);
        let session = server.claim(&org.guest_email("Ada"));
        org.admin.patch(&guest_path(&guest), json!({ "access_ends_on": server.day(0) })).expect(200);
        session.get("/me").expect(200);
        server.advance(Duration::hours(12));
        session.get("/me").refused(401, "credential_ended");
    }

    fn a_guest_without_a_sponsor_is_not_extended_until_a_new_one_is_named(server) {
        let org = server.org("acme");
        let sponsor = org.user("Sponsor");
        let mut body = org.invitation(server, "Ada", 10);
        body["sponsor_id"] = sponsor["id"].clone();
        let guest = org.admin.post("/guests", body).expect(201).body;
        org.admin.post(&format!("/users/{}/deactivate", sponsor["id"].as_str().unwrap()), json!({})).expect(200);
        let path = guest_path(&guest);
        assert_eq!(org.admin.get(&path).expect(200).body["sponsor_missing"], true);
        assert_eq!(org.admin.all("/guests?sponsor_missing=true").len(), 1);
        org.admin.patch(&path, json!({ "access_ends_on": server.day(20) })).refused(409, "sponsor_missing");
        org.admin.patch(&path, json!({ "access_ends_on": server.day(5) })).expect(200);
        let named = json!({ "access_ends_on": server.day(20), "sponsor_id": org.admin_id });
        let extended = org.admin.patch(&path, named).expect(200).body;
        assert_eq!(extended["sponsor_missing"], false);
    }

    fn a_guest_who_waits_out_a_lock_is_shown_as_locked(server) {
        let org = server.org("acme");
        let (ada, ben) = (org.guest(server, "Ada", 20), org.guest(server, "Ben", 20));
        server.claim(&org.guest_email("Ada"));
        assert_eq!(ada.get("locked_until"), Some(&Value::Null));
        for _ in 0..10 {
            let body = json!({ "org": org.slug, "email": org.guest_email("Ada"), "password": "not it" });
            server.client().post("/sessions", body).refused(401, "sign_in_refused");
        }
        let shown = |guest: &Value| org.admin.get(&guest_path(guest)).expect(200).body["locked_until"].clone();
        let listed = || {
            let guests = org.admin.all("/guests?sort=first_name");
            guests.iter().map(|guest| guest["locked_until"].clone()).collect::<Vec<_>>()
        };
        let until = json!("2026-06-10T12:15:00.000000Z");
        assert_eq!((shown(&ada), shown(&ben)), (until.clone(), Value::Null));
        assert_eq!(listed(), [until.clone(), Value::Null]);
        let changed = org.admin.patch(&guest_path(&ada), json!({ "reason": "audit" })).expect(200);
        assert_eq!(changed.body["locked_until"], until);
        server.advance(Duration::minutes(15));
        assert_eq!(shown(&ada), Value::Null);
        assert_eq!(listed(), [Value::Null, Value::Null]);
    }

    fn the_kind_of_a_user_never_changes(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 5);
        for kind in [json!("standard"), json!("guest"), json!(null), json!(7)] {
            org.admin.patch(&guest_path(&guest), json!({ "kind": kind })).refused(409, "user_kind_fixed");
        }
        org.admin.get(&format!("/users/{}", guest["id"].as_str().unwrap())).refused(404, "not_found");
    }

    fn single_sign_on_is_refused_until_it_is_configured(server) {
        let org = server.org("acme");
        let mut body = org.invitation(server, "Ada", 5);
        body["sign_in"] = "sso".into();
        org.admin.post("/guests", body).refused(422, "sso_not_configured").blaming("/sign_in");
        let guest = org.guest(server, "Ada", 5);
        org.admin.patch(&guest_path(&guest), json!({ "sign_in": "sso" })).refused(422, "sso_not_configured");
    }

    fn guest_access_switched_off_denies_every_guest_at_once_and_changes_no_facts(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 5);
        let session = server.claim(&org.guest_email("Ada"));
        org.guest(server, "Late", 5);
        let late = server.mailed_token(&org.guest_email("Late"));
        org.admin.patch("/org", json!({ "guest_access": false })).expect(200);
        session.get("/me").refused(401, "credential_ended");
        org.admin.post("/guests", org.invitation(server, "New", 5)).refused(409, "guest_access_off");
        let claim = json!({ "token": late, "password": PASSWORD });
        server.client().post("/claims", claim).refused(409, "guest_access_off");
        assert_eq!(org.admin.get(&guest_path(&guest)).expect(200).body["status"], "active");
        org.admin.patch("/org", json!({ "guest_access": true })).expect(200);
        session.get("/me").expect(200);
    }

    fn resending_voids_every_earlier_link(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 5);
        let path = format!("{}/claim-links", guest_path(&guest));
        let first = server.mailed_token(&org.guest_email("Ada"));
        org.admin.post(&path, json!({})).expect(202);
        let second = server.mailed_token(&org.guest_email("Ada"));
        assert_ne!(first, second);
        let shown = org.admin.post(&path, json!({ "deliver": "response" })).expect(201);
        let url = shown.text("url");
        assert!(url.starts_with("http://localhost:8080/claim#token=vst_c_"), "{url}");
        let third = url.split_once("#token=").unwrap().1;
        for dead in [&first, &second] {
            server.client().post("/claims/preview", json!({ "token": dead })).refused(410, "claim_link_invalid");
        }
        let claim = json!({ "token": third, "password": PASSWORD });
        server.client().post("/claims", claim).expect(201);
        org.admin.post(&path, json!({})).refused(409, "guest_not_invited");
        let audited = org.admin.all("/audit-events?action=guest.claim_link_sent");
        assert_eq!(audited.len(), 2);
        assert!(!serde_json::to_string(&audited).unwrap().contains("vst_"));
    }

    fn of_fifty_simultaneous_invitations_of_one_email_exactly_one_wins(server) {
        let org = server.org("acme");
        let body = org.invitation(server, "Ada", 5);
        let counts = at_once(|| org.admin.post("/guests", body.clone()).status);
        assert_eq!(counts, [(201, 1), (409, 49)].into());
        assert_eq!(org.admin.all("/guests").len(), 1);
        assert_eq!(server.mails_to(&org.guest_email("Ada")).len(), 1);
    }

    fn a_deleted_guest_leaves_no_personal_data_and_no_way_in(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 5);
        let session = server.claim(&org.guest_email("Ada"));
        let path = guest_path(&guest);
        let never = "0190a000-0000-7000-8000-000000000000";
        org.admin
            .delete(&format!("{path}?transfer_records_to={never}"))
            .refused(422, "unknown_reference")
            .blaming("?transfer_records_to");
        org.admin.delete(&format!("{path}?transfer_records_to={}", org.admin_id)).expect(204);
        session.get("/me").refused(401, "credential_ended");
        org.admin.get(&path).refused(404, "not_found");
        org.admin.delete(&path).refused(404, "not_found");
        let body = json!({ "org": "acme", "email": org.guest_email("Ada"), "password": PASSWORD });
        server.client().post("/sessions", body).refused(401, "sign_in_refused");
        assert_eq!(org.admin.all("/audit-events?action=guest.deleted").len(), 1);
    }

    fn lists_filter_sort_count_and_page_without_losing_anybody(server) {
        let org = server.org("acme");
        for (n, name) in ["Ada", "Ben", "Cid", "Dee", "Eve", "Fay", "Gus"].iter().enumerate() {
            org.guest(server, name, 3 * i64::try_from(n).unwrap());
            server.advance(Duration::seconds(1));
        }
        server.claim(&org.guest_email("Gus"));
        let names = |items: &[Value]| -> Vec<String> {
            items.iter().map(|g| g["first_name"].as_str().unwrap().to_owned()).collect()
        };
        let list = |query: &str| names(&org.admin.all(&format!("/guests?limit=2{query}")));
        assert_eq!(list(""), ["Gus", "Fay", "Eve", "Dee", "Cid", "Ben", "Ada"]);
        assert_eq!(list("&sort=first_name"), ["Ada", "Ben", "Cid", "Dee", "Eve", "Fay", "Gus"]);
        assert_eq!(list("&sort=last_name,-access_ends_on").first().unwrap(), "Gus");
        assert_eq!(list("&sort=-last_sign_in_at").first().unwrap(), "Gus");
        assert_eq!(list("&status=active"), ["Gus"]);
        assert_eq!(list("&status=active,invited").len(), 7);
        let before = server.day(9);
        assert_eq!(list(&format!("&ends_before={before}&sort=first_name")), ["Ada", "Ben", "Cid"]);
        assert_eq!(list("&q=fay"), ["Fay"]);
        assert_eq!(list("&q=guest%20ev"), ["Eve"]);
        assert_eq!(list("&q=%25"), [""; 0]);
        assert_eq!(list("&never_signed_in=false"), ["Gus"]);
        let counted = org.admin.get("/guests?count=true&limit=3").expect(200).body;
        assert_eq!((&counted["total"], counted["items"].as_array().unwrap().len()), (&json!(7), 3));
        for (query, code) in [
            ("status=gone", "invalid_query"), ("limit=0", "invalid_query"), ("limit=201", "invalid_query"),
            ("nothing=1", "invalid_query"), ("q=a&q=b", "invalid_query"), ("sort=password", "invalid_sort"),
            ("ends_before=tomorrow", "invalid_query"), ("profile_id=x", "invalid_query"),
        ] {
            org.admin.get(&format!("/guests?{query}")).refused(400, code);
        }
    }

    fn a_cursor_is_signed_and_tied_to_its_query_and_org(server) {
        let (org, other) = (server.org("acme"), server.org("other"));
        for org in [&org, &other] {
            for name in ["Ada", "Ben", "Cid"] {
                org.guest(server, name, 5);
            }
        }
        let page = org.admin.get("/guests?limit=1").expect(200).body;
        let cursor = page["next_cursor"].as_str().unwrap();
        org.admin.get(&format!("/guests?limit=2&cursor={cursor}")).expect(200);
        let mut altered = cursor.to_owned();
        altered.replace_range(3..4, if &altered[3..4] == "A" { "B" } else { "A" });
        for bad in [altered.as_str(), "x", &cursor[..10]] {
            org.admin.get(&format!("/guests?cursor={bad}")).refused(400, "invalid_cursor").blaming("?cursor");
        }
        org.admin.get(&format!("/guests?sort=email&cursor={cursor}")).refused(400, "invalid_cursor");
        org.admin.get(&format!("/guests?status=active&cursor={cursor}")).refused(400, "invalid_cursor");
        org.admin.get(&format!("/users?cursor={cursor}")).refused(400, "invalid_cursor");
        other.admin.get(&format!("/guests?cursor={cursor}")).refused(400, "invalid_cursor");
    }

    fn versions_guard_against_lost_updates(server) {
        let org = server.org("acme");
        let guest = org.guest(server, "Ada", 5);
        let path = guest_path(&guest);
        let shown = org.admin.get(&path).expect(200);
        let etag = shown.header("etag").unwrap().to_owned();
        let conditional = |method: &str, header: &str, value: &str, body: Value| {
            Client::send(org.admin.request(method, &path).header(header, value).json(&body))
        };
        assert_eq!(conditional("GET", "if-none-match", &etag, json!({})).status, 304);
        let changed = conditional("PATCH", "if-match", &etag, json!({ "first_name": "Adele" })).expect(200);
        assert_ne!(changed.header("etag").unwrap(), etag);
        conditional("PATCH", "if-match", &etag, json!({ "first_name": "Late" })).refused(412, "precondition_failed");
        conditional("DELETE", "if-match", &etag, json!({})).refused(412, "precondition_failed");
        conditional("PATCH", "if-match", "*", json!({ "first_name": "Ada" })).expect(200);
    }

    fn a_repeated_idempotency_key_gets_the_first_answer(server) {
        let org = server.org("acme");
        let send = |key: &str, body: &Value| {
            Client::send(org.admin.request("POST", "/guests").header("idempotency-key", key).json(body))
        };
        let body = org.invitation(server, "Ada", 5);
        let first = send("k1", &body).expect(201);
        let again = send("k1", &body).expect(201);
        assert_eq!((&first.text, first.header("etag")), (&again.text, again.header("etag")));
        assert_eq!(org.admin.all("/guests").len(), 1);
        send("k1", &org.invitation(server, "Ben", 5)).refused(422, "idempotency_key_reused");
        send("k2", &body).refused(409, "email_taken");
        send("bad key", &body).refused(400, "invalid_idempotency_key");
        server.advance(Duration::hours(25));
        send("k1", &org.invitation(server, "Ben", 5)).expect(201);
    }

    fn many_guests_take_one_command_with_a_result_each(server) {
        let org = server.org("acme");
        let ids: Vec<Value> =
            ["Ada", "Ben", "Cid"].iter().map(|name| org.guest(server, name, 5)["id"].clone()).collect();
        org.admin.post(&format!("/guests/{}/revoke", ids[1].as_str().unwrap()), json!({})).expect(200);
        let extend = |more: Value| {
            let mut body = json!({ "action": "extend", "ids": ids, "args": { "access_ends_on": server.day(30) } });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            org.admin.post("/guests/bulk", body).expect(200).body
        };
        let ends = |n: usize| {
            org.admin.get(&format!("/guests/{}", ids[n].as_str().unwrap())).expect(200).text("access_ends_on")
        };
        for more in [json!({ "dry_run": true }), json!({ "atomic": true })] {
            let report = extend(more);
            assert_eq!((&report["succeeded"], &report["failed"], &report["applied"]), (&json!(2), &json!(1), &json!(false)));
            assert_eq!(ends(0), server.day(5));
        }
        let report = extend(json!({}));
        assert_eq!(report["applied"], true);
        assert_eq!(report["results"][1]["error"]["code"], "guest_revoked");
        assert_eq!((ends(0), ends(1), ends(2)), (server.day(30), server.day(5), server.day(30)));

        let revoke = json!({ "action": "revoke", "filter": { "q": "cid" }, "args": { "reason": "over" } });
        assert_eq!(org.admin.post("/guests/bulk", revoke).expect(200).body["succeeded"], 1);
        assert_eq!(org.admin.all("/guests?status=revoked").len(), 2);
        let missing = json!({ "action": "set_profile", "ids": ids });
        org.admin.post("/guests/bulk", missing).expect(422).blaming("/args/profile_id");
        org.admin.post("/guests/bulk", json!({ "action": "revoke" })).expect(422).blaming("/ids");
    }
    fn many_are_extended_and_those_without_a_sponsor_get_the_new_one(server) {
        let org = server.org("acme");
        let [gone, new] = ["Gone", "New"].map(|name| org.user(name)["id"].as_str().unwrap().to_owned());
        let [ada, ben] = ["Ada", "Ben"].map(|name| {
            let mut body = org.invitation(server, name, 10);
            if name == "Ada" {
                body["sponsor_id"] = json!(gone);
            }
            org.admin.post("/guests", body).expect(201).body
        });
        org.admin.post(&format!("/users/{gone}/deactivate"), json!({})).expect(200);
        let extend = |sponsor: Value, dry_run: bool| {
            let args = json!({ "access_ends_on": server.day(20), "sponsor_id": sponsor });
            let ids = [&ada["id"], &ben["id"]];
            let body = json!({ "action": "extend", "ids": ids, "args": args, "dry_run": dry_run });
            org.admin.post("/guests/bulk", body)
        };
        let shown = |guest: &Value| {
            let guest = org.admin.get(&guest_path(guest)).expect(200).body;
            let facts = ["sponsor_id", "sponsor_missing", "access_ends_on"].map(|fact| guest[fact].clone());
            json!(facts)
        };
        let before = [shown(&ada), shown(&ben)];
        let report = extend(Value::Null, true).expect(200).body;
        assert_eq!(report["results"][0]["error"]["code"], "sponsor_missing");
        assert_eq!(report["succeeded"], 1);

        // The new one has to be somebody who may be a sponsor, also where nobody would get them.
        for nobody in [json!(gone), ada["id"].clone(), json!(org.id)] {
            for dry_run in [true, false] {
                extend(nobody.clone(), dry_run).refused(422, "unknown_reference").blaming("/args/sponsor_id");
            }
        }
        let foreseen = extend(json!(new), true).expect(200).body;
        assert_eq!((&foreseen["succeeded"], &foreseen["applied"]), (&json!(2), &json!(false)));
        assert_eq!([shown(&ada), shown(&ben)], before);

        assert_eq!(extend(json!(new), false).expect(200).body["succeeded"], 2);
        assert_eq!(shown(&ada), json!([new, false, server.day(20)]));
        assert_eq!(shown(&ben), json!([org.admin_id, false, server.day(20)]));
        let told = |guest: &Value| {
            let id = guest["id"].as_str().unwrap();
            let events = org.admin.all(&format!("/audit-events?action=guest.access_changed&target_id={id}"));
            assert_eq!(events.len(), 1);
            events[0]["changes"].clone()
        };
        assert_eq!(told(&ada)["sponsor_id"], json!({ "before": gone, "after": new }));
        assert_eq!(told(&ada)["sponsor_missing"], json!({ "before": true, "after": false }));
        assert_eq!(told(&ben).get("sponsor_id"), None);
    }
}
