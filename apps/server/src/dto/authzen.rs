//! Questions and answers of the AuthZEN Authorization API 1.0. As it asks, unknown members are passed over; members that
//! are known have to be of their type.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A JSON object and nothing else: what is derived for a struct would take an array as well.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct JsonObject<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for JsonObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = JsonObject<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members)).map(JsonObject)
            }
        }

        deserializer.deserialize_map(Members(PhantomData))
    }
}

/// The members of a JSON object that may hold anything.
pub type Members = serde_json::Map<String, Value>;

/// Who something is asked about.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AuthzenSubject)]
pub struct SubjectEntity {
    /// `user`; of subjects of other types nothing is known.
    #[serde(rename = "type")]
    #[schema(example = "user")]
    pub kind: String,
    /// The user's id, or the `external_id`.
    #[schema(example = "0198c0de-0000-7000-8000-000000000001")]
    pub id: String,
    /// Anything; without influence.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub properties: Option<Members>,
}

/// What is to be done.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AuthzenAction)]
pub struct ActionEntity {
    /// `view`, `edit`, `delete` or `create`; nobody is permitted an action of another name.
    #[schema(example = "view")]
    pub name: String,
    /// Anything; without influence.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub properties: Option<Members>,
}

/// What it is to be done with.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AuthzenResource)]
pub struct ResourceEntity {
    /// The key of an object.
    #[serde(rename = "type")]
    #[schema(example = "deal")]
    pub kind: String,
    /// The id of a record, or its `external_id`; for `create` any that is not in use.
    #[schema(example = "0198c0de-0000-7000-8000-000000000002")]
    pub id: String,
    /// What is said about it. `owners` names the owners by id or `external_id`: for `create` the proposed ones, and from
    /// a service with the scope `pdp` those of a record that is kept elsewhere. Where a record with this id is stored
    /// here, its own owners count instead. Everything else is without influence.
    #[schema(value_type = Option<Object>, nullable = false, example = json!({ "owners": ["0198c0de-0000-7000-8000-000000000001"] }))]
    pub properties: Option<Members>,
}

impl ResourceEntity {
    /// The owners that the asker names, when they name any.
    ///
    /// # Errors
    /// A sentence, when they are no list of texts.
    pub fn named_owners(&self) -> Result<Option<Vec<&str>>, &'static str> {
        let owners = self
            .properties
            .as_ref()
            .and_then(|properties| properties.get("owners"));
        let Some(owners) = owners.filter(|owners| !owners.is_null()) else {
            return Ok(None);
        };
        let owners = owners
            .as_array()
            .map(|owners| owners.iter().map(Value::as_str).collect());
        owners
            .flatten()
            .map(Some)
            .ok_or("properties.owners has to be a list of ids")
    }
}

/// The type of what is searched for. An id beside it is passed over.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AuthzenType)]
pub struct EntityType {
    /// `user`, or the key of an object.
    #[serde(rename = "type")]
    pub kind: String,
    /// Anything; without influence.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub properties: Option<Members>,
}

/// Whether the circumstances of a question ask for the reason of its answer, with `"explain": true`. They have no other
/// influence.
pub fn asks_why(context: Option<&Members>) -> bool {
    context.is_some_and(|context| context.get("explain") == Some(&Value::Bool(true)))
}

/// May this subject do this with this resource?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenEvaluation)]
pub struct EvaluationQuery {
    /// Who.
    #[schema(value_type = SubjectEntity)]
    pub subject: JsonObject<SubjectEntity>,
    /// What.
    #[schema(value_type = ActionEntity)]
    pub action: JsonObject<ActionEntity>,
    /// With what.
    #[schema(value_type = ResourceEntity)]
    pub resource: JsonObject<ResourceEntity>,
    /// Circumstances. `"explain": true` asks for the reason, which comes in the answer's `context`.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub context: Option<Members>,
}

/// Several questions in one. Without `evaluations`, or with none in it, this is a single question.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenEvaluations)]
pub struct EvaluationsQuery {
    /// Who, in questions that don't say.
    #[schema(value_type = Option<SubjectEntity>, nullable = false)]
    pub subject: Option<JsonObject<SubjectEntity>>,
    /// What, in questions that don't say.
    #[schema(value_type = Option<ActionEntity>, nullable = false)]
    pub action: Option<JsonObject<ActionEntity>>,
    /// With what, in questions that don't say.
    #[schema(value_type = Option<ResourceEntity>, nullable = false)]
    pub resource: Option<JsonObject<ResourceEntity>>,
    /// Circumstances, in questions that don't say.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub context: Option<Members>,
    /// The questions, at most 1,000. What one of them says replaces the whole entity above.
    #[serde(default)]
    #[schema(value_type = Option<Vec<PartialEvaluation>>, nullable = false)]
    pub evaluations: Vec<BatchItem>,
    /// How to go about it.
    #[schema(value_type = Option<EvaluationsOptions>, nullable = false)]
    pub options: Option<JsonObject<EvaluationsOptions>>,
}

/// One of several questions; what it leaves out is said above them.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenPartialEvaluation)]
pub struct PartialEvaluation {
    /// Who.
    #[schema(value_type = Option<SubjectEntity>, nullable = false)]
    pub subject: Option<JsonObject<SubjectEntity>>,
    /// What.
    #[schema(value_type = Option<ActionEntity>, nullable = false)]
    pub action: Option<JsonObject<ActionEntity>>,
    /// With what.
    #[schema(value_type = Option<ResourceEntity>, nullable = false)]
    pub resource: Option<JsonObject<ResourceEntity>>,
    /// Circumstances. `"explain": true` asks for the reason, which comes in the answer's `context`.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub context: Option<Members>,
}

/// One of several questions, or what is wrong with it: a bad one is denied in its place and spoils no other.
#[derive(Clone, Debug)]
pub enum BatchItem {
    /// A question, as far as it goes.
    Question(Box<PartialEvaluation>),
    /// What is wrong.
    Bad(String),
}

impl<'de> Deserialize<'de> for BatchItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let read = serde_path_to_error::deserialize::<_, JsonObject<PartialEvaluation>>(value);
        Ok(match read {
            Ok(question) => BatchItem::Question(Box::new(question.0)),
            // The value itself is not repeated: only where it stands.
            Err(error) => BatchItem::Bad(match error.path().to_string().as_str() {
                "." => "an evaluation has to be a JSON object".to_owned(),
                place => format!("{place} lacks a member or is of another type than expected"),
            }),
        })
    }
}

/// How to go about several questions.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[schema(as = AuthzenOptions)]
pub struct EvaluationsOptions {
    /// When to stop.
    #[serde(default)]
    pub evaluations_semantic: Semantic,
}

/// When to stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuthzenSemantic)]
pub enum Semantic {
    /// Never: every question is answered.
    #[default]
    ExecuteAll,
    /// With the first no, which is the last answer.
    DenyOnFirstDeny,
    /// With the first yes, which is the last answer.
    PermitOnFirstPermit,
}

/// A yes or a no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AuthzenDecision)]
pub struct DecisionBody {
    /// Whether it is permitted.
    pub decision: bool,
    /// Why, when that was asked for; what is wrong with the question, when something is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub context: Option<DecisionContext>,
}

/// What comes with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = AuthzenDecisionContext)]
pub enum DecisionContext {
    /// Why.
    Reason {
        /// The rule that decided, a stable word.
        #[schema(example = "owned_by_report")]
        reason: &'static str,
        /// The same as a sentence.
        reason_user: &'static str,
    },
    /// A question that is none.
    Error {
        /// What is wrong.
        error: ItemError,
    },
}

/// What is wrong with one of several questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AuthzenItemError)]
pub struct ItemError {
    /// The HTTP status that the question would get alone.
    #[schema(example = 400)]
    pub status: u16,
    /// One sentence.
    pub message: String,
}

/// One answer, or one for each question.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = AuthzenEvaluationsAnswer)]
pub enum EvaluationsBody {
    /// To a single question.
    One(DecisionBody),
    /// To several, in their order, up to where the semantic stops.
    Several {
        /// The answers.
        evaluations: Vec<DecisionBody>,
    },
}

/// Which part of the results.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = AuthzenPageRequest)]
pub struct PageQuery {
    /// The `next_token` of the page before, with otherwise the same question.
    #[schema(nullable = false)]
    pub token: Option<String>,
    /// How many results at most; 100 when left out, never more than 1,000. With a token it may be left out.
    #[schema(nullable = false)]
    pub limit: Option<u64>,
    /// Anything; without influence.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub properties: Option<Members>,
}

/// Who may do this with this resource?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenSubjectSearch)]
pub struct SubjectQuery {
    /// Of which type.
    #[schema(value_type = EntityType)]
    pub subject: JsonObject<EntityType>,
    /// What.
    #[schema(value_type = ActionEntity)]
    pub action: JsonObject<ActionEntity>,
    /// With what.
    #[schema(value_type = ResourceEntity)]
    pub resource: JsonObject<ResourceEntity>,
    /// Circumstances; without influence.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub context: Option<Members>,
    /// Which part of the results.
    #[schema(value_type = Option<PageQuery>, nullable = false)]
    pub page: Option<JsonObject<PageQuery>>,
}

/// With which resources may this subject do this?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenResourceSearch)]
pub struct ResourceQuery {
    /// Who.
    #[schema(value_type = SubjectEntity)]
    pub subject: JsonObject<SubjectEntity>,
    /// What.
    #[schema(value_type = ActionEntity)]
    pub action: JsonObject<ActionEntity>,
    /// Of which type.
    #[schema(value_type = EntityType)]
    pub resource: JsonObject<EntityType>,
    /// Circumstances; without influence.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub context: Option<Members>,
    /// Which part of the results.
    #[schema(value_type = Option<PageQuery>, nullable = false)]
    pub page: Option<JsonObject<PageQuery>>,
}

/// What may this subject do with this resource?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = AuthzenActionSearch)]
pub struct ActionQuery {
    /// Who.
    #[schema(value_type = SubjectEntity)]
    pub subject: JsonObject<SubjectEntity>,
    /// With what.
    #[schema(value_type = ResourceEntity)]
    pub resource: JsonObject<ResourceEntity>,
    /// Circumstances; without influence.
    #[schema(value_type = Option<Object>, nullable = false)]
    pub context: Option<Members>,
    /// Which part of the results.
    #[schema(value_type = Option<PageQuery>, nullable = false)]
    pub page: Option<JsonObject<PageQuery>>,
}

/// What a search found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuthzenResults)]
pub struct ResultsBody<T> {
    /// Where it goes on.
    pub page: PageBody,
    /// What was found, each of which would be permitted.
    pub results: Vec<T>,
}

/// Where a search goes on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuthzenPage)]
pub struct PageBody {
    /// What to pass as `page.token` for what follows; empty when nothing does.
    pub next_token: String,
    /// How many results there are on this page.
    pub count: usize,
}

/// A user or a record that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuthzenFound)]
pub struct FoundEntity {
    /// The type that was searched for.
    #[serde(rename = "type")]
    #[schema(example = "user")]
    pub kind: String,
    /// The id given here.
    pub id: String,
    /// How it is known elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub properties: Option<FoundProperties>,
}

/// How something is known elsewhere.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuthzenFoundProperties)]
pub struct FoundProperties {
    /// The id that another system knows it by; evaluations take it too.
    pub external_id: String,
}

/// An action that was found.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = AuthzenFoundAction)]
pub struct FoundAction {
    /// Its name.
    #[schema(example = "view")]
    pub name: &'static str,
}

/// Where the decision point answers what.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AuthzenConfiguration)]
pub struct Configuration {
    /// The public URL of this service.
    #[schema(example = "https://vestibule.example")]
    pub policy_decision_point: String,
    /// Single questions.
    pub access_evaluation_endpoint: String,
    /// Several questions at once.
    pub access_evaluations_endpoint: String,
    /// Who may?
    pub search_subject_endpoint: String,
    /// With what?
    pub search_resource_endpoint: String,
    /// What?
    pub search_action_endpoint: String,
}
