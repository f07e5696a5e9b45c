//! Our tree in the common form.

use std::fmt::Write;

use policy_core::diagnostic::Diagnostic;
use policy_core::source::FileId;
use policy_core::syntax;
use policy_core::syntax::tree::{
    BinaryOperator, Body, Expression, ExpressionKind, For, Name, Step, TemplatePart, UnaryOperator,
};

/// The tree of `text`, or the first thing that is wrong with it.
pub(crate) fn read(text: &str) -> Result<String, Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let tree = syntax::parse(FileId::first(), text, &mut diagnostics);
    let mut out = String::new();
    body(&mut out, &tree);
    diagnostics.into_iter().next().map_or(Ok(out), Err)
}

fn body(out: &mut String, body: &Body) {
    for attribute in &body.attributes {
        let _ = write!(out, "(attribute {} ", attribute.name.text);
        expression(out, &attribute.value);
        out.push(')');
    }
    for block in &body.blocks {
        let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
        let _ = write!(out, "(block {} {labels:?} ", block.kind.text);
        self::body(out, &block.body);
        out.push(')');
    }
}

fn expression(out: &mut String, found: &Expression) {
    match &found.kind {
        ExpressionKind::Null => out.push_str("null"),
        ExpressionKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        ExpressionKind::Number(number) => {
            let _ = write!(out, "{:?}", number.to_string().parse::<f64>().expect("a number"));
        }
        ExpressionKind::Text(text) => {
            let _ = write!(out, "{text:?}");
        }
        ExpressionKind::Template(parts) => template(out, parts),
        ExpressionKind::List(members) => {
            out.push_str("(list");
            for member in members {
                spaced(out, member);
            }
            out.push(')');
        }
        ExpressionKind::Object(entries) => {
            out.push_str("(object");
            for entry in entries {
                spaced(out, &entry.key);
                out.push_str(" =");
                spaced(out, &entry.value);
            }
            out.push(')');
        }
        ExpressionKind::Variable(name) => {
            let _ = write!(out, "(variable {name})");
        }
        ExpressionKind::Call(call) => {
            let _ = write!(out, "(call {}", call.name.text);
            for argument in &call.arguments {
                spaced(out, argument);
            }
            out.push_str(if call.expand_last { " ...)" } else { ")" });
        }
        ExpressionKind::Parenthesis(inner) => expression(out, inner),
        ExpressionKind::For(found) => for_expression(out, found),
        _ => operation(out, &found.kind),
    }
}

fn operation(out: &mut String, kind: &ExpressionKind) {
    match kind {
        ExpressionKind::Traversal(traversal) => {
            out.push_str("(into ");
            expression(out, &traversal.subject);
            for (step, _) in &traversal.steps {
                match step {
                    Step::Attribute(name) => {
                        let _ = write!(out, " .{name}");
                    }
                    Step::Index(index) => {
                        out.push_str(" [");
                        expression(out, index);
                        out.push(']');
                    }
                    Step::AttributeSplat => out.push_str(" .*"),
                    Step::FullSplat => out.push_str(" [*]"),
                }
            }
            out.push(')');
        }
        ExpressionKind::Unary(operators, operand) => {
            // A minus before a literal belongs to the number there.
            let (operators, sign) = match (operators.split_last(), &operand.kind) {
                (Some((UnaryOperator::Negate, rest)), ExpressionKind::Number(_)) => (rest, "-"),
                _ => (operators.as_slice(), ""),
            };
            for operator in operators {
                out.push_str(if *operator == UnaryOperator::Not { "(! " } else { "(neg " });
            }
            out.push_str(sign);
            expression(out, operand);
            operators.iter().for_each(|_| out.push(')'));
        }
        ExpressionKind::Binary(first, rest) => {
            for (operator, _) in rest.iter().rev() {
                let _ = write!(out, "({} ", symbol(*operator));
            }
            expression(out, first);
            for (_, operand) in rest {
                spaced(out, operand);
                out.push(')');
            }
        }
        ExpressionKind::Conditional(arms, otherwise) => {
            for (number, (condition, chosen)) in arms.iter().enumerate() {
                out.push_str(if number > 0 { " (if" } else { "(if" });
                spaced(out, condition);
                spaced(out, chosen);
            }
            spaced(out, otherwise);
            arms.iter().for_each(|_| out.push(')'));
        }
        _ => unreachable!("the other kinds are written by `expression`"),
    }
}

fn for_expression(out: &mut String, found: &For) {
    let _ = write!(out, "(for {} {}", key(found.key.as_ref()), found.value.text);
    spaced(out, &found.collection);
    if let Some(key) = &found.result_key {
        spaced(out, key);
        out.push_str(" =>");
    }
    spaced(out, &found.result);
    out.push_str(if found.group { " ..." } else { "" });
    if let Some(condition) = &found.condition {
        out.push_str(" when");
        spaced(out, condition);
    }
    out.push(')');
}

fn template(out: &mut String, parts: &[TemplatePart]) {
    out.push_str("(template");
    for part in parts {
        match part {
            TemplatePart::Literal(text) => {
                let _ = write!(out, " {text:?}");
            }
            TemplatePart::Interpolation(inner) => {
                out.push_str(" $");
                expression(out, inner);
            }
            TemplatePart::If { condition, then, otherwise } => {
                out.push_str(" %if");
                spaced(out, condition);
                template(out, then);
                template(out, otherwise);
            }
            TemplatePart::For { key: name, value, collection, body } => {
                let _ = write!(out, " %for {} {}", key(name.as_ref()), value.text);
                spaced(out, collection);
                template(out, body);
            }
        }
    }
    out.push(')');
}

fn spaced(out: &mut String, found: &Expression) {
    out.push(' ');
    expression(out, found);
}

fn key(name: Option<&Name>) -> &str {
    name.map_or("_", |name| &name.text)
}

fn symbol(operator: BinaryOperator) -> &'static str {
    use BinaryOperator as B;
    match operator {
        B::Or => "||",
        B::And => "&&",
        B::Equal => "==",
        B::NotEqual => "!=",
        B::Less => "<",
        B::LessOrEqual => "<=",
        B::Greater => ">",
        B::GreaterOrEqual => ">=",
        B::Add => "+",
        B::Subtract => "-",
        B::Multiply => "*",
        B::Divide => "/",
        B::Remainder => "%",
    }
}
