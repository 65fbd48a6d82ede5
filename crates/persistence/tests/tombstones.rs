//! A deleted user leaves an id, a kind and a keyed hash: no person.

use vestibule_guest_lifecycle::UserKind;
use vestibule_persistence::user_list::{self, UserFilter};
use vestibule_persistence::users::{Notifications, SignInMethod};
use vestibule_persistence::{StoreError, UniqueRule, users};

use crate::builders::{NOW, OrgIn, insert_user, other_kind};
use crate::store::Store;

on_both_databases!(
    nothing_personal_is_left_in_the_row,
    nothing_personal_is_left_of_a_standard_user,
    the_email_is_free_for_the_same_kind_and_stays_reserved,
    a_deleted_user_is_found_as_a_tombstone_only,
    deleting_twice_is_busy,
);

/// Every column of the users, with its type, as the database itself lists them.
fn columns(store: &Store) -> Vec<(String, bool)> {
    let sql = if store.is_postgres() {
        "SELECT column_name || '|' || (data_type IN ('text', 'jsonb'))::int AS value \
         FROM information_schema.columns WHERE table_name = 'users' ORDER BY 1"
    } else {
        "SELECT name || '|' || (type = 'TEXT') AS value FROM pragma_table_info('users') ORDER BY 1"
    };
    let columns = store.place.lines(sql).into_iter();
    columns
        .map(|line| {
            line.split_once('|')
                .map(|(name, text)| (name.to_owned(), text == "1"))
                .unwrap()
        })
        .collect()
}

fn assert_nothing_personal(org: &OrgIn<'_>, id: vestibule_persistence::ids::UserId) {
    let kept = [
        "access_ends_at",
        "access_ends_on",
        "access_epoch",
        "created_at",
        "deleted_at",
        "email_hash",
        "id",
        "kind",
        "link_epoch",
        "org_id",
        "sign_in",
        "sponsor_missing",
        "updated_at",
        "version",
    ];
    let columns = columns(org.store);
    assert!(columns.len() > 35, "{columns:?}");
    for (column, is_text) in columns {
        if kept.contains(&column.as_str()) {
            assert!(
                !is_text || column == "access_ends_on",
                "{column} may tell about a person"
            );
            continue;
        }
        let sql = format!(
            "SELECT CAST({column} AS TEXT) AS value FROM users WHERE id = {}",
            org.store.place.id(id)
        );
        let left = org.store.place.column(&sql).remove(0);
        let empty = if is_text {
            vec![None, Some(""), Some("{}")]
        } else {
            vec![None]
        };
        assert!(empty.contains(&left.as_deref()), "{column} still holds {left:?}");
    }
}

fn nothing_personal_is_left_in_the_row(store: &Store) {
    let org = store.org("acme");
    let sponsor = org.standard_user("sponsor").save();
    let guest = org
        .guest("auditor")
        .claimed()
        .revoked()
        .sponsored_by(sponsor.id)
        .in_role(org.role("Head", None))
        .on_license(org.license("Basic", 1))
        .known_as("hr-1")
        .with(|user| {
            user.locale = Some("ca-ES".to_owned());
            user.time_zone = Some("Europe/Madrid".to_owned());
            user.sign_in = SignInMethod::Sso;
            user.notifications = Notifications {
                access_reminders: false,
                sponsored_guests: false,
            };
            user.last_sign_in_at = Some(NOW);
        })
        .of_guest(|guest| {
            guest.reason = Some("the yearly audit".to_owned());
            guest.sponsor_missing = true;
            guest.expiry_due_at = Some(NOW);
            guest.reminders.week = Some(NOW);
            guest.reminders.day = Some(NOW);
            if let Some(revocation) = &mut guest.revocation {
                revocation.by = Some(sponsor.id);
                revocation.reason = Some("left the auditors".to_owned());
            }
        })
        .save();
    store.write(org.id, |tx| users::bury(tx, org.id, &guest, NOW));
    assert_nothing_personal(&org, guest.id);
}

fn nothing_personal_is_left_of_a_standard_user(store: &Store) {
    let org = store.org("acme");
    let ann = org
        .standard_user("ann")
        .claimed()
        .deactivated()
        .known_as("hr-1")
        .save();
    store.write(org.id, |tx| users::bury(tx, org.id, &ann, NOW));
    assert_nothing_personal(&org, ann.id);
}

fn the_email_is_free_for_the_same_kind_and_stays_reserved(store: &Store) {
    let org = store.org("acme");
    for first in [
        org.guest("guest").known_as("x-1").build(),
        org.standard_user("ann").known_as("x-2").build(),
    ] {
        store.write(org.id, |tx| insert_user(tx, org.id, &first));
        let mut second = first.clone();
        second.id = crate::builders::fresh();
        let taken = store.try_write(org.id, |tx| insert_user(tx, org.id, &second));
        assert!(
            matches!(
                taken,
                Err(StoreError::Unique(UniqueRule::UserEmail | UniqueRule::ExternalId))
            ),
            "{taken:?}"
        );
        store.write(org.id, |tx| users::bury(tx, org.id, &first, NOW));
        let reserved = || store.read(|tx| users::email_reservation(tx, org.id, &first.email_hash));
        assert_eq!(reserved(), Some(first.kind()));
        store.write(org.id, |tx| {
            users::reserve_email(tx, org.id, &first.email_hash, other_kind(first.kind()))
        });
        assert_eq!(reserved(), Some(first.kind()), "the first kind counts for good");
        store.write(org.id, |tx| insert_user(tx, org.id, &second));
        assert_eq!(org.find(second.id), Some(second));
    }
}

fn a_deleted_user_is_found_as_a_tombstone_only(store: &Store) {
    let org = store.org("acme");
    let (guest, ann) = (org.guest("auditor").save(), org.standard_user("ann").save());
    let tombstone = |id| store.read(|tx| users::find_tombstone(tx, org.id, id));
    assert_eq!((tombstone(guest.id), tombstone(ann.id)), (None, None));
    for user in [&guest, &ann] {
        store.write(org.id, |tx| users::bury(tx, org.id, user, NOW));
        assert_eq!(org.find(user.id), None);
        assert_eq!(
            store.read(|tx| users::find_by_email(tx, org.id, &user.email_canonical)),
            None
        );
        assert_eq!(store.read(|tx| users::find_many(tx, org.id, &[user.id])), []);
    }
    assert_eq!(
        (tombstone(guest.id), tombstone(ann.id)),
        (Some(UserKind::Guest), Some(UserKind::Standard))
    );
    assert_eq!(
        store.read(|tx| user_list::count(tx, org.id, &UserFilter::default())),
        0
    );
    let elsewhere = store.org("two");
    assert_eq!(
        store.read(|tx| users::find_tombstone(tx, elsewhere.id, guest.id)),
        None
    );
}

fn deleting_twice_is_busy(store: &Store) {
    let org = store.org("acme");
    let guest = org.guest("auditor").save();
    store.write(org.id, |tx| users::bury(tx, org.id, &guest, NOW));
    let again = store.try_write(org.id, |tx| users::bury(tx, org.id, &guest, NOW));
    assert!(matches!(again, Err(StoreError::Busy)));
}
