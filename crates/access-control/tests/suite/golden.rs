//! The permission matrix as a file that a person can read: a change of the rules shows up as a diff.

use std::fmt::Write;
use std::path::Path;

use vestibule_access_control::{
    Action, EndedReason, Level, ObjectPermissions, Outcome, Person, ProfileId, RoleForest, RoleId, Standing,
    Subject, UserId, decide, decide_edit,
};

const INTRODUCTION: &str = "\
Who may do what with whose records, asked of the library itself.
A test compares this file. Rewrite it with: UPDATE_GOLDEN=1 cargo test -p vestibule-access-control

    director
    ├── lead            the subject sits here, with one peer
    │   └── rep         a report
    │       └── trainee a report of the report
    └── legal           another branch
";

struct Scene {
    subject: &'static str,
    owners: &'static str,
    asks: Subject,
    of: Vec<Person>,
}

fn scenes() -> Vec<Scene> {
    let [director, lead, rep, trainee, legal] = [1, 2, 3, 4, 5].map(RoleId::from_u128);
    let pairs = [
        (director, None),
        (lead, Some(director)),
        (rep, Some(lead)),
        (trainee, Some(rep)),
        (legal, Some(director)),
    ];
    let forest = RoleForest::build(pairs).unwrap();
    let person = |id, role: Option<RoleId>| {
        Person::new(
            UserId::from_u128(id),
            role.map(|role| forest.label(role).unwrap()),
        )
    };
    let me = person(1, Some(lead));
    let [peer, report, deep] = [
        person(2, Some(lead)),
        person(3, Some(rep)),
        person(4, Some(trainee)),
    ];
    let [manager, other, roleless] = [person(5, Some(director)), person(6, Some(legal)), person(7, None)];
    let [guest, other_guest] = [person(8, None), person(9, None)];

    let scene = |subject, asks: Person, owners, of: &[Person]| {
        let (profile, standing) = (ProfileId::from_u128(1), Standing::Good);
        let asks = Subject {
            id: asks.id,
            role: asks.role,
            profile,
            standing,
        };
        Scene {
            subject,
            owners,
            asks,
            of: of.to_vec(),
        }
    };
    vec![
        scene("lead", me, "self", &[me]),
        scene("lead", me, "report", &[report]),
        scene("lead", me, "deep report", &[deep]),
        scene("lead", me, "peer", &[peer]),
        scene("lead", me, "manager", &[manager]),
        scene("lead", me, "other branch", &[other]),
        scene("lead", me, "no-role user", &[roleless]),
        scene("lead", me, "unowned", &[]),
        scene("lead", me, "manager + report", &[manager, report]),
        scene("lead", me, "manager + other", &[manager, other]),
        scene("no role", guest, "self", &[guest]),
        scene("no role", guest, "no-role user", &[other_guest]),
        scene("no role", guest, "lead", &[me]),
    ]
}

fn word(permit: bool) -> &'static str {
    if permit { "permit" } else { "deny" }
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Permitted => "permit",
        Outcome::Forbidden(_) => "403",
        Outcome::Hidden => "404",
    }
}

/// Every level for every action alike, each owner, each action, each standing.
fn by_level(out: &mut String) {
    out.push_str("\n== Every action at the same level; on the right any action of a subject whose access has ended ==\n\n");
    write!(out, "{:<23}{:<9}{:<18}", "level", "subject", "owners").unwrap();
    for action in Action::ALL {
        write!(out, "{action:<8}").unwrap();
    }
    out.push('|');
    for reason in EndedReason::ALL {
        write!(out, " {}", reason.as_str()).unwrap();
    }
    out.push('\n');
    for level in Level::ALL {
        out.push('\n');
        let permissions = ObjectPermissions::all(level);
        for Scene {
            subject,
            owners,
            asks,
            of,
        } in scenes()
        {
            write!(out, "{level:<23}{subject:<9}{owners:<18}").unwrap();
            for action in Action::ALL {
                write!(
                    out,
                    "{:<8}",
                    word(decide(&asks, action, &permissions, &of).is_permit())
                )
                .unwrap();
            }
            out.push('|');
            for reason in EndedReason::ALL {
                let ended = Subject {
                    standing: Standing::Ended(reason),
                    ..asks
                };
                let any = Action::ALL
                    .iter()
                    .any(|action| decide(&ended, *action, &permissions, &of).is_permit());
                write!(out, " {:<width$}", word(any), width = reason.as_str().len()).unwrap();
            }
            out.truncate(out.trim_end().len());
            out.push('\n');
        }
    }
}

/// What becomes of view, edit and delete where their levels differ.
fn limited_by_view(out: &mut String) {
    out.push_str(
        "\n== Editing and deleting need viewing: 404 where it can't be viewed, 403 where it can ==\n\n",
    );
    let scenes: Vec<_> = scenes()
        .into_iter()
        .filter(|scene| scene.subject == "lead")
        .collect();
    write!(out, "{:<23}{:<23}{:<23}", "view", "edit = delete", "effective").unwrap();
    for Scene { owners, .. } in &scenes {
        write!(out, "{owners:<18}").unwrap();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    for view in Level::ALL {
        out.push('\n');
        for level in Level::ALL {
            let permissions = ObjectPermissions {
                view,
                edit: level,
                delete: level,
                create: Level::None,
            };
            let effective = permissions.effective(Action::Edit);
            write!(
                out,
                "{:<23}{:<23}{:<23}",
                view.as_str(),
                level.as_str(),
                effective.as_str()
            )
            .unwrap();
            for Scene { asks, of, .. } in &scenes {
                let [edit, delete] = [Action::Edit, Action::Delete]
                    .map(|action| outcome(Outcome::of(asks, action, &permissions, of)));
                assert_eq!(edit, delete, "edit and delete at the same level");
                write!(out, "{edit:<18}").unwrap();
            }
            out.truncate(out.trim_end().len());
            out.push('\n');
        }
    }
}

/// Edits that change the owners: both sides must be within reach.
fn changing_owners(out: &mut String) {
    out.push_str("\n== Edits that change owners: rows before, columns after ==\n");
    let scenes: Vec<_> = scenes()
        .into_iter()
        .filter(|scene| scene.subject == "lead")
        .collect();
    for level in Level::ALL {
        write!(out, "\n{level:<23}").unwrap();
        for Scene { owners, .. } in &scenes {
            write!(out, "{owners:<18}").unwrap();
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        for before in &scenes {
            write!(out, "  {:<21}", before.owners).unwrap();
            for after in &scenes {
                let permissions = ObjectPermissions::all(level);
                let decision = decide_edit(&before.asks, &permissions, &before.of, &after.of);
                write!(out, "{:<18}", word(decision.is_permit())).unwrap();
            }
            out.truncate(out.trim_end().len());
            out.push('\n');
        }
    }
}

#[test]
fn the_permission_matrix_is_the_one_on_file() {
    let mut actual = INTRODUCTION.to_owned();
    by_level(&mut actual);
    limited_by_view(&mut actual);
    changing_owners(&mut actual);

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/permission-matrix.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &actual).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    for (number, (expected, actual)) in expected.lines().zip(actual.lines()).enumerate() {
        assert_eq!(
            expected,
            actual,
            "line {} of {} differs",
            number + 1,
            file.display()
        );
    }
    assert_eq!(
        expected.lines().count(),
        actual.lines().count(),
        "lines of {}",
        file.display()
    );
}
