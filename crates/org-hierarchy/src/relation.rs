use crate::{RoleLabel, UserId};

/// A user as far as the role forest is concerned: who, and at which role.
///
/// Deactivated, unclaimed, revoked and expired users are people too: they keep their role. Only deleted ones are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Person {
    /// Who it is.
    pub id: UserId,
    /// The label of the user's role in the present forest; `None` for a user without a role.
    pub role: Option<RoleLabel>,
}

impl Person {
    /// A user at a role, or at none.
    #[must_use]
    pub const fn new(id: UserId, role: Option<RoleLabel>) -> Self {
        Self { id, role }
    }
}

impl From<(UserId, Option<RoleLabel>)> for Person {
    fn from((id, role): (UserId, Option<RoleLabel>)) -> Self {
        Self { id, role }
    }
}

/// What one user is to another: the person themself, a report, a peer, or none of these.
///
/// - A **report** is a user whose role is a *strict descendant* of the other's role, at any depth.
/// - A **peer** is *another* user with the *same* role; sharing only a parent role doesn't count.
/// - A user without a role has no reports and no peers and is nobody's report or peer.
///
/// This is not the corporate reporting line: it says whose records a user may come to see, nothing else.
/// Ordered from the closest to the most distant.
///
/// # Examples
/// ```
/// use vestibule_org_hierarchy::{Person, Relation, RoleForest, RoleId, UserId};
///
/// let [head, rep] = [1, 2].map(RoleId::from_u128);
/// let forest = RoleForest::build([(head, None), (rep, Some(head))])?;
/// let hana = Person::new(UserId::from_u128(1), forest.label(head));
/// let rob = Person::new(UserId::from_u128(2), forest.label(rep));
/// let ruth = Person::new(UserId::from_u128(3), forest.label(rep));
/// let guest = Person::new(UserId::from_u128(4), None);
///
/// assert_eq!(Relation::of(rob, hana), Relation::Report);
/// assert_eq!(Relation::of(ruth, rob), Relation::Peer);
/// assert_eq!(Relation::of(hana, rob), Relation::Other, "a manager is no report of theirs");
/// assert_eq!(Relation::of(guest, hana), Relation::Other);
/// assert_eq!(Relation::of(guest, guest), Relation::Myself);
/// # Ok::<(), vestibule_org_hierarchy::RoleError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
pub enum Relation {
    /// The same user.
    Myself,
    /// A user whose role is strictly below.
    Report,
    /// Another user with the same role.
    Peer,
    /// Anyone else: managers, other branches, users without a role.
    Other,
}

impl Relation {
    /// What `person` is to `to`: `Report` means that `person` reports to `to`, not the other way round.
    ///
    /// Both labels must come from the same version of the same forest.
    ///
    /// # Complexity
    /// O(1).
    #[must_use]
    pub fn of(person: Person, to: Person) -> Self {
        if person.id == to.id {
            return Self::Myself;
        }
        match (person.role, to.role) {
            (Some(role), Some(above)) if role.is_strictly_below(above) => Self::Report,
            (Some(role), Some(same)) if role.enter == same.enter => Self::Peer,
            _ => Self::Other,
        }
    }

    /// The stable word: `myself`, `report`, `peer` or `other`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Myself => "myself",
            Self::Report => "report",
            Self::Peer => "peer",
            Self::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Person, Relation};
    use crate::{RoleForest, RoleId, UserId};

    fn person(id: u128, forest: &RoleForest, role: Option<u128>) -> Person {
        Person::new(
            UserId::from_u128(id),
            role.and_then(|role| forest.label(RoleId::from_u128(role))),
        )
    }

    /// 1 → {2 → 3, 4}, and 5 in a tree of its own.
    fn forest() -> RoleForest {
        let role = RoleId::from_u128;
        RoleForest::build([
            (role(1), None),
            (role(2), Some(role(1))),
            (role(3), Some(role(2))),
            (role(4), Some(role(1))),
            (role(5), None),
        ])
        .unwrap()
    }

    #[test]
    fn a_user_below_at_any_depth_is_a_report() {
        let forest = forest();
        let top = person(1, &forest, Some(1));
        assert_eq!(Relation::of(person(2, &forest, Some(2)), top), Relation::Report);
        assert_eq!(Relation::of(person(3, &forest, Some(3)), top), Relation::Report);
    }

    #[test]
    fn sharing_a_parent_role_makes_no_peers() {
        let forest = forest();
        let (left, right) = (person(1, &forest, Some(2)), person(2, &forest, Some(4)));
        assert_eq!(Relation::of(left, right), Relation::Other);
    }

    #[test]
    fn sharing_a_role_makes_peers_but_nobody_is_their_own_peer() {
        let forest = forest();
        let (a, b) = (person(1, &forest, Some(2)), person(2, &forest, Some(2)));
        assert_eq!(Relation::of(a, b), Relation::Peer);
        assert_eq!(Relation::of(a, a), Relation::Myself);
    }

    #[test]
    fn a_manager_and_another_tree_are_others() {
        let forest = forest();
        let low = person(1, &forest, Some(3));
        assert_eq!(Relation::of(person(2, &forest, Some(1)), low), Relation::Other);
        assert_eq!(Relation::of(person(3, &forest, Some(5)), low), Relation::Other);
    }

    #[test]
    fn two_users_without_a_role_are_not_peers() {
        let forest = forest();
        let (a, b) = (person(1, &forest, None), person(2, &forest, None));
        assert_eq!(Relation::of(a, b), Relation::Other);
        assert_eq!(Relation::of(a, person(3, &forest, Some(1))), Relation::Other);
        assert_eq!(Relation::of(person(3, &forest, Some(1)), a), Relation::Other);
    }
}
