//! Operators: nothing is converted, and what stands in a row is walked through in a loop.

use std::sync::Arc;

use super::walk::Walker;
use super::{EvaluationError, PatternValue, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::number::{Number, NumberError};
use crate::source::Span;
use crate::syntax::tree::{BinaryOperator, Expression, UnaryOperator};

/// The operand of an operator: which side, its place, what it is.
#[derive(Clone, Copy)]
struct Side<'a> {
    name: &'static str,
    span: Span,
    value: &'a Value,
}

impl Walker<'_> {
    pub(super) fn unary(
        &mut self,
        operators: &[UnaryOperator],
        operand: &Expression,
        span: Span,
    ) -> Result<Value, EvaluationError> {
        let mut value = self.expression(operand)?.value;
        for operator in operators.iter().rev() {
            self.meter.spend(1, span)?;
            value = match operator {
                UnaryOperator::Not => self.not(&value, operand.span)?,
                UnaryOperator::Negate => self.negate(&value, operand.span)?,
            };
        }
        Ok(value)
    }

    fn negate(&self, value: &Value, span: Span) -> Result<Value, EvaluationError> {
        let Value::Number(number) = value else {
            return Err(self.meter.plain_fault(Code::TypeMismatch, span, || {
                format!("`-` needs a number, but this is {}", value.type_name())
            }));
        };
        number.negate().map(Value::Number).map_err(|error| self.number_error(error, span))
    }

    /// X4: "not" before a boolean, a negated pattern before text or a pattern.
    fn not(&self, value: &Value, span: Span) -> Result<Value, EvaluationError> {
        let negated = match value {
            Value::Bool(value) => return Ok(Value::Bool(!value)),
            Value::Text(text) => Arc::new(PatternValue::Plain(Arc::clone(text))),
            Value::Pattern(pattern) if !matches!(**pattern, PatternValue::Not(_)) => Arc::clone(pattern),
            Value::Pattern(_) => {
                return Err(self.meter.fault(|| {
                    Diagnostic::new(Code::TypeMismatch, span, "`!` stands before a pattern that is negated already")
                        .help("take both `!` away")
                }));
            }
            other => {
                return Err(self.meter.plain_fault(Code::TypeMismatch, span, || {
                    format!("`!` needs a boolean, text or a pattern, but this is {}", other.type_name())
                }));
            }
        };
        Ok(Value::Pattern(Arc::new(PatternValue::Not(negated))))
    }

    pub(super) fn binary(
        &mut self,
        first: &Expression,
        rest: &[(BinaryOperator, Expression)],
    ) -> Result<Value, EvaluationError> {
        let mut left = self.expression(first)?.value;
        let mut left_span = first.span;
        for (operator, operand) in rest {
            let left_side = Side { name: "left", span: left_span, value: &left };
            left = match operator {
                BinaryOperator::And => self.logic(*operator, left_side, operand, false)?,
                BinaryOperator::Or => self.logic(*operator, left_side, operand, true)?,
                _ => {
                    let right = self.expression(operand)?.value;
                    let right_side = Side { name: "right", span: operand.span, value: &right };
                    self.apply(*operator, left_side, right_side)?
                }
            };
            left_span = left_span.to(operand.span);
        }
        Ok(left)
    }

    /// `&&` and `||`: `decided` on the left is the result, and the right side is not looked at (X3).
    fn logic(
        &mut self,
        operator: BinaryOperator,
        left: Side<'_>,
        operand: &Expression,
        decided: bool,
    ) -> Result<Value, EvaluationError> {
        if self.boolean(operator, left)? == decided {
            return Ok(Value::Bool(decided));
        }
        let right = self.expression(operand)?.value;
        self.boolean(operator, Side { name: "right", span: operand.span, value: &right }).map(Value::Bool)
    }

    fn boolean(&self, operator: BinaryOperator, side: Side<'_>) -> Result<bool, EvaluationError> {
        match side.value {
            Value::Bool(value) => Ok(*value),
            other => Err(self.meter.fault(|| {
                let message = format!(
                    "`{}` needs two booleans, but the {} side is {}",
                    symbol(operator),
                    side.name,
                    other.type_name()
                );
                Diagnostic::new(Code::TypeMismatch, side.span, message)
                    .help("write a comparison, `true` or `false`; nothing is converted silently")
            })),
        }
    }

    fn apply(&mut self, operator: BinaryOperator, left: Side<'_>, right: Side<'_>) -> Result<Value, EvaluationError> {
        let span = left.span.to(right.span);
        if let BinaryOperator::Equal | BinaryOperator::NotEqual = operator {
            let equal = self.meter.equal(left.value, right.value, span)?;
            return Ok(Value::Bool(equal == matches!(operator, BinaryOperator::Equal)));
        }
        let (a, b) = (self.number(operator, left)?, self.number(operator, right)?);
        let result = match operator {
            BinaryOperator::Less => return Ok(Value::Bool(a < b)),
            BinaryOperator::LessOrEqual => return Ok(Value::Bool(a <= b)),
            BinaryOperator::Greater => return Ok(Value::Bool(a > b)),
            BinaryOperator::GreaterOrEqual => return Ok(Value::Bool(a >= b)),
            BinaryOperator::Add => a.add(b),
            BinaryOperator::Subtract => a.subtract(b),
            BinaryOperator::Multiply => a.multiply(b),
            BinaryOperator::Divide => a.divide(b),
            BinaryOperator::Remainder => a.remainder(b),
            BinaryOperator::Or | BinaryOperator::And | BinaryOperator::Equal | BinaryOperator::NotEqual => Ok(a),
        };
        result.map(Value::Number).map_err(|error| self.number_error(error, span))
    }

    fn number(&self, operator: BinaryOperator, side: Side<'_>) -> Result<Number, EvaluationError> {
        match side.value {
            Value::Number(number) => Ok(*number),
            other => Err(self.meter.fault(|| {
                let message = format!(
                    "`{}` needs two numbers, but the {} side is {}",
                    symbol(operator),
                    side.name,
                    other.type_name()
                );
                let help = match other {
                    Value::Text(_) if matches!(operator, BinaryOperator::Add) => {
                        "join texts in a template, such as `\"${a}${b}\"`; a number is written without quotes"
                    }
                    Value::Text(_) => "write the number without quotes; nothing is converted silently",
                    _ => "nothing is converted silently",
                };
                Diagnostic::new(Code::TypeMismatch, side.span, message).help(help)
            })),
        }
    }

    fn number_error(&self, error: NumberError, span: Span) -> EvaluationError {
        self.meter.fault(|| match error {
            NumberError::OutOfRange => Diagnostic::new(Code::NumberRange, span, error.to_string())
                .help("numbers are exact and never rounded; choose operands whose result can be written out"),
            NumberError::DivisionByZero => Diagnostic::new(Code::DivisionByZero, span, error.to_string())
                .help("test the divisor first, such as `x == 0 ? 0 : y / x`"),
        })
    }
}

const fn symbol(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Or => "||",
        BinaryOperator::And => "&&",
        BinaryOperator::Equal => "==",
        BinaryOperator::NotEqual => "!=",
        BinaryOperator::Less => "<",
        BinaryOperator::LessOrEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterOrEqual => ">=",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Remainder => "%",
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{
        binary, broken, call, check, flag, list, not, null, number, object, of, span, text, unary,
    };
    use crate::evaluate::{EvaluationError, Evaluator, testing};
    use crate::syntax::tree::BinaryOperator::{
        Add, And, Divide, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Multiply, NotEqual, Or, Remainder,
        Subtract,
    };
    use crate::syntax::tree::ExpressionKind;
    use crate::syntax::tree::UnaryOperator::{Negate, Not};

    #[test]
    fn arithmetic_and_order_take_numbers() {
        let table = [
            ("7", Add, "2", "9"),
            ("7", Subtract, "2", "5"),
            ("7", Multiply, "2", "14"),
            ("7", Divide, "2", "3.5"),
            ("7", Remainder, "2", "1"),
            ("-5", Remainder, "3", "-2"),
            ("5", Remainder, "0", "PL305 the divisor is zero"),
            ("5", Divide, "0", "PL305"),
            ("1", Divide, "3", "PL304"),
            ("9999999999999999999", Add, "1", "PL304"),
            ("1", Less, "2", "true"),
            ("2", Less, "2", "false"),
            ("2", LessOrEqual, "2", "true"),
            ("3", LessOrEqual, "2", "false"),
            ("2", Greater, "1", "true"),
            ("2", Greater, "2", "false"),
            ("2", GreaterOrEqual, "2", "true"),
            ("1", GreaterOrEqual, "2", "false"),
        ];
        check(table.map(|(left, operator, right, out)| (binary(number(left), operator, number(right)), out)).into());
    }

    // X3
    #[test]
    fn nothing_is_converted() {
        for (operator, symbol) in [
            (Add, "+"),
            (Subtract, "-"),
            (Multiply, "*"),
            (Divide, "/"),
            (Remainder, "%"),
            (Less, "<"),
            (LessOrEqual, "<="),
            (Greater, ">"),
            (GreaterOrEqual, ">="),
        ] {
            let right = format!("PL303 `{symbol}` needs two numbers, but the right side is text");
            let left = format!("PL303 `{symbol}` needs two numbers, but the left side is null");
            check(vec![
                (binary(number("1"), operator, text("1")), &right),
                (binary(null(), operator, number("1")), &left),
            ]);
        }
        check(vec![
            (binary(text("true"), And, flag(true)), "PL303 `&&` needs two booleans, but the left side is text"),
            (binary(flag(true), And, number("1")), "PL303 `&&` needs two booleans, but the right side is a number"),
            (binary(flag(false), Or, list(vec![])), "PL303 `||` needs two booleans, but the right side is a list"),
            (unary(&[Negate], text("1")), "PL303 `-` needs a number, but this is text"),
            (not(null()), "PL303 `!` needs a boolean, text or a pattern, but this is null"),
        ]);
    }

    #[test]
    fn a_mistake_names_its_operand_and_what_helps() {
        let fault = |expression| match testing::evaluate_with(&mut Evaluator::new(), &expression) {
            Err(EvaluationError::Fault(fault)) => (fault.span, fault.help.unwrap_or_default()),
            _ => (span(99, 99), String::new()),
        };
        let (place, help) = fault(binary(number("1"), Add, testing::at(7, text("a"))));
        assert!(place == span(7, 8) && help.starts_with("join texts in a template"), "{help}");
        let (_, help) = fault(binary(number("1"), Less, text("a")));
        assert!(help.starts_with("write the number without quotes"), "{help}");
        let (_, help) = fault(binary(number("1"), Less, null()));
        assert_eq!(help, "nothing is converted silently");
        let (place, _) = fault(binary(testing::at(3, number("1")), Divide, testing::at(7, number("0"))));
        assert_eq!(place, span(3, 8));
    }

    #[test]
    fn logic_stops_early() {
        check(vec![
            (binary(flag(false), And, broken()), "false"),
            (binary(flag(true), Or, broken()), "true"),
            (binary(flag(true), And, broken()), "PL305"),
            (binary(flag(false), Or, broken()), "PL305"),
            (binary(flag(true), And, flag(true)), "true"),
            (binary(flag(true), And, flag(false)), "false"),
            (binary(flag(false), Or, flag(true)), "true"),
            (binary(flag(false), Or, flag(false)), "false"),
        ]);
    }

    #[test]
    fn equality_is_by_type_and_value() {
        let patterns =
            |left: &str, right: &str| binary(call("glob", vec![text(left)]), Equal, call("glob", vec![text(right)]));
        check(vec![
            (binary(number("1"), Equal, text("1")), "false"),
            (binary(number("1"), NotEqual, text("1")), "true"),
            (binary(null(), Equal, null()), "true"),
            (binary(null(), Equal, flag(false)), "false"),
            (binary(text("a"), Equal, text("a")), "true"),
            (binary(text("a"), NotEqual, text("a")), "false"),
            (binary(flag(true), Equal, flag(false)), "false"),
            (binary(list(vec![testing::at(4, number("1"))]), Equal, list(vec![number("1.0")])), "true"),
            (binary(list(vec![number("1")]), Equal, list(vec![number("1"), number("2")])), "false"),
            (binary(list(vec![number("1")]), Equal, list(vec![number("2")])), "false"),
            (binary(object(vec![("a", null())]), Equal, object(vec![("a", null())])), "true"),
            (binary(object(vec![("a", null())]), Equal, object(vec![("b", null())])), "false"),
            (binary(object(vec![("a", null())]), Equal, object(vec![("a", flag(true))])), "false"),
            (binary(object(vec![("a", null())]), Equal, object(vec![])), "false"),
            (binary(list(vec![]), Equal, object(vec![])), "false"),
            (patterns("a", "a"), "true"),
            (patterns("a", "b"), "false"),
        ]);
    }

    #[test]
    fn rows_of_operators_are_applied_from_left_to_right() {
        let row = |first, rest| of(ExpressionKind::Binary(Box::new(first), rest));
        check(vec![
            (row(number("10"), vec![(Subtract, number("4")), (Subtract, number("3")), (Add, number("1"))]), "4"),
            (row(flag(true), vec![(And, flag(false)), (And, broken()), (And, broken())]), "false"),
            (row(number("1"), vec![(Equal, number("1")), (Equal, flag(true))]), "true"),
            (unary(&[Negate, Negate, Negate], number("2")), "-2"),
            (unary(&[Not, Not], flag(true)), "true"),
        ]);
    }

    // X4
    #[test]
    fn not_negates_patterns_once() {
        check(vec![
            (not(text("x")), "Not(Plain(\"x\"))"),
            (not(call("any", vec![])), "Not(Any)"),
            (not(flag(true)), "false"),
            (unary(&[Not, Not], text("x")), "PL303 `!` stands before a pattern that is negated already"),
            (unary(&[Not, Negate], number("1")), "PL303"),
        ]);
    }
}
