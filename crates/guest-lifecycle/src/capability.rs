//! Administrative capabilities, sets of them, and the ceiling that holds for guests.

use std::{fmt, str::FromStr};

use crate::{UnknownWord, UserKind};

/// Names one administrative power that a profile can carry.
///
/// Capabilities are about administering the organization. Access to records is a separate matter, decided by
/// levels per profile and object.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::Capability;
///
/// assert_eq!("manage_guests".parse(), Ok(Capability::ManageGuests));
/// assert!("manage_everything".parse::<Capability>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capability {
    /// Create, change and deactivate standard users; licenses.
    ManageUsers,
    /// Invite, extend, revoke, reinstate and delete guests.
    ManageGuests,
    /// Roles, profiles and permissions.
    ManageAccess,
    /// Custom objects and their fields.
    ManageObjects,
    /// Settings of the organization.
    ManageOrg,
    /// Read the audit trail.
    ViewAudit,
}

impl Capability {
    /// Every capability, in the order of their bits.
    pub const ALL: [Self; 6] = [
        Self::ManageUsers,
        Self::ManageGuests,
        Self::ManageAccess,
        Self::ManageObjects,
        Self::ManageOrg,
        Self::ViewAudit,
    ];

    /// The word used in storage and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ManageUsers => "manage_users",
            Self::ManageGuests => "manage_guests",
            Self::ManageAccess => "manage_access",
            Self::ManageObjects => "manage_objects",
            Self::ManageOrg => "manage_org",
            Self::ViewAudit => "view_audit",
        }
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Capability {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|c| c.as_str() == word)
            .ok_or_else(|| UnknownWord::new("capability", word))
    }
}

/// Holds any number of capabilities in one `Copy` value.
///
/// `Display` lists the words separated by `, `; the bits are stable and may be stored.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::{Capability, CapabilitySet};
///
/// let set: CapabilitySet = [Capability::ManageGuests, Capability::ViewAudit].into_iter().collect();
/// assert!(set.contains(Capability::ViewAudit));
/// assert!(!set.contains(Capability::ManageOrg));
/// assert_eq!(CapabilitySet::from_bits(set.bits()), Some(set));
/// assert_eq!(CapabilitySet::from_bits(1 << 15), None);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CapabilitySet(u16);

impl CapabilitySet {
    /// No capability.
    pub const EMPTY: Self = Self(0);
    /// Every capability, as the built-in Admin profile has.
    pub const ALL: Self = Self((1 << Capability::ALL.len()) - 1);
    /// The most a guest can ever hold, whatever the profile says.
    pub const GUEST_CEILING: Self = Self(Capability::ManageObjects.bit() | Capability::ViewAudit.bit());

    /// Reads a stored set; `None` when a bit is set that names no capability.
    pub const fn from_bits(bits: u16) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 {
            Some(Self(bits))
        } else {
            None
        }
    }

    /// The form to store: bit *n* stands for the *n*th entry of [`Capability::ALL`].
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether `capability` is in the set.
    pub const fn contains(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }

    /// Whether every member of `other` is also in `self`.
    pub const fn is_superset_of(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// What is in either set.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in `self` but not in `other`.
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The members, in the order of [`Capability::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL.into_iter().filter(move |c| self.contains(*c))
    }
}

impl FromIterator<Capability> for CapabilitySet {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        Self(capabilities.into_iter().fold(0, |bits, c| bits | c.bit()))
    }
}

impl fmt::Display for CapabilitySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, capability) in self.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_str(capability.as_str())?;
        }
        Ok(())
    }
}

impl fmt::Debug for CapabilitySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// Gives the capabilities a user really has: those of the profile, for a guest cut down to the guest ceiling.
///
/// Every check must start from this set, never from the profile's own. It says nothing about standing: a
/// deactivated user or a guest who is not active has no capability to use at all, which the caller checks first.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::{CapabilitySet, UserKind, effective_capabilities};
///
/// assert_eq!(effective_capabilities(UserKind::Standard, CapabilitySet::ALL), CapabilitySet::ALL);
/// assert_eq!(effective_capabilities(UserKind::Guest, CapabilitySet::ALL), CapabilitySet::GUEST_CEILING);
/// ```
pub const fn effective_capabilities(kind: UserKind, of_profile: CapabilitySet) -> CapabilitySet {
    match kind {
        UserKind::Standard => of_profile,
        UserKind::Guest => of_profile.intersection(CapabilitySet::GUEST_CEILING),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_capability_reads_back_from_its_word() {
        for capability in Capability::ALL {
            assert_eq!(capability.as_str().parse(), Ok(capability));
        }
        assert_eq!(
            "MANAGE_ORG".parse::<Capability>().unwrap_err().code(),
            "unknown_value"
        );
    }

    #[test]
    fn stored_bits_keep_their_meaning() {
        let bits: Vec<u16> = Capability::ALL
            .iter()
            .map(|c| CapabilitySet::from_iter([*c]).bits())
            .collect();
        assert_eq!(bits, [1, 2, 4, 8, 16, 32]);
        assert_eq!(CapabilitySet::ALL.bits(), 63);
        assert_eq!(CapabilitySet::from_bits(64), None);
    }

    #[test]
    fn a_guest_never_holds_more_than_objects_and_audit() {
        assert_eq!(
            CapabilitySet::GUEST_CEILING.to_string(),
            "manage_objects, view_audit"
        );
    }

    proptest! {
        #[test]
        fn set_algebra_agrees_with_membership(a in 0u16..64, b in 0u16..64) {
            let (a, b) = (CapabilitySet::from_bits(a).unwrap(), CapabilitySet::from_bits(b).unwrap());
            for c in Capability::ALL {
                let (in_a, in_b) = (a.contains(c), b.contains(c));
                prop_assert_eq!(a.union(b).contains(c), in_a || in_b);
                prop_assert_eq!(a.intersection(b).contains(c), in_a && in_b);
                prop_assert_eq!(a.difference(b).contains(c), in_a && !in_b);
            }
            prop_assert_eq!(a.is_superset_of(b), b.iter().all(|c| a.contains(c)));
            prop_assert_eq!(a.iter().collect::<CapabilitySet>(), a);
            prop_assert_eq!(a.is_empty(), a.iter().next().is_none());
        }
    }
}
