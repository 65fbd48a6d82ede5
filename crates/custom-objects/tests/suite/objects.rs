//! Making objects and changing them.

use vestibule_access_control::ObjectId;
use vestibule_custom_objects::{
    FieldChange, FieldChanged, FieldDraft, FieldKey, FieldNumber, FieldType, Object, ObjectRefused, Switched,
    Value, Values,
};

use crate::builders::{CREATOR, at, codes, draft, object, owning, raw, unique};

fn refusals(drafts: Vec<FieldDraft>) -> Vec<ObjectRefused> {
    Object::new(ObjectId::from_u128(1), "deal", "Deal", "Deals", drafts).unwrap_err()
}

fn keys(object: &Object) -> Vec<&str> {
    object.fields().iter().map(|field| field.key.as_str()).collect()
}

fn with_default(draft: FieldDraft, json: &str) -> FieldDraft {
    FieldDraft {
        default: Some(raw(json)),
        ..draft
    }
}

#[test]
fn every_problem_of_a_new_object_is_told_with_its_place() {
    let drafts = vec![
        draft("name", FieldType::Text),
        FieldDraft {
            unique: true,
            represents_ownership: true,
            ..draft("done", FieldType::Boolean)
        },
        FieldDraft {
            label: " ".into(),
            help: Some("x".repeat(2_001)),
            ..draft("owners", FieldType::Text)
        },
        draft("name", FieldType::Date),
        FieldDraft {
            options: None,
            ..draft("stage", FieldType::Choice)
        },
        FieldDraft {
            object: None,
            ..draft("parent", FieldType::Record)
        },
        with_default(draft("due", FieldType::Date), "\"tomorrow\""),
        FieldDraft {
            object: Some(ObjectId::from_u128(1)),
            options: Some(vec![]),
            ..draft("note", FieldType::Text)
        },
        with_default(
            draft("by", FieldType::User),
            "\"0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3\"",
        ),
    ];
    let problems = Object::new(ObjectId::from_u128(1), "Deal", "", "Deals\u{202e}", drafts).unwrap_err();
    let expected = [
        at("/key", "invalid_key"),
        at("/singular", "required"),
        at("/plural", "invalid_text"),
        at("/fields/1/unique", "unique_not_for_type"),
        at("/fields/1/represents_ownership", "ownership_not_for_type"),
        at("/fields/2/key", "invalid_key"),
        at("/fields/2/label", "required"),
        at("/fields/2/help", "too_long"),
        at("/fields/3/key", "field_key_taken"),
        at("/fields/4/options", "options_needed"),
        at("/fields/5/object", "object_needed"),
        at("/fields/6/default", "invalid_date"),
        at("/fields/7/options", "options_not_for_type"),
        at("/fields/7/object", "object_not_for_type"),
        at("/fields/8/default", "default_not_for_type"),
    ];
    assert_eq!(codes(&problems), expected);
}

#[test]
fn fields_are_numbered_from_1_and_no_number_is_given_twice() {
    let mut deal = object(vec![draft("a", FieldType::Text), draft("b", FieldType::Text)]);
    assert_eq!(deal.next_field(), FieldNumber::new(3));
    assert_eq!(deal.remove_field("b").unwrap().number, FieldNumber::new(2));
    assert_eq!(
        deal.add_field(draft("b", FieldType::Date)),
        Ok(FieldNumber::new(3))
    );
    assert_eq!(deal.field("b").unwrap().number, FieldNumber::new(3));
    assert_eq!(deal.field_numbered(FieldNumber::new(2)), None);
}

#[test]
fn an_object_has_at_most_100_fields_of_which_10_are_users() {
    let texts = |count: usize| {
        (0..count)
            .map(|number| draft(&format!("f{number}"), FieldType::Text))
            .collect::<Vec<_>>()
    };
    let mut full = object(texts(100));
    assert_eq!(
        codes(&full.add_field(draft("more", FieldType::Text)).unwrap_err()),
        [at("", "too_many_fields")]
    );
    assert_eq!(
        codes(&refusals(texts(5_000))),
        [at("/fields/100", "too_many_fields")]
    );

    let users = |count: usize| {
        (0..count)
            .map(|number| draft(&format!("u{number}"), FieldType::User))
            .collect::<Vec<_>>()
    };
    let mut many = object(users(10));
    assert_eq!(
        codes(&many.add_field(owning("more")).unwrap_err()),
        [at("/type", "too_many_user_fields")]
    );
    assert!(many.add_field(draft("more", FieldType::Text)).is_ok());
    assert_eq!(
        codes(&refusals(users(11))),
        [at("/fields/10/type", "too_many_user_fields")]
    );
}

#[test]
fn a_refused_field_leaves_the_object_as_it_was() {
    let mut deal = object(vec![draft("name", FieldType::Text)]);
    let before = deal.clone();
    assert!(deal.add_field(draft("name", FieldType::Text)).is_err());
    assert!(deal.add_field(draft("Name", FieldType::Text)).is_err());
    let change = FieldChange {
        label: Some("New".into()),
        unique: Some(true),
        key: Some("x".into()),
        ..FieldChange::default()
    };
    assert!(deal.change_field("name", change).is_err());
    assert!(deal.relabel(Some("New"), Some("")).is_err());
    assert!(deal.reorder(&[]).is_err());
    assert_eq!(deal, before);
}

#[test]
fn the_only_ownership_field_stays_until_ownership_is_switched_off() {
    let mut deal = object(vec![
        owning("owner"),
        owning("backup"),
        draft("by", FieldType::User),
    ]);
    assert_eq!(deal.remove_field("backup").unwrap().key.as_str(), "backup");
    assert!(deal.remove_field("by").is_ok(), "a user who owns nothing");
    assert_eq!(
        deal.remove_field("owner").unwrap_err().code(),
        "last_ownership_field"
    );

    let change = FieldChange {
        represents_ownership: Some(false),
        ..FieldChange::default()
    };
    let outcome = deal.change_field("owner", change).unwrap();
    assert_eq!((outcome.changed, outcome.ownership), (true, Some(Switched::Off)));
    assert!(!deal.is_ownable());
    assert!(deal.remove_field("owner").is_ok());
    assert_eq!(deal.remove_field("owner").unwrap_err().code(), "unknown_field");
}

#[test]
fn owners_are_the_union_of_the_ownership_fields() {
    let deal = object(vec![
        owning("owner"),
        draft("by", FieldType::User),
        owning("backup"),
        owning("third"),
    ]);
    let (low, high) = (CREATOR, vestibule_access_control::UserId::from_u128(0xFFFF_FFFF));
    let number = |key: &str| deal.field(key).unwrap().number;
    let mut values = Values::new();
    assert_eq!(deal.owners_of(&values), [], "unowned");
    values.set(number("by"), Value::User(low));
    assert_eq!(deal.owners_of(&values), [], "a user who doesn't own");
    values.set(number("owner"), Value::User(high));
    values.set(number("backup"), Value::User(low));
    values.set(number("third"), Value::User(high));
    assert_eq!(deal.owners_of(&values), [low, high], "each once, by id");

    let earlier = deal.clone().with_ownership(&[number("by")]);
    assert_eq!(earlier.owners_of(&values), [low]);
    assert_eq!(
        earlier
            .ownership_fields()
            .map(|field| field.key.as_str())
            .collect::<Vec<_>>(),
        ["by"]
    );
}

#[test]
fn key_type_and_object_of_a_field_are_fixed_but_may_be_repeated() {
    let mut deal = object(vec![
        draft("stage", FieldType::Choice),
        draft("parent", FieldType::Record),
    ]);
    let repeated = FieldChange {
        key: Some("parent".into()),
        field_type: Some(FieldType::Record),
        object: Some(Some(ObjectId::from_u128(9))),
        options: Some(None),
        represents_ownership: Some(false),
        unique: Some(false),
        default: Some(None),
        ..FieldChange::default()
    };
    assert!(!deal.change_field("parent", repeated).unwrap().changed);
    let wrong = FieldChange {
        key: Some("other".into()),
        field_type: Some(FieldType::Text),
        object: Some(Some(ObjectId::from_u128(1))),
        ..FieldChange::default()
    };
    let problems = deal.change_field("parent", wrong).unwrap_err();
    let expected = [
        at("/key", "key_fixed"),
        at("/type", "type_fixed"),
        at("/object", "object_fixed"),
    ];
    assert_eq!(codes(&problems), expected);
    let unknown = deal.change_field("nothing", FieldChange::default()).unwrap_err();
    assert_eq!(codes(&unknown), [at("", "unknown_field")]);
}

#[test]
fn a_change_tells_what_has_to_be_done_about_it() {
    let mut deal = object(vec![
        unique("code", FieldType::Text),
        draft("stage", FieldType::Choice),
        draft("by", FieldType::User),
    ]);
    let nothing = FieldChanged {
        number: FieldNumber::new(2),
        changed: true,
        options_removed: vec![],
        unique: None,
        ownership: None,
    };
    let options = |texts: &[&str]| FieldChange {
        options: Some(Some(texts.iter().map(|text| (*text).to_owned()).collect())),
        ..FieldChange::default()
    };
    let outcome = deal
        .change_field("stage", options(&["Open", "Won", "Lost, sadly", "New"]))
        .unwrap();
    assert_eq!(outcome, nothing);
    let outcome = deal.change_field("stage", options(&["New", "won"])).unwrap();
    let removed = ["Open", "Won", "Lost, sadly"].map(str::to_owned).to_vec();
    assert_eq!(
        outcome,
        FieldChanged {
            options_removed: removed,
            ..nothing.clone()
        }
    );

    let off = FieldChange {
        unique: Some(false),
        ..FieldChange::default()
    };
    let outcome = deal.change_field("code", off.clone()).unwrap();
    assert_eq!(outcome.unique, Some(Switched::Off));
    assert!(!deal.change_field("code", off).unwrap().changed);
    let on = FieldChange {
        unique: Some(true),
        ..FieldChange::default()
    };
    assert_eq!(deal.change_field("code", on).unwrap().unique, Some(Switched::On));

    let owns = FieldChange {
        represents_ownership: Some(true),
        ..FieldChange::default()
    };
    assert_eq!(
        deal.change_field("by", owns.clone()).unwrap().ownership,
        Some(Switched::On)
    );
    assert_eq!(
        codes(&deal.change_field("code", owns).unwrap_err()),
        [at("/represents_ownership", "ownership_not_for_type")]
    );
}

#[test]
fn labels_help_and_demands_of_a_field_can_be_changed() {
    let mut deal = object(vec![draft("name", FieldType::Text)]);
    let change = FieldChange {
        label: Some(" Name ".into()),
        help: Some(Some("Who?".into())),
        required: Some(true),
        default: Some(Some(raw("\"Nobody\""))),
        ..FieldChange::default()
    };
    assert!(deal.change_field("name", change).unwrap().changed);
    let name = deal.field("name").unwrap();
    assert_eq!(
        (name.label.as_str(), name.help.as_deref(), name.required),
        ("Name", Some("Who?"), true)
    );
    assert_eq!(name.default, Some(Value::Text("Nobody".into())));

    let cleared = FieldChange {
        help: Some(None),
        default: Some(None),
        ..FieldChange::default()
    };
    deal.change_field("name", cleared).unwrap();
    let name = deal.field("name").unwrap();
    assert_eq!((&name.help, &name.default, name.required), (&None, &None, true));
}

#[test]
fn a_default_that_stays_has_to_obey_the_rules_that_change() {
    let mut deal = object(vec![
        with_default(draft("stage", FieldType::Choice), "\"Open\""),
        with_default(draft("name", FieldType::Text), "\"\""),
    ]);
    let only_won = Some(Some(vec!["Won".to_owned()]));
    let change = FieldChange {
        options: only_won.clone(),
        ..FieldChange::default()
    };
    assert_eq!(
        codes(&deal.change_field("stage", change).unwrap_err()),
        [at("/options", "unknown_option")]
    );
    let change = FieldChange {
        options: only_won,
        default: Some(Some(raw("\"Won\""))),
        ..FieldChange::default()
    };
    assert!(deal.change_field("stage", change).is_ok());

    let change = FieldChange {
        required: Some(true),
        ..FieldChange::default()
    };
    assert_eq!(
        codes(&deal.change_field("name", change).unwrap_err()),
        [at("/default", "required")]
    );
}

#[test]
fn an_order_names_every_field_once() {
    let mut deal = object(["a", "b", "c"].map(|key| draft(key, FieldType::Text)).to_vec());
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|key| FieldKey::parse(key).unwrap());
    deal.reorder(&[c.clone(), a.clone(), b.clone()]).unwrap();
    assert_eq!(keys(&deal), ["c", "a", "b"]);
    for wrong in [
        vec![a.clone(), b.clone()],
        vec![a.clone(), b.clone(), b.clone()],
        vec![a, b, c, d],
    ] {
        assert_eq!(deal.reorder(&wrong).unwrap_err().code(), "incomplete_order");
    }
    assert_eq!(keys(&deal), ["c", "a", "b"]);
}

#[test]
fn an_object_reads_back_from_its_parts_unless_they_contradict_each_other() {
    let deal = object(vec![draft("a", FieldType::Text), draft("b", FieldType::Text)]);
    let read = |fields: Vec<_>, next| {
        Object::from_stored(
            deal.id(),
            deal.key().clone(),
            deal.singular().into(),
            deal.plural().into(),
            fields,
            next,
        )
    };
    assert_eq!(
        read(deal.fields().to_vec(), deal.next_field()).as_ref(),
        Some(&deal)
    );
    let twice = [deal.fields(), &deal.fields()[..1]].concat();
    assert_eq!(read(twice, deal.next_field()), None);
    assert_eq!(
        read(deal.fields().to_vec(), FieldNumber::new(2)),
        None,
        "a number yet to be given"
    );
}
