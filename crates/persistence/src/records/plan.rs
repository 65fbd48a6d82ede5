//! How a list finds the records that are reached. One function chooses, [`choose`].
//!
//! The database could be given one query for everything, but it knows nothing of the size of a scope: it walks a
//! million records to find the ten of a small team, or collects the records of sixty thousand people to show the
//! newest fifty. The program knows the sizes, so it decides:
//!
//! | plan | starts from | good for |
//! | --- | --- | --- |
//! | [`Plan::Everything`] | the records, in the order of the list | a scope without bounds |
//! | [`Plan::Owners`] | a given list of owners | few people |
//! | [`Plan::Interval`] | the people in an interval of roles | many people, who own a small part |
//! | [`Plan::Walk`] | the records in the order of the list, asking for each whether it is reached | a large part |
//!
//! A walk is short when what is reached is spread evenly over the list, and endless when it all lies at the end (a team
//! whose records are all old). So it gets a budget of rows; when that is used up, the list starts from the owners
//! instead, and the walk was a small part of the work.

use vestibule_access_control::OwnerScope;

use super::order::Ordered;

/// A way to find the records of a list. All give the same records in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing is reached, so nothing is asked.
    Nothing,
    /// Walk all records.
    Everything,
    /// Start from the owners in scope, which are known one by one.
    Owners,
    /// Start from the people in the scope's interval of roles.
    Interval,
    /// Walk the list, testing each record; after this many rows start from the owners instead.
    Walk {
        /// How many rows.
        budget: i64,
    },
    /// Test every record, then sort: for orders that no index gives.
    Scan,
}

/// What the choice depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'a> {
    pub(super) scope: &'a OwnerScope,
    /// Whether the people in scope are known one by one.
    pub(super) members_known: bool,
    pub(super) people_in_scope: u64,
    pub(super) people: u64,
    pub(super) ordered: Ordered,
    pub(super) filtered: bool,
    /// How many rows the list wants.
    pub(super) wanted: i64,
}

/// A filter lets one record in so many through, for want of knowing better.
const FILTER_SHARE: u64 = 10;

/// Rows that any walk may look at: chance plays a role in short ones, and so few cost nothing.
const SHORT_WALK: u64 = 100;

/// Rows that no walk is worth.
const LONG_WALK: u64 = 20_000;

/// Chooses the plan of a list. `records` tells how many records the object has; it is asked only where it matters.
///
/// The expected work, in rows looked at: a walk ends after `wanted * people / people_in_scope` rows; starting from
/// owners takes `records * people_in_scope / people`, whatever is wanted. A row costs about the same either way, but
/// only one of the two can go wrong, so a walk must promise to be twice as short. Its budget is one and a half times
/// what is expected.
///
/// # Complexity
/// O(1).
pub(super) fn choose<E>(facts: Facts<'_>, records: impl FnOnce() -> Result<u64, E>) -> Result<Plan, E> {
    let from_owners = match facts.scope {
        OwnerScope::Nobody => return Ok(Plan::Nothing),
        OwnerScope::Everyone => return Ok(Plan::Everything),
        OwnerScope::Myself(_) => return Ok(Plan::Owners),
        OwnerScope::MyselfAnd { .. } if facts.members_known => Plan::Owners,
        OwnerScope::MyselfAnd { .. } => Plan::Interval,
    };
    let in_scope = facts.people_in_scope.max(1);
    let people = facts.people.max(in_scope);
    if facts.ordered == Ordered::Otherwise {
        let most = in_scope.saturating_mul(2) > people;
        return Ok(if most { Plan::Scan } else { from_owners });
    }
    let share = if facts.filtered { FILTER_SHARE } else { 1 };
    let wanted = u64::try_from(facts.wanted).unwrap_or(0);
    let walk = wanted.saturating_mul(people).saturating_mul(share) / in_scope;
    if walk > LONG_WALK {
        return Ok(from_owners);
    }
    if walk > SHORT_WALK {
        let collect = u128::from(records()?) * u128::from(in_scope) / u128::from(people);
        if u128::from(walk) * 2 > collect {
            return Ok(from_owners);
        }
    }
    let budget = walk.saturating_add(walk / 2).saturating_add(SHORT_WALK);
    Ok(Plan::Walk {
        budget: i64::try_from(budget).unwrap_or(i64::MAX),
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use vestibule_access_control::{OwnerScope, RoleInterval, UserId};

    use super::{Facts, Ordered, Plan, choose};

    const ME: UserId = UserId::from_u128(1);
    const TEAM: OwnerScope = OwnerScope::MyselfAnd {
        me: ME,
        roles: RoleInterval {
            first_enter: 1,
            last_enter: 9,
        },
    };

    fn large(people_in_scope: u64) -> Facts<'static> {
        Facts {
            scope: &TEAM,
            members_known: people_in_scope <= 256,
            people_in_scope,
            people: 100_000,
            ordered: Ordered::ByCreation,
            filtered: false,
            wanted: 50,
        }
    }

    fn plan(facts: Facts<'_>) -> Plan {
        match choose(facts, || Ok::<_, Infallible>(1_000_000)) {
            Ok(plan) => plan,
            Err(never) => match never {},
        }
    }

    #[test]
    fn a_scope_without_people_or_without_bounds_needs_no_choice() {
        for (scope, expected) in [
            (OwnerScope::Nobody, Plan::Nothing),
            (OwnerScope::Everyone, Plan::Everything),
            (OwnerScope::Myself(ME), Plan::Owners),
        ] {
            let facts = Facts {
                scope: &scope,
                ..large(63_006)
            };
            assert_eq!(plan(facts), expected);
        }
    }

    #[test]
    fn a_small_team_is_asked_for_and_a_large_part_is_walked() {
        assert_eq!(plan(large(10)), Plan::Owners);
        assert_eq!(plan(large(500)), Plan::Interval);
        assert_eq!(plan(large(63_006)), Plan::Walk { budget: 218 });
    }

    #[test]
    fn a_few_people_who_are_nearly_everybody_are_walked_too() {
        let facts = Facts {
            people: 12,
            ..large(10)
        };
        assert_eq!(plan(facts), Plan::Walk { budget: 190 });
    }

    #[test]
    fn where_there_are_few_records_nothing_is_walked() {
        let few = |records| choose(large(5_000), || Ok::<_, Infallible>(records));
        assert_eq!(few(10_000), Ok(Plan::Interval));
        assert_eq!(few(100_000), Ok(Plan::Walk { budget: 1_600 }));
    }

    #[test]
    fn an_order_without_an_index_is_sorted_from_whichever_side_is_smaller() {
        let by_field = |people| {
            plan(Facts {
                ordered: Ordered::Otherwise,
                ..large(people)
            })
        };
        assert_eq!(by_field(10), Plan::Owners);
        assert_eq!(by_field(1_019), Plan::Interval);
        assert_eq!(by_field(63_006), Plan::Scan);
    }
}
