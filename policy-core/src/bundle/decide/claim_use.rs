//! Which claims the rules of an account look at.

use super::super::Policy;
use super::super::index;
use super::super::layout::Section;
use super::super::records::{BindRecord, ClaimRecord, IssuerRecord};
use super::super::rule_set::RuleSet;
use super::super::view::View;
use super::Scope;
use crate::decision::{ClaimUse, Listing};
use crate::invocation::{RawCaller, RawInvocation};

impl<B: AsRef<[u8]>> Policy<B> {
    /// Which claims of an issuer's tokens the rules of an account, by its name or id, look at: none where there is no such
    /// account, or nothing in it is said of the issuer.
    pub fn claim_use(&self, account: &str, issuer: &str) -> ClaimUse<'_> {
        let mut found = ClaimUse::default();
        let Some(within) = Scope::find(self.view(), account) else { return found };
        let view = within.view;
        let is_it = |record: &IssuerRecord| view.text(record.issuer) == issuer;
        let hash = index::hash(issuer.as_bytes());
        let mut next = view.find(Section::Issuers, within.shared.issuers, hash, is_it).map(|(_, first)| first);
        while let Some(record) = next {
            for caller in 0..record.callers {
                within.add_caller(&record, caller, &mut found);
            }
            next = view.optional(Section::Issuers, record.next);
        }
        found
    }

    /// The same for the account and the token of an invocation; none where no token asks.
    pub fn claim_use_of(&self, invocation: &RawInvocation) -> ClaimUse<'_> {
        match &invocation.caller {
            RawCaller::Token { issuer, .. } => self.claim_use(&invocation.account, issuer),
            RawCaller::Principal(_) => ClaimUse::default(),
        }
    }
}

impl<'p> Scope<'p> {
    /// Adds what is looked at in one caller of an issuer's record.
    fn add_caller(&self, issuer: &IssuerRecord, caller: u32, found: &mut ClaimUse<'p>) {
        let Self { view, shared, .. } = *self;
        let count = u32::try_from(self.rules()).unwrap_or(u32::MAX);
        let set = |at: u32| view.numbers(issuer.rules).get(at as usize).and_then(|set| view.set(set));
        let lists = [
            (caller, [Listing::Forbid, Listing::Permit]),
            (issuer.callers + caller, [Listing::ForbidExcept, Listing::PermitExcept]),
        ];
        for (at, [of_forbid, of_permit]) in lists {
            let Some(rules) = set(at) else { continue };
            let (forbids, permits) = sides(rules, shared.forbids, count);
            for listing in [forbids.then_some(of_forbid), permits.then_some(of_permit)].into_iter().flatten() {
                found.add(listing, claims(view, issuer, caller), bound(view, issuer, caller));
            }
        }
    }
}

/// Whether a set has a forbid, which come first, and whether it has a permit.
fn sides(rules: RuleSet<'_>, forbids: u32, count: u32) -> (bool, bool) {
    let has = |mut numbers: core::ops::Range<u32>| {
        numbers.any(|number| u16::try_from(number).is_ok_and(|number| rules.has(number)))
    };
    (has(0..forbids), has(forbids..count))
}

/// The claims that a caller of an issuer's record lists.
fn claims<'p>(view: View<'p>, issuer: &IssuerRecord, caller: u32) -> impl Iterator<Item = &'p str> {
    let listed = view.records::<ClaimRecord>(Section::Claims, issuer.claims);
    let asks = move |claim: &ClaimRecord| {
        view.numbers(claim.patterns).get(caller as usize).is_some_and(|text| !view.text(text).is_empty())
    };
    listed.filter(asks).map(move |claim| view.text(claim.name))
}

/// The claims that it binds: of each part every second text is the name of one.
fn bound<'p>(view: View<'p>, issuer: &IssuerRecord, caller: u32) -> impl Iterator<Item = &'p str> {
    let binds = view.records::<BindRecord>(Section::Binds, issuer.binds).filter(move |bind| bind.caller == caller);
    let parts = binds.flat_map(|bind| [bind.repository, bind.reference, bind.commit]);
    parts.flat_map(move |part| view.texts(part).skip(1).step_by(2))
}
