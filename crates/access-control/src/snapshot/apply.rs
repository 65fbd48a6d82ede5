//! From one version of the policy to the next: the parts that changed are made anew, the others shared.

use std::collections::BTreeMap;
use std::sync::Arc;

use vestibule_org_hierarchy::{RoleForest, RoleId, UserId};

use super::users::{LOST_ROLE, NO_ROLE, User};
use super::walk::RoleWalk;
use super::{Grants, State};
use crate::{
    ObjectFacts, ObjectId, PolicyChange, PolicyError, ProfileFacts, ProfileId, RoleFacts, UserFacts,
};

/// Up to how many users who change roles are met one by one, which is quicker than meeting everybody anew.
const FEW: usize = 4;

/// Changes by kind; of a thing that is named more than once the last state counts.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) guest_access: Option<bool>,
    roles: Vec<(RoleId, Option<RoleFacts>)>,
    profiles: Vec<(ProfileId, Option<ProfileFacts>)>,
    objects: Vec<(ObjectId, Option<ObjectFacts>)>,
    users: Vec<(UserId, Option<UserFacts>)>,
}

impl Changes {
    pub(super) fn of(changes: impl IntoIterator<Item = PolicyChange>) -> Self {
        let mut sorted = Self::default();
        for change in changes {
            match change {
                PolicyChange::GuestAccess(open) => sorted.guest_access = Some(open),
                PolicyChange::Role(role) => sorted.roles.push((role.id, Some(role))),
                PolicyChange::RoleRemoved(role) => sorted.roles.push((role, None)),
                PolicyChange::Profile(profile) => sorted.profiles.push((profile.id, Some(profile))),
                PolicyChange::ProfileRemoved(profile) => sorted.profiles.push((profile, None)),
                PolicyChange::Object(object) => sorted.objects.push((object.id, Some(object))),
                PolicyChange::ObjectRemoved(object) => sorted.objects.push((object, None)),
                PolicyChange::User(user) => sorted.users.push((user.id, Some(user))),
                PolicyChange::UserRemoved(user) => sorted.users.push((user, None)),
            }
        }
        keep_last(&mut sorted.roles);
        keep_last(&mut sorted.profiles);
        keep_last(&mut sorted.objects);
        keep_last(&mut sorted.users);
        sorted
    }
}

/// Orders by id and keeps what was said last of each.
fn keep_last<K: Ord, V>(states: &mut Vec<(K, V)>) {
    states.sort_by(|(one, _), (other, _)| one.cmp(other));
    // `dedup` keeps the first of its neighbours, so the later one is swapped in.
    states.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            std::mem::swap(later, kept);
        }
        same
    });
}

impl State {
    /// The state after all of the changes together, whatever their order.
    pub(super) fn changed(&self, version: u64, changes: Changes) -> Result<Self, PolicyError> {
        let mut next = self.clone();
        next.version = version;
        next.guest_access = changes.guest_access.unwrap_or(self.guest_access);
        let lost = next.change_roles(changes.roles)?;
        let removed_profiles = next.change_grants(changes.objects, changes.profiles)?;
        next.change_users(changes.users)?;
        next.check_lost_roles(&lost)?;
        next.remove_profiles(removed_profiles)?;
        Ok(next)
    }

    /// Moves, adds and removes roles, as one change; returns the users who lost theirs, with the role.
    fn change_roles(
        &mut self,
        mut changes: Vec<(RoleId, Option<RoleFacts>)>,
    ) -> Result<Vec<(u32, RoleId)>, PolicyError> {
        let forest = &self.forest;
        changes.retain(|(role, state)| match state {
            Some(state) => !forest.contains(*role) || forest.parent(*role) != state.parent,
            None => forest.contains(*role),
        });
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let forest = Arc::new(changed_forest(forest, &changes)?);
        let old = std::mem::replace(&mut self.forest, forest);
        self.walk = Arc::new(RoleWalk::of(&self.forest));
        let renumber = |(role, _)| self.forest.label(role).map_or(LOST_ROLE, |label| label.enter);
        let enters: Vec<u32> = old.labels().map(renumber).collect();
        let roles: Vec<RoleId> = old.labels().map(|(role, _)| role).collect();
        let mut lost = Vec::new();
        for (place, user) in (0_u32..).zip(self.users.entries_mut()) {
            if let Some(enter) = enters.get(user.enter as usize) {
                if *enter == LOST_ROLE {
                    lost.extend(roles.get(user.enter as usize).map(|role| (place, *role)));
                }
                user.enter = *enter;
            }
        }
        Arc::make_mut(&mut self.walk).meet(self.users.entries());
        Ok(lost)
    }

    /// Writes objects and profiles; returns the profiles that go once nobody has them.
    fn change_grants(
        &mut self,
        objects: Vec<(ObjectId, Option<ObjectFacts>)>,
        profiles: Vec<(ProfileId, Option<ProfileFacts>)>,
    ) -> Result<Vec<ProfileId>, PolicyError> {
        let mut gone = Vec::new();
        if objects.is_empty() && profiles.is_empty() {
            return Ok(gone);
        }
        let grants: &mut Grants = Arc::make_mut(&mut self.grants);
        let mut kept = Vec::new();
        for (id, object) in objects {
            match object {
                Some(object) => kept.push(object),
                None => grants.remove_object(id),
            }
        }
        grants.put_objects(kept)?;
        for (id, profile) in profiles {
            match profile {
                Some(profile) => grants.put_profile(&profile)?,
                None => gone.push(id),
            }
        }
        Ok(gone)
    }

    fn change_users(&mut self, changes: Vec<(UserId, Option<UserFacts>)>) -> Result<(), PolicyError> {
        let mut removed = Vec::new();
        let mut new = Vec::new();
        let mut moves = Vec::new();
        for (id, facts) in &changes {
            let present = self.users.find(*id);
            let from = present.map_or(NO_ROLE, |(_, user)| user.enter);
            let (place, to) = if let Some(facts) = facts {
                let user = self.resolve(facts)?;
                if present.is_none() {
                    new.push(*id);
                }
                (Some(self.users.put(*id, user, facts.account)?), user.enter)
            } else {
                removed.push(*id);
                (present.map(|(place, _)| place), NO_ROLE)
            };
            moves.extend(place.filter(|_| from != to).map(|place| (place, from, to)));
        }
        self.users.remove(&removed);
        self.users.list(&new);
        match moves.len() {
            0 => {}
            1..=FEW => Arc::make_mut(&mut self.walk).meet_elsewhere(&moves),
            _ => Arc::make_mut(&mut self.walk).meet(self.users.entries()),
        }
        Ok(())
    }

    fn resolve(&self, facts: &UserFacts) -> Result<User, PolicyError> {
        let user = facts.id;
        let enter = match facts.role {
            None => NO_ROLE,
            Some(role) => {
                let label = self.forest.label(role);
                label.ok_or(PolicyError::UnknownRole { user, role })?.enter
            }
        };
        let profile = facts.profile;
        let place = self.grants.profile(profile);
        let place = place.ok_or(PolicyError::UnknownProfile { user, profile })?;
        Ok(User::new(enter, place, facts.account))
    }

    /// Refuses when somebody whose role is gone was neither given another nor removed.
    fn check_lost_roles(&self, lost: &[(u32, RoleId)]) -> Result<(), PolicyError> {
        for (place, role) in lost {
            if self.users.get(*place).is_some_and(|user| user.enter == LOST_ROLE) {
                let user = self.user_id(*place);
                return Err(PolicyError::UnknownRole { user, role: *role });
            }
        }
        Ok(())
    }

    /// Takes profiles out at last, when it's known who has which.
    fn remove_profiles(&mut self, profiles: Vec<ProfileId>) -> Result<(), PolicyError> {
        for profile in profiles {
            let Some(removed) = self.grants.profile(profile) else {
                continue;
            };
            let mut users = (0_u32..).zip(self.users.entries());
            if let Some((place, _)) = users.find(|(_, user)| user.profile == removed) {
                let user = self.user_id(place);
                return Err(PolicyError::UnknownProfile { user, profile });
            }
            Arc::make_mut(&mut self.grants).remove_profile(profile);
        }
        Ok(())
    }
}

fn changed_forest(
    forest: &RoleForest,
    changes: &[(RoleId, Option<RoleFacts>)],
) -> Result<RoleForest, PolicyError> {
    // One role that comes or moves doesn't need the others to be put together again.
    if let [(role, Some(state))] = changes {
        let mut forest = forest.clone();
        if forest.contains(*role) {
            forest.move_role(*role, state.parent)?;
        } else {
            forest.add(*role, state.parent)?;
        }
        return Ok(forest);
    }
    let mut pairs: BTreeMap<RoleId, Option<RoleId>> = forest.iter().collect();
    for (role, state) in changes {
        match state {
            Some(state) => pairs.insert(*role, state.parent),
            None => pairs.remove(role),
        };
    }
    Ok(RoleForest::build(pairs)?)
}
