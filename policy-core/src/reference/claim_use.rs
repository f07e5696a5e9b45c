//! Which claims the rules of an account look at.

use super::Reference;
use crate::decision::{ClaimUse, Listing};
use crate::estate::{Bind, Caller, CallerKind, Piece, RuleEffect};
use crate::invocation::{RawCaller, RawInvocation};

impl<'a> Reference<'a> {
    /// Which claims of an issuer's tokens the rules of an account, by its name or id, look at; as
    /// [`Policy::claim_use`](crate::bundle::Policy::claim_use).
    pub fn claim_use(&self, account: &str, issuer: &str) -> ClaimUse<'a> {
        let mut found = ClaimUse::default();
        let Some(account) = self.estate.account(account) else { return found };
        for rule in &account.rules {
            let Some(callers) = &rule.callers else { continue };
            let (included, excluded) = match rule.effect {
                RuleEffect::Permit => (Listing::Permit, Listing::PermitExcept),
                RuleEffect::Forbid => (Listing::Forbid, Listing::ForbidExcept),
            };
            // Beside `any()` the positive callers change nothing.
            let positive = callers.included.iter().filter(|_| !callers.any);
            positive.for_each(|caller| add(&mut found, included, caller, issuer));
            callers.excluded.iter().for_each(|caller| add(&mut found, excluded, caller, issuer));
        }
        found
    }

    /// The same for the account and the token of an invocation; none where no token asks.
    pub fn claim_use_of(&self, invocation: &RawInvocation) -> ClaimUse<'a> {
        match &invocation.caller {
            RawCaller::Token { issuer, .. } => self.claim_use(&invocation.account, issuer),
            RawCaller::Principal(_) => ClaimUse::default(),
        }
    }
}

fn add<'a>(found: &mut ClaimUse<'a>, listing: Listing, caller: &'a Caller, issuer: &str) {
    let CallerKind::Tokens { issuer: of, claims, bind, .. } = &caller.kind else { return };
    if of.as_str() != issuer {
        return;
    }
    let parts = bind.iter().flat_map(Bind::parts).flat_map(|(_, text)| text.pieces());
    let bound = parts.filter_map(|piece| match piece {
        Piece::Claim(name) => Some(&**name),
        Piece::Literal(_) => None,
    });
    found.add(listing, claims.iter().map(|claim| &*claim.name), bound);
}
