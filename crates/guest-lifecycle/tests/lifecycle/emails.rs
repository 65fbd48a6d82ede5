use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use vestibule_guest_lifecycle::{EmailAddress, EmailRefused};

fn canonical(raw: &str) -> String {
    EmailAddress::parse(raw)
        .unwrap_or_else(|refused| panic!("{raw:?}: {refused}"))
        .canonical()
        .to_owned()
}

fn refusal(raw: &str) -> EmailRefused {
    match EmailAddress::parse(raw) {
        Ok(email) => panic!("{raw:?} was accepted as {email:?}"),
        Err(refused) => refused,
    }
}

#[test]
fn case_white_space_and_composition_make_no_difference() {
    let email = EmailAddress::parse("zo\u{eb}@example.com").unwrap();
    for spelling in [
        "ZOË@EXAMPLE.COM",
        " zoe\u{308}@Example.com\n",
        "Zoe\u{308}@example.COM",
    ] {
        let other = EmailAddress::parse(spelling).unwrap();
        assert_eq!(other, email, "{spelling:?}");
        assert_eq!(other.canonical(), "zo\u{eb}@example.com");
        assert_eq!(other.as_typed(), spelling.trim());
    }
}

#[test]
fn a_tag_makes_another_address() {
    assert_eq!(canonical("Ana+Guest@example.com"), "ana+guest@example.com");
    assert_ne!(
        EmailAddress::parse("ana+guest@example.com"),
        EmailAddress::parse("ana@example.com")
    );
}

#[test]
fn a_domain_is_compared_in_its_ascii_form() {
    for spelling in [
        "a@bücher.example",
        "a@BÜCHER.example",
        "a@xn--bcher-kva.example",
        "a@bu\u{308}cher.example",
    ] {
        assert_eq!(canonical(spelling), "a@xn--bcher-kva.example", "{spelling}");
    }
    assert_eq!(canonical("a@ｅxample.com"), "a@example.com");
}

#[test]
fn addresses_of_other_scripts_are_welcome() {
    assert_eq!(canonical("Ирина@почта.рф"), "ирина@xn--80a1acny.xn--p1ai");
    assert_eq!(canonical("用户@example.com"), "用户@example.com");
    assert_eq!(canonical("たなか太郎@example.jp"), "たなか太郎@example.jp");
    assert_eq!(
        canonical("o'brien_1-x=y/z@sub.example.co"),
        "o'brien_1-x=y/z@sub.example.co"
    );
}

#[test]
fn the_long_s_and_other_compatibility_letters_are_refused() {
    for raw in [
        "\u{17F}am@example.com",
        "ａｎａ@example.com",
        "ﬁona@example.com",
        "ana²@example.com",
    ] {
        assert_eq!(refusal(raw), EmailRefused::LookAlike, "{raw}");
    }
}

#[test]
fn a_full_width_at_sign_is_no_at_sign() {
    assert_eq!(refusal("ana＠example.com"), EmailRefused::NotOneAt);
    assert_eq!(refusal("ana＠evil.example@example.com"), EmailRefused::LookAlike);
    assert_eq!(
        refusal("ana@evil.example＠example.com"),
        EmailRefused::InvalidDomain
    );
    assert_eq!(refusal("ana﹫example.com"), EmailRefused::NotOneAt);
}

#[test]
fn the_dotted_capital_i_is_not_the_letter_i() {
    let dotted = EmailAddress::parse("\u{130}rem@example.com").unwrap();
    assert_eq!(dotted.canonical(), "i\u{307}rem@example.com");
    assert_ne!(dotted, EmailAddress::parse("irem@example.com").unwrap());
    assert_eq!(dotted, EmailAddress::parse("i\u{307}rem@example.com").unwrap());
    // In a domain as well.
    assert_ne!(
        canonical("a@\u{130}stanbul.example"),
        canonical("a@istanbul.example")
    );
}

#[test]
fn letters_that_compose_only_in_lower_case_compare_equal() {
    // The Greek iota with diaeresis and tonos is one character when small and two when capital.
    assert_eq!(canonical("\u{3AA}\u{301}ος@example.com"), "\u{390}ος@example.com");
    assert_eq!(canonical("\u{390}ος@example.com"), "\u{390}ος@example.com");
    // J with caron becomes a letter that is out of use, so the capital spelling is refused like the small one.
    assert_eq!(refusal("J\u{30C}an@example.com"), EmailRefused::LookAlike);
    assert_eq!(refusal("\u{1F0}an@example.com"), EmailRefused::LookAlike);
}

#[test]
fn every_letter_that_changes_under_compatibility_mapping_is_refused() {
    let changes = |c: &char| !std::iter::once(*c).nfkc().eq(std::iter::once(*c).nfc());
    let unstable: Vec<char> = ('\u{80}'..=char::MAX).filter(changes).collect();
    assert!(unstable.len() > 3_000);
    for letter in unstable {
        for raw in [format!("{letter}@example.com"), format!("1{letter}@example.com")] {
            assert_eq!(refusal(&raw).code(), "invalid_email", "{letter:?}");
        }
    }
}

#[test]
fn the_kelvin_sign_is_the_letter_k_by_canonical_equivalence() {
    assert_eq!(canonical("\u{212A}ai@example.com"), "kai@example.com");
}

#[test]
fn mixed_alphabets_are_refused_on_both_sides_of_the_at() {
    assert_eq!(refusal("аna@example.com"), EmailRefused::LookAlike); // Cyrillic а
    assert_eq!(refusal("αna@example.com"), EmailRefused::LookAlike); // Greek α
    assert_eq!(refusal("ana@раypal.example"), EmailRefused::LookAlike); // Cyrillic ра
    assert_eq!(refusal("ana@xn--ypal-43d9g.example"), EmailRefused::LookAlike); // the same, spelled in ASCII
}

#[test]
fn invisible_characters_and_imitations_of_punctuation_are_refused() {
    for hidden in [
        '\u{200B}', '\u{200C}', '\u{200D}', '\u{AD}', '\u{2060}', '\u{FEFF}', '\u{202E}', '\u{2010}',
        '\u{2019}',
    ] {
        assert_eq!(
            refusal(&format!("an{hidden}a@example.com")).code(),
            "invalid_email",
            "{hidden:?}"
        );
        assert_eq!(
            refusal(&format!("ana@exam{hidden}ple.com")).code(),
            "invalid_email",
            "{hidden:?}"
        );
    }
}

#[test]
fn control_characters_nul_and_inner_spaces_are_refused() {
    for raw in [
        "an\0a@example.com",
        "ana@exam\0ple.com",
        "an a@example.com",
        "ana@ex\u{A0}ample.com",
        "a\r\nBcc:b@c.d",
        "a\u{85}b@c.de",
    ] {
        assert_eq!(refusal(raw), EmailRefused::InvisibleCharacter, "{raw:?}");
    }
}

#[test]
fn there_is_exactly_one_at() {
    for raw in ["ana", "ana@@example.com", "ana@b@example.com", "@ana@example.com"] {
        assert_eq!(refusal(raw), EmailRefused::NotOneAt, "{raw}");
    }
}

#[test]
fn malformed_local_parts_are_refused() {
    for raw in [
        "@example.com",
        ".ana@example.com",
        "ana.@example.com",
        "a..b@example.com",
        "\"ana\"@example.com",
        "a,b@example.com",
        "a<b@example.com",
        "a(b)@example.com",
        "a:b@example.com",
        "a\\b@example.com",
    ] {
        assert_eq!(refusal(raw), EmailRefused::InvalidLocalPart, "{raw}");
    }
}

#[test]
fn malformed_domains_are_refused() {
    for raw in [
        "ana@",
        "ana@localhost",
        "ana@example.com.",
        "ana@.example.com",
        "ana@a..b",
        "ana@-a.example",
        "ana@a-.example",
        "ana@[127.0.0.1]",
        "ana@127.0.0.1",
        "ana@[IPv6:::1]",
        "ana@ex_ample.com",
        "ana@exa%6dple.com",
        "ana@example.com/x",
        "ana@xn--a.example",
        "ana@example.com>",
    ] {
        assert_eq!(refusal(raw), EmailRefused::InvalidDomain, "{raw}");
    }
    assert_eq!(
        refusal(&format!("ana@{}.example", "a".repeat(64))),
        EmailRefused::InvalidDomain
    );
}

#[test]
fn lengths_are_limited_as_in_the_mail_standard() {
    assert_eq!(
        refusal(&format!("{}@example.com", "a".repeat(65))),
        EmailRefused::TooLong
    );
    assert!(EmailAddress::parse(&format!("{}@example.com", "a".repeat(64))).is_ok());
    let label = "b".repeat(60);
    let domain = format!("{label}.{label}.{label}.co"); // 185 bytes
    assert!(EmailAddress::parse(&format!("{}@{domain}", "a".repeat(64))).is_ok());
    let long = format!("{}@{label}.{domain}", "a".repeat(8)); // 255 bytes
    assert_eq!(long.len(), 255);
    assert_eq!(refusal(&long), EmailRefused::TooLong);
    assert_eq!(
        refusal(&format!("{}@example.com", "x".repeat(300))).code(),
        "too_long"
    );
    // A letter with its accent apart takes three bytes as typed and two in canonical form.
    assert_eq!(
        refusal(&format!("{}@example.com", "e\u{301}".repeat(22))),
        EmailRefused::TooLong
    );
    // Each ü. grows from 3 to 8 bytes.
    let growing = format!("{}@{}example", "a".repeat(64), "ü.".repeat(27));
    assert!(growing.len() < 254);
    assert_eq!(refusal(&growing), EmailRefused::TooLong);
    // 32 dotted capital İ are 64 bytes; in lower case they are 96.
    assert_eq!(
        refusal(&format!("{}@example.com", "\u{130}".repeat(32))),
        EmailRefused::TooLong
    );
}

#[test]
fn nothing_is_required_and_not_merely_invalid() {
    assert_eq!(refusal("").code(), "required");
    assert_eq!(refusal(" \t\n").code(), "required");
}

#[test]
fn the_parts_are_given_in_canonical_form() {
    let email = EmailAddress::parse("Ana+X@Bücher.Example").unwrap();
    assert_eq!(
        (email.local_part(), email.domain()),
        ("ana+x", "xn--bcher-kva.example")
    );
}

proptest! {
    #[test]
    fn no_text_makes_parsing_panic(raw in "\\PC{0,80}(@\\PC{0,80})?") {
        EmailAddress::parse(&raw).ok();
    }

    #[test]
    fn the_canonical_form_is_an_address_whose_canonical_form_is_itself(
        local in "[\\p{Latin}\\p{Greek}\\p{Cyrillic}\\p{Mn}0-9.+]{1,12}",
        domain in "[\\p{Latin}\\p{Greek}\\p{Cyrillic}\\p{Mn}0-9-]{1,12}",
    ) {
        let raw = format!("{local}@{domain}.example");
        if let Ok(email) = EmailAddress::parse(&raw) {
            let again = EmailAddress::parse(email.canonical());
            prop_assert_eq!(again.as_ref().map(EmailAddress::canonical), Ok(email.canonical()));
            prop_assert_eq!(email.canonical().matches('@').count(), 1);
            prop_assert!(email.domain().is_ascii());
        }
    }

    #[test]
    fn only_ascii_looks_equal_to_ascii(local in "[a-z]{1,6}", odd in any::<char>(), at in 0usize..6) {
        let email = EmailAddress::parse(&format!("{local}@example.com")).unwrap();
        let mut spelling: Vec<char> = local.chars().collect();
        let at = at % spelling.len();
        spelling[at] = odd;
        let spelling: String = spelling.into_iter().collect();
        if let Ok(other) = EmailAddress::parse(&format!("{spelling}@example.com")) {
            // The Kelvin sign *is* the letter K: the two are canonically equivalent.
            let same_letters = spelling.eq_ignore_ascii_case(&local) || odd == '\u{212A}';
            prop_assert!(other != email || same_letters);
        }
    }
}
