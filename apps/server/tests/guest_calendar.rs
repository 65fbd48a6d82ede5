//! On which days the access of guests ends, and how many guests there are.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::Duration;

use crate::harness::{TestOrg, both_databases};

fn calendar(org: &TestOrg, query: &str) -> Value {
    org.admin
        .get(&format!("/guests/calendar?{query}"))
        .expect(200)
        .body
}

fn days(calendar: &Value) -> Vec<(String, u64, u64)> {
    let day = |day: &Value| {
        let number = |field: &str| day[field].as_u64().unwrap();
        (
            day["date"].as_str().unwrap().to_owned(),
            number("active"),
            number("invited"),
        )
    };
    calendar["days"].as_array().unwrap().iter().map(day).collect()
}

fn totals(calendar: &Value) -> BTreeMap<String, u64> {
    let totals = calendar["totals"].as_object().unwrap();
    let numbers = totals
        .iter()
        .map(|(name, number)| (name.clone(), number.as_u64().unwrap()));
    numbers.filter(|(_, number)| *number > 0).collect()
}

fn expected(totals: &[(&str, u64)]) -> BTreeMap<String, u64> {
    totals
        .iter()
        .map(|(name, number)| ((*name).to_owned(), *number))
        .collect()
}

both_databases! {
    fn an_org_without_guests_has_an_empty_calendar(server) {
        let org = server.org("acme");
        let shown = calendar(&org, "");
        assert_eq!(shown, json!({
            "from": server.day(0), "until": server.day(90), "time_zone": "UTC", "today": server.day(0), "days": [],
            "totals": {
                "active": 0, "invited": 0, "expired": 0, "revoked": 0, "ends_this_week": 0, "never_claimed": 0,
                "never_signed_in": 0, "sponsor_missing": 0,
            },
        }));
    }

    fn guests_are_counted_on_their_last_day_by_what_they_are_now(server) {
        let (org, other) = (server.org("acme"), server.org("globex"));
        other.guest(server, "Foreign", 3);
        let sponsor = org.user("Sponsor")["id"].as_str().unwrap().to_owned();
        let invite = |name: &str, days: i64| {
            let mut invitation = org.invitation(server, name, days);
            invitation["sponsor_id"] = json!(sponsor);
            org.admin.post("/guests", invitation).expect(201).id()
        };
        for (name, days) in [("Today", 0), ("Six", 6), ("Alsosix", 6), ("Seven", 7), ("Ninety", 90)] {
            invite(name, days);
        }
        let (revoked, deleted) = (invite("Revoked", 6), invite("Deleted", 6));
        for name in ["Six", "Revoked", "Ninety"] {
            server.claim(&org.guest_email(name));
        }
        org.admin.post(&format!("/guests/{revoked}/revoke"), json!({})).expect(200);
        org.admin.delete(&format!("/guests/{deleted}")).expect(204);

        let shown = calendar(&org, "");
        let day = |days: i64, active, invited| (server.day(days), active, invited);
        assert_eq!(days(&shown), [day(0, 0, 1), day(6, 1, 1), day(7, 0, 1), day(90, 1, 0)]);
        let all = [("active", 2), ("invited", 3), ("revoked", 1), ("ends_this_week", 3), ("never_claimed", 3)];
        assert_eq!(totals(&shown), expected(&all));
        let some = calendar(&org, &format!("from={}&until={}", server.day(6), server.day(6)));
        assert_eq!((days(&some), totals(&some)), (vec![day(6, 1, 1)], expected(&all)), "totals are of all days");

        org.admin.post(&format!("/users/{sponsor}/deactivate"), json!({})).expect(200);
        assert_eq!(totals(&calendar(&org, ""))["sponsor_missing"], 5, "the revoked one needs none");

        // What has ended is on no day, though it is asked about; no worker has run.
        server.advance(Duration::days(7));
        let shown = calendar(&org, &format!("from={}&until={}", server.day(-7), server.day(83)));
        assert_eq!(days(&shown), [day(0, 0, 1), day(83, 1, 0)]);
        let all = [
            ("active", 1), ("invited", 1), ("expired", 3), ("revoked", 1), ("ends_this_week", 1),
            ("never_claimed", 1), ("sponsor_missing", 2),
        ];
        assert_eq!(totals(&shown), expected(&all));
        // The list and the calendar agree.
        for status in ["active", "invited", "expired", "revoked"] {
            let listed = org.admin.get(&format!("/guests?status={status}&count=true&limit=1")).expect(200);
            assert_eq!(listed.body["total"], shown["totals"][status], "{status}");
        }
    }

    fn an_active_guest_who_never_signed_in_is_counted_as_such(server) {
        let org = server.org("acme");
        org.guest(server, "Ada", 5);
        server.claim(&org.guest_email("Ada"));
        assert_eq!(calendar(&org, "")["totals"]["never_signed_in"], 0, "claiming signs in");
    }

    fn days_begin_where_the_org_is(server) {
        // Noon in UTC is already tomorrow in Kiritimati (+14).
        let org = server.org_in("kiri", "Pacific/Kiritimati");
        let mut invitation = org.invitation(server, "Ada", 1);
        invitation["access_ends_on"] = json!("2026-06-11");
        org.admin.post("/guests", invitation).expect(201);
        let shown = calendar(&org, "");
        assert_eq!((&shown["today"], &shown["time_zone"]), (&json!("2026-06-11"), &json!("Pacific/Kiritimati")));
        assert_eq!(days(&shown), [("2026-06-11".to_owned(), 0, 1)]);
        assert_eq!(totals(&shown)["ends_this_week"], 1);
    }

    fn unusable_days_are_refused(server) {
        let org = server.org("acme");
        let refused = |query: &str| org.admin.get(&format!("/guests/calendar?{query}")).refused(400, "invalid_query");
        refused(&format!("until={}", server.day(-1))).blaming("?until");
        refused(&format!("from={}", server.day(91))).blaming("?until");
        refused(&format!("from={}&until={}", server.day(0), server.day(371))).blaming("?until");
        refused("from=tomorrow").blaming("?from");
        refused("days=7").blaming("?days");
        calendar(&org, &format!("from={}&until={}", server.day(0), server.day(370)));
        calendar(&org, "from=9998-12-31&until=9999-12-31");
        org.signed_in(server, "Bob", &[]).get("/guests/calendar").refused(403, "capability_missing");
    }
}
