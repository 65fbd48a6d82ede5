//! Mails with a link: the token is made when the mail is, if it is still wanted.

use time::Duration;
use time::macros::{date, utc_datetime};
use vestibule_mailer::MailKind;
use vestibule_persistence::one_time_links::LinkPurpose;
use vestibule_persistence::users::{SignInMethod, User, UserDetails};
use vestibule_scheduler::mail::{self, MailPayload};
use vestibule_scheduler::{PassReport, token};

use crate::world::{START, World, token_in};

on_both_databases! {
    an_invitation_carries_a_link_that_works,
    a_standard_user_is_invited_too,
    a_link_never_outlives_the_access,
    after_another_link_was_asked_for_the_first_mail_is_dropped,
    no_link_goes_to_somebody_who_could_not_use_it,
    a_password_reset_works_for_an_hour,
    who_has_no_password_gets_no_reset,
    the_outbox_holds_neither_token_nor_person,
}

fn invite(world: &World, guest: &User) {
    world.queue(mail::invitation(
        world.org.id,
        guest,
        Some(world.sponsor.id),
        world.clock.now(),
    ));
}

fn an_invitation_carries_a_link_that_works(world: &World) {
    let ada = world.invited("Ada Lovelace", date!(2026 - 03 - 20));
    invite(world, &ada);
    world.clock.advance(Duration::hours(2));
    assert_eq!(
        world.pass(),
        PassReport {
            mails_sent: 1,
            ..PassReport::default()
        }
    );

    let message = &world.mailed_to(&ada)[0];
    assert_eq!(message.subject, "Welcome to Acme – activate your guest access");
    for part in [
        "Grace Hopper has invited you",
        "20 March 2026",
        "https://guests.example/claim#token=vst_c_",
    ] {
        assert!(message.text.contains(part), "{part} in {}", message.text);
    }
    let link = world.link_in(&message.text, LinkPurpose::Claim);
    assert_eq!((link.user_id, link.used_at), (ada.id, None));
    assert_eq!(
        (link.access_epoch, link.link_epoch),
        (ada.access_epoch, ada.link_epoch)
    );
    assert_eq!(
        link.created_at,
        START + Duration::hours(2),
        "made when the mail is sent"
    );
    assert_eq!(link.expires_at, link.created_at + Duration::hours(72));
}

fn a_standard_user_is_invited_too(world: &World) {
    let mut user = world.unsaved_guest("Alan Turing", date!(2026 - 03 - 20));
    user.details = UserDetails::Standard { deactivated_at: None };
    world.insert(&user);
    world.queue(mail::invitation(world.org.id, &user, None, world.clock.now()));
    world.pass();
    let message = &world.mailed_to(&user)[0];
    assert_eq!(message.kind, MailKind::ActivateAccount);
    assert_eq!(
        world.link_in(&message.text, LinkPurpose::Claim).expires_at,
        START + Duration::hours(72)
    );
}

fn a_link_never_outlives_the_access(world: &World) {
    let ada = world.invited("Ada Lovelace", date!(2026 - 03 - 03));
    invite(world, &ada);
    world.pass();
    let link = world.link_in(&world.mailed_to(&ada)[0].text, LinkPurpose::Claim);
    assert_eq!(link.expires_at, utc_datetime!(2026-03-03 23:00));
}

fn after_another_link_was_asked_for_the_first_mail_is_dropped(world: &World) {
    let ada = world.invited("Ada Lovelace", date!(2026 - 03 - 20));
    invite(world, &ada);
    let ada = world.change(&ada, |ada| ada.link_epoch += 1);
    world.queue(mail::claim_link_again(world.org.id, &ada, world.clock.now()));
    assert_eq!(
        world.pass(),
        PassReport {
            mails_sent: 1,
            mails_unwanted: 1,
            ..PassReport::default()
        }
    );
    let messages = world.mailed_to(&ada);
    assert_eq!((messages.len(), messages[0].kind), (1, MailKind::ClaimLinkAgain));
    assert_eq!(
        world.link_in(&messages[0].text, LinkPurpose::Claim).link_epoch,
        ada.link_epoch
    );
}

fn no_link_goes_to_somebody_who_could_not_use_it(world: &World) {
    let day = date!(2026 - 03 - 20);
    let people = ["Ended", "Revoked", "Deleted", "Claimed", "Fine"].map(|name| {
        let ends_on = if name == "Ended" {
            date!(2026 - 03 - 02)
        } else {
            day
        };
        let guest = world.invited(name, ends_on);
        invite(world, &guest);
        guest
    });
    let [_, revoked, deleted, claimed, fine] = &people;
    world.revoke(revoked);
    world.delete(deleted);
    world.change(claimed, |guest| guest.claimed_at = Some(world.clock.now()));
    world.clock.advance(Duration::days(1));
    let report = world.pass();
    assert_eq!(report.mails_unwanted, 4);
    let invited: Vec<_> = world
        .mail
        .messages()
        .into_iter()
        .filter(|m| m.kind == MailKind::ActivateGuestAccess)
        .collect();
    assert_eq!(invited.len(), 1);
    assert_eq!(invited[0].to.email(), fine.email);

    let waiting = world.invited("Waiting", day);
    invite(world, &waiting);
    world.change_org(|org| org.guest_access = false);
    assert_eq!(
        world.pass(),
        PassReport {
            mails_unwanted: 1,
            ..PassReport::default()
        }
    );
}

fn a_password_reset_works_for_an_hour(world: &World) {
    world.queue(mail::password_reset(
        world.org.id,
        &world.sponsor,
        world.clock.now(),
    ));
    world.clock.advance(Duration::minutes(10));
    assert_eq!(world.pass().mails_sent, 1);
    let text = &world.mailed_to(&world.sponsor)[0].text;
    assert!(
        text.contains("https://guests.example/reset#token=vst_r_"),
        "{text}"
    );
    let link = world.link_in(text, LinkPurpose::PasswordReset);
    assert_eq!(link.expires_at, START + Duration::minutes(70));
    let parsed = token::parse(&token_in(text)).unwrap();
    assert_eq!(parsed.kind, token::TokenKind::Reset);
    assert!(parsed.matches(&link.token_hash));
}

fn who_has_no_password_gets_no_reset(world: &World) {
    let unclaimed = world.invited("Ada Lovelace", date!(2026 - 03 - 20));
    let elsewhere = world.guest("Eve Elsewhere", date!(2026 - 03 - 20));
    world.change(&elsewhere, |guest| guest.sign_in = SignInMethod::Sso);
    let guest = world.guest("No Passwords", date!(2026 - 03 - 20));
    for user in [&unclaimed, &elsewhere, &guest] {
        world.queue(mail::password_reset(world.org.id, user, world.clock.now()));
    }
    world.change_org(|org| org.guests_may_use_passwords = false);
    assert_eq!(
        world.pass(),
        PassReport {
            mails_unwanted: 3,
            ..PassReport::default()
        }
    );
}

fn the_outbox_holds_neither_token_nor_person(world: &World) {
    let ada = world.invited("Ada Lovelace", date!(2026 - 03 - 20));
    let window = ada.guest().unwrap().window;
    let audience = mail::Audience::Sponsor(world.sponsor.id);
    let now = world.clock.now();
    for queued in [
        mail::invitation(world.org.id, &ada, Some(world.sponsor.id), now),
        mail::access_ended(&world.org, ada.id, window, audience, mail::EndCause::Revoked, now),
    ] {
        let stored = queued.payload.to_string();
        for secret in ["vst_", "Ada", "Lovelace", "Grace", "example.com"] {
            assert!(!stored.contains(secret), "{secret} in {stored}");
        }
        assert!(serde_json::from_value::<MailPayload>(queued.payload).is_ok());
    }
}
