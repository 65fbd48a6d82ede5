//! Nobody grants what they do not hold, and nobody administers a person above them.

use crate::{CapabilitySet, UserKind};

/// Names the two profiles that every organization has from its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BuiltInProfile {
    /// Every capability; not editable; never for guests; assigned by Admins only.
    Admin,
    /// What new users get unless told otherwise.
    Default,
}

impl BuiltInProfile {
    /// The word used in storage and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Default => "default",
        }
    }
}

/// Says what a decision needs to know about a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProfileFacts {
    /// Which built-in profile this is; `None` for the organization's own.
    pub built_in: Option<BuiltInProfile>,
    /// The capabilities as configured, before any guest ceiling.
    pub capabilities: CapabilitySet,
}

/// Says what a decision needs to know about the person acting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grantor {
    /// Whether the actor is on the built-in Admin profile. An Admin holds everything.
    pub is_admin: bool,
    /// The actor's *effective* capabilities (see [`effective_capabilities`](crate::effective_capabilities)).
    pub capabilities: CapabilitySet,
}

impl Grantor {
    fn lacks(&self, needed: CapabilitySet) -> CapabilitySet {
        if self.is_admin {
            CapabilitySet::EMPTY
        } else {
            needed.difference(self.capabilities)
        }
    }
}

/// Why a grant of power, or an act upon a more powerful person, is refused.
///
/// Retrying does not help with any of them; another actor or another profile does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefused {
    /// The Admin profile was meant for a guest.
    #[error("the Admin profile cannot be given to a guest")]
    ProfileNotForGuests,
    /// The Admin profile was assigned by someone who is not an Admin.
    #[error("only an Admin can assign the Admin profile")]
    AdminOnly,
    /// The grant carries capabilities the actor does not hold.
    #[error("you cannot grant what you do not hold: {missing}")]
    CapabilityNotHeld {
        /// What the actor lacks; never empty.
        missing: CapabilitySet,
    },
    /// Somebody other than an Admin tried to change their own profile or role.
    #[error("only an Admin can change their own profile or role")]
    OwnAccessFixed,
    /// The built-in Admin profile was to be changed.
    #[error("the built-in Admin profile cannot be changed")]
    ProfileNotEditable,
    /// The person acted upon holds more than the actor.
    #[error("you cannot administer a person who holds more than you do")]
    SubjectOutranksActor {
        /// What the person holds and the actor lacks; empty when being an Admin is the whole difference.
        missing: CapabilitySet,
    },
}

impl GrantRefused {
    /// The stable word for this refusal in API answers.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ProfileNotForGuests => "profile_not_for_guests",
            Self::AdminOnly => "admin_only",
            Self::CapabilityNotHeld { .. } => "capability_not_held",
            Self::OwnAccessFixed => "own_access_fixed",
            Self::ProfileNotEditable => "profile_not_editable",
            Self::SubjectOutranksActor { .. } => "subject_outranks_actor",
        }
    }
}

/// Decides whether `actor` may put a user of `kind` on `profile`.
///
/// The actor needs every capability configured in the profile, also those a guest could not use. Whether the
/// actor may manage users of that kind at all is a separate check.
///
/// # Errors
/// - [`GrantRefused::ProfileNotForGuests`]: the Admin profile for a guest, whoever asks.
/// - [`GrantRefused::AdminOnly`]: the Admin profile, asked by someone who is not an Admin.
/// - [`GrantRefused::CapabilityNotHeld`]: the profile carries capabilities the actor lacks.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::{
///     Capability, CapabilitySet, Grantor, ProfileFacts, UserKind, check_profile_assignment,
/// };
///
/// let actor = Grantor { is_admin: false, capabilities: [Capability::ManageGuests].into_iter().collect() };
/// let plain = ProfileFacts { built_in: None, capabilities: CapabilitySet::EMPTY };
/// let auditor = ProfileFacts { built_in: None, capabilities: [Capability::ViewAudit].into_iter().collect() };
///
/// assert!(check_profile_assignment(&actor, &plain, UserKind::Guest).is_ok());
/// let refused = check_profile_assignment(&actor, &auditor, UserKind::Guest).unwrap_err();
/// assert_eq!(refused.code(), "capability_not_held");
/// assert_eq!(refused.to_string(), "you cannot grant what you do not hold: view_audit");
/// ```
pub fn check_profile_assignment(
    actor: &Grantor,
    profile: &ProfileFacts,
    kind: UserKind,
) -> Result<(), GrantRefused> {
    if profile.built_in == Some(BuiltInProfile::Admin) {
        if kind == UserKind::Guest {
            return Err(GrantRefused::ProfileNotForGuests);
        }
        if !actor.is_admin {
            return Err(GrantRefused::AdminOnly);
        }
    }
    held(actor, profile.capabilities)
}

/// Decides whether `actor` may change their *own* profile or role: Admins may, nobody else.
///
/// Ask this in addition to the other checks, and only when the actor is the person being changed.
///
/// # Errors
/// - [`GrantRefused::OwnAccessFixed`]: the actor is not an Admin.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::{CapabilitySet, Grantor, check_own_access_change};
///
/// let manager = Grantor { is_admin: false, capabilities: CapabilitySet::ALL };
/// assert_eq!(check_own_access_change(&manager).unwrap_err().code(), "own_access_fixed");
/// ```
pub fn check_own_access_change(actor: &Grantor) -> Result<(), GrantRefused> {
    if actor.is_admin {
        Ok(())
    } else {
        Err(GrantRefused::OwnAccessFixed)
    }
}

/// Decides whether `actor` may turn the capabilities of profile `before` into `after`.
///
/// Each added capability must be held by the actor; taking capabilities away needs none of them. For a new
/// profile pass `before` with no capabilities.
///
/// # Errors
/// - [`GrantRefused::ProfileNotEditable`]: `before` is the built-in Admin profile, also for an Admin.
/// - [`GrantRefused::CapabilityNotHeld`]: something added is not held by the actor.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::{Capability, CapabilitySet, Grantor, ProfileFacts, check_capability_change};
///
/// let actor = Grantor { is_admin: false, capabilities: [Capability::ManageAccess].into_iter().collect() };
/// let before = ProfileFacts { built_in: None, capabilities: [Capability::ManageOrg].into_iter().collect() };
///
/// assert!(check_capability_change(&actor, &before, CapabilitySet::EMPTY).is_ok());
/// let refused = check_capability_change(&actor, &before, CapabilitySet::ALL).unwrap_err();
/// assert_eq!(refused.code(), "capability_not_held");
/// ```
pub fn check_capability_change(
    actor: &Grantor,
    before: &ProfileFacts,
    after: CapabilitySet,
) -> Result<(), GrantRefused> {
    if before.built_in == Some(BuiltInProfile::Admin) {
        return Err(GrantRefused::ProfileNotEditable);
    }
    held(actor, after.difference(before.capabilities))
}

/// Decides whether `actor` may administer a person: change their mail address, see their claim link, deactivate,
/// delete, and whatever else could be used to act in their place.
///
/// `target_capabilities` are the target's *effective* capabilities. An actor may always be stopped here even
/// though they hold the capability to manage users: otherwise a claim link of an Admin would make them one.
///
/// # Errors
/// - [`GrantRefused::SubjectOutranksActor`]: the target is an Admin and the actor is not, or the target holds
///   a capability the actor lacks.
///
/// # Examples
/// ```
/// use vestibule_guest_lifecycle::{Capability, CapabilitySet, Grantor, check_power_over};
///
/// let actor = Grantor { is_admin: false, capabilities: [Capability::ManageUsers].into_iter().collect() };
/// assert!(check_power_over(&actor, false, CapabilitySet::EMPTY).is_ok());
/// assert_eq!(
///     check_power_over(&actor, true, CapabilitySet::ALL).unwrap_err().code(),
///     "subject_outranks_actor"
/// );
/// ```
pub fn check_power_over(
    actor: &Grantor,
    target_is_admin: bool,
    target_capabilities: CapabilitySet,
) -> Result<(), GrantRefused> {
    let missing = actor.lacks(target_capabilities);
    if (target_is_admin && !actor.is_admin) || !missing.is_empty() {
        return Err(GrantRefused::SubjectOutranksActor { missing });
    }
    Ok(())
}

fn held(actor: &Grantor, needed: CapabilitySet) -> Result<(), GrantRefused> {
    let missing = actor.lacks(needed);
    if missing.is_empty() {
        Ok(())
    } else {
        Err(GrantRefused::CapabilityNotHeld { missing })
    }
}
