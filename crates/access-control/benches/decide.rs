//! What a decision costs, beside two references over bare arrays in the same run, and what a snapshot costs to make
//! and to change. One organization: 5,000 roles, 100,000 users, 12 profiles, 20 objects. Quote ratios, not times.
//!
//! `cargo bench -p vestibule-access-control`

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark may stop at any surprise"
)]

use std::hint::black_box;
use std::time::Instant;

use vestibule_access_control::{
    Account, Action, Level, ObjectFacts, ObjectGrant, ObjectId, ObjectIndex, ObjectPermissions, Person,
    PolicyChange, PolicyFacts, ProfileFacts, ProfileId, RoleFacts, RoleId, Snapshot, Subject, UserFacts,
    UserId, UserIndex, decide,
};

const ROLES: usize = 5_000;
const USERS: usize = 100_000;
const PROFILES: usize = 12;
const OBJECTS: usize = 20;
const REQUESTS: usize = 1 << 16;
const NOW: i64 = 1_800_000_000_000_000;
const ROUNDS: usize = 15;

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// As version 7 UUIDs are: made one after another, random in the lower half.
    fn id(&mut self, moment: usize) -> u128 {
        let upper =
            (0x0192_f0c1_0000 + moment as u128) << 80 | 7 << 76 | u128::from(self.next() & 0xfff) << 64;
        upper | 2 << 62 | u128::from(self.next() >> 2)
    }
}

fn facts(chance: &mut Chance) -> PolicyFacts {
    let mut roles: Vec<RoleFacts> = Vec::new();
    for number in 0..ROLES {
        // Below an earlier role, rather a near one, which makes a tree of some depth.
        let parent = (number > 0).then(|| roles[number / 4 + chance.below(number - number / 4) / 8].id);
        roles.push(RoleFacts {
            id: RoleId::from_u128(chance.id(number)),
            parent,
        });
    }
    let objects: Vec<_> = (0..OBJECTS)
        .map(|number| ObjectFacts {
            id: ObjectId::from_u128(chance.id(number)),
            key: format!("object_{number}"),
            ownable: true,
        })
        .collect();
    let profiles: Vec<_> = (0..PROFILES)
        .map(|number| ProfileFacts {
            id: ProfileId::from_u128(chance.id(number)),
            admin: number == 0,
            permissions: objects.iter().map(|object| grant(chance, object.id)).collect(),
        })
        .collect();
    let users = (0..USERS)
        .map(|number| UserFacts {
            id: UserId::from_u128(chance.id(number)),
            role: Some(roles[chance.below(ROLES)].id),
            profile: profiles[1 + chance.below(PROFILES - 1)].id,
            account: Account::Standard {
                deactivated: chance.below(50) == 0,
            },
        })
        .collect();
    PolicyFacts {
        version: 1,
        guest_access: true,
        roles,
        profiles,
        objects,
        users,
    }
}

fn grant(chance: &mut Chance, object: ObjectId) -> ObjectGrant {
    let mut level = || Level::ALL[chance.below(5)];
    let permissions = ObjectPermissions {
        view: level(),
        edit: level(),
        delete: level(),
        create: level(),
    };
    ObjectGrant { object, permissions }
}

/// A user in the references' dense array.
#[derive(Clone, Copy)]
struct Dense {
    enter: u32,
    exit: u32,
    profile: u32,
    stands: bool,
}

/// A request in every form that is measured.
struct Request {
    subject: usize,
    owner: usize,
    object: usize,
    action: Action,
}

struct Resolved {
    subject: UserIndex,
    object: ObjectIndex,
    action: Action,
    owner: [UserIndex; 1],
}

struct Named {
    subject: UserId,
    object: ObjectId,
    action: Action,
    owner: [UserId; 1],
}

struct Parts {
    subject: Subject,
    permissions: ObjectPermissions,
    action: Action,
    owner: [Person; 1],
}

fn main() {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let facts = facts(&mut chance);
    let snapshot = Snapshot::build(facts.clone()).unwrap();
    decisions(&facts, &snapshot, &mut chance);
    changes(&facts, &snapshot);
    sizes(&snapshot);
}

fn decisions(facts: &PolicyFacts, snapshot: &Snapshot, chance: &mut Chance) {
    let (users, levels) = dense(facts, snapshot);
    let requests: Vec<Request> = (0..REQUESTS)
        .map(|_| Request {
            subject: chance.below(USERS),
            owner: chance.below(USERS),
            object: chance.below(OBJECTS),
            action: Action::ALL[chance.below(4)],
        })
        .collect();
    let branchy = |request: &Request| {
        let (subject, owner) = (&users[request.subject], &users[request.owner]);
        if !subject.stands {
            return false;
        }
        match levels[subject.profile as usize][request.object][request.action as usize] {
            0 => false,
            1 => request.subject == request.owner,
            4 => true,
            level => {
                request.subject == request.owner
                    || (owner.enter > subject.enter && owner.enter <= subject.exit)
                    || (level == 3 && owner.enter == subject.enter)
            }
        }
    };
    let branch_free = |request: &Request| {
        let (subject, owner) = (&users[request.subject], &users[request.owner]);
        let level = levels[subject.profile as usize][request.object][request.action as usize];
        let report = (owner.enter > subject.enter) & (owner.enter <= subject.exit);
        let peer = owner.enter == subject.enter;
        let myself = request.subject == request.owner;
        let rank = 4 - u8::from(peer).max(2 * u8::from(report)).max(3 * u8::from(myself));
        (rank <= level) & subject.stands
    };
    let id = |number: usize| facts.users[number].id;
    let index = |number: usize| snapshot.user_index(id(number)).unwrap();
    let resolved = requests.iter().map(|request| Resolved {
        subject: index(request.subject),
        object: snapshot.object_index(facts.objects[request.object].id).unwrap(),
        action: request.action,
        owner: [index(request.owner)],
    });
    let resolved: Vec<Resolved> = resolved.collect();
    let named = requests.iter().map(|request| Named {
        subject: id(request.subject),
        object: facts.objects[request.object].id,
        action: request.action,
        owner: [id(request.owner)],
    });
    let named: Vec<Named> = named.collect();
    let parts = named.iter().map(|request| {
        let subject = snapshot.subject(request.subject, NOW);
        Parts {
            subject,
            permissions: snapshot.permissions(subject.profile, request.object),
            action: request.action,
            owner: [snapshot.person(request.owner[0])],
        }
    });
    let parts: Vec<Parts> = parts.collect();

    let at = |request: &Resolved| {
        snapshot.decide_at(
            request.subject,
            request.action,
            request.object,
            &request.owner,
            NOW,
        )
    };
    let by_id = |request: &Named| {
        snapshot
            .decide(
                request.subject,
                request.action,
                request.object,
                &request.owner,
                NOW,
            )
            .is_permit()
    };
    let free = |request: &Parts| {
        decide(
            &request.subject,
            request.action,
            &request.permissions,
            &request.owner,
        )
        .is_permit()
    };
    let measured = [
        (
            "a  reference with branches, dense arrays",
            measure(&requests, branchy),
        ),
        (
            "b  reference without branches, dense arrays",
            measure(&requests, branch_free),
        ),
        ("c  decide_at, places resolved before", measure(&resolved, at)),
        ("d  Snapshot::decide, from UUIDs", measure(&named, by_id)),
        (
            "e  decide, from a subject, permissions and owners",
            measure(&parts, free),
        ),
    ];
    let (first, second) = (measured[0].1, measured[1].1);
    println!("a decision (one owner), {REQUESTS} different requests, median of {ROUNDS} rounds");
    for (name, (nanoseconds, permitted)) in measured {
        assert_eq!(permitted, first.1, "all agree");
        let (to_a, to_b) = (nanoseconds / first.0, nanoseconds / second.0);
        println!("  {name:<52} {nanoseconds:7.1} ns   {to_a:5.2} of a   {to_b:5.2} of b");
    }
}

type LevelTable = [[[u8; 4]; OBJECTS]; PROFILES];

fn dense(facts: &PolicyFacts, snapshot: &Snapshot) -> (Vec<Dense>, LevelTable) {
    let users = facts.users.iter().map(|user| {
        let label = snapshot.forest().label(user.role.unwrap()).unwrap();
        Dense {
            enter: label.enter,
            exit: label.exit,
            profile: facts
                .profiles
                .iter()
                .position(|profile| profile.id == user.profile)
                .unwrap() as u32,
            stands: user.account == Account::Standard { deactivated: false },
        }
    });
    let mut levels = [[[0; 4]; OBJECTS]; PROFILES];
    for (profile, of_profile) in facts.profiles.iter().zip(&mut levels) {
        for (object, of_object) in facts.objects.iter().zip(of_profile) {
            let permissions = snapshot.permissions(profile.id, object.id);
            *of_object = Action::ALL.map(|action| permissions.effective(action).rank());
        }
    }
    (users.collect(), levels)
}

/// Nanoseconds per request, and how many were permitted.
fn measure<R>(requests: &[R], decide: impl Fn(&R) -> bool) -> (f64, usize) {
    let mut permitted = 0;
    let nanoseconds = median(|| {
        permitted = requests
            .iter()
            .filter(|request| decide(black_box(request)))
            .count();
        black_box(permitted);
    });
    (nanoseconds / requests.len() as f64, permitted)
}

fn median(mut work: impl FnMut()) -> f64 {
    let mut nanoseconds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            work();
            started.elapsed().as_nanos() as f64
        })
        .collect();
    nanoseconds.sort_by(f64::total_cmp);
    nanoseconds[ROUNDS / 2]
}

fn changes(facts: &PolicyFacts, snapshot: &Snapshot) {
    let user = facts.users[USERS / 2];
    let newcomer = UserFacts {
        id: UserId::from_u128(facts.users[7].id.as_uuid().as_u128() + 1),
        ..user
    };
    let deactivated = Account::Standard { deactivated: true };
    let mut profile = facts.profiles[3].clone();
    profile.permissions[5].permissions = ObjectPermissions::all(Level::Own);
    let leaf = (0..ROLES).rev().map(|number| facts.roles[number].id);
    let leaf = leaf
        .filter(|role| snapshot.forest().children(*role).next().is_none())
        .take(2);
    let top = Some(facts.roles[0].id);
    let moved: Vec<_> = leaf
        .map(|id| PolicyChange::Role(RoleFacts { id, parent: top }))
        .collect();
    let cases = [
        ("nothing but a new version", vec![]),
        (
            "one user deactivated",
            vec![PolicyChange::User(UserFacts {
                account: deactivated,
                ..user
            })],
        ),
        (
            "one user's role changed",
            vec![PolicyChange::User(UserFacts {
                role: facts.users[0].role,
                ..user
            })],
        ),
        ("one user new", vec![PolicyChange::User(newcomer)]),
        ("one user removed", vec![PolicyChange::UserRemoved(user.id)]),
        ("one permission changed", vec![PolicyChange::Profile(profile)]),
        ("one role moved", vec![moved[0].clone()]),
        ("two roles moved together", moved),
    ];
    let built = median(|| {
        black_box(Snapshot::build(black_box(facts.clone())).unwrap());
    });
    println!("\na snapshot of {USERS} users, median of {ROUNDS} rounds");
    println!(
        "  {:<52} {:7.2} ms",
        "built from facts (copying the facts included)",
        built / 1e6
    );
    for (name, changes) in cases {
        let applied = median(|| {
            black_box(snapshot.apply(2, black_box(changes.clone())).unwrap());
        });
        println!("  {name:<52} {:7.3} ms", applied / 1e6);
    }
}

fn sizes(snapshot: &Snapshot) {
    let users = snapshot.facts().users.len();
    let spots = (users * 2).next_power_of_two();
    // What the tables hold per user: entry (with an eighth to spare), order by id, order of the walk.
    let beside_index = 8.0 * 9.0 / 8.0 + 4.0 + 4.0;
    let index = 16.0 + (spots * 4) as f64 / users as f64;
    println!("\nbytes a user: at most {beside_index} beside the id index, {index:.1} in it; a guest 8 more");
}
