//! D1: what decides in one account, and its digest.
//!
//! The digest is SHA-256 over a canonical JSON text, described in `docs/digest.md`: no positions, comments, descriptions
//! or file names; lists whose order means nothing are sorted and hold nothing twice.

mod lists;
mod policy;
mod runner;

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::decision::Digest;
use crate::estate::{Account, Caller, Command, Estate, Names, Repository, Rule, Runner};

/// What the rules of one account select: all of the estate that takes part in its decisions.
#[derive(Debug)]
pub(crate) struct Selected {
    /// The digest of the account's rules and of everything here.
    pub(crate) policy: Digest,
    /// The repositories.
    pub(crate) repositories: Vec<Arc<Repository>>,
}

/// Everything that is selected, by name.
#[derive(Default)]
struct Selection {
    callers: BTreeMap<Arc<str>, Arc<Caller>>,
    repositories: BTreeMap<Arc<str>, Arc<Repository>>,
    commands: BTreeMap<Arc<str>, Arc<Command>>,
}

/// What the rules of `account` select, and the digest over it.
pub(crate) fn select(estate: &Estate, account: &Account) -> Selected {
    let rules = estate.rules(account);
    let mut selection = Selection::default();
    for rule in &rules {
        selection.add_rule(estate, rule);
    }
    selection.add_plans(estate);
    let text = policy::serialise(account, &rules, &selection);
    Selected { policy: digest(&text), repositories: selection.repositories.into_values().collect() }
}

/// The digest of a runner's block.
pub(crate) fn of_runner(runner: &Runner) -> Digest {
    digest(&runner::serialise(runner))
}

fn digest(text: &str) -> Digest {
    Digest(Sha256::digest(text.as_bytes()).into())
}

impl Estate {
    /// D1: the digest of what decides in `account`, an account of this estate; every decision about it carries the same.
    ///
    /// ```
    /// use policy_core::{PolicyFile, check};
    ///
    /// let digest = |text: &str| {
    ///     let estate = check(vec![PolicyFile::new("estate.hcl", text)]).estate.unwrap();
    ///     estate.policy_digest(estate.account("prod").unwrap())
    /// };
    /// let plain = digest("account \"prod\" { id = \"222222222222\" }\n");
    /// assert_eq!(plain, digest("# ours\naccount \"prod\" {\n  id = \"222222222222\"\n}\n"));
    /// assert_ne!(plain, digest("account \"prod\" { id = \"333333333333\" }\n"));
    /// ```
    pub fn policy_digest(&self, account: &Account) -> Digest {
        select(self, account).policy
    }
}

impl Selection {
    fn add_rule(&mut self, estate: &Estate, rule: &Rule) {
        let requirements = rule.requirements.as_deref();
        let approvers = requirements.and_then(|requirements| requirements.approvals.as_ref());
        for callers in rule.callers.iter().chain(approvers.map(|approvals| &approvals.approvers)) {
            // P1 lets the callers with `!` decide too, so that they belong to what is selected.
            add(&mut self.callers, callers, |caller| &caller.name);
        }
        if let Some(repositories) = &rule.repositories {
            for repository in &repositories.included {
                self.repositories.insert(repository.name.clone(), repository.clone());
            }
            if repositories.any {
                add(&mut self.repositories, repositories, |repository| &repository.name);
            }
        }
        if rule.uses_protected() && rule.repositories.as_ref().is_none_or(|repositories| repositories.any) {
            let all = estate.repositories.iter().map(|repository| (repository.name.clone(), repository.clone()));
            self.repositories.extend(all);
        }
        for command in rule.commands.iter().flat_map(|commands| &commands.included) {
            self.commands.insert(command.name.clone(), command.clone());
        }
    }

    /// The plan commands of the commands, and theirs.
    fn add_plans(&mut self, estate: &Estate) {
        let mut open: Vec<Arc<Command>> = self.commands.values().cloned().collect();
        while let Some(command) = open.pop() {
            let plan = command.tool().and_then(|tool| tool.plan.as_ref()).and_then(|plan| estate.command(plan));
            if let Some(plan) = plan
                && self.commands.insert(plan.name.clone(), plan.clone()).is_none()
            {
                open.push(plan.clone());
            }
        }
    }
}

fn add<T>(selected: &mut BTreeMap<Arc<str>, Arc<T>>, names: &Names<T>, name: impl Fn(&T) -> &Arc<str>) {
    for item in names.included.iter().chain(&names.excluded) {
        selected.insert(name(item).clone(), item.clone());
    }
}
