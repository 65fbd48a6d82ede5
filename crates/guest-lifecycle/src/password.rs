//! The password policy of an organization.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::{OutOfRange, org_settings::in_range};

/// Longest password in bytes: bcrypt reads no more, and what it would ignore is refused instead.
const MAX_BYTES: usize = 72;
/// Names and local parts shorter than this are too likely to occur by accident.
const MIN_PERSONAL_CHARS: usize = 4;

/// Brings a password to the one form that is checked, hashed and compared: Unicode NFKC.
///
/// NIST SP 800-63B asks for NFKC or NFKD, so that the same keys typed on another device give the same password.
/// Hash this form everywhere, never the candidate as sent. White space is kept.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::normalized;
///
/// assert_eq!(normalized("ｐａｓｓ e\u{301}"), "pass é");
/// assert_ne!(normalized(" pass"), normalized("pass"));
/// ```
pub fn normalized(candidate: &str) -> String {
    candidate.nfkc().collect()
}

/// Answers whether a password is among the common or easily guessed ones; implemented by the application.
pub trait CommonPasswords {
    /// Whether `candidate`, in [`normalized`] form and at most 72 bytes long, is too common to accept.
    fn is_common(&self, candidate: &str) -> bool;
}

/// Says what is known about the person, and must not be in their password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersonalContext<'a> {
    /// The mail address; empty when unknown.
    pub email: &'a str,
    /// The first name; empty when unknown.
    pub first_name: &'a str,
    /// The last name; empty when unknown.
    pub last_name: &'a str,
}

/// Holds the rules an organization sets for new passwords.
///
/// The default follows NIST SP 800-63B: long, not common, not about the person, no composition rules. The same
/// policy holds wherever a password is set: claim, change and reset. It says nothing about existing passwords.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::{CommonPasswords, PasswordPolicy, PersonalContext};
///
/// struct ShortList;
/// impl CommonPasswords for ShortList {
///     fn is_common(&self, candidate: &str) -> bool {
///         candidate == "correct horse battery staple"
///     }
/// }
///
/// let policy = PasswordPolicy::default();
/// let person = PersonalContext { email: "nuria@example.com", first_name: "Núria", last_name: "Pons" };
/// assert!(policy.check("seven green umbrellas", &person, &ShortList).is_ok());
///
/// let refused = policy.check("nuria 2026", &person, &ShortList).unwrap_err();
/// let codes: Vec<_> = refused.violations.iter().map(|v| v.code()).collect();
/// assert_eq!(codes, ["too_short", "contains_personal_data"]);
///
/// assert_eq!(PasswordPolicy::new(7).unwrap_err().to_string(), "must be from 8 to 64 characters");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "stored::StoredPolicy"))]
pub struct PasswordPolicy {
    min_length: u8,
    /// Whether an upper-case letter is needed.
    pub require_upper: bool,
    /// Whether a lower-case letter is needed.
    pub require_lower: bool,
    /// Whether a digit is needed.
    pub require_digit: bool,
    /// Whether a character is needed that is neither a letter nor a digit; a space counts.
    pub require_symbol: bool,
    /// Whether common passwords are refused.
    pub forbid_common: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            min_length: 15,
            require_upper: false,
            require_lower: false,
            require_digit: false,
            require_symbol: false,
            forbid_common: true,
        }
    }
}

impl PasswordPolicy {
    /// The default policy with another minimum length, from 8 to 64 characters.
    ///
    /// # Errors
    /// - [`OutOfRange`]: `min_length` is outside these bounds.
    pub fn new(min_length: i64) -> Result<Self, OutOfRange> {
        let accepted = in_range(min_length, 8..=64, "characters")?;
        Ok(Self {
            min_length: u8::try_from(accepted).unwrap_or(u8::MAX),
            ..Self::default()
        })
    }

    /// The smallest number of characters, counted as Unicode scalar values of the [`normalized`] form.
    pub const fn min_length(&self) -> u8 {
        self.min_length
    }

    /// Refuses `candidate` with everything that is wrong with it, so that it can be mended in one go.
    ///
    /// Every rule looks at the [`normalized`] form. Letters and digits of every script count. The common list is
    /// not asked about a candidate that is too long anyway.
    ///
    /// # Errors
    /// - [`PasswordRefused`]: at least one violation; another password helps.
    pub fn check(
        &self,
        candidate: &str,
        person: &PersonalContext<'_>,
        common: &dyn CommonPasswords,
    ) -> Result<(), PasswordRefused> {
        let password = normalized(candidate);
        let lacks = |wanted: fn(char) -> bool| !password.chars().any(wanted);
        let too_long = password.len() > MAX_BYTES;
        let rules = [
            (
                password.chars().count() < self.min_length.into(),
                PasswordViolation::TooShort { min: self.min_length },
            ),
            (too_long, PasswordViolation::TooLong),
            (password.contains('\0'), PasswordViolation::ContainsNul),
            (
                self.require_upper && lacks(char::is_uppercase),
                PasswordViolation::NeedsUpper,
            ),
            (
                self.require_lower && lacks(char::is_lowercase),
                PasswordViolation::NeedsLower,
            ),
            (
                self.require_digit && lacks(char::is_numeric),
                PasswordViolation::NeedsDigit,
            ),
            (
                self.require_symbol && lacks(|c| !c.is_alphanumeric()),
                PasswordViolation::NeedsSymbol,
            ),
            (
                self.forbid_common && !too_long && common.is_common(&password),
                PasswordViolation::TooCommon,
            ),
            (
                person.occurs_in(&password),
                PasswordViolation::ContainsPersonalData,
            ),
        ];
        let violations: Vec<_> = rules
            .into_iter()
            .filter_map(|(broken, rule)| broken.then_some(rule))
            .collect();
        if violations.is_empty() {
            Ok(())
        } else {
            Err(PasswordRefused { violations })
        }
    }
}

impl PersonalContext<'_> {
    /// Whether the address, its local part (with and without `+tag`) or a word of a name occurs, in any case.
    fn occurs_in(&self, password: &str) -> bool {
        let password = password.to_lowercase();
        let local = self.email.split('@').next().unwrap_or_default();
        let untagged = local.split('+').next().unwrap_or_default();
        let names = [self.first_name, self.last_name];
        let words = names
            .into_iter()
            .flat_map(|name| name.split(|c: char| c.is_whitespace() || c == '-'));
        [self.email, local, untagged]
            .into_iter()
            .chain(names)
            .chain(words)
            .any(|personal| {
                let personal = normalized(personal.trim()).to_lowercase();
                personal.chars().count() >= MIN_PERSONAL_CHARS && password.contains(&personal)
            })
    }
}

/// Tells everything that is wrong with a password. It never holds the password itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordRefused {
    /// The broken rules; at least one.
    pub violations: Vec<PasswordViolation>,
}

impl PasswordRefused {
    /// The stable word for the refusal as a whole; each violation has its own.
    pub const fn code(&self) -> &'static str {
        "password_policy"
    }
}

impl fmt::Display for PasswordRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the password ")?;
        for (i, violation) in self.violations.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PasswordRefused {}

/// Names one broken rule of a password policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordViolation {
    /// Fewer characters than the policy asks for.
    #[error("must have at least {min} characters")]
    TooShort {
        /// The smallest number of characters.
        min: u8,
    },
    /// More than 72 bytes in UTF-8; refused rather than cut short.
    #[error("must have at most {MAX_BYTES} bytes")]
    TooLong,
    /// A NUL character inside.
    #[error("must not contain a NUL character")]
    ContainsNul,
    /// No upper-case letter.
    #[error("needs an upper-case letter")]
    NeedsUpper,
    /// No lower-case letter.
    #[error("needs a lower-case letter")]
    NeedsLower,
    /// No digit.
    #[error("needs a digit")]
    NeedsDigit,
    /// Nothing but letters and digits.
    #[error("needs a character that is neither a letter nor a digit")]
    NeedsSymbol,
    /// Too many people use it, or it is too easily guessed.
    #[error("is too common or too easily guessed")]
    TooCommon,
    /// The mail address or a name of the person inside.
    #[error("must not contain your email address or name")]
    ContainsPersonalData,
}

impl PasswordViolation {
    /// The stable word for this rule in API answers.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too_short",
            Self::TooLong => "too_long",
            Self::ContainsNul => "contains_nul",
            Self::NeedsUpper => "needs_upper",
            Self::NeedsLower => "needs_lower",
            Self::NeedsDigit => "needs_digit",
            Self::NeedsSymbol => "needs_symbol",
            Self::TooCommon => "too_common",
            Self::ContainsPersonalData => "contains_personal_data",
        }
    }
}

#[cfg(feature = "serde")]
mod stored {
    use super::{OutOfRange, PasswordPolicy};

    /// The unchecked form of a policy. A missing field has its default; an unknown one is refused.
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub(super) struct StoredPolicy {
        min_length: i64,
        require_upper: bool,
        require_lower: bool,
        require_digit: bool,
        require_symbol: bool,
        forbid_common: bool,
    }

    impl Default for StoredPolicy {
        fn default() -> Self {
            let policy = PasswordPolicy::default();
            Self {
                min_length: policy.min_length.into(),
                require_upper: policy.require_upper,
                require_lower: policy.require_lower,
                require_digit: policy.require_digit,
                require_symbol: policy.require_symbol,
                forbid_common: policy.forbid_common,
            }
        }
    }

    impl TryFrom<StoredPolicy> for PasswordPolicy {
        type Error = OutOfRange;

        fn try_from(stored: StoredPolicy) -> Result<Self, Self::Error> {
            Ok(Self {
                require_upper: stored.require_upper,
                require_lower: stored.require_lower,
                require_digit: stored.require_digit,
                require_symbol: stored.require_symbol,
                forbid_common: stored.forbid_common,
                ..Self::new(stored.min_length)?
            })
        }
    }
}
