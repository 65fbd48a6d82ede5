//! The forest and what it answers. Changing it is in [`change`], numbering it in [`numbering`].

use std::collections::HashMap;
use std::ops::RangeInclusive;

use crate::{RoleError, RoleId, RoleLabel};

mod build;
mod change;
mod numbering;

/// How many levels of roles there may be, counting a root as level 1: 64 are accepted, 65 are refused.
pub const MAX_DEPTH: u32 = 64;

/// A small number for a role, for tables that are indexed instead of hashed.
///
/// Stays the same while the role exists, through every move. Numbers start at 0, stay below
/// [`RoleForest::index_bound`], and a removed role's number is given to a later one. It is *not* the label and
/// means nothing outside the forest that gave it: don't store it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleIndex(u32);

impl RoleIndex {
    /// The number, for indexing.
    #[must_use]
    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }

    /// The number, for compact storage.
    #[must_use]
    pub const fn as_u32(self) -> u32 {
        self.0
    }
}

/// The roles of one organization as a forest: who is above, who is below, in constant time.
///
/// Any number of roots; a role has at most one parent; at most [`MAX_DEPTH`] levels. Siblings are ordered by id, so
/// the same set of (role, parent) pairs always gets the same labels, however it came about.
///
/// Changes check first and then apply: a refused one leaves the forest as it was. Two changes decided on two
/// *copies* of a forest can still make a cycle together, so whoever stores the forest serializes changes to it.
///
/// # Examples
/// ```
/// use vestibule_org_hierarchy::{RoleForest, RoleId};
///
/// let [ceo, sales, rep] = [1, 2, 3].map(RoleId::from_u128);
/// let mut forest = RoleForest::build([(ceo, None), (sales, Some(ceo)), (rep, Some(sales))])?;
///
/// assert!(forest.is_strict_descendant(rep, ceo));
/// assert!(!forest.is_strict_descendant(ceo, ceo));
/// assert_eq!(forest.ancestors(rep).collect::<Vec<_>>(), [sales, ceo]);
///
/// let refused = forest.move_role(ceo, Some(rep)).unwrap_err();
/// assert_eq!(refused.code(), "role_cycle");
/// # Ok::<(), vestibule_org_hierarchy::RoleError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct RoleForest {
    /// INVARIANT: a slot is `None` exactly when it's in `free`.
    slots: Vec<Option<Node>>,
    free: Vec<u32>,
    slot_of: HashMap<RoleId, u32>,
    /// INVARIANT: sorted by role id, like every `Node::children`.
    roots: Vec<u32>,
    /// INVARIANT: the slot at position `n` holds the role whose label enters at `n`.
    preorder: Vec<u32>,
}

#[derive(Clone, Debug)]
struct Node {
    id: RoleId,
    parent: Option<u32>,
    children: Vec<u32>,
    depth: u32,
    label: RoleLabel,
}

impl RoleForest {
    /// How many roles there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.preorder.len()
    }

    /// Whether there is no role at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.preorder.is_empty()
    }

    /// Whether the role is in this forest.
    #[must_use]
    pub fn contains(&self, role: RoleId) -> bool {
        self.slot_of.contains_key(&role)
    }

    /// Every role with its parent, parents before children: [`RoleForest::build`] makes the same forest of them.
    pub fn iter(&self) -> impl Iterator<Item = (RoleId, Option<RoleId>)> + '_ {
        let nodes = self.preorder.iter().filter_map(|slot| self.node(*slot));
        nodes.map(|node| (node.id, node.parent.and_then(|parent| self.id_at(parent))))
    }

    /// The roles without a parent, ordered by id.
    pub fn roots(&self) -> impl Iterator<Item = RoleId> + '_ {
        self.ids(&self.roots)
    }

    /// The role right above; `None` for a root and for a role this forest doesn't have.
    #[must_use]
    pub fn parent(&self, role: RoleId) -> Option<RoleId> {
        self.find(role)?.parent.and_then(|parent| self.id_at(parent))
    }

    /// The roles right below, ordered by id; none for a role this forest doesn't have.
    pub fn children(&self, role: RoleId) -> impl Iterator<Item = RoleId> + '_ {
        self.ids(self.find(role).map_or(&[], |node| &node.children))
    }

    /// The level of a role, 1 for a root, at most [`MAX_DEPTH`]; `None` for a role this forest doesn't have.
    #[must_use]
    pub fn depth(&self, role: RoleId) -> Option<u32> {
        self.find(role).map(|node| node.depth)
    }

    /// The roles above, from the parent up to the root.
    ///
    /// # Complexity
    /// O(d), d the depth of the role (at most 64).
    pub fn ancestors(&self, role: RoleId) -> impl Iterator<Item = RoleId> + '_ {
        std::iter::successors(self.parent(role), |above| self.parent(*above))
    }

    /// The roles strictly below at any depth, parents before children; none for a role this forest doesn't have.
    ///
    /// # Complexity
    /// O(k), k the number of roles below.
    pub fn descendants(&self, role: RoleId) -> impl Iterator<Item = RoleId> + '_ {
        let below = self
            .subtree(role)
            .and_then(|all| all.split_first())
            .map_or(&[][..], |(_, below)| below);
        self.ids(below)
    }

    /// Whether `role` is below `ancestor`, at any depth; false for the role itself and for unknown roles.
    ///
    /// # Complexity
    /// O(1).
    #[must_use]
    pub fn is_strict_descendant(&self, role: RoleId, ancestor: RoleId) -> bool {
        match (self.label(role), self.label(ancestor)) {
            (Some(role), Some(ancestor)) => role.is_strictly_below(ancestor),
            _ => false,
        }
    }

    /// The roles on the way from one role to another, both included, over their closest common ancestor.
    ///
    /// `None` when the two are in different trees, or one is unknown.
    ///
    /// # Complexity
    /// O(d), d the deeper of both depths (at most 64).
    ///
    /// # Examples
    /// ```
    /// # use vestibule_org_hierarchy::{RoleForest, RoleId};
    /// let [ceo, sales, rep, legal, board] = [1, 2, 3, 4, 5].map(RoleId::from_u128);
    /// let pairs = [(ceo, None), (sales, Some(ceo)), (rep, Some(sales)), (legal, Some(ceo)), (board, None)];
    /// let forest = RoleForest::build(pairs)?;
    ///
    /// assert_eq!(forest.path(ceo, rep), Some(vec![ceo, sales, rep]));
    /// assert_eq!(forest.path(rep, legal), Some(vec![rep, sales, ceo, legal]));
    /// assert_eq!(forest.path(rep, board), None);
    /// # Ok::<(), vestibule_org_hierarchy::RoleError>(())
    /// ```
    #[must_use]
    pub fn path(&self, from: RoleId, to: RoleId) -> Option<Vec<RoleId>> {
        if !self.contains(to) {
            return None;
        }
        let is_above_to = |role: &RoleId| *role == to || self.is_strict_descendant(to, *role);
        let mut path = vec![from];
        while let Some(last) = path.last().filter(|last| !is_above_to(last)) {
            path.push(self.parent(*last)?);
        }
        let top = *path.last()?;
        let up = path.len();
        path.extend(
            std::iter::once(to)
                .chain(self.ancestors(to))
                .take_while(|role| *role != top),
        );
        if let Some(down) = path.get_mut(up..) {
            down.reverse();
        }
        Some(path)
    }

    /// The label of a role in this version of the forest; `None` for a role this forest doesn't have.
    ///
    /// # Complexity
    /// O(1): one hash look-up.
    #[must_use]
    pub fn label(&self, role: RoleId) -> Option<RoleLabel> {
        self.find(role).map(|node| node.label)
    }

    /// Every role with its label, in label order.
    pub fn labels(&self) -> impl Iterator<Item = (RoleId, RoleLabel)> + '_ {
        self.preorder
            .iter()
            .filter_map(|slot| self.node(*slot))
            .map(|node| (node.id, node.label))
    }

    /// The roles whose label is not the one given for them, or that were given none: what a store has to write.
    ///
    /// `stored` are the labels as last written (from the store, or [`RoleForest::labels`] of the forest before the
    /// change). Roles that are only in `stored` were removed and are not listed. In label order.
    ///
    /// # Complexity
    /// O(n), n the number of roles in either.
    ///
    /// # Examples
    /// ```
    /// # use vestibule_org_hierarchy::{RoleForest, RoleId, RoleLabel};
    /// let [ceo, sales, legal] = [1, 2, 3].map(RoleId::from_u128);
    /// let before = RoleForest::build([(ceo, None), (sales, Some(ceo)), (legal, None)])?;
    /// let mut after = before.clone();
    /// after.remove(legal, None)?;
    /// assert_eq!(after.changed_labels(before.labels()), [], "nothing comes after the removed role");
    ///
    /// after.move_role(sales, None)?;
    /// assert_eq!(after.changed_labels(before.labels()), [(ceo, RoleLabel { enter: 0, exit: 0 })]);
    /// # Ok::<(), vestibule_org_hierarchy::RoleError>(())
    /// ```
    #[must_use]
    pub fn changed_labels(
        &self,
        stored: impl IntoIterator<Item = (RoleId, RoleLabel)>,
    ) -> Vec<(RoleId, RoleLabel)> {
        let stored: HashMap<RoleId, RoleLabel> = stored.into_iter().collect();
        self.labels()
            .filter(|(role, label)| stored.get(role) != Some(label))
            .collect()
    }

    /// The role that carries this label; `None` for a label of another version of the forest that no role has now.
    ///
    /// # Complexity
    /// O(1).
    #[must_use]
    pub fn role_labelled(&self, label: RoleLabel) -> Option<RoleId> {
        let node = self.node(*self.preorder.get(label.enter as usize)?)?;
        (node.label == label).then_some(node.id)
    }

    /// The index of a role; `None` for a role this forest doesn't have.
    #[must_use]
    pub fn index(&self, role: RoleId) -> Option<RoleIndex> {
        self.slot_of.get(&role).copied().map(RoleIndex)
    }

    /// The role that has an index at present.
    #[must_use]
    pub fn role_at(&self, index: RoleIndex) -> Option<RoleId> {
        self.id_at(index.0)
    }

    /// The label of the role that has an index at present.
    ///
    /// # Complexity
    /// O(1), without hashing.
    #[must_use]
    pub fn label_at(&self, index: RoleIndex) -> Option<RoleLabel> {
        self.node(index.0).map(|node| node.label)
    }

    /// Every index in use is below this: the size of a table that has a place for each role.
    #[must_use]
    pub fn index_bound(&self) -> usize {
        self.slots.len()
    }

    fn node(&self, slot: u32) -> Option<&Node> {
        self.slots.get(slot as usize)?.as_ref()
    }

    fn node_mut(&mut self, slot: u32) -> Option<&mut Node> {
        self.slots.get_mut(slot as usize)?.as_mut()
    }

    fn find(&self, role: RoleId) -> Option<&Node> {
        self.node(*self.slot_of.get(&role)?)
    }

    fn require(&self, role: RoleId) -> Result<(u32, &Node), RoleError> {
        let slot = *self.slot_of.get(&role).ok_or(RoleError::Unknown { role })?;
        self.node(slot)
            .map(|node| (slot, node))
            .ok_or(RoleError::Unknown { role })
    }

    fn id_at(&self, slot: u32) -> Option<RoleId> {
        self.node(slot).map(|node| node.id)
    }

    fn ids<'a>(&'a self, slots: &'a [u32]) -> impl Iterator<Item = RoleId> + 'a {
        slots.iter().filter_map(|slot| self.id_at(*slot))
    }

    /// The slots of a role and everything below it, the role first.
    fn subtree(&self, role: RoleId) -> Option<&[u32]> {
        let RoleLabel { enter, exit } = self.label(role)?;
        let range: RangeInclusive<usize> = enter as usize..=exit as usize;
        self.preorder.get(range)
    }
}
