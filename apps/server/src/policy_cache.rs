//! Every org's policy in memory, used only at the version that the asking transaction sees.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use vestibule_access_control::{OwnerScope, Snapshot};
use vestibule_persistence::ids::OrgId;
use vestibule_persistence::policy::{self, Catchup};
use vestibule_persistence::{StoreError, Tx};

use crate::error::UseCaseError;

/// How many versions of one org are kept: a transaction that began before the last change still finds its own.
const VERSIONS_KEPT: usize = 4;

/// How much is kept for all orgs together, in people. An org counts as its people and a little for itself, at roughly
/// 50 bytes each: about 200 MB.
const PEOPLE_KEPT: u64 = 4_000_000;

/// What an org without people still weighs.
const ORG_WEIGHT: u64 = 100;

/// The policies of the orgs that were asked about lately.
///
/// INVARIANT: no decision is made from an older policy than its own transaction sees. Each use costs one read of the
/// org's version inside that transaction; what changed since the snapshot in hand is applied on top of it. A use case
/// asks before it changes policy itself.
pub struct PolicyCache(Mutex<Kept>);

struct Kept {
    orgs: HashMap<OrgId, OrgPolicies>,
    people: u64,
    people_at_most: u64,
    clock: u64,
}

#[derive(Default)]
struct OrgPolicies {
    /// The newest last.
    snapshots: VecDeque<Snapshot>,
    weight: u64,
    used_at: u64,
}

impl Default for PolicyCache {
    fn default() -> Self {
        PolicyCache::keeping(PEOPLE_KEPT)
    }
}

impl PolicyCache {
    fn keeping(people_at_most: u64) -> Self {
        PolicyCache(Mutex::new(Kept {
            orgs: HashMap::new(),
            people: 0,
            people_at_most,
            clock: 0,
        }))
    }

    /// The org's policy as this transaction sees it.
    ///
    /// # Errors
    /// [`UseCaseError::Store`] when the database fails, or the stored policy contradicts itself.
    pub fn of(&self, tx: &mut Tx<'_>, org: OrgId) -> Result<Snapshot, UseCaseError> {
        let version = tx.policy_version(org)?.ok_or(StoreError::Reference)?;
        let version = u64::try_from(version).map_err(|_| inconsistent())?;
        let earlier = match self.nearest(org, version) {
            Some(snapshot) if snapshot.version() == version => return Ok(snapshot),
            earlier => earlier,
        };
        let caught_up = match earlier {
            Some(earlier) => catch_up(tx, org, &earlier)?,
            None => None,
        };
        let snapshot = match caught_up {
            Some(snapshot) => snapshot,
            None => load(tx, org)?,
        };
        // What a transaction has changed and not committed is nobody else's policy.
        if !tx.touches_policy() {
            self.keep(org, &snapshot);
        }
        Ok(snapshot)
    }

    /// The snapshot of exactly this version, or the newest earlier one.
    fn nearest(&self, org: OrgId, version: u64) -> Option<Snapshot> {
        let mut kept = self.lock();
        kept.clock += 1;
        let now = kept.clock;
        let policies = kept.orgs.get_mut(&org)?;
        policies.used_at = now;
        let known = policies.snapshots.iter().rev();
        known
            .into_iter()
            .find(|snapshot| snapshot.version() <= version)
            .cloned()
    }

    fn keep(&self, org: OrgId, snapshot: &Snapshot) {
        let mut kept = self.lock();
        kept.clock += 1;
        let now = kept.clock;
        let policies = kept.orgs.entry(org).or_default();
        policies.used_at = now;
        let place = policies
            .snapshots
            .partition_point(|known| known.version() < snapshot.version());
        if policies
            .snapshots
            .get(place)
            .is_some_and(|known| known.version() == snapshot.version())
        {
            return;
        }
        policies.snapshots.insert(place, snapshot.clone());
        if policies.snapshots.len() > VERSIONS_KEPT {
            policies.snapshots.pop_front();
        }
        // Versions share nearly everything, so they weigh as one.
        let newest = policies
            .snapshots
            .back()
            .map_or(0, |newest| newest.people(&OwnerScope::Everyone));
        let weight = ORG_WEIGHT + newest;
        let before = std::mem::replace(&mut policies.weight, weight);
        kept.people = kept.people.saturating_sub(before) + weight;
        kept.forget_the_longest_unused(org);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A poisoned lock only means that some request died: what is kept is complete snapshots.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget_the_longest_unused(&mut self, but: OrgId) {
        while self.people > self.people_at_most && self.orgs.len() > 1 {
            let others = self.orgs.iter().filter(|(org, _)| **org != but);
            let Some(oldest) = others
                .min_by_key(|(_, policies)| policies.used_at)
                .map(|(org, _)| *org)
            else {
                return;
            };
            if let Some(policies) = self.orgs.remove(&oldest) {
                self.people = self.people.saturating_sub(policies.weight);
            }
        }
    }
}

fn catch_up(tx: &mut Tx<'_>, org: OrgId, earlier: &Snapshot) -> Result<Option<Snapshot>, UseCaseError> {
    match policy::changes_since(tx, org, earlier.version())? {
        Catchup::Changes { version, changes } => match earlier.apply(version, changes) {
            Ok(snapshot) => Ok(Some(snapshot)),
            Err(error) => {
                tracing::error!(%error, "policy changes do not fit; reading everything again");
                Ok(None)
            }
        },
        Catchup::Reload => Ok(None),
    }
}

fn load(tx: &mut Tx<'_>, org: OrgId) -> Result<Snapshot, UseCaseError> {
    let facts = policy::load(tx, org)?.ok_or(StoreError::Reference)?;
    Snapshot::build(facts).map_err(|error| {
        tracing::error!(%error, "the stored policy contradicts itself");
        inconsistent()
    })
}

fn inconsistent() -> UseCaseError {
    UseCaseError::Store(StoreError::Corrupt {
        table: "policy",
        what: "contradicts itself",
    })
}

#[cfg(test)]
mod tests {
    use vestibule_access_control::{
        Account, PolicyFacts, ProfileFacts, ProfileId, Snapshot, UserFacts, UserId,
    };
    use vestibule_persistence::ids::OrgId;

    use super::{ORG_WEIGHT, PolicyCache, VERSIONS_KEPT};

    fn snapshot(version: u64, people: u128) -> Snapshot {
        let profile = ProfileId::from_u128(1);
        let user = |id| UserFacts {
            id: UserId::from_u128(id),
            role: None,
            profile,
            account: Account::Standard { deactivated: false },
        };
        let facts = PolicyFacts {
            version,
            guest_access: true,
            roles: Vec::new(),
            profiles: vec![ProfileFacts {
                id: profile,
                admin: true,
                permissions: Vec::new(),
            }],
            objects: Vec::new(),
            users: (1..=people).map(user).collect(),
        };
        Snapshot::build(facts).unwrap()
    }

    #[test]
    fn a_transaction_gets_the_newest_version_that_is_not_newer_than_its_own() {
        let (cache, org) = (PolicyCache::default(), OrgId::from_u128(1));
        for version in [5, 3, 9] {
            cache.keep(org, &snapshot(version, 1));
        }
        let found = |version| cache.nearest(org, version).map(|found| found.version());
        assert_eq!(
            [2, 3, 4, 8, 9, 10].map(found),
            [None, Some(3), Some(3), Some(5), Some(9), Some(9)]
        );
        assert!(
            cache.nearest(OrgId::from_u128(2), 9).is_none(),
            "another org's policy is no answer"
        );
    }

    #[test]
    fn the_oldest_versions_of_an_org_are_forgotten() {
        let (cache, org) = (PolicyCache::default(), OrgId::from_u128(1));
        for version in 1..=10 {
            cache.keep(org, &snapshot(version, 1));
        }
        assert_eq!(cache.lock().orgs[&org].snapshots.len(), VERSIONS_KEPT);
        assert!(cache.nearest(org, 6).is_none());
        assert!(cache.nearest(org, 7).is_some());
    }

    #[test]
    fn the_org_that_nobody_asked_about_for_longest_goes_first() {
        let cache = PolicyCache::keeping(2 * ORG_WEIGHT + 10);
        let [a, b, c] = [1, 2, 3].map(OrgId::from_u128);
        cache.keep(a, &snapshot(1, 5));
        cache.keep(b, &snapshot(1, 5));
        assert!(cache.nearest(a, 1).is_some());
        cache.keep(c, &snapshot(1, 5));
        assert!(cache.nearest(b, 1).is_none());
        assert!(cache.nearest(a, 1).is_some() && cache.nearest(c, 1).is_some());
        assert_eq!(
            cache.lock().people,
            2 * ORG_WEIGHT + 10,
            "what is gone weighs nothing"
        );
    }

    #[test]
    fn an_org_that_is_too_large_alone_is_kept_while_it_is_the_only_one() {
        let cache = PolicyCache::keeping(10);
        let [a, b] = [1, 2].map(OrgId::from_u128);
        cache.keep(a, &snapshot(1, 50));
        assert!(cache.nearest(a, 1).is_some());
        cache.keep(b, &snapshot(1, 1));
        assert!(cache.nearest(a, 1).is_none());
        assert!(cache.nearest(b, 1).is_some());
    }
}
