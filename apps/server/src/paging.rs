//! Pages of lists: how many, from where, in which order.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::keyed_hash::keyed;
use crate::problem::Problem;

const TAG_BYTES: usize = 32;

/// The parameters that every list takes, for [`crate::query::QueryParams`].
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Items on a page, 1 to 200.
    #[serde(default)]
    #[param(value_type = Option<u16>, minimum = 1, maximum = 200, default = 50)]
    pub limit: Limit,
    /// The `next_cursor` of the page before, with otherwise the same parameters.
    pub cursor: Option<String>,
    /// Keys to sort by, joined by commas, the descending ones with a leading minus.
    pub sort: Option<String>,
    /// Whether to count all items of the list into `total`.
    #[serde(default)]
    #[param(value_type = Option<bool>, default = false)]
    pub count: bool,
}

/// Items on a page: 1 to 200, 50 when not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The number of items.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u16::deserialize(deserializer)? {
            limit @ 1..=200 => Ok(Self(limit)),
            _ => Err(serde::de::Error::custom("expected a whole number of 1 to 200")),
        }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// What to pass as `cursor` for the next page; null on the last one.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
    /// The number of items on all pages, when `count=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// The same page with converted items.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(convert).collect();
        Page {
            items,
            next_cursor: self.next_cursor,
            total: self.total,
        }
    }
}

/// One key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SortKey {
    /// The key, as published.
    pub key: &'static str,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// An order of published keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sort(Vec<SortKey>);

impl Sort {
    /// Reads a text like `-created_at,last_name`; `default` when there's none.
    ///
    /// # Errors
    ///
    /// 400 `invalid_sort` for a key that `published` lacks or that occurs twice, and for an empty text.
    pub fn parse(
        text: Option<&str>,
        published: &[&'static str],
        default: &[SortKey],
    ) -> Result<Self, Problem> {
        let Some(text) = text else {
            return Ok(Self(default.to_vec()));
        };
        let refused = |detail: String| Problem::bad_request("invalid_sort", detail).at("?sort");
        let mut keys: Vec<SortKey> = Vec::new();
        for part in text.split(',') {
            let (wanted, descending) = part
                .strip_prefix('-')
                .map_or((part, false), |wanted| (wanted, true));
            let Some(key) = published.iter().find(|key| **key == wanted) else {
                return Err(refused(match published {
                    [] => "this list has one order only".to_owned(),
                    keys => format!("sort keys here are {}", keys.join(", ")),
                }));
            };
            if keys.iter().any(|earlier| earlier.key == *key) {
                return Err(refused(format!("the sort key {key} occurs twice")));
            }
            keys.push(SortKey { key, descending });
        }
        Ok(Self(keys))
    }

    /// The keys, most significant first.
    pub fn keys(&self) -> &[SortKey] {
        &self.0
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, SortKey { key, descending }) in self.0.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let minus = if *descending { "-" } else { "" };
            write!(f, "{comma}{minus}{key}")?;
        }
        Ok(())
    }
}

/// What a cursor is tied to: the list it belongs to, in its order, under its filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListIdentity([u8; 32]);

impl ListIdentity {
    /// The list at `route` (its path, ids and all) of `org`. Limit and count aren't part of it: they may change
    /// between pages.
    pub fn new(org: Uuid, route: &str, filters: &impl Serialize, sort: &Sort) -> Self {
        // Filters are plain structs, which always serialize; should one not, its cursors just hold for less.
        let filters = serde_json::to_string(filters).unwrap_or_default();
        let sort = sort.to_string();
        let mut hash = Sha256::new();
        hash.update(org.as_bytes());
        for part in [route, &filters, &sort] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// Makes and reads cursors.
///
/// A cursor isn't encrypted: put nothing into it that the reader of the page may not see.
#[derive(Clone)]
pub struct Cursors(Hmac<Sha256>);

impl Cursors {
    /// Signs with `key`; cursors made with another key are refused.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(keyed(key))
    }

    /// The cursor for the items after the one with these sort values (and id).
    pub fn seal(&self, list: &ListIdentity, after: &[Value]) -> String {
        let mut bytes = Value::from(after).to_string().into_bytes();
        let tag = self.signing(list, &bytes).finalize().into_bytes();
        bytes.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The sort values in a cursor.
    ///
    /// # Errors
    ///
    /// 400 `invalid_cursor` when it was altered, made elsewhere, or for another list, order or filter.
    pub fn open(&self, list: &ListIdentity, cursor: &str) -> Result<Vec<Value>, Problem> {
        self.verified(list, cursor).ok_or_else(|| {
            Problem::bad_request(
                "invalid_cursor",
                "this cursor doesn't belong to this list, order and filter",
            )
            .at("?cursor")
        })
    }

    fn verified(&self, list: &ListIdentity, cursor: &str) -> Option<Vec<Value>> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (values, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG_BYTES)?)?;
        self.signing(list, values).verify_slice(tag).ok()?;
        serde_json::from_slice(values).ok()
    }

    fn signing(&self, list: &ListIdentity, values: &[u8]) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update(b"vestibule cursor 1\0")
            .chain_update(list.0)
            .chain_update(values)
    }
}

impl fmt::Debug for Cursors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursors")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::query::QueryParams;

    const PUBLISHED: [&str; 2] = ["created_at", "last_name"];
    const NEWEST: SortKey = SortKey {
        key: "created_at",
        descending: true,
    };

    fn sort(text: &str) -> Result<Sort, Problem> {
        Sort::parse(Some(text), &PUBLISHED, &[])
    }

    fn page(query: &str) -> Result<PageParams, Problem> {
        QueryParams::<PageParams>::parse(query).map(|params| params.0)
    }

    #[test]
    fn the_limit_is_1_to_200_and_50_by_default() {
        assert_eq!(page("").unwrap().limit.get(), 50);
        assert_eq!(page("limit=1").unwrap().limit.get(), 1);
        assert_eq!(page("limit=200&count=true").unwrap().limit.get(), 200);
        for query in [
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=1.5",
            "limit=",
            "limit=99999999999",
        ] {
            assert_eq!(
                page(query).unwrap_err().body().errors[0].pointer,
                "?limit",
                "{query}"
            );
        }
        assert!(page("count=maybe").is_err());
    }

    #[test]
    fn an_order_is_read_from_published_keys() {
        let order = sort("-created_at,last_name").unwrap();
        assert_eq!(
            order.keys(),
            [
                NEWEST,
                SortKey {
                    key: "last_name",
                    descending: false
                }
            ]
        );
        assert_eq!(order.to_string(), "-created_at,last_name");
        assert_eq!(Sort::parse(None, &PUBLISHED, &[NEWEST]).unwrap().keys(), [NEWEST]);
    }

    #[test]
    fn unknown_repeated_and_empty_keys_are_refused() {
        for text in [
            "",
            "email",
            "created_at,-created_at",
            "created_at,",
            "--created_at",
            " created_at",
        ] {
            let problem = sort(text).unwrap_err();
            assert_eq!(
                (problem.status().as_u16(), problem.code()),
                (400, "invalid_sort"),
                "{text}"
            );
        }
    }

    fn list(org: u128, route: &str, status: &str, order: &str) -> ListIdentity {
        ListIdentity::new(
            Uuid::from_u128(org),
            route,
            &json!({"status": status}),
            &sort(order).unwrap(),
        )
    }

    #[test]
    fn a_cursor_returns_its_values_to_its_own_list_only() {
        let cursors = Cursors::new(&[7; 32]);
        let own = list(1, "/guests", "active", "last_name");
        let cursor = cursors.seal(&own, &[json!("Lovelace"), json!(3)]);
        assert_eq!(
            cursors.open(&own, &cursor).unwrap(),
            [json!("Lovelace"), json!(3)]
        );
        let foreign = [
            list(2, "/guests", "active", "last_name"),
            list(1, "/users", "active", "last_name"),
            list(1, "/guests", "expired", "last_name"),
            list(1, "/guests", "active", "-last_name"),
        ];
        for other in foreign {
            assert_eq!(
                cursors.open(&other, &cursor).unwrap_err().code(),
                "invalid_cursor"
            );
        }
        assert!(Cursors::new(&[8; 32]).open(&own, &cursor).is_err());
    }

    #[test]
    fn an_altered_cursor_is_refused() {
        let cursors = Cursors::new(&[7; 32]);
        let own = list(1, "/guests", "active", "last_name");
        let cursor = cursors.seal(&own, &[json!("Lovelace")]);
        for at in 0..cursor.len() {
            let mut altered = cursor.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            assert!(cursors.open(&own, &String::from_utf8(altered).unwrap()).is_err());
        }
        for text in ["", "x", "=", "AAAA", &cursor[1..], &format!("{cursor}A")] {
            assert!(cursors.open(&own, text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered_without_panic(text in ".{0,80}") {
            let own = list(1, "/guests", "active", "last_name");
            prop_assert!(Cursors::new(&[7; 32]).open(&own, &text).is_err());
        }
    }

    #[test]
    fn a_page_tells_its_total_only_when_counted() {
        let page = Page {
            items: vec![1],
            next_cursor: None,
            total: None,
        };
        assert_eq!(
            serde_json::to_value(&page).unwrap(),
            json!({"items": [1], "next_cursor": null})
        );
        let counted = Page {
            total: Some(9),
            ..page
        }
        .map(|n| n + 1);
        assert_eq!(
            serde_json::to_value(&counted).unwrap(),
            json!({"items": [2], "next_cursor": null, "total": 9})
        );
    }
}
