//! The rows of an object's fields.

use diesel::prelude::*;
use serde_json::json;
use vestibule_custom_objects::{Field, FieldKey, FieldKind, FieldNumber, FieldType, Object, Options, Value};

use crate::error::StoreError;
use crate::ids::OrgId;
use crate::schema::object_fields;
use crate::transaction::{Tx, WriteTx};
use crate::types::{DbId, DbJson, db, db_opt};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = object_fields, treat_none_as_default_value = false)]
pub(super) struct FieldRow {
    org_id: DbId,
    pub(super) object_id: DbId,
    number: i16,
    kind: i16,
    pub(super) represents_ownership: bool,
    target_object_id: Option<DbId>,
    #[diesel(embed)]
    changeable: Changeable,
}

/// What may change about a field, but for whether it means ownership.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Clone, PartialEq)]
#[diesel(table_name = object_fields)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(super) struct Changeable {
    key: String,
    label: String,
    help: Option<String>,
    place: i16,
    required: bool,
    is_unique: bool,
    options: Option<DbJson>,
    default_value: Option<DbJson>,
}

fn corrupt(what: &'static str) -> StoreError {
    StoreError::corrupt("object_fields", what)
}

impl FieldRow {
    fn new(org: OrgId, object: DbId, place: i16, field: &Field) -> Self {
        let target = match field.kind {
            FieldKind::Record { object } => Some(object),
            _ => None,
        };
        FieldRow {
            org_id: db(org),
            object_id: object,
            number: field.number.get(),
            kind: field.field_type().number(),
            represents_ownership: field.represents_ownership(),
            target_object_id: db_opt(target),
            changeable: Changeable {
                key: field.key.as_str().to_owned(),
                label: field.label.clone(),
                help: field.help.clone(),
                place,
                required: field.required,
                is_unique: field.unique,
                options: field
                    .kind
                    .options()
                    .map(|options| DbJson(json!(options.as_slice()))),
                default_value: field.default.as_ref().map(|value| DbJson(value.to_stored())),
            },
        }
    }

    pub(super) fn number(&self) -> FieldNumber {
        FieldNumber::new(self.number)
    }

    pub(super) fn into_field(self) -> Result<Field, StoreError> {
        let Changeable {
            key,
            label,
            help,
            required,
            is_unique,
            options,
            default_value,
            ..
        } = self.changeable;
        let field_type = FieldType::from_number(self.kind).ok_or(corrupt("kind"))?;
        let mut field = Field {
            number: FieldNumber::new(self.number),
            key: FieldKey::parse(&key).map_err(|_| corrupt("key"))?,
            label,
            help,
            kind: kind(
                field_type,
                self.represents_ownership,
                self.target_object_id,
                options,
            )?,
            required,
            unique: is_unique,
            default: None,
        };
        if let Some(value) = default_value {
            field.default = Some(Value::from_stored(&field, &value.0).map_err(|_| corrupt("default_value"))?);
        }
        Ok(field)
    }
}

fn kind(
    field_type: FieldType,
    represents_ownership: bool,
    target: Option<DbId>,
    options: Option<DbJson>,
) -> Result<FieldKind, StoreError> {
    let options = || {
        let texts: Vec<String> = options
            .and_then(|options| serde_json::from_value(options.0).ok())
            .ok_or(corrupt("options"))?;
        Options::parse(&texts).map_err(|_| corrupt("options"))
    };
    Ok(match field_type {
        FieldType::Text => FieldKind::Text,
        FieldType::Number => FieldKind::Number,
        FieldType::Boolean => FieldKind::Boolean,
        FieldType::Date => FieldKind::Date,
        FieldType::DateTime => FieldKind::DateTime,
        FieldType::Choice => FieldKind::Choice(options()?),
        FieldType::MultiChoice => FieldKind::MultiChoice(options()?),
        FieldType::Email => FieldKind::Email,
        FieldType::Url => FieldKind::Url,
        FieldType::Phone => FieldKind::Phone,
        FieldType::Currency => FieldKind::Currency,
        FieldType::Percentage => FieldKind::Percentage,
        FieldType::User => FieldKind::User { represents_ownership },
        FieldType::Record => FieldKind::Record {
            object: target.ok_or(corrupt("target_object_id"))?.0.into(),
        },
    })
}

/// The fields of these objects, each object's in the order in which people are shown them.
pub(super) fn of_objects(tx: &mut Tx<'_>, org: OrgId, objects: &[DbId]) -> Result<Vec<FieldRow>, StoreError> {
    Ok(object_fields::table
        .filter(object_fields::org_id.eq(db(org)))
        .filter(object_fields::object_id.eq_any(objects))
        .order((
            object_fields::object_id,
            object_fields::place,
            object_fields::number,
        ))
        .select(FieldRow::as_select())
        .load(tx.conn)?)
}

/// Makes the rows of an object's fields those of `object`, given the ones that are there; returns the fields that mean
/// ownership then, which are the flagged ones of old and new ones.
pub(super) fn write(
    tx: &mut WriteTx<'_>,
    org: OrgId,
    object: &Object,
    known: &[FieldRow],
) -> Result<Vec<FieldNumber>, StoreError> {
    let id = db(object.id());
    let row_of = |number: i16| {
        object_fields::table
            .filter(object_fields::org_id.eq(db(org)))
            .filter(object_fields::object_id.eq(id))
            .filter(object_fields::number.eq(number))
    };
    // First, so that the key of a removed field is free for a new one.
    for gone in known
        .iter()
        .filter(|row| object.field_numbered(row.number()).is_none())
    {
        diesel::delete(row_of(gone.number)).execute(tx.conn)?;
    }
    let mut owning = Vec::new();
    for (place, field) in (0..).zip(object.fields()) {
        let row = FieldRow::new(org, id, place, field);
        let before = known.iter().find(|before| before.number == row.number);
        if before.map_or(row.represents_ownership, |before| before.represents_ownership) {
            owning.push(field.number);
        }
        match before {
            None => {
                diesel::insert_into(object_fields::table)
                    .values(row)
                    .execute(tx.conn)?;
            }
            Some(before) if before.changeable != row.changeable => {
                diesel::update(row_of(row.number))
                    .set(row.changeable)
                    .execute(tx.conn)?;
            }
            Some(_) => {}
        }
    }
    Ok(owning)
}
