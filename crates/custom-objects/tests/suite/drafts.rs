//! New records and changes to records, as clients propose them.

use vestibule_access_control::UserId;
use vestibule_custom_objects::{FieldDraft, FieldRefused, FieldType, Object, Value, Values};

use crate::builders::{CREATOR, draft, given, object, owning, raw, required};

fn deal() -> Object {
    let stage = FieldDraft {
        default: Some(raw("\"Open\"")),
        ..required("stage", FieldType::Choice)
    };
    let amount = FieldDraft {
        default: Some(raw("1e2")),
        ..draft("amount", FieldType::Currency)
    };
    object(vec![
        required("name", FieldType::Text),
        stage,
        amount,
        owning("owner"),
        owning("backup"),
    ])
}

fn new(json: &str) -> Result<Values, Vec<FieldRefused>> {
    deal().new_values(&given(json), CREATOR)
}

fn codes(problems: Vec<FieldRefused>) -> Vec<(String, &'static str, bool)> {
    problems
        .iter()
        .map(|problem| (problem.pointer(), problem.code(), problem.is_malformed()))
        .collect()
}

fn shown(values: &Values, key: &str) -> Option<String> {
    values
        .get(deal().field(key).unwrap().number)
        .map(|value| value.to_json().get().to_owned())
}

#[test]
fn defaults_stand_in_for_what_is_not_mentioned_only() {
    let values = new(r#"{"name": "Crane"}"#).unwrap();
    assert_eq!(shown(&values, "stage").as_deref(), Some("\"Open\""));
    assert_eq!(shown(&values, "amount").as_deref(), Some("100"));
    let values = new(r#"{"name": "Crane", "amount": null, "stage": "Won"}"#).unwrap();
    assert_eq!(shown(&values, "amount"), None);
    assert_eq!(shown(&values, "stage").as_deref(), Some("\"Won\""));
}

#[test]
fn the_creator_owns_a_record_whose_ownership_nobody_mentions() {
    let owner = |json: &str| deal().owners_of(&new(json).unwrap());
    let other = UserId::from_u128(5);
    assert_eq!(owner(r#"{"name": "x"}"#), [CREATOR]);
    assert_eq!(owner(r#"{"name": "x", "owner": null}"#), [], "unowned, as asked");
    assert_eq!(
        owner(r#"{"name": "x", "backup": null}"#),
        [],
        "one of them was mentioned"
    );
    assert_eq!(
        owner(&format!(r#"{{"name": "x", "backup": "{other}"}}"#)),
        [other]
    );

    let unownable = object(vec![draft("by", FieldType::User)]);
    assert!(unownable.new_values(&given("{}"), CREATOR).unwrap().is_empty());
    let needed = object(vec![FieldDraft {
        required: true,
        ..owning("owner")
    }]);
    assert_eq!(
        needed.owners_of(&needed.new_values(&given("{}"), CREATOR).unwrap()),
        [CREATOR]
    );
}

#[test]
fn every_problem_of_a_new_record_is_told_with_its_field() {
    let problems =
        new(r#"{"colour": 1, "a/b~c": 2, "stage": null, "amount": "100", "owner": "me"}"#).unwrap_err();
    let expected = [
        ("/fields/a~1b~0c".to_owned(), "unknown_field", true),
        ("/fields/colour".to_owned(), "unknown_field", true),
        ("/fields/name".to_owned(), "missing_field", true),
        ("/fields/stage".to_owned(), "required", false),
        ("/fields/amount".to_owned(), "invalid_type", true),
        ("/fields/owner".to_owned(), "invalid_id", false),
    ];
    assert_eq!(codes(problems), expected);
    let tags = object(vec![required("tags", FieldType::MultiChoice)]);
    let problems = tags.new_values(&given(r#"{"tags": []}"#), CREATOR).unwrap_err();
    assert_eq!(codes(problems), [("/fields/tags".to_owned(), "required", false)]);
}

#[test]
fn a_change_touches_only_what_it_mentions() {
    let before = new(r#"{"name": "Crane", "amount": 5}"#).unwrap();
    assert_eq!(deal().changed_values(&before, &given("{}")), Ok(before.clone()));
    let after = deal()
        .changed_values(
            &before,
            &given(r#"{"amount": null, "stage": "Won", "owner": null}"#),
        )
        .unwrap();
    assert_eq!(shown(&after, "amount"), None, "no default steps in");
    assert_eq!(shown(&after, "name").as_deref(), Some("\"Crane\""));
    assert_eq!(shown(&after, "stage").as_deref(), Some("\"Won\""));
    assert_eq!(deal().owners_of(&after), []);
}

#[test]
fn a_change_cannot_clear_what_is_required_or_name_what_is_unknown() {
    let before = new(r#"{"name": "Crane"}"#).unwrap();
    let problems = deal()
        .changed_values(&before, &given(r#"{"name": null, "colour": null}"#))
        .unwrap_err();
    let expected = [
        ("/fields/colour".to_owned(), "unknown_field", true),
        ("/fields/name".to_owned(), "required", false),
    ];
    assert_eq!(codes(problems), expected);
}

#[test]
fn a_value_that_today_would_be_refused_stays_while_nobody_mentions_it() {
    let mut before = new(r#"{"name": "Crane"}"#).unwrap();
    let stage = deal().field("stage").unwrap().number;
    before.set(stage, Value::Choice("Gone".into()));
    let after = deal()
        .changed_values(&before, &given(r#"{"amount": 7}"#))
        .unwrap();
    assert_eq!(after.get(stage), Some(&Value::Choice("Gone".into())));
    let problems = deal()
        .changed_values(&before, &given(r#"{"stage": "Gone"}"#))
        .unwrap_err();
    assert_eq!(problems[0].code(), "unknown_option");
}
