//! Whether a decision about what a job knows is one about what the gate will be asked.
//!
//! The gate sees all claims of a token. Where a job predicts its token it knows some of them, and asks about those. What the
//! others could change follows from how callers match (C6): a claim more never keeps a token from being a caller.

use std::collections::BTreeSet;

use policy_core::decision::{ClaimUse, Decision, Nearest, Reason};
use policy_core::invocation::RawCaller;

use crate::asked::{Asked, CallerKind};

/// Which claims of the token the rules of the account look at, as an engine says it ([`ClaimUse`]).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsedClaims {
    /// By one more of these a permit may match.
    pub permits: Vec<String>,
    /// By one more of these a forbid may cease to match.
    pub lifts: Vec<String>,
    /// By one more of these a forbid may match, or a permit cease to.
    pub forbids: Vec<String>,
}

impl From<ClaimUse<'_>> for UsedClaims {
    fn from(used: ClaimUse<'_>) -> Self {
        let owned = |claims: BTreeSet<&str>| claims.into_iter().map(str::to_owned).collect();
        Self { permits: owned(used.permits), lifts: owned(used.lifts), forbids: owned(used.forbids) }
    }
}

/// What a job does not know, and what may change its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// The claims, by name; none where nobody said which the rules look at.
    pub(crate) claims: Vec<String>,
}

impl Doubt {
    /// Of a decision about what was asked; none where the answer holds whatever the claims are that the job does not know.
    /// Without `used` every claim is one that the rules may look at.
    pub(crate) fn of(decision: &Decision<'_>, asked: &Asked, used: Option<&UsedClaims>) -> Option<Self> {
        if asked.caller != CallerKind::Predicted {
            return None;
        }
        let looked_at = match decision.reason {
            Reason::Permitted | Reason::RequirementsUnmet => used.map(|used| &used.forbids),
            Reason::Forbidden => used.map(|used| &used.lifts),
            Reason::NoPermit if none_by_the_caller_alone(&decision.nearest) => return None,
            Reason::NoPermit => used.map(|used| &used.permits),
            // E8: what is refused before the rules is refused whoever asks.
            _ => return None,
        };
        match looked_at {
            Some(looked_at) => {
                let claims: Vec<String> = looked_at.iter().filter(|claim| is_open(asked, claim)).cloned().collect();
                (!claims.is_empty()).then_some(Self { claims })
            }
            None => Some(Self { claims: Vec::new() }),
        }
    }

    /// One line for people.
    pub(crate) fn message(&self, decision: &Decision<'_>) -> String {
        let open = match &*self.claims {
            [] => "a claim that it does not know".to_owned(),
            [claim] => format!("the claim `{claim}`, which it does not know,"),
            claims => format!("the claims `{}`, which it does not know,", claims.join("`, `")),
        };
        format!("by what this job knows the answer is {}, and {open} could change it", decision.outcome().as_str())
    }

    /// For each claim how to say it.
    pub(crate) fn ways(&self) -> Vec<(&str, String)> {
        self.claims.iter().map(|claim| (claim.as_str(), way(claim))).collect()
    }

    /// How to say all of them at once.
    pub(crate) const WHOLE_TOKEN: &'static str = "a token of the job in `PORTCULLIS_ID_TOKEN` says all claims";
}

/// Whether a job knows neither what a claim is nor that there is none.
fn is_open(asked: &Asked, claim: &str) -> bool {
    let known = match &asked.invocation.caller {
        RawCaller::Token { claims, .. } => claims.get(claim).is_some(),
        RawCaller::Principal(_) => true,
    };
    !known && !asked.absent.iter().any(|absent| absent == claim)
}

/// Whether no permit failed by its callers alone, so that none would match whoever asks. E10 lists three rules with the
/// fewest failed dimensions: where one of them has two, or there are fewer than three, every other rule has two at least.
/// Of a rule whose caller failed without a claim, none would make it match: it lists no caller with this issuer, or one with
/// `!` that the token is already.
fn none_by_the_caller_alone(nearest: &[Nearest<'_>]) -> bool {
    let are_all = nearest.len() < 3 || nearest.iter().any(|rule| rule.failed.len() > 1);
    let by_caller = |rule: &Nearest<'_>| match &*rule.failed {
        [only] => only.dimension == "caller" && !only.claims.is_empty(),
        _ => false,
    };
    are_all && !nearest.iter().any(by_caller)
}

/// How to say one claim.
fn way(claim: &str) -> String {
    match claim {
        "environment" => "pass the environment of the deploying job (`--github-environment NAME`), or that it has none \
                          (`--claim environment`)"
            .to_owned(),
        "sub" => "pass how GitHub writes it (`--github-subject`), and the environment of the deploying job if it has one; or \
                  pass it whole (`--claim sub=VALUE`)"
            .to_owned(),
        _ => format!("pass it (`--claim {claim}=VALUE`), or that the token has none (`--claim {claim}`)"),
    }
}
