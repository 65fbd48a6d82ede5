use vestibule_org_hierarchy::{Person, RoleLabel, UserId};

use crate::{Action, Level, ObjectPermissions, Standing, Subject};

/// Whose records a subject reaches with an action: the one definition behind single checks and lists.
///
/// It is plain data. A check asks [`OwnerScope::reaches`]; a list turns the same value into a predicate over the
/// owners of a record. In SQL, with `o` the owner of a record and `r` the owner's role:
///
/// | scope | predicate |
/// | --- | --- |
/// | `Nobody` | `false` |
/// | `Myself(me)` | some owner with `o.id = me` |
/// | `MyselfAnd { me, roles }` | some owner with `o.id = me OR r.enter BETWEEN first_enter AND last_enter` |
/// | `Everyone` | `true`, also for records without an owner |
///
/// Every bound is inclusive. An owner without a role is in no interval, and a record without an owner is reached by
/// `Everyone` only. The labels belong to one version of the role forest: don't keep a scope across a change of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(tag = "kind", content = "owners", rename_all = "snake_case")
)]
pub enum OwnerScope {
    /// No record at all.
    Nobody,
    /// Records this user owns.
    Myself(UserId),
    /// Records this user owns, and those of anybody whose role is in the interval.
    MyselfAnd {
        /// The subject.
        me: UserId,
        /// The roles of the other owners.
        roles: RoleInterval,
    },
    /// Every record, unowned ones included.
    Everyone,
}

/// The roles whose label enters between two numbers, both inclusive; never empty when made by [`compile`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RoleInterval {
    /// The lowest `enter` in the interval.
    pub first_enter: u32,
    /// The highest `enter` in the interval.
    pub last_enter: u32,
}

impl RoleInterval {
    /// The roles strictly below a role; `None` for a leaf, which has none below.
    #[must_use]
    pub const fn below(role: RoleLabel) -> Option<Self> {
        if role.exit <= role.enter {
            return None;
        }
        Some(Self {
            first_enter: role.enter + 1,
            last_enter: role.exit,
        })
    }

    /// A role and those strictly below it.
    #[must_use]
    pub const fn at_and_below(role: RoleLabel) -> Self {
        Self {
            first_enter: role.enter,
            last_enter: role.exit,
        }
    }

    /// Whether the role with this label is in the interval.
    ///
    /// # Complexity
    /// O(1): two comparisons, no branch.
    #[inline]
    #[must_use]
    pub const fn contains(&self, role: RoleLabel) -> bool {
        self.holds(role.enter)
    }

    /// Whether the role that the walk enters at this number is in the interval.
    #[inline]
    pub(crate) const fn holds(&self, enter: u32) -> bool {
        (self.first_enter <= enter) & (enter <= self.last_enter)
    }

    /// How many roles the interval spans.
    #[must_use]
    pub const fn role_count(&self) -> u32 {
        match self.last_enter.checked_sub(self.first_enter) {
            Some(steps) => steps.saturating_add(1),
            None => 0,
        }
    }
}

impl OwnerScope {
    /// Whether records of this owner are reached.
    ///
    /// # Complexity
    /// O(1).
    #[inline]
    #[must_use]
    pub fn contains(&self, owner: Person) -> bool {
        match self {
            Self::Nobody => false,
            Self::Myself(me) => owner.id == *me,
            Self::MyselfAnd { me, roles } => {
                owner.id == *me || owner.role.is_some_and(|role| roles.contains(role))
            }
            Self::Everyone => true,
        }
    }

    /// Whether a record with exactly these owners is reached: any owner does, none needs `Everyone`.
    ///
    /// # Complexity
    /// O(k), k the number of owners; nothing is allocated.
    ///
    /// # Examples
    /// ```
    /// use vestibule_access_control::{OwnerScope, Person, UserId};
    ///
    /// let me = UserId::from_u128(1);
    /// let stranger = Person::new(UserId::from_u128(2), None);
    ///
    /// assert!(OwnerScope::Myself(me).reaches(&[stranger, Person::new(me, None)]));
    /// assert!(!OwnerScope::Myself(me).reaches(&[stranger]));
    /// assert!(!OwnerScope::Myself(me).reaches(&[]), "an unowned record is reached by everyone's scope only");
    /// assert!(OwnerScope::Everyone.reaches(&[]));
    /// ```
    #[inline]
    #[must_use]
    pub fn reaches(&self, owners: &[Person]) -> bool {
        matches!(self, Self::Everyone) || owners.iter().any(|owner| self.contains(*owner))
    }
}

/// The scope of a subject for an action, under the permissions of the subject's profile on the object.
///
/// `permissions` must be those of `subject.profile`, and `subject.role` must come from the same version of the role
/// forest as the labels of the owners that are asked about.
///
/// # Complexity
/// O(1); nothing is allocated.
///
/// # Examples
/// ```
/// use vestibule_access_control::{
///     Action, EndedReason, Level, ObjectPermissions, OwnerScope, ProfileId, RoleInterval, RoleLabel, Standing,
///     Subject, UserId, compile,
/// };
///
/// let lead = Subject {
///     id: UserId::from_u128(1),
///     role: Some(RoleLabel { enter: 3, exit: 8 }),
///     profile: ProfileId::from_u128(1),
///     standing: Standing::Good,
/// };
/// let permissions = ObjectPermissions::all(Level::OwnAndReports);
/// let scope = compile(&lead, Action::View, &permissions);
/// let roles = RoleInterval { first_enter: 4, last_enter: 8 };
/// assert_eq!(scope, OwnerScope::MyselfAnd { me: lead.id, roles });
///
/// let revoked = Subject { standing: Standing::Ended(EndedReason::Revoked), ..lead };
/// assert_eq!(compile(&revoked, Action::View, &ObjectPermissions::ANYONE), OwnerScope::Nobody);
/// ```
#[inline]
#[must_use]
pub fn compile(subject: &Subject, action: Action, permissions: &ObjectPermissions) -> OwnerScope {
    if subject.standing != Standing::Good {
        return OwnerScope::Nobody;
    }
    let me = subject.id;
    let roles = match permissions.effective(action) {
        Level::None => return OwnerScope::Nobody,
        Level::Anyone => return OwnerScope::Everyone,
        Level::Own => None,
        Level::OwnAndReports => subject.role.and_then(RoleInterval::below),
        Level::OwnPeersAndReports => subject.role.map(RoleInterval::at_and_below),
    };
    match roles {
        Some(roles) => OwnerScope::MyselfAnd { me, roles },
        None => OwnerScope::Myself(me),
    }
}
