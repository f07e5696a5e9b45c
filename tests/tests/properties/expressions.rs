//! Section 4: random expressions of known types evaluate, twice alike, within the budget, and to their type.

use policy_core::evaluate::{AccountValues, Evaluator, Locals, Scope, Value};
use policy_core::source::FileId;
use policy_core::syntax::parse;

use crate::choices::Choices;
use crate::runner;

/// An expression of each type that never fails: no division, no index that may be missing.
struct Made<'c, 'n>(&'c mut Choices<'n>);

impl Made<'_, '_> {
    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.0.pick(&["1", "0", "2.5", "12"]).to_owned();
        }
        match self.0.below(5) {
            0 => format!("({} + {})", self.number(depth - 1), self.number(depth - 1)),
            1 => format!("(-{} - {})", self.number(depth - 1), self.number(depth - 1)),
            2 => format!("length({})", self.list(depth - 1)),
            // X3: the arm that is not chosen is not evaluated.
            3 => format!("(true ? {} : 1 / 0)", self.number(depth - 1)),
            _ => format!("try({}, {})", self.number(depth - 1), self.number(0)),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.0.pick(&["true", "false"]).to_owned();
        }
        match self.0.below(5) {
            0 => format!("({} <= {})", self.number(depth - 1), self.number(depth - 1)),
            1 => format!("!{}", self.truth(depth - 1)),
            2 => format!("({} && {})", self.truth(depth - 1), self.truth(depth - 1)),
            3 => format!("contains({}, {})", self.list(depth - 1), self.text(depth - 1)),
            _ => format!("({} == {})", self.text(depth - 1), self.list(depth - 1)),
        }
    }

    fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.0.pick(&["\"a\"", "\"\"", "\"e\\u0301\"", "\"$${x}\""]).to_owned();
        }
        match self.0.below(6) {
            0 => format!("\"<${{{}}}>\"", self.number(depth - 1)),
            1 => format!(
                "\"%{{ if {} }}yes%{{ else }}${{{}}}%{{ endif }}\"",
                self.truth(depth - 1),
                self.text(depth - 1)
            ),
            2 => format!("upper({})", self.text(depth - 1)),
            3 => format!("join(\"/\", {})", self.list(depth - 1)),
            4 => format!("{{ a = {}, b = {} }}.a", self.text(depth - 1), self.number(depth - 1)),
            _ => format!("tostring({})", self.number(depth - 1)),
        }
    }

    /// A list of texts.
    fn list(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.0.pick(&["[]", "[\"a\"]", "[\"b\", \"a\", \"b\"]"]).to_owned();
        }
        match self.0.below(6) {
            0 => format!("[{}, {}]", self.text(depth - 1), self.text(depth - 1)),
            1 => format!("concat({}, {})", self.list(depth - 1), self.list(depth - 1)),
            2 => format!("[for x in {} : upper(x) if {}]", self.list(depth - 1), self.truth(depth - 1)),
            3 => format!("distinct({})", self.list(depth - 1)),
            4 => format!("sort({})", self.list(depth - 1)),
            _ => format!("keys({{ for x in toset({}) : x => 1 }})", self.list(depth - 1)),
        }
    }
}

fn evaluated(expression: &str, evaluator: &mut Evaluator) -> Result<Value, String> {
    let text = format!("x = {expression}\n");
    let mut diagnostics = Vec::new();
    let body = parse(FileId::first(), &text, &mut diagnostics);
    if !diagnostics.is_empty() {
        return Err(format!("{expression}: {diagnostics:?}"));
    }
    let (locals, account) = (Locals::default(), None::<&AccountValues>);
    let located = evaluator.evaluate(&body.attributes[0].value, &Scope { locals: &locals, account });
    located.map(|located| located.value).map_err(|error| format!("{expression}: {error:?}"))
}

#[test]
fn expressions_evaluate_to_their_type() {
    runner::holds(800, |_, second| {
        let mut choices = Choices::new(second);
        let kind = choices.below(4);
        let mut made = Made(&mut choices);
        let expression = match kind {
            0 => made.number(4),
            1 => made.truth(4),
            2 => made.text(4),
            _ => made.list(4),
        };
        let first = evaluated(&expression, &mut Evaluator::new())?;
        let second = evaluated(&expression, &mut Evaluator::new())?;
        let fits = match (&first, kind) {
            (Value::Number(_), 0) | (Value::Bool(_), 1) | (Value::Text(_), 2) => true,
            (Value::List(members), 3) => members.iter().all(|member| matches!(member.value, Value::Text(_))),
            _ => false,
        };
        if first == second && fits { Ok(()) } else { Err(format!("{expression} is {first:?} and {second:?}")) }
    });
}

/// Section 10: a budget that is too small stops an evaluation; it is never a wrong value.
#[test]
fn a_small_budget_stops_or_changes_nothing() {
    runner::holds(200, |_, second| {
        let mut choices = Choices::new(second);
        let steps = u64::try_from(choices.below(60)).expect("small");
        let expression = Made(&mut choices).list(4);
        let whole = evaluated(&expression, &mut Evaluator::new())?;
        let mut small = Evaluator::with_budget(steps, 64);
        match evaluated(&expression, &mut small) {
            Ok(value) if value == whole => Ok(()),
            Err(_) if small.is_exhausted() => Ok(()),
            other => Err(format!("{expression} within {steps} steps is {other:?}")),
        }
    });
}
