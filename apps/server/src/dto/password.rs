//! Passwords being set, as they are written in bodies.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::dto::secret::SecretText;

/// The old and the new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password as it is now.
    pub current: SecretText,
    /// The password from now on.
    pub new: SecretText,
}

/// Whose password was forgotten.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordResetRequest {
    /// The short name of the organization.
    #[schema(example = "acme")]
    pub org: String,
    /// The email, however it is spelled.
    #[schema(example = "ada@analytical.example")]
    pub email: String,
}

/// A new password, by a mailed link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// The token of the link.
    pub token: SecretText,
    /// The password from now on.
    pub password: SecretText,
}
