//! Every span of a tree: to forget them, so that two trees compare by what they say alone, and to find the texts.

use crate::source::{FileId, Span};

use super::tree::{Body, Expression, ExpressionKind, Name, Step, TemplatePart};

/// What a span covers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Covers {
    /// A label, a quoted text or template, a heredoc; also an object's key that is a bare name.
    Text,
    /// Anything else.
    Other,
}

/// Whether two trees say the same, wherever it stands.
pub fn same_tree(mut left: Body, mut right: Body) -> bool {
    forget(&mut left);
    forget(&mut right);
    left == right
}

fn forget(body: &mut Body) {
    each_of_body(body, &mut |span, _| *span = Span::new(FileId::first(), 0, 0));
}

/// Where the quoted texts, templates and heredocs of `text` stand, of which `body` is the tree; those inside others do
/// not count.
pub(crate) fn texts(text: &str, mut body: Body) -> Vec<Span> {
    let mut found = Vec::new();
    each_of_body(&mut body, &mut |span, covers| {
        let rest = text.get(span.start as usize..).unwrap_or("");
        // What is written without quotes is a bare name.
        if covers == Covers::Text && (rest.starts_with('"') || rest.starts_with("<<")) {
            found.push(*span);
        }
    });
    found.sort();
    let mut end = 0;
    found.retain(|span| {
        let outside = span.start >= end;
        end = end.max(span.end);
        outside
    });
    found
}

fn each_of_body(body: &mut Body, see: &mut dyn FnMut(&mut Span, Covers)) {
    for attribute in &mut body.attributes {
        see(&mut attribute.span, Covers::Other);
        see(&mut attribute.name.span, Covers::Other);
        each_of(&mut attribute.value, see);
    }
    for block in &mut body.blocks {
        see(&mut block.header, Covers::Other);
        see(&mut block.kind.span, Covers::Other);
        block.labels.iter_mut().for_each(|label| see(&mut label.span, Covers::Text));
        each_of_body(&mut block.body, see);
    }
}

fn each_of(expression: &mut Expression, see: &mut dyn FnMut(&mut Span, Covers)) {
    let covers = match expression.kind {
        ExpressionKind::Text(_) | ExpressionKind::Template(_) => Covers::Text,
        _ => Covers::Other,
    };
    see(&mut expression.span, covers);
    match &mut expression.kind {
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Text(_)
        | ExpressionKind::Variable(_) => {}
        ExpressionKind::Template(parts) => each_of_template(parts, see),
        ExpressionKind::List(members) => members.iter_mut().for_each(|member| each_of(member, see)),
        ExpressionKind::Object(entries) => entries.iter_mut().for_each(|entry| {
            each_of(&mut entry.key, see);
            each_of(&mut entry.value, see);
        }),
        ExpressionKind::Call(call) => {
            see(&mut call.name.span, Covers::Other);
            call.arguments.iter_mut().for_each(|argument| each_of(argument, see));
        }
        ExpressionKind::Traversal(traversal) => {
            each_of(&mut traversal.subject, see);
            for (step, span) in &mut traversal.steps {
                see(span, Covers::Other);
                if let Step::Index(index) = step {
                    each_of(index, see);
                }
            }
        }
        ExpressionKind::Unary(_, inner) | ExpressionKind::Parenthesis(inner) => each_of(inner, see),
        ExpressionKind::Binary(first, rest) => {
            each_of(first, see);
            rest.iter_mut().for_each(|(_, operand)| each_of(operand, see));
        }
        ExpressionKind::Conditional(arms, otherwise) => {
            for (condition, chosen) in arms {
                each_of(condition, see);
                each_of(chosen, see);
            }
            each_of(otherwise, see);
        }
        ExpressionKind::For(found) => {
            each_of_names(found.key.as_mut(), &mut found.value, see);
            each_of(&mut found.collection, see);
            let others = [found.result_key.as_mut(), Some(&mut found.result), found.condition.as_mut()];
            others.into_iter().flatten().for_each(|inner| each_of(inner, see));
        }
    }
}

fn each_of_template(parts: &mut [TemplatePart], see: &mut dyn FnMut(&mut Span, Covers)) {
    for part in parts {
        match part {
            TemplatePart::Literal(_) => {}
            TemplatePart::Interpolation(inner) => each_of(inner, see),
            TemplatePart::If { condition, then, otherwise } => {
                each_of(condition, see);
                each_of_template(then, see);
                each_of_template(otherwise, see);
            }
            TemplatePart::For { key, value, collection, body } => {
                each_of_names(key.as_mut(), value, see);
                each_of(collection, see);
                each_of_template(body, see);
            }
        }
    }
}

fn each_of_names(key: Option<&mut Name>, value: &mut Name, see: &mut dyn FnMut(&mut Span, Covers)) {
    key.into_iter().for_each(|name| see(&mut name.span, Covers::Other));
    see(&mut value.span, Covers::Other);
}
