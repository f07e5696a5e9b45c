//! Quoted templates and heredocs: always text, from text, numbers and booleans (X3).

use super::walk::Walker;
use super::{EvaluationError, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::tree::{Expression, TemplatePart};
use crate::text::shared_nfc;

impl Walker<'_> {
    pub(super) fn template(&mut self, parts: &[TemplatePart], span: Span) -> Result<Value, EvaluationError> {
        let mut made = String::new();
        self.parts(parts, span, &mut made)?;
        // Over the whole: an accent that begins one part belongs to the letter that ends the part before.
        Ok(Value::Text(shared_nfc(&made)))
    }

    fn parts(&mut self, parts: &[TemplatePart], span: Span, made: &mut String) -> Result<(), EvaluationError> {
        for part in parts {
            self.meter.spend(1, span)?;
            match part {
                TemplatePart::Literal(text) => self.append(text, span, made)?,
                TemplatePart::Interpolation(expression) => self.interpolation(expression, made)?,
                TemplatePart::If { condition, then, otherwise } => {
                    let chosen = self.condition(condition, "the condition of `%{if}`")?;
                    self.parts(if chosen { then } else { otherwise }, span, made)?;
                }
                TemplatePart::For { key, value, collection, body } => {
                    for (index, element) in self.items(collection)? {
                        let depth = self.bind(key.as_ref(), value, index, element);
                        let result = self.parts(body, span, made);
                        self.unbind(depth);
                        result?;
                    }
                }
            }
        }
        Ok(())
    }

    fn append(&mut self, text: &str, span: Span, made: &mut String) -> Result<(), EvaluationError> {
        self.meter.make_text(text.len(), span)?;
        made.push_str(text);
        Ok(())
    }

    fn interpolation(&mut self, expression: &Expression, made: &mut String) -> Result<(), EvaluationError> {
        let span = expression.span;
        match self.expression(expression)?.value {
            Value::Text(text) => self.append(&text, span, made),
            Value::Number(number) => self.append(&number.to_string(), span, made),
            Value::Bool(value) => self.append(if value { "true" } else { "false" }, span, made),
            other => Err(self.meter.fault(|| {
                let message =
                    format!("a template needs text, a number or a boolean here, but this is {}", other.type_name());
                let help = match other {
                    Value::List(_) => "join the elements with `join(\", \", …)`, or name one of them",
                    Value::Object(_) => "name one of its attributes",
                    Value::Pattern(_) => "a pattern is written outside of quotes",
                    _ => "give another text in its place, such as with `coalesce`",
                };
                Diagnostic::new(Code::TypeMismatch, span, message).help(help)
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{
        broken, call, check, flag, list, literal, name, null, number, object, put, template, text, texts, variable,
    };
    use crate::syntax::tree::{Expression, TemplatePart};

    fn choose(condition: Expression, then: Vec<TemplatePart>, otherwise: Vec<TemplatePart>) -> TemplatePart {
        TemplatePart::If { condition, then, otherwise }
    }

    // X3
    #[test]
    fn a_template_is_text_of_texts_numbers_and_booleans() {
        check(vec![
            (template(vec![put(number("1.50"))]), "'1.5'"),
            (template(vec![put(flag(true)), literal("-"), put(flag(false))]), "'true-false'"),
            (template(vec![literal("a"), put(text("b")), literal("c")]), "'abc'"),
            (template(vec![put(null())]), "PL303 a template needs text, a number or a boolean here, but this is null"),
            (template(vec![put(list(vec![]))]), "PL303"),
            (template(vec![put(object(vec![]))]), "PL303"),
            (template(vec![put(call("any", vec![]))]), "PL303"),
        ]);
    }

    // X1
    #[test]
    fn parts_compose() {
        check(vec![(template(vec![literal("e"), put(text("\u{301}"))]), "'é'")]);
    }

    #[test]
    fn directives_choose_and_repeat() {
        let repeat = |collection, body| TemplatePart::For { key: Some(name("k")), value: name("v"), collection, body };
        let body = || vec![put(variable("k")), put(variable("v")), literal(";")];
        check(vec![
            (template(vec![choose(flag(true), vec![literal("a")], vec![put(broken())])]), "'a'"),
            (template(vec![choose(flag(false), vec![put(broken())], vec![literal("b")])]), "'b'"),
            (template(vec![choose(number("1"), vec![], vec![])]), "PL303 the condition of `%{if}` needs a boolean"),
            (template(vec![repeat(texts(&["a", "b"]), body())]), "'0a;1b;'"),
            (template(vec![repeat(object(vec![("y", number("2")), ("x", number("1"))]), body())]), "'x1;y2;'"),
            (template(vec![repeat(text("a"), body())]), "PL303 `for` needs a list or an object, but this is text"),
            (template(vec![repeat(texts(&["a"]), vec![]), put(variable("v"))]), "PL301"),
        ]);
    }
}
