//! E10 and the sentences for people.

use crate::decision::{FailedClaim, FailedDimension, Nearest};
use crate::estate::{Bind, Caller, CallerKind, Dimension, RefList, Rule, RuleEffect};
use crate::invocation::{Identity, Token};
use crate::redact;

use super::arguments::Given;
use super::matching::{Consequence, claim_matches};
use super::{Question, bind};

/// E10: how many rules are listed.
const NEAREST: usize = 3;

impl Question<'_> {
    /// E10: the permit rules with the fewest failed dimensions; the rules are in the order of their names.
    pub(super) fn nearest(&self) -> Vec<Nearest<'static>> {
        let permits = self.rules.iter().filter(|rule| rule.effect == RuleEffect::Permit);
        let mut found: Vec<Nearest<'static>> = permits.map(|rule| self.compare(rule)).collect();
        found.sort_by_key(|nearest| nearest.failed.len());
        found.truncate(NEAREST);
        found
    }

    fn compare(&self, rule: &Rule) -> Nearest<'static> {
        let failed = Dimension::ALL.into_iter().filter(|dimension| !self.dimension_matches(rule, *dimension));
        let failed = failed.map(|dimension| FailedDimension {
            dimension: dimension.as_str(),
            got: self.got(rule, dimension),
            expected: self.expected(rule, dimension).into(),
            claims: if dimension == Dimension::Caller { self.failed_claims(rule) } else { Vec::new() },
        });
        Nearest {
            rule: rule.name.to_string().into(),
            file: rule.place.file.to_string().into(),
            line: rule.place.line,
            failed: failed.collect(),
        }
    }

    /// E10: what a token lacks to be that caller of the rule of which it lacks least; the callers are in the order of their
    /// names.
    fn failed_claims(&self, rule: &Rule) -> Vec<FailedClaim<'static>> {
        let Identity::Token(token) = self.invocation.caller() else { return Vec::new() };
        let callers = rule.callers.iter().flat_map(|callers| &callers.included);
        let failed = callers.filter_map(|caller| self.failed_claims_of(token, caller));
        failed.min_by_key(Vec::len).unwrap_or_default()
    }

    /// What a token lacks to be a caller; nothing where that is of another issuer.
    fn failed_claims_of(&self, token: &Token, caller: &Caller) -> Option<Vec<FailedClaim<'static>>> {
        let CallerKind::Tokens { issuer, claims, bind, .. } = &caller.kind else { return None };
        if token.issuer != *issuer {
            return None;
        }
        let mut failed = Vec::new();
        let mut add = |claim: String, got: Option<String>, expected: String| {
            let caller = caller.name.to_string().into();
            let got = got.map(|got| redact::text(&got).into_owned());
            failed.push(FailedClaim { caller, claim: claim.into(), got, expected: expected.into() });
        };
        for condition in claims {
            let claim = token.claims.get(&condition.name);
            if !claim.is_some_and(|claim| claim_matches(&condition.patterns, claim, Consequence::Admits)) {
                let got = claim.and_then(|claim| claim.matchable().next()).map(str::to_owned);
                add(condition.name.to_string(), got, condition.patterns.text());
            }
        }
        for (part, text) in bind.iter().flat_map(Bind::parts) {
            let filled = bind::filled(text, &token.claims);
            if !self.is_asked(part, filled.as_deref()) {
                let got = match part {
                    "repository" => filled.and_then(|filled| Some(bind::repository(&filled)?.as_str().to_owned())),
                    _ => filled,
                };
                add(format!("bind.{part}"), got, format!("\"{}\"", text.as_str()));
            }
        }
        Some(failed)
    }

    fn got(&self, rule: &Rule, dimension: Dimension) -> String {
        let asked = self.invocation;
        match dimension {
            // C1: a claim may hold an address.
            Dimension::Caller => redact::text(&asked.caller().to_string()).into_owned(),
            Dimension::Repository => asked.repository().as_str().to_owned(),
            Dimension::Ref => asked.reference().as_str().to_owned(),
            Dimension::Path => asked.path().as_str().to_owned(),
            Dimension::Command => self.command.name.to_string(),
            Dimension::Arguments => self.failed_arguments(rule, |name| {
                let values = self.given.values(self.command, name);
                if Given::is_secret(self.command, name) {
                    return format!("{name} [secret]");
                }
                let values: Vec<String> = values.iter().map(|value| format!("{name}={value}")).collect();
                values.join(" ")
            }),
        }
    }

    fn expected(&self, rule: &Rule, dimension: Dimension) -> String {
        match dimension {
            Dimension::Caller => rule.callers.as_ref().map(|list| list.text.to_string()),
            Dimension::Repository => rule.repositories.as_ref().map(|list| list.text.to_string()),
            Dimension::Ref => rule.refs.as_ref().map(|list| {
                if !list.uses_protected() {
                    return list.text();
                }
                let protected = self.protected().filter(|protected| !protected.include.is_empty());
                let meaning = protected.map_or_else(|| "nothing for this repository".to_owned(), RefList::text);
                format!("{}, where protected() is {meaning}", list.text())
            }),
            Dimension::Path => rule.paths.as_ref().map(|list| list.text()),
            Dimension::Command => rule.commands.as_ref().map(|list| list.text.to_string()),
            Dimension::Arguments => Some(self.failed_arguments(rule, |name| {
                let conditions = rule.arguments.iter().flat_map(|conditions| conditions.iter());
                let texts = conditions.filter(|condition| &*condition.name == name);
                let texts: Vec<String> =
                    texts.map(|condition| format!("\"{name}\" = {}", condition.values.text())).collect();
                texts.join(", ")
            })),
        }
        .unwrap_or_else(|| "any()".to_owned())
    }

    /// Something about each name in `arguments` whose values do not match.
    fn failed_arguments(&self, rule: &Rule, text: impl Fn(&str) -> String) -> String {
        let conditions = rule.arguments.iter().flat_map(|conditions| conditions.iter());
        let failed = conditions.filter(|condition| !self.condition_holds(condition, rule.effect));
        let texts: Vec<String> = failed.map(|condition| text(&condition.name)).collect();
        texts.join(", ")
    }
}
