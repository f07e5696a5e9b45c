//! A rule that is in force in an account, as an explanation shows it.

use alloc::borrow::Cow;

use super::super::layout::Section;
use super::super::records::{ArgumentRecord, RefListRecord, RuleRecord};
use super::super::view::{View, with_account_name};
use super::RequirementsView;
use crate::decision::Dimension;

/// A rule of an account.
#[derive(Debug, Clone, Copy)]
pub struct RuleView<'p> {
    pub(super) view: View<'p>,
    pub(super) account: &'p str,
    pub(super) forbids: bool,
    pub(super) record: RuleRecord,
}

impl<'p> RuleView<'p> {
    /// The name.
    pub fn name(&self) -> &'p str {
        self.view.text(self.record.name)
    }

    /// `permit` or `forbid`.
    pub const fn effect(&self) -> &'static str {
        if self.forbids { "forbid" } else { "permit" }
    }

    /// The file in which its block begins, relative to the policy directory.
    pub fn file(&self) -> &'p str {
        self.view.text(self.record.file)
    }

    /// The line on which its block begins, from 1.
    pub const fn line(&self) -> u32 {
        self.record.line
    }

    /// What would match in a dimension, as its author would write it; none for what the rule leaves out. `arguments` are
    /// many: see [`arguments`](Self::arguments).
    pub fn text(&self, dimension: Dimension) -> Option<Cow<'p, str>> {
        let text = match dimension {
            Dimension::Caller => self.view.optional_text(self.record.callers),
            Dimension::Repository => self.view.optional_text(self.record.repositories),
            Dimension::Ref => {
                let list = self.view.optional::<RefListRecord>(Section::RefLists, self.record.refs);
                list.map(|list| self.view.text(list.text))
            }
            Dimension::Path => self.view.optional_text(self.record.paths),
            Dimension::Command => self.view.optional_text(self.record.commands),
            Dimension::Arguments => None,
        };
        text.map(|text| with_account_name(text, self.account))
    }

    /// The names of options, or `positional`, and what their values must match, by name (A4).
    pub fn arguments(&self) -> impl Iterator<Item = (&'p str, Cow<'p, str>)> {
        let Self { view, account, .. } = *self;
        let arguments = view.records::<ArgumentRecord>(Section::Arguments, self.record.arguments);
        arguments.map(move |argument| (view.text(argument.name), with_account_name(view.text(argument.text), account)))
    }

    /// What must be shown before it permits; none where nothing must.
    pub fn requirements(&self) -> Option<RequirementsView<'p>> {
        let record = self.view.optional(Section::Requirements, self.record.requirements)?;
        Some(RequirementsView { view: self.view, account: self.account, record })
    }
}
