//! Rules as explanations show them.

use std::borrow::Cow;

use super::dimensions::{has_protected, list_of, refs_of};
use super::fault::{self, Fault};
use super::{CompileError, Compiler};
use crate::bundle::layout::Section;
use crate::bundle::records::{ArgumentRecord, RefListRecord, RuleRecord};
use crate::bundle::view::ACCOUNT_NAME;
use crate::estate::{Account, RefList, Rule};

/// Names that are shorter stand in too many texts by chance.
const SHORTEST_NAME: usize = 3;

/// A text with a mark where it has the account's name: so accounts that share a template share the text.
pub(crate) fn without_account_name<'t>(text: &'t str, account: &Account) -> Cow<'t, str> {
    if account.name.len() >= SHORTEST_NAME && text.contains(&*account.name) {
        text.replace(&*account.name, char::from(ACCOUNT_NAME).encode_utf8(&mut [0; 4])).into()
    } else {
        text.into()
    }
}

impl<'e> Compiler<'e> {
    /// The number of a rule.
    pub(super) fn rule(&mut self, account: &Account, rule: &'e Rule) -> Result<u32, CompileError> {
        let refs = match &rule.refs {
            Some(refs) => self.ref_list(account, refs, &rule.name)? + 1,
            None => 0,
        };
        let mut arguments = Vec::new();
        for condition in rule.arguments.iter().flat_map(|conditions| conditions.iter()) {
            let text = condition.values.text();
            let record = ArgumentRecord {
                name: self.tables.text(&condition.name),
                text: self.marked(account, &text),
                values: self.matcher(&list_of(&condition.values), "arguments", &rule.name)?,
            };
            arguments.push(self.tables.record(Section::Arguments, &record));
        }
        let requirements = match &rule.requirements {
            Some(requirements) if !fault::injected(Fault::LostRequirements) => {
                self.requirements(account, rule, requirements)? + 1
            }
            _ => 0,
        };
        let paths = rule.paths.as_ref().map(|paths| paths.text());
        let paths = paths.map(|text| if fault::injected(Fault::OtherText) { text + " " } else { text });
        let mut optional = |text: Option<&str>| text.map_or(0, |text| self.marked(account, text) + 1);
        let record = RuleRecord {
            callers: optional(rule.callers.as_ref().map(|names| &*names.text)),
            repositories: optional(rule.repositories.as_ref().map(|names| &*names.text)),
            refs,
            paths: optional(paths.as_deref()),
            commands: optional(rule.commands.as_ref().map(|names| &*names.text)),
            name: self.tables.text(&rule.name),
            file: self.tables.text(&rule.place.file),
            line: rule.place.line + u32::from(fault::injected(Fault::OtherLine)),
            arguments: self.tables.list(arguments),
            requirements,
        };
        Ok(self.tables.record(Section::Rules, &record))
    }

    fn marked(&mut self, account: &Account, text: &str) -> u32 {
        self.tables.text(&without_account_name(text, account))
    }

    /// The number of a list of refs.
    pub(super) fn ref_list(&mut self, account: &Account, refs: &'e RefList, owner: &str) -> Result<u32, CompileError> {
        let list = refs_of(refs);
        let part = |nodes: Vec<&'e crate::pattern::Node>| super::graph::List { include: nodes, exclude: Vec::new() };
        let text = refs.text();
        let record = RefListRecord {
            include: self.matcher(&part(list.include), "refs", owner)?,
            exclude: self.matcher(&part(list.exclude), "refs", owner)?,
            protected: u32::from(has_protected(&refs.include)) | u32::from(has_protected(&refs.exclude)) << 1,
            text: self.marked(account, &text),
        };
        Ok(self.tables.record(Section::RefLists, &record))
    }
}
