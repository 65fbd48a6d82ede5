/// Where a role stands in its forest, so that "is below" is two comparisons instead of a walk.
///
/// Roles are numbered from 0 in the order of a walk that visits a parent before its children and a subtree before
/// the next sibling. `enter` is the role's own number; `exit` is the highest number in its subtree, **inclusive**,
/// so a leaf has `enter == exit`. The roles strictly below are exactly those whose `enter` is in
/// `enter + 1 ..= exit`; within one forest `enter` alone identifies the role.
///
/// A label means something only beside labels of the same version of the same forest: moving one role may relabel
/// others. Don't keep labels on anything but roles.
///
/// # Examples
/// ```
/// use vestibule_org_hierarchy::RoleLabel;
///
/// let head = RoleLabel { enter: 0, exit: 2 };
/// let rep = RoleLabel { enter: 2, exit: 2 };
/// assert!(rep.is_strictly_below(head));
/// assert!(!head.is_strictly_below(rep));
/// assert!(!head.is_strictly_below(head));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RoleLabel {
    /// The role's own number, from 0.
    pub enter: u32,
    /// The highest number in the role's subtree, inclusive; never less than `enter` in a label made by a forest.
    pub exit: u32,
}

impl RoleLabel {
    /// Whether the role with this label is a strict descendant, at any depth, of the role labelled `ancestor`.
    ///
    /// # Complexity
    /// O(1): two comparisons, no branch.
    #[inline]
    #[must_use]
    pub const fn is_strictly_below(self, ancestor: Self) -> bool {
        (self.enter > ancestor.enter) & (self.enter <= ancestor.exit)
    }

    /// How many roles are strictly below.
    ///
    /// # Complexity
    /// O(1).
    #[inline]
    #[must_use]
    pub const fn descendant_count(self) -> u32 {
        self.exit.saturating_sub(self.enter)
    }
}
