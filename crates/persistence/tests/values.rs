//! Instants, dates, documents and text at the edges of their types.

use serde_json::{Value, json};
use time::macros::{date, datetime, utc_datetime};
use time::{Date, Duration, UtcDateTime};
use vestibule_guest_lifecycle::AccessWindow;
use vestibule_persistence::api_tokens::{self, ApiToken, Scopes, TokenOwner};
use vestibule_persistence::audit::{self, AuditFilter};
use vestibule_persistence::roles::{self, RoleFilter};
use vestibule_persistence::user_list::{self, UserFilter};
use vestibule_persistence::{
    PageRequest, StoreError, licenses, orgs, outbox, profiles, truncate_to_micros, users,
};

use crate::builders::{NOW, days, fresh, hash, plain_license, plain_org, plain_profile, plain_role};
use crate::store::Store;

on_both_databases!(
    instants_are_exact_to_the_microsecond_in_every_century,
    what_is_finer_than_a_microsecond_is_cut_towards_the_past,
    instants_are_ordered_as_they_happened,
    dates_come_back_and_compare_as_dates,
    documents_come_back_whatever_they_hold,
    text_with_nul_is_refused_and_never_found,
);

const INSTANTS: [UtcDateTime; 10] = [
    utc_datetime!(0001-01-01 0:00),
    utc_datetime!(1582-10-04 23:59:59.999999),
    utc_datetime!(1969-12-31 23:59:59.999999),
    utc_datetime!(1970-01-01 0:00),
    utc_datetime!(1970-01-01 0:00:00.000001),
    utc_datetime!(1999-12-31 23:59:59.999999),
    utc_datetime!(2000-01-01 0:00),
    utc_datetime!(2000-01-01 0:00:00.000001),
    utc_datetime!(2038-01-19 3:14:08.123456),
    utc_datetime!(9999-12-31 23:59:59.999999),
];

fn instants_are_exact_to_the_microsecond_in_every_century(store: &Store) {
    let org = store.org("acme");
    for (n, at) in INSTANTS.into_iter().enumerate() {
        let guest = org
            .guest(&format!("guest{n}"))
            .with(|user| (user.created_at, user.claimed_at) = (at, Some(at)))
            .of_guest(|guest| guest.window.ends_at = at)
            .save();
        assert_eq!(org.find(guest.id), Some(guest));
    }
}

fn what_is_finer_than_a_microsecond_is_cut_towards_the_past(store: &Store) {
    let org = store.org("acme");
    for (n, (given, kept)) in [
        (
            utc_datetime!(2026-01-01 0:00:00.123456999),
            utc_datetime!(2026-01-01 0:00:00.123456),
        ),
        (
            utc_datetime!(1969-12-31 23:59:59.999999999),
            utc_datetime!(1969-12-31 23:59:59.999999),
        ),
        (
            utc_datetime!(1969-12-31 23:59:59.000000001),
            utc_datetime!(1969-12-31 23:59:59),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let guest = org
            .guest(&format!("guest{n}"))
            .with(|user| user.created_at = given)
            .save();
        assert_eq!(org.find(guest.id).unwrap().created_at, kept);
        assert_eq!(truncate_to_micros(given), kept);
    }
}

fn instants_are_ordered_as_they_happened(store: &Store) {
    let org = store.org("acme");
    for (n, at) in INSTANTS.into_iter().enumerate().rev() {
        org.guest(&format!("guest{n}"))
            .with(|user| user.created_at = at)
            .save();
    }
    let page = PageRequest {
        sort: vec![(
            users::UserSort::CreatedAt,
            vestibule_persistence::Direction::Ascending,
        )],
        after: None,
        limit: 100,
    };
    let list = store.read(|tx| user_list::list(tx, org.id, &UserFilter::default(), &page));
    assert_eq!(
        list.iter().map(|user| user.created_at).collect::<Vec<_>>(),
        INSTANTS
    );
}

fn dates_come_back_and_compare_as_dates(store: &Store) {
    let org = store.org("acme");
    let dates = [
        date!(0001 - 01 - 01),
        date!(0999 - 12 - 31),
        date!(1999 - 12 - 31),
        date!(2024 - 02 - 29),
        date!(9999 - 12 - 31),
    ];
    for (n, ends_on) in dates.into_iter().enumerate() {
        let window = AccessWindow {
            ends_on,
            ends_at: NOW,
        };
        let guest = org
            .guest(&format!("guest{n}"))
            .of_guest(|guest| guest.window = window)
            .save();
        assert_eq!(org.find(guest.id).unwrap().guest().unwrap().window, window);
    }
    let count = |ends_after: Option<Date>, ends_before: Option<Date>| {
        let filter = UserFilter {
            ends_after,
            ends_before,
            ..UserFilter::default()
        };
        store.read(|tx| user_list::count(tx, org.id, &filter))
    };
    assert_eq!(count(Some(date!(1999 - 12 - 31)), None), 2);
    assert_eq!(count(None, Some(date!(1999 - 12 - 31))), 2);
    assert_eq!(count(Some(date!(0999 - 12 - 30)), Some(date!(1999 - 12 - 30))), 1);
}

fn documents_come_back_whatever_they_hold(store: &Store) {
    let org = store.org("acme");
    let guest = org.guest("auditor").save();
    let documents = [
        json!({"name": {"before": "Zoë \u{1f98a} \u{202e} \"quoted\" \\ \\u0000 %_'", "after": null}}),
        json!({"": [], "a": {}, "list": [1, -1, 0.5, true, false, null, "x"]}),
        json!([i64::MIN, i64::MAX, u32::MAX]),
        json!("text"),
        Value::Null,
    ];
    for payload in &documents {
        let mut mail = org.mail_to(&guest);
        mail.payload = payload.clone();
        store.write(org.id, |tx| {
            outbox::queue(tx, &mail)?;
            tx.audit(audit::AuditEvent {
                changes: payload.clone(),
                ..org.event("test.documents")
            });
            Ok(())
        });
    }
    let lease = fresh();
    let mut mails = store.in_turns(|tx| outbox::take_due(tx, NOW, NOW + days(1), lease, 100));
    mails.sort_by_key(|mail| mail.id);
    assert_eq!(
        mails.into_iter().map(|mail| mail.payload).collect::<Vec<_>>(),
        documents
    );
    let mut events = store.read(|tx| audit::list(tx, org.id, &AuditFilter::default(), None, 100));
    events.reverse();
    assert_eq!(
        events.into_iter().map(|event| event.changes).collect::<Vec<_>>(),
        documents
    );
}

fn text_with_nul_is_refused_and_never_found(store: &Store) {
    const NUL: &str = "a\0b";
    let org = store.org("acme");
    let ann = org.standard_user("ann").save();
    let refused = |what: &str, result: Result<(), StoreError>| {
        assert!(
            matches!(result, Err(StoreError::Database(_))),
            "{what}: {result:?}"
        );
    };
    type Change = fn(&mut users::User);
    let changes: [(&str, Change); 5] = [
        ("first_name", |user| user.first_name = NUL.to_owned()),
        ("email", |user| user.email = NUL.to_owned()),
        ("email_canonical", |user| user.email_canonical = NUL.to_owned()),
        ("external_id", |user| user.external_id = Some(NUL.to_owned())),
        ("locale", |user| user.locale = Some(NUL.to_owned())),
    ];
    for (what, change) in changes {
        refused(what, org.guest("nul").with(change).try_save().map(drop));
    }
    refused(
        "reason",
        org.guest("nul")
            .of_guest(|g| g.reason = Some(NUL.to_owned()))
            .try_save()
            .map(drop),
    );

    let write =
        |what: &str, work: &dyn Fn(&mut vestibule_persistence::WriteTx<'_>) -> Result<(), StoreError>| {
            refused(what, store.try_write(org.id, |tx| work(tx)));
        };
    write("org", &|tx| {
        orgs::insert(
            tx,
            &orgs::Org {
                name: NUL.to_owned(),
                ..plain_org("other")
            },
        )
    });
    write("profile", &|tx| {
        profiles::insert(tx, org.id, &plain_profile(fresh(), NUL))
    });
    write("role", &|tx| roles::insert(tx, org.id, &plain_role(NUL, None)));
    write("license", &|tx| {
        licenses::insert(tx, org.id, &plain_license(NUL, 1))
    });
    write("token", &|tx| {
        let token = ApiToken {
            id: fresh(),
            owner: TokenOwner::Service,
            name: NUL.to_owned(),
            scopes: Scopes::READ_WRITE,
            token_hash: hash("x"),
            created_by: None,
            created_at: NOW,
            expires_at: None,
        };
        api_tokens::insert(tx, org.id, &token)
    });
    write("audit", &|tx| {
        tx.audit(audit::AuditEvent {
            request_id: Some(NUL.to_owned()),
            ..org.event("test.nul")
        });
        Ok(())
    });
    for payload in [json!(NUL), json!([{"deep": NUL}]), json!({NUL: 1})] {
        write("mail", &|tx| {
            outbox::queue(
                tx,
                &outbox::OutboxMail {
                    payload: payload.clone(),
                    ..org.mail_to(&ann)
                },
            )
        });
    }

    assert_eq!(store.read(|tx| orgs::find_by_slug(tx, "acme\0")), None);
    assert_eq!(
        store.read(|tx| users::find_by_email(tx, org.id, "ann@example.org\0")),
        None
    );
    for filter in [
        UserFilter {
            text: Some("ann \0".to_owned()),
            ..UserFilter::default()
        },
        UserFilter {
            external_id: Some(NUL.to_owned()),
            ..UserFilter::default()
        },
        UserFilter {
            email_canonical: Some(NUL.to_owned()),
            ..UserFilter::default()
        },
    ] {
        assert_eq!(store.read(|tx| user_list::count(tx, org.id, &filter)), 0);
    }
    for filter in [
        RoleFilter {
            text: Some(NUL.to_owned()),
            ..RoleFilter::default()
        },
        RoleFilter {
            external_id: Some(NUL.to_owned()),
            ..RoleFilter::default()
        },
    ] {
        assert_eq!(store.read(|tx| roles::count(tx, org.id, &filter)), 0);
    }
    let filter = AuditFilter {
        action: Some(NUL.to_owned()),
        ..AuditFilter::default()
    };
    assert_eq!(store.read(|tx| audit::count(tx, org.id, &filter)), 0);
}

#[test]
fn truncating_keeps_whole_microseconds() {
    let at = datetime!(2026-03-14 10:00:00.000001 UTC).to_utc();
    assert_eq!(truncate_to_micros(at), at);
    assert_eq!(truncate_to_micros(at + Duration::nanoseconds(999)), at);
}
