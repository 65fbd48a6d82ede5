//! Random organizations: roles as a plain list of parents, and people at them.

use proptest::prelude::*;
use vestibule_access_control::{
    EndedReason, Level, ObjectPermissions, Person, ProfileId, RoleForest, RoleId, Standing, Subject, UserId,
};

/// Roles by position, each with the position of its parent; people by position, each with their role's.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) parents: Vec<Option<usize>>,
    pub(crate) people: Vec<Option<usize>>,
}

impl World {
    pub(crate) fn forest(&self) -> RoleForest {
        let pairs = self.parents.iter().enumerate();
        RoleForest::build(pairs.map(|(role, parent)| (role_id(role), parent.map(role_id)))).unwrap()
    }

    pub(crate) fn person(&self, forest: &RoleForest, person: usize) -> Person {
        let role = self.people[person].map(|role| forest.label(role_id(role)).unwrap());
        Person::new(user_id(person), role)
    }

    pub(crate) fn persons(&self, forest: &RoleForest, people: &[usize]) -> Vec<Person> {
        people.iter().map(|person| self.person(forest, *person)).collect()
    }

    pub(crate) fn subject(&self, forest: &RoleForest, person: usize, standing: Standing) -> Subject {
        let Person { id, role } = self.person(forest, person);
        Subject {
            id,
            role,
            profile: ProfileId::from_u128(1),
            standing,
        }
    }
}

pub(crate) fn role_id(role: usize) -> RoleId {
    // Ids against the order of positions, so that labels and positions don't agree by chance.
    RoleId::from_u128(1000 - role as u128)
}

pub(crate) fn user_id(person: usize) -> UserId {
    UserId::from_u128(1 + person as u128)
}

pub(crate) fn any_level() -> impl Strategy<Value = Level> {
    prop::sample::select(&Level::ALL[..])
}

pub(crate) fn any_permissions() -> impl Strategy<Value = ObjectPermissions> {
    [any_level(), any_level(), any_level(), any_level()].prop_map(|[view, edit, delete, create]| {
        ObjectPermissions {
            view,
            edit,
            delete,
            create,
        }
    })
}

pub(crate) fn any_standing() -> impl Strategy<Value = Standing> {
    let ended = prop::sample::select(&EndedReason::ALL[..]).prop_map(Standing::Ended);
    prop_oneof![4 => Just(Standing::Good), 1 => ended]
}

/// A world of up to 10 roles and 2 to 8 people.
pub(crate) fn any_world() -> impl Strategy<Value = World> {
    let parent = proptest::option::weighted(0.8, any::<prop::sample::Index>());
    let role = proptest::option::weighted(0.85, any::<prop::sample::Index>());
    (
        proptest::collection::vec(parent, 0..10),
        proptest::collection::vec(role, 2..9),
    )
        .prop_map(|(parents, people)| {
            let at = |index: Option<prop::sample::Index>, count: usize| {
                index.filter(|_| count > 0).map(|index| index.index(count))
            };
            let people = people.into_iter().map(|role| at(role, parents.len())).collect();
            let parents = parents
                .into_iter()
                .enumerate()
                .map(|(role, parent)| at(parent, role))
                .collect();
            World { parents, people }
        })
}

/// A world, the position of the subject, and the positions of up to three owners.
pub(crate) fn any_case() -> impl Strategy<Value = (World, usize, Vec<usize>)> {
    any_world().prop_flat_map(|world| {
        let people = world.people.len();
        (Just(world), 0..people, proptest::collection::vec(0..people, 0..4))
    })
}
