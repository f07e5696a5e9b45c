//! C6, P1: which rules a caller satisfies.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dimensions::list_of;
use super::fault::{self, Fault};
use super::graph::{List, OverBudget};
use super::{AccountRules, CompileError, Compiler, number};
use crate::bundle::layout::Section;
use crate::bundle::records::{BindRecord, ClaimRecord, IssuerRecord};
use crate::bundle::validate::ISSUER_CALLERS;
use crate::canonical::Issuer;
use crate::estate::{Bind, Caller, CallerKind, ClaimCondition, ClaimText, Names, PatternList, Piece, Rule};

/// What a scope knows of callers.
pub(super) struct Callers {
    pub(super) principals: u32,
    pub(super) issuers: u32,
    pub(super) other_tokens: u32,
}

/// Rules with the same `callers`.
struct Entry<'e> {
    rules: Vec<u16>,
    names: &'e Names<Caller>,
}

/// A caller block of principals.
struct Principals<'e> {
    caller: &'e Caller,
    listed: &'e PatternList,
    sessions: Option<&'e PatternList>,
}

/// A caller block of tokens.
struct Tokens<'e> {
    caller: &'e Caller,
    claims: &'e [ClaimCondition],
    bind: Option<&'e Bind>,
}

impl<'e> Tokens<'e> {
    /// What it asks of a claim.
    fn asks(&self, claim: &str) -> Option<&'e PatternList> {
        self.claims.iter().find(|condition| &*condition.name == claim).map(|condition| &condition.patterns)
    }
}

fn lists_caller(names: &[Arc<Caller>], caller: &Caller) -> bool {
    names.iter().any(|listed| listed.name == caller.name)
}

/// The callers that entries list, with and without `!`, by name.
fn listed<'e>(entries: &[Entry<'e>]) -> BTreeMap<&'e str, &'e Caller> {
    let names = entries.iter().flat_map(|entry| entry.names.included.iter().chain(&entry.names.excluded));
    names.map(|caller| (&*caller.name, &**caller)).collect()
}

/// P1: the rules that a caller satisfies who is all of `is`.
fn satisfied(always: &[u16], entries: &[Entry<'_>], is: &[&Caller]) -> Vec<u16> {
    let one_of = |names: &[Arc<Caller>]| is.iter().any(|caller| lists_caller(names, caller));
    let holds = |names: &Names<Caller>| {
        (names.any || one_of(&names.included))
            && (!one_of(&names.excluded) || fault::injected(Fault::LostExcludedCaller))
    };
    let entries = entries.iter().filter(|entry| holds(entry.names));
    let mut rules: Vec<u16> = entries.flat_map(|entry| &entry.rules).chain(always).copied().collect();
    rules.sort_unstable();
    rules
}

impl<'e> Compiler<'e> {
    pub(super) fn callers(&mut self, rules: &AccountRules<'e, '_>) -> Result<Callers, CompileError> {
        let mut always = Vec::new();
        let mut entries: Vec<Entry<'e>> = Vec::new();
        for (number, rule) in rules.numbered() {
            let Some(names) = rule.callers.as_deref() else {
                always.push(number);
                continue;
            };
            match entries.iter_mut().find(|entry| same(entry.names, names)) {
                Some(entry) => entry.rules.push(number),
                None => entries.push(Entry { rules: vec![number], names }),
            }
        }
        let mut parts = Vec::new();
        self.principals(&always, &entries, rules, &mut parts)?;
        let (starts, otherwise): (Vec<u32>, Vec<u32>) = parts.into_iter().unzip();
        let principals = self.tables.automaton(&starts, &otherwise);
        let others = satisfied(&always, &entries, &[]);
        Ok(Callers {
            principals,
            issuers: self.issuers(&always, &entries, rules)?,
            other_tokens: self.tables.set(&others),
        })
    }

    /// The automata of principals, whose labels are automata of sessions; rules are spread over several where one would
    /// outgrow its budget. A rule needs all callers that it lists in one.
    fn principals(
        &mut self,
        always: &[u16],
        entries: &[Entry<'e>],
        rules: &AccountRules<'e, '_>,
        parts: &mut Vec<(u32, u32)>,
    ) -> Result<(), CompileError> {
        match self.principals_part(always, entries) {
            Ok(part) => {
                parts.push(part);
                Ok(())
            }
            Err(OverBudget) if entries.len() > 1 => {
                let (left, right) = entries.split_at(entries.len() / 2);
                self.principals(always, left, rules, parts)?;
                self.principals(always, right, rules, parts)
            }
            Err(OverBudget) => Err(too_large(entries, &rules.rules)),
        }
    }

    fn principals_part(&mut self, always: &[u16], entries: &[Entry<'e>]) -> Result<(u32, u32), OverBudget> {
        let listed = listed(entries);
        let callers: Vec<Principals<'e>> = listed.values().filter_map(|caller| principals(caller)).collect();
        let lists: Vec<List<'e>> = callers.iter().map(|caller| list_of(caller.listed)).collect();
        // The automata of sessions are built first: which there are is known once that of principals was walked.
        let graph = self.automata.graph(&lists)?;
        let mut labels = Vec::with_capacity(graph.classes.len());
        for class in &graph.classes {
            let is: Vec<&Principals<'e>> = class.iter().filter_map(|place| callers.get(*place as usize)).collect();
            labels.push(self.sessions(always, entries, &is)?);
        }
        let otherwise = labels.first().copied().unwrap_or_default();
        Ok((self.automata.write(&graph, &labels), otherwise))
    }

    /// The automaton of sessions for a principal that matches all of `is`.
    fn sessions(&mut self, always: &[u16], entries: &[Entry<'e>], is: &[&Principals<'e>]) -> Result<u32, OverBudget> {
        let with: Vec<&Principals<'e>> = is.iter().filter(|caller| caller.sessions.is_some()).copied().collect();
        let without: Vec<&Caller> =
            is.iter().filter(|caller| caller.sessions.is_none()).map(|caller| caller.caller).collect();
        let lists: Vec<List<'e>> = with.iter().filter_map(|caller| caller.sessions).map(list_of).collect();
        let start = if lists.is_empty() {
            0
        } else {
            let graph = self.automata.graph(&lists)?;
            let mut labels = Vec::with_capacity(graph.classes.len());
            for class in &graph.classes {
                let matching = class.iter().filter_map(|place| with.get(*place as usize)).map(|caller| caller.caller);
                let is: Vec<&Caller> = without.iter().copied().chain(matching).collect();
                labels.push(self.tables.set(&satisfied(always, entries, &is)));
            }
            self.automata.write(&graph, &labels)
        };
        let otherwise = self.tables.set(&satisfied(always, entries, &without));
        Ok(self.tables.automaton(&[start], &[otherwise]))
    }

    /// The index of issuers.
    fn issuers(
        &mut self,
        always: &[u16],
        entries: &[Entry<'e>],
        rules: &AccountRules<'e, '_>,
    ) -> Result<u32, CompileError> {
        let mut by_issuer: BTreeMap<&'e Issuer, Vec<Tokens<'e>>> = BTreeMap::new();
        for caller in listed(entries).into_values() {
            if let CallerKind::Tokens { issuer, claims, bind, .. } = &caller.kind {
                by_issuer.entry(issuer).or_default().push(Tokens { caller, claims, bind: bind.as_ref() });
            }
        }
        let mut index = Vec::new();
        for (issuer, callers) in &by_issuer {
            let mut records = Vec::new();
            for callers in callers.chunks(ISSUER_CALLERS as usize) {
                let record = self.issuer(always, entries, issuer, callers);
                records.push(record.map_err(|OverBudget| too_large(entries, &rules.rules))?);
            }
            let records: Vec<u32> = self.chain(records);
            index.extend(records.first().map(|record| (issuer.as_str(), *record)));
        }
        if fault::injected(Fault::LostIssuer) {
            index.pop();
        }
        Ok(self.tables.index(index.into_iter())?)
    }

    /// Writes the records of one issuer, each of which goes on with the one behind it.
    fn chain(&mut self, records: Vec<IssuerRecord>) -> Vec<u32> {
        if let [record] = records.as_slice() {
            return vec![self.tables.record(Section::Issuers, record)];
        }
        let count = records.len();
        let records = records.into_iter().enumerate().map(|(place, record)| {
            let own = self.tables.next::<IssuerRecord>(Section::Issuers);
            let next = if place + 1 < count { own + 2 } else { 0 };
            self.tables.new_record(Section::Issuers, &IssuerRecord { next, ..record })
        });
        records.collect()
    }

    fn issuer(
        &mut self,
        always: &[u16],
        entries: &[Entry<'e>],
        issuer: &Issuer,
        callers: &[Tokens<'e>],
    ) -> Result<IssuerRecord, OverBudget> {
        let mut names: Vec<&'e str> =
            callers.iter().flat_map(|caller| caller.claims.iter().map(|claim| &*claim.name)).collect();
        names.sort_unstable();
        names.dedup();
        if fault::injected(Fault::LostClaim) {
            names.pop();
        }
        let mut claims = Vec::with_capacity(names.len());
        for name in names {
            let record = self.claim_record(name, callers)?;
            claims.push(self.tables.record(Section::Claims, &record));
        }
        let binds = self.binds(callers);
        let mut sets = Vec::with_capacity(callers.len() * 2);
        for member in [|names: &Names<Caller>| names.included.clone(), |names: &Names<Caller>| names.excluded.clone()] {
            for caller in callers {
                let entries = entries.iter().filter(|entry| lists_caller(&member(entry.names), caller.caller));
                let mut rules: Vec<u16> = entries.flat_map(|entry| entry.rules.iter().copied()).collect();
                rules.sort_unstable();
                sets.push(self.tables.set(&rules));
            }
        }
        let any = entries.iter().filter(|entry| entry.names.any).flat_map(|entry| &entry.rules);
        let mut any: Vec<u16> = any.chain(always).copied().collect();
        any.sort_unstable();
        Ok(IssuerRecord {
            issuer: self.tables.text(issuer.as_str()),
            callers: number(callers.len()),
            names: self.tables.texts(callers.iter().map(|caller| &*caller.caller.name)),
            binds: self.tables.list(binds),
            claims: self.tables.list(claims),
            rules: self.tables.list(sets),
            any: self.tables.set(&any),
            next: 0,
        })
    }

    /// B: what some of the callers bind.
    fn binds(&mut self, callers: &[Tokens<'e>]) -> Vec<u32> {
        let mut binds = Vec::new();
        for (place, caller) in callers.iter().enumerate() {
            let Some(bind) = caller.bind.filter(|_| !fault::injected(Fault::LostBind)) else { continue };
            let mut parts = [&bind.repository, &bind.reference, &bind.commit];
            if fault::injected(Fault::LostBoundRef) {
                parts[1] = &None;
            }
            let [repository, reference, commit] = parts.map(|part| {
                let texts = part.as_ref().map(literals_and_claims).unwrap_or_default();
                self.tables.texts(texts)
            });
            let caller = number(place + usize::from(fault::injected(Fault::OtherBound) && place + 1 < callers.len()));
            binds.push(self.tables.record(Section::Binds, &BindRecord { caller, repository, reference, commit }));
        }
        binds
    }

    fn claim_record(&mut self, name: &'e str, callers: &[Tokens<'e>]) -> Result<ClaimRecord, OverBudget> {
        let patterns: Vec<String> =
            callers.iter().map(|caller| caller.asks(name).map(PatternList::text).unwrap_or_default()).collect();
        let has_negated = |caller: &Tokens<'e>| caller.asks(name).is_some_and(|list| !list.exclude.is_empty());
        let excluding: Vec<u16> =
            (0..).zip(callers).filter(|(_, caller)| has_negated(caller)).map(|(place, _)| place).collect();
        let excluding = if fault::injected(Fault::LostOddElement) { Vec::new() } else { excluding };
        Ok(ClaimRecord {
            name: self.tables.text(name),
            texts: self.claim(name, callers)?,
            excluded: self.excluded(name, callers)?,
            excluding: self.tables.set(&excluding),
            patterns: self.tables.texts(patterns.iter().map(String::as_str)),
        })
    }

    /// The automaton of a claim's members with `!`, whose labels are the callers that list them; optional.
    fn excluded(&mut self, name: &str, callers: &[Tokens<'e>]) -> Result<u32, OverBudget> {
        let (mut lists, mut places) = (Vec::new(), Vec::new());
        for (place, caller) in (0_u16..).zip(callers) {
            if let Some(list) = caller.asks(name).filter(|list| !list.exclude.is_empty()) {
                lists.push(List { include: list_of(list).exclude, exclude: Vec::new() });
                places.push(place);
            }
        }
        if lists.is_empty() || fault::injected(Fault::LostExcludedElement) {
            return Ok(0);
        }
        let mut parts = Vec::new();
        self.claim_parts(&lists, &places, &[], &mut parts)?;
        let nobody = self.tables.set(&[]);
        Ok(self.tables.automaton(&parts, &vec![nobody; parts.len()]) + 1)
    }

    /// The automaton of a claim's texts, whose labels are the callers that one satisfies.
    fn claim(&mut self, name: &str, callers: &[Tokens<'e>]) -> Result<u32, OverBudget> {
        let (mut lists, mut places, mut free) = (Vec::new(), Vec::new(), Vec::new());
        for (place, caller) in (0_u16..).zip(callers) {
            match caller.asks(name) {
                Some(list) => {
                    lists.push(list_of(list));
                    places.push(place);
                }
                None => free.push(place),
            }
        }
        let otherwise = self.tables.set(&free);
        let mut parts = Vec::new();
        self.claim_parts(&lists, &places, &free, &mut parts)?;
        let count = parts.len();
        Ok(self.tables.automaton(&parts, &vec![otherwise; count]))
    }

    fn claim_parts(
        &mut self,
        lists: &[List<'e>],
        places: &[u16],
        free: &[u16],
        parts: &mut Vec<u32>,
    ) -> Result<(), OverBudget> {
        let meaning: Vec<u32> = [3]
            .into_iter()
            .chain(places.iter().chain(&[u16::MAX]).chain(free).map(|place| u32::from(*place)))
            .collect();
        let tables = &mut self.tables;
        let mut label = |matching: &[u32]| {
            let satisfied = matching.iter().filter_map(|list| places.get(*list as usize));
            let mut callers: Vec<u16> = satisfied.chain(free).copied().collect();
            callers.sort_unstable();
            tables.set(&callers)
        };
        match self.automata.build(lists, &meaning, &mut label) {
            Ok(start) => {
                parts.push(start);
                Ok(())
            }
            Err(OverBudget) if lists.len() > 1 => {
                let (left, right) = lists.split_at(lists.len() / 2);
                let (left_places, right_places) = places.split_at(lists.len() / 2);
                self.claim_parts(left, left_places, free, parts)?;
                self.claim_parts(right, right_places, free, parts)
            }
            Err(OverBudget) => Err(OverBudget),
        }
    }
}

/// A text's literals and claims in turn; the first and the last is a literal, which may be empty.
fn literals_and_claims(text: &ClaimText) -> Vec<&str> {
    let mut texts = vec![""];
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => {
                texts.pop();
                texts.push(literal);
            }
            Piece::Claim(claim) => texts.extend([&**claim, ""]),
        }
    }
    texts
}

fn same(left: &Names<Caller>, right: &Names<Caller>) -> bool {
    let equal = |left: &[Arc<Caller>], right: &[Arc<Caller>]| {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.name == right.name)
    };
    std::ptr::eq(left, right)
        || left.any == right.any && equal(&left.included, &right.included) && equal(&left.excluded, &right.excluded)
}

fn principals(caller: &Caller) -> Option<Principals<'_>> {
    match &caller.kind {
        CallerKind::Principals { principals, sessions, .. } => {
            let sessions = sessions.as_ref().filter(|_| !fault::injected(Fault::LostSessions));
            Some(Principals { caller, listed: principals, sessions })
        }
        CallerKind::Tokens { .. } => None,
    }
}

fn too_large(entries: &[Entry<'_>], rules: &[&Arc<Rule>]) -> CompileError {
    let rule = entries.iter().flat_map(|entry| &entry.rules).next();
    let rule = rule.and_then(|number| rules.get(usize::from(*number)));
    CompileError::TooLarge {
        attribute: "callers",
        owner: rule.map(|rule| rule.name.to_string()).unwrap_or_default(),
        place: rule.map(|rule| rule.place.clone()),
    }
}
