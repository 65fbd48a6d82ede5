use vestibule_guest_lifecycle::{ClaimLinkTtl, GuestMaxDays, OrgSlug, SessionHours};

#[test]
fn each_setting_accepts_its_bounds_and_nothing_beyond() {
    fn accepted<T: TryFrom<i64>>(values: [i64; 7]) -> [bool; 7] {
        values.map(|value| T::try_from(value).is_ok())
    }
    let expected = [false, false, true, true, false, false, false];
    assert_eq!(
        accepted::<ClaimLinkTtl>([-1, 0, 1, 168, 169, 65_537, i64::MAX]),
        expected
    );
    assert_eq!(
        accepted::<SessionHours>([-1, 0, 1, 720, 721, 65_537, i64::MAX]),
        expected
    );
    assert_eq!(
        accepted::<GuestMaxDays>([-1, 0, 1, 90, 91, 65_537, i64::MIN]),
        expected
    );
}

#[test]
fn defaults_are_72_hours_12_hours_and_90_days() {
    assert_eq!(ClaimLinkTtl::default().hours(), 72);
    assert_eq!(SessionHours::default().hours(), 12);
    assert_eq!(GuestMaxDays::default(), GuestMaxDays::MAX);
}

#[test]
fn a_refused_number_is_told_its_bounds() {
    let refused = GuestMaxDays::new(91).unwrap_err();
    assert_eq!(
        (refused.min, refused.max, refused.code()),
        (1, 90, "out_of_range")
    );
    assert_eq!(refused.to_string(), "must be from 1 to 90 days");
}

#[test]
fn a_slug_is_2_to_40_lower_case_letters_digits_and_hyphens() {
    for slug in ["ab", "a-1", "--", &"x".repeat(40)] {
        assert_eq!(OrgSlug::parse(slug).unwrap().as_str(), slug);
    }
    for slug in [
        "",
        "a",
        "Acme",
        "a_b",
        "a b",
        " ab",
        "ab\n",
        "é-é",
        "а-б",
        "a/b",
        &"x".repeat(41),
    ] {
        assert_eq!(
            OrgSlug::parse(slug).unwrap_err().code(),
            "invalid_slug",
            "{slug:?}"
        );
    }
}
