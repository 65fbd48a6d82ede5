#![doc = include_str!("../README.md")]

mod capability;
mod claim_link;
pub mod command;
mod email;
mod grant;
mod last_admin;
mod org_settings;
mod password;
mod person;
mod personal_settings;
mod status;
mod user_kind;
mod window;
mod word;
mod zone;

pub use capability::{Capability, CapabilitySet, effective_capabilities};
pub use claim_link::{ClaimLinkFacts, ClaimRefused, Claimant, StandardUserFacts, check_claim, link_expiry};
pub use command::{Effects, Refusal, Transition};
pub use email::{EmailAddress, EmailRefused};
pub use grant::{
    BuiltInProfile, GrantRefused, Grantor, ProfileFacts, check_capability_change, check_own_access_change,
    check_power_over, check_profile_assignment,
};
pub use last_admin::{LastAdmin, check_last_admin};
pub use org_settings::{ClaimLinkTtl, GuestMaxDays, InvalidSlug, OrgSlug, OutOfRange, SessionHours};
pub use password::{
    CommonPasswords, PasswordPolicy, PasswordRefused, PasswordViolation, PersonalContext, normalized,
};
pub use person::{LongText, PersonName, ShortText, TextRefused};
pub use personal_settings::{PERSONAL_FIELDS, refusal_for};
pub use status::{GuestFacts, GuestStatus};
pub use user_kind::UserKind;
pub use window::{AccessWindow, EndDateRefused, ReminderTimes, check_end_date, reminders_for};
pub use word::UnknownWord;
pub use zone::{OrgZone, TimeZoneUnknown};
