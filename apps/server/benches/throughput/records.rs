//! Records: written one by one and in bulk, and listed by people who reach few, some and all of them.

use std::time::Instant;

use serde_json::{Value, json};
use time::{Duration, UtcDateTime};
use vestibule_access_control::Action;
use vestibule_custom_objects::GivenValues;
use vestibule_guest_lifecycle::UserKind;
use vestibule_persistence::ids::{RoleId, UserId};
use vestibule_persistence::policy::Touched;
use vestibule_persistence::records::{self, Record};
use vestibule_persistence::users::{self, Notifications, SignInMethod, User, UserDetails};
use vestibule_persistence::{DatabaseKind, StoreError, WriteTx, objects};
use vestibule_server::clock::Clock;

use crate::{Bench, rate, report};

const USERS: usize = 10_000;

/// Roles on each of the six levels of the tree.
const LEVELS: [usize; 6] = [1, 4, 16, 64, 256, 1024];

/// An org with 1,365 roles, 10,000 people spread evenly over them, and one object with one owner a record.
pub(crate) struct World {
    pub(crate) people: Vec<UserId>,
    /// Acts for anybody.
    service: String,
    pub(crate) decision_point: String,
    /// Somebody without reports; somebody with about 600; the head of everybody.
    readers: [(&'static str, UserId); 3],
}

impl World {
    pub(crate) fn new(bench: &Bench) -> Self {
        let made = |method: &str, path: &str, body: Value| -> Value {
            let answer = bench.ask(method, path).json(&body).send().unwrap();
            assert!(answer.status().is_success(), "{path}: {}", answer.text().unwrap());
            answer.json().unwrap()
        };
        let mut roles: Vec<String> = Vec::new();
        let mut above: Vec<Option<usize>> = Vec::new();
        for (level, count) in LEVELS.into_iter().enumerate() {
            let first_above = LEVELS[..level.saturating_sub(1)].iter().sum::<usize>();
            above.extend((0..count).map(|n| (level > 0).then(|| first_above + n / 4)));
        }
        for (n, above) in above.iter().enumerate() {
            let body =
                json!({ "name": format!("Role {n}"), "parent_id": above.map(|above| roles[above].clone()) });
            roles.push(
                made("POST", "/api/v1/roles", body)["id"]
                    .as_str()
                    .unwrap()
                    .to_owned(),
            );
        }
        let profile = made("POST", "/api/v1/profiles", json!({ "name": "Bench" }))["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let fields = json!([
            { "key": "name", "label": "Name", "type": "text" },
            { "key": "owner", "label": "Owner", "type": "user", "represents_ownership": true },
            { "key": "amount", "label": "Amount", "type": "currency" },
        ]);
        made(
            "POST",
            "/api/v1/objects",
            json!({ "key": "deal", "singular": "Deal", "plural": "Deals", "fields": fields }),
        );
        let level = "own_and_reports";
        let levels = json!({ "view": level, "edit": level, "delete": level, "create": level });
        made(
            "PUT",
            &format!("/api/v1/profiles/{profile}/permissions/deal"),
            levels,
        );
        let service = |scope: &str| {
            let body = json!({ "name": scope, "kind": "service", "scopes": [scope] });
            made("POST", "/api/v1/api-tokens", body)["secret"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let people = add_people(bench, &profile, &roles);
        let of_role = |role: usize| people[role];
        World {
            readers: [
                ("leaf", of_role(1_000)),
                ("middle manager", of_role(5)),
                ("top", of_role(0)),
            ],
            service: service("act_as"),
            decision_point: service("pdp"),
            people,
        }
    }

    fn ask_for(
        &self,
        bench: &Bench,
        user: UserId,
        method: &str,
        path: &str,
    ) -> reqwest::blocking::RequestBuilder {
        bench
            .ask_as(&self.service, method, path)
            .header("on-behalf-of", user.to_string())
    }
}

/// The n-th person has the role n modulo the number of roles.
fn add_people(bench: &Bench, profile: &str, roles: &[String]) -> Vec<UserId> {
    let org = bench.made.org.id;
    let now = bench.app.clock.now();
    let people: Vec<User> = (0..USERS)
        .map(|n| {
            let email = format!("person{n}@bench.example");
            let role: RoleId = roles[n % roles.len()].parse().unwrap();
            User {
                id: Clock::new_id(now).into(),
                first_name: "Person".to_owned(),
                last_name: n.to_string(),
                email_hash: bench.app.email_hash(org, &email),
                email_canonical: email.clone(),
                email,
                profile_id: profile.parse().unwrap(),
                role_id: Some(role),
                license_id: None,
                external_id: None,
                sign_in: SignInMethod::Password,
                locale: None,
                time_zone: None,
                notifications: Notifications::default(),
                claimed_at: Some(now),
                last_sign_in_at: None,
                access_epoch: 1,
                link_epoch: 1,
                version: 1,
                created_at: now,
                updated_at: now,
                details: UserDetails::Standard { deactivated_at: None },
            }
        })
        .collect();
    let insert = |tx: &mut WriteTx<'_>| {
        for person in &people {
            users::reserve_email(tx, org, &person.email_hash, UserKind::Standard)?;
            users::insert(tx, org, person)?;
        }
        tx.policy_changed(org, Touched::Everything);
        Ok::<_, StoreError>(())
    };
    bench.app.database.write(org, insert).unwrap();
    people.into_iter().map(|person| person.id).collect()
}

/// Records a second over HTTP, one by one and a thousand at a time.
pub(crate) fn writes(bench: &Bench, world: &World) {
    let path = "/api/v1/objects/deal/records";
    let ceiling = rate(bench.requests, 200, |_| {
        bench.client.get(format!("{}/healthz", bench.base))
    });
    let fields = |n: usize| json!({ "name": format!("Deal {n}"), "owner": world.people[n % USERS].to_string(), "amount": 12.5 });
    let single = rate(bench.requests, 201, |n| {
        bench.ask("POST", path).json(&json!({ "fields": fields(n) }))
    });
    report("create a record", single, ceiling);
    let batches = (bench.requests / 100).max(4);
    let bulk = rate(batches, 200, |batch| {
        let items: Vec<Value> = (0..1_000)
            .map(|n| json!({ "fields": fields(batch * 1_000 + n) }))
            .collect();
        bench
            .ask("POST", &format!("{path}/bulk"))
            .json(&json!({ "action": "create", "items": items }))
    });
    println!(
        "  {:26} {:>9.0}   {:>6.1} times the single rate",
        "records created in bulk",
        bulk * 1_000.0,
        bulk * 1_000.0 / single
    );
}

/// The first page of fifty and its count, for each reader; and the same page of somebody who reaches everything.
pub(crate) fn lists(bench: &Bench, world: &World, records: usize) {
    fill(bench, world, records);
    let path = "/api/v1/objects/deal/records";
    println!("  first page of 50 out of {records} records, ms (and as a multiple of the Admin's)");
    let page = median(|| bench.ask("GET", path));
    let sorted = median(|| bench.ask("GET", &format!("{path}?sort=-amount")));
    println!(
        "    {:16} newest {page:8.2}          by amount {sorted:8.2}",
        "Admin"
    );
    for (name, user) in world.readers {
        let newest = median(|| world.ask_for(bench, user, "GET", path));
        let counted = median(|| world.ask_for(bench, user, "GET", &format!("{path}?count=true")));
        let by_amount = median(|| world.ask_for(bench, user, "GET", &format!("{path}?sort=-amount")));
        println!(
            "    {name:16} newest {newest:8.2} ({:5.2})  by amount {by_amount:8.2} ({:5.2})  newest with count {counted:8.2}",
            newest / page,
            by_amount / sorted,
        );
    }
}

fn median(request: impl Fn() -> reqwest::blocking::RequestBuilder) -> f64 {
    let mut times: Vec<f64> = (0..21)
        .map(|_| {
            let started = Instant::now();
            let answer = request().send().unwrap();
            assert_eq!(answer.status().as_u16(), 200, "{}", answer.text().unwrap());
            drop(answer.bytes());
            started.elapsed().as_secs_f64() * 1_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Adds records, past the HTTP stack, until there are so many.
fn fill(bench: &Bench, world: &World, wanted: usize) {
    let (org, admin) = (bench.made.org.id, bench.made.admin.id);
    let database = &bench.app.database;
    let object = database
        .read(|tx| objects::find(tx, org, "deal"))
        .unwrap()
        .unwrap();
    let tally = database
        .read(|tx| objects::tally(tx, org, object.object.id()))
        .unwrap()
        .unwrap();
    let present = usize::try_from(tally.records).unwrap();
    let policy = database.read(|tx| bench.app.policies.of(tx, org)).unwrap();
    let now = bench.app.clock.now();
    let micros = i64::try_from(now.unix_timestamp_nanos() / 1_000).unwrap();
    let reach = policy.reach(admin, Action::Create, object.object.id(), micros);
    let started = Instant::now();
    let mut n = present;
    while n < wanted {
        let batch: Vec<Record> = (n..wanted.min(n + 5_000))
            .map(|n| record(world, &object, n, now))
            .collect();
        n += batch.len();
        let insert = |tx: &mut WriteTx<'_>| {
            let new = batch.iter().map(|record| {
                let owners = policy.persons(&object.object.owners_of(&record.values));
                (reach.permit(&owners).unwrap(), record)
            });
            records::insert_many(tx, org, &object, new.collect())
        };
        database.write(org, insert).unwrap();
    }
    #[allow(clippy::cast_precision_loss, reason = "counts are small")]
    let speed = (wanted.saturating_sub(present)) as f64 / started.elapsed().as_secs_f64();
    println!("  {:26} {speed:>9.0}   without HTTP", "records filled in");
    analyze(bench);
}

fn record(world: &World, object: &objects::StoredObject, n: usize, now: UtcDateTime) -> Record {
    // Owners in no order that a list could profit from.
    let owner = world.people[n.wrapping_mul(7_919) % USERS];
    let created = now - Duration::seconds(i64::try_from(n).unwrap());
    let given = json!({ "name": format!("Deal {n}"), "owner": owner.to_string(), "amount": n % 10_007 });
    let given: GivenValues = serde_json::from_str(&given.to_string()).unwrap();
    let values = object.object.new_values(&given, owner).unwrap();
    Record {
        id: Clock::new_id(created).into(),
        external_id: None,
        values,
        version: 1,
        created_at: created,
        updated_at: created,
    }
}

/// A PostgreSQL in service gathers statistics by itself, a little later.
fn analyze(bench: &Bench) {
    if bench.app.database.kind() == DatabaseKind::Postgres {
        let done = std::process::Command::new("psql")
            .args([bench.url.as_str(), "-qc", "ANALYZE"])
            .status();
        assert!(
            done.is_ok_and(|status| status.success()),
            "psql could not ANALYZE"
        );
    }
}
