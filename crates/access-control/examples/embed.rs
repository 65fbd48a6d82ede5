//! A service with facts of its own: it builds a snapshot, decides, and filters its own list by the same rule.
//!
//! `cargo run -p vestibule-access-control --example embed`

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use vestibule_access_control::{
    Account, Action, Level, ObjectFacts, ObjectGrant, ObjectId, ObjectPermissions, PolicyChange, PolicyError,
    PolicyFacts, ProfileFacts, ProfileId, RoleFacts, RoleId, Snapshot, UserFacts, UserId,
};

const HEAD: RoleId = RoleId::from_u128(1);
const REP: RoleId = RoleId::from_u128(2);
const SALES: ProfileId = ProfileId::from_u128(10);
const DEAL: ObjectId = ObjectId::from_u128(20);
const HANA: UserId = UserId::from_u128(31);
const ROB: UserId = UserId::from_u128(32);
const RUTH: UserId = UserId::from_u128(33);
/// Microseconds since 1970; a service takes it from its clock for every request.
const NOW: i64 = 1_800_000_000_000_000;

struct Deal {
    name: &'static str,
    owners: Vec<UserId>,
}

fn main() -> Result<(), PolicyError> {
    let snapshot = Snapshot::build(facts())?;
    let deals = [
        Deal {
            name: "Harbour crane",
            owners: vec![ROB],
        },
        Deal {
            name: "Solar roof",
            owners: vec![RUTH],
        },
        Deal {
            name: "Unclaimed lead",
            owners: vec![],
        },
    ];

    for (name, user) in [("Hana", HANA), ("Rob", ROB)] {
        println!("{name} sees {:?}", seen(&snapshot, user, &deals));
    }
    let delete = snapshot.decide(ROB, Action::Delete, DEAL, &[ROB], NOW);
    println!("Rob deletes a deal of his: {delete:?}");
    let why = snapshot.explain(ROB, Action::View, DEAL, &[RUTH], NOW);
    println!("Rob views a deal of Ruth's: {}", why.rule.sentence());

    // The next version of the policy: Rob is promoted. Only what changed is said.
    let promoted = PolicyChange::User(standard(ROB, HEAD));
    let snapshot = snapshot.apply(2, vec![promoted])?;
    println!("Promoted, Rob sees {:?}", seen(&snapshot, ROB, &deals));
    Ok(())
}

/// The names of the deals that a user may view. In a database the scope becomes a `WHERE`; see the README.
fn seen(snapshot: &Snapshot, user: UserId, deals: &[Deal]) -> Vec<&'static str> {
    let reach = snapshot.reach(user, Action::View, DEAL, NOW);
    deals
        .iter()
        .filter(|deal| reach.admits(&snapshot.persons(&deal.owners)).is_permit())
        .map(|deal| deal.name)
        .collect()
}

fn facts() -> PolicyFacts {
    let permissions = ObjectPermissions {
        view: Level::OwnAndReports,
        edit: Level::Own,
        delete: Level::None,
        create: Level::Own,
    };
    PolicyFacts {
        version: 1,
        guest_access: true,
        roles: vec![
            RoleFacts {
                id: HEAD,
                parent: None,
            },
            RoleFacts {
                id: REP,
                parent: Some(HEAD),
            },
        ],
        profiles: vec![ProfileFacts {
            id: SALES,
            admin: false,
            permissions: vec![ObjectGrant {
                object: DEAL,
                permissions,
            }],
        }],
        objects: vec![ObjectFacts {
            id: DEAL,
            key: "deal".into(),
            ownable: true,
        }],
        users: vec![standard(HANA, HEAD), standard(ROB, REP), standard(RUTH, REP)],
    }
}

const fn standard(id: UserId, role: RoleId) -> UserFacts {
    UserFacts {
        id,
        role: Some(role),
        profile: SALES,
        account: Account::Standard { deactivated: false },
    }
}
