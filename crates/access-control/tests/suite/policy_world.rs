//! Random policies as plain maps, the changes to them, and the rules read off the maps.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use vestibule_access_control::{
    Account, Action, Level, ObjectFacts, ObjectGrant, ObjectId, ObjectPermissions, PolicyChange, PolicyFacts,
    ProfileFacts, ProfileId, RoleFacts, RoleId, UserFacts, UserId,
};

use crate::world::any_permissions;

pub(crate) const ROLES: u128 = 7;
pub(crate) const PROFILES: u128 = 4;
pub(crate) const OBJECTS: u128 = 3;
pub(crate) const USERS: u128 = 9;

/// The facts, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) guest_access: bool,
    pub(crate) roles: BTreeMap<RoleId, Option<RoleId>>,
    pub(crate) profiles: BTreeMap<ProfileId, ProfileFacts>,
    pub(crate) objects: BTreeMap<ObjectId, ObjectFacts>,
    pub(crate) users: BTreeMap<UserId, UserFacts>,
}

impl Model {
    pub(crate) fn change(&mut self, change: PolicyChange) {
        match change {
            PolicyChange::GuestAccess(open) => self.guest_access = open,
            PolicyChange::Role(role) => drop(self.roles.insert(role.id, role.parent)),
            PolicyChange::RoleRemoved(role) => drop(self.roles.remove(&role)),
            PolicyChange::Profile(profile) => drop(self.profiles.insert(profile.id, profile)),
            PolicyChange::ProfileRemoved(profile) => drop(self.profiles.remove(&profile)),
            PolicyChange::Object(object) => drop(self.objects.insert(object.id, object)),
            PolicyChange::ObjectRemoved(object) => drop(self.objects.remove(&object)),
            PolicyChange::User(user) => drop(self.users.insert(user.id, user)),
            PolicyChange::UserRemoved(user) => drop(self.users.remove(&user)),
            other => panic!("a change that the model doesn't know: {other:?}"),
        }
    }

    /// Permissions on an object that was removed go with it.
    pub(crate) fn forget_permissions_on(&mut self, object: ObjectId) {
        for profile in self.profiles.values_mut() {
            profile.permissions.retain(|grant| grant.object != object);
        }
    }

    /// The facts as a snapshot gives them: ordered by id, nothing said twice and nothing without meaning.
    pub(crate) fn facts(&self, version: u64) -> PolicyFacts {
        let tidy = |profile: &ProfileFacts| {
            let mut profile = profile.clone();
            profile
                .permissions
                .retain(|grant| !profile.admin && grant.permissions != ObjectPermissions::NONE);
            profile.permissions.sort_by_key(|grant| grant.object);
            profile
        };
        PolicyFacts {
            version,
            guest_access: self.guest_access,
            roles: self
                .roles
                .iter()
                .map(|(id, parent)| RoleFacts {
                    id: *id,
                    parent: *parent,
                })
                .collect(),
            profiles: self.profiles.values().map(tidy).collect(),
            objects: self.objects.values().cloned().collect(),
            users: self.users.values().copied().collect(),
        }
    }

    fn is_below(&self, role: RoleId, above: RoleId) -> bool {
        let mut parent = self.roles[&role];
        while let Some(role) = parent {
            if role == above {
                return true;
            }
            parent = self.roles[&role];
        }
        false
    }

    fn in_good_standing(&self, user: UserId, now: i64) -> bool {
        self.users.get(&user).is_some_and(|user| match user.account {
            Account::Standard { deactivated } => !deactivated,
            Account::Guest {
                claimed,
                revoked,
                ends_at,
            } => self.guest_access && claimed && !revoked && now < ends_at,
        })
    }

    /// The lowest level at which a user reaches the records of these owners.
    pub(crate) fn level_needed(&self, user: UserId, owners: &[UserId]) -> Level {
        let role = |user: &UserId| self.users.get(user).and_then(|user| user.role);
        let needed = |owner: &UserId| match (role(owner), role(&user)) {
            _ if *owner == user => Level::Own,
            (Some(theirs), Some(mine)) if self.is_below(theirs, mine) => Level::OwnAndReports,
            (Some(theirs), Some(mine)) if theirs == mine => Level::OwnPeersAndReports,
            _ => Level::Anyone,
        };
        owners.iter().map(needed).min().unwrap_or(Level::Anyone)
    }

    fn configured(&self, user: UserId, object: ObjectId) -> ObjectPermissions {
        let profile = &self.profiles[&self.users[&user].profile];
        if profile.admin {
            return ObjectPermissions::ANYONE;
        }
        let grant = profile.permissions.iter().find(|grant| grant.object == object);
        grant.map_or(ObjectPermissions::NONE, |grant| grant.permissions)
    }

    /// The level that counts for a user, `none` for one who is denied everything.
    pub(crate) fn level(&self, user: UserId, action: Action, object: ObjectId, now: i64) -> Level {
        if !self.in_good_standing(user, now) || !self.objects.contains_key(&object) {
            return Level::None;
        }
        let permissions = self.configured(user, object);
        match action {
            Action::View => permissions.view,
            Action::Edit => permissions.edit.min(permissions.view),
            Action::Delete => permissions.delete.min(permissions.view),
            Action::Create => permissions.create,
        }
    }

    pub(crate) fn may(
        &self,
        user: UserId,
        action: Action,
        object: ObjectId,
        owners: &[UserId],
        now: i64,
    ) -> bool {
        let level = self.level(user, action, object, now);
        level > Level::None && self.level_needed(user, owners) <= level
    }
}

// Ids against the order of numbers and far apart, so that nothing agrees by chance.
pub(crate) fn role(number: u128) -> RoleId {
    RoleId::from_u128((900 - number) << 64 | number)
}

pub(crate) fn profile(number: u128) -> ProfileId {
    ProfileId::from_u128(number + 1)
}

pub(crate) fn object(number: u128) -> ObjectId {
    ObjectId::from_u128(number + 1)
}

pub(crate) fn user(number: u128) -> UserId {
    UserId::from_u128((number * 7 % 11) << 90 | number)
}

pub(crate) fn any_account() -> impl Strategy<Value = Account> {
    prop_oneof![
        3 => prop::bool::weighted(0.1).prop_map(|deactivated| Account::Standard { deactivated }),
        1 => (prop::bool::weighted(0.8), prop::bool::weighted(0.1), 0..4_i64)
            .prop_map(|(claimed, revoked, ends_at)| Account::Guest { claimed, revoked, ends_at }),
    ]
}

fn any_user(number: impl Strategy<Value = u128>) -> impl Strategy<Value = UserFacts> {
    let role_of = prop::option::weighted(0.85, (0..ROLES).prop_map(role));
    (number, role_of, 0..PROFILES, any_account()).prop_map(|(id, role, has, account)| UserFacts {
        id: user(id),
        role,
        profile: profile(has),
        account,
    })
}

fn any_profile(number: impl Strategy<Value = u128>) -> impl Strategy<Value = ProfileFacts> {
    let grants = prop::collection::btree_map(0..OBJECTS, any_permissions(), 0..=OBJECTS as usize);
    (number, prop::bool::weighted(0.15), grants).prop_map(|(id, admin, grants)| ProfileFacts {
        id: profile(id),
        admin,
        permissions: grants
            .into_iter()
            .map(|(on, permissions)| ObjectGrant {
                object: object(on),
                permissions,
            })
            .collect(),
    })
}

fn object_facts(number: u128, key: &str, ownable: bool) -> ObjectFacts {
    ObjectFacts {
        id: object(number),
        key: key.to_owned(),
        ownable,
    }
}

pub(crate) fn any_change() -> impl Strategy<Value = PolicyChange> {
    let parent = prop::option::weighted(0.8, (0..ROLES).prop_map(role));
    prop_oneof![
        1 => any::<bool>().prop_map(PolicyChange::GuestAccess),
        6 => (0..ROLES, parent).prop_map(|(id, parent)| PolicyChange::Role(RoleFacts { id: role(id), parent })),
        2 => (0..ROLES).prop_map(|id| PolicyChange::RoleRemoved(role(id))),
        3 => any_profile(0..PROFILES).prop_map(PolicyChange::Profile),
        1 => (0..PROFILES).prop_map(|id| PolicyChange::ProfileRemoved(profile(id))),
        2 => (0..OBJECTS, select(&["a", "b", "c", "d"][..]), any::<bool>())
            .prop_map(|(id, key, ownable)| PolicyChange::Object(object_facts(id, key, ownable))),
        1 => (0..OBJECTS).prop_map(|id| PolicyChange::ObjectRemoved(object(id))),
        8 => any_user(0..USERS).prop_map(PolicyChange::User),
        3 => (0..USERS).prop_map(|id| PolicyChange::UserRemoved(user(id))),
    ]
}

/// A policy in which everything is there that a change may name.
pub(crate) fn any_model() -> impl Strategy<Value = Model> {
    let parents = prop::collection::vec(
        prop::option::weighted(0.85, any::<prop::sample::Index>()),
        ROLES as usize,
    );
    let profiles: Vec<_> = (0..PROFILES).map(|id| any_profile(Just(id))).collect();
    let users: Vec<_> = (0..USERS).map(|id| any_user(Just(id))).collect();
    (prop::bool::weighted(0.9), parents, profiles, users).prop_map(
        |(guest_access, parents, profiles, users)| {
            let mut model = Model {
                guest_access,
                ..Model::default()
            };
            for (id, parent) in (0..ROLES).zip(parents) {
                let parent = parent
                    .filter(|_| id > 0)
                    .map(|parent| role(parent.index(id as usize) as u128));
                model.change(PolicyChange::Role(RoleFacts { id: role(id), parent }));
            }
            for (id, key) in (0..OBJECTS).zip(["a", "b", "c"]) {
                model.change(PolicyChange::Object(object_facts(id, key, true)));
            }
            profiles
                .into_iter()
                .for_each(|profile| model.change(PolicyChange::Profile(profile)));
            users
                .into_iter()
                .for_each(|user| model.change(PolicyChange::User(user)));
            model
        },
    )
}
