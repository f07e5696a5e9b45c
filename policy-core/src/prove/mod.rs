//! Proving that a bundle means what its estate says.
//!
//! Nobody has to trust the compiler: what it wrote is read back and compared. Each automaton is walked in step with
//! independent automata of the patterns that it stands for (`product`), so that what it answers is known for every text
//! there is; everything else is a table, and compared entry by entry with the checked estate. The reading of the rules is
//! the reference's: P1 for lists, E3 to E5 for rules, A1 to A4 for arguments, C1 to C6 for what is asked.

mod callers;
mod commands;
mod product;
mod repositories;
mod requirements;
mod rules;
mod sets;
mod step;

use std::collections::HashSet;
use std::sync::Arc;

use crate::bundle::layout::Section;
use crate::bundle::records::{AccountRecord, AutomatonRecord, DeclaredRecord, ScopeRecord};
use crate::bundle::view::View;
use crate::bundle::{BundleError, Policy, ProofRecord, index};
use crate::compile::AccountRules;
use crate::digest::Selected;
use crate::estate::{Account, Estate, PatternList, RefList, RefPattern};

use product::{List, Products};

/// A place where a bundle and an estate differ.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("in its {part}: {message}")]
pub struct Difference {
    /// The part of the bundle.
    pub part: &'static str,
    /// What differs, and where.
    pub message: String,
}

impl Difference {
    pub(crate) fn new(part: &'static str, message: impl Into<String>) -> Self {
        Self { part, message: message.into() }
    }

    pub(crate) fn unreadable(error: &BundleError) -> Self {
        Self::new("header", error.to_string())
    }
}

type Proved = Result<(), Difference>;

/// Proves that a bundle is that of some accounts of an estate, and of no others; `selected` is what their rules select.
pub(crate) fn prove<B: AsRef<[u8]>>(
    policy: &Policy<B>,
    estate: &Estate,
    accounts: &[&Account],
    selected: &[Selected],
) -> Result<ProofRecord, Difference> {
    let view = policy.view();
    let mut prover = Prover { view, estate, products: Products::new(view), entries: 0, scopes: HashSet::new() };
    prover.equal("header", "the language", &policy.language(), &estate.language)?;
    let count = view.count::<AccountRecord>(Section::Accounts);
    prover.equal("accounts", "the number of accounts", &count, &accounts.len())?;
    let mut explains_protected = false;
    for ((number, account), of_account) in (0..).zip(accounts).zip(selected) {
        let rules = AccountRules::new(estate, account, of_account);
        explains_protected |= rules.explains_protected();
        prover.account(number, &rules)?;
    }
    prover.declared(explains_protected)?;
    Ok(ProofRecord { pairs: prover.products.pairs, entries: prover.entries })
}

/// A proof so far.
struct Prover<'p, 'e> {
    view: View<'p>,
    estate: &'e Estate,
    products: Products<'p>,
    /// Entries of tables that were compared.
    entries: u64,
    /// Scopes that were proved for rules that are the same objects.
    scopes: HashSet<Vec<usize>>,
}

/// The rules of an account and its records.
struct Proving<'r, 'e, 's> {
    rules: &'r AccountRules<'e, 's>,
    scope: ScopeRecord,
}

impl<'e> Prover<'_, 'e> {
    /// Compares one entry.
    fn equal<T: PartialEq + std::fmt::Debug>(&mut self, part: &'static str, what: &str, is: &T, should: &T) -> Proved {
        self.entries += 1;
        if is == should {
            return Ok(());
        }
        Err(Difference::new(part, format!("{what} is {is:?}, not {should:?}")))
    }

    /// Compares a text.
    fn text(&mut self, part: &'static str, what: &str, place: u32, should: &str) -> Proved {
        self.equal(part, what, &self.view.text(place), &should)
    }

    /// Something that a loaded bundle always has.
    fn there<T>(part: &'static str, found: Option<T>) -> Result<T, Difference> {
        found.ok_or_else(|| Difference::new(part, "something is missing"))
    }

    fn automaton(&self, number: u32) -> Result<AutomatonRecord, Difference> {
        Self::there("automata", self.view.record(Section::Automata, number))
    }

    fn account(&mut self, number: u32, rules: &AccountRules<'e, '_>) -> Proved {
        let account = rules.account;
        let record: AccountRecord = Self::there("accounts", self.view.record(Section::Accounts, number))?;
        self.text("accounts", "the name of an account", record.name, &account.name)?;
        self.text("accounts", "the id of an account", record.id, &account.id)?;
        // C4: by name and by id.
        for key in [&account.name, &account.id] {
            let is_it =
                |found: &AccountRecord| [found.name, found.id].into_iter().any(|text| self.view.text(text) == &**key);
            let hash = index::hash(key.as_bytes());
            let found = self.view.find(Section::Accounts, self.view.header.accounts, hash, is_it);
            self.equal("words", &format!("what `{key}` means"), &found.map(|(number, _)| number), &Some(number))?;
        }
        let scope = Self::there("scopes", self.view.record(Section::Scopes, record.scope))?;
        let proving = Proving { rules, scope };
        self.rules(&proving)?;
        self.paths(&proving, record.paths)?;
        if self.scopes.insert(scope_key(record.scope, rules)) {
            self.callers(&proving)?;
            self.repositories(&proving)?;
            self.commands(&proving)?;
        }
        // Last: where rules differ, a rule says more than a digest.
        let what = format!("the policy of account `{}`", account.name);
        let policy = Self::there("digests", self.view.digest(record.policy))?;
        self.equal("digests", &what, &policy, &rules.selected.policy)
    }

    /// The declared repositories, which only explanations need.
    fn declared(&mut self, are_there: bool) -> Proved {
        let repositories = if are_there { self.estate.repositories.as_slice() } else { &[] };
        let slots = Self::there("words", self.view.list(self.view.header.declared))?;
        let remotes: usize = repositories.iter().map(|repository| repository.remotes.len()).sum();
        self.equal("declared", "the number of remotes", &index::all(slots).count(), &remotes)?;
        for repository in repositories {
            for remote in &repository.remotes {
                let identity = remote.as_str();
                let is_it = |record: &DeclaredRecord| self.view.text(record.identity) == identity;
                let hash = index::hash(identity.as_bytes());
                let found = self.view.find(Section::Declared, self.view.header.declared, hash, is_it);
                let (_, record) = Self::there("declared", found)?;
                self.protected(repository, record.protected, record.protected_text)?;
            }
        }
        Ok(())
    }
}

/// What a proof of a scope depends on: its number, and rules that are the same objects but for their paths.
fn scope_key(scope: u32, rules: &AccountRules<'_, '_>) -> Vec<usize> {
    fn object<T>(list: Option<&Arc<T>>) -> usize {
        list.map_or(0, |list| Arc::as_ptr(list).cast::<()>() as usize)
    }
    let mut key = vec![scope as usize, rules.forbids, rules.rules.len()];
    for rule in &rules.rules {
        key.extend([
            object(rule.callers.as_ref()),
            object(rule.repositories.as_ref()),
            object(rule.refs.as_ref()),
            object(rule.commands.as_ref()),
            object(rule.arguments.as_ref()),
        ]);
    }
    key
}

/// The patterns of a list.
fn list_of(patterns: &PatternList) -> List {
    let nodes =
        |patterns: &[Arc<crate::estate::Pattern>]| patterns.iter().map(|pattern| pattern.node.clone()).collect();
    List { include: nodes(&patterns.include), exclude: nodes(&patterns.exclude) }
}

/// The patterns of a list of refs, and where `protected()` stands in it.
fn refs_of(refs: &RefList) -> (List, [bool; 2]) {
    let node = |pattern: &RefPattern| match pattern {
        RefPattern::Pattern(pattern) => Some(pattern.node.clone()),
        RefPattern::Protected => None,
    };
    let list = List {
        include: refs.include.iter().filter_map(node).collect(),
        exclude: refs.exclude.iter().filter_map(node).collect(),
    };
    let protected = [&refs.include, &refs.exclude].map(|members| members.iter().any(|member| node(member).is_none()));
    (list, protected)
}
