use serde_json::json;
use vestibule_access_control::{
    Action, Change, Decision, Denial, EndedReason, Level, ObjectPermissions, OwnerScope, Person, ProfileId,
    Question, RoleForest, RoleInterval, Standing, Subject, UserId, explain,
};

#[test]
fn levels_and_actions_are_written_by_their_stable_words() {
    for level in Level::ALL {
        assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
        assert_eq!(
            serde_json::from_value::<Level>(json!(level.as_str())).unwrap(),
            level
        );
    }
    for action in Action::ALL {
        assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
    }
    for reason in EndedReason::ALL {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
    }
    assert!(serde_json::from_value::<Level>(json!("everyone")).is_err());
}

#[test]
fn a_scope_reads_back_as_written() {
    let me = UserId::from_u128(1);
    let roles = RoleInterval {
        first_enter: 2,
        last_enter: 4,
    };
    for scope in [
        OwnerScope::Nobody,
        OwnerScope::Myself(me),
        OwnerScope::MyselfAnd { me, roles },
        OwnerScope::Everyone,
    ] {
        let written = serde_json::to_value(scope).unwrap();
        assert_eq!(serde_json::from_value::<OwnerScope>(written).unwrap(), scope);
    }
    assert_eq!(
        serde_json::to_value(OwnerScope::Nobody).unwrap(),
        json!({ "kind": "nobody" })
    );
}

#[test]
fn an_explanation_is_written_with_its_words() {
    let subject = Subject {
        id: UserId::from_u128(1),
        role: None,
        profile: ProfileId::from_u128(1),
        standing: Standing::Good,
    };
    let explanation = explain(&Question {
        subject: &subject,
        action: Action::View,
        permissions: &ObjectPermissions::NONE,
        owners: &[Person::new(subject.id, None)],
        ownable: true,
        forest: &RoleForest::new(),
    });
    assert_eq!(explanation.decision, Decision::Deny(Denial::NotGranted));
    let raise = Change::RaiseLevel {
        action: Action::View,
        to: Level::Own,
    };
    assert_eq!(explanation.suggestions[0].changes, [raise]);
    let written = serde_json::to_value(&explanation).unwrap();
    assert_eq!(written["decision"], json!({ "deny": "not_granted" }));
    assert_eq!(written["rule"], explanation.rule.as_str());
    assert_eq!(written["owners"][0]["relation"], "myself");
    let change = json!({ "kind": "raise_level", "action": "view", "to": "own" });
    assert_eq!(written["suggestions"][0]["changes"], json!([change]));
}
