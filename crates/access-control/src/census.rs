//! Exact numbers of what a change of permissions would do, before anybody makes it.

use vestibule_org_hierarchy::UserId;

use crate::{Action, Level, ObjectPermissions};

/// How many records of one object every user of one profile reaches at every level, as
/// [`CensusTaker`](crate::CensusTaker) counted them.
///
/// Only users in good standing at the moment of the count: the others reach nothing, whatever is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Census {
    records: u64,
    /// Ordered by user.
    users: Vec<(UserId, Ranks)>,
    /// How many records are at which ranks for somebody: bit `r - 1` says that for some user the rank is `r`.
    by_ranks: [u64; 16],
}

/// How many records are at each rank for a user: owned, a report's, a peer's, anyone else's. A record's rank is that
/// of the lowest level that reaches it.
pub(crate) type Ranks = [u64; 4];

/// What a change would do to one action. For `create`, which has no records yet, only users are counted: those whose
/// level rises or falls and, when a role moves, those whose level reaches the reports that come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ActionImpact {
    /// The action.
    pub action: Action,
    /// Users who gain at least one record.
    pub users_gaining: u64,
    /// Users who lose at least one record.
    pub users_losing: u64,
    /// Different records that at least one user gains.
    pub records_gained: u64,
    /// Different records that at least one user loses.
    pub records_lost: u64,
    /// Records gained, summed over the users.
    pub pairs_gained: u64,
    /// Records lost, summed over the users.
    pub pairs_lost: u64,
}

/// How many records one user reaches before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct UserImpact {
    /// The user.
    pub user: UserId,
    /// Records reached with the levels as they are.
    pub before: u64,
    /// Records reached with the levels as they would be.
    pub after: u64,
}

impl Census {
    pub(crate) fn new(records: u64, mut users: Vec<(UserId, Ranks)>, by_ranks: [u64; 16]) -> Self {
        users.sort_unstable_by_key(|(user, _)| *user);
        Self {
            records,
            users,
            by_ranks,
        }
    }

    /// How many records there are.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// How many users are counted for: those of the profile in good standing.
    #[must_use]
    pub const fn users(&self) -> u64 {
        self.users.len() as u64
    }

    /// How many records a user reaches at an effective level; 0 for a user who isn't counted for.
    ///
    /// # Complexity
    /// O(log n), n the number of users of the profile.
    #[must_use]
    pub fn reached(&self, user: UserId, level: Level) -> u64 {
        let found = self.users.binary_search_by_key(&user, |(user, _)| *user).ok();
        let ranks = found.and_then(|at| self.users.get(at));
        ranks.map_or(0, |(_, ranks)| reached(ranks, level))
    }

    /// What replacing the profile's permissions on the object would do: one for every action, in the order of
    /// [`Action::ALL`]. Levels only rise or fall, so either everything that is gained or everything that is lost is 0.
    ///
    /// # Complexity
    /// O(n), n the number of users of the profile; no record is looked at again.
    #[must_use]
    pub fn impact(&self, before: &ObjectPermissions, after: &ObjectPermissions) -> Vec<ActionImpact> {
        let of = |action: Action| {
            let (from, to) = (before.effective(action), after.effective(action));
            let (users, records, pairs) = match action {
                Action::Create => (if from == to { 0 } else { self.users() }, 0, 0),
                _ => self.difference(from, to),
            };
            let nothing = ActionImpact::nothing(action);
            if to > from {
                ActionImpact {
                    users_gaining: users,
                    records_gained: records,
                    pairs_gained: pairs,
                    ..nothing
                }
            } else {
                ActionImpact {
                    users_losing: users,
                    records_lost: records,
                    pairs_lost: pairs,
                    ..nothing
                }
            }
        };
        Action::ALL.into_iter().map(of).collect()
    }

    /// The users for whom one effective level reaches other records than another one, and up to `most` of them: the
    /// greatest difference first.
    ///
    /// # Complexity
    /// O(n log n), n the number of users of the profile.
    #[must_use]
    pub fn most_affected(&self, from: Level, to: Level, most: usize) -> Vec<UserImpact> {
        let mut affected: Vec<UserImpact> = self.affected(from, to).collect();
        affected.sort_by_key(|user| std::cmp::Reverse(user.difference()));
        affected.truncate(most);
        affected
    }

    fn affected(&self, from: Level, to: Level) -> impl Iterator<Item = UserImpact> {
        self.users.iter().filter_map(move |(user, ranks)| {
            let (before, after) = (reached(ranks, from), reached(ranks, to));
            (before != after).then_some(UserImpact {
                user: *user,
                before,
                after,
            })
        })
    }

    /// How many users, different records, and pairs of both one level reaches and the other one doesn't.
    fn difference(&self, from: Level, to: Level) -> (u64, u64, u64) {
        let (users, pairs) = self.affected(from, to).fold((0, 0), |(users, pairs), user| {
            (users + 1, pairs + user.difference())
        });
        // The ranks above the lower level and up to the higher one are those that change sides.
        let (low, high) = (from.min(to), from.max(to));
        let crossing = (1_usize << high.rank()) - (1 << low.rank());
        let crossed = self
            .by_ranks
            .iter()
            .enumerate()
            .filter(|(ranks, _)| ranks & crossing != 0);
        (users, crossed.map(|(_, records)| records).sum(), pairs)
    }
}

impl ActionImpact {
    pub(crate) const fn nothing(action: Action) -> Self {
        Self {
            action,
            users_gaining: 0,
            users_losing: 0,
            records_gained: 0,
            records_lost: 0,
            pairs_gained: 0,
            pairs_lost: 0,
        }
    }

    /// Whether nobody gains or loses anything.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::nothing(self.action)
    }
}

impl UserImpact {
    /// How many records are gained or lost.
    #[must_use]
    pub const fn difference(&self) -> u64 {
        self.before.abs_diff(self.after)
    }
}

fn reached(ranks: &Ranks, level: Level) -> u64 {
    ranks.iter().take(level.rank() as usize).sum()
}
