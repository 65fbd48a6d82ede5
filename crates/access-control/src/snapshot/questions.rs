//! What a snapshot answers about one subject and the records of one object.

use vestibule_org_hierarchy::{Person, UserId};

use super::users::{NO_ROLE, User};
use super::{ObjectIndex, Snapshot, UserIndex};
use crate::{
    Action, Decision, Denial, EndedReason, Explanation, Level, ObjectId, ObjectPermissions, OwnerScope,
    ProfileId, Question, Reach, Standing, Subject, compile, explain,
};

/// Up to how many people in scope [`Snapshot::list_reach`] names them.
const FEW: usize = 256;

const OWN: u8 = Level::Own.rank();
const ANYONE: u8 = Level::Anyone.rank();

/// What a decision asks of every owner, as numbers: the rule of [`compile`] and [`OwnerScope`], without a branch.
struct Asked {
    /// The subject's role in the walk, or [`NO_ROLE`].
    enter: u32,
    /// The end of the subject's subtree; 0 without a role.
    exit: u32,
    /// The rank of the level that counts, 0 for a subject who is denied everything.
    level: u8,
}

impl Asked {
    /// Whether an owner is reached: their rank (1 the subject, 2 a report, 3 a peer, 4 anyone else), which is that
    /// of the lowest level reaching them, is at most the level's.
    #[inline]
    fn reaches(&self, myself: bool, enter: u32) -> bool {
        let report = (enter > self.enter) & (enter <= self.exit);
        let peer = (enter == self.enter) & (enter != NO_ROLE);
        let closeness = (3 * u8::from(myself))
            .max(2 * u8::from(report))
            .max(u8::from(peer));
        4 - closeness <= self.level
    }
}

impl Snapshot {
    /// A user as the subject of a decision at a moment; one who isn't there counts as deleted.
    ///
    /// # Complexity
    /// O(1).
    #[must_use]
    pub fn subject(&self, user: UserId, now: i64) -> Subject {
        match self.state.users.find(user) {
            Some((place, found)) => self.subject_at(user, place, found, now),
            None => Subject {
                id: user,
                role: None,
                profile: ProfileId::from_u128(0),
                standing: Standing::Ended(EndedReason::Deleted),
            },
        }
    }

    fn subject_at(&self, id: UserId, place: u32, user: User, now: i64) -> Subject {
        let state = &*self.state;
        Subject {
            id,
            role: state.walk.label(user.enter),
            profile: state
                .grants
                .profile_id(user.profile)
                .unwrap_or(ProfileId::from_u128(0)),
            standing: state.users.standing(place, user, state.guest_access, now),
        }
    }

    /// A user as the owner of a record; one who isn't there has no role.
    ///
    /// # Complexity
    /// O(1).
    #[must_use]
    pub fn person(&self, user: UserId) -> Person {
        let found = self.state.users.find(user);
        Person::new(
            user,
            found.and_then(|(_, found)| self.state.walk.label(found.enter)),
        )
    }

    /// The owners of a record; see [`Snapshot::person`].
    #[must_use]
    pub fn persons(&self, users: &[UserId]) -> Vec<Person> {
        users.iter().map(|user| self.person(*user)).collect()
    }

    /// What a profile may do on an object; nothing where either isn't there.
    ///
    /// # Complexity
    /// O(1).
    #[must_use]
    pub fn permissions(&self, profile: ProfileId, object: ObjectId) -> ObjectPermissions {
        let grants = &self.state.grants;
        match (grants.profile(profile), grants.object(object)) {
            (Some(profile), Some(object)) => grants.permissions(profile, object),
            _ => ObjectPermissions::NONE,
        }
    }

    /// Whether a user may do something with a record of an object that has these owners.
    ///
    /// For an edit that may change owners use [`Reach::permit_change`].
    ///
    /// # Complexity
    /// O(k), k the number of owners; nothing is allocated.
    #[inline]
    pub fn decide(
        &self,
        subject: UserId,
        action: Action,
        object: ObjectId,
        owners: &[UserId],
        now: i64,
    ) -> Decision {
        let users = &self.state.users;
        let Some((place, user)) = users.find(subject) else {
            return Decision::Deny(Denial::Ended(EndedReason::Deleted));
        };
        if let Standing::Ended(reason) = users.standing(place, user, self.state.guest_access, now) {
            return Decision::Deny(Denial::Ended(reason));
        }
        let Some(object) = self.state.grants.object(object) else {
            return Decision::Deny(Denial::NotGranted);
        };
        let asked = self.asked(place, user, action, object, now);
        // Looking an owner up is what takes time, so it's done only where the role matters. Owners who aren't there
        // are nobody's reports and peers, and not the subject, who is there.
        let by_role = asked.level > OWN && user.enter != NO_ROLE;
        let enter = |owner: UserId| users.find(owner).map_or(NO_ROLE, |(_, owner)| owner.enter);
        let reached = |owner: &UserId| *owner == subject || by_role && asked.reaches(false, enter(*owner));
        match asked.level {
            0 => Decision::Deny(Denial::NotGranted),
            ANYONE => Decision::Permit,
            _ if owners.iter().any(reached) => Decision::Permit,
            _ => Decision::Deny(Denial::OutOfReach),
        }
    }

    /// The place of a user, for [`Snapshot::decide_at`].
    #[inline]
    #[must_use]
    pub fn user_index(&self, user: UserId) -> Option<UserIndex> {
        self.state.users.ids.find(user).map(UserIndex)
    }

    /// The place of an object, for [`Snapshot::decide_at`].
    #[inline]
    #[must_use]
    pub fn object_index(&self, object: ObjectId) -> Option<ObjectIndex> {
        self.state.grants.object(object).map(ObjectIndex)
    }

    /// [`Snapshot::decide`] for places instead of ids: resolve once, decide often. No for places that nobody is at.
    ///
    /// # Complexity
    /// O(k), k the number of owners; nothing is allocated, nothing hashed.
    #[inline]
    #[must_use]
    pub fn decide_at(
        &self,
        subject: UserIndex,
        action: Action,
        object: ObjectIndex,
        owners: &[UserIndex],
        now: i64,
    ) -> bool {
        let users = &self.state.users;
        let Some(user) = users.get(subject.0) else {
            return false;
        };
        let asked = self.asked(subject.0, user, action, object.0, now);
        let enter = |owner: &UserIndex| users.get(owner.0).map_or(NO_ROLE, |owner| owner.enter);
        let reached = |owner: &UserIndex| asked.reaches(*owner == subject, enter(owner));
        asked.level == ANYONE || owners.iter().any(reached)
    }

    #[inline]
    fn asked(&self, place: u32, user: User, action: Action, object: u32, now: i64) -> Asked {
        let state = &*self.state;
        let standing = state.users.standing(place, user, state.guest_access, now);
        Asked {
            enter: user.enter,
            exit: state.walk.exit(user.enter).unwrap_or(0),
            level: state.grants.rank(user.profile, object, action) * u8::from(standing == Standing::Good),
        }
    }

    /// The records of an object that a user reaches with an action: the only way to a [`Reach`].
    ///
    /// # Complexity
    /// O(1).
    #[must_use]
    pub fn reach(&self, subject: UserId, action: Action, object: ObjectId, now: i64) -> Reach {
        let subject = self.subject(subject, now);
        let permissions = self.permissions(subject.profile, object);
        let scope = compile(&subject, action, &permissions);
        let people = (self.people(&scope), self.people(&OwnerScope::Everyone));
        Reach::new(subject, (action, object), scope, self.version(), people)
    }

    /// [`Snapshot::reach`] for a list: names the people in scope where there are at most 256.
    ///
    /// # Complexity
    /// O(m log m), m the number of people in scope, where they are at most 256; else O(1).
    #[must_use]
    pub fn list_reach(&self, subject: UserId, action: Action, object: ObjectId, now: i64) -> Reach {
        let reach = self.reach(subject, action, object, now);
        let members = match reach.scope() {
            OwnerScope::Everyone => None,
            scope => self.members(scope, FEW),
        };
        reach.with_members(members)
    }

    /// Why a decision is what it is; see [`explain`].
    pub fn explain(
        &self,
        subject: UserId,
        action: Action,
        object: ObjectId,
        owners: &[UserId],
        now: i64,
    ) -> Explanation {
        let subject = self.subject(subject, now);
        explain(&Question {
            subject: &subject,
            action,
            permissions: &self.permissions(subject.profile, object),
            owners: &self.persons(owners),
            ownable: self.object(object).is_some_and(|object| object.ownable),
            forest: self.forest(),
        })
    }
}
