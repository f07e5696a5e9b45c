//! C1, P6: repositories, their refs, and what they protect.

use super::product::List;
use super::sets::Asked;
use super::{Proved, Prover, Proving, refs_of};
use crate::bundle::index;
use crate::bundle::layout::Section;
use crate::bundle::records::RepositoryRecord;
use crate::estate::{Names, RefList, Repository, Rule};

/// P1: whether a rule's `repositories` match a repository, or one that is not declared.
fn matches(rule: &Rule, repository: Option<&Repository>) -> bool {
    let one_of = |listed: &[std::sync::Arc<Repository>]| {
        repository.is_some_and(|repository| listed.iter().any(|other| other.name == repository.name))
    };
    let matches = |names: &Names<Repository>| {
        if one_of(&names.excluded) { false } else { names.any || one_of(&names.included) }
    };
    rule.repositories.as_deref().is_none_or(matches)
}

impl<'e> Prover<'_, 'e> {
    pub(super) fn repositories(&mut self, proving: &Proving<'_, 'e, '_>) -> Proved {
        let (scope, rules) = (proving.scope, proving.rules);
        let slots = Self::there("words", self.view.list(scope.repositories))?;
        let selected = &rules.selected.repositories;
        let remotes: usize = selected.iter().map(|repository| repository.remotes.len()).sum();
        self.equal("repositories", "the number of remotes", &index::all(slots).count(), &remotes)?;
        for repository in selected {
            for remote in &repository.remotes {
                let identity = remote.as_str();
                // As deciding does: folded, so that a remote that differs only in case is found, and refused.
                let is_it = |record: &RepositoryRecord| self.view.text(record.identity).eq_ignore_ascii_case(identity);
                let hash = index::hash(identity.as_bytes());
                let found = self.view.find(Section::Repositories, scope.repositories, hash, is_it);
                let (_, record) = Self::there("repositories", found)?;
                self.text("repositories", "the identity of a remote", record.identity, identity)?;
                self.repository(proving, repository, &record)?;
            }
        }
        let others = numbers(proving, |rule| matches(rule, None));
        self.same_set("the rules of other repositories", scope.other_repositories, &others)?;
        self.refs(proving, scope.other_refs, None)
    }

    fn repository(
        &mut self,
        proving: &Proving<'_, 'e, '_>,
        repository: &Repository,
        record: &RepositoryRecord,
    ) -> Proved {
        let rules = numbers(proving, |rule| matches(rule, Some(repository)));
        self.same_set("the rules of a repository", record.rules, &rules)?;
        self.protected(repository, record.protected, record.protected_text)?;
        self.refs(proving, record.refs, Some(&repository.protected))
    }

    /// What a repository protects.
    pub(super) fn protected(&mut self, repository: &Repository, automaton: u32, text: u32) -> Proved {
        let list = &repository.protected;
        let should = Some(list.text()).filter(|_| !list.include.is_empty());
        let is = self.view.optional_text(text).map(str::to_owned);
        self.equal("repositories", &format!("what `{}` protects", repository.name), &is, &should)?;
        self.matcher("what a repository protects", automaton, refs_of(list).0)
    }

    /// E3, refs, where `protected()` is what a repository protects.
    fn refs(&mut self, proving: &Proving<'_, 'e, '_>, automaton: u32, protected: Option<&RefList>) -> Proved {
        let asked = |rule: &Rule| match rule.refs.as_deref() {
            None => Asked::Nothing,
            Some(refs) => {
                let (list, protected) = refs_of(refs);
                Asked::Refs(list, protected)
            }
        };
        let asked: Vec<Asked> = proving.rules.rules.iter().map(|rule| asked(rule)).collect();
        let protected: Option<List> = protected.map(|list| refs_of(list).0);
        self.rule_sets("refs", automaton, &asked, protected.as_ref())
    }
}

/// The numbers of the rules of which something holds.
pub(super) fn numbers(proving: &Proving<'_, '_, '_>, holds: impl Fn(&Rule) -> bool) -> Vec<u16> {
    let rules = (0..).zip(&proving.rules.rules);
    rules.filter(|(_, rule)| holds(rule)).map(|(number, _)| number).collect()
}
