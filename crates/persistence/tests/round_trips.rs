//! What is written comes back the same.

use std::collections::HashMap;

use secrecy::{ExposeSecret, SecretString};
use time::Duration;
use time::macros::{date, utc_datetime};
use uuid::Uuid;
use vestibule_guest_lifecycle::{
    AccessWindow, BuiltInProfile, CapabilitySet, ClaimLinkTtl, GuestMaxDays, GuestStatus, OrgSlug, OrgZone,
    PasswordPolicy, ReminderTimes, SessionHours, UserKind,
};
use vestibule_org_hierarchy::RoleLabel;
use vestibule_persistence::api_tokens::{self, ApiToken, ApiTokenFilter, Scope, Scopes, TokenOwner};
use vestibule_persistence::idempotency::{self, IdempotencyScope, StoredAnswer};
use vestibule_persistence::one_time_links::{self, LinkPurpose};
use vestibule_persistence::orgs::{self, Org};
use vestibule_persistence::policy::Touched;
use vestibule_persistence::profiles::{self, Profile};
use vestibule_persistence::roles::{self, Role, RoleFilter};
use vestibule_persistence::users::{
    self, GuestDetails, Notifications, Revocation, SignInMethod, UserDetails,
};
use vestibule_persistence::{PageRequest, StoreError, credentials, licenses, server_secrets, sessions};

use crate::builders::{NOW, fresh, hash, plain_license, plain_org, plain_profile, plain_role};
use crate::store::Store;

on_both_databases!(
    an_org_comes_back_as_it_was_written_and_as_it_was_saved,
    a_profile_comes_back_as_it_was_written_and_as_it_was_saved,
    a_role_comes_back_as_it_was_written_and_as_it_was_saved,
    saving_a_role_leaves_its_label_to_relabel,
    a_license_comes_back_as_it_was_written_and_as_it_was_saved,
    more_seats_than_the_column_holds_are_an_error,
    a_standard_user_comes_back_with_every_field,
    users_are_found_by_the_id_that_another_system_gave_them,
    a_guest_comes_back_with_every_field,
    a_guest_comes_back_with_as_little_as_possible,
    clearing_every_optional_field_of_a_guest_is_saved,
    many_users_are_found_in_one_go,
    members_and_children_move_together,
    users_are_counted_by_role_and_by_profile,
    a_credential_comes_back_and_counts_failures,
    a_session_comes_back_and_ends,
    tokens_of_users_and_services_come_back,
    a_link_comes_back_for_its_purpose_only,
    an_answer_is_kept_until_it_expires,
    a_server_secret_is_made_once,
);

fn an_org_comes_back_as_it_was_written_and_as_it_was_saved(store: &Store) {
    let mut policy = PasswordPolicy::new(20).unwrap();
    policy.require_symbol = true;
    let mut org = Org {
        name: "Ünïcode \u{1f98a} & Söhne '; DROP TABLE orgs --".to_owned(),
        zone: OrgZone::parse("Pacific/Auckland").unwrap(),
        password_policy: policy,
        claim_link_ttl: ClaimLinkTtl::MAX,
        guest_max_days: GuestMaxDays::MIN,
        session_hours: SessionHours::MAX,
        guests_may_use_passwords: false,
        guest_access: false,
        ..plain_org("acme")
    };
    store.write(org.id, |tx| orgs::insert(tx, &org));
    assert_eq!(store.read(|tx| orgs::find(tx, org.id)), Some(org.clone()));
    assert_eq!(store.read(|tx| orgs::find_by_slug(tx, "acme")), Some(org.clone()));
    assert_eq!(store.read(|tx| orgs::find_by_slug(tx, "ACME")), None);
    assert_eq!(store.read(|tx| orgs::find(tx, fresh())), None);

    org.slug = OrgSlug::parse("acme-2").unwrap();
    org.name = "Acme".to_owned();
    org.zone = OrgZone::utc();
    org.guest_access = true;
    let later = NOW + Duration::microseconds(1);
    store.write(org.id, |tx| orgs::save(tx, &mut org, later));
    assert_eq!((org.version, org.updated_at), (2, later));
    assert_eq!(store.read(|tx| orgs::find(tx, org.id)), Some(org.clone()));

    let second = store.org("second");
    assert_eq!(store.read(orgs::ids), [org.id, second.id]);
    assert_eq!(store.read(|tx| tx.policy_version(org.id)), Some(1));
    store.write(org.id, |tx| {
        tx.policy_changed(org.id, Touched::GuestAccess);
        tx.credentials_changed(org.id);
        Ok(())
    });
    assert_eq!(store.read(|tx| tx.policy_version(org.id)), Some(2));
    assert_eq!(store.read(|tx| tx.policy_version(second.id)), Some(1));
    assert_eq!(store.read(|tx| tx.policy_version(fresh())), None);
}

fn a_profile_comes_back_as_it_was_written_and_as_it_was_saved(store: &Store) {
    let org = store.org("acme");
    let mut profile = Profile {
        capabilities: CapabilitySet::ALL,
        ..plain_profile(fresh(), "Prüfer \u{30ec}")
    };
    store.write(org.id, |tx| profiles::insert(tx, org.id, &profile));
    assert_eq!(
        store.read(|tx| profiles::find(tx, org.id, profile.id)),
        Some(profile.clone())
    );

    profile.capabilities = CapabilitySet::GUEST_CEILING;
    profile.name = "Auditor".to_owned();
    store.write(org.id, |tx| profiles::save(tx, org.id, &mut profile, NOW));
    assert_eq!(profile.version, 2);
    assert_eq!(
        store.read(|tx| profiles::find(tx, org.id, profile.id)),
        Some(profile.clone())
    );

    let admin = store.read(|tx| profiles::find_built_in(tx, org.id, BuiltInProfile::Admin));
    assert_eq!((admin.id, admin.is_admin()), (org.admin, true));
    let missing = store
        .database
        .read(|tx| profiles::find_built_in(tx, fresh(), BuiltInProfile::Default));
    assert!(matches!(
        missing,
        Err(StoreError::Corrupt {
            table: "profiles",
            ..
        })
    ));

    assert_eq!(store.read(|tx| profiles::count(tx, org.id)), 3);
    org.guest("auditor").on_profile(profile.id).save();
    assert_eq!(store.read(|tx| profiles::count_users(tx, org.id, profile.id)), 1);
    store.write(org.id, |tx| profiles::delete(tx, org.id, org.admin));
    assert_eq!(store.read(|tx| profiles::find(tx, org.id, org.admin)), None);
}

fn a_role_comes_back_as_it_was_written_and_as_it_was_saved(store: &Store) {
    let org = store.org("acme");
    let head = org.role("Head", None);
    let mut role = Role {
        external_id: Some("hr-42".to_owned()),
        label: RoleLabel {
            enter: 7,
            exit: i32::MAX.cast_unsigned(),
        },
        ..plain_role("Vertrieb Süd", Some(head))
    };
    store.write(org.id, |tx| roles::insert(tx, org.id, &role));
    assert_eq!(
        store.read(|tx| roles::find(tx, org.id, role.id)),
        Some(role.clone())
    );
    assert_eq!(
        store.read(|tx| roles::parents(tx, org.id)),
        [(head, None), (role.id, Some(head))]
    );
    assert_eq!(
        store.read(|tx| roles::labels(tx, org.id))[1],
        (role.id, role.label)
    );

    role.parent_id = None;
    role.external_id = None;
    role.name = "Sales".to_owned();
    store.write(org.id, |tx| roles::save(tx, org.id, &mut role, NOW));
    assert_eq!(role.version, 2);
    assert_eq!(
        store.read(|tx| roles::find(tx, org.id, role.id)),
        Some(role.clone())
    );

    let named = |text: &str| {
        let filter = RoleFilter {
            text: Some(text.to_owned()),
            ..RoleFilter::default()
        };
        let list = store.read(|tx| roles::list(tx, org.id, &filter, &PageRequest::everything()));
        assert_eq!(
            store.read(|tx| roles::count(tx, org.id, &filter)),
            i64::try_from(list.len()).unwrap()
        );
        list.len()
    };
    assert_eq!(
        [named("SAL"), named("%"), named("_ales"), named("")],
        [1, 0, 0, 2]
    );
    let roots = RoleFilter {
        parent_id: Some(None),
        ..RoleFilter::default()
    };
    assert_eq!(store.read(|tx| roles::count(tx, org.id, &roots)), 2);
    store.write(org.id, |tx| roles::delete(tx, org.id, role.id));
    assert_eq!(store.read(|tx| roles::find(tx, org.id, role.id)), None);
}

fn saving_a_role_leaves_its_label_to_relabel(store: &Store) {
    let org = store.org("acme");
    let id = org.role("Head", None);
    let mut loaded = store.read(|tx| roles::find(tx, org.id, id)).unwrap();
    let label = RoleLabel { enter: 3, exit: 9 };
    store.write(org.id, |tx| roles::relabel(tx, org.id, [(id, label)]));
    store.write(org.id, |tx| roles::save(tx, org.id, &mut loaded, NOW));
    assert_eq!(store.read(|tx| roles::find(tx, org.id, id)).unwrap().label, label);
}

fn a_license_comes_back_as_it_was_written_and_as_it_was_saved(store: &Store) {
    let org = store.org("acme");
    let mut license = plain_license("Grün", 0);
    store.write(org.id, |tx| licenses::insert(tx, org.id, &license));
    assert_eq!(
        store.read(|tx| licenses::find(tx, org.id, license.id)),
        Some(license.clone())
    );
    license.seats = i32::MAX.cast_unsigned();
    store.write(org.id, |tx| licenses::save(tx, org.id, &mut license, NOW));
    assert_eq!(
        store.read(|tx| licenses::find(tx, org.id, license.id)),
        Some(license.clone())
    );
    assert_eq!(store.read(|tx| licenses::count(tx, org.id)), 1);
    assert!(!store.read(|tx| licenses::is_assigned(tx, org.id, license.id)));
    store.write(org.id, |tx| licenses::delete(tx, org.id, license.id));
    assert_eq!(store.read(|tx| licenses::find(tx, org.id, license.id)), None);
}

fn more_seats_than_the_column_holds_are_an_error(store: &Store) {
    let org = store.org("acme");
    let license = plain_license("Huge", u32::MAX);
    let refused = store.try_write(org.id, |tx| licenses::insert(tx, org.id, &license));
    assert!(matches!(
        refused,
        Err(StoreError::Corrupt {
            table: "licenses",
            ..
        })
    ));
}

fn a_standard_user_comes_back_with_every_field(store: &Store) {
    let org = store.org("acme");
    let (role, license, profile) = (
        org.role("Head", None),
        org.license("Basic", 3),
        org.profile("Staff"),
    );
    let mut user = org
        .standard_user("Nuria")
        .deactivated()
        .claimed()
        .in_role(role)
        .on_license(license)
        .on_profile(profile)
        .known_as("scim-1")
        .with(|user| {
            user.first_name = "Núria \u{1f98a}".to_owned();
            user.last_name = "O'Brien \\ % _".to_owned();
            user.sign_in = SignInMethod::Sso;
            user.locale = Some("ca-ES".to_owned());
            user.time_zone = Some("Europe/Madrid".to_owned());
            user.notifications = Notifications {
                access_reminders: false,
                sponsored_guests: true,
            };
            user.last_sign_in_at = Some(NOW + Duration::microseconds(7));
            user.access_epoch = i64::MAX;
            user.link_epoch = i64::MIN;
        })
        .save();
    assert_eq!(org.find(user.id), Some(user.clone()));
    assert_eq!(
        store.read(|tx| users::find_by_email(tx, org.id, "nuria@example.org")),
        Some(user.clone())
    );
    assert_eq!(
        store.read(|tx| users::find_by_email(tx, org.id, "Nuria@example.org")),
        None
    );
    assert_eq!(user.deactivated_at(), Some(NOW));

    user.details = UserDetails::Standard { deactivated_at: None };
    user.last_sign_in_at = None; // not saved: record_sign_in alone writes it
    store.write(org.id, |tx| users::save(tx, org.id, &mut user, NOW));
    user.last_sign_in_at = Some(NOW + Duration::microseconds(7));
    assert_eq!(org.find(user.id), Some(user));
}

fn users_are_found_by_the_id_that_another_system_gave_them(store: &Store) {
    let org = store.org("acme");
    let guest = org.guest("auditor").known_as("hr-1").save();
    store.org("other").guest("stranger").known_as("hr-2").save();
    let find = |id: &str| store.read(|tx| users::find_by_external_id(tx, org.id, id));
    assert_eq!(find("hr-1"), Some(guest.clone()));
    assert_eq!((find("hr-2"), find("HR-1"), find("hr\0")), (None, None, None));
    store.write(org.id, |tx| users::bury(tx, org.id, &guest, NOW));
    assert_eq!(find("hr-1"), None);
}

fn a_guest_comes_back_with_every_field(store: &Store) {
    let org = store.org("acme");
    let sponsor = org.standard_user("sponsor").save();
    let admin = org.standard_user("admin").save();
    let guest = org
        .guest("auditor")
        .claimed()
        .with(|user| {
            user.details = UserDetails::Guest(GuestDetails {
                window: AccessWindow {
                    ends_on: date!(2026 - 04 - 30),
                    ends_at: utc_datetime!(2026-05-01 10:00),
                },
                revocation: Some(Revocation {
                    at: NOW + Duration::microseconds(1),
                    by: Some(admin.id),
                    reason: Some("left \u{2013} früher".to_owned()),
                }),
                sponsor_id: Some(sponsor.id),
                sponsor_missing: true,
                reason: Some("yearly audit".to_owned()),
                expiry_due_at: Some(NOW + Duration::microseconds(2)),
                reminders: ReminderTimes {
                    week: Some(NOW + Duration::microseconds(3)),
                    day: Some(NOW + Duration::microseconds(4)),
                },
            });
        })
        .save();
    let found = org.find(guest.id).unwrap();
    assert_eq!(found, guest);
    assert_eq!(found.kind(), UserKind::Guest);
    assert_eq!(found.guest_facts().unwrap().status(NOW), GuestStatus::Revoked);
}

fn a_guest_comes_back_with_as_little_as_possible(store: &Store) {
    let org = store.org("acme");
    let guest = org
        .guest("auditor")
        .of_guest(|guest| {
            guest.expiry_due_at = None;
            guest.reminders = ReminderTimes::NONE;
        })
        .save();
    assert_eq!(org.find(guest.id), Some(guest));
}

fn clearing_every_optional_field_of_a_guest_is_saved(store: &Store) {
    let org = store.org("acme");
    let sponsor = org.standard_user("sponsor").save();
    let mut guest = org
        .guest("auditor")
        .claimed()
        .revoked()
        .sponsored_by(sponsor.id)
        .in_role(org.role("Head", None))
        .on_license(org.license("Basic", 3))
        .known_as("x")
        .save();
    let bare = org
        .guest("auditor")
        .of_guest(|guest| guest.expiry_due_at = None)
        .build();
    guest.role_id = None;
    guest.license_id = None;
    guest.external_id = None;
    guest.claimed_at = None;
    guest.details = bare.details;
    store.write(org.id, |tx| users::save(tx, org.id, &mut guest, NOW));
    assert_eq!(org.find(guest.id), Some(guest));
}

fn many_users_are_found_in_one_go(store: &Store) {
    let org = store.org("acme");
    let elsewhere = store.org("other").guest("stranger").save();
    let guests: Vec<_> = (0..1_010)
        .map(|n| org.guest(&format!("guest{n}")).build())
        .collect();
    store.write(org.id, |tx| {
        guests
            .iter()
            .try_for_each(|guest| users::insert(tx, org.id, guest))
    });
    let mut ids: Vec<_> = guests.iter().map(|guest| guest.id).collect();
    ids.extend([elsewhere.id, fresh()]);
    let mut found = store.read(|tx| users::find_many(tx, org.id, &ids));
    found.sort_by_key(|user| user.id);
    assert_eq!(found, guests);
    assert_eq!(store.read(|tx| users::find_many(tx, org.id, &[])), []);
}

fn members_and_children_move_together(store: &Store) {
    let org = store.org("acme");
    let (head, left, right) = (
        org.role("Head", None),
        org.role("Left", None),
        org.role("Right", None),
    );
    let child = org.role("Child", Some(left));
    let members = ["a", "b"].map(|name| org.guest(name).in_role(left).save());
    let moved = store.write(org.id, |tx| {
        let children = roles::move_children(tx, org.id, left, Some(head))?;
        let members = users::move_role_members(tx, org.id, left, Some(right))?;
        roles::delete(tx, org.id, left)?;
        Ok((children, members))
    });
    assert_eq!(
        moved,
        (vec![child], members.iter().map(|member| member.id).collect())
    );
    let child = store.read(|tx| roles::find(tx, org.id, child)).unwrap();
    assert_eq!((child.parent_id, child.version), (Some(head), 2));
    for member in members {
        let member = org.find(member.id).unwrap();
        assert_eq!((member.role_id, member.version), (Some(right), 2));
    }
    assert_eq!(store.read(|tx| roles::count_users(tx, org.id, right)), 2);
    assert_eq!(
        store
            .write(org.id, |tx| users::move_role_members(tx, org.id, right, None))
            .len(),
        2
    );
}

fn users_are_counted_by_role_and_by_profile(store: &Store) {
    let org = store.org("acme");
    let [left, right, empty] = ["Left", "Right", "Empty"].map(|name| org.role(name, None));
    let staff = org.profile("Staff");
    org.guest("a").in_role(left).save();
    org.guest("b").in_role(left).on_profile(staff).save();
    org.standard_user("c").in_role(right).deactivated().save();
    org.standard_user("nobody's").save();
    let gone = org.guest("gone").in_role(right).on_profile(staff).save();
    store.write(org.id, |tx| users::bury(tx, org.id, &gone, NOW));
    let by_role = store.read(|tx| roles::user_counts(tx, org.id, [left, right, empty, fresh()]));
    assert_eq!(by_role, HashMap::from([(left, 2), (right, 1)]));
    let by_profile = store.read(|tx| profiles::user_counts(tx, org.id, [staff, org.default, org.admin]));
    assert_eq!(by_profile, HashMap::from([(staff, 1), (org.default, 3)]));
    assert!(store.read(|tx| roles::user_counts(tx, org.id, [])).is_empty());
    let elsewhere = store.org("two").id;
    assert!(
        store
            .read(|tx| roles::user_counts(tx, elsewhere, [left]))
            .is_empty()
    );
}

fn a_credential_comes_back_and_counts_failures(store: &Store) {
    let org = store.org("acme");
    let user = org.standard_user("ann").save();
    let find = || store.read(|tx| credentials::find(tx, org.id, user.id));
    assert!(find().is_none());
    assert_eq!(
        store.in_turns(|tx| credentials::count_failure(tx, org.id, user.id)),
        None
    );

    let secret = SecretString::from("$2b$12$first");
    store.write(org.id, |tx| {
        credentials::set_password(tx, org.id, user.id, &secret, NOW)
    });
    assert_eq!(
        store.in_turns(|tx| credentials::count_failure(tx, org.id, user.id)),
        Some(1)
    );
    assert_eq!(
        store.in_turns(|tx| credentials::count_failure(tx, org.id, user.id)),
        Some(2)
    );
    let found = find().unwrap();
    assert_eq!(found.password_hash.expose_secret(), "$2b$12$first");
    assert_eq!(
        (found.changed_at, found.failed_attempts, found.locked_until),
        (NOW, 2, None)
    );

    store.in_turns(|tx| credentials::set_lock(tx, org.id, user.id, Some(NOW + Duration::minutes(5))));
    let found = find().unwrap();
    assert_eq!(
        (found.failed_attempts, found.locked_until),
        (0, Some(NOW + Duration::minutes(5)))
    );
    let other = org.standard_user("bob").save();
    let elsewhere = store.org("two").id;
    let locks = |org, now| store.read(|tx| credentials::locks(tx, org, &[other.id, user.id], now));
    let end = NOW + Duration::minutes(5);
    assert_eq!(locks(org.id, NOW), HashMap::from([(user.id, end)]));
    assert!(found.is_locked(end - Duration::MICROSECOND) && !found.is_locked(end));
    assert_eq!(locks(org.id, end - Duration::MICROSECOND).len(), 1);
    assert!(locks(org.id, end).is_empty() && locks(elsewhere, NOW).is_empty());

    let secret = SecretString::from("$2b$12$second");
    let later = NOW + Duration::HOUR;
    store.write(org.id, |tx| {
        credentials::set_password(tx, org.id, user.id, &secret, later)
    });
    let found = find().unwrap();
    assert_eq!(found.password_hash.expose_secret(), "$2b$12$second");
    assert_eq!(
        (found.changed_at, found.failed_attempts, found.locked_until),
        (later, 0, None)
    );
    store.write(org.id, |tx| credentials::delete(tx, org.id, user.id));
    assert!(find().is_none());
}

fn a_session_comes_back_and_ends(store: &Store) {
    let org = store.org("acme");
    let user = org.standard_user("ann").save();
    let [one, two, three] = ["one", "two", "three"].map(|token| org.session_of(&user, token));
    store.in_turns(|tx| {
        [&one, &two, &three]
            .into_iter()
            .try_for_each(|s| sessions::insert(tx, org.id, s))
    });
    let find = |token: &str| store.read(|tx| sessions::find_by_token(tx, org.id, &hash(token)));
    assert_eq!(find("one"), Some(one.clone()));
    assert_eq!(find("four"), None);
    let elsewhere = store.org("other");
    assert_eq!(
        store.read(|tx| sessions::find_by_token(tx, elsewhere.id, &hash("one"))),
        None
    );

    assert!(store.in_turns(|tx| sessions::delete(tx, org.id, one.id)));
    assert!(!store.in_turns(|tx| sessions::delete(tx, org.id, one.id)));
    assert_eq!(
        store.in_turns(|tx| sessions::delete_of_user(tx, org.id, user.id, Some(three.id))),
        1
    );
    assert_eq!((find("two"), find("three")), (None, Some(three)));
    assert_eq!(
        store.in_turns(|tx| sessions::delete_of_user(tx, org.id, user.id, None)),
        1
    );
}

fn tokens_of_users_and_services_come_back(store: &Store) {
    let org = store.org("acme");
    let user = org.standard_user("ann").save();
    let of_user = ApiToken {
        id: fresh(),
        owner: TokenOwner::User {
            id: user.id,
            access_epoch: 4,
        },
        name: "Läptop".to_owned(),
        scopes: Scopes::READ_WRITE,
        token_hash: hash("one"),
        created_by: Some(user.id),
        created_at: NOW,
        expires_at: Some(NOW + Duration::HOUR),
    };
    let of_service = ApiToken {
        id: fresh(),
        owner: TokenOwner::Service,
        scopes: [
            Scope::Pdp,
            Scope::ActAs,
            Scope::Scim,
            Scope::PolicyExport,
            Scope::Events,
        ]
        .into_iter()
        .collect(),
        token_hash: hash("two"),
        created_by: None,
        expires_at: None,
        ..of_user.clone()
    };
    for token in [&of_user, &of_service] {
        store.write(org.id, |tx| api_tokens::insert(tx, org.id, token));
        assert_eq!(
            store.read(|tx| api_tokens::find(tx, org.id, token.id)),
            Some(token.clone())
        );
        let by_token = store.read(|tx| api_tokens::find_by_token(tx, org.id, &token.token_hash));
        assert_eq!(by_token, Some(token.clone()));
    }
    let count = |of_user, and_services| {
        let filter = ApiTokenFilter {
            of_user,
            and_services,
        };
        store.read(|tx| api_tokens::count(tx, org.id, &filter))
    };
    let stranger = org.standard_user("bob").save().id;
    assert_eq!(count(None, false), 2);
    assert_eq!((count(Some(user.id), false), count(Some(user.id), true)), (1, 2));
    assert_eq!(
        (count(Some(stranger), false), count(Some(stranger), true)),
        (0, 1)
    );
    assert_eq!(
        store.write(org.id, |tx| api_tokens::delete_of_user(tx, org.id, user.id)),
        1
    );
    store.write(org.id, |tx| api_tokens::delete(tx, org.id, of_service.id));
    assert_eq!(count(None, true), 0);
}

fn a_link_comes_back_for_its_purpose_only(store: &Store) {
    let org = store.org("acme");
    let guest = org.guest("auditor").save();
    let mut link = org.link_for(&guest, "token");
    link.purpose = LinkPurpose::PasswordReset;
    link.access_epoch = 5;
    link.link_epoch = 6;
    store.write(org.id, |tx| one_time_links::insert(tx, org.id, &link));
    let find = |purpose| store.read(|tx| one_time_links::find_by_token(tx, org.id, purpose, &hash("token")));
    assert_eq!(find(LinkPurpose::Claim), None);
    assert_eq!(find(LinkPurpose::PasswordReset), Some(link.clone()));
    assert!(store.write(org.id, |tx| one_time_links::consume(tx, org.id, link.id, NOW)));
    assert!(!store.write(org.id, |tx| one_time_links::consume(tx, org.id, link.id, NOW)));
    link.used_at = Some(NOW);
    assert_eq!(find(LinkPurpose::PasswordReset), Some(link));
    assert_eq!(
        store.write(org.id, |tx| one_time_links::delete_of_user(tx, org.id, guest.id)),
        1
    );
}

fn an_answer_is_kept_until_it_expires(store: &Store) {
    let org = store.org("acme");
    let scope = IdempotencyScope {
        org: org.id,
        actor: fresh::<Uuid>(),
        route: "POST /api/v1/guests".to_owned(),
        key_hash: hash("key"),
    };
    let answer = StoredAnswer {
        body_hash: hash("body"),
        sealed: vec![0, 255, 1],
    };
    let end = NOW + Duration::DAY;
    assert!(store.in_turns(|tx| idempotency::take(tx, &scope)));
    assert_eq!(store.in_turns(|tx| idempotency::find(tx, &scope, NOW)), None);
    store.in_turns(|tx| idempotency::store(tx, &scope, &answer, NOW, end));
    let just_before = end - Duration::MICROSECOND;
    assert_eq!(
        store.in_turns(|tx| idempotency::find(tx, &scope, just_before)),
        Some(answer)
    );
    assert_eq!(store.in_turns(|tx| idempotency::find(tx, &scope, end)), None);
    for other in [
        IdempotencyScope {
            actor: fresh(),
            ..scope.clone()
        },
        IdempotencyScope {
            route: "POST /api/v1/roles".to_owned(),
            ..scope.clone()
        },
        IdempotencyScope {
            key_hash: hash("other"),
            ..scope.clone()
        },
    ] {
        assert_eq!(store.in_turns(|tx| idempotency::find(tx, &other, NOW)), None);
    }

    let newer = StoredAnswer {
        body_hash: hash("other body"),
        sealed: Vec::new(),
    };
    store.in_turns(|tx| idempotency::store(tx, &scope, &newer, end, end + Duration::DAY));
    assert_eq!(
        store.in_turns(|tx| idempotency::find(tx, &scope, end)),
        Some(newer)
    );
}

fn a_server_secret_is_made_once(store: &Store) {
    let load = |name: &str| server_secrets::load_or_create(&store.database, name).unwrap();
    let threads = 8;
    let start = std::sync::Barrier::new(threads);
    let keys: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    load("cursors").expose_secret().to_vec()
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| key.len() == 32 && *key == keys[0]));
    assert_ne!(load("emails").expose_secret(), keys[0]);
}
