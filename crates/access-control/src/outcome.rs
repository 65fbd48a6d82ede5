use vestibule_org_hierarchy::Person;

use crate::{Action, Decision, Denial, ObjectPermissions, Subject, decide, decide_create, decide_edit};

/// A decision as the subject may learn of it: done, refused, or "there is no such record".
///
/// A subject who may not view a record must get the same answer as for a record that doesn't exist, whatever they
/// tried. Over HTTP that is 2xx, 403 and 404.
///
/// # Examples
/// ```
/// use vestibule_access_control::{
///     Action, Denial, Level, ObjectPermissions, Outcome, Person, ProfileId, Standing, Subject, UserId,
/// };
///
/// let [ana, ben] = [1, 2].map(UserId::from_u128);
/// let subject = Subject { id: ana, role: None, profile: ProfileId::from_u128(1), standing: Standing::Good };
/// let of_ben = [Person::new(ben, None)];
///
/// let sees_all = ObjectPermissions { view: Level::Anyone, edit: Level::Own, ..ObjectPermissions::NONE };
/// assert_eq!(Outcome::of(&subject, Action::View, &sees_all, &of_ben), Outcome::Permitted);
/// let edit = Outcome::of(&subject, Action::Edit, &sees_all, &of_ben);
/// assert_eq!(edit, Outcome::Forbidden(Denial::OutOfReach));
///
/// let own = ObjectPermissions::all(Level::Own);
/// assert_eq!(Outcome::of(&subject, Action::Edit, &own, &of_ben), Outcome::Hidden);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Outcome {
    /// The subject may.
    Permitted,
    /// The subject sees the record, or proposed it, and may not.
    Forbidden(Denial),
    /// The subject may not see the record, so for them it doesn't exist. Carries no reason on purpose.
    Hidden,
}

impl Outcome {
    /// What becomes of an action on a record with these owners; for an edit that may change owners see
    /// [`Outcome::of_edit`].
    ///
    /// # Complexity
    /// O(k), k the number of owners; nothing is allocated.
    pub fn of(subject: &Subject, action: Action, permissions: &ObjectPermissions, owners: &[Person]) -> Self {
        match decide(subject, action, permissions, owners) {
            Decision::Permit => Self::Permitted,
            // A proposed record is the subject's own idea: there is nothing to hide.
            Decision::Deny(denial) if action == Action::Create => Self::Forbidden(denial),
            Decision::Deny(denial) => Self::refused(subject, permissions, owners, denial),
        }
    }

    /// What becomes of an edit, given the owners before and after; see [`decide_edit`].
    ///
    /// # Complexity
    /// O(k), k the number of owners before and after; nothing is allocated.
    pub fn of_edit(
        subject: &Subject,
        permissions: &ObjectPermissions,
        before: &[Person],
        after: &[Person],
    ) -> Self {
        match decide_edit(subject, permissions, before, after) {
            Decision::Permit => Self::Permitted,
            Decision::Deny(denial) => Self::refused(subject, permissions, before, denial),
        }
    }

    /// What becomes of a new record with these proposed owners; see [`decide_create`]. Never `Hidden`.
    ///
    /// # Complexity
    /// O(k), k the number of owners; nothing is allocated.
    pub fn of_create(subject: &Subject, permissions: &ObjectPermissions, proposed: &[Person]) -> Self {
        match decide_create(subject, permissions, proposed) {
            Decision::Permit => Self::Permitted,
            Decision::Deny(denial) => Self::Forbidden(denial),
        }
    }

    /// Whether the subject may.
    #[must_use]
    pub const fn is_permitted(self) -> bool {
        matches!(self, Self::Permitted)
    }

    fn refused(
        subject: &Subject,
        permissions: &ObjectPermissions,
        owners: &[Person],
        denial: Denial,
    ) -> Self {
        match decide(subject, Action::View, permissions, owners) {
            Decision::Permit => Self::Forbidden(denial),
            Decision::Deny(_) => Self::Hidden,
        }
    }
}
