//! Why somebody may do something with a record, or why not, and what would change that.

use uuid::Uuid;
use vestibule_access_control::{
    Action, Explanation, ObjectId, Outcome, OwnerFinding, Snapshot, Standing, Subject,
};
use vestibule_persistence::Tx;
use vestibule_persistence::ids::{RecordId, UserId};
use vestibule_persistence::records::{self, RecordRef};

use crate::caller::Caller;
use crate::dto::access::{
    ExplainRequest, ExplainedOwner, ExplainedSubject, ExplanationBody, NamedThing, OutcomeWord, PathRole,
};
use crate::error::UseCaseError;
use crate::use_cases::access_facts::AccessFacts;
use crate::use_cases::explanation_words::{Words, steps, suggestions};

/// A decision that is explained: all that it was made from.
pub struct Explained<'a> {
    /// The policy.
    pub policy: &'a Snapshot,
    /// Who.
    pub subject: Subject,
    /// What.
    pub action: Action,
    /// Of which object.
    pub object: ObjectId,
    /// The object's key.
    pub key: &'a str,
    /// Who owns the record.
    pub owners: Vec<UserId>,
    /// Why.
    pub explanation: Explanation,
}

/// Explains a decision.
///
/// # Errors
/// 403 `scope_missing`, `not_about_oneself`; 404 when there is no such user, object or record, or none that the caller
/// gets to know; 422 when not exactly one of record and owners is given.
pub fn explain_access(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    input: &ExplainRequest,
) -> Result<ExplanationBody, UseCaseError> {
    let facts = AccessFacts::of(tx, caller)?;
    let subject = UserId::from(input.subject_id);
    facts.asker().require_about(Some(subject))?;
    let policy = facts.policy();
    policy.user_index(subject).ok_or_else(UseCaseError::not_found)?;
    let object = facts.object(&input.object).ok_or_else(UseCaseError::not_found)?;
    let owners = owners(tx, caller, &facts, object, input)?;
    let action = input.action.into();
    let explained = Explained {
        policy,
        subject: policy.subject(subject, facts.now()),
        action,
        object,
        key: &input.object,
        explanation: policy.explain(subject, action, object, &owners, facts.now()),
        owners,
    };
    let words = Words::load(tx, caller, &explained, facts.asker())?;
    Ok(body(&explained, &words))
}

fn owners(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    facts: &AccessFacts,
    object: ObjectId,
    input: &ExplainRequest,
) -> Result<Vec<UserId>, UseCaseError> {
    let (policy, subject) = (facts.policy(), UserId::from(input.subject_id));
    let ownable = policy.object(object).is_some_and(|object| object.ownable);
    match (input.record_id, &input.owner_ids) {
        (Some(_), Some(_)) => {
            let detail = "give a record or owners, not both";
            Err(UseCaseError::invalid("/owner_ids", "ambiguous", detail))
        }
        (Some(record), None) => {
            let record = RecordRef::Id(RecordId::from(record));
            let found = records::owners_of(tx, caller.org.id, object, record)?;
            found
                .map(|(_, owners)| owners)
                .filter(|owners| !facts.hides(object, owners))
                .ok_or_else(UseCaseError::not_found)
        }
        (None, Some(owners)) => {
            let owners = owners.iter().filter(|_| ownable);
            Ok(owners.map(|owner| UserId::from(*owner)).collect())
        }
        (None, None) if Action::from(input.action) == Action::Create => {
            Ok(if ownable { vec![subject] } else { Vec::new() })
        }
        (None, None) => Err(UseCaseError::invalid(
            "/record_id",
            "required",
            "give a record or owners",
        )),
    }
}

fn body(explained: &Explained<'_>, words: &Words) -> ExplanationBody {
    let Explained {
        policy,
        subject,
        action,
        object,
        explanation,
        owners,
        ..
    } = explained;
    let permissions = policy.permissions(subject.profile, *object);
    let outcome = match Outcome::of(subject, *action, &permissions, &policy.persons(owners)) {
        Outcome::Permitted => OutcomeWord::Permitted,
        Outcome::Forbidden(_) => OutcomeWord::Forbidden,
        Outcome::Hidden => OutcomeWord::Hidden,
    };
    let role = subject
        .role
        .and_then(|label| policy.forest().role_labelled(label));
    ExplanationBody {
        decision: explanation.decision.is_permit(),
        outcome,
        rule: explanation.rule.as_str(),
        summary: explanation.rule.sentence().to_owned(),
        profile: NamedThing {
            id: subject.profile.into(),
            name: words.profile_name(),
        },
        configured: explanation.configured.into(),
        effective: explanation.effective.into(),
        subject: ExplainedSubject {
            id: subject.id.into(),
            name: words.user_name(subject.id),
            role: role.map(|role| NamedThing {
                id: role.into(),
                name: words.role_name(role),
            }),
            standing: match subject.standing {
                Standing::Good => "good",
                Standing::Ended(reason) => reason.as_str(),
            },
        },
        steps: steps(explained, words),
        owners: explanation
            .owners
            .iter()
            .map(|finding| owner(finding, words))
            .collect(),
        suggestions: suggestions(explained, words),
    }
}

fn owner(finding: &OwnerFinding, words: &Words) -> ExplainedOwner {
    let path = finding.path.iter().map(|role| PathRole {
        role_id: Uuid::from(*role),
        name: words.role_name(*role),
    });
    ExplainedOwner {
        user_id: finding.owner.into(),
        name: words.user_name(finding.owner),
        relation: finding.relation.as_str(),
        reached: finding.reached,
        path: path.collect(),
    }
}
