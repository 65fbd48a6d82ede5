//! Lists and counts of the records that are reached.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use vestibule_access_control::{OwnerScope, Reach, RecordId, UserId};
use vestibule_custom_objects::{Attribute, Filter};

use super::filter_sql::and_matching;
use super::order::{Ordered, Source, beyond, order_by};
use super::plan::{Facts, Plan, choose};
use super::predicate::{Place, owner_in_scope, people_in_scope, record_in_scope};
use super::row::{COLUMNS, Record, RecordRow};
use super::tally::tally;
use crate::error::StoreError;
use crate::ids::OrgId;
use crate::listing::{PageRequest, Position};
use crate::objects::StoredObject;
use crate::statement::{Dialect, Statement};
use crate::transaction::Tx;
use crate::types::{DbId, Id};

/// Which of the reached records to list.
#[derive(Clone, Copy, Debug)]
pub struct RecordQuery<'q> {
    /// What they must match.
    pub filter: Option<&'q Filter>,
    /// Which part of the list, in which order.
    pub page: &'q PageRequest<Attribute>,
}

/// Up to so many owners, each one's newest records are taken along the index and merged.
const MERGED_OWNERS: usize = 16;

/// A list's question, with everything that decides its answer.
struct List<'q> {
    place: Place,
    reach: &'q Reach,
    query: &'q RecordQuery<'q>,
    ordered: Ordered,
    columns: &'static str,
}

trait Row: QueryableByName<crate::connection::MultiBackend> + 'static {
    fn id(&self) -> DbId;
}

impl Row for RecordRow {
    fn id(&self) -> DbId {
        self.id
    }
}

#[derive(QueryableByName)]
struct NamesRow {
    #[diesel(sql_type = Id)]
    id: DbId,
    #[diesel(sql_type = Nullable<Text>)]
    external_id: Option<String>,
}

impl Row for NamesRow {
    fn id(&self) -> DbId {
        self.id
    }
}

/// Lists a page of exactly those records that are reached and match, in a total order: by the sort keys, absent values
/// last in either direction, then by id in the direction of the last key.
///
/// # Errors
/// [`StoreError`] when the database fails, or when the reach is about another object.
///
/// # Complexity
/// O(page) for the newest or last changed records of a scope that is unbounded or a large part; otherwise at worst
/// O(records in scope), and O(records of the object) for a filter or sort by fields in an unbounded scope.
pub fn page(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: &StoredObject,
    reach: &Reach,
    query: &RecordQuery<'_>,
) -> Result<Vec<Record>, StoreError> {
    let list = List::new(org, object, reach, query, COLUMNS)?;
    let plan = list.plan(tx)?;
    list.records(tx, object, plan)
}

/// The same page by a plan of the caller's: for tests that all plans agree. A plan that the scope doesn't allow is
/// replaced.
///
/// # Errors
/// As [`page`].
#[doc(hidden)]
pub fn page_with_plan(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: &StoredObject,
    reach: &Reach,
    query: &RecordQuery<'_>,
    plan: Plan,
) -> Result<Vec<Record>, StoreError> {
    let list = List::new(org, object, reach, query, COLUMNS)?;
    list.records(tx, object, plan)
}

/// The names of the reached records after this one, in the order of their ids.
///
/// # Errors
/// As [`page`].
pub fn reached_ids(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: &StoredObject,
    reach: &Reach,
    after: Option<RecordId>,
    limit: i64,
) -> Result<Vec<(RecordId, Option<String>)>, StoreError> {
    let page = PageRequest {
        sort: Vec::new(),
        after: after.map(|id| Position {
            values: Vec::new(),
            id: id.into(),
        }),
        limit,
    };
    let query = RecordQuery {
        filter: None,
        page: &page,
    };
    let list = List::new(org, object, reach, &query, "r.id, r.external_id")?;
    let plan = list.plan(tx)?;
    let rows: Vec<NamesRow> = list.load(tx, plan)?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id.0.into(), row.external_id))
        .collect())
}

impl<'q> List<'q> {
    fn new(
        org: OrgId,
        object: &StoredObject,
        reach: &'q Reach,
        query: &'q RecordQuery<'q>,
        columns: &'static str,
    ) -> Result<Self, StoreError> {
        Ok(List {
            place: Place::reached(org, object, reach)?,
            reach,
            query,
            ordered: Ordered::of(query.page),
            columns,
        })
    }

    fn plan(&self, tx: &mut Tx<'_>) -> Result<Plan, StoreError> {
        let facts = Facts {
            scope: self.reach.scope(),
            members_known: self.reach.members().is_some(),
            people_in_scope: self.reach.people_in_scope(),
            people: self.reach.people(),
            ordered: self.ordered,
            filtered: self.query.filter.is_some(),
            wanted: self.query.page.limit,
        };
        choose(facts, || Ok(u64::try_from(tally(tx, &self.place)?).unwrap_or(0)))
    }

    fn records(&self, tx: &mut Tx<'_>, object: &StoredObject, plan: Plan) -> Result<Vec<Record>, StoreError> {
        self.load::<RecordRow>(tx, plan)?
            .into_iter()
            .map(|row| row.into_record(&object.object))
            .collect()
    }

    fn load<R: Row>(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<Vec<R>, StoreError> {
        let plan = self.allowed(plan);
        if plan == Plan::Nothing || self.query.page.limit <= 0 {
            return Ok(Vec::new());
        }
        let rows: Vec<R> = self.statement(Dialect::of(tx), plan).load(tx.conn)?;
        let rows = self.each_once(rows);
        let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= self.query.page.limit;
        match plan {
            // The budget may be what ended it.
            Plan::Walk { .. } if !full => self.load(tx, self.owner_plan()),
            _ => Ok(rows),
        }
    }

    /// The plan, or where the scope leaves no choice, the only one.
    fn allowed(&self, plan: Plan) -> Plan {
        match (self.reach.scope(), plan) {
            (OwnerScope::Nobody, _) => Plan::Nothing,
            (OwnerScope::Everyone, _) => Plan::Everything,
            (_, Plan::Nothing | Plan::Everything) => self.owner_plan(),
            (_, Plan::Owners) if self.owners().is_none() => Plan::Interval,
            (OwnerScope::Myself(_), Plan::Interval) => Plan::Owners,
            (_, Plan::Walk { .. }) if self.ordered == Ordered::Otherwise => Plan::Scan,
            (_, plan) => plan,
        }
    }

    fn owner_plan(&self) -> Plan {
        match self.owners() {
            Some(_) => Plan::Owners,
            None => Plan::Interval,
        }
    }

    fn owners(&self) -> Option<&[UserId]> {
        known_owners(self.reach)
    }

    /// A record with several owners in scope comes as often, one after the other.
    fn each_once<R: Row>(&self, mut rows: Vec<R>) -> Vec<R> {
        rows.dedup_by(|a, b| a.id() == b.id());
        rows.truncate(usize::try_from(self.query.page.limit).unwrap_or(usize::MAX));
        rows
    }

    /// Where every record comes once.
    fn limit_records(&self, sql: &mut Statement) {
        sql.sql(" LIMIT ").large(self.query.page.limit);
    }

    /// Enough for the page where every record may come once for each of its owners.
    fn limit_edges(&self, sql: &mut Statement) {
        let edges = self.query.page.limit.saturating_mul(self.place.owners);
        sql.sql(" LIMIT ").large(edges);
    }

    fn statement(&self, dialect: Dialect, plan: Plan) -> Statement {
        let mut sql = Statement::new(dialect);
        sql.sql("SELECT ").sql(self.columns).sql(" FROM ");
        match plan {
            Plan::Walk { budget } => self.walk(&mut sql, budget),
            Plan::Owners | Plan::Interval => {
                let early = self.query.filter.is_none()
                    && matches!(self.ordered, Ordered::ById | Ordered::ByCreation);
                if early {
                    self.chosen_edges(&mut sql, plan);
                } else {
                    self.all_edges(&mut sql, plan);
                }
            }
            Plan::Nothing | Plan::Everything | Plan::Scan => self.scan(&mut sql),
        }
        if Ordered::Otherwise == self.ordered {
            sql.not_kept();
        }
        sql
    }

    /// Every record, tested.
    fn scan(&self, sql: &mut Statement) {
        sql.sql("records r WHERE ");
        self.place.records(sql, "r");
        if *self.reach.scope() != OwnerScope::Everyone {
            sql.sql(" AND ");
            record_in_scope(sql, &self.place, self.reach.scope(), "r.id");
        }
        beyond(sql, self.query.page, Source::RECORDS);
        and_matching(sql, self.query.filter);
        order_by(sql, self.query.page, Source::RECORDS);
        self.limit_records(sql);
    }

    /// A stretch of the list along an index, tested. Owners and creation stand in one index; for the other orders the
    /// records are walked.
    fn walk(&self, sql: &mut Statement, budget: i64) {
        let (edges, walked) = (Source::naming_records("e"), Source::naming_records("w"));
        let over_records = self.ordered == Ordered::ByUpdate;
        if over_records {
            sql.sql("(SELECT q.id AS record_id, q.updated_at FROM records q WHERE ");
            self.place.records(sql, "q");
            let records = Source { alias: "q", id: "id" };
            beyond(sql, self.query.page, records);
            order_by(sql, self.query.page, records);
        } else {
            sql.sql("(SELECT e.record_id, e.owner_id, e.created_at FROM record_owners e WHERE ");
            self.place.owners(sql, "e");
            beyond(sql, self.query.page, edges);
            order_by(sql, self.query.page, edges);
        }
        sql.sql(" LIMIT ").large(budget).sql(") w");
        self.join_records(sql, "w");
        sql.sql(" AND ");
        if over_records {
            record_in_scope(sql, &self.place, self.reach.scope(), "w.record_id");
        } else {
            owner_in_scope(sql, &self.place, self.reach.scope(), "w.owner_id");
        }
        and_matching(sql, self.query.filter);
        order_by(sql, self.query.page, walked);
        self.limit_edges(sql);
    }

    /// The edges of the page first, then their records. The fence keeps PostgreSQL from walking along the order of the
    /// list, so nothing about the order goes inside.
    fn chosen_edges(&self, sql: &mut Statement, plan: Plan) {
        let (chosen, found) = (Source::naming_records("c"), Source::naming_records("p"));
        sql.sql("(SELECT c.record_id, c.created_at FROM (");
        match self.owners() {
            Some(owners) if plan == Plan::Owners && self.is_merged(owners) => self.merged(sql, owners),
            _ => {
                self.edges(sql, plan);
                let fence = sql.dialect.pick(" OFFSET 0", "");
                sql.sql(fence);
            }
        }
        sql.sql(") c WHERE 1 = 1");
        beyond(sql, self.query.page, chosen);
        order_by(sql, self.query.page, chosen);
        self.limit_edges(sql);
        sql.sql(") p");
        self.join_records(sql, "p");
        order_by(sql, self.query.page, found);
    }

    fn is_merged(&self, owners: &[UserId]) -> bool {
        self.ordered == Ordered::ByCreation && (1..=MERGED_OWNERS).contains(&owners.len())
    }

    /// Of each owner as many edges as the page could need, in its order.
    fn merged(&self, sql: &mut Statement, owners: &[UserId]) {
        let edges = Source::naming_records("e");
        for (n, owner) in owners.iter().enumerate() {
            if n > 0 {
                sql.sql(" UNION ALL ");
            }
            sql.sql("SELECT * FROM (SELECT e.record_id, e.created_at FROM record_owners e WHERE ");
            self.place.owners(sql, "e");
            sql.sql(" AND e.owner_id = ").id(*owner);
            beyond(sql, self.query.page, edges);
            order_by(sql, self.query.page, edges);
            sql.sql(" LIMIT ").large(self.query.page.limit);
            sql.sql(&format!(") o{n}"));
        }
    }

    /// Every edge in scope with its record, then the order.
    fn all_edges(&self, sql: &mut Statement, plan: Plan) {
        sql.sql("(");
        self.edges(sql, plan);
        let fence = sql.dialect.pick(" OFFSET 0", "");
        sql.sql(fence).sql(") p");
        self.join_records(sql, "p");
        beyond(sql, self.query.page, Source::RECORDS);
        and_matching(sql, self.query.filter);
        order_by(sql, self.query.page, Source::RECORDS);
        self.limit_edges(sql);
    }

    fn edges(&self, sql: &mut Statement, plan: Plan) {
        let owners = self.owners().filter(|_| plan == Plan::Owners);
        edges(
            sql,
            &self.place,
            self.reach.scope(),
            owners,
            "e.record_id, e.created_at",
        );
    }

    fn join_records(&self, sql: &mut Statement, alias: &str) {
        sql.sql(" CROSS JOIN records r WHERE ");
        self.place.records(sql, "r");
        sql.sql(" AND r.id = ").sql(alias).sql(".record_id");
    }
}

/// The owners in scope one by one, where they are known.
fn known_owners(reach: &Reach) -> Option<&[UserId]> {
    match reach.scope() {
        OwnerScope::Myself(me) => Some(std::slice::from_ref(me)),
        _ => reach.members(),
    }
}

/// The edges of the owners in scope: of these, or of everybody in the scope's interval.
fn edges(sql: &mut Statement, place: &Place, scope: &OwnerScope, owners: Option<&[UserId]>, columns: &str) {
    sql.sql("SELECT ").sql(columns).sql(" FROM ");
    // SQLite would rather walk along the order of the list, all the way if need be.
    let by_owner = sql.dialect.pick("", " INDEXED BY record_owners_by_owner");
    match (owners, scope) {
        (None, OwnerScope::MyselfAnd { me, roles }) => {
            sql.sql("(");
            people_in_scope(sql, place, *me, *roles);
            sql.sql(") s CROSS JOIN record_owners e")
                .sql(by_owner)
                .sql(" WHERE ");
            place.owners(sql, "e");
            sql.sql(" AND e.owner_id = s.id");
        }
        (None | Some([]), _) => {
            sql.sql("record_owners e WHERE 1 = 0");
        }
        (Some(owners), _) => {
            if owners.len() > 1 {
                sql.not_kept();
            }
            sql.sql("record_owners e").sql(by_owner).sql(" WHERE ");
            place.owners(sql, "e");
            sql.sql(" AND e.owner_id IN (")
                .list(owners, |sql, owner| {
                    sql.id(*owner);
                })
                .sql(")");
        }
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// Counts the reached records that match: as many as all pages of the list have together.
///
/// # Errors
/// As [`page`].
///
/// # Complexity
/// O(1) without bounds and filter; otherwise O(records in scope), along an index unless filtered.
pub fn count(
    tx: &mut Tx<'_>,
    org: OrgId,
    object: &StoredObject,
    reach: &Reach,
    filter: Option<&Filter>,
) -> Result<i64, StoreError> {
    let place = Place::reached(org, object, reach)?;
    let mut sql = Statement::new(Dialect::of(tx));
    match reach.scope() {
        OwnerScope::Nobody => return Ok(0),
        OwnerScope::Everyone if filter.is_none() => return tally(tx, &place),
        OwnerScope::Everyone => {
            sql.sql("SELECT COUNT(*) AS value FROM records r WHERE ");
            place.records(&mut sql, "r");
        }
        scope => {
            let once = if place.owners > 1 {
                "DISTINCT e.record_id"
            } else {
                "e.record_id"
            };
            sql.sql("SELECT COUNT(*) AS value FROM (");
            edges(&mut sql, &place, scope, known_owners(reach), once);
            sql.sql(") p");
            if filter.is_some() {
                sql.sql(" CROSS JOIN records r WHERE ");
                place.records(&mut sql, "r");
                sql.sql(" AND r.id = p.record_id");
            }
        }
    }
    and_matching(&mut sql, filter);
    Ok(sql.get_result::<Count>(tx.conn)?.value)
}
