use vestibule_org_hierarchy::{Relation, RoleId, RoleLabel};

#[test]
fn an_id_is_written_as_the_bare_uuid() {
    let id = RoleId::from_u128(7);
    let json = serde_json::to_string(&id).unwrap();
    assert_eq!(json, "\"00000000-0000-0000-0000-000000000007\"");
    assert_eq!(serde_json::from_str::<RoleId>(&json).unwrap(), id);
    assert!(serde_json::from_str::<RoleId>("\"seven\"").is_err());
}

#[test]
fn labels_and_relations_are_written_by_name() {
    let label = RoleLabel { enter: 1, exit: 4 };
    assert_eq!(serde_json::to_string(&label).unwrap(), r#"{"enter":1,"exit":4}"#);
    for relation in [
        Relation::Myself,
        Relation::Report,
        Relation::Peer,
        Relation::Other,
    ] {
        assert_eq!(serde_json::to_value(relation).unwrap(), relation.as_str());
    }
}
