//! Exact decimals, from JSON to JSON.

use proptest::prelude::*;
use vestibule_custom_objects::FieldType;

use crate::builders::{of_type, parse, sort_key, value};

fn shown(json: &str) -> String {
    value(FieldType::Number, json).to_json().get().to_owned()
}

fn code(field_type: FieldType, json: &str) -> Option<&'static str> {
    parse(&of_type(field_type), json)
        .err()
        .map(|refused| refused.code)
}

#[test]
fn numbers_are_read_from_their_digits() {
    for (json, kept) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.000e7", "0"),
        ("0e999999999999999999999999", "0"),
        ("1e3", "1000"),
        ("1E+3", "1000"),
        ("12.50", "12.5"),
        ("-1250.5", "-1250.5"),
        ("100", "100"),
        ("1.5e-3", "0.0015"),
        ("0.1", "0.1"),
        ("9007199254740993", "9007199254740993"),
        ("1234567890123456789012345678", "1234567890123456789012345678"),
        (
            "-0.1234567890123456789012345678",
            "-0.1234567890123456789012345678",
        ),
        ("123456789012345.6789012345678", "123456789012345.6789012345678"),
        ("1e27", "1000000000000000000000000000"),
        ("1e-28", "0.0000000000000000000000000001"),
        ("0.00000000000000000000000000000000000000000000001e47", "1"),
        ("1000000000000000000000000000000000000000000000000e-48", "1"),
    ] {
        assert_eq!(shown(json), kept, "{json}");
    }
}

#[test]
fn what_cannot_be_kept_exactly_is_refused_never_rounded() {
    for json in [
        "12345678901234567890123456789",
        "0.12345678901234567890123456789",
        "123456789012345.67890123456789",
        "1e28",
        "1e-29",
        "1e400",
        "1e-400",
        "1e99999999999999999999999",
        "1e-99999999999999999999999",
        "-1e9223372036854775807",
        "0.1e-9223372036854775808",
    ] {
        for field_type in [FieldType::Number, FieldType::Percentage, FieldType::Currency] {
            assert_eq!(
                code(field_type, json),
                Some("out_of_range"),
                "{field_type} {json}"
            );
        }
    }
    let endless = format!("0.{}1", "3".repeat(100_000));
    assert_eq!(code(FieldType::Number, &endless), Some("out_of_range"));
}

#[test]
fn an_amount_of_money_has_at_most_four_decimal_places() {
    assert_eq!(code(FieldType::Currency, "19.9999"), None);
    assert_eq!(
        code(FieldType::Currency, "19.99990000"),
        None,
        "zeros say nothing"
    );
    assert_eq!(code(FieldType::Currency, "19.99999"), Some("too_precise"));
    assert_eq!(code(FieldType::Percentage, "19.99999"), None);
}

#[test]
fn the_keys_of_numbers_sort_as_the_numbers_do() {
    let ascending = [
        "-1e27", "-1000", "-10.5", "-10.25", "-10", "-2", "-1.01", "-1.001", "-1", "-0.5", "-1e-28", "0",
        "1e-28", "0.05", "0.5", "0.51", "1", "1.001", "2", "10", "999", "1000", "1e27",
    ];
    let keys = ascending.map(|json| sort_key(FieldType::Number, json));
    assert!(keys.is_sorted_by(|lower, higher| lower < higher), "{keys:#?}");
}

/// A number of up to 28 digits: its digits, its sign, and how many of the digits are decimal places.
fn any_number() -> impl Strategy<Value = (i128, u32)> {
    let mantissa = prop_oneof![-100..100_i128, (-10_i128.pow(28) + 1)..10_i128.pow(28)];
    (mantissa, 0..=28_u32)
}

fn written((mantissa, places): (i128, u32)) -> String {
    format!("{mantissa}e-{places}")
}

/// Compares without any decimal library: both over one denominator.
fn exactly_compare((a, a_places): (i128, u32), (b, b_places): (i128, u32)) -> std::cmp::Ordering {
    // Split into whole and rest, for 28 digits times 10^28 is more than an i128 holds.
    let split = |number: i128, places: u32| {
        let unit = 10_i128.pow(places);
        (
            number.div_euclid(unit),
            number.rem_euclid(unit) * 10_i128.pow(28 - places),
        )
    };
    split(a, a_places).cmp(&split(b, b_places))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn byte_order_of_keys_is_the_order_of_the_numbers(a in any_number(), b in any_number()) {
        let key = |number| sort_key(FieldType::Number, &written(number));
        prop_assert_eq!(key(a).cmp(&key(b)), exactly_compare(a, b));
    }

    #[test]
    fn neighbours_in_the_last_digit_have_keys_in_order((mantissa, places) in any_number()) {
        prop_assume!(mantissa + 1 < 10_i128.pow(28));
        let key = |mantissa| sort_key(FieldType::Number, &written((mantissa, places)));
        prop_assert!(key(mantissa) < key(mantissa + 1));
    }

    #[test]
    fn a_number_comes_back_the_same_in_whatever_form_it_was_given(number in any_number(), shift in 0..40_i32) {
        let once = shown(&written(number));
        prop_assert_eq!(&shown(&once), &once);
        let (mantissa, places) = number;
        prop_assume!(mantissa != 0);
        let shifted = format!("{mantissa}{}e{}", "0".repeat(shift as usize), -(places as i32) - shift);
        prop_assert_eq!(shown(&shifted), once);
    }

    #[test]
    fn any_json_number_is_read_or_cleanly_refused(json in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,25})?") {
        match parse(&of_type(FieldType::Number), &json) {
            Ok(number) => prop_assert!(number.is_some()),
            Err(refused) => prop_assert_eq!((refused.code, refused.wrong_type), ("out_of_range", false)),
        }
    }
}
