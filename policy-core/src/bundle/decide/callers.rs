//! C6 and P1: which rules the caller satisfies.

use super::super::index;
use super::super::layout::Section;
use super::super::records::{AutomatonRecord, ClaimRecord, IssuerRecord};
use super::super::rule_set::{RuleSet, bits};
use super::super::validate::ISSUER_CALLERS;
use super::super::view::View;
use super::Question;
use super::asked::Who;
use super::rules::add;
use crate::invocation::Claims;

/// A bit for each caller of one issuer.
pub(super) type Callers = [u64; (ISSUER_CALLERS / 64) as usize];

/// The callers of one issuer that a token is, by what follows from that (C6, B).
struct Is {
    /// Where something may be permitted.
    admitted: Callers,
    /// Where something is denied: these, and those of which C6 is not sure.
    denied: Callers,
}

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
        let mut is = self.callers_of(&first, claims)?;
        self.include(&first, &is, room)?;
        let mut record = first;
        while let Some(next) = view.optional(Section::Issuers, record.next) {
            record = next;
            is = self.callers_of(&record, claims)?;
            self.include(&record, &is, room)?;
        }
        if first.next == 0 {
            return self.exclude(&first, &is, room).map(|()| RuleSet::Made(room));
        }
        let mut record = Some(first);
        while let Some(issuer) = record {
            self.exclude(&issuer, &self.callers_of(&issuer, claims)?, room)?;
            record = view.optional(Section::Issuers, issuer.next);
        }
        Some(RuleSet::Made(room))
    }

    /// Adds the rules that list the callers. A permit needs one that is admitted; a forbid takes any that may be meant.
    fn include(&self, issuer: &IssuerRecord, is: &Is, room: &mut [u64]) -> Option<()> {
        let sets = self.within.view.list(issuer.rules)?;
        let forbids = self.forbids();
        for caller in bits(issuer.callers as usize, |at| is.denied.get(at).copied().unwrap_or_default()) {
            let set = self.within.view.set(sets.get(usize::from(caller))?)?;
            if has(&is.admitted, caller) {
                add(room, set)?;
            } else {
                room.iter_mut().enumerate().for_each(|(at, word)| *word |= set.word(at) & forbids.word(at));
            }
        }
        Some(())
    }

    /// Takes away the rules that list the callers with `!`: a forbid for one that is admitted, a permit for any that may be
    /// meant.
    fn exclude(&self, issuer: &IssuerRecord, is: &Is, room: &mut [u64]) -> Option<()> {
        let sets = self.within.view.list(issuer.rules)?;
        let forbids = self.forbids();
        let count = issuer.callers as usize;
        for caller in bits(count, |at| is.denied.get(at).copied().unwrap_or_default()) {
            let set = self.within.view.set(sets.get(count + usize::from(caller))?)?;
            let is_admitted = has(&is.admitted, caller);
            for (at, word) in room.iter_mut().enumerate() {
                *word &= !set.word(at) | if is_admitted { 0 } else { forbids.word(at) };
            }
        }
        Some(())
    }

    /// The rules that forbid, which come first.
    fn forbids(&self) -> RuleSet<'static> {
        RuleSet::First(u16::try_from(self.within.shared.forbids).unwrap_or(u16::MAX))
    }

    /// The callers whose every claim matches, and of those the ones that are bound to what is asked.
    fn callers_of(&self, issuer: &IssuerRecord, claims: &Claims) -> Option<Is> {
        let view = self.within.view;
        let mut is = Is { admitted: [u64::MAX; _], denied: [u64::MAX; _] };
        let words = (issuer.callers as usize).div_ceil(64);
        for claim in view.records::<ClaimRecord>(Section::Claims, issuer.claims) {
            let satisfied = satisfied(view, &claim, claims)?;
            for (callers, satisfied) in is.denied.iter_mut().zip(satisfied.denied).take(words) {
                *callers &= satisfied;
            }
            for (callers, satisfied) in is.admitted.iter_mut().zip(satisfied.admitted).take(words) {
                *callers &= satisfied;
            }
        }
        self.keep_bound(issuer, claims, &mut is.admitted);
        Some(is)
    }

    /// The callers whose condition on one claim is met, those that have none among them.
    pub(super) fn satisfied(&self, claim: &ClaimRecord, claims: &Claims) -> Option<Callers> {
        satisfied(self.within.view, claim, claims).map(|satisfied| satisfied.admitted)
    }
}

fn has(callers: &Callers, caller: u16) -> bool {
    callers.get(usize::from(caller / 64)).is_some_and(|word| word >> (caller % 64) & 1 != 0)
}

/// C6: the callers that what a token holds as one claim satisfies.
fn satisfied(view: View<'_>, claim: &ClaimRecord, claims: &Claims) -> Option<Is> {
    let mut satisfied: Callers = [0; _];
    // No element matches where there is none: then only those stay that ask nothing of the claim.
    add_texts(view, claim.texts, None, &mut satisfied)?;
    let Some(given) = claims.get(view.text(claim.name)) else {
        return Some(Is { admitted: satisfied, denied: satisfied });
    };
    for text in given.matchable() {
        add_texts(view, claim.texts, Some(text), &mut satisfied)?;
    }
    let mut admitted = satisfied;
    if let Some(excluded) = claim.excluded.checked_sub(1)
        && given.is_list()
    {
        // One element that is taken away takes away the whole.
        let mut met: Callers = [0; _];
        for text in given.matchable() {
            add_texts(view, excluded, Some(text), &mut met)?;
        }
        satisfied.iter_mut().zip(met).for_each(|(satisfied, met)| *satisfied &= !met);
        admitted = satisfied;
        if given.has_odd_element() {
            let excluding = view.set(claim.excluding)?;
            admitted.iter_mut().enumerate().for_each(|(at, word)| *word &= !excluding.word(at));
        }
    }
    Some(Is { admitted, denied: satisfied })
}

/// Adds the callers that an element satisfies; without one those that ask nothing.
fn add_texts(view: View<'_>, automaton: u32, text: Option<&str>, satisfied: &mut Callers) -> Option<()> {
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
