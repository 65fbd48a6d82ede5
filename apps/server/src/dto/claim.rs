//! Claims as they are written in bodies.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::dto::guest::SignIn;
use crate::dto::org::PasswordPolicyBody;
use crate::dto::secret::SecretText;
use crate::instant::CivilDate;
use crate::use_cases::preview_claim::Preview;

/// A claim link, to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimPreviewRequest {
    /// The token of the link.
    pub token: SecretText,
}

/// A claim.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRequest {
    /// The token of the link.
    pub token: SecretText,
    /// The password from now on.
    pub password: SecretText,
}

/// What a claim link is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimPreview {
    /// Where the account is.
    pub org: ClaimOrg,
    /// `standard` or `guest`.
    #[schema(example = "guest")]
    pub kind: &'static str,
    /// The email as it was typed.
    #[schema(example = "ada@analytical.example")]
    pub email: String,
    /// First name.
    #[schema(example = "Ada")]
    pub first_name: String,
    /// Last name.
    #[schema(example = "Lovelace")]
    pub last_name: String,
    /// The name of the account's profile, which says what its owner may do.
    #[schema(example = "Partner")]
    pub profile: String,
    /// Who answers for a guest, by name.
    #[schema(required = true, example = "Grace Hopper")]
    pub invited_by: Option<String>,
    /// A guest's last usable day.
    #[schema(required = true)]
    pub access_ends_on: Option<CivilDate>,
    /// The time zone in which that day ends.
    #[schema(example = "Europe/Vienna")]
    pub time_zone: String,
    /// What the password has to be like.
    pub password_policy: PasswordPolicyBody,
    /// How the account is signed in to.
    pub sign_in: SignIn,
}

/// Where an account is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimOrg {
    /// The organization's name.
    #[schema(example = "Acme Inc.")]
    pub name: String,
    /// Its short name.
    #[schema(example = "acme")]
    pub slug: String,
}

impl From<Preview> for ClaimPreview {
    fn from(preview: Preview) -> Self {
        let Preview {
            org,
            user,
            profile,
            sponsor,
        } = preview;
        ClaimPreview {
            profile: profile.name,
            kind: user.kind().as_str(),
            invited_by: sponsor.map(|sponsor| sponsor.full_name()),
            access_ends_on: user.guest().map(|guest| guest.window.ends_on.into()),
            time_zone: org.zone.name().to_owned(),
            password_policy: org.password_policy.into(),
            sign_in: user.sign_in.into(),
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
            org: ClaimOrg {
                name: org.name,
                slug: org.slug.as_str().to_owned(),
            },
        }
    }
}
