use serde_json::value::RawValue;
use vestibule_access_control::ObjectId;
use vestibule_guest_lifecycle::{LongText, ShortText};

use super::{ObjectReason, ObjectRefused};
use crate::{Field, FieldKey, FieldKind, FieldNumber, FieldType, Options, Value};

/// Proposes a new field; [`Object::new`](crate::Object::new) and [`Object::add_field`](crate::Object::add_field) check it.
#[derive(Clone, Debug)]
pub struct FieldDraft {
    /// Its name in the API.
    pub key: String,
    /// What people are shown.
    pub label: String,
    /// What it holds.
    pub field_type: FieldType,
    /// What to fill in, for people.
    pub help: Option<String>,
    /// Whether every new record needs a value.
    pub required: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// What can be chosen: for choice and multi_choice, and needed there.
    pub options: Option<Vec<String>>,
    /// Which object's records: for record, and needed there.
    pub object: Option<ObjectId>,
    /// Whether the user is an owner of the record: for user.
    pub represents_ownership: bool,
    /// The value of a new record that doesn't mention the field, as the API writes values. Null is none.
    pub default: Option<Box<RawValue>>,
}

impl FieldDraft {
    /// A draft with nothing special about it.
    #[must_use]
    pub fn new(key: &str, label: &str, field_type: FieldType) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            field_type,
            help: None,
            required: false,
            unique: false,
            options: None,
            object: None,
            represents_ownership: false,
            default: None,
        }
    }

    /// The field, or everything that is wrong with the draft by itself.
    pub(super) fn check(&self, number: FieldNumber) -> Result<Field, Vec<ObjectRefused>> {
        let mut problems = Vec::new();
        let key = keep(
            &mut problems,
            FieldKey::parse(&self.key).map_err(|refused| ObjectRefused::at("key", refused)),
        );
        let label = keep(&mut problems, check_label("label", &self.label));
        let help = keep(&mut problems, check_help(self.help.as_deref()));
        if self.unique && !self.field_type.may_be_unique() {
            problems.push(ObjectRefused::at(
                "unique",
                ObjectReason::UniqueNotForType(self.field_type),
            ));
        }
        let kind = self.kind(&mut problems);
        let (Some(key), Some(label), Some(help), Some(kind)) = (key, label, help, kind) else {
            return Err(problems);
        };
        let (required, unique) = (self.required, self.unique);
        let mut field = Field {
            number,
            key,
            label,
            help,
            kind,
            required,
            unique,
            default: None,
        };
        let default = check_default(&field, self.default.as_deref());
        field.default = keep(&mut problems, default).flatten();
        if problems.is_empty() {
            Ok(field)
        } else {
            Err(problems)
        }
    }

    fn kind(&self, problems: &mut Vec<ObjectRefused>) -> Option<FieldKind> {
        let field_type = self.field_type;
        let wrong = |member, reason| ObjectRefused::at(member, reason);
        if self.options.is_some() && !field_type.has_options() {
            problems.push(wrong("options", ObjectReason::OptionsNotForType(field_type)));
        }
        if self.object.is_some() && field_type != FieldType::Record {
            problems.push(wrong("object", ObjectReason::ObjectNotForType(field_type)));
        }
        if self.represents_ownership && field_type != FieldType::User {
            problems.push(wrong(
                "represents_ownership",
                ObjectReason::OwnershipNotForType(field_type),
            ));
        }
        match field_type {
            FieldType::Text => Some(FieldKind::Text),
            FieldType::Number => Some(FieldKind::Number),
            FieldType::Boolean => Some(FieldKind::Boolean),
            FieldType::Date => Some(FieldKind::Date),
            FieldType::DateTime => Some(FieldKind::DateTime),
            FieldType::Choice => keep(problems, self.checked_options()).map(FieldKind::Choice),
            FieldType::MultiChoice => keep(problems, self.checked_options()).map(FieldKind::MultiChoice),
            FieldType::Email => Some(FieldKind::Email),
            FieldType::Url => Some(FieldKind::Url),
            FieldType::Phone => Some(FieldKind::Phone),
            FieldType::Currency => Some(FieldKind::Currency),
            FieldType::Percentage => Some(FieldKind::Percentage),
            FieldType::User => Some(FieldKind::User {
                represents_ownership: self.represents_ownership,
            }),
            FieldType::Record => {
                let object = self
                    .object
                    .ok_or_else(|| wrong("object", ObjectReason::ObjectNeeded));
                keep(problems, object).map(|object| FieldKind::Record { object })
            }
        }
    }

    fn checked_options(&self) -> Result<Options, ObjectRefused> {
        check_options(self.options.as_deref().unwrap_or_default())
    }
}

/// Proposes changes to a field; [`Object::change_field`](crate::Object::change_field) checks them. What is `None` stays.
///
/// Key, type and object are fixed: naming them as they are is fine, so that a client may send back what it was given.
#[derive(Clone, Debug, Default)]
pub struct FieldChange {
    /// Must be the present key.
    pub key: Option<String>,
    /// Must be the present type.
    pub field_type: Option<FieldType>,
    /// Must be the present object; `Some(None)` for a field that looks up none.
    pub object: Option<Option<ObjectId>>,
    /// What people are shown.
    pub label: Option<String>,
    /// What to fill in; `Some(None)` takes it away.
    pub help: Option<Option<String>>,
    /// Whether every new record needs a value.
    pub required: Option<bool>,
    /// Whether no two records may have the same value.
    pub unique: Option<bool>,
    /// What can be chosen: all of it, not what is added. `Some(None)` for a field that has no options.
    pub options: Option<Option<Vec<String>>>,
    /// Whether the user is an owner of the record.
    pub represents_ownership: Option<bool>,
    /// The value of a new record that doesn't mention the field; `Some(None)` takes it away.
    pub default: Option<Option<Box<RawValue>>>,
}

/// The good result, or the problem noted among the others.
pub(super) fn keep<T>(problems: &mut Vec<ObjectRefused>, result: Result<T, ObjectRefused>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

pub(super) fn check_label(member: &'static str, text: &str) -> Result<String, ObjectRefused> {
    ShortText::parse(text)
        .map(String::from)
        .map_err(|refused| ObjectRefused::at(member, refused))
}

/// A blank help text is none.
pub(super) fn check_help(text: Option<&str>) -> Result<Option<String>, ObjectRefused> {
    let text = text.filter(|text| !text.trim().is_empty());
    let checked = text
        .map(LongText::parse)
        .transpose()
        .map_err(|refused| ObjectRefused::at("help", refused))?;
    Ok(checked.map(String::from))
}

pub(super) fn check_options(options: &[String]) -> Result<Options, ObjectRefused> {
    Options::parse(options).map_err(|refused| ObjectRefused::at("options", refused))
}

/// The default that `json` gives the field, which is otherwise as it will be.
pub(super) fn check_default(field: &Field, json: Option<&RawValue>) -> Result<Option<Value>, ObjectRefused> {
    let Some(json) = json else { return Ok(None) };
    let default = Value::parse(field, json).map_err(|refused| ObjectRefused::at("default", refused))?;
    if default.is_some() && !field.field_type().may_have_default() {
        return Err(ObjectRefused::at(
            "default",
            ObjectReason::DefaultNotForType(field.field_type()),
        ));
    }
    Ok(default)
}
