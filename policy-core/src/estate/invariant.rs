//! Invariants: statements about an estate that are proved or refuted (section 9).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::account::{Caller, Repository};
use super::command::Command;
use super::lists::{Names, PatternList, RefList};
use super::rule::{ArgumentCondition, Place};
use super::{Dimension, Requirement};

/// A named statement.
#[derive(Debug)]
pub struct Invariant {
    /// The name.
    pub name: Arc<str>,
    /// Where its block begins.
    pub place: Place,
    /// What it says.
    pub body: InvariantBody,
}

/// What an invariant says.
#[derive(Debug)]
pub enum InvariantBody {
    /// V1: about every invocation that the estate permits under some evidence.
    Statement {
        /// Which of them; none means all.
        when: Option<Condition>,
        /// What holds of those.
        statement: Statement,
    },
    /// V2: whatever the first account permits the second permits too.
    Subset {
        /// The name of the first account.
        account: Arc<str>,
        /// The name of the second.
        subset_of: Arc<str>,
        /// The dimensions that are set aside.
        ignoring: BTreeSet<Dimension>,
    },
}

/// What holds of the invocations that an invariant is about.
#[derive(Debug)]
pub enum Statement {
    /// Each is matched.
    Only(Condition),
    /// None is matched.
    Never(Condition),
}

/// A condition on invocations. What is none means anything.
#[derive(Debug, Default)]
pub struct Condition {
    /// The names of accounts, after those with `!` are taken away.
    pub accounts: Option<Vec<Arc<str>>>,
    /// Who asks.
    pub callers: Option<Arc<Names<Caller>>>,
    /// From which repositories.
    pub repositories: Option<Arc<Names<Repository>>>,
    /// From which refs.
    pub refs: Option<Arc<RefList>>,
    /// On which paths.
    pub paths: Option<Arc<PatternList>>,
    /// Which commands.
    pub commands: Option<Arc<Names<Command>>>,
    /// With which arguments.
    pub arguments: Option<Arc<Vec<ArgumentCondition>>>,
    /// In `only`: what each rule that permits the invocation requires.
    pub requirements: Option<BTreeSet<Requirement>>,
}
