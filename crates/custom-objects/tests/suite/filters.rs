//! The filter language: what it means, what it refuses, and where.

use proptest::prelude::*;
use vestibule_custom_objects::{Attribute, FieldType, Filter, FilterRefused, Object};

use crate::builders::{CREATOR, draft, everything, given, object};

const ID: &str = "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3";
const RECORD: &str = r#"{
    "a_text": "Harbour \"Crane\"", "a_number": -10.5, "a_boolean": true, "a_date": "2026-03-14",
    "a_date_time": "2026-03-14T10:00:00+01:00", "a_choice": "Lost, sadly", "a_multi_choice": ["Won", "Open"],
    "a_email": "Ana@Example.com", "a_phone": "+34 600 123 456", "a_currency": 1250.5,
    "a_user": "0192f0c1-2d3e-7a4b-8c5d-6e7f8091a2b3"
}"#;

/// Whether the record above passes; it has no url, no percentage and no record.
fn passes(filter: &str) -> bool {
    let object = everything();
    let keys = object
        .new_values(&given(RECORD), CREATOR)
        .unwrap()
        .sort_keys(&object);
    let get = |attribute| match attribute {
        Attribute::Id => Some(ID.to_owned()),
        Attribute::ExternalId => Some("Ext-1".to_owned()),
        Attribute::CreatedAt => Some("2026-01-01T00:00:00.000000Z".to_owned()),
        Attribute::UpdatedAt => Some("2026-02-01T00:00:00.000001Z".to_owned()),
        Attribute::Field { number, .. } => keys
            .get(number.to_string())
            .map(|key| key.as_str().unwrap().to_owned()),
    };
    Filter::parse(filter, &object)
        .unwrap_or_else(|refused| panic!("{filter}: {refused}"))
        .matches(get)
}

fn refusal(filter: &str) -> FilterRefused {
    Filter::parse(filter, &everything()).unwrap_err()
}

fn assert_passing(filters: &[&str]) {
    for filter in filters {
        assert!(passes(filter), "{filter}");
        assert!(!passes(&format!("not ({filter})")), "not ({filter})");
    }
}

fn assert_failing(filters: &[&str]) {
    for filter in filters {
        assert!(!passes(filter), "{filter}");
        assert!(passes(&format!("not ({filter})")), "not ({filter})");
    }
}

#[test]
fn texts_compare_ignoring_case() {
    assert_passing(&[
        r#"a_text eq "HARBOUR \"crane\"""#,
        r#"a_text co "our \u0022CR""#,
        r#"a_text sw "harbour""#,
        r#"a_text ew "crane\"""#,
        r#"a_text gt "Harbour" and a_text le "i""#,
        r#"a_email eq "ana@example.COM""#,
        r#"a_choice eq "LOST, SADLY""#,
        r#"a_choice sw "lost""#,
        r#"a_phone eq "+34600123456""#,
        r#"a_phone co "600-12""#,
    ]);
    assert_failing(&[
        r#"a_text eq "harbour""#,
        r#"a_text ew "harbour""#,
        r#"a_phone eq "34600123456""#,
    ]);
}

#[test]
fn typed_operands_are_compared_by_what_they_denote() {
    assert_passing(&[
        "a_number eq -1.05e1",
        "a_number gt -11 and a_number lt -10.25",
        "a_number ge -10.50 and a_number le -10.5",
        "a_boolean eq true and a_boolean ne false",
        r#"a_date eq "2026-03-14" and a_date gt "2026-03-13""#,
        r#"a_date_time eq "2026-03-14T09:00:00Z""#,
        r#"a_date_time lt "2026-03-14T10:30:00+01:00""#,
        r#"a_user eq "0192F0C1-2D3E-7A4B-8C5D-6E7F8091A2B3""#,
        "a_currency eq 1250.50",
    ]);
    assert_failing(&[
        "a_number gt -10.5",
        "a_boolean eq false",
        r#"a_date lt "2026-03-14""#,
    ]);
}

#[test]
fn every_record_has_an_id_and_its_times() {
    assert_passing(&[
        &format!("id eq \"{ID}\""),
        r#"created_at lt "2026-01-01T00:00:00.000001Z""#,
        r#"updated_at gt "2026-02-01T00:00:00Z""#,
        r#"external_id eq "Ext-1" and external_id sw "Ext""#,
        "external_id pr",
    ]);
    assert_failing(&[
        r#"external_id eq "ext-1""#,
        r#"created_at gt "2026-01-01T00:00:00Z""#,
    ]);
}

#[test]
fn several_choices_equal_each_option_among_them() {
    assert_passing(&[
        r#"a_multi_choice eq "won" and a_multi_choice eq "OPEN""#,
        r#"a_multi_choice ne "Lost, sadly""#,
        "a_multi_choice pr",
    ]);
    assert_failing(&[
        r#"a_multi_choice eq "wo""#,
        r#"a_multi_choice ne "Won""#,
        r#"a_multi_choice eq """#,
    ]);
}

#[test]
fn a_missing_value_is_unequal_to_everything_and_nothing_else() {
    assert_passing(&[
        "a_url eq null",
        "a_text ne null",
        "a_text pr",
        r#"a_url ne "https://example.com""#,
        "a_percentage ne 5",
    ]);
    assert_failing(&[
        "a_url ne null",
        "a_url pr",
        r#"a_url co """#,
        "a_percentage lt 5",
        "a_percentage ge 5",
    ]);
}

#[test]
fn not_binds_before_and_and_and_before_or() {
    let (yes, no) = ("a_boolean eq true", "a_boolean eq false");
    assert_passing(&[
        &format!("{yes} or {no} and {no}"),
        &format!("{no} and {no} or {yes}"),
        &format!("not ({no}) and {yes}"),
        &format!("not ({yes}) or {yes}"),
        &format!("(({yes}))"),
    ]);
    assert_failing(&[
        &format!("({yes} or {no}) and {no}"),
        &format!("not ({yes}) and {yes}"),
        &format!("not ({yes} or {no})"),
    ]);
}

#[test]
fn words_ignore_case_and_blanks_are_free() {
    assert_passing(&[
        "A_BOOLEAN EQ true",
        "a_boolean Eq true AnD NOT(a_boolean eq false)OR a_url Pr",
        "\n\t( a_boolean   eq\ttrue )\r\n",
        r#"(a_text sw"harbour")and(a_number eq-10.5)"#,
    ]);
}

#[test]
fn fields_may_be_called_like_the_words_of_the_language() {
    let words = object(
        ["not", "and", "or", "eq", "pr", "true", "null"]
            .map(|key| draft(key, FieldType::Boolean))
            .to_vec(),
    );
    for filter in [
        "not eq true",
        "and eq true and or eq true or not pr",
        "not (not pr)",
        "eq eq true",
        "pr pr",
        "true eq true",
        "null eq null",
    ] {
        assert!(Filter::parse(filter, &words).is_ok(), "{filter}");
    }
}

#[test]
fn what_is_no_filter_is_refused_with_the_place() {
    for (filter, position) in [
        ("", 1),
        ("   ", 4),
        ("a_text", 7),
        ("a_text eq", 10),
        ("a_text eq eq", 11),
        ("a_text is \"x\"", 8),
        ("a_text = \"x\"", 8),
        ("a_text pr a_url pr", 11),
        ("a_text pr and", 14),
        ("a_text pr xor a_url pr", 11),
        ("(a_text pr", 11),
        ("a_text pr)", 10),
        ("()", 2),
        ("\"é\" eq a_text", 1),
        ("a_text eq \"é", 11),
        ("a_text eq \"\\x\"", 11),
        ("a_text eq \"\\ud800\"", 11),
        ("a_text eq 'x'", 11),
        ("a_text eq \"é\" é", 15),
        ("a_number eq 01", 13),
        ("a_number eq 1.", 13),
        ("a_number eq -", 13),
        ("a_number eq .5", 13),
        ("a_number eq 5x", 13),
        ("a_number eq NaN", 13),
        ("a_boolean eq TRUE", 14),
        ("a_text[type eq \"x\"]", 7),
        ("a_text pr; drop", 10),
    ] {
        let refused = refusal(filter);
        assert_eq!(
            (refused.code(), refused.position()),
            ("invalid_filter", Some(position)),
            "{filter}: {refused}"
        );
    }
}

#[test]
fn not_without_a_parenthesis_is_taken_for_a_field() {
    assert_eq!(
        refusal("not a_text pr").to_string(),
        "at character 1: `not` is no field"
    );
}

#[test]
fn a_field_that_the_object_lacks_is_told_by_name() {
    let refused = refusal("a_text pr and owners eq \"x\"");
    assert_eq!((refused.code(), refused.position()), ("unknown_field", Some(15)));
    assert_eq!(refused.to_string(), "at character 15: `owners` is no field");
    for filter in [
        "urn:x:a_text pr",
        "a_text.value pr",
        "fields pr",
        "can pr",
        "_x pr",
    ] {
        assert!(
            ["unknown_field", "invalid_filter"].contains(&refusal(filter).code()),
            "{filter}"
        );
    }
}

#[test]
fn an_operand_or_operator_that_does_not_fit_the_field_is_refused_with_the_place() {
    for (filter, position) in [
        ("a_text eq 5", 11),
        ("a_text eq true", 11),
        ("a_text gt null", 11),
        ("a_text eq \"\\u0000\"", 11),
        ("a_number eq \"5\"", 13),
        ("a_number co 5", 10),
        ("a_number eq 1e99", 13),
        ("a_boolean eq \"true\"", 14),
        ("a_boolean gt true", 11),
        ("a_date eq \"14.3.2026\"", 11),
        ("a_date sw \"2026\"", 8),
        ("a_date_time eq \"2026-03-14\"", 16),
        ("a_multi_choice co \"W\"", 16),
        ("a_multi_choice eq \"a\\u001fb\"", 19),
        ("a_multi_choice gt \"W\"", 16),
        ("a_user eq \"me\"", 11),
        ("a_record gt \"x\"", 10),
        ("a_phone co \"()\"", 12),
        ("id sw \"0192\"", 4),
        ("created_at co \"2026\"", 12),
        ("external_id eq 5", 16),
    ] {
        let refused = refusal(filter);
        assert_eq!(
            (refused.code(), refused.position()),
            ("filter_type_mismatch", Some(position)),
            "{filter}: {refused}"
        );
    }
}

fn too_large(filter: &str) -> bool {
    refusal(filter).code() == "filter_too_large"
}

#[test]
fn more_than_anybody_asks_for_is_refused() {
    let parse = |filter: &str| Filter::parse(filter, &everything());
    let long = |count: usize| format!("a_text eq \"{}\"", "é".repeat(count - 12));
    assert!(parse(&long(4_000)).is_ok());
    assert!(too_large(&long(4_001)));

    let many = |count: usize| vec!["a_url pr"; count].join(" or ");
    assert!(parse(&many(100)).is_ok());
    assert!(too_large(&many(101)));

    let deep = |depth: usize| format!("{}a_url pr{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&deep(20)).is_ok());
    assert!(too_large(&deep(21)));
    let negated = |depth: usize| format!("{}a_url pr{}", "not (".repeat(depth), ")".repeat(depth));
    assert!(parse(&negated(20)).is_ok());
    assert!(too_large(&negated(21)));
}

#[test]
fn a_mountain_of_parentheses_is_refused_without_climbing_it() {
    for bomb in ["(", "not (", "[", "\"", "a_url pr and ("] {
        assert!(too_large(&bomb.repeat(100_000)), "{bomb}");
    }
    assert!(too_large(&"(".repeat(4_000)));
}

/// What attackers and cats type: pieces of the language in any order.
fn any_soup() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "(",
        ")",
        "not",
        "and",
        "or",
        "eq",
        "ne",
        "co",
        "gt",
        "pr",
        "a_text",
        "a_number",
        "a_date",
        "a_multi_choice",
        "id",
        "null",
        "true",
        "\"x\"",
        "\"",
        "\\",
        "5",
        "-",
        "1e9",
        " ",
        "é",
        "\u{0}",
        "[",
        "\"2026-03-14\"",
        "zz",
    ]);
    proptest::collection::vec((piece, proptest::sample::select(vec!["", " "])), 0..30).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|(piece, blank)| [piece, blank])
            .collect()
    })
}

fn assert_clean(text: &str, object: &Object) {
    match Filter::parse(text, object) {
        Ok(filter) => drop(filter.matches(|_| None)),
        Err(refused) => {
            let end = text.chars().count() + 1;
            assert!(
                refused
                    .position()
                    .is_none_or(|position| (1..=end).contains(&position)),
                "{text:?} {refused:?}"
            );
            assert!(!refused.to_string().is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_a_filter_or_cleanly_refused(text in "\\PC{0,60}") {
        assert_clean(&text, &everything());
    }

    #[test]
    fn any_soup_of_the_language_is_a_filter_or_cleanly_refused(text in any_soup()) {
        assert_clean(&text, &everything());
    }
}
