use std::fmt;
use std::str::FromStr;

use crate::UnknownWord;

/// What a subject wants to do with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Action {
    /// See an existing record, in every form: a single read, lists, counts, exports, search.
    View,
    /// Change an existing record; needs `View` too, and must hold before and after the change.
    Edit,
    /// Remove an existing record; needs `View` too.
    Delete,
    /// Make a new record; asked of the owners it's proposed with.
    Create,
}

impl Action {
    /// Every action, in the order people are shown them.
    pub const ALL: [Self; 4] = [Self::View, Self::Edit, Self::Delete, Self::Create];

    /// The stable word for wire and store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Create => "create",
        }
    }

    /// What people are shown, in English.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::View => "View records",
            Self::Edit => "Edit records",
            Self::Delete => "Delete records",
            Self::Create => "Create new records",
        }
    }

    /// Whether the action also needs `View`: true for `Edit` and `Delete`.
    #[must_use]
    pub const fn needs_view(self) -> bool {
        matches!(self, Self::Edit | Self::Delete)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Action {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let known = Self::ALL.into_iter().find(|action| action.as_str() == word);
        known.ok_or_else(|| UnknownWord::new(word, "view, edit, delete, create"))
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn an_action_reads_back_its_word() {
        for action in Action::ALL {
            assert_eq!(action.as_str().parse(), Ok(action));
        }
        assert_eq!("update".parse::<Action>().unwrap_err().word(), "update");
    }
}
