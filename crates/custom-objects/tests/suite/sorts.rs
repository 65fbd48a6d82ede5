use vestibule_custom_objects::{Attribute, FieldType, parse_sort};

use crate::builders::everything;

#[test]
fn a_sort_names_up_to_three_fields_the_most_important_first() {
    let object = everything();
    let number = object.field("a_currency").unwrap().number;
    let amount = Attribute::Field {
        number,
        field_type: FieldType::Currency,
    };
    let expected = vec![
        (amount, true),
        (Attribute::UpdatedAt, false),
        (Attribute::ExternalId, true),
    ];
    assert_eq!(
        parse_sort("-a_currency,updated_at,-external_id", &object),
        Ok(expected)
    );
    assert_eq!(parse_sort("id", &object), Ok(vec![(Attribute::Id, false)]));
}

#[test]
fn a_sort_by_nothing_by_the_unknown_or_by_too_much_is_refused() {
    let object = everything();
    for wrong in [
        "",
        "-",
        ",",
        "a_text,",
        "colour",
        "A_text",
        " a_text",
        "+a_text",
        "--a_text",
        "owners",
        "a_text,-a_text",
    ] {
        assert_eq!(
            parse_sort(wrong, &object).unwrap_err().code(),
            "invalid_sort",
            "{wrong:?}"
        );
    }
    let four = "a_text,a_number,a_date,a_url";
    assert_eq!(
        parse_sort(four, &object).unwrap_err().to_string(),
        "at most 3 fields to sort by"
    );
    assert!(parse_sort(&"a_text,".repeat(100_000), &object).is_err());
}
