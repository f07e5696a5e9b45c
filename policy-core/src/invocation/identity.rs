//! Who asks, or approves.

use std::fmt;

use crate::canonical::{Issuer, Malformed, Principal};

use super::{Claims, RawCaller};

/// A canonical identity (C6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// An AWS principal.
    Principal(Principal),
    /// The bearer of a token.
    Token(Token),
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    issuer: Issuer,
    claims: Claims,
}

impl Token {
    /// Who issued it.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// What it claims.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }
}

impl Identity {
    /// Brings a caller to its canonical form.
    ///
    /// # Errors
    /// Where its principal or issuer is not canonical (C6).
    pub fn parse(raw: &RawCaller) -> Result<Self, Malformed> {
        Ok(match raw {
            RawCaller::Principal(text) => Self::Principal(Principal::parse(text)?),
            RawCaller::Token { issuer, claims } => {
                Self::Token(Token { issuer: Issuer::parse(issuer)?, claims: claims.clone() })
            }
        })
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Principal(principal) => formatter.write_str(principal.as_str()),
            Self::Token(token) => write!(formatter, "{} {}", token.issuer.as_str(), token.claims),
        }
    }
}
