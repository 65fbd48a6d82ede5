//! Adding, moving and removing roles. Every change checks first and applies afterwards.

use super::{MAX_DEPTH, RoleForest};
use crate::{RoleError, RoleId};

impl RoleForest {
    /// Adds a role below a parent, or as a root.
    ///
    /// # Errors
    /// - [`RoleError::Exists`]: the role is already there.
    /// - [`RoleError::Unknown`]: the parent isn't.
    /// - [`RoleError::TooDeep`]: the parent is on level [`MAX_DEPTH`].
    ///
    /// # Complexity
    /// O(n), n the number of roles, for the new labels.
    pub fn add(&mut self, role: RoleId, parent: Option<RoleId>) -> Result<(), RoleError> {
        if self.contains(role) {
            return Err(RoleError::Exists { role });
        }
        if self.level_of(parent)? + 1 > MAX_DEPTH {
            return Err(RoleError::TooDeep { role });
        }
        self.occupy(role);
        self.link(role, parent)?;
        self.renumber();
        Ok(())
    }

    /// Moves a role with everything below it under another parent, or makes it a root.
    ///
    /// Moving a role to where it already is changes nothing.
    ///
    /// # Errors
    /// - [`RoleError::Unknown`]: the role or the new parent isn't there.
    /// - [`RoleError::Cycle`]: the new parent is the role itself or below it.
    /// - [`RoleError::TooDeep`]: the lowest role below would be deeper than [`MAX_DEPTH`] levels.
    ///
    /// # Complexity
    /// O(n), n the number of roles, for the new labels.
    ///
    /// # Examples
    /// ```
    /// use vestibule_org_hierarchy::{RoleForest, RoleId};
    ///
    /// let [ceo, sales, rep] = [1, 2, 3].map(RoleId::from_u128);
    /// let mut forest = RoleForest::build([(ceo, None), (sales, Some(ceo)), (rep, Some(sales))])?;
    ///
    /// assert_eq!(forest.move_role(sales, Some(rep)).unwrap_err().code(), "role_cycle");
    /// assert!(forest.is_strict_descendant(rep, ceo), "a refused move changes nothing");
    ///
    /// forest.move_role(sales, None)?;
    /// assert!(!forest.is_strict_descendant(rep, ceo));
    /// # Ok::<(), vestibule_org_hierarchy::RoleError>(())
    /// ```
    pub fn move_role(&mut self, role: RoleId, new_parent: Option<RoleId>) -> Result<(), RoleError> {
        self.check_move(role, role, new_parent)?;
        self.unlink(role);
        self.link(role, new_parent)?;
        self.renumber();
        Ok(())
    }

    /// Removes a role and hands its children, with everything below them, to another role, or makes them roots.
    ///
    /// Whether a role that still has users may go is for the caller to know: this crate has no users.
    ///
    /// # Errors
    /// - [`RoleError::Unknown`]: the role, or the one that takes the children, isn't there.
    /// - [`RoleError::Cycle`]: the one that takes the children is the role itself or below it.
    /// - [`RoleError::TooDeep`]: the lowest role handed over would be deeper than [`MAX_DEPTH`] levels.
    ///
    /// # Complexity
    /// O(n), n the number of roles, for the new labels.
    pub fn remove(&mut self, role: RoleId, move_children_to: Option<RoleId>) -> Result<(), RoleError> {
        self.require(role)?;
        let children: Vec<RoleId> = self.children(role).collect();
        if move_children_to == Some(role) {
            return Err(RoleError::Cycle { role });
        }
        self.level_of(move_children_to)?;
        for child in &children {
            self.check_move(*child, role, move_children_to)?;
        }
        self.unlink(role);
        if let Some(slot) = self.slot_of.remove(&role) {
            if let Some(place) = self.slots.get_mut(slot as usize) {
                *place = None;
            }
            self.free.push(slot);
        }
        for child in &children {
            self.link(*child, move_children_to)?;
        }
        self.renumber();
        Ok(())
    }

    /// The level of a parent, 0 for none.
    fn level_of(&self, parent: Option<RoleId>) -> Result<u32, RoleError> {
        parent.map_or(Ok(0), |parent| self.require(parent).map(|(_, node)| node.depth))
    }

    /// Whether `role` may hang below `new_parent`, which must be outside the subtree of `outside`.
    fn check_move(&self, role: RoleId, outside: RoleId, new_parent: Option<RoleId>) -> Result<(), RoleError> {
        let depth = self.require(role)?.1.depth;
        let level = self.level_of(new_parent)?;
        if new_parent.is_some_and(|parent| parent == outside || self.is_strict_descendant(parent, outside)) {
            return Err(RoleError::Cycle { role });
        }
        let below = self.subtree(role).unwrap_or_default();
        let lowest = below
            .iter()
            .filter_map(|slot| self.node(*slot))
            .map(|node| node.depth)
            .max();
        // INVARIANT: the subtree holds the role itself, so the lowest level is never above the role's own.
        let height = lowest.unwrap_or(depth).saturating_sub(depth) + 1;
        if level + height > MAX_DEPTH {
            Err(RoleError::TooDeep { role })
        } else {
            Ok(())
        }
    }

    /// Takes a role out of the list it's in.
    fn unlink(&mut self, role: RoleId) {
        let Ok((slot, node)) = self.require(role) else {
            return;
        };
        let siblings = match node.parent {
            Some(parent) => self.node_mut(parent).map(|node| &mut node.children),
            None => Some(&mut self.roots),
        };
        if let Some(siblings) = siblings {
            siblings.retain(|sibling| *sibling != slot);
        }
    }
}
