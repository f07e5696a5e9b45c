//! Trees and values in short, for the tests of this folder.

use std::sync::Arc;

use super::{AccountValues, EvaluationError, Evaluator, Locals, Scope, Value};
use crate::number::Number;
use crate::source::{FileId, Span};
use crate::syntax::tree::{
    Attribute, BinaryOperator, Call, Expression, ExpressionKind, For, Name, ObjectEntry, Step, TemplatePart, Traversal,
    UnaryOperator,
};

pub(super) fn span(start: u32, end: u32) -> Span {
    Span::new(FileId(0), start, end)
}

pub(super) fn of(kind: ExpressionKind) -> Expression {
    Expression { kind, span: span(0, 1) }
}

pub(super) fn at(start: u32, expression: Expression) -> Expression {
    Expression { span: span(start, start + 1), ..expression }
}

pub(super) fn name(text: &str) -> Name {
    Name { text: text.into(), span: span(0, 1) }
}

pub(super) fn null() -> Expression {
    of(ExpressionKind::Null)
}

pub(super) fn flag(value: bool) -> Expression {
    of(ExpressionKind::Bool(value))
}

pub(super) fn text(value: &str) -> Expression {
    of(ExpressionKind::Text(value.into()))
}

pub(super) fn number(literal: &str) -> Expression {
    match literal.strip_prefix('-') {
        Some(rest) => unary(&[UnaryOperator::Negate], number(rest)),
        None => of(Number::from_literal(literal).map_or(ExpressionKind::Null, ExpressionKind::Number)),
    }
}

pub(super) fn list(members: Vec<Expression>) -> Expression {
    of(ExpressionKind::List(members))
}

pub(super) fn texts(members: &[&str]) -> Expression {
    list(members.iter().map(|member| text(member)).collect())
}

pub(super) fn numbers(members: &[&str]) -> Expression {
    list(members.iter().map(|member| number(member)).collect())
}

pub(super) fn object(entries: Vec<(&str, Expression)>) -> Expression {
    keyed(entries.into_iter().map(|(key, value)| (text(key), value)).collect())
}

pub(super) fn keyed(entries: Vec<(Expression, Expression)>) -> Expression {
    of(ExpressionKind::Object(entries.into_iter().map(|(key, value)| ObjectEntry { key, value }).collect()))
}

pub(super) fn variable(name: &str) -> Expression {
    of(ExpressionKind::Variable(name.into()))
}

pub(super) fn call(function: &str, arguments: Vec<Expression>) -> Expression {
    of(ExpressionKind::Call(Call { name: name(function), arguments, expand_last: false }))
}

pub(super) fn spread(function: &str, arguments: Vec<Expression>) -> Expression {
    of(ExpressionKind::Call(Call { name: name(function), arguments, expand_last: true }))
}

pub(super) fn traverse(subject: Expression, steps: Vec<Step>) -> Expression {
    let steps = steps.into_iter().map(|step| (step, span(5, 6))).collect();
    of(ExpressionKind::Traversal(Box::new(Traversal { subject, steps })))
}

pub(super) fn attribute(name: &str) -> Step {
    Step::Attribute(name.into())
}

pub(super) fn local(name: &str) -> Expression {
    traverse(variable("local"), vec![attribute(name)])
}

pub(super) fn unary(operators: &[UnaryOperator], operand: Expression) -> Expression {
    of(ExpressionKind::Unary(operators.to_vec(), Box::new(operand)))
}

pub(super) fn not(operand: Expression) -> Expression {
    unary(&[UnaryOperator::Not], operand)
}

pub(super) fn binary(left: Expression, operator: BinaryOperator, right: Expression) -> Expression {
    of(ExpressionKind::Binary(Box::new(left), vec![(operator, right)]))
}

pub(super) fn conditional(condition: Expression, then: Expression, otherwise: Expression) -> Expression {
    of(ExpressionKind::Conditional(vec![(condition, then)], Box::new(otherwise)))
}

pub(super) fn template(parts: Vec<TemplatePart>) -> Expression {
    of(ExpressionKind::Template(parts))
}

pub(super) fn put(expression: Expression) -> TemplatePart {
    TemplatePart::Interpolation(expression)
}

pub(super) fn literal(text: &str) -> TemplatePart {
    TemplatePart::Literal(text.into())
}

/// `[for k, v in collection : result]`.
pub(super) fn each(collection: Expression, result: Expression) -> For {
    For { key: Some(name("k")), value: name("v"), collection, result_key: None, result, group: false, condition: None }
}

pub(super) fn iteration(iteration: For) -> Expression {
    of(ExpressionKind::For(Box::new(iteration)))
}

/// A mistake of evaluation.
pub(super) fn broken() -> Expression {
    binary(number("1"), BinaryOperator::Divide, number("0"))
}

/// `NAME = VALUE`, at a place of its own.
pub(super) fn declare(place: u32, local: &str, value: Expression) -> Attribute {
    let at = span(place, place + 1);
    Attribute { name: Name { text: local.into(), span: at }, value, span: at }
}

pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("'{text}'"),
        Value::List(elements) => {
            let elements: Vec<String> = elements.iter().map(|element| shown(&element.value)).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key}: {}", shown(&value.value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Pattern(pattern) => format!("{pattern:?}"),
    }
}

pub(super) fn account() -> AccountValues {
    AccountValues::new("prod".into(), "222222222222".into(), Value::Object(Arc::new([])), span(900, 901))
}

pub(super) fn evaluate_with(
    evaluator: &mut Evaluator,
    expression: &Expression,
) -> Result<super::Located, EvaluationError> {
    let (locals, account) = (Locals::default(), account());
    evaluator.evaluate(expression, &Scope { locals: &locals, account: Some(&account) })
}

/// The value in short, or the code and message of the mistake.
pub(super) fn outcome(expression: &Expression) -> String {
    report(evaluate_with(&mut Evaluator::new(), expression))
}

pub(super) fn report(result: Result<super::Located, EvaluationError>) -> String {
    match result {
        Ok(located) => shown(&located.value),
        Err(EvaluationError::Fault(fault)) => format!("{} {}", fault.code.as_str(), fault.message),
        Err(EvaluationError::Reported) => "reported".to_owned(),
        Err(EvaluationError::Caught) => "caught".to_owned(),
    }
}

/// Checks what each call yields; of a mistake the beginning is enough.
pub(super) fn check(cases: Vec<(Expression, &str)>) {
    for (expression, expected) in cases {
        let got = outcome(&expression);
        let alike = if expected.starts_with("PL") { got.starts_with(expected) } else { got == expected };
        assert!(alike, "expected {expected}\n     got {got}\n     for {expression:?}");
    }
}
