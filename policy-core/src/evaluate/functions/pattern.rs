//! Functions that make patterns (section 6). Whether a pattern is well formed is checked where its place is known.

#![expect(clippy::unnecessary_wraps, reason = "the table of functions holds one type, and some of these cannot fail")]

use std::sync::Arc;

use super::Arguments;
use crate::evaluate::meter::Meter;
use crate::evaluate::{EvaluationError, PatternValue, Value};
use crate::suggestion::{nearest, one_of};

fn made(pattern: PatternValue) -> Value {
    Value::Pattern(Arc::new(pattern))
}

pub(super) fn glob(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::Glob(Arc::clone(arguments.text(meter, 0)?))))
}

pub(super) fn regex(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::Regex(Arc::clone(arguments.text(meter, 0)?))))
}

pub(super) fn exact(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::Exact(Arc::clone(arguments.text(meter, 0)?))))
}

pub(super) fn any(_: &mut Meter, _: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::Any))
}

pub(super) fn commit(_: &mut Meter, _: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::Commit))
}

pub(super) fn pull_request(_: &mut Meter, _: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::PullRequest))
}

pub(super) fn protected(_: &mut Meter, _: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::Protected))
}

pub(super) fn branch(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::Branch(name_pattern(meter, arguments)?)))
}

pub(super) fn tag(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    Ok(made(PatternValue::Tag(name_pattern(meter, arguments)?)))
}

/// P6: one plain string, `glob()`, `regex()` or `exact()`.
fn name_pattern(meter: &Meter, arguments: &Arguments) -> Result<Arc<PatternValue>, EvaluationError> {
    let argument = arguments.get(meter, 0)?;
    match &argument.value {
        Value::Text(text) => Ok(Arc::new(PatternValue::Plain(Arc::clone(text)))),
        Value::Pattern(pattern)
            if matches!(**pattern, PatternValue::Glob(_) | PatternValue::Regex(_) | PatternValue::Exact(_)) =>
        {
            Ok(Arc::clone(pattern))
        }
        Value::Pattern(_) => Err(arguments
            .refuse(meter, 0, || "takes text, `glob()`, `regex()` or `exact()`, but no other pattern".to_owned())),
        _ => Err(arguments.wrong_type(meter, 0, "text, `glob()`, `regex()` or `exact()`", argument)),
    }
}

pub(super) fn effect(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    const KINDS: &[&str] = &["read", "write"];
    let kind = arguments.text(meter, 0)?;
    match &**kind {
        "read" => Ok(made(PatternValue::Effect { write: false })),
        "write" => Ok(made(PatternValue::Effect { write: true })),
        other => Err(arguments.refuse(meter, 0, || match nearest(other, KINDS.iter().copied()) {
            Some(near) => format!("knows no `{other}`, did you mean `{near}`?"),
            None => format!("takes {}, but got `{other}`", one_of(KINDS)),
        })),
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{call, check, list, not, number, text};

    // Section 6
    #[test]
    fn pattern_functions_make_patterns() {
        let one = |function, argument| call(function, vec![argument]);
        check(vec![
            (one("glob", text("a*")), "Glob(\"a*\")"),
            (one("regex", text("a+")), "Regex(\"a+\")"),
            (one("exact", text("a")), "Exact(\"a\")"),
            (call("any", vec![]), "Any"),
            (call("commit", vec![]), "Commit"),
            (call("pull_request", vec![]), "PullRequest"),
            (call("protected", vec![]), "Protected"),
            (one("branch", text("main")), "Branch(Plain(\"main\"))"),
            (one("branch", one("glob", text("r/*"))), "Branch(Glob(\"r/*\"))"),
            (one("tag", one("regex", text("v.+"))), "Tag(Regex(\"v.+\"))"),
            (one("tag", one("exact", text("v1"))), "Tag(Exact(\"v1\"))"),
            (one("effect", text("read")), "Effect { write: false }"),
            (one("effect", text("write")), "Effect { write: true }"),
        ]);
    }

    #[test]
    fn pattern_functions_refuse_what_they_do_not_take() {
        let one = |function, argument| call(function, vec![argument]);
        check(vec![
            (one("glob", number("1")), "PL303 `glob` needs text as `text`, but got a number"),
            (one("glob", one("glob", text("a"))), "PL303 `glob` needs text as `text`, but got a pattern"),
            (one("any", text("a")), "PL307 `any` takes no arguments, but it is given 1"),
            (one("branch", call("any", vec![])), "PL307 `branch` takes text, `glob()`, `regex()` or `exact()`"),
            (one("branch", not(text("a"))), "PL307"),
            (
                one("tag", list(vec![])),
                "PL303 `tag` needs text, `glob()`, `regex()` or `exact()` as `pattern`, but got a list",
            ),
            (one("effect", text("writ")), "PL307 `effect` knows no `writ`, did you mean `write`?"),
            (one("effect", text("admin")), "PL307 `effect` takes `read` or `write`, but got `admin`"),
        ]);
    }
}
