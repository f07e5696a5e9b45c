//! What an expression names, found without evaluating anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{AccountValues, FUNCTIONS};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::suggestion::{nearest, one_of};
use crate::syntax::tree::{Call, Expression, ExpressionKind, For, Name, ObjectEntry, Step, TemplatePart, Traversal};

/// Findings after which names are no longer suggested: each suggestion looks at every declared name.
const SUGGESTIONS: usize = 100;

/// The names that exist where an expression stands.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The locals of the estate, as keys; what they map to is not looked at.
    pub locals: &'a BTreeMap<Arc<str>, usize>,
    /// Whether `account` exists (N1).
    pub account: bool,
}

/// What an expression uses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// Whether it needs an account.
    pub account: bool,
    /// The declared locals it names, sorted, each once.
    pub locals: Vec<Arc<str>>,
}

/// Reports every name in `expression` that does not exist, also inside `try`, and says what the expression uses.
pub fn resolve(expression: &Expression, names: &Names<'_>, diagnostics: &mut Vec<Diagnostic>) -> Uses {
    let mut resolver = Resolver { names, diagnostics, variables: Vec::new(), account: false, locals: BTreeSet::new() };
    resolver.expression(expression);
    Uses { account: resolver.account, locals: resolver.locals.into_iter().collect() }
}

struct Resolver<'a> {
    names: &'a Names<'a>,
    diagnostics: &'a mut Vec<Diagnostic>,
    variables: Vec<Arc<str>>,
    account: bool,
    locals: BTreeSet<Arc<str>>,
}

impl Resolver<'_> {
    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Null | ExpressionKind::Bool(_) | ExpressionKind::Number(_) | ExpressionKind::Text(_) => {}
            ExpressionKind::Template(parts) => self.template(parts),
            ExpressionKind::List(members) => self.all(members),
            ExpressionKind::Object(entries) => {
                for ObjectEntry { key, value } in entries {
                    self.expression(key);
                    self.expression(value);
                }
            }
            ExpressionKind::Variable(name) => self.variable(name, expression.span),
            ExpressionKind::Call(call) => self.call(call),
            ExpressionKind::Traversal(traversal) => self.traversal(traversal),
            ExpressionKind::Unary(_, operand) | ExpressionKind::Parenthesis(operand) => self.expression(operand),
            ExpressionKind::Binary(first, rest) => {
                self.expression(first);
                for (_, operand) in rest {
                    self.expression(operand);
                }
            }
            ExpressionKind::Conditional(arms, otherwise) => {
                for (condition, arm) in arms {
                    self.expression(condition);
                    self.expression(arm);
                }
                self.expression(otherwise);
            }
            ExpressionKind::For(iteration) => self.iteration(iteration),
        }
    }

    fn all(&mut self, expressions: &[Expression]) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn template(&mut self, parts: &[TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Literal(_) => {}
                TemplatePart::Interpolation(expression) => self.expression(expression),
                TemplatePart::If { condition, then, otherwise } => {
                    self.expression(condition);
                    self.template(then);
                    self.template(otherwise);
                }
                TemplatePart::For { key, value, collection, body } => {
                    self.expression(collection);
                    let depth = self.bind(key.as_ref(), value);
                    self.template(body);
                    self.variables.truncate(depth);
                }
            }
        }
    }

    fn iteration(&mut self, iteration: &For) {
        // The collection stands outside of the scope of the variables.
        self.expression(&iteration.collection);
        let depth = self.bind(iteration.key.as_ref(), &iteration.value);
        let inside = [iteration.result_key.as_ref(), Some(&iteration.result), iteration.condition.as_ref()];
        for expression in inside.into_iter().flatten() {
            self.expression(expression);
        }
        self.variables.truncate(depth);
    }

    fn bind(&mut self, key: Option<&Name>, value: &Name) -> usize {
        let depth = self.variables.len();
        self.variables.extend(key.into_iter().chain([value]).map(|name| Arc::clone(&name.text)));
        depth
    }

    fn is_bound(&self, name: &str) -> bool {
        self.variables.iter().any(|variable| **variable == *name)
    }

    fn call(&mut self, call: &Call) {
        if !FUNCTIONS.iter().any(|function| function.name == &*call.name.text) {
            let near = self.near(&call.name.text, FUNCTIONS.iter().map(|function| function.name));
            let message = format!("there is no function `{}`", call.name.text);
            let fault = Diagnostic::new(Code::UnknownFunction, call.name.span, message)
                .maybe_help(near.map(|near| format!("did you mean `{near}`?")));
            self.diagnostics.push(fault);
        }
        self.all(&call.arguments);
    }

    fn traversal(&mut self, traversal: &Traversal) {
        let subject = &traversal.subject;
        match &subject.kind {
            ExpressionKind::Variable(name) if !self.is_bound(name) => {
                self.root(name, subject.span, traversal.steps.first());
            }
            _ => self.expression(subject),
        }
        for (step, _) in &traversal.steps {
            if let Step::Index(index) = step {
                self.expression(index);
            }
        }
    }

    /// A variable that no `for` binds, and the first step after it.
    fn root(&mut self, name: &str, span: Span, first: Option<&(Step, Span)>) {
        match (name, first) {
            ("local", Some((Step::Attribute(local), step))) => self.local(local, span.to(*step)),
            ("account", Some((Step::Attribute(attribute), step))) if self.names.account => {
                self.account = true;
                self.account_attribute(attribute, *step);
            }
            _ => self.variable(name, span),
        }
    }

    fn local(&mut self, name: &Arc<str>, span: Span) {
        if self.names.locals.contains_key(name) {
            self.locals.insert(Arc::clone(name));
            return;
        }
        let near = self.near(name, self.names.locals.keys().map(|key| &**key));
        let help = near.map_or_else(
            || format!("declare it in a `locals` block: `{name} = …`"),
            |near| format!("did you mean `local.{near}`?"),
        );
        let message = format!("the local `{name}` is not declared");
        self.diagnostics.push(Diagnostic::new(Code::UndeclaredName, span, message).help(help));
    }

    fn account_attribute(&mut self, name: &str, span: Span) {
        let attributes = AccountValues::ATTRIBUTES;
        if attributes.contains(&name) {
            return;
        }
        let help = match nearest(name, attributes.iter().copied()) {
            Some(near) => format!("did you mean `account.{near}`?"),
            None => format!("it has {}", one_of(attributes)),
        };
        let message = format!("`account` has no attribute `{name}`");
        self.diagnostics.push(Diagnostic::new(Code::NoSuchElement, span, message).help(help));
    }

    fn variable(&mut self, name: &str, span: Span) {
        if self.is_bound(name) {
            return;
        }
        let (message, help) = match name {
            "account" => {
                self.account = true;
                if self.names.account {
                    return;
                }
                let help = "it exists only inside `permit` and `forbid` blocks of accounts and templates";
                ("there is no `account` here".to_owned(), help.to_owned())
            }
            "local" => {
                let help = "write `local.NAME` with the name of a local".to_owned();
                ("`local` is no value by itself".to_owned(), help)
            }
            _ => (format!("there is no variable `{name}`"), self.variable_help(name)),
        };
        self.diagnostics.push(Diagnostic::new(Code::UnknownVariable, span, message).help(help));
    }

    fn variable_help(&self, name: &str) -> String {
        let known = ["account", "local"].into_iter().chain(self.variables.iter().map(|variable| &**variable));
        if self.names.locals.contains_key(name) {
            format!("did you mean `local.{name}`?")
        } else if let Some(near) = self.near(name, known) {
            format!("did you mean `{near}`?")
        } else {
            format!("text is written in quotes: `\"{name}\"`")
        }
    }

    fn near<'n>(&self, name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
        if self.diagnostics.len() < SUGGESTIONS { nearest(name, candidates) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::{Names, resolve};
    use crate::evaluate::testing::{
        attribute, binary, call, conditional, each, iteration, keyed, list, local, name, not, null, object, of, put,
        span, template, text, traverse, variable,
    };
    use crate::syntax::tree::{BinaryOperator, Expression, ExpressionKind, For, Step, TemplatePart};

    fn look(expression: &Expression, account: bool) -> (Vec<String>, bool, Vec<String>) {
        let locals: BTreeMap<Arc<str>, usize> = [("alpha".into(), 0), ("beta".into(), 1)].into();
        let mut found = Vec::new();
        let uses = resolve(expression, &Names { locals: &locals, account }, &mut found);
        let shown = found
            .iter()
            .map(|fault| format!("{} {} / {}", fault.code.as_str(), fault.message, fault.help.as_deref().unwrap_or("")))
            .collect();
        (shown, uses.account, uses.locals.iter().map(ToString::to_string).collect())
    }

    fn faults(expression: &Expression) -> Vec<String> {
        look(expression, true).0
    }

    #[test]
    fn unknown_names_are_reported_with_what_is_near() {
        for (expression, expected) in [
            (call("jion", vec![]), "PL302 there is no function `jion` / did you mean `join`?"),
            (call("qqqqqq", vec![]), "PL302 there is no function `qqqqqq` / "),
            (variable("acount"), "PL301 there is no variable `acount` / did you mean `account`?"),
            (variable("alpha"), "PL301 there is no variable `alpha` / did you mean `local.alpha`?"),
            (
                variable("production"),
                "PL301 there is no variable `production` / text is written in quotes: `\"production\"`",
            ),
            (variable("local"), "PL301 `local` is no value by itself / write `local.NAME` with the name of a local"),
            (local("alhpa"), "PL203 the local `alhpa` is not declared / did you mean `local.alpha`?"),
            (
                local("something"),
                "PL203 the local `something` is not declared / declare it in a `locals` block: `something = …`",
            ),
            (
                call("try", vec![local("alhpa"), null()]),
                "PL203 the local `alhpa` is not declared / did you mean `local.alpha`?",
            ),
            (
                traverse(variable("account"), vec![attribute("nmae")]),
                "PL306 `account` has no attribute `nmae` / did you mean `account.name`?",
            ),
            (
                traverse(variable("account"), vec![attribute("region")]),
                "PL306 `account` has no attribute `region` / it has `id`, `labels` or `name`",
            ),
        ] {
            assert_eq!(faults(&expression), [expected]);
        }
        let indexed = traverse(variable("local"), vec![Step::Index(text("alpha"))]);
        assert_eq!(faults(&indexed).len(), 1);
    }

    // N1
    #[test]
    fn account_exists_where_it_is_said_to() {
        let id = traverse(variable("account"), vec![attribute("id")]);
        assert_eq!(look(&id, true), (vec![], true, vec![]));
        assert_eq!(look(&variable("account"), true), (vec![], true, vec![]));
        for expression in [id, variable("account")] {
            let (found, uses, _) = look(&expression, false);
            assert_eq!(
                found,
                [
                    "PL301 there is no `account` here / it exists only inside `permit` and `forbid` blocks of accounts and templates"
                ]
            );
            assert!(uses);
        }
        assert!(!look(&text("a"), true).1);
    }

    #[test]
    fn every_part_of_an_expression_is_looked_at() {
        let unknown = || variable("unknown");
        let all = [
            list(vec![unknown()]),
            object(vec![("a", unknown())]),
            keyed(vec![(unknown(), null())]),
            call("any", vec![unknown()]),
            traverse(unknown(), vec![attribute("a")]),
            traverse(list(vec![]), vec![Step::Index(unknown())]),
            not(unknown()),
            of(ExpressionKind::Parenthesis(Box::new(unknown()))),
            binary(unknown(), BinaryOperator::Add, null()),
            binary(null(), BinaryOperator::Add, unknown()),
            conditional(unknown(), null(), null()),
            conditional(null(), unknown(), null()),
            conditional(null(), null(), unknown()),
            template(vec![put(unknown())]),
            template(vec![TemplatePart::If { condition: unknown(), then: vec![], otherwise: vec![] }]),
            template(vec![TemplatePart::If { condition: null(), then: vec![put(unknown())], otherwise: vec![] }]),
            template(vec![TemplatePart::If { condition: null(), then: vec![], otherwise: vec![put(unknown())] }]),
            iteration(each(unknown(), null())),
            iteration(each(null(), unknown())),
            iteration(For { condition: Some(unknown()), ..each(null(), null()) }),
            iteration(For { result_key: Some(unknown()), ..each(null(), null()) }),
        ];
        for expression in all {
            assert_eq!(faults(&expression).len(), 1, "{expression:?}");
        }
    }

    #[test]
    fn for_variables_are_known_inside_alone() {
        let both = || list(vec![variable("k"), variable("v")]);
        let repeat = |collection, body| TemplatePart::For { key: Some(name("k")), value: name("v"), collection, body };
        let inside = For { condition: Some(variable("v")), result_key: Some(variable("k")), ..each(null(), both()) };
        assert!(faults(&iteration(inside)).is_empty());
        assert_eq!(faults(&iteration(each(variable("v"), null()))).len(), 1);
        assert_eq!(faults(&list(vec![iteration(each(null(), both())), both()])).len(), 2);
        assert!(faults(&template(vec![repeat(null(), vec![put(variable("k")), put(variable("v"))])])).is_empty());
        assert_eq!(faults(&template(vec![repeat(variable("v"), vec![]), put(variable("k"))])).len(), 2);
        // A variable hides `local`, so what follows is a step into it.
        let hiding = For { value: name("local"), ..each(null(), local("nothing")) };
        assert_eq!(look(&iteration(hiding), false), (vec![], false, vec![]));
    }

    #[test]
    fn locals_are_named_once_and_sorted() {
        let expression = list(vec![local("beta"), local("alpha"), call("try", vec![local("beta")])]);
        assert_eq!(look(&expression, false), (vec![], false, vec!["alpha".to_owned(), "beta".to_owned()]));
    }

    #[test]
    fn suggestions_end_after_a_hundred_findings() {
        let many = list((0..102).map(|_| call("jion", vec![])).collect());
        let found = faults(&many);
        assert_eq!(found.iter().filter(|fault| fault.ends_with("`join`?")).count(), 100);
        assert_eq!((found.len(), span(0, 1)), (102, span(0, 1)));
    }
}
