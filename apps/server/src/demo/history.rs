//! What has happened in the sample organization lately, in the order in which it happened.

use secrecy::SecretString;
use serde_json::json;
use time::{Duration, UtcDateTime};
use uuid::Uuid;
use vestibule_persistence::ids::UserId;
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{WriteTx, credentials};

use super::people::{Fate, GUESTS, name};
use super::sample::{Colleague, DESK, Office, ago, ascii};
use crate::caller::Caller;
use crate::dto::guest::{GuestInvitation, GuestPatch, Revoke};
use crate::error::UseCaseError;
use crate::instant::CivilDate;
use crate::use_cases::deactivate_user::deactivate_user;
use crate::use_cases::invite_guest::invite_guest;
use crate::use_cases::open_session::target_word;
use crate::use_cases::revoke_guest::revoke_guest;
use crate::use_cases::update_guest::update_guest;

/// The place among the staff of the one at the guest desk who has left meanwhile.
const LEFT_THE_DESK: usize = 1;

/// Every so many of the staff, one has left.
const LEFT_EVERY: usize = 60;

/// How many of the staff signed in during the last day.
const SEEN_TODAY: usize = 12;

/// For how many days a guest is invited whose access is extended later.
const FIRST_TERM: Duration = Duration::days(50);

/// Something that happened, to a guest or a colleague by their place.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Invited(usize),
    Claimed(usize),
    Extended(usize),
    GuestSignedIn(usize),
    Revoked(usize),
    ColleagueLeft(usize),
    ColleagueSignedIn(usize),
}

/// What happens to the people of the sample.
pub(super) struct History<'a> {
    admin: &'a Caller<'a>,
    office: &'a Office,
    staff: &'a [Colleague],
    hash: &'a SecretString,
    guests: Vec<Option<UserId>>,
}

impl<'a> History<'a> {
    /// Before anything happened. The Admin calls at the present instant.
    pub(super) fn of(
        admin: &'a Caller<'a>,
        office: &'a Office,
        staff: &'a [Colleague],
        hash: &'a SecretString,
    ) -> Self {
        History {
            admin,
            office,
            staff,
            hash,
            guests: vec![None; GUESTS.len()],
        }
    }

    /// Lets everything happen in its order; gives the partners who have been working.
    pub(super) fn unfold(mut self, tx: &mut WriteTx<'_>) -> Result<Vec<UserId>, UseCaseError> {
        for (at, happening) in self.happenings() {
            match happening {
                Happening::Invited(n) => self.invite(tx, n, at)?,
                Happening::Claimed(n) => self.claim(tx, n, at)?,
                Happening::Extended(n) => self.extend(tx, n, at)?,
                Happening::Revoked(n) => {
                    let reason = Some("The assignment ended early".to_owned());
                    let (inviter, guest) = (self.host(tx, n, at)?, self.guest(n)?);
                    revoke_guest(tx, &inviter, guest.into(), &Revoke { reason })?;
                }
                Happening::GuestSignedIn(n) => self.sign_in(tx, self.guest(n)?, at)?,
                Happening::ColleagueSignedIn(n) => self.sign_in(tx, self.colleague(n)?, at)?,
                Happening::ColleagueLeft(n) => {
                    let caller = self.admin_at(tx, at)?;
                    deactivate_user(tx, &caller, self.colleague(n)?.into())?;
                }
            }
        }
        let working = GUESTS.iter().zip(self.guests);
        let working = working.filter(|((firm, _, _, _, fate), _)| *fate != Fate::Waiting && !is_audit(firm));
        Ok(working.filter_map(|(_, guest)| guest).collect())
    }

    /// All of it, the earliest first.
    fn happenings(&self) -> Vec<(UtcDateTime, Happening)> {
        let now = self.admin.now;
        let mut all = Vec::new();
        for (n, (_, _, invited, ends, fate)) in GUESTS.iter().enumerate() {
            // Not everybody is busy at the same minute of the day.
            let early = Duration::minutes(minutes(n) * 37 % 400);
            let at = |days: i64| ago(now, days) - early;
            all.push((at(*invited), Happening::Invited(n)));
            if *fate == Fate::Waiting {
                continue;
            }
            all.push((at(*invited) + Duration::hours(3), Happening::Claimed(n)));
            match fate {
                Fate::Extended => all.push((at(9), Happening::Extended(n))),
                Fate::Revoked => all.push((at(2), Happening::Revoked(n))),
                Fate::Claimed if *ends >= 0 => all.push((at(minutes(n) % 4), Happening::GuestSignedIn(n))),
                _ => {}
            }
        }
        // Whoever left the desk had invited guests until the day before.
        all.push((ago(now, 1), Happening::ColleagueLeft(LEFT_THE_DESK)));
        for n in (LEFT_EVERY - 1..self.staff.len()).step_by(LEFT_EVERY) {
            let at = ago(now, 5) + Duration::minutes(minutes(n));
            all.push((at, Happening::ColleagueLeft(n)));
        }
        for n in DESK..DESK + SEEN_TODAY {
            let at = now - Duration::minutes(7 + minutes(n) * 53 % 1_200);
            all.push((at, Happening::ColleagueSignedIn(n)));
        }
        all.sort_by_key(|(at, _)| *at);
        all
    }

    fn invite(&mut self, tx: &mut WriteTx<'_>, n: usize, at: UtcDateTime) -> Result<(), UseCaseError> {
        let Some((firm, reason, _, _, fate)) = GUESTS.get(n) else {
            return Ok(());
        };
        let inviter = self.host(tx, n, at)?;
        let ends_on = match fate {
            Fate::Extended => self.admin.org.zone.local_date(at).saturating_add(FIRST_TERM),
            _ => self.last_day(n),
        };
        let (first, last) = name(n * 11 + 4);
        let profiles = &self.office.profiles;
        let profile = if is_audit(firm) {
            profiles.auditor
        } else {
            profiles.partner
        };
        let invitation = GuestInvitation {
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            email: format!("{}.{}@{firm}.example", ascii(first), ascii(last)),
            role_id: None,
            profile_id: profile.into(),
            license_id: Some(self.office.licenses.guest.into()),
            access_ends_on: CivilDate(ends_on),
            sponsor_id: Some(inviter.subject()?.user.id.into()),
            reason: Some((*reason).to_owned()),
            sign_in: None,
            external_id: None,
        };
        let guest = invite_guest(tx, &inviter, &invitation)?;
        if let Some(place) = self.guests.get_mut(n) {
            *place = Some(guest.id);
        }
        Ok(())
    }

    fn claim(&self, tx: &mut WriteTx<'_>, n: usize, at: UtcDateTime) -> Result<(), UseCaseError> {
        let org = self.admin.org.id;
        let mut guest = self.person(tx, self.guest(n)?)?;
        guest.claimed_at = Some(at);
        guest.link_epoch += 1;
        users::save(tx, org, &mut guest, at)?;
        credentials::set_password(tx, org, guest.id, self.hash, at)?;
        let target = Some(("guest", guest.id.as_uuid()));
        self.as_person(tx, guest, at)?
            .audit(tx, "guest.claimed", target, json!({}));
        match GUESTS.get(n) {
            Some((_, _, _, _, Fate::Quiet)) => Ok(()),
            _ => self.sign_in(tx, self.guest(n)?, at),
        }
    }

    fn extend(&self, tx: &mut WriteTx<'_>, n: usize, at: UtcDateTime) -> Result<(), UseCaseError> {
        let patch = GuestPatch {
            access_ends_on: Some(CivilDate(self.last_day(n))),
            ..GuestPatch::default()
        };
        let (host, guest) = (self.host(tx, n, at)?, self.guest(n)?);
        update_guest(tx, &host, guest.into(), &patch)?;
        Ok(())
    }

    fn sign_in(&self, tx: &mut WriteTx<'_>, id: UserId, at: UtcDateTime) -> Result<(), UseCaseError> {
        let person = self.person(tx, id)?;
        let target = Some((target_word(&person), id.as_uuid()));
        users::record_sign_in(tx, self.admin.org.id, id, at)?;
        let caller = self.as_person(tx, person, at)?;
        let session: Uuid = caller.new_id();
        let changes = json!({ "session_id": { "before": null, "after": session.to_string() } });
        caller.audit(tx, "session.created", target, changes);
        Ok(())
    }

    fn last_day(&self, n: usize) -> time::Date {
        let today = self.admin.org.zone.local_date(self.admin.now);
        let days = GUESTS.get(n).map_or(0, |(_, _, _, ends, _)| *ends);
        today.saturating_add(Duration::days(days))
    }

    /// Whoever answers for a guest, calling at an instant.
    fn host(&self, tx: &mut WriteTx<'_>, n: usize, at: UtcDateTime) -> Result<Caller<'a>, UseCaseError> {
        let host = self.person(tx, self.colleague(n % DESK)?)?;
        self.as_person(tx, host, at)
    }

    fn admin_at(&self, tx: &mut WriteTx<'_>, at: UtcDateTime) -> Result<Caller<'a>, UseCaseError> {
        let admin = self.admin.subject()?.user.clone();
        self.as_person(tx, admin, at)
    }

    fn as_person(
        &self,
        tx: &mut WriteTx<'_>,
        person: User,
        at: UtcDateTime,
    ) -> Result<Caller<'a>, UseCaseError> {
        Caller::local(self.admin.app, tx, self.admin.org.clone(), person, at)
    }

    fn person(&self, tx: &mut WriteTx<'_>, id: UserId) -> Result<User, UseCaseError> {
        users::find(tx, self.admin.org.id, id)?.ok_or_else(UseCaseError::not_found)
    }

    fn guest(&self, n: usize) -> Result<UserId, UseCaseError> {
        let guest = self.guests.get(n).copied().flatten();
        guest.ok_or_else(UseCaseError::not_found)
    }

    fn colleague(&self, n: usize) -> Result<UserId, UseCaseError> {
        let colleague = self.staff.get(n).map(|colleague| colleague.id);
        colleague.ok_or_else(UseCaseError::not_found)
    }
}

fn is_audit(firm: &str) -> bool {
    firm == "northwind-audit"
}

fn minutes(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(0)
}
