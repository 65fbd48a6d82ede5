//! Everybody who reaches one record.

use uuid::Uuid;
use vestibule_access_control::{Action, ObjectId, Snapshot};
use vestibule_guest_lifecycle::Capability;
use vestibule_persistence::ids::{RecordId, UserId};
use vestibule_persistence::records::{self, RecordRef};
use vestibule_persistence::users::User;
use vestibule_persistence::{Tx, users};

use crate::caller::Caller;
use crate::dto::access::{AccessActions, AccessBody, AccessReason};
use crate::error::UseCaseError;

/// A page of the users who reach a record, by id.
pub struct AccessPage {
    /// The users of this page.
    pub items: Vec<AccessBody>,
    /// The last user of this page, when others follow.
    pub last: Option<UserId>,
    /// How many there are on all pages, when that was asked for.
    pub total: Option<u64>,
}

/// Which part of the list is asked for.
pub struct Part {
    /// Only users who may do this; with any action otherwise.
    pub action: Option<Action>,
    /// Users after this one.
    pub after: Option<UserId>,
    /// How many at most.
    pub limit: usize,
    /// Whether to count all of them.
    pub count: bool,
}

/// Lists the users who reach a record, with what and why.
///
/// # Errors
/// 403 `capability_missing`; 404.
pub fn who_can_access(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    object: &str,
    record: Uuid,
    part: &Part,
) -> Result<AccessPage, UseCaseError> {
    caller.require(Capability::ManageAccess)?;
    let policy = caller.policy(tx)?;
    let object = policy.object_by_key(object).ok_or_else(UseCaseError::not_found)?;
    let record = RecordRef::Id(RecordId::from(record));
    let found = records::owners_of(tx, caller.org.id, object, record)?;
    let (_, owners) = found.ok_or_else(UseCaseError::not_found)?;
    let asked = Asked {
        policy: &policy,
        object,
        owners: &owners,
        now: caller.now_micros(),
    };
    let mut ids: Vec<UserId> = policy
        .users_after(part.after)
        .filter(|user| asked.reaches(*user, part.action))
        .take(part.limit.saturating_add(1))
        .collect();
    let more = ids.len() > part.limit;
    ids.truncate(part.limit);
    let mut people = users::find_many(tx, caller.org.id, &ids)?;
    people.sort_by_key(|user| user.id);
    let everybody = || {
        policy
            .users_after(None)
            .filter(|user| asked.reaches(*user, part.action))
            .count()
    };
    Ok(AccessPage {
        items: people.iter().map(|user| asked.body(user)).collect(),
        last: ids.last().copied().filter(|_| more),
        total: part.count.then(|| u64::try_from(everybody()).unwrap_or(u64::MAX)),
    })
}

/// What can be done with a record that is there.
const ACTIONS: [Action; 3] = [Action::View, Action::Edit, Action::Delete];

struct Asked<'a> {
    policy: &'a Snapshot,
    object: ObjectId,
    owners: &'a [UserId],
    now: i64,
}

impl Asked<'_> {
    fn reaches(&self, user: UserId, action: Option<Action>) -> bool {
        let may = |action| {
            self.policy
                .decide(user, action, self.object, self.owners, self.now)
                .is_permit()
        };
        match action {
            Some(action) => may(action),
            None => ACTIONS.into_iter().any(may),
        }
    }

    fn body(&self, user: &User) -> AccessBody {
        let reason = |action| {
            let why = self
                .policy
                .explain(user.id, action, self.object, self.owners, self.now);
            AccessReason {
                allowed: why.decision.is_permit(),
                reason: why.rule.as_str(),
            }
        };
        AccessBody {
            user_id: user.id.into(),
            name: user.full_name(),
            kind: user.kind().as_str(),
            actions: AccessActions {
                view: reason(Action::View),
                edit: reason(Action::Edit),
                delete: reason(Action::Delete),
            },
        }
    }
}
