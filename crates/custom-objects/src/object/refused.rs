use vestibule_guest_lifecycle::TextRefused;

use crate::{FieldType, KeyRefused, Object, OptionsRefused, ValueRefused};

/// Why an object, or a change to one, is refused. Retrying does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectReason {
    /// Not a key.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// A label or help text that cannot be shown.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// The options are not acceptable.
    #[error(transparent)]
    Options(#[from] OptionsRefused),
    /// The default is no value of the field.
    #[error(transparent)]
    Default(#[from] ValueRefused),
    /// Another field has the key.
    #[error("another field of the object has this key")]
    FieldKeyTaken,
    /// One field too many.
    #[error("an object has at most {} fields", Object::MAX_FIELDS)]
    TooManyFields,
    /// Every number for fields was given once; only after tens of thousands of removed fields.
    #[error("the object has had as many fields as it ever can")]
    FieldNumbersUsedUp,
    /// One user field too many.
    #[error("an object has at most {} user fields", Object::MAX_USER_FIELDS)]
    TooManyUserFields,
    /// The object has no such field.
    #[error("the object has no such field")]
    UnknownField,
    /// Records would silently lose their owners.
    #[error("this is the only field that represents ownership; switch that off first")]
    LastOwnershipField,
    /// Only users own.
    #[error("only a user field can represent ownership, not a {0} field")]
    OwnershipNotForType(FieldType),
    /// Values of the type are not unique.
    #[error("a {0} field cannot be unique")]
    UniqueNotForType(FieldType),
    /// The type has no default.
    #[error("a {0} field cannot have a default")]
    DefaultNotForType(FieldType),
    /// Options for a type that isn't chosen from options.
    #[error("a {0} field has no options")]
    OptionsNotForType(FieldType),
    /// A record field has to say of which object.
    #[error("a record field needs the object whose records it holds")]
    ObjectNeeded,
    /// An object for a type that doesn't look one up.
    #[error("a {0} field looks up no object")]
    ObjectNotForType(FieldType),
    /// The key is fixed for good.
    #[error("the key cannot be changed")]
    KeyFixed,
    /// The type is fixed for good.
    #[error("the type cannot be changed")]
    TypeFixed,
    /// The object that a record field looks up is fixed for good.
    #[error("the object of a record field cannot be changed")]
    ObjectFixed,
    /// An order that isn't one of all the fields.
    #[error("must name every field of the object exactly once")]
    IncompleteOrder,
}

impl ObjectReason {
    /// The stable word for the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Key(refused) => refused.code(),
            Self::Text(refused) => refused.code(),
            Self::Options(refused) => refused.code(),
            Self::Default(refused) => refused.code,
            Self::FieldKeyTaken => "field_key_taken",
            Self::TooManyFields | Self::FieldNumbersUsedUp => "too_many_fields",
            Self::TooManyUserFields => "too_many_user_fields",
            Self::UnknownField => "unknown_field",
            Self::LastOwnershipField => "last_ownership_field",
            Self::OwnershipNotForType(_) => "ownership_not_for_type",
            Self::UniqueNotForType(_) => "unique_not_for_type",
            Self::DefaultNotForType(_) => "default_not_for_type",
            Self::OptionsNotForType(_) => "options_not_for_type",
            Self::ObjectNeeded => "object_needed",
            Self::ObjectNotForType(_) => "object_not_for_type",
            Self::KeyFixed => "key_fixed",
            Self::TypeFixed => "type_fixed",
            Self::ObjectFixed => "object_fixed",
            Self::IncompleteOrder => "incomplete_order",
        }
    }
}

/// One reason why an object, or a change to one, is refused, and which member of the request it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ObjectRefused {
    /// Which of several drafts, counted from 0; `None` if the request was about one thing.
    pub field: Option<usize>,
    /// Which member: `key`, `label`, `options`, …; `None` for the thing as a whole.
    pub member: Option<&'static str>,
    /// Why.
    pub reason: ObjectReason,
}

impl ObjectRefused {
    pub(super) fn whole(reason: ObjectReason) -> Self {
        Self {
            field: None,
            member: None,
            reason,
        }
    }

    pub(super) fn at(member: &'static str, reason: impl Into<ObjectReason>) -> Self {
        Self {
            field: None,
            member: Some(member),
            reason: reason.into(),
        }
    }

    pub(super) fn in_field(self, field: usize) -> Self {
        Self {
            field: Some(field),
            ..self
        }
    }

    /// The stable word for the API.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.reason.code()
    }

    /// Where in the request, as a JSON pointer: `/fields/3/key`, `/key`, or empty for the whole.
    #[must_use]
    pub fn pointer(&self) -> String {
        let field = self
            .field
            .map(|field| format!("/fields/{field}"))
            .unwrap_or_default();
        let member = self.member.map(|member| format!("/{member}")).unwrap_or_default();
        field + &member
    }
}
