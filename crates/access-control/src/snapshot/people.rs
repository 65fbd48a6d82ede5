//! Who is in a scope, who has a profile, who can.

use vestibule_org_hierarchy::UserId;

use super::{Snapshot, UserIndex};
use crate::{Action, ObjectId, OwnerScope, ProfileId};

impl Snapshot {
    /// How many users a scope of this version holds, whatever their standing.
    ///
    /// # Complexity
    /// O(1).
    #[must_use]
    pub fn people(&self, scope: &OwnerScope) -> u64 {
        let users = &self.state.users;
        let people = match scope {
            OwnerScope::Nobody => 0,
            OwnerScope::Everyone => users.ids.len(),
            OwnerScope::Myself(me) => usize::from(users.ids.find(*me).is_some()),
            OwnerScope::MyselfAnd { me, roles } => {
                let apart = users.find(*me).is_some_and(|(_, me)| !roles.holds(me.enter));
                self.state.walk.members(*roles).len() + usize::from(apart)
            }
        };
        people as u64
    }

    /// The users that a scope of this version holds, ordered by id; `None` where there are more than `limit`.
    ///
    /// # Complexity
    /// O(m log m), m the number of users in scope, or O(1) where they are too many.
    #[must_use]
    pub fn members(&self, scope: &OwnerScope, limit: usize) -> Option<Vec<UserId>> {
        if self.people(scope) > limit as u64 {
            return None;
        }
        let state = &*self.state;
        let (me, places) = match scope {
            OwnerScope::Nobody => (None, &[][..]),
            OwnerScope::Everyone => (None, state.users.by_id.as_slice()),
            OwnerScope::Myself(me) => (Some(*me), &[][..]),
            OwnerScope::MyselfAnd { me, roles } => (Some(*me), state.walk.members(*roles)),
        };
        let me = me.filter(|me| state.users.ids.find(*me).is_some());
        let others = places.iter().filter_map(|place| state.users.ids.id(*place));
        let mut members: Vec<UserId> = others.chain(me).collect();
        members.sort_unstable();
        members.dedup();
        Some(members)
    }

    /// Every user, ordered by id, after the given one or from the start.
    ///
    /// # Complexity
    /// O(log n) to start, n the number of users.
    pub fn users_after(&self, after: Option<UserId>) -> impl Iterator<Item = UserId> + '_ {
        let users = &self.state.users;
        let from = after.map_or(0, |after| {
            users
                .by_id
                .partition_point(|place| users.ids.id(*place) <= Some(after))
        });
        let places = users.by_id.get(from..).unwrap_or_default();
        places.iter().filter_map(|place| users.ids.id(*place))
    }

    /// The users with a profile, ordered by id.
    ///
    /// # Complexity
    /// O(n), n the number of users.
    pub fn users_on(&self, profile: ProfileId) -> impl Iterator<Item = UserId> + '_ {
        let state = &*self.state;
        let profile = state.grants.profile(profile);
        let has = move |place: &&u32| {
            let user = state.users.get(**place);
            profile.is_some() && user.map(|user| user.profile) == profile
        };
        state
            .users
            .by_id
            .iter()
            .filter(has)
            .filter_map(|place| state.users.ids.id(*place))
    }

    /// The users who may do something with a record of an object that has these owners, ordered by id.
    ///
    /// # Complexity
    /// O(k) for each user passed, k the number of owners. To go on after some user, decide for each of
    /// [`Snapshot::users_after`].
    pub fn who_can(
        &self,
        action: Action,
        object: ObjectId,
        owners: &[UserId],
        now: i64,
    ) -> impl Iterator<Item = UserId> + use<'_> {
        let state = &*self.state;
        let object = self.object_index(object);
        // Owners who aren't there are in nobody's scope but everyone's, and that asks for no owner.
        let owners: Vec<UserIndex> = owners
            .iter()
            .filter_map(|owner| self.user_index(*owner))
            .collect();
        let may = move |place: &&u32| {
            let subject = UserIndex(**place);
            object.is_some_and(|object| self.decide_at(subject, action, object, &owners, now))
        };
        state
            .users
            .by_id
            .iter()
            .filter(may)
            .filter_map(|place| state.users.ids.id(*place))
    }
}
