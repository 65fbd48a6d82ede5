use std::fmt;
use std::str::FromStr;

use vestibule_org_hierarchy::Relation;

use crate::UnknownWord;

/// How far a permission reaches, from nobody's records to everybody's. Each level reaches all that the lower ones do.
///
/// # Examples
/// ```
/// use vestibule_access_control::Level;
///
/// assert!(Level::Own < Level::OwnAndReports);
/// assert_eq!("own_and_reports".parse(), Ok(Level::OwnAndReports));
/// assert_eq!(Level::OwnAndReports.label(), "Assigned to them and their reports");
/// assert!("everyone".parse::<Level>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[repr(u8)]
pub enum Level {
    /// Nobody's records.
    #[default]
    None = 0,
    /// Records the subject owns.
    Own = 1,
    /// Those, and records owned by the subject's reports.
    OwnAndReports = 2,
    /// Those, and records owned by the subject's peers.
    OwnPeersAndReports = 3,
    /// Every record, unowned ones included.
    Anyone = 4,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Own,
        Self::OwnAndReports,
        Self::OwnPeersAndReports,
        Self::Anyone,
    ];

    /// The lowest level that reaches records of an owner who stands in this relation to the subject.
    #[must_use]
    pub const fn reaching(owner: Relation) -> Self {
        match owner {
            Relation::Myself => Self::Own,
            Relation::Report => Self::OwnAndReports,
            Relation::Peer => Self::OwnPeersAndReports,
            Relation::Other => Self::Anyone,
        }
    }

    /// The stable word for wire and store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::OwnAndReports => "own_and_reports",
            Self::OwnPeersAndReports => "own_peers_and_reports",
            Self::Anyone => "anyone",
        }
    }

    /// What people are shown, in English.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Own => "Assigned to them",
            Self::OwnAndReports => "Assigned to them and their reports",
            Self::OwnPeersAndReports => "Assigned to them, their peers, and their reports",
            Self::Anyone => "Owned by anyone",
        }
    }

    /// The place in the order, 0 for `none` to 4 for `anyone`: a compact form for stores and tables.
    #[must_use]
    pub const fn rank(self) -> u8 {
        self as u8
    }

    /// The level with this rank, `None` above 4.
    #[must_use]
    pub const fn from_rank(rank: u8) -> Option<Self> {
        match rank {
            0 => Some(Self::None),
            1 => Some(Self::Own),
            2 => Some(Self::OwnAndReports),
            3 => Some(Self::OwnPeersAndReports),
            4 => Some(Self::Anyone),
            _ => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Level {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let known = Self::ALL.into_iter().find(|level| level.as_str() == word);
        known.ok_or_else(|| {
            UnknownWord::new(word, "none, own, own_and_reports, own_peers_and_reports, anyone")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn a_level_reads_back_its_word_and_its_rank() {
        for level in Level::ALL {
            assert_eq!(level.as_str().parse(), Ok(level));
            assert_eq!(Level::from_rank(level.rank()), Some(level));
        }
        assert_eq!(Level::from_rank(5), None);
        assert!("Own".parse::<Level>().is_err(), "words are lower case");
    }

    #[test]
    fn levels_are_ordered_by_how_far_they_reach() {
        assert!(Level::ALL.is_sorted());
        assert_eq!(Level::default(), Level::None);
    }
}
