//! `template` blocks and what they extend (N1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::Rule;
use crate::limits;
use crate::source::Span;
use crate::syntax::tree::Block;

use super::block::{Fields, Schema};
use super::context::Context;
use super::graph::walk;
use super::names::Declared;
use super::rule::RuleDraft;

const TEMPLATE: Schema = Schema { labels: 1, attributes: &["extends"], blocks: &["permit", "forbid"] };

/// The templates of an estate.
pub(super) struct Templates<'a> {
    names: Declared<()>,
    numbers: BTreeMap<Arc<str>, usize>,
    entries: Vec<Template<'a>>,
}

/// One template.
struct Template<'a> {
    drafts: Vec<RuleDraft<'a>>,
    /// The templates it extends, circles taken out.
    extends: Vec<usize>,
    /// How many `extends` follow each other from here.
    chain: usize,
}

/// The names in an `extends` list and where each stands.
pub(super) type Extends = Vec<(Arc<str>, Span)>;

impl<'a> Context<'a> {
    /// The `template` blocks.
    pub(super) fn templates(&mut self, blocks: &[&'a Block]) -> Templates<'a> {
        let mut templates =
            Templates { names: Declared::new("template"), numbers: BTreeMap::new(), entries: Vec::new() };
        let mut extends: Vec<Extends> = Vec::new();
        for block in blocks {
            let fields = self.fields(block, &TEMPLATE);
            let name = self.block_name(&fields);
            let drafts = self.drafts(block.body.blocks.iter(), true);
            let new =
                name.as_ref().is_some_and(|name| templates.names.declare(name, fields.header(), self.diagnostics));
            let listed = self.extends(&fields);
            if let (Some(name), true) = (name, new) {
                templates.numbers.insert(name, templates.entries.len());
                templates.entries.push(Template { drafts, extends: Vec::new(), chain: 0 });
                extends.push(listed);
            }
        }
        self.connect(&mut templates, &extends);
        templates
    }

    /// The names that a block extends.
    pub(super) fn extends(&mut self, fields: &Fields<'_>) -> Extends {
        let listed = self.optional(fields, "extends", |context, subject, value| {
            let members = context.members(subject, value)?;
            let names =
                members.iter().map(|member| Some((context.text(&subject.member(member), member)?, member.span)));
            Some(names.collect::<Vec<_>>().into_iter().flatten().collect())
        });
        listed.unwrap_or_default()
    }

    /// Resolves what templates extend; circles and chains that are too long are reported.
    fn connect(&mut self, templates: &mut Templates<'a>, extends: &[Extends]) {
        let known: Vec<Vec<(usize, Span)>> = extends.iter().map(|list| self.numbers(templates, list)).collect();
        let references: Vec<Vec<usize>> =
            known.iter().map(|list| list.iter().map(|(number, _)| *number).collect()).collect();
        let found = walk(&references);
        let closing: BTreeSet<(usize, usize)> = found.closing.iter().copied().collect();
        for node in found.order {
            let Some(list) = known.get(node) else { continue };
            let mut kept = Vec::new();
            let mut chain = 0;
            for (index, (target, span)) in list.iter().enumerate() {
                if closing.contains(&(node, index)) {
                    let message = "this closes a circle of templates that extend each other";
                    self.mistake(Code::Cycle, *span, message, "take one template out of the circle");
                    continue;
                }
                let below = templates.entries.get(*target).map_or(0, |template| template.chain) + 1;
                self.chain_limit(below, *span);
                chain = chain.max(below);
                kept.push(*target);
            }
            if let Some(template) = templates.entries.get_mut(node) {
                template.extends = kept;
                template.chain = chain;
            }
        }
    }

    /// Reports the first step of a chain that is over the limit; those that build on it are no further mistakes.
    pub(super) fn chain_limit(&mut self, chain: usize, span: Span) {
        if chain == limits::EXTENDS_CHAIN + 1 {
            let message = format!("more than {} templates extend each other in a chain", limits::EXTENDS_CHAIN);
            self.mistake(Code::TooMany, span, message, "let the account list several templates instead");
        }
    }

    /// The templates of a list of names; N4.
    pub(super) fn numbers(&mut self, templates: &Templates<'_>, extends: &Extends) -> Vec<(usize, Span)> {
        let mut numbers = Vec::with_capacity(extends.len());
        for (name, span) in extends {
            match templates.numbers.get(name) {
                Some(number) => numbers.push((*number, *span)),
                None => {
                    let diagnostic = templates.names.undeclared(name, *span);
                    self.report(diagnostic);
                }
            }
        }
        numbers
    }

    /// The forbids at top level, with where each begins.
    pub(super) fn top_level_forbids(&mut self, blocks: &[&'a Block]) -> Vec<(Arc<Rule>, Span)> {
        let drafts = self.drafts(blocks.iter().copied(), false);
        drafts.iter().filter_map(|draft| Some((self.instantiate(draft, None)?, draft.header))).collect()
    }

    /// N1: checks what can be checked of the templates that no account extends.
    pub(super) fn check_unextended_templates(&mut self, templates: &Templates<'_>, extended: &BTreeSet<usize>) {
        for (number, template) in templates.entries.iter().enumerate() {
            if !extended.contains(&number) {
                for draft in &template.drafts {
                    self.check_unextended(draft);
                }
            }
        }
    }
}

impl<'a> Templates<'a> {
    /// How many `extends` follow each other from a template on.
    pub(super) fn chain(&self, number: usize) -> usize {
        self.entries.get(number).map_or(0, |template| template.chain)
    }

    /// The templates that are reached from some, each once (N1).
    pub(super) fn closure(&self, roots: &[usize]) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open = roots.to_vec();
        while let Some(number) = open.pop() {
            if reached.insert(number)
                && let Some(template) = self.entries.get(number)
            {
                open.extend(&template.extends);
            }
        }
        reached
    }

    /// The rules of some templates.
    pub(super) fn drafts(&self, numbers: &BTreeSet<usize>) -> impl Iterator<Item = &RuleDraft<'a>> {
        numbers.iter().filter_map(|number| self.entries.get(*number)).flat_map(|template| &template.drafts)
    }
}

/// N3, across what applies to one account: reports each name that stands twice at the later place.
pub(super) fn duplicates(rules: &mut Vec<(&str, Span)>) -> Vec<Diagnostic> {
    rules.sort_unstable();
    let mut found = Vec::new();
    for pair in rules.windows(2) {
        if let [(name, before), (other, later)] = pair
            && name == other
        {
            found.push(super::rule::duplicate_rule(name, *later, *before));
        }
    }
    found
}
