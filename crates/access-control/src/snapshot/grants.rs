//! Which profile may do what on which object, as a table that is indexed and not searched.

use std::collections::HashMap;

use super::id_index::IdMap;
use crate::{
    Action, Level, ObjectFacts, ObjectGrant, ObjectId, ObjectPermissions, PolicyError, ProfileFacts,
    ProfileId,
};

/// The profiles, the objects, and a cell for every pair of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Grants {
    profiles: Vec<Option<Profile>>,
    profile_places: IdMap<ProfileId, u16>,
    objects: Vec<Option<ObjectFacts>>,
    object_places: IdMap<ObjectId, u32>,
    keys: HashMap<String, ObjectId>,
    /// How many cells a profile has: room for `objects`, and for some to come.
    stride: usize,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug)]
struct Profile {
    id: ProfileId,
    admin: bool,
}

/// The permissions of a profile on an object, and the ranks of the levels that count, a byte for each action.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    configured: ObjectPermissions,
    effective: u32,
}

impl Cell {
    const ANYONE: Self = Self {
        configured: ObjectPermissions::ANYONE,
        effective: u32::from_ne_bytes([Level::Anyone.rank(); 4]),
    };

    fn new(configured: ObjectPermissions) -> Self {
        let byte = |action| u32::from(configured.effective(action).rank()) << shift(action);
        Self {
            configured,
            effective: Action::ALL.into_iter().map(byte).sum(),
        }
    }
}

const fn shift(action: Action) -> u32 {
    8 * match action {
        Action::View => 0,
        Action::Edit => 1,
        Action::Delete => 2,
        Action::Create => 3,
    }
}

impl Grants {
    /// The rank of the level that counts: 0 where profile or object aren't there.
    #[inline]
    pub(super) fn rank(&self, profile: u16, object: u32, action: Action) -> u8 {
        let cell = self.cell(profile, object);
        (cell.effective >> shift(action)) as u8
    }

    /// The permissions as configured; none at all where profile or object aren't there.
    #[inline]
    pub(super) fn permissions(&self, profile: u16, object: u32) -> ObjectPermissions {
        self.cell(profile, object).configured
    }

    #[inline]
    fn cell(&self, profile: u16, object: u32) -> Cell {
        let object = object as usize;
        if object >= self.stride {
            return Cell::default();
        }
        let place = profile as usize * self.stride + object;
        self.cells.get(place).copied().unwrap_or_default()
    }

    #[inline]
    pub(super) fn profile(&self, id: ProfileId) -> Option<u16> {
        self.profile_places.get(&id).copied()
    }

    pub(super) fn profile_id(&self, profile: u16) -> Option<ProfileId> {
        self.profiles.get(profile as usize)?.map(|profile| profile.id)
    }

    #[inline]
    pub(super) fn object(&self, id: ObjectId) -> Option<u32> {
        self.object_places.get(&id).copied()
    }

    pub(super) fn object_at(&self, object: u32) -> Option<&ObjectFacts> {
        self.objects.get(object as usize)?.as_ref()
    }

    pub(super) fn object_by_key(&self, key: &str) -> Option<ObjectId> {
        self.keys.get(key).copied()
    }

    /// Takes an object out with everybody's permissions on it.
    pub(super) fn remove_object(&mut self, id: ObjectId) {
        let Some(place) = self.object_places.remove(&id) else {
            return;
        };
        if let Some(object) = self.objects.get_mut(place as usize) {
            *object = None;
        }
        self.fill_column(place as usize, |_| Cell::default());
    }

    /// Writes objects, new or not; keys may change hands among them.
    pub(super) fn put_objects(&mut self, objects: Vec<ObjectFacts>) -> Result<(), PolicyError> {
        for facts in objects {
            let place = match self.object(facts.id) {
                Some(place) => place,
                None => self.new_object(facts.id)?,
            };
            if let Some(object) = self.objects.get_mut(place as usize) {
                *object = Some(facts);
            }
        }
        self.keys = HashMap::with_capacity(self.objects.len());
        for object in self.objects.iter().flatten() {
            if self.keys.insert(object.key.clone(), object.id).is_some() {
                return Err(PolicyError::KeyTwice(object.key.clone()));
            }
        }
        Ok(())
    }

    /// A place for an object: nobody's permissions on it, but for Admin's.
    fn new_object(&mut self, id: ObjectId) -> Result<u32, PolicyError> {
        let place = vacancy(&mut self.objects);
        let number = u32::try_from(place).map_err(|_| PolicyError::TooMany)?;
        if place >= self.stride {
            self.widen(place + 1);
        }
        self.object_places.insert(id, number);
        self.fill_column(place, |profile| match profile {
            Some(Profile { admin: true, .. }) => Cell::ANYONE,
            _ => Cell::default(),
        });
        Ok(number)
    }

    fn fill_column(&mut self, object: usize, cell_of: impl Fn(&Option<Profile>) -> Cell) {
        let rows = self.cells.chunks_exact_mut(self.stride.max(1));
        for (row, profile) in rows.zip(&self.profiles) {
            if let Some(cell) = row.get_mut(object) {
                *cell = cell_of(profile);
            }
        }
    }

    fn widen(&mut self, needed: usize) {
        let stride = needed.next_power_of_two();
        let mut cells = Vec::with_capacity(stride * self.profiles.len());
        for place in 0..self.profiles.len() {
            let row = place * self.stride..(place + 1) * self.stride;
            cells.extend_from_slice(self.cells.get(row).unwrap_or_default());
            cells.resize((place + 1) * stride, Cell::default());
        }
        (self.stride, self.cells) = (stride, cells);
    }

    /// Writes a profile, new or not.
    pub(super) fn put_profile(&mut self, facts: &ProfileFacts) -> Result<(), PolicyError> {
        let place = match self.profile(facts.id) {
            Some(place) => place,
            None => {
                let place = vacancy(&mut self.profiles);
                // The highest number is nobody's: removed users have it.
                let number = u16::try_from(place).ok().filter(|number| *number < u16::MAX);
                number.ok_or(PolicyError::TooManyProfiles)?
            }
        };
        let ProfileFacts { id, admin, .. } = *facts;
        self.profile_places.insert(id, place);
        if let Some(profile) = self.profiles.get_mut(place as usize) {
            *profile = Some(Profile { id, admin });
        }
        let row = self.empty_row(place);
        for object in 0..self.objects.len() {
            if admin && self.objects.get(object).is_some_and(Option::is_some) {
                self.set_cell(row + object, Cell::ANYONE);
            }
        }
        for grant in facts.permissions.iter().filter(|_| !admin) {
            let ObjectGrant { object, permissions } = *grant;
            let unknown = PolicyError::UnknownObject { profile: id, object };
            let object = self.object(object).ok_or(unknown)?;
            self.set_cell(row + object as usize, Cell::new(permissions));
        }
        Ok(())
    }

    /// Makes sure of a profile's row, clears it and tells where it starts.
    fn empty_row(&mut self, profile: u16) -> usize {
        let start = profile as usize * self.stride;
        let needed = self.profiles.len() * self.stride;
        self.cells.resize(needed, Cell::default());
        if let Some(row) = self.cells.get_mut(start..start + self.stride) {
            row.fill(Cell::default());
        }
        start
    }

    fn set_cell(&mut self, place: usize, cell: Cell) {
        if let Some(place) = self.cells.get_mut(place) {
            *place = cell;
        }
    }

    /// Takes a profile out, which no user may have any more, and returns the place it had.
    pub(super) fn remove_profile(&mut self, id: ProfileId) -> Option<u16> {
        let place = self.profile_places.remove(&id)?;
        if let Some(profile) = self.profiles.get_mut(place as usize) {
            *profile = None;
        }
        self.empty_row(place);
        Some(place)
    }

    /// The objects, ordered by id.
    pub(super) fn object_facts(&self) -> Vec<ObjectFacts> {
        let mut objects: Vec<_> = self.objects.iter().flatten().cloned().collect();
        objects.sort_unstable_by_key(|object| object.id);
        objects
    }

    /// The profiles with what they may do, ordered by id; without permissions that are none at all, or Admin's.
    pub(super) fn profile_facts(&self) -> Vec<ProfileFacts> {
        let mut objects: Vec<_> = self.object_places.iter().collect();
        objects.sort_unstable();
        let granted = |place: u16| {
            let grant = |(id, object): &(&ObjectId, &u32)| {
                let permissions = self.permissions(place, **object);
                (permissions != ObjectPermissions::NONE).then_some(ObjectGrant {
                    object: **id,
                    permissions,
                })
            };
            objects.iter().filter_map(grant).collect()
        };
        let facts = |(id, place): (&ProfileId, &u16)| {
            let admin = self.profiles.get(*place as usize)?.as_ref()?.admin;
            Some(ProfileFacts {
                id: *id,
                admin,
                permissions: if admin { Vec::new() } else { granted(*place) },
            })
        };
        let mut profiles: Vec<_> = self.profile_places.iter().filter_map(facts).collect();
        profiles.sort_unstable_by_key(|profile| profile.id);
        profiles
    }
}

/// A place that nothing is at, made if need be.
fn vacancy<T>(places: &mut Vec<Option<T>>) -> usize {
    match places.iter().position(Option::is_none) {
        Some(place) => place,
        None => {
            places.push(None);
            places.len() - 1
        }
    }
}
