//! Objects, their fields, and what profiles permit with them.

use serde_json::value::RawValue;
use vestibule_access_control::{Action, Level, ObjectPermissions};
use vestibule_custom_objects::{FieldChange, FieldDraft, FieldType, Object};
use vestibule_persistence::ids::ObjectId;
use vestibule_persistence::object_permissions::{self, Cell};
use vestibule_persistence::objects::{self, ObjectSort, StoredObject, Tally};
use vestibule_persistence::{Direction, PageRequest, Position, StoreError, UniqueRule, profiles, records};

use crate::builders::{NOW, OrgIn, days, fresh};
use crate::record_world::World;
use crate::store::Store;

on_both_databases!(
    an_object_comes_back_as_it_was_written_and_as_it_was_saved,
    saving_never_changes_which_fields_mean_ownership,
    objects_are_listed_page_by_page,
    keys_are_unique_in_their_org_and_their_object,
    an_object_that_changed_meanwhile_is_not_saved,
    an_object_in_use_is_not_deleted,
    who_looks_up_an_object_is_told,
    permissions_are_set_listed_and_copied,
    a_deleted_profile_or_object_takes_its_permissions_along,
);

fn text(json: &str) -> Option<Box<RawValue>> {
    Some(RawValue::from_string(json.to_owned()).unwrap())
}

/// A field of every type, with everything that a field can have.
fn drafts(target: ObjectId) -> Vec<FieldDraft> {
    FieldType::ALL
        .into_iter()
        .map(|field_type| {
            let key = format!("a_{field_type}");
            FieldDraft {
                options: field_type
                    .has_options()
                    .then(|| vec!["Eins".to_owned(), "Zw\u{f6}lf \"12\"".to_owned()]),
                object: (field_type == FieldType::Record).then_some(target),
                represents_ownership: field_type == FieldType::User,
                required: field_type == FieldType::Text,
                unique: field_type == FieldType::Number,
                default: match field_type {
                    FieldType::Number => text("12.50"),
                    FieldType::MultiChoice => text("[\"Eins\"]"),
                    FieldType::Date => text("\"2026-03-14\""),
                    _ => None,
                },
                help: (field_type == FieldType::Url).then(|| "Where to read on".to_owned()),
                ..FieldDraft::new(&key, "Label \u{30ec}", field_type)
            }
        })
        .collect()
}

fn plain(org: &OrgIn<'_>, key: &str) -> StoredObject {
    let owner = FieldDraft {
        represents_ownership: true,
        ..FieldDraft::new("owner", "Owner", FieldType::User)
    };
    let name = FieldDraft::new("name", "Name", FieldType::Text);
    let object = Object::new(fresh(), key, "Thing", "Things", vec![owner, name]).unwrap();
    let stored = StoredObject::new(object, NOW);
    org.store.write(org.id, |tx| objects::insert(tx, org.id, &stored));
    stored
}

fn find(org: &OrgIn<'_>, key: &str) -> Option<StoredObject> {
    org.store.read(|tx| objects::find(tx, org.id, key))
}

fn an_object_comes_back_as_it_was_written_and_as_it_was_saved(store: &Store) {
    let org = store.org("acme");
    let target = plain(&org, "target");
    let object = Object::new(
        fresh(),
        "deal",
        "Gesch\u{e4}ft",
        "Gesch\u{e4}fte",
        drafts(target.object.id()),
    )
    .unwrap();
    let mut stored = StoredObject::new(object, NOW);
    store.write(org.id, |tx| objects::insert(tx, org.id, &stored));
    assert_eq!(find(&org, "deal"), Some(stored.clone()));
    assert_eq!(
        store.read(|tx| objects::find_by_id(tx, org.id, stored.object.id())),
        Some(stored.clone())
    );
    assert_eq!(
        store.read(|tx| objects::tally(tx, org.id, stored.object.id())),
        Some(Tally {
            records: 0,
            owners_version: 1
        })
    );

    stored.object.relabel(Some("Deal"), None).unwrap();
    let removed = stored.object.remove_field("a_text").unwrap();
    // The same key again, under another number.
    let again = stored
        .object
        .add_field(FieldDraft::new("a_text", "Another", FieldType::Date))
        .unwrap();
    assert!(again > removed.number);
    let label = FieldChange {
        label: Some("Amount".to_owned()),
        ..FieldChange::default()
    };
    stored.object.change_field("a_number", label).unwrap();
    let mut order: Vec<_> = stored
        .object
        .fields()
        .iter()
        .map(|field| field.key.clone())
        .collect();
    order.reverse();
    stored.object.reorder(&order).unwrap();
    store.write(org.id, |tx| objects::save(tx, org.id, &mut stored, NOW + days(1)));
    assert_eq!((stored.version, stored.updated_at), (2, NOW + days(1)));
    assert_eq!(find(&org, "deal"), Some(stored));

    assert_eq!(find(&org, "Deal"), None);
    assert_eq!(find(&org, "de\0al"), None);
    assert_eq!(
        store.read(|tx| objects::find(tx, fresh(), "deal")),
        None,
        "of another org"
    );
    assert_eq!(store.read(|tx| objects::tally(tx, org.id, fresh())), None);
}

fn saving_never_changes_which_fields_mean_ownership(store: &Store) {
    let org = store.org("acme");
    let mut stored = plain(&org, "deal");
    let second = FieldDraft {
        represents_ownership: true,
        ..FieldDraft::new("second", "Second", FieldType::User)
    };
    let second = stored.object.add_field(second).unwrap();
    let owner = stored.object.field("owner").unwrap().number;
    // Only the new field's flag is written: no record has a value there.
    stored.object = stored.object.with_ownership(&[second]);
    store.write(org.id, |tx| objects::save(tx, org.id, &mut stored, NOW));
    let flagged: Vec<_> = stored
        .object
        .ownership_fields()
        .map(|field| field.number)
        .collect();
    assert_eq!(flagged, [owner, second]);
    assert_eq!(find(&org, "deal"), Some(stored));

    let mut world = World::new(store, "busy", 1);
    world.insert(&[world.owned(None, None)]);
    world.object.object.remove_field("second").unwrap();
    let refused = store.try_write(world.org.id, |tx| {
        objects::save(tx, world.org.id, &mut world.object.clone(), NOW)
    });
    assert!(
        matches!(refused, Err(StoreError::Reference)),
        "its owners would change"
    );
}

fn objects_are_listed_page_by_page(store: &Store) {
    let org = store.org("acme");
    plain(&store.org("other"), "alien");
    let keys = ["zebra", "apple", "m_1", "m2"];
    for key in keys {
        plain(&org, key);
    }
    let sort = vec![(ObjectSort::Key, Direction::Ascending)];
    let mut page = PageRequest {
        sort,
        after: None,
        limit: 3,
    };
    let first = store.read(|tx| objects::list(tx, org.id, &page));
    let key = |stored: &StoredObject| stored.object.key().to_string();
    // By bytes: a digit comes before an underscore.
    assert_eq!(first.iter().map(key).collect::<Vec<_>>(), ["apple", "m2", "m_1"]);
    let last = first.last().unwrap();
    page.after = Some(Position {
        values: vec![ObjectSort::Key.value_of(last)],
        id: last.object.id().as_uuid(),
    });
    let second = store.read(|tx| objects::list(tx, org.id, &page));
    assert_eq!(second.iter().map(key).collect::<Vec<_>>(), ["zebra"]);
    assert_eq!(second[0].object.fields().len(), 2);

    let all = store.read(|tx| objects::all(tx, org.id));
    assert_eq!(all, [first, second].concat());
    assert_eq!(store.read(|tx| objects::count(tx, org.id)), 4);
    for sort in [ObjectSort::CreatedAt, ObjectSort::UpdatedAt] {
        let page = PageRequest {
            sort: vec![(sort, Direction::Descending)],
            after: None,
            limit: 10,
        };
        let listed = store.read(|tx| objects::list(tx, org.id, &page));
        assert_eq!(
            listed.iter().map(key).collect::<Vec<_>>(),
            ["m2", "m_1", "apple", "zebra"]
        );
    }
}

fn keys_are_unique_in_their_org_and_their_object(store: &Store) {
    let (org, other) = (store.org("acme"), store.org("other"));
    plain(&org, "deal");
    plain(&other, "deal");
    let twin = StoredObject::new(
        Object::new(fresh(), "deal", "Deal", "Deals", vec![]).unwrap(),
        NOW,
    );
    assert!(matches!(
        store.try_write(org.id, |tx| objects::insert(tx, org.id, &twin)),
        Err(StoreError::Unique(UniqueRule::ObjectKey))
    ));
    let same_key = store.place.try_sql("UPDATE object_fields SET key = 'same'");
    assert!(matches!(
        same_key.map_err(StoreError::from),
        Err(StoreError::Unique(UniqueRule::FieldKey))
    ));
}

fn an_object_that_changed_meanwhile_is_not_saved(store: &Store) {
    let org = store.org("acme");
    let mut stored = plain(&org, "deal");
    let mut late = stored.clone();
    store.write(org.id, |tx| objects::save(tx, org.id, &mut stored, NOW));
    let refused = store.try_write(org.id, |tx| objects::save(tx, org.id, &mut late, NOW));
    assert!(matches!(refused, Err(StoreError::Busy)));
    assert_eq!(late.version, 1);
}

fn an_object_in_use_is_not_deleted(store: &Store) {
    let world = World::new(store, "acme", 1);
    let record = world.owned(Some(world.users[0]), None);
    world.insert(std::slice::from_ref(&record));
    let id = world.object_id();
    let delete = || store.try_write(world.org.id, |tx| objects::delete(tx, world.org.id, id));
    assert!(matches!(delete(), Err(StoreError::Reference)));
    store.write(world.org.id, |tx| records::delete_all(tx, world.org.id, id));
    delete().unwrap();
    assert_eq!(find(&world.org, "deal"), None);
    let again = StoredObject::new(crate::record_world::deal(fresh()), NOW);
    store.write(world.org.id, |tx| objects::insert(tx, world.org.id, &again));
}

fn who_looks_up_an_object_is_told(store: &Store) {
    let org = store.org("acme");
    let target = plain(&org, "target").object.id();
    for key in ["b_deal", "a_deal"] {
        let mut fields = drafts(target);
        fields.push(FieldDraft {
            object: Some(target),
            ..FieldDraft::new("another", "Another", FieldType::Record)
        });
        let object = Object::new(fresh(), key, "Deal", "Deals", fields).unwrap();
        store.write(org.id, |tx| {
            objects::insert(tx, org.id, &StoredObject::new(object.clone(), NOW))
        });
    }
    assert_eq!(
        store.read(|tx| objects::referencing(tx, org.id, target)),
        ["a_deal", "b_deal"]
    );
    assert!(matches!(
        store.try_write(org.id, |tx| objects::delete(tx, org.id, target)),
        Err(StoreError::Reference)
    ));
    let unknown = Object::new(fresh(), "lost", "Lost", "Lost", drafts(fresh())).unwrap();
    assert!(matches!(
        store.try_write(org.id, |tx| {
            objects::insert(tx, org.id, &StoredObject::new(unknown.clone(), NOW))
        }),
        Err(StoreError::Reference)
    ));
}

fn permissions_are_set_listed_and_copied(store: &Store) {
    let org = store.org("acme");
    let [one, two] = ["one", "two"].map(|key| plain(&org, key).object.id());
    let (staff, copy) = (org.profile("Staff"), org.profile("Copy"));
    let some = ObjectPermissions {
        view: Level::Anyone,
        edit: Level::OwnPeersAndReports,
        delete: Level::OwnAndReports,
        create: Level::Own,
    };
    let set = |object, permissions| {
        store.write(org.id, |tx| {
            object_permissions::set(tx, org.id, staff, object, permissions, NOW)
        })
    };
    let find = |profile, object| store.read(|tx| object_permissions::find(tx, org.id, profile, object));
    assert_eq!(find(staff, one), None);
    assert_eq!(set(one, ObjectPermissions::NONE), 1);
    assert_eq!(set(one, some), 2);
    assert_eq!(set(two, some.with(Action::Edit, Level::None)), 1);
    let cell = Cell {
        profile: staff,
        object: one,
        permissions: some,
        version: 2,
        updated_at: NOW,
    };
    assert_eq!(find(staff, one), Some(cell.clone()));
    let of_staff = store.read(|tx| object_permissions::of_profile(tx, org.id, staff));
    assert_eq!(of_staff.len(), 2);
    assert_eq!(of_staff[0], cell);

    let version = store.read(|tx| tx.policy_version(org.id)).unwrap();
    store.write(org.id, |tx| {
        object_permissions::copy(tx, org.id, staff, copy, NOW)
    });
    assert_eq!(
        store.read(|tx| tx.policy_version(org.id)),
        Some(version + 1),
        "no caller has to say it"
    );
    let of_one = store.read(|tx| object_permissions::of_object(tx, org.id, one));
    assert_eq!(
        of_one
            .iter()
            .map(|cell| (cell.profile, cell.permissions))
            .collect::<Vec<_>>(),
        [(staff, some), (copy, some)]
    );
    assert!(matches!(
        store.try_write(org.id, |tx| object_permissions::set(
            tx,
            org.id,
            fresh(),
            one,
            some,
            NOW
        )),
        Err(StoreError::Reference)
    ));
}

fn a_deleted_profile_or_object_takes_its_permissions_along(store: &Store) {
    let org = store.org("acme");
    let [one, two] = ["one", "two"].map(|key| plain(&org, key).object.id());
    let [staff, temps] = ["Staff", "Temps"].map(|name| org.profile(name));
    for profile in [staff, temps] {
        for object in [one, two] {
            store.write(org.id, |tx| {
                object_permissions::set(tx, org.id, profile, object, ObjectPermissions::ANYONE, NOW)
            });
        }
    }
    store.write(org.id, |tx| profiles::delete(tx, org.id, temps));
    store.write(org.id, |tx| objects::delete(tx, org.id, two));
    let left = store.read(|tx| object_permissions::of_profile(tx, org.id, staff));
    assert_eq!(left.iter().map(|cell| cell.object).collect::<Vec<_>>(), [one]);
    assert_eq!(
        store
            .read(|tx| object_permissions::of_object(tx, org.id, one))
            .len(),
        1
    );
    assert_eq!(
        store.read(|tx| object_permissions::of_object(tx, org.id, two)),
        []
    );
}
