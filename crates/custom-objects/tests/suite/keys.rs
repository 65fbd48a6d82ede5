use vestibule_custom_objects::{FieldKey, FieldType, KeyRefused, ObjectKey, Options};

#[test]
fn a_key_is_a_lower_case_letter_and_up_to_39_letters_digits_and_underscores() {
    let longest = format!("a{}", "_9z".repeat(13));
    for good in ["a", "deal", "deal_2", longest.as_str()] {
        assert_eq!(ObjectKey::parse(good).unwrap().as_str(), good);
        assert_eq!(FieldKey::parse(good).unwrap().to_string(), good);
    }
    let too_long = format!("{longest}x");
    for bad in [
        "",
        "_a",
        "2a",
        "Deal",
        "a-b",
        "a b",
        "é",
        "a\n",
        "a.b",
        too_long.as_str(),
    ] {
        assert_eq!(ObjectKey::parse(bad), Err(KeyRefused::Malformed), "{bad:?}");
        assert_eq!(
            bad.parse::<FieldKey>().unwrap_err().code(),
            "invalid_key",
            "{bad:?}"
        );
    }
}

#[test]
fn a_field_cannot_be_called_like_something_that_every_record_has() {
    for name in [
        "id",
        "external_id",
        "created_at",
        "updated_at",
        "owners",
        "org_id",
        "object",
        "can",
        "fields",
    ] {
        assert_eq!(FieldKey::parse(name), Err(KeyRefused::Reserved), "{name}");
        assert!(ObjectKey::parse(name).is_ok(), "{name} is fine for an object");
    }
}

#[test]
fn a_field_type_reads_back_its_word_and_its_number() {
    for (index, field_type) in FieldType::ALL.into_iter().enumerate() {
        assert_eq!(field_type.as_str().parse(), Ok(field_type));
        assert_eq!(usize::try_from(field_type.number()), Ok(index + 1));
        assert_eq!(FieldType::from_number(field_type.number()), Some(field_type));
    }
    assert_eq!(FieldType::from_number(0), None);
    assert_eq!(FieldType::from_number(15), None);
    assert!("datetime".parse::<FieldType>().is_err());
}

#[test]
fn options_are_1_to_200_short_texts_that_differ_not_only_in_case() {
    let options =
        |texts: &[&str]| Options::parse(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    assert_eq!(options(&[" Open ", "Won"]).unwrap().as_slice(), ["Open", "Won"]);
    let code = |texts: &[&str]| options(texts).unwrap_err().code();
    assert_eq!(code(&[]), "options_needed");
    assert_eq!(code(&["Won", "WON"]), "option_twice");
    assert_eq!(code(&["Won", " "]), "required");
    assert_eq!(code(&["Won", "a\u{1f}b"]), "invalid_text");
    assert_eq!(code(&[&"x".repeat(101)]), "too_long");
    let many: Vec<String> = (0..=Options::MAX).map(|number| number.to_string()).collect();
    assert!(Options::parse(&many[1..]).is_ok());
    assert_eq!(Options::parse(&many).unwrap_err().code(), "too_many_options");
    assert_eq!(
        options(&["Won", "\t"]).unwrap_err().to_string(),
        "option 2: a text is required"
    );
}
