//! From an id to its place in a table, and the ids of the places.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use vestibule_org_hierarchy::UserId;

use super::chunked::Chunked;
use crate::PolicyError;

/// A map keyed by ids; see [`IdHasher`].
pub(super) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// Hashes the sixteen bytes of an id in one multiplication.
///
/// Ids carry enough chance of their own (the random part of a UUID), so they need mixing, not protection: whoever
/// may choose ids freely may slow look-ups down, and ids are made by the service, not by its users.
#[derive(Default)]
pub(super) struct IdHasher(u64);

impl Hasher for IdHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        if let Ok(id) = bytes.try_into() {
            self.0 = mix(u128::from_be_bytes(id));
        } else {
            // Nothing but ids is hashed here; anything else still gets a hash, if a poor one.
            self.0 = bytes
                .iter()
                .fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
        }
    }

    /// The length before the bytes, the same for every id.
    #[inline]
    fn write_usize(&mut self, _length: usize) {}

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

/// Folds an id into 64 bits, of which the low and the high ones depend on all of the id's.
#[inline]
const fn mix(id: u128) -> u64 {
    let folded = (id as u64) ^ ((id >> 64) as u64).rotate_left(32);
    let product = folded as u128 * 0x9E37_79B9_7F4A_7C15;
    ((product >> 64) as u64) ^ (product as u64)
}

/// No place: a free spot in the table.
const FREE: u32 = u32::MAX;

/// The places of users: from a user's id to a number below [`UserIds::bound`] and back.
#[derive(Clone, Debug)]
pub(super) struct UserIds {
    /// Open addressing, linear probing. INVARIANT: at least half of it is free, and its length is a power of two.
    table: Chunked<u32>,
    /// The id at each place; that of a removed user at a place in `vacant`.
    ids: Chunked<UserId>,
    vacant: Arc<Vec<u32>>,
}

impl UserIds {
    pub(super) fn new() -> Self {
        Self {
            table: Chunked::filled(8, FREE),
            ids: Chunked::new(),
            vacant: Arc::default(),
        }
    }

    /// How many users there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len() - self.vacant.len()
    }

    /// Every place in use is below this.
    pub(super) const fn bound(&self) -> usize {
        self.ids.len()
    }

    #[inline]
    pub(super) fn id(&self, place: u32) -> Option<UserId> {
        self.ids.get(place as usize)
    }

    #[inline]
    pub(super) fn find(&self, id: UserId) -> Option<u32> {
        let mut spot = self.home(id);
        loop {
            let place = self.table.get(spot)?;
            if place == FREE {
                return None;
            }
            if self.ids.get(place as usize) == Some(id) {
                return Some(place);
            }
            spot = self.next(spot);
        }
    }

    /// Gives a user who has none a place.
    pub(super) fn insert(&mut self, id: UserId) -> Result<u32, PolicyError> {
        if (self.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let place = match Arc::make_mut(&mut self.vacant).pop() {
            Some(place) => {
                self.ids.set(place as usize, id);
                place
            }
            None => {
                let place = u32::try_from(self.ids.len()).ok().filter(|place| *place < FREE);
                self.ids.push(id);
                place.ok_or(PolicyError::TooMany)?
            }
        };
        self.enter(id, place);
        Ok(place)
    }

    /// Takes a user's place away, which it returns.
    pub(super) fn remove(&mut self, id: UserId) -> Option<u32> {
        let removed = self.find(id)?;
        let mut hole = self.home(id);
        while self.table.get(hole)? != removed {
            hole = self.next(hole);
        }
        // Closes the gap, so that no probe ends early: whoever would rather stand at the hole moves there.
        let mask = self.table.len() - 1;
        let mut spot = self.next(hole);
        while let Some((place, id)) = self.at(spot) {
            let from_home = spot.wrapping_sub(self.home(id)) & mask;
            if from_home >= spot.wrapping_sub(hole) & mask {
                self.table.set(hole, place);
                hole = spot;
            }
            spot = self.next(spot);
        }
        self.table.set(hole, FREE);
        Arc::make_mut(&mut self.vacant).push(removed);
        Some(removed)
    }

    fn at(&self, spot: usize) -> Option<(u32, UserId)> {
        let place = self.table.get(spot).filter(|place| *place != FREE)?;
        Some((place, self.id(place)?))
    }

    #[inline]
    fn home(&self, id: UserId) -> usize {
        mix(id.as_uuid().as_u128()) as usize & (self.table.len() - 1)
    }

    #[inline]
    const fn next(&self, spot: usize) -> usize {
        (spot + 1) & (self.table.len() - 1)
    }

    fn enter(&mut self, id: UserId, place: u32) {
        let mut spot = self.home(id);
        while self.table.get(spot).is_some_and(|taken| taken != FREE) {
            spot = self.next(spot);
        }
        self.table.set(spot, place);
    }

    fn grow(&mut self) {
        let entered: Vec<_> = (0..self.table.len()).filter_map(|spot| self.at(spot)).collect();
        self.table = Chunked::filled(self.table.len() * 2, FREE);
        for (place, id) in entered {
            self.enter(id, place);
        }
    }
}
