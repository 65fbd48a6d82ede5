//! Why a decision is what it is. Only on request: deciding itself records nothing.

use vestibule_org_hierarchy::{Person, Relation, RoleForest, RoleId, UserId};

use crate::{
    Action, Decision, Level, ObjectPermissions, OwnerScope, ProfileId, Standing, Subject, compile, decide,
};

mod rule;
mod suggest;

pub use rule::Rule;
pub use suggest::{Change, Suggestion};

/// A decision to be explained: what [`decide`] takes, and what its reasons are told from.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Who asks.
    pub subject: &'a Subject,
    /// What for.
    pub action: Action,
    /// The permissions of the subject's profile on the object.
    pub permissions: &'a ObjectPermissions,
    /// The owners of the record; for `create` the proposed ones.
    pub owners: &'a [Person],
    /// Whether the object has an ownership field, so that somebody could be made an owner.
    pub ownable: bool,
    /// The role forest that the labels of subject and owners come from.
    pub forest: &'a RoleForest,
}

/// A decision with its reasons. It names roles, owners and levels: show it to those who manage access, or to the
/// subject for records the subject may see.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[must_use]
pub struct Explanation {
    /// The answer, the same that [`decide`] gives.
    pub decision: Decision,
    /// The rule that decided.
    pub rule: Rule,
    /// The profile whose permissions were asked.
    pub profile: ProfileId,
    /// What was asked for.
    pub action: Action,
    /// The level as configured.
    pub configured: Level,
    /// The level that counts, lower than configured where `view` is lower.
    pub effective: Level,
    /// Whose records the subject reaches with the action.
    pub scope: OwnerScope,
    /// Every owner with their relation to the subject, the closest first.
    pub owners: Vec<OwnerFinding>,
    /// For a no, alternatives that each turn it into a yes, those with the fewest changes first. Empty for a yes,
    /// and where nothing helps (a deleted user).
    pub suggestions: Vec<Suggestion>,
}

/// What one owner of the record is to the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OwnerFinding {
    /// The owner.
    pub owner: UserId,
    /// What the owner is to the subject.
    pub relation: Relation,
    /// Whether the subject's scope reaches this owner.
    pub reached: bool,
    /// The roles from the subject's to the owner's, both included; empty where no tree connects them.
    pub path: Vec<RoleId>,
}

impl Explanation {
    /// The owner that connects the subject with the record: the closest one that is reached, if any.
    #[must_use]
    pub fn connection(&self) -> Option<&OwnerFinding> {
        self.owners.iter().find(|finding| finding.reached)
    }
}

/// Explains a decision: the deciding rule, the levels, the way through the role tree, and what would change a no.
///
/// For an edit that changes owners, explain the owners before and the owners after one by one. Not for the path of
/// every request: it allocates and tries alternatives.
///
/// # Complexity
/// O(k · d + k²), k the number of owners, d the depth of the role forest (at most 64).
///
/// # Examples
/// ```
/// use vestibule_access_control::{
///     Action, Change, Level, ObjectPermissions, Person, ProfileId, Question, RoleForest, RoleId, Rule, Standing,
///     Subject, UserId, explain,
/// };
///
/// let [head, rep] = [1, 2].map(RoleId::from_u128);
/// let forest = RoleForest::build([(head, None), (rep, Some(head))])?;
/// let hana = Subject {
///     id: UserId::from_u128(1),
///     role: forest.label(head),
///     profile: ProfileId::from_u128(1),
///     standing: Standing::Good,
/// };
/// let rob = Person::new(UserId::from_u128(2), forest.label(rep));
/// let permissions = ObjectPermissions { view: Level::OwnAndReports, ..ObjectPermissions::NONE };
///
/// let question = Question {
///     subject: &hana,
///     action: Action::View,
///     permissions: &permissions,
///     owners: &[rob],
///     ownable: true,
///     forest: &forest,
/// };
/// let yes = explain(&question);
/// assert_eq!(yes.rule, Rule::OwnedByReport);
/// assert_eq!(yes.connection().map(|owner| owner.path.as_slice()), Some(&[head, rep][..]));
///
/// let no = explain(&Question { action: Action::Delete, ..question });
/// assert_eq!(no.rule, Rule::LevelNone);
/// let raise = Change::RaiseLevel { action: Action::Delete, to: Level::OwnAndReports };
/// assert_eq!(no.suggestions[0].changes, [raise]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn explain(question: &Question<'_>) -> Explanation {
    let Question {
        subject,
        action,
        permissions,
        owners,
        ..
    } = *question;
    let scope = compile(subject, action, permissions);
    let findings = findings(question, scope);
    Explanation {
        decision: decide(subject, action, permissions, owners),
        rule: rule(question, scope, &findings),
        profile: subject.profile,
        action,
        configured: permissions.configured(action),
        effective: permissions.effective(action),
        scope,
        owners: findings,
        suggestions: suggest::suggestions(question),
    }
}

fn findings(question: &Question<'_>, scope: OwnerScope) -> Vec<OwnerFinding> {
    let Question {
        subject,
        owners,
        forest,
        ..
    } = *question;
    let from = subject.role.and_then(|label| forest.role_labelled(label));
    let finding = |owner: &Person| {
        let to = owner.role.and_then(|label| forest.role_labelled(label));
        let path = from.zip(to).and_then(|(from, to)| forest.path(from, to));
        OwnerFinding {
            owner: owner.id,
            relation: Relation::of(*owner, subject.person()),
            reached: scope.contains(*owner),
            path: path.unwrap_or_default(),
        }
    };
    let mut findings: Vec<_> = owners.iter().map(finding).collect();
    findings.sort_by_key(|finding| finding.relation);
    findings
}

fn rule(question: &Question<'_>, scope: OwnerScope, findings: &[OwnerFinding]) -> Rule {
    let Question {
        subject,
        action,
        permissions,
        ..
    } = *question;
    if let Standing::Ended(_) = subject.standing {
        return Rule::SubjectEnded;
    }
    if scope == OwnerScope::Everyone {
        return Rule::OwnedByAnyone;
    }
    if let Some(closest) = findings.iter().find(|finding| finding.reached) {
        return match closest.relation {
            Relation::Myself => Rule::OwnedBySubject,
            Relation::Report => Rule::OwnedByReport,
            Relation::Peer => Rule::OwnedByPeer,
            Relation::Other => Rule::OwnedByAnyone,
        };
    }
    let configured = permissions.configured(action);
    if configured == Level::None {
        return Rule::LevelNone;
    }
    // Nobody reached: the closest owner says which level it would have taken.
    let needed = findings
        .first()
        .map_or(Level::Anyone, |closest| Level::reaching(closest.relation));
    match (
        configured >= needed,
        permissions.effective(action),
        findings.is_empty(),
    ) {
        (true, ..) | (_, Level::None, _) => Rule::ViewTooLow,
        (false, _, true) => Rule::UnownedNeedsAnyone,
        (false, _, false) => Rule::OwnersOutOfReach,
    }
}
