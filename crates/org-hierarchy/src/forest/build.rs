//! A forest out of (role, parent) pairs, as they come from a store.

use super::{MAX_DEPTH, Node, RoleForest};
use crate::{RoleError, RoleId, RoleLabel};

impl RoleForest {
    /// An empty forest.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The forest that these (role, parent) pairs describe, in any order; no parent makes a root.
    ///
    /// # Errors
    /// - [`RoleError::Exists`]: a role is listed twice.
    /// - [`RoleError::Unknown`]: a parent is not listed as a role.
    /// - [`RoleError::Cycle`]: a role is its own ancestor.
    /// - [`RoleError::TooDeep`]: there are more than [`MAX_DEPTH`] levels.
    ///
    /// # Complexity
    /// O(n log n), n the number of pairs.
    ///
    /// # Examples
    /// ```
    /// use vestibule_org_hierarchy::{RoleForest, RoleId};
    ///
    /// let [a, b] = [1, 2].map(RoleId::from_u128);
    /// assert_eq!(RoleForest::build([(b, Some(a)), (a, None)])?.len(), 2);
    ///
    /// let circle = RoleForest::build([(a, Some(b)), (b, Some(a))]);
    /// assert_eq!(circle.unwrap_err().code(), "role_cycle");
    /// # Ok::<(), vestibule_org_hierarchy::RoleError>(())
    /// ```
    pub fn build(pairs: impl IntoIterator<Item = (RoleId, Option<RoleId>)>) -> Result<Self, RoleError> {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        // In id order every list of children comes out sorted, and the same pairs give the same error.
        pairs.sort_unstable();
        let mut forest = Self::default();
        for (role, _) in &pairs {
            if forest.contains(*role) {
                return Err(RoleError::Exists { role: *role });
            }
            forest.occupy(*role);
        }
        for (role, parent) in &pairs {
            forest.link(*role, *parent)?;
        }
        forest.renumber();
        if forest.preorder.len() < pairs.len() {
            return Err(RoleError::Cycle {
                role: forest.role_on_a_cycle(&pairs),
            });
        }
        match forest
            .preorder
            .iter()
            .filter_map(|slot| forest.node(*slot))
            .find(|node| node.depth > MAX_DEPTH)
        {
            Some(node) => Err(RoleError::TooDeep { role: node.id }),
            None => Ok(forest),
        }
    }

    /// Gives a role a slot, without a place in the forest yet.
    pub(super) fn occupy(&mut self, role: RoleId) -> u32 {
        let node = Node {
            id: role,
            parent: None,
            children: Vec::new(),
            depth: 0,
            label: RoleLabel { enter: 0, exit: 0 },
        };
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(None);
                // A forest of 2^32 roles wouldn't fit into memory.
                (self.slots.len() - 1) as u32
            }
        };
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = Some(node);
        }
        self.slot_of.insert(role, slot);
        slot
    }

    /// Puts a role that's in no list of children at its place in one, or among the roots.
    pub(super) fn link(&mut self, role: RoleId, parent: Option<RoleId>) -> Result<(), RoleError> {
        let (slot, _) = self.require(role)?;
        let above = parent
            .map(|parent| self.require(parent))
            .transpose()?
            .map(|(above, _)| above);
        let siblings = match above.and_then(|above| self.node(above)) {
            Some(node) => &node.children,
            None => &self.roots,
        };
        let place = siblings.partition_point(|sibling| self.id_at(*sibling) < Some(role));
        match above.and_then(|above| self.node_mut(above)) {
            Some(node) => node.children.insert(place, slot),
            None => self.roots.insert(place, slot),
        }
        if let Some(node) = self.node_mut(slot) {
            node.parent = above;
        }
        Ok(())
    }

    /// Given that not every role hangs below a root, one that is its own ancestor.
    fn role_on_a_cycle(&self, pairs: &[(RoleId, Option<RoleId>)]) -> RoleId {
        let mut reached = vec![false; self.slots.len()];
        for slot in &self.preorder {
            if let Some(place) = reached.get_mut(*slot as usize) {
                *place = true;
            }
        }
        let stray = pairs.iter().map(|(role, _)| *role).find(|role| {
            self.index(*role)
                .is_some_and(|index| reached.get(index.as_usize()) == Some(&false))
        });
        // A stray role hangs on a cycle; as many steps up as there are roles end on the cycle itself.
        let start = stray.unwrap_or(RoleId::from_u128(0));
        (0..pairs.len()).fold(start, |role, _| self.parent(role).unwrap_or(role))
    }
}
