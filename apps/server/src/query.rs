//! Query strings: every parameter known, given once, and well-formed.

use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::problem::Problem;

/// Extractor of the query string into one or two structs with named fields.
///
/// Two, so that a list's filters and its [`crate::paging::PageParams`] are written separately; flattening one
/// into the other would lose the numbers. A parameter that neither struct knows, one that is given twice, and
/// one that doesn't parse are refused: 400 `invalid_query`, pointing at `?name`.
#[derive(Debug, Clone)]
pub struct QueryParams<T, U = NoParams>(pub T, pub U);

/// No parameters at all.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct NoParams {}

/// Extractor for handlers without parameters: any parameter is unknown.
pub type NoQuery = QueryParams<NoParams>;

impl<T: DeserializeOwned, U: DeserializeOwned> QueryParams<T, U> {
    /// Parses a query string, without its question mark.
    ///
    /// # Errors
    ///
    /// 400 `invalid_query`, as described above.
    pub fn parse(query: &str) -> Result<Self, Problem> {
        let mut params = Params { given: split(query)? };
        let first = T::deserialize(&mut params).map_err(Refusal::into_problem)?;
        let second = U::deserialize(&mut params).map_err(Refusal::into_problem)?;
        match params.given.keys().next() {
            Some(unknown) => Err(invalid(unknown, "this parameter isn't known here")),
            None => Ok(Self(first, second)),
        }
    }
}

impl<T: DeserializeOwned, U: DeserializeOwned> FromRequest for QueryParams<T, U> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Self::parse(req.query_string()))
    }
}

/// The refusal of the parameter `name`.
pub fn invalid(name: &str, detail: impl Into<String>) -> Problem {
    Problem::bad_request("invalid_query", detail.into()).at(format!("?{name}"))
}

fn split(query: &str) -> Result<BTreeMap<String, String>, Problem> {
    let mut given = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let malformed = |name: &str| invalid(name, "not percent-encoded UTF-8, or with a NUL character");
        let name = decode(name).ok_or_else(|| malformed(name))?;
        let value = decode(value).ok_or_else(|| malformed(&name))?;
        if given.contains_key(&name) {
            return Err(invalid(&name, "this parameter is given more than once"));
        }
        given.insert(name, value);
    }
    Ok(given)
}

fn decode(text: &str) -> Option<String> {
    let is_encoded = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !text.split('%').skip(1).all(is_encoded) {
        return None;
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    (!decoded.contains('\0')).then(|| decoded.into_owned())
}

/// The parameters not yet taken by a struct.
struct Params {
    given: BTreeMap<String, String>,
}

impl<'de> Deserializer<'de> for &mut Params {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visit(std::mem::take(&mut self.given), visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visit(
            fields
                .iter()
                .filter_map(|field| self.given.remove_entry(*field))
                .collect(),
            visitor,
        )
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn visit<'de, V: Visitor<'de>>(given: BTreeMap<String, String>, visitor: V) -> Result<V::Value, Refusal> {
    visitor.visit_map(Fields {
        given: given.into_iter(),
        present: None,
    })
}

struct Fields {
    given: btree_map::IntoIter<String, String>,
    present: Option<(String, String)>,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        self.present = self.given.next();
        match &self.present {
            Some((name, _)) => seed.deserialize(StrDeserializer::new(name)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let (name, text) = self.present.take().unwrap_or_default();
        seed.deserialize(Value(text)).map_err(|refusal| refusal.of(name))
    }
}

struct Value(String);

macro_rules! parsed {
    ($($method:ident => $visit:ident as $what:literal,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
            match self.0.parse() {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Refusal::custom($what)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Value {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let text = StrDeserializer::<Refusal>::new(&self.0);
        text.deserialize_enum(name, variants, visitor)
            .map_err(|_| Refusal::custom(format_args!("expected one of {}", variants.join(", "))))
    }

    parsed! {
        deserialize_bool => visit_bool as "expected true or false",
        deserialize_i8 => visit_i8 as "expected a whole number",
        deserialize_i16 => visit_i16 as "expected a whole number",
        deserialize_i32 => visit_i32 as "expected a whole number",
        deserialize_i64 => visit_i64 as "expected a whole number",
        deserialize_u8 => visit_u8 as "expected a whole number of at least 0",
        deserialize_u16 => visit_u16 as "expected a whole number of at least 0",
        deserialize_u32 => visit_u32 as "expected a whole number of at least 0",
        deserialize_u64 => visit_u64 as "expected a whole number of at least 0",
        deserialize_f64 => visit_f64 as "expected a number",
    }

    forward_to_deserialize_any! {
        i128 u128 f32 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// Why a parameter doesn't fit, and which.
#[derive(Debug)]
struct Refusal {
    name: Option<String>,
    detail: String,
}

impl Refusal {
    fn of(mut self, name: String) -> Self {
        self.name.get_or_insert(name);
        self
    }

    fn into_problem(self) -> Problem {
        match self.name {
            Some(name) => invalid(&name, self.detail),
            None => Problem::bad_request("invalid_query", self.detail),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Refusal {}

impl serde::de::Error for Refusal {
    fn custom<T: fmt::Display>(detail: T) -> Self {
        Self {
            name: None,
            detail: detail.to_string(),
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            name: Some(field.to_owned()),
            detail: "this parameter is required".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Filter {
        q: Option<String>,
        days: Option<i32>,
        status: Option<Status>,
        profile_id: Option<uuid::Uuid>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Status {
        Active,
    }

    #[derive(Debug, Deserialize)]
    struct Move {
        move_to: String,
        #[serde(default)]
        force: bool,
    }

    fn filter(query: &str) -> Result<Filter, Problem> {
        QueryParams::<Filter>::parse(query).map(|params| params.0)
    }

    fn refusal(query: &str) -> String {
        let problem = filter(query).unwrap_err();
        assert_eq!(
            (problem.status().as_u16(), problem.code()),
            (400, "invalid_query")
        );
        problem.body().errors[0].pointer.clone()
    }

    #[test]
    fn parameters_are_decoded_and_parsed() {
        let id = "0198c0de-0000-7000-8000-000000000001";
        let parsed = filter(&format!("q=a+b%26%C3%A9&days=-3&status=active&profile_id={id}")).unwrap();
        assert_eq!(parsed.q.unwrap(), "a b&é");
        assert_eq!((parsed.days, parsed.status), (Some(-3), Some(Status::Active)));
        assert_eq!(parsed.profile_id.unwrap().to_string(), id);
        assert_eq!(filter("").unwrap().q, None);
        assert_eq!(filter("q=").unwrap().q.unwrap(), "");
    }

    #[test]
    fn unknown_repeated_and_malformed_parameters_are_refused_by_name() {
        let cases = [
            ("x=1", "?x"),
            ("q=1&x", "?x"),
            ("q=1&q=2", "?q"),
            ("q=1&%71=2", "?q"),
            ("days=soon", "?days"),
            ("days=", "?days"),
            ("days=99999999999", "?days"),
            ("status=lost", "?status"),
            ("status=", "?status"),
            ("profile_id=7", "?profile_id"),
            ("q=%", "?q"),
            ("q=%zz", "?q"),
            ("q=%4", "?q"),
            ("q=%ff", "?q"),
            ("q=%00", "?q"),
            ("=1", "?"),
        ];
        for (query, pointer) in cases {
            assert_eq!(refusal(query), pointer, "{query}");
        }
    }

    #[test]
    fn a_required_parameter_is_asked_for_by_name() {
        let problem = QueryParams::<Move>::parse("force=true").unwrap_err();
        assert_eq!(problem.body().errors[0].pointer, "?move_to");
        let parsed = QueryParams::<Move>::parse("move_to=x&force=true").unwrap().0;
        assert!(parsed.force && parsed.move_to == "x");
        assert!(!QueryParams::<Move>::parse("move_to=x").unwrap().0.force);
    }

    #[test]
    fn two_structs_share_one_query() {
        let QueryParams(filter, other) = QueryParams::<Filter, Move>::parse("days=1&move_to=x").unwrap();
        assert_eq!((filter.days, other.move_to.as_str()), (Some(1), "x"));
        let problem = QueryParams::<Filter, Move>::parse("days=1&move_to=x&y=1").unwrap_err();
        assert_eq!(problem.body().errors[0].pointer, "?y");
    }
}
