//! Passwords: hashed slowly, never cut short, and not among those everyone tries.

use secrecy::{ExposeSecret, SecretString};

/// Longest password that bcrypt takes in whole, in bytes of UTF-8.
pub const MAX_BYTES: usize = 72;

/// Fewest guesses that a password has to withstand.
const MIN_GUESSES: u64 = 1_000_000;

/// Longest part of a password that is examined; the time it takes grows faster than the length.
const MAX_EXAMINED_CHARS: usize = 100;

/// Why a password can't be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// It is longer than [`MAX_BYTES`].
    #[error("a password may have at most {MAX_BYTES} bytes of UTF-8")]
    TooLong,
    /// It holds the NUL character, at which bcrypt would end it.
    #[error("a password must not hold the NUL character")]
    Nul,
    /// The stored hash is damaged, the cost is out of range, or there's no randomness.
    #[error("bcrypt failed: {0}")]
    Bcrypt(#[from] bcrypt::BcryptError),
}

/// Hashes and verifies with bcrypt. Slow on purpose: call it on the blocking pool.
#[derive(Clone)]
pub struct Passwords {
    cost: u32,
    dummy: String,
}

impl Passwords {
    /// Uses work factor `cost` (4 to 31), and makes one hash of it for those who have none.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Bcrypt`] for a cost out of range or a lack of randomness.
    pub fn new(cost: u32) -> Result<Self, PasswordError> {
        let dummy = bcrypt::hash("no user has this password's hash", cost)?;
        Ok(Self { cost, dummy })
    }

    /// The hash to store.
    ///
    /// # Errors
    ///
    /// - [`PasswordError::TooLong`], [`PasswordError::Nul`]: the password is refused.
    /// - [`PasswordError::Bcrypt`]: no randomness; a retry won't help.
    pub fn hash(&self, password: &SecretString) -> Result<String, PasswordError> {
        Ok(bcrypt::hash(whole(password)?, self.cost)?)
    }

    /// Whether `password` is the one of `stored`. Without a stored hash the answer is no, after the same time.
    ///
    /// A password that could never have been stored is wrong at once, whoever it is for.
    ///
    /// # Errors
    ///
    /// [`PasswordError::Bcrypt`]: the stored hash is damaged.
    pub fn verify(&self, password: &SecretString, stored: Option<&str>) -> Result<bool, PasswordError> {
        let Ok(password) = whole(password) else {
            return Ok(false);
        };
        let matches = bcrypt::verify(password, stored.unwrap_or(&self.dummy))?;
        Ok(matches && stored.is_some())
    }

    /// Whether `stored` was made with another cost, so that it should be replaced at the next sign-in.
    pub fn is_outdated(&self, stored: &str) -> bool {
        stored
            .parse::<bcrypt::HashParts>()
            .map_or(true, |parts| parts.get_cost() != self.cost)
    }
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords")
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}

/// The password, if bcrypt takes it in whole. The crate's own non-truncating functions also refuse one of
/// exactly 72 bytes, because it leaves no room for a terminating NUL, which bcrypt doesn't need.
fn whole(password: &SecretString) -> Result<&str, PasswordError> {
    let password = password.expose_secret();
    if password.len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    if password.contains('\0') {
        return Err(PasswordError::Nul);
    }
    Ok(password)
}

/// Tells common and easily guessed passwords by zxcvbn's estimate.
#[derive(Debug, Clone, Copy, Default)]
pub struct ZxcvbnPasswords;

impl ZxcvbnPasswords {
    /// Whether fewer than a million guesses find `candidate`. Takes up to some milliseconds.
    pub fn is_common(&self, candidate: &str) -> bool {
        let end = candidate
            .char_indices()
            .nth(MAX_EXAMINED_CHARS)
            .map_or(candidate.len(), |(end, _)| end);
        let examined = candidate.get(..end).unwrap_or(candidate);
        zxcvbn::zxcvbn(examined, &[]).guesses() < MIN_GUESSES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords() -> Passwords {
        Passwords::new(4).unwrap()
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[test]
    fn the_right_password_matches_and_others_do_not() {
        let stored = passwords().hash(&secret("correct horse")).unwrap();
        assert!(
            passwords()
                .verify(&secret("correct horse"), Some(&stored))
                .unwrap()
        );
        assert!(
            !passwords()
                .verify(&secret("correct horsf"), Some(&stored))
                .unwrap()
        );
        assert!(!passwords().verify(&secret(""), Some(&stored)).unwrap());
    }

    #[test]
    fn all_72_bytes_count_and_a_73rd_is_refused() {
        let longest = "é".repeat(36);
        let stored = passwords().hash(&secret(&longest)).unwrap();
        assert!(passwords().verify(&secret(&longest), Some(&stored)).unwrap());
        assert!(
            !passwords()
                .verify(&secret(&longest[..70]), Some(&stored))
                .unwrap()
        );
        let longer = secret(&format!("{longest}x"));
        assert!(matches!(passwords().hash(&longer), Err(PasswordError::TooLong)));
        assert!(!passwords().verify(&longer, Some(&stored)).unwrap());
        assert!(matches!(
            passwords().hash(&secret("a\0b")),
            Err(PasswordError::Nul)
        ));
    }

    #[test]
    fn nobody_signs_in_without_a_stored_hash() {
        assert!(
            !passwords()
                .verify(&secret("no user has this password's hash"), None)
                .unwrap()
        );
    }

    #[test]
    fn the_hash_for_unknown_users_has_the_same_cost() {
        let passwords = Passwords::new(5).unwrap();
        assert!(!passwords.is_outdated(&passwords.dummy));
        assert!(passwords.is_outdated(&Passwords::new(4).unwrap().dummy));
        assert!(Passwords::new(3).is_err());
    }

    #[test]
    fn a_damaged_hash_is_an_error_and_not_a_no() {
        assert!(passwords().verify(&secret("x"), Some("damaged")).is_err());
    }

    #[test]
    fn common_passwords_are_told_from_others() {
        for common in [
            "password",
            "Password1",
            "qwertyuiop",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "passwordpassword",
        ] {
            assert!(ZxcvbnPasswords.is_common(common), "{common}");
        }
        for rare in [
            "plinth-orbit-walnut-94",
            "Tq7#vbX2kLw9mZp",
            "größte Überraschung im Mai",
        ] {
            assert!(!ZxcvbnPasswords.is_common(rare), "{rare}");
        }
        assert!(!ZxcvbnPasswords.is_common(&"plinth orbit walnut ".repeat(5_000)));
    }
}
