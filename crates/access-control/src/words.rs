/// A word from a request or a store that names no level or action.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is none of {expected}")]
pub struct UnknownWord {
    word: String,
    expected: &'static str,
}

impl UnknownWord {
    pub(crate) fn new(word: &str, expected: &'static str) -> Self {
        Self {
            word: word.to_owned(),
            expected,
        }
    }

    /// The word that was given.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.word
    }
}
