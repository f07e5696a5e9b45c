//! `invariant` blocks: their shape and what they name (V1, V2). Whether they hold is for the analysis.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Condition, Dimension, Invariant, InvariantBody, Requirement, Statement};
use crate::evaluate::Located;
use crate::syntax::tree::Block;

use super::block::{Fields, Schema};
use super::context::Context;
use super::convert::Subject;
use super::patterns::Place;
use super::selection::Allowed;

const INVARIANT: Schema =
    Schema { labels: 1, attributes: &["account", "subset_of", "ignoring"], blocks: &["when", "only", "never"] };
const CONDITION: Schema = Schema {
    labels: 0,
    attributes: &["accounts", "callers", "repositories", "refs", "paths", "commands", "arguments"],
    blocks: &[],
};
const ONLY: Schema = Schema {
    labels: 0,
    attributes: &["accounts", "callers", "repositories", "refs", "paths", "commands", "arguments", "requirements"],
    blocks: &[],
};

impl Context<'_> {
    /// The `invariant` blocks.
    pub(super) fn invariants(&mut self, blocks: &[&Block]) -> Vec<Invariant> {
        let mut names = super::names::Declared::<()>::new("invariant");
        let mut invariants = Vec::new();
        for block in blocks {
            let fields = self.fields(block, &INVARIANT);
            let name = self.title(&fields);
            let new = !name.is_empty() && names.declare(&name, fields.header(), self.diagnostics);
            let body = self.invariant_body(&fields);
            if let (true, Some(body)) = (new, body) {
                invariants.push(Invariant { name, place: self.place(fields.header()), body });
            }
        }
        invariants
    }

    fn invariant_body(&mut self, fields: &Fields<'_>) -> Option<InvariantBody> {
        let attributes =
            INVARIANT.attributes.iter().filter_map(|name| fields.attribute(name)).map(|found| found.span).min();
        let blocks =
            INVARIANT.blocks.iter().filter_map(|kind| fields.blocks(kind).next()).map(|found| found.header).min();
        match (attributes, blocks) {
            (Some(_), None) => self.subset(fields),
            (None, Some(_)) => self.statement(fields),
            (Some(attribute), Some(block)) => {
                let message = "an invariant either compares two accounts or says `only` or `never`, not both";
                self.report(
                    Diagnostic::new(Code::Invariant, attribute.max(block), message)
                        .help("write two invariants")
                        .related(attribute.min(block), "the other kind"),
                );
                None
            }
            (None, None) => {
                if !fields.block.body.broken {
                    let message = format!("the invariant `{}` says nothing", fields.label().escape_debug());
                    let help =
                        "write `only { … }` or `never { … }`, perhaps with `when { … }`, or `account` and `subset_of`";
                    self.mistake(Code::Invariant, fields.header(), message, help);
                }
                None
            }
        }
    }

    /// V1.
    fn statement(&mut self, fields: &Fields<'_>) -> Option<InvariantBody> {
        let when = self.at_most_one(fields.blocks("when"));
        let only = self.at_most_one(fields.blocks("only"));
        let never = self.at_most_one(fields.blocks("never"));
        let when = when.map(|block| self.condition(block, &CONDITION));
        let only = only.map(|block| (block, self.condition(block, &ONLY)));
        let never = never.map(|block| (block, self.condition(block, &CONDITION)));
        let statement = match (only, never) {
            (Some((_, only)), None) => Statement::Only(only?),
            (None, Some((_, never))) => Statement::Never(never?),
            (Some((only, _)), Some((never, _))) => {
                let message = "an invariant has one of `only` and `never`";
                self.report(
                    Diagnostic::new(Code::Invariant, only.header.max(never.header), message)
                        .help("write two invariants")
                        .related(only.header.min(never.header), "the other one"),
                );
                return None;
            }
            (None, None) => {
                if !fields.block.body.broken {
                    let message =
                        format!("the invariant `{}` has neither `only` nor `never`", fields.label().escape_debug());
                    self.mistake(
                        Code::Invariant,
                        fields.header(),
                        message,
                        "add what must hold of what `when` matches",
                    );
                }
                return None;
            }
        };
        Some(InvariantBody::Statement { when: when.map_or(Some(None), |when| when.map(Some))?, statement })
    }

    fn condition(&mut self, block: &Block, schema: &Schema) -> Option<Condition> {
        let fields = self.fields(block, schema);
        let before = self.diagnostics.len();
        let kind = &*block.kind.text;
        let says_something = schema.attributes.iter().any(|name| fields.attribute(name).is_some());
        if !says_something && kind != "when" && !block.body.broken && block.body.attributes.is_empty() {
            self.mistake(
                Code::Empty,
                block.header,
                format!("`{kind}` is empty"),
                "say what it is about, for example `refs = protected()`",
            );
        }
        let accounts = self.dimension(&fields, "accounts", Self::account_names);
        let callers =
            self.dimension(&fields, "callers", |context, subject, value| context.caller_names(subject, value, true));
        let repositories = self.dimension(&fields, "repositories", Self::repository_names);
        let refs = self.dimension(&fields, "refs", |context, subject, value| context.ref_list(subject, value, false));
        let paths = self
            .dimension(&fields, "paths", |context, subject, value| context.pattern_list(subject, value, Place::Path));
        let commands = self.dimension(&fields, "commands", Self::command_names);
        let arguments = self.dimension(&fields, "arguments", Self::arguments_part);
        let requirements = match schema.attributes.contains(&"requirements") {
            true => self.dimension(&fields, "requirements", Self::requirement_names),
            false => None,
        };
        if let Some(arguments) = &arguments {
            self.arguments_of_commands(commands.as_ref(), arguments);
        }
        (self.diagnostics.len() == before).then(|| Condition {
            accounts,
            callers: callers.map(|selection| selection.names),
            repositories: repositories.map(|selection| selection.names),
            refs: refs.map(Arc::new),
            paths: paths.map(Arc::new),
            commands: commands.map(|selection| selection.names),
            arguments: arguments.map(super::rule::Arguments::into_list),
            requirements,
        })
    }

    /// An attribute of a condition; as a dimension of a rule, it is not `null`.
    fn dimension<T>(
        &mut self,
        fields: &Fields<'_>,
        name: &str,
        convert: impl FnOnce(&mut Self, &Subject<'_>, &Located) -> Option<T>,
    ) -> Option<T> {
        let attribute = fields.attribute(name)?;
        let value = self.value(attribute)?;
        let subject = Subject::of(attribute);
        if value.value == crate::evaluate::Value::Null {
            let message = format!("`{name}` is `null`, which could mean anything");
            self.mistake(Code::NullValue, subject.span, message, "leave it out if anything is meant");
            return None;
        }
        convert(self, &subject, &value)
    }

    /// P7: names of accounts, with `*`, `?` and `!`.
    fn account_names(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Vec<Arc<str>>> {
        let allowed = Allowed { any: true, effect: false };
        let selection = self.names(subject, value, allowed, |context| &context.accounts)?;
        let names = &selection.names;
        let all = self.accounts.values();
        let included = if names.any { &all } else { &names.included };
        let taken: BTreeSet<&Arc<Arc<str>>> = names.excluded.iter().collect();
        Some(included.iter().filter(|name| !taken.contains(name)).map(|name| (**name).clone()).collect())
    }

    fn requirement_names(&mut self, subject: &Subject<'_>, value: &Located) -> Option<BTreeSet<Requirement>> {
        let choices = Requirement::ALL.map(|requirement| (requirement.as_str(), requirement));
        let members = self.some_members(subject, value)?;
        let found: Vec<_> =
            members.iter().map(|member| self.choice(&subject.member(member), member, &choices)).collect();
        found.into_iter().collect()
    }

    /// V2.
    fn subset(&mut self, fields: &Fields<'_>) -> Option<InvariantBody> {
        let account = self.required(fields, "account", Self::account_reference);
        let subset_of = self.required(fields, "subset_of", Self::account_reference);
        let ignoring = self.optional(fields, "ignoring", |context, subject, value| {
            let choices = Dimension::ALL.map(|dimension| (dimension.attribute(), dimension));
            let members = context.members(subject, value)?;
            let found: Vec<_> =
                members.iter().map(|member| context.choice(&subject.member(member), member, &choices)).collect();
            found.into_iter().collect::<Option<BTreeSet<Dimension>>>()
        });
        Some(InvariantBody::Subset { account: account?, subset_of: subset_of?, ignoring: ignoring.unwrap_or_default() })
    }

    fn account_reference(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arc<str>> {
        let name = self.text(subject, value)?;
        if !self.accounts.contains(&name) {
            let diagnostic = self.accounts.undeclared(&name, subject.span);
            self.report(diagnostic);
            return None;
        }
        Some(name)
    }
}
