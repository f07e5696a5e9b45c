//! Compiling an [`Estate`] to a bundle, and proving it.
//!
//! For each account and dimension all lists of patterns become one automaton whose labels are sets of rules
//! (`graph`, from the terms of `terms`; `lower` and `states` write it). What accounts have in common is compiled once and
//! lies in the bundle once. Nothing here is believed: [`compile`] hands out only what the proof found equal to the estate.

mod automata;
mod callers;
mod commands;
mod dimensions;
mod fault;
mod graph;
mod lower;
mod repositories;
mod requirements;
mod rules;
mod states;
mod tables;
mod terms;

use std::collections::HashMap;
use std::sync::Arc;

use crate::bundle::layout::{self, Heading, Section};
use crate::bundle::records::{AccountRecord, DeclaredRecord, ScopeRecord};
use crate::bundle::{Policy, ProofRecord};
use crate::digest::{self, Selected};
use crate::estate::{Account, Command, Estate, Place, Rule, RuleEffect};
use crate::prove::{self, Difference};

use automata::Automata;
use fault::Fault;
use tables::{Overflow, Tables, number};

/// A bundle, and what was proved of it.
#[derive(Debug)]
pub struct Compiled {
    /// The bundle's bytes.
    pub bytes: Vec<u8>,
    /// What was compared to prove it.
    pub proof: ProofRecord,
}

/// Why an estate was not compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// There is no such account.
    #[error("no account has the name or id `{name}`{}", crate::decision::message::did_you_mean(name, accounts.iter().map(|name| &**name)))]
    UnknownAccount {
        /// What was asked for.
        name: String,
        /// The names that there are.
        accounts: Vec<Arc<str>>,
    },
    /// A list of patterns takes too many states.
    #[error("`{attribute}` of `{owner}` takes more states than an automaton may have")]
    TooLarge {
        /// The attribute that holds the list.
        attribute: &'static str,
        /// The name of the rule, command, caller or repository.
        owner: String,
        /// Where its block begins; only rules know.
        place: Option<Place>,
    },
    /// More than a bundle can hold.
    #[error(
        "the bundle would have more than {} bytes, or more names than an index can hold",
        crate::limits::BUNDLE_BYTES
    )]
    Overflow,
    /// The bundle differs from the estate: a bug in the compiler. There is no bundle.
    #[error("the bundle cannot be proved: {0}")]
    Unproved(#[source] Difference),
}

impl CompileError {
    /// What would be right.
    pub fn help(&self) -> &'static str {
        match self {
            Self::UnknownAccount { .. } => "name an account of the estate, or leave it out for all of them",
            Self::TooLarge { .. } => {
                "write fewer `*` and `**` into one list, or several rules with shorter lists; a regular expression with \
                 smaller counts has fewer states"
            }
            Self::Overflow => "compile single accounts, or split the estate",
            Self::Unproved(_) => "this is a bug in portcullis; please report it with the policy",
        }
    }
}

impl From<Overflow> for CompileError {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

/// Compiles an estate, or one account of it, by name or id, and proves the bundle equal to the reference's reading.
///
/// The bytes depend on nothing but the rules: they are the same on every machine.
///
/// # Errors
/// No such account; a list of patterns that outgrows the limits; a bundle that outgrows them; a difference that the proof
/// found, which would be a bug.
///
/// ```
/// use policy_core::bundle::Policy;
/// use policy_core::compile::compile;
/// use policy_core::{PolicyFile, check};
///
/// let estate = check(vec![PolicyFile::new("estate.hcl", "account \"prod\" { id = \"222222222222\" }\n")]).estate.unwrap();
/// let policy = Policy::load(compile(&estate, None).unwrap().bytes).unwrap();
/// assert_eq!(policy.explain_json(b"{}").reason.as_str(), "invalid-invocation");
/// ```
pub fn compile(estate: &Estate, account: Option<&str>) -> Result<Compiled, CompileError> {
    let accounts = match account {
        None => estate.accounts.iter().collect(),
        Some(name) => vec![estate.account(name).ok_or_else(|| CompileError::UnknownAccount {
            name: name.to_owned(),
            accounts: estate.accounts.iter().map(|account| account.name.clone()).collect(),
        })?],
    };
    let selected: Vec<Selected> = accounts.iter().map(|account| digest::select(estate, account)).collect();
    let mut bytes = build(estate, &accounts, &selected, account.is_some())?;
    let policy =
        Policy::load_unproved(&*bytes).map_err(|error| CompileError::Unproved(Difference::unreadable(&error)))?;
    let proof = prove::prove(&policy, estate, &accounts, &selected).map_err(CompileError::Unproved)?;
    layout::record_proof(&mut bytes, proof);
    Ok(Compiled { bytes, proof })
}

/// Proves a bundle again: that it is what `estate`, or the one account that it holds, compiles to in meaning.
///
/// # Errors
/// The first difference.
pub fn verify<B: AsRef<[u8]>>(policy: &Policy<B>, estate: &Estate) -> Result<ProofRecord, Difference> {
    let accounts = match policy.accounts().next().filter(|_| policy.is_one_account()) {
        None => estate.accounts.iter().collect(),
        Some(account) => {
            let found = estate.account(account.name());
            vec![
                found
                    .ok_or_else(|| Difference::new("accounts", format!("`{}` is not in the policy", account.name())))?,
            ]
        }
    };
    let selected: Vec<Selected> = accounts.iter().map(|account| digest::select(estate, account)).collect();
    prove::prove(policy, estate, &accounts, &selected)
}

/// The bundle of some accounts, not proved yet.
pub(crate) fn build(
    estate: &Estate,
    accounts: &[&Account],
    selected: &[Selected],
    one_account: bool,
) -> Result<Vec<u8>, CompileError> {
    let mut compiler = Compiler {
        estate,
        automata: Automata::default(),
        tables: Tables::default(),
        scopes: HashMap::new(),
        tools: HashMap::new(),
    };
    // Automaton 0 matches nothing: so no label that is the number of an automaton is 0, which means none.
    compiler.tables.automaton(&[0], &[0]);
    let mut explains_protected = false;
    let mut names = Vec::new();
    for (place, (account, of_account)) in accounts.iter().zip(selected).enumerate() {
        let mut rules = AccountRules::new(estate, account, of_account);
        if fault::injected(Fault::ForgottenForbid) && rules.forbids > 0 {
            rules.forbids -= 1;
            rules.rules.remove(rules.forbids);
        }
        explains_protected |= rules.explains_protected();
        let scope = compiler.scope(&rules)?;
        let paths = compiler.paths(&rules)?;
        let other = |fault| fault::injected(fault).then(|| accounts.get(place ^ 1)).flatten();
        let digest = match selected.get(place ^ 1) {
            Some(other) if fault::injected(Fault::OtherDigest) => other.policy,
            _ => of_account.policy,
        };
        let record = AccountRecord {
            name: compiler.tables.text(&account.name),
            id: compiler.tables.text(other(Fault::OtherId).map_or(&account.id, |other| &other.id)),
            policy: compiler.tables.digest(digest),
            scope: if fault::injected(Fault::OtherScope) { 0 } else { scope },
            paths,
        };
        let record = compiler.tables.new_record(Section::Accounts, &record);
        names.extend([(&*account.name, record), (&*account.id, record)]);
    }
    let declared = if explains_protected { compiler.declared()? } else { compiler.tables.list(Vec::new()) };
    let heading = Heading {
        language: estate.language,
        one_account,
        accounts: compiler.tables.index(names.into_iter())?,
        declared,
    };
    let sections = compiler.tables.into_sections(compiler.automata.states.bytes);
    layout::assemble(&heading, &sections).ok_or(CompileError::Overflow)
}

/// What is written so far, and what is remembered for the next account.
struct Compiler<'e> {
    estate: &'e Estate,
    automata: Automata,
    tables: Tables,
    /// Scopes by what makes them.
    scopes: HashMap<Vec<usize>, u32>,
    /// What commands execute, by the command.
    tools: HashMap<*const Command, u32>,
}

/// The rules that apply to an account, in the order of their numbers: those that forbid, then those that permit, each by
/// name.
pub(crate) struct AccountRules<'e, 's> {
    pub(crate) account: &'e Account,
    pub(crate) rules: Vec<&'e Arc<Rule>>,
    pub(crate) forbids: usize,
    pub(crate) selected: &'s Selected,
}

impl<'e, 's> AccountRules<'e, 's> {
    pub(crate) fn new(estate: &'e Estate, account: &'e Account, selected: &'s Selected) -> Self {
        let (mut rules, permits): (Vec<_>, Vec<_>) =
            estate.rules(account).into_iter().partition(|rule| rule.effect == RuleEffect::Forbid);
        let forbids = rules.len();
        rules.extend(permits);
        Self { account, rules, forbids, selected }
    }

    /// The numbers and the rules.
    fn numbered(&self) -> impl Iterator<Item = (u16, &'e Rule)> + '_ {
        (0..).zip(self.rules.iter().map(|rule| &***rule))
    }

    /// The numbers of the rules of which something holds.
    fn numbers(&self, holds: impl Fn(&Rule) -> bool) -> Vec<u16> {
        self.numbered().filter(|(_, rule)| holds(rule)).map(|(number, _)| number).collect()
    }

    /// E10: whether what a repository protects can make a difference to an explanation though no rule selects it.
    pub(crate) fn explains_protected(&self) -> bool {
        let permits = self.rules.iter().filter(|rule| rule.effect == RuleEffect::Permit);
        permits.into_iter().any(|rule| rule.refs.as_ref().is_some_and(|refs| refs.uses_protected()))
    }
}

impl<'e> Compiler<'e> {
    /// What decides in an account beside its paths.
    fn scope(&mut self, rules: &AccountRules<'e, '_>) -> Result<u32, CompileError> {
        let mut numbers = Vec::with_capacity(rules.rules.len());
        for rule in &rules.rules {
            numbers.push(self.rule(rules.account, rule)?);
        }
        let key = scope_key(rules, &numbers);
        if let Some(scope) = self.scopes.get(&key) {
            return Ok(*scope);
        }
        let forgotten = usize::from(fault::injected(Fault::ForbidPermits));
        let callers = self.callers(rules)?;
        let repositories = self.repositories(rules)?;
        let record = ScopeRecord {
            rules: self.tables.list(numbers),
            forbids: number(rules.forbids.saturating_sub(forgotten)),
            principals: callers.principals,
            issuers: callers.issuers,
            other_tokens: callers.other_tokens,
            repositories: repositories.index,
            other_repositories: repositories.other,
            other_refs: repositories.other_refs,
            protected: u32::from(rules.explains_protected()),
            commands: self.commands(rules)?,
        };
        let scope = self.tables.record(Section::Scopes, &record);
        self.scopes.insert(key, scope);
        Ok(scope)
    }

    /// The index of all declared repositories.
    fn declared(&mut self) -> Result<u32, CompileError> {
        let mut entries = Vec::new();
        for repository in &self.estate.repositories {
            let (protected, protected_text) = self.protected(repository)?;
            for remote in &repository.remotes {
                let identity = self.tables.text(remote.as_str());
                let record = DeclaredRecord { identity, protected, protected_text };
                entries.push((remote.as_str(), self.tables.record(Section::Declared, &record)));
            }
        }
        Ok(self.tables.index(entries.into_iter())?)
    }
}

/// What makes a scope: its rules but for their paths. Lists that are one object are one number.
fn scope_key(rules: &AccountRules<'_, '_>, numbers: &[u32]) -> Vec<usize> {
    fn object<T>(list: Option<&Arc<T>>) -> usize {
        list.map_or(0, |list| Arc::as_ptr(list).cast::<()>() as usize)
    }
    let mut key = vec![rules.forbids];
    for (rule, number) in rules.rules.iter().zip(numbers) {
        key.extend([
            *number as usize,
            object(rule.callers.as_ref()),
            object(rule.repositories.as_ref()),
            object(rule.refs.as_ref()),
            object(rule.commands.as_ref()),
            object(rule.arguments.as_ref()),
        ]);
    }
    key
}

#[cfg(test)]
mod tests;
