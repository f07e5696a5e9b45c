//! From what is asked to the engine's words for it, and back. Both worlds answer by these.

use policy_core::bundle::Policy;
use policy_core::decision::{self, Decision, Engine};
use policy_core::invocation::{Claims, Evidence, InvalidInvocation, RawCaller, RawInvocation};

use crate::bindings::{Caller, Invocation, Outcome, Reason, Token, Verdict};

/// Decides.
pub(crate) fn decide<B: AsRef<[u8]>>(policy: &Policy<B>, invocation: Invocation) -> Verdict {
    let (reason, digest) = match RawInvocation::try_from(invocation) {
        Ok(raw) => {
            let verdict = policy.decide_raw(&raw);
            (verdict.reason(), verdict.policy())
        }
        Err(_) => (decision::Reason::InvalidInvocation, None),
    };
    Verdict { outcome: reason.outcome().into(), reason: reason.into(), policy: digest.map(|digest| digest.to_string()) }
}

/// Decides and says why, as JSON.
pub(crate) fn explain<B: AsRef<[u8]>>(policy: &Policy<B>, invocation: Invocation) -> String {
    match RawInvocation::try_from(invocation) {
        Ok(raw) => written(policy.explain_raw(&raw)),
        Err(invalid) => written(policy.explain_invalid(invalid)),
    }
}

/// Decides about JSON and says why, as JSON.
pub(crate) fn explain_json<B: AsRef<[u8]>>(policy: &Policy<B>, json: &[u8]) -> String {
    written(policy.explain_json(json))
}

fn written(decision: Decision<'_>) -> String {
    Decision { engine: Engine::Wasm, ..decision }.to_json()
}

impl TryFrom<Invocation> for RawInvocation {
    type Error = InvalidInvocation;

    fn try_from(invocation: Invocation) -> Result<Self, InvalidInvocation> {
        let evidence = invocation.evidence.map(|json| Evidence::from_json(json.as_bytes())).transpose()?;
        Ok(Self {
            account: invocation.account,
            caller: match invocation.caller {
                Caller::Principal(text) => RawCaller::Principal(text),
                Caller::Token(Token { issuer, claims }) => {
                    RawCaller::Token { issuer, claims: Claims::from_json(claims.as_bytes())? }
                }
            },
            repository: invocation.repository,
            reference: invocation.ref_,
            commit: invocation.commit,
            path: invocation.path,
            command: invocation.command,
            arguments: invocation.arguments,
            evidence: evidence.unwrap_or_default(),
        })
    }
}

impl From<decision::Outcome> for Outcome {
    fn from(outcome: decision::Outcome) -> Self {
        match outcome {
            decision::Outcome::Permit => Self::Permit,
            decision::Outcome::Deny => Self::Deny,
            decision::Outcome::Unmet => Self::Unmet,
        }
    }
}

impl From<decision::Reason> for Reason {
    fn from(reason: decision::Reason) -> Self {
        match reason {
            decision::Reason::InvalidInvocation => Self::InvalidInvocation,
            decision::Reason::UnknownAccount => Self::UnknownAccount,
            decision::Reason::MalformedCaller => Self::MalformedCaller,
            decision::Reason::MalformedRepository => Self::MalformedRepository,
            decision::Reason::MalformedRef => Self::MalformedRef,
            decision::Reason::MalformedCommit => Self::MalformedCommit,
            decision::Reason::MalformedPath => Self::MalformedPath,
            decision::Reason::UnknownCommand => Self::UnknownCommand,
            decision::Reason::ArgumentRefused => Self::ArgumentRefused,
            decision::Reason::Forbidden => Self::Forbidden,
            decision::Reason::Permitted => Self::Permitted,
            decision::Reason::RequirementsUnmet => Self::RequirementsUnmet,
            decision::Reason::NoPermit => Self::NoPermit,
        }
    }
}
