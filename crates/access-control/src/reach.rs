//! Proof that something was decided: only this crate can make these values, so whoever is handed one needn't ask.

use vestibule_org_hierarchy::{Person, UserId};

use crate::decision::denial;
use crate::{Action, Decision, Denial, ObjectId, OwnerScope, Subject};

/// The records of one object that a subject reaches with an action, as a [`Snapshot`](crate::Snapshot) decided it.
///
/// A store of records takes a `Reach` and nothing else to say which records a query may touch: there is no way to
/// make one but [`Snapshot::reach`](crate::Snapshot::reach), so a query that nobody decided doesn't compile. Like
/// every scope it belongs to one version of the policy: decide, use, forget.
///
/// ```compile_fail,E0451
/// use vestibule_access_control::{Action, ObjectId, OwnerScope, Reach};
///
/// // Nobody says "everyone" without having been decided.
/// let forged = Reach { scope: OwnerScope::Everyone, ..unreachable!() };
/// ```
/// ```compile_fail,E0277
/// fn defaulted<T: Default>() {}
/// defaulted::<vestibule_access_control::Reach>();
/// ```
/// ```compile_fail
/// fn read<T: serde::de::DeserializeOwned>() {}
/// read::<vestibule_access_control::Reach>();
/// ```
#[derive(Clone, Debug)]
pub struct Reach {
    subject: Subject,
    action: Action,
    object: ObjectId,
    scope: OwnerScope,
    version: u64,
    people_in_scope: u64,
    people: u64,
    members: Option<Vec<UserId>>,
}

impl Reach {
    pub(crate) const fn new(
        subject: Subject,
        (action, object): (Action, ObjectId),
        scope: OwnerScope,
        version: u64,
        (people_in_scope, people): (u64, u64),
    ) -> Self {
        Self {
            subject,
            action,
            object,
            scope,
            version,
            people_in_scope,
            people,
            members: None,
        }
    }

    pub(crate) fn with_members(self, members: Option<Vec<UserId>>) -> Self {
        Self { members, ..self }
    }

    /// Who asked.
    #[must_use]
    pub const fn subject(&self) -> UserId {
        self.subject.id
    }

    /// What for.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// The object whose records are meant.
    #[must_use]
    pub const fn object(&self) -> ObjectId {
        self.object
    }

    /// Whose records are reached.
    #[must_use]
    pub const fn scope(&self) -> &OwnerScope {
        &self.scope
    }

    /// The version of the policy that it was decided at.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// How many users are in scope: what a list chooses its plan by, together with [`Reach::people`].
    #[must_use]
    pub const fn people_in_scope(&self) -> u64 {
        self.people_in_scope
    }

    /// How many users there are.
    #[must_use]
    pub const fn people(&self) -> u64 {
        self.people
    }

    /// The users in scope, ordered by id, where they are few and
    /// [`Snapshot::list_reach`](crate::Snapshot::list_reach) was asked; never for `Everyone`.
    #[must_use]
    pub fn members(&self) -> Option<&[UserId]> {
        self.members.as_deref()
    }

    /// Whether a record with these owners is reached.
    ///
    /// # Complexity
    /// O(k), k the number of owners; nothing is allocated.
    pub fn admits(&self, owners: &[Person]) -> Decision {
        if self.scope.reaches(owners) {
            Decision::Permit
        } else {
            Decision::Deny(denial(&self.subject, self.scope))
        }
    }

    /// The permit to view or delete one record with these owners, or to create it with them as proposed.
    ///
    /// # Errors
    /// The reason why not. For `edit` always [`Denial::OutOfReachAfterwards`], or why the record isn't reached in
    /// the first place: what becomes of the owners must be said, with [`Reach::permit_change`].
    pub fn permit(&self, owners: &[Person]) -> Result<Permit, Denial> {
        match self.admits(owners) {
            Decision::Deny(denial) => Err(denial),
            Decision::Permit if self.action == Action::Edit => Err(Denial::OutOfReachAfterwards),
            Decision::Permit => Ok(self.granted()),
        }
    }

    /// The permit to edit one record, given its owners before and after; both must be reached.
    ///
    /// For a change that leaves the owners alone, give the same owners twice.
    ///
    /// # Errors
    /// The reason why not: [`Denial::OutOfReachAfterwards`] where only the new owners are out of reach.
    pub fn permit_change(&self, before: &[Person], after: &[Person]) -> Result<Permit, Denial> {
        match (self.admits(before), self.scope.reaches(after)) {
            (Decision::Deny(denial), _) => Err(denial),
            (Decision::Permit, false) => Err(Denial::OutOfReachAfterwards),
            (Decision::Permit, true) => Ok(self.granted()),
        }
    }

    fn granted(&self) -> Permit {
        Permit {
            subject: self.subject.id,
            action: self.action,
            object: self.object,
        }
    }
}

/// A yes for one record: the store of records takes it along with the change it allows.
///
/// It comes from [`Reach::permit`] or [`Reach::permit_change`] only, and is used up by what it allows:
///
/// ```compile_fail,E0277
/// fn copied<T: Clone>() {}
/// copied::<vestibule_access_control::Permit>();
/// ```
/// ```compile_fail,E0451
/// use vestibule_access_control::Permit;
///
/// let forged = Permit { subject: unreachable!(), action: unreachable!(), object: unreachable!() };
/// ```
/// ```compile_fail,E0277
/// fn defaulted<T: Default>() {}
/// defaulted::<vestibule_access_control::Permit>();
/// ```
#[derive(Debug)]
#[must_use]
pub struct Permit {
    subject: UserId,
    action: Action,
    object: ObjectId,
}

impl Permit {
    /// What is allowed.
    #[must_use]
    pub const fn action(&self) -> Action {
        self.action
    }

    /// The object of the record.
    #[must_use]
    pub const fn object(&self) -> ObjectId {
        self.object
    }

    /// Who may.
    #[must_use]
    pub const fn subject(&self) -> UserId {
        self.subject
    }
}
