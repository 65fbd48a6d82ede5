//! The refusal shared by everything that is parsed from a fixed list of words.

/// Tells that a word is not in the fixed list it was looked up in.
///
/// Stored rows and request bodies both meet it: in a row it means a corrupt value, in a body a 422 or 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is not a known {what}")]
pub struct UnknownWord {
    /// What was looked for, such as `capability`.
    pub what: &'static str,
    /// The word as given.
    pub word: String,
}

impl UnknownWord {
    pub(crate) fn new(what: &'static str, word: &str) -> Self {
        Self {
            what,
            word: word.to_owned(),
        }
    }

    /// The stable word for this refusal in API answers.
    pub fn code(&self) -> &'static str {
        "unknown_value"
    }
}
