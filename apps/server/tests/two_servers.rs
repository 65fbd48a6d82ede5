//! Two servers on one database: what one was told, the other knows with its very next answer.
//!
//! `VESTIBULE_DECISIONS=1000000` makes as many decisions.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use vestibule_test_support::{FixedClock, PostgresServer};

use crate::harness::{Client, PASSWORD, Served, TestOrg, create_org, run, vestibule};
use crate::model::{Clients, Dice, Fate, Mutation, World};

/// What the writer does, one after the other.
const CHANGES: [Mutation; 8] = [
    Mutation::LevelsChanged,
    Mutation::RoleMoved,
    Mutation::GuestRevoked,
    Mutation::PersonMovedToProfile,
    Mutation::RecordGivenAway,
    Mutation::GuestReinstated,
    Mutation::PersonMovedToRole,
    Mutation::UserActivated,
];

/// Decisions after each change, of each server.
const DECISIONS_AT_ONCE: usize = 500;

/// Ends the load when the test ends, however it does.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn decisions_wanted() -> usize {
    let wanted = std::env::var("VESTIBULE_DECISIONS").ok();
    wanted.map_or(100_000, |wanted| wanted.parse().unwrap())
}

/// Makes an org on the command line; its Admin speaks to this server.
fn org(folder: &std::path::Path, database: &str, client: &Client) -> TestOrg {
    let (code, out, error) = create_org(folder, database, "acme", Some(PASSWORD));
    assert_eq!(code, 0, "{error}");
    let made: Value = serde_json::from_str(&out).unwrap();
    let text = |member: &str| made[member].as_str().unwrap().to_owned();
    let admin = client.with_token(&text("api_token"));
    let profiles = admin.all("/profiles");
    let profile = |built_in: &str| {
        let found = profiles
            .iter()
            .find(|profile| profile["built_in"] == built_in)
            .unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    TestOrg {
        id: text("org_id"),
        slug: "acme".to_owned(),
        admin_id: text("admin_user_id"),
        admin_email: "boss@acme.example".to_owned(),
        admin_profile: profile("admin"),
        default_profile: profile("default"),
        admin,
    }
}

/// A clock that shows when the org was made: real time is only read from what a server says.
fn clock(org: &TestOrg) -> FixedClock {
    let made = org.admin.get("/org").expect(200).text("created_at");
    FixedClock::at(OffsetDateTime::parse(&made, &Rfc3339).unwrap().to_utc())
}

/// What others send to a server all the time: reads, and changes of a profile that nobody has.
fn keep_busy(clients: &Clients, object: &str, question: &Value, ended: &AtomicBool) {
    let profile = json!({ "name": format!("Nobody's at {}", clients.admin.base()) });
    let profile = clients.admin.post("/profiles", profile).expect(201).id();
    let path = format!("/profiles/{profile}/permissions/{object}");
    for level in ["own", "anyone"].into_iter().cycle() {
        if ended.load(Ordering::Relaxed) {
            return;
        }
        let levels = json!({ "view": level, "edit": level, "delete": "none", "create": level });
        clients.admin.put(&path, levels).expect(200);
        clients
            .pdp
            .post("//access/v1/evaluation", question.clone())
            .expect(200);
        clients
            .admin
            .get(&format!("/objects/{object}/records?limit=5"))
            .expect(200);
    }
}

/// Changes the org through one server after the other and asks both: the other one first. What a change answers
/// differently is asked before anything else.
#[expect(clippy::print_stdout, reason = "how much was tried is worth knowing")]
fn ask_after_each_change(world: &mut World, servers: &[Clients; 2], dice: &mut Dice) {
    let (mut decisions, mut changes, mut effective) = (0, 0, 0);
    let mut before = world.model.answers(world.now());
    let mut mutations = CHANGES.into_iter().cycle();
    while decisions < decisions_wanted() {
        let [writer, other] = if dice.chance(50) { [0, 1] } else { [1, 0] };
        world.clients = servers[writer].clone();
        if !mutations.next().unwrap().perform(world, dice) {
            continue;
        }
        let after = world.model.answers(world.now());
        let changed = world.model.changed_since(&before, &after, world.now());
        changes += 1;
        effective += usize::from(!changed.is_empty());
        let mut questions = dice.some(changed, DECISIONS_AT_ONCE);
        questions.extend(dice.some(
            after.keys().cloned().collect(),
            DECISIONS_AT_ONCE - questions.len(),
        ));
        for server in [other, writer] {
            world.clients = servers[server].clone();
            world.check_evaluations(&questions, dice);
            decisions += questions.len();
        }
        before = after;
    }
    println!(
        "{decisions} decisions after {changes} changes ({effective} changed an answer), none of them stale"
    );
    assert!(
        effective * 2 >= changes,
        "only {effective} of {changes} changes changed an answer"
    );
}

#[test]
fn no_server_answers_by_what_held_before_another_one_was_told() {
    let database = PostgresServer::shared().create_database();
    let folder = tempfile::tempdir().unwrap();
    let command = || {
        let mut command = vestibule(folder.path(), database.url());
        command
            .env("VESTIBULE__SCHEDULER__EMBEDDED", "false")
            .env("VESTIBULE__SECURITY__CREDENTIAL_ATTEMPTS_PER_MINUTE", "0");
        command
    };
    let mut migrate = command();
    migrate.arg("migrate");
    assert_eq!(run(migrate, "").0, 0);
    let served = [Served::start(command()), Served::start(command())];

    let org = org(folder.path(), database.url(), &served[0].client);
    let mut world = World::new(&org, clock(&org));
    let mut dice = Dice::new(1);
    world.populate(
        &mut dice,
        &[
            Fate::Active,
            Fate::Active,
            Fate::Active,
            Fate::Revoked,
            Fate::Invited,
        ],
    );
    let servers = [0, 1].map(|server: usize| world.clients.at(served[server].client.base()));

    let object = world.model.objects[0].key.clone();
    let record = world.model.records[0].id.clone();
    let question = json!({
        "subject": { "type": "user", "id": world.admin_id },
        "action": { "name": "view" },
        "resource": { "type": object, "id": record },
    });
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _ends = Ends(&ended);
        for server in &servers {
            scope.spawn(|| keep_busy(server, &object, &question, &ended));
        }
        ask_after_each_change(&mut world, &servers, &mut dice);
    });
}
