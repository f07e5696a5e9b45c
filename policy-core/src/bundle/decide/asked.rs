//! What is asked, in canonical form, borrowed from wherever its texts stand.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::invocation::{Claims, Evidence, Identity, Invocation, Token};
use crate::prose::say;

/// One request. Whether its account is there is known already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'i> {
    pub(super) caller: Who<'i>,
    pub(super) repository: &'i str,
    pub(super) reference: &'i str,
    pub(super) commit: Option<&'i str>,
    pub(super) path: &'i str,
    pub(super) command: &'i str,
    pub(super) arguments: &'i [String],
    pub(super) evidence: &'i Evidence,
}

/// Who asks, or who approved (C6).
#[derive(Debug, Clone, Copy)]
pub(super) enum Who<'i> {
    Principal {
        /// As it is matched.
        principal: &'i str,
        session: &'i str,
        /// As it was given.
        text: &'i str,
    },
    Token {
        issuer: &'i str,
        claims: &'i Claims,
    },
}

impl<'i> From<&'i Identity> for Who<'i> {
    fn from(identity: &'i Identity) -> Self {
        match identity {
            Identity::Principal(principal) => Self::Principal {
                principal: principal.principal(),
                session: principal.session(),
                text: principal.as_str(),
            },
            Identity::Token(Token { issuer, claims }) => Self::Token { issuer: issuer.as_str(), claims },
        }
    }
}

impl Who<'_> {
    /// As [`Identity`] displays (E10).
    pub(super) fn text(self) -> String {
        match self {
            Self::Principal { text, .. } => text.to_owned(),
            Self::Token { issuer, claims } => say("{} {}", &[issuer, &claims.to_json()]),
        }
    }
}

impl<'i> From<&'i Invocation> for Asked<'i> {
    fn from(invocation: &'i Invocation) -> Self {
        Self {
            caller: invocation.caller().into(),
            repository: invocation.repository().as_str(),
            reference: invocation.reference().as_str(),
            commit: invocation.commit().map(crate::canonical::CommitId::as_str),
            path: invocation.path().as_str(),
            command: invocation.command(),
            arguments: invocation.arguments(),
            evidence: invocation.evidence(),
        }
    }
}
