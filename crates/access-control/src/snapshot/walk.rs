//! The walk through the role forest, with the users met on it: how many hold the roles of an interval, and who.

use std::sync::Arc;

use vestibule_org_hierarchy::{RoleForest, RoleLabel};

use super::users::{NO_ROLE, User};
use crate::RoleInterval;

/// The roles in label order: every table is by the number at which the walk enters a role.
#[derive(Clone, Debug)]
pub(super) struct RoleWalk {
    exits: Arc<[u32]>,
    /// The role above, or [`NO_ROLE`].
    parents: Arc<[u32]>,
    /// Where a role's users start in `members`; one more than there are roles.
    starts: Arc<[u32]>,
    /// The places of the users with a role, in the order of the walk.
    members: Arc<[u32]>,
}

impl RoleWalk {
    /// The walk through a forest, before anybody was met on it.
    pub(super) fn of(forest: &RoleForest) -> Self {
        let labels: Vec<RoleLabel> = forest.labels().map(|(_, label)| label).collect();
        let mut above: Vec<RoleLabel> = Vec::new();
        let parent = |label: &RoleLabel| {
            while above.pop_if(|last| !label.is_strictly_below(*last)).is_some() {}
            let parent = above.last().map_or(NO_ROLE, |parent| parent.enter);
            above.push(*label);
            parent
        };
        Self {
            parents: labels.iter().map(parent).collect(),
            exits: labels.iter().map(|label| label.exit).collect(),
            starts: vec![0; labels.len() + 1].into(),
            members: Arc::new([]),
        }
    }

    /// Meets everybody anew.
    ///
    /// # Complexity
    /// O(n + r), n the number of users, r that of roles.
    pub(super) fn meet(&mut self, users: &[User]) {
        // Counted one place late, so that the running sums end up as starts and, moved on once per user, as ends.
        let mut next = vec![0_u32; self.exits.len() + 2];
        for user in users {
            if let Some(count) = next.get_mut((user.enter as usize).saturating_add(2)) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut next {
            sum += *count;
            *count = sum;
        }
        let mut members = vec![0; sum as usize];
        for (place, user) in users.iter().enumerate() {
            if let Some(next) = next.get_mut((user.enter as usize).saturating_add(1)) {
                if let Some(member) = members.get_mut(*next as usize) {
                    // Places are 32-bit numbers.
                    *member = place as u32;
                }
                *next += 1;
            }
        }
        next.pop();
        self.starts = next.into();
        self.members = members.into();
    }

    /// Meets a few users elsewhere than before: each by place, with the number of the role left and that taken up.
    ///
    /// # Complexity
    /// O(m (n + r)), m the number of users who move, n that of users with a role, r that of roles; what is done n
    /// times is moving four bytes.
    pub(super) fn meet_elsewhere(&mut self, moves: &[(u32, u32, u32)]) {
        let (mut members, mut starts) = (self.members.to_vec(), self.starts.to_vec());
        for (place, from, to) in moves {
            if let Some([start, end, ..]) = starts.get(*from as usize..) {
                let there = members.get(*start as usize..*end as usize).unwrap_or_default();
                if let Some(at) = there.iter().position(|member| member == place) {
                    members.remove(*start as usize + at);
                    starts
                        .iter_mut()
                        .skip(*from as usize + 1)
                        .for_each(|start| *start -= 1);
                }
            }
            if let Some([_, end, ..]) = starts.get(*to as usize..) {
                members.insert(*end as usize, *place);
                starts
                    .iter_mut()
                    .skip(*to as usize + 1)
                    .for_each(|start| *start += 1);
            }
        }
        self.members = members.into();
        self.starts = starts.into();
    }

    pub(super) fn roles(&self) -> usize {
        self.exits.len()
    }

    #[inline]
    pub(super) fn exit(&self, enter: u32) -> Option<u32> {
        self.exits.get(enter as usize).copied()
    }

    #[inline]
    pub(super) fn label(&self, enter: u32) -> Option<RoleLabel> {
        self.exit(enter).map(|exit| RoleLabel { enter, exit })
    }

    /// The role right above.
    pub(super) fn parent(&self, enter: u32) -> Option<u32> {
        self.parents
            .get(enter as usize)
            .copied()
            .filter(|parent| *parent != NO_ROLE)
    }

    /// The places of the users whose role is in the interval.
    ///
    /// # Complexity
    /// O(1).
    pub(super) fn members(&self, roles: RoleInterval) -> &[u32] {
        let at = |enter: u32| {
            let start = self.starts.get(enter as usize).or(self.starts.last());
            start.map_or(0, |start| *start as usize)
        };
        let range = at(roles.first_enter)..at(roles.last_enter.saturating_add(1));
        self.members.get(range).unwrap_or_default()
    }
}
