//! From policy text to a checked [`Estate`]: reads all files, evaluates, checks, and reports every mistake in one run (L3).

mod account;
mod askable;
mod block;
mod caller;
mod command;
mod context;
mod convert;
mod files;
mod graph;
mod invariant;
mod names;
mod patterns;
mod policy_test;
mod repair;
mod repository;
mod required_texts;
mod requirements;
mod rule;
mod runner;
mod selection;
mod standard;
mod template;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::estate::{Estate, Invariant, Rule};
use crate::source::Sources;
use crate::syntax::tree::{Attribute, Block};

use account::AccountParts;
use block::{Schema, unknown_block};
use context::Context;

pub use files::PolicyFile;
pub(crate) use files::read as read_files;
pub use policy_test::{Expectation, PolicyTest, TestReport, read_tests};
pub use standard::STANDARD;

/// What a check found: the estate, unless there are errors, and everything there is to say about it.
#[derive(Debug)]
pub struct Report {
    /// The estate; none where a diagnostic is an error.
    pub estate: Option<Estate>,
    /// Mistakes and warnings, in the order of L3: by file name, then by position.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics' spans lie in.
    pub sources: Sources,
}

/// Reads and checks an estate. `files` are its policy files in any order, with names relative to the policy directory.
///
/// ```
/// use policy_core::{PolicyFile, check};
///
/// let report = check(vec![PolicyFile::new("estate.hcl", "account \"prod\" { id = \"222222222222\" }\n")]);
/// assert!(report.diagnostics.is_empty());
/// assert_eq!(report.estate.unwrap().accounts.len(), 1);
/// ```
pub fn check(files: Vec<PolicyFile>) -> Report {
    let mut diagnostics = Vec::new();
    let (sources, bodies) = files::read(files, &mut diagnostics);
    let estate = bodies.map(|bodies| {
        let blocks = TopLevel::sort(&bodies, &mut diagnostics);
        let mut context = Context::new(&sources, &blocks.locals, &mut diagnostics);
        build(&mut context, &blocks)
    });
    let diagnostics = in_order(diagnostics);
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    Report { estate: estate.filter(|_| !failed), diagnostics, sources }
}

/// L3: by file name and position; what is found at one place once for each of many accounts is one mistake.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    diagnostics.dedup_by_key(|diagnostic| (diagnostic.span, diagnostic.code, same_place(diagnostic)));
    diagnostics
}

/// Of two mistakes with one code at one place, a block lacks two attributes where the messages differ; anything else was
/// found twice.
fn same_place(diagnostic: &Diagnostic) -> Option<String> {
    (diagnostic.code == Code::MissingAttribute).then(|| diagnostic.message.clone())
}

/// The blocks of all files by kind, in the order of L3.
#[derive(Default)]
struct TopLevel<'a> {
    policy: Vec<&'a Block>,
    /// The attributes of each `locals` block.
    locals: Vec<&'a [Attribute]>,
    repositories: Vec<&'a Block>,
    callers: Vec<&'a Block>,
    runners: Vec<&'a Block>,
    commands: Vec<&'a Block>,
    templates: Vec<&'a Block>,
    accounts: Vec<&'a Block>,
    forbids: Vec<&'a Block>,
    invariants: Vec<&'a Block>,
}

const KINDS: &[&str] =
    &["policy", "locals", "repository", "caller", "runner", "command", "template", "account", "forbid", "invariant"];

impl<'a> TopLevel<'a> {
    fn sort(bodies: &'a [crate::syntax::tree::Body], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut sorted = Self::default();
        for body in bodies {
            for attribute in &body.attributes {
                let message = format!("`{}` stands outside any block", attribute.name.text);
                diagnostics.push(
                    Diagnostic::new(Code::UnknownAttribute, attribute.span, message)
                        .help("values with names of your own belong in a `locals` block"),
                );
            }
            for block in &body.blocks {
                sorted.add(block, diagnostics);
            }
        }
        sorted
    }

    fn add(&mut self, block: &'a Block, diagnostics: &mut Vec<Diagnostic>) {
        match &*block.kind.text {
            "policy" => self.policy.push(block),
            "locals" => {
                block::check_labels(block, 0, diagnostics);
                for inner in &block.body.blocks {
                    diagnostics.push(unknown_block(inner, "locals", &Schema::EMPTY));
                }
                self.locals.push(&block.body.attributes);
            }
            "repository" => self.repositories.push(block),
            "caller" => self.callers.push(block),
            "runner" => self.runners.push(block),
            "command" => self.commands.push(block),
            "template" => self.templates.push(block),
            "account" => self.accounts.push(block),
            "forbid" => self.forbids.push(block),
            "invariant" => self.invariants.push(block),
            "permit" => diagnostics.push(
                Diagnostic::new(Code::UnknownBlock, block.header, "a `permit` rule stands outside any account")
                    .help("write it in an `account`, or in a `template` that accounts extend"),
            ),
            _ => diagnostics.push(block::unknown_top_level(block, KINDS)),
        }
    }
}

/// Checks block by block, in the order in which they refer to each other.
fn build<'a>(context: &mut Context<'a>, blocks: &TopLevel<'a>) -> Estate {
    let policy = context.policy(&blocks.policy);
    context.repositories(&blocks.repositories);
    context.callers(&blocks.callers);
    context.runners(&blocks.runners);
    context.commands(&blocks.commands, policy.import_standard);
    let templates = context.templates(&blocks.templates);
    let forbids = context.top_level_forbids(&blocks.forbids);
    let parts: Vec<AccountParts<'_>> = context.account_parts(&blocks.accounts);
    let accounts = context.accounts(parts, &templates, &forbids);
    let invariants: Vec<Invariant> = context.invariants(&blocks.invariants);
    let forbids: Vec<Arc<Rule>> = sorted(forbids.into_iter().map(|(rule, _)| rule), |rule| &rule.name);
    Estate {
        language: policy.language,
        accounts: sorted(accounts.into_iter().flatten(), |account| &account.name),
        repositories: context.repositories.values(),
        callers: context.callers.values(),
        runners: context.runners.values(),
        commands: context.commands.values(),
        forbids,
        invariants: sorted(invariants, |invariant| &invariant.name),
    }
}

fn sorted<T>(items: impl IntoIterator<Item = T>, name: impl Fn(&T) -> &Arc<str>) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort_by(|left, right| name(left).cmp(name(right)));
    items
}
