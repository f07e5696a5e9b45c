//! E3: whether a rule matches, dimension by dimension.

use crate::canonical::{FullRef, RepositoryId};
use crate::estate::{
    ArgumentCondition, Caller, CallerKind, Dimension, Names, Pattern, PatternList, RefList, RefPattern, Repository,
    Rule, RuleEffect,
};
use crate::invocation::Identity;

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

/// C6: whether an identity is one of a caller.
pub(super) fn is_caller(identity: &Identity, caller: &Caller) -> bool {
    match (identity, &caller.kind) {
        (Identity::Principal(principal), CallerKind::Principals { principals, sessions, .. }) => {
            list_matches(principals, principal.principal())
                && sessions.as_ref().is_none_or(|sessions| list_matches(sessions, principal.session()))
        }
        (Identity::Token(token), CallerKind::Tokens { issuer, claims, .. }) => {
            token.issuer == *issuer
                && claims.iter().all(|condition| {
                    let claim = token.claims.get(&condition.name);
                    claim.is_some_and(|claim| claim.matchable().any(|text| list_matches(&condition.patterns, text)))
                })
        }
        _ => false,
    }
}

/// P1: one of the callers (or anybody), and none of those with `!`.
pub(super) fn is_one_of(identity: &Identity, callers: &Names<Caller>) -> bool {
    (callers.any || callers.included.iter().any(|caller| is_caller(identity, caller)))
        && !callers.excluded.iter().any(|caller| is_caller(identity, caller))
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
            Dimension::Caller => rule.callers.as_ref().is_none_or(|callers| is_one_of(asked.caller(), callers)),
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
