//! Accounts, repositories and callers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::canonical::{Issuer, RepositoryId};

use super::bind::Bind;
use super::lists::{PatternList, RefList};
use super::rule::{Place, Rule};

/// One AWS account and the rules of its own and of its templates.
#[derive(Debug)]
pub struct Account {
    /// The name.
    pub name: Arc<str>,
    /// The id: 12 digits.
    pub id: Arc<str>,
    /// Labels, for rules' expressions and for lint.
    pub labels: BTreeMap<Arc<str>, Arc<str>>,
    /// The region, for clients.
    pub region: Option<Arc<str>>,
    /// The invoker's endpoint, for clients.
    pub endpoint: Option<Arc<str>>,
    /// The account whose runner serves this one.
    pub runs_in: Option<Arc<str>>,
    /// The rules of the account and its templates, by the bytes of their names; those at top level are not among them.
    pub rules: Vec<Arc<Rule>>,
    /// Where the block begins.
    pub place: Place,
}

/// A declared repository.
#[derive(Debug)]
pub struct Repository {
    /// The name.
    pub name: Arc<str>,
    /// The identities of its remotes (C1), one or more.
    pub remotes: Vec<RepositoryId>,
    /// What `protected()` means for it (P6); never holds `protected()` itself.
    pub protected: RefList,
}

/// A set of identities.
#[derive(Debug)]
pub struct Caller {
    /// The name.
    pub name: Arc<str>,
    /// Which identities.
    pub kind: CallerKind,
}

/// How a caller block says which identities it means (C6).
#[derive(Debug)]
pub enum CallerKind {
    /// AWS principals.
    Principals {
        /// Patterns of principals, as they are matched: sessions and roles' paths taken off.
        principals: PatternList,
        /// Patterns of sessions; none where any session will do.
        sessions: Option<PatternList>,
        /// What tells one person from another, if it is said.
        person: Option<Person>,
    },
    /// Tokens of an issuer.
    Tokens {
        /// The issuer, compared byte for byte.
        issuer: Issuer,
        /// What the claims must match, by the bytes of their names; not empty.
        claims: Vec<ClaimCondition>,
        /// The claim that tells one person from another, if it is said; never beside `bind`.
        person: Option<Arc<str>>,
        /// What the token must say of the invocation (B); none where it need say nothing.
        bind: Option<Bind>,
    },
}

/// What tells one person from another among principals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// The session's text.
    Session,
    /// The principal's text.
    Principal,
}

/// What a claim must match.
#[derive(Debug)]
pub struct ClaimCondition {
    /// The claim's name.
    pub name: Arc<str>,
    /// What its text must match.
    pub patterns: PatternList,
}

impl Caller {
    /// Whether the block says what tells one person from another.
    pub fn states_person(&self) -> bool {
        match &self.kind {
            CallerKind::Principals { person, .. } => person.is_some(),
            CallerKind::Tokens { person, .. } => person.is_some(),
        }
    }
}
