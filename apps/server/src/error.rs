//! From what a use case refuses to what HTTP answers: the only place that knows both.

use actix_web::http::StatusCode;
use vestibule_custom_objects::{ObjectReason, ObjectRefused};
use vestibule_guest_lifecycle::command::Refusal as GuestRefusal;
use vestibule_guest_lifecycle::{
    Capability, ClaimRefused, EmailRefused, EndDateRefused, GrantRefused, InvalidSlug, LastAdmin, OutOfRange,
    PasswordRefused, TextRefused, TimeZoneUnknown,
};
use vestibule_org_hierarchy::RoleError;
use vestibule_persistence::{StoreError, TransactionError, UniqueRule};

use crate::dto::access_ended::AccessEnded;
use crate::problem::Problem;

/// Why a use case did nothing.
#[derive(Debug, thiserror::Error)]
pub enum UseCaseError {
    /// The rules refuse it.
    #[error("{0:?}")]
    Refused(Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that cannot happen did, such as a system without randomness.
    #[error("{0}")]
    Internal(String),
}

/// A refusal: its class decides the status, its code is stable, its detail may be shown to anybody who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal.
    pub class: Class,
    /// The stable word.
    pub code: &'static str,
    /// One sentence for people.
    pub detail: String,
    /// Which fields are at fault.
    pub fields: Vec<FieldRefusal>,
    /// For somebody whose access has ended and who has shown who they are: how it ended.
    pub access_ended: Option<Box<AccessEnded>>,
}

/// A field at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRefusal {
    /// JSON pointer into the body, or `?name` of a query parameter.
    pub pointer: String,
    /// The stable word.
    pub code: &'static str,
    /// One sentence for people.
    pub detail: String,
}

/// Kinds of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Not understood: a malformed filter, an unknown field, a value of another JSON type.
    Malformed,
    /// The credential is none, wrong or over.
    Unauthenticated,
    /// The caller may not, and it is no matter of administration.
    Forbidden,
    /// The caller may not administer this; recorded in the audit log.
    Denied,
    /// There is nothing, or nothing that the caller may see.
    NotFound,
    /// It clashes with the present state.
    Conflict,
    /// It was there and is over, for good.
    Gone,
    /// The resource has another version than the caller expects.
    PreconditionFailed,
    /// Well-formed, but refused values.
    Invalid,
}

impl Refusal {
    /// A refusal without fields.
    pub fn new(class: Class, code: &'static str, detail: impl Into<String>) -> Self {
        Refusal {
            class,
            code,
            detail: detail.into(),
            fields: Vec::new(),
            access_ended: None,
        }
    }

    /// The same refusal, telling how access ended.
    #[must_use]
    pub fn telling(mut self, ended: AccessEnded) -> Self {
        self.access_ended = Some(Box::new(ended));
        self
    }

    /// The same refusal, blaming a field.
    #[must_use]
    pub fn at(mut self, pointer: &str) -> Self {
        self.fields.push(FieldRefusal {
            pointer: pointer.to_owned(),
            code: self.code,
            detail: self.detail.clone(),
        });
        self
    }
}

impl UseCaseError {
    /// There is nothing here, or nothing that the caller may see.
    pub fn not_found() -> Self {
        Refusal::new(
            Class::NotFound,
            "not_found",
            "there is nothing here, or nothing that you may see",
        )
        .into()
    }

    /// A clash with the present state.
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Refusal::new(Class::Conflict, code, detail).into()
    }

    /// One refused value.
    pub fn invalid(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Refusal::new(Class::Invalid, code, detail).at(pointer).into()
    }

    /// Something that is not understood.
    pub fn malformed(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Refusal::new(Class::Malformed, code, detail).at(pointer).into()
    }

    /// Something the caller may not do, outside administration.
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Refusal::new(Class::Forbidden, code, detail).into()
    }

    /// A capability that the caller lacks.
    pub fn capability_missing(capability: Capability) -> Self {
        let detail = format!("this needs the capability {}", capability.as_str());
        Refusal::new(Class::Denied, "capability_missing", detail).into()
    }

    /// The refusal, when it is one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            UseCaseError::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The same error, blaming a field when it is a refusal that blames none.
    #[must_use]
    pub fn at(self, pointer: &str) -> Self {
        match self {
            UseCaseError::Refused(refusal) if refusal.fields.is_empty() => refusal.at(pointer).into(),
            other => other,
        }
    }
}

impl From<Refusal> for UseCaseError {
    fn from(refusal: Refusal) -> Self {
        UseCaseError::Refused(refusal)
    }
}

impl TransactionError for UseCaseError {
    fn lost_a_race(&self) -> bool {
        matches!(self, UseCaseError::Store(StoreError::Busy))
    }
}

impl From<UseCaseError> for Problem {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::Refused(refusal) => refusal.into(),
            UseCaseError::Internal(cause) => Problem::internal(cause),
            UseCaseError::Store(error) => store_problem(error),
        }
    }
}

fn store_problem(error: StoreError) -> Problem {
    match error {
        // Use cases check first; these are what is left of races that they cannot see.
        StoreError::Unique(UniqueRule::UserEmail) => {
            Problem::conflict("email_taken", "this email is in use here").at("/email")
        }
        StoreError::Unique(UniqueRule::ExternalId) => {
            Problem::conflict("external_id_taken", "this external id is in use here").at("/external_id")
        }
        StoreError::Unique(UniqueRule::Name) => {
            Problem::conflict("name_taken", "this name is in use here").at("/name")
        }
        StoreError::Unique(UniqueRule::ObjectKey) => {
            Problem::conflict("object_key_taken", "this key is in use here").at("/key")
        }
        StoreError::Unique(UniqueRule::FieldKey) => {
            Problem::conflict("field_key_taken", "this key is in use here").at("/key")
        }
        // Without saying of which field or record: that the value exists is all that may be told.
        StoreError::Unique(UniqueRule::FieldValue) => {
            Problem::conflict("value_not_unique", "another record has this value")
        }
        StoreError::Unique(UniqueRule::OwnershipChange) => Problem::conflict(
            "ownership_change_running",
            "the owners of this object's records are still being derived from an earlier change",
        ),
        StoreError::Unique(UniqueRule::OrgSlug) => {
            Problem::conflict("slug_taken", "this slug is in use").at("/slug")
        }
        StoreError::Unique(UniqueRule::Other) => Problem::conflict("already_exists", "this exists already"),
        StoreError::Reference => Problem::conflict(
            "still_referenced",
            "something else refers to this, or what this refers to is gone",
        ),
        StoreError::Busy | StoreError::Unreachable => Problem::unavailable(error),
        StoreError::Corrupt { .. } | StoreError::Database(_) => Problem::internal(error),
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let Refusal {
            class,
            code,
            detail,
            fields,
            access_ended,
        } = refusal;
        let problem = match class {
            Class::Malformed => Problem::bad_request(code, detail),
            Class::Unauthenticated => Problem::unauthorized(code, detail),
            Class::Forbidden | Class::Denied => Problem::forbidden(code, detail),
            Class::NotFound => Problem::not_found(),
            Class::Conflict => Problem::conflict(code, detail),
            Class::Gone => Problem::gone(code, detail),
            Class::PreconditionFailed => Problem::precondition_failed(),
            Class::Invalid => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail),
        };
        let problem = match access_ended {
            Some(ended) => problem.with_access_ended(*ended),
            None => problem,
        };
        fields.into_iter().fold(problem, |problem, f| {
            problem.with_error(f.pointer, f.code, f.detail)
        })
    }
}

/// An error of one field's value.
pub trait FieldError {
    /// The stable word.
    fn code(&self) -> &'static str;
    /// One sentence for people.
    fn detail(&self) -> String;
}

macro_rules! field_errors {
    ($($error:ty),*) => {$(
        impl FieldError for $error {
            fn code(&self) -> &'static str {
                <$error>::code(self)
            }
            fn detail(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

field_errors!(
    EmailRefused,
    TextRefused,
    EndDateRefused,
    InvalidSlug,
    OutOfRange,
    TimeZoneUnknown
);

/// Collects what is wrong with the fields of one body, so that all of it is told at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldRefusal>);

impl Fields {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Fields::default()
    }

    /// Keeps the value, or notes what is wrong with it.
    pub fn check<T, E: FieldError>(&mut self, pointer: &str, value: Result<T, E>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(pointer, error.code(), error.detail());
                None
            }
        }
    }

    /// Notes a refused value.
    pub fn refuse(&mut self, pointer: &str, code: &'static str, detail: impl Into<String>) {
        self.0.push(FieldRefusal {
            pointer: pointer.to_owned(),
            code,
            detail: detail.into(),
        });
    }

    /// Whether anything is wrong.
    pub fn is_clean(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes on when nothing is wrong.
    ///
    /// # Errors
    /// 422 with every field at fault: under the code of the one, or `validation_failed` for several.
    pub fn finish(self) -> Result<(), UseCaseError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.refused())
        }
    }

    /// The refusal of what was noted.
    pub fn refused(self) -> UseCaseError {
        let (code, detail) = match self.0.as_slice() {
            [only] => (only.code, only.detail.clone()),
            _ => ("validation_failed", "some values are not accepted".to_owned()),
        };
        UseCaseError::Refused(Refusal {
            fields: self.0,
            ..Refusal::new(Class::Invalid, code, detail)
        })
    }
}

impl From<GrantRefused> for UseCaseError {
    fn from(refused: GrantRefused) -> Self {
        let detail = refused.to_string();
        let refusal = |class| Refusal::new(class, refused.code(), detail.clone());
        match refused {
            GrantRefused::ProfileNotForGuests => refusal(Class::Invalid).at("/profile_id"),
            GrantRefused::ProfileNotEditable => refusal(Class::Conflict),
            GrantRefused::AdminOnly
            | GrantRefused::CapabilityNotHeld { .. }
            | GrantRefused::OwnAccessFixed
            | GrantRefused::SubjectOutranksActor { .. } => refusal(Class::Denied),
        }
        .into()
    }
}

impl From<GuestRefusal> for UseCaseError {
    fn from(refused: GuestRefusal) -> Self {
        match refused {
            GuestRefusal::EndDate(date) => {
                Refusal::new(Class::Invalid, date.code(), date.to_string()).at("/access_ends_on")
            }
            GuestRefusal::GuestDeleted => Refusal::new(Class::NotFound, "not_found", ""),
            other => Refusal::new(Class::Conflict, other.code(), other.to_string()),
        }
        .into()
    }
}

impl From<ClaimRefused> for UseCaseError {
    fn from(refused: ClaimRefused) -> Self {
        let class = match refused {
            ClaimRefused::ClaimLinkInvalid => Class::Gone,
            ClaimRefused::GuestAccessOff => Class::Conflict,
        };
        Refusal::new(class, refused.code(), refused.to_string()).into()
    }
}

impl From<LastAdmin> for UseCaseError {
    fn from(refused: LastAdmin) -> Self {
        Refusal::new(Class::Conflict, refused.code(), refused.to_string()).into()
    }
}

impl From<RoleError> for UseCaseError {
    fn from(refused: RoleError) -> Self {
        let detail = refused.to_string();
        match refused {
            RoleError::Unknown { .. } => {
                Refusal::new(Class::Invalid, refused.code(), detail).at("/parent_id")
            }
            RoleError::TooDeep { .. } => {
                Refusal::new(Class::Invalid, refused.code(), detail).at("/parent_id")
            }
            _ => Refusal::new(Class::Conflict, refused.code(), detail),
        }
        .into()
    }
}

/// What is wrong with a password, each violation blaming the same field.
pub fn password_refused(refused: &PasswordRefused, pointer: &str) -> UseCaseError {
    let fields = refused
        .violations
        .iter()
        .map(|violation| FieldRefusal {
            pointer: pointer.to_owned(),
            code: violation.code(),
            detail: violation.to_string(),
        })
        .collect();
    UseCaseError::Refused(Refusal {
        fields,
        ..Refusal::new(Class::Invalid, refused.code(), refused.to_string())
    })
}

/// What kind of refusal a reason against an object or a field is.
fn class_of(reason: &ObjectReason) -> Class {
    match reason {
        ObjectReason::Default(refused) if refused.wrong_type => Class::Malformed,
        ObjectReason::UnknownField => Class::NotFound,
        ObjectReason::FieldKeyTaken
        | ObjectReason::TooManyFields
        | ObjectReason::FieldNumbersUsedUp
        | ObjectReason::TooManyUserFields
        | ObjectReason::LastOwnershipField
        | ObjectReason::KeyFixed
        | ObjectReason::TypeFixed
        | ObjectReason::ObjectFixed => Class::Conflict,
        _ => Class::Invalid,
    }
}

impl From<ObjectRefused> for UseCaseError {
    fn from(refused: ObjectRefused) -> Self {
        vec![refused].into()
    }
}

/// All that is wrong with an object or a field, told at once: as what is worst about it, under the code of the one or
/// `validation_failed` for several.
impl From<Vec<ObjectRefused>> for UseCaseError {
    fn from(refused: Vec<ObjectRefused>) -> Self {
        let classes = [Class::Malformed, Class::Invalid, Class::Conflict, Class::NotFound];
        let has = |class: &Class| refused.iter().any(|problem| class_of(&problem.reason) == *class);
        let class = classes.into_iter().find(has).unwrap_or(Class::Invalid);
        let (code, detail) = match refused.first() {
            Some(first) if refused.iter().all(|problem| problem.code() == first.code()) => {
                (first.code(), first.to_string())
            }
            _ => ("validation_failed", "some values are not accepted".to_owned()),
        };
        let blamed = |problem: &ObjectRefused| {
            let pointer = problem.pointer();
            (!pointer.is_empty()).then(|| FieldRefusal {
                pointer,
                code: problem.code(),
                detail: problem.to_string(),
            })
        };
        UseCaseError::Refused(Refusal {
            fields: refused.iter().filter_map(blamed).collect(),
            ..Refusal::new(class, code, detail)
        })
    }
}
