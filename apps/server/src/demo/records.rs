//! The objects of the sample and twenty thousand records, spread over its people.
//!
//! Accounts have no ownership field, deals one, tickets two, and the profiles reach differently far on each, so that
//! all five levels can be seen at work.

use serde_json::{Value, json};
use time::{Date, Duration};
use vestibule_access_control::{Action, Level, ObjectId, ObjectPermissions};
use vestibule_custom_objects::{FieldDraft, FieldType, GivenValues, Object};
use vestibule_persistence::ids::{RecordId, UserId};
use vestibule_persistence::objects::{self, StoredObject};
use vestibule_persistence::policy::Touched;
use vestibule_persistence::records::{self, Record};
use vestibule_persistence::{WriteTx, object_permissions};
use vestibule_scheduler::clock::Clock;

use super::people::{FIRST, LAST};
use super::sample::{Profiles, ago};
use crate::caller::Caller;
use crate::error::UseCaseError;

const ACCOUNTS: usize = 2_000;
const DEALS: usize = 10_000;
const TICKETS: usize = 8_000;

/// Records written in one transaction.
const BATCH: usize = 2_000;

const INDUSTRIES: [&str; 6] = [
    "Retail",
    "Manufacturing",
    "Health",
    "Energy",
    "Public sector",
    "Software",
];
const STAGES: [&str; 5] = ["new", "qualified", "proposal", "won", "lost"];
/// How likely a deal of each stage is, in percent.
const CHANCES: [u32; 5] = [10, 30, 60, 100, 0];
const PRIORITIES: [&str; 3] = ["low", "normal", "urgent"];
const STATES: [&str; 4] = ["open", "waiting", "solved", "closed"];
const TAGS: [&str; 5] = ["billing", "onboarding", "bug", "question", "renewal"];
const TOWNS: [&str; 10] = [
    "Aarhus", "Bremen", "Cádiz", "Dublin", "Espoo", "Fresno", "Ghent", "Halifax", "Izmir", "Jaipur",
];

/// The objects of the sample.
pub(super) struct Objects {
    account: StoredObject,
    deal: StoredObject,
    ticket: StoredObject,
}

/// Who owns records in the sample.
pub(super) struct Owners {
    /// The people who sell.
    pub(super) sales: Vec<UserId>,
    /// The people who help customers.
    pub(super) support: Vec<UserId>,
    /// Guests who work on a few records of their own.
    pub(super) partners: Vec<UserId>,
}

/// Defines the objects, and what the profiles may do with their records.
pub(super) fn add_objects(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    profiles: &Profiles,
) -> Result<Objects, UseCaseError> {
    let account = add_object(tx, caller, ("account", "Account", "Accounts"), account_fields())?;
    let deal = add_object(
        tx,
        caller,
        ("deal", "Deal", "Deals"),
        deal_fields(account.object.id()),
    )?;
    let ticket = add_object(
        tx,
        caller,
        ("ticket", "Ticket", "Tickets"),
        ticket_fields(account.object.id()),
    )?;
    let levels = |view, edit, delete, create| ObjectPermissions {
        view,
        edit,
        delete,
        create,
    };
    use Level::{Anyone, None as Nobody, Own, OwnAndReports, OwnPeersAndReports};
    let cells = [
        (profiles.sales, &account, levels(Anyone, Anyone, Nobody, Anyone)),
        (
            profiles.sales,
            &deal,
            levels(OwnAndReports, OwnAndReports, Own, Own),
        ),
        (profiles.sales, &ticket, levels(Own, Nobody, Nobody, Own)),
        (profiles.support, &account, levels(Anyone, Nobody, Nobody, Nobody)),
        (
            profiles.support,
            &ticket,
            levels(OwnPeersAndReports, OwnPeersAndReports, Nobody, OwnPeersAndReports),
        ),
        (profiles.partner, &deal, levels(Own, Own, Nobody, Nobody)),
        (profiles.partner, &ticket, levels(Own, Own, Nobody, Own)),
        (profiles.auditor, &account, levels(Anyone, Nobody, Nobody, Nobody)),
        (profiles.auditor, &deal, levels(Anyone, Nobody, Nobody, Nobody)),
        (profiles.auditor, &ticket, levels(Anyone, Nobody, Nobody, Nobody)),
    ];
    for (profile, object, permissions) in cells {
        object_permissions::set(
            tx,
            caller.org.id,
            profile,
            object.object.id(),
            permissions,
            caller.now,
        )?;
    }
    Ok(Objects {
        account,
        deal,
        ticket,
    })
}

fn add_object(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    (key, singular, plural): (&str, &str, &str),
    fields: Vec<FieldDraft>,
) -> Result<StoredObject, UseCaseError> {
    let id: ObjectId = caller.new_id();
    let object = Object::new(id, key, singular, plural, fields)
        .map_err(|refused| UseCaseError::Internal(format!("the sample's object {key}: {refused:?}")))?;
    let stored = StoredObject::new(object, caller.now);
    objects::insert(tx, caller.org.id, &stored)?;
    tx.policy_changed(caller.org.id, Touched::Object(id));
    caller.audit(tx, "object.created", Some(("object", id.as_uuid())), json!({}));
    Ok(stored)
}

fn required(key: &str, label: &str, field_type: FieldType) -> FieldDraft {
    FieldDraft {
        required: true,
        ..FieldDraft::new(key, label, field_type)
    }
}

fn chosen(key: &str, label: &str, field_type: FieldType, options: &[&str]) -> FieldDraft {
    let options = options.iter().map(|option| (*option).to_owned()).collect();
    FieldDraft {
        options: Some(options),
        ..FieldDraft::new(key, label, field_type)
    }
}

fn owner(key: &str, label: &str) -> FieldDraft {
    FieldDraft {
        represents_ownership: true,
        ..FieldDraft::new(key, label, FieldType::User)
    }
}

fn account_lookup(account: ObjectId) -> FieldDraft {
    FieldDraft {
        object: Some(account),
        ..FieldDraft::new("account", "Account", FieldType::Record)
    }
}

fn account_fields() -> Vec<FieldDraft> {
    vec![
        FieldDraft {
            unique: true,
            ..required("name", "Name", FieldType::Text)
        },
        chosen("industry", "Industry", FieldType::Choice, &INDUSTRIES),
        FieldDraft::new("town", "Town", FieldType::Text),
        FieldDraft::new("employees", "Employees", FieldType::Number),
        FieldDraft::new("website", "Website", FieldType::Url),
    ]
}

fn deal_fields(account: ObjectId) -> Vec<FieldDraft> {
    vec![
        required("name", "Name", FieldType::Text),
        owner("owner", "Owner"),
        account_lookup(account),
        FieldDraft::new("amount", "Amount", FieldType::Currency),
        chosen("stage", "Stage", FieldType::Choice, &STAGES),
        FieldDraft::new("probability", "Probability", FieldType::Percentage),
        FieldDraft::new("close_on", "Closes on", FieldType::Date),
    ]
}

fn ticket_fields(account: ObjectId) -> Vec<FieldDraft> {
    vec![
        required("subject", "Subject", FieldType::Text),
        owner("assignee", "Assignee"),
        owner("second", "Second assignee"),
        account_lookup(account),
        chosen("priority", "Priority", FieldType::Choice, &PRIORITIES),
        chosen("state", "State", FieldType::Choice, &STATES),
        chosen("tags", "Tags", FieldType::MultiChoice, &TAGS),
        FieldDraft::new("first_answer_at", "First answer", FieldType::DateTime),
    ]
}

/// The records that are still to be written, the same for every run but for ids and days.
pub(super) struct Unwritten<'o> {
    objects: &'o Objects,
    owners: &'o Owners,
    accounts: Vec<RecordId>,
    next: usize,
}

impl<'o> Unwritten<'o> {
    /// All of them.
    pub(super) fn new(objects: &'o Objects, owners: &'o Owners) -> Self {
        Unwritten {
            objects,
            owners,
            accounts: Vec::with_capacity(ACCOUNTS),
            next: 0,
        }
    }

    /// Whether there is nothing left to write.
    pub(super) fn is_empty(&self) -> bool {
        self.next >= ACCOUNTS + DEALS + TICKETS
    }

    /// Writes the next batch, as an Admin may.
    pub(super) fn write_batch(
        &mut self,
        tx: &mut WriteTx<'_>,
        caller: &Caller<'_>,
    ) -> Result<(), UseCaseError> {
        let end = match self.next {
            next if next < ACCOUNTS => ACCOUNTS,
            next if next < ACCOUNTS + DEALS => ACCOUNTS + DEALS,
            _ => ACCOUNTS + DEALS + TICKETS,
        };
        let end = end.min(self.next + BATCH);
        let object = match self.next {
            next if next < ACCOUNTS => &self.objects.account,
            next if next < ACCOUNTS + DEALS => &self.objects.deal,
            _ => &self.objects.ticket,
        };
        let policy = caller.policy(tx)?;
        let creator = caller.subject()?.user.id;
        let reach = policy.reach(creator, Action::Create, object.object.id(), caller.now_micros());
        let mut batch = Vec::with_capacity(end.saturating_sub(self.next));
        let mut accounts = Vec::new();
        for n in self.next..end {
            let record = self.record(caller, object, n)?;
            let owners = policy.persons(&object.object.owners_of(&record.values));
            let permit = reach
                .permit(&owners)
                .map_err(|denial| UseCaseError::Internal(format!("the sample's record: {denial:?}")))?;
            if n < ACCOUNTS {
                accounts.push(record.id);
            }
            batch.push((permit, record));
        }
        records::insert_many(tx, caller.org.id, object, batch)?;
        // The transaction may run again: only what is written counts.
        self.accounts.truncate(self.next.min(ACCOUNTS));
        self.accounts.extend(accounts);
        self.next = end;
        Ok(())
    }

    fn record(&self, caller: &Caller<'_>, object: &StoredObject, n: usize) -> Result<Record, UseCaseError> {
        let mut dice = Dice::new(n);
        let days = i64::try_from(dice.below(400)).unwrap_or(0);
        let minutes = i64::try_from(dice.below(24 * 60)).unwrap_or(0);
        let created = ago(caller.now, days) - Duration::minutes(minutes);
        let (external_id, fields) = match n {
            n if n < ACCOUNTS => (format!("A-{n:05}"), account(n, &mut dice)),
            n if n < ACCOUNTS + DEALS => (
                format!("D-{:05}", n - ACCOUNTS),
                self.deal(created.date(), &mut dice),
            ),
            n => (format!("T-{:05}", n - ACCOUNTS - DEALS), self.ticket(&mut dice)),
        };
        let given: GivenValues =
            serde_json::from_value(fields).map_err(|e| UseCaseError::Internal(e.to_string()))?;
        let values = object
            .object
            .new_values(&given, caller.subject()?.user.id)
            .map_err(|refused| {
                UseCaseError::Internal(format!("the sample's record {external_id}: {refused:?}"))
            })?;
        Ok(Record {
            id: Clock::new_id(created).into(),
            external_id: Some(external_id),
            values,
            version: 1,
            created_at: created,
            updated_at: created,
        })
    }

    fn account_id(&self, dice: &mut Dice) -> Value {
        json!(
            self.accounts
                .get(dice.below(self.accounts.len()))
                .map(ToString::to_string)
        )
    }

    fn deal(&self, created: Date, dice: &mut Dice) -> Value {
        let owner = match dice.below(100) {
            0..4 => None,
            4..6 => pick_id(&self.owners.partners, dice),
            _ => pick_id(&self.owners.sales, dice),
        };
        let stage = dice.below(STAGES.len());
        json!({
            "name": format!("{} {}", pick(&TOWNS, dice), pick(&["renewal", "expansion", "pilot", "rollout", "upgrade"], dice)),
            "owner": owner.map(|id| id.to_string()),
            "account": self.account_id(dice),
            "amount": 500 + dice.below(2_000) * 125,
            "stage": STAGES.get(stage),
            "probability": CHANCES.get(stage),
            "close_on": (created + Duration::days(30 + i64::try_from(dice.below(150)).unwrap_or(0))).to_string(),
        })
    }

    fn ticket(&self, dice: &mut Dice) -> Value {
        let assignee = match dice.below(100) {
            0..6 => None,
            6..8 => pick_id(&self.owners.partners, dice),
            _ => pick_id(&self.owners.support, dice),
        };
        // One in five has a colleague from sales on it.
        let second = (dice.below(5) == 0)
            .then(|| pick_id(&self.owners.sales, dice))
            .flatten();
        let tag = dice.below(TAGS.len());
        json!({
            "subject": format!(
                "{} {}",
                pick(&["Invoice", "Login", "Export", "Import", "Report", "Delivery"], dice),
                pick(&["is wrong", "does not arrive", "takes too long", "needs a second look"], dice),
            ),
            "assignee": assignee.map(|id| id.to_string()),
            "second": second.map(|id| id.to_string()),
            "account": self.account_id(dice),
            "priority": pick(&PRIORITIES, dice),
            "state": pick(&STATES, dice),
            "tags": [TAGS.get(tag)],
        })
    }
}

fn account(n: usize, dice: &mut Dice) -> Value {
    let (first, last) = (FIRST.get(n % FIRST.len()), LAST.get(n / FIRST.len() % LAST.len()));
    let kind = pick(
        &["Works", "Trading", "Labs", "Logistics", "Foods", "Partners"],
        dice,
    );
    json!({
        "name": format!("{} & {} {kind} {n}", last.unwrap_or(&"Smith"), first.unwrap_or(&"Alex")),
        "industry": pick(&INDUSTRIES, dice),
        "town": pick(&TOWNS, dice),
        "employees": 5 + dice.below(4_000),
        "website": format!("https://www.customer-{n}.example"),
    })
}

fn pick<'t>(from: &[&'t str], dice: &mut Dice) -> &'t str {
    from.get(dice.below(from.len())).copied().unwrap_or_default()
}

fn pick_id(from: &[UserId], dice: &mut Dice) -> Option<UserId> {
    from.get(dice.below(from.len())).copied()
}

/// Looks like chance and is the same every time (SplitMix64, seeded with the record's number).
struct Dice(u64);

impl Dice {
    fn new(seed: usize) -> Self {
        Dice(
            u64::try_from(seed)
                .unwrap_or(0)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15),
        )
    }

    /// A number below `bound`; 0 for 0.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let z = usize::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0);
        z.checked_rem(bound).unwrap_or(0)
    }
}
