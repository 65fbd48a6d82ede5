//! Personal settings as they are written in bodies.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use vestibule_guest_lifecycle::{UserKind, refusal_for};
use vestibule_persistence::users::{Notifications, User};

use crate::caller::Caller;
use crate::dto::guest::SignIn;
use crate::instant::{CivilDate, Instant};
use crate::json_walk::pointer_segment;
use crate::merge_patch::{Patch, not_null};
use crate::problem::Problem;
use crate::use_cases::my_place::MyPlace;

/// The caller's own account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub struct MeBody {
    /// The caller's id.
    pub id: Uuid,
    /// `standard` or `guest`.
    #[schema(example = "guest")]
    pub kind: &'static str,
    /// First name.
    #[schema(example = "Ada")]
    pub first_name: String,
    /// Last name.
    #[schema(example = "Lovelace")]
    pub last_name: String,
    /// The email as it was typed.
    #[schema(example = "ada@analytical.example")]
    pub email: String,
    /// Preferred language (BCP 47), if any.
    #[schema(required = true, example = "de-AT")]
    pub locale: Option<String>,
    /// Preferred time zone (IANA); the organization's when null.
    #[schema(required = true, example = "Europe/Vienna")]
    pub time_zone: Option<String>,
    /// Which mails are wanted beside those that must be sent.
    pub notifications: NotificationChoices,
    /// The caller's role; null when they have none.
    #[schema(required = true)]
    pub role: Option<Named>,
    /// The caller's profile.
    pub profile: Named,
    /// The caller's license; null when they have none.
    #[schema(required = true)]
    pub license: Option<Named>,
    /// How the caller signs in.
    pub sign_in: SignIn,
    /// A guest's last usable day, in the organization's time zone; null for a standard user.
    #[schema(required = true)]
    pub access_ends_on: Option<CivilDate>,
    /// The first moment without access; null for a standard user.
    #[schema(required = true)]
    pub access_ends_at: Option<Instant>,
    /// Calendar days left, today included; null for a standard user.
    #[schema(required = true, example = 21)]
    pub days_left: Option<u32>,
    /// Who answers for a guest; null for a standard user, and when that user is gone.
    #[schema(required = true)]
    pub sponsor: Option<Sponsor>,
    /// The last sign-in.
    #[schema(required = true)]
    pub last_sign_in_at: Option<Instant>,
    /// When the account was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

impl MeBody {
    /// The account as its owner sees it.
    pub fn of(caller: &Caller<'_>, user: &User, place: MyPlace) -> Self {
        let window = user.guest().map(|guest| guest.window);
        MeBody {
            id: user.id.into(),
            kind: user.kind().as_str(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
            locale: user.locale.clone(),
            time_zone: user.time_zone.clone(),
            notifications: user.notifications.into(),
            role: place.role.map(|role| Named::new(role.id, role.name)),
            profile: Named::new(place.profile.id, place.profile.name),
            license: place.license.map(|license| Named::new(license.id, license.name)),
            sign_in: user.sign_in.into(),
            access_ends_on: window.map(|window| CivilDate(window.ends_on)),
            access_ends_at: window.map(|window| Instant(window.ends_at)),
            days_left: window.map(|window| window.days_left(caller.now, &caller.org.zone)),
            sponsor: place.sponsor.map(|sponsor| Sponsor {
                first_name: sponsor.first_name,
                last_name: sponsor.last_name,
                email: sponsor.email,
            }),
            last_sign_in_at: user.last_sign_in_at.map(Instant),
            created_at: user.created_at.into(),
            updated_at: user.updated_at.into(),
        }
    }
}

/// Something of the organization, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    #[schema(example = "Default")]
    pub name: String,
}

impl Named {
    fn new(id: impl Into<Uuid>, name: String) -> Self {
        Named { id: id.into(), name }
    }
}

/// Who answers for a guest.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sponsor {
    /// First name.
    #[schema(example = "Grace")]
    pub first_name: String,
    /// Last name.
    #[schema(example = "Hopper")]
    pub last_name: String,
    /// The email as it was typed.
    #[schema(example = "grace@acme.example")]
    pub email: String,
}

/// Which mails are wanted beside those that must be sent.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct NotificationChoices {
    /// Mail ahead of the end of one's own access.
    pub access_reminders: bool,
    /// Mail about the guests one answers for.
    pub sponsored_guests: bool,
}

impl From<Notifications> for NotificationChoices {
    fn from(choices: Notifications) -> Self {
        NotificationChoices {
            access_reminders: choices.access_reminders,
            sponsored_guests: choices.sponsored_guests,
        }
    }
}

/// Changes to one's own account, as a merge patch. Everything else about it is for administrators to change.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct MePatch {
    /// First name.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub last_name: Option<String>,
    /// Preferred language (BCP 47); null clears it.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "de-AT")]
    pub locale: Patch<String>,
    /// Preferred time zone (IANA); null for the organization's.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "Europe/Vienna")]
    pub time_zone: Patch<String>,
    /// Which mails are wanted.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub notifications: Option<NotificationsPatch>,
    /// Fields that are none of the above.
    #[serde(flatten)]
    #[schema(ignore)]
    others: BTreeMap<String, IgnoredAny>,
}

/// Changes to the choice of mails; what is left out stays.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationsPatch {
    /// Mail ahead of the end of one's own access.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub access_reminders: Option<bool>,
    /// Mail about the guests one answers for.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false)]
    pub sponsored_guests: Option<bool>,
}

impl MePatch {
    /// Refuses fields that nobody knows.
    ///
    /// # Errors
    /// 400 `unknown_field`.
    pub fn known(self) -> Result<Self, Problem> {
        match self
            .others
            .keys()
            .find(|field| refusal_for(field, UserKind::Guest).is_none())
        {
            Some(field) => Err(Problem::bad_request("unknown_field", "a field is not known")
                .at(format!("/{}", pointer_segment(field)))),
            None => Ok(self),
        }
    }

    /// The fields that are for administrators to change, as pointers.
    pub fn governed(&self) -> impl Iterator<Item = String> + '_ {
        self.others
            .keys()
            .map(|field| format!("/{}", pointer_segment(field)))
    }
}
