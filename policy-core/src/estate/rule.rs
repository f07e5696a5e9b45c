//! Rules: what a permit or forbid says about each dimension of an invocation.

use std::sync::Arc;

use super::account::{Caller, Repository};
use super::command::Command;
use super::lists::{Names, PatternList, RefList};
use super::requirements::Requirements;

/// Where something begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name, relative to the policy directory.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

/// Whether a rule permits or forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleEffect {
    /// It permits what it matches, once its requirements are shown.
    Permit,
    /// It forbids what it matches, whatever permits it.
    Forbid,
}

impl RuleEffect {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Forbid => "forbid",
        }
    }
}

/// A permit or forbid rule of one account. What is none means anything (E4: in a forbid only, `arguments` aside).
#[derive(Debug)]
pub struct Rule {
    /// The name, unique among the rules of an account.
    pub name: Arc<str>,
    /// Whether it permits or forbids.
    pub effect: RuleEffect,
    /// Where its block begins.
    pub place: Place,
    /// Who may ask.
    pub callers: Option<Arc<Names<Caller>>>,
    /// From which repositories.
    pub repositories: Option<Arc<Names<Repository>>>,
    /// From which refs.
    pub refs: Option<Arc<RefList>>,
    /// On which paths.
    pub paths: Option<Arc<PatternList>>,
    /// Which commands; `any` is written out, so that `included` without `excluded` is what is selected.
    pub commands: Option<Arc<Names<Command>>>,
    /// With which arguments (A4), by the bytes of the names.
    pub arguments: Option<Arc<Vec<ArgumentCondition>>>,
    /// What must be shown. None where nothing must.
    pub requirements: Option<Arc<Requirements>>,
}

impl Rule {
    /// Whether `protected()` stands anywhere in the rule.
    pub fn uses_protected(&self) -> bool {
        let requirements = self.requirements.as_deref();
        let lists = [
            self.refs.as_deref(),
            requirements.and_then(|requirements| requirements.commit_on.as_ref()),
            requirements.and_then(|requirements| requirements.commit_is_tip_of.as_ref()),
        ];
        lists.into_iter().flatten().any(RefList::uses_protected)
    }

    /// E3: the dimension `commands`: whether the rule selects the command of this name.
    pub fn selects_command(&self, name: &str) -> bool {
        self.commands.as_ref().is_some_and(|list| list.included.iter().any(|command| &*command.name == name))
    }
}

/// What the values of one option, or the positional arguments, must match (A4).
#[derive(Debug)]
pub struct ArgumentCondition {
    /// The name of the option as the rule spells it, or `positional`.
    pub name: Arc<str>,
    /// The patterns.
    pub values: PatternList,
}
