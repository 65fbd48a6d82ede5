//! What goes into the store comes out of it.

use proptest::prelude::*;
use vestibule_custom_objects::{FieldType, Object, Value, Values};

use crate::builders::{CREATOR, everything, given, of_type, parse};

/// JSON that the everything-object accepts, one member a field, any of them missing.
fn any_values() -> impl Strategy<Value = Values> {
    let number = prop_oneof![
        "-?[1-9][0-9]{0,23}(\\.[0-9]{1,4})?",
        Just("-0".to_owned()),
        Just("1e3".to_owned())
    ];
    let text = "[ -~éßΣς\u{301}🚀\n\t]{0,12}".prop_map(|text| serde_json::Value::from(text).to_string());
    let date =
        (1..10_000_u32, 1..13_u32, 1..29_u32).prop_map(|(y, m, d)| format!("\"{y:04}-{m:02}-{d:02}\""));
    let instant = (1970..2100_u32, 0..24_u32, 0..1_000_000_000_u32, -12..13_i32)
        .prop_map(|(y, h, nanos, offset)| format!("\"{y}-07-01T{h:02}:00:00.{nanos:09}{offset:+03}:30\""));
    let choices = proptest::sample::subsequence(vec!["Open", "Won", "Lost, sadly"], 0..=3).prop_shuffle();
    let choices = choices.prop_map(|options| serde_json::Value::from(options).to_string());
    let id = any::<u128>().prop_map(|id| format!("\"{}\"", vestibule_access_control::UserId::from_u128(id)));
    let members = (
        proptest::option::of(text),
        proptest::option::of(number),
        proptest::option::of(date),
        proptest::option::of(instant),
        proptest::option::of(choices),
        proptest::option::of(id),
        proptest::option::of(any::<bool>()),
    );
    members.prop_map(|(text, number, date, instant, choices, id, flag)| {
        let flag = flag.map(|flag| flag.to_string());
        let members = [
            ("a_text", &text),
            ("a_number", &number),
            ("a_currency", &number),
            ("a_date", &date),
            ("a_date_time", &instant),
            ("a_multi_choice", &choices),
            ("a_user", &id),
            ("a_record", &id),
            ("a_boolean", &flag),
        ];
        let written = members
            .iter()
            .filter_map(|(key, json)| Some(format!("\"{key}\":{}", json.as_ref()?)));
        let document = format!("{{{}}}", written.collect::<Vec<_>>().join(","));
        everything().new_values(&given(&document), CREATOR).unwrap()
    })
}

proptest! {
    #[test]
    fn values_come_back_from_the_store_and_from_the_api_as_they_were(values in any_values()) {
        let object = everything();
        let text = values.to_stored().to_string();
        let stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&Values::from_stored(&object, &stored).unwrap(), &values);
        for field in object.fields() {
            if let Some(value) = values.get(field.number) {
                prop_assert_eq!(&Value::parse(field, &value.to_json()).unwrap().unwrap(), value);
                prop_assert_eq!(&Value::from_stored(field, &value.to_stored()).unwrap(), value);
            }
        }
        prop_assert_eq!(values.sort_keys(&object).as_object().unwrap().len(), values.iter().count());
    }
}

#[test]
fn the_stored_forms_are_the_agreed_ones() {
    let stored = |field_type, json: &str| {
        parse(&of_type(field_type), json)
            .unwrap()
            .unwrap()
            .to_stored()
            .to_string()
    };
    assert_eq!(stored(FieldType::Currency, "1250.50"), "\"1250.5\"");
    assert_eq!(stored(FieldType::Number, "-0"), "\"0\"");
    assert_eq!(stored(FieldType::Date, "\"2026-03-14\""), "\"2026-03-14\"");
    assert_eq!(
        stored(FieldType::DateTime, "\"2026-03-14T10:00:00+01:00\""),
        "\"2026-03-14T09:00:00.000000Z\""
    );
    assert_eq!(
        stored(FieldType::MultiChoice, "[\"Won\",\"Open\"]"),
        "[\"Won\",\"Open\"]"
    );
    assert_eq!(stored(FieldType::Boolean, "true"), "true");
}

#[test]
fn a_stored_value_of_another_type_is_corrupt_but_an_option_that_is_gone_is_not() {
    let choice = of_type(FieldType::Choice);
    assert_eq!(
        Value::from_stored(&choice, &"Gone".into()),
        Ok(Value::Choice("Gone".into()))
    );
    for field_type in FieldType::ALL {
        let field = of_type(field_type);
        for wrong in [
            serde_json::json!(null),
            serde_json::json!(1.5),
            serde_json::json!({}),
            serde_json::json!([1]),
        ] {
            let refused = Value::from_stored(&field, &wrong).unwrap_err();
            assert_eq!((refused.field.as_str(), refused.field_type), ("it", field_type));
        }
    }
    for (field_type, wrong) in [
        (FieldType::Number, "ten"),
        (FieldType::Number, " 1"),
        (FieldType::Number, ""),
        (FieldType::Date, "today"),
        (FieldType::User, "me"),
    ] {
        assert!(
            Value::from_stored(&of_type(field_type), &wrong.into()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn values_of_removed_fields_are_left_out() {
    let object: Object = everything();
    let document = serde_json::json!({"1": "kept", "99": "of a field that is gone"});
    let values = Values::from_stored(&object, &document).unwrap();
    assert_eq!(values.iter().count(), 1);
}
