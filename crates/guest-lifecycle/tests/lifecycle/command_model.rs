//! Random commands under a moving clock, against a model of plain booleans in which every end takes effect at once.

use proptest::prelude::*;
use time::{Date, Duration, UtcDateTime, macros::utc_datetime};
use vestibule_guest_lifecycle::{
    ClaimLinkFacts, ClaimLinkTtl, Claimant, Effects, GuestFacts, GuestMaxDays, GuestStatus, OrgZone,
    ReminderTimes, Transition, check_claim, command, link_expiry,
};

const START: UtcDateTime = utc_datetime!(2026-01-01 00:00);
const DAY: i64 = 86_400;
const CAP: i64 = 90;
const LINK_HOURS: i64 = 72;

#[derive(Clone, Debug)]
enum Step {
    Wait {
        seconds: i64,
    },
    WaitUntilEnd {
        plus: i64,
    },
    Resend,
    Claim {
        guest_access: bool,
    },
    SignIn,
    ChangeEnd {
        days: i64,
        sponsor_missing: bool,
    },
    Revoke,
    Reinstate {
        days: i64,
        sponsor_missing: bool,
        guest_access: bool,
    },
    Delete,
    TidyUp,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..DAY * 2).prop_map(|seconds| Step::Wait { seconds }),
        1 => (0..DAY * 40).prop_map(|seconds| Step::Wait { seconds }),
        2 => (-1i64..=1).prop_map(|plus| Step::WaitUntilEnd { plus }),
        2 => Just(Step::Resend),
        3 => any::<bool>().prop_map(|off| Step::Claim { guest_access: !off }),
        3 => Just(Step::SignIn),
        4 => (-2..=CAP + 2, any::<bool>())
            .prop_map(|(days, sponsor_missing)| Step::ChangeEnd { days, sponsor_missing }),
        2 => Just(Step::Revoke),
        3 => (-2..=CAP + 2, any::<bool>(), prop::bool::weighted(0.8)).prop_map(
            |(days, sponsor_missing, guest_access)| Step::Reinstate { days, sponsor_missing, guest_access }
        ),
        1 => prop::bool::weighted(0.2).prop_map(|yes| if yes { Step::Delete } else { Step::SignIn }),
        3 => Just(Step::TidyUp),
    ]
}

/// The rules, written down as naively as possible. Time is in seconds since the start, the zone is UTC.
#[derive(Debug)]
struct Model {
    now: i64,
    end: i64,
    claimed: bool,
    revoked: bool,
    deleted: bool,
    expired: bool,
    seat: bool,
    session: bool,
    /// End of the one link that works, if any.
    link: Option<i64>,
    reminders: Vec<i64>,
    expiries: u32,
}

impl Model {
    fn invited_until(day: i64) -> Self {
        let mut model = Self {
            now: 0,
            end: 0,
            claimed: false,
            revoked: false,
            deleted: false,
            expired: false,
            seat: true,
            session: false,
            link: None,
            reminders: Vec::new(),
            expiries: 0,
        };
        model.set_end(day);
        model.mint();
        model
    }

    fn today(&self) -> i64 {
        self.now / DAY
    }

    fn status(&self) -> &'static str {
        if self.deleted {
            "deleted"
        } else if self.revoked {
            "revoked"
        } else if self.expired {
            "expired"
        } else if !self.claimed {
            "invited"
        } else {
            "active"
        }
    }

    fn wait(&mut self, seconds: i64) {
        self.now += seconds;
        if !self.deleted && !self.revoked && !self.expired && self.now >= self.end {
            self.expired = true;
            self.expiries += 1;
            self.end_everything();
        }
        self.link = self.link.filter(|end| self.now < *end);
        self.reminders.retain(|moment| *moment >= self.now);
    }

    fn end_everything(&mut self) {
        self.seat = false;
        self.session = false;
        self.link = None;
        self.reminders.clear();
    }

    fn set_end(&mut self, day: i64) {
        self.end = (day + 1) * DAY;
        self.reminders = vec![self.end - 7 * DAY, self.end - DAY];
        self.reminders.retain(|moment| *moment >= self.now);
    }

    fn mint(&mut self) {
        self.link = Some(self.end.min(self.now + LINK_HOURS * 3600));
    }

    fn check_day(&self, day: i64, sponsor_missing: bool) -> Result<(), &'static str> {
        if day < self.today() {
            Err("end_date_in_past")
        } else if day > self.today() + CAP {
            Err("end_date_beyond_cap")
        } else if sponsor_missing && (day + 1) * DAY > self.end {
            Err("sponsor_missing")
        } else {
            Ok(())
        }
    }

    fn resend(&mut self) -> Result<(), &'static str> {
        match self.status() {
            "invited" => {
                self.mint();
                Ok(())
            }
            "deleted" => Err("guest_deleted"),
            _ => Err("guest_not_invited"),
        }
    }

    fn claim(&mut self, guest_access: bool) -> Result<(), &'static str> {
        if self.link.is_none() {
            return Err("claim_link_invalid");
        }
        if !guest_access {
            return Err("guest_access_off");
        }
        self.claimed = true;
        self.session = true;
        self.link = None;
        Ok(())
    }

    fn change_end(&mut self, day: i64, sponsor_missing: bool) -> Result<(), &'static str> {
        if self.deleted {
            return Err("guest_deleted");
        }
        if self.revoked {
            return Err("guest_revoked");
        }
        if !self.expired && self.end == (day + 1) * DAY {
            return Ok(());
        }
        self.check_day(day, sponsor_missing)?;
        self.set_end(day);
        self.expired = false;
        self.seat = true;
        Ok(())
    }

    fn revoke(&mut self) -> Result<(), &'static str> {
        if self.deleted {
            return Err("guest_deleted");
        }
        self.revoked = true;
        self.end_everything();
        Ok(())
    }

    fn reinstate(&mut self, day: i64, sponsor_missing: bool, guest_access: bool) -> Result<(), &'static str> {
        if self.deleted {
            return Err("guest_deleted");
        }
        if !self.revoked {
            return Err("guest_not_revoked");
        }
        if !guest_access {
            return Err("guest_access_off");
        }
        self.check_day(day, sponsor_missing)?;
        self.set_end(day);
        self.revoked = false;
        self.expired = false;
        self.seat = true;
        Ok(())
    }

    fn delete(&mut self) -> Result<(), &'static str> {
        if self.deleted {
            return Err("guest_deleted");
        }
        self.deleted = true;
        self.end_everything();
        Ok(())
    }
}

/// A caller of the crate: stores facts and carries out effects, but tidies up only when told.
#[derive(Debug)]
struct Caller {
    now: UtcDateTime,
    facts: GuestFacts,
    zone: OrgZone,
    session: bool,
    links: Vec<ClaimLinkFacts>,
    seats_used: i32,
    reminders: Vec<UtcDateTime>,
    expiries: u32,
}

impl Caller {
    fn invite(end: Date) -> Self {
        let zone = OrgZone::utc();
        let invited = command::invite(end, START, &zone, GuestMaxDays::new(CAP).unwrap(), true).unwrap();
        let mut caller = Self {
            now: START,
            facts: invited.facts,
            zone,
            session: false,
            links: Vec::new(),
            seats_used: 0,
            reminders: Vec::new(),
            expiries: 0,
        };
        caller.carry_out(invited);
        caller
    }

    fn carry_out(&mut self, Transition { facts, effects }: Transition) {
        if !effects.changed {
            assert_eq!(
                (facts, effects),
                (self.facts, Effects::default()),
                "no change means nothing to do"
            );
            return;
        }
        self.facts = facts;
        self.expiries += u32::from(effects.record_expiry);
        self.session &= !effects.end_credentials;
        if effects.void_links {
            self.links
                .iter_mut()
                .for_each(|link| link.voided_at = Some(self.now));
        }
        if effects.queue_claim_link {
            let ttl = ClaimLinkTtl::new(LINK_HOURS).unwrap();
            let expires_at = link_expiry(self.now, ttl, Some(facts.window.ends_at));
            self.links.push(ClaimLinkFacts {
                expires_at,
                used_at: None,
                voided_at: None,
            });
        }
        self.seats_used -= i32::from(effects.free_seat);
        assert!(self.seats_used >= 0, "a seat is given back that was not taken");
        self.seats_used += i32::from(effects.take_seat);
        assert!(self.seats_used <= 1, "a seat is taken twice");
        if let Some(ReminderTimes { week, day }) = effects.reminders {
            self.reminders = week.into_iter().chain(day).collect();
        }
    }

    fn open_link(&self) -> Option<usize> {
        let claimant = Claimant::Guest {
            facts: self.facts,
            guest_access: true,
        };
        self.links
            .iter()
            .position(|link| check_claim(link, &claimant, self.now).is_ok())
    }

    fn claim(&mut self, guest_access: bool) -> Result<(), &'static str> {
        let claimant = Claimant::Guest {
            facts: self.facts,
            guest_access,
        };
        // Tries every link there ever was; a single good one is enough.
        let mut answer = Err("claim_link_invalid");
        for i in 0..self.links.len() {
            match check_claim(&self.links[i], &claimant, self.now) {
                Ok(()) => {
                    let claimed =
                        command::claim(&self.facts, self.now, guest_access).map_err(|r| r.code())?;
                    self.carry_out(claimed);
                    self.links[i].used_at = Some(self.now);
                    self.session = true;
                    return Ok(());
                }
                Err(refused) if refused.code() == "guest_access_off" => answer = Err("guest_access_off"),
                Err(_) => {}
            }
        }
        answer
    }

    fn apply(&mut self, outcome: Result<Transition, command::Refusal>) -> Result<(), &'static str> {
        self.carry_out(outcome.map_err(|refused| refused.code())?);
        Ok(())
    }
}

fn take(
    step: &Step,
    model: &mut Model,
    caller: &mut Caller,
) -> (Result<(), &'static str>, Result<(), &'static str>) {
    let cap = GuestMaxDays::new(CAP).unwrap();
    let date = |day: i64| START.date() + Duration::days(day);
    let (now, facts, zone) = (caller.now, caller.facts, caller.zone.clone());
    match *step {
        Step::Wait { seconds } => {
            model.wait(seconds);
            caller.now += Duration::seconds(seconds);
            (Ok(()), Ok(()))
        }
        Step::WaitUntilEnd { plus } => {
            let seconds = (model.end + plus - model.now).max(0);
            take(&Step::Wait { seconds }, model, caller)
        }
        Step::Resend => (model.resend(), caller.apply(command::resend(&facts, now))),
        Step::Claim { guest_access } => (model.claim(guest_access), caller.claim(guest_access)),
        Step::SignIn => {
            model.session |= model.status() == "active";
            caller.session |= facts.has_access(now);
            (Ok(()), Ok(()))
        }
        Step::ChangeEnd {
            days,
            sponsor_missing,
        } => {
            let day = model.today() + days;
            let outcome = command::change_end_date(&facts, date(day), sponsor_missing, now, &zone, cap);
            (model.change_end(day, sponsor_missing), caller.apply(outcome))
        }
        Step::Revoke => (model.revoke(), caller.apply(command::revoke(&facts, now))),
        Step::Reinstate {
            days,
            sponsor_missing,
            guest_access,
        } => {
            let day = model.today() + days;
            let outcome =
                command::reinstate(&facts, date(day), sponsor_missing, now, &zone, cap, guest_access);
            (
                model.reinstate(day, sponsor_missing, guest_access),
                caller.apply(outcome),
            )
        }
        Step::Delete => (model.delete(), caller.apply(command::delete(&facts, now))),
        Step::TidyUp => {
            caller.carry_out(command::expire(&facts, now));
            assert!(
                !command::expire(&caller.facts, now).effects.changed,
                "a second scheduler finds nothing"
            );
            (Ok(()), Ok(()))
        }
    }
}

fn compare(model: &Model, caller: &Caller) {
    let (facts, now) = (&caller.facts, caller.now);
    assert_eq!(facts.status(now).as_str(), model.status());
    assert_eq!(facts.has_access(now), model.status() == "active");
    assert_eq!(facts.holds_seat(now), model.seat);
    assert_eq!(caller.session && facts.has_access(now), model.session, "sessions");
    assert_eq!(caller.open_link().is_some(), model.link.is_some(), "links");
    let ahead: Vec<i64> = caller
        .reminders
        .iter()
        .filter(|m| **m >= now)
        .map(|m| (*m - START).whole_seconds())
        .collect();
    assert_eq!(ahead, model.reminders, "reminders");
    // Whatever is not tidied up yet is an expiry, and only that.
    let untidy = facts.status(now) == GuestStatus::Expired && facts.expiry_recorded_at.is_none();
    assert_eq!(
        caller.expiries + u32::from(untidy),
        model.expiries,
        "expiry events"
    );
    assert_eq!(
        caller.seats_used - i32::from(untidy),
        i32::from(model.seat),
        "booked seats"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn late_tidying_never_shows(first_day in 0..=CAP, steps in prop::collection::vec(step(), 1..60)) {
        let mut model = Model::invited_until(first_day);
        let mut caller = Caller::invite(START.date() + Duration::days(first_day));
        compare(&model, &caller);
        for step in &steps {
            let (expected, actual) = take(step, &mut model, &mut caller);
            prop_assert_eq!(actual, expected, "{:?}", step);
            compare(&model, &caller);
        }
    }
}
