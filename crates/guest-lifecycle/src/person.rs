//! Texts about people that others will read: names, labels, reasons.

use std::{fmt, str::FromStr};

use unicode_normalization::UnicodeNormalization;

/// Why a text is refused. Retrying does not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextRefused {
    /// Nothing visible in it.
    #[error("a text is required")]
    Required,
    /// Longer than allowed.
    #[error("must be at most {max} characters")]
    TooLong {
        /// Largest allowed number of characters (Unicode scalar values after NFC).
        max: usize,
    },
    /// Control characters, NUL, or characters that reorder the text around them.
    #[error("contains characters that are not allowed")]
    InvalidText,
}

impl TextRefused {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too_long",
            Self::InvalidText => "invalid_text",
        }
    }
}

macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, at most $max:literal, $lines:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Largest number of characters (Unicode scalar values after NFC).
            pub const MAX_CHARS: usize = $max;

            /// Accepts a text after trimming it and bringing it to NFC.
            ///
            /// # Errors
            /// - [`TextRefused::Required`]: nothing visible is left.
            /// - [`TextRefused::TooLong`]: more than [`Self::MAX_CHARS`] characters.
            /// - [`TextRefused::InvalidText`]: control characters (NUL among them), line separators or
            ///   characters that override the writing direction.
            pub fn parse(raw: &str) -> Result<Self, TextRefused> {
                clean(raw, Self::MAX_CHARS, $lines).map(Self)
            }

            /// The accepted text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TextRefused;

            fn from_str(raw: &str) -> Result<Self, Self::Err> {
                Self::parse(raw)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

checked_text! {
    /// Holds a first or a last name: one line of 1 to 100 characters.
    ///
    /// # Examples
    /// ```
    /// use vestibule_guest_lifecycle::PersonName;
    ///
    /// assert_eq!(PersonName::parse(" Núria ")?.as_str(), "Núria");
    /// assert_eq!(PersonName::parse(" \t ").unwrap_err().code(), "required");
    /// assert_eq!(PersonName::parse("A\u{202E}na").unwrap_err().code(), "invalid_text");
    /// # Ok::<(), vestibule_guest_lifecycle::TextRefused>(())
    /// ```
    PersonName, at most 100, Lines::One
}

checked_text! {
    /// Holds any other one-line text, such as the name of a role: 1 to 100 characters.
    ///
    /// # Examples
    /// ```
    /// use vestibule_guest_lifecycle::ShortText;
    ///
    /// assert_eq!(ShortText::parse("Head of Sales")?.as_str(), "Head of Sales");
    /// assert_eq!(ShortText::parse(&"x".repeat(101)).unwrap_err().code(), "too_long");
    /// # Ok::<(), vestibule_guest_lifecycle::TextRefused>(())
    /// ```
    ShortText, at most 100, Lines::One
}

checked_text! {
    /// Holds a text of several lines, such as why a guest needs access: 1 to 2000 characters.
    ///
    /// Line breaks of any style become `\n`; tabs are kept.
    ///
    /// # Examples
    /// ```
    /// use vestibule_guest_lifecycle::LongText;
    ///
    /// assert_eq!(LongText::parse("Audit of May\r\nSigned off by Ana")?.as_str(), "Audit of May\nSigned off by Ana");
    /// assert_eq!(LongText::parse("nul\0byte").unwrap_err().code(), "invalid_text");
    /// # Ok::<(), vestibule_guest_lifecycle::TextRefused>(())
    /// ```
    LongText, at most 2000, Lines::Many
}

#[derive(Clone, Copy, PartialEq)]
enum Lines {
    One,
    Many,
}

fn clean(raw: &str, max: usize, lines: Lines) -> Result<String, TextRefused> {
    let unified = match lines {
        Lines::One => raw.trim().to_owned(),
        Lines::Many => raw.trim().replace("\r\n", "\n").replace('\r', "\n"),
    };
    // Counting lazily keeps the work bounded by `max`, not by what was sent.
    let text: String = unified.nfc().take(max + 1).collect();
    if text.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
        return Err(TextRefused::Required);
    }
    if text.chars().count() > max {
        return Err(TextRefused::TooLong { max });
    }
    let breaks_lines = |c| lines == Lines::Many && matches!(c, '\n' | '\t');
    if text.chars().any(|c| is_forbidden(c) && !breaks_lines(c)) {
        return Err(TextRefused::InvalidText);
    }
    Ok(text)
}

/// Control characters, line and paragraph separators, and the explicit direction formatting of UAX 9, which lets a
/// text show in another order than it is stored.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters that leave no mark on the screen; allowed inside a text, but they do not make one.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}
