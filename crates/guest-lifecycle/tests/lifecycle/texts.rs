use proptest::prelude::*;
use vestibule_guest_lifecycle::{LongText, PersonName, ShortText, TextRefused};

#[test]
fn names_of_all_kinds_are_welcome() {
    for name in [
        "Ana",
        "Nguyễn",
        "O’Brien",
        "李",
        "María José",
        "Jean-Luc",
        "د. سارة",
        "X",
        "-",
    ] {
        assert_eq!(PersonName::parse(name).unwrap().as_str(), name);
    }
}

#[test]
fn a_text_is_trimmed_and_composed() {
    assert_eq!(PersonName::parse(" Zoe\u{308}\n").unwrap().as_str(), "Zo\u{eb}");
}

#[test]
fn a_text_that_shows_nothing_is_missing() {
    for raw in [
        "",
        "  ",
        "\u{A0}\u{3000}",
        "\u{200B}",
        "\u{3164}",
        "\u{FEFF} \u{200E}",
        "\u{2800}",
    ] {
        assert_eq!(PersonName::parse(raw).unwrap_err().code(), "required", "{raw:?}");
        assert_eq!(LongText::parse(raw).unwrap_err().code(), "required", "{raw:?}");
    }
}

#[test]
fn one_hundred_characters_fit_and_one_more_does_not() {
    assert!(ShortText::parse(&"é".repeat(100)).is_ok());
    assert!(ShortText::parse(&"e\u{301}".repeat(100)).is_ok()); // counted after composition
    assert_eq!(
        ShortText::parse(&"é".repeat(101)),
        Err(TextRefused::TooLong { max: 100 })
    );
    assert!(LongText::parse(&"x".repeat(2000)).is_ok());
    assert_eq!(
        LongText::parse(&"x".repeat(2001)).unwrap_err().to_string(),
        "must be at most 2000 characters"
    );
    assert_eq!(
        PersonName::parse(&"x".repeat(10_000_000)).unwrap_err().code(),
        "too_long"
    );
}

#[test]
fn control_characters_and_direction_overrides_are_refused_in_every_text() {
    for c in [
        '\0', '\u{7}', '\u{1B}', '\u{9F}', '\u{2028}', '\u{2029}', '\u{202A}', '\u{202E}', '\u{2066}',
        '\u{2069}',
    ] {
        let raw = format!("a{c}b");
        assert_eq!(
            PersonName::parse(&raw).unwrap_err().code(),
            "invalid_text",
            "{c:?}"
        );
        assert_eq!(
            ShortText::parse(&raw).unwrap_err().code(),
            "invalid_text",
            "{c:?}"
        );
        assert_eq!(LongText::parse(&raw).unwrap_err().code(), "invalid_text", "{c:?}");
    }
}

#[test]
fn line_breaks_belong_in_long_texts_only() {
    for raw in ["a\nb", "a\r\nb", "a\rb"] {
        assert_eq!(LongText::parse(raw).unwrap().as_str(), "a\nb");
        assert_eq!(ShortText::parse(raw).unwrap_err().code(), "invalid_text");
    }
    assert_eq!(LongText::parse("a\tb").unwrap().as_str(), "a\tb");
}

proptest! {
    #[test]
    fn an_accepted_text_is_accepted_again_unchanged(raw in any::<String>()) {
        if let Ok(text) = LongText::parse(&raw) {
            prop_assert_eq!(LongText::parse(text.as_str()), Ok(text));
        }
        if let Ok(name) = PersonName::parse(&raw) {
            prop_assert_eq!(PersonName::parse(name.as_str()), Ok(name));
        }
    }
}
