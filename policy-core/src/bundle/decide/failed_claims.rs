//! E10: what a token lacks to be one of a rule's callers.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::layout::Section;
use super::super::records::{BindRecord, ClaimRecord, IssuerRecord};
use super::Question;
use super::asked::Who;
use super::callers::Callers;
use super::{bind, index};
use crate::decision::FailedClaim;
use crate::invocation::Claims;
use crate::prose::say;
use crate::redact;

impl<'p> Question<'p, '_> {
    /// What a token lacks to be that positive caller of a rule of which it lacks least; ties by name, which is the order of
    /// the callers of an issuer.
    pub(super) fn failed_claims(&self, rule: u16) -> Option<Vec<FailedClaim<'p>>> {
        let Who::Token { issuer, claims } = self.asked.caller else { return Some(Vec::new()) };
        let view = self.within.view;
        let is_it = |record: &IssuerRecord| view.text(record.issuer) == issuer;
        let hash = index::hash(issuer.as_bytes());
        let mut next = view.find(Section::Issuers, self.within.shared.issuers, hash, is_it).map(|(_, first)| first);
        let mut fewest: Option<Vec<FailedClaim<'p>>> = None;
        while let Some(record) = next {
            let satisfied = self.satisfied_by_claim(&record, claims)?;
            let sets = view.list(record.rules)?;
            for caller in 0..record.callers {
                if !view.set(sets.get(caller as usize)?)?.has(rule) {
                    continue;
                }
                let failed = self.lacks(&record, caller, claims, &satisfied)?;
                if fewest.as_ref().is_none_or(|fewest| failed.len() < fewest.len()) {
                    fewest = Some(failed);
                }
            }
            next = view.optional(Section::Issuers, record.next);
        }
        Some(fewest.unwrap_or_default())
    }

    /// For each claim of an issuer's record the callers whose condition on it is met.
    fn satisfied_by_claim(&self, issuer: &IssuerRecord, claims: &Claims) -> Option<Vec<(ClaimRecord, Callers)>> {
        let mut satisfied = Vec::new();
        for claim in self.within.view.records::<ClaimRecord>(Section::Claims, issuer.claims) {
            satisfied.push((claim, self.satisfied(&claim, claims)?));
        }
        Some(satisfied)
    }

    /// What a token lacks to be one caller of an issuer's record.
    fn lacks(
        &self,
        issuer: &IssuerRecord,
        caller: u32,
        claims: &Claims,
        satisfied: &[(ClaimRecord, Callers)],
    ) -> Option<Vec<FailedClaim<'p>>> {
        let view = self.within.view;
        let name = view.text(view.list(issuer.names)?.get(caller as usize)?);
        let mut failed = Vec::new();
        for (claim, callers) in satisfied {
            if callers.get(caller as usize / 64)? >> (caller % 64) & 1 == 0 {
                let text = view.text(claim.name);
                let got = claims.get(text).and_then(|claim| claim.matchable().next()).map(shown);
                let expected = view.text(view.list(claim.patterns)?.get(caller as usize)?);
                failed.push(FailedClaim { caller: name.into(), claim: text.into(), got, expected: expected.into() });
            }
        }
        let mut binds = view.records::<BindRecord>(Section::Binds, issuer.binds);
        if let Some(record) = binds.find(|bind| bind.caller == caller) {
            self.lacks_bound(name, &record, claims, &mut failed);
        }
        Some(failed)
    }

    fn lacks_bound(&self, caller: &'p str, record: &BindRecord, claims: &Claims, failed: &mut Vec<FailedClaim<'p>>) {
        let (view, asked) = (self.within.view, self.asked);
        let mut add = |claim: &'static str, list: u32, got: Option<String>| {
            let expected = say("\"{}\"", &[&bind::template(view, list)]);
            let got = got.map(|got| shown(&got));
            failed.push(FailedClaim { caller: caller.into(), claim: claim.into(), got, expected: expected.into() });
        };
        let says = |list: u32| view.numbers(list).len() != 0;
        let BindRecord { repository, reference, commit, .. } = *record;
        if says(repository) && !bind::is_repository(view, repository, claims, asked.repository) {
            let named = bind::repository(view, repository, claims);
            add("bind.repository", repository, named.map(|named| named.as_str().to_owned()));
        }
        if says(reference) && !bind::reads(view, reference, claims, asked.reference) {
            add("bind.ref", reference, bind::filled(view, reference, claims));
        }
        if says(commit) && !asked.commit.is_some_and(|asked| bind::reads(view, commit, claims, asked)) {
            add("bind.commit", commit, bind::filled(view, commit, claims));
        }
    }
}

/// A text that was got, without what stands before the host of an address in it (C1).
fn shown(text: &str) -> String {
    redact::text(text).into_owned()
}
