//! What decisions rest on: loading all of it, and catching up, come to the same.

use std::collections::BTreeSet;

use vestibule_access_control::{
    Account, Level, ObjectPermissions, PolicyChange, PolicyFacts, RoleFacts, Snapshot, UserFacts,
};
use vestibule_custom_objects::{FieldDraft, FieldType, Object};
use vestibule_persistence::ids::{ObjectId, OrgId, ProfileId, RoleId, UserId};
use vestibule_persistence::objects::StoredObject;
use vestibule_persistence::policy::{self, Catchup, LOG_KEPT, Touched};
use vestibule_persistence::users::UserDetails;
use vestibule_persistence::{
    StoreError, WriteTx, object_permissions, object_tasks, objects, orgs, profiles, roles, users,
};

use crate::builders::{NOW, OrgIn, fresh, insert_user, plain_profile, plain_role};
use crate::store::Store;

on_both_databases!(
    everything_that_decisions_rest_on_is_loaded,
    catching_up_leads_to_what_loading_anew_finds,
    one_transaction_makes_one_version,
    what_is_gone_is_told_as_removed,
    ended_credentials_raise_the_version_and_change_nothing,
    whoever_is_too_far_behind_loads_anew,
    old_changes_are_forgotten,
    too_many_changes_count_as_everything,
    what_a_savepoint_takes_back_was_not_touched,
    two_writers_without_the_orgs_turn_get_two_versions,
);

fn load(org: &OrgIn<'_>) -> PolicyFacts {
    org.store.read(|tx| policy::load(tx, org.id)).unwrap()
}

fn since(org: &OrgIn<'_>, from: u64) -> Catchup {
    org.store.read(|tx| policy::changes_since(tx, org.id, from))
}

fn changes_of(catchup: Catchup) -> Vec<PolicyChange> {
    match catchup {
        Catchup::Changes { changes, .. } => changes,
        Catchup::Reload => panic!("there is no need to load anew"),
    }
}

fn touch(org: &OrgIn<'_>, touched: impl IntoIterator<Item = Touched> + Clone) {
    org.store.write(org.id, |tx| {
        for touched in touched.clone() {
            tx.policy_changed(org.id, touched);
        }
        Ok(())
    });
}

fn everything_that_decisions_rest_on_is_loaded(store: &Store) {
    let org = store.org("acme");
    let head = org.role("Head", None);
    let desk = org.role("Desk", Some(head));
    let staff = org.profile("Staff");
    let ann = org.standard_user("ann").in_role(head).on_profile(staff).save();
    let bob = org.standard_user("bob").deactivated().save();
    let guest = org.guest("guest").in_role(desk).claimed().ends_in_days(3).save();
    let revoked = org.guest("revoked").revoked().save();
    let gone = org.guest("gone").save();
    let object = add_object(store, org.id, "deal", true);
    let other = store.org("other");
    other.standard_user("stranger").save();
    let permissions = ObjectPermissions::NONE.with(vestibule_access_control::Action::View, Level::Own);
    store.write(org.id, |tx| {
        users::bury(tx, org.id, &gone, NOW)?;
        object_permissions::set(tx, org.id, staff, object, permissions, NOW)?;
        object_permissions::set(tx, org.id, org.default, object, ObjectPermissions::NONE, NOW)
    });

    let facts = Snapshot::build(load(&org)).unwrap().facts();
    assert!(facts.guest_access);
    assert_eq!(
        facts.roles,
        [
            RoleFacts {
                id: head,
                parent: None
            },
            RoleFacts {
                id: desk,
                parent: Some(head)
            }
        ]
    );
    let account = |id: UserId| facts.users.iter().find(|user| user.id == id).unwrap().account;
    let ends_at = |user: &users::User| {
        let at = user.guest().unwrap().window.ends_at;
        i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap()
    };
    assert_eq!(facts.users.len(), 4);
    assert_eq!(
        facts.users[0],
        UserFacts {
            id: ann.id,
            role: Some(head),
            profile: staff,
            account: Account::Standard { deactivated: false },
        }
    );
    assert_eq!(account(bob.id), Account::Standard { deactivated: true });
    assert_eq!(
        account(guest.id),
        Account::Guest {
            claimed: true,
            revoked: false,
            ends_at: ends_at(&guest)
        }
    );
    assert_eq!(
        account(revoked.id),
        Account::Guest {
            claimed: false,
            revoked: true,
            ends_at: ends_at(&revoked)
        }
    );
    assert_eq!(facts.objects.len(), 1);
    assert_eq!(
        (facts.objects[0].key.as_str(), facts.objects[0].ownable),
        ("deal", true)
    );
    let profile = |id: ProfileId| facts.profiles.iter().find(|profile| profile.id == id).unwrap();
    assert!(profile(org.admin).admin && !profile(staff).admin);
    assert_eq!(profile(staff).permissions.len(), 1);
    assert_eq!(profile(staff).permissions[0].permissions, permissions);
    assert_eq!(
        profile(org.default).permissions,
        [],
        "a cell that permits nothing is none"
    );
    assert_eq!(store.read(|tx| policy::load(tx, fresh())), None);
}

fn add_object(store: &Store, org: OrgId, key: &str, ownable: bool) -> ObjectId {
    let id = fresh();
    store.write(org, |tx| objects::insert(tx, org, &object(id, key, ownable)));
    id
}

fn object(id: ObjectId, key: &str, ownable: bool) -> StoredObject {
    let owner = FieldDraft {
        represents_ownership: ownable,
        ..FieldDraft::new("owner", "Owner", FieldType::User)
    };
    StoredObject::new(Object::new(id, key, "Thing", "Things", vec![owner]).unwrap(), NOW)
}

/// A small generator of numbers: the same sequence on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        (!of.is_empty()).then(|| of[self.below(of.len())])
    }
}

/// What there is, as far as a random change has to know.
struct Known {
    org: OrgId,
    admin: ProfileId,
    roles: Vec<RoleId>,
    profiles: Vec<ProfileId>,
    users: Vec<UserId>,
    objects: Vec<ObjectId>,
    made: usize,
}

impl Known {
    fn change(&mut self, org: &OrgIn<'_>, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        self.made += 1;
        match dice.below(14) {
            0 | 1 => self.add_user(org, tx, dice),
            2 | 3 => self.change_user(tx, dice),
            4 => self.delete_user(tx, dice),
            5 => self.add_role(tx, dice),
            6 => self.move_role(tx, dice),
            7 => self.delete_role(tx, dice),
            8 => self.add_profile(tx, dice),
            9 => self.delete_profile(tx, dice),
            10 => self.add_object(tx, dice),
            11 => self.permit(tx, dice),
            12 => self.change_object(tx, dice),
            _ => self.change_guest_access(tx),
        }
    }

    fn add_user(&mut self, org: &OrgIn<'_>, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let name = format!("user{}", self.made);
        let new = if dice.below(2) == 0 {
            org.guest(&name)
        } else {
            org.standard_user(&name)
        };
        let mut user = new.build();
        user.role_id = dice.pick(&self.roles);
        insert_user(tx, self.org, &user)?;
        self.users.push(user.id);
        tx.policy_changed(self.org, Touched::User(user.id));
        Ok(())
    }

    fn change_user(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let Some(id) = dice.pick(&self.users) else {
            return Ok(());
        };
        let mut user = users::find(tx, self.org, id)?.unwrap();
        user.role_id = dice.pick(&self.roles);
        user.profile_id = dice.pick(&self.profiles).unwrap_or(self.admin);
        user.claimed_at = (dice.below(2) == 0).then_some(NOW);
        if let UserDetails::Standard { deactivated_at } = &mut user.details {
            *deactivated_at = (dice.below(2) == 0).then_some(NOW);
        }
        users::save(tx, self.org, &mut user, NOW)?;
        tx.policy_changed(self.org, Touched::User(id));
        Ok(())
    }

    fn delete_user(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let Some(id) = dice.pick(&self.users) else {
            return Ok(());
        };
        let user = users::find(tx, self.org, id)?.unwrap();
        users::bury(tx, self.org, &user, NOW)?;
        self.users.retain(|other| *other != id);
        tx.policy_changed(self.org, Touched::User(id));
        Ok(())
    }

    fn add_role(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let role = plain_role("Role", dice.pick(&self.roles));
        roles::insert(tx, self.org, &role)?;
        self.roles.push(role.id);
        tx.policy_changed(self.org, Touched::Role(role.id));
        Ok(())
    }

    /// Below an older role, so that there is never a circle.
    fn move_role(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let Some(id) = dice.pick(&self.roles) else {
            return Ok(());
        };
        let older: Vec<RoleId> = self.roles.iter().copied().filter(|other| *other < id).collect();
        let mut role = roles::find(tx, self.org, id)?.unwrap();
        role.parent_id = dice.pick(&older);
        roles::save(tx, self.org, &mut role, NOW)?;
        tx.policy_changed(self.org, Touched::Role(id));
        Ok(())
    }

    fn delete_role(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let Some(id) = dice.pick(&self.roles) else {
            return Ok(());
        };
        for user in users::move_role_members(tx, self.org, id, None)? {
            tx.policy_changed(self.org, Touched::User(user));
        }
        for child in roles::move_children(tx, self.org, id, None)? {
            tx.policy_changed(self.org, Touched::Role(child));
        }
        roles::delete(tx, self.org, id)?;
        tx.policy_changed(self.org, Touched::Role(id));
        self.roles.retain(|other| *other != id);
        Ok(())
    }

    fn add_profile(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let profile = plain_profile(fresh(), &format!("Profile {}", self.made));
        profiles::insert(tx, self.org, &profile)?;
        if let Some(like) = dice.pick(&self.profiles) {
            object_permissions::copy(tx, self.org, like, profile.id, NOW)?;
        }
        self.profiles.push(profile.id);
        tx.policy_changed(self.org, Touched::Profile(profile.id));
        Ok(())
    }

    /// Never the first one, on which new users start.
    fn delete_profile(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let Some(id) = dice.pick(&self.profiles[1..]) else {
            return Ok(());
        };
        if profiles::count_users(tx, self.org, id)? == 0 {
            profiles::delete(tx, self.org, id)?;
            self.profiles.retain(|other| *other != id);
            tx.policy_changed(self.org, Touched::Profile(id));
        }
        Ok(())
    }

    fn add_object(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let id = fresh();
        let key = format!("object_{}", self.made);
        objects::insert(tx, self.org, &object(id, &key, dice.below(2) == 0))?;
        self.objects.push(id);
        Ok(())
    }

    fn permit(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let (Some(profile), Some(object)) = (dice.pick(&self.profiles), dice.pick(&self.objects)) else {
            return Ok(());
        };
        let permissions = ObjectPermissions::all(Level::ALL[dice.below(5)]);
        object_permissions::set(tx, self.org, profile, object, permissions, NOW).map(drop)
    }

    fn change_object(&mut self, tx: &mut WriteTx<'_>, dice: &mut Dice) -> Result<(), StoreError> {
        let Some(id) = dice.pick(&self.objects) else {
            return Ok(());
        };
        if dice.below(3) == 0 {
            self.objects.retain(|other| *other != id);
            return objects::delete(tx, self.org, id);
        }
        let stored = objects::find_by_id(tx, self.org, id)?.unwrap();
        let owner = stored.object.field("owner").unwrap();
        let task = object_tasks::TaskRef {
            org: self.org,
            object: id,
            id: fresh(),
        };
        let reown = object_tasks::Task::Reown {
            fields: if owner.represents_ownership() {
                vec![]
            } else {
                vec![owner.number]
            },
            removing: None,
        };
        object_tasks::start(tx, self.org, id, task.id, &reown, NOW)?;
        object_tasks::advance(tx, task, 10, NOW).map(drop)
    }

    fn change_guest_access(&mut self, tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
        let mut org = orgs::find(tx, self.org)?.unwrap();
        org.guest_access = !org.guest_access;
        orgs::save(tx, &mut org, NOW)?;
        tx.policy_changed(self.org, Touched::GuestAccess);
        Ok(())
    }
}

fn catching_up_leads_to_what_loading_anew_finds(store: &Store) {
    for seed in 1..=4 {
        let org = store.org(&format!("org-{seed}"));
        let mut known = Known {
            org: org.id,
            admin: org.admin,
            roles: Vec::new(),
            profiles: vec![org.default],
            users: Vec::new(),
            objects: Vec::new(),
            made: 0,
        };
        let mut dice = Dice(seed);
        let mut follower = Snapshot::build(load(&org)).unwrap();
        for _ in 0..25 {
            for _ in 0..=dice.below(4) {
                store.write(org.id, |tx| {
                    for _ in 0..=dice.below(3) {
                        known.change(&org, tx, &mut dice)?;
                    }
                    Ok(())
                });
            }
            match since(&org, follower.version()) {
                Catchup::Changes { version, changes } => {
                    follower = follower.apply(version, changes).unwrap();
                }
                Catchup::Reload => panic!("so few changes are told one by one"),
            }
            let anew = Snapshot::build(load(&org)).unwrap();
            assert_eq!(follower.facts(), anew.facts(), "seed {seed}");
        }
    }
}

fn one_transaction_makes_one_version(store: &Store) {
    let org = store.org("acme");
    let ann = org.standard_user("ann").save();
    let role = org.role("Head", None);
    touch(
        &org,
        [
            Touched::User(ann.id),
            Touched::Role(role),
            Touched::User(ann.id),
            Touched::GuestAccess,
        ],
    );
    match since(&org, 1) {
        Catchup::Changes { version, changes } => {
            assert_eq!((version, changes.len()), (2, 3));
            assert!(changes.contains(&PolicyChange::GuestAccess(true)));
            assert!(changes.contains(&PolicyChange::Role(RoleFacts {
                id: role,
                parent: None
            })));
        }
        Catchup::Reload => panic!("there is no need to load anew"),
    }
    touch(&org, [Touched::User(ann.id)]);
    assert_eq!(changes_of(since(&org, 1)).len(), 3, "each thing once");
    assert_eq!(changes_of(since(&org, 2)).len(), 1);
    assert_eq!(changes_of(since(&org, 3)), []);
}

fn what_is_gone_is_told_as_removed(store: &Store) {
    let org = store.org("acme");
    let (role, profile, object, user) = (fresh(), fresh(), fresh(), fresh());
    let ann = org.standard_user("ann").save();
    store.write(org.id, |tx| users::bury(tx, org.id, &ann, NOW));
    touch(
        &org,
        [
            Touched::Role(role),
            Touched::Profile(profile),
            Touched::Object(object),
            Touched::User(user),
            Touched::User(ann.id),
        ],
    );
    let changes = changes_of(since(&org, 1));
    assert_eq!(changes.len(), 5);
    for removed in [
        PolicyChange::RoleRemoved(role),
        PolicyChange::ProfileRemoved(profile),
        PolicyChange::ObjectRemoved(object),
        PolicyChange::UserRemoved(user),
        PolicyChange::UserRemoved(ann.id),
    ] {
        assert!(changes.contains(&removed), "{removed:?}");
    }
}

fn ended_credentials_raise_the_version_and_change_nothing(store: &Store) {
    let org = store.org("acme");
    store.write(org.id, |tx| {
        tx.credentials_changed(org.id);
        Ok(())
    });
    let nothing = Catchup::Changes {
        version: 2,
        changes: Vec::new(),
    };
    assert_eq!(since(&org, 1), nothing);
    assert_eq!(logged(store), Vec::<String>::new());
}

fn logged(store: &Store) -> Vec<String> {
    store.place.lines(
        "SELECT CAST(version AS TEXT) || ':' || CAST(kind AS TEXT) AS value FROM policy_changes ORDER BY version, kind",
    )
}

fn set_version(store: &Store, version: u64) {
    store
        .place
        .sql(&format!("UPDATE org_versions SET policy_version = {version}"));
}

fn whoever_is_too_far_behind_loads_anew(store: &Store) {
    let org = store.org("acme");
    set_version(store, LOG_KEPT + 1);
    assert_eq!(changes_of(since(&org, 1)), []);
    set_version(store, LOG_KEPT + 2);
    assert_eq!(since(&org, 1), Catchup::Reload);
    assert_eq!(
        since(&org, LOG_KEPT + 3),
        Catchup::Reload,
        "a version that is yet to come"
    );
    assert_eq!(changes_of(since(&org, LOG_KEPT + 2)), []);
    touch(&org, [Touched::GuestAccess, Touched::Everything]);
    assert_eq!(since(&org, LOG_KEPT + 2), Catchup::Reload);
    touch(&org, [Touched::GuestAccess]);
    assert_eq!(changes_of(since(&org, LOG_KEPT + 3)).len(), 1);
    assert_eq!(
        store.read(|tx| policy::changes_since(tx, fresh(), 1)),
        Catchup::Reload
    );
}

fn old_changes_are_forgotten(store: &Store) {
    let org = store.org("acme");
    touch(&org, [Touched::GuestAccess]);
    let round = (LOG_KEPT / 256 + 1) * 256;
    set_version(store, round - LOG_KEPT);
    touch(&org, [Touched::GuestAccess]);
    set_version(store, round - 2);
    touch(&org, [Touched::GuestAccess]);
    let oldest_kept = round - LOG_KEPT + 1;
    assert_eq!(
        logged(store),
        [
            "2:2".to_owned(),
            format!("{oldest_kept}:2"),
            format!("{}:2", round - 1)
        ]
    );
    touch(&org, [Touched::GuestAccess]);
    assert_eq!(
        logged(store),
        [
            format!("{oldest_kept}:2"),
            format!("{}:2", round - 1),
            format!("{round}:2")
        ]
    );
    assert_eq!(changes_of(since(&org, round - LOG_KEPT)).len(), 1);
    assert_eq!(since(&org, round - LOG_KEPT - 1), Catchup::Reload);
}

fn too_many_changes_count_as_everything(store: &Store) {
    let org = store.org("acme");
    let many: BTreeSet<UserId> = (0..5_001).map(|_| fresh()).collect();
    let touched = |ids: Vec<UserId>| ids.into_iter().map(Touched::User).collect::<Vec<_>>();
    let some: Vec<UserId> = many.iter().copied().take(5_000).collect();
    touch(&org, touched(some));
    assert_eq!(changes_of(since(&org, 1)).len(), 5_000);
    touch(&org, touched(vec![fresh()]));
    assert_eq!(since(&org, 1), Catchup::Reload, "more than that in two versions");
    touch(&org, touched(many.into_iter().collect()));
    assert_eq!(logged(store).last().map(String::as_str), Some("4:1"));
    assert_eq!(since(&org, 3), Catchup::Reload);
}

fn what_a_savepoint_takes_back_was_not_touched(store: &Store) {
    let org = store.org("acme");
    store.write(org.id, |tx| {
        let failed: Result<(), StoreError> = tx.savepoint(|tx| {
            tx.policy_changed(org.id, Touched::Everything);
            Err(StoreError::Reference)
        });
        assert!(failed.is_err());
        tx.policy_changed(org.id, Touched::GuestAccess);
        Ok(())
    });
    assert_eq!(changes_of(since(&org, 1)), [PolicyChange::GuestAccess(true)]);
}

fn two_writers_without_the_orgs_turn_get_two_versions(store: &Store) {
    let org = store.org("acme");
    let (ann, bob) = (org.standard_user("ann").save(), org.standard_user("bob").save());
    let id = org.id;
    std::thread::scope(|scope| {
        for user in [ann.id, bob.id] {
            scope.spawn(move || {
                store.in_turns(|tx| {
                    tx.policy_changed(id, Touched::User(user));
                    Ok(())
                });
            });
        }
    });
    assert_eq!(logged(store), ["2:6", "3:6"]);
    assert_eq!(changes_of(since(&org, 1)).len(), 2);
}
