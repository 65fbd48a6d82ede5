//! Who may, with what, and what: the searches of the AuthZEN Authorization API. Each result is found by the same decision
//! that a single question gets.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_access_control::{Action, UserId};
use vestibule_persistence::ids::RecordId;
use vestibule_persistence::{Tx, objects, records, users};

use crate::caller::Caller;
use crate::dto::authzen::{
    ActionQuery, FoundAction, FoundEntity, FoundProperties, JsonObject, PageBody, PageQuery, ResourceQuery,
    ResultsBody, SubjectQuery,
};
use crate::error::UseCaseError;
use crate::paging::{ListIdentity, Sort};
use crate::use_cases::access_facts::AccessFacts;
use crate::use_cases::evaluate_access::{bad_request, named};

const DEFAULT_LIMIT: u64 = 100;

/// How many results a page holds at most, whatever limit is asked for.
const MAX_LIMIT: u64 = 1_000;

/// Which results are asked for: the first so many after a place in their order.
struct Pages<P> {
    identity: ListIdentity,
    limit: usize,
    after: Option<P>,
}

/// What a token says, under a signature that ties it to its search.
#[derive(Serialize, Deserialize)]
struct Token<P> {
    limit: u64,
    after: Option<P>,
}

impl<P: Clone + Serialize + DeserializeOwned> Pages<P> {
    /// Reads which page of this search is asked for.
    ///
    /// # Errors
    /// A refusal of a token that is altered or belongs to another search, entity or limit.
    fn read(
        caller: &Caller<'_>,
        search: &str,
        query: &impl Serialize,
        page: Option<&JsonObject<PageQuery>>,
    ) -> Result<Self, UseCaseError> {
        let page = page.map(|page| page.0.clone()).unwrap_or_default();
        let sort =
            Sort::parse(None, &[], &[]).map_err(|problem| UseCaseError::Internal(problem.to_string()))?;
        let identity = ListIdentity::new(caller.org.id.into(), search, query, &sort);
        let asked = page.limit.map(|limit| limit.min(MAX_LIMIT));
        let token = match &page.token {
            Some(token) => open(caller, &identity, token)?,
            None => Token {
                limit: asked.unwrap_or(DEFAULT_LIMIT),
                after: None,
            },
        };
        if asked.is_some_and(|asked| asked != token.limit) {
            return Err(bad_request(
                "/page/limit",
                "the limit stays the same from page to page",
            ));
        }
        Ok(Pages {
            identity,
            limit: usize::try_from(token.limit).unwrap_or(usize::MAX),
            after: token.after,
        })
    }

    /// How many to look for: one more than the page holds tells whether another page follows.
    fn wanted(&self) -> usize {
        self.limit.saturating_add(1)
    }

    /// Makes a page of the results that were found, in their order.
    fn page<T>(
        &self,
        caller: &Caller<'_>,
        mut found: Vec<T>,
        place: impl Fn(&T) -> P,
    ) -> Result<(PageBody, Vec<T>), UseCaseError> {
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        let next_token = match more {
            true => {
                let token = Token {
                    limit: u64::try_from(self.limit).unwrap_or(MAX_LIMIT),
                    after: found.last().map(place).or_else(|| self.after.clone()),
                };
                let token = serde_json::to_value(token).map_err(|e| UseCaseError::Internal(e.to_string()))?;
                caller.app.cursors.seal(&self.identity, &[token])
            }
            false => String::new(),
        };
        let page = PageBody {
            next_token,
            count: found.len(),
        };
        Ok((page, found))
    }
}

fn open<P: DeserializeOwned>(
    caller: &Caller<'_>,
    identity: &ListIdentity,
    token: &str,
) -> Result<Token<P>, UseCaseError> {
    let opened = caller.app.cursors.open(identity, token).ok();
    let value = opened.and_then(|values| values.into_iter().next());
    value.and_then(|value| serde_json::from_value(value).ok()).ok_or_else(|| {
        let detail = "this token was altered, or belongs to another search: send what the first page was asked for";
        bad_request("/page/token", detail)
    })
}

/// Finds the users who may do something with a resource, by id.
///
/// # Errors
/// 403 `scope_missing`, `not_about_oneself`; refusals of owners and tokens.
pub fn search_subjects(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    query: &SubjectQuery,
) -> Result<ResultsBody<FoundEntity>, UseCaseError> {
    let SubjectQuery {
        subject,
        action,
        resource,
        context,
        page,
    } = query;
    let asked = (&subject.0, &action.0, &resource.0, context);
    let mut facts = AccessFacts::of(tx, caller)?;
    facts.asker().require_everybody()?;
    let pages: Pages<Uuid> = Pages::read(caller, "subject", &asked, page.as_ref())?;
    let resource = named(&resource.0).map_err(|detail| bad_request("/resource/properties/owners", detail))?;
    facts.look_up_resources(tx, caller, std::iter::once(&resource))?;
    let found = match (action.0.name.parse::<Action>(), facts.object(resource.object)) {
        (Ok(action), Some(object)) if subject.0.kind == "user" => {
            let (policy, now) = (facts.policy(), facts.now());
            facts.owners(action, object, &resource).map(|owners| {
                let may = |user: &UserId| {
                    policy
                        .decide(*user, action, object, owners.for_subject(user), now)
                        .is_permit()
                };
                let candidates = policy.users_after(pages.after.map(UserId::from));
                candidates.filter(may).take(pages.wanted()).collect()
            })
        }
        _ => None,
    };
    let (page, ids) = pages.page(caller, found.unwrap_or_default(), |user| (*user).into())?;
    let known_as: HashMap<UserId, Option<String>> = users::find_many(tx, caller.org.id, &ids)?
        .into_iter()
        .map(|user| (user.id, user.external_id))
        .collect();
    let results = ids.into_iter().map(|id| FoundEntity {
        kind: subject.0.kind.clone(),
        id: id.to_string(),
        properties: properties(known_as.get(&id).cloned().flatten()),
    });
    Ok(ResultsBody {
        page,
        results: results.collect(),
    })
}

/// Finds the records with which a user may do something, by id. Nobody makes a record that is there already, so none are
/// found for `create`.
///
/// # Errors
/// 403 `scope_missing`, `not_about_oneself`; refusals of tokens.
pub fn search_resources(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    query: &ResourceQuery,
) -> Result<ResultsBody<FoundEntity>, UseCaseError> {
    let ResourceQuery {
        subject,
        action,
        resource,
        context,
        page,
    } = query;
    let asked = (&subject.0, &action.0, &resource.0, context);
    let (kind, id) = (subject.0.kind.as_str(), subject.0.id.as_str());
    let mut facts = AccessFacts::of(tx, caller)?;
    facts.look_up_subjects(tx, caller, std::iter::once((kind, id)))?;
    let pages: Pages<Uuid> = Pages::read(caller, "resource", &asked, page.as_ref())?;
    let parts = (
        facts.subject(kind, id),
        action.0.name.parse::<Action>(),
        facts.object(&resource.0.kind),
    );
    let found = match parts {
        (Some(subject), Ok(action), Some(object)) if action != Action::Create => {
            let reach = facts.policy().list_reach(subject, action, object, facts.now());
            let after = pages.after.map(RecordId::from);
            let wanted = i64::try_from(pages.wanted()).unwrap_or(i64::MAX);
            match objects::find_by_id(tx, caller.org.id, object)? {
                Some(object) => records::reached_ids(tx, caller.org.id, &object, &reach, after, wanted)?,
                None => Vec::new(),
            }
        }
        _ => Vec::new(),
    };
    let (page, found) = pages.page(caller, found, |(id, _)| (*id).into())?;
    let results = found.into_iter().map(|(id, external_id)| FoundEntity {
        kind: resource.0.kind.clone(),
        id: id.to_string(),
        properties: properties(external_id),
    });
    Ok(ResultsBody {
        page,
        results: results.collect(),
    })
}

fn properties(external_id: Option<String>) -> Option<FoundProperties> {
    external_id.map(|external_id| FoundProperties { external_id })
}

/// Finds what a user may do with a resource; nothing with one that is neither stored here nor described by its owners.
///
/// # Errors
/// 403 `scope_missing`, `not_about_oneself`; a refusal of owners.
pub fn search_actions(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    query: &ActionQuery,
) -> Result<ResultsBody<FoundAction>, UseCaseError> {
    let ActionQuery {
        subject,
        resource,
        context,
        page,
    } = query;
    let asked = (&subject.0, &resource.0, context);
    let (kind, id) = (subject.0.kind.as_str(), subject.0.id.as_str());
    let resource = named(&resource.0).map_err(|detail| bad_request("/resource/properties/owners", detail))?;
    let mut facts = AccessFacts::of(tx, caller)?;
    facts.look_up_subjects(tx, caller, std::iter::once((kind, id)))?;
    let pages: Pages<usize> = Pages::read(caller, "action", &asked, page.as_ref())?;
    facts.look_up_resources(tx, caller, std::iter::once(&resource))?;
    let parts = (facts.subject(kind, id), facts.object(resource.object));
    let found = match parts {
        (Some(subject), Some(object)) if facts.owners(Action::View, object, &resource).is_some() => {
            let may = |action: &Action| {
                let owners = facts.owners(*action, object, &resource);
                owners.is_some_and(|owners| {
                    let owners = owners.for_subject(&subject);
                    facts
                        .policy()
                        .decide(subject, *action, object, owners, facts.now())
                        .is_permit()
                })
            };
            let all = Action::ALL.into_iter().enumerate();
            let rest = all.skip_while(|(place, _)| pages.after.is_some_and(|after| *place <= after));
            rest.filter(|(_, action)| may(action))
                .take(pages.wanted())
                .collect()
        }
        _ => Vec::new(),
    };
    let (page, found) = pages.page(caller, found, |(place, _)| *place)?;
    let results = found.into_iter().map(|(_, action)| FoundAction {
        name: action.as_str(),
    });
    Ok(ResultsBody {
        page,
        results: results.collect(),
    })
}
