//! Records of custom objects.
//!
//! Nothing here decides. Reads take a [`Reach`](vestibule_access_control::Reach) and give exactly the records in it;
//! writes take a [`Permit`](vestibule_access_control::Permit). Both come from a decision and from nowhere else. What a
//! decision needs to know of a record, its owners, comes from [`owners_of`] and its like, without values.
//!
//! Who owns a record is kept in `record_owners`, derived from its values whenever they change, and a list asks that
//! table. A reach is of the policy as this transaction sees it, so the roles that the predicate looks up are the ones
//! that the reach was decided by.

mod clashes;
mod delete_all;
mod facts;
mod fields;
mod filter_sql;
mod hand_over;
mod order;
mod page;
mod plan;
mod predicate;
mod row;
mod tally;
mod write;

pub use clashes::taken_values;
pub use delete_all::delete_all;
pub use facts::{Owned, external_id_owner, find, find_many, for_each_owner_set, owners_of, owners_of_many};
pub use fields::{drop_unique, exceeds_unique, index_unique, uses_option};
pub use hand_over::hand_over;
pub use order::sort_value;
pub use page::{RecordQuery, count, page, page_with_plan, reached_ids};
pub use plan::Plan;
pub use row::{Record, RecordRef};
pub use write::{delete, insert, insert_many, save};
