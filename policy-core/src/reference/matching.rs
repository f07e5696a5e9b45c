//! E3: whether a rule matches, dimension by dimension.

use std::sync::Arc;

use crate::canonical::{FullRef, RepositoryId};
use crate::estate::{
    ArgumentCondition, Caller, CallerKind, Dimension, Names, Pattern, PatternList, RefList, RefPattern, Repository,
    Rule, RuleEffect,
};
use crate::invocation::{Claim, Identity};

use super::Question;

/// Whether a pattern matches a text.
pub(super) fn matches(pattern: &Pattern, text: &str) -> bool {
    pattern.automaton().is_some_and(|automaton| automaton.matches(text.as_bytes()))
}

/// P1: one of the members, and none of those with `!`.
pub(super) fn list_matches(list: &PatternList, text: &str) -> bool {
    list.include.iter().any(|pattern| matches(pattern, text))
        && !list.exclude.iter().any(|pattern| matches(pattern, text))
}

/// P1 and P6: the same for refs; `protected` is the list of the invocation's repository.
pub(super) fn refs_match(list: &RefList, reference: &FullRef, protected: Option<&RefList>) -> bool {
    let one = |pattern: &RefPattern| match pattern {
        RefPattern::Pattern(pattern) => matches(pattern, reference.as_str()),
        // A repository's own list never holds `protected()`, so that this goes one step deep.
        RefPattern::Protected => protected.is_some_and(|list| refs_match(list, reference, None)),
    };
    list.include.iter().any(one) && !list.exclude.iter().any(one)
}

/// What follows where an identity is a caller. C6 reads what it is not sure of so that it never permits more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consequence {
    /// Something may be permitted: for positive members of a permit, of `approvers`, and for `!` in a forbid.
    Admits,
    /// Something is denied: for positive members of a forbid, for `!` in a permit and in `approvers`.
    Denies,
}

/// C6: whether an identity is one of a caller by itself, whatever is asked.
pub(super) fn is_caller(identity: &Identity, caller: &Caller, consequence: Consequence) -> bool {
    match (identity, &caller.kind) {
        (Identity::Principal(principal), CallerKind::Principals { principals, sessions, .. }) => {
            list_matches(principals, principal.principal())
                && sessions.as_ref().is_none_or(|sessions| list_matches(sessions, principal.session()))
        }
        (Identity::Token(token), CallerKind::Tokens { issuer, claims, .. }) => {
            token.issuer == *issuer
                && claims.iter().all(|condition| {
                    let claim = token.claims.get(&condition.name);
                    claim.is_some_and(|claim| claim_matches(&condition.patterns, claim, consequence))
                })
        }
        _ => false,
    }
}

/// C6: a list of patterns and what a claim holds; of an array one element matches, and none is taken away.
pub(super) fn claim_matches(list: &PatternList, claim: &Claim, consequence: Consequence) -> bool {
    if consequence == Consequence::Admits && claim.has_odd_element() && !list.exclude.is_empty() {
        return false;
    }
    let one_is =
        |patterns: &[Arc<Pattern>]| claim.matchable().any(|text| patterns.iter().any(|pattern| matches(pattern, text)));
    one_is(&list.include) && !one_is(&list.exclude)
}

/// R: one of the approvers, and none of those with `!`. `bind` is about what is asked, not about persons (B).
pub(super) fn may_approve(identity: &Identity, approvers: &Names<Caller>) -> bool {
    approvers.included.iter().any(|caller| is_caller(identity, caller, Consequence::Admits))
        && !approvers.excluded.iter().any(|caller| is_caller(identity, caller, Consequence::Denies))
}

fn is_repository(identity: &RepositoryId, repositories: &Names<Repository>) -> bool {
    let has = |repository: &Repository| repository.remotes.contains(identity);
    (repositories.any || repositories.included.iter().any(|repository| has(repository)))
        && !repositories.excluded.iter().any(|repository| has(repository))
}

impl Question<'_> {
    /// E3: whether all dimensions match.
    pub(super) fn matches(&self, rule: &Rule) -> bool {
        Dimension::ALL.into_iter().all(|dimension| self.dimension_matches(rule, dimension))
    }

    /// Whether one dimension matches. What a rule leaves out means anything (E4).
    pub(super) fn dimension_matches(&self, rule: &Rule, dimension: Dimension) -> bool {
        let asked = self.invocation;
        match dimension {
            Dimension::Caller => rule.callers.as_ref().is_none_or(|callers| self.is_one_of(callers, rule.effect)),
            Dimension::Repository => {
                rule.repositories.as_ref().is_none_or(|repositories| is_repository(asked.repository(), repositories))
            }
            Dimension::Ref => {
                rule.refs.as_ref().is_none_or(|refs| refs_match(refs, asked.reference(), self.protected()))
            }
            Dimension::Path => rule.paths.as_ref().is_none_or(|paths| list_matches(paths, asked.path().as_str())),
            Dimension::Command => rule.commands.is_none() || rule.selects_command(&self.command.name),
            Dimension::Arguments => rule.arguments.as_ref().is_none_or(|conditions| {
                conditions.iter().all(|condition| self.condition_holds(condition, rule.effect))
            }),
        }
    }

    /// P1, C6: one of the callers (or anybody), and none of those with `!`.
    fn is_one_of(&self, callers: &Names<Caller>, effect: RuleEffect) -> bool {
        let admitted = |caller: &Arc<Caller>| self.is_admitted(caller);
        let denied = |caller: &Arc<Caller>| is_caller(self.invocation.caller(), caller, Consequence::Denies);
        match effect {
            RuleEffect::Permit => {
                (callers.any || callers.included.iter().any(admitted)) && !callers.excluded.iter().any(denied)
            }
            RuleEffect::Forbid => {
                (callers.any || callers.included.iter().any(denied)) && !callers.excluded.iter().any(admitted)
            }
        }
    }

    /// C6, B: whether who asks is one of a caller for what is asked.
    fn is_admitted(&self, caller: &Caller) -> bool {
        is_caller(self.invocation.caller(), caller, Consequence::Admits) && self.is_bound(caller)
    }

    /// A4: in a permit all values given match, and a command without the option is not restricted; in a forbid some value
    /// given matches, and a command without the option has none.
    pub(super) fn condition_holds(&self, condition: &ArgumentCondition, effect: RuleEffect) -> bool {
        let values = self.given.values(self.command, &condition.name);
        let mut matching = values.iter().map(|value| list_matches(&condition.values, value));
        match effect {
            RuleEffect::Permit => matching.all(|matches| matches),
            RuleEffect::Forbid => matching.any(|matches| matches),
        }
    }

    /// P6: the `protected` list of the invocation's repository; nothing for one that is not declared.
    pub(super) fn protected(&self) -> Option<&RefList> {
        let asked = self.invocation.repository();
        let repository = self.repositories.iter().find(|repository| repository.remotes.contains(asked));
        repository.map(|repository| &repository.protected)
    }
}
