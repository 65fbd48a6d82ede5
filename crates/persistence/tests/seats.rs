//! Seats follow from who holds a license right now; no counter can drift.

use time::Duration;
use vestibule_persistence::users::UserDetails;
use vestibule_persistence::{licenses, users};

use crate::builders::{NOW, days};
use crate::store::Store;

on_both_databases!(
    only_those_in_good_standing_hold_a_seat,
    deleted_users_hold_none,
    sponsors_and_admins_are_counted
);

fn only_those_in_good_standing_hold_a_seat(store: &Store) {
    let org = store.org("acme");
    let (basic, other) = (org.license("Basic", 1), org.license("Other", 1));
    let used = |now, without| {
        let used = store.read(|tx| licenses::used_seats(tx, org.id, basic, now, without));
        if without.is_none() {
            let of_both = store.read(|tx| licenses::used_seats_of(tx, org.id, [basic, other], now));
            assert_eq!(
                of_both.get(&basic).copied().unwrap_or(0),
                used,
                "both ways of counting agree"
            );
        }
        used
    };
    assert_eq!(used(NOW, None), 0);

    org.guest("without a license").save();
    org.guest("on another").on_license(other).save();
    org.guest("revoked").claimed().revoked().on_license(basic).save();
    org.guest("ended")
        .claimed()
        .ends_in_days(-1)
        .on_license(basic)
        .save();
    org.standard_user("deactivated")
        .deactivated()
        .on_license(basic)
        .save();
    assert_eq!(used(NOW, None), 0);

    org.guest("invited").on_license(basic).save();
    org.guest("active").claimed().on_license(basic).save();
    let ann = org.standard_user("ann").on_license(basic).save();
    assert_eq!(used(NOW, None), 3);
    assert_eq!(used(NOW, Some(ann.id)), 2);

    let soon = org.guest("soon").ends_in_days(1).on_license(basic).save();
    let end = soon.guest().unwrap().window.ends_at;
    assert_eq!(used(end - Duration::MICROSECOND, None), 4);
    assert_eq!(
        used(end, None),
        3,
        "the end is the first moment without a seat, whether anybody tidied up or not"
    );
    assert_eq!(used(NOW + days(400), None), 1, "standard users have no end");
    assert_eq!(used(NOW - days(400), None), 5, "as does not yet ended access");
    assert_eq!(
        store.read(|tx| licenses::used_seats(tx, store.org("two").id, basic, NOW, None)),
        0
    );
}

fn deleted_users_hold_none(store: &Store) {
    let org = store.org("acme");
    let basic = org.license("Basic", 1);
    let guest = org.guest("auditor").on_license(basic).save();
    store.write(org.id, |tx| users::bury(tx, org.id, &guest, NOW));
    assert_eq!(
        store.read(|tx| licenses::used_seats(tx, org.id, basic, NOW, None)),
        0
    );
    assert!(!store.read(|tx| licenses::is_assigned(tx, org.id, basic)));
    store.write(org.id, |tx| licenses::delete(tx, org.id, basic));
}

fn sponsors_and_admins_are_counted(store: &Store) {
    let org = store.org("acme");
    let count =
        |without| store.read(|tx| users::count_active_on_profile_without(tx, org.id, org.admin, without));
    let ann = org.standard_user("ann").claimed().on_profile(org.admin).save();
    let bob = org.standard_user("bob").claimed().on_profile(org.admin).save();
    org.standard_user("unclaimed").on_profile(org.admin).save();
    org.standard_user("off")
        .claimed()
        .deactivated()
        .on_profile(org.admin)
        .save();
    org.standard_user("staff").claimed().save();
    org.guest("guest").claimed().on_profile(org.admin).save();
    assert_eq!(
        (
            count(ann.id),
            count(store.org("two").standard_user("x").build().id)
        ),
        (1, 2)
    );
    store.write(org.id, |tx| users::bury(tx, org.id, &bob, NOW));
    assert_eq!(count(ann.id), 0);

    let guests = ["a", "b"].map(|name| org.guest(name).sponsored_by(ann.id).save());
    org.guest("c").save();
    let set = |missing| {
        store.write(org.id, |tx| {
            users::set_sponsor_missing(tx, org.id, ann.id, missing)
        })
    };
    assert_eq!((set(true), set(true)), (2, 0));
    for guest in &guests {
        let guest = org.find(guest.id).unwrap();
        assert_eq!((guest.guest().unwrap().sponsor_missing, guest.version), (true, 2));
    }
    assert_eq!(set(false), 2);
    assert!(matches!(
        org.find(ann.id).unwrap().details,
        UserDetails::Standard { .. }
    ));
}
