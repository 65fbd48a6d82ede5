//! What each type takes, and by which word it refuses the rest.

use vestibule_custom_objects::{FieldType, Value};

use crate::builders::{field, of_type, parse, required, unique, value};

fn refusal(field_type: FieldType, json: &str) -> &'static str {
    parse(&of_type(field_type), json).unwrap_err().code
}

/// The API form of what was given.
fn shown(field_type: FieldType, json: &str) -> String {
    value(field_type, json).to_json().get().to_owned()
}

#[test]
fn null_is_no_value_for_any_type() {
    for field_type in FieldType::ALL {
        assert_eq!(parse(&of_type(field_type), "null"), Ok(None));
        assert_eq!(parse(&of_type(field_type), " null\n"), Ok(None));
    }
}

#[test]
fn another_json_type_than_that_of_the_field_is_malformed_not_refused() {
    for field_type in FieldType::ALL {
        for json in ["{}", "[1]", "[null]", "1", "true", "\"x\"", "[\"Open\"]"] {
            let fits = match field_type {
                FieldType::Number | FieldType::Currency | FieldType::Percentage => json == "1",
                FieldType::Boolean => json == "true",
                FieldType::MultiChoice => json == "[\"Open\"]",
                _ => json == "\"x\"",
            };
            let wrong_type = parse(&of_type(field_type), json).is_err_and(|refused| refused.wrong_type);
            assert_eq!(wrong_type, !fits, "{field_type} {json}");
        }
    }
}

#[test]
fn a_text_is_kept_as_given_even_when_empty() {
    for json in ["\"\"", "\"  two  \"", "\"line\\nand\\ttab\"", "\"Ünï 🚀\""] {
        assert_eq!(shown(FieldType::Text, json), json);
    }
    assert_eq!(
        value(FieldType::Text, "\"\\u00e9\\ud83d\\ude80\""),
        Value::Text("é🚀".into())
    );
}

#[test]
fn control_characters_and_half_surrogates_are_refused_in_any_string() {
    for json in [
        "\"a\\u0000b\"",
        "\"a\\rb\"",
        "\"\\u0085\"",
        "\"\\ud800\"",
        "\"\\u001f\"",
    ] {
        for field_type in [
            FieldType::Text,
            FieldType::Email,
            FieldType::Choice,
            FieldType::Date,
        ] {
            assert_eq!(refusal(field_type, json), "invalid_text", "{field_type} {json}");
        }
        assert_eq!(
            refusal(FieldType::MultiChoice, &format!("[{json}]")),
            "invalid_text"
        );
    }
}

#[test]
fn a_text_has_at_most_10_000_characters_and_500_where_it_is_unique() {
    let json = |count: usize| format!("\"{}\"", "é".repeat(count));
    assert!(parse(&of_type(FieldType::Text), &json(10_000)).is_ok());
    assert_eq!(refusal(FieldType::Text, &json(10_001)), "too_long");
    let once = field(unique("code", FieldType::Text));
    assert!(parse(&once, &json(500)).is_ok());
    assert_eq!(parse(&once, &json(501)).unwrap_err().code, "too_long");
    // One of these letters decomposes into three of four bytes each: too much for an index although few letters.
    let expanding = format!("\"{}\"", "\u{1D160}".repeat(200));
    assert_eq!(parse(&once, &expanding).unwrap_err().code, "too_long");
    assert!(parse(&of_type(FieldType::Text), &expanding).is_ok());
}

#[test]
fn a_required_text_is_not_blank() {
    let name = field(required("name", FieldType::Text));
    for json in ["\"\"", "\" \\n\\t\"", "\"\\u00a0\""] {
        let refused = parse(&name, json).unwrap_err();
        assert_eq!((refused.code, refused.wrong_type), ("required", false), "{json}");
    }
    assert!(parse(&name, "\" x \"").is_ok());
}

#[test]
fn a_boolean_is_true_or_false() {
    assert_eq!(value(FieldType::Boolean, "true"), Value::Boolean(true));
    assert_eq!(value(FieldType::Boolean, "false"), Value::Boolean(false));
}

#[test]
fn a_date_is_written_in_one_way() {
    for json in [
        "\"2026-03-14\"",
        "\"0001-01-01\"",
        "\"9999-12-31\"",
        "\"2024-02-29\"",
    ] {
        assert_eq!(shown(FieldType::Date, json), json);
    }
    for text in [
        "",
        "2026-3-14",
        "2026-03-14T00:00:00Z",
        "0000-01-01",
        "10000-01-01",
        "+2026-03-14",
        "-001-01-01",
        "2023-02-29",
        "2026-13-01",
        " 2026-03-14",
        "14.03.2026",
        "20260314",
        "٢٠٢٦-٠٣-١٤",
    ] {
        assert_eq!(
            refusal(FieldType::Date, &format!("\"{text}\"")),
            "invalid_date",
            "{text}"
        );
    }
}

#[test]
fn an_instant_is_kept_in_utc_to_the_microsecond() {
    for (text, kept) in [
        ("2026-03-14T09:30:00Z", "2026-03-14T09:30:00.000000Z"),
        (
            "2026-03-14T09:30:00.123456789+02:00",
            "2026-03-14T07:30:00.123456Z",
        ),
        ("2026-01-01T00:30:00.5+01:00", "2025-12-31T23:30:00.500000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"),
    ] {
        assert_eq!(
            shown(FieldType::DateTime, &format!("\"{text}\"")),
            format!("\"{kept}\"")
        );
    }
    for text in [
        "2026-03-14",
        "2026-03-14T09:30:00",
        "09:30:00Z",
        "",
        "now",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "0000-06-01T00:00:00Z",
        "2026-03-14T24:00:00Z",
        "2026-03-14T09:30:00+25:00",
    ] {
        assert_eq!(
            refusal(FieldType::DateTime, &format!("\"{text}\"")),
            "invalid_instant",
            "{text}"
        );
    }
}

#[test]
fn a_choice_is_one_of_the_options_to_the_letter() {
    assert_eq!(value(FieldType::Choice, "\"Won\""), Value::Choice("Won".into()));
    for json in ["\"won\"", "\"\"", "\"Won \"", "\"Archived\""] {
        assert_eq!(refusal(FieldType::Choice, json), "unknown_option", "{json}");
    }
}

#[test]
fn several_choices_are_distinct_and_keep_their_order() {
    let chosen = value(FieldType::MultiChoice, "[\"Won\", \"Open\"]");
    assert_eq!(chosen, Value::Choices(vec!["Won".into(), "Open".into()]));
    assert_eq!(chosen.to_json().get(), "[\"Won\",\"Open\"]");
    assert_eq!(
        parse(&of_type(FieldType::MultiChoice), "[]"),
        Ok(None),
        "nothing chosen is no value"
    );
    assert_eq!(
        refusal(FieldType::MultiChoice, "[\"Won\",\"Won\"]"),
        "option_twice"
    );
    assert_eq!(
        refusal(FieldType::MultiChoice, "[\"Won\",\"won\"]"),
        "unknown_option"
    );
    let bomb = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(refusal(FieldType::MultiChoice, &bomb), "invalid_type");
}

#[test]
fn a_mail_address_has_the_form_of_one() {
    for text in [
        "ana@example.com",
        "Ana.Núñez+tag@exämple.com",
        "x@sub.example.co.uk",
    ] {
        assert_eq!(
            shown(FieldType::Email, &format!("\"{text}\"")),
            format!("\"{text}\"")
        );
    }
    for text in [
        "",
        "ana",
        "ana@",
        "@example.com",
        "Ana <ana@example.com>",
        "a b@example.com",
        "ana@[127.0.0.1]",
        "a@b@c",
    ] {
        assert_eq!(
            refusal(FieldType::Email, &format!("\"{text}\"")),
            "invalid_email",
            "{text}"
        );
    }
    assert_eq!(
        refusal(FieldType::Email, &format!("\"a@{}.com\"", "x".repeat(260))),
        "too_long"
    );
}

#[test]
fn a_link_is_absolute_and_leads_to_the_web() {
    for text in [
        "https://example.com",
        "HTTP://EXAMPLE.com:8080/a?b=c#d",
        "http://[::1]/",
        "https://exämple.com/ü",
    ] {
        assert_eq!(
            shown(FieldType::Url, &format!("\"{text}\"")),
            format!("\"{text}\"")
        );
    }
    for text in [
        "",
        "example.com",
        "//example.com",
        "/a",
        "javascript:alert(1)",
        "ftp://example.com",
        "https://",
        "https:example.com",
        "https:///example.com",
        " https://example.com",
        "https://exa mple.com",
        "https://example.com/\\n",
        "mailto:a@example.com",
        "https://example.com:99999",
        "https://a\\tb",
    ] {
        assert_eq!(
            refusal(FieldType::Url, &format!("\"{text}\"")),
            "invalid_url",
            "{text}"
        );
    }
    let long = |count: usize| format!("\"https://example.com/{}\"", "x".repeat(count - 20));
    assert!(parse(&of_type(FieldType::Url), &long(2_000)).is_ok());
    assert_eq!(refusal(FieldType::Url, &long(2_001)), "too_long");
}

#[test]
fn a_telephone_number_has_digits_and_little_else() {
    for text in ["112", "+34 600 123 456", "(089) 12-34/56.7"] {
        assert_eq!(
            shown(FieldType::Phone, &format!("\"{text}\"")),
            format!("\"{text}\"")
        );
    }
    let long = "1".repeat(41);
    for text in [
        "",
        "12",
        "+1 2",
        "call me",
        "600123456x",
        "6+00123",
        "++34600",
        "٦٠٠١٢٣",
        long.as_str(),
    ] {
        assert_eq!(
            refusal(FieldType::Phone, &format!("\"{text}\"")),
            "invalid_phone",
            "{text}"
        );
    }
}

#[test]
fn users_and_records_are_named_by_hyphenated_ids() {
    let id = "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3";
    for field_type in [FieldType::User, FieldType::Record] {
        assert_eq!(shown(field_type, &format!("\"{id}\"")), format!("\"{id}\""));
        assert_eq!(
            shown(field_type, &format!("\"{}\"", id.to_uppercase())),
            format!("\"{id}\"")
        );
        for text in [
            "",
            "7",
            "0192f0c12d3e7a4b8c5d6e7f8091a2b3",
            "{0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3}",
        ] {
            assert_eq!(
                refusal(field_type, &format!("\"{text}\"")),
                "invalid_id",
                "{text}"
            );
        }
    }
}
