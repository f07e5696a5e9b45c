//! The tree of `hcl-edit` in the common form.

use std::fmt::Write;

use hcl_edit::expr::{Expression, ForExpr, ObjectKey, TraversalOperator, UnaryOperator};
use hcl_edit::structure::{BlockLabel, Body};
use hcl_edit::template::{Directive, Element};

/// The tree of `text`, or none where it is refused.
pub(crate) fn read(text: &str) -> Option<String> {
    let tree = hcl_edit::parser::parse_body(text).ok()?;
    let mut out = String::new();
    body(&mut out, &tree);
    Some(out)
}

fn body(out: &mut String, body: &Body) {
    for attribute in body.attributes() {
        let _ = write!(out, "(attribute {} ", attribute.key.as_str());
        expression(out, &attribute.value);
        out.push(')');
    }
    for block in body.blocks() {
        let label = |label: &BlockLabel| match label {
            BlockLabel::Ident(name) => name.as_str().to_owned(),
            BlockLabel::String(text) => text.as_str().to_owned(),
        };
        let labels: Vec<String> = block.labels.iter().map(label).collect();
        let _ = write!(out, "(block {} {labels:?} ", block.ident.as_str());
        self::body(out, &block.body);
        out.push(')');
    }
}

fn expression(out: &mut String, found: &Expression) {
    match found {
        Expression::Null(_) => out.push_str("null"),
        Expression::Bool(value) => out.push_str(if **value { "true" } else { "false" }),
        Expression::Number(number) => {
            let _ = write!(out, "{:?}", number.value().as_f64().expect("a number"));
        }
        Expression::String(text) => {
            let _ = write!(out, "{:?}", text.as_str());
        }
        Expression::StringTemplate(parts) => template(out, parts.iter()),
        Expression::HeredocTemplate(heredoc) => heredoc_template(out, heredoc.template.iter()),
        Expression::Array(members) => {
            out.push_str("(list");
            members.iter().for_each(|member| spaced(out, member));
            out.push(')');
        }
        Expression::Object(entries) => {
            out.push_str("(object");
            for (key, value) in entries {
                match key {
                    ObjectKey::Ident(name) => {
                        let _ = write!(out, " {:?}", name.as_str());
                    }
                    // The words of values are names where they are keys.
                    ObjectKey::Expression(Expression::Bool(word)) => {
                        let _ = write!(out, " {:?}", word.to_string());
                    }
                    ObjectKey::Expression(Expression::Null(_)) => out.push_str(" \"null\""),
                    ObjectKey::Expression(Expression::Variable(name)) => {
                        let _ = write!(out, " {:?}", name.as_str());
                    }
                    ObjectKey::Expression(key) => spaced(out, key),
                }
                out.push_str(" =");
                spaced(out, value.expr());
            }
            out.push(')');
        }
        Expression::Variable(name) => {
            let _ = write!(out, "(variable {})", name.as_str());
        }
        Expression::FuncCall(call) => {
            let _ = write!(out, "(call {}", call.name.name.as_str());
            call.args.iter().for_each(|argument| spaced(out, argument));
            out.push_str(if call.args.expand_final() { " ...)" } else { ")" });
        }
        Expression::Parenthesis(inner) => expression(out, inner.inner()),
        Expression::ForExpr(found) => for_expression(out, found),
        _ => operation(out, found),
    }
}

fn operation(out: &mut String, found: &Expression) {
    match found {
        Expression::Traversal(traversal) => {
            // `-1[0]` is minus `1[0]` by the specification; they take the sign for a part of the number.
            let negative = match &traversal.expr {
                Expression::Number(number) => number.value().as_f64().filter(|number| number.is_sign_negative()),
                _ => None,
            };
            if let Some(number) = negative {
                let _ = write!(out, "(neg (into {:?}", -number);
            } else {
                out.push_str("(into ");
                expression(out, &traversal.expr);
            }
            for operator in &traversal.operators {
                match operator.value() {
                    TraversalOperator::GetAttr(name) => {
                        let _ = write!(out, " .{}", name.as_str());
                    }
                    TraversalOperator::LegacyIndex(index) => {
                        let _ = write!(out, " [{:?}]", index.value().to_string().parse::<f64>().expect("an index"));
                    }
                    TraversalOperator::Index(index) => {
                        out.push_str(" [");
                        expression(out, index);
                        out.push(']');
                    }
                    TraversalOperator::AttrSplat(_) => out.push_str(" .*"),
                    TraversalOperator::FullSplat(_) => out.push_str(" [*]"),
                }
            }
            out.push_str(if negative.is_some() { "))" } else { ")" });
        }
        Expression::UnaryOp(operation) => {
            out.push_str(if *operation.operator.value() == UnaryOperator::Not { "(! " } else { "(neg " });
            expression(out, &operation.expr);
            out.push(')');
        }
        Expression::BinaryOp(operation) => {
            let _ = write!(out, "({} ", operation.operator.as_str());
            expression(out, &operation.lhs_expr);
            spaced(out, &operation.rhs_expr);
            out.push(')');
        }
        Expression::Conditional(conditional) => {
            out.push_str("(if");
            spaced(out, &conditional.cond_expr);
            spaced(out, &conditional.true_expr);
            spaced(out, &conditional.false_expr);
            out.push(')');
        }
        _ => unreachable!("the other kinds are written by `expression`"),
    }
}

fn for_expression(out: &mut String, found: &ForExpr) {
    let key = found.intro.key_var.as_ref().map_or("_", |name| name.as_str());
    let _ = write!(out, "(for {key} {}", found.intro.value_var.as_str());
    spaced(out, &found.intro.collection_expr);
    if let Some(key) = &found.key_expr {
        spaced(out, key);
        out.push_str(" =>");
    }
    spaced(out, &found.value_expr);
    out.push_str(if found.grouping { " ..." } else { "" });
    if let Some(condition) = &found.cond {
        out.push_str(" when");
        spaced(out, &condition.expr);
    }
    out.push(')');
}

/// A heredoc without anything to evaluate is a text in our tree.
fn heredoc_template<'a>(out: &mut String, parts: impl Iterator<Item = &'a Element>) {
    let parts: Vec<&Element> = parts.collect();
    match parts.as_slice() {
        [] => out.push_str("\"\""),
        [Element::Literal(text)] => {
            let _ = write!(out, "{:?}", text.as_str());
        }
        _ => template(out, parts.into_iter()),
    }
}

fn template<'a>(out: &mut String, parts: impl Iterator<Item = &'a Element>) {
    out.push_str("(template");
    for part in parts {
        match part {
            Element::Literal(text) => {
                let _ = write!(out, " {:?}", text.as_str());
            }
            Element::Interpolation(interpolation) => {
                out.push_str(" $");
                expression(out, &interpolation.expr);
            }
            Element::Directive(directive) => self::directive(out, directive),
        }
    }
    out.push(')');
}

fn directive(out: &mut String, found: &Directive) {
    match found {
        Directive::If(found) => {
            out.push_str(" %if");
            spaced(out, &found.if_expr.cond_expr);
            template(out, found.if_expr.template.iter());
            match &found.else_expr {
                Some(otherwise) => template(out, otherwise.template.iter()),
                None => out.push_str("(template)"),
            }
        }
        Directive::For(found) => {
            let intro = &found.for_expr;
            let key = intro.key_var.as_ref().map_or("_", |name| name.as_str());
            let _ = write!(out, " %for {key} {}", intro.value_var.as_str());
            spaced(out, &intro.collection_expr);
            template(out, intro.template.iter());
        }
    }
}

fn spaced(out: &mut String, found: &Expression) {
    out.push(' ');
    expression(out, found);
}
