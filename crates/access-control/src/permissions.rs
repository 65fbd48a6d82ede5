use std::fmt;

use crate::{Action, Level};

/// What one profile may do with the records of one object: a level for each action, as configured.
///
/// `edit` and `delete` need `view` too, so what counts for them is the *effective* level, the lower of the two. The
/// configured level is kept, and [`ObjectPermissions::warnings`] names the difference. Nothing is inherited from
/// other objects.
///
/// # Examples
/// ```
/// use vestibule_access_control::{Action, Level, ObjectPermissions};
///
/// let permissions = ObjectPermissions { view: Level::Own, edit: Level::Anyone, ..ObjectPermissions::NONE };
/// assert_eq!(permissions.configured(Action::Edit), Level::Anyone);
/// assert_eq!(permissions.effective(Action::Edit), Level::Own);
///
/// let warning = permissions.warnings().next().map(|warning| warning.to_string());
/// assert_eq!(warning.as_deref(), Some("edit is set to anyone but reaches no further than view: own"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ObjectPermissions {
    /// Whose records may be seen.
    pub view: Level,
    /// Whose records may be changed, as configured.
    pub edit: Level,
    /// Whose records may be removed, as configured.
    pub delete: Level,
    /// For whom records may be made.
    pub create: Level,
}

impl ObjectPermissions {
    /// Nothing at all: what every profile but Admin has on a new object.
    pub const NONE: Self = Self::all(Level::None);

    /// Everything with everybody's records: what Admin has.
    pub const ANYONE: Self = Self::all(Level::Anyone);

    /// The same level for every action.
    #[must_use]
    pub const fn all(level: Level) -> Self {
        Self {
            view: level,
            edit: level,
            delete: level,
            create: level,
        }
    }

    /// These permissions with one configured level replaced.
    #[must_use]
    pub const fn with(mut self, action: Action, level: Level) -> Self {
        match action {
            Action::View => self.view = level,
            Action::Edit => self.edit = level,
            Action::Delete => self.delete = level,
            Action::Create => self.create = level,
        }
        self
    }

    /// The level as configured: what is stored and shown, not what decides.
    #[must_use]
    pub const fn configured(&self, action: Action) -> Level {
        match action {
            Action::View => self.view,
            Action::Edit => self.edit,
            Action::Delete => self.delete,
            Action::Create => self.create,
        }
    }

    /// The level that decides: for `edit` and `delete` the lower of their own and `view`'s.
    #[must_use]
    pub fn effective(&self, action: Action) -> Level {
        let configured = self.configured(action);
        if action.needs_view() {
            configured.min(self.view)
        } else {
            configured
        }
    }

    /// The effective level of every action.
    #[must_use]
    pub fn effective_all(&self) -> Self {
        Self {
            view: self.effective(Action::View),
            edit: self.effective(Action::Edit),
            delete: self.effective(Action::Delete),
            create: self.effective(Action::Create),
        }
    }

    /// The actions that are configured higher than they can reach; none when all is as it looks.
    pub fn warnings(&self) -> impl Iterator<Item = PermissionWarning> + use<> {
        let (configured, effective) = (*self, self.effective_all());
        Action::ALL.into_iter().filter_map(move |action| {
            let (configured, effective) = (configured.configured(action), effective.configured(action));
            (configured != effective).then_some(PermissionWarning {
                action,
                configured,
                effective,
            })
        })
    }
}

/// An action that reaches less far than it's configured to, because `view` is lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct PermissionWarning {
    /// The action, `edit` or `delete`.
    pub action: Action,
    /// The level it's set to.
    pub configured: Level,
    /// The level that counts, that of `view`.
    pub effective: Level,
}

impl PermissionWarning {
    /// The stable word, `edit_exceeds_view` or `delete_exceeds_view`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.action {
            Action::Delete => "delete_exceeds_view",
            _ => "edit_exceeds_view",
        }
    }
}

impl fmt::Display for PermissionWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            action,
            configured,
            effective,
        } = self;
        write!(
            f,
            "{action} is set to {configured} but reaches no further than view: {effective}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectPermissions;
    use crate::{Action, Level};

    #[test]
    fn edit_and_delete_reach_no_further_than_view() {
        let permissions = ObjectPermissions::ANYONE.with(Action::View, Level::Own);
        assert_eq!(permissions.effective(Action::Edit), Level::Own);
        assert_eq!(permissions.effective(Action::Delete), Level::Own);
        assert_eq!(
            permissions.configured(Action::Edit),
            Level::Anyone,
            "the configured level is kept"
        );
    }

    #[test]
    fn create_does_not_depend_on_view() {
        let permissions = ObjectPermissions::NONE.with(Action::Create, Level::Anyone);
        assert_eq!(permissions.effective(Action::Create), Level::Anyone);
        assert_eq!(permissions.warnings().count(), 0);
    }

    #[test]
    fn a_warning_names_every_action_that_is_set_higher_than_view() {
        let permissions = ObjectPermissions::all(Level::OwnAndReports).with(Action::View, Level::Own);
        let codes: Vec<_> = permissions.warnings().map(|warning| warning.code()).collect();
        assert_eq!(codes, ["edit_exceeds_view", "delete_exceeds_view"]);
    }

    #[test]
    fn a_lower_edit_level_warns_of_nothing() {
        let permissions = ObjectPermissions::NONE.with(Action::View, Level::Anyone);
        assert_eq!(permissions.warnings().count(), 0);
    }
}
