//! Random changes, applied to the forest and to a naive map of parents that is walked for every answer.

use std::collections::BTreeMap;

use proptest::prelude::*;
use vestibule_org_hierarchy::{MAX_DEPTH, RoleForest, RoleId};

/// Enough roles for the chains that the depth limit needs, few enough that random ones meet.
const ROLES: u32 = 80;

#[derive(Clone, Debug)]
enum Op {
    Add { role: u32, parent: Option<u32> },
    Move { role: u32, to: Option<u32> },
    Remove { role: u32, heir: Option<u32> },
}

#[derive(Clone, Debug, Default)]
struct Model {
    parents: BTreeMap<u32, Option<u32>>,
}

impl Model {
    /// From the role itself up to the root.
    fn line(&self, role: u32) -> Vec<u32> {
        std::iter::successors(Some(role), |role| self.parents[role]).collect()
    }

    fn deepest(&self) -> usize {
        self.parents
            .keys()
            .map(|role| self.line(*role).len())
            .max()
            .unwrap_or(0)
    }

    fn check(&self, role: Option<u32>) -> Result<(), &'static str> {
        role.map_or(Ok(()), |role| {
            self.parents
                .contains_key(&role)
                .then_some(())
                .ok_or("role_unknown")
        })
    }

    /// The changed model, or the code of the refusal.
    fn after(&self, op: &Op) -> Result<Self, &'static str> {
        let mut after = self.clone();
        match *op {
            Op::Add { role, parent } => {
                if self.parents.contains_key(&role) {
                    return Err("role_exists");
                }
                self.check(parent)?;
                after.parents.insert(role, parent);
            }
            Op::Move { role, to } => {
                self.check(Some(role))?;
                self.check(to)?;
                if to.is_some_and(|to| self.line(to).contains(&role)) {
                    return Err("role_cycle");
                }
                after.parents.insert(role, to);
            }
            Op::Remove { role, heir } => {
                self.check(Some(role))?;
                self.check(heir)?;
                if heir.is_some_and(|heir| self.line(heir).contains(&role)) {
                    return Err("role_cycle");
                }
                after.parents.remove(&role);
                after
                    .parents
                    .values_mut()
                    .filter(|parent| **parent == Some(role))
                    .for_each(|parent| *parent = heir);
            }
        }
        if after.deepest() > MAX_DEPTH as usize {
            Err("role_too_deep")
        } else {
            Ok(after)
        }
    }
}

fn id(role: u32) -> RoleId {
    RoleId::from_u128(role.into())
}

fn ids(roles: impl IntoIterator<Item = u32>) -> Vec<RoleId> {
    roles.into_iter().map(id).collect()
}

fn build(model: &Model) -> RoleForest {
    RoleForest::build(
        model
            .parents
            .iter()
            .map(|(role, parent)| (id(*role), parent.map(id))),
    )
    .unwrap()
}

fn apply(forest: &mut RoleForest, op: &Op) -> Result<(), &'static str> {
    let done = match *op {
        Op::Add { role, parent } => forest.add(id(role), parent.map(id)),
        Op::Move { role, to } => forest.move_role(id(role), to.map(id)),
        Op::Remove { role, heir } => forest.remove(id(role), heir.map(id)),
    };
    done.map_err(|refused| refused.code())
}

fn assert_same(forest: &RoleForest, model: &Model) {
    assert_eq!(forest.len(), model.parents.len());
    let roots = model
        .parents
        .iter()
        .filter(|(_, parent)| parent.is_none())
        .map(|(role, _)| *role);
    assert_eq!(forest.roots().collect::<Vec<_>>(), ids(roots));
    let lines: BTreeMap<u32, Vec<u32>> = model
        .parents
        .keys()
        .map(|role| (*role, model.line(*role)))
        .collect();
    for (role, line) in &lines {
        assert_eq!(forest.parent(id(*role)), model.parents[role].map(id));
        assert_eq!(forest.depth(id(*role)), Some(line.len() as u32));
        assert_eq!(
            forest.ancestors(id(*role)).collect::<Vec<_>>(),
            ids(line[1..].iter().copied())
        );
        let children = model
            .parents
            .iter()
            .filter(|(_, above)| **above == Some(*role))
            .map(|(child, _)| *child);
        assert_eq!(forest.children(id(*role)).collect::<Vec<_>>(), ids(children));

        let mut below = Vec::new();
        for (other, line) in &lines {
            let is_below = line[1..].contains(role);
            assert_eq!(
                forest.is_strict_descendant(id(*other), id(*role)),
                is_below,
                "{other} below {role}"
            );
            below.extend(is_below.then_some(*other));
        }
        let mut descendants: Vec<_> = forest.descendants(id(*role)).collect();
        descendants.sort();
        assert_eq!(
            forest.label(id(*role)).unwrap().descendant_count() as usize,
            below.len()
        );
        assert_eq!(descendants, ids(below));
    }
}

/// Every step of a path is an edge, its ends are right, and it visits no role twice.
fn assert_path(forest: &RoleForest, model: &Model, from: u32, to: u32) {
    let same_tree = model.line(from).last() == model.line(to).last();
    let path = forest.path(id(from), id(to));
    assert_eq!(path.is_some(), same_tree);
    let Some(path) = path else { return };
    assert_eq!((path.first(), path.last()), (Some(&id(from)), Some(&id(to))));
    for step in path.windows(2) {
        let is_edge = forest.parent(step[0]) == Some(step[1]) || forest.parent(step[1]) == Some(step[0]);
        assert!(is_edge, "{step:?} is no edge");
    }
    let mut visited = path.clone();
    visited.sort();
    visited.dedup();
    assert_eq!(visited.len(), path.len());
}

fn any_op() -> impl Strategy<Value = Op> {
    let role = 0..ROLES;
    let other = || proptest::option::weighted(0.85, 0..ROLES);
    prop_oneof![
        3 => (role.clone(), other()).prop_map(|(role, parent)| Op::Add { role, parent }),
        3 => (role.clone(), other()).prop_map(|(role, to)| Op::Move { role, to }),
        1 => (role, other()).prop_map(|(role, heir)| Op::Remove { role, heir }),
    ]
}

/// A chain (near the depth limit now and then), and random roles below roles with a lower number.
fn any_model() -> impl Strategy<Value = Model> {
    let chain = prop_oneof![0..8_u32, 56..=64_u32];
    (
        chain,
        proptest::collection::vec(
            proptest::option::weighted(0.8, any::<prop::sample::Index>()),
            0..16,
        ),
    )
        .prop_map(|(chain, more)| {
            let mut model = Model::default();
            for role in 0..chain {
                model.parents.insert(role, role.checked_sub(1));
            }
            for (role, parent) in (chain..).zip(more) {
                let parent = parent
                    .filter(|_| role > 0)
                    .map(|index| index.index(role as usize) as u32);
                model
                    .parents
                    .insert(role, parent.filter(|parent| model.line(*parent).len() < 64));
            }
            model
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_built_forest_answers_like_a_walk_along_parents(model in any_model()) {
        let forest = build(&model);
        assert_same(&forest, &model);
        for from in model.parents.keys() {
            for to in model.parents.keys().step_by(7) {
                assert_path(&forest, &model, *from, *to);
            }
        }
    }

    #[test]
    fn a_forest_under_random_changes_does_as_the_naive_model(
        start in any_model(),
        ops in proptest::collection::vec(any_op(), 1..24),
    ) {
        let (mut model, mut forest) = (start.clone(), build(&start));
        for op in &ops {
            let before = forest.clone();
            let stored: BTreeMap<_, _> = forest.labels().collect();
            let expected = model.after(op);
            prop_assert_eq!(apply(&mut forest, op), expected.as_ref().map(|_| ()).map_err(|code| *code), "{:?}", op);
            if let Ok(after) = expected {
                model = after;
            }

            // The same pairs get the same labels, whichever way they came about.
            let labels: BTreeMap<_, _> = forest.labels().collect();
            prop_assert_eq!(&labels, &build(&model).labels().collect());

            // What is stored plus the changed labels is what is now; nothing unchanged is written.
            let changed = forest.changed_labels(before.labels());
            prop_assert!(changed.iter().all(|(role, label)| stored.get(role) != Some(label)));
            let mut written = stored;
            written.retain(|role, _| forest.contains(*role));
            written.extend(changed);
            prop_assert_eq!(&written, &labels);

            for (role, label) in &labels {
                prop_assert_eq!(forest.role_labelled(*label), Some(*role));
                let index = forest.index(*role).unwrap();
                prop_assert_eq!(forest.role_at(index), Some(*role));
                prop_assert!(index.as_usize() < forest.index_bound());
                prop_assert!(before.index(*role).is_none_or(|old| old == index), "an index moved");
            }
        }
        assert_same(&forest, &model);
    }
}
