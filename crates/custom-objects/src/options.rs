use vestibule_guest_lifecycle::{ShortText, TextRefused};

use crate::fold::fold;

/// Why a list of options is refused. Retrying does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsRefused {
    /// No option at all.
    #[error("at least one option is needed")]
    Needed,
    /// More than [`Options::MAX`].
    #[error("must be at most {} options", Options::MAX)]
    TooMany,
    /// The same option twice, ignoring case.
    #[error("the option `{option}` occurs twice")]
    Twice {
        /// The second of the two.
        option: String,
    },
    /// An option that cannot be shown on one line of at most 100 characters.
    #[error("option {place}: {reason}")]
    Text {
        /// Which option, counted from 1.
        place: usize,
        /// What is wrong with it.
        reason: TextRefused,
    },
}

impl OptionsRefused {
    /// The stable word: `options_needed`, `too_many_options`, `option_twice`, or that of the text's refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Needed => "options_needed",
            Self::TooMany => "too_many_options",
            Self::Twice { .. } => "option_twice",
            Self::Text { reason, .. } => reason.code(),
        }
    }
}

/// Holds what a choice field can be set to: 1 to 200 texts of 1 to 100 characters that differ not only in case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options(Vec<String>);

impl Options {
    /// How many options a field has at most.
    pub const MAX: usize = 200;

    /// Accepts options in the order in which people are shown them, each trimmed.
    ///
    /// # Errors
    /// - [`OptionsRefused::Needed`], [`OptionsRefused::TooMany`]: none or more than [`Options::MAX`].
    /// - [`OptionsRefused::Text`]: an option is blank, too long or has characters that don't belong on a line.
    /// - [`OptionsRefused::Twice`]: two options are the same, ignoring case.
    pub fn parse(given: &[String]) -> Result<Self, OptionsRefused> {
        if given.is_empty() {
            return Err(OptionsRefused::Needed);
        }
        if given.len() > Self::MAX {
            return Err(OptionsRefused::TooMany);
        }
        let mut options = Vec::with_capacity(given.len());
        let mut seen = std::collections::BTreeSet::new();
        for (index, text) in given.iter().enumerate() {
            let text = ShortText::parse(text).map_err(|reason| OptionsRefused::Text {
                place: index + 1,
                reason,
            })?;
            let option = String::from(text);
            if !seen.insert(fold(&option)) {
                return Err(OptionsRefused::Twice { option });
            }
            options.push(option);
        }
        Ok(Self(options))
    }

    /// The options in the order in which people are shown them.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Whether this very text, case included, is an option.
    #[must_use]
    pub fn contains(&self, option: &str) -> bool {
        self.0.iter().any(|known| known == option)
    }
}
