//! Functions of one collection that make another of its elements. Elements keep their places.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use super::Arguments;
use super::arguments::count;
use crate::evaluate::meter::Meter;
use crate::evaluate::{EvaluationError, Located, Value};
use crate::source::Span;

/// The texts of a list without those that are empty, and without null.
pub(super) fn compact(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let list = arguments.list(meter, 0)?;
    meter.spend(list.len(), arguments.span())?;
    let mut kept = Vec::new();
    for element in list.iter().filter(|element| element.value != Value::Null) {
        if !arguments.element_text(meter, 0, element)?.is_empty() {
            kept.push(element.clone());
        }
    }
    Ok(Value::List(kept.into()))
}

/// The elements without those that equal an earlier one.
pub(super) fn distinct(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let list = arguments.list(meter, 0)?;
    Ok(Value::List(first_of_each(meter, list, arguments.span())?.into()))
}

fn first_of_each(meter: &mut Meter, list: &[Located], span: Span) -> Result<Vec<Located>, EvaluationError> {
    meter.spend(list.len(), span)?;
    let mut kept: Vec<Located> = Vec::new();
    let mut alike: HashMap<u64, Vec<usize>> = HashMap::new();
    for element in list {
        let places = alike.entry(meter.fingerprint(&element.value, span)?).or_default();
        let mut is_new = true;
        for earlier in places.iter().filter_map(|&place| kept.get(place)) {
            is_new = is_new && !meter.equal(&earlier.value, &element.value, span)?;
        }
        if is_new {
            places.push(kept.len());
            kept.push(element.clone());
        }
    }
    Ok(kept)
}

/// The elements, with those of lists in it, at any depth, in the place of the lists.
pub(super) fn flatten(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let list = arguments.list(meter, 0)?;
    let mut made = Vec::new();
    let mut open = vec![list.iter()];
    while let Some(elements) = open.last_mut() {
        match elements.next() {
            None => {
                open.pop();
            }
            Some(element) => {
                meter.spend(1, arguments.span())?;
                match &element.value {
                    Value::List(inner) => open.push(inner.iter()),
                    _ => made.push(element.clone()),
                }
            }
        }
    }
    Ok(Value::List(made.into()))
}

/// The names of an object's attributes, sorted.
pub(super) fn keys(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (entries, span) = (arguments.object(meter, 0)?, arguments.span());
    meter.spend(entries.len(), span)?;
    Ok(Value::List(entries.iter().map(|(key, _)| Located { value: Value::Text(Arc::clone(key)), span }).collect()))
}

/// The values of an object's attributes, in the order of their names.
pub(super) fn values(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let entries = arguments.object(meter, 0)?;
    meter.spend(entries.len(), arguments.span())?;
    Ok(Value::List(entries.iter().map(|(_, value)| value.clone()).collect()))
}

/// The number of elements, of attributes, or of characters as people count them (grapheme clusters).
pub(super) fn length(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let argument = arguments.get(meter, 0)?;
    match &argument.value {
        Value::List(elements) => Ok(count(elements.len())),
        Value::Object(entries) => Ok(count(entries.len())),
        Value::Text(text) => {
            meter.read_text(text.len(), arguments.span())?;
            Ok(count(text.graphemes(true).count()))
        }
        _ => Err(arguments.wrong_type(meter, 0, "text, a list or an object", argument)),
    }
}

pub(super) fn reverse(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let list = arguments.list(meter, 0)?;
    meter.spend(list.len(), arguments.span())?;
    Ok(Value::List(list.iter().rev().cloned().collect()))
}

/// The elements from one number up to, not including, another.
pub(super) fn slice(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let list = arguments.list(meter, 0)?;
    let (start, end) = (arguments.whole(meter, 1)?, arguments.whole(meter, 2)?);
    let places = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let Some(part) = places.and_then(|(start, end)| list.get(start..end)) else {
        let length = list.len();
        return Err(arguments.refuse(meter, 1, || {
            format!("needs 0 <= start <= end <= {length}, but start is `{start}` and end is `{end}`")
        }));
    };
    meter.spend(part.len(), arguments.span())?;
    Ok(Value::List(part.into()))
}

/// The texts of a list in the order of their bytes.
pub(super) fn sort(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let list = arguments.list(meter, 0)?;
    for element in list.iter() {
        arguments.element_text(meter, 0, element)?;
    }
    Ok(Value::List(sorted(meter, list.to_vec(), arguments.span())?.into()))
}

/// A list as it is.
pub(super) fn to_list(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    match arguments.get(meter, 0)? {
        Located { value: Value::Null, .. } => Ok(Value::Null),
        _ => Ok(Value::List(Arc::clone(arguments.list(meter, 0)?))),
    }
}

/// A list sorted by value and without repeats; sets are no type of their own.
pub(super) fn to_set(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    if let Value::Null = arguments.get(meter, 0)?.value {
        return Ok(Value::Null);
    }
    let list = arguments.list(meter, 0)?;
    let kept = first_of_each(meter, list, arguments.span())?;
    Ok(Value::List(sorted(meter, kept, arguments.span())?.into()))
}

/// Sorts by value; the first comparison that the budget does not cover is the result, and the rest are not made.
fn sorted(meter: &mut Meter, mut elements: Vec<Located>, span: Span) -> Result<Vec<Located>, EvaluationError> {
    meter.spend(elements.len(), span)?;
    let mut failure = None;
    elements.sort_by(|left, right| {
        if failure.is_some() {
            return Ordering::Equal;
        }
        meter.compare(&left.value, &right.value, span).unwrap_or_else(|error| {
            failure = Some(error);
            Ordering::Equal
        })
    });
    failure.map_or(Ok(elements), Err)
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{
        at, call, check, each, flag, iteration, list, null, number, numbers, object, text, texts, variable,
    };
    use crate::syntax::tree::Expression;

    fn of(function: &str, list: Expression) -> Expression {
        call(function, vec![list])
    }

    #[test]
    fn elements_are_taken_away_and_put_in_order() {
        let mixed =
            || list(vec![text("b"), number("2"), list(vec![null()]), text("a"), flag(true), number("2"), null()]);
        check(vec![
            (of("compact", list(vec![text("a"), text(""), null(), text("b")])), "['a', 'b']"),
            (of("compact", numbers(&["1"])), "PL303 `compact` needs texts in `list`, but this element is a number"),
            (of("distinct", texts(&["b", "a", "b", "c", "a"])), "['b', 'a', 'c']"),
            (of("distinct", list(vec![number("1"), text("1"), number("1.0")])), "[1, '1']"),
            (
                of(
                    "distinct",
                    list(vec![
                        texts(&["a"]),
                        at(5, texts(&["a"])),
                        object(vec![("a", null())]),
                        object(vec![("a", null())]),
                    ]),
                ),
                "[['a'], {a: null}]",
            ),
            (
                of("distinct", list(vec![call("any", vec![]), call("any", vec![]), call("commit", vec![])])),
                "[Any, Commit]",
            ),
            (of("toset", mixed()), "[null, true, 2, 'a', 'b', [null]]"),
            (of("toset", numbers(&["10", "9", "10"])), "[9, 10]"),
            (of("toset", null()), "null"),
            (of("toset", text("a")), "PL303"),
            (of("tolist", mixed()), "['b', 2, [null], 'a', true, 2, null]"),
            (of("tolist", null()), "null"),
            (of("tolist", object(vec![])), "PL303"),
            (of("sort", texts(&["b", "a", "B", ""])), "['', 'B', 'a', 'b']"),
            (of("sort", numbers(&["1"])), "PL303 `sort` needs texts in `list`"),
            (of("reverse", texts(&["a", "b"])), "['b', 'a']"),
            (of("reverse", text("ab")), "PL303 `reverse` needs a list as `list`, but got text"),
        ]);
    }

    #[test]
    fn many_elements_are_told_apart_within_the_budget() {
        let tens = || call("range", vec![number("100")]);
        let pairs = call("setproduct", vec![tens(), tens(), call("range", vec![number("2")])]);
        check(vec![(of("length", of("distinct", pairs)), "20000")]);
    }

    #[test]
    fn flatten_goes_to_any_depth_but_not_into_objects() {
        let inner = list(vec![number("1"), list(vec![number("2"), list(vec![])]), object(vec![("a", texts(&["x"]))])]);
        check(vec![
            (of("flatten", list(vec![null(), inner, number("3")])), "[null, 1, 2, {a: ['x']}, 3]"),
            (of("flatten", list(vec![])), "[]"),
            (of("flatten", text("a")), "PL303"),
        ]);
    }

    #[test]
    fn objects_have_keys_and_values() {
        let entries = || object(vec![("b", number("1")), ("a", number("2"))]);
        check(vec![
            (of("keys", entries()), "['a', 'b']"),
            (of("values", entries()), "[2, 1]"),
            (of("keys", null()), "PL303 `keys` needs an object as `object`, but got null"),
            (of("values", list(vec![])), "PL303"),
        ]);
    }

    #[test]
    fn length_counts_what_people_count() {
        check(vec![
            (of("length", texts(&["a", "b"])), "2"),
            (of("length", object(vec![("a", null())])), "1"),
            (of("length", text("👨‍👩‍👧é")), "2"),
            (of("length", text("")), "0"),
            (of("length", number("1")), "PL303 `length` needs text, a list or an object as `value`, but got a number"),
            (of("length", null()), "PL303"),
        ]);
    }

    #[test]
    fn slice_has_bounds() {
        let slice = |start, end| call("slice", vec![texts(&["a", "b"]), number(start), number(end)]);
        check(vec![
            (slice("0", "2"), "['a', 'b']"),
            (slice("1", "2"), "['b']"),
            (slice("2", "2"), "[]"),
            (slice("1", "3"), "PL307 `slice` needs 0 <= start <= end <= 2, but start is `1` and end is `3`"),
            (slice("2", "1"), "PL307"),
            (slice("-1", "1"), "PL307"),
            (slice("0", "-1"), "PL307"),
            (slice("0.5", "1"), "PL307 `slice` needs a whole number as `start`, but got `0.5`"),
        ]);
    }

    #[test]
    fn sorting_stops_where_the_budget_ends() {
        let big = iteration(each(call("range", vec![number("1024")]), call("tostring", vec![variable("v")])));
        let mut evaluator = crate::evaluate::Evaluator::with_budget(7_000, 100_000);
        let result = crate::evaluate::testing::evaluate_with(&mut evaluator, &of("sort", big));
        assert!(crate::evaluate::testing::report(result).starts_with("PL308"));
    }
}
