//! The ids of what is permitted on, and to whom.

vestibule_org_hierarchy::define_id! {
    /// Which profile is meant: the set of permissions that users are given together.
    pub struct ProfileId;
}

vestibule_org_hierarchy::define_id! {
    /// Which custom object (kind of record) is meant.
    pub struct ObjectId;
}

vestibule_org_hierarchy::define_id! {
    /// Which record of an object is meant.
    pub struct RecordId;
}
