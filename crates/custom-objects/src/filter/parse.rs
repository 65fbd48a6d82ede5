use super::operand::{check_operator, key, mismatch};
use super::token::{Placed, Token, syntax, tokens};
use super::{Attribute, Filter, FilterRefused, Operator};
use crate::Object;

/// Longest filter, in characters.
const MAX_CHARS: usize = 4_000;
/// Most comparisons in one filter.
const MAX_COMPARISONS: usize = 100;
/// Deepest nesting of parentheses. Bounds the recursion of everything that walks a filter.
const MAX_DEPTH: usize = 20;

impl Filter {
    /// Reads a condition on records of `object`, such as `stage eq "won" and not (amount lt 100 or closed pr)`.
    ///
    /// The grammar is that of SCIM (RFC 7644 §3.4.2.2) without sub-attributes: `eq ne co sw ew pr gt ge lt le`, then
    /// `not (…)` before `and` before `or`. Names, operators and connectives ignore case. Operands are JSON; they are
    /// read as values of the field, so a date is compared with a date and a number with a number.
    ///
    /// Texts compare as their [sort keys](crate::Value::sort_key) do, so `eq`, `co` and the others ignore case.
    /// `eq null` asks for a missing value and `ne null` for any. `ne` also holds for records without a value.
    ///
    /// # Errors
    /// - [`FilterRefused::Syntax`]: no filter.
    /// - [`FilterRefused::UnknownField`]: neither a field of the object nor `id`, `external_id`, `created_at` or
    ///   `updated_at`.
    /// - [`FilterRefused::TypeMismatch`]: the field isn't compared with such an operand, or not by this operator.
    /// - [`FilterRefused::TooLarge`]: more than 4,000 characters, 100 comparisons or 20 nested parentheses.
    ///
    /// # Examples
    /// ```
    /// use vestibule_access_control::ObjectId;
    /// use vestibule_custom_objects::{Attribute, FieldDraft, FieldType, Filter, Object};
    ///
    /// let drafts = vec![
    ///     FieldDraft::new("stage", "Stage", FieldType::Text),
    ///     FieldDraft::new("amount", "Amount", FieldType::Number),
    /// ];
    /// let deal = Object::new(ObjectId::from_u128(1), "deal", "Deal", "Deals", drafts).unwrap();
    ///
    /// let filter = Filter::parse(r#"stage eq "WON" and not (amount pr)"#, &deal)?;
    /// let stage = Attribute::named("stage", &deal);
    /// assert!(filter.matches(|asked| (Some(asked) == stage).then(|| "won".to_owned())));
    /// assert!(!filter.matches(|_| None));
    ///
    /// let refused = Filter::parse("amount gt \"100\"", &deal).unwrap_err();
    /// assert_eq!((refused.code(), refused.position()), ("filter_type_mismatch", Some(11)));
    /// # Ok::<(), vestibule_custom_objects::FilterRefused>(())
    /// ```
    pub fn parse(text: &str, object: &Object) -> Result<Self, FilterRefused> {
        if text.chars().nth(MAX_CHARS).is_some() {
            return Err(FilterRefused::TooLarge("a filter has at most 4000 characters"));
        }
        let tokens = tokens(text)?;
        let mut parser = Parser {
            rest: tokens.into_iter().peekable(),
            end: text.chars().count() + 1,
            object,
            comparisons: 0,
        };
        let filter = parser.any_of(0)?;
        match parser.rest.next() {
            None => Ok(filter),
            Some((position, _)) => Err(syntax(position, "expected `and`, `or` or the end")),
        }
    }
}

struct Parser<'t> {
    rest: std::iter::Peekable<std::vec::IntoIter<Placed<'t>>>,
    end: usize,
    object: &'t Object,
    comparisons: usize,
}

impl<'t> Parser<'t> {
    fn any_of(&mut self, depth: usize) -> Result<Filter, FilterRefused> {
        let first = self.all_of(depth)?;
        let mut any = vec![first];
        while self.takes("or") {
            any.push(self.all_of(depth)?);
        }
        Ok(single_or(any, Filter::Or))
    }

    fn all_of(&mut self, depth: usize) -> Result<Filter, FilterRefused> {
        let first = self.term(depth)?;
        let mut all = vec![first];
        while self.takes("and") {
            all.push(self.term(depth)?);
        }
        Ok(single_or(all, Filter::And))
    }

    fn term(&mut self, depth: usize) -> Result<Filter, FilterRefused> {
        const EXPECTED: &str = "expected a field, `not (` or `(`";
        match self.next(EXPECTED)? {
            (_, Token::Open) => self.group(depth),
            (position, Token::Word(name)) => {
                // A field may be called `not`; then no parenthesis follows.
                if name.eq_ignore_ascii_case("not") && self.takes_open() {
                    return Ok(Filter::Not(Box::new(self.group(depth)?)));
                }
                self.comparison(position, name)
            }
            (position, _) => Err(syntax(position, EXPECTED)),
        }
    }

    /// What follows an opening parenthesis, up to the closing one.
    fn group(&mut self, depth: usize) -> Result<Filter, FilterRefused> {
        if depth == MAX_DEPTH {
            return Err(FilterRefused::TooLarge(
                "a filter has at most 20 nested parentheses",
            ));
        }
        let inner = self.any_of(depth + 1)?;
        match self.next("expected `and`, `or` or `)`")? {
            (_, Token::Close) => Ok(inner),
            (position, _) => Err(syntax(position, "expected `and`, `or` or `)`")),
        }
    }

    fn comparison(&mut self, position: usize, name: &str) -> Result<Filter, FilterRefused> {
        self.comparisons += 1;
        if self.comparisons > MAX_COMPARISONS {
            return Err(FilterRefused::TooLarge("a filter has at most 100 comparisons"));
        }
        let unknown = || FilterRefused::UnknownField {
            position,
            name: name.to_owned(),
        };
        let attribute = Attribute::named(&name.to_ascii_lowercase(), self.object).ok_or_else(unknown)?;
        let (at, op) = self.operator()?;
        let Some(op) = op else {
            return Ok(Filter::Present(attribute));
        };
        let (position, operand) = self.next("expected a JSON string, a number, true, false or null")?;
        match (op, operand) {
            (Operator::Eq, Token::Word("null")) => Ok(Filter::Not(Box::new(Filter::Present(attribute)))),
            (Operator::Ne, Token::Word("null")) => Ok(Filter::Present(attribute)),
            (_, Token::Word("null")) => Err(mismatch(position, "null is compared by eq and ne only")),
            (_, operand @ (Token::Text(_) | Token::Number(_) | Token::Word("true" | "false"))) => {
                check_operator(attribute, op, at)?;
                let key = key(attribute, &operand, position)?;
                Ok(Filter::Compare { attribute, op, key })
            }
            _ => Err(syntax(
                position,
                "expected a JSON string, a number, true, false or null",
            )),
        }
    }

    /// The operator and where it is; `None` for `pr`.
    fn operator(&mut self) -> Result<(usize, Option<Operator>), FilterRefused> {
        const EXPECTED: &str = "expected one of eq, ne, co, sw, ew, pr, gt, ge, lt, le";
        let (position, token) = self.next(EXPECTED)?;
        let Token::Word(word) = token else {
            return Err(syntax(position, EXPECTED));
        };
        let op = match word.to_ascii_lowercase().as_str() {
            "pr" => None,
            "eq" => Some(Operator::Eq),
            "ne" => Some(Operator::Ne),
            "co" => Some(Operator::Co),
            "sw" => Some(Operator::Sw),
            "ew" => Some(Operator::Ew),
            "gt" => Some(Operator::Gt),
            "ge" => Some(Operator::Ge),
            "lt" => Some(Operator::Lt),
            "le" => Some(Operator::Le),
            _ => return Err(syntax(position, EXPECTED)),
        };
        Ok((position, op))
    }

    fn next(&mut self, expected: &'static str) -> Result<Placed<'t>, FilterRefused> {
        self.rest.next().ok_or(syntax(self.end, expected))
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_it =
            |(_, token): &Placed<'t>| matches!(token, Token::Word(found) if found.eq_ignore_ascii_case(word));
        self.rest.next_if(is_it).is_some()
    }

    fn takes_open(&mut self) -> bool {
        self.rest.next_if(|(_, token)| *token == Token::Open).is_some()
    }
}

fn single_or(mut filters: Vec<Filter>, several: fn(Vec<Filter>) -> Filter) -> Filter {
    match (filters.pop(), filters.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            filters.extend(last);
            several(filters)
        }
    }
}
