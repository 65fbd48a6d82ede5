//! Changes of an org: everything that can change who reaches what.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use time::Duration;

use super::attempts::path_of;
use super::dice::Dice;
use super::facts::{Account, Action, Level, Levels, Person, Profile, Record, first_moment_without};
use super::world::{Fate, World, fields, random_levels};

/// A kind of change. [`Mutation::perform`] picks whom or what it happens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutation {
    RoleAdded,
    RoleMoved,
    RoleDeleted,
    ProfileAdded,
    ProfileDeleted,
    ProfileCopied,
    LevelsChanged,
    LevelsChangedAtOnce,
    LevelsChangedAltogether,
    PersonAdded,
    PersonMovedToRole,
    PersonMovedToProfile,
    PersonDeleted,
    PersonDeletedWithHeir,
    UserDeactivated,
    UserActivated,
    GuestInvited,
    GuestClaimed,
    GuestRevoked,
    GuestReinstated,
    GuestExtended,
    GuestShortened,
    GuestRunsOut,
    GuestsRevokedAtOnce,
    GuestsMovedToProfileAtOnce,
    GuestAccessSwitched,
    ObjectAdded,
    ObjectDeleted,
    OwnershipSwitched,
    RecordsAdded,
    RecordGivenAway,
    RecordsGivenAwayAtOnce,
    RecordDeleted,
    RecordWritten,
}

impl Mutation {
    pub const ALL: [Mutation; 34] = [
        Mutation::RoleAdded,
        Mutation::RoleMoved,
        Mutation::RoleDeleted,
        Mutation::ProfileAdded,
        Mutation::ProfileDeleted,
        Mutation::ProfileCopied,
        Mutation::LevelsChanged,
        Mutation::LevelsChangedAtOnce,
        Mutation::LevelsChangedAltogether,
        Mutation::PersonAdded,
        Mutation::PersonMovedToRole,
        Mutation::PersonMovedToProfile,
        Mutation::PersonDeleted,
        Mutation::PersonDeletedWithHeir,
        Mutation::UserDeactivated,
        Mutation::UserActivated,
        Mutation::GuestInvited,
        Mutation::GuestClaimed,
        Mutation::GuestRevoked,
        Mutation::GuestReinstated,
        Mutation::GuestExtended,
        Mutation::GuestShortened,
        Mutation::GuestRunsOut,
        Mutation::GuestsRevokedAtOnce,
        Mutation::GuestsMovedToProfileAtOnce,
        Mutation::GuestAccessSwitched,
        Mutation::ObjectAdded,
        Mutation::ObjectDeleted,
        Mutation::OwnershipSwitched,
        Mutation::RecordsAdded,
        Mutation::RecordGivenAway,
        Mutation::RecordsGivenAwayAtOnce,
        Mutation::RecordDeleted,
        Mutation::RecordWritten,
    ];

    /// Changes the org over HTTP, and the model with it. False when there is nobody or nothing to do it to.
    pub fn perform(self, world: &mut World, dice: &mut Dice) -> bool {
        let done = match self {
            Mutation::RoleAdded => world.role_added(dice),
            Mutation::RoleMoved => world.role_moved(dice),
            Mutation::RoleDeleted => world.role_deleted(dice),
            Mutation::ProfileAdded => world.profile_added(dice),
            Mutation::ProfileDeleted => world.profile_deleted(dice),
            Mutation::ProfileCopied => world.profile_copied(dice),
            Mutation::LevelsChanged => world.levels_changed(dice),
            Mutation::LevelsChangedAtOnce => world.levels_changed_at_once(dice),
            Mutation::LevelsChangedAltogether => world.levels_changed_altogether(dice),
            Mutation::PersonAdded => world.person_added(dice),
            Mutation::PersonMovedToRole => world.person_moved_to_role(dice),
            Mutation::PersonMovedToProfile => world.person_moved_to_profile(dice),
            Mutation::PersonDeleted => world.person_deleted(dice, false),
            Mutation::PersonDeletedWithHeir => world.person_deleted(dice, true),
            Mutation::UserDeactivated => world.user_deactivated(dice),
            Mutation::UserActivated => world.user_activated(dice),
            Mutation::GuestInvited => world.guest_invited(dice),
            Mutation::GuestClaimed => world.guest_claimed(dice),
            Mutation::GuestRevoked => world.guest_revoked(dice),
            Mutation::GuestReinstated => world.guest_reinstated(dice),
            Mutation::GuestExtended => world.guest_extended(dice),
            Mutation::GuestShortened => world.guest_shortened(dice),
            Mutation::GuestRunsOut => world.guest_runs_out(dice),
            Mutation::GuestsRevokedAtOnce => world.guests_revoked_at_once(dice),
            Mutation::GuestsMovedToProfileAtOnce => world.guests_moved_to_profile_at_once(dice),
            Mutation::GuestAccessSwitched => world.guest_access_switched(),
            Mutation::ObjectAdded => world.object_added(dice),
            Mutation::ObjectDeleted => world.object_deleted(dice),
            Mutation::OwnershipSwitched => world.ownership_switched(dice),
            Mutation::RecordsAdded => world.records_added(dice),
            Mutation::RecordGivenAway => world.record_given_away(dice),
            Mutation::RecordsGivenAwayAtOnce => world.records_given_away_at_once(dice),
            Mutation::RecordDeleted => world.record_deleted(dice),
            Mutation::RecordWritten => world.record_written(dice),
        };
        done.is_some()
    }
}

/// What came of a change: nothing when there was nobody or nothing to do it to.
type Done = Option<()>;

impl World {
    /// Somebody of whom this is true.
    fn anybody(&self, dice: &mut Dice, fits: impl Fn(&Person) -> bool) -> Option<String> {
        let fitting: Vec<&Person> = self.model.people.iter().filter(|person| fits(person)).collect();
        dice.pick(&fitting).map(|person| person.id.clone())
    }

    fn any_guest(&self, dice: &mut Dice, fits: impl Fn(&Person, bool, time::Date) -> bool) -> Option<String> {
        self.anybody(dice, |person| match person.account {
            Account::Guest { revoked, last_day } => fits(person, revoked, last_day),
            Account::Standard { .. } => false,
        })
    }

    fn is_over(&self, last_day: time::Date) -> bool {
        self.now() >= first_moment_without(last_day)
    }

    fn role_added(&mut self, dice: &mut Dice) -> Done {
        self.add_role(dice);
        Some(())
    }

    fn role_moved(&mut self, dice: &mut Dice) -> Done {
        let person = self.anybody(dice, |person| person.role.is_some())?;
        let role = self
            .model
            .role(self.model.person(&person)?.role.as_ref()?)
            .clone();
        let places = self.model.roles.iter().map(|role| role.id.clone());
        let mut places: Vec<Option<String>> = places
            .filter(|place| !self.model.is_within(place, &role.id))
            .map(Some)
            .collect();
        places.push(None);
        places.retain(|place| *place != role.parent);
        let parent = dice.pick(&places)?.clone();
        self.clients
            .admin
            .patch(&format!("/roles/{}", role.id), json!({ "parent_id": parent }))
            .expect(200);
        self.model
            .roles
            .iter_mut()
            .find(|known| known.id == role.id)?
            .parent = parent;
        Some(())
    }

    fn role_deleted(&mut self, dice: &mut Dice) -> Done {
        let role = dice.pick(&self.model.roles)?.clone();
        let others: Vec<&str> = self.model.roles.iter().map(|role| role.id.as_str()).collect();
        let fitting: Vec<&str> = others
            .into_iter()
            .filter(|other| !self.model.is_within(other, &role.id))
            .collect();
        let heir = dice
            .pick(&fitting)
            .map(|heir| (*heir).to_owned())
            .filter(|_| dice.chance(70));
        let query = heir.as_deref().unwrap_or("null");
        self.clients
            .admin
            .delete(&format!("/roles/{}?move_to={query}", role.id))
            .expect(204);
        self.model.roles.retain(|known| known.id != role.id);
        for child in self
            .model
            .roles
            .iter_mut()
            .filter(|child| child.parent.as_ref() == Some(&role.id))
        {
            child.parent.clone_from(&heir);
        }
        for person in self
            .model
            .people
            .iter_mut()
            .filter(|person| person.role.as_ref() == Some(&role.id))
        {
            person.role.clone_from(&heir);
        }
        Some(())
    }

    fn profile_added(&mut self, dice: &mut Dice) -> Done {
        self.add_profile();
        let (profile, object) = (
            self.model.profiles.len() - 1,
            dice.pick(&self.model.objects)?.key.clone(),
        );
        self.set_levels(profile, &object, random_levels(dice));
        Some(())
    }

    fn profile_deleted(&mut self, dice: &mut Dice) -> Done {
        let fitting: Vec<String> = self
            .model
            .profiles
            .iter()
            .filter(|profile| !profile.built_in)
            .map(|profile| profile.id.clone())
            .collect();
        let profile = dice.pick(&fitting)?.clone();
        let default = self
            .model
            .profiles
            .iter()
            .find(|known| known.built_in && !known.admin)?
            .id
            .clone();
        while let Some(person) = self.anybody(dice, |person| person.profile == profile) {
            self.move_to_profile(&person, default.clone());
        }
        self.clients
            .admin
            .delete(&format!("/profiles/{profile}"))
            .expect(204);
        self.model.profiles.retain(|known| known.id != profile);
        Some(())
    }

    /// A copy permits what its source does, to somebody who gets it.
    fn profile_copied(&mut self, dice: &mut Dice) -> Done {
        let source = dice.pick(&self.model.profiles)?.clone();
        let person = self.anybody(dice, |person| person.id != self.admin_id)?;
        let body = json!({ "name": format!("Copy {}", self.serial()) });
        let copied = self
            .clients
            .admin
            .post(&format!("/profiles/{}/copy", source.id), body)
            .expect(201);
        let anyone = self
            .model
            .objects
            .iter()
            .map(|object| (object.key.clone(), [Level::Anyone; 4]));
        let levels = if source.admin {
            anyone.collect()
        } else {
            source.levels
        };
        self.model.profiles.push(Profile {
            id: copied.id(),
            admin: false,
            built_in: false,
            levels,
        });
        self.move_to_profile(&person, copied.id());
        Some(())
    }

    /// The same level for several profiles and objects.
    fn levels_changed_at_once(&mut self, dice: &mut Dice) -> Done {
        let editable = self.model.profiles.iter().filter(|profile| !profile.admin);
        let profiles = dice.some(editable.map(|profile| profile.id.clone()).collect(), 2);
        let objects = dice.some(
            self.model
                .objects
                .iter()
                .map(|object| object.key.clone())
                .collect(),
            2,
        );
        let (action, level) = (*dice.pick(&Action::ALL)?, random_levels(dice)[0]);
        let permissions = json!({ action.word(): level.word() });
        let body = json!({ "profiles": profiles, "objects": objects, "permissions": permissions });
        let report = self
            .clients
            .admin
            .post("/permissions/bulk", body)
            .expect(200)
            .body;
        assert_eq!(report["applied"], true, "{report}");
        for profile in self
            .model
            .profiles
            .iter_mut()
            .filter(|profile| profiles.contains(&profile.id))
        {
            for key in &objects {
                profile.levels.entry(key.clone()).or_insert([Level::None; 4])[action as usize] = level;
            }
        }
        Some(())
    }

    /// All levels of a profile; an object that is left out is closed.
    fn levels_changed_altogether(&mut self, dice: &mut Dice) -> Done {
        let person = self.anybody(dice, |person| !self.model.profile(&person.profile).admin)?;
        let id = self.model.person(&person)?.profile.clone();
        let keys = self.model.objects.iter().map(|object| object.key.clone());
        let kept = dice.some(keys.collect(), 2);
        let levels: BTreeMap<String, Levels> =
            kept.into_iter().map(|key| (key, random_levels(dice))).collect();
        let cell = |(key, levels): (&String, &Levels)| {
            let [view, edit, delete, create] = levels.map(Level::word);
            json!({ "object": key, "view": view, "edit": edit, "delete": delete, "create": create })
        };
        let cells: Vec<_> = levels.iter().map(cell).collect();
        let body = json!({ "permissions": cells });
        self.clients
            .admin
            .put(&format!("/profiles/{id}/permissions"), body)
            .expect(200);
        self.model
            .profiles
            .iter_mut()
            .find(|profile| profile.id == id)?
            .levels = levels;
        Some(())
    }

    /// Other levels for a profile that somebody has.
    fn levels_changed(&mut self, dice: &mut Dice) -> Done {
        let person = self.anybody(dice, |person| !self.model.profile(&person.profile).admin)?;
        let profile = self.model.person(&person)?.profile.clone();
        let place = self.model.profiles.iter().position(|known| known.id == profile)?;
        let object = dice.pick(&self.model.objects)?.key.clone();
        self.set_levels(place, &object, random_levels(dice));
        Some(())
    }

    fn person_added(&mut self, dice: &mut Dice) -> Done {
        self.add_user(dice);
        Some(())
    }

    fn person_moved_to_role(&mut self, dice: &mut Dice) -> Done {
        let person = self.anybody(dice, |_| true)?;
        let role = self.any_role(dice);
        self.clients
            .admin
            .patch(&self.path_of(&person), json!({ "role_id": role }))
            .expect(200);
        self.person_mut(&person).role = role;
        Some(())
    }

    fn person_moved_to_profile(&mut self, dice: &mut Dice) -> Done {
        let person = self.anybody(dice, |person| person.id != self.admin_id)?;
        let guest = matches!(self.model.person(&person)?.account, Account::Guest { .. });
        let profile = self.any_profile(dice, guest);
        self.move_to_profile(&person, profile);
        Some(())
    }

    fn move_to_profile(&mut self, person: &str, profile: String) {
        self.clients
            .admin
            .patch(&self.path_of(person), json!({ "profile_id": profile }))
            .expect(200);
        self.person_mut(person).profile = profile;
    }

    /// Deletes somebody; what they own goes to an active user, or loses this owner.
    fn person_deleted(&mut self, dice: &mut Dice, with_heir: bool) -> Done {
        let person = self.anybody(dice, |person| person.id != self.admin_id)?;
        let may_inherit = |heir: &Person| {
            heir.id != person && heir.claimed && self.model.in_good_standing(heir, self.now())
        };
        let heir = if with_heir {
            Some(self.anybody(dice, may_inherit)?)
        } else {
            None
        };
        let query = heir
            .as_ref()
            .map(|heir| format!("?transfer_records_to={heir}"))
            .unwrap_or_default();
        self.clients
            .admin
            .delete(&format!("{}{query}", self.path_of(&person)))
            .expect(204);
        for object in &self.model.objects {
            let owning = object.user_fields.iter().filter(|(_, owns)| *owns);
            for (field, _) in owning {
                for record in self
                    .model
                    .records
                    .iter_mut()
                    .filter(|record| record.object == object.key)
                {
                    if record.users.get(field) == Some(&person) {
                        match &heir {
                            Some(heir) => record.users.insert(field.clone(), heir.clone()),
                            None => record.users.remove(field),
                        };
                    }
                }
            }
        }
        self.model.people.retain(|known| known.id != person);
        Some(())
    }

    fn user_deactivated(&mut self, dice: &mut Dice) -> Done {
        let active = Account::Standard { deactivated: false };
        let user = self.anybody(dice, |person| self.may_go(person) && person.account == active)?;
        self.set_deactivated(&user, true);
        Some(())
    }

    fn user_activated(&mut self, dice: &mut Dice) -> Done {
        let user = self.anybody(dice, |person| {
            person.account == Account::Standard { deactivated: true }
        })?;
        self.set_deactivated(&user, false);
        Some(())
    }

    fn guest_invited(&mut self, dice: &mut Dice) -> Done {
        self.model
            .guest_access
            .then(|| self.add_guest(dice, Fate::Invited))
    }

    fn guest_claimed(&mut self, dice: &mut Dice) -> Done {
        let guest = self.any_guest(dice, |guest, revoked, last_day| {
            !guest.claimed && !revoked && !self.is_over(last_day)
        })?;
        self.model.guest_access.then(|| self.claim(&guest))
    }

    fn guest_revoked(&mut self, dice: &mut Dice) -> Done {
        let guest = self.any_guest(dice, |guest, revoked, _| guest.claimed && !revoked)?;
        self.revoke(&guest);
        Some(())
    }

    fn guest_reinstated(&mut self, dice: &mut Dice) -> Done {
        let guest = self
            .any_guest(dice, |_, revoked, _| revoked)
            .filter(|_| self.model.guest_access)?;
        let last_day = self.day(dice.between(1, 60));
        let body = json!({ "access_ends_on": last_day.to_string() });
        self.clients
            .admin
            .post(&format!("/guests/{guest}/reinstate"), body)
            .expect(200);
        self.person_mut(&guest).account = Account::Guest {
            revoked: false,
            last_day,
        };
        Some(())
    }

    /// Access that is over comes back with a later end.
    fn guest_extended(&mut self, dice: &mut Dice) -> Done {
        let over = self.any_guest(dice, |guest, revoked, last_day| {
            guest.claimed && !revoked && self.is_over(last_day)
        });
        let guest = over.or_else(|| self.any_guest(dice, |_, revoked, _| !revoked))?;
        let days = dice.between(61, 85);
        self.end_on(&guest, days);
        Some(())
    }

    fn guest_shortened(&mut self, dice: &mut Dice) -> Done {
        let today = self.today();
        let guest = self.any_guest(dice, |_, revoked, last_day| !revoked && last_day > today)?;
        self.end_on(&guest, 0);
        Some(())
    }

    fn end_on(&mut self, guest: &str, days: usize) {
        let last_day = self.day(days);
        let body = json!({ "access_ends_on": last_day.to_string() });
        self.clients
            .admin
            .patch(&format!("/guests/{guest}"), body)
            .expect(200);
        self.person_mut(guest).account = Account::Guest {
            revoked: false,
            last_day,
        };
    }

    fn day(&self, days: usize) -> time::Date {
        self.today() + Duration::days(i64::try_from(days).unwrap())
    }

    /// The clock reaches the first moment without access of whoever has the least left. Nothing else happens: no
    /// request tells anybody, and no worker runs.
    fn guest_runs_out(&mut self, dice: &mut Dice) -> Done {
        let people = self.model.people.iter().filter(|person| person.claimed);
        let ends = people.filter_map(|person| match person.account {
            Account::Guest {
                revoked: false,
                last_day,
            } => Some(first_moment_without(last_day)),
            _ => None,
        });
        let end = ends.filter(|end| *end > self.now()).min()?;
        let margin = if dice.chance(70) {
            Duration::ZERO
        } else {
            Duration::microseconds(1)
        };
        self.clock.set(end - margin);
        Some(())
    }

    fn some_guests(&self, dice: &mut Dice) -> Vec<String> {
        let guests = self
            .model
            .people
            .iter()
            .filter(|person| matches!(person.account, Account::Guest { .. }));
        dice.some(guests.map(|guest| guest.id.clone()).collect(), 3)
    }

    fn guests_at_once(&self, action: &str, guests: &[String], args: &Value) {
        let body = json!({ "action": action, "ids": guests, "args": args });
        let report = self.clients.admin.post("/guests/bulk", body).expect(200).body;
        let results = report["results"].as_array().unwrap();
        assert!(results.iter().all(|result| result["status"] == "ok"), "{report}");
    }

    fn guests_revoked_at_once(&mut self, dice: &mut Dice) -> Done {
        let guests = self.some_guests(dice);
        self.guests_at_once("revoke", &guests, &json!({}));
        for guest in &guests {
            if let Account::Guest { revoked, .. } = &mut self.person_mut(guest).account {
                *revoked = true;
            }
        }
        dice.pick(&guests).map(|_| ())
    }

    fn guests_moved_to_profile_at_once(&mut self, dice: &mut Dice) -> Done {
        let (guests, profile) = (self.some_guests(dice), self.any_profile(dice, true));
        self.guests_at_once("set_profile", &guests, &json!({ "profile_id": profile }));
        for guest in &guests {
            self.person_mut(guest).profile.clone_from(&profile);
        }
        dice.pick(&guests).map(|_| ())
    }

    fn guest_access_switched(&mut self) -> Done {
        let guest_access = !self.model.guest_access;
        self.clients
            .admin
            .patch("/org", json!({ "guest_access": guest_access }))
            .expect(200);
        self.model.guest_access = guest_access;
        Some(())
    }

    fn object_added(&mut self, dice: &mut Dice) -> Done {
        self.add_object(dice, 1);
        let object = self.model.objects.last()?.clone();
        self.add_records(dice, &object, 3);
        Some(())
    }

    fn object_deleted(&mut self, dice: &mut Dice) -> Done {
        if self.model.objects.len() < 3 {
            return None;
        }
        let key = dice.pick(&self.model.objects)?.key.clone();
        self.clients
            .admin
            .delete(&format!("/objects/{key}?delete_records=true"))
            .expect(204);
        self.model.objects.retain(|object| object.key != key);
        self.model.records.retain(|record| record.object != key);
        for profile in &mut self.model.profiles {
            profile.levels.remove(&key);
        }
        Some(())
    }

    /// A field of a small object begins or ceases to represent ownership.
    fn ownership_switched(&mut self, dice: &mut Dice) -> Done {
        let place = dice.below(self.model.objects.len());
        let object = &mut self.model.objects[place];
        let field = dice.below(object.user_fields.len());
        let (field, owns) = &mut object.user_fields[field];
        let path = format!("/objects/{}/fields/{field}", object.key);
        self.clients
            .admin
            .patch(&path, json!({ "represents_ownership": !*owns }))
            .expect(200);
        *owns = !*owns;
        Some(())
    }

    fn records_added(&mut self, dice: &mut Dice) -> Done {
        let object = dice.pick(&self.model.objects)?.clone();
        let records = dice.between(1, 3);
        self.add_records(dice, &object, records);
        Some(())
    }

    fn record_given_away(&mut self, dice: &mut Dice) -> Done {
        let mut record = dice.pick(&self.model.records)?.clone();
        let object = self.model.object(&record.object)?.clone();
        record.users = self.any_users(dice, &object);
        let body = json!({ "fields": fields(&object, &record) });
        self.clients.admin.patch(&path_of(&record), body).expect(200);
        self.record_mut(&record.id).users = record.users;
        Some(())
    }

    fn records_given_away_at_once(&mut self, dice: &mut Dice) -> Done {
        let object = dice.pick(&self.model.objects)?.clone();
        let mut records: Vec<Record> = dice.some(self.model.records_of(&object.key).cloned().collect(), 4);
        for record in &mut records {
            record.users = self.any_users(dice, &object);
        }
        let item = |record: &Record| json!({ "id": record.id, "fields": fields(&object, record) });
        let items: Vec<Value> = records.iter().map(item).collect();
        let path = format!("/objects/{}/records/bulk", object.key);
        let report = self
            .clients
            .admin
            .post(&path, json!({ "action": "update", "items": items }))
            .expect(200)
            .body;
        assert_eq!(report["failed"], 0, "{report}");
        for record in records {
            self.record_mut(&record.id).users = record.users;
        }
        Some(())
    }

    fn record_written(&mut self, dice: &mut Dice) -> Done {
        self.attempt(dice);
        Some(())
    }

    fn record_deleted(&mut self, dice: &mut Dice) -> Done {
        let record = dice.pick(&self.model.records)?.clone();
        self.clients.admin.delete(&path_of(&record)).expect(204);
        self.model.records.retain(|known| known.id != record.id);
        Some(())
    }
}
