//! What a bundle holds, for people and for whoever compares bundles: its parts, and what is in force in an account.
//!
//! Nothing here decides. Of patterns a bundle keeps the automata; their texts it keeps where explanations show them.

mod command;
mod requirements;
mod rule;

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::Policy;
use super::index;
use super::layout::{self, HEADER_BYTES, Section};
use super::records::{AccountRecord, CommandRecord, Record, RepositoryRecord, ScopeRecord};
use super::view::View;
use crate::decision::Digest;

pub use command::{CommandView, OptionView, PositionalView, ToolView};
pub use requirements::{ApproverView, PersonView, PlanView, RequirementsView, WindowView};
pub use rule::RuleView;

/// An account of a bundle.
#[derive(Debug, Clone, Copy)]
pub struct AccountView<'p> {
    view: View<'p>,
    record: AccountRecord,
}

/// A remote of a repository that the rules of an account select.
#[derive(Debug, Clone, Copy)]
pub struct RepositoryView<'p> {
    view: View<'p>,
    record: RepositoryRecord,
}

impl<B: AsRef<[u8]>> Policy<B> {
    /// The accounts, in the order of the policy.
    pub fn accounts(&self) -> impl Iterator<Item = AccountView<'_>> {
        let view = self.view();
        let count = view.count::<AccountRecord>(Section::Accounts);
        let numbers = 0..u32::try_from(count).unwrap_or(u32::MAX);
        let record = move |number| view.record(Section::Accounts, number);
        numbers.filter_map(record).map(move |record| AccountView { view, record })
    }

    /// The account of a name or id (C4).
    pub fn account(&self, name: &str) -> Option<AccountView<'_>> {
        self.accounts().find(|account| account.name() == name || account.id() == name)
    }

    /// Its parts in the order in which they lie in it, each with its bytes; they add up to the whole.
    pub fn sections(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let view = self.view();
        let sections = Section::ALL.into_iter().map(move |section| (section.name(), view.section(section).len()));
        core::iter::once(("header", HEADER_BYTES)).chain(sections)
    }

    /// The version of its format: major and minor.
    pub fn format(&self) -> (u16, u16) {
        let part = |at| layout::short(self.bytes(), at).unwrap_or_default();
        (part(8), part(10))
    }
}

impl<'p> AccountView<'p> {
    /// The name.
    pub fn name(&self) -> &'p str {
        self.view.text(self.record.name)
    }

    /// The id: 12 digits.
    pub fn id(&self) -> &'p str {
        self.view.text(self.record.id)
    }

    /// The digest of its rules (D1).
    pub fn policy(&self) -> Option<Digest> {
        self.view.digest(self.record.policy)
    }

    fn scope(&self) -> Option<ScopeRecord> {
        self.view.record(Section::Scopes, self.record.scope)
    }

    /// The rules that are in force, after templates and top-level forbids: first those that forbid, then those that
    /// permit, each by name.
    pub fn rules(&self) -> impl Iterator<Item = RuleView<'p>> {
        let Self { view, record } = *self;
        let scope = self.scope();
        let forbids = scope.map_or(0, |scope| scope.forbids as usize);
        let rules = scope.into_iter().flat_map(move |scope| view.records(Section::Rules, scope.rules));
        rules.enumerate().map(move |(number, rule)| RuleView {
            view,
            account: view.text(record.name),
            forbids: number < forbids,
            record: rule,
        })
    }

    /// The commands that the rules select, by name.
    pub fn commands(&self) -> Vec<CommandView<'p>> {
        let view = self.view;
        let records = self.of_index(|scope| scope.commands, Section::Commands);
        let mut commands: Vec<CommandView<'p>> =
            records.map(|record: CommandRecord| CommandView { view, record }).collect();
        commands.sort_by(|left, right| by_bytes(left.name(), right.name()));
        commands
    }

    /// The remotes of the repositories that the rules select by name, by identity. Rules may be about others too.
    pub fn repositories(&self) -> Vec<RepositoryView<'p>> {
        let view = self.view;
        let records = self.of_index(|scope| scope.repositories, Section::Repositories);
        let mut repositories: Vec<RepositoryView<'p>> = records.map(|record| RepositoryView { view, record }).collect();
        repositories.sort_by(|left, right| by_bytes(left.identity(), right.identity()));
        repositories
    }

    /// The records that an index of the scope leads to.
    fn of_index<R: Record>(
        &self,
        index: fn(&ScopeRecord) -> u32,
        section: Section,
    ) -> impl Iterator<Item = R> + use<'p, R> {
        let view = self.view;
        let numbers = self.scope().and_then(|scope| view.list(index(&scope)));
        numbers.into_iter().flat_map(index::all).filter_map(move |number| view.record(section, number))
    }
}

impl<'p> RepositoryView<'p> {
    /// The identity (C1).
    pub fn identity(&self) -> &'p str {
        self.view.text(self.record.identity)
    }

    /// What it protects, as its author would write it; none if it protects nothing.
    pub fn protected(&self) -> Option<&'p str> {
        self.view.optional_text(self.record.protected_text)
    }
}

/// The order of names everywhere here.
fn by_bytes(left: &str, right: &str) -> Ordering {
    left.as_bytes().cmp(right.as_bytes())
}
