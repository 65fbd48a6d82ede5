//! The owner scope as SQL: the only place where it is written down for a database.

use vestibule_access_control::{OwnerScope, Reach, RoleInterval};

use crate::error::StoreError;
use crate::ids::{ObjectId, OrgId, UserId};
use crate::objects::StoredObject;
use crate::statement::Statement;

/// Which records and owners are meant: the object's, in the generation that holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) org: OrgId,
    pub(super) object: ObjectId,
    generation: Generation,
    /// How many owners a record can have.
    pub(super) owners: i64,
}

/// Which rows of `record_owners` hold.
#[derive(Clone, Copy, Debug)]
enum Generation {
    Known(i16),
    /// The statement finds out itself.
    InForce,
}

impl Place {
    /// The place of an object of which nothing but the id is known.
    pub(super) fn in_force(org: OrgId, object: ObjectId) -> Self {
        Place {
            org,
            object,
            generation: Generation::InForce,
            owners: 1,
        }
    }

    pub(super) fn of(org: OrgId, object: &StoredObject) -> Self {
        let fields = object.object.ownership_fields().count();
        Place {
            org,
            object: object.object.id(),
            generation: Generation::Known(object.generation),
            owners: i64::try_from(fields.max(1)).unwrap_or(i64::MAX),
        }
    }

    /// The place, once the reach is known to be about it.
    pub(super) fn reached(org: OrgId, object: &StoredObject, reach: &Reach) -> Result<Self, StoreError> {
        if reach.object() == object.object.id() {
            Ok(Place::of(org, object))
        } else {
            Err(StoreError::corrupt("records", "reach"))
        }
    }

    /// `alias.org_id = … AND alias.object_id = …`
    pub(super) fn records(&self, sql: &mut Statement, alias: &str) {
        sql.sql(alias).sql(".org_id = ").id(self.org);
        sql.sql(" AND ").sql(alias).sql(".object_id = ").id(self.object);
    }

    /// The same for `record_owners`, with the generation.
    pub(super) fn owners(&self, sql: &mut Statement, alias: &str) {
        self.records(sql, alias);
        sql.sql(" AND ").sql(alias).sql(".generation = ");
        match self.generation {
            Generation::Known(generation) => sql.small(generation),
            Generation::InForce => {
                sql.sql("(SELECT b.ownership_generation FROM objects b WHERE b.org_id = ")
                    .id(self.org);
                sql.sql(" AND b.id = ").id(self.object).sql(")")
            }
        };
    }
}

fn label(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn within(sql: &mut Statement, roles: RoleInterval) {
    sql.sql(" BETWEEN ").medium(label(roles.first_enter));
    sql.sql(" AND ").medium(label(roles.last_enter));
}

/// Whether the owner in this column is in scope. The role is looked up for each owner that is asked about: a scalar
/// subquery cannot be turned into a table of everybody in scope.
pub(super) fn owner_in_scope(sql: &mut Statement, place: &Place, scope: &OwnerScope, owner: &str) {
    match scope {
        OwnerScope::Nobody => {
            sql.sql("1 = 0");
        }
        OwnerScope::Everyone => {
            sql.sql("1 = 1");
        }
        OwnerScope::Myself(me) => {
            sql.sql(owner).sql(" = ").id(*me);
        }
        OwnerScope::MyselfAnd { me, roles } => {
            sql.sql("(").sql(owner).sql(" = ").id(*me);
            sql.sql(
                " OR (SELECT l.enter_label FROM users u JOIN roles l ON l.org_id = u.org_id AND l.id = u.role_id \
                 WHERE u.org_id = ",
            );
            sql.id(place.org).sql(" AND u.id = ").sql(owner).sql(")");
            within(sql, *roles);
            sql.sql(")");
        }
    }
}

/// Whether the record whose id is in this column is in scope; unowned ones are in everyone's only.
pub(super) fn record_in_scope(sql: &mut Statement, place: &Place, scope: &OwnerScope, record: &str) {
    if matches!(scope, OwnerScope::Everyone | OwnerScope::Nobody) {
        owner_in_scope(sql, place, scope, "");
        return;
    }
    sql.sql("EXISTS (SELECT 1 FROM record_owners o WHERE ");
    place.owners(sql, "o");
    sql.sql(" AND o.record_id = ").sql(record).sql(" AND ");
    owner_in_scope(sql, place, scope, "o.owner_id");
    sql.sql(")");
}

/// Everybody in scope, each once, as rows with an `id`. `CROSS JOIN` keeps SQLite to this order.
pub(super) fn people_in_scope(sql: &mut Statement, place: &Place, me: UserId, roles: RoleInterval) {
    sql.sql("SELECT ")
        .id(me)
        .sql(" AS id UNION ALL SELECT u.id FROM roles l CROSS JOIN users u WHERE l.org_id = ");
    sql.id(place.org).sql(" AND l.enter_label");
    within(sql, roles);
    sql.sql(" AND u.org_id = ").id(place.org);
    sql.sql(" AND u.role_id = l.id AND u.id <> ").id(me);
}
