//! Explanations: that they tell the rule that decided, and that what they suggest is true and no more than needed.

use proptest::prelude::*;
use vestibule_access_control::{
    Action, Change, EndedReason, Explanation, Level, ObjectPermissions, Person, ProfileId, Question,
    Relation, RoleForest, Rule, Standing, Subject, decide, explain,
};

use crate::world::{World, any_case, any_permissions, any_standing, role_id, user_id};

/// 0 at the top, 1 and 2 below it, 3 below 1; person n at role n, person 4 shares role 1, person 5 has no role.
fn company() -> World {
    World {
        parents: vec![None, Some(0), Some(0), Some(1)],
        people: vec![Some(0), Some(1), Some(2), Some(3), Some(1), None],
    }
}

struct Asked {
    subject: usize,
    standing: Standing,
    action: Action,
    permissions: ObjectPermissions,
    owners: Vec<usize>,
    ownable: bool,
}

fn ask(subject: usize, permissions: ObjectPermissions, owners: &[usize]) -> Asked {
    let owners = owners.to_vec();
    Asked {
        subject,
        standing: Standing::Good,
        action: Action::View,
        permissions,
        owners,
        ownable: true,
    }
}

fn explained(asked: &Asked) -> Explanation {
    let world = company();
    let forest = world.forest();
    explain(&Question {
        subject: &world.subject(&forest, asked.subject, asked.standing),
        action: asked.action,
        permissions: &asked.permissions,
        owners: &world.persons(&forest, &asked.owners),
        ownable: asked.ownable,
        forest: &forest,
    })
}

fn suggested(explanation: &Explanation) -> Vec<&[Change]> {
    explanation
        .suggestions
        .iter()
        .map(|suggestion| suggestion.changes.as_slice())
        .collect()
}

fn all(level: Level) -> ObjectPermissions {
    ObjectPermissions::all(level)
}

#[test]
fn a_yes_names_the_closest_owner_and_the_way_down_to_them() {
    let explanation = explained(&ask(0, all(Level::OwnAndReports), &[3, 1]));
    assert_eq!(explanation.rule, Rule::OwnedByReport);
    let connection = explanation.connection().unwrap();
    assert_eq!(
        (connection.owner, connection.relation),
        (user_id(3), Relation::Report)
    );
    assert_eq!(connection.path, [0, 1, 3].map(role_id));
    assert_eq!(suggested(&explanation), [] as [&[Change]; 0]);
}

#[test]
fn each_yes_names_its_rule() {
    let rule = |subject, level, owners: &[usize]| explained(&ask(subject, all(level), owners)).rule;
    assert_eq!(rule(1, Level::OwnPeersAndReports, &[3, 1]), Rule::OwnedBySubject);
    assert_eq!(rule(1, Level::OwnPeersAndReports, &[3, 4]), Rule::OwnedByReport);
    assert_eq!(rule(1, Level::OwnPeersAndReports, &[4, 0]), Rule::OwnedByPeer);
    assert_eq!(rule(1, Level::Anyone, &[1]), Rule::OwnedByAnyone);
}

#[test]
fn each_no_names_its_rule() {
    let rule = |asked: &Asked| explained(asked).rule;
    assert_eq!(rule(&ask(1, all(Level::None), &[1])), Rule::LevelNone);
    assert_eq!(
        rule(&ask(1, all(Level::OwnPeersAndReports), &[])),
        Rule::UnownedNeedsAnyone
    );
    assert_eq!(
        rule(&ask(1, all(Level::OwnPeersAndReports), &[0, 2, 5])),
        Rule::OwnersOutOfReach
    );
    let ended = Standing::Ended(EndedReason::Expired);
    assert_eq!(
        rule(&Asked {
            standing: ended,
            ..ask(1, all(Level::Anyone), &[1])
        }),
        Rule::SubjectEnded
    );
    let sees_own = ObjectPermissions {
        view: Level::Own,
        ..ObjectPermissions::ANYONE
    };
    assert_eq!(
        rule(&Asked {
            action: Action::Edit,
            ..ask(1, sees_own, &[3])
        }),
        Rule::ViewTooLow
    );
    let sees_none = ObjectPermissions {
        view: Level::None,
        edit: Level::Own,
        ..ObjectPermissions::NONE
    };
    assert_eq!(
        rule(&Asked {
            action: Action::Edit,
            ..ask(1, sees_none, &[3])
        }),
        Rule::ViewTooLow
    );
}

#[test]
fn where_view_is_the_limit_the_suggestion_is_to_raise_view() {
    let permissions = ObjectPermissions {
        view: Level::Own,
        ..ObjectPermissions::ANYONE
    };
    let explanation = explained(&Asked {
        action: Action::Edit,
        ..ask(1, permissions, &[3])
    });
    assert_eq!(
        (explanation.configured, explanation.effective),
        (Level::Anyone, Level::Own)
    );
    let raise = Change::RaiseLevel {
        action: Action::View,
        to: Level::OwnAndReports,
    };
    assert_eq!(suggested(&explanation)[0], [raise]);
}

#[test]
fn two_levels_that_are_both_too_low_are_raised_together() {
    let asked = Asked {
        action: Action::Delete,
        ownable: false,
        ..ask(1, all(Level::Own), &[3])
    };
    let to = Level::OwnAndReports;
    let both = [
        Change::RaiseLevel {
            action: Action::Delete,
            to,
        },
        Change::RaiseLevel {
            action: Action::View,
            to,
        },
    ];
    assert_eq!(suggested(&explained(&asked)), [&both[..]]);
}

#[test]
fn a_move_is_suggested_right_above_an_owner_or_beside_them() {
    let explanation = explained(&ask(2, all(Level::OwnPeersAndReports), &[3]));
    let moves: Vec<_> = suggested(&explanation)
        .into_iter()
        .filter(|changes| matches!(changes, [Change::MoveSubject { .. }]))
        .collect();
    let [above, beside] = [1, 3].map(|role| [Change::MoveSubject { to: role_id(role) }]);
    assert_eq!(moves, [&above, &beside]);
}

#[test]
fn of_the_moves_only_those_with_the_fewest_other_changes_are_suggested() {
    let explanation = explained(&ask(2, all(Level::OwnAndReports), &[3]));
    let moves: Vec<_> = suggested(&explanation)
        .into_iter()
        .filter(|changes| matches!(changes, [Change::MoveSubject { .. }, ..]))
        .collect();
    // Beside the owner would do as well, with a higher level on top.
    assert_eq!(moves, [[Change::MoveSubject { to: role_id(1) }]]);
}

#[test]
fn nobody_is_made_an_owner_where_there_is_no_ownership_field() {
    let asked = Asked {
        ownable: false,
        ..ask(1, all(Level::Own), &[])
    };
    let raise = Change::RaiseLevel {
        action: Action::View,
        to: Level::Anyone,
    };
    assert_eq!(suggested(&explained(&asked)), [[raise]]);
}

#[test]
fn standing_is_given_back_first_and_alone_where_that_does() {
    let reason = EndedReason::Revoked;
    let asked = Asked {
        standing: Standing::Ended(reason),
        ..ask(1, all(Level::Own), &[1])
    };
    assert_eq!(
        suggested(&explained(&asked)),
        [[Change::RestoreStanding { reason }]]
    );
}

#[test]
fn nothing_is_suggested_for_a_deleted_user() {
    let asked = Asked {
        standing: Standing::Ended(EndedReason::Deleted),
        ..ask(1, all(Level::Own), &[1])
    };
    assert_eq!(suggested(&explained(&asked)), [] as [&[Change]; 0]);
}

#[test]
fn a_change_reads_as_an_instruction() {
    let raise = Change::RaiseLevel {
        action: Action::View,
        to: Level::Anyone,
    };
    assert_eq!(raise.to_string(), "raise the view level to anyone");
    for reason in EndedReason::ALL {
        assert!(!Change::RestoreStanding { reason }.to_string().is_empty());
    }
}

/// Facts of a decision, changed the way an administrator would change them.
#[derive(Clone)]
struct Facts {
    subject: Subject,
    permissions: ObjectPermissions,
    owners: Vec<Person>,
}

impl Facts {
    fn changed(&self, forest: &RoleForest, changes: &[Change]) -> Self {
        let mut facts = self.clone();
        for change in changes {
            match *change {
                Change::RestoreStanding { .. } => facts.subject.standing = Standing::Good,
                Change::MoveSubject { to } => facts.subject.role = Some(forest.label(to).unwrap()),
                Change::MakeOwner { user } => facts.owners.push(Person::new(user, facts.subject.role)),
                Change::RaiseLevel {
                    action: Action::View,
                    to,
                } => facts.permissions.view = to,
                Change::RaiseLevel {
                    action: Action::Edit,
                    to,
                } => facts.permissions.edit = to,
                Change::RaiseLevel {
                    action: Action::Delete,
                    to,
                } => facts.permissions.delete = to,
                Change::RaiseLevel {
                    action: Action::Create,
                    to,
                } => facts.permissions.create = to,
                _ => panic!("{change:?} is not known to this test"),
            }
        }
        facts
    }

    fn permits(&self, action: Action) -> bool {
        decide(&self.subject, action, &self.permissions, &self.owners).is_permit()
    }
}

fn assert_minimal(facts: &Facts, forest: &RoleForest, action: Action, changes: &[Change]) {
    for left_out in 0..changes.len() {
        let mut fewer = changes.to_vec();
        fewer.remove(left_out);
        assert!(
            !facts.changed(forest, &fewer).permits(action),
            "{left_out} of {changes:?} is not needed"
        );
        if let Change::RaiseLevel { action: raised, to } = changes[left_out] {
            let mut lower = changes.to_vec();
            lower[left_out] = Change::RaiseLevel {
                action: raised,
                to: Level::from_rank(to.rank() - 1).unwrap(),
            };
            assert!(
                !facts.changed(forest, &lower).permits(action),
                "{to} of {changes:?} is too much"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_suggestion_flips_the_answer_and_nothing_in_it_is_superfluous(
        (world, subject, owners) in any_case(),
        permissions in any_permissions(),
        standing in any_standing(),
        ownable: bool,
    ) {
        // Without an ownership field there are no owners.
        let owners = if ownable { owners } else { Vec::new() };
        let forest = world.forest();
        let owners = world.persons(&forest, &owners);
        let facts = Facts { subject: world.subject(&forest, subject, standing), permissions, owners };
        for action in Action::ALL {
            let explanation = explain(&Question {
                subject: &facts.subject,
                action,
                permissions: &facts.permissions,
                owners: &facts.owners,
                ownable,
                forest: &forest,
            });
            let deleted = standing == Standing::Ended(EndedReason::Deleted);
            let nothing_to_suggest = facts.permits(action) || deleted;
            prop_assert_eq!(explanation.suggestions.is_empty(), nothing_to_suggest);
            let sizes = explanation.suggestions.iter().map(|suggestion| suggestion.changes.len());
            prop_assert!(sizes.is_sorted());
            for suggestion in &explanation.suggestions {
                let changed = facts.changed(&forest, &suggestion.changes);
                prop_assert!(changed.permits(action), "{:?} does not flip {}", suggestion, action);
                assert_minimal(&facts, &forest, action, &suggestion.changes);
                let makes_owner = suggestion.changes.iter().any(|c| matches!(c, Change::MakeOwner { .. }));
                prop_assert!(ownable || !makes_owner);
            }
        }
    }

    #[test]
    fn an_explanation_tells_the_decision_that_is_made(
        (world, subject, owners) in any_case(),
        permissions in any_permissions(),
        standing in any_standing(),
    ) {
        let forest = world.forest();
        let subject = world.subject(&forest, subject, standing);
        let owners = world.persons(&forest, &owners);
        for action in Action::ALL {
            let explanation = explain(&Question {
                subject: &subject, action, permissions: &permissions, owners: &owners, ownable: true, forest: &forest,
            });
            prop_assert_eq!(explanation.decision, decide(&subject, action, &permissions, &owners));
            prop_assert_eq!(explanation.profile, ProfileId::from_u128(1));
            let is_yes = matches!(
                explanation.rule,
                Rule::OwnedByAnyone | Rule::OwnedBySubject | Rule::OwnedByReport | Rule::OwnedByPeer
            );
            prop_assert_eq!(is_yes, explanation.decision.is_permit());
            prop_assert_eq!(explanation.owners.len(), owners.len());
            for finding in &explanation.owners {
                if matches!(finding.relation, Relation::Report | Relation::Peer) {
                    prop_assert!(!finding.path.is_empty(), "{:?} is connected by roles", finding);
                }
            }
        }
    }
}
