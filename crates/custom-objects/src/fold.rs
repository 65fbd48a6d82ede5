//! When two texts count as the same.

use unicode_normalization::UnicodeNormalization;

/// The text as it is compared: in NFC and lower case, letter by letter.
///
/// The small final sigma is a sigma like any other, so that what a text starts with doesn't depend on what follows.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.nfc().flat_map(char::to_lowercase);
    lower
        .map(|letter| if letter == 'ς' { 'σ' } else { letter })
        .nfc()
        .collect()
}
