//! What the runtime proved (R).

use alloc::string::String;
use alloc::vec::Vec;

use super::fields::{Place, Read};
use super::invalid::at_most;
use super::{Clock, Identity};
use crate::canonical::FullRef;
use crate::limits::TEXT_BYTES;
use crate::prose::push_number;

/// Evidence for requirements: made by the runtime, never taken from a caller (R). The default shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The refs from which the commit was proved reachable.
    pub commit_on: Vec<FullRef>,
    /// The refs whose tip the commit is.
    pub commit_is_tip_of: Vec<FullRef>,
    /// The refs whose tips were proved reachable from the commit.
    pub includes_tip_of: Vec<FullRef>,
    /// The checks that passed for the commit, as `SOURCE:NAME`, on the word of the repository's host.
    pub checks: Vec<String>,
    /// Identities whose approvals were verified, and found bound to this job and unused.
    pub approvals: Vec<Identity>,
    /// Whether the plan that will be applied was made by a permitted run of the plan command, for the same things.
    pub planned: bool,
    /// What that plan would do.
    pub plan: Option<PlanSummary>,
    /// Whether the commit descends from the one last started.
    pub no_rollback: bool,
    /// What the clock shows.
    pub clock: Option<Clock>,
}

/// What a plan would do: how many resources it touches in each way, and of which types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSummary {
    /// Resources that it creates, up to 2^63−1.
    pub creates: u64,
    /// Resources that it changes in place, up to 2^63−1.
    pub updates: u64,
    /// Resources that it destroys and creates anew, up to 2^63−1.
    pub replaces: u64,
    /// Resources that it destroys for good, up to 2^63−1.
    pub destroys: u64,
    /// The types of all touched resources.
    pub types: Vec<String>,
}

impl PlanSummary {
    /// The largest count that there may be: 2^63−1 (R).
    pub const MOST: u64 = i64::MAX.unsigned_abs();

    /// What a limit of `destroys` counts: the resources destroyed for good and those replaced, which are destroyed too (R).
    #[must_use]
    pub fn destroyed(&self) -> u64 {
        self.destroys.saturating_add(self.replaces)
    }

    fn check(&self) -> Read<()> {
        let counts = [
            ("creates", self.creates),
            ("updates", self.updates),
            ("replaces", self.replaces),
            ("destroys", self.destroys),
        ];
        match counts.iter().find(|(_, count)| *count > Self::MOST) {
            Some((name, _)) => {
                let mut what = String::from(" must be at most ");
                push_number(&mut what, Self::MOST);
                Err(Place::Field(&Place::Named("evidence.plan"), name).refuse(&what))
            }
            None => Ok(()),
        }
    }
}

impl Evidence {
    /// Checks the limits that the types of the parts leave open.
    pub(super) fn check(&self) -> Read<()> {
        for (place, refs) in [
            ("evidence.commit_on", &self.commit_on),
            ("evidence.commit_is_tip_of", &self.commit_is_tip_of),
            ("evidence.includes_tip_of", &self.includes_tip_of),
        ] {
            for reference in refs {
                at_most(Place::Named(place), reference.as_str().len(), "bytes", TEXT_BYTES)?;
            }
        }
        for approval in &self.approvals {
            let text = match approval {
                Identity::Principal(principal) => principal.as_str(),
                Identity::Token(token) => token.issuer.as_str(),
            };
            at_most(Place::Named("evidence.approvals"), text.len(), "bytes", TEXT_BYTES)?;
        }
        self.plan.as_ref().map_or(Ok(()), PlanSummary::check)
    }
}

#[cfg(test)]
mod tests {
    use super::{Evidence, PlanSummary};
    use crate::canonical::{FullRef, Issuer, Principal};
    use crate::invocation::{Claims, Identity, Token};

    fn plan(counts: [u64; 4]) -> Evidence {
        let [creates, updates, replaces, destroys] = counts;
        let plan = PlanSummary { creates, updates, replaces, destroys, types: Vec::new() };
        Evidence { plan: Some(plan), ..Evidence::default() }
    }

    #[test]
    fn counts_are_bounded() {
        assert_eq!(PlanSummary::MOST, 9_223_372_036_854_775_807);
        assert!(Evidence::default().check().is_ok());
        assert!(plan([PlanSummary::MOST; 4]).check().is_ok());
        for index in 0..4 {
            let counts = [0, 1, 2, 3].map(|at| if at == index { PlanSummary::MOST + 1 } else { 0 });
            assert!(plan(counts).check().is_err());
        }
    }

    #[test]
    fn texts_are_bounded() {
        let reference =
            |length: usize| vec![FullRef::parse(&format!("refs/tags/{}", "x".repeat(length - 10))).unwrap()];
        let user = |length: usize| {
            vec![Identity::Principal(Principal::parse(&format!("local:user/{}", "x".repeat(length - 11))).unwrap())]
        };
        let token = |length: usize| {
            let issuer = Issuer::parse(&format!("https://{}", "x".repeat(length - 8))).unwrap();
            vec![Identity::Token(Token { issuer, claims: Claims::default() })]
        };
        for (length, fits) in [(1_024, true), (1_025, false)] {
            let all = [
                Evidence { commit_on: reference(length), ..Evidence::default() },
                Evidence { commit_is_tip_of: reference(length), ..Evidence::default() },
                Evidence { includes_tip_of: reference(length), ..Evidence::default() },
                Evidence { approvals: user(length), ..Evidence::default() },
                Evidence { approvals: token(length), ..Evidence::default() },
            ];
            for evidence in all {
                assert_eq!(evidence.check().is_ok(), fits, "{evidence:?}");
            }
        }
    }
}
