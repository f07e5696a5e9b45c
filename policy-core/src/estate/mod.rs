//! The estate: everything one policy directory describes, checked and typed.
//!
//! Rules hold what they select, not names: whoever has a rule needs no table. What several accounts share (a template's
//! rule, a list of patterns) is one object, so that 100,000 accounts stay small.

mod account;
mod bind;
mod command;
mod invariant;
mod lists;
mod requirements;
mod rule;

use std::sync::Arc;

pub use account::{Account, Caller, CallerKind, ClaimCondition, Person, Repository};
pub use bind::{Bind, ClaimText, ClaimTextError, Piece};
pub(crate) use command::option_name;
pub use command::{
    Action, Command, CommandEffect, Dashes, OptionSpecification, Platform, Positional, Runner, Secret, SecretAudience,
    Tool, ValueKind, Verb,
};
pub use invariant::{Condition, Invariant, InvariantBody, Statement};
pub(crate) use lists::list_text;
pub use lists::{Names, Pattern, PatternList, RefList, RefPattern};
pub use requirements::{Approvals, PlanLimits, Requirements, Window};
pub use rule::{ArgumentCondition, Place, Rule, RuleEffect};

pub use crate::decision::{Dimension, Requirement};

/// Everything one policy directory describes. Only a directory without errors becomes one.
#[derive(Debug)]
pub struct Estate {
    /// The version of the language.
    pub language: u32,
    /// The accounts, by the bytes of their names.
    pub accounts: Vec<Account>,
    /// The declared repositories, by the bytes of their names.
    pub repositories: Vec<Arc<Repository>>,
    /// The callers, by the bytes of their names.
    pub callers: Vec<Arc<Caller>>,
    /// The runners, by the bytes of their names.
    pub runners: Vec<Arc<Runner>>,
    /// The commands that exist, imported ones among them (N6), by the bytes of their names.
    pub commands: Vec<Arc<Command>>,
    /// The forbids at top level, which belong to every account, by the bytes of their names.
    pub forbids: Vec<Arc<Rule>>,
    /// The invariants, by the bytes of their names.
    pub invariants: Vec<Invariant>,
}

impl Estate {
    /// The account of this name or id (C4).
    pub fn account(&self, name_or_id: &str) -> Option<&Account> {
        self.accounts.get(self.account_index(name_or_id)?)
    }

    /// Where the account of this name or id stands among the accounts (C4).
    pub(crate) fn account_index(&self, name_or_id: &str) -> Option<usize> {
        let by_name = self.accounts.binary_search_by(|account| (*account.name).cmp(name_or_id)).ok();
        // N2: an account's name is not 12 digits, so that the two cannot be mixed up.
        by_name.or_else(|| self.accounts.iter().position(|account| &*account.id == name_or_id))
    }

    /// The command of this name, if it exists.
    pub fn command(&self, name: &str) -> Option<&Arc<Command>> {
        let index = self.commands.binary_search_by(|command| (*command.name).cmp(name)).ok()?;
        self.commands.get(index)
    }

    /// The rules that apply to `account`: its own, its templates', and the forbids at top level; by name.
    pub fn rules<'a>(&'a self, account: &'a Account) -> Vec<&'a Arc<Rule>> {
        let mut rules: Vec<_> = account.rules.iter().chain(&self.forbids).collect();
        rules.sort_by(|left, right| left.name.cmp(&right.name));
        rules
    }
}
