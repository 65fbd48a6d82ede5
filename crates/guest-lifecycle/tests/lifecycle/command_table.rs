//! Every status × command with its outcome, kept as a file that people can read.

use std::{fmt::Write as _, fs, path::Path};

use time::{Duration, UtcDateTime, macros::utc_datetime};
use vestibule_guest_lifecycle::{
    AccessWindow, Effects, GuestFacts, GuestMaxDays, OrgZone, ReminderTimes, Transition, command,
};

const NOW: UtcDateTime = utc_datetime!(2026-05-01 12:00);

fn guests() -> Vec<(&'static str, GuestFacts)> {
    let zone = OrgZone::utc();
    let ending = |days| AccessWindow::ending_on((NOW + Duration::days(days)).date(), &zone);
    let invited = GuestFacts::invited(ending(30));
    let active = GuestFacts {
        claimed_at: Some(NOW - Duration::DAY),
        ..invited
    };
    let expired = GuestFacts {
        window: ending(-2),
        ..active
    };
    vec![
        ("invited", invited),
        ("active", active),
        ("expired, not tidied up yet", expired),
        ("expired, tidied up", command::expire(&expired, NOW).facts),
        (
            "expired, never claimed",
            GuestFacts {
                claimed_at: None,
                ..expired
            },
        ),
        ("revoked", command::revoke(&active, NOW).unwrap().facts),
        (
            "revoked, never claimed",
            command::revoke(&invited, NOW).unwrap().facts,
        ),
        (
            "revoked, end date passed",
            command::revoke(&expired, NOW).unwrap().facts,
        ),
        ("deleted", command::delete(&active, NOW).unwrap().facts),
    ]
}

type Outcome = Result<Transition, &'static str>;

fn outcomes(guest: &GuestFacts) -> Vec<(&'static str, Outcome)> {
    let (zone, cap) = (OrgZone::utc(), GuestMaxDays::MAX);
    let day = |days| (NOW + Duration::days(days)).date();
    let change = |days, sponsor_missing| {
        command::change_end_date(guest, day(days), sponsor_missing, NOW, &zone, cap)
            .map_err(|refused| refused.code())
    };
    let reinstate = |days, sponsor_missing, guest_access| {
        command::reinstate(guest, day(days), sponsor_missing, NOW, &zone, cap, guest_access)
            .map_err(|refused| refused.code())
    };
    vec![
        (
            "resend",
            command::resend(guest, NOW).map_err(|refused| refused.code()),
        ),
        (
            "claim",
            command::claim(guest, NOW, true).map_err(|refused| refused.code()),
        ),
        (
            "claim, guest access off",
            command::claim(guest, NOW, false).map_err(|refused| refused.code()),
        ),
        ("end today+60", change(60, false)),
        ("end today+60, no sponsor", change(60, true)),
        ("end today+30", change(30, false)),
        ("end today", change(0, false)),
        ("end today, no sponsor", change(0, true)),
        ("end yesterday", change(-1, false)),
        ("end today+91", change(91, false)),
        (
            "revoke",
            command::revoke(guest, NOW).map_err(|refused| refused.code()),
        ),
        ("reinstate today+60", reinstate(60, false, true)),
        ("reinstate, no sponsor", reinstate(60, true, true)),
        ("reinstate, guest access off", reinstate(60, false, false)),
        ("reinstate today+91", reinstate(91, false, true)),
        (
            "delete",
            command::delete(guest, NOW).map_err(|refused| refused.code()),
        ),
        ("expire", Ok(command::expire(guest, NOW))),
    ]
}

fn duties(effects: &Effects) -> String {
    let mut duties = Vec::new();
    let mut note = |asked: bool, duty: &'static str| {
        if asked {
            duties.push(duty);
        }
    };
    note(effects.record_expiry, "record expiry");
    note(effects.end_credentials, "end credentials");
    note(effects.void_links, "void links");
    note(effects.queue_claim_link, "queue claim link");
    note(effects.free_seat, "free seat");
    note(effects.take_seat, "take seat");
    match effects.reminders {
        None => {}
        Some(ReminderTimes::NONE) => note(true, "no reminders"),
        Some(ReminderTimes { week: None, .. }) => note(true, "day reminder"),
        Some(_) => note(true, "both reminders"),
    }
    duties.join(", ")
}

fn table() -> String {
    let mut text = String::from(
        "What each command does to a guest in each state, at 2026-05-01 12:00 UTC in an organization on UTC.\n\
         Invited and active guests end on today+30. `!` marks a refusal by its code, `=` that nothing changes;\n\
         otherwise: the status afterwards, and what the caller must do in the same transaction.\n",
    );
    for (name, guest) in guests() {
        writeln!(text, "\n{name}").unwrap();
        for (command, outcome) in outcomes(&guest) {
            let result = match outcome {
                Err(code) => format!("! {code}"),
                Ok(transition) if !transition.effects.changed => {
                    assert_eq!(
                        transition,
                        Transition {
                            facts: guest,
                            effects: Effects::default()
                        }
                    );
                    "=".to_owned()
                }
                Ok(transition) => {
                    format!(
                        "{:<8} {}",
                        transition.facts.status(NOW),
                        duties(&transition.effects)
                    )
                }
            };
            writeln!(text, "  {command:<28} {}", result.trim_end()).unwrap();
        }
    }
    text
}

#[test]
fn every_command_does_in_every_status_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/commands.txt");
    let table = table();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &table).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == table,
        "the table has changed; run with UPDATE_GOLDEN=1 and read the diff:\n{table}"
    );
}
