//! Fields and objects in few words.

use serde_json::value::RawValue;
use vestibule_access_control::{ObjectId, UserId};
use vestibule_custom_objects::{
    Field, FieldDraft, FieldType, GivenValues, Object, ObjectRefused, Value, ValueRefused,
};

pub(crate) const CREATOR: UserId = UserId::from_u128(0xC0FFEE);

pub(crate) fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

pub(crate) fn given(json: &str) -> GivenValues {
    serde_json::from_str(json).unwrap()
}

/// A draft with what its type needs.
pub(crate) fn draft(key: &str, field_type: FieldType) -> FieldDraft {
    let options = field_type
        .has_options()
        .then(|| ["Open", "Won", "Lost, sadly"].map(str::to_owned).to_vec());
    let object = (field_type == FieldType::Record).then_some(ObjectId::from_u128(9));
    FieldDraft {
        options,
        object,
        ..FieldDraft::new(key, &format!("The {key}"), field_type)
    }
}

pub(crate) fn required(key: &str, field_type: FieldType) -> FieldDraft {
    FieldDraft {
        required: true,
        ..draft(key, field_type)
    }
}

pub(crate) fn unique(key: &str, field_type: FieldType) -> FieldDraft {
    FieldDraft {
        unique: true,
        ..draft(key, field_type)
    }
}

pub(crate) fn owning(key: &str) -> FieldDraft {
    FieldDraft {
        represents_ownership: true,
        ..draft(key, FieldType::User)
    }
}

pub(crate) fn object(drafts: Vec<FieldDraft>) -> Object {
    Object::new(ObjectId::from_u128(1), "deal", "Deal", "Deals", drafts).unwrap()
}

/// An object with one field of each type, whose key is the type's word with an `a_` before it.
pub(crate) fn everything() -> Object {
    object(
        FieldType::ALL
            .map(|field_type| draft(&format!("a_{field_type}"), field_type))
            .to_vec(),
    )
}

pub(crate) fn field(draft: FieldDraft) -> Field {
    object(vec![draft]).fields()[0].clone()
}

pub(crate) fn of_type(field_type: FieldType) -> Field {
    field(draft("it", field_type))
}

pub(crate) fn parse(field: &Field, json: &str) -> Result<Option<Value>, ValueRefused> {
    Value::parse(field, &raw(json))
}

/// The value that a field of this type has after somebody gave it this JSON.
pub(crate) fn value(field_type: FieldType, json: &str) -> Value {
    parse(&of_type(field_type), json).unwrap().unwrap()
}

pub(crate) fn sort_key(field_type: FieldType, json: &str) -> String {
    value(field_type, json).sort_key(&of_type(field_type))
}

/// What is wrong, and where.
pub(crate) fn codes(problems: &[ObjectRefused]) -> Vec<(String, &'static str)> {
    problems
        .iter()
        .map(|problem| (problem.pointer(), problem.code()))
        .collect()
}

/// What is wrong, and where, to compare with.
pub(crate) fn at(pointer: &str, code: &'static str) -> (String, &'static str) {
    (pointer.to_owned(), code)
}
