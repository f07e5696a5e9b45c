//! The walk over an expression: literals, lists, objects, conditionals, `for`, calls. Never deeper than the tree is nested.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::functions::{self, Arguments};
use super::meter::Meter;
use super::{EvaluationError, Located, Scope, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::number::Number;
use crate::source::Span;
use crate::syntax::tree::{Call, Expression, ExpressionKind, For, Name, ObjectEntry};

/// One walk: the budget it draws on, what it sees, and the `for` variables around it, innermost last.
pub(super) struct Walker<'a> {
    pub(super) meter: &'a mut Meter,
    pub(super) scope: &'a Scope<'a>,
    variables: Vec<(Arc<str>, Located)>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(meter: &'a mut Meter, scope: &'a Scope<'a>) -> Self {
        Self { meter, scope, variables: Vec::new() }
    }

    pub(super) fn expression(&mut self, expression: &Expression) -> Result<Located, EvaluationError> {
        let span = expression.span;
        self.meter.spend(1, span)?;
        let value = match &expression.kind {
            ExpressionKind::Null => Value::Null,
            ExpressionKind::Bool(value) => Value::Bool(*value),
            ExpressionKind::Number(number) => Value::Number(*number),
            ExpressionKind::Text(text) => Value::Text(Arc::clone(text)),
            ExpressionKind::Template(parts) => self.template(parts, span)?,
            ExpressionKind::List(members) => self.list(members)?,
            ExpressionKind::Object(entries) => self.object(entries)?,
            ExpressionKind::Variable(name) => self.variable(name, span)?.value,
            ExpressionKind::Call(call) => self.call(call, span)?,
            ExpressionKind::Traversal(traversal) => self.traversal(traversal)?,
            ExpressionKind::Unary(operators, operand) => self.unary(operators, operand, span)?,
            ExpressionKind::Binary(first, rest) => self.binary(first, rest)?,
            // X3: the chosen arm unchanged, so also with its own place.
            ExpressionKind::Conditional(arms, otherwise) => return self.conditional(arms, otherwise),
            ExpressionKind::For(iteration) => self.iteration(iteration, span)?,
            ExpressionKind::Parenthesis(inner) => return self.expression(inner),
        };
        Ok(Located { value, span })
    }

    /// A member of a list or object: whatever made it, its place is the member's.
    fn member(&mut self, member: &Expression) -> Result<Located, EvaluationError> {
        self.meter.spend(1, member.span)?;
        Ok(Located { value: self.expression(member)?.value, span: member.span })
    }

    fn list(&mut self, members: &[Expression]) -> Result<Value, EvaluationError> {
        let members: Result<Vec<Located>, _> = members.iter().map(|member| self.member(member)).collect();
        Ok(Value::List(members?.into()))
    }

    fn object(&mut self, entries: &[ObjectEntry]) -> Result<Value, EvaluationError> {
        let mut made: BTreeMap<Arc<str>, (Located, bool)> = BTreeMap::new();
        for ObjectEntry { key, value } in entries {
            let written = matches!(key.kind, ExpressionKind::Text(_));
            let name = self.object_key(key)?;
            let member = self.member(value)?;
            // Two keys written out are the parser's to report; the last one stays.
            if let Some((_, first_written)) = made.insert(Arc::clone(&name), (member, written))
                && !(written && first_written)
            {
                return Err(self.duplicate_key(&name, key.span));
            }
        }
        Ok(Value::Object(made.into_iter().map(|(key, (value, _))| (key, value)).collect()))
    }

    fn object_key(&mut self, key: &Expression) -> Result<Arc<str>, EvaluationError> {
        match self.expression(key)?.value {
            Value::Text(text) => Ok(text),
            other => Err(self.meter.fault(|| {
                let message = format!("the key of an object needs text, but this is {}", other.type_name());
                Diagnostic::new(Code::TypeMismatch, key.span, message)
                    .help("write text, or make it from a number or boolean with `tostring`")
            })),
        }
    }

    fn duplicate_key(&self, key: &str, span: Span) -> EvaluationError {
        self.meter.plain_fault(Code::DuplicateKey, span, || format!("the key `{key}` stands twice in this object"))
    }

    pub(super) fn for_variable(&self, name: &str) -> Option<&Located> {
        self.variables.iter().rev().find(|(variable, _)| **variable == *name).map(|(_, value)| value)
    }

    pub(super) fn variable(&self, name: &str, span: Span) -> Result<Located, EvaluationError> {
        if let Some(value) = self.for_variable(name) {
            return Ok(value.clone());
        }
        match (name, self.scope.account) {
            ("account", Some(account)) => Ok(account.object().clone()),
            // `resolve` says more about these; here only nothing may get through.
            _ => Err(self
                .meter
                .plain_fault(Code::UnknownVariable, span, || format!("there is no variable `{name}` here"))),
        }
    }

    fn conditional(
        &mut self,
        arms: &[(Expression, Expression)],
        otherwise: &Expression,
    ) -> Result<Located, EvaluationError> {
        for (condition, arm) in arms {
            if self.condition(condition, "the condition before `?`")? {
                return self.expression(arm);
            }
        }
        self.expression(otherwise)
    }

    /// The boolean that `expression` is; `what` names it in the message.
    pub(super) fn condition(&mut self, expression: &Expression, what: &str) -> Result<bool, EvaluationError> {
        match self.expression(expression)?.value {
            Value::Bool(value) => Ok(value),
            other => Err(self.meter.fault(|| {
                let message = format!("{what} needs a boolean, but it is {}", other.type_name());
                Diagnostic::new(Code::TypeMismatch, expression.span, message)
                    .help("write a comparison, `true` or `false`; nothing is converted silently")
            })),
        }
    }

    fn call(&mut self, call: &Call, span: Span) -> Result<Value, EvaluationError> {
        let Some(function) = functions::find(&call.name.text) else {
            let name = &call.name;
            return Err(self
                .meter
                .plain_fault(Code::UnknownFunction, name.span, || format!("there is no function `{}`", name.text)));
        };
        let Some(run) = function.run else {
            return self.attempt(call, span);
        };
        let mut values = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            values.push(self.expression(argument)?);
        }
        if call.expand_last {
            self.expand(&mut values)?;
        }
        let arguments = Arguments::new(function, values, span);
        arguments.check_count(self.meter)?;
        run(self.meter, &arguments)
    }

    /// `f(list...)`: the list's elements become arguments.
    fn expand(&mut self, values: &mut Vec<Located>) -> Result<(), EvaluationError> {
        let Some(last) = values.pop() else { return Ok(()) };
        let Value::List(elements) = &last.value else {
            return Err(self.meter.plain_fault(Code::TypeMismatch, last.span, || {
                format!("`...` needs a list before it, but this is {}", last.value.type_name())
            }));
        };
        self.meter.spend(elements.len(), last.span)?;
        values.extend(elements.iter().cloned());
        Ok(())
    }

    /// `try`: the first argument that has a value. What is used up or reported already cannot be caught.
    fn attempt(&mut self, call: &Call, span: Span) -> Result<Value, EvaluationError> {
        let problem = if call.expand_last {
            Some("`try` does not take `...`: its arguments are evaluated one after the other")
        } else if call.arguments.is_empty() {
            Some("`try` needs at least one argument")
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(self.meter.fault(|| {
                Diagnostic::new(Code::BadArgument, span, problem).help("its signature is `try(expressions...)`")
            }));
        }
        let Some((last, attempts)) = call.arguments.split_last() else { return Ok(Value::Null) };
        for argument in attempts {
            self.meter.begin_attempt();
            let result = self.expression(argument);
            self.meter.end_attempt();
            match result {
                Err(EvaluationError::Caught) => {}
                result => return result.map(|located| located.value),
            }
        }
        self.expression(last).map(|located| located.value)
    }

    fn iteration(&mut self, iteration: &For, span: Span) -> Result<Value, EvaluationError> {
        let items = self.items(&iteration.collection)?;
        let mut results = Results::new(iteration.result_key.is_some());
        for (key, value) in items {
            let depth = self.bind(iteration.key.as_ref(), &iteration.value, key, value);
            let result = self.turn(iteration, &mut results);
            self.unbind(depth);
            result?;
        }
        Ok(results.into_value(span))
    }

    /// One turn of a `for`, its variables bound.
    fn turn(&mut self, iteration: &For, results: &mut Results) -> Result<(), EvaluationError> {
        if let Some(condition) = &iteration.condition
            && !self.condition(condition, "the condition after `if`")?
        {
            return Ok(());
        }
        match (&iteration.result_key, results) {
            (Some(key), Results::Object(groups)) => {
                let name = self.object_key(key)?;
                let value = self.member(&iteration.result)?;
                match groups.get_mut(&name) {
                    Some((_, _)) if !iteration.group => return Err(self.duplicate_key(&name, key.span)),
                    Some((values, _)) => values.push(value),
                    None => {
                        groups.insert(name, (vec![value], iteration.group));
                    }
                }
            }
            (_, Results::List(values)) => values.push(self.member(&iteration.result)?),
            (None, Results::Object(_)) => {}
        }
        Ok(())
    }

    /// The keys and values a `for` walks through: of a list its indexes, of an object its keys in order.
    pub(super) fn items(&mut self, collection: &Expression) -> Result<Vec<(Value, Located)>, EvaluationError> {
        let span = collection.span;
        let value = self.expression(collection)?.value;
        match &value {
            Value::List(elements) => {
                self.meter.spend(elements.len(), span)?;
                Ok((0..).map(|index: i64| Value::Number(Number::from(index))).zip(elements.iter().cloned()).collect())
            }
            Value::Object(entries) => {
                self.meter.spend(entries.len(), span)?;
                Ok(entries.iter().map(|(key, value)| (Value::Text(Arc::clone(key)), value.clone())).collect())
            }
            other => Err(self.meter.plain_fault(Code::TypeMismatch, span, || {
                format!("`for` needs a list or an object, but this is {}", other.type_name())
            })),
        }
    }

    /// Binds the variables of a turn; the result is for [`Self::unbind`].
    pub(super) fn bind(&mut self, key: Option<&Name>, name: &Name, index: Value, value: Located) -> usize {
        let depth = self.variables.len();
        if let Some(key) = key {
            self.variables.push((Arc::clone(&key.text), Located { value: index, span: value.span }));
        }
        self.variables.push((Arc::clone(&name.text), value));
        depth
    }

    /// Forgets the variables bound since the stack was `depth` high.
    pub(super) fn unbind(&mut self, depth: usize) {
        self.variables.truncate(depth);
    }
}

/// What a `for` has made so far; of an object's key all values, and whether they are grouped.
enum Results {
    List(Vec<Located>),
    Object(BTreeMap<Arc<str>, (Vec<Located>, bool)>),
}

impl Results {
    fn new(object: bool) -> Self {
        if object { Self::Object(BTreeMap::new()) } else { Self::List(Vec::new()) }
    }

    fn into_value(self, span: Span) -> Value {
        match self {
            Self::List(values) => Value::List(values.into()),
            Self::Object(groups) => Value::Object(
                groups
                    .into_iter()
                    .filter_map(|(key, (mut values, grouped))| {
                        let value = if grouped {
                            let span = values.first().map_or(span, |first| first.span);
                            Located { value: Value::List(values.into()), span }
                        } else {
                            values.pop()?
                        };
                        Some((key, value))
                    })
                    .collect(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {

    use crate::evaluate::testing::{
        at, binary, broken, call, check, conditional, each, evaluate_with, flag, iteration, keyed, list, name, null,
        number, numbers, object, of, span, spread, text, texts, unary, variable,
    };
    use crate::evaluate::{Evaluator, Value};
    use crate::syntax::tree::{BinaryOperator, Expression, ExpressionKind, For, UnaryOperator};

    fn grouped(group: bool) -> For {
        let result_key = Some(at(8, variable("v")));
        For { result_key, group, ..each(texts(&["b", "a", "b"]), at(9, variable("k"))) }
    }

    #[test]
    fn literals_and_members_are_values() {
        check(vec![
            (null(), "null"),
            (list(vec![flag(true), number("1.5"), text("a")]), "[true, 1.5, 'a']"),
            (object(vec![("b", number("1")), ("a", number("2")), ("b", number("3"))]), "{a: 2, b: 3}"),
            (of(ExpressionKind::Parenthesis(Box::new(number("4")))), "4"),
            (variable("x"), "PL301 there is no variable `x` here"),
        ]);
    }

    // L2
    #[test]
    fn a_computed_key_may_not_repeat() {
        let computed = || at(4, call("lower", vec![text("A")]));
        check(vec![
            (keyed(vec![(text("a"), null()), (computed(), null())]), "PL105 the key `a` stands twice in this object"),
            (keyed(vec![(computed(), null()), (text("a"), null())]), "PL105"),
            (keyed(vec![(computed(), null()), (text("b"), null())]), "{a: null, b: null}"),
            (keyed(vec![(number("1"), null())]), "PL303 the key of an object needs text, but this is a number"),
        ]);
        let twice = keyed(vec![(text("a"), null()), (computed(), null())]);
        let fault = evaluate_with(&mut Evaluator::new(), &twice).unwrap_err().into_diagnostic().unwrap();
        assert_eq!(fault.span, span(4, 5));
    }

    // X3
    #[test]
    fn a_conditional_evaluates_and_yields_the_chosen_arm_alone() {
        let chain = |first, second| {
            let arms = vec![(first, number("1")), (second, number("2"))];
            of(ExpressionKind::Conditional(arms, Box::new(text("3"))))
        };
        check(vec![
            (conditional(flag(true), number("1"), broken()), "1"),
            (conditional(flag(false), broken(), text("a")), "'a'"),
            (
                conditional(text("true"), null(), null()),
                "PL303 the condition before `?` needs a boolean, but it is text",
            ),
            (chain(flag(true), broken()), "1"),
            (chain(flag(false), flag(true)), "2"),
            (chain(flag(false), flag(false)), "'3'"),
        ]);
        let located = evaluate_with(&mut Evaluator::new(), &conditional(flag(true), at(7, number("1")), null()));
        assert_eq!(located.unwrap().span, span(7, 8));
    }

    #[test]
    fn for_walks_through_lists_and_objects() {
        let keyed_pairs = |collection| iteration(each(collection, list(vec![variable("k"), variable("v")])));
        let condition = binary(variable("v"), BinaryOperator::Greater, number("1"));
        let filtered = For { condition: Some(condition), ..each(numbers(&["1", "2"]), variable("v")) };
        let not_boolean = For { condition: Some(null()), ..each(numbers(&["1"]), variable("v")) };
        let number_key = For { result_key: Some(variable("k")), ..each(numbers(&["1"]), variable("v")) };
        let nested = each(numbers(&["1"]), iteration(each(numbers(&["2"]), variable("v"))));
        let after = list(vec![iteration(each(numbers(&["1"]), variable("v"))), variable("v")]);
        check(vec![
            (keyed_pairs(texts(&["a", "b"])), "[[0, 'a'], [1, 'b']]"),
            (keyed_pairs(object(vec![("y", number("1")), ("x", number("2"))])), "[['x', 2], ['y', 1]]"),
            (keyed_pairs(null()), "PL303 `for` needs a list or an object, but this is null"),
            (iteration(filtered), "[2]"),
            (iteration(not_boolean), "PL303 the condition after `if` needs a boolean, but it is null"),
            (iteration(number_key), "PL303 the key of an object needs text"),
            (iteration(grouped(true)), "{a: [1], b: [0, 2]}"),
            (iteration(grouped(false)), "PL105 the key `b` stands twice in this object"),
            (iteration(nested), "[[2]]"),
            (after, "PL301"),
        ]);
    }

    #[test]
    fn calls_check_names_counts_and_spread() {
        check(vec![
            (call("nope", vec![]), "PL302 there is no function `nope`"),
            (spread("concat", vec![list(vec![texts(&["a"]), texts(&["b"])])]), "['a', 'b']"),
            (spread("concat", vec![texts(&["a"]), list(vec![texts(&["b"])])]), "['a', 'b']"),
            (spread("concat", vec![text("a")]), "PL303 `...` needs a list before it, but this is text"),
            (spread("lower", vec![list(vec![])]), "PL307 `lower` takes 1 argument, but it is given 0"),
        ]);
    }

    #[test]
    fn try_takes_the_first_that_has_a_value() {
        let attempt = |arguments| call("try", arguments);
        check(vec![
            (attempt(vec![broken(), text("a"), broken()]), "'a'"),
            (attempt(vec![null(), text("a")]), "null"),
            (attempt(vec![broken(), call("nope", vec![])]), "PL302"),
            (attempt(vec![attempt(vec![broken(), broken()]), text("b")]), "'b'"),
            (attempt(vec![attempt(vec![broken(), text("a")]), text("b")]), "'a'"),
            (list(vec![attempt(vec![broken(), null()]), broken()]), "PL305"),
            (attempt(vec![]), "PL307 `try` needs at least one argument"),
            (spread("try", vec![list(vec![])]), "PL307 `try` does not take `...`"),
        ]);
    }

    #[test]
    fn members_keep_the_place_where_they_were_written() {
        let members = || list(vec![at(3, number("1")), at(4, conditional(flag(true), at(5, text("x")), null()))]);
        let starts = |expression: Expression| match evaluate_with(&mut Evaluator::new(), &expression).unwrap().value {
            Value::List(elements) => elements.iter().map(|element| element.span.start).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        assert_eq!(starts(members()), [3, 4]);
        assert_eq!(starts(call("concat", vec![members(), list(vec![at(6, null())])])), [3, 4, 6]);
        assert_eq!(starts(call("flatten", vec![list(vec![members()])])), [3, 4]);
        assert_eq!(starts(call("reverse", vec![members()])), [4, 3]);
        assert_eq!(starts(iteration(each(members(), at(9, variable("v"))))), [9, 9]);
        assert_eq!(starts(at(8, call("split", vec![text(","), text("a,b")]))), [8, 8]);
        assert_eq!(starts(at(8, call("setproduct", vec![members(), members()]))), [8; 4]);
    }

    #[test]
    fn every_node_and_every_element_counts() {
        let steps = |expression: &Expression, budget| {
            let mut evaluator = Evaluator::with_budget(budget, 0);
            (evaluate_with(&mut evaluator, expression).is_ok(), evaluator.is_exhausted())
        };
        let unary = unary(&[UnaryOperator::Negate; 3], number("1"));
        let bind = For { key: None, value: name("v"), ..each(numbers(&["1", "2"]), null()) };
        // A list: itself, and each member as node and as element. A `for`: also each element it walks through.
        for (expression, needed) in [
            (null(), 1),
            (numbers(&["1", "2"]), 5),
            (object(vec![("a", null())]), 4),
            (unary, 5),
            (iteration(bind), 1 + 5 + 2 + 4),
            (spread("concat", vec![list(vec![list(vec![null()])])]), 1 + 5 + 1 + 1),
        ] {
            assert_eq!(steps(&expression, needed), (true, false), "{expression:?}");
            assert_eq!(steps(&expression, needed - 1), (false, true), "{expression:?}");
        }
    }
}
