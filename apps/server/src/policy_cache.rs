//! Every org's policy in memory, used only at the version that the asking transaction sees.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
#[derive(Default)]
pub struct PolicyCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    orgs: HashMap<OrgId, OrgPolicies>,
    people: u64,
    clock: u64,
}

#[derive(Default)]
struct OrgPolicies {
    /// The newest last.
    snapshots: VecDeque<Arc<Snapshot>>,
    weight: u64,
    used_at: u64,
}

impl PolicyCache {
    /// The org's policy as this transaction sees it.
    ///
    /// # Errors
    /// [`UseCaseError::Store`] when the database fails, or the stored policy contradicts itself.
    pub fn of(&self, tx: &mut Tx<'_>, org: OrgId) -> Result<Arc<Snapshot>, UseCaseError> {
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
        let snapshot = Arc::new(snapshot);
        // What a transaction has changed and not committed is nobody else's policy.
        if !tx.touches_policy() {
            self.keep(org, &snapshot);
        }
        Ok(snapshot)
    }

    /// The snapshot of exactly this version, or the newest earlier one.
    fn nearest(&self, org: OrgId, version: u64) -> Option<Arc<Snapshot>> {
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

    fn keep(&self, org: OrgId, snapshot: &Arc<Snapshot>) {
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
        policies.snapshots.insert(place, Arc::clone(snapshot));
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
        while self.people > PEOPLE_KEPT && self.orgs.len() > 1 {
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
