//! Single decisions, one or many at once, as the AuthZEN Authorization API asks for them.

use vestibule_access_control::{Action, Rule};
use vestibule_persistence::Tx;

use crate::caller::Caller;
use crate::dto::authzen::{
    ActionEntity, BatchItem, DecisionBody, DecisionContext, EvaluationQuery, EvaluationsBody,
    EvaluationsQuery, ItemError, JsonObject, ResourceEntity, Semantic, SubjectEntity, asks_why,
};
use crate::error::UseCaseError;
use crate::use_cases::access_facts::{AccessFacts, NamedResource};

/// How many questions one request may ask.
pub const MAX_EVALUATIONS: usize = 1_000;

/// A complete question.
struct Question<'q> {
    subject: &'q SubjectEntity,
    action: &'q ActionEntity,
    resource: NamedResource<'q>,
    why: bool,
}

impl<'q> Question<'q> {
    fn new(
        subject: &'q SubjectEntity,
        action: &'q ActionEntity,
        resource: &'q ResourceEntity,
        why: bool,
    ) -> Result<Self, &'static str> {
        Ok(Question {
            subject,
            action,
            resource: named(resource)?,
            why,
        })
    }
}

/// The resource that a question names.
///
/// # Errors
/// A sentence, when its owners are no list of texts.
pub fn named(resource: &ResourceEntity) -> Result<NamedResource<'_>, &'static str> {
    Ok(NamedResource {
        object: &resource.kind,
        id: &resource.id,
        owners: resource.named_owners()?,
    })
}

/// A request that is no question: 400.
pub fn bad_request(pointer: &str, detail: impl Into<String>) -> UseCaseError {
    UseCaseError::invalid(pointer, "invalid_request", detail)
}

/// Answers one question.
///
/// # Errors
/// 403 `scope_missing`, `not_about_oneself`; a refusal for owners that are no list of texts.
pub fn evaluate_one(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    query: &EvaluationQuery,
) -> Result<DecisionBody, UseCaseError> {
    let question = Question::new(
        &query.subject.0,
        &query.action.0,
        &query.resource.0,
        asks_why(query.context.as_ref()),
    )
    .map_err(|detail| bad_request("/resource/properties/owners", detail))?;
    let questions = [question];
    let facts = look_up(tx, caller, &questions)?;
    let [question] = &questions;
    Ok(answer(&facts, question))
}

/// Answers several questions, or the one that is asked above an empty list of them.
///
/// # Errors
/// As [`evaluate_one`]; more than [`MAX_EVALUATIONS`] are refused. A single bad question is answered with no.
pub fn evaluate_many(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    query: &EvaluationsQuery,
) -> Result<EvaluationsBody, UseCaseError> {
    if query.evaluations.is_empty() {
        return evaluate_one(tx, caller, &single(query)?).map(EvaluationsBody::One);
    }
    if query.evaluations.len() > MAX_EVALUATIONS {
        let detail = format!("at most {MAX_EVALUATIONS} evaluations at once");
        return Err(bad_request("/evaluations", detail));
    }
    let items: Vec<Result<Question<'_>, String>> = query
        .evaluations
        .iter()
        .map(|item| complete(query, item))
        .collect();
    let facts = look_up(tx, caller, items.iter().flatten())?;
    let semantic = query
        .options
        .as_ref()
        .map_or(Semantic::ExecuteAll, |options| options.0.evaluations_semantic);
    let mut evaluations = Vec::with_capacity(items.len());
    for item in &items {
        let answer = match item {
            Ok(question) => answer(&facts, question),
            Err(detail) => bad(detail, asks_why(query.context.as_ref())),
        };
        let last = match semantic {
            Semantic::ExecuteAll => false,
            Semantic::DenyOnFirstDeny => !answer.decision,
            Semantic::PermitOnFirstPermit => answer.decision,
        };
        evaluations.push(answer);
        if last {
            break;
        }
    }
    Ok(EvaluationsBody::Several { evaluations })
}

/// The question that is asked above the list.
fn single(query: &EvaluationsQuery) -> Result<EvaluationQuery, UseCaseError> {
    let missing = |pointer| bad_request(pointer, "a question without evaluations needs it");
    Ok(EvaluationQuery {
        subject: query.subject.clone().ok_or_else(|| missing("/subject"))?,
        action: query.action.clone().ok_or_else(|| missing("/action"))?,
        resource: query.resource.clone().ok_or_else(|| missing("/resource"))?,
        context: query.context.clone(),
    })
}

/// One of several questions with what is said above them: an entity counts as a whole, nothing is merged into it.
fn complete<'q>(query: &'q EvaluationsQuery, item: &'q BatchItem) -> Result<Question<'q>, String> {
    let item = match item {
        BatchItem::Question(item) => item,
        BatchItem::Bad(detail) => return Err(detail.clone()),
    };
    fn either<'q, T>(
        own: &'q Option<JsonObject<T>>,
        above: &'q Option<JsonObject<T>>,
        name: &str,
    ) -> Result<&'q T, String> {
        let entity = own.as_ref().or(above.as_ref());
        entity
            .map(|entity| &entity.0)
            .ok_or_else(|| format!("{name} is missing"))
    }
    let context = item.context.as_ref().or(query.context.as_ref());
    let question = Question::new(
        either(&item.subject, &query.subject, "subject")?,
        either(&item.action, &query.action, "action")?,
        either(&item.resource, &query.resource, "resource")?,
        asks_why(context),
    );
    question.map_err(str::to_owned)
}

fn look_up<'r, 'q: 'r>(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    questions: impl IntoIterator<Item = &'r Question<'q>, IntoIter: Clone>,
) -> Result<AccessFacts, UseCaseError> {
    let questions = questions.into_iter();
    let mut facts = AccessFacts::of(tx, caller)?;
    let subjects = questions
        .clone()
        .map(|q| (q.subject.kind.as_str(), q.subject.id.as_str()));
    facts.look_up_subjects(tx, caller, subjects)?;
    facts.look_up_resources(tx, caller, questions.map(|question| &question.resource))?;
    Ok(facts)
}

fn answer(facts: &AccessFacts, question: &Question<'_>) -> DecisionBody {
    let (decision, reason) = match decide(facts, question) {
        Ok((decision, rule)) => (decision, rule.map(|rule| (rule.as_str(), rule.sentence()))),
        Err(unknown) => (false, question.why.then(|| unknown.words())),
    };
    DecisionBody {
        decision,
        context: reason.map(|(reason, reason_user)| DecisionContext::Reason { reason, reason_user }),
    }
}

/// The part of a question that nothing is known of: the answer is no.
#[derive(Clone, Copy)]
enum Unknown {
    Subject,
    Action,
    ResourceType,
    Resource,
}

impl Unknown {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Unknown::Subject => ("unknown_subject", "There is no such user."),
            Unknown::Action => ("unknown_action", "There is no such action."),
            Unknown::ResourceType => ("unknown_resource_type", "There is no such object."),
            Unknown::Resource => ("unknown_resource", "There is no such record."),
        }
    }
}

/// Whether it is permitted, and by which rule, when that was asked for.
fn decide(facts: &AccessFacts, question: &Question<'_>) -> Result<(bool, Option<Rule>), Unknown> {
    let Question {
        subject, resource, ..
    } = question;
    let subject = facts
        .subject(&subject.kind, &subject.id)
        .ok_or(Unknown::Subject)?;
    let action: Action = question.action.name.parse().map_err(|_| Unknown::Action)?;
    let object = facts.object(resource.object).ok_or(Unknown::ResourceType)?;
    let owners = facts.owners(action, object, resource).ok_or(Unknown::Resource)?;
    let owners = owners.for_subject(&subject);
    let (policy, now) = (facts.policy(), facts.now());
    let permitted = policy.decide(subject, action, object, owners, now).is_permit();
    let rule = question
        .why
        .then(|| policy.explain(subject, action, object, owners, now).rule);
    Ok((permitted, rule))
}

/// The answer to a question that makes no sense: no. What is wrong with it is told when the context above the list asks
/// why, because the question's own cannot be relied on.
fn bad(detail: &str, why: bool) -> DecisionBody {
    let error = ItemError {
        status: 400,
        message: detail.to_owned(),
    };
    DecisionBody {
        decision: false,
        context: why.then_some(DecisionContext::Error { error }),
    }
}
