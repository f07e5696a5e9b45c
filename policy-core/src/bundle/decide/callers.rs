//! C6 and P1: which rules the caller satisfies.

use super::super::index;
use super::super::layout::Section;
use super::super::records::{ClaimRecord, IssuerRecord};
use super::super::rule_set::{RuleSet, bits};
use super::super::validate::ISSUER_CALLERS;
use super::super::view::View;
use super::Question;
use super::asked::Who;
use super::rules::add;
use crate::invocation::Claims;

/// A bit for each caller of one issuer.
type Callers = [u64; (ISSUER_CALLERS / 64) as usize];

impl<'p> Question<'p, '_> {
    /// The rules whose `callers` the caller is one of.
    pub(super) fn callers<'a>(&self, room: &'a mut [u64]) -> Option<RuleSet<'a>>
    where
        'p: 'a,
    {
        match self.asked.caller {
            Who::Principal { principal, session, .. } => self.principal(principal, session, room),
            Who::Token { issuer, claims } => self.token(issuer, claims, room),
        }
    }

    /// The automaton of principals says which automaton of sessions to ask.
    fn principal<'a>(&self, principal: &str, session: &str, room: &'a mut [u64]) -> Option<RuleSet<'a>>
    where
        'p: 'a,
    {
        let view = self.within.view;
        let set = |sessions: u32| view.set(view.walk(sessions, session.as_bytes())?.0);
        self.union_by(self.within.shared.principals, principal, room, &set)
    }

    fn token<'a>(&self, issuer: &str, claims: &Claims, room: &'a mut [u64]) -> Option<RuleSet<'a>>
    where
        'p: 'a,
    {
        let (view, scope) = (self.within.view, &self.within.shared);
        let issuer = issuer.as_bytes();
        let is_it = |record: &IssuerRecord| view.text_bytes(record.issuer) == Some(issuer);
        let Some((_, first)) = view.find(Section::Issuers, scope.issuers, index::hash(issuer), is_it) else {
            return view.set(scope.other_tokens);
        };
        add(room, view.set(first.any)?)?;
        // All that include come before all that exclude: P1 takes away at the end.
        for included in [true, false] {
            let mut record = Some(first);
            while let Some(issuer) = record {
                let sets = view.list(issuer.rules)?;
                let callers = callers_of(view, &issuer, claims)?;
                let count = issuer.callers as usize;
                for caller in bits(count, |at| callers.get(at).copied().unwrap_or_default()) {
                    let at = usize::from(caller) + if included { 0 } else { count };
                    let set = view.set(sets.get(at)?)?;
                    if included { add(room, set)? } else { remove(room, set) }
                }
                record = view.optional(Section::Issuers, issuer.next);
            }
        }
        Some(RuleSet::Made(room))
    }
}

fn remove(room: &mut [u64], set: RuleSet<'_>) {
    for (at, word) in room.iter_mut().enumerate() {
        *word &= !set.word(at);
    }
}

/// The callers whose every claim has an element that matches.
fn callers_of(view: View<'_>, issuer: &IssuerRecord, claims: &Claims) -> Option<Callers> {
    let mut callers: Callers = [u64::MAX; _];
    let words = (issuer.callers as usize).div_ceil(64);
    for claim in view.records::<ClaimRecord>(Section::Claims, issuer.claims) {
        let mut satisfied: Callers = [0; _];
        // No element matches where there is none: then only those stay that ask nothing of the claim.
        add_texts(view, claim.texts, None, &mut satisfied)?;
        if let Some(given) = claims.get(view.text(claim.name)) {
            for text in given.matchable() {
                add_texts(view, claim.texts, Some(text), &mut satisfied)?;
            }
        }
        for (callers, satisfied) in callers.iter_mut().zip(satisfied).take(words) {
            *callers &= satisfied;
        }
    }
    Some(callers)
}

/// Adds the callers that an element satisfies; without one those that ask nothing.
fn add_texts(view: View<'_>, automaton: u32, text: Option<&str>, satisfied: &mut Callers) -> Option<()> {
    use super::super::records::AutomatonRecord;
    let mut next = automaton + 1;
    while let Some(number) = next.checked_sub(1) {
        let record: AutomatonRecord = view.record(Section::Automata, number)?;
        let label = match text {
            Some(text) => view.walk(number, text.as_bytes())?.0,
            None => record.otherwise,
        };
        add(satisfied, view.set(label)?)?;
        next = record.next;
    }
    Some(())
}
