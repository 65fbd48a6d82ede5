//! What the outbox remembers of a mail until it is written.

use serde::{Deserialize, Serialize};
use time::Date;
use vestibule_persistence::ids::UserId;
use vestibule_persistence::outbox::MailKind;
use vestibule_persistence::users::User;

time::serde::format_description!(civil_date, Date, "[year]-[month]-[day]");

/// Everything a mail needs to know that its rows may no longer say when it is sent.
///
/// People are named by id only: names and addresses are read when the mail is written, so they are right, and
/// nothing personal outlives a deletion in the outbox. There is never a token inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
pub enum MailPayload {
    /// The first claim link, to a guest or a standard user.
    Invitation {
        /// Who asked for it; nobody on the command line.
        invited_by: Option<UserId>,
        /// The epochs under which the link was asked for.
        epochs: LinkEpochs,
    },
    /// Another claim link.
    ClaimLinkAgain {
        /// The epochs under which the link was asked for.
        epochs: LinkEpochs,
    },
    /// A link to choose a new password.
    PasswordReset {
        /// The epochs under which the link was asked for.
        epochs: LinkEpochs,
    },
    /// Access ends in a week.
    EndsInAWeek(AccessNotice),
    /// Access ends tomorrow.
    EndsTomorrow(AccessNotice),
    /// Access has ended.
    AccessEnded {
        /// Whose, until when, and who reads it.
        notice: AccessNotice,
        /// What ended it.
        cause: EndCause,
    },
    /// The last day has moved.
    AccessChanged {
        /// Whose, until when, and who reads it.
        notice: AccessNotice,
        /// How it moved.
        change: LastDayChange,
    },
}

/// The epochs of a user when a link was asked for. Once the user's have moved on, the link is no longer wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkEpochs {
    /// Moves on when access ends.
    pub access_epoch: i64,
    /// Moves on when a newer link is asked for.
    pub link_epoch: i64,
}

impl LinkEpochs {
    /// The user's present epochs.
    pub fn of(user: &User) -> Self {
        Self {
            access_epoch: user.access_epoch,
            link_epoch: user.link_epoch,
        }
    }
}

/// What a mail about a guest's access tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessNotice {
    /// Whose access.
    pub guest_id: UserId,
    /// Who reads it.
    pub audience: Audience,
    /// The last usable day.
    #[serde(with = "civil_date")]
    pub ends_on: Date,
    /// The IANA name of the zone that the day is meant in.
    pub zone: String,
}

/// Who reads a mail about a guest's access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The guest.
    Guest,
    /// The standard user who answers for the guest.
    Sponsor(UserId),
}

/// What ended an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndCause {
    /// Its last day has passed.
    Expired,
    /// Somebody revoked it.
    Revoked,
}

/// How a last day moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastDayChange {
    /// Later, for a guest who had access.
    Extended,
    /// In another way: earlier, or after access had ended.
    Other,
}

impl MailPayload {
    /// Which mail it is.
    pub fn kind(&self) -> MailKind {
        match self {
            Self::Invitation { .. } => MailKind::Invitation,
            Self::ClaimLinkAgain { .. } => MailKind::ClaimLinkAgain,
            Self::PasswordReset { .. } => MailKind::PasswordReset,
            Self::EndsInAWeek(_) => MailKind::EndsInAWeek,
            Self::EndsTomorrow(_) => MailKind::EndsTomorrow,
            Self::AccessEnded { .. } => MailKind::AccessEnded,
            Self::AccessChanged { .. } => MailKind::AccessChanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::date;

    use super::*;

    fn notice(audience: Audience) -> AccessNotice {
        AccessNotice {
            guest_id: UserId::from_u128(1),
            audience,
            ends_on: date!(2026 - 03 - 14),
            zone: "Europe/Berlin".to_owned(),
        }
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let epochs = LinkEpochs {
            access_epoch: 3,
            link_epoch: 4,
        };
        let sponsor = Audience::Sponsor(UserId::from_u128(2));
        for payload in [
            MailPayload::Invitation {
                invited_by: None,
                epochs,
            },
            MailPayload::Invitation {
                invited_by: Some(UserId::from_u128(9)),
                epochs,
            },
            MailPayload::ClaimLinkAgain { epochs },
            MailPayload::PasswordReset { epochs },
            MailPayload::EndsInAWeek(notice(Audience::Guest)),
            MailPayload::EndsTomorrow(notice(sponsor)),
            MailPayload::AccessEnded {
                notice: notice(sponsor),
                cause: EndCause::Revoked,
            },
            MailPayload::AccessChanged {
                notice: notice(Audience::Guest),
                change: LastDayChange::Other,
            },
        ] {
            let stored = serde_json::to_value(&payload).unwrap();
            assert_eq!(serde_json::from_value::<MailPayload>(stored).unwrap(), payload);
        }
    }

    #[test]
    fn the_stored_form_stays_readable_for_programs_of_other_versions() {
        let payload = MailPayload::AccessEnded {
            notice: notice(Audience::Guest),
            cause: EndCause::Expired,
        };
        assert_eq!(
            serde_json::to_value(payload).unwrap(),
            json!({
                "mail": "access_ended",
                "notice": {
                    "guest_id": "00000000-0000-0000-0000-000000000001",
                    "audience": "guest",
                    "ends_on": "2026-03-14",
                    "zone": "Europe/Berlin",
                },
                "cause": "expired",
            })
        );
    }
}
