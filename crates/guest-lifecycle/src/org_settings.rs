//! Bounded settings of an organization.

use std::{fmt, ops::RangeInclusive, str::FromStr};

/// Tells that a number lies outside the allowed range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be from {min} to {max} {unit}")]
pub struct OutOfRange {
    /// Smallest allowed value.
    pub min: i64,
    /// Largest allowed value.
    pub max: i64,
    /// What is counted, in the plural.
    pub unit: &'static str,
}

impl OutOfRange {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        "out_of_range"
    }
}

pub(crate) fn in_range(
    value: i64,
    range: RangeInclusive<u16>,
    unit: &'static str,
) -> Result<u16, OutOfRange> {
    let (min, max) = (*range.start(), *range.end());
    u16::try_from(value)
        .ok()
        .filter(|v| range.contains(v))
        .ok_or(OutOfRange {
            min: min.into(),
            max: max.into(),
            unit,
        })
}

macro_rules! bounded_setting {
    ($(#[$doc:meta])* $name:ident, $unit:ident, $min:literal..=$max:literal, default $default:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u16);

        impl $name {
            /// Smallest allowed value.
            pub const MIN: Self = Self($min);
            /// Largest allowed value.
            pub const MAX: Self = Self($max);

            /// Accepts a value inside the range.
            ///
            /// # Errors
            /// - [`OutOfRange`]: the value is outside; the refusal states the bounds.
            pub fn new(value: i64) -> Result<Self, OutOfRange> {
                in_range(value, $min..=$max, stringify!($unit)).map(Self)
            }

            #[doc = concat!("The setting in ", stringify!($unit), ".")]
            pub const fn $unit(self) -> u16 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($default)
            }
        }

        impl TryFrom<i64> for $name {
            type Error = OutOfRange;

            fn try_from(value: i64) -> Result<Self, Self::Error> {
                Self::new(value)
            }
        }

        impl From<$name> for i64 {
            fn from(setting: $name) -> Self {
                setting.0.into()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

bounded_setting! {
    /// How long a claim link can be used after it is minted, in hours from 1 to 168 (a week); 72 by default.
    ///
    /// # Examples
    /// ```
    /// use vestibule_guest_lifecycle::ClaimLinkTtl;
    ///
    /// assert_eq!(ClaimLinkTtl::default().hours(), 72);
    /// assert_eq!(ClaimLinkTtl::new(169).unwrap_err().code(), "out_of_range");
    /// ```
    ClaimLinkTtl, hours, 1..=168, default 72
}

bounded_setting! {
    /// How long a session lasts after sign-in, in hours from 1 to 720 (30 days); 12 by default.
    ///
    /// # Examples
    /// ```
    /// use vestibule_guest_lifecycle::SessionHours;
    ///
    /// assert_eq!(SessionHours::default().hours(), 12);
    /// assert_eq!(SessionHours::new(0).unwrap_err().to_string(), "must be from 1 to 720 hours");
    /// ```
    SessionHours, hours, 1..=720, default 12
}

bounded_setting! {
    /// How far ahead a guest's end date may lie, in days counted from today, from 1 to 90; 90 by default.
    ///
    /// An organization may lower the cap, never raise it.
    ///
    /// # Examples
    /// ```
    /// use vestibule_guest_lifecycle::GuestMaxDays;
    ///
    /// assert_eq!(GuestMaxDays::new(30)?.days(), 30);
    /// assert_eq!(GuestMaxDays::new(91).unwrap_err().code(), "out_of_range");
    /// # Ok::<(), vestibule_guest_lifecycle::OutOfRange>(())
    /// ```
    GuestMaxDays, days, 1..=90, default 90
}

/// Names an organization in sign-in forms: 2 to 40 characters out of `a-z`, `0-9` and `-`.
///
/// Nothing is folded or trimmed: `Acme` is refused rather than turned into `acme`.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::OrgSlug;
///
/// assert_eq!("acme-2".parse::<OrgSlug>()?.as_str(), "acme-2");
/// assert_eq!("Acme".parse::<OrgSlug>().unwrap_err().code(), "invalid_slug");
/// # Ok::<(), vestibule_guest_lifecycle::InvalidSlug>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrgSlug(String);

/// Tells that a text cannot be the slug of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 2 to 40 characters out of a-z, 0-9 and -")]
pub struct InvalidSlug;

impl InvalidSlug {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        "invalid_slug"
    }
}

impl OrgSlug {
    /// Accepts a well-formed slug.
    ///
    /// # Errors
    /// - [`InvalidSlug`]: too short, too long, or another character in it.
    pub fn parse(raw: &str) -> Result<Self, InvalidSlug> {
        let well_formed = (2..=40).contains(&raw.len())
            && raw.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if well_formed {
            Ok(Self(raw.to_owned()))
        } else {
            Err(InvalidSlug)
        }
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrgSlug {
    type Err = InvalidSlug;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        Self::parse(raw)
    }
}

impl TryFrom<&str> for OrgSlug {
    type Error = InvalidSlug;

    fn try_from(raw: &str) -> Result<Self, Self::Error> {
        Self::parse(raw)
    }
}

impl fmt::Display for OrgSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
