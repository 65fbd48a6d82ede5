//! Random conditions, written out with as few parentheses as the precedence allows, against a naive evaluation.

use proptest::prelude::*;
use vestibule_custom_objects::{FieldType, Filter, Values};

use crate::builders::{draft, given, object};

#[derive(Clone, Debug)]
enum Condition {
    Present(bool),
    Number(&'static str, i8),
    Text(&'static str, String),
    Not(Box<Condition>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
}

#[derive(Clone, Debug)]
struct Row {
    amount: Option<i8>,
    name: Option<String>,
}

impl Condition {
    fn holds(&self, row: &Row) -> bool {
        match self {
            Self::Present(true) => row.amount.is_some(),
            Self::Present(false) => row.name.is_some(),
            Self::Number(op, operand) => ordered(op, row.amount.map(|amount| amount.cmp(operand))),
            Self::Text(op, operand) => {
                let operand = operand.to_lowercase();
                let own = row.name.as_ref().map(|name| name.to_lowercase());
                match *op {
                    "co" => own.is_some_and(|own| own.contains(&operand)),
                    "sw" => own.is_some_and(|own| own.starts_with(&operand)),
                    "ew" => own.is_some_and(|own| own.ends_with(&operand)),
                    op => ordered(op, own.map(|own| own.cmp(&operand))),
                }
            }
            Self::Not(inner) => !inner.holds(row),
            Self::And(all) => all.iter().all(|condition| condition.holds(row)),
            Self::Or(any) => any.iter().any(|condition| condition.holds(row)),
        }
    }

    /// How tightly the outermost word binds: an `or` inside an `and` needs parentheses.
    fn written(&self, inside_and: bool) -> String {
        match self {
            Self::Present(true) => "amount pr".to_owned(),
            Self::Present(false) => "name pr".to_owned(),
            Self::Number(op, operand) => format!("amount {op} {operand}"),
            Self::Text(op, operand) => format!("name {op} {}", serde_json::Value::from(operand.as_str())),
            Self::Not(inner) => format!("not ({})", inner.written(false)),
            Self::And(all) => all
                .iter()
                .map(|one| one.written(true))
                .collect::<Vec<_>>()
                .join(" and "),
            Self::Or(any) => {
                let text = any
                    .iter()
                    .map(|one| one.written(false))
                    .collect::<Vec<_>>()
                    .join(" or ");
                if inside_and { format!("({text})") } else { text }
            }
        }
    }
}

fn ordered(op: &str, ordering: Option<std::cmp::Ordering>) -> bool {
    let Some(ordering) = ordering else {
        return op == "ne";
    };
    match op {
        "eq" => ordering.is_eq(),
        "ne" => ordering.is_ne(),
        "gt" => ordering.is_gt(),
        "ge" => ordering.is_ge(),
        "lt" => ordering.is_lt(),
        _ => ordering.is_le(),
    }
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let orders = ["eq", "ne", "gt", "ge", "lt", "le"];
    let texts = [&orders[..], &["co", "sw", "ew"]].concat();
    let leaf = prop_oneof![
        any::<bool>().prop_map(Condition::Present),
        (proptest::sample::select(orders.to_vec()), -3..4_i8)
            .prop_map(|(op, operand)| Condition::Number(op, operand)),
        (proptest::sample::select(texts), "[aBé\"]{0,3}")
            .prop_map(|(op, operand)| Condition::Text(op, operand)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let several = proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
            several.clone().prop_map(Condition::And),
            several.prop_map(Condition::Or),
        ]
    })
}

fn any_row() -> impl Strategy<Value = Row> {
    let amount = proptest::option::of(-3..4_i8);
    (amount, proptest::option::of("[AbÉ\"]{0,4}")).prop_map(|(amount, name)| Row { amount, name })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_filter_means_what_it_reads_like(condition in any_condition(), row in any_row()) {
        let deal = object(vec![draft("amount", FieldType::Number), draft("name", FieldType::Text)]);
        let document = serde_json::json!({"amount": row.amount, "name": row.name}).to_string();
        let values = deal.changed_values(&Values::new(), &given(&document)).unwrap();
        let keys = values.sort_keys(&deal);
        let text = condition.written(false);
        let filter = Filter::parse(&text, &deal).unwrap();
        let passes = filter.matches(|attribute| {
            let number = deal.fields().iter().find(|field| {
                vestibule_custom_objects::Attribute::named(field.key.as_str(), &deal) == Some(attribute)
            })?.number;
            Some(keys.get(number.to_string())?.as_str()?.to_owned())
        });
        prop_assert_eq!(passes, condition.holds(&row), "{} on {:?}", text, row);
    }
}
