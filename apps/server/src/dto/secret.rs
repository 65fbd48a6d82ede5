//! Secrets in bodies.

use std::borrow::Cow;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use vestibule_guest_lifecycle::normalized;

/// A password or token that somebody sends: never printed, never written back.
#[derive(Clone, Debug)]
pub struct SecretText(SecretString);

impl SecretText {
    /// The text as it was sent.
    pub fn as_sent(&self) -> &str {
        self.0.expose_secret()
    }

    /// The one form in which a password is checked, hashed and compared.
    pub fn as_password(&self) -> SecretString {
        SecretString::from(normalized(self.0.expose_secret()))
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| SecretText(SecretString::from(text)))
    }
}

impl PartialSchema for SecretText {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .write_only(true)
            .into()
    }
}

impl ToSchema for SecretText {
    fn name() -> Cow<'static, str> {
        "Secret".into()
    }
}
