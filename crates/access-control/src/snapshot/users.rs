//! The users: who has which role and profile, and on what their standing depends.

use std::sync::Arc;

use vestibule_org_hierarchy::UserId;

use super::chunked::Chunked;
use super::id_index::UserIds;
use crate::{Account, EndedReason, PolicyError, Standing};

/// The walk number of a user without a role: in no interval, and no role's.
pub(super) const NO_ROLE: u32 = u32::MAX;
/// The walk number of a user whose role was taken away; gone before a snapshot is given out.
pub(super) const LOST_ROLE: u32 = u32::MAX - 1;

const GUEST: u16 = 1;
const CLAIMED: u16 = 2;
const REVOKED: u16 = 4;
const DEACTIVATED: u16 = 8;
const REMOVED: u16 = 16;

/// A user in eight bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct User {
    /// The user's role, as the number at which the walk through the forest enters it, or [`NO_ROLE`].
    pub(super) enter: u32,
    /// The place of the user's profile.
    pub(super) profile: u16,
    /// Nothing set: a standard user in good standing.
    flags: u16,
}

impl User {
    const REMOVED: Self = Self {
        enter: NO_ROLE,
        profile: u16::MAX,
        flags: REMOVED,
    };

    pub(super) const fn new(enter: u32, profile: u16, account: Account) -> Self {
        let flags = match account {
            Account::Standard { deactivated } => DEACTIVATED * deactivated as u16,
            Account::Guest { claimed, revoked, .. } => {
                GUEST + CLAIMED * claimed as u16 + REVOKED * revoked as u16
            }
        };
        Self {
            enter,
            profile,
            flags,
        }
    }

    pub(super) const fn is_removed(self) -> bool {
        self.flags & REMOVED != 0
    }
}

/// Every user of a snapshot, at a place of their own.
#[derive(Clone, Debug)]
pub(super) struct Users {
    pub(super) ids: UserIds,
    /// By place; more than there are places, so that a new user seldom makes it longer.
    entries: Arc<[User]>,
    /// When a guest's access ends, by place; no longer than the last guest's place needs.
    ends: Chunked<i64>,
    /// The places in use, ordered by id.
    pub(super) by_id: Arc<Vec<u32>>,
}

impl Users {
    pub(super) fn new() -> Self {
        Self {
            ids: UserIds::new(),
            entries: Arc::new([]),
            ends: Chunked::new(),
            by_id: Arc::default(),
        }
    }

    #[inline]
    pub(super) fn get(&self, place: u32) -> Option<User> {
        self.entries.get(place as usize).copied()
    }

    /// The user with an id, and their place.
    #[inline]
    pub(super) fn find(&self, id: UserId) -> Option<(u32, User)> {
        let place = self.ids.find(id)?;
        Some((place, self.get(place)?))
    }

    pub(super) fn entries(&self) -> &[User] {
        self.entries.get(..self.ids.bound()).unwrap_or_default()
    }

    pub(super) fn entries_mut(&mut self) -> &mut [User] {
        Arc::make_mut(&mut self.entries)
    }

    /// The first moment without access of a guest; never for anyone else.
    fn ends_at(&self, place: u32) -> i64 {
        self.ends.get(place as usize).unwrap_or(i64::MAX)
    }

    pub(super) fn account(&self, place: u32, user: User) -> Account {
        if user.flags & GUEST == 0 {
            return Account::Standard {
                deactivated: user.flags & DEACTIVATED != 0,
            };
        }
        Account::Guest {
            claimed: user.flags & CLAIMED != 0,
            revoked: user.flags & REVOKED != 0,
            ends_at: self.ends_at(place),
        }
    }

    /// The user's standing at a moment: for a guest the first of revoked, expired, not claimed that holds, and only
    /// then whether guests are let in at all.
    #[inline]
    pub(super) fn standing(&self, place: u32, user: User, guest_access: bool, now: i64) -> Standing {
        if user.flags == 0 {
            return Standing::Good;
        }
        self.exceptional_standing(place, user, guest_access, now)
    }

    fn exceptional_standing(&self, place: u32, user: User, guest_access: bool, now: i64) -> Standing {
        let has = |flag| user.flags & flag != 0;
        Standing::Ended(if has(REMOVED) {
            EndedReason::Deleted
        } else if !has(GUEST) {
            EndedReason::Deactivated
        } else if has(REVOKED) {
            EndedReason::Revoked
        } else if now >= self.ends_at(place) {
            EndedReason::Expired
        } else if !has(CLAIMED) {
            EndedReason::NotClaimed
        } else if !guest_access {
            EndedReason::GuestAccessOff
        } else {
            return Standing::Good;
        })
    }

    /// Writes a user, at a place of their own where they have none yet, and returns the place.
    pub(super) fn put(&mut self, id: UserId, user: User, account: Account) -> Result<u32, PolicyError> {
        let place = match self.ids.find(id) {
            Some(place) => place,
            None => self.ids.insert(id)?,
        };
        self.make_room(place as usize + 1);
        if let Some(entry) = self.entries_mut().get_mut(place as usize) {
            *entry = user;
        }
        if let Account::Guest { ends_at, .. } = account {
            self.ends.extend_to(place as usize + 1, i64::MAX);
            self.ends.set(place as usize, ends_at);
        }
        Ok(place)
    }

    /// Takes users out who are there.
    pub(super) fn remove(&mut self, ids: &[UserId]) {
        let removed: Vec<u32> = ids.iter().filter_map(|id| self.ids.remove(*id)).collect();
        let entries = Arc::make_mut(&mut self.entries);
        for place in &removed {
            if let Some(entry) = entries.get_mut(*place as usize) {
                *entry = User::REMOVED;
            }
        }
        if !removed.is_empty() {
            Arc::make_mut(&mut self.by_id).retain(|place| {
                entries
                    .get(*place as usize)
                    .is_some_and(|user| !user.is_removed())
            });
        }
    }

    /// Puts users into the order by id who were not in it; `new` is ordered by id.
    pub(super) fn list(&mut self, new: &[UserId]) {
        if new.is_empty() {
            return;
        }
        let mut rest = self.by_id.as_slice();
        let mut by_id = Vec::with_capacity(rest.len() + new.len());
        for id in new {
            let before = rest.partition_point(|place| self.ids.id(*place) < Some(*id));
            let (smaller, larger) = rest.split_at(before);
            by_id.extend_from_slice(smaller);
            by_id.extend(self.ids.find(*id));
            rest = larger;
        }
        by_id.extend_from_slice(rest);
        self.by_id = Arc::new(by_id);
    }

    /// Room for that many users and, in a table that grows, some to come.
    pub(super) fn make_room(&mut self, places: usize) {
        if self.entries.len() < places {
            let room = places + places / 8;
            let vacant = std::iter::repeat_n(User::REMOVED, room - self.entries.len());
            self.entries = self.entries.iter().copied().chain(vacant).collect();
        }
    }
}
