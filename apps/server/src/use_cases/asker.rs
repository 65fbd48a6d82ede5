//! Who may ask about whose access.

use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::api_tokens::Scope;
use vestibule_persistence::ids::UserId;

use crate::caller::Caller;
use crate::error::UseCaseError;

/// Somebody who asks what somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A service with the scope `pdp`: asks about everybody, and is believed who owns records that are kept elsewhere.
    DecisionClient,
    /// A user who manages access: asks about everybody.
    AccessManager,
    /// Any other user, or a service that acts for one: asks about that user, and learns of a record or object that they
    /// may not see no more than of one that there isn't.
    Oneself(UserId),
}

impl Asker {
    /// Who asks.
    ///
    /// # Errors
    /// 403 `scope_missing` for a service that neither has the scope `pdp` nor acts for a user.
    pub fn of(caller: &Caller<'_>) -> Result<Self, UseCaseError> {
        match (&caller.subject, &caller.service) {
            // A service that acts for a user has exactly that user's rights.
            (Some(_), _) if caller.holds(Capability::ManageAccess) => Ok(Asker::AccessManager),
            (Some(subject), _) => Ok(Asker::Oneself(subject.user.id)),
            (None, Some(token)) if token.scopes.contains(Scope::Pdp) => Ok(Asker::DecisionClient),
            (None, _) => Err(UseCaseError::forbidden(
                "scope_missing",
                "this API token lacks the scope pdp",
            )),
        }
    }

    /// Whether everybody may be asked about.
    pub fn asks_about_everybody(self) -> bool {
        !matches!(self, Asker::Oneself(_))
    }

    /// Goes on when everybody may be asked about.
    ///
    /// # Errors
    /// 403 `not_about_oneself`.
    pub fn require_everybody(self) -> Result<(), UseCaseError> {
        match self {
            Asker::DecisionClient | Asker::AccessManager => Ok(()),
            Asker::Oneself(_) => Err(UseCaseError::forbidden(
                "not_about_oneself",
                "about others asks who manages access, or a service with the scope pdp",
            )),
        }
    }

    /// Goes on when this subject may be asked about; nobody knows one who is `None`.
    ///
    /// # Errors
    /// 403 `not_about_oneself`, whether or not there is such a user.
    pub fn require_about(self, subject: Option<UserId>) -> Result<(), UseCaseError> {
        match self {
            Asker::Oneself(me) if subject == Some(me) => Ok(()),
            _ => self.require_everybody(),
        }
    }
}
