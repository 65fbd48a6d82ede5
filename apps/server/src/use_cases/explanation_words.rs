//! An explanation in words: names where the asker may read them, and a sentence for each step and change.

use std::collections::HashMap;

use vestibule_access_control::{
    Action, Change, EndedReason, Level, ObjectPermissions, Relation, RoleId, Standing, Subject, UserId,
    decide,
};
use vestibule_persistence::{Tx, profiles, roles, users};

use crate::caller::Caller;
use crate::dto::access::{ChangeBody, Step, SuggestedChange, SuggestionBody};
use crate::error::UseCaseError;
use crate::use_cases::asker::Asker;
use crate::use_cases::explain_access::Explained;

/// The names that the asker may read.
pub struct Words {
    users: HashMap<UserId, String>,
    roles: HashMap<RoleId, String>,
    profile: Option<String>,
    subject: UserId,
}

impl Words {
    /// Loads the names that an explanation speaks of: for somebody who asks about themself their own and their profile's,
    /// and otherwise all.
    ///
    /// # Errors
    /// When the database fails.
    pub fn load(
        tx: &mut Tx<'_>,
        caller: &Caller<'_>,
        explained: &Explained<'_>,
        asker: Asker,
    ) -> Result<Self, UseCaseError> {
        let org = caller.org.id;
        let Subject {
            id, profile, role, ..
        } = explained.subject;
        let (mut people, mut places) = (vec![id], Vec::new());
        if asker.asks_about_everybody() {
            people.extend(explained.owners.iter().copied().filter(|owner| *owner != id));
            places.extend(role.and_then(|label| explained.policy.forest().role_labelled(label)));
            places.extend(
                explained
                    .explanation
                    .owners
                    .iter()
                    .flat_map(|finding| finding.path.iter().copied()),
            );
            let changes = explained
                .explanation
                .suggestions
                .iter()
                .flat_map(|suggestion| &suggestion.changes);
            places.extend(changes.filter_map(|change| match change {
                Change::MoveSubject { to } => Some(*to),
                _ => None,
            }));
            places.sort_unstable();
            places.dedup();
        }
        let people = users::find_many(tx, org, &people)?;
        Ok(Words {
            users: people
                .into_iter()
                .map(|user| (user.id, user.full_name()))
                .collect(),
            roles: roles::names(tx, org, &places)?.into_iter().collect(),
            profile: profiles::find(tx, org, profile)?.map(|profile| profile.name),
            subject: id,
        })
    }

    /// A user's name.
    pub fn user_name(&self, user: UserId) -> Option<String> {
        self.users.get(&user).cloned()
    }

    /// A role's name.
    pub fn role_name(&self, role: RoleId) -> Option<String> {
        self.roles.get(&role).cloned()
    }

    /// The name of the subject's profile.
    pub fn profile_name(&self) -> Option<String> {
        self.profile.clone()
    }

    fn subject(&self) -> &str {
        self.users.get(&self.subject).map_or("the user", String::as_str)
    }

    fn profile(&self) -> &str {
        self.profile.as_deref().unwrap_or_default()
    }

    fn role(&self, role: RoleId) -> String {
        match self.roles.get(&role) {
            Some(name) => format!("the role {name}"),
            None => "another role".to_owned(),
        }
    }
}

/// What was looked at, each on its own: more than one of it may stand in the way.
pub fn steps(explained: &Explained<'_>, words: &Words) -> Vec<Step> {
    let Explained {
        subject,
        action,
        explanation,
        ..
    } = explained;
    let granted = explanation.configured != Level::None;
    let standing = match subject.standing {
        Standing::Good => format!("{} is in good standing.", words.subject()),
        Standing::Ended(reason) => format!("{} {}.", words.subject(), ended(reason)),
    };
    let mut steps = vec![
        step("standing", subject.standing == Standing::Good, standing),
        step(
            "level",
            granted,
            format!(
                "The profile {} has \u{201c}{}\u{201d} for \u{201c}{}\u{201d}.",
                words.profile(),
                explanation.configured.label(),
                action.label(),
            ),
        ),
    ];
    if action.needs_view() {
        let ok = !reaches_but_for_view(explained);
        steps.push(step("view_level", ok, view_level(explained)));
    }
    steps.push(step(
        "owners",
        reaches_if_in_good_standing(explained),
        owners(explained, words),
    ));
    steps
}

fn step(code: &'static str, ok: bool, detail: String) -> Step {
    Step { code, ok, detail }
}

fn ended(reason: EndedReason) -> &'static str {
    match reason {
        EndedReason::Deactivated => "is deactivated",
        EndedReason::NotClaimed => "has not claimed the invitation yet",
        EndedReason::Expired => "is a guest whose access has ended",
        EndedReason::Revoked => "is a guest whose access was revoked",
        EndedReason::GuestAccessOff => "is a guest, and the organization lets no guests in",
        _ => "is gone",
    }
}

fn permissions(explained: &Explained<'_>) -> ObjectPermissions {
    explained
        .policy
        .permissions(explained.subject.profile, explained.object)
}

fn reaches(explained: &Explained<'_>, permissions: &ObjectPermissions) -> bool {
    let subject = Subject {
        standing: Standing::Good,
        ..explained.subject
    };
    let owners = explained.policy.persons(&explained.owners);
    decide(&subject, explained.action, permissions, &owners).is_permit()
}

fn reaches_if_in_good_standing(explained: &Explained<'_>) -> bool {
    reaches(explained, &permissions(explained))
}

/// Whether the level itself would reach, and only that of `view` does not.
fn reaches_but_for_view(explained: &Explained<'_>) -> bool {
    let seeing_all = permissions(explained).with(Action::View, Level::Anyone);
    reaches(explained, &seeing_all) && !reaches_if_in_good_standing(explained)
}

fn view_level(explained: &Explained<'_>) -> String {
    let view = permissions(explained).view;
    if explained.explanation.effective < explained.explanation.configured {
        format!(
            "This goes no further than seeing the record, so what counts is \u{201c}{}\u{201d}.",
            view.label()
        )
    } else {
        format!(
            "Seeing the record goes at least as far: \u{201c}{}\u{201d}.",
            view.label()
        )
    }
}

fn owners(explained: &Explained<'_>, words: &Words) -> String {
    let explanation = &explained.explanation;
    let subject = words.subject();
    if explanation.effective == Level::Anyone {
        return "The level reaches every record, whoever owns it.".to_owned();
    }
    let Some(closest) = explanation.owners.first() else {
        return "Nobody owns the record, so only \u{201c}Owned by anyone\u{201d} reaches it.".to_owned();
    };
    let owner = words.users.get(&closest.owner).map_or("An owner", String::as_str);
    match closest.relation {
        Relation::Myself => format!("{subject} owns the record."),
        Relation::Report => format!("{owner} owns the record and is a report of {subject}."),
        Relation::Peer => format!("{owner} owns the record and is a peer of {subject}."),
        Relation::Other => {
            format!("No owner of the record is {subject}, or a report or peer of {subject}.")
        }
    }
}

/// What would turn a no into a yes.
pub fn suggestions(explained: &Explained<'_>, words: &Words) -> Vec<SuggestionBody> {
    let suggestions = explained.explanation.suggestions.iter();
    suggestions
        .map(|suggestion| SuggestionBody {
            changes: suggestion
                .changes
                .iter()
                .filter_map(|change| suggested(*change, explained, words))
                .collect(),
        })
        .collect()
}

fn suggested(change: Change, explained: &Explained<'_>, words: &Words) -> Option<SuggestedChange> {
    let (subject, user_id) = (words.subject(), explained.subject.id.into());
    let (detail, change) = match change {
        Change::RestoreStanding { reason } => (
            restore(reason, subject),
            ChangeBody::RestoreStanding {
                user_id,
                reason: reason.as_str(),
            },
        ),
        Change::MoveSubject { to } => (
            format!("Move {subject} to {}.", words.role(to)),
            ChangeBody::MoveSubject {
                user_id,
                role_id: to.into(),
            },
        ),
        Change::MakeOwner { .. } => (
            format!("Make {subject} an owner of the record."),
            ChangeBody::MakeOwner { user_id },
        ),
        Change::RaiseLevel { action, to } => (
            format!(
                "Raise \u{201c}{}\u{201d} of the profile {} to \u{201c}{}\u{201d}, for everybody on it.",
                action.label(),
                words.profile(),
                to.label(),
            ),
            ChangeBody::RaiseLevel {
                profile_id: explained.subject.profile.into(),
                object: explained.key.to_owned(),
                action: action.into(),
                level: to.into(),
            },
        ),
        _ => return None,
    };
    Some(SuggestedChange { detail, change })
}

fn restore(reason: EndedReason, subject: &str) -> String {
    match reason {
        EndedReason::Deactivated => format!("Activate {subject}."),
        EndedReason::NotClaimed => format!("Have {subject} claim the invitation."),
        EndedReason::Expired => format!("Give {subject} a later last day."),
        EndedReason::Revoked => format!("Reinstate {subject}."),
        EndedReason::GuestAccessOff => "Let guests in again.".to_owned(),
        _ => format!("Invite {subject} anew."),
    }
}
