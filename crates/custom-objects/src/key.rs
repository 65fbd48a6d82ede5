//! The names by which the API speaks of objects and fields.

use std::{fmt, str::FromStr};

/// Names that a record or a filter uses for something else, so no field may have them.
const RESERVED: [&str; 9] = [
    "can",
    "created_at",
    "external_id",
    "fields",
    "id",
    "object",
    "org_id",
    "owners",
    "updated_at",
];

/// Why a text is no key. Retrying does not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// Not a lower-case letter followed by up to 39 lower-case letters, digits and underscores.
    #[error("must be a lower-case letter followed by at most 39 lower-case letters, digits or underscores")]
    Malformed,
    /// A field key that already means something else in every record.
    #[error("is reserved: every record already has something of that name")]
    Reserved,
}

impl KeyRefused {
    /// The stable word for every refusal of a key: `invalid_key`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        "invalid_key"
    }
}

fn is_key(text: &str) -> bool {
    let mut letters = text.bytes();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && text.len() <= 40
        && letters.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

macro_rules! key_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The key as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = KeyRefused;

            fn from_str(text: &str) -> Result<Self, KeyRefused> {
                Self::parse(text)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

key_type! {
    /// Names an object in the API, for good: `[a-z][a-z0-9_]{0,39}`.
    ///
    /// # Examples
    /// ```
    /// use vestibule_custom_objects::ObjectKey;
    ///
    /// assert_eq!(ObjectKey::parse("sales_deal")?.as_str(), "sales_deal");
    /// assert_eq!(ObjectKey::parse("Sales deal").unwrap_err().code(), "invalid_key");
    /// # Ok::<(), vestibule_custom_objects::KeyRefused>(())
    /// ```
    ObjectKey
}

impl ObjectKey {
    /// Accepts the key of an object.
    ///
    /// # Errors
    /// - [`KeyRefused::Malformed`]: not `[a-z][a-z0-9_]{0,39}`.
    pub fn parse(text: &str) -> Result<Self, KeyRefused> {
        if is_key(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(KeyRefused::Malformed)
        }
    }
}

key_type! {
    /// Names a field of an object, for good: `[a-z][a-z0-9_]{0,39}`, except a few names that every record has anyway.
    ///
    /// # Examples
    /// ```
    /// use vestibule_custom_objects::FieldKey;
    ///
    /// assert_eq!(FieldKey::parse("stage")?.as_str(), "stage");
    /// assert!(FieldKey::parse("owners").is_err(), "every record has owners");
    /// # Ok::<(), vestibule_custom_objects::KeyRefused>(())
    /// ```
    FieldKey
}

impl FieldKey {
    /// Accepts the key of a field.
    ///
    /// # Errors
    /// - [`KeyRefused::Malformed`]: not `[a-z][a-z0-9_]{0,39}`.
    /// - [`KeyRefused::Reserved`]: one of `can`, `created_at`, `external_id`, `fields`, `id`, `object`, `org_id`,
    ///   `owners`, `updated_at`.
    pub fn parse(text: &str) -> Result<Self, KeyRefused> {
        if !is_key(text) {
            return Err(KeyRefused::Malformed);
        }
        if RESERVED.contains(&text) {
            return Err(KeyRefused::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}
