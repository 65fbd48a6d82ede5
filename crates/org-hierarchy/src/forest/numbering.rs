//! Depths and labels of the whole forest, given parents and children.

use super::RoleForest;
use crate::RoleLabel;

impl RoleForest {
    /// Numbers every role that can be reached from a root: depth, label and the order of the walk.
    ///
    /// # Complexity
    /// O(n), n the number of roles; no recursion, so no depth can overflow the stack.
    pub(super) fn renumber(&mut self) {
        let mut preorder = std::mem::take(&mut self.preorder);
        preorder.clear();
        let mut waiting: Vec<(u32, u32)> = self.roots.iter().rev().map(|root| (*root, 1)).collect();
        while let Some((slot, depth)) = waiting.pop() {
            // A forest of 2^32 roles wouldn't fit into memory.
            let enter = preorder.len() as u32;
            preorder.push(slot);
            if let Some(node) = self.node_mut(slot) {
                node.depth = depth;
                node.label = RoleLabel { enter, exit: enter };
                waiting.extend(node.children.iter().rev().map(|child| (*child, depth + 1)));
            }
        }
        // Backwards, every child is final before it extends its parent.
        for slot in preorder.iter().rev() {
            let Some((parent, exit)) = self
                .node(*slot)
                .and_then(|node| Some((node.parent?, node.label.exit)))
            else {
                continue;
            };
            if let Some(parent) = self.node_mut(parent) {
                parent.label.exit = parent.label.exit.max(exit);
            }
        }
        self.preorder = preorder;
    }
}
