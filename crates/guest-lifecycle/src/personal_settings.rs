//! What a person may change about themself, and what only an administrator changes.

use crate::UserKind;

/// The fields a person may change under `/me`, guest or not; the password has a request of its own.
pub const PERSONAL_FIELDS: [&str; 5] = ["first_name", "last_name", "locale", "time_zone", "notifications"];

/// Fields that exist on a user but are governed by administrators.
const GOVERNED_FIELDS: [&str; 31] = [
    "access_ends_at",
    "access_ends_on",
    "capabilities",
    "claimed_at",
    "days_left",
    "deactivated_at",
    "email",
    "end_date",
    "ends_at",
    "ends_on",
    "external_id",
    "id",
    "kind",
    "license",
    "license_id",
    "org",
    "org_id",
    "profile",
    "profile_id",
    "reason",
    "revoke_reason",
    "revoked_at",
    "revoked_by",
    "role",
    "role_id",
    "sign_in",
    "sign_in_method",
    "sponsor",
    "sponsor_id",
    "sponsor_missing",
    "status",
];

/// Tells with which code a field is refused when a person sends it for themself; `None` when it is no governed
/// field.
///
/// `None` does not mean allowed: a name outside both lists is an unknown field, refused like any other unknown
/// field. The name is compared exactly.
///
/// - a guest gets `guest_restricted`
/// - a standard user gets `not_self_service`
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::{UserKind, refusal_for};
///
/// assert_eq!(refusal_for("access_ends_on", UserKind::Guest), Some("guest_restricted"));
/// assert_eq!(refusal_for("role_id", UserKind::Standard), Some("not_self_service"));
/// assert_eq!(refusal_for("time_zone", UserKind::Guest), None);
/// ```
pub fn refusal_for(field: &str, kind: UserKind) -> Option<&'static str> {
    GOVERNED_FIELDS.contains(&field).then_some(match kind {
        UserKind::Guest => "guest_restricted",
        UserKind::Standard => "not_self_service",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_personal_field_is_refused_and_every_governed_one_is() {
        for kind in UserKind::ALL {
            assert!(PERSONAL_FIELDS.iter().all(|f| refusal_for(f, kind).is_none()));
            assert!(GOVERNED_FIELDS.iter().all(|f| refusal_for(f, kind).is_some()));
        }
    }

    #[test]
    fn a_guest_cannot_send_role_profile_license_email_end_date_sponsor_sign_in_org_or_kind() {
        for field in [
            "role_id",
            "profile_id",
            "license_id",
            "email",
            "access_ends_on",
            "sponsor_id",
            "sign_in",
            "org_id",
            "kind",
        ] {
            assert_eq!(
                refusal_for(field, UserKind::Guest),
                Some("guest_restricted"),
                "{field}"
            );
            assert_eq!(
                refusal_for(field, UserKind::Standard),
                Some("not_self_service"),
                "{field}"
            );
        }
    }
}
