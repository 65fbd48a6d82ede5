//! Permissions as they are written in bodies: what a profile may do with the records of an object.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_access_control::{Action, ActionImpact, Level, ObjectPermissions};

use crate::dto::bulk::BulkError;
use crate::merge_patch::not_null;

/// Whose records an action reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Level)]
pub enum LevelWord {
    /// Nobody's.
    None,
    /// Assigned to them.
    Own,
    /// Assigned to them and their reports.
    OwnAndReports,
    /// Assigned to them, their peers, and their reports.
    OwnPeersAndReports,
    /// Owned by anyone, and those that nobody owns.
    Anyone,
}

impl From<LevelWord> for Level {
    fn from(word: LevelWord) -> Self {
        match word {
            LevelWord::None => Level::None,
            LevelWord::Own => Level::Own,
            LevelWord::OwnAndReports => Level::OwnAndReports,
            LevelWord::OwnPeersAndReports => Level::OwnPeersAndReports,
            LevelWord::Anyone => Level::Anyone,
        }
    }
}

impl From<Level> for LevelWord {
    fn from(level: Level) -> Self {
        match level {
            Level::None => LevelWord::None,
            Level::Own => LevelWord::Own,
            Level::OwnAndReports => LevelWord::OwnAndReports,
            Level::OwnPeersAndReports => LevelWord::OwnPeersAndReports,
            Level::Anyone => LevelWord::Anyone,
        }
    }
}

/// A level for each action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Whose records may be seen.
    pub view: LevelWord,
    /// Whose records may be changed.
    pub edit: LevelWord,
    /// Whose records may be deleted.
    pub delete: LevelWord,
    /// For whom records may be made.
    pub create: LevelWord,
}

impl From<ObjectPermissions> for Levels {
    fn from(permissions: ObjectPermissions) -> Self {
        Levels {
            view: permissions.view.into(),
            edit: permissions.edit.into(),
            delete: permissions.delete.into(),
            create: permissions.create.into(),
        }
    }
}

impl From<Levels> for ObjectPermissions {
    fn from(levels: Levels) -> Self {
        ObjectPermissions {
            view: levels.view.into(),
            edit: levels.edit.into(),
            delete: levels.delete.into(),
            create: levels.create.into(),
        }
    }
}

/// What a profile may do with the records of one object.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Permissions)]
pub struct PermissionsBody {
    /// The profile.
    pub profile_id: Uuid,
    /// What is permitted.
    #[serde(flatten)]
    pub cell: CellBody,
}

/// What is permitted with the records of one object.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PermissionCell)]
pub struct CellBody {
    /// The object's key.
    #[schema(example = "deal")]
    pub object: String,
    /// The levels, as configured.
    #[serde(flatten)]
    pub configured: LevelsWithEffect,
}

/// Levels as configured, and what of them counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LevelsWithEffect {
    /// Whose records may be seen.
    pub view: LevelWord,
    /// Whose records may be changed, as configured.
    pub edit: LevelWord,
    /// Whose records may be deleted, as configured.
    pub delete: LevelWord,
    /// For whom records may be made.
    pub create: LevelWord,
    /// The levels that count: `edit` and `delete` reach no further than `view`.
    pub effective: Levels,
    /// The levels that are configured higher than they reach.
    pub warnings: Vec<PermissionWarning>,
}

/// A level that is configured higher than it reaches.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PermissionWarning {
    /// A stable word.
    #[schema(example = "edit_exceeds_view")]
    pub code: &'static str,
    /// One sentence.
    pub detail: String,
}

impl From<ObjectPermissions> for LevelsWithEffect {
    fn from(permissions: ObjectPermissions) -> Self {
        let Levels {
            view,
            edit,
            delete,
            create,
        } = permissions.into();
        LevelsWithEffect {
            view,
            edit,
            delete,
            create,
            effective: permissions.effective_all().into(),
            warnings: warnings(&permissions),
        }
    }
}

/// The levels of these permissions that are configured higher than they reach.
pub fn warnings(permissions: &ObjectPermissions) -> Vec<PermissionWarning> {
    let warning = |warning: vestibule_access_control::PermissionWarning| PermissionWarning {
        code: warning.code(),
        detail: warning.to_string(),
    };
    permissions.warnings().map(warning).collect()
}

/// What a profile may do with the records of every object.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PermissionMatrix)]
pub struct MatrixBody {
    /// The profile.
    pub profile_id: Uuid,
    /// One entry per object, by key.
    pub permissions: Vec<CellBody>,
}

/// All that a profile may do.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMatrix {
    /// One entry per object; an object that is left out gets `none` everywhere.
    pub permissions: Vec<NewCell>,
}

/// What a profile may do with the records of one object.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPermissionCell)]
pub struct NewCell {
    /// The object's key.
    #[schema(example = "deal")]
    pub object: String,
    /// Whose records may be seen.
    pub view: LevelWord,
    /// Whose records may be changed.
    pub edit: LevelWord,
    /// Whose records may be deleted.
    pub delete: LevelWord,
    /// For whom records may be made.
    pub create: LevelWord,
}

impl NewCell {
    /// The levels.
    pub fn levels(&self) -> ObjectPermissions {
        let NewCell {
            view,
            edit,
            delete,
            create,
            ..
        } = *self;
        Levels {
            view,
            edit,
            delete,
            create,
        }
        .into()
    }
}

/// What would change if a profile's permissions for one object were others; nothing is saved.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PermissionPreview)]
pub struct PreviewBody {
    /// The profile.
    pub profile_id: Uuid,
    /// Whom it concerns.
    pub users: ProfileUsers,
    /// What would change.
    #[serde(flatten)]
    pub preview: ObjectPreview,
}

/// What would change if all of a profile's permissions were set; nothing is saved.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PermissionMatrixPreview)]
pub struct MatrixPreview {
    /// The profile.
    pub profile_id: Uuid,
    /// Whom it concerns.
    pub users: ProfileUsers,
    /// What would change: one entry for each object that would get other levels, by key.
    pub objects: Vec<ObjectPreview>,
}

/// What would change with the records of one object.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PermissionObjectPreview)]
pub struct ObjectPreview {
    /// The object's key.
    #[schema(example = "deal")]
    pub object: String,
    /// What is permitted now.
    pub current: LevelsWithEffect,
    /// What would be permitted.
    pub proposed: LevelsWithEffect,
    /// Who and what is won and lost, by action.
    pub actions: ActionImpacts,
    /// The users who win and lose most, at most 20.
    pub most_affected: Vec<AffectedUser>,
    /// The proposed levels that are configured higher than they would reach.
    pub warnings: Vec<PermissionWarning>,
}

/// The users on a profile.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ProfileUsers {
    /// All of them, those without access included.
    pub on_profile: u64,
    /// Those with access at present, who are the ones that the numbers count.
    pub in_good_standing: u64,
}

/// Who and what is won and lost, by action.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct ActionImpacts {
    /// Seeing records.
    pub view: Impact,
    /// Changing records.
    pub edit: Impact,
    /// Deleting records.
    pub delete: Impact,
    /// Making records.
    pub create: CreateImpact,
}

/// Who and what one action wins and loses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Impact {
    /// Users who would reach records that they do not reach now.
    pub users_gaining: u64,
    /// Users who would no longer reach records that they reach now.
    pub users_losing: u64,
    /// Records that somebody would reach who does not reach them now.
    pub records_gained: u64,
    /// Records that somebody would no longer reach who reaches them now.
    pub records_lost: u64,
    /// Pairs of a user and a record that are won.
    pub grants_gained: u64,
    /// Pairs of a user and a record that are lost.
    pub grants_lost: u64,
}

impl From<Vec<ActionImpact>> for ActionImpacts {
    fn from(foreseen: Vec<ActionImpact>) -> Self {
        let mut impacts = ActionImpacts::default();
        for foreseen in foreseen {
            match foreseen.action {
                Action::View => impacts.view = foreseen.into(),
                Action::Edit => impacts.edit = foreseen.into(),
                Action::Delete => impacts.delete = foreseen.into(),
                Action::Create => {
                    impacts.create = CreateImpact {
                        users_gaining: foreseen.users_gaining,
                        users_losing: foreseen.users_losing,
                    }
                }
            }
        }
        impacts
    }
}

impl From<ActionImpact> for Impact {
    fn from(foreseen: ActionImpact) -> Self {
        Impact {
            users_gaining: foreseen.users_gaining,
            users_losing: foreseen.users_losing,
            records_gained: foreseen.records_gained,
            records_lost: foreseen.records_lost,
            grants_gained: foreseen.pairs_gained,
            grants_lost: foreseen.pairs_lost,
        }
    }
}

impl ActionImpacts {
    /// Adds the numbers of another change.
    pub fn add(&mut self, other: &ActionImpacts) {
        self.view.add(&other.view);
        self.edit.add(&other.edit);
        self.delete.add(&other.delete);
        self.create.users_gaining += other.create.users_gaining;
        self.create.users_losing += other.create.users_losing;
    }
}

impl Impact {
    fn add(&mut self, other: &Impact) {
        self.users_gaining += other.users_gaining;
        self.users_losing += other.users_losing;
        self.records_gained += other.records_gained;
        self.records_lost += other.records_lost;
        self.grants_gained += other.grants_gained;
        self.grants_lost += other.grants_lost;
    }
}

/// Who would win and lose making records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CreateImpact {
    /// Users whose level would rise.
    pub users_gaining: u64,
    /// Users whose level would fall.
    pub users_losing: u64,
}

/// A user whose reach would change.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AffectedUser {
    /// The user.
    pub user_id: Uuid,
    /// First and last name.
    #[schema(example = "Ada Lovelace")]
    pub name: String,
    /// Records with which the user would win an action: seeing, changing or deleting.
    pub gained: u64,
    /// Records with which the user would lose an action.
    pub lost: u64,
}

/// The same levels for several profiles and objects.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PermissionBulk {
    /// The profiles, at most 50.
    pub profiles: Vec<Uuid>,
    /// The keys of the objects, at most 50.
    pub objects: Vec<String>,
    /// The levels to set; actions that are left out keep theirs.
    pub permissions: SomeLevels,
    /// Tell what would happen, with who gains and loses, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// Levels for some of the actions.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SomeLevels {
    /// Whose records may be seen.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub view: Option<LevelWord>,
    /// Whose records may be changed.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub edit: Option<LevelWord>,
    /// Whose records may be deleted.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub delete: Option<LevelWord>,
    /// For whom records may be made.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub create: Option<LevelWord>,
}

impl SomeLevels {
    /// Whether no level is given.
    pub fn is_empty(&self) -> bool {
        self.view.is_none() && self.edit.is_none() && self.delete.is_none() && self.create.is_none()
    }

    /// These permissions with the given levels replaced.
    pub fn on(&self, permissions: ObjectPermissions) -> ObjectPermissions {
        ObjectPermissions {
            view: self.view.map_or(permissions.view, Into::into),
            edit: self.edit.map_or(permissions.edit, Into::into),
            delete: self.delete.map_or(permissions.delete, Into::into),
            create: self.create.map_or(permissions.create, Into::into),
        }
    }
}

/// What became of each profile and object.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PermissionBulkReport {
    /// One result per profile and object: profiles in the order given, and for each the objects in the order given.
    pub results: Vec<PermissionBulkResult>,
    /// Whether anything was written: not in a dry run, and nothing at all when a single change was refused.
    pub applied: bool,
    /// The sums over all results; in a dry run only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub totals: Option<ActionImpacts>,
}

/// What became of one profile and object.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PermissionBulkResult {
    /// The profile.
    pub profile_id: Uuid,
    /// The object's key.
    #[schema(example = "deal")]
    pub object: String,
    /// `changed`, `unchanged` or `refused`.
    #[schema(example = "changed")]
    pub status: &'static str,
    /// What was permitted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub before: Option<LevelsWithEffect>,
    /// What is permitted now, or would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub after: Option<LevelsWithEffect>,
    /// Who and what is won and lost; in a dry run only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub impact: Option<ActionImpacts>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<BulkError>,
}
