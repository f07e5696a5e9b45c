//! What every check needs: the evaluator, the declared names, and the list of mistakes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Caller, Command, Place, Repository, Runner};
use crate::evaluate::{AccountValues, Evaluator, Locals, Located, Names, Scope, Uses, Value, resolve};
use crate::source::{Sources, Span};
use crate::syntax::tree::{Attribute, Block, Expression, ExpressionKind};

use super::block::{self, Fields, Schema};
use super::convert::Subject;
use super::names::Declared;
use super::patterns::Interner;
use super::runner::RunnerVariables;

/// The state of a check.
pub(super) struct Context<'a> {
    pub(super) sources: &'a Sources,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    evaluator: Evaluator,
    locals: Locals,
    pub(super) patterns: Interner,
    pub(super) repositories: Declared<Repository>,
    pub(super) callers: Declared<Caller>,
    pub(super) runners: Declared<Runner>,
    pub(super) commands: Declared<Command>,
    pub(super) accounts: Declared<Arc<str>>,
    /// Where the variables of each runner are written.
    pub(super) runner_variables: BTreeMap<Arc<str>, RunnerVariables>,
    /// The imported commands that do not exist, with the runner that would make each exist (N6).
    pub(super) missing_imports: Vec<(Arc<str>, Arc<str>)>,
}

impl<'a> Context<'a> {
    /// Evaluates the locals; everything else follows block by block.
    pub(super) fn new(sources: &'a Sources, locals: &[&[Attribute]], diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        let mut evaluator = Evaluator::new();
        let locals = Locals::evaluate(&unique_locals(locals, diagnostics), &mut evaluator, diagnostics);
        Self {
            sources,
            diagnostics,
            evaluator,
            locals,
            patterns: Interner::default(),
            repositories: Declared::new("repository"),
            callers: Declared::new("caller"),
            runners: Declared::new("runner"),
            commands: Declared::new("command"),
            accounts: Declared::new("account"),
            runner_variables: BTreeMap::new(),
            missing_imports: Vec::new(),
        }
    }

    /// Reports a mistake.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a mistake that needs no more than a message and help.
    pub(super) fn mistake(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::new(code, span, message).help(help));
    }

    /// Compares a block with what it may hold, and checks its description.
    pub(super) fn fields<'b>(&mut self, block: &'b Block, schema: &Schema) -> Fields<'b> {
        let fields = block::read(block, schema, self.diagnostics);
        if let Some(attribute) = fields.attribute("description")
            && !self.resolve(&attribute.value, true).account
            && let Some(value) = self.evaluate(&attribute.value, None)
            && value.value != Value::Null
        {
            self.text(&Subject::of(attribute), &value);
        }
        fields
    }

    /// Where a block begins.
    pub(super) fn place(&self, span: Span) -> Place {
        match self.sources.file(span.file) {
            Some(file) => Place { file: file.name().clone(), line: file.line(span.start) },
            None => Place { file: "standard.hcl".into(), line: 1 },
        }
    }

    /// Looks at the names in an expression without evaluating it, and reports those that do not exist.
    pub(super) fn resolve(&mut self, expression: &Expression, account_exists: bool) -> Uses {
        let names = Names { locals: self.locals.names(), account: account_exists };
        resolve(expression, &names, self.diagnostics)
    }

    /// Evaluates an expression whose names were resolved. None where that fails; then it is reported, for each member of
    /// a list or object by itself (L3).
    pub(super) fn evaluate(&mut self, expression: &Expression, account: Option<&AccountValues>) -> Option<Located> {
        let scope = Scope { locals: &self.locals, account };
        let error = match self.evaluator.evaluate(expression, &scope) {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let before = self.diagnostics.len();
        for part in parts(expression) {
            self.evaluate(part, account);
        }
        if self.diagnostics.len() == before {
            self.diagnostics.extend(error.into_diagnostic());
        }
        None
    }

    /// Resolves and evaluates an attribute outside rules, where there is no `account`.
    pub(super) fn value(&mut self, attribute: &Attribute) -> Option<Located> {
        let before = self.diagnostics.len();
        self.resolve(&attribute.value, false);
        if self.diagnostics.len() > before {
            return None;
        }
        self.evaluate(&attribute.value, None)
    }

    /// The converted value of an attribute that may be left out; `null` equals leaving it out (X3).
    pub(super) fn optional<T>(
        &mut self,
        fields: &Fields<'_>,
        name: &str,
        convert: impl FnOnce(&mut Self, &Subject<'_>, &Located) -> Option<T>,
    ) -> Option<T> {
        let attribute = fields.attribute(name)?;
        let value = self.value(attribute)?;
        if value.value == Value::Null {
            return None;
        }
        convert(self, &Subject::of(attribute), &value)
    }

    /// The converted value of an attribute that must be there.
    pub(super) fn required<T>(
        &mut self,
        fields: &Fields<'_>,
        name: &str,
        convert: impl FnOnce(&mut Self, &Subject<'_>, &Located) -> Option<T>,
    ) -> Option<T> {
        let Some(attribute) = fields.attribute(name) else {
            self.missing(fields, name);
            return None;
        };
        let value = self.value(attribute)?;
        if value.value == Value::Null {
            self.missing(fields, name);
            return None;
        }
        convert(self, &Subject::of(attribute), &value)
    }

    /// L3: a missing attribute is reported at the block's header, unless part of the block could not be read.
    pub(super) fn missing(&mut self, fields: &Fields<'_>, name: &str) {
        if !fields.block.body.broken {
            let kind = &fields.block.kind.text;
            let label = fields.label();
            let message = match label {
                "" => format!("this `{kind}` block has no `{name}`"),
                _ => format!("the {kind} `{label}` has no `{name}`"),
            };
            self.mistake(Code::MissingAttribute, fields.header(), message, format!("add `{name} = …`"));
        }
    }

    /// Reports all blocks of a kind but the first, where one may stand.
    pub(super) fn at_most_one<'b>(&mut self, blocks: impl Iterator<Item = &'b Block>) -> Option<&'b Block> {
        let mut first: Option<&Block> = None;
        for block in blocks {
            match first {
                None => first = Some(block),
                Some(before) => {
                    let message = format!("a second `{}` block", block.kind.text);
                    self.report(
                        Diagnostic::new(Code::RepeatedBlock, block.header, message)
                            .help("put what both say into one block")
                            .related(before.header, "the first one"),
                    );
                }
            }
        }
        first
    }
}

/// The locals of all files; one whose name is taken is reported and left out.
fn unique_locals<'b>(locals: &[&'b [Attribute]], diagnostics: &mut Vec<Diagnostic>) -> Vec<&'b Attribute> {
    let mut first: BTreeMap<&str, (usize, &Attribute)> = BTreeMap::new();
    let mut unique = Vec::new();
    let numbered =
        locals.iter().enumerate().flat_map(|(block, attributes)| attributes.iter().map(move |found| (block, found)));
    for (block, attribute) in numbered {
        let name = &*attribute.name.text;
        match first.get(name) {
            None => {
                first.insert(name, (block, attribute));
                unique.push(attribute);
            }
            // In one block that is an attribute written twice, which the parser has reported.
            Some((same, _)) if *same == block => {}
            Some((_, before)) => diagnostics.push(
                Diagnostic::new(Code::DuplicateName, attribute.name.span, format!("a second local `{name}`"))
                    .help("locals are shared by all files of an estate; give this one another name")
                    .related(before.name.span, "the first one"),
            ),
        }
    }
    unique
}

/// The expressions that a list or object is made of.
fn parts(expression: &Expression) -> Vec<&Expression> {
    match &expression.kind {
        ExpressionKind::List(members) => members.iter().collect(),
        ExpressionKind::Object(entries) => entries.iter().flat_map(|entry| [&entry.key, &entry.value]).collect(),
        ExpressionKind::Parenthesis(inner) => vec![inner],
        _ => Vec::new(),
    }
}

/// The part of an expression that needs no `account` (N1): the members of lists and the entries of objects without it.
pub(super) fn without_account(
    expression: &Expression,
    needs_account: &mut impl FnMut(&Expression) -> bool,
) -> Option<Expression> {
    if !needs_account(expression) {
        return Some(expression.clone());
    }
    let kind = match &expression.kind {
        ExpressionKind::List(members) => {
            ExpressionKind::List(members.iter().filter_map(|member| without_account(member, needs_account)).collect())
        }
        ExpressionKind::Object(entries) => {
            let mut kept = Vec::new();
            for entry in entries {
                if !needs_account(&entry.key)
                    && let Some(value) = without_account(&entry.value, needs_account)
                {
                    kept.push(crate::syntax::tree::ObjectEntry { key: entry.key.clone(), value });
                }
            }
            ExpressionKind::Object(kept)
        }
        ExpressionKind::Parenthesis(inner) => return without_account(inner, needs_account),
        _ => return None,
    };
    Some(Expression { kind, span: expression.span })
}
