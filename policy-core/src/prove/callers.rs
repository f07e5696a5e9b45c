//! C6, P1: which rules a caller satisfies.

use std::collections::{BTreeMap, BTreeSet};

use super::product::List;
use super::repositories::numbers;
use super::sets::Asked;
use super::{Difference, Proved, Prover, Proving, list_of};
use crate::bundle::index;
use crate::bundle::layout::Section;
use crate::bundle::records::{AutomatonRecord, BindRecord, ClaimRecord, IssuerRecord};
use crate::estate::{Bind, Caller, CallerKind, ClaimCondition, ClaimText, PatternList, Piece, Rule};

/// P1: whether a rule's `callers` match who is all of `is` and no other.
fn matches(rule: &Rule, is: &BTreeSet<&str>) -> bool {
    rule.callers.as_deref().is_none_or(|names| {
        let one_of = |listed: &[std::sync::Arc<Caller>]| listed.iter().any(|caller| is.contains(&*caller.name));
        !one_of(&names.excluded) && (names.any || one_of(&names.included))
    })
}

/// The callers that rules list, with and without `!`, by name.
fn listed<'e>(rules: impl Iterator<Item = &'e Rule>) -> BTreeMap<&'e str, &'e Caller> {
    let names = rules.flat_map(|rule| rule.callers.iter());
    let callers = names.flat_map(|names| names.included.iter().chain(&names.excluded));
    callers.map(|caller| (&*caller.name, &**caller)).collect()
}

/// A caller of principals: name, principals, sessions.
type Principals<'e> = (&'e str, &'e PatternList, Option<&'e PatternList>);

/// A caller of an issuer: name, claims, what it binds.
type Tokens<'e> = (&'e str, &'e [ClaimCondition], Option<&'e Bind>);

/// What a caller asks of a claim.
fn asked<'e>((_, claims, _): &Tokens<'e>, name: &str) -> Option<&'e PatternList> {
    claims.iter().find(|claim| &*claim.name == name).map(|claim| &claim.patterns)
}

impl<'e> Prover<'_, 'e> {
    pub(super) fn callers(&mut self, proving: &Proving<'_, 'e, '_>) -> Proved {
        let parts = self.chain(proving.scope.principals)?;
        let every: BTreeSet<u16> = numbers(proving, |_| true).into_iter().collect();
        let mut handled = vec![every.clone()];
        if parts.len() > 1 {
            handled.clear();
            for part in &parts {
                handled.push(self.rules_of_part(*part)?);
            }
            let somewhere: BTreeSet<u16> = handled.iter().flatten().copied().collect();
            if let Some(first) = handled.first_mut() {
                first.extend(every.difference(&somewhere));
            }
        }
        for (part, rules) in parts.iter().zip(&handled) {
            self.principals(proving, *part, rules)?;
        }
        let others = numbers(proving, |rule| matches(rule, &BTreeSet::new()));
        self.same_set("the rules of other tokens", proving.scope.other_tokens, &others)?;
        self.issuers(proving)
    }

    /// All rules that a part of the automata of principals can answer with.
    fn rules_of_part(&self, part: AutomatonRecord) -> Result<BTreeSet<u16>, Difference> {
        let mut rules = BTreeSet::new();
        for sessions in self.labels(part)? {
            for label in self.labels(self.automaton(sessions)?)? {
                rules.extend(self.set(label)?);
            }
        }
        Ok(rules)
    }

    fn principals(&mut self, proving: &Proving<'_, 'e, '_>, part: AutomatonRecord, handled: &BTreeSet<u16>) -> Proved {
        let of_part = |number: &u16| handled.contains(number);
        let rules: Vec<(u16, &'e Rule)> =
            (0..).zip(proving.rules.rules.iter().map(|rule| &***rule)).filter(|(number, _)| of_part(number)).collect();
        let callers: Vec<Principals<'e>> = listed(rules.iter().map(|(_, rule)| *rule))
            .into_values()
            .filter_map(|caller| match &caller.kind {
                CallerKind::Principals { principals, sessions, .. } => {
                    Some((&*caller.name, principals, sessions.as_ref()))
                }
                CallerKind::Tokens { .. } => None,
            })
            .collect();
        let lists: Vec<List> = callers.iter().map(|(_, principals, _)| list_of(principals)).collect();
        let answers = self.products.answers(part, &lists)?;
        for (sessions, matching) in answers.iter() {
            let is: Vec<Principals<'e>> =
                matching.iter().filter_map(|place| callers.get(*place as usize)).copied().collect();
            self.sessions(&rules, *sessions, &is)?;
        }
        Ok(())
    }

    /// The automaton of sessions of a principal that is all of `is`, their `sessions` set aside.
    fn sessions(&mut self, rules: &[(u16, &'e Rule)], automaton: u32, is: &[Principals<'e>]) -> Proved {
        let record = self.automaton(automaton)?;
        self.equal("automata", "what sessions go on with", &record.next, &0)?;
        let (with, without): (Vec<_>, Vec<_>) = is.iter().partition(|(_, _, sessions)| sessions.is_some());
        let lists: Vec<List> = with.iter().filter_map(|(_, _, sessions)| *sessions).map(list_of).collect();
        let answers = self.products.answers(record, &lists)?;
        for (label, matching) in answers.iter() {
            let of_session = matching.iter().filter_map(|place| with.get(*place as usize));
            let is: BTreeSet<&str> = of_session.chain(&without).map(|(name, _, _)| *name).collect();
            let satisfied: Vec<u16> =
                rules.iter().filter(|(_, rule)| matches(rule, &is)).map(|(number, _)| *number).collect();
            self.same_set("the rules of a caller", *label, &satisfied)?;
        }
        Ok(())
    }

    fn issuers(&mut self, proving: &Proving<'_, 'e, '_>) -> Proved {
        let rules = proving.rules.rules.iter().map(|rule| &***rule);
        let mut by_issuer: BTreeMap<&'e str, Vec<Tokens<'e>>> = BTreeMap::new();
        for caller in listed(rules).into_values() {
            if let CallerKind::Tokens { issuer, claims, bind, .. } = &caller.kind {
                by_issuer.entry(issuer.as_str()).or_default().push((&caller.name, claims, bind.as_ref()));
            }
        }
        let slots = Self::there("words", self.view.list(proving.scope.issuers))?;
        self.equal("issuers", "the number of issuers", &index::all(slots).count(), &by_issuer.len())?;
        for (issuer, callers) in by_issuer {
            let is_it = |record: &IssuerRecord| self.view.text(record.issuer) == issuer;
            let found = self.view.find(Section::Issuers, proving.scope.issuers, index::hash(issuer.as_bytes()), is_it);
            let (_, first) = Self::there("issuers", found)?;
            let any = numbers(proving, |rule| rule.callers.as_ref().is_none_or(|names| names.any));
            self.same_set("the rules of any caller", first.any, &any)?;
            let mut record = Some(first);
            let mut rest = callers.as_slice();
            while let Some(issuer) = record {
                let (here, behind) = Self::there("issuers", rest.split_at_checked(issuer.callers as usize))?;
                self.issuer(proving, &issuer, here)?;
                rest = behind;
                record = self.view.optional(Section::Issuers, issuer.next);
            }
            self.equal("issuers", "callers of an issuer that are missing", &rest.len(), &0)?;
        }
        Ok(())
    }

    /// Some callers of one issuer: what each asks of the claims, and the rules that list it.
    fn issuer(&mut self, proving: &Proving<'_, 'e, '_>, record: &IssuerRecord, callers: &[Tokens<'e>]) -> Proved {
        let claims: Vec<ClaimRecord> = self.view.records(Section::Claims, record.claims).collect();
        let names: BTreeSet<&str> =
            callers.iter().flat_map(|(_, claims, _)| claims.iter().map(|claim| &*claim.name)).collect();
        let are: Vec<&str> = claims.iter().map(|claim| self.view.text(claim.name)).collect();
        self.equal("claims", "the claims of an issuer", &are, &names.into_iter().collect())?;
        for claim in claims {
            self.claim(claim, callers)?;
        }
        let are: Vec<&str> = self.view.texts(record.names).collect();
        let should: Vec<&str> = callers.iter().map(|(name, ..)| *name).collect();
        self.equal("issuers", "the names of callers", &are, &should)?;
        self.binds(record, callers)?;
        let sets = Self::there("words", self.view.list(record.rules))?;
        let lists = |rule: &Rule, name: &str, excluded: bool| {
            rule.callers.as_ref().is_some_and(|names| {
                let listed = if excluded { &names.excluded } else { &names.included };
                listed.iter().any(|caller| &*caller.name == name)
            })
        };
        let should =
            [false, true].into_iter().flat_map(|excluded| callers.iter().map(move |(name, ..)| (*name, excluded)));
        for (set, (name, excluded)) in sets.iter().zip(should) {
            let rules = numbers(proving, |rule| lists(rule, name, excluded));
            self.same_set("the rules that list a caller", set, &rules)?;
        }
        Ok(())
    }

    /// B: each caller that binds something has one record of it, in the order of the callers.
    fn binds(&mut self, record: &IssuerRecord, callers: &[Tokens<'e>]) -> Proved {
        let are: Vec<BindRecord> = self.view.records(Section::Binds, record.binds).collect();
        let should: Vec<(u32, &Bind)> =
            (0..).zip(callers).filter_map(|(place, (_, _, bind))| Some((place, (*bind)?))).collect();
        self.equal("binds", "the number of callers that bind something", &are.len(), &should.len())?;
        for (is, (caller, bind)) in are.iter().zip(should) {
            self.equal("binds", "which caller binds something", &is.caller, &caller)?;
            for (list, text) in
                [(is.repository, &bind.repository), (is.reference, &bind.reference), (is.commit, &bind.commit)]
            {
                let pieces: Vec<&str> = self.view.texts(list).collect();
                let should = text.as_ref().map(in_turn).unwrap_or_default();
                self.equal("binds", "what a caller binds", &pieces, &should)?;
            }
        }
        Ok(())
    }

    /// C6: the members of a claim with `!`, by themselves.
    fn excluded(&mut self, record: &ClaimRecord, lists: &[Option<&'e PatternList>]) -> Proved {
        let excludes = |list: Option<&PatternList>| list.is_some_and(|list| !list.exclude.is_empty());
        let excluding: Vec<u16> =
            (0..).zip(lists).filter(|(_, list)| excludes(**list)).map(|(number, _)| number).collect();
        self.same_set("the callers that have members with `!`", record.excluding, &excluding)?;
        let is_there = record.excluded != 0;
        self.equal("claims", "whether there are members with `!`", &is_there, &!excluding.is_empty())?;
        let Some(automaton) = record.excluded.checked_sub(1) else { return Ok(()) };
        let members = |list: Option<&PatternList>| {
            let include = list.map(|list| list_of(list).exclude).unwrap_or_default();
            Asked::List(List { include, exclude: Vec::new() })
        };
        let asked: Vec<Asked> = lists.iter().copied().map(members).collect();
        self.rule_sets("the members of a claim with `!`", automaton, &asked, None)?;
        for part in self.chain(automaton)? {
            self.same_set("callers whose members with `!` are not met", part.otherwise, &[])?;
        }
        Ok(())
    }

    /// One claim: which callers a text of it satisfies. Those that ask nothing of it are satisfied by any.
    fn claim(&mut self, record: ClaimRecord, callers: &[Tokens<'e>]) -> Proved {
        let name = self.view.text(record.name);
        let lists: Vec<Option<&PatternList>> = callers.iter().map(|caller| asked(caller, name)).collect();
        let texts: Vec<&str> = self.view.texts(record.patterns).collect();
        let should: Vec<String> = lists.iter().map(|list| list.map(PatternList::text).unwrap_or_default()).collect();
        self.equal("claims", "the texts of a claim", &texts, &should.iter().map(String::as_str).collect())?;
        self.excluded(&record, &lists)?;
        let asked = |list: Option<&PatternList>| list.map_or(Asked::Nothing, |list| Asked::List(list_of(list)));
        let asked: Vec<Asked> = lists.iter().copied().map(asked).collect();
        self.rule_sets("a claim", record.texts, &asked, None)?;
        // A token that lacks the claim satisfies only those that ask nothing of it, in every part.
        let free: Vec<u16> =
            (0..).zip(&asked).filter(|(_, asked)| matches!(asked, Asked::Nothing)).map(|(number, _)| number).collect();
        for part in self.chain(record.texts)? {
            self.same_set("callers that ask nothing of a claim", part.otherwise, &free)?;
        }
        Ok(())
    }
}

/// The literals and the claims of a text in turn, with an empty literal wherever two claims, or a claim and an end, meet.
fn in_turn(text: &ClaimText) -> Vec<&str> {
    let mut texts: Vec<&str> = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => texts.push(literal),
            Piece::Claim(claim) => {
                if texts.len().is_multiple_of(2) {
                    texts.push("");
                }
                texts.push(claim);
            }
        }
    }
    if texts.len().is_multiple_of(2) {
        texts.push("");
    }
    texts
}
