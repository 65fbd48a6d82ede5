//! What the database itself refuses: duplicates, references across orgs, changes to rows that have moved on.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use vestibule_guest_lifecycle::OrgSlug;
use vestibule_persistence::api_tokens::{self, ApiToken, Scopes, TokenOwner};
use vestibule_persistence::orgs;
use vestibule_persistence::roles::{self, Role};
use vestibule_persistence::{
    StoreError, UniqueRule, credentials, licenses, one_time_links, outbox, profiles, sessions, users,
};

use crate::builders::{
    NOW, OrgIn, fresh, hash, insert_user, plain_license, plain_org, plain_profile, plain_role,
};
use crate::store::Store;

on_both_databases!(
    every_unique_rule_is_named,
    the_same_values_are_free_in_another_org,
    names_are_unique_whatever_their_case,
    nothing_refers_into_another_org,
    not_even_by_hand,
    what_is_referred_to_is_not_deleted,
    a_guest_must_have_an_end_and_a_standard_user_none,
    saving_what_changed_meanwhile_is_busy,
);

fn rule(result: Result<(), StoreError>) -> UniqueRule {
    match result {
        Err(StoreError::Unique(rule)) => rule,
        other => panic!("not refused for uniqueness: {other:?}"),
    }
}

fn every_unique_rule_is_named(store: &Store) {
    let org = store.org("acme");
    let ann = org.standard_user("ann").known_as("x-1").save();
    let role = Role {
        external_id: Some("r-1".to_owned()),
        ..plain_role("Head", None)
    };
    let (license, session) = (plain_license("Basic", 1), org.session_of(&ann, "token"));
    let link = org.link_for(&ann, "token");
    store.write(org.id, |tx| {
        roles::insert(tx, org.id, &role)?;
        licenses::insert(tx, org.id, &license)?;
        sessions::insert(tx, org.id, &session)?;
        one_time_links::insert(tx, org.id, &link)
    });
    let write = |work: &dyn Fn(&mut vestibule_persistence::WriteTx<'_>) -> Result<(), StoreError>| {
        rule(store.try_write(org.id, |tx| work(tx)))
    };

    assert_eq!(
        write(&|tx| orgs::insert(tx, &plain_org("acme"))),
        UniqueRule::OrgSlug
    );
    let mut other = store.read(|tx| orgs::find(tx, store.org("other").id)).unwrap();
    other.slug = OrgSlug::parse("acme").unwrap();
    let renamed = store.try_write(other.id, |tx| orgs::save(tx, &mut other.clone(), NOW));
    assert_eq!(rule(renamed), UniqueRule::OrgSlug);

    let same_email = org.guest("ann").build();
    assert_eq!(
        write(&|tx| users::insert(tx, org.id, &same_email)),
        UniqueRule::UserEmail
    );
    let same_external = org.guest("bob").known_as("x-1").build();
    assert_eq!(
        write(&|tx| users::insert(tx, org.id, &same_external)),
        UniqueRule::ExternalId
    );
    let same_id = org.guest("bob").with(|user| user.id = ann.id).build();
    assert_eq!(
        write(&|tx| users::insert(tx, org.id, &same_id)),
        UniqueRule::Other
    );
    let bob = org.standard_user("bob").save();
    let becomes_ann = |tx: &mut vestibule_persistence::WriteTx<'_>| {
        let mut bob = bob.clone();
        bob.email_canonical.clone_from(&ann.email_canonical);
        users::save(tx, org.id, &mut bob, NOW)
    };
    assert_eq!(write(&becomes_ann), UniqueRule::UserEmail);

    let same_external = Role {
        id: fresh(),
        ..role.clone()
    };
    assert_eq!(
        write(&|tx| roles::insert(tx, org.id, &same_external)),
        UniqueRule::ExternalId
    );
    assert_eq!(
        write(&|tx| profiles::insert(tx, org.id, &plain_profile(fresh(), "Admin"))),
        UniqueRule::Name
    );
    assert_eq!(
        write(&|tx| licenses::insert(tx, org.id, &plain_license("Basic", 2))),
        UniqueRule::Name
    );
    let same_token = sessions::Session {
        id: fresh(),
        ..session.clone()
    };
    assert_eq!(
        write(&|tx| sessions::insert(tx, org.id, &same_token)),
        UniqueRule::Other
    );
    let same_token = one_time_links::OneTimeLink {
        id: fresh(),
        ..link.clone()
    };
    assert_eq!(
        write(&|tx| one_time_links::insert(tx, org.id, &same_token)),
        UniqueRule::Other
    );
}

fn the_same_values_are_free_in_another_org(store: &Store) {
    for slug in ["one", "two"] {
        let org = store.org(slug);
        let ann = org.standard_user("ann").known_as("x-1").save();
        org.license("Basic", 1);
        org.profile("Staff");
        let session = org.session_of(&ann, "token");
        store.write(org.id, |tx| {
            roles::insert(
                tx,
                org.id,
                &Role {
                    external_id: Some("r".to_owned()),
                    ..plain_role("Head", None)
                },
            )?;
            sessions::insert(tx, org.id, &session)
        });
    }
    // Nor do names of roles have to differ within one org.
    let org = store.org("three");
    org.role("Head", None);
    org.role("Head", None);
}

fn names_are_unique_whatever_their_case(store: &Store) {
    let org = store.org("acme");
    org.license("ÄRZTE Basic", 1);
    let same = store.try_write(org.id, |tx| {
        licenses::insert(tx, org.id, &plain_license(" ärzte basic ", 1))
    });
    assert_eq!(rule(same), UniqueRule::Name);
    let same = store.try_write(org.id, |tx| {
        profiles::insert(tx, org.id, &plain_profile(fresh(), "aDMIN"))
    });
    assert_eq!(rule(same), UniqueRule::Name);
}

fn is_reference(result: &Result<(), StoreError>) -> bool {
    matches!(result, Err(StoreError::Reference))
}

fn nothing_refers_into_another_org(store: &Store) {
    let (home, away) = (store.org("home"), store.org("away"));
    let stranger = away.standard_user("stranger").save();
    let (role, license, profile) = (
        away.role("Head", None),
        away.license("Basic", 9),
        away.profile("Staff"),
    );

    let users = [
        home.guest("a").in_role(role),
        home.guest("b").on_license(license),
        home.guest("c").on_profile(profile),
        home.guest("d").sponsored_by(stranger.id),
        home.guest("e").revoked().of_guest(|guest| {
            if let Some(revocation) = &mut guest.revocation {
                revocation.by = Some(stranger.id);
            }
        }),
    ];
    for user in users {
        let user = user.build();
        let result = store.try_write(home.id, |tx| insert_user(tx, home.id, &user));
        assert!(is_reference(&result), "{}: {result:?}", user.email);
    }

    let ann = home.standard_user("ann").save();
    let write =
        |what: &str, work: &dyn Fn(&mut vestibule_persistence::WriteTx<'_>) -> Result<(), StoreError>| {
            let result = store.try_write(home.id, |tx| work(tx));
            assert!(is_reference(&result), "{what}: {result:?}");
        };
    write("saved role", &|tx| {
        let mut ann = ann.clone();
        ann.role_id = Some(role);
        users::save(tx, home.id, &mut ann, NOW)
    });
    write("parent", &|tx| {
        roles::insert(tx, home.id, &plain_role("Below", Some(role)))
    });
    write("moved members", &|tx| {
        let own = plain_role("Own", None);
        roles::insert(tx, home.id, &own)?;
        users::insert(tx, home.id, &home.guest("member").in_role(own.id).build())?;
        users::move_role_members(tx, home.id, own.id, Some(role)).map(drop)
    });
    write("session", &|tx| {
        sessions::insert(tx, home.id, &home.session_of(&stranger, "t"))
    });
    write("link", &|tx| {
        one_time_links::insert(tx, home.id, &home.link_for(&stranger, "t"))
    });
    write("mail", &|tx| outbox::queue(tx, &home.mail_to(&stranger)));
    write("credential", &|tx| {
        credentials::set_password(tx, home.id, stranger.id, &"hash".into(), NOW)
    });
    for (owner, created_by) in [
        (
            TokenOwner::User {
                id: stranger.id,
                access_epoch: 1,
            },
            None,
        ),
        (TokenOwner::Service, Some(stranger.id)),
    ] {
        write("token", &|tx| {
            let token = ApiToken {
                id: fresh(),
                owner,
                name: "t".to_owned(),
                scopes: Scopes::READ_WRITE,
                token_hash: hash("t"),
                created_by,
                created_at: NOW,
                expires_at: None,
            };
            api_tokens::insert(tx, home.id, &token)
        });
    }
    write("audit of an unknown org", &|tx| {
        let mut event = home.event("test.nowhere");
        event.org = fresh();
        tx.audit(event);
        Ok(())
    });
}

fn not_even_by_hand(store: &Store) {
    let (home, away) = (store.org("home"), store.org("away"));
    let stranger = away.standard_user("stranger").save();
    let guest = home.guest("auditor").save();
    let head = away.role("Head", None);
    let session = home.session_of(&guest, "token");
    store.in_turns(|tx| sessions::insert(tx, home.id, &session));
    let id = |id: uuid::Uuid| store.place.id(id);
    let of = |org: &OrgIn<'_>| id(org.id.into());
    for sql in [
        format!(
            "UPDATE users SET sponsor_id = {} WHERE id = {}",
            id(stranger.id.into()),
            id(guest.id.into())
        ),
        format!(
            "UPDATE users SET role_id = {} WHERE id = {}",
            id(head.into()),
            id(guest.id.into())
        ),
        format!(
            "UPDATE users SET profile_id = {} WHERE id = {}",
            id(away.default.into()),
            id(guest.id.into())
        ),
        format!(
            "UPDATE users SET org_id = {} WHERE id = {}",
            of(&away),
            id(guest.id.into())
        ),
        format!(
            "UPDATE sessions SET org_id = {} WHERE id = {}",
            of(&away),
            id(session.id.into())
        ),
        format!(
            "UPDATE sessions SET user_id = {} WHERE id = {}",
            id(stranger.id.into()),
            id(session.id.into())
        ),
    ] {
        let refused = store.place.try_sql(&sql);
        let kind = DatabaseErrorKind::ForeignKeyViolation;
        assert!(
            matches!(&refused, Err(DieselError::DatabaseError(k, _)) if format!("{k:?}") == format!("{kind:?}")),
            "{sql}: {refused:?}"
        );
    }
}

fn what_is_referred_to_is_not_deleted(store: &Store) {
    let org = store.org("acme");
    let (head, license, profile) = (
        org.role("Head", None),
        org.license("Basic", 1),
        org.profile("Staff"),
    );
    let parent = org.role("Parent", None);
    org.role("Child", Some(parent));
    org.guest("auditor")
        .in_role(head)
        .on_license(license)
        .on_profile(profile)
        .save();
    let refused = [
        store.try_write(org.id, |tx| roles::delete(tx, org.id, head)),
        store.try_write(org.id, |tx| roles::delete(tx, org.id, parent)),
        store.try_write(org.id, |tx| licenses::delete(tx, org.id, license)),
        store.try_write(org.id, |tx| profiles::delete(tx, org.id, profile)),
    ];
    for result in refused {
        assert!(is_reference(&result), "{result:?}");
    }
    assert!(store.read(|tx| licenses::is_assigned(tx, org.id, license)));
}

fn a_guest_must_have_an_end_and_a_standard_user_none(store: &Store) {
    let org = store.org("acme");
    let (ann, guest) = (org.standard_user("ann").save(), org.guest("auditor").save());
    let (ann, guest) = (store.place.id(ann.id), store.place.id(guest.id));
    for sql in [
        format!("UPDATE users SET access_ends_at = NULL WHERE id = {guest}"),
        format!("UPDATE users SET access_ends_on = NULL WHERE id = {guest}"),
        format!("UPDATE users SET deactivated_at = created_at WHERE id = {guest}"),
        format!("UPDATE users SET kind = 1 WHERE id = {guest}"),
        format!("UPDATE users SET kind = 2 WHERE id = {ann}"),
        format!("UPDATE users SET revoked_at = created_at WHERE id = {ann}"),
        format!("UPDATE users SET sponsor_id = id WHERE id = {ann}"),
        format!("UPDATE users SET email = NULL WHERE id = {ann}"),
        format!("UPDATE users SET profile_id = NULL WHERE id = {ann}"),
    ] {
        assert!(store.place.try_sql(&sql).is_err(), "{sql}");
    }
}

fn saving_what_changed_meanwhile_is_busy(store: &Store) {
    let org = store.org("acme");
    let acme = store.read(|tx| orgs::find(tx, org.id)).unwrap();
    let (role, license, profile) = (
        org.role("Head", None),
        org.license("Basic", 1),
        org.profile("Staff"),
    );
    let role = store.read(|tx| roles::find(tx, org.id, role)).unwrap();
    let license = store.read(|tx| licenses::find(tx, org.id, license)).unwrap();
    let profile = store.read(|tx| profiles::find(tx, org.id, profile)).unwrap();
    let guest = org.guest("auditor").save();
    let save_all = || {
        [
            store.try_write(org.id, |tx| orgs::save(tx, &mut acme.clone(), NOW)),
            store.try_write(org.id, |tx| roles::save(tx, org.id, &mut role.clone(), NOW)),
            store.try_write(org.id, |tx| licenses::save(tx, org.id, &mut license.clone(), NOW)),
            store.try_write(org.id, |tx| profiles::save(tx, org.id, &mut profile.clone(), NOW)),
            store.try_write(org.id, |tx| users::save(tx, org.id, &mut guest.clone(), NOW)),
        ]
    };
    for (n, saved) in save_all().into_iter().enumerate() {
        assert!(saved.is_ok(), "{n}: {saved:?}");
    }
    for (n, stale) in save_all().into_iter().enumerate() {
        assert!(matches!(stale, Err(StoreError::Busy)), "{n}: {stale:?}");
    }
}
