//! The two kinds of user.

use std::{fmt, str::FromStr};

use crate::UnknownWord;

/// Tells a standing account from time-boxed guest access; fixed for the life of a user.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::UserKind;
///
/// assert_eq!("guest".parse(), Ok(UserKind::Guest));
/// assert!("visitor".parse::<UserKind>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserKind {
    /// A person with a standing account, active until deactivated.
    Standard,
    /// A person with governed access until an end date.
    Guest,
}

impl UserKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Standard, Self::Guest];

    /// The word used in storage and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Guest => "guest",
        }
    }
}

impl fmt::Display for UserKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for UserKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|k| k.as_str() == word)
            .ok_or_else(|| UnknownWord::new("user kind", word))
    }
}
