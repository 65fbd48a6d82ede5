//! All facts of one organization at one version, indexed for decisions.
//!
//! How it's laid out: every user is eight bytes at a place of their own, holding the number of their role in the walk
//! through the forest and the place of their profile; every profile has a row of cells, one for each object. A
//! decision is a handful of look-ups in these tables. What is in which file: the users in [`users`], ids in
//! [`id_index`], roles and who holds them in [`walk`], permissions in [`grants`], changes in [`apply`], what is asked
//! of it in [`questions`] and [`people`], and [`census_taker`] and [`role_move`] count records.

use std::sync::Arc;

use vestibule_org_hierarchy::{RoleForest, UserId};

use crate::{
    ObjectFacts, ObjectId, PolicyChange, PolicyError, PolicyFacts, PolicyUpdate, RoleFacts, UserFacts,
};

mod apply;
mod census_taker;
mod chunked;
mod grants;
mod id_index;
mod people;
mod questions;
mod role_move;
mod users;
mod walk;

pub use census_taker::CensusTaker;
pub use role_move::{MovedReports, RoleMove, RoleMoveCensus};

use apply::Changes;
use grants::Grants;
use users::{User, Users};
use walk::RoleWalk;

/// Everything that decides in one organization at one version, but for who owns which record.
///
/// Unchanging and cheap to clone: share it between threads, and put another in its place when the policy changes.
/// [`Snapshot::apply`] makes the next version out of the changes, sharing what stays the same. Time needs no change:
/// questions take `now`, in microseconds since 1970-01-01T00:00:00Z, and a guest's access ends by itself.
///
/// It answers from what it knows. Whether that is still so is for the caller to make sure, by comparing
/// [`Snapshot::version`] with the store's.
///
/// # Examples
/// ```
/// use vestibule_access_control::{
///     Account, Action, Decision, Denial, EndedReason, Level, ObjectFacts, ObjectGrant, ObjectId, ObjectPermissions,
///     PolicyChange, PolicyFacts, ProfileFacts, ProfileId, RoleFacts, RoleId, Snapshot, UserFacts, UserId,
/// };
///
/// let [head, rep] = [1, 2].map(RoleId::from_u128);
/// let (sales, deal) = (ProfileId::from_u128(1), ObjectId::from_u128(1));
/// let [hana, rob] = [1, 2].map(UserId::from_u128);
/// let permissions = ObjectPermissions { view: Level::OwnAndReports, ..ObjectPermissions::NONE };
/// let account = Account::Standard { deactivated: false };
///
/// let snapshot = Snapshot::build(PolicyFacts {
///     version: 1,
///     guest_access: true,
///     roles: vec![RoleFacts { id: head, parent: None }, RoleFacts { id: rep, parent: Some(head) }],
///     profiles: vec![ProfileFacts { id: sales, admin: false, permissions: vec![ObjectGrant { object: deal, permissions }] }],
///     objects: vec![ObjectFacts { id: deal, key: "deal".into(), ownable: true }],
///     users: vec![
///         UserFacts { id: hana, role: Some(head), profile: sales, account },
///         UserFacts { id: rob, role: Some(rep), profile: sales, account },
///     ],
/// })?;
/// let now = 1_800_000_000_000_000;
/// assert_eq!(snapshot.decide(hana, Action::View, deal, &[rob], now), Decision::Permit);
/// assert_eq!(snapshot.decide(rob, Action::View, deal, &[hana], now), Decision::Deny(Denial::OutOfReach));
///
/// // A guest is invited to the head's role; their access ends at a moment, by time alone.
/// let gus = UserId::from_u128(3);
/// let account = Account::Guest { claimed: true, revoked: false, ends_at: now };
/// let guest = UserFacts { id: gus, role: Some(head), profile: sales, account };
/// let next = snapshot.apply(2, vec![PolicyChange::User(guest)])?;
/// assert!(next.decide(gus, Action::View, deal, &[rob], now - 1).is_permit());
/// let expired = Decision::Deny(Denial::Ended(EndedReason::Expired));
/// assert_eq!(next.decide(gus, Action::View, deal, &[rob], now), expired);
/// # Ok::<(), vestibule_access_control::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Snapshot {
    state: Arc<State>,
}

/// A user's place in a [`Snapshot`], so that deciding needs no look-up by id.
///
/// It means something only to the snapshot that gave it: a later one may have somebody else there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserIndex(u32);

/// An object's place in a [`Snapshot`]; see [`UserIndex`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectIndex(u32);

/// What versions of a snapshot share, each part until it changes.
#[derive(Clone, Debug)]
struct State {
    version: u64,
    guest_access: bool,
    forest: Arc<RoleForest>,
    walk: Arc<RoleWalk>,
    users: Users,
    grants: Arc<Grants>,
}

impl State {
    fn empty() -> Self {
        let forest = RoleForest::new();
        Self {
            version: 0,
            guest_access: false,
            walk: Arc::new(RoleWalk::of(&forest)),
            forest: Arc::new(forest),
            users: Users::new(),
            grants: Arc::default(),
        }
    }

    fn user_id(&self, place: u32) -> UserId {
        // INVARIANT: places that are asked for are in use.
        self.users.ids.id(place).unwrap_or(UserId::from_u128(0))
    }

    fn user_facts(&self, place: u32) -> Option<UserFacts> {
        let user: User = self.users.get(place)?;
        let label = self.walk.label(user.enter);
        Some(UserFacts {
            id: self.users.ids.id(place)?,
            role: label.and_then(|label| self.forest.role_labelled(label)),
            profile: self.grants.profile_id(user.profile)?,
            account: self.users.account(place, user),
        })
    }
}

impl Snapshot {
    /// The snapshot of these facts.
    ///
    /// # Errors
    /// The first that was found wrong; no call with the same facts succeeds:
    /// - [`PolicyError::Roles`]: the roles make no forest.
    /// - [`PolicyError::UnknownRole`], [`PolicyError::UnknownProfile`], [`PolicyError::UnknownObject`]: something
    ///   refers to what isn't listed.
    /// - [`PolicyError::UserTwice`], [`PolicyError::ProfileTwice`], [`PolicyError::ObjectTwice`],
    ///   [`PolicyError::KeyTwice`]: something is listed twice.
    /// - [`PolicyError::TooManyProfiles`], [`PolicyError::TooMany`]: more than there is room for.
    ///
    /// # Complexity
    /// O(n log n), n the number of facts.
    pub fn build(facts: PolicyFacts) -> Result<Self, PolicyError> {
        let PolicyFacts {
            version,
            guest_access,
            roles,
            profiles,
            objects,
            users,
        } = facts;
        if let Some(user) = twice(users.iter().map(|user| user.id)) {
            return Err(PolicyError::UserTwice(user));
        }
        if let Some(profile) = twice(profiles.iter().map(|profile| profile.id)) {
            return Err(PolicyError::ProfileTwice(profile));
        }
        if let Some(object) = twice(objects.iter().map(|object| object.id)) {
            return Err(PolicyError::ObjectTwice(object));
        }
        if let Some(role) = twice(roles.iter().map(|role| role.id)) {
            return Err(vestibule_org_hierarchy::RoleError::Exists { role }.into());
        }
        let everything = roles
            .into_iter()
            .map(PolicyChange::Role)
            .chain(profiles.into_iter().map(PolicyChange::Profile))
            .chain(objects.into_iter().map(PolicyChange::Object))
            .chain(users.into_iter().map(PolicyChange::User))
            .chain([PolicyChange::GuestAccess(guest_access)]);
        let state = State::empty().changed(version, Changes::of(everything))?;
        Ok(Self {
            state: Arc::new(state),
        })
    }

    /// The snapshot at a later version, given the state of everything that differs from this one.
    ///
    /// The changes are taken together: their order doesn't matter, and only the outcome has to fit together. Things
    /// may be gone that never were here (they came and went in between). Name each thing once; of one named twice the
    /// last state counts. This snapshot stays as it is.
    ///
    /// # Errors
    /// As for [`Snapshot::build`] of what comes out, and [`PolicyError::Version`] for a version before this one's.
    ///
    /// # Complexity
    /// O(n + c log c), n the number of users, c that of changes; the work on n is a copy of eight bytes each, and a
    /// second pass where somebody's role changes. A change of roles takes O(r log r), r the number of roles.
    pub fn apply(&self, version: u64, changes: Vec<PolicyChange>) -> Result<Self, PolicyError> {
        let present = self.version();
        if version < present {
            let from = present;
            return Err(PolicyError::Version {
                from,
                version,
                present,
            });
        }
        let state = self.state.changed(version, Changes::of(changes))?;
        Ok(Self {
            state: Arc::new(state),
        })
    }

    /// [`Snapshot::apply`] for an update that says from where to where it leads.
    ///
    /// # Errors
    /// As for [`Snapshot::apply`], and [`PolicyError::Version`] for an update that starts after this version: what
    /// happened in between is missing.
    pub fn follow(&self, update: PolicyUpdate) -> Result<Self, PolicyError> {
        let (PolicyUpdate { from, version, .. }, present) = (&update, self.version());
        if *from > present || *version < present {
            let (from, version) = (*from, *version);
            return Err(PolicyError::Version {
                from,
                version,
                present,
            });
        }
        self.apply(update.version, update.changes)
    }

    /// The version of the policy.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.state.version
    }

    /// Whether guests are let in at all.
    #[must_use]
    pub fn guest_access(&self) -> bool {
        self.state.guest_access
    }

    /// The role forest.
    #[must_use]
    pub fn forest(&self) -> &RoleForest {
        &self.state.forest
    }

    /// All facts again, each list ordered by id: for an export, and to compare.
    ///
    /// # Complexity
    /// O(n), n the number of facts.
    #[must_use]
    pub fn facts(&self) -> PolicyFacts {
        let state = &*self.state;
        let mut roles: Vec<_> = state
            .forest
            .iter()
            .map(|(id, parent)| RoleFacts { id, parent })
            .collect();
        roles.sort_unstable();
        let users = state.users.by_id.iter();
        PolicyFacts {
            version: state.version,
            guest_access: state.guest_access,
            roles,
            profiles: state.grants.profile_facts(),
            objects: state.grants.object_facts(),
            users: users.filter_map(|place| state.user_facts(*place)).collect(),
        }
    }

    /// What is known of an object; `None` for one that isn't there.
    #[must_use]
    pub fn object(&self, id: ObjectId) -> Option<&ObjectFacts> {
        let grants = &self.state.grants;
        grants.object_at(grants.object(id)?)
    }

    /// The object with a key.
    #[must_use]
    pub fn object_by_key(&self, key: &str) -> Option<ObjectId> {
        self.state.grants.object_by_key(key)
    }

    /// The objects, ordered by id.
    #[must_use]
    pub fn objects(&self) -> Vec<ObjectFacts> {
        self.state.grants.object_facts()
    }

    /// What is known of a user; `None` for one that isn't there.
    #[must_use]
    pub fn user(&self, id: UserId) -> Option<UserFacts> {
        self.state.user_facts(self.state.users.ids.find(id)?)
    }
}

/// Something that is listed twice, if anything is.
fn twice<T: Ord>(ids: impl Iterator<Item = T>) -> Option<T> {
    let mut ids: Vec<T> = ids.collect();
    ids.sort_unstable();
    let mut ids = ids.into_iter().peekable();
    std::iter::from_fn(|| ids.next().map(|id| (ids.peek() == Some(&id), id)))
        .find(|(repeated, _)| *repeated)
        .map(|(_, id)| id)
}
