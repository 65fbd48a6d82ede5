//! Keys of everything but numbers: their order is the order of the values, and equal keys are equal values.

use proptest::prelude::*;
use vestibule_custom_objects::FieldType;

use crate::builders::{sort_key, value};

fn text_key(text: &str) -> String {
    sort_key(FieldType::Text, &serde_json::Value::from(text).to_string())
}

#[test]
fn texts_are_compared_ignoring_case_and_composition() {
    for (one, other) in [
        ("Straße", "STRAßE"),
        ("É", "e\u{301}"),
        ("ΟΔΟΣ", "οδος"),
        ("ΟΔΟΣ", "οδοσ"),
        ("Ångström", "a\u{30a}NGSTRÖM"),
        ("\u{212A}", "k"),
        ("İ", "i\u{307}"),
        ("", ""),
    ] {
        assert_eq!(text_key(one), text_key(other), "{one} {other}");
    }
    for (one, other) in [("e", "é"), ("a", "a "), ("m2", "m²"), ("ss", "ß"), ("i", "ı")] {
        assert_ne!(text_key(one), text_key(other), "{one} {other}");
    }
}

#[test]
fn what_a_text_starts_with_does_not_depend_on_what_follows() {
    assert!(text_key("ΟΔΟΣΑ").starts_with(&text_key("ΟΔΟΣ")));
}

#[test]
fn telephone_numbers_are_compared_by_their_digits() {
    let key = |text: &str| sort_key(FieldType::Phone, &format!("\"{text}\""));
    assert_eq!(key("+34 600 123 456"), key("+34600-123-456"));
    assert_eq!(key("(089) 1234"), key("089/1234"));
    assert_ne!(key("+34 600"), key("34 600"));
}

#[test]
fn options_are_compared_in_the_order_given_each_between_separators() {
    let key = |json: &str| sort_key(FieldType::MultiChoice, json);
    assert_eq!(key("[\"Won\",\"Open\"]"), "\u{1f}won\u{1f}open\u{1f}");
    assert_ne!(key("[\"Won\",\"Open\"]"), key("[\"Open\",\"Won\"]"));
    assert_eq!(sort_key(FieldType::Choice, "\"Lost, sadly\""), "lost, sadly");
}

#[test]
fn false_comes_before_true() {
    assert!(sort_key(FieldType::Boolean, "false") < sort_key(FieldType::Boolean, "true"));
}

proptest! {
    #[test]
    fn byte_order_of_keys_is_the_order_of_dates(
        a in (1..10_000_u32, 1..13_u32, 1..29_u32),
        b in (1..10_000_u32, 1..13_u32, 1..29_u32),
    ) {
        let key = |(y, m, d)| sort_key(FieldType::Date, &format!("\"{y:04}-{m:02}-{d:02}\""));
        prop_assert_eq!(key(a).cmp(&key(b)), a.cmp(&b));
    }

    #[test]
    fn byte_order_of_keys_is_the_order_of_instants_whatever_their_offsets(
        a in (0..4_000_000_000_i64, 0..1_000_000_u32, -14..15_i8),
        b in (0..4_000_000_000_i64, 0..1_000_000_u32, -14..15_i8),
    ) {
        let key = |(seconds, micros, offset): (i64, u32, i8)| {
            let at = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let at = at.to_offset(time::UtcOffset::from_hms(offset, 0, 0).unwrap());
            let (date, (h, m, s)) = (at.date(), at.time().as_hms());
            sort_key(FieldType::DateTime, &format!("\"{date}T{h:02}:{m:02}:{s:02}.{micros:06}{offset:+03}:00\""))
        };
        prop_assert_eq!(key(a).cmp(&key(b)), (a.0, a.1).cmp(&(b.0, b.1)));
    }

    #[test]
    fn equal_values_have_equal_keys_and_folding_twice_changes_nothing(text in "\\PC{0,40}") {
        let key = text_key(&text);
        prop_assert_eq!(text_key(&key), key.clone());
        prop_assert_eq!(text_key(&text), key);
        let json = serde_json::Value::from(text.as_str()).to_string();
        let shown = value(FieldType::Text, &json).to_json();
        prop_assert_eq!(shown.get(), json);
    }
}
