//! Explanations, scopes and lists of who reaches a record, as they are written in bodies.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_access_control::Action;

use crate::dto::permission::LevelWord;

/// What is done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Action)]
pub enum ActionWord {
    /// Seeing it.
    View,
    /// Changing it.
    Edit,
    /// Deleting it.
    Delete,
    /// Making it.
    Create,
}

impl From<ActionWord> for Action {
    fn from(word: ActionWord) -> Self {
        match word {
            ActionWord::View => Action::View,
            ActionWord::Edit => Action::Edit,
            ActionWord::Delete => Action::Delete,
            ActionWord::Create => Action::Create,
        }
    }
}

impl From<Action> for ActionWord {
    fn from(action: Action) -> Self {
        match action {
            Action::View => ActionWord::View,
            Action::Edit => ActionWord::Edit,
            Action::Delete => ActionWord::Delete,
            Action::Create => ActionWord::Create,
        }
    }
}

/// Why may somebody do something with a record, or why not?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainRequest {
    /// Who.
    pub subject_id: Uuid,
    /// What.
    pub action: ActionWord,
    /// The key of the record's object.
    #[schema(example = "deal")]
    pub object: String,
    /// The record; or `owner_ids`.
    pub record_id: Option<Uuid>,
    /// The owners of a record that is only thought of, empty for one that nobody owns; or `record_id`. For `create` both
    /// may be left out: whoever makes a record owns it.
    pub owner_ids: Option<Vec<Uuid>>,
}

/// A decision with its reasons. Names of others and of roles are told to who manages access and to services with the
/// scope `pdp`, and are null for anybody else.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Explanation)]
pub struct ExplanationBody {
    /// Whether it is permitted.
    pub decision: bool,
    /// What the subject gets to see of it.
    pub outcome: OutcomeWord,
    /// The rule that decided, a stable word.
    #[schema(example = "owned_by_report")]
    pub rule: &'static str,
    /// The rule as a sentence.
    pub summary: String,
    /// The profile whose permissions count.
    pub profile: NamedThing,
    /// The level as configured.
    pub configured: LevelWord,
    /// The level that counts: no higher than that of `view` where the record has to be seen first.
    pub effective: LevelWord,
    /// Who was asked about.
    pub subject: ExplainedSubject,
    /// What was looked at, in this order.
    pub steps: Vec<Step>,
    /// The owners, the closest first.
    pub owners: Vec<ExplainedOwner>,
    /// For a no, the smallest changes that would turn it into a yes, each on its own. Empty for a yes, and where nothing
    /// helps.
    pub suggestions: Vec<SuggestionBody>,
}

/// What the subject gets to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeWord {
    /// It works.
    Permitted,
    /// It is refused: 403.
    Forbidden,
    /// The record seems not to exist: 404.
    Hidden,
}

/// Something with an id and a name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NamedThing {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    #[schema(required = true)]
    pub name: Option<String>,
}

/// Who was asked about.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedSubject {
    /// The user's id.
    pub id: Uuid,
    /// First and last name.
    #[schema(required = true)]
    pub name: Option<String>,
    /// The role, if any.
    #[schema(required = true)]
    pub role: Option<NamedThing>,
    /// `good`, or why the user is denied everything: `deactivated`, `not_claimed`, `expired`, `revoked` or
    /// `guest_access_off`.
    #[schema(example = "good")]
    pub standing: &'static str,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ExplanationStep)]
pub struct Step {
    /// `standing`, `level`, `view_level` (for `edit` and `delete`) or `owners`.
    #[schema(example = "owners")]
    pub code: &'static str,
    /// Whether it lets the action through.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

/// An owner as the subject stands to them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedOwner {
    /// The owner's id.
    pub user_id: Uuid,
    /// First and last name.
    #[schema(required = true)]
    pub name: Option<String>,
    /// What the owner is to the subject: `myself`, `report`, `peer` or `other`.
    #[schema(example = "report")]
    pub relation: &'static str,
    /// Whether the level reaches this owner.
    pub reached: bool,
    /// The roles from the subject's to the owner's; empty where no tree connects them.
    pub path: Vec<PathRole>,
}

/// A role on the way through the tree.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PathRole {
    /// The role's id.
    pub role_id: Uuid,
    /// Its name.
    #[schema(required = true)]
    pub name: Option<String>,
}

/// Changes that together turn the no into a yes.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Suggestion)]
pub struct SuggestionBody {
    /// The changes; none of them can be left out.
    pub changes: Vec<SuggestedChange>,
}

/// One change that helps.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SuggestedChange {
    /// The change in words.
    pub detail: String,
    /// The change as data.
    #[serde(flatten)]
    pub change: ChangeBody,
}

/// One change as data.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = Change)]
pub enum ChangeBody {
    /// Take away what denies the user everything.
    RestoreStanding {
        /// The user.
        user_id: Uuid,
        /// Why the user is denied everything.
        reason: &'static str,
    },
    /// Put the user into another role.
    MoveSubject {
        /// The user.
        user_id: Uuid,
        /// The role.
        role_id: Uuid,
    },
    /// Make the user an owner of the record.
    MakeOwner {
        /// The user.
        user_id: Uuid,
    },
    /// Raise a level of the profile.
    RaiseLevel {
        /// The profile.
        profile_id: Uuid,
        /// The key of the object.
        object: String,
        /// The action.
        action: ActionWord,
        /// The level.
        level: LevelWord,
    },
}

/// Whose records does somebody reach?
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeRequest {
    /// Who.
    pub subject_id: Uuid,
    /// What for.
    pub action: ActionWord,
    /// The key of the records' object.
    #[schema(example = "deal")]
    pub object: String,
}

/// Whose records somebody reaches: a record is reached when one of its owners is in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Scope)]
pub struct ScopeBody {
    /// How far it goes.
    pub scope: ScopeWord,
    /// Whose scope it is; for `self` and `self_and_roles` their own records are in it.
    pub subject_id: Uuid,
    /// For `self_and_roles`: owners with one of these roles are in it.
    pub role_ids: Vec<Uuid>,
    /// The owners in it, one by one. Null for `everyone`, for more than 1,000, and for somebody who asks about themself
    /// without managing access.
    #[schema(required = true)]
    pub owner_ids: Option<Vec<Uuid>>,
    /// Whether records that nobody owns are in it.
    pub includes_unowned: bool,
    /// The version of the policy that it was made at. A later version may have another scope; time may end it without a
    /// new version.
    pub policy_version: u64,
}

/// How far a scope goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScopeWord {
    /// No record.
    Nobody,
    /// One's own.
    #[serde(rename = "self")]
    #[schema(rename = "self")]
    Myself,
    /// One's own, and those of the owners with certain roles.
    SelfAndRoles,
    /// Every record.
    Everyone,
}

/// Of whom a record's access list tells.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AccessFilter {
    /// Only users who may do this; with any action otherwise.
    #[param(inline)]
    pub action: Option<RecordAction>,
}

/// What is done with a record that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordAction {
    /// Seeing it.
    View,
    /// Changing it.
    Edit,
    /// Deleting it.
    Delete,
}

impl From<RecordAction> for Action {
    fn from(action: RecordAction) -> Self {
        match action {
            RecordAction::View => Action::View,
            RecordAction::Edit => Action::Edit,
            RecordAction::Delete => Action::Delete,
        }
    }
}

/// A user who reaches a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RecordAccess)]
pub struct AccessBody {
    /// The user's id.
    pub user_id: Uuid,
    /// First and last name.
    #[schema(example = "Ada Lovelace")]
    pub name: String,
    /// `standard` or `guest`.
    #[schema(example = "guest")]
    pub kind: &'static str,
    /// What the user may do with the record.
    pub actions: AccessActions,
}

/// What a user may do with a record.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RecordAccessActions)]
pub struct AccessActions {
    /// Seeing it.
    pub view: AccessReason,
    /// Changing it.
    pub edit: AccessReason,
    /// Deleting it.
    pub delete: AccessReason,
}

/// A yes or a no with the rule that decided.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = RecordAccessReason)]
pub struct AccessReason {
    /// Whether it is permitted.
    pub allowed: bool,
    /// The rule, a stable word.
    #[schema(example = "owned_by_peer")]
    pub reason: &'static str,
}
