//! Exact decimals as text: of JSON, of the store, and as keys that sort.

use rust_decimal::Decimal;

/// How many digits a number has at most: before the point, after it, and in all.
const MAX_DIGITS: usize = 28;

/// The number that a JSON number denotes, exactly; `None` if it has more digits than are kept.
///
/// Zeros that say nothing don't count as digits: `1.50` has two, and so has `0.015`.
pub(crate) fn from_json_number(text: &str) -> Option<Decimal> {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let written = [whole, fraction].concat();
    let digits = written.trim_end_matches('0');
    let dropped = written.len() - digits.len();
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return Some(Decimal::ZERO);
    }
    // An exponent too long for an i64 is far beyond any number that is kept.
    let exponent = exponent.parse::<i64>().ok()?;
    let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let exponent = exponent.checked_add(i64::try_from(dropped).ok()?)?;
    let zeros = usize::try_from(exponent).unwrap_or(0);
    let places = usize::try_from(exponent.checked_neg()?).unwrap_or(0);
    if digits.len().checked_add(zeros)? > MAX_DIGITS || places > MAX_DIGITS {
        return None;
    }
    let all: i128 = [digits, &"0".repeat(zeros)].concat().parse().ok()?;
    let signed = if negative { -all } else { all };
    Decimal::try_from_i128_with_scale(signed, u32::try_from(places).ok()?).ok()
}

/// Whether the text is a number as JSON writes them.
pub(crate) fn is_json_number(text: &str) -> bool {
    text.bytes()
        .next()
        .is_some_and(|first| first == b'-' || first.is_ascii_digit())
        && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok_and(|raw| raw.get() == text)
}

/// The number's text in the store, which [`from_json_number`] reads back: `-1250.5`.
pub(crate) fn to_text(number: Decimal) -> String {
    number.normalize().to_string()
}

/// Text whose byte order is the order of the numbers, the same for equal numbers.
///
/// `1`, the digits before the point filled up to 29, a point, the digits after it without trailing zeros. For negative
/// numbers `0`, then nine minus each digit, and a last `~`, which makes the longer fraction the smaller number.
pub(crate) fn sort_key(number: Decimal) -> String {
    let number = number.normalize();
    let text = number.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let magnitude = format!("{whole:0>29}.{fraction}");
    if number.is_sign_negative() && !number.is_zero() {
        let complement = |letter: char| {
            letter
                .to_digit(10)
                .and_then(|digit| char::from_digit(9 - digit, 10))
        };
        let digits: String = magnitude
            .chars()
            .map(|letter| complement(letter).unwrap_or(letter))
            .collect();
        format!("0{digits}~")
    } else {
        format!("1{magnitude}")
    }
}
