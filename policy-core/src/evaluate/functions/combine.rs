//! Functions that make a collection of several, or of nothing but numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Arguments;
use crate::evaluate::meter::Meter;
use crate::evaluate::{EvaluationError, Located, Value};
use crate::limits::RANGE_NUMBERS;
use crate::number::Number;

/// The elements of all lists, one list after the other.
pub(super) fn concat(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let mut made = Vec::new();
    for index in 0..arguments.all().len() {
        let list = arguments.list(meter, index)?;
        meter.spend(list.len(), arguments.span())?;
        made.extend(list.iter().cloned());
    }
    Ok(Value::List(made.into()))
}

/// The attributes of all objects; the last of a name stays. Null is passed over, as in Terraform.
pub(super) fn merge(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let mut made: BTreeMap<Arc<str>, Located> = BTreeMap::new();
    for (index, argument) in arguments.all().iter().enumerate() {
        if argument.value != Value::Null {
            let entries = arguments.object(meter, index)?;
            meter.spend(entries.len(), arguments.span())?;
            made.extend(entries.iter().cloned());
        }
    }
    Ok(Value::Object(made.into_iter().collect()))
}

/// An object of a list of names and a list of values; the last of a name stays.
pub(super) fn zipmap(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (keys, values) = (arguments.list(meter, 0)?, arguments.list(meter, 1)?);
    if keys.len() != values.len() {
        return Err(arguments.refuse(meter, 1, || {
            format!("needs as many keys as values, but got {} and {}", keys.len(), values.len())
        }));
    }
    meter.spend(keys.len(), arguments.span())?;
    let mut made: BTreeMap<Arc<str>, Located> = BTreeMap::new();
    for (key, value) in keys.iter().zip(values.iter()) {
        made.insert(Arc::clone(arguments.element_text(meter, 0, key)?), value.clone());
    }
    Ok(Value::Object(made.into_iter().collect()))
}

/// Every choice of one element of each list, as lists; the last list changes fastest.
pub(super) fn set_product(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let span = arguments.span();
    let mut lists: Vec<&[Located]> = Vec::new();
    for index in 0..arguments.all().len() {
        lists.push(arguments.list(meter, index)?);
    }
    let total = if lists.iter().any(|list| list.is_empty()) {
        0
    } else {
        lists.iter().fold(1_usize, |total, list| total.saturating_mul(list.len()))
    };
    // Before anything is made: each choice, and its elements.
    meter.spend(total.saturating_mul(lists.len().saturating_add(1)), span)?;
    let mut made = Vec::with_capacity(total);
    for number in 0..total {
        let mut rest = number;
        let mut choice: Vec<Located> = Vec::with_capacity(lists.len());
        for list in lists.iter().rev() {
            let place = rest.checked_rem(list.len()).unwrap_or(0);
            rest = rest.checked_div(list.len()).unwrap_or(0);
            choice.extend(list.get(place).cloned());
        }
        choice.reverse();
        made.push(Located { value: Value::List(choice.into()), span });
    }
    Ok(Value::List(made.into()))
}

/// `range(limit)`, `range(start, limit)`, `range(start, limit, step)`: up to, not including, the limit; downwards too.
pub(super) fn range(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let first = arguments.number(meter, 0)?;
    let (start, limit) = match arguments.all().len() {
        1 => (Number::ZERO, first),
        _ => (first, arguments.number(meter, 1)?),
    };
    let step = match arguments.all().len() {
        3 => arguments.number(meter, 2)?,
        _ => Number::from(if limit < start { -1 } else { 1 }),
    };
    if step == Number::ZERO {
        return Err(arguments.refuse(meter, 2, || "needs a step that is not zero".to_owned()));
    }
    let downwards = step.is_negative();
    if start != limit && (limit < start) != downwards {
        return Err(arguments.refuse(meter, 2, || {
            let way = if downwards { "down" } else { "up" };
            format!("goes {way} by `{step}`, but the limit `{limit}` is not that way from `{start}`")
        }));
    }
    let span = arguments.span();
    let mut made = Vec::new();
    let mut next = Some(start);
    while let Some(number) = next.filter(|&number| if downwards { number > limit } else { number < limit }) {
        if made.len() == RANGE_NUMBERS {
            return Err(arguments.refuse(meter, 0, || format!("makes at most {RANGE_NUMBERS} numbers")));
        }
        meter.spend(1, span)?;
        made.push(Located { value: Value::Number(number), span });
        // What lies outside of the numbers there are lies behind every limit.
        next = number.add(step).ok();
    }
    Ok(Value::List(made.into()))
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{call, check, list, null, number, numbers, object, text, texts};
    use crate::syntax::tree::Expression;

    fn range(numbers: &[&str]) -> Expression {
        call("range", numbers.iter().map(|literal| number(literal)).collect())
    }

    #[test]
    fn collections_are_put_together() {
        let entry = |key, value| object(vec![(key, number(value))]);
        check(vec![
            (call("concat", vec![texts(&["a"]), list(vec![]), numbers(&["1"])]), "['a', 1]"),
            (call("concat", vec![texts(&["a"]), text("b")]), "PL303 `concat` needs a list as `lists`, but got text"),
            (call("concat", vec![]), "PL307"),
            (call("merge", vec![]), "{}"),
            (call("merge", vec![entry("a", "1"), null(), entry("b", "2"), entry("a", "3")]), "{a: 3, b: 2}"),
            (call("merge", vec![list(vec![])]), "PL303 `merge` needs an object as `objects`, but got a list"),
            (call("zipmap", vec![texts(&["b", "a", "b"]), numbers(&["1", "2", "3"])]), "{a: 2, b: 3}"),
            (
                call("zipmap", vec![texts(&["a"]), list(vec![])]),
                "PL307 `zipmap` needs as many keys as values, but got 1 and 0",
            ),
            (call("zipmap", vec![numbers(&["1"]), numbers(&["1"])]), "PL303 `zipmap` needs texts in `keys`"),
        ]);
    }

    #[test]
    fn setproduct_takes_one_of_each() {
        check(vec![
            (
                call("setproduct", vec![texts(&["a", "b"]), numbers(&["1", "2", "3"])]),
                "[['a', 1], ['a', 2], ['a', 3], ['b', 1], ['b', 2], ['b', 3]]",
            ),
            (call("setproduct", vec![texts(&["a"]), list(vec![])]), "[]"),
            (call("setproduct", vec![texts(&["a"]), texts(&["b"]), texts(&["c"])]), "[['a', 'b', 'c']]"),
            (
                call("setproduct", vec![texts(&["a"])]),
                "PL307 `setproduct` takes at least 2 arguments, but it is given 1",
            ),
            (call("setproduct", vec![texts(&["a"]), null()]), "PL303"),
        ]);
    }

    #[test]
    fn range_goes_up_and_down() {
        check(vec![
            (range(&["3"]), "[0, 1, 2]"),
            (range(&["0"]), "[]"),
            (range(&["-2"]), "[0, -1]"),
            (range(&["0.5"]), "[0]"),
            (range(&["1", "4"]), "[1, 2, 3]"),
            (range(&["4", "1"]), "[4, 3, 2]"),
            (range(&["1", "1"]), "[]"),
            (range(&["1", "1", "-1"]), "[]"),
            (range(&["0", "1", "0.25"]), "[0, 0.25, 0.5, 0.75]"),
            (range(&["5", "0", "-2"]), "[5, 3, 1]"),
            (range(&["1", "5", "-1"]), "PL307 `range` goes down by `-1`, but the limit `5` is not that way from `1`"),
            (range(&["5", "1", "1"]), "PL307 `range` goes up by `1`"),
            (range(&["1", "5", "0"]), "PL307 `range` needs a step that is not zero"),
            (call("length", vec![range(&["1024"])]), "1024"),
            (range(&["1025"]), "PL307 `range` makes at most 1024 numbers"),
            (range(&["9999999999999999998", "9999999999999999999", "5"]), "[9999999999999999998]"),
            (call("range", vec![text("1")]), "PL303"),
            (range(&[]), "PL307 `range` takes 1 to 3 arguments, but it is given 0"),
        ]);
    }
}
