use vestibule_guest_lifecycle::{
    CommonPasswords, PasswordPolicy, PasswordViolation, PersonalContext, normalized,
};

struct Listed(&'static [&'static str]);

impl CommonPasswords for Listed {
    fn is_common(&self, candidate: &str) -> bool {
        assert!(
            candidate.len() <= 72,
            "the list is asked about usable passwords only"
        );
        self.0.contains(&candidate)
    }
}

const PERSON: PersonalContext<'_> = PersonalContext {
    email: "ana.lind+vip@example.com",
    first_name: "Ana",
    last_name: "Lind-Östberg",
};

fn codes(policy: &PasswordPolicy, candidate: &str) -> Vec<&'static str> {
    match policy.check(candidate, &PERSON, &Listed(&["password password"])) {
        Ok(()) => Vec::new(),
        Err(refused) => refused.violations.iter().map(|v| v.code()).collect(),
    }
}

fn default_codes(candidate: &str) -> Vec<&'static str> {
    codes(&PasswordPolicy::default(), candidate)
}

#[test]
fn fifteen_characters_are_enough_by_default_and_fourteen_are_not() {
    assert!(default_codes("quiet umbrellas").is_empty());
    assert_eq!(default_codes("quiet umbrella"), ["too_short"]);
    assert_eq!(default_codes(""), ["too_short"]);
}

#[test]
fn the_minimum_goes_from_8_to_64() {
    assert!(codes(&PasswordPolicy::new(8).unwrap(), "umbrella").is_empty());
    assert_eq!(
        codes(&PasswordPolicy::new(64).unwrap(), &"u".repeat(63)),
        ["too_short"]
    );
    for outside in [-1, 0, 7, 65, 256 + 15, i64::MAX] {
        assert_eq!(PasswordPolicy::new(outside).unwrap_err().code(), "out_of_range");
    }
}

#[test]
fn length_is_counted_in_characters_and_limited_in_bytes() {
    let policy = PasswordPolicy::new(8).unwrap();
    assert!(codes(&policy, "зонтикиа").is_empty()); // 8 characters, 16 bytes
    assert!(codes(&policy, &"x".repeat(72)).is_empty());
    assert_eq!(codes(&policy, &"x".repeat(73)), ["too_long"]);
    assert!(codes(&policy, &"я".repeat(36)).is_empty());
    assert_eq!(codes(&policy, &"я".repeat(37)), ["too_long"]);
}

#[test]
fn lengths_are_those_of_the_normalized_form() {
    let policy = PasswordPolicy::new(8).unwrap();
    let decomposed = "e\u{301}".repeat(36); // 108 bytes as sent, 72 as é
    assert_eq!(normalized(&decomposed).len(), 72);
    assert!(codes(&policy, &decomposed).is_empty());
    assert_eq!(codes(&policy, &"e\u{301}".repeat(4)), ["too_short"]);
}

#[test]
fn composition_rules_hold_only_when_switched_on() {
    let mut policy = PasswordPolicy::default();
    assert!(codes(&policy, "quiet umbrellas").is_empty());
    policy.require_upper = true;
    policy.require_lower = true;
    policy.require_digit = true;
    policy.require_symbol = true;
    assert_eq!(
        codes(&policy, "quietumbrellasx"),
        ["needs_upper", "needs_digit", "needs_symbol"]
    );
    assert_eq!(codes(&policy, "QUIET UMBRELLA 7"), ["needs_lower"]);
    assert!(codes(&policy, "Quiet umbrella 7").is_empty());
    assert!(codes(&policy, "Тихий зонтик №٧٧٧").is_empty());
}

#[test]
fn common_passwords_are_refused_unless_the_rule_is_off() {
    assert_eq!(default_codes("password password"), ["too_common"]);
    assert_eq!(default_codes("ｐassword password"), ["too_common"]);
    let mut lenient = PasswordPolicy::default();
    lenient.forbid_common = false;
    assert!(codes(&lenient, "password password").is_empty());
}

#[test]
fn the_address_and_the_names_of_the_person_are_refused_in_any_case() {
    for candidate in [
        "my ANA.LIND+VIP@example.com",
        "say ana.lind+vip today",
        "say Ana.Lind today ok",
        "lind lives in a wood",
        "the ÖSTBERG umbrella",
        "the o\u{308}stberg umbrella",
        "a LIND-ÖSTBERG umbrella",
    ] {
        assert_eq!(
            default_codes(candidate),
            ["contains_personal_data"],
            "{candidate}"
        );
    }
}

#[test]
fn a_local_part_is_recognized_without_its_tag() {
    let tagged = PersonalContext {
        email: "quill+vip@example.com",
        first_name: "",
        last_name: "",
    };
    let refused = PasswordPolicy::default()
        .check("my quills are sharp", &tagged, &Listed(&[]))
        .unwrap_err();
    assert_eq!(refused.violations, [PasswordViolation::ContainsPersonalData]);
}

#[test]
fn names_and_local_parts_under_four_characters_may_occur() {
    assert!(default_codes("banana umbrellas").is_empty());
    let short = PersonalContext {
        email: "a@example.com",
        first_name: "",
        last_name: "Li",
    };
    assert!(
        PasswordPolicy::default()
            .check("quiet umbrellas", &short, &Listed(&[]))
            .is_ok()
    );
}

#[test]
fn nothing_known_about_the_person_refuses_nothing() {
    let nobody = PersonalContext::default();
    assert!(
        PasswordPolicy::default()
            .check("quiet umbrellas", &nobody, &Listed(&[]))
            .is_ok()
    );
}

#[test]
fn every_violation_is_listed_at_once_without_the_password() {
    let mut policy = PasswordPolicy::default();
    policy.require_digit = true;
    let refused = policy.check("Lind\0", &PERSON, &Listed(&["Lind\0"])).unwrap_err();
    let codes: Vec<_> = refused.violations.iter().map(|v| v.code()).collect();
    assert_eq!(
        codes,
        [
            "too_short",
            "contains_nul",
            "needs_digit",
            "too_common",
            "contains_personal_data"
        ]
    );
    assert_eq!(refused.code(), "password_policy");
    assert_eq!(
        refused.to_string(),
        "the password must have at least 15 characters, must not contain a NUL character, needs a digit, \
         is too common or too easily guessed, must not contain your email address or name"
    );
    assert!(!format!("{refused:?}").contains("Lind"));
}

#[cfg(feature = "serde")]
mod stored {
    use vestibule_guest_lifecycle::PasswordPolicy;

    #[test]
    fn a_policy_keeps_its_field_names_and_reads_back() {
        let mut policy = PasswordPolicy::new(20).unwrap();
        policy.require_symbol = true;
        let json = serde_json::to_string(&policy).unwrap();
        assert_eq!(
            json,
            r#"{"min_length":20,"require_upper":false,"require_lower":false,"require_digit":false,"require_symbol":true,"forbid_common":true}"#
        );
        assert_eq!(serde_json::from_str::<PasswordPolicy>(&json).unwrap(), policy);
    }

    #[test]
    fn missing_fields_have_their_defaults() {
        assert_eq!(
            serde_json::from_str::<PasswordPolicy>("{}").unwrap(),
            PasswordPolicy::default()
        );
    }

    #[test]
    fn unknown_fields_and_values_out_of_range_are_refused() {
        for json in [
            r#"{"min_len":20}"#,
            r#"{"min_length":7}"#,
            r#"{"min_length":65}"#,
            r#"{"min_length":-1}"#,
        ] {
            assert!(serde_json::from_str::<PasswordPolicy>(json).is_err(), "{json}");
        }
    }
}
