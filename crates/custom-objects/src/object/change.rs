use std::collections::BTreeSet;

use vestibule_access_control::ObjectId;

use super::draft::{check_default, check_help, check_label, check_options, keep};
use super::{FieldChange, FieldDraft, Object, ObjectReason, ObjectRefused};
use crate::{Field, FieldKey, FieldKind, FieldNumber, FieldType, ObjectKey};

/// Something that was switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switched {
    /// It was off.
    On,
    /// It was on.
    Off,
}

impl Switched {
    fn between(before: bool, after: bool) -> Option<Self> {
        match (before, after) {
            (false, true) => Some(Self::On),
            (true, false) => Some(Self::Off),
            _ => None,
        }
    }
}

/// What a change to a field did, for those who have to act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChanged {
    /// Which field.
    pub number: FieldNumber,
    /// Whether anything about the field is different at all.
    pub changed: bool,
    /// Options that records may hold but that are gone; whether that is acceptable is for the caller to decide.
    pub options_removed: Vec<String>,
    /// Unique values have to be indexed (and may clash), or their index is to be dropped.
    pub unique: Option<Switched>,
    /// The owners of every record have to be derived anew. The object at hand has the new meaning.
    pub ownership: Option<Switched>,
}

impl Object {
    /// A new object with these fields, in this order.
    ///
    /// # Errors
    /// Everything that is wrong, each [`ObjectRefused`] with where it is: the object's own `key`, `singular` and
    /// `plural`, and whatever [`Object::add_field`] refuses, with the index of the draft in [`ObjectRefused::field`].
    pub fn new(
        id: ObjectId,
        key: &str,
        singular: &str,
        plural: &str,
        drafts: Vec<FieldDraft>,
    ) -> Result<Self, Vec<ObjectRefused>> {
        let mut problems = Vec::new();
        let parsed = ObjectKey::parse(key).map_err(|refused| ObjectRefused::at("key", refused));
        let key = keep(&mut problems, parsed);
        let singular = keep(&mut problems, check_label("singular", singular));
        let plural = keep(&mut problems, check_label("plural", plural));
        let checked = check_drafts(&[], FieldNumber::FIRST, &drafts);
        let checked = checked.map_err(|more| problems.extend(more)).ok();
        match (key, singular, plural, checked) {
            (Some(key), Some(singular), Some(plural), Some((fields, next_field))) => Ok(Self {
                id,
                key,
                singular,
                plural,
                fields,
                next_field,
            }),
            _ => Err(problems),
        }
    }

    /// Renames the object; what is `None` stays. Gives whether anything is different.
    ///
    /// # Errors
    /// - `required`, `too_long`, `invalid_text` at `singular` or `plural`.
    pub fn relabel(
        &mut self,
        singular: Option<&str>,
        plural: Option<&str>,
    ) -> Result<bool, Vec<ObjectRefused>> {
        let mut problems = Vec::new();
        let singular = keep(
            &mut problems,
            check_label("singular", singular.unwrap_or(&self.singular)),
        );
        let plural = keep(
            &mut problems,
            check_label("plural", plural.unwrap_or(&self.plural)),
        );
        let (Some(singular), Some(plural)) = (singular, plural) else {
            return Err(problems);
        };
        let changed = (&singular, &plural) != (&self.singular, &self.plural);
        (self.singular, self.plural) = (singular, plural);
        Ok(changed)
    }

    /// Adds a field after the others and gives its number.
    ///
    /// # Errors
    /// Everything that is wrong with the draft:
    /// - `too_many_fields`, `too_many_user_fields`: the object is full.
    /// - `invalid_key`, `field_key_taken` at `key`.
    /// - `required`, `too_long`, `invalid_text` at `label` or `help`.
    /// - `options_needed`, `options_not_for_type`, `too_many_options`, `option_twice` at `options`, or what is wrong
    ///   with the text of one.
    /// - `object_needed`, `object_not_for_type` at `object`.
    /// - `unique_not_for_type` at `unique`, `ownership_not_for_type` at `represents_ownership`.
    /// - `default_not_for_type` at `default`, or the code of [`ValueRefused`](crate::ValueRefused).
    pub fn add_field(&mut self, draft: FieldDraft) -> Result<FieldNumber, Vec<ObjectRefused>> {
        let one = |problem: ObjectRefused| ObjectRefused {
            field: None,
            ..problem
        };
        let (added, next_field) = check_drafts(&self.fields, self.next_field, &[draft])
            .map_err(|problems| problems.into_iter().map(one).collect::<Vec<_>>())?;
        let number = self.next_field;
        self.fields.extend(added);
        self.next_field = next_field;
        Ok(number)
    }

    /// Changes what may be changed about a field, and says what that means for the records there are.
    ///
    /// Making a field required asks nothing of existing records until somebody changes its value. Switching ownership
    /// off is allowed for the last ownership field too: the object's records then are unowned.
    ///
    /// # Errors
    /// Everything that is wrong with the change: what [`Object::add_field`] refuses, and
    /// - `unknown_field`: the object has no such field.
    /// - `key_fixed`, `type_fixed`, `object_fixed`: these never change.
    /// - `unknown_option` at `options`: the default would no longer be among them.
    pub fn change_field(
        &mut self,
        key: &str,
        change: FieldChange,
    ) -> Result<FieldChanged, Vec<ObjectRefused>> {
        let unknown = || vec![ObjectRefused::whole(ObjectReason::UnknownField)];
        let before = self
            .fields
            .iter_mut()
            .find(|field| field.key.as_str() == key)
            .ok_or_else(unknown)?;
        let after = changed(before, &change)?;
        let gone = |option: &&String| {
            !after
                .kind
                .options()
                .is_some_and(|options| options.contains(option))
        };
        let options = before
            .kind
            .options()
            .map(|options| options.as_slice())
            .unwrap_or_default();
        let outcome = FieldChanged {
            number: before.number,
            changed: *before != after,
            options_removed: options.iter().filter(gone).cloned().collect(),
            unique: Switched::between(before.unique, after.unique),
            ownership: Switched::between(before.represents_ownership(), after.represents_ownership()),
        };
        *before = after;
        Ok(outcome)
    }

    /// Removes a field and gives it back. Its number is never given again; what records hold for it is to be erased.
    ///
    /// # Errors
    /// - `unknown_field`: the object has no such field.
    /// - `last_ownership_field`: no other field represents ownership.
    pub fn remove_field(&mut self, key: &str) -> Result<Field, ObjectRefused> {
        let unknown = || ObjectRefused::whole(ObjectReason::UnknownField);
        let place = self.place_of(key).ok_or_else(unknown)?;
        let owns = self.field(key).is_some_and(Field::represents_ownership);
        if owns && self.ownership_fields().count() == 1 {
            return Err(ObjectRefused::whole(ObjectReason::LastOwnershipField));
        }
        Ok(self.fields.remove(place))
    }

    /// Puts the fields into the order in which people are to be shown them.
    ///
    /// # Errors
    /// - `incomplete_order`: not every field is named, or one is named twice or unknown.
    pub fn reorder(&mut self, keys: &[FieldKey]) -> Result<(), ObjectRefused> {
        let distinct: BTreeSet<_> = keys.iter().collect();
        let complete = keys.len() == self.fields.len()
            && distinct.len() == keys.len()
            && keys.iter().all(|key| self.has_key(key));
        if !complete {
            return Err(ObjectRefused::whole(ObjectReason::IncompleteOrder));
        }
        self.fields
            .sort_by_key(|field| keys.iter().position(|key| *key == field.key));
        Ok(())
    }

    /// Makes exactly the user fields with these numbers represent ownership: for a store in which the old meaning
    /// holds until the owners of every record have been derived anew.
    #[must_use]
    pub fn with_ownership(mut self, owning: &[FieldNumber]) -> Self {
        for field in &mut self.fields {
            if let FieldKind::User { represents_ownership } = &mut field.kind {
                *represents_ownership = owning.contains(&field.number);
            }
        }
        self
    }
}

/// The drafts as fields that come after `present`, and the number after theirs.
fn check_drafts(
    present: &[Field],
    first: FieldNumber,
    drafts: &[FieldDraft],
) -> Result<(Vec<Field>, FieldNumber), Vec<ObjectRefused>> {
    let mut problems = Vec::new();
    let mut fields = Vec::with_capacity(drafts.len().min(Object::MAX_FIELDS));
    let mut keys: BTreeSet<&str> = present.iter().map(|field| field.key.as_str()).collect();
    let is_user = |field: &&Field| field.field_type() == FieldType::User;
    let mut users = present.iter().filter(is_user).count();
    let mut next = first;
    for (place, draft) in drafts.iter().enumerate() {
        let mut note = |problem: ObjectRefused| problems.push(problem.in_field(place));
        if present.len() + place >= Object::MAX_FIELDS {
            // What is wrong with the rest is of no interest to anybody.
            note(ObjectRefused::whole(ObjectReason::TooManyFields));
            break;
        }
        if !keys.insert(&draft.key) {
            note(ObjectRefused::at("key", ObjectReason::FieldKeyTaken));
        }
        users += usize::from(draft.field_type == FieldType::User);
        if draft.field_type == FieldType::User && users > Object::MAX_USER_FIELDS {
            note(ObjectRefused::at("type", ObjectReason::TooManyUserFields));
        }
        match draft.check(next) {
            Ok(field) => fields.push(field),
            Err(more) => more.into_iter().for_each(&mut note),
        }
        match next.next() {
            Some(number) => next = number,
            None => note(ObjectRefused::whole(ObjectReason::FieldNumbersUsedUp)),
        }
    }
    if problems.is_empty() {
        Ok((fields, next))
    } else {
        Err(problems)
    }
}

/// The field after the change, or everything that is wrong with it.
fn changed(before: &Field, change: &FieldChange) -> Result<Field, Vec<ObjectRefused>> {
    let mut problems = Vec::new();
    check_fixed(before, change, &mut problems);
    let mut field = before.clone();
    if let Some(label) = change
        .label
        .as_deref()
        .and_then(|label| keep(&mut problems, check_label("label", label)))
    {
        field.label = label;
    }
    if let Some(help) = change
        .help
        .as_ref()
        .and_then(|help| keep(&mut problems, check_help(help.as_deref())))
    {
        field.help = help;
    }
    field.required = change.required.unwrap_or(before.required);
    field.unique = change.unique.unwrap_or(before.unique);
    if field.unique && !field.field_type().may_be_unique() {
        problems.push(ObjectRefused::at(
            "unique",
            ObjectReason::UniqueNotForType(field.field_type()),
        ));
    }
    if let Some(kind) = keep(&mut problems, changed_kind(before, change)) {
        field.kind = kind;
    }
    match &change.default {
        Some(default) => {
            field.default = keep(&mut problems, check_default(&field, default.as_deref())).flatten();
        }
        // The default that stays has to obey the rules that changed.
        None => {
            let stays = before.default.as_ref().map(|default| default.to_json());
            let member = if change.options.is_some() {
                "options"
            } else {
                "default"
            };
            let checked = check_default(&field, stays.as_deref());
            keep(
                &mut problems,
                checked.map_err(|problem| ObjectRefused {
                    member: Some(member),
                    ..problem
                }),
            );
        }
    }
    if problems.is_empty() {
        Ok(field)
    } else {
        Err(problems)
    }
}

fn check_fixed(before: &Field, change: &FieldChange, problems: &mut Vec<ObjectRefused>) {
    if change
        .key
        .as_deref()
        .is_some_and(|key| key != before.key.as_str())
    {
        problems.push(ObjectRefused::at("key", ObjectReason::KeyFixed));
    }
    if change
        .field_type
        .is_some_and(|field_type| field_type != before.field_type())
    {
        problems.push(ObjectRefused::at("type", ObjectReason::TypeFixed));
    }
    let present = match before.kind {
        FieldKind::Record { object } => Some(object),
        _ => None,
    };
    if change.object.is_some_and(|object| object != present) {
        problems.push(ObjectRefused::at("object", ObjectReason::ObjectFixed));
    }
}

fn changed_kind(before: &Field, change: &FieldChange) -> Result<FieldKind, ObjectRefused> {
    let field_type = before.field_type();
    let owns = change.represents_ownership;
    if owns == Some(true) && field_type != FieldType::User {
        return Err(ObjectRefused::at(
            "represents_ownership",
            ObjectReason::OwnershipNotForType(field_type),
        ));
    }
    let options = change
        .options
        .as_ref()
        .map(|options| options.as_deref().unwrap_or_default());
    match (&before.kind, options) {
        (FieldKind::Choice(_), Some(options)) => check_options(options).map(FieldKind::Choice),
        (FieldKind::MultiChoice(_), Some(options)) => check_options(options).map(FieldKind::MultiChoice),
        (_, Some(options)) if !options.is_empty() => Err(ObjectRefused::at(
            "options",
            ObjectReason::OptionsNotForType(field_type),
        )),
        (FieldKind::User { represents_ownership }, _) => Ok(FieldKind::User {
            represents_ownership: owns.unwrap_or(*represents_ownership),
        }),
        (kind, _) => Ok(kind.clone()),
    }
}
