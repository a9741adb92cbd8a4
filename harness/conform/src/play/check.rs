//! Expressions and the relations between them.

use std::cmp::Ordering;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    Bindings, Value,
    sequence::{NumberRanges, Order},
};
use crate::scenario::{Check, Expression, Relation};

/// A name that has no value, because what should have captured it did not come.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` has no value: what captures it did not come")]
pub struct NoValue(pub String);

/// A relation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoesNotHold {
    /// The relation, as a fragment: `` a value greater than `5` ``.
    pub expected: String,
    /// The left side.
    pub found: String,
}

/// Whether the relation holds. What cannot be compared is in no relation but `!=` and `not in`.
///
/// # Errors
/// Where a name has no value.
pub fn check(check: &Check, bindings: &Bindings) -> Result<Result<(), DoesNotHold>, NoValue> {
    let left = evaluate(&check.left, bindings)?;
    let right = evaluate(&check.right, bindings)?;
    if holds(&left, check.relation, &right) {
        return Ok(Ok(()));
    }
    let relation = match check.relation {
        Relation::Equal => "",
        Relation::NotEqual => "anything but ",
        Relation::Less => "less than ",
        Relation::LessOrEqual => "at most ",
        Relation::Greater => "more than ",
        Relation::GreaterOrEqual => "at least ",
        Relation::In => "one of ",
        Relation::NotIn => "none of ",
    };
    let expected = format!("{relation}`{right}`");
    Ok(Err(DoesNotHold { expected, found: format!("`{left}`") }))
}

/// The value of an expression.
///
/// # Errors
/// Where a name has no value.
pub fn evaluate(expression: &Expression, bindings: &Bindings) -> Result<Value, NoValue> {
    Ok(match expression {
        Expression::Name(name) => {
            let value = bindings.get(name).ok_or_else(|| NoValue(name.clone()))?;
            Value::clone(value)
        }
        Expression::Number(number) => Value::Number(*number),
        Expression::String(octets) => Value::String(octets.clone()),
        Expression::List(elements) => {
            let values = elements.iter().map(|element| evaluate(element, bindings));
            Value::List(values.collect::<Result<_, _>>()?)
        }
        Expression::Length(of) => {
            let length = match evaluate(of, bindings)? {
                Value::Nil => 0,
                value => value.octets().len(),
            };
            Value::Number(length as u64)
        }
        Expression::Lines(of) => {
            let octets = evaluate(of, bindings)?.octets();
            Value::Number(octets.iter().filter(|&&octet| octet == b'\n').count() as u64)
        }
        Expression::Base64(of) => {
            Value::Word(STANDARD.encode(evaluate(of, bindings)?.octets()).into_bytes())
        }
        Expression::Offset(to, offset) => match evaluate(to, bindings)? {
            Value::Number(number) => match number.checked_add_signed(*offset) {
                Some(sum) => Value::Number(sum),
                // Below zero there is no number of IMAP; it equals none.
                None => Value::Nil,
            },
            other => other,
        },
        Expression::Joined(parts) => {
            let mut octets = Vec::new();
            for part in parts {
                match evaluate(part, bindings)? {
                    // A server without hierarchy has no delimiter to put between names.
                    Value::Nil => {}
                    value => octets.extend(value.octets()),
                }
            }
            Value::astring(octets)
        }
    })
}

fn holds(left: &Value, relation: Relation, right: &Value) -> bool {
    let ordering = || order(left, right);
    match relation {
        Relation::Equal => equal(left, right),
        Relation::NotEqual => !equal(left, right),
        Relation::Less => ordering().is_some_and(Ordering::is_lt),
        Relation::LessOrEqual => ordering().is_some_and(Ordering::is_le),
        Relation::Greater => ordering().is_some_and(Ordering::is_gt),
        Relation::GreaterOrEqual => ordering().is_some_and(Ordering::is_ge),
        Relation::In => is_in(left, right),
        Relation::NotIn => !is_in(left, right),
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right,
        (Value::Nil, Value::Nil) => true,
        (Value::DateTime { value: left, .. }, Value::DateTime { value: right, .. }) => {
            left.unix_timestamp() == right.unix_timestamp()
        }
        (Value::SequenceSet(left), Value::SequenceSet(right)) => {
            NumberRanges::new(left, Order::Free) == NumberRanges::new(right, Order::Free)
        }
        (Value::SequenceSet(set), Value::Number(number))
        | (Value::Number(number), Value::SequenceSet(set)) => set.to_string() == number.to_string(),
        (Value::Set(left), Value::Set(right) | Value::List(right))
        | (Value::List(left), Value::Set(right)) => same_elements(left, right),
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| equal(l, r))
        }
        (
            Value::Word(left) | Value::String(left) | Value::DateTime { written: left, .. },
            Value::Word(right) | Value::String(right) | Value::DateTime { written: right, .. },
        ) => left == right || is_flag(left) && left.eq_ignore_ascii_case(right),
        (
            Value::Number(_)
            | Value::Nil
            | Value::SequenceSet(_)
            | Value::Set(_)
            | Value::List(_)
            | Value::Word(_)
            | Value::String(_)
            | Value::DateTime { .. },
            _,
        ) => false,
    }
}

/// Whether it begins as system flags and mailbox attributes do, which have no case.
fn is_flag(word: &[u8]) -> bool {
    word.starts_with(b"\\")
}

/// Whether the sets are equal, but for `\Recent`, which may go and come with the session.
fn same_elements(left: &[Value], right: &[Value]) -> bool {
    let within = |one: &[Value], other: &[Value]| {
        one.iter().all(|value| is_recent(value) || other.iter().any(|own| equal(own, value)))
    };
    within(left, right) && within(right, left)
}

fn is_recent(value: &Value) -> bool {
    matches!(value, Value::Word(flag) if flag.eq_ignore_ascii_case(b"\\Recent"))
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::DateTime { value: left, .. }, Value::DateTime { value: right, .. }) => {
            Some(left.unix_timestamp().cmp(&right.unix_timestamp()))
        }
        _ => None,
    }
}

fn is_in(element: &Value, collection: &Value) -> bool {
    match (element, collection) {
        (element, Value::List(values) | Value::Set(values)) => {
            values.iter().any(|value| equal(value, element))
        }
        (Value::Number(number), Value::SequenceSet(set)) => {
            NumberRanges::new(set, Order::Free).contains(*number)
        }
        (Value::SequenceSet(part), Value::SequenceSet(set)) => {
            let whole = NumberRanges::new(set, Order::Free);
            whole.contains_all(&NumberRanges::new(part, Order::Free))
        }
        // A single number is a sequence set too, and may have been captured as a number.
        (Value::Number(number), Value::Number(only)) => number == only,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bindings() -> Bindings {
        let mut bindings = Bindings::default();
        let flags = ["\\Seen", "Project", "\\Recent"].map(|flag| Value::Word(flag.into()));
        bindings.bind("flags", Value::Set(flags.to_vec()));
        bindings.bind("same", Value::Set(vec![flag("project"), flag("\\seen")]));
        bindings.bind("seen", Value::Set(vec![flag("Project"), flag("\\SEEN")]));
        bindings.bind("uid", Value::Number(7));
        bindings.bind("delimiter", Value::astring(*b"/"));
        bindings.bind("mailbox", Value::astring(*b"a"));
        bindings.bind("text", Value::String(b"one\r\ntwo\r\n".to_vec()));
        bindings.bind("date", Value::date_time(*b"17-Jul-1996 02:44:25 -0700"));
        bindings.bind("utc", Value::date_time(*b"17-Jul-1996 09:44:25 +0000"));
        bindings.bind("later", Value::date_time(*b"17-Jul-1996 09:44:26 +0000"));
        let set = |set: &[u8]| Value::SequenceSet(imap_grammar::SequenceSet::parse(set).unwrap());
        bindings.bind("set", set(b"3:5,7"));
        bindings.bind("again", set(b"7,5:4,3"));
        bindings.bind("open", set(b"6:*"));
        bindings.bind("nil", Value::Nil);
        bindings.bind("nil-string", Value::String(b"NIL".to_vec()));
        bindings
    }

    fn flag(flag: &str) -> Value {
        Value::Word(flag.into())
    }

    fn name(name: &str) -> Expression {
        Expression::Name(name.to_owned())
    }

    #[test]
    fn relations() {
        use Relation::*;
        let number = Expression::Number;
        let string = |text: &str| Expression::String(text.into());
        let list = |elements: Vec<Expression>| Expression::List(elements);
        let plus = |to, n| Expression::Offset(Box::new(to), n);
        let length = |of| Expression::Length(Box::new(of));
        let lines = |of| Expression::Lines(Box::new(of));
        let joined = Expression::Joined(vec![name("mailbox"), name("delimiter"), string("b")]);
        for (left, relation, right, expected) in [
            (name("uid"), Equal, number(7), true),
            (name("uid"), NotEqual, number(7), false),
            (name("uid"), Less, number(8), true),
            (name("uid"), Less, number(7), false),
            (name("uid"), LessOrEqual, number(7), true),
            (name("uid"), Greater, plus(number(8), -2), true),
            (name("uid"), GreaterOrEqual, number(8), false),
            (plus(name("uid"), 1), Equal, number(8), true),
            (plus(number(0), -1), GreaterOrEqual, number(0), false),
            (name("date"), Equal, name("utc"), true),
            (name("later"), Greater, name("date"), true),
            (name("later"), Equal, name("date"), false),
            (name("uid"), In, name("set"), true),
            (number(6), In, name("set"), false),
            (number(4_000_000_000), In, name("open"), true),
            (number(5), NotIn, name("open"), true),
            (name("set"), Equal, name("again"), true),
            (name("set"), In, name("again"), true),
            (name("set"), Equal, name("open"), false),
            (string("\\seen"), In, name("flags"), true),
            (string("\\Draft"), NotIn, name("flags"), true),
            (name("flags"), Equal, name("seen"), true),
            (name("flags"), Equal, name("same"), false),
            (name("uid"), In, list(vec![number(6), number(7)]), true),
            (length(name("text")), Equal, number(10), true),
            (length(name("nil")), Equal, number(0), true),
            (lines(name("text")), Equal, number(2), true),
            (joined, Equal, string("a/b"), true),
            (name("nil"), Equal, name("nil-string"), false),
            (name("nil"), Equal, name("nil"), true),
            (name("text"), Less, number(3), false),
            (name("text"), GreaterOrEqual, number(3), false),
        ] {
            let line = Check {
                left: left.clone(),
                relation,
                right: right.clone(),
                requirement: crate::scenario::Spanned {
                    value: "rfc3501/6.1.2-01".parse().unwrap(),
                    span: 0..0,
                },
            };
            let holds = check(&line, &bindings()).unwrap().is_ok();
            assert_eq!(holds, expected, "{left:?} {relation:?} {right:?}");
        }
    }

    #[test]
    fn a_name_without_value_is_named() {
        let missing = evaluate(&Expression::Length(Box::new(name("other"))), &bindings());
        assert_eq!(missing.unwrap_err(), NoValue("other".to_owned()));
    }
}
