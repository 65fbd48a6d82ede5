use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::{FieldNumber, Object, StoredRefused, Value};

/// Holds the values of one record by field number. A field without a value is not in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(BTreeMap<FieldNumber, Value>);

impl Values {
    /// No values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a field, if it has one.
    #[must_use]
    pub fn get(&self, field: FieldNumber) -> Option<&Value> {
        self.0.get(&field)
    }

    /// Gives a field a value, whatever it had before.
    pub fn set(&mut self, field: FieldNumber, value: Value) {
        self.0.insert(field, value);
    }

    /// Takes the value of a field away.
    pub fn remove(&mut self, field: FieldNumber) -> Option<Value> {
        self.0.remove(&field)
    }

    /// The fields with a value, by number.
    pub fn iter(&self) -> impl Iterator<Item = (FieldNumber, &Value)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }

    /// Whether no field has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The document that is stored: field number to [`Value::to_stored`].
    #[must_use]
    pub fn to_stored(&self) -> Json {
        let members = self
            .iter()
            .map(|(field, value)| (field.to_string(), value.to_stored()));
        Json::Object(members.collect::<Map<_, _>>())
    }

    /// Reads a stored document back. Values of fields that the object no longer has are left out.
    ///
    /// # Errors
    /// - [`StoredRefused`]: the value of a field is not what is stored for its type.
    pub fn from_stored(object: &Object, stored: &Json) -> Result<Self, StoredRefused> {
        let mut values = Self::new();
        for field in object.fields() {
            if let Some(value) = stored.get(field.number.to_string()) {
                values.set(field.number, Value::from_stored(field, value)?);
            }
        }
        Ok(values)
    }

    /// The document by which records are compared: field number to [`Value::sort_key`].
    #[must_use]
    pub fn sort_keys(&self, object: &Object) -> Json {
        let keys = object.fields().iter().filter_map(|field| {
            let value = self.get(field.number)?;
            Some((field.number.to_string(), Json::String(value.sort_key(field))))
        });
        Json::Object(keys.collect::<Map<_, _>>())
    }
}

impl FromIterator<(FieldNumber, Value)> for Values {
    fn from_iter<I: IntoIterator<Item = (FieldNumber, Value)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}
