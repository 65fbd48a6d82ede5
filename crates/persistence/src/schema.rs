//! The tables, as Diesel sees them on both databases. `migrations/` has the constraints and the reasons.

#![allow(
    missing_docs,
    reason = "column names speak for themselves; the migrations explain tables"
)]

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    server_secrets (name) {
        name -> Text,
        secret -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    orgs (id) {
        id -> Id,
        slug -> Text,
        name -> Text,
        time_zone -> Text,
        password_policy -> Json,
        claim_link_ttl_hours -> SmallInt,
        guest_max_days -> SmallInt,
        session_hours -> SmallInt,
        guests_may_use_passwords -> Bool,
        guest_access -> Bool,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    org_versions (org_id) {
        org_id -> Id,
        policy_version -> BigInt,
        audit_seq -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    profiles (org_id, id) {
        org_id -> Id,
        id -> Id,
        name -> Text,
        name_key -> Text,
        built_in -> Nullable<SmallInt>,
        capabilities -> SmallInt,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    roles (org_id, id) {
        org_id -> Id,
        id -> Id,
        parent_id -> Nullable<Id>,
        name -> Text,
        name_key -> Text,
        external_id -> Nullable<Text>,
        enter_label -> Integer,
        exit_label -> Integer,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    licenses (org_id, id) {
        org_id -> Id,
        id -> Id,
        name -> Text,
        name_key -> Text,
        seats -> Integer,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    email_reservations (org_id, email_hash) {
        org_id -> Id,
        email_hash -> Binary,
        kind -> SmallInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    users (org_id, id) {
        org_id -> Id,
        id -> Id,
        kind -> SmallInt,
        first_name -> Text,
        last_name -> Text,
        first_name_key -> Text,
        last_name_key -> Text,
        email -> Nullable<Text>,
        email_canonical -> Nullable<Text>,
        email_hash -> Binary,
        profile_id -> Nullable<Id>,
        role_id -> Nullable<Id>,
        license_id -> Nullable<Id>,
        external_id -> Nullable<Text>,
        sign_in -> SmallInt,
        locale -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        notifications -> Json,
        claimed_at -> Nullable<Instant>,
        last_sign_in_at -> Nullable<Instant>,
        deactivated_at -> Nullable<Instant>,
        deleted_at -> Nullable<Instant>,
        access_epoch -> BigInt,
        link_epoch -> BigInt,
        access_ends_on -> Nullable<Date>,
        access_ends_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
        revoked_by -> Nullable<Id>,
        revoke_reason -> Nullable<Text>,
        sponsor_id -> Nullable<Id>,
        sponsor_missing -> Bool,
        reason -> Nullable<Text>,
        expiry_due_at -> Nullable<Instant>,
        week_reminder_due_at -> Nullable<Instant>,
        day_reminder_due_at -> Nullable<Instant>,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    credentials (org_id, user_id) {
        org_id -> Id,
        user_id -> Id,
        password_hash -> Text,
        changed_at -> Instant,
        failed_attempts -> Integer,
        locked_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    sessions (org_id, id) {
        org_id -> Id,
        id -> Id,
        user_id -> Id,
        token_hash -> Binary,
        access_epoch -> BigInt,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    api_tokens (org_id, id) {
        org_id -> Id,
        id -> Id,
        kind -> SmallInt,
        user_id -> Nullable<Id>,
        name -> Text,
        name_key -> Text,
        scopes -> SmallInt,
        token_hash -> Binary,
        access_epoch -> BigInt,
        created_by -> Nullable<Id>,
        created_at -> Instant,
        expires_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    one_time_links (org_id, id) {
        org_id -> Id,
        id -> Id,
        user_id -> Id,
        purpose -> SmallInt,
        token_hash -> Binary,
        access_epoch -> BigInt,
        link_epoch -> BigInt,
        created_at -> Instant,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    outbox (org_id, id) {
        org_id -> Id,
        id -> Id,
        user_id -> Id,
        kind -> SmallInt,
        payload -> Json,
        state -> SmallInt,
        attempts -> Integer,
        next_attempt_at -> Instant,
        lease -> Nullable<Id>,
        last_error -> Nullable<Text>,
        created_at -> Instant,
        settled_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    audit_events (org_id, seq) {
        org_id -> Id,
        seq -> BigInt,
        id -> Id,
        at -> Instant,
        actor_kind -> SmallInt,
        actor_id -> Nullable<Id>,
        on_behalf_of -> Nullable<Id>,
        action -> Text,
        target_type -> Nullable<Text>,
        target_id -> Nullable<Id>,
        changes -> Json,
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    idempotency_keys (org_id, actor_id, route, key_hash) {
        org_id -> Id,
        actor_id -> Id,
        route -> Text,
        key_hash -> Binary,
        body_hash -> Binary,
        answer -> Binary,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    policy_changes (org_id, version, kind, id) {
        org_id -> Id,
        version -> BigInt,
        kind -> SmallInt,
        id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    objects (org_id, id) {
        org_id -> Id,
        id -> Id,
        key -> Text,
        singular -> Text,
        plural -> Text,
        next_field -> SmallInt,
        ownership_generation -> SmallInt,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    object_tallies (org_id, object_id) {
        org_id -> Id,
        object_id -> Id,
        records -> BigInt,
        owners_version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    object_fields (org_id, object_id, number) {
        org_id -> Id,
        object_id -> Id,
        number -> SmallInt,
        key -> Text,
        label -> Text,
        help -> Nullable<Text>,
        kind -> SmallInt,
        place -> SmallInt,
        required -> Bool,
        is_unique -> Bool,
        represents_ownership -> Bool,
        options -> Nullable<Json>,
        default_value -> Nullable<Json>,
        target_object_id -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    object_permissions (org_id, profile_id, object_id) {
        org_id -> Id,
        profile_id -> Id,
        object_id -> Id,
        view_level -> SmallInt,
        edit_level -> SmallInt,
        delete_level -> SmallInt,
        create_level -> SmallInt,
        version -> BigInt,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    records (org_id, object_id, id) {
        org_id -> Id,
        object_id -> Id,
        id -> Id,
        external_id -> Nullable<Text>,
        values_doc -> Json,
        sort_keys -> Json,
        version -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    record_owners (org_id, object_id, record_id, generation, owner_id) {
        org_id -> Id,
        object_id -> Id,
        generation -> SmallInt,
        record_id -> Id,
        owner_id -> Id,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    record_unique_values (org_id, object_id, field, value) {
        org_id -> Id,
        object_id -> Id,
        field -> SmallInt,
        value -> Text,
        record_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Id, Instant, Json};

    object_tasks (org_id, object_id, id) {
        org_id -> Id,
        object_id -> Id,
        id -> Id,
        kind -> SmallInt,
        detail -> Json,
        after_record -> Nullable<Id>,
        done -> BigInt,
        total -> BigInt,
        created_at -> Instant,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    server_secrets,
    orgs,
    org_versions,
    profiles,
    roles,
    licenses,
    email_reservations,
    users,
    credentials,
    sessions,
    api_tokens,
    one_time_links,
    outbox,
    audit_events,
    idempotency_keys,
    policy_changes,
    objects,
    object_tallies,
    object_fields,
    object_permissions,
    records,
    record_owners,
    record_unique_values,
    object_tasks
);
