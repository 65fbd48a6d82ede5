//! What moving a role would do, before anybody moves it.
//!
//! The roles above the moved one change, and nothing else does: who holds a role that is above it at the old place only
//! loses everybody in it and below as reports, who holds one that is above it at the new place only gains them. The
//! others keep their reports and peers, also those who move. So only records of people who move can change hands, and a
//! record of theirs does for a whole role at once, unless somebody who stays owns it too.

use std::collections::HashMap;

use vestibule_org_hierarchy::{RoleError, RoleId, UserId};

use super::Snapshot;
use super::users::{NO_ROLE, User};
use crate::{Action, ActionImpact, Level, ObjectId, RoleInterval, Standing};

/// The actions that are asked of records there are, in the order of [`Action::ALL`].
const OF_RECORDS: [Action; 3] = [Action::View, Action::Edit, Action::Delete];

const REPORTS: u8 = Level::OwnAndReports.rank();
const PEERS: u8 = Level::OwnPeersAndReports.rank();

/// A role moved in thought: who gains and loses reports, and, object by object, records.
///
/// # Examples
/// ```
/// use vestibule_access_control::{
///     Account, Level, ObjectFacts, ObjectGrant, ObjectId, ObjectPermissions, PolicyFacts, ProfileFacts, ProfileId,
///     RoleFacts, RoleId, RoleMove, Snapshot, UserFacts, UserId,
/// };
///
/// let [north, south, rep] = [1, 2, 3].map(RoleId::from_u128);
/// let [hana, sami, rob] = [1, 2, 3].map(UserId::from_u128);
/// let (profile, deal) = (ProfileId::from_u128(1), ObjectId::from_u128(1));
/// let user = |id, role| UserFacts { id, role: Some(role), profile, account: Account::Standard { deactivated: false } };
/// let permissions = ObjectPermissions::all(Level::OwnAndReports);
/// let snapshot = Snapshot::build(PolicyFacts {
///     roles: vec![
///         RoleFacts { id: north, parent: None },
///         RoleFacts { id: south, parent: None },
///         RoleFacts { id: rep, parent: Some(north) },
///     ],
///     profiles: vec![ProfileFacts { id: profile, admin: false, permissions: vec![ObjectGrant { object: deal, permissions }] }],
///     objects: vec![ObjectFacts { id: deal, key: "deal".into(), ownable: true }],
///     users: vec![user(hana, north), user(sami, south), user(rob, rep)],
///     ..PolicyFacts::default()
/// })?;
///
/// let to_the_south = RoleMove::foresee(&snapshot, rep, Some(south), 0)?;
/// assert_eq!(to_the_south.people_moved(), 1);
/// let mut census = to_the_south.census(deal);
/// census.record(&[rob]);
/// let view = &census.finish()[0];
/// assert_eq!((view.users_losing, view.users_gaining, view.pairs_gained), (1, 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct RoleMove {
    snapshot: Snapshot,
    /// The roles that move; `None` where nothing changes.
    moved: Option<RoleInterval>,
    people_moved: u64,
    users: Vec<MovedReports>,
    /// The same users, with what is needed to count their records.
    managers: Vec<Manager>,
}

/// Somebody whose reports change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MovedReports {
    /// The user.
    pub user: UserId,
    /// How many reports the user has, whatever their standing.
    pub before: u64,
    /// How many it would be.
    pub after: u64,
}

/// Somebody in good standing with a role that is above the moved one at one of its places only.
#[derive(Clone, Copy, Debug)]
struct Manager {
    place: u32,
    user: User,
    gains: bool,
}

impl RoleMove {
    /// What would change for the users who are in good standing at a moment if a role went below another one, or to the
    /// top.
    ///
    /// # Errors
    /// As for moving it: [`RoleError::Unknown`], [`RoleError::Cycle`], [`RoleError::TooDeep`].
    ///
    /// # Complexity
    /// O(r + m log m), r the number of roles, m that of users whose reports change.
    pub fn foresee(
        snapshot: &Snapshot,
        role: RoleId,
        parent: Option<RoleId>,
        now: i64,
    ) -> Result<Self, RoleError> {
        let state = &*snapshot.state;
        let present = &state.forest;
        let mut forest = present.as_ref().clone();
        forest.move_role(role, parent)?;
        let above_before: Vec<RoleId> = present.ancestors(role).collect();
        let above_after: Vec<RoleId> = forest.ancestors(role).collect();
        let moved = present.label(role).map(RoleInterval::at_and_below);
        let mut foreseen = Self {
            snapshot: snapshot.clone(),
            people_moved: moved.map_or(0, |moved| state.walk.members(moved).len() as u64),
            moved: moved.filter(|_| above_before != above_after),
            users: Vec::new(),
            managers: Vec::new(),
        };
        if foreseen.people_moved > 0 {
            // The nearest first, on either side.
            let apart = |above: &[RoleId], others: &[RoleId], gains: bool| {
                let roles = above.iter().copied().enumerate();
                let apart = roles.filter(|(_, role)| !others.contains(role));
                apart
                    .map(|(distance, role)| (distance, gains, role))
                    .collect::<Vec<_>>()
            };
            let mut roles = apart(&above_before, &above_after, false);
            roles.extend(apart(&above_after, &above_before, true));
            roles.sort_unstable();
            for (_, gains, role) in roles {
                foreseen.meet(role, gains, now);
            }
        }
        Ok(foreseen)
    }

    /// Takes in the users of a role above.
    fn meet(&mut self, role: RoleId, gains: bool, now: i64) {
        let state = &*self.snapshot.state;
        let Some(label) = state.forest.label(role) else {
            return;
        };
        let below = RoleInterval::below(label).map_or(0, |below| state.walk.members(below).len() as u64);
        let after = if gains {
            below + self.people_moved
        } else {
            below.saturating_sub(self.people_moved)
        };
        let at = RoleInterval {
            first_enter: label.enter,
            last_enter: label.enter,
        };
        let mut met = Vec::new();
        for place in state.walk.members(at) {
            let Some(user) = state.users.get(*place) else {
                continue;
            };
            if state.users.standing(*place, user, state.guest_access, now) == Standing::Good {
                met.push((state.user_id(*place), *place, user));
            }
        }
        met.sort_unstable_by_key(|(id, _, _)| *id);
        for (id, place, user) in met {
            self.users.push(MovedReports {
                user: id,
                before: below,
                after,
            });
            self.managers.push(Manager { place, user, gains });
        }
    }

    /// How many people are in the role and below it, whatever their standing.
    #[must_use]
    pub fn people_moved(&self) -> u64 {
        self.people_moved
    }

    /// The users in good standing whose reports change: those next to the moved role first, then by id.
    #[must_use]
    pub fn users(&self) -> &[MovedReports] {
        &self.users
    }

    /// Whether anybody's reach on an object rests on reports who come or go.
    ///
    /// # Complexity
    /// O(m), m the number of users whose reports change.
    #[must_use]
    pub fn concerns(&self, object: ObjectId) -> bool {
        let rests = |action| {
            self.managers
                .iter()
                .any(|manager| self.rests(manager, object, action))
        };
        self.moved.is_some() && Action::ALL.into_iter().any(rests)
    }

    fn rests(&self, manager: &Manager, object: ObjectId, action: Action) -> bool {
        (REPORTS..=PEERS).contains(&self.rank(manager, object, action))
    }

    fn rank(&self, manager: &Manager, object: ObjectId, action: Action) -> u8 {
        let grants = &self.snapshot.state.grants;
        let object = grants.object(object);
        object.map_or(0, |object| grants.rank(manager.user.profile, object, action))
    }

    /// Starts counting the records of an object, before any record.
    ///
    /// # Complexity
    /// O(m), m the number of users whose reports change.
    #[must_use]
    pub fn census(&self, object: ObjectId) -> RoleMoveCensus<'_> {
        let mut groups: Vec<Group> = Vec::new();
        let mut by_key: HashMap<(u32, [u8; 3]), usize> = HashMap::new();
        let mut group_of = HashMap::new();
        let mut creating = Sides::default();
        for manager in self.managers.iter().filter(|_| self.moved.is_some()) {
            *creating.side(manager.gains) += u64::from(self.rests(manager, object, Action::Create));
            let ranks = OF_RECORDS.map(|action| self.rank(manager, object, action));
            if !ranks.iter().any(|rank| (REPORTS..=PEERS).contains(rank)) {
                continue;
            }
            let enter = manager.user.enter;
            let at = *by_key.entry((enter, ranks)).or_insert_with(|| {
                groups.push(Group {
                    enter,
                    exit: self.snapshot.state.walk.exit(enter).unwrap_or(enter),
                    gains: manager.gains,
                    ranks,
                    users: 0,
                    records: [0; 3],
                    pairs: [0; 3],
                });
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(at) {
                group.users += 1;
            }
            group_of.insert(manager.place, at);
        }
        RoleMoveCensus {
            foreseen: self,
            groups,
            group_of,
            owned: HashMap::new(),
            records: Default::default(),
            creating,
        }
    }
}

/// Users with one role who reach alike with every action.
#[derive(Clone, Debug)]
struct Group {
    enter: u32,
    exit: u32,
    gains: bool,
    ranks: [u8; 3],
    users: u64,
    /// Records that change hands for those of the group who don't own them.
    records: [u64; 3],
    pairs: [u64; 3],
}

/// Counts the records of one object that change hands when a role is moved, record by record.
#[derive(Clone, Debug)]
pub struct RoleMoveCensus<'m> {
    foreseen: &'m RoleMove,
    groups: Vec<Group>,
    /// The group of the user at a place.
    group_of: HashMap<u32, usize>,
    /// By place, how many of the group's records are the user's own, who keeps them.
    owned: HashMap<u32, [u64; 3]>,
    /// By action, different records that change hands.
    records: [Sides<u64>; 3],
    /// Users whose making of records rests on reports who come or go.
    creating: Sides<u64>,
}

/// Something for those who lose and for those who gain.
#[derive(Clone, Copy, Debug, Default)]
struct Sides<T> {
    lost: T,
    gained: T,
}

impl<T> Sides<T> {
    fn side(&mut self, gains: bool) -> &mut T {
        if gains { &mut self.gained } else { &mut self.lost }
    }
}

impl RoleMoveCensus<'_> {
    /// Counts a record with these owners.
    ///
    /// # Complexity
    /// O(k) for a record that no one who moves owns, else O(k g), k the number of owners, g that of roles and levels
    /// concerned.
    pub fn record(&mut self, owners: &[UserId]) {
        let Some(moved) = self.foreseen.moved else {
            return;
        };
        let users = &self.foreseen.snapshot.state.users;
        let mut moves = false;
        let mut staying: Vec<(u32, u32)> = Vec::new();
        for (place, owner) in owners.iter().filter_map(|owner| users.find(*owner)) {
            if moved.holds(owner.enter) {
                moves = true;
            } else if !staying.iter().any(|(known, _)| *known == place) {
                staying.push((place, owner.enter));
            }
        }
        if !moves {
            return;
        }
        let mut changed = [Sides::<bool>::default(); 3];
        for (at, group) in self.groups.iter_mut().enumerate() {
            let below = |(_, enter): &(u32, u32)| group.enter < *enter && *enter <= group.exit;
            let beside = |(_, enter): &(u32, u32)| *enter == group.enter && *enter != NO_ROLE;
            // Whoever stays is as close to the group as before.
            let rank_of_others = if staying.iter().any(below) {
                REPORTS
            } else if staying.iter().any(beside) {
                PEERS
            } else {
                Level::Anyone.rank()
            };
            let own = staying
                .iter()
                .filter(|(place, _)| self.group_of.get(place) == Some(&at));
            let others = group.users.saturating_sub(own.clone().count() as u64);
            for (action, rank) in group.ranks.into_iter().enumerate() {
                if !(REPORTS..=PEERS).contains(&rank) || rank_of_others <= rank {
                    continue;
                }
                add(&mut group.records, action, 1);
                add(&mut group.pairs, action, others);
                for (place, _) in own.clone() {
                    add(self.owned.entry(*place).or_default(), action, 1);
                }
                if let Some(changed) = changed.get_mut(action) {
                    *changed.side(group.gains) |= others > 0;
                }
            }
        }
        for (records, changed) in self.records.iter_mut().zip(changed) {
            records.lost += u64::from(changed.lost);
            records.gained += u64::from(changed.gained);
        }
    }

    /// What changes, one for every action in the order of [`Action::ALL`].
    #[must_use]
    pub fn finish(self) -> Vec<ActionImpact> {
        let of = |action: Action| {
            let Some(at) = OF_RECORDS.iter().position(|known| *known == action) else {
                return ActionImpact {
                    users_gaining: self.creating.gained,
                    users_losing: self.creating.lost,
                    ..ActionImpact::nothing(action)
                };
            };
            let records = self.records.get(at).copied().unwrap_or_default();
            let mut impact = ActionImpact {
                records_gained: records.gained,
                records_lost: records.lost,
                ..ActionImpact::nothing(action)
            };
            for (number, group) in self.groups.iter().enumerate() {
                let pairs = group.pairs.get(at).copied().unwrap_or(0);
                let users = self.users_affected(number, group, at);
                if group.gains {
                    impact.users_gaining += users;
                    impact.pairs_gained += pairs;
                } else {
                    impact.users_losing += users;
                    impact.pairs_lost += pairs;
                }
            }
            impact
        };
        Action::ALL.into_iter().map(of).collect()
    }

    /// Those of a group who don't own every one of its records.
    fn users_affected(&self, number: usize, group: &Group, action: usize) -> u64 {
        let records = group.records.get(action).copied().unwrap_or(0);
        if records == 0 {
            return 0;
        }
        let owns_all = |(place, owned): &(&u32, &[u64; 3])| {
            self.group_of.get(*place) == Some(&number) && owned.get(action) == Some(&records)
        };
        let unaffected = self.owned.iter().filter(owns_all).count() as u64;
        group.users.saturating_sub(unaffected)
    }
}

fn add(counts: &mut [u64; 3], at: usize, times: u64) {
    if let Some(count) = counts.get_mut(at) {
        *count += times;
    }
}
