//! Lists of people by name: who sees whom, and whose email.

use vestibule_guest_lifecycle::{Capability, UserKind};
use vestibule_persistence::ids::UserId;
use vestibule_persistence::user_list::{self, Circle, StandardStatus, StatusFilter, UserFilter};
use vestibule_persistence::users::{User, UserSort};
use vestibule_persistence::{Tx, roles};

use crate::caller::{Caller, Subject, may_sign_in};
use crate::dto::people::{PeopleNamesFilter, PersonName};
use crate::error::UseCaseError;
use crate::list::Listing;
use crate::paging::Page;

/// Who sees everybody: whoever administers people or what they reach, or reads who did what.
const READERS: [Capability; 4] = [
    Capability::ManageUsers,
    Capability::ManageGuests,
    Capability::ManageAccess,
    Capability::ViewAudit,
];

/// Whose emails are shown.
enum Emails {
    Everybodys,
    Of(Vec<UserId>),
}

/// A page of the people whom the caller sees: everybody for those who administer them, everybody in good standing for
/// other standard users, and for guests themselves, their sponsor, peers and reports.
///
/// # Errors
/// 403 `user_needed`.
pub fn list_people(
    tx: &mut Tx<'_>,
    caller: &Caller<'_>,
    wanted: &PeopleNamesFilter,
    ids: Option<&[UserId]>,
    listing: &Listing<UserSort>,
) -> Result<Page<PersonName>, UseCaseError> {
    let subject = caller.subject()?;
    let mut filter = UserFilter {
        kind: wanted.kind.map(Into::into),
        ids: ids.map(<[UserId]>::to_vec),
        ..UserFilter::default()
    };
    let emails = match subject.user.kind() {
        _ if READERS.iter().any(|capability| caller.holds(*capability)) => {
            filter.text = wanted.q.clone();
            Emails::Everybodys
        }
        UserKind::Standard => {
            filter.names = wanted.q.clone();
            filter.statuses = good_standing(caller);
            Emails::Of(Vec::new())
        }
        UserKind::Guest => {
            filter.names = wanted.q.clone();
            let circle = circle(tx, caller, subject)?;
            let emails = Emails::Of(circle.people.clone());
            filter.circle = Some(circle);
            emails
        }
    };
    let found = user_list::list(tx, caller.org.id, &filter, listing.request())?;
    listing.page(
        caller,
        found,
        |user| user.id.into(),
        UserSort::value_of,
        |user| name(caller, user, &emails),
        || Ok(user_list::count(tx, caller.org.id, &filter)?),
    )
}

/// The statuses of those in good standing, as decisions have it.
fn good_standing(caller: &Caller<'_>) -> Vec<StatusFilter> {
    let mut statuses = vec![
        StatusFilter::Standard(StandardStatus::Active),
        StatusFilter::Standard(StandardStatus::Invited),
    ];
    if caller.org.guest_access {
        let active = vestibule_guest_lifecycle::GuestStatus::Active;
        statuses.push(StatusFilter::Guest(active, caller.now));
    }
    statuses
}

/// The people near a guest: the guest and the sponsor, whose emails the guest has anyway, and those of the same role
/// and below.
fn circle(tx: &mut Tx<'_>, caller: &Caller<'_>, subject: &Subject) -> Result<Circle, UseCaseError> {
    let user = &subject.user;
    let sponsor = user.guest().and_then(|guest| guest.sponsor_id);
    let role = match user.role_id {
        Some(role) => roles::find(tx, caller.org.id, role)?,
        None => None,
    };
    Ok(Circle {
        people: std::iter::once(user.id).chain(sponsor).collect(),
        around: role.map(|role| role.label),
    })
}

fn name(caller: &Caller<'_>, user: User, emails: &Emails) -> PersonName {
    let shows_email = match emails {
        Emails::Everybodys => true,
        Emails::Of(people) => people.contains(&user.id),
    };
    let good_standing = match user.kind() {
        UserKind::Standard => user.in_good_standing(caller.now),
        UserKind::Guest => may_sign_in(&caller.org, &user, caller.now),
    };
    PersonName {
        id: user.id.into(),
        kind: user.kind().as_str(),
        first_name: user.first_name,
        last_name: user.last_name,
        good_standing,
        email: shows_email.then_some(user.email),
    }
}
