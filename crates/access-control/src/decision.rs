use vestibule_org_hierarchy::Person;

use crate::{Action, EndedReason, ObjectPermissions, OwnerScope, Standing, Subject, compile};

/// The answer to "may this subject do this?". There is always one: deciding cannot fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[must_use]
pub enum Decision {
    /// Yes.
    Permit,
    /// No, and why.
    Deny(Denial),
}

/// Why a decision is no. For logs and for the subject's administrators: it may tell that a record exists, so don't
/// show it to a subject who may not see the record (see [`Outcome`](crate::Outcome)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Denial {
    /// The subject is denied everything.
    Ended(EndedReason),
    /// The effective level is `none`.
    NotGranted,
    /// The level reaches some records, but not this one.
    OutOfReach,
    /// The record is within reach, but wouldn't be after the change.
    OutOfReachAfterwards,
}

impl Decision {
    /// Whether the answer is yes.
    #[inline]
    #[must_use]
    pub const fn is_permit(self) -> bool {
        matches!(self, Self::Permit)
    }
}

impl Denial {
    /// The stable word: `subject_ended`, `not_granted`, `out_of_reach` or `out_of_reach_afterwards`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ended(_) => "subject_ended",
            Self::NotGranted => "not_granted",
            Self::OutOfReach => "out_of_reach",
            Self::OutOfReachAfterwards => "out_of_reach_afterwards",
        }
    }
}

/// Whether a subject may do something with a record that has these owners (for `create`: is proposed with them).
///
/// The subject's scope, asked for one record. `permissions` must be those of the subject's profile on the record's
/// object; all labels must come from the same version of the role forest. For an edit that may change owners use
/// [`decide_edit`].
///
/// # Complexity
/// O(k), k the number of owners; nothing is allocated.
///
/// # Examples
/// ```
/// use vestibule_access_control::{
///     Action, Decision, Denial, Level, ObjectPermissions, Person, ProfileId, RoleForest, RoleId, Standing, Subject,
///     UserId, decide,
/// };
///
/// let [lead_role, rep_role] = [1, 2].map(RoleId::from_u128);
/// let forest = RoleForest::build([(lead_role, None), (rep_role, Some(lead_role))])?;
/// let lead = Subject {
///     id: UserId::from_u128(1),
///     role: forest.label(lead_role),
///     profile: ProfileId::from_u128(1),
///     standing: Standing::Good,
/// };
/// let rep = Person::new(UserId::from_u128(2), forest.label(rep_role));
///
/// let reports = ObjectPermissions::all(Level::OwnAndReports);
/// assert_eq!(decide(&lead, Action::View, &reports, &[rep]), Decision::Permit);
/// assert_eq!(decide(&lead, Action::View, &reports, &[]), Decision::Deny(Denial::OutOfReach));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[inline]
pub fn decide(
    subject: &Subject,
    action: Action,
    permissions: &ObjectPermissions,
    owners: &[Person],
) -> Decision {
    let scope = compile(subject, action, permissions);
    if scope.reaches(owners) {
        Decision::Permit
    } else {
        Decision::Deny(denial(subject, scope))
    }
}

/// Whether a subject may make a record with these proposed owners.
///
/// Give the owners as they would be stored: where the request leaves out every ownership field, the first one has
/// defaulted to the creator already; none at all proposes an unowned record, which needs `anyone`.
///
/// # Complexity
/// O(k), k the number of owners; nothing is allocated.
#[inline]
pub fn decide_create(subject: &Subject, permissions: &ObjectPermissions, proposed: &[Person]) -> Decision {
    decide(subject, Action::Create, permissions, proposed)
}

/// Whether a subject may edit a record, given its owners before and after the change.
///
/// Both must be within reach, so that a record can be neither grabbed nor dumped out of reach. For a change that
/// leaves the owners alone, give the same owners twice.
///
/// # Complexity
/// O(k), k the number of owners before and after; nothing is allocated.
///
/// # Examples
/// ```
/// use vestibule_access_control::{
///     Decision, Denial, Level, ObjectPermissions, Person, ProfileId, Standing, Subject, UserId, decide_edit,
/// };
///
/// let [ana, ben] = [1, 2].map(UserId::from_u128);
/// let subject = Subject { id: ana, role: None, profile: ProfileId::from_u128(1), standing: Standing::Good };
/// let own = ObjectPermissions::all(Level::Own);
/// let (mine, theirs) = ([Person::new(ana, None)], [Person::new(ben, None)]);
///
/// assert_eq!(decide_edit(&subject, &own, &mine, &mine), Decision::Permit);
/// let give_away = decide_edit(&subject, &own, &mine, &theirs);
/// assert_eq!(give_away, Decision::Deny(Denial::OutOfReachAfterwards));
/// let grab = decide_edit(&subject, &own, &theirs, &mine);
/// assert_eq!(grab, Decision::Deny(Denial::OutOfReach));
/// ```
#[inline]
pub fn decide_edit(
    subject: &Subject,
    permissions: &ObjectPermissions,
    before: &[Person],
    after: &[Person],
) -> Decision {
    let scope = compile(subject, Action::Edit, permissions);
    match (scope.reaches(before), scope.reaches(after)) {
        (true, true) => Decision::Permit,
        (true, false) => Decision::Deny(Denial::OutOfReachAfterwards),
        (false, _) => Decision::Deny(denial(subject, scope)),
    }
}

#[cold]
pub(crate) fn denial(subject: &Subject, scope: OwnerScope) -> Denial {
    match (subject.standing, scope) {
        (Standing::Ended(reason), _) => Denial::Ended(reason),
        (Standing::Good, OwnerScope::Nobody) => Denial::NotGranted,
        (Standing::Good, _) => Denial::OutOfReach,
    }
}
