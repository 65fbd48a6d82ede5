//! What would turn a no into a yes. Every suggestion is tried on a copy before it's made.

use std::fmt;

use vestibule_org_hierarchy::{Person, Relation, RoleForest, RoleId, UserId};

use super::Question;
use crate::{Action, EndedReason, Level, ObjectPermissions, Standing, Subject, decide};

/// One change that an administrator could make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "kind", rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Change {
    /// Give the subject standing again: activate, reinstate, extend, have the invitation claimed, let guests in.
    RestoreStanding {
        /// What ended it.
        reason: EndedReason,
    },
    /// Move the subject to a role.
    MoveSubject {
        /// The role.
        to: RoleId,
    },
    /// Add the subject to the record's owners.
    MakeOwner {
        /// The subject.
        user: UserId,
    },
    /// Configure a higher level for an action in the subject's profile, which concerns everyone with that profile.
    RaiseLevel {
        /// The action, which is `view` where another action is limited by it.
        action: Action,
        /// The lowest level that does.
        to: Level,
    },
}

/// Changes that turn a no into a yes *together*; leaving any of them out leaves the no.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Suggestion {
    /// The changes, in an order in which they can be made; at least one.
    pub changes: Vec<Change>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RestoreStanding { reason } => match reason {
                EndedReason::Deactivated => f.write_str("activate the user"),
                EndedReason::NotClaimed => f.write_str("have the guest claim the invitation"),
                EndedReason::Expired => f.write_str("set a later end date"),
                EndedReason::Revoked => f.write_str("reinstate the guest"),
                EndedReason::GuestAccessOff => f.write_str("let guests in again"),
                EndedReason::Deleted => f.write_str("create the user anew"),
            },
            Self::MoveSubject { to } => write!(f, "move the user to role {to}"),
            Self::MakeOwner { user } => write!(f, "make user {user} an owner of the record"),
            Self::RaiseLevel { action, to } => write!(f, "raise the {action} level to {to}"),
        }
    }
}

/// The facts of a question, to be changed freely.
#[derive(Clone)]
struct Case<'a> {
    subject: Subject,
    action: Action,
    permissions: ObjectPermissions,
    owners: Vec<Person>,
    forest: &'a RoleForest,
}

impl<'a> Case<'a> {
    fn of(question: &Question<'a>) -> Self {
        Self {
            subject: *question.subject,
            action: question.action,
            permissions: *question.permissions,
            owners: question.owners.to_vec(),
            forest: question.forest,
        }
    }

    fn with<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) -> Self {
        let mut case = self.clone();
        for change in changes {
            match *change {
                Change::RestoreStanding { .. } => case.subject.standing = Standing::Good,
                Change::MoveSubject { to } => case.subject.role = case.forest.label(to),
                Change::MakeOwner { .. } => case.owners.push(case.subject.person()),
                Change::RaiseLevel { action, to } => case.permissions = case.permissions.with(action, to),
            }
        }
        case
    }

    fn is_permitted(&self) -> bool {
        decide(&self.subject, self.action, &self.permissions, &self.owners).is_permit()
    }

    /// The raises that are missing for the level that reaches the closest owner.
    fn missing_raises(&self) -> impl Iterator<Item = Change> + use<> {
        let subject = self.subject.person();
        let closest = self
            .owners
            .iter()
            .map(|owner| Level::reaching(Relation::of(*owner, subject)))
            .min();
        let (to, permissions) = (closest.unwrap_or(Level::Anyone), self.permissions);
        let view = self.action.needs_view().then_some(Action::View);
        let raise =
            move |action| (permissions.configured(action) < to).then_some(Change::RaiseLevel { action, to });
        [Some(self.action), view].into_iter().flatten().filter_map(raise)
    }

    /// Whether the changes turn the answer into a yes, and all of them are needed for it.
    fn needs_exactly(&self, changes: &[Change]) -> bool {
        let some_of = |chosen: usize| {
            changes
                .iter()
                .enumerate()
                .filter(move |(bit, _)| chosen >> bit & 1 == 1)
                .map(|(_, change)| change)
        };
        let all = (1_usize << changes.len()) - 1;
        self.with(some_of(all)).is_permitted()
            && !(0..all).any(|chosen| self.with(some_of(chosen)).is_permitted())
    }
}

/// Alternatives that each turn a no into a yes, fewest changes first; empty for a yes.
pub(super) fn suggestions(question: &Question<'_>) -> Vec<Suggestion> {
    let case = Case::of(question);
    if case.is_permitted() {
        return Vec::new();
    }
    let restore = match case.subject.standing {
        Standing::Ended(reason) if !reason.can_be_undone() => return Vec::new(),
        Standing::Ended(reason) => Some(Change::RestoreStanding { reason }),
        Standing::Good => None,
    };
    let complete = |first: Option<Change>| -> Option<Suggestion> {
        let mut changes: Vec<Change> = restore.into_iter().chain(first).collect();
        changes.extend(case.with(&changes).missing_raises());
        case.needs_exactly(&changes).then_some(Suggestion { changes })
    };

    let mut moves: Vec<_> = moves(question)
        .into_iter()
        .filter_map(|to| complete(Some(to)))
        .collect();
    let fewest = moves.iter().map(|suggestion| suggestion.changes.len()).min();
    moves.retain(|suggestion| Some(suggestion.changes.len()) == fewest);

    let make_owner = question.ownable.then_some(Change::MakeOwner {
        user: case.subject.id,
    });
    let mut all: Vec<_> = complete(None).into_iter().collect();
    all.extend(make_owner.and_then(|make_owner| complete(Some(make_owner))));
    all.extend(moves);
    all.sort_by_key(|suggestion| suggestion.changes.len());
    all
}

/// The moves that would make some owner a report or a peer: right above the owner's role, or to it.
fn moves(question: &Question<'_>) -> Vec<Change> {
    let Question { owners, forest, .. } = *question;
    let mut roles = Vec::new();
    for role in owners
        .iter()
        .filter_map(|owner| forest.role_labelled(owner.role?))
    {
        for to in forest.parent(role).into_iter().chain([role]) {
            if !roles.contains(&to) {
                roles.push(to);
            }
        }
    }
    roles.into_iter().map(|to| Change::MoveSubject { to }).collect()
}
