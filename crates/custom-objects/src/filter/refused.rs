/// Why a filter is refused. Retrying does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterRefused {
    /// The text is no filter.
    #[error("at character {position}: {expected}")]
    Syntax {
        /// Where, counted in characters from 1; one past the end if the text stops too early.
        position: usize,
        /// What was expected there.
        expected: &'static str,
    },
    /// No attribute or field has this name.
    #[error("at character {position}: `{name}` is no field")]
    UnknownField {
        /// Where, counted in characters from 1.
        position: usize,
        /// What was named.
        name: String,
    },
    /// The field cannot be compared in this way, or not with this.
    #[error("at character {position}: {detail}")]
    TypeMismatch {
        /// Where, counted in characters from 1.
        position: usize,
        /// What would do.
        detail: String,
    },
    /// More text, comparisons or parentheses than anybody should ask for.
    #[error("{0}")]
    TooLarge(&'static str),
}

impl FilterRefused {
    /// The stable word: `invalid_filter`, `unknown_field`, `filter_type_mismatch` or `filter_too_large`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "invalid_filter",
            Self::UnknownField { .. } => "unknown_field",
            Self::TypeMismatch { .. } => "filter_type_mismatch",
            Self::TooLarge(_) => "filter_too_large",
        }
    }

    /// Where in the text, counted in characters from 1, if it is about a place.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        match self {
            Self::Syntax { position, .. }
            | Self::UnknownField { position, .. }
            | Self::TypeMismatch { position, .. } => Some(*position),
            Self::TooLarge(_) => None,
        }
    }
}
