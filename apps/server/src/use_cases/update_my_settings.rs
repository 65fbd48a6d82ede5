//! Changing one's own account: personal settings, nothing else.

use serde_json::json;
use vestibule_guest_lifecycle::{OrgZone, PersonName, refusal_for};
use vestibule_persistence::WriteTx;
use vestibule_persistence::users::{self, Notifications, User};

use crate::caller::Caller;
use crate::dto::me::{MePatch, NotificationsPatch};
use crate::error::{Class, FieldRefusal, Fields, Refusal, UseCaseError};
use crate::merge_patch::Patch;
use crate::use_cases::open_session::target_word;
use crate::use_cases::placement::Changes;

/// Longest language tag; BCP 47 (RFC 5646 §4.4.1) recommends room for 35 characters.
const MAX_LOCALE: usize = 35;

/// Changes the caller's personal settings.
///
/// # Errors
/// 403 `guest_restricted` or `not_self_service` naming every field that is for administrators; 422 for refused
/// values; 412 `precondition_failed`.
pub fn update_my_settings(
    tx: &mut WriteTx<'_>,
    caller: &Caller<'_>,
    patch: &MePatch,
) -> Result<User, UseCaseError> {
    let mut user = caller.subject()?.user.clone();
    caller.expect_version(user.id, user.version)?;
    refuse_governed(&user, patch)?;
    let changes = change(&mut user, patch)?;
    if changes.is_empty() {
        return Ok(user);
    }
    users::save(tx, caller.org.id, &mut user, caller.now)?;
    let action = if user.guest().is_some() {
        "guest.updated"
    } else {
        "user.updated"
    };
    caller.audit(
        tx,
        action,
        Some((target_word(&user), user.id.as_uuid())),
        changes.into_value(),
    );
    Ok(user)
}

fn refuse_governed(user: &User, patch: &MePatch) -> Result<(), UseCaseError> {
    // Any of them tells the code, which depends on the kind alone.
    let code = refusal_for("role_id", user.kind()).unwrap_or("not_self_service");
    let detail = "this is for an administrator to change";
    let fields: Vec<FieldRefusal> = patch
        .governed()
        .map(|pointer| FieldRefusal {
            pointer,
            code,
            detail: detail.to_owned(),
        })
        .collect();
    if fields.is_empty() {
        return Ok(());
    }
    Err(Refusal {
        fields,
        ..Refusal::new(Class::Denied, code, detail)
    }
    .into())
}

fn change(user: &mut User, patch: &MePatch) -> Result<Changes, UseCaseError> {
    let mut fields = Fields::new();
    let first_name = patch
        .first_name
        .as_ref()
        .and_then(|n| fields.check("/first_name", PersonName::parse(n)));
    let last_name = patch
        .last_name
        .as_ref()
        .and_then(|n| fields.check("/last_name", PersonName::parse(n)));
    let locale = checked(&patch.locale, |text| locale(&mut fields, text));
    let time_zone = checked(&patch.time_zone, |text| {
        fields
            .check("/time_zone", OrgZone::parse(text))
            .map(|zone| zone.name().to_owned())
    });
    fields.finish()?;

    let mut changes = Changes::new();
    if let Some(name) = first_name {
        changes.note("first_name", user.first_name.as_str(), name.as_str());
        user.first_name = name.into();
    }
    if let Some(name) = last_name {
        changes.note("last_name", user.last_name.as_str(), name.as_str());
        user.last_name = name.into();
    }
    if let Some(locale) = locale {
        changes.note("locale", user.locale.clone(), locale.clone());
        user.locale = locale;
    }
    if let Some(time_zone) = time_zone {
        changes.note("time_zone", user.time_zone.clone(), time_zone.clone());
        user.time_zone = time_zone;
    }
    if let Some(choices) = patch.notifications {
        let chosen = choose(user.notifications, choices);
        changes.note(
            "notifications",
            choices_as_json(user.notifications),
            choices_as_json(chosen),
        );
        user.notifications = chosen;
    }
    Ok(changes)
}

/// The new value of a field that may be cleared, if it is to change.
fn checked(patch: &Patch<String>, mut check: impl FnMut(&str) -> Option<String>) -> Option<Option<String>> {
    match patch {
        Patch::Absent => None,
        Patch::Null => Some(None),
        Patch::Value(text) => check(text).map(Some),
    }
}

/// Accepts what has the shape of a language tag: a language, then subtags of 1 to 8 letters and digits.
fn locale(fields: &mut Fields, text: &str) -> Option<String> {
    let mut subtags = text.split('-');
    let language = subtags.next().unwrap_or_default();
    let well_formed = text.len() <= MAX_LOCALE
        && matches!(language.len(), 2 | 3)
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && subtags.all(|s| matches!(s.len(), 1..=8) && s.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !well_formed {
        fields.refuse(
            "/locale",
            "invalid_locale",
            "expected a language tag such as de or pt-BR",
        );
        return None;
    }
    Some(text.to_owned())
}

fn choose(present: Notifications, patch: NotificationsPatch) -> Notifications {
    Notifications {
        access_reminders: patch.access_reminders.unwrap_or(present.access_reminders),
        sponsored_guests: patch.sponsored_guests.unwrap_or(present.sponsored_guests),
    }
}

fn choices_as_json(choices: Notifications) -> serde_json::Value {
    json!({
        "access_reminders": choices.access_reminders,
        "sponsored_guests": choices.sponsored_guests,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_has_the_shape_of_a_language_tag() {
        for good in [
            "de",
            "pt-BR",
            "zh-Hant-TW",
            "sr-Latn-RS",
            "de-1996",
            "gsw",
            "en-u-ca-gregory",
        ] {
            assert_eq!(locale(&mut Fields::new(), good).as_deref(), Some(good));
        }
        let long = format!("de-{}", "abcdefgh-".repeat(4) + "a");
        for bad in [
            "",
            "d",
            "de-",
            "-de",
            "de_AT",
            "deutsch",
            "de--AT",
            "de-ÄÖ",
            "de-abcdefghi",
            "de AT",
            &long,
        ] {
            assert_eq!(locale(&mut Fields::new(), bad), None, "{bad}");
        }
    }
}
