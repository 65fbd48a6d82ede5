//! The questions that are asked all the time are answered from an index, on both databases.
//!
//! The statements are not written down again: what the crate really sends is listened to and explained. PostgreSQL is
//! made to plan without knowing the values, as it does for a statement that is prepared once and used for ever.

use time::Duration;
use vestibule_guest_lifecycle::UserKind;
use vestibule_persistence::due::{self, DueEvent, Retired};
use vestibule_persistence::one_time_links::{self, LinkPurpose};
use vestibule_persistence::user_list::{self, UserFilter};
use vestibule_persistence::users::{self, UserSort};
use vestibule_persistence::{
    Direction, PageRequest, Position, SortValue, api_tokens, audit, licenses, outbox, profiles, roles,
    sessions,
};

use crate::builders::{NOW, OrgIn, fresh, hash, plain_role};
use crate::store::{Store, statements_of};

on_both_databases!(
    credentials_of_every_kind_are_looked_up_by_index,
    users_are_looked_up_by_index,
    pages_of_users_come_in_the_order_of_an_index,
    due_questions_use_the_small_indexes,
    rows_are_retired_by_index,
    reports_and_seats_use_indexes,
    the_audit_log_is_read_backwards_along_an_index,
    saving_and_deleting_looks_nothing_up_in_other_tables_without_an_index,
);

/// An org with enough rows that the right index is cheaper than any other one that starts with the org.
fn furnished(store: &Store) -> OrgIn<'_> {
    let org = store.org("acme");
    store.write(org.id, |tx| {
        for n in 0..400 {
            let name = format!("guest{n}");
            let guest = org.guest(&name).ends_in_days(n % 90).known_as(&name).build();
            users::insert(tx, org.id, &guest)?;
            sessions::insert(tx, org.id, &org.session_of(&guest, &name))?;
            one_time_links::insert(tx, org.id, &org.link_for(&guest, &name))?;
            api_tokens::insert(tx, org.id, &org.token_of(&guest, &name))?;
            let parent = plain_role(&name, None);
            let child = plain_role(&name, Some(parent.id));
            roles::insert(tx, org.id, &parent)?;
            roles::insert(tx, org.id, &child)?;
            tx.audit(org.event("guest.invited"));
        }
        Ok(())
    });
    store.place.sql("ANALYZE");
    org
}

/// The plan of the only query (not BEGIN, not COMMIT) that `work` sends and that mentions the table.
pub(crate) fn plan(store: &Store, table: &str, work: impl FnOnce()) -> String {
    let statements: Vec<String> = statements_of(work)
        .into_iter()
        .filter(|sql| sql.contains(table) && !sql.starts_with("BEGIN") && !sql.starts_with("INSERT"))
        .collect();
    assert_eq!(statements.len(), 1, "{statements:#?}");
    explain(store, &statements[0])
}

pub(crate) fn explain(store: &Store, sql: &str) -> String {
    let plan = store.explain(sql).join("\n");
    format!("{sql}\n{plan}")
}

pub(crate) fn uses(store: &Store, plan: &str, index: &str) {
    let names_it = if store.is_postgres() {
        plan.contains(&format!("using {index} on")) || plan.contains(&format!("Bitmap Index Scan on {index}"))
    } else {
        plan.split_whitespace().any(|word| word == index)
    };
    assert!(names_it, "{index} is not used:\n{plan}");
    assert!(!scans(plan), "something is scanned:\n{plan}");
}

fn scans(plan: &str) -> bool {
    plan.contains("Seq Scan")
        || plan
            .lines()
            .any(|line| line.starts_with("SCAN ") && !line.contains("USING"))
}

pub(crate) fn sorts(plan: &str) -> bool {
    plan.contains("Sort Key") || plan.contains("USE TEMP B-TREE")
}

fn credentials_of_every_kind_are_looked_up_by_index(store: &Store) {
    let org = furnished(store);
    let token = hash("token");
    let by_session = plan(store, "sessions", || {
        store.read(|tx| sessions::find_by_token(tx, org.id, &token));
    });
    let by_api_token = plan(store, "api_tokens", || {
        store.read(|tx| api_tokens::find_by_token(tx, org.id, &token));
    });
    let by_link = plan(store, "one_time_links", || {
        store.read(|tx| one_time_links::find_by_token(tx, org.id, LinkPurpose::Claim, &token));
    });
    for (plan, table) in [
        (by_session, "sessions"),
        (by_api_token, "api_tokens"),
        (by_link, "one_time_links"),
    ] {
        if store.is_postgres() {
            uses(store, &plan, &format!("{table}_token_key"));
        } else {
            // SQLite does not keep the names of constraints: their indexes are numbered.
            uses(store, &plan, &format!("sqlite_autoindex_{table}_2"));
        }
    }
}

fn users_are_looked_up_by_index(store: &Store) {
    let org = furnished(store);
    let by_email = plan(store, "users", || {
        store.read(|tx| users::find_by_email(tx, org.id, "ann@example.org"));
    });
    uses(store, &by_email, "users_email_key");
    let by_id = plan(store, "users", || {
        org.find(fresh());
    });
    uses(
        store,
        &by_id,
        if store.is_postgres() {
            "users_pkey"
        } else {
            "sqlite_autoindex_users_1"
        },
    );
    let by_external_id = plan(store, "users", || {
        let filter = UserFilter {
            external_id: Some("x".to_owned()),
            ..UserFilter::default()
        };
        store.read(|tx| user_list::list(tx, org.id, &filter, &PageRequest::everything()));
    });
    uses(store, &by_external_id, "users_external_id_key");
    let of_sponsor = plan(store, "users", || {
        store.write(org.id, |tx| users::set_sponsor_missing(tx, org.id, fresh(), true));
    });
    uses(store, &of_sponsor, "users_by_sponsor");
}

fn pages_of_users_come_in_the_order_of_an_index(store: &Store) {
    let org = furnished(store);
    let guests = UserFilter {
        kind: Some(UserKind::Guest),
        ..UserFilter::default()
    };
    let text = || SortValue::Text("m".to_owned());
    for (key, value, index) in [
        (UserSort::CreatedAt, SortValue::instant(NOW), "users_by_created"),
        (UserSort::LastName, text(), "users_by_last_name"),
        (UserSort::AccessEndsAt, SortValue::instant(NOW), "users_by_end"),
    ] {
        for direction in [Direction::Ascending, Direction::Descending] {
            for after in [
                None,
                Some(Position {
                    values: vec![value.clone()],
                    id: fresh(),
                }),
            ] {
                let page = PageRequest {
                    sort: vec![(key, direction)],
                    after,
                    limit: 50,
                };
                let plan = plan(store, "users", || {
                    store.read(|tx| user_list::list(tx, org.id, &guests, &page));
                });
                uses(store, &plan, index);
                assert!(!sorts(&plan), "{key:?} {direction:?} sorts:\n{plan}");
            }
        }
    }
}

fn due_questions_use_the_small_indexes(store: &Store) {
    let later = NOW + Duration::HOUR;
    for (event, index) in [
        (DueEvent::Expiry, "users_expiry_due"),
        (DueEvent::WeekReminder, "users_week_reminder_due"),
        (DueEvent::DayReminder, "users_day_reminder_due"),
    ] {
        let plan = plan(store, "users", || {
            store.in_turns(|tx| due::take(tx, event, NOW, 50));
        });
        uses(store, &plan, index);
        assert!(!sorts(&plan), "{plan}");
    }
    let mails = plan(store, "outbox", || {
        store.in_turns(|tx| outbox::take_due(tx, NOW, later, fresh(), 50));
    });
    uses(store, &mails, "outbox_due");
    assert!(!sorts(&mails), "{mails}");
    let next_mail = plan(store, "outbox", || {
        store.read(outbox::next_due);
    });
    uses(store, &next_mail, "outbox_due");
    let next = statements_of(|| {
        store.read(due::next);
    });
    for (sql, index) in next.iter().filter(|sql| sql.contains("MIN")).zip([
        "users_expiry_due",
        "users_week_reminder_due",
        "users_day_reminder_due",
    ]) {
        uses(store, &explain(store, sql), index);
    }
}

fn rows_are_retired_by_index(store: &Store) {
    for (what, table, index) in [
        (Retired::Sessions, "sessions", "sessions_by_expiry"),
        (Retired::ApiTokens, "api_tokens", "api_tokens_by_expiry"),
        (Retired::Links, "one_time_links", "one_time_links_by_expiry"),
        (
            Retired::IdempotencyKeys,
            "idempotency_keys",
            "idempotency_keys_by_expiry",
        ),
        (Retired::Mails, "outbox", "outbox_settled"),
    ] {
        let plan = plan(store, table, || {
            store.in_turns(|tx| due::retire(tx, what, NOW, 50));
        });
        uses(store, &plan, index);
    }
}

fn reports_and_seats_use_indexes(store: &Store) {
    let org = furnished(store);
    let seats = plan(store, "users", || {
        store.read(|tx| licenses::used_seats(tx, org.id, fresh(), NOW, None));
    });
    uses(store, &seats, "users_by_license");
    let members = plan(store, "users", || {
        store.read(|tx| roles::count_users(tx, org.id, fresh()));
    });
    uses(store, &members, "users_by_role");
    let on_profile = plan(store, "users", || {
        store.read(|tx| profiles::count_users(tx, org.id, fresh()));
    });
    uses(store, &on_profile, "users_by_profile");
    let peers = UserFilter {
        relation: Some(user_list::RoleRelation::PeersOf(fresh(), fresh())),
        ..UserFilter::default()
    };
    let peers = plan(store, "users", || {
        store.read(|tx| user_list::count(tx, org.id, &peers));
    });
    uses(store, &peers, "users_by_role");
}

fn the_audit_log_is_read_backwards_along_an_index(store: &Store) {
    let org = furnished(store);
    let list = |filter: audit::AuditFilter| {
        plan(store, "audit_events", || {
            store.read(|tx| audit::list(tx, org.id, &filter, Some(100), 50));
        })
    };
    let all = audit::AuditFilter::default;
    let primary = if store.is_postgres() {
        "audit_events_pkey"
    } else {
        "sqlite_autoindex_audit_events_1"
    };
    for (filter, index) in [
        (all(), primary),
        (
            audit::AuditFilter {
                actor: Some(fresh()),
                ..all()
            },
            "audit_events_by_actor",
        ),
        (
            audit::AuditFilter {
                target: Some(fresh()),
                ..all()
            },
            "audit_events_by_target",
        ),
        (
            audit::AuditFilter {
                action: Some("guest.invited".to_owned()),
                ..all()
            },
            "audit_events_by_action",
        ),
    ] {
        let plan = list(filter);
        uses(store, &plan, index);
        assert!(!sorts(&plan), "{plan}");
    }
}

/// SQLite checks the foreign keys of other tables whenever a statement names a key column, changed or not, so a save
/// must not name one; and whatever refers to a row that may be deleted needs an index to be found by.
fn saving_and_deleting_looks_nothing_up_in_other_tables_without_an_index(store: &Store) {
    let org = furnished(store);
    let OrgIn { id, .. } = org;
    let mut guest = org.guest("auditor").save();
    let role = org.role("Head", None);
    let mut loaded = store.read(|tx| roles::find(tx, id, role)).unwrap();
    let mut license = store
        .read(|tx| licenses::find(tx, id, org.license("Basic", 1)))
        .unwrap();
    let mut profile = store.read(|tx| profiles::find(tx, id, org.default)).unwrap();
    let saves = statements_of(|| {
        store.write(id, |tx| {
            users::save(tx, id, &mut guest, NOW)?;
            roles::save(tx, id, &mut loaded, NOW)?;
            licenses::save(tx, id, &mut license, NOW)?;
            profiles::save(tx, id, &mut profile, NOW)
        });
    });
    let updates: Vec<_> = saves.iter().filter(|sql| sql.starts_with("UPDATE")).collect();
    assert_eq!(updates.len(), 4, "{saves:#?}");
    for sql in updates {
        let (set, _) = sql.split_once("WHERE").unwrap();
        for quote in ['`', '"'] {
            assert!(
                !set.contains(&format!("{quote}org_id{quote}"))
                    && !set.contains(&format!("{quote}id{quote}")),
                "{set}"
            );
        }
    }
    for (table, column, index) in [
        ("users", "role_id", "users_by_role"),
        ("users", "profile_id", "users_by_profile"),
        ("users", "license_id", "users_by_license"),
        ("roles", "parent_id", "roles_by_parent"),
    ] {
        // What both databases ask before they let the referred row go.
        let sql = format!("SELECT 1 FROM {table} WHERE org_id = $1 AND {column} = $2");
        uses(store, &explain(store, &sql), index);
    }
}
