//! What runs inside a transaction: reads through [`Tx`], writes through [`WriteTx`].

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use crate::audit::{self, AuditEvent};
use crate::connection::DbConnection;
use crate::error::StoreError;
use crate::ids::OrgId;
use crate::policy::{self, Touched};
use crate::types::{Id, db};

/// The error type of a transaction's work: it carries store errors, and tells when a retry may help.
pub trait TransactionError: From<StoreError> {
    /// Whether the work failed only because it lost a race for the database ([`StoreError::Busy`]).
    fn lost_a_race(&self) -> bool;
}

impl TransactionError for StoreError {
    fn lost_a_race(&self) -> bool {
        matches!(self, StoreError::Busy)
    }
}

/// A transaction that reads: everything seen is of one moment.
pub struct Tx<'a> {
    pub(crate) conn: &'a mut DbConnection,
    touches_policy: bool,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: &'a mut DbConnection) -> Self {
        Tx {
            conn,
            touches_policy: false,
        }
    }

    /// Whether this transaction has said that it changes policy: what it reads of it then is not what others see, under
    /// the version that they see.
    #[must_use]
    pub fn touches_policy(&self) -> bool {
        self.touches_policy
    }
}

/// A transaction that writes. What it records with [`WriteTx::audit`] is written with the change or not at all.
pub struct WriteTx<'a> {
    tx: Tx<'a>,
    events: Vec<AuditEvent>,
    /// Without a fact when only credentials ended.
    policy_changes: Vec<(OrgId, Option<Touched>)>,
}

impl<'a> Deref for WriteTx<'a> {
    type Target = Tx<'a>;
    fn deref(&self) -> &Tx<'a> {
        &self.tx
    }
}

impl<'a> DerefMut for WriteTx<'a> {
    fn deref_mut(&mut self) -> &mut Tx<'a> {
        &mut self.tx
    }
}

#[derive(QueryableByName)]
struct Counters {
    #[diesel(sql_type = BigInt)]
    audit_seq: i64,
    #[diesel(sql_type = BigInt)]
    policy_version: i64,
}

impl<'a> WriteTx<'a> {
    pub(crate) fn new(conn: &'a mut DbConnection) -> Self {
        WriteTx {
            tx: Tx::new(conn),
            events: Vec::new(),
            policy_changes: Vec::new(),
        }
    }

    /// Waits for this org's turn to change its facts. SQLite has one writer, so it is always its turn.
    pub(crate) fn lock_org(&mut self, org: OrgId) -> Result<(), StoreError> {
        if matches!(self.conn, DbConnection::Pg(_)) {
            diesel::sql_query("SELECT id FROM orgs WHERE id = $1 FOR NO KEY UPDATE")
                .bind::<Id, _>(db(org))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Records a security-relevant change; the row is written just before the commit, which fails with
    /// [`StoreError::Reference`] when the event's org does not exist.
    pub fn audit(&mut self, event: AuditEvent) {
        self.events.push(event);
    }

    /// Says which fact that decisions rest on has changed, so that no decision is made from an older picture. All that
    /// one transaction changes gets one new version, which the commit makes visible.
    pub fn policy_changed(&mut self, org: OrgId, touched: Touched) {
        self.tx.touches_policy = true;
        self.policy_changes.push((org, Some(touched)));
    }

    /// Says that sessions or tokens ended, or passwords changed: nothing that decisions rest on, but the version grows,
    /// so that nobody is let in from an older picture.
    pub fn credentials_changed(&mut self, org: OrgId) {
        self.policy_changes.push((org, None));
    }

    /// Runs a part that may fail alone: its writes and events are taken back, the transaction goes on.
    ///
    /// # Errors
    /// What `work` returns, or a [`StoreError`] of the savepoint itself, which the caller passes on: the transaction
    /// cannot go on then.
    pub fn savepoint<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut WriteTx<'a>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (events, policy) = (self.events.len(), self.policy_changes.len());
        self.conn.savepoint().map_err(StoreError::from)?;
        let answer = work(self);
        if answer.is_ok() {
            self.conn.commit().map_err(StoreError::from)?;
        } else {
            self.events.truncate(events);
            self.policy_changes.truncate(policy);
            self.conn.rollback().map_err(StoreError::from)?;
        }
        answer
    }

    /// Writes events and version bumps. One row per org is touched, last, so that the wait for it is short; whoever
    /// holds it commits before the next version is made, so versions come in the order of commits.
    pub(crate) fn flush(&mut self) -> Result<(), StoreError> {
        let events = std::mem::take(&mut self.events);
        let changes = std::mem::take(&mut self.policy_changes);
        let orgs: BTreeSet<OrgId> = events
            .iter()
            .map(|event| event.org)
            .chain(changes.iter().map(|(org, _)| *org))
            .collect();
        for org in orgs {
            let of_org: Vec<&AuditEvent> = events.iter().filter(|e| e.org == org).collect();
            let touched = changes.iter().filter(|(of, _)| *of == org);
            self.flush_org(org, &of_org, touched.map(|(_, touched)| *touched))?;
        }
        Ok(())
    }

    fn flush_org(
        &mut self,
        org: OrgId,
        events: &[&AuditEvent],
        changes: impl Iterator<Item = Option<Touched>> + Clone,
    ) -> Result<(), StoreError> {
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let bump = i64::from(changes.clone().next().is_some());
        let last = diesel::sql_query(
            "UPDATE org_versions SET audit_seq = audit_seq + $1, policy_version = policy_version + $2 \
             WHERE org_id = $3 RETURNING audit_seq, policy_version",
        )
        .bind::<BigInt, _>(count)
        .bind::<BigInt, _>(bump)
        .bind::<Id, _>(db(org))
        .get_result::<Counters>(self.conn)
        .optional()?
        .ok_or(StoreError::Reference)?;
        for (seq, event) in (last.audit_seq - count + 1..).zip(events) {
            audit::insert(self.conn, seq, event)?;
        }
        let touched: BTreeSet<Touched> = changes.flatten().collect();
        if !touched.is_empty() {
            policy::log(self.conn, org, last.policy_version, touched)?;
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// The org's policy version: it grows with every change to policy or to anybody's standing.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; `Ok(None)` when there is no such org.
    pub fn policy_version(&mut self, org: OrgId) -> Result<Option<i64>, StoreError> {
        use crate::schema::org_versions::dsl;
        Ok(dsl::org_versions
            .filter(dsl::org_id.eq(db(org)))
            .select(dsl::policy_version)
            .first(self.conn)
            .optional()?)
    }
}
