//! Fields of JSON merge patches (RFC 7396), where absent and null mean different things.

use serde::{Deserialize, Deserializer};

/// A field that may be left alone, cleared or set:
/// `#[serde(default)] #[schema(value_type = Option<Uuid>)] parent_id: Patch<Uuid>`.
///
/// It has no schema of its own, so that the second attribute can't be forgotten.
/// For a field that can't be cleared use `Option<T>` with [`not_null`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Not mentioned: stays as it is.
    #[default]
    Absent,
    /// `null`: is cleared.
    Null,
    /// Is set.
    Value(T),
}

impl<T> Patch<T> {
    /// Whether the field isn't mentioned.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Nothing when absent, else the new value, which is nothing when null.
    pub fn into_change(self) -> Option<Option<T>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }

    /// The field's value after the patch, given the one before.
    pub fn apply(self, present: Option<T>) -> Option<T> {
        self.into_change().unwrap_or(present)
    }

    /// The same patch of another type.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Absent => Patch::Absent,
            Self::Null => Patch::Null,
            Self::Value(value) => Patch::Value(convert(value)),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}

/// For a field that may be left alone or set but not cleared, so that `null` is a wrong type:
/// `#[serde(default, deserialize_with = "not_null")] #[schema(nullable = false)] name: Option<String>`.
///
/// # Errors
///
/// Whatever `T` refuses.
pub fn not_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// For a field that has to be there and may be `null`:
/// `#[serde(deserialize_with = "nullable")] #[schema(required = true)] parent_id: Option<Uuid>`.
///
/// # Errors
///
/// Whatever `T` refuses.
pub fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use utoipa::{PartialSchema, ToSchema};

    use super::*;

    #[derive(Debug, Deserialize, ToSchema)]
    #[serde(deny_unknown_fields)]
    struct RolePatch {
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        parent: Patch<String>,
        #[serde(default, deserialize_with = "not_null")]
        #[schema(nullable = false)]
        name: Option<String>,
    }

    fn parse(text: &str) -> Result<RolePatch, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn absent_null_and_value_are_told_apart() {
        assert_eq!(parse("{}").unwrap().parent, Patch::Absent);
        assert_eq!(parse(r#"{"parent":null}"#).unwrap().parent, Patch::Null);
        assert_eq!(
            parse(r#"{"parent":"x"}"#).unwrap().parent,
            Patch::Value("x".to_owned())
        );
        assert!(parse(r#"{"parent":1}"#).is_err());
    }

    #[test]
    fn a_field_that_cannot_be_cleared_refuses_null() {
        assert_eq!(parse("{}").unwrap().name, None);
        assert_eq!(parse(r#"{"name":"x"}"#).unwrap().name.unwrap(), "x");
        assert!(parse(r#"{"name":null}"#).is_err());
    }

    #[test]
    fn a_patch_applies_to_the_present_value() {
        assert_eq!(Patch::Absent.apply(Some(1)), Some(1));
        assert_eq!(Patch::Null.apply(Some(1)), None);
        assert_eq!(Patch::Value(2).apply(Some(1)), Some(2));
        assert!(Patch::<u8>::Absent.is_absent());
        assert_eq!(
            Patch::Value(2).map(|n| n.to_string()),
            Patch::Value("2".to_owned())
        );
    }

    #[test]
    fn the_schema_is_nullable_and_optional() {
        let schema = serde_json::to_value(RolePatch::schema()).unwrap();
        assert_eq!(schema.get("required"), None, "{schema}");
        assert_eq!(schema["properties"]["name"]["type"], "string", "{schema}");
        let parent = schema["properties"]["parent"].to_string();
        assert!(parent.contains("null") && parent.contains("string"), "{parent}");
    }
}
