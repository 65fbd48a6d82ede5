//! A service that decides by another service's policy: it reads the facts once, then the changes since its version.
//!
//! `cargo run -p vestibule-access-control --example follow --features serde`, or with a file of JSON lines as the
//! argument: the first line a `PolicyFacts`, every further one a `PolicyUpdate`.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use vestibule_access_control::{PolicyFacts, PolicyUpdate, Snapshot};

const SAMPLE: &str = include_str!("../tests/golden/policy-export.jsonl");

fn main() -> Result<(), Box<dyn Error>> {
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => SAMPLE.to_owned(),
    };
    let mut lines = text.lines();
    let facts: PolicyFacts = serde_json::from_str(lines.next().unwrap_or_default())?;
    let mut snapshot = Snapshot::build(facts)?;
    show(&snapshot);
    for line in lines {
        let update: PolicyUpdate = serde_json::from_str(line)?;
        // An update that starts after our version is refused: then read everything again.
        snapshot = snapshot.follow(update)?;
        show(&snapshot);
    }
    Ok(())
}

fn show(snapshot: &Snapshot) {
    let facts = snapshot.facts();
    println!(
        "version {}: {} roles, {} profiles, {} objects, {} users; guests are {}",
        facts.version,
        facts.roles.len(),
        facts.profiles.len(),
        facts.objects.len(),
        facts.users.len(),
        if facts.guest_access { "let in" } else { "kept out" },
    );
}
