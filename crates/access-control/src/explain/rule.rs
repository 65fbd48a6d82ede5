/// The rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Rule {
    /// No: the subject is denied everything.
    SubjectEnded,
    /// Yes: the level reaches every record.
    OwnedByAnyone,
    /// Yes: the subject is an owner.
    OwnedBySubject,
    /// Yes: an owner is the subject's report.
    OwnedByReport,
    /// Yes: an owner is the subject's peer.
    OwnedByPeer,
    /// No: the level is `none`.
    LevelNone,
    /// No: the level would do, or is above `none`, but `view` is lower and limits it.
    ViewTooLow,
    /// No: a record without an owner needs `anyone`.
    UnownedNeedsAnyone,
    /// No: the level reaches none of the owners.
    OwnersOutOfReach,
}

impl Rule {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SubjectEnded => "subject_ended",
            Self::OwnedByAnyone => "owned_by_anyone",
            Self::OwnedBySubject => "owned_by_subject",
            Self::OwnedByReport => "owned_by_report",
            Self::OwnedByPeer => "owned_by_peer",
            Self::LevelNone => "level_none",
            Self::ViewTooLow => "view_too_low",
            Self::UnownedNeedsAnyone => "unowned_needs_anyone",
            Self::OwnersOutOfReach => "owners_out_of_reach",
        }
    }

    /// The rule as an English sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SubjectEnded => "The user's access has ended, so everything is denied.",
            Self::OwnedByAnyone => "The level reaches every record, whoever owns it.",
            Self::OwnedBySubject => "The user owns the record.",
            Self::OwnedByReport => "One of the user's reports owns the record.",
            Self::OwnedByPeer => "One of the user's peers owns the record.",
            Self::LevelNone => "The profile grants this action on nobody's records.",
            Self::ViewTooLow => "The action needs the record to be viewable, and the view level is too low.",
            Self::UnownedNeedsAnyone => {
                "Nobody owns the record, so only the level for anyone's records reaches it."
            }
            Self::OwnersOutOfReach => "The level reaches none of the record's owners.",
        }
    }
}
