//! The JSON of facts and changes, which other services read: kept in a file, so that a change of it is seen.

use vestibule_access_control::{
    Account, Level, ObjectFacts, ObjectGrant, ObjectId, ObjectPermissions, PolicyChange, PolicyFacts,
    PolicyUpdate, ProfileFacts, ProfileId, RoleFacts, RoleId, Snapshot, UserFacts, UserId,
};

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/policy-export.jsonl");

fn facts() -> PolicyFacts {
    let [head, rep] = [1, 2].map(RoleId::from_u128);
    let [admin, sales] = [11, 12].map(ProfileId::from_u128);
    let deal = ObjectId::from_u128(21);
    let permissions = ObjectPermissions {
        view: Level::OwnPeersAndReports,
        edit: Level::OwnAndReports,
        delete: Level::None,
        create: Level::Own,
    };
    let guest = Account::Guest {
        claimed: true,
        revoked: false,
        ends_at: 1_800_000_000_000_000,
    };
    let standard = Account::Standard { deactivated: false };
    PolicyFacts {
        version: 41,
        guest_access: true,
        roles: vec![
            RoleFacts {
                id: head,
                parent: None,
            },
            RoleFacts {
                id: rep,
                parent: Some(head),
            },
        ],
        profiles: vec![
            ProfileFacts {
                id: admin,
                admin: true,
                permissions: vec![],
            },
            ProfileFacts {
                id: sales,
                admin: false,
                permissions: vec![ObjectGrant {
                    object: deal,
                    permissions,
                }],
            },
        ],
        objects: vec![ObjectFacts {
            id: deal,
            key: "deal".to_owned(),
            ownable: true,
        }],
        users: vec![
            UserFacts {
                id: UserId::from_u128(31),
                role: Some(head),
                profile: admin,
                account: standard,
            },
            UserFacts {
                id: UserId::from_u128(32),
                role: None,
                profile: sales,
                account: guest,
            },
        ],
    }
}

/// One change of every kind; it applies to the facts.
fn update() -> PolicyUpdate {
    let facts = facts();
    let north = RoleFacts {
        id: RoleId::from_u128(3),
        parent: Some(facts.roles[0].id),
    };
    let invoice = ObjectFacts {
        id: ObjectId::from_u128(22),
        key: "invoice".to_owned(),
        ownable: false,
    };
    let auditor = ProfileFacts {
        id: ProfileId::from_u128(13),
        admin: false,
        permissions: vec![ObjectGrant {
            object: invoice.id,
            permissions: ObjectPermissions {
                view: Level::Anyone,
                ..ObjectPermissions::NONE
            },
        }],
    };
    let account = Account::Standard { deactivated: true };
    let user = UserFacts {
        role: Some(north.id),
        profile: auditor.id,
        account,
        ..facts.users[0]
    };
    PolicyUpdate {
        from: 41,
        version: 44,
        changes: vec![
            PolicyChange::GuestAccess(false),
            PolicyChange::Role(north),
            PolicyChange::RoleRemoved(facts.roles[1].id),
            PolicyChange::Object(invoice),
            PolicyChange::ObjectRemoved(facts.objects[0].id),
            PolicyChange::Profile(auditor),
            PolicyChange::ProfileRemoved(facts.profiles[1].id),
            PolicyChange::User(user),
            PolicyChange::UserRemoved(facts.users[1].id),
        ],
    }
}

#[test]
fn facts_and_changes_are_written_as_other_services_read_them() {
    let (facts, update) = (facts(), update());
    let lines = [serde_json::to_string(&facts), serde_json::to_string(&update)].map(Result::unwrap);
    let written = lines.join("\n") + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, &written).unwrap();
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap();
    assert_eq!(
        written, golden,
        "if that was meant: UPDATE_GOLDEN=1, and a note in the changelog"
    );

    let mut lines = golden.lines();
    assert_eq!(
        serde_json::from_str::<PolicyFacts>(lines.next().unwrap()).unwrap(),
        facts
    );
    assert_eq!(
        serde_json::from_str::<PolicyUpdate>(lines.next().unwrap()).unwrap(),
        update
    );
}

#[test]
fn a_follower_ends_with_the_facts_of_the_service_it_follows() {
    let followed = Snapshot::build(facts()).unwrap().follow(update()).unwrap();
    let facts = followed.facts();
    assert_eq!((facts.version, facts.guest_access), (44, false));
    assert_eq!(
        (
            facts.roles.len(),
            facts.profiles.len(),
            facts.objects.len(),
            facts.users.len()
        ),
        (2, 2, 1, 1)
    );
}
