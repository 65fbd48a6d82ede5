//! One pass over a JSON text for what typed parsing overlooks: repeated keys and NUL characters.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// What a pass found in a well-formed text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// JSON pointer of the first key that its object holds twice.
    pub duplicate: Option<String>,
    /// JSON pointer of the first string, or key, with a NUL character.
    pub nul: Option<String>,
}

/// Walks through the whole of `text`.
///
/// # Errors
///
/// The text is no JSON, is nested deeper than 128 levels, or has something after the value.
///
/// # Complexity
///
/// Linear in the length of `text`.
pub fn walk(text: &str) -> Result<Findings, serde_json::Error> {
    let mut walker = Walker::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Step(&mut walker).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(walker.findings)
}

/// One segment of a JSON pointer, escaped as RFC 6901 asks.
pub fn pointer_segment(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[derive(Default)]
struct Walker {
    path: Vec<String>,
    findings: Findings,
}

impl Walker {
    fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |pointer, key| {
            pointer + "/" + &pointer_segment(key)
        })
    }

    fn see_text(&mut self, text: &str) {
        if self.findings.nul.is_none() && text.contains('\0') {
            self.findings.nul = Some(self.pointer());
        }
    }
}

struct Step<'w>(&'w mut Walker);

impl<'de> DeserializeSeed<'de> for Step<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Step<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.see_text(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        loop {
            self.0.path.push(index.to_string());
            let more = seq.next_element_seed(Step(self.0))?.is_some();
            self.0.path.pop();
            if !more {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            self.0.path.push(key.clone());
            self.0.see_text(&key);
            if !seen.insert(key) && self.0.findings.duplicate.is_none() {
                self.0.findings.duplicate = Some(self.0.pointer());
            }
            map.next_value_seed(Step(self.0)).map_err(A::Error::custom)?;
            self.0.path.pop();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(text: &str) -> Findings {
        walk(text).unwrap()
    }

    #[test]
    fn a_plain_text_has_no_findings() {
        let text = r#"{"a": [1, -1, 2.5, null, true, "x"], "b": {"a": {}}}"#;
        assert_eq!(findings(text), Findings::default());
    }

    #[test]
    fn a_repeated_key_is_found_at_any_depth() {
        assert_eq!(findings(r#"{"a": 1, "a": 2}"#).duplicate.unwrap(), "/a");
        assert_eq!(
            findings(r#"{"a": [0, {"b/c": 1, "\u0062/c": 2}]}"#)
                .duplicate
                .unwrap(),
            "/a/1/b~1c"
        );
    }

    #[test]
    fn a_nul_is_found_in_strings_and_keys() {
        assert_eq!(findings(r#"{"a": ["", "x\u0000"]}"#).nul.unwrap(), "/a/1");
        assert!(findings(r#"{"a\u0000": 1}"#).nul.is_some());
        assert_eq!(findings(r#"{"a": "\\u0000"}"#).nul, None);
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        for text in [
            "",
            "{",
            "{\"a\":1,}",
            "[1] 2",
            "nul",
            "\"\0\"",
            "1e999",
            deep.as_str(),
        ] {
            assert!(walk(text).is_err(), "{text:.20}");
        }
    }
}
