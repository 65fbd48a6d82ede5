//! Counting the records of an object by how close their owners are to every user of a profile.
//!
//! For one record the users fall into few groups: its owners (rank 1), those with a role above an owner's (2), those
//! with an owner's role (3), everybody else (4). So a record is counted once for every *role* concerned, and its
//! owners, who have such roles too, are put right one by one. What a user reaches is then the sum for the user's role
//! less what the user owns.

use vestibule_org_hierarchy::UserId;

use super::Snapshot;
use super::users::{NO_ROLE, User};
use crate::census::Ranks;
use crate::{Census, ProfileId, Standing};

/// Takes the [`Census`] of one object's records for the users of one profile, record by record.
///
/// # Examples
/// ```
/// use vestibule_access_control::{
///     Account, Action, Census, CensusTaker, Level, ObjectPermissions, PolicyFacts, ProfileFacts, ProfileId,
///     RoleFacts, RoleId, Snapshot, UserFacts, UserId,
/// };
///
/// let [head, rep] = [1, 2].map(RoleId::from_u128);
/// let profile = ProfileId::from_u128(1);
/// let [hana, rob] = [1, 2].map(UserId::from_u128);
/// let account = Account::Standard { deactivated: false };
/// let snapshot = Snapshot::build(PolicyFacts {
///     roles: vec![RoleFacts { id: head, parent: None }, RoleFacts { id: rep, parent: Some(head) }],
///     profiles: vec![ProfileFacts { id: profile, admin: false, permissions: vec![] }],
///     users: vec![
///         UserFacts { id: hana, role: Some(head), profile, account },
///         UserFacts { id: rob, role: Some(rep), profile, account },
///     ],
///     ..PolicyFacts::default()
/// })?;
///
/// let mut taker = CensusTaker::new(&snapshot, profile, 0);
/// taker.record(&[rob]);
/// taker.record(&[rob]);
/// taker.record(&[]);
/// let census = taker.finish();
/// assert_eq!(census.reached(hana, Level::OwnAndReports), 2);
/// assert_eq!(census.reached(rob, Level::OwnPeersAndReports), 2);
/// assert_eq!(census.reached(rob, Level::Anyone), 3);
///
/// let (before, after) = (ObjectPermissions::all(Level::Own), ObjectPermissions::all(Level::OwnAndReports));
/// let view = census.impact(&before, &after)[0];
/// assert_eq!((view.action, view.users_gaining, view.records_gained), (Action::View, 1, 2));
/// # Ok::<(), vestibule_access_control::PolicyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CensusTaker {
    snapshot: Snapshot,
    profile: Option<u16>,
    now: i64,
    /// Users in good standing who have the profile: by role, and all of them.
    candidates: Vec<u64>,
    all_candidates: u64,
    records: u64,
    /// Records with one owner, by the owner's place: most are, and they're counted at the end.
    with_one_owner: Vec<u64>,
    /// Records that somebody with a lower role owns, by role.
    reports: Vec<u64>,
    /// The other records that somebody with the same role owns, by role.
    peers: Vec<u64>,
    /// By place: records owned, and how many of them are in `reports` and in `peers` of the owner's role.
    owned: Vec<[u64; 3]>,
    by_ranks: [u64; 16],
    sets: RoleSets,
}

/// The roles above the owners' of a record, and the owners' own where they aren't among these.
#[derive(Clone, Debug)]
struct RoleSets {
    above: Vec<u32>,
    same: Vec<u32>,
    /// By role, the last record that had the role among `above`.
    stamps: Vec<u64>,
    record: u64,
}

impl CensusTaker {
    /// A census for the users of a profile who are in good standing at a moment, before any record.
    ///
    /// # Complexity
    /// O(n + r), n the number of users, r that of roles.
    #[must_use]
    pub fn new(snapshot: &Snapshot, profile: ProfileId, now: i64) -> Self {
        let state = &*snapshot.state;
        let (roles, places) = (state.walk.roles(), state.users.ids.bound());
        let mut taker = Self {
            snapshot: snapshot.clone(),
            profile: state.grants.profile(profile),
            now,
            candidates: vec![0; roles],
            all_candidates: 0,
            records: 0,
            with_one_owner: vec![0; places],
            reports: vec![0; roles],
            peers: vec![0; roles],
            owned: vec![[0; 3]; places],
            by_ranks: [0; 16],
            sets: RoleSets {
                above: Vec::new(),
                same: Vec::new(),
                stamps: vec![0; roles],
                record: 0,
            },
        };
        for (place, user) in (0_u32..).zip(state.users.entries()) {
            if taker.is_candidate(place, *user) {
                taker.all_candidates += 1;
                add(&mut taker.candidates, user.enter, 1);
            }
        }
        taker
    }

    /// Counts a record with these owners.
    ///
    /// # Complexity
    /// O(1) for up to one owner, else O(k · d), k the number of owners, d the depth of the role forest (at most 64).
    pub fn record(&mut self, owners: &[UserId]) {
        self.records += 1;
        let ids = &self.snapshot.state.users.ids;
        if let [owner] = owners {
            match ids.find(*owner) {
                Some(place) => add(&mut self.with_one_owner, place, 1),
                None => self.count(&[], 1),
            }
            return;
        }
        let mut places: Vec<u32> = owners.iter().filter_map(|owner| ids.find(*owner)).collect();
        places.sort_unstable();
        places.dedup();
        self.count(&places, 1);
    }

    /// The census of the records counted.
    ///
    /// # Complexity
    /// O(n · d), n the number of users, d the depth of the role forest (at most 64).
    #[must_use]
    pub fn finish(mut self) -> Census {
        for (place, times) in (0_u32..).zip(std::mem::take(&mut self.with_one_owner)) {
            if times > 0 {
                self.count(&[place], times);
            }
        }
        let state = &*self.snapshot.state;
        let users = (0_u32..).zip(state.users.entries());
        let counted = users.filter(|(place, user)| self.is_candidate(*place, **user));
        let ranks =
            counted.filter_map(|(place, user)| Some((state.users.ids.id(place)?, self.ranks(place, *user))));
        Census::new(self.records, ranks.collect(), self.by_ranks)
    }

    fn is_candidate(&self, place: u32, user: User) -> bool {
        let state = &*self.snapshot.state;
        self.profile == Some(user.profile)
            && state.users.standing(place, user, state.guest_access, self.now) == Standing::Good
    }

    /// Counts records that all have the users at these places as owners.
    fn count(&mut self, owners: &[u32], times: u64) {
        let owners: Vec<(u32, User)> = owners
            .iter()
            .filter_map(|place| Some((*place, self.snapshot.state.users.get(*place)?)))
            .collect();
        self.sets.collect(&self.snapshot, &owners);
        for role in &self.sets.above {
            add(&mut self.reports, *role, times);
        }
        for role in &self.sets.same {
            add(&mut self.peers, *role, times);
        }
        for (place, owner) in &owners {
            if let Some([owned, reports, peers]) = self.owned.get_mut(*place as usize) {
                *owned += times;
                if self.sets.is_above(owner.enter) {
                    *reports += times;
                } else if owner.enter != NO_ROLE {
                    *peers += times;
                }
            }
        }
        let ranks = self.ranks_present(&owners);
        if let Some(records) = self.by_ranks.get_mut(ranks) {
            *records += times;
        }
    }

    /// The ranks that a record with these owners has for some user: bit `r - 1` for rank `r`.
    fn ranks_present(&self, owners: &[(u32, User)]) -> usize {
        let own: Vec<u32> = owners
            .iter()
            .filter(|(place, owner)| self.is_candidate(*place, *owner))
            .map(|(_, owner)| owner.enter)
            .collect();
        let at = |roles: &[u32]| -> u64 {
            let others = |role: &u32| {
                let owners = own.iter().filter(|enter| *enter == role).count() as u64;
                get(&self.candidates, *role).saturating_sub(owners)
            };
            roles.iter().map(others).sum()
        };
        let (owning, above, same) = (own.len() as u64, at(&self.sets.above), at(&self.sets.same));
        let rest = self.all_candidates.saturating_sub(owning + above + same);
        let present = [owning, above, same, rest].into_iter().enumerate();
        present.map(|(bit, users)| usize::from(users > 0) << bit).sum()
    }

    fn ranks(&self, place: u32, user: User) -> Ranks {
        let [own, among_reports, among_peers] = self.owned.get(place as usize).copied().unwrap_or_default();
        let reports = get(&self.reports, user.enter).saturating_sub(among_reports);
        let peers = get(&self.peers, user.enter).saturating_sub(among_peers);
        let rest = self.records.saturating_sub(own + reports + peers);
        [own, reports, peers, rest]
    }
}

impl RoleSets {
    fn collect(&mut self, snapshot: &Snapshot, owners: &[(u32, User)]) {
        self.record += 1;
        self.above.clear();
        self.same.clear();
        for (_, owner) in owners {
            let mut role = snapshot.state.walk.parent(owner.enter);
            // Everything above a role that was met is among the roles above already.
            while let Some(above) = role.filter(|above| !self.is_above(*above)) {
                if let Some(stamp) = self.stamps.get_mut(above as usize) {
                    *stamp = self.record;
                }
                self.above.push(above);
                role = snapshot.state.walk.parent(above);
            }
        }
        for (_, owner) in owners {
            let role = owner.enter;
            if role != NO_ROLE && !self.is_above(role) && !self.same.contains(&role) {
                self.same.push(role);
            }
        }
    }

    fn is_above(&self, role: u32) -> bool {
        self.stamps.get(role as usize) == Some(&self.record)
    }
}

fn add(counts: &mut [u64], at: u32, times: u64) {
    if let Some(count) = counts.get_mut(at as usize) {
        *count += times;
    }
}

fn get(counts: &[u64], at: u32) -> u64 {
    counts.get(at as usize).copied().unwrap_or(0)
}
