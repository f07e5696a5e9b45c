//! C1, P6: repositories that rules select, their refs, and what they protect.

use super::dimensions::{About, Asks, entries, refs_of};
use super::fault::{self, Fault};
use super::{AccountRules, CompileError, Compiler};
use crate::bundle::layout::Section;
use crate::bundle::records::RepositoryRecord;
use crate::estate::{Names, RefList, Repository};

/// What a scope knows of repositories.
pub(super) struct Repositories {
    pub(super) index: u32,
    pub(super) other: u32,
    pub(super) other_refs: u32,
}

fn lists_repository(names: &[std::sync::Arc<Repository>], repository: &Repository) -> bool {
    names.iter().any(|listed| listed.name == repository.name)
}

/// P1: whether a repository, or one that is not declared, is one of those listed.
fn is_listed(names: &Names<Repository>, repository: Option<&Repository>) -> bool {
    let one_of = |names| repository.is_some_and(|repository| lists_repository(names, repository));
    (names.any || one_of(&names.included)) && !one_of(&names.excluded)
}

impl<'e> Compiler<'e> {
    pub(super) fn repositories(&mut self, rules: &AccountRules<'e, '_>) -> Result<Repositories, CompileError> {
        let estate = self.estate;
        let selected = |repository: &&'e std::sync::Arc<Repository>| {
            rules.selected.repositories.iter().any(|selected| selected.name == repository.name)
        };
        let repositories: Vec<&'e Repository> =
            estate.repositories.iter().filter(selected).map(|repository| &**repository).collect();
        let mut index = Vec::new();
        for (place, repository) in repositories.iter().enumerate() {
            let listed =
                rules.numbers(|rule| rule.repositories.as_ref().is_none_or(|names| is_listed(names, Some(repository))));
            let protects = match fault::injected(Fault::OtherProtected) {
                true => repositories.get(place ^ 1).copied().unwrap_or(repository),
                false => repository,
            };
            let refs = self.refs(rules, Some(&protects.protected))?;
            let (protected, protected_text) = self.protected(repository)?;
            let set = self.tables.set(&listed);
            for remote in &repository.remotes {
                let identity = match fault::injected(Fault::RemoteCase) {
                    true => self.tables.text(&remote.as_str().to_ascii_uppercase()),
                    false => self.tables.text(remote.as_str()),
                };
                let record = RepositoryRecord { identity, rules: set, refs, protected, protected_text };
                index.push((remote.as_str(), self.tables.record(Section::Repositories, &record)));
            }
        }
        if fault::injected(Fault::LostRemote) {
            index.pop();
        }
        let others = rules.numbers(|rule| rule.repositories.as_ref().is_none_or(|names| is_listed(names, None)));
        Ok(Repositories {
            index: self.tables.index(index.into_iter())?,
            other: self.tables.set(&others),
            other_refs: self.refs(rules, None)?,
        })
    }

    /// The automaton of the refs of a repository, or of one that protects nothing.
    fn refs(&mut self, rules: &AccountRules<'e, '_>, protected: Option<&'e RefList>) -> Result<u32, CompileError> {
        let (always, entries) = entries(rules, |rule| rule.refs.as_ref().map(|refs| (refs.text(), Asks::refs(refs))));
        let protected = protected.filter(|list| !list.include.is_empty()).map(refs_of);
        let about = About { attribute: "refs", rules: &rules.rules };
        self.rule_sets(&always, &entries, protected.as_ref(), about)
    }

    /// The automaton of what a repository protects, and its optional text.
    pub(super) fn protected(&mut self, repository: &'e Repository) -> Result<(u32, u32), CompileError> {
        let list = &repository.protected;
        let text = Some(list.text()).filter(|_| !list.include.is_empty());
        let automaton = self.matcher(&refs_of(list), "protected", &repository.name)?;
        Ok((automaton, self.tables.optional_text(text.as_deref())))
    }
}
