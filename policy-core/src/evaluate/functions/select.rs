//! Functions that ask about a collection, or choose from it.

use super::Arguments;
use super::arguments::count;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::meter::Meter;
use crate::evaluate::{EvaluationError, Located, Value};
use crate::suggestion::nearest;

/// Every element is true; null is not, as in Terraform.
pub(super) fn all_true(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let flags = booleans(meter, arguments)?;
    Ok(Value::Bool(flags.into_iter().all(|flag| flag)))
}

/// Some element is true.
pub(super) fn any_true(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let flags = booleans(meter, arguments)?;
    Ok(Value::Bool(flags.into_iter().any(|flag| flag)))
}

fn booleans(meter: &mut Meter, arguments: &Arguments) -> Result<Vec<bool>, EvaluationError> {
    let list = arguments.list(meter, 0)?;
    meter.spend(list.len(), arguments.span())?;
    list.iter()
        .map(|element| match element.value {
            Value::Bool(flag) => Ok(flag),
            Value::Null => Ok(false),
            _ => Err(arguments.wrong_element(meter, 0, "booleans", element)),
        })
        .collect()
}

/// The first that is neither null nor empty text.
pub(super) fn coalesce(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        _ => false,
    };
    let found = arguments.all().iter().find(|argument| !empty(&argument.value));
    found.map(|argument| argument.value.clone()).ok_or_else(|| {
        meter.plain_fault(Code::BadArgument, arguments.span(), || {
            "`coalesce` needs an argument that is neither null nor empty text".to_owned()
        })
    })
}

pub(super) fn contains(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    Ok(Value::Bool(position(meter, arguments)?.is_some()))
}

/// The number of the first equal element, from 0.
pub(super) fn index(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    match position(meter, arguments)? {
        Some(position) => Ok(count(position)),
        None => Err(arguments.refuse(meter, 1, || "does not find the value in the list".to_owned())),
    }
}

fn position(meter: &mut Meter, arguments: &Arguments) -> Result<Option<usize>, EvaluationError> {
    let (list, wanted) = (arguments.list(meter, 0)?, arguments.get(meter, 1)?);
    for (position, element) in list.iter().enumerate() {
        if meter.equal(&element.value, &wanted.value, arguments.span())? {
            return Ok(Some(position));
        }
    }
    Ok(None)
}

/// The element of that number; past the end it goes on from the beginning.
pub(super) fn element(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (list, index) = (arguments.list(meter, 0)?, arguments.whole(meter, 1)?);
    if index < 0 {
        return Err(arguments.refuse(meter, 1, || format!("needs an index of 0 or more, but got `{index}`")));
    }
    let length = i128::try_from(list.len()).unwrap_or(i128::MAX);
    let Some(position) = index.checked_rem(length) else {
        return Err(arguments.refuse(meter, 0, || "cannot take an element of an empty list".to_owned()));
    };
    let found: Option<&Located> = usize::try_from(position).ok().and_then(|position| list.get(position));
    Ok(found.map_or(Value::Null, |element| element.value.clone()))
}

/// The attribute of that name, or the default.
pub(super) fn lookup(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (entries, key) = (arguments.object(meter, 0)?, arguments.text(meter, 1)?);
    let found = entries.binary_search_by(|(name, _)| name.cmp(key)).ok().and_then(|index| entries.get(index));
    if let Some(value) = found.map(|(_, value)| value).or_else(|| arguments.all().get(2)) {
        return Ok(value.value.clone());
    }
    let near = nearest(key, entries.iter().map(|(name, _)| &**name));
    Err(meter.fault(|| {
        let message = format!("the object that `lookup` is given has no attribute `{key}`");
        Diagnostic::new(Code::NoSuchElement, arguments.span(), message)
            .help("give a third argument, the default")
            .maybe_help(near.map(|near| format!("did you mean `{near}`?")))
    }))
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{call, check, flag, list, null, number, numbers, object, text, texts};

    #[test]
    fn alltrue_and_anytrue_take_booleans() {
        let all = |members| call("alltrue", vec![list(members)]);
        let any = |members| call("anytrue", vec![list(members)]);
        check(vec![
            (all(vec![]), "true"),
            (all(vec![flag(true), flag(true)]), "true"),
            (all(vec![flag(true), flag(false)]), "false"),
            (all(vec![flag(true), null()]), "false"),
            (any(vec![]), "false"),
            (any(vec![flag(false), flag(true)]), "true"),
            (any(vec![flag(false), null()]), "false"),
            (any(vec![text("true")]), "PL303 `anytrue` needs booleans in `list`, but this element is text"),
            (all(vec![flag(false), number("1")]), "PL303"),
            (call("alltrue", vec![flag(true)]), "PL303 `alltrue` needs a list as `list`, but got a boolean"),
        ]);
    }

    #[test]
    fn coalesce_passes_over_null_and_empty_text() {
        check(vec![
            (call("coalesce", vec![null(), text(""), text("a"), text("b")]), "'a'"),
            (call("coalesce", vec![list(vec![]), text("a")]), "[]"),
            (call("coalesce", vec![flag(false)]), "false"),
            (call("coalesce", vec![null(), text("")]), "PL307 `coalesce` needs an argument that is neither"),
            (call("coalesce", vec![]), "PL307 `coalesce` takes at least 1 argument, but it is given 0"),
        ]);
    }

    #[test]
    fn values_are_found_by_type_and_value() {
        check(vec![
            (call("contains", vec![texts(&["a", "b"]), text("b")]), "true"),
            (call("contains", vec![texts(&["1"]), number("1")]), "false"),
            (call("contains", vec![list(vec![null()]), null()]), "true"),
            (call("contains", vec![text("abc"), text("a")]), "PL303"),
            (call("index", vec![texts(&["a", "b", "b"]), text("b")]), "1"),
            (call("index", vec![list(vec![]), text("b")]), "PL307 `index` does not find the value in the list"),
        ]);
    }

    #[test]
    fn element_goes_round() {
        let element = |index| call("element", vec![texts(&["a", "b"]), number(index)]);
        check(vec![
            (element("0"), "'a'"),
            (element("1"), "'b'"),
            (element("2"), "'a'"),
            (element("-1"), "PL307 `element` needs an index of 0 or more, but got `-1`"),
            (element("0.5"), "PL307 `element` needs a whole number as `index`, but got `0.5`"),
            (
                call("element", vec![list(vec![]), number("0")]),
                "PL307 `element` cannot take an element of an empty list",
            ),
            (
                call("element", vec![texts(&["a"]), text("0")]),
                "PL303 `element` needs a number as `index`, but got text",
            ),
        ]);
    }

    #[test]
    fn lookup_finds_or_defaults() {
        let entries = || object(vec![("a", number("1")), ("b", null())]);
        check(vec![
            (call("lookup", vec![entries(), text("a")]), "1"),
            (call("lookup", vec![entries(), text("a"), number("9")]), "1"),
            (call("lookup", vec![entries(), text("b"), number("9")]), "null"),
            (call("lookup", vec![entries(), text("c"), number("9")]), "9"),
            (
                call("lookup", vec![entries(), text("c")]),
                "PL306 the object that `lookup` is given has no attribute `c`",
            ),
            (
                call("lookup", vec![numbers(&["1"]), text("c")]),
                "PL303 `lookup` needs an object as `object`, but got a list",
            ),
            (call("lookup", vec![entries()]), "PL307 `lookup` takes 2 to 3 arguments, but it is given 1"),
            (call("lookup", vec![null(); 4]), "PL307 `lookup` takes 2 to 3 arguments, but it is given 4"),
        ]);
    }
}
