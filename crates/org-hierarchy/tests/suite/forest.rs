use vestibule_org_hierarchy::{MAX_DEPTH, RoleError, RoleForest, RoleId, RoleLabel};

fn role(number: u32) -> RoleId {
    RoleId::from_u128(number.into())
}

fn forest(pairs: &[(u32, Option<u32>)]) -> Result<RoleForest, RoleError> {
    RoleForest::build(
        pairs
            .iter()
            .map(|(child, parent)| (role(*child), parent.map(role))),
    )
}

/// Role 1 above role 2 above role 3 …
fn chain(levels: u32) -> Result<RoleForest, RoleError> {
    RoleForest::build((1..=levels).map(|level| (role(level), (level > 1).then(|| role(level - 1)))))
}

fn parents(forest: &RoleForest) -> Vec<(RoleId, Option<RoleId>)> {
    let mut pairs: Vec<_> = forest.iter().collect();
    pairs.sort();
    pairs
}

#[test]
fn an_empty_forest_has_nothing_and_knows_nobody() {
    let forest = RoleForest::new();
    assert!(forest.is_empty());
    assert_eq!(forest.label(role(1)), None);
    assert_eq!(forest.depth(role(1)), None);
    assert_eq!(forest.ancestors(role(1)).count(), 0);
    assert_eq!(forest.descendants(role(1)).count(), 0);
    assert_eq!(forest.path(role(1), role(1)), None);
}

#[test]
fn labels_number_parents_before_children_and_siblings_by_id() {
    let forest = forest(&[
        (5, None),
        (9, Some(5)),
        (7, Some(5)),
        (8, Some(7)),
        (1, Some(9)),
        (2, None),
    ])
    .unwrap();
    let labels: Vec<_> = forest
        .labels()
        .map(|(id, label)| (id, label.enter, label.exit))
        .collect();
    let expected = [(2, 0, 0), (5, 1, 5), (7, 2, 3), (8, 3, 3), (9, 4, 5), (1, 5, 5)];
    assert_eq!(labels, expected.map(|(id, enter, exit)| (role(id), enter, exit)));
}

#[test]
fn the_order_of_the_pairs_makes_no_difference() {
    let pairs = [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(3)), (5, None)];
    let mut reversed = pairs;
    reversed.reverse();
    let (a, b) = (forest(&pairs).unwrap(), forest(&reversed).unwrap());
    assert_eq!(a.labels().collect::<Vec<_>>(), b.labels().collect::<Vec<_>>());
}

#[test]
fn a_role_knows_who_is_above_and_below() {
    let forest = forest(&[(1, None), (2, Some(1)), (3, Some(2)), (4, Some(1)), (5, None)]).unwrap();
    assert_eq!(forest.roots().collect::<Vec<_>>(), [role(1), role(5)]);
    assert_eq!(forest.children(role(1)).collect::<Vec<_>>(), [role(2), role(4)]);
    assert_eq!(forest.ancestors(role(3)).collect::<Vec<_>>(), [role(2), role(1)]);
    assert_eq!(
        forest.descendants(role(1)).collect::<Vec<_>>(),
        [role(2), role(3), role(4)]
    );
    assert_eq!(forest.descendants(role(5)).count(), 0);
    assert_eq!(forest.depth(role(3)), Some(3));
    assert_eq!(forest.parent(role(5)), None);
}

#[test]
fn a_path_goes_over_the_closest_common_ancestor() {
    let forest = forest(&[(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, None)]).unwrap();
    assert_eq!(
        forest.path(role(3), role(4)),
        Some(vec![role(3), role(2), role(4)])
    );
    assert_eq!(
        forest.path(role(1), role(3)),
        Some(vec![role(1), role(2), role(3)])
    );
    assert_eq!(
        forest.path(role(3), role(1)),
        Some(vec![role(3), role(2), role(1)])
    );
    assert_eq!(forest.path(role(2), role(2)), Some(vec![role(2)]));
    assert_eq!(forest.path(role(3), role(5)), None, "another tree");
    assert_eq!(forest.path(role(3), role(6)), None, "an unknown goal");
    assert_eq!(forest.path(role(6), role(3)), None, "an unknown start");
}

#[test]
fn a_role_listed_twice_is_refused() {
    assert_eq!(
        forest(&[(1, None), (1, None)]).unwrap_err(),
        RoleError::Exists { role: role(1) }
    );
}

#[test]
fn a_parent_that_is_not_listed_is_refused() {
    assert_eq!(
        forest(&[(1, Some(2))]).unwrap_err(),
        RoleError::Unknown { role: role(2) }
    );
}

#[test]
fn a_cycle_is_refused_by_a_role_that_is_on_it() {
    // 1 hangs on the cycle 2 → 3 → 2 without being part of it.
    let refused = forest(&[(1, Some(2)), (2, Some(3)), (3, Some(2)), (4, None)]).unwrap_err();
    assert_eq!(refused.code(), "role_cycle");
    assert!([role(2), role(3)].contains(&refused.role()), "{refused}");
    assert_eq!(
        forest(&[(1, Some(1))]).unwrap_err(),
        RoleError::Cycle { role: role(1) }
    );
}

#[test]
fn sixty_four_levels_are_accepted_and_sixty_five_refused() {
    assert_eq!(chain(MAX_DEPTH).unwrap().depth(role(MAX_DEPTH)), Some(64));
    assert_eq!(
        chain(MAX_DEPTH + 1).unwrap_err(),
        RoleError::TooDeep { role: role(65) }
    );
}

#[test]
fn nothing_is_added_below_the_lowest_level() {
    let mut forest = chain(MAX_DEPTH).unwrap();
    assert_eq!(
        forest.add(role(100), Some(role(64))),
        Err(RoleError::TooDeep { role: role(100) })
    );
    assert!(!forest.contains(role(100)));
    forest.add(role(100), Some(role(63))).unwrap();
    assert_eq!(forest.depth(role(100)), Some(64));
}

#[test]
fn a_move_counts_the_levels_below_the_moved_role() {
    let mut forest = chain(60).unwrap();
    for (child, parent) in [
        (101, None),
        (102, Some(101)),
        (103, Some(102)),
        (104, Some(103)),
        (105, Some(104)),
    ] {
        forest.add(role(child), parent.map(role)).unwrap();
    }
    let before = parents(&forest);
    assert_eq!(
        forest.move_role(role(101), Some(role(60))),
        Err(RoleError::TooDeep { role: role(101) })
    );
    assert_eq!(parents(&forest), before);
    forest.move_role(role(101), Some(role(59))).unwrap();
    assert_eq!(forest.depth(role(105)), Some(64));
}

#[test]
fn a_role_moves_neither_below_itself_nor_below_its_descendants() {
    let mut forest = chain(3).unwrap();
    let before = parents(&forest);
    for below in [1, 2, 3] {
        assert_eq!(
            forest.move_role(role(1), Some(role(below))),
            Err(RoleError::Cycle { role: role(1) })
        );
    }
    assert_eq!(parents(&forest), before);
}

#[test]
fn a_move_takes_everything_below_along() {
    let mut forest = forest(&[(1, None), (2, Some(1)), (3, Some(2)), (4, None)]).unwrap();
    forest.move_role(role(2), Some(role(4))).unwrap();
    assert!(forest.is_strict_descendant(role(3), role(4)));
    assert!(!forest.is_strict_descendant(role(3), role(1)));
}

#[test]
fn a_removed_role_hands_its_children_over() {
    let mut forest = forest(&[(1, None), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, None)]).unwrap();
    forest.remove(role(2), Some(role(5))).unwrap();
    assert!(!forest.contains(role(2)));
    assert_eq!(forest.children(role(5)).collect::<Vec<_>>(), [role(3), role(4)]);
    forest.remove(role(5), None).unwrap();
    assert_eq!(forest.roots().collect::<Vec<_>>(), [role(1), role(3), role(4)]);
}

#[test]
fn a_removed_role_hands_nothing_to_itself_or_its_descendants() {
    let mut forest = chain(3).unwrap();
    let before = parents(&forest);
    for heir in [1, 2, 3] {
        assert_eq!(
            forest.remove(role(1), Some(role(heir))).unwrap_err().code(),
            "role_cycle"
        );
    }
    assert_eq!(
        forest.remove(role(3), Some(role(3))).unwrap_err().code(),
        "role_cycle"
    );
    assert_eq!(
        forest.remove(role(3), Some(role(9))),
        Err(RoleError::Unknown { role: role(9) })
    );
    assert_eq!(parents(&forest), before);
}

#[test]
fn an_index_outlives_every_move_and_is_reused_after_removal() {
    let mut forest = forest(&[(1, None), (2, Some(1)), (3, Some(1))]).unwrap();
    let (two, three) = (forest.index(role(2)).unwrap(), forest.index(role(3)).unwrap());
    forest.move_role(role(2), Some(role(3))).unwrap();
    assert_eq!(
        (forest.index(role(2)), forest.role_at(two)),
        (Some(two), Some(role(2)))
    );
    assert_eq!(forest.label_at(two), forest.label(role(2)));

    forest.remove(role(3), None).unwrap();
    assert_eq!((forest.role_at(three), forest.label_at(three)), (None, None));
    forest.add(role(4), None).unwrap();
    assert_eq!(forest.index(role(4)), Some(three));
    assert_eq!(forest.index_bound(), 3);
}

#[test]
fn a_label_finds_its_role_and_a_stale_one_finds_none() {
    let forest = chain(3).unwrap();
    assert_eq!(
        forest.role_labelled(forest.label(role(2)).unwrap()),
        Some(role(2))
    );
    assert_eq!(forest.role_labelled(RoleLabel { enter: 1, exit: 1 }), None);
    assert_eq!(forest.role_labelled(RoleLabel { enter: 3, exit: 3 }), None);
}

#[test]
fn moving_the_last_leaf_between_neighbours_rewrites_only_their_labels() {
    let mut forest = forest(&[(1, None), (2, None), (3, None), (4, Some(3))]).unwrap();
    let stored: Vec<_> = forest.labels().collect();
    forest.move_role(role(4), Some(role(2))).unwrap();
    let changed: Vec<_> = forest
        .changed_labels(stored)
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    assert_eq!(changed, [role(2), role(4), role(3)]);
}
