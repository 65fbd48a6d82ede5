//! The names of people, for pickers and labels.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use vestibule_persistence::ids::UserId;

use crate::dto::user::KindWord;
use crate::problem::Problem;
use crate::query::invalid;

/// How many people may be asked for by id.
const MOST_IDS: usize = 100;

/// A person by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PersonName {
    /// The user's id.
    pub id: Uuid,
    /// `standard` or `guest`.
    #[schema(example = "standard")]
    pub kind: &'static str,
    /// First name.
    #[schema(example = "Grace")]
    pub first_name: String,
    /// Last name.
    #[schema(example = "Hopper")]
    pub last_name: String,
    /// Whether decisions count the person: a standard user who isn't deactivated, or a guest with access at present.
    pub good_standing: bool,
    /// The email as it was typed; null where it is none of the caller's business.
    #[schema(required = true, example = "grace@acme.example")]
    pub email: Option<String>,
}

/// Which people.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct PeopleNamesFilter {
    /// These people: up to 100 ids, joined by commas. Whoever is unknown, deleted or out of sight is left out.
    pub ids: Option<String>,
    /// Standard users or guests only.
    pub kind: Option<KindWord>,
    /// Words that all occur in the names, or in the email where the caller sees emails.
    pub q: Option<String>,
}

impl PeopleNamesFilter {
    /// The ids.
    ///
    /// # Errors
    /// 400 `invalid_query` for a text that is no id, and for too many.
    pub fn ids(&self) -> Result<Option<Vec<UserId>>, Problem> {
        let Some(text) = &self.ids else {
            return Ok(None);
        };
        let ids = text.split(',').map(|id| id.parse::<Uuid>().map(UserId::from));
        let ids: Vec<UserId> = ids
            .collect::<Result<_, _>>()
            .map_err(|_| invalid("ids", "expected ids, joined by commas"))?;
        if ids.len() > MOST_IDS {
            return Err(invalid("ids", "expected at most 100 ids"));
        }
        Ok(Some(ids))
    }
}
