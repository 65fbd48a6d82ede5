//! What the clock does to guests: the tidy-up after the end, and the reminders ahead of it.
//!
//! A batch of guests is one transaction: their rows are locked, so that each event is dealt with once, however many
//! workers run. Access itself ends without any of this.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use time::{Duration, UtcDateTime};
use vestibule_guest_lifecycle::{AccessWindow, command};
use vestibule_persistence::audit::{AuditActor, AuditEvent};
use vestibule_persistence::due::{self, DueEvent};
use vestibule_persistence::ids::{OrgId, UserId};
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::policy::Touched;
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{Database, StoreError, WriteTx, outbox};

use crate::clock::Clock;
use crate::error::WorkError;
use crate::mail::{self, Audience, EndCause, News};
use crate::report::PassReport;

/// What a batch did, and whether there may be more.
pub(crate) struct Batch {
    pub(crate) taken: usize,
    pub(crate) did: PassReport,
}

/// Deals with one batch of an event. Nothing taken means that nothing is due, or that other workers are at it.
pub(crate) fn deal_with(
    database: &Database,
    event: DueEvent,
    now: UtcDateTime,
    limit: i64,
) -> Result<Batch, WorkError> {
    database.write_in_turns(|tx| {
        let due = due::take(tx, event, now, limit)?;
        let taken = due.len();
        let mut by_org: BTreeMap<OrgId, Vec<User>> = BTreeMap::new();
        for (org, guest) in due {
            by_org.entry(org).or_default().push(guest);
        }
        let mut did = PassReport::default();
        for (org, guests) in by_org {
            match event {
                DueEvent::Expiry => did.expired += expire(tx, org, &guests, now)?,
                DueEvent::WeekReminder | DueEvent::DayReminder => {
                    did.reminders_queued += remind(tx, org, &guests, event, now)?;
                }
            }
        }
        Ok(Batch { taken, did })
    })
}

/// Tidies up after those whose access has ended by the clock; the others have been revoked meanwhile.
fn expire(tx: &mut WriteTx<'_>, org: OrgId, guests: &[User], now: UtcDateTime) -> Result<u64, StoreError> {
    let org = orgs::find(tx, org)?.ok_or(StoreError::Reference)?;
    let sponsors = sponsors_of(tx, org.id, guests)?;
    let mut ended = Vec::with_capacity(guests.len());
    for guest in guests {
        match guest.guest_facts().map(|facts| command::expire(&facts, now)) {
            Some(outcome) if outcome.effects.record_expiry => {
                ended.push(guest.id);
                let window = outcome.facts.window;
                tx.audit(expired(org.id, guest, now));
                for audience in mail::audiences(guest, sponsor_of(guest, &sponsors), News::Change) {
                    let mail = mail::access_ended(&org, guest.id, window, audience, EndCause::Expired, now);
                    outbox::queue(tx, &mail)?;
                }
            }
            _ => due::done(tx, DueEvent::Expiry, org.id, guest.id)?,
        }
    }
    if !ended.is_empty() {
        due::end_access(tx, org.id, &ended)?;
        for guest in &ended {
            tx.policy_changed(org.id, Touched::User(*guest));
        }
    }
    Ok(ended.len().try_into().unwrap_or(u64::MAX))
}

fn expired(org: OrgId, guest: &User, now: UtcDateTime) -> AuditEvent {
    AuditEvent {
        id: Clock::new_id(now).into(),
        org,
        at: now,
        actor: AuditActor::System,
        on_behalf_of: None,
        action: "guest.expired",
        target_type: Some("guest"),
        target_id: Some(guest.id.as_uuid()),
        changes: json!({ "status": {
            "before": if guest.claimed_at.is_some() { "active" } else { "invited" },
            "after": "expired",
        } }),
        request_id: None,
    }
}

/// Queues the reminders of those who still have access ahead of them.
fn remind(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    guests: &[User],
    event: DueEvent,
    now: UtcDateTime,
) -> Result<u64, StoreError> {
    let org = orgs::find(tx, org)?.ok_or(StoreError::Reference)?;
    let sponsors = sponsors_of(tx, org.id, guests)?;
    let mut queued = 0;
    for guest in guests {
        due::done(tx, event, org.id, guest.id)?;
        let Some(window) = window_to_remind_of(&org, guest, event, now) else {
            continue;
        };
        for audience in mail::audiences(guest, sponsor_of(guest, &sponsors), News::Reminder) {
            let mail = reminder(&org, guest.id, window, audience, event, now);
            outbox::queue(tx, &mail)?;
            queued += 1;
        }
    }
    Ok(queued)
}

fn reminder(
    org: &Org,
    guest: UserId,
    window: AccessWindow,
    audience: Audience,
    event: DueEvent,
    now: UtcDateTime,
) -> outbox::OutboxMail {
    match event {
        DueEvent::WeekReminder => mail::ends_in_a_week(org, guest, window, audience, now),
        _ => mail::ends_tomorrow(org, guest, window, audience, now),
    }
}

/// The window to remind of, unless there is nothing to look forward to: access is over or switched off, or it is
/// so late for "in a week" that "tomorrow" is being said as well.
fn window_to_remind_of(org: &Org, guest: &User, event: DueEvent, now: UtcDateTime) -> Option<AccessWindow> {
    let window = guest.guest()?.window;
    let too_late = event == DueEvent::WeekReminder && window.ends_at - now <= Duration::DAY;
    (org.guest_access && guest.in_good_standing(now) && !too_late).then_some(window)
}

fn sponsors_of(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    guests: &[User],
) -> Result<BTreeMap<UserId, User>, StoreError> {
    let ids: BTreeSet<UserId> = guests
        .iter()
        .filter_map(|guest| guest.guest()?.sponsor_id)
        .collect();
    let ids: Vec<UserId> = ids.into_iter().collect();
    let found = users::find_many(tx, org, &ids)?;
    Ok(found.into_iter().map(|sponsor| (sponsor.id, sponsor)).collect())
}

fn sponsor_of<'s>(guest: &User, sponsors: &'s BTreeMap<UserId, User>) -> Option<&'s User> {
    sponsors.get(&guest.guest()?.sponsor_id?)
}
