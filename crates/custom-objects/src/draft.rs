//! The values of a record as a client proposes them: for a new record, and as a change to one.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use vestibule_access_control::UserId;

use crate::{Field, Object, Value, ValueRefused, Values};

/// Values as a client gives them: field key to JSON.
pub type GivenValues = BTreeMap<String, Box<RawValue>>;

/// What is wrong with a field of a proposed record. Retrying does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldReason {
    /// The object has no such field.
    #[error("the object has no such field")]
    Unknown,
    /// A required field without a default isn't mentioned.
    #[error("this field is required")]
    Missing,
    /// The value is refused, or is null for a required field.
    #[error(transparent)]
    Value(#[from] ValueRefused),
}

/// One reason why the values proposed for a record are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct FieldRefused {
    /// The key of the field, as given.
    pub key: String,
    /// What is wrong with it.
    pub reason: FieldReason,
}

impl FieldRefused {
    /// The stable word: `unknown_field`, `missing_field`, or that of the [`ValueRefused`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match &self.reason {
            FieldReason::Unknown => "unknown_field",
            FieldReason::Missing => "missing_field",
            FieldReason::Value(refused) => refused.code,
        }
    }

    /// Whether the request is malformed (400) rather than its value refused (422).
    #[must_use]
    pub const fn is_malformed(&self) -> bool {
        match &self.reason {
            FieldReason::Unknown | FieldReason::Missing => true,
            FieldReason::Value(refused) => refused.wrong_type,
        }
    }

    /// Where in the request, as a JSON pointer: `/fields/amount`.
    #[must_use]
    pub fn pointer(&self) -> String {
        format!("/fields/{}", self.key.replace('~', "~0").replace('/', "~1"))
    }

    fn new(key: &str, reason: impl Into<FieldReason>) -> Self {
        Self {
            key: key.to_owned(),
            reason: reason.into(),
        }
    }
}

impl Object {
    /// The values of a new record: what was given, defaults for what wasn't, and `creator` as the owner of an object
    /// with ownership fields of which none was mentioned.
    ///
    /// An explicit null is no value, whatever the default; null in an ownership field proposes a record without that
    /// owner.
    ///
    /// # Errors
    /// Everything that is wrong, each [`FieldRefused`] with its field:
    /// - `unknown_field`: the object has no such field.
    /// - `missing_field`: a required field that has no default wasn't mentioned.
    /// - `required`: null, nothing chosen, or nothing but blanks for a required field.
    /// - the codes of [`Value::parse`].
    ///
    /// # Examples
    /// ```
    /// use vestibule_access_control::{ObjectId, UserId};
    /// use vestibule_custom_objects::{FieldDraft, FieldType, GivenValues, Object};
    ///
    /// let name = FieldDraft { required: true, ..FieldDraft::new("name", "Name", FieldType::Text) };
    /// let owner = FieldDraft { represents_ownership: true, ..FieldDraft::new("owner", "Owner", FieldType::User) };
    /// let deal = Object::new(ObjectId::from_u128(1), "deal", "Deal", "Deals", vec![name, owner]).unwrap();
    /// let me = UserId::from_u128(7);
    ///
    /// let given: GivenValues = serde_json::from_str(r#"{"name": "Harbour crane"}"#)?;
    /// assert_eq!(deal.owners_of(&deal.new_values(&given, me).unwrap()), [me]);
    ///
    /// let given: GivenValues = serde_json::from_str(r#"{"name": "Harbour crane", "owner": null}"#)?;
    /// assert_eq!(deal.owners_of(&deal.new_values(&given, me).unwrap()), [], "unowned, as asked");
    ///
    /// let problems = deal.new_values(&GivenValues::new(), me).unwrap_err();
    /// assert_eq!((problems[0].code(), problems[0].pointer().as_str()), ("missing_field", "/fields/name"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new_values(&self, given: &GivenValues, creator: UserId) -> Result<Values, Vec<FieldRefused>> {
        let unowned_unsaid = !self
            .ownership_fields()
            .any(|field| given.contains_key(field.key.as_str()));
        let first_owner = self
            .ownership_fields()
            .next()
            .filter(|_| unowned_unsaid)
            .map(|field| field.number);
        let mut problems = self.unknown_keys(given);
        let mut values = Values::new();
        for field in self.fields() {
            let proposed = match given.get(field.key.as_str()) {
                Some(json) => proposed(field, json),
                None if first_owner == Some(field.number) => Ok(Some(Value::User(creator))),
                None => match &field.default {
                    None if field.required => {
                        Err(FieldRefused::new(field.key.as_str(), FieldReason::Missing))
                    }
                    default => Ok(default.clone()),
                },
            };
            put(&mut values, field, proposed, &mut problems);
        }
        if problems.is_empty() {
            Ok(values)
        } else {
            Err(problems)
        }
    }

    /// The values of a record after a change that mentions only what it changes (JSON merge patch): null clears.
    ///
    /// What isn't mentioned stays as it is, also where the rules of its field have changed since.
    ///
    /// # Errors
    /// Everything that is wrong: `unknown_field`, `required`, and the codes of [`Value::parse`], as for
    /// [`Object::new_values`].
    pub fn changed_values(&self, before: &Values, given: &GivenValues) -> Result<Values, Vec<FieldRefused>> {
        let mut problems = self.unknown_keys(given);
        let mut values = before.clone();
        for field in self.fields() {
            if let Some(json) = given.get(field.key.as_str()) {
                put(&mut values, field, proposed(field, json), &mut problems);
            }
        }
        if problems.is_empty() {
            Ok(values)
        } else {
            Err(problems)
        }
    }

    fn unknown_keys(&self, given: &GivenValues) -> Vec<FieldRefused> {
        let unknown = given.keys().filter(|key| self.field(key).is_none());
        unknown
            .map(|key| FieldRefused::new(key, FieldReason::Unknown))
            .collect()
    }
}

fn proposed(field: &Field, json: &RawValue) -> Result<Option<Value>, FieldRefused> {
    let value =
        Value::parse(field, json).map_err(|refused| FieldRefused::new(field.key.as_str(), refused))?;
    if field.required && value.is_none() {
        return Err(FieldRefused::new(field.key.as_str(), ValueRefused::required()));
    }
    Ok(value)
}

fn put(
    values: &mut Values,
    field: &Field,
    proposed: Result<Option<Value>, FieldRefused>,
    problems: &mut Vec<FieldRefused>,
) {
    match proposed {
        Ok(Some(value)) => values.set(field.number, value),
        Ok(None) => drop(values.remove(field.number)),
        Err(problem) => problems.push(problem),
    }
}
