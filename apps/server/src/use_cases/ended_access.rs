//! How somebody's access ended, for that person's own eyes.

use time::UtcDateTime;
use vestibule_guest_lifecycle::GuestStatus;
use vestibule_persistence::orgs::Org;
use vestibule_persistence::users::{self, User};
use vestibule_persistence::{StoreError, Tx};

use crate::dto::access_ended::{AccessEndReason, AccessEnded};
use crate::instant::Instant;

/// How a claimed user's access ended who may not sign in at this instant. The caller of this function has made sure that
/// it goes to that user: whoever asks has shown the right password or session token.
///
/// # Errors
/// When the database fails.
pub fn ended_access(
    tx: &mut Tx<'_>,
    org: &Org,
    user: &User,
    now: UtcDateTime,
) -> Result<AccessEnded, StoreError> {
    let (reason, ended_at) = match user.guest_facts() {
        Some(facts) => match facts.status(now) {
            GuestStatus::Revoked => (AccessEndReason::Revoked, facts.revoked_at),
            GuestStatus::Expired => (AccessEndReason::Expired, Some(facts.window.ends_at)),
            _ => (AccessEndReason::Suspended, None),
        },
        None => (AccessEndReason::Suspended, user.deactivated_at()),
    };
    let sponsor = match user.guest().and_then(|guest| guest.sponsor_id) {
        Some(sponsor) => users::find(tx, org.id, sponsor)?,
        None => None,
    };
    let sponsor = sponsor.filter(|sponsor| sponsor.in_good_standing(now));
    Ok(AccessEnded {
        reason,
        org_name: org.name.clone(),
        ended_at: ended_at.map(Instant),
        sponsor: sponsor.map(Into::into),
    })
}
